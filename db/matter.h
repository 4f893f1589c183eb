/* Matters and their annexes. */
#ifndef DB_MATTER_H
#define DB_MATTER_H

#include "db/words.h"
#include <glib.h>

struct matter {
    gint64 id;
    char *token;  /* "LL3-K7Q2X": stands in the subject of all its mail */
    char *number; /* 发文字号, or NULL */
    char *title;
    enum matter_kind kind;
    enum matter_state state;
    char *deadline;     /* as the notice means it, or NULL */
    int due;            /* version of the deadline: each extension makes a new one */
    int days;           /* after the notice came, for each unit by itself; 0: there is a deadline */
    gboolean work_days; /* those days are working days */
    gboolean from_issue; /* they count from the matter's issue, not from when the notice left */
    gboolean deemed;     /* silence is no objection */
    char *silence_text;  /* the sentence that says so, or NULL */
    gboolean electronic, paper;                          /* required */
    char *notice;                                        /* its text */
    gint64 created_at, issued_at, settled_at, closed_at; /* 0 if not yet */
};
void matter_free(struct matter *matter);

/* NULL if there is none. */
struct matter *matter_get(struct db *db, gint64 id);
/* By id, 发文字号 or an unambiguous piece of the title. 0 if there is none; -1 if several fit. */
gint64 matter_find(struct db *db, const char *text);
/* Ids (gint64), oldest first; state -1: all. g_array_unref. */
GArray *matter_list(struct db *db, int state);
/* The id of the matter with that token (any case), 0 if none. */
gint64 matter_by_token(struct db *db, const char *token);
/* The id of the one matter whose token stands somewhere in a text; 0 if none, -1 if several. */
gint64 matter_in_text(struct db *db, const char *text);
/* Titles and numbers of all matters, for "did you mean"; g_strfreev. */
char **matter_all_names(struct db *db);

/* Adds a draft; id, token and instants are made here. Returns its id. */
gint64 matter_add(struct db *db, const struct matter *matter);
void matter_set_state(struct db *db, gint64 id, enum matter_state state);
void matter_set_settled(struct db *db, gint64 id, gint64 at);
/* A new deadline, and a new due version. */
void matter_extend(struct db *db, gint64 id, const char *deadline);

struct annex {
    char *filename, *content_type, *sha256;
    gint64 size;
};
void annex_add(struct db *db, gint64 matter, const char *filename, const char *content_type,
               const char *sha256);
/* struct annex, in order; g_ptr_array_unref. */
GPtrArray *annex_list(struct db *db, gint64 matter);

#endif
