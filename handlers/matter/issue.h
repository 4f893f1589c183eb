/* Issuing a matter and its sign-off: what their files share. */
#ifndef HANDLERS_MATTER_ISSUE_H
#define HANDLERS_MATTER_ISSUE_H

#include "handlers/handlers.h"

struct letter;

/* The letter to each unit as it would go out now; one without an address has no recipient. FALSE
 * as soon as take says so. */
typedef gboolean notice_taker(void *context, const struct letter *letter, GError **error);
gboolean notices_each(struct office *office, const struct matter *m, notice_taker *take,
                      void *context, GError **error);
/* FALSE (FAULT_REFUSED): it may not go out as it is, or did already. m may be NULL. */
gboolean matter_issuable(struct office *office, const struct matter *m, GError **error);
/* FALSE (FAULT_REFUSED): a signer must consent first, or to what it is by now. */
gboolean sign_off_allows(struct office *office, const struct matter *m, GError **error);
/* Ends what a matter waits for with its signers. */
void sign_off_stop(struct office *office, gint64 matter, const char *why);
/* If what was submitted or signed is no longer what would go out: void, a draft again, and the
 * clerks are told. */
gboolean sign_off_check(struct office *office, gint64 matter, GError **error);
/* Once more, with a new code, to one signer. */
gboolean sign_off_repeat(struct office *office, gint64 matter, const char *signer, GError **error);

#endif
