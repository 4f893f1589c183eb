/* What a person settles about a message: whose it is, or that it is nobody's. */
#ifndef HANDLERS_SETTLE_H
#define HANDLERS_SETTLE_H

#include "db/db.h"
#include "mail/mail.h"
#include <glib.h>

struct office;

/* What was learnt: the address or the name, and what is said of it. */
struct lesson {
    char *text, *said;
};

/* What came of it. */
struct settled {
    gboolean unclear;   /* it is filed under the units, its stance stays in the queue */
    GPtrArray *lessons; /* struct lesson: what was learnt, to be told */
};
void settled_clear(struct settled *settled);

/* Files a message for all of the sides (struct side; at least one): one person may answer for two
 * units, one letter two matters. stance -1: as the mail says; else what it is for each of them.
 * FAULT_REFUSED: not a message that can be filed, a unit not asked in that matter, or it is filed
 * elsewhere already and nothing proposed both. settled_clear in any case. */
gboolean inbox_assign(struct office *office, gint64 message, const GArray *sides, int stance,
                      const struct mail *mail, struct settled *settled, GError **error);
/* It concerns no matter. FAULT_REFUSED: there is no such message, or it is filed. */
gboolean inbox_ignore(struct office *office, gint64 message, GError **error);

#endif
