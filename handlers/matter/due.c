/* When the schedule must be looked at again: the edges of office hours, the digest, the turn of the
 * day, and the moment when a silent mailbox becomes an alarm. Between them nothing can fall due. */
#include "handlers/private.h"

static void earlier(gint64 *next, gint64 now, gint64 at)
{
    if (at > now && at < *next)
        *next = at;
}

static void consider_day(struct office *office, int day, gint64 now, gint64 *next)
{
    int digest = office->policy->digest;
    earlier(next, now, instant_at(day, 0, 0));
    earlier(next, now, instant_at(day, digest / 60, digest % 60));
    for (char **range = office->policy->hours; *range != NULL; range++) {
        g_auto(GStrv) edges = g_strsplit(*range, "-", 2);
        for (char **edge = edges; *edge != NULL; edge++) {
            int minutes = minutes_parse(g_strstrip(*edge));
            if (minutes >= 0)
                earlier(next, now, instant_at(day, minutes / 60, minutes % 60));
        }
    }
}

/* A deadline with a time of its own ends inside a day. */
static void consider_deadlines(struct office *office, gint64 now, gint64 *next)
{
    g_autoptr(GArray) matters = matter_list(office->db, STATE_ISSUED);
    for (guint i = 0; i < matters->len; i++) {
        g_autoptr(GPtrArray) list = assignment_list(office->db, g_array_index(matters, gint64, i));
        for (guint k = 0; k < list->len; k++) {
            const struct assignment *a = list->pdata[k];
            if (a->deadline != NULL)
                earlier(next, now, deadline_end(a->deadline));
        }
    }
}

gint64 due_next(struct office *office)
{
    gint64 now = clock_now(), next = G_MAXINT64;
    int today = day_of(now);
    consider_day(office, today, now, &next);
    consider_day(office, today + 1, now, &next);
    consider_deadlines(office, now, &next);
    earlier(&next, now, silent_since(office) + SILENT_AFTER + 1);
    return next;
}
