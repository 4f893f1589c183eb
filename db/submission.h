/* Submissions: what a unit handed in. Version 2 supersedes 1; nothing is overwritten. */
#ifndef DB_SUBMISSION_H
#define DB_SUBMISSION_H

#include "db/side.h"
#include "db/words.h"
#include <glib.h>

struct submission {
    gint64 id, matter, unit;
    int version;
    gint64 message; /* 0: not by mail */
    enum how how;
    enum stance stance;
    char *evidence;          /* the sentence that decided the stance, or NULL */
    char *text;              /* what it says; "" if only a file */
    char *filename, *sha256; /* of a file handed in with it, or NULL */
    gint64 received_at;
    gboolean late;
    char *fingerprint; /* of text and attachments, or NULL */
    gint64 voided_at;
    char *void_reason;
};
void submission_free(struct submission *submission);

/* Adds the next version; returns its id. */
gint64 submission_add(struct db *db, const struct submission *submission);
struct submission *submission_get(struct db *db, gint64 id);
/* struct submission of one unit in one matter, version 1 first, voided ones too. */
GPtrArray *submission_list(struct db *db, gint64 matter, gint64 unit);
/* The newest that is not void; NULL if none. */
struct submission *submission_current(struct db *db, gint64 matter, gint64 unit);
void submission_void(struct db *db, gint64 id, const char *reason);
/* An earlier submission of that unit and matter with the same fingerprint; 0 if none. */
gint64 submission_repeated(struct db *db, gint64 matter, gint64 unit, const char *fingerprint);
/* The newest that a message brought to a side and that is not void; 0 if there is none. */
gint64 submission_of_message(struct db *db, gint64 message, const struct side *side);

#endif
