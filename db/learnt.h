/* What a person settled about an address: whose mail it brought. */
#ifndef DB_LEARNT_H
#define DB_LEARNT_H

#include <glib.h>

struct learnt {
    gint64 unit;
    int times;
    gint64 last_at;
};
void learnt_add(struct db *db, const char *address, gint64 unit);
/* struct learnt, the newest first: several units mean that it was settled both ways; g_array_unref.
 */
GArray *learnt_of(struct db *db, const char *address);

#endif
