/* Units, their names and their dated contacts. */
#include "db/sql.h"

#include "base/base.h"

static void contact_free(gpointer data)
{
    struct contact *contact = data;
    g_free(contact->name);
    g_free(contact->email);
    g_free(contact->phone);
    g_free(contact->mobile);
    g_free(contact);
}

void unit_free(struct unit *unit)
{
    if (unit == NULL)
        return;
    g_free(unit->code);
    g_free(unit->name);
    g_free(unit->short_name);
    g_ptr_array_unref(unit->aliases);
    g_ptr_array_unref(unit->contacts);
    g_free(unit);
}

static void load_contacts(struct db *db, struct unit *unit)
{
    struct sql *q = sql_query(db,
                              "SELECT id, role, name, email, phone, mobile, since FROM contact"
                              " WHERE unit = ? AND until IS NULL ORDER BY id",
                              NUM(unit->id));
    while (sql_row(q)) {
        struct contact *contact = g_new0(struct contact, 1);
        contact->id = sql_num(q, 0);
        contact->role = (enum role)role_of(sql_str(q, 1));
        contact->name = sql_dup(q, 2);
        contact->email = sql_dup(q, 3);
        contact->phone = sql_dup(q, 4);
        contact->mobile = sql_dup(q, 5);
        contact->since = sql_instant(q, 6);
        g_ptr_array_add(unit->contacts, contact);
    }
}

static struct unit *unit_load(struct db *db, struct sql *q)
{
    struct unit *unit = g_new0(struct unit, 1);
    unit->id = sql_num(q, 0);
    unit->code = sql_dup(q, 1);
    unit->name = sql_dup(q, 2);
    unit->short_name = sql_dup(q, 3);
    unit->retired_at = sql_instant(q, 4);
    unit->aliases = g_ptr_array_new_with_free_func(g_free);
    unit->contacts = g_ptr_array_new_with_free_func(contact_free);
    struct sql *names =
        sql_query(db, "SELECT name FROM alias WHERE unit = ? ORDER BY name", NUM(unit->id));
    while (sql_row(names))
        g_ptr_array_add(unit->aliases, sql_dup(names, 0));
    load_contacts(db, unit);
    return unit;
}

struct unit *unit_get(struct db *db, gint64 id)
{
    struct unit *unit = NULL;
    struct sql *q = sql_query(
        db, "SELECT id, code, name, short_name, retired_at FROM unit WHERE id = ?", NUM(id));
    if (sql_row(q)) {
        unit = unit_load(db, q);
        sql_end(q);
    }
    return unit;
}

GPtrArray *unit_list(struct db *db, gboolean retired_too)
{
    GPtrArray *units = g_ptr_array_new_with_free_func((GDestroyNotify)unit_free);
    struct sql *q = sql_query(db,
                              "SELECT id, code, name, short_name, retired_at FROM unit"
                              " WHERE ? OR retired_at IS NULL ORDER BY code = 'office', id",
                              NUM(retired_too));
    while (sql_row(q))
        g_ptr_array_add(units, unit_load(db, q));
    return units;
}

gint64 unit_find(struct db *db, const char *name)
{
    gint64 id = sql_one(db, "SELECT id FROM unit WHERE code = ?1 OR name = ?1", TXT(name));
    if (id != 0)
        return id;
    gint64 found = 0;
    struct sql *q = sql_query(db,
                              "SELECT id FROM unit WHERE short_name = ?1 AND ?1 <> ''"
                              " UNION SELECT unit FROM alias WHERE name = ?1",
                              TXT(name));
    while (sql_row(q)) {
        if (found != 0) {
            sql_end(q);
            return 0;
        }
        found = sql_num(q, 0);
    }
    return found;
}

gint64 unit_by_code(struct db *db, const char *code)
{
    return sql_one(db, "SELECT id FROM unit WHERE code = ?", TXT(code));
}

gint64 unit_by_name(struct db *db, const char *name)
{
    return sql_one(db, "SELECT id FROM unit WHERE name = ?", TXT(name));
}

char **unit_all_names(struct db *db)
{
    GPtrArray *names = g_ptr_array_new();
    struct sql *q = sql_query(db, "SELECT name FROM unit UNION SELECT code FROM unit"
                                  " UNION SELECT short_name FROM unit WHERE short_name <> ''"
                                  " UNION SELECT name FROM alias");
    while (sql_row(q))
        g_ptr_array_add(names, sql_dup(q, 0));
    g_ptr_array_add(names, NULL);
    return (char **)g_ptr_array_free(names, FALSE);
}

char *unit_code(struct db *db, gint64 id)
{
    return sql_one_text(db, "SELECT code FROM unit WHERE id = ?", NUM(id));
}

char *unit_label(struct db *db, gint64 id)
{
    return sql_one_text(db, "SELECT coalesce(nullif(short_name, ''), name) FROM unit WHERE id = ?",
                        NUM(id));
}

gint64 names_version(struct db *db)
{
    return sql_one(db, "SELECT CAST(value AS INTEGER) FROM office WHERE key = 'names_version'");
}

void names_changed(struct db *db)
{
    sql_run(db, "INSERT INTO office (key, value) VALUES ('names_version', '1')"
                " ON CONFLICT (key) DO UPDATE SET value = CAST(value AS INTEGER) + 1");
}

gint64 unit_add(struct db *db, const char *code, const char *name, const char *short_name)
{
    g_autofree char *made = NULL;
    for (int n = 1; code == NULL; n++) {
        g_free(made);
        made = g_strdup_printf("u%02d", n);
        if (sql_one(db, "SELECT count(*) FROM unit WHERE code = ?", TXT(made)) == 0)
            code = made;
    }
    sql_run(db, "INSERT INTO unit (code, name, short_name) VALUES (?, ?, ?)", TXT(code), TXT(name),
            TXT(short_name != NULL ? short_name : ""));
    gint64 id = sql_new_id(db);
    names_changed(db);
    event_add(db, &(struct event){ .what = "unit.add", .text = name, .unit = id });
    return id;
}

void unit_rename(struct db *db, gint64 id, const char *name, const char *short_name)
{
    sql_run(db, "UPDATE unit SET name = ?, short_name = ? WHERE id = ?", TXT(name), TXT(short_name),
            NUM(id));
    names_changed(db);
    event_add(db, &(struct event){ .what = "unit.rename", .text = name, .unit = id });
}

void unit_add_alias(struct db *db, gint64 id, const char *name)
{
    sql_run(db, "INSERT OR IGNORE INTO alias (unit, name) VALUES (?, ?)", NUM(id), TXT(name));
    if (sql_changes(db) > 0)
        event_add(db, &(struct event){ .what = "unit.alias", .text = name, .unit = id });
    names_changed(db);
}

void unit_drop_alias(struct db *db, gint64 id, const char *name)
{
    sql_run(db, "DELETE FROM alias WHERE unit = ? AND name = ?", NUM(id), TXT(name));
    if (sql_changes(db) > 0)
        event_add(db, &(struct event){ .what = "unit.unalias", .text = name, .unit = id });
    names_changed(db);
}

void unit_set_retired(struct db *db, gint64 id, gint64 at)
{
    sql_run(db, "UPDATE unit SET retired_at = ? WHERE id = ?", INST(at), NUM(id));
    names_changed(db);
    event_add(db, &(struct event){
                      .what = at != 0 ? "unit.retire" : "unit.return", .text = "", .unit = id });
}

gint64 contact_add(struct db *db, gint64 unit, const struct contact *contact)
{
    sql_run(db,
            "INSERT INTO contact (unit, role, name, email, phone, mobile, since)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            NUM(unit), TXT(role_text(contact->role)), TXT(contact->name), TXT(contact->email),
            TXT(contact->phone), TXT(contact->mobile), INST(contact->since));
    gint64 id = sql_new_id(db);
    event_add(db, &(struct event){ .what = "contact.add", .text = contact->email, .unit = unit });
    return id;
}

void contact_end(struct db *db, gint64 contact, gint64 at)
{
    gint64 unit = sql_one(db, "SELECT unit FROM contact WHERE id = ?", NUM(contact));
    g_autofree char *email =
        sql_one_text(db, "SELECT email FROM contact WHERE id = ?", NUM(contact));
    sql_run(db, "UPDATE contact SET until = ? WHERE id = ?", INST(at), NUM(contact));
    event_add(db,
              &(struct event){ .what = "contact.end", .text = email ? email : "", .unit = unit });
}

char **unit_addresses(struct db *db, gint64 unit, enum role role)
{
    GPtrArray *addresses = g_ptr_array_new();
    struct sql *q = sql_query(db,
                              "SELECT email FROM contact WHERE unit = ? AND role = ?"
                              " AND until IS NULL AND email <> ''"
                              " GROUP BY lower(email) ORDER BY min(id)",
                              NUM(unit), TXT(role_text(role)));
    while (sql_row(q))
        g_ptr_array_add(addresses, sql_dup(q, 0));
    g_ptr_array_add(addresses, NULL);
    return (char **)g_ptr_array_free(addresses, FALSE);
}

char *unit_registered(struct db *db, gint64 unit, enum role role, const char *address)
{
    return sql_one_text(db,
                        "SELECT email FROM contact WHERE unit = ? AND role = ? AND until IS NULL"
                        " AND email = ? COLLATE NOCASE AND email <> '' ORDER BY id",
                        NUM(unit), TXT(role_text(role)), TXT(address));
}

GArray *unit_by_address(struct db *db, const char *address)
{
    return sql_ids(sql_query(db,
                             "SELECT DISTINCT unit FROM contact WHERE email = ? COLLATE NOCASE"
                             " AND email <> '' AND until IS NULL ORDER BY unit",
                             TXT(address)));
}
