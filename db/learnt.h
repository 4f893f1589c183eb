/* What a person settled about an address, or a name that the roster does not have: whose mail it
 * brought. */
#ifndef DB_LEARNT_H
#define DB_LEARNT_H

#include <glib.h>

enum learnt_what { LEARNT_ADDRESS, LEARNT_NAME };
struct learnt {
    gint64 unit;
    int times;
    gint64 last_at;
    enum learnt_what what;
    char *text;
};
void learnt_free(struct learnt *learnt);

void learnt_add(struct db *db, enum learnt_what what, const char *text, gint64 unit);
/* struct learnt of an address or a name, the newest first: several units mean that it was settled
 * both ways; g_ptr_array_unref. */
GPtrArray *learnt_of(struct db *db, enum learnt_what what, const char *text);
/* All that was learnt of a unit; 0: of all units. g_ptr_array_unref. */
GPtrArray *learnt_list(struct db *db, gint64 unit);
/* Forgets an address or a name, of all units. FALSE: it was not known. */
gboolean learnt_forget(struct db *db, const char *text);

#endif
