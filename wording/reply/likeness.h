/* likeness: how like the clauses of letters that say 无意见 and nothing else a clause is. What no
 * rule knows is weighed by its pieces, with weights that letters/learn.c learnt from letters whose
 * meaning is known: a linear support vector machine. */
#ifndef WORDING_LIKENESS_H
#define WORDING_LIKENESS_H

#include <glib.h>

enum {
    LIKENESS_BUCKETS = 1 << 17, /* pieces are told apart by a hash */
    LIKENESS_ONE = 4096,        /* how a weight of 1 is written */
};

/* A weight for each bucket. */
extern const gint16 *likeness_weights;

/* > 0: it is more like one of those than like what speaks against it; most are within -1 … 1. */
double likeness(const GArray *pieces);

/* Tells of each clause of a text, read as reply_read does: its words without blanks, and its pieces
 * (guint32, buckets). Both are gone when tell returns. */
typedef void clause_fn(const char *clause, const GArray *pieces, void *user);
void reply_clauses(const char *text, const char *title, clause_fn *tell, void *user);

#endif
