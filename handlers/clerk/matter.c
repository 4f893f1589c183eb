/* What a clerk does with a whole matter: 催办, 延期, 结束. */
#include "handlers/clerk/clerk.h"

#include <stdlib.h>

static gboolean is_named(const struct call *call, gint64 unit)
{
    for (guint i = 0; i < call->units->len; i++)
        if (g_array_index(call->units, gint64, i) == unit)
            return TRUE;
    return FALSE;
}

static gboolean reminded_today(struct clerk *clerk, const struct assignment *a)
{
    gint64 id = outbox_newest(clerk->office->db, "reminder", a->matter, a->unit);
    struct outbox *row = id != 0 ? outbox_get(clerk->office->db, id) : NULL;
    gboolean today = row != NULL && row->state != OUT_CANCELLED &&
                     day_of(row->created_at) == day_of(clock_now());
    outbox_free(row);
    return today;
}

/* Why a unit is not reminded, NULL if it is; "" if it need not be mentioned. */
static const char *spared(struct clerk *clerk, const struct matter *m, const struct assignment *a,
                          gboolean named)
{
    if (!assignment_owes(m, a, NULL, NULL))
        return named ? "不欠，不必催" : "";
    if (a->deadline == NULL)
        return "没有截止时间，不能催";
    if (!named && review_of_unit(clerk->office->db, m->id, a->unit) > 0)
        return "有来信在待办里，请先处理";
    if (!named && reminded_today(clerk, a))
        return "今天已经催过；要再催请点名";
    return NULL;
}

char *clerk_remind_plan(struct clerk *clerk, const struct call *call, GError **error)
{
    struct matter *m = matter_open(clerk->office, call->matter, error);
    g_autoptr(GPtrArray) list = assignment_list(clerk->office->db, call->matter);
    g_autoptr(GString) names = g_string_new(NULL);
    int n = 0;
    for (guint i = 0; m != NULL && i < list->len; i++) {
        const struct assignment *a = list->pdata[i];
        gboolean named = is_named(call, a->unit);
        if ((call->units->len > 0 && !named) || spared(clerk, m, a, named) != NULL)
            continue;
        g_autofree char *name = unit_label(clerk->office->db, a->unit);
        g_string_append_printf(names, "%s%s", n++ > 0 ? "、" : "", name);
    }
    char *plan = NULL;
    if (m != NULL && n == 0)
        fault_set(error, FAULT_REFUSED,
                  "没有要催的单位（不欠的、有来信待处理的、今天催过的都不催）");
    else if (m != NULL)
        plan = g_strdup_printf("催办《%s》：给 %d 个单位各发一封催办邮件：%s", m->title, n,
                               names->str);
    matter_free(m);
    return plan;
}

gboolean clerk_remind(struct clerk *clerk, const struct call *call, json_t *part, GError **error)
{
    struct matter *m = matter_open(clerk->office, call->matter, error);
    g_autoptr(GPtrArray) list = assignment_list(clerk->office->db, call->matter);
    g_autofree char *when = g_strdup_printf("by-%" G_GINT64_FORMAT, clerk->message->id);
    g_autoptr(GString) names = g_string_new(NULL);
    gboolean ok = m != NULL;
    for (guint i = 0; ok && i < list->len; i++) {
        const struct assignment *a = list->pdata[i];
        gboolean named = is_named(call, a->unit);
        if (call->units->len > 0 && !named)
            continue;
        g_autofree char *name = unit_label(clerk->office->db, a->unit);
        const char *skipped = spared(clerk, m, a, named);
        if (skipped == NULL)
            ok = reminder_queue(clerk->office, m, a, when, &skipped, error);
        if (skipped == NULL)
            g_string_append_printf(names, "%s%s", names->len > 0 ? "、" : "", name);
        else if (*skipped != '\0')
            part_say(part, "没有催 %s：%s", name, skipped);
    }
    if (ok)
        part_say(part, names->len > 0 ? "已催办：%s" : "没有催办任何单位%s", names->str);
    matter_free(m);
    return ok;
}

static char *deadline_words(const char *deadline)
{
    g_autofree char *today = day_text(day_of(clock_now()));
    return deadline_chinese(deadline, atoi(today));
}

gboolean clerk_prolong(struct clerk *clerk, const struct call *call, json_t *part, GError **error)
{
    g_autofree char *deadline = deadline_words(call->deadline);
    gboolean ok = call->units->len > 0 ||
                  matter_prolong(clerk->office, call->matter, 0, call->deadline, error);
    for (guint i = 0; ok && i < call->units->len; i++) {
        gint64 unit = g_array_index(call->units, gint64, i);
        g_autofree char *name = unit_label(clerk->office->db, unit);
        ok = matter_prolong(clerk->office, call->matter, unit, call->deadline, error);
        if (ok)
            part_say(part, "%s 的截止时间改为 %s", name, deadline);
    }
    if (ok && call->units->len == 0)
        part_say(part, "全部单位的截止时间改为 %s", deadline);
    return ok;
}

/* Silence is taken for consent only where law and notice allow it; the list is what the clerk
 * confirms. */
char *clerk_finish_plan(struct clerk *clerk, const struct call *call, GError **error)
{
    struct matter *m = matter_open(clerk->office, call->matter, error);
    if (m == NULL)
        return NULL;
    g_autofree char *deemed = NULL, *blocked = NULL;
    gboolean may = settlement_preview(clerk->office, m, &deemed, &blocked);
    g_autoptr(GString) plan = g_string_new(NULL);
    g_string_append_printf(plan, "办结《%s》，不再催办。", m->title);
    if (may && *deemed != '\0')
        g_string_append_printf(plan, "按通知“%s”，以下单位记为视为无异议：%s。", m->silence_text,
                               deemed);
    if (may && *blocked != '\0')
        g_string_append_printf(plan, "以下单位不能认定，照现状办结：%s。", blocked);
    if (!may && m->deemed)
        g_string_append(plan, "期限或宽限期未满，没有反馈的单位不作认定。");
    if (!m->deemed)
        g_string_append(plan, "通知没有写明逾期视为无异议，没有反馈的单位不作认定。");
    matter_free(m);
    return g_strdup(plan->str);
}

gboolean clerk_finish(struct clerk *clerk, const struct call *call, json_t *part, GError **error)
{
    struct matter *m = matter_open(clerk->office, call->matter, error);
    if (m == NULL)
        return FALSE;
    g_autofree char *deemed = NULL, *blocked = NULL;
    gboolean may = settlement_preview(clerk->office, m, &deemed, &blocked);
    int n = 0, n_blocked = 0;
    gboolean ok =
        (!may || *deemed == '\0' || matter_settle(clerk->office, m->id, &n, &n_blocked, error)) &&
        matter_close(clerk->office, m->id, error);
    if (ok && n > 0)
        part_say(part, "%d 个单位记为视为无异议：%s", n, deemed);
    if (ok)
        part_say(part, "《%s》已办结，不再催办", m->title);
    matter_free(m);
    return ok;
}

char *clerk_withdraw_plan(struct clerk *clerk, const struct call *call, GError **error)
{
    struct matter *m = matter_get(clerk->office->db, call->matter);
    char *plan = NULL;
    if (m->state == STATE_CLOSED || m->state == STATE_CANCELLED)
        fault_set(error, FAULT_REFUSED, "“%s”%s，不能撤销", m->title,
                  matter_state_chinese(m->state));
    else
        plan = g_strdup_printf("撤销《%s》（%s）：还没有发出的邮件取消，不再催办%s。", m->title,
                               matter_state_chinese(m->state),
                               m->state == STATE_ISSUED ? "；已经发出的收不回来" : "");
    matter_free(m);
    return plan;
}

gboolean clerk_withdraw(struct clerk *clerk, const struct call *call, json_t *part, GError **error)
{
    if (!matter_cancel(clerk->office, call->matter, error))
        return FALSE;
    part_say(part, "已撤销，还没有发出的邮件已取消");
    return TRUE;
}
