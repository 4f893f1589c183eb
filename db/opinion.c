/* Opinions and dispositions. */
#include "db/sql.h"

#include "base/base.h"
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *text, *chinese, *also;
} words[DISPOSITIONS] = {
    [DISPOSITION_PENDING] = { "pending", "待定", "未定" },
    [DISPOSITION_ADOPTED] = { "adopted", "采纳", "予以采纳" },
    [DISPOSITION_PARTLY] = { "partly_adopted", "部分采纳", "部分予以采纳" },
    [DISPOSITION_NOT_ADOPTED] = { "not_adopted", "不采纳", "不予采纳" },
};

const char *disposition_text(enum disposition disposition)
{
    return words[disposition].text;
}

const char *disposition_chinese(enum disposition disposition)
{
    return words[disposition].chinese;
}

int disposition_of(const char *text)
{
    g_autofree char *bare = text_compact(text);
    if (*bare == '\0')
        return DISPOSITION_PENDING;
    if (g_str_equal(bare, "未采纳"))
        return DISPOSITION_NOT_ADOPTED;
    for (int i = 0; i < DISPOSITIONS; i++)
        if (g_str_equal(bare, words[i].text) || g_str_equal(bare, words[i].chinese) ||
            g_str_equal(bare, words[i].also))
            return i;
    return -1;
}

void opinions_set(struct db *db, gint64 submission, json_t *opinions)
{
    size_t i;
    json_t *opinion;
    sql_run(db, "DELETE FROM opinion WHERE submission = ?", NUM(submission));
    json_array_foreach (opinions, i, opinion) {
        char *text = json_dumps(opinion, JSON_COMPACT);
        sql_run(db, "INSERT INTO opinion (submission, position, key, json) VALUES (?, ?, ?, ?)",
                NUM(submission), NUM((gint64)i + 1),
                TXT(json_string_value(json_object_get(opinion, "key"))), TXT(text));
        free(text);
    }
}

json_t *opinions_get(struct db *db, gint64 submission)
{
    json_t *list = json_array();
    struct sql *q = sql_query(db, "SELECT json FROM opinion WHERE submission = ? ORDER BY position",
                              NUM(submission));
    while (sql_row(q))
        json_array_append_new(list, json_loads(sql_str(q, 0), 0, NULL));
    return list;
}

int opinion_count(struct db *db, gint64 submission)
{
    return (int)sql_one(db, "SELECT count(*) FROM opinion WHERE submission = ?", NUM(submission));
}

struct decision decision_get(struct db *db, gint64 matter, gint64 unit, const char *key)
{
    struct decision decision = { DISPOSITION_PENDING, NULL };
    struct sql *q = sql_query(db,
                              "SELECT disposition, reason FROM disposition"
                              " WHERE matter = ? AND unit = ? AND key = ?",
                              NUM(matter), NUM(unit), TXT(key));
    if (sql_row(q)) {
        decision.disposition = (enum disposition)disposition_of(sql_str(q, 0));
        decision.reason = sql_dup(q, 1);
        sql_end(q);
    }
    if (decision.reason == NULL)
        decision.reason = g_strdup("");
    return decision;
}

void decision_set(struct db *db, gint64 matter, gint64 unit, const char *key,
                  const struct decision *decision)
{
    struct decision before = decision_get(db, matter, unit, key);
    gboolean same =
        before.disposition == decision->disposition && g_str_equal(before.reason, decision->reason);
    g_free(before.reason);
    if (same)
        return;
    sql_run(db,
            "INSERT INTO disposition (matter, unit, key, disposition, reason, decided_at)"
            " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (matter, unit, key) DO UPDATE SET"
            " disposition = excluded.disposition, reason = excluded.reason,"
            " decided_at = excluded.decided_at",
            NUM(matter), NUM(unit), TXT(key), TXT(disposition_text(decision->disposition)),
            TXT(decision->reason), INST(clock_now()));
    g_autofree char *text =
        g_strdup_printf("%s %s", key, disposition_chinese(decision->disposition));
    event_add(db,
              &(struct event){
                  .what = "opinion.disposition", .text = text, .matter = matter, .unit = unit });
}
