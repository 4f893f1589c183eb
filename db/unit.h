/* Units and their dated contacts. The office's own people belong to the unit with code "office". */
#ifndef DB_UNIT_H
#define DB_UNIT_H

#include "db/words.h"
#include <glib.h>

#define UNIT_OFFICE "office"

struct contact {
    gint64 id;
    enum role role;
    char *name, *email, *phone, *mobile; /* never NULL, "" if unknown */
    gint64 since, until;                 /* until 0: current */
};

struct unit {
    gint64 id;
    char *code, *name, *short_name; /* short_name "" if none */
    gint64 retired_at;              /* 0: a member */
    GPtrArray *aliases;             /* char* */
    GPtrArray *contacts;            /* struct contact, the current ones */
};
void unit_free(struct unit *unit);

/* NULL if there is none. Free with unit_free. */
struct unit *unit_get(struct db *db, gint64 id);
/* By code, name, short name or alias, exactly; 0 if none or if two units share that name. */
gint64 unit_find(struct db *db, const char *name);
/* By its code alone, by its full name alone; 0 if there is none. */
gint64 unit_by_code(struct db *db, const char *code);
gint64 unit_by_name(struct db *db, const char *name);
/* The struct unit of all members (and retired ones), office last, in the order they were added. */
GPtrArray *unit_list(struct db *db, gboolean retired_too);
/* Every name and code of every unit, for "did you mean"; NULL-terminated; g_strfreev. */
char **unit_all_names(struct db *db);
/* The code of a unit; NULL for 0; the caller frees. */
char *unit_code(struct db *db, gint64 id);
/* The short name if it has one, else the name. */
char *unit_label(struct db *db, gint64 id);

/* Counts every change of names of units and titles of matters that are open: what was made of them
 * is made anew when it moved. */
gint64 names_version(struct db *db);
void names_changed(struct db *db);

/* Adds a unit; code NULL: "u01", "u02" … is made. Returns its id. */
gint64 unit_add(struct db *db, const char *code, const char *name, const char *short_name);
void unit_rename(struct db *db, gint64 id, const char *name, const char *short_name);
void unit_add_alias(struct db *db, gint64 id, const char *name);
void unit_drop_alias(struct db *db, gint64 id, const char *name);
void unit_set_retired(struct db *db, gint64 id, gint64 at);
/* Returns its id. */
gint64 contact_add(struct db *db, gint64 unit, const struct contact *contact);
/* The contact stops being current; old matters keep it. */
void contact_end(struct db *db, gint64 contact, gint64 at);

/* The current members' current mail addresses with a role; NULL-terminated; g_strfreev. */
char **unit_addresses(struct db *db, gint64 unit, enum role role);
/* The address as the roster has it, if it is one of those; else NULL; the caller frees. */
char *unit_registered(struct db *db, gint64 unit, enum role role, const char *address);
/* Units (ids, gint64) that an address belongs to now: several mean doubt. g_array_unref. */
GArray *unit_by_address(struct db *db, const char *address);

#endif
