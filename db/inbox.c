/* Messages, and what was decided of them. */
#include "db/sql.h"

#include "base/base.h"

static const char *const message_states[] = { "stored", "handled", "unparsed" };

#define COLUMNS \
    "SELECT id, sha256, received_at, fetched_at, history, state, attempts, message_id, subject," \
    " sender_name, sender, kind, verdict, reason, duplicate_of, matter, unit, proposed_matter," \
    " proposed_unit, stance, stance_evidence FROM message "

void message_free(struct message *message)
{
    if (message == NULL)
        return;
    g_free(message->sha256);
    g_free(message->message_id);
    g_free(message->subject);
    g_free(message->sender_name);
    g_free(message->sender);
    g_free(message->kind);
    g_free(message->verdict);
    g_free(message->reason);
    g_free(message->stance_evidence);
    g_free(message);
}

static enum message_state message_state_of(const char *text)
{
    int state = 0;
    while (!g_str_equal(message_states[state], text))
        state++;
    return (enum message_state)state;
}

struct message *message_get(struct db *db, gint64 id)
{
    struct sql *q = sql_query(db, COLUMNS "WHERE id = ?", NUM(id));
    if (!sql_row(q))
        return NULL;
    struct message *m = g_new0(struct message, 1);
    m->id = sql_num(q, 0);
    m->sha256 = sql_dup(q, 1);
    m->received_at = sql_instant(q, 2);
    m->fetched_at = sql_instant(q, 3);
    m->history = sql_num(q, 4) != 0;
    m->state = message_state_of(sql_str(q, 5));
    m->attempts = (int)sql_num(q, 6);
    m->message_id = sql_dup(q, 7);
    m->subject = sql_dup(q, 8);
    m->sender_name = sql_dup(q, 9);
    m->sender = sql_dup(q, 10);
    m->kind = sql_dup(q, 11);
    m->verdict = sql_dup(q, 12);
    m->reason = sql_dup(q, 13);
    m->duplicate_of = sql_num(q, 14);
    m->matter = sql_num(q, 15);
    m->unit = sql_num(q, 16);
    m->proposed_matter = sql_num(q, 17);
    m->proposed_unit = sql_num(q, 18);
    m->stance = stance_of(sql_str(q, 19));
    m->stance_evidence = sql_dup(q, 20);
    sql_end(q);
    return m;
}

static void arrival_add(struct db *db, const struct arrival *arrival, const char *outcome,
                        gint64 message, const char *reason)
{
    sql_run(db,
            "INSERT INTO arrival (folder, uidvalidity, uid, outcome, message, reason, at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            TXT(arrival->folder), NUM(arrival->uidvalidity), NUM(arrival->uid), TXT(outcome),
            REF(message), TXT(reason), INST(clock_now()));
}

gboolean message_store(struct db *db, const struct arrival *arrival, const char *sha256,
                       gint64 received_at, gboolean history, gint64 *id)
{
    *id = sql_one(db, "SELECT id FROM message WHERE sha256 = ?", TXT(sha256));
    gboolean is_new = *id == 0;
    if (is_new) {
        sql_run(db,
                "INSERT INTO message (sha256, received_at, fetched_at, history, state)"
                " VALUES (?, ?, ?, ?, 'stored')",
                TXT(sha256), INST(received_at), INST(clock_now()), NUM(history != 0));
        *id = sql_new_id(db);
    }
    arrival_add(db, arrival, is_new ? "stored" : "duplicate", *id, NULL);
    event_add(db, &(struct event){ .what = is_new ? "message.stored" : "message.duplicate",
                                   .text = arrival->folder,
                                   .message = *id });
    return is_new;
}

void arrival_refused(struct db *db, const struct arrival *arrival, const char *reason)
{
    arrival_add(db, arrival, "refused", 0, reason);
    event_add(db, &(struct event){ .what = "message.refused", .text = reason });
}

gboolean arrival_known(struct db *db, const struct arrival *arrival)
{
    return sql_one(db,
                   "SELECT count(*) FROM arrival WHERE folder = ? AND uidvalidity = ? AND uid = ?",
                   TXT(arrival->folder), NUM(arrival->uidvalidity), NUM(arrival->uid)) > 0;
}

gint64 arrival_count(struct db *db, const char *outcome, gint64 from, gint64 until)
{
    return sql_one(
        db, "SELECT count(*) FROM arrival WHERE outcome = ? AND at >= coalesce(?, '') AND at < ?",
        TXT(outcome), INST(from), INST(until));
}

GArray *message_waiting(struct db *db, int most)
{
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(gint64));
    struct sql *q = sql_query(db,
                              "SELECT id, attempts FROM message WHERE state = 'stored'"
                              " ORDER BY attempts > 0, received_at, id LIMIT ?",
                              NUM(most));
    while (sql_row(q)) {
        gint64 id = sql_num(q, 0);
        gboolean tried = sql_num(q, 1) > 0;
        if (tried && ids->len > 0) {
            sql_end(q);
            break;
        }
        g_array_append_val(ids, id);
        if (tried) {
            sql_end(q);
            break;
        }
    }
    return ids;
}

gint64 message_count_waiting(struct db *db)
{
    return sql_one(db, "SELECT count(*) FROM message WHERE state = 'stored'");
}

void message_count_attempt(struct db *db, gint64 id)
{
    sql_run(db, "UPDATE message SET attempts = attempts + 1 WHERE id = ?", NUM(id));
}

void message_uncount_attempt(struct db *db, gint64 id)
{
    sql_run(db, "UPDATE message SET attempts = attempts - 1 WHERE id = ? AND attempts > 0",
            NUM(id));
}

void evidence_clear(struct db *db, gint64 message)
{
    sql_run(db, "DELETE FROM evidence WHERE message = ?", NUM(message));
}

void evidence_add(struct db *db, gint64 message, const struct evidence *evidence)
{
    sql_run(db,
            "INSERT INTO evidence (message, position, rule, weight, text) VALUES (?1,"
            " (SELECT count(*) + 1 FROM evidence WHERE message = ?1), ?, ?, ?)",
            NUM(message), TXT(evidence->rule), NUM(evidence->weight), TXT(evidence->text));
}

void evidence_each(struct db *db, gint64 message, evidence_cb *each, void *context)
{
    struct sql *q =
        sql_query(db, "SELECT rule, weight, text FROM evidence WHERE message = ? ORDER BY position",
                  NUM(message));
    while (sql_row(q)) {
        struct evidence evidence = { sql_str(q, 0), (int)sql_num(q, 1), sql_str(q, 2) };
        each(context, &evidence);
    }
}

void message_set_parsed(struct db *db, const struct message *m, const char *fingerprint)
{
    sql_run(db,
            "UPDATE message SET message_id = ?, subject = ?, sender_name = ?, sender = ?, kind = ?,"
            " fingerprint = ? WHERE id = ?",
            TXT(m->message_id), TXT(m->subject), TXT(m->sender_name), TXT(m->sender), TXT(m->kind),
            TXT(fingerprint), NUM(m->id));
}

void message_set_verdict(struct db *db, const struct message *m)
{
    sql_run(db,
            "UPDATE message SET state = ?, verdict = ?, reason = ?, duplicate_of = ?, matter = ?,"
            " unit = ?, proposed_matter = ?, proposed_unit = ?, stance = ?, stance_evidence = ?"
            " WHERE id = ?",
            TXT(message_states[m->state]), TXT(m->verdict), TXT(m->reason), REF(m->duplicate_of),
            REF(m->matter), REF(m->unit), REF(m->proposed_matter), REF(m->proposed_unit),
            TXT(m->stance >= 0 ? stance_text((enum stance)m->stance) : NULL),
            TXT(m->stance_evidence), NUM(m->id));
    g_autofree char *what = g_strdup_printf("message.%s", m->verdict);
    event_add(db, &(struct event){ .what = what,
                                   .text = m->reason,
                                   .matter = m->matter,
                                   .unit = m->unit,
                                   .message = m->id });
}

void message_set_handled(struct db *db, gint64 id)
{
    sql_run(db, "UPDATE message SET state = 'handled' WHERE id = ?", NUM(id));
}

gint64 message_twin(struct db *db, gint64 id, const char *message_id, const char *fingerprint)
{
    return sql_one(db,
                   "SELECT min(id) FROM message WHERE message_id = ? AND fingerprint = ?"
                   " AND id <> ? AND duplicate_of IS NULL AND state = 'handled'",
                   TXT(message_id), TXT(fingerprint), NUM(id));
}

gint64 message_by_message_id(struct db *db, const char *message_id)
{
    return sql_one(db, "SELECT min(id) FROM message WHERE message_id = ?", TXT(message_id));
}

void attachment_add(struct db *db, gint64 message, const struct attachment_row *row)
{
    sql_run(db,
            "INSERT INTO attachment (message, position, filename, content_type, size, sha256,"
            " inline) VALUES (?1, (SELECT count(*) + 1 FROM attachment WHERE message = ?1),"
            " ?, ?, ?, ?, ?)",
            NUM(message), TXT(row->filename), TXT(row->content_type), NUM(row->size),
            TXT(row->sha256), NUM(row->is_inline != 0));
}

void attachment_each(struct db *db, gint64 message, attachment_cb *each, void *context)
{
    struct sql *q = sql_query(db,
                              "SELECT filename, content_type, sha256, size, inline FROM attachment"
                              " WHERE message = ? ORDER BY position",
                              NUM(message));
    while (sql_row(q)) {
        struct attachment_row row = { sql_str(q, 0), sql_str(q, 1), sql_str(q, 2), sql_num(q, 3),
                                      sql_num(q, 4) != 0 };
        each(context, &row);
    }
}

GArray *message_list(struct db *db, gboolean review_only)
{
    return sql_ids(sql_query(db,
                             "SELECT id FROM message WHERE ? = 0 OR verdict = 'review'"
                             " ORDER BY received_at, id",
                             NUM(review_only != 0)));
}

GArray *message_filed(struct db *db, gint64 matter, gint64 unit)
{
    return sql_ids(sql_query(db,
                             "SELECT id FROM message WHERE kind = 'person' AND id IN"
                             " (SELECT id FROM message WHERE matter = ?1 AND unit = ?2"
                             "  UNION SELECT message FROM message_side WHERE matter = ?1"
                             "  AND unit = ?2 AND stance IS NOT NULL) ORDER BY received_at, id",
                             NUM(matter), NUM(unit)));
}

gboolean message_acknowledged(struct db *db, gint64 matter, gint64 unit)
{
    return sql_one(db,
                   "SELECT (SELECT count(*) FROM message WHERE matter = ?1 AND unit = ?2"
                   "  AND verdict = 'filed' AND stance = 'acknowledged')"
                   " + (SELECT count(*) FROM message_side WHERE matter = ?1 AND unit = ?2"
                   "  AND stance = 'acknowledged')",
                   NUM(matter), NUM(unit)) > 0;
}
