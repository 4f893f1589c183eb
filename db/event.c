/* The event table: what the office can be asked about years later. */
#include "db/sql.h"

#include "base/base.h"

void event_add(struct db *db, const struct event *event)
{
    sql_run(db,
            "INSERT INTO event (at, what, text, matter, unit, message, outbox)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            INST(clock_now()), TXT(event->what), TXT(event->text != NULL ? event->text : ""),
            REF(event->matter), REF(event->unit), REF(event->message), REF(event->outbox));
}

void event_each(struct db *db, gint64 matter, int most, event_cb *each, void *context)
{
    struct sql *q = sql_query(db,
                              "SELECT id, at, what, text, matter, unit, message, outbox FROM"
                              " (SELECT * FROM event WHERE ?1 = 0 OR matter = ?1"
                              "  ORDER BY id DESC LIMIT ?2) ORDER BY id",
                              NUM(matter), NUM(most));
    while (sql_row(q)) {
        g_autofree char *what = sql_dup(q, 2);
        g_autofree char *text = sql_dup(q, 3);
        struct event event = { .id = sql_num(q, 0),
                               .at = sql_instant(q, 1),
                               .what = what,
                               .text = text,
                               .matter = sql_num(q, 4),
                               .unit = sql_num(q, 5),
                               .message = sql_num(q, 6),
                               .outbox = sql_num(q, 7) };
        each(context, &event);
    }
}

gint64 event_count(struct db *db, const char *what, gint64 matter, gint64 from, gint64 until)
{
    return sql_one(db,
                   "SELECT count(*) FROM event WHERE what GLOB ? AND (?2 = 0 OR matter = ?2)"
                   " AND at >= coalesce(?, '') AND at < ?",
                   TXT(what), NUM(matter), INST(from), INST(until));
}
