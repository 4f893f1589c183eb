/* Assignments: one unit's side of one matter. */
#include "db/sql.h"

#include "base/base.h"

#define COLUMNS \
    "SELECT a.id, a.matter, a.unit, a.status, a.late, a.electronic_at, a.paper, a.paper_at," \
    " a.paper_how, a.paper_stance, coalesce(a.deadline, m.deadline), a.due + m.due - 1, a.remark" \
    " FROM assignment a JOIN matter m ON m.id = a.matter JOIN unit u ON u.id = a.unit "

void assignment_free(struct assignment *assignment)
{
    if (assignment == NULL)
        return;
    g_free(assignment->deadline);
    g_free(assignment->remark);
    g_free(assignment);
}

static struct assignment *load(struct sql *q)
{
    struct assignment *a = g_new0(struct assignment, 1);
    a->id = sql_num(q, 0);
    a->matter = sql_num(q, 1);
    a->unit = sql_num(q, 2);
    a->status = (enum status)status_of(sql_str(q, 3));
    a->late = sql_num(q, 4) != 0;
    a->electronic_at = sql_instant(q, 5);
    a->paper = (enum paper)paper_of(sql_str(q, 6));
    a->paper_at = sql_instant(q, 7);
    a->paper_how = how_of(sql_str(q, 8));
    a->paper_stance = stance_of(sql_str(q, 9));
    a->deadline = sql_dup(q, 10);
    a->due = (int)sql_num(q, 11);
    a->remark = sql_dup(q, 12);
    return a;
}

void assignment_add(struct db *db, gint64 matter, gint64 unit, enum paper paper)
{
    sql_run(db, "INSERT INTO assignment (matter, unit, status, paper) VALUES (?, ?, 'waiting', ?)",
            NUM(matter), NUM(unit), TXT(paper_text(paper)));
}

struct assignment *assignment_get(struct db *db, gint64 matter, gint64 unit)
{
    struct assignment *a = NULL;
    struct sql *q =
        sql_query(db, COLUMNS "WHERE a.matter = ? AND a.unit = ?", NUM(matter), NUM(unit));
    if (sql_row(q)) {
        a = load(q);
        sql_end(q);
    }
    return a;
}

GPtrArray *assignment_list(struct db *db, gint64 matter)
{
    GPtrArray *list = g_ptr_array_new_with_free_func((GDestroyNotify)assignment_free);
    struct sql *q = sql_query(db, COLUMNS "WHERE a.matter = ? ORDER BY u.id", NUM(matter));
    while (sql_row(q))
        g_ptr_array_add(list, load(q));
    return list;
}

GArray *assignment_open_matters(struct db *db, gint64 unit)
{
    return sql_ids(sql_query(db,
                             "SELECT m.id FROM assignment a JOIN matter m ON m.id = a.matter"
                             " WHERE a.unit = ? AND m.state = 'issued' ORDER BY m.id",
                             NUM(unit)));
}

gboolean assignment_owes(const struct matter *matter, const struct assignment *a,
                         gboolean *electronic, gboolean *paper)
{
    gboolean free = a->status == STATUS_EXEMPT || a->status == STATUS_DEEMED;
    gboolean owes_electronic = !free && matter->electronic && a->electronic_at == 0;
    gboolean owes_paper = !free && a->paper == PAPER_WAITING;
    if (electronic != NULL)
        *electronic = owes_electronic;
    if (paper != NULL)
        *paper = owes_paper;
    return owes_electronic || owes_paper;
}

static void changed(struct db *db, gint64 matter, gint64 unit, const char *what, const char *text)
{
    if (sql_changes(db) > 0)
        event_add(db,
                  &(struct event){ .what = what, .text = text, .matter = matter, .unit = unit });
}

void assignment_set_status(struct db *db, gint64 matter, gint64 unit, enum status status,
                           const char *why)
{
    g_autofree char *what = g_strdup_printf("status.%s", status_text(status));
    sql_run(db,
            "UPDATE assignment SET status = ?1, remark = ?2"
            " WHERE matter = ?3 AND unit = ?4 AND status <> ?1",
            TXT(status_text(status)), TXT(why), NUM(matter), NUM(unit));
    changed(db, matter, unit, what, why);
}

void assignment_set_late(struct db *db, gint64 matter, gint64 unit, gboolean late)
{
    sql_run(db, "UPDATE assignment SET late = ?1 WHERE matter = ?2 AND unit = ?3 AND late <> ?1",
            NUM(late != 0), NUM(matter), NUM(unit));
    changed(db, matter, unit, late ? "status.late" : "status.in_time", "");
}

void assignment_set_electronic(struct db *db, gint64 matter, gint64 unit, gint64 at)
{
    sql_run(db,
            "UPDATE assignment SET electronic_at = ?1"
            " WHERE matter = ?2 AND unit = ?3 AND electronic_at IS NOT ?1",
            INST(at), NUM(matter), NUM(unit));
    changed(db, matter, unit, at != 0 ? "electronic.received" : "electronic.withdrawn", "");
}

void assignment_set_paper(struct db *db, gint64 matter, gint64 unit, gint64 at, enum how how,
                          int stance)
{
    const char *text = stance >= 0 ? stance_text((enum stance)stance) : NULL;
    sql_run(db,
            "UPDATE assignment SET paper = 'received', paper_at = ?, paper_how = ?,"
            " paper_stance = coalesce(?, paper_stance) WHERE matter = ? AND unit = ?",
            INST(at), TXT(how_text(how)), TXT(text), NUM(matter), NUM(unit));
    changed(db, matter, unit, "paper.received", how_text(how));
}

void assignment_date(struct db *db, gint64 matter, gint64 unit, const char *deadline)
{
    sql_run(db,
            "UPDATE assignment SET deadline = ?1"
            " WHERE matter = ?2 AND unit = ?3 AND due = 1 AND deadline IS NOT ?1",
            TXT(deadline), NUM(matter), NUM(unit));
    changed(db, matter, unit, "assignment.due", deadline);
}

void assignment_extend(struct db *db, gint64 matter, gint64 unit, const char *deadline)
{
    sql_run(db, "UPDATE assignment SET deadline = ?, due = due + 1 WHERE matter = ? AND unit = ?",
            TXT(deadline), NUM(matter), NUM(unit));
    changed(db, matter, unit, "assignment.extend", deadline);
}
