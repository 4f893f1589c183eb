/* Reminders: by working-day steps around the deadline, once per step and due version, only to who
 * still owes, only inside office hours; after downtime one catch-up, the latest step. */
#include "handlers/private.h"

#include <stdlib.h>

/* The latest step whose day has come, and lies after the day of issue. FALSE: none. */
static gboolean latest_step(struct office *office, const struct matter *m,
                            const struct assignment *a, int *step)
{
    gboolean found = FALSE;
    int today = day_of(clock_now());
    int issued = day_of(m->issued_at);
    int latest = 0;
    for (char **text = office->policy->reminders; *text != NULL; text++) {
        int n = atoi(*text);
        int day = day_add_working(deadline_day(a->deadline), n);
        if (day <= today && day > issued && (!found || day > latest)) {
            found = TRUE;
            latest = day;
            *step = n;
        }
    }
    return found;
}

static json_t *reminder_data(struct office *office, const struct matter *m,
                             const struct assignment *a)
{
    gint64 now = clock_now();
    int today = day_of(now);
    int due = deadline_day(a->deadline);
    gboolean past = now >= deadline_end(a->deadline);
    g_autofree char *day = day_text(today);
    g_autofree char *deadline = deadline_chinese(a->deadline, atoi(day));
    return json_pack("{so so so so ss sb sb sb si}", "office", office_data(office), "matter",
                     matter_data(office, m), "owed", owed_data(m, a), "unit",
                     unit_data(office, a->unit), "deadline", deadline, "past", past, "today",
                     !past && due == today, "before", due > today, "days", due - today);
}

gboolean reminder_queue(struct office *office, const struct matter *m, const struct assignment *a,
                        const char *when, const char **skipped, GError **error)
{
    g_auto(GStrv) to = unit_addresses(office->db, a->unit, ROLE_LIAISON);
    g_autofree char *code = unit_code(office->db, a->unit);
    g_autofree char *key =
        g_strdup_printf("reminder/%" G_GINT64_FORMAT "/%s/%s/due-%d", m->id, code, when, a->due);
    gint64 notice = outbox_newest(office->db, "notice", m->id, a->unit);
    struct outbox *first = notice != 0 ? outbox_get(office->db, notice) : NULL;
    *skipped = NULL;
    if (to[0] == NULL)
        *skipped = "没有登记邮箱";
    else if (outbox_has(office->db, key))
        *skipped = "已经催过";
    /* Nobody is reminded of what never reached them. */
    else if (first == NULL || first->state != OUT_SENT)
        *skipped = "通知还没有发到";
    gboolean ok = TRUE;
    if (*skipped == NULL) {
        json_auto_t *data = reminder_data(office, m, a);
        /* One that never left is superseded by this one. */
        outbox_cancel(office->db, "reminder", m->id, a->unit, "由新的催办代替");
        ok = letter_queue(office,
                          &(struct letter){ .kind = "reminder",
                                            .key = key,
                                            .matter = m->id,
                                            .unit = a->unit,
                                            .to = (const char *const *)to,
                                            .in_reply_to = first->message_id,
                                            .data = data },
                          error);
    }
    outbox_free(first);
    return ok;
}

static gboolean remind(struct office *office, const struct matter *m, const struct assignment *a,
                       int step, GError **error)
{
    const char *skipped;
    g_autofree char *when = step == 0 ? g_strdup("t0") : g_strdup_printf("t%+d", step);
    return reminder_queue(office, m, a, when, &skipped, error);
}

static gboolean remind_matter(struct office *office, gint64 id, GError **error)
{
    struct matter *m = matter_get(office->db, id);
    g_autoptr(GPtrArray) list = assignment_list(office->db, id);
    gboolean ok = TRUE;
    for (guint i = 0; ok && i < list->len; i++) {
        const struct assignment *a = list->pdata[i];
        int step;
        if (a->deadline == NULL || !assignment_owes(m, a, NULL, NULL))
            continue;
        /* Whoever may have answered already is not chased: a person looks first. */
        if (review_of_unit(office->db, id, a->unit) > 0)
            continue;
        if (latest_step(office, m, a, &step))
            ok = remind(office, m, a, step, error);
    }
    matter_free(m);
    return ok;
}

gboolean reminders_run(struct office *office, GError **error)
{
    if (!hours_open((const char *const *)office->policy->hours, clock_now()))
        return TRUE;
    gboolean ok = TRUE;
    g_autoptr(GArray) matters = matter_list(office->db, STATE_ISSUED);
    for (guint i = 0; ok && i < matters->len; i++)
        ok = remind_matter(office, g_array_index(matters, gint64, i), error);
    return ok;
}
