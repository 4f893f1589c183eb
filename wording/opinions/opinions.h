/* opinions: what a unit wants changed, found in everything that it handed in together. */
#ifndef WORDING_OPINIONS_H
#define WORDING_OPINIONS_H

#include <glib.h>
#include <jansson.h>

/* Where it was found; the order is that of strength. */
enum opinion_kind {
    OPINION_CHANGE,  /* a tracked change of a paper that we sent */
    OPINION_COMMENT, /* a comment in its margin */
    OPINION_ROW,     /* a row of a form or table */
    OPINION_DIFF,    /* a clean copy that differs from what we sent */
    OPINION_PROSE,   /* a sentence or a numbered item of a letter */
};
const char *opinion_kind_text(enum opinion_kind kind); /* "change", "comment" … */

enum operation { OPERATION_ADD, OPERATION_DELETE, OPERATION_REPLACE, OPERATION_REMARK };
const char *operation_text(enum operation operation); /* "add", "delete" … */

struct opinion {
    enum opinion_kind kind;
    enum operation operation;
    char *text;                         /* verbatim, as it stands in its source */
    char *original, *proposed, *reason; /* "" where it does not say */
    char *file;                         /* the attachment's name; "" for the mail's own text */
    char *place; /* “第12段”, “表1第3行”, “正文”: where in it */
    /* The place in what we sent: "" and 0 where none was found. */
    char *document, *label, *sentence;
    int paragraph;
    int order;             /* of that place among all that we sent, from 1 */
    gboolean certain;      /* else candidates says what else it may be */
    GPtrArray *candidates; /* char *: labels, the most likely first; empty if certain */
    char *result; /* what the sentence would become; what is the same of two units is one row */
    char *key;    /* 16 hex digits over place and result */
};
void opinion_free(gpointer opinion);

/* A file and what `lianluo read` prints of it. */
struct read_file {
    const char *file;
    json_t *document; /* borrowed; NULL: not read */
};
struct handed_in {
    const char *text;               /* of the mail, only what is new in it; NULL if none */
    const struct read_file *papers; /* attached to it */
    guint n_papers;
    const struct read_file *sent; /* what the unit was asked about */
    guint n_sent;
    const char *const
        *names; /* of the unit, NULL-terminated: its own section comes first; or NULL */
};

/* The opinions (struct opinion) in what was handed in, strongest source first, each once however
 * often it is said. Formatting, white space and forms that nobody filled in are none. Never NULL;
 * g_ptr_array_unref. */
GPtrArray *opinions_find(const struct handed_in *handed);

#endif
