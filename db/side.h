/* A message for several units or about several matters: beside its own matter and unit, these. */
#ifndef DB_SIDE_H
#define DB_SIDE_H

#include "db/words.h"
#include <glib.h>

/* One unit's side of one matter; 0 where one of them is not known. */
struct side {
    gint64 matter, unit;
};

/* It seems to be for that one, too. */
void side_propose(struct db *db, gint64 message, const struct side *side);
/* A person filed it there, too, with that stance. */
void side_file(struct db *db, gint64 message, const struct side *side, enum stance stance);
/* It is not filed there any more, or that is its own side. */
void side_drop(struct db *db, gint64 message, const struct side *side);
/* The same of all where no submission of it stands that is not void. */
void side_prune(struct db *db, gint64 message);
/* The sides beside its own (struct side), in the order in which they were found: only the proposed,
 * or only the filed ones. g_array_unref. */
GArray *side_list(struct db *db, gint64 message, gboolean filed);
/* TRUE if that side is in the list. */
gboolean side_in(const GArray *sides, const struct side *side);

#endif
