/* Opinions, kept with the submission that brought them, and what became of each. A disposition
 * belongs to a unit's opinion by its key (its place and what it asks for), so that a new version of
 * the submission keeps it where nothing changed. */
#ifndef DB_OPINION_H
#define DB_OPINION_H

#include "db/words.h"
#include <glib.h>
#include <jansson.h>

enum disposition {
    DISPOSITION_PENDING,
    DISPOSITION_ADOPTED,
    DISPOSITION_PARTLY,
    DISPOSITION_NOT_ADOPTED,
    DISPOSITIONS
};
const char *disposition_text(enum disposition disposition);    /* "partly_adopted" */
const char *disposition_chinese(enum disposition disposition); /* "部分采纳" */
/* Takes both, and what offices write instead (“不予采纳”); -1 if it is none. */
int disposition_of(const char *text);

/* Replaces the opinions of a submission: objects, each with its "key". */
void opinions_set(struct db *db, gint64 submission, json_t *opinions);
/* In the order they were given. A new reference. */
json_t *opinions_get(struct db *db, gint64 submission);
int opinion_count(struct db *db, gint64 submission);

struct decision {
    enum disposition disposition;
    char *reason; /* never NULL */
};
/* Pending with "" if nobody decided yet; the caller frees reason. */
struct decision decision_get(struct db *db, gint64 matter, gint64 unit, const char *key);
/* Writes an event if it changes something. */
void decision_set(struct db *db, gint64 matter, gint64 unit, const char *key,
                  const struct decision *decision);

#endif
