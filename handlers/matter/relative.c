/* Relative deadlines: “收到通知后3个工作日内”. Who was told later has until later; until the notice
 * has left, the day of issue stands in for the day on which it came. */
#include "handlers/private.h"

#include <string.h>

char *relative_chinese(const struct matter *m)
{
    if (m->days == 0)
        return NULL;
    return g_strdup_printf("%s后 %d 个%s内", m->from_issue ? "通知发出" : "收到通知", m->days,
                           m->work_days ? "工作日" : "自然日");
}

/* The day itself does not count. */
static char *due_from(const struct matter *m, int day)
{
    return day_text(m->work_days ? day_add_working(day, m->days) : day + m->days);
}

void relative_begin(struct office *office, const struct matter *m)
{
    g_autoptr(GPtrArray) list = assignment_list(office->db, m->id);
    g_autofree char *due = m->days > 0 ? due_from(m, day_of(clock_now())) : NULL;
    for (guint i = 0; due != NULL && i < list->len; i++)
        assignment_date(office->db, m->id, ((const struct assignment *)list->pdata[i])->unit, due);
}

/* The matter whose days begin with this row; NULL: none do. */
static struct matter *begins(struct office *office, const struct outbox *row)
{
    gboolean notice = row->matter != 0 && row->unit != 0 && strcmp(row->kind, "notice") == 0;
    struct matter *m = notice ? matter_get(office->db, row->matter) : NULL;
    if (m != NULL && m->days > 0 && !m->from_issue)
        return m;
    matter_free(m);
    return NULL;
}

static char *day_of_row(struct office *office, const struct outbox *row)
{
    struct matter *m = row->state != OUT_SENT ? begins(office, row) : NULL;
    struct assignment *a = assignment_get(office->db, row->matter, row->unit);
    g_autofree char *due = m != NULL && a != NULL && a->due == 1 ? due_from(m, day_of(clock_now()))
                           : a != NULL                           ? g_strdup(a->deadline)
                                                                 : NULL;
    matter_free(m);
    assignment_free(a);
    return due != NULL ? deadline_chinese(due, year_now()) : g_strdup("另行通知");
}

char *notice_dated(struct office *office, const struct outbox *row, const char *text)
{
    if (text == NULL || strstr(text, NOTICE_DUE) == NULL)
        return g_strdup(text);
    g_autofree char *day = day_of_row(office, row);
    GString *dated = g_string_new(text);
    g_string_replace(dated, NOTICE_DUE, day, 0);
    return g_string_free(dated, FALSE);
}

void notice_left(struct office *office, const struct outbox *row)
{
    struct matter *m = begins(office, row);
    g_autofree char *due = m != NULL ? due_from(m, day_of(clock_now())) : NULL;
    if (due != NULL)
        assignment_date(office->db, row->matter, row->unit, due);
    matter_free(m);
}
