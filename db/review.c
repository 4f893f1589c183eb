/* The review queue. */
#include "db/sql.h"

#include "base/base.h"

void review_free(struct review *review)
{
    if (review == NULL)
        return;
    g_free((char *)review->reason);
    g_free((char *)review->text);
    g_free((char *)review->due);
    g_free(review);
}

void review_open(struct db *db, const struct review *r)
{
    gint64 open =
        sql_one(db,
                "SELECT id FROM review WHERE settled_at IS NULL AND reason = ?"
                " AND message IS ? AND outbox IS ? AND matter IS ? AND unit IS ?",
                TXT(r->reason), REF(r->message), REF(r->outbox), REF(r->matter), REF(r->unit));
    if (open != 0) {
        sql_run(db, "UPDATE review SET text = ?1, due = ?3 WHERE id = ?2 AND text <> ?1",
                TXT(r->text), NUM(open), TXT(r->due));
        return;
    }
    sql_run(db,
            "INSERT INTO review (reason, text, message, outbox, matter, unit, opened_at, due)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            TXT(r->reason), TXT(r->text), REF(r->message), REF(r->outbox), REF(r->matter),
            REF(r->unit), INST(clock_now()), TXT(r->due));
    g_autofree char *what = g_strdup_printf("review.%s", r->reason);
    event_add(db, &(struct event){ .what = what,
                                   .text = r->text,
                                   .matter = r->matter,
                                   .unit = r->unit,
                                   .message = r->message,
                                   .outbox = r->outbox });
}

#define SETTLE \
    "UPDATE review SET settled_at = ?1, settlement = ?2 WHERE settled_at IS NULL" \
    " AND (?3 IS NULL OR reason = ?3) AND (?4 IS NULL OR message = ?4)" \
    " AND (?5 IS NULL OR outbox = ?5) AND (?7 IS NULL OR unit = ?7)"

void review_settle(struct db *db, const char *reason, const struct review *about,
                   const char *settlement)
{
    /* With a matter, its index: thousands may be open. */
    sql_run(db, about->matter != 0 ? SETTLE " AND matter = ?6" : SETTLE " AND ?6 IS NULL",
            INST(clock_now()), TXT(settlement), TXT(reason), REF(about->message),
            REF(about->outbox), REF(about->matter), REF(about->unit));
    if (sql_changes(db) > 0)
        event_add(db, &(struct event){ .what = "review.settled",
                                       .text = settlement,
                                       .matter = about->matter,
                                       .unit = about->unit,
                                       .message = about->message,
                                       .outbox = about->outbox });
}

/* A link beside an answer that is filed; where the answer may be behind it, the message waits. */
#define NOT_CLOUD " AND reason <> '" REVIEW_CLOUD "'"

void review_settle_verdict(struct db *db, gint64 message, const char *settlement)
{
    sql_run(db,
            "UPDATE review SET settled_at = ?, settlement = ?"
            " WHERE settled_at IS NULL AND message = ?" NOT_CLOUD,
            INST(clock_now()), TXT(settlement), NUM(message));
    if (sql_changes(db) > 0)
        event_add(db, &(struct event){
                          .what = "review.settled", .text = settlement, .message = message });
}

GArray *review_messages(struct db *db, const char *reason, gint64 matter, gint64 unit)
{
    return sql_ids(sql_query(db,
                             "SELECT DISTINCT message FROM review WHERE reason = ? AND matter IS ?"
                             " AND unit IS ? AND message IS NOT NULL",
                             TXT(reason), REF(matter), REF(unit)));
}

#define OPEN_ITEMS \
    "SELECT id, reason, text, message, outbox, matter, unit, opened_at, due" \
    " FROM review WHERE settled_at IS NULL"

static GPtrArray *read_items(struct sql *q)
{
    GPtrArray *list = g_ptr_array_new_with_free_func((GDestroyNotify)review_free);
    while (sql_row(q)) {
        struct review *r = g_new0(struct review, 1);
        r->id = sql_num(q, 0);
        r->reason = sql_dup(q, 1);
        r->text = sql_dup(q, 2);
        r->message = sql_num(q, 3);
        r->outbox = sql_num(q, 4);
        r->matter = sql_num(q, 5);
        r->unit = sql_num(q, 6);
        r->opened_at = sql_instant(q, 7);
        r->due = sql_dup(q, 8);
        g_ptr_array_add(list, r);
    }
    return list;
}

/* A message may be proposed for several sides. */
#define PROPOSED "message IN (SELECT message FROM message_side WHERE stance IS NULL AND "
#define IN_MATTER \
    " AND (?1 = 0 OR matter IS NULL OR matter = ?1 OR " PROPOSED "(matter IS NULL OR matter = " \
    "?1)))"
#define OF_UNIT " OR " PROPOSED "(matter IS NULL OR matter = ?1) AND unit = ?2)"

GPtrArray *review_list(struct db *db, gint64 matter)
{
    return read_items(sql_query(db, OPEN_ITEMS IN_MATTER " ORDER BY id", NUM(matter)));
}

GPtrArray *review_due(struct db *db)
{
    return read_items(sql_query(db, OPEN_ITEMS " AND due IS NOT NULL ORDER BY due, id"));
}

gint64 review_count(struct db *db, gint64 matter)
{
    return sql_one(db, "SELECT count(*) FROM review WHERE settled_at IS NULL" IN_MATTER,
                   NUM(matter));
}

gboolean review_ever(struct db *db, const char *reason, gint64 message)
{
    return sql_one(db, "SELECT count(*) FROM review WHERE message = ? AND reason = ?", NUM(message),
                   TXT(reason)) > 0;
}

gint64 review_may_answer(struct db *db, gint64 matter, gint64 unit)
{
    return sql_one(db,
                   "SELECT count(*) FROM review WHERE settled_at IS NULL"
                   " AND (message IS NOT NULL OR reason = 'paper_without_stance')" NOT_CLOUD
                   " AND ((matter IS NULL OR matter = ?1) AND (unit IS NULL OR unit = ?2)" OF_UNIT
                   ")",
                   NUM(matter), NUM(unit));
}

gint64 review_of_unit(struct db *db, gint64 matter, gint64 unit)
{
    return sql_one(db,
                   "SELECT count(*) FROM review WHERE settled_at IS NULL AND message IS NOT NULL"
                   " AND ((matter IS NULL OR matter = ?1) AND unit = ?2" OF_UNIT ")" NOT_CLOUD,
                   NUM(matter), NUM(unit));
}

gboolean review_settle_one(struct db *db, gint64 id, const char *settlement)
{
    sql_run(db,
            "UPDATE review SET settled_at = ?, settlement = ? WHERE id = ?"
            " AND settled_at IS NULL AND (message IS NULL OR reason = '" REVIEW_CLOUD "')",
            INST(clock_now()), TXT(settlement), NUM(id));
    if (sql_changes(db) == 0)
        return FALSE;
    event_add(db, &(struct event){ .what = "review.settled", .text = settlement });
    return TRUE;
}
