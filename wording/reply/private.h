/* What the files of wording/reply share: a text as a row of words, each a letter for its kind. */
#ifndef WORDING_REPLY_PRIVATE_H
#define WORDING_REPLY_PRIVATE_H

#include "wording/squeeze.h"

/* The kinds are letters, and the patterns of reply.c are written with them; vocabulary.c says
 * beside its words what each stands for. */
struct lexeme {
    gsize from, to; /* bytes of the squeezed text */
};
struct lexemes {
    struct squeezed squeezed;
    GString *kinds; /* one letter a word … */
    GArray *list;   /* … and its struct lexeme */
    char *before;   /* the letters as they were before any rule */
};
/* title: of the matter, a paper wherever it stands; NULL: none. Free with lexemes_clear. */
void lexemes_read(struct lexemes *l, const char *text, const char *title);
void lexemes_clear(struct lexemes *l);

/* ---- need.c: what a pattern over kinds cannot do without */
enum { MAX_NEEDS = 4 };
struct kinds {
    guint64 bits[2];
};
struct needs {
    gsize n;
    struct kinds of[MAX_NEEDS]; /* of each at least one */
};
struct kinds kinds_of(const char *text);
/* A struct needs for each alternative of the pattern, which has no comments in it. */
GArray *needs_read(const char *pattern);
gboolean needs_met(const GArray *needs, const struct kinds *have);

/* ---- clauses: what stands between marks */
struct clause {
    gsize first, last; /* words of it: [first, last) */
    gboolean doubtful; /* one of them wishes, limits, or is not known */
    gboolean none;     /* 无意见 is in it … */
    gboolean behind;   /* … or before it */
};
/* Of struct clause, once all rules were applied; the caller unrefs. */
GArray *clauses_of(const struct lexemes *l);
/* Sets pieces to those of a clause. */
void clause_pieces(GArray *pieces, const struct lexemes *l, const GArray *clauses, guint i);

/* The vocabulary: words of one kind, separated by blanks; the longest at a place counts. */
struct vocabulary {
    char kind;
    const char *words;
};
extern const struct vocabulary vocabulary[];
extern const gsize vocabulary_n;

#endif
