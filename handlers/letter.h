/* Letters: a mail from templates KIND.txt.mustache (its first line is the subject) and
 * KIND.html.mustache. */
#ifndef HANDLERS_LETTER_H
#define HANDLERS_LETTER_H

#include "handlers/handlers.h"

struct letter {
    const char *kind, *key;
    const char *template; /* NULL: named as the kind */
    gint64 matter, unit, message;
    const char *const *to; /* NULL-terminated */
    const char *in_reply_to, *references;
    json_t *data;       /* borrowed */
    const char *secret; /* for OUTBOX_SECRET in the texts; NULL: none */
    gboolean annexes;
    json_t *made;                 /* [{name, document}]: files that are made for it alone, of what
                                     document_write takes; borrowed; or NULL */
    const struct enclosure *file; /* one more, which is stored; NULL: none */
    gboolean held;                /* whatever the policy: a person releases it */
};
/* FALSE: a template is broken (FAULT_REFUSED). Nothing is added if the key is there already. */
gboolean letter_queue(struct office *office, const struct letter *letter, GError **error);
/* The row that it would be, not in the outbox; free with outbox_free. NULL: a template is broken.
 */
struct outbox *letter_row(struct office *office, const struct letter *letter, GError **error);
/* What KIND.SUFFIX.mustache makes of data: the office's own text, or ours where that is broken. */
char *office_render(struct office *office, const char *kind, const char *suffix, json_t *data,
                    GError **error);
/* Held until released, or on its way at once. */
enum outbox_state outbox_first_state(struct office *office);

#endif
