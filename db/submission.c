/* Submissions and their versions. */
#include "db/sql.h"

#include "base/base.h"

#define COLUMNS \
    "SELECT id, matter, unit, version, message, how, stance, evidence, text, filename, sha256," \
    " received_at, late, fingerprint, voided_at, void_reason FROM submission "

void submission_free(struct submission *s)
{
    if (s == NULL)
        return;
    g_free(s->evidence);
    g_free(s->text);
    g_free(s->filename);
    g_free(s->sha256);
    g_free(s->fingerprint);
    g_free(s->void_reason);
    g_free(s);
}

static struct submission *load(struct sql *q)
{
    struct submission *s = g_new0(struct submission, 1);
    s->id = sql_num(q, 0);
    s->matter = sql_num(q, 1);
    s->unit = sql_num(q, 2);
    s->version = (int)sql_num(q, 3);
    s->message = sql_num(q, 4);
    s->how = (enum how)how_of(sql_str(q, 5));
    s->stance = (enum stance)stance_of(sql_str(q, 6));
    s->evidence = sql_dup(q, 7);
    s->text = sql_dup(q, 8);
    s->filename = sql_dup(q, 9);
    s->sha256 = sql_dup(q, 10);
    s->received_at = sql_instant(q, 11);
    s->late = sql_num(q, 12) != 0;
    s->fingerprint = sql_dup(q, 13);
    s->voided_at = sql_instant(q, 14);
    s->void_reason = sql_dup(q, 15);
    return s;
}

static struct submission *load_one(struct sql *q)
{
    if (!sql_row(q))
        return NULL;
    struct submission *s = load(q);
    sql_end(q);
    return s;
}

gint64 submission_add(struct db *db, const struct submission *s)
{
    sql_run(db,
            "INSERT INTO submission (matter, unit, version, message, how, stance, evidence, text,"
            " filename, sha256, received_at, recorded_at, late, fingerprint) VALUES (?1, ?2,"
            " (SELECT count(*) + 1 FROM submission WHERE matter = ?1 AND unit = ?2),"
            " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            NUM(s->matter), NUM(s->unit), REF(s->message), TXT(how_text(s->how)),
            TXT(stance_text(s->stance)), TXT(s->evidence), TXT(s->text != NULL ? s->text : ""),
            TXT(s->filename), TXT(s->sha256), INST(s->received_at), INST(clock_now()),
            NUM(s->late != 0), TXT(s->fingerprint));
    gint64 id = sql_new_id(db);
    event_add(db, &(struct event){ .what = "submission.add",
                                   .text = stance_text(s->stance),
                                   .matter = s->matter,
                                   .unit = s->unit,
                                   .message = s->message });
    return id;
}

struct submission *submission_get(struct db *db, gint64 id)
{
    return load_one(sql_query(db, COLUMNS "WHERE id = ?", NUM(id)));
}

GPtrArray *submission_list(struct db *db, gint64 matter, gint64 unit)
{
    GPtrArray *list = g_ptr_array_new_with_free_func((GDestroyNotify)submission_free);
    struct sql *q = sql_query(db, COLUMNS "WHERE matter = ? AND unit = ? ORDER BY version",
                              NUM(matter), NUM(unit));
    while (sql_row(q))
        g_ptr_array_add(list, load(q));
    return list;
}

struct submission *submission_current(struct db *db, gint64 matter, gint64 unit)
{
    return load_one(sql_query(db,
                              COLUMNS "WHERE matter = ? AND unit = ? AND voided_at IS NULL"
                                      " ORDER BY version DESC LIMIT 1",
                              NUM(matter), NUM(unit)));
}

void submission_void(struct db *db, gint64 id, const char *reason)
{
    sql_run(db,
            "UPDATE submission SET voided_at = ?, void_reason = ?"
            " WHERE id = ? AND voided_at IS NULL",
            INST(clock_now()), TXT(reason), NUM(id));
    gint64 matter = sql_one(db, "SELECT matter FROM submission WHERE id = ?", NUM(id));
    gint64 unit = sql_one(db, "SELECT unit FROM submission WHERE id = ?", NUM(id));
    event_add(db, &(struct event){
                      .what = "submission.void", .text = reason, .matter = matter, .unit = unit });
}

gint64 submission_of_message(struct db *db, gint64 message, const struct side *side)
{
    return sql_one(db,
                   "SELECT max(id) FROM submission WHERE message = ? AND matter = ? AND unit = ?"
                   " AND voided_at IS NULL",
                   NUM(message), NUM(side->matter), NUM(side->unit));
}

gint64 submission_repeated(struct db *db, gint64 matter, gint64 unit, const char *fingerprint)
{
    return sql_one(db,
                   "SELECT id FROM submission WHERE matter = ? AND unit = ? AND fingerprint = ?"
                   " AND voided_at IS NULL",
                   NUM(matter), NUM(unit), TXT(fingerprint));
}
