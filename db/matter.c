/* Matters and their annexes. */
#include "db/sql.h"

#include "base/base.h"
#include <stdlib.h>

#define COLUMNS \
    "SELECT id, token, number, title, kind, state, deadline, due, silence IS NOT NULL," \
    " silence_text, electronic, paper, notice, created_at, issued_at, settled_at, closed_at," \
    " days, work_days, from_issue" \
    " FROM matter "

void matter_free(struct matter *matter)
{
    if (matter == NULL)
        return;
    g_free(matter->token);
    g_free(matter->number);
    g_free(matter->title);
    g_free(matter->deadline);
    g_free(matter->silence_text);
    g_free(matter->notice);
    g_free(matter);
}

struct matter *matter_get(struct db *db, gint64 id)
{
    struct sql *q = sql_query(db, COLUMNS "WHERE id = ?", NUM(id));
    if (!sql_row(q))
        return NULL;
    struct matter *m = g_new0(struct matter, 1);
    m->id = sql_num(q, 0);
    m->token = sql_dup(q, 1);
    m->number = sql_dup(q, 2);
    m->title = sql_dup(q, 3);
    m->kind = (enum matter_kind)matter_kind_of(sql_str(q, 4));
    m->state = (enum matter_state)matter_state_of(sql_str(q, 5));
    m->deadline = sql_dup(q, 6);
    m->due = (int)sql_num(q, 7);
    m->deemed = sql_num(q, 8) != 0;
    m->silence_text = sql_dup(q, 9);
    m->electronic = sql_num(q, 10) != 0;
    m->paper = sql_num(q, 11) != 0;
    m->notice = sql_dup(q, 12);
    m->created_at = sql_instant(q, 13);
    m->issued_at = sql_instant(q, 14);
    m->settled_at = sql_instant(q, 15);
    m->closed_at = sql_instant(q, 16);
    m->days = (int)sql_num(q, 17);
    m->work_days = sql_num(q, 18) != 0;
    m->from_issue = sql_num(q, 19) != 0;
    sql_end(q);
    return m;
}

static gint64 single(struct sql *q)
{
    gint64 found = 0;
    while (sql_row(q)) {
        if (found != 0) {
            sql_end(q);
            return -1;
        }
        found = sql_num(q, 0);
    }
    return found;
}

gint64 matter_find(struct db *db, const char *text)
{
    char *end;
    gint64 id = g_ascii_strtoll(text, &end, 10);
    if (*text != '\0' && *end == '\0')
        return sql_one(db, "SELECT id FROM matter WHERE id = ?", NUM(id));
    gint64 found =
        single(sql_query(db, "SELECT id FROM matter WHERE number = ?1 OR title = ?1", TXT(text)));
    if (found != 0 || *text == '\0')
        return found;
    return single(sql_query(db, "SELECT id FROM matter WHERE instr(title, ?1) OR instr(number, ?1)",
                            TXT(text)));
}

gint64 matter_by_token(struct db *db, const char *token)
{
    return sql_one(db, "SELECT id FROM matter WHERE token = ? COLLATE NOCASE", TXT(token));
}

gint64 matter_in_text(struct db *db, const char *text)
{
    g_autofree char *upper = g_ascii_strup(text, -1);
    return single(sql_query(db, "SELECT id FROM matter WHERE instr(?, upper(token))", TXT(upper)));
}

GArray *matter_list(struct db *db, int state)
{
    const char *text = state < 0 ? NULL : matter_state_text((enum matter_state)state);
    return sql_ids(sql_query(db, "SELECT id FROM matter WHERE ?1 IS NULL OR state = ?1 ORDER BY id",
                             TXT(text)));
}

char **matter_all_names(struct db *db)
{
    GPtrArray *names = g_ptr_array_new();
    struct sql *q = sql_query(db, "SELECT title FROM matter UNION"
                                  " SELECT number FROM matter WHERE number IS NOT NULL");
    while (sql_row(q))
        g_ptr_array_add(names, sql_dup(q, 0));
    g_ptr_array_add(names, NULL);
    return (char **)g_ptr_array_free(names, FALSE);
}

/* Without 0 O 1 I L U: read over the telephone and typed again, it stays what it was. */
static char *new_token(gint64 id)
{
    static const char letters[] = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
    char tail[6] = "";
    for (size_t i = 0; i < sizeof tail - 1; i++)
        tail[i] = letters[g_random_int_range(0, sizeof letters - 1)];
    return g_strdup_printf("LL%" G_GINT64_FORMAT "-%s", id, tail);
}

gint64 matter_add(struct db *db, const struct matter *matter)
{
    gint64 id = sql_one(db, "SELECT coalesce(max(id), 0) + 1 FROM matter");
    g_autofree char *token = new_token(id);
    sql_run(db,
            "INSERT INTO matter (id, token, number, title, kind, state, deadline, silence,"
            " silence_text, electronic, paper, notice, created_at, days, work_days, from_issue)"
            " VALUES (?, ?, ?, ?, ?, 'draft', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            NUM(id), TXT(token), TXT(matter->number), TXT(matter->title),
            TXT(matter_kind_text(matter->kind)), TXT(matter->deadline),
            TXT(matter->deemed ? "deemed_no_objection" : NULL), TXT(matter->silence_text),
            NUM(matter->electronic), NUM(matter->paper), TXT(matter->notice), INST(clock_now()),
            NUM(matter->days), NUM(matter->work_days != 0), NUM(matter->from_issue != 0));
    names_changed(db);
    event_add(db, &(struct event){ .what = "matter.new", .text = matter->title, .matter = id });
    return id;
}

void matter_set_state(struct db *db, gint64 id, enum matter_state state)
{
    gint64 now = clock_now();
    gboolean ended = state == STATE_CLOSED || state == STATE_CANCELLED;
    g_autofree char *what = g_strdup_printf("matter.%s", matter_state_text(state));
    sql_run(db,
            "UPDATE matter SET state = ?, issued_at = coalesce(issued_at, ?),"
            " closed_at = coalesce(closed_at, ?) WHERE id = ?",
            TXT(matter_state_text(state)), INST(state == STATE_ISSUED ? now : 0),
            INST(ended ? now : 0), NUM(id));
    names_changed(db);
    event_add(db, &(struct event){ .what = what, .matter = id });
}

void matter_set_settled(struct db *db, gint64 id, gint64 at)
{
    sql_run(db, "UPDATE matter SET settled_at = ? WHERE id = ?", INST(at), NUM(id));
    event_add(db, &(struct event){ .what = at != 0 ? "matter.settled" : "matter.unsettled",
                                   .matter = id });
}

void matter_extend(struct db *db, gint64 id, const char *deadline)
{
    sql_run(db,
            "UPDATE matter SET deadline = ?, days = 0, due = due + 1, settled_at = NULL"
            " WHERE id = ?",
            TXT(deadline), NUM(id));
    /* A unit that was granted more than this keeps it. */
    sql_run(db, "UPDATE assignment SET deadline = NULL WHERE matter = ? AND deadline <= ?", NUM(id),
            TXT(deadline));
    event_add(db, &(struct event){ .what = "matter.extend", .text = deadline, .matter = id });
}

void annex_add(struct db *db, gint64 matter, const char *filename, const char *content_type,
               const char *sha256)
{
    sql_run(db,
            "INSERT INTO annex (matter, position, filename, content_type, sha256) VALUES (?1,"
            " (SELECT count(*) + 1 FROM annex WHERE matter = ?1), ?, ?, ?)",
            NUM(matter), TXT(filename), TXT(content_type), TXT(sha256));
}

static void annex_free(gpointer data)
{
    struct annex *annex = data;
    g_free(annex->filename);
    g_free(annex->content_type);
    g_free(annex->sha256);
    g_free(annex);
}

GPtrArray *annex_list(struct db *db, gint64 matter)
{
    GPtrArray *annexes = g_ptr_array_new_with_free_func(annex_free);
    struct sql *q = sql_query(db,
                              "SELECT filename, content_type, annex.sha256, size FROM annex"
                              " JOIN raw ON raw.sha256 = annex.sha256 WHERE matter = ?"
                              " ORDER BY position",
                              NUM(matter));
    while (sql_row(q)) {
        struct annex *annex = g_new0(struct annex, 1);
        annex->filename = sql_dup(q, 0);
        annex->content_type = sql_dup(q, 1);
        annex->sha256 = sql_dup(q, 2);
        annex->size = sql_num(q, 3);
        g_ptr_array_add(annexes, annex);
    }
    return annexes;
}
