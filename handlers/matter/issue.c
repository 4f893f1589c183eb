/* The acts on a matter: issue, extend, exempt, close, cancel. */
#include "handlers/private.h"

#include "wording/wording.h"

struct matter *matter_open(struct office *office, gint64 id, GError **error)
{
    struct matter *m = matter_get(office->db, id);
    if (m != NULL && m->state == STATE_ISSUED)
        return m;
    fault_set(error, FAULT_REFUSED, "事项“%s”%s，不能这样做", m != NULL ? m->title : "",
              m != NULL ? matter_state_chinese(m->state) : "不存在");
    matter_free(m);
    return NULL;
}

static void no_address(struct office *office, const struct matter *m, gint64 unit, const char *name)
{
    g_autofree char *text = g_strdup_printf(
        "%s 没有登记邮箱，《%s》须用其他办法送达（电话、传真或专人）", name, m->title);
    review_open(
        office->db,
        &(struct review){ .reason = "no_address", .text = text, .matter = m->id, .unit = unit });
}

/* What the annexes say of units each: [{name, duties}]. */
static json_t *sections_of(struct office *office, const struct matter *m)
{
    json_t *all = json_array();
    g_autoptr(GPtrArray) annexes = annex_list(office->db, m->id);
    for (guint i = 0; i < annexes->len; i++) {
        const struct annex *annex = annexes->pdata[i];
        json_auto_t *document = document_get(office->db, annex->sha256);
        const char *text = json_string_value(json_object_get(document, "text"));
        json_auto_t *sections = text != NULL ? notice_sections(text) : NULL;
        if (sections != NULL)
            json_array_extend(all, sections);
    }
    return all;
}

/* “附：贵单位具体职责”: a unit's own lines, found by any of its names. */
static json_t *section_for(struct office *office, json_t *sections, gint64 unit)
{
    gsize i;
    json_t *one;
    json_array_foreach (sections, i, one) {
        const char *name = json_string_value(json_object_get(one, "name"));
        if (unit_named(office, name) == unit)
            return json_incref(one);
    }
    return json_null();
}

/* What all units' mails have in common. */
struct notices {
    struct office *office;
    const struct matter *matter;
    json_t *sections;
    gboolean forms;
    notice_taker *take;
    void *context;
};

/* With the year: a letter says the same whenever it is read, and on whichever day it is signed. A
 * relative deadline is shown with its rule; the day is filled in when the mail leaves. */
static json_t *notice_matter(struct office *office, const struct matter *m)
{
    json_t *data = matter_data(office, m);
    g_autofree char *rule = relative_chinese(m);
    g_autofree char *day = rule != NULL          ? g_strdup_printf(NOTICE_DUE "（%s）", rule)
                           : m->deadline != NULL ? deadline_chinese(m->deadline, 0)
                                                 : NULL;
    if (day != NULL)
        json_object_set_new(data, "deadline", json_string(day));
    return data;
}

static gboolean write_notice(const struct notices *all, const struct assignment *a, GError **error)
{
    struct office *office = all->office;
    const struct matter *m = all->matter;
    struct unit *u = unit_get(office->db, a->unit);
    g_auto(GStrv) to = unit_addresses(office->db, a->unit, ROLE_LIAISON);
    g_autofree char *key = g_strdup_printf("notice/%" G_GINT64_FORMAT "/%s", m->id, u->code);
    g_autofree char *form_name = all->forms ? reply_form_name(m, u) : NULL;
    json_auto_t *section = section_for(office, all->sections, u->id);
    json_auto_t *form = all->forms ? reply_form(m, u, a->deadline, section) : NULL;
    json_auto_t *made =
        form != NULL ? json_pack("[{ss sO}]", "name", form_name, "document", form) : NULL;
    json_auto_t *data = json_pack("{so so so sO ss*}", "office", office_data(office), "matter",
                                  notice_matter(office, m), "unit", unit_data(office, u->id),
                                  "section", section, "form", form_name);
    unit_free(u);
    return all->take(all->context,
                     &(struct letter){ .kind = "notice",
                                       .key = key,
                                       .matter = m->id,
                                       .unit = a->unit,
                                       .to = (const char *const *)to,
                                       .data = data,
                                       .annexes = TRUE,
                                       .made = made },
                     error);
}

gboolean notices_each(struct office *office, const struct matter *m, notice_taker *take,
                      void *context, GError **error)
{
    g_autoptr(GPtrArray) list = assignment_list(office->db, m->id);
    json_auto_t *sections = sections_of(office, m);
    struct notices all = { office, m, sections, reply_form_wanted(office, m), take, context };
    gboolean ok = TRUE;
    for (guint i = 0; ok && i < list->len; i++)
        ok = write_notice(&all, list->pdata[i], error);
    return ok;
}

static void queue_notice(struct office *office, const struct matter *m, struct outbox *row)
{
    if (outbox_has(office->db, row->key))
        return;
    if (row->recipients->len > 0) {
        outbox_add(office->db, row);
        return;
    }
    struct unit *u = unit_get(office->db, row->unit);
    no_address(office, m, row->unit, u->name);
    unit_free(u);
}

static gboolean issue_news(struct office *office, const struct matter *m, guint units,
                           GError **error)
{
    g_autofree char *key = g_strdup_printf("issued/%" G_GINT64_FORMAT, m->id);
    json_auto_t *data = json_pack("{so so si}", "office", office_data(office), "matter",
                                  matter_data(office, m), "units", (int)units);
    return news_queue(office, "issued", key, m->id, data, error);
}

gboolean matter_issuable(struct office *office, const struct matter *m, GError **error)
{
    g_autoptr(GPtrArray) list = m != NULL ? assignment_list(office->db, m->id) : NULL;
    if (m == NULL)
        return fault_set(error, FAULT_REFUSED, "没有这个事项");
    if (m->state == STATE_ISSUED || m->state == STATE_CLOSED) {
        g_autofree char *when = instant_local(m->issued_at);
        return fault_set(error, FAULT_REFUSED, "“%s”已于 %s 发出，不会再发一次", m->title, when);
    }
    if (m->state == STATE_CANCELLED)
        return fault_set(error, FAULT_REFUSED, "“%s”已撤销，不能发出", m->title);
    if (list->len == 0)
        return fault_set(error, FAULT_REFUSED, "“%s”没有发给任何单位：请先导入单位名册", m->title);
    if (m->deadline != NULL && clock_now() >= deadline_end(m->deadline)) {
        g_autofree char *day = deadline_chinese(m->deadline, 0);
        return fault_set(error, FAULT_REFUSED,
                         "截止时间 %s已过：请先改期（邮件写“延期 至几月几日”，"
                         "或 lianluo matter extend）",
                         day);
    }
    return TRUE;
}

gboolean package_issue(struct office *office, gint64 id, const struct package *p, GError **error)
{
    struct matter *m = matter_get(office->db, id);
    gboolean ok = matter_issuable(office, m, error) && sign_off_allows(office, m, p, error);
    if (ok) {
        for (guint i = 0; i < p->letters->len; i++)
            queue_notice(office, m, p->letters->pdata[i]);
        sign_off_stop(office, id, "已发出");
        matter_set_state(office->db, id, STATE_ISSUED);
        relative_begin(office, m);
        ok = issue_news(office, m, p->letters->len, error);
    }
    matter_free(m);
    return ok && db_ok(office->db, error);
}

gboolean matter_issue(struct office *office, gint64 id, GError **error)
{
    struct matter *m = matter_get(office->db, id);
    struct package *p = matter_issuable(office, m, error) ? package_make(office, m, error) : NULL;
    gboolean ok = p != NULL && package_issue(office, id, p, error);
    package_free(p);
    matter_free(m);
    return ok;
}

static gboolean past_deadline(const char *deadline, GError **error)
{
    g_autofree char *day = deadline_chinese(deadline, 0);
    return fault_set(error, FAULT_REFUSED, "新的截止时间 %s已经过去，请写以后的日子", day);
}

gboolean matter_prolong(struct office *office, gint64 id, gint64 unit, const char *deadline,
                        GError **error)
{
    struct matter *m = matter_get(office->db, id);
    gboolean ok = m != NULL && m->state != STATE_CLOSED && m->state != STATE_CANCELLED;
    if (!ok)
        fault_set(error, FAULT_REFUSED, "只有没有办结、没有撤销的事项可以改期");
    else if (clock_now() >= deadline_end(deadline))
        ok = past_deadline(deadline, error);
    matter_free(m);
    if (!ok)
        return FALSE;
    if (unit == 0)
        matter_extend(office->db, id, deadline);
    else
        assignment_extend(office->db, id, unit, deadline);
    outbox_cancel(office->db, "reminder", id, unit, "截止时间已改");
    review_settle(office->db, "settlement", &(struct review){ .matter = id }, "截止时间已改");
    g_autoptr(GPtrArray) list = assignment_list(office->db, id);
    for (guint i = 0; i < list->len; i++) {
        const struct assignment *a = list->pdata[i];
        if (unit != 0 && a->unit != unit)
            continue;
        review_settle(office->db, "extension", &(struct review){ .matter = id, .unit = a->unit },
                      "已延期");
        if (a->status == STATUS_OVERDUE || a->status == STATUS_DEEMED)
            assignment_set_status(office->db, id, a->unit, STATUS_WAITING, "截止时间已改");
        ledger_refresh(office, id, a->unit);
    }
    return sign_off_check(office, id, error) && db_ok(office->db, error);
}

gboolean matter_exempt(struct office *office, gint64 id, gint64 unit, const char *why,
                       GError **error)
{
    struct assignment *a = assignment_get(office->db, id, unit);
    if (a == NULL)
        return fault_set(error, FAULT_REFUSED, "该事项没有发给这个单位");
    assignment_free(a);
    assignment_set_status(office->db, id, unit, STATUS_EXEMPT, why);
    outbox_cancel(office->db, "reminder", id, unit, "免报");
    return db_ok(office->db, error);
}

gboolean matter_close(struct office *office, gint64 id, GError **error)
{
    struct matter *m = matter_open(office, id, error);
    if (m == NULL)
        return FALSE;
    matter_set_state(office->db, id, STATE_CLOSED);
    outbox_cancel(office->db, "reminder", id, 0, "事项已办结");
    review_settle(office->db, "settlement", &(struct review){ .matter = id }, "事项已办结");
    g_autofree char *key = g_strdup_printf("closed/%" G_GINT64_FORMAT, id);
    json_auto_t *status = status_json(office, id);
    json_auto_t *data =
        json_pack("{so so sO}", "office", office_data(office), "matter", matter_data(office, m),
                  "counts", json_object_get(status, "counts"));
    gboolean ok = news_queue(office, "closed", key, id, data, error);
    matter_free(m);
    return ok && db_ok(office->db, error);
}

gboolean matter_cancel(struct office *office, gint64 id, GError **error)
{
    struct matter *m = matter_get(office->db, id);
    gboolean ok = m != NULL && m->state != STATE_CLOSED && m->state != STATE_CANCELLED;
    if (!ok)
        fault_set(error, FAULT_REFUSED, "只有没有办结、没有撤销的事项可以撤销");
    if (ok) {
        sign_off_stop(office, id, "事项已撤销");
        matter_set_state(office->db, id, STATE_CANCELLED);
        outbox_cancel(office->db, NULL, id, 0, "事项已撤销");
        review_settle(office->db, "settlement", &(struct review){ .matter = id }, "事项已撤销");
    }
    matter_free(m);
    return ok && db_ok(office->db, error);
}
