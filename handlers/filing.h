/* How a mail whose matter and unit are known becomes part of the ledger. */
#ifndef HANDLERS_FILING_H
#define HANDLERS_FILING_H

#include "handlers/handlers.h"

/* How a mail is filed: what it says, what that comes to, the sentence that says so (or NULL). */
struct filing {
    enum stance stance, content;
    const char *evidence;
    gboolean by_person; /* a person says so */
};
/* Records what a mail with a known matter and unit says: submission, status. Returns the id of the
 * submission; 0: it is none, or the same was handed in before. */
gint64 file_mail(struct office *office, struct message *message, const struct mail *mail,
                 const struct filing *filing);
/* TRUE if a message was put before a person because it seems to count for several sides; else those
 * that are proposed exclude each other. */
gboolean is_for_several(struct office *office, gint64 message);
/* Learns from whose a person says that a message is (struct side); what is new is added to lessons
 * (lessons_new). */
void learn_from(struct office *office, const struct message *message, const struct mail *mail,
                const GArray *sides, GPtrArray *lessons);
GPtrArray *lessons_new(void);
/* One receipt for all that a message brought (ids, gint64), within law 4's gate. */
void send_receipt(struct office *office, const struct message *message, const struct mail *mail,
                  const GArray *submissions);

#endif
