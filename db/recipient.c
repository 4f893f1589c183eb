/* Recipients of the outbox, and the questions that are asked by recipient, unit or Message-ID. */
#include "db/sql.h"

void recipient_set(struct db *db, gint64 outbox, const char *address, const char *state,
                   const char *reply)
{
    sql_run(db,
            "UPDATE recipient SET state = ?, reply = ?"
            " WHERE outbox = ? AND address = ? COLLATE NOCASE",
            TXT(state), TXT(reply), NUM(outbox), TXT(address));
}

void recipients_accept(struct db *db, gint64 outbox)
{
    sql_run(db, "UPDATE recipient SET state = 'accepted' WHERE outbox = ? AND state = 'waiting'",
            NUM(outbox));
}

gint64 recipient_count(struct db *db, gint64 outbox, const char *state)
{
    return sql_one(db, "SELECT count(*) FROM recipient WHERE outbox = ? AND state = ?", NUM(outbox),
                   TXT(state));
}

gint64 outbox_by_message_id(struct db *db, const char *message_id)
{
    return sql_one(db,
                   "SELECT id FROM outbox WHERE message_id = ?1"
                   " UNION ALL SELECT outbox FROM replaced_id WHERE message_id = ?1",
                   TXT(message_id));
}

void outbox_learn_id(struct db *db, gint64 id, const char *message_id)
{
    sql_run(db, "INSERT OR IGNORE INTO replaced_id (message_id, outbox) VALUES (?, ?)",
            TXT(message_id), NUM(id));
}

gint64 outbox_by_recipient(struct db *db, const char *address)
{
    return sql_one(db,
                   "SELECT max(outbox) FROM recipient WHERE address = ? COLLATE NOCASE"
                   " AND state = 'accepted'",
                   TXT(address));
}

gint64 outbox_newest(struct db *db, const char *kind, gint64 matter, gint64 unit)
{
    return sql_one(db,
                   "SELECT max(id) FROM outbox WHERE kind = ? AND matter = ? AND unit IS ?"
                   " AND channel = 'mail'",
                   TXT(kind), NUM(matter), REF(unit));
}

gint64 outbox_last_sent(struct db *db, const char *kind, gint64 matter, gint64 unit)
{
    gint64 at = 0;
    struct sql *q = sql_query(db,
                              "SELECT max(sent_at) FROM outbox WHERE kind = ? AND matter = ?"
                              " AND unit = ? AND state = 'sent'",
                              TXT(kind), NUM(matter), NUM(unit));
    if (sql_row(q)) {
        at = sql_instant(q, 0);
        sql_end(q);
    }
    return at;
}

gint64 outbox_count_keys(struct db *db, const char *prefix, gint64 since)
{
    return sql_one(db,
                   "SELECT count(*) FROM outbox WHERE substr(key, 1, length(?1)) = ?1"
                   " AND created_at >= coalesce(?, '')",
                   TXT(prefix), INST(since));
}

gint64 outbox_answers_to(struct db *db, const char *address, gint64 since)
{
    return sql_one(db,
                   "SELECT count(*) FROM outbox JOIN recipient ON outbox.id = recipient.outbox"
                   " WHERE kind IN ('receipt', 'answer') AND address = ? COLLATE NOCASE"
                   " AND created_at >= coalesce(?, '') AND outbox.state <> 'cancelled'",
                   TXT(address), INST(since));
}
