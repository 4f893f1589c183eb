/* Settlement: silence becomes 视为无异议 only where the notice says so and nothing speaks against
 * it (law 7), and 逾期 where it does not. A dated act that quotes its sentence. */
#include "handlers/private.h"

gint64 grace_end(struct office *office, const char *deadline)
{
    int day = deadline_day(deadline);
    if (office->policy->grace <= 0)
        return deadline_end(deadline);
    return instant_at(day_add_working(day, office->policy->grace) + 1, 0, 0);
}

static gboolean is_silent(const struct assignment *a)
{
    return a->status == STATUS_WAITING || a->status == STATUS_ACKNOWLEDGED;
}

/* Why the unit's silence proves nothing; NULL if it may be deemed. */
static const char *objection(struct office *office, const struct matter *m,
                             const struct assignment *a)
{
    gint64 moment = grace_end(office, a->deadline);
    gint64 notice = outbox_newest(office->db, "notice", m->id, a->unit);
    struct outbox *sent = notice != 0 ? outbox_get(office->db, notice) : NULL;
    gboolean accepted = sent != NULL && sent->state == OUT_SENT;
    outbox_free(sent);
    if (clock_now() < moment)
        return "宽限期未满";
    if (!accepted)
        return "通知没有发到";
    if (recipient_count(office->db, notice, "accepted") == 0)
        return "通知被退回";
    if (folders_read_at(office->db, (const char *const *)office->policy->folders) < moment)
        return "期满后还没有完整收过邮件";
    if (message_count_waiting(office->db) > 0)
        return "有来信尚未处理";
    if (review_may_answer(office->db, m->id, a->unit) > 0)
        return "待办里有可能是它的反馈";
    if (a->paper == PAPER_RECEIVED && a->paper_stance < 0)
        return "纸质件已到，尚未登记态度";
    return NULL;
}

/* The silent units of a matter, sorted by whether something speaks against deeming them. */
struct silent {
    GArray *free;             /* unit ids */
    GString *names, *blocked; /* for people */
    int n_blocked;
};

static void silent_clear(struct silent *s)
{
    g_array_unref(s->free);
    g_string_free(s->names, TRUE);
    g_string_free(s->blocked, TRUE);
}

static void silent_find(struct office *office, const struct matter *m, struct silent *s)
{
    s->free = g_array_new(FALSE, FALSE, sizeof(gint64));
    s->names = g_string_new(NULL);
    s->blocked = g_string_new(NULL);
    s->n_blocked = 0;
    g_autoptr(GPtrArray) list = assignment_list(office->db, m->id);
    for (guint i = 0; i < list->len; i++) {
        const struct assignment *a = list->pdata[i];
        if (!is_silent(a) || a->deadline == NULL)
            continue;
        g_autofree char *name = unit_label(office->db, a->unit);
        const char *why = objection(office, m, a);
        if (why == NULL) {
            g_array_append_val(s->free, a->unit);
            g_string_append_printf(s->names, "%s%s", s->names->len > 0 ? "、" : "", name);
        } else {
            s->n_blocked++;
            g_string_append_printf(s->blocked, "%s%s（%s）", s->blocked->len > 0 ? "、" : "", name,
                                   why);
        }
    }
}

static void deem(struct office *office, const struct matter *m, const GArray *units)
{
    g_autofree char *why = g_strdup_printf("通知写明：“%s”", m->silence_text);
    for (guint i = 0; i < units->len; i++) {
        gint64 unit = g_array_index(units, gint64, i);
        assignment_set_status(office->db, m->id, unit, STATUS_DEEMED, why);
        outbox_cancel(office->db, "reminder", m->id, unit, "已视为无异议");
    }
}

static gboolean settled_news(struct office *office, const struct matter *m, const struct silent *s,
                             GError **error)
{
    g_autofree char *key = g_strdup_printf("settled/%" G_GINT64_FORMAT "/%d", m->id, m->due);
    json_auto_t *data =
        json_pack("{so so si ss}", "office", office_data(office), "matter", matter_data(office, m),
                  "deemed", (int)s->free->len, "names", s->names->str);
    return news_queue(office, "settled", key, m->id, data, error);
}

/* Deems whom it may; the matter is settled when nobody is left silent. */
static gboolean settle(struct office *office, const struct matter *m, const struct silent *s,
                       GError **error)
{
    deem(office, m, s->free);
    if (s->n_blocked == 0) {
        matter_set_settled(office->db, m->id, clock_now());
        review_settle(office->db, "settlement", &(struct review){ .matter = m->id }, "已认定");
    }
    return s->free->len == 0 || settled_news(office, m, s, error);
}

static void propose(struct office *office, const struct matter *m, const struct silent *s)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_string_append_printf(text, "《%s》期限和宽限期已满。", m->title);
    if (s->free->len > 0)
        g_string_append_printf(text,
                               "%u 个单位未反馈，按通知“%s”可视为无异议：%s。确认请执行"
                               " lianluo matter settle %" G_GINT64_FORMAT "。",
                               s->free->len, m->silence_text, s->names->str, m->id);
    if (s->n_blocked > 0)
        g_string_append_printf(text, "%d 个单位暂不能认定：%s。", s->n_blocked, s->blocked->str);
    review_open(office->db,
                &(struct review){ .reason = "settlement", .text = text->str, .matter = m->id });
}

static void mark_overdue(struct office *office, const struct matter *m)
{
    g_autoptr(GPtrArray) list = assignment_list(office->db, m->id);
    for (guint i = 0; i < list->len; i++) {
        const struct assignment *a = list->pdata[i];
        if (is_silent(a) && a->deadline != NULL && clock_now() >= deadline_end(a->deadline))
            assignment_set_status(office->db, m->id, a->unit, STATUS_OVERDUE, NULL);
    }
}

/* TRUE once every unit's own deadline and grace are over. */
static gboolean is_over(struct office *office, const struct matter *m)
{
    gint64 latest = m->deadline != NULL ? grace_end(office, m->deadline) : 0;
    g_autoptr(GPtrArray) list = assignment_list(office->db, m->id);
    for (guint i = 0; i < list->len; i++) {
        const struct assignment *a = list->pdata[i];
        if (is_silent(a) && a->deadline != NULL)
            latest = MAX(latest, grace_end(office, a->deadline));
    }
    return latest > 0 && clock_now() >= latest;
}

static gboolean settle_when_over(struct office *office, const struct matter *m, GError **error)
{
    if (!m->deemed) {
        mark_overdue(office, m);
        return TRUE;
    }
    if (m->settled_at != 0 || !is_over(office, m))
        return TRUE;
    struct silent silent;
    gboolean ok = TRUE;
    silent_find(office, m, &silent);
    if (silent.free->len == 0 && silent.n_blocked == 0)
        ok = settle(office, m, &silent, error);
    else if (office->policy->settle_auto)
        ok = settle(office, m, &silent, error);
    if (silent.n_blocked > 0 || (!office->policy->settle_auto && silent.free->len > 0)) {
        if (office->policy->settle_auto)
            g_array_set_size(silent.free, 0);
        propose(office, m, &silent);
    }
    silent_clear(&silent);
    return ok;
}

gboolean settlement_run(struct office *office, GError **error)
{
    gboolean ok = TRUE;
    g_autoptr(GArray) matters = matter_list(office->db, STATE_ISSUED);
    for (guint i = 0; ok && i < matters->len; i++) {
        struct matter *m = matter_get(office->db, g_array_index(matters, gint64, i));
        ok = settle_when_over(office, m, error);
        matter_free(m);
    }
    return ok;
}

gboolean settlement_preview(struct office *office, const struct matter *m, char **deemed,
                            char **blocked)
{
    struct silent silent;
    silent_find(office, m, &silent);
    *deemed = g_strdup(silent.names->str);
    *blocked = g_strdup(silent.blocked->str);
    silent_clear(&silent);
    return m->deemed && is_over(office, m);
}

static gboolean may_settle(struct office *office, const struct matter *m, GError **error)
{
    if (!m->deemed)
        return fault_set(error, FAULT_REFUSED, "《%s》的通知没有写明逾期视为无异议，不能这样认定",
                         m->title);
    if (!is_over(office, m))
        return fault_set(error, FAULT_REFUSED, "《%s》的期限或宽限期未满", m->title);
    return TRUE;
}

gboolean matter_settle(struct office *office, gint64 id, int *deemed, int *blocked, GError **error)
{
    struct matter *m = matter_open(office, id, error);
    gboolean ok = m != NULL && may_settle(office, m, error);
    if (ok) {
        struct silent silent;
        silent_find(office, m, &silent);
        *deemed = (int)silent.free->len;
        *blocked = silent.n_blocked;
        ok = settle(office, m, &silent, error);
        g_array_set_size(silent.free, 0);
        if (silent.n_blocked > 0)
            propose(office, m, &silent);
        silent_clear(&silent);
    }
    matter_free(m);
    return ok && db_ok(office->db, error);
}
