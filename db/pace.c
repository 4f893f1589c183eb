/* Attempts per lane, in real time. */
#include "db/sql.h"

enum { DAY = 24 * 60 * 60 };

void pace_add(struct db *db, const char *lane, gint64 at)
{
    sql_run(db, "DELETE FROM pace WHERE lane = ? AND at < ?", TXT(lane), NUM(at - DAY));
    sql_run(db, "INSERT INTO pace (lane, at) VALUES (?, ?)", TXT(lane), NUM(at));
}

gint64 pace_count(struct db *db, const char *lane, gint64 after, gint64 until)
{
    return sql_one(db, "SELECT count(*) FROM pace WHERE lane = ? AND at > ? AND at <= ?", TXT(lane),
                   NUM(after), NUM(until));
}

gint64 pace_nth(struct db *db, const char *lane, gint64 n, gint64 until)
{
    return sql_one(db,
                   "SELECT at FROM pace WHERE lane = ? AND at <= ?"
                   " ORDER BY at DESC LIMIT 1 OFFSET ?",
                   TXT(lane), NUM(until), NUM(n - 1));
}
