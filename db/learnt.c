/* Addresses as persons settled them. */
#include "db/sql.h"

#include "base/base.h"

void learnt_add(struct db *db, const char *address, gint64 unit)
{
    sql_run(db,
            "INSERT INTO learnt (address, unit, times, last_at) VALUES (?, ?, 1, ?)"
            " ON CONFLICT (address, unit) DO UPDATE SET times = times + 1,"
            " last_at = excluded.last_at",
            TXT(address), NUM(unit), INST(clock_now()));
    event_add(db, &(struct event){ .what = "unit.learnt", .text = address, .unit = unit });
}

GArray *learnt_of(struct db *db, const char *address)
{
    GArray *list = g_array_new(FALSE, FALSE, sizeof(struct learnt));
    struct sql *q = sql_query(db,
                              "SELECT unit, times, last_at FROM learnt WHERE address = ?"
                              " ORDER BY last_at DESC, unit",
                              TXT(address));
    while (sql_row(q)) {
        struct learnt learnt = { sql_num(q, 0), (int)sql_num(q, 1), sql_instant(q, 2) };
        g_array_append_val(list, learnt);
    }
    return list;
}
