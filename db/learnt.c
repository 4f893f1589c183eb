/* Addresses and names as persons settled them. */
#include "db/sql.h"

#include "base/base.h"

static const char *const whats[] = { [LEARNT_ADDRESS] = "address", [LEARNT_NAME] = "name" };

void learnt_free(struct learnt *learnt)
{
    if (learnt == NULL)
        return;
    g_free(learnt->text);
    g_free(learnt);
}

void learnt_add(struct db *db, enum learnt_what what, const char *text, gint64 unit)
{
    sql_run(db,
            "INSERT INTO learnt (what, text, unit, times, last_at) VALUES (?, ?, ?, 1, ?)"
            " ON CONFLICT (what, text, unit) DO UPDATE SET times = times + 1,"
            " last_at = excluded.last_at",
            TXT(whats[what]), TXT(text), NUM(unit), INST(clock_now()));
    if (what == LEARNT_NAME)
        names_changed(db);
    event_add(db, &(struct event){ .what = "unit.learnt", .text = text, .unit = unit });
}

#define COLUMNS "SELECT what = 'name', text, unit, times, last_at FROM learnt "

static GPtrArray *read_all(struct sql *q)
{
    GPtrArray *list = g_ptr_array_new_with_free_func((GDestroyNotify)learnt_free);
    while (sql_row(q)) {
        struct learnt *learnt = g_new0(struct learnt, 1);
        learnt->what = sql_num(q, 0) != 0 ? LEARNT_NAME : LEARNT_ADDRESS;
        learnt->text = sql_dup(q, 1);
        learnt->unit = sql_num(q, 2);
        learnt->times = (int)sql_num(q, 3);
        learnt->last_at = sql_instant(q, 4);
        g_ptr_array_add(list, learnt);
    }
    return list;
}

GPtrArray *learnt_of(struct db *db, enum learnt_what what, const char *text)
{
    return read_all(sql_query(db, COLUMNS "WHERE what = ? AND text = ? ORDER BY last_at DESC, unit",
                              TXT(whats[what]), TXT(text)));
}

GPtrArray *learnt_list(struct db *db, gint64 unit)
{
    return read_all(sql_query(
        db, COLUMNS "WHERE ?1 = 0 OR unit = ?1 ORDER BY what DESC, text, unit", NUM(unit)));
}

gboolean learnt_forget(struct db *db, const char *text)
{
    sql_run(db, "DELETE FROM learnt WHERE text = ?", TXT(text));
    if (sql_changes(db) == 0)
        return FALSE;
    names_changed(db);
    event_add(db, &(struct event){ .what = "unit.forgot", .text = text });
    return TRUE;
}
