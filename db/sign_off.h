/* Sign-offs (签发): each time that a matter was submitted to its signers, over what, and what
 * became of it. Nothing is overwritten: the newest of a matter counts. */
#ifndef DB_SIGN_OFF_H
#define DB_SIGN_OFF_H

#include <glib.h>

enum sign_off_outcome {
    SIGN_OFF_WAITING,
    SIGN_OFF_SIGNED,
    SIGN_OFF_RETURNED, /* with remarks */
    SIGN_OFF_VOID,     /* something changed */
    SIGN_OFF_OUTCOMES
};
const char *sign_off_text(enum sign_off_outcome outcome);    /* "signed" */
const char *sign_off_chinese(enum sign_off_outcome outcome); /* "已签发" */

struct sign_off {
    gint64 id, matter;
    char *sha256; /* of everything that would be sent */
    gint64 submitted_at;
    char *submitted_by;
    enum sign_off_outcome outcome;
    gint64 signed_at; /* stays when it becomes void */
    gint64 ended_at;  /* returned or void */
    char *signer;     /* who signed or returned it, or NULL */
    char *remarks;    /* of the signer; or why it is void; or NULL */
};
void sign_off_free(struct sign_off *sign_off);

/* Submits a matter; what was submitted before counts no more. Returns its id. */
gint64 sign_off_add(struct db *db, gint64 matter, const char *sha256, const char *by);
/* The newest; NULL: it was never submitted. */
struct sign_off *sign_off_get(struct db *db, gint64 matter);
/* signer and remarks: NULL keeps what is there. */
void sign_off_end(struct db *db, gint64 id, enum sign_off_outcome outcome, const char *signer,
                  const char *remarks);

#endif
