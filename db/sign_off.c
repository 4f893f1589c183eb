/* Sign-offs. */
#include "db/sql.h"

#include "base/base.h"

static const struct {
    const char *text, *chinese;
} words[SIGN_OFF_OUTCOMES] = { [SIGN_OFF_WAITING] = { "waiting", "待签发" },
                               [SIGN_OFF_SIGNED] = { "signed", "已签发" },
                               [SIGN_OFF_RETURNED] = { "returned", "已退回" },
                               [SIGN_OFF_VOID] = { "void", "已作废" } };

const char *sign_off_text(enum sign_off_outcome outcome)
{
    return words[outcome].text;
}

const char *sign_off_chinese(enum sign_off_outcome outcome)
{
    return words[outcome].chinese;
}

void sign_off_free(struct sign_off *s)
{
    if (s == NULL)
        return;
    g_free(s->sha256);
    g_free(s->submitted_by);
    g_free(s->signer);
    g_free(s->remarks);
    g_free(s);
}

gint64 sign_off_add(struct db *db, gint64 matter, const char *sha256, const char *by)
{
    sql_run(db,
            "INSERT INTO sign_off (matter, sha256, submitted_at, submitted_by, outcome)"
            " VALUES (?, ?, ?, ?, 'waiting')",
            NUM(matter), TXT(sha256), INST(clock_now()), TXT(by));
    return sql_new_id(db);
}

static enum sign_off_outcome outcome_of(const char *text)
{
    for (int i = 0; i < SIGN_OFF_OUTCOMES; i++)
        if (g_strcmp0(words[i].text, text) == 0)
            return (enum sign_off_outcome)i;
    return SIGN_OFF_VOID;
}

struct sign_off *sign_off_get(struct db *db, gint64 matter)
{
    struct sql *q = sql_query(db,
                              "SELECT id, sha256, submitted_at, submitted_by, outcome, signed_at,"
                              " ended_at, signer, remarks FROM sign_off WHERE matter = ?"
                              " ORDER BY id DESC LIMIT 1",
                              NUM(matter));
    if (!sql_row(q))
        return NULL;
    struct sign_off *s = g_new0(struct sign_off, 1);
    s->id = sql_num(q, 0);
    s->matter = matter;
    s->sha256 = sql_dup(q, 1);
    s->submitted_at = sql_instant(q, 2);
    s->submitted_by = sql_dup(q, 3);
    s->outcome = outcome_of(sql_str(q, 4));
    s->signed_at = sql_instant(q, 5);
    s->ended_at = sql_instant(q, 6);
    s->signer = sql_dup(q, 7);
    s->remarks = sql_dup(q, 8);
    sql_end(q);
    return s;
}

void sign_off_end(struct db *db, gint64 id, enum sign_off_outcome outcome, const char *signer,
                  const char *remarks)
{
    gint64 now = clock_now();
    sql_run(db,
            "UPDATE sign_off SET outcome = ?, signed_at = coalesce(signed_at, ?),"
            " ended_at = coalesce(ended_at, ?), signer = coalesce(?, signer),"
            " remarks = coalesce(?, remarks) WHERE id = ?",
            TXT(sign_off_text(outcome)), INST(outcome == SIGN_OFF_SIGNED ? now : 0),
            INST(outcome == SIGN_OFF_SIGNED ? 0 : now), TXT(signer), TXT(remarks), NUM(id));
}
