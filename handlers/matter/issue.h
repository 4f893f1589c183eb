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

/* ---- package.c: what an issue would send */
struct package {
    GPtrArray *letters; /* struct outbox, one a unit; without an address no recipient */
    json_t *made;       /* the files made for the first of them, as a letter has them, or NULL */
    char *sha256;       /* of all that matters about them */
};
/* NULL: a template is broken. Free with package_free (NULL is fine). */
struct package *package_make(struct office *office, const struct matter *m, GError **error);
void package_free(struct package *package);
/* Puts it into the outbox, and the matter is issued; inside a savepoint of the caller's. FALSE
 * (FAULT_REFUSED): as matter_issuable and sign_off_allows. */
gboolean package_issue(struct office *office, gint64 matter, const struct package *package,
                       GError **error);

/* ---- sign_off.c */
/* FALSE (FAULT_REFUSED): a signer must consent first, or to what it is by now. */
gboolean sign_off_allows(struct office *office, const struct matter *m, const struct package *p,
                         GError **error);
/* Ends what a matter waits for with its signers. */
void sign_off_stop(struct office *office, gint64 matter, const char *why);
/* If what was submitted or signed is no longer what would go out: void, a draft again, and the
 * clerks are told. */
gboolean sign_off_check(struct office *office, gint64 matter, GError **error);
/* Once more, with a new code, to one signer: *again TRUE. If it is no longer what would go out:
 * FALSE, and all is as after sign_off_check. */
gboolean sign_off_repeat(struct office *office, gint64 matter, const char *signer, gboolean *again,
                         GError **error);

/* ---- sign_off_letter.c */
/* The mail to the signers, with a code each; only: to one of them, NULL: to all. remarks: what they
 * said the last time, or NULL. */
gboolean sign_off_ask(struct office *office, const struct package *p, const struct matter *m,
                      const struct sign_off *s, const char *remarks, const char *only,
                      GError **error);
/* To the clerks what became of it; hindrance: why it did not go out, "": it did, NULL: it was not
 * to. */
gboolean sign_off_tell(struct office *office, const struct matter *m, const char *hindrance,
                       GError **error);

#endif
