/* 超大附件: a mail that brings only a link, which expires. Nobody here follows it; a person is told
 * at once that there is something to download, and once more before it is too late. */
#include "handlers/private.h"

#include <stdio.h>

enum { WARN_DAYS = 3 };   /* working days before it expires */
enum { USUAL_DAYS = 30 }; /* where the mail names no day */
enum { SHOWN_DAYS = 7 };  /* from then on the queue says how many days are left */

static const char *field(json_t *link, const char *key)
{
    return json_string_value(json_object_get(link, key));
}

/* 2026年9月27日 21:59, 2026-09-27 …; FALSE: none is named. */
static gboolean expiry_of(json_t *link, int *day)
{
    const char *text = field(link, "expires");
    int y, m, d;
    if (text == NULL || sscanf(text, "%4d%*[^0-9]%2d%*[^0-9]%2d", &y, &m, &d) != 3)
        return FALSE;
    g_autofree char *plain = g_strdup_printf("%04d-%02d-%02d", y, m, d);
    return day_parse(plain, day);
}

/* The first day on which one of them is gone; FALSE: only a guess. */
static gboolean first_expiry(json_t *links, gint64 received, int *day)
{
    size_t i;
    json_t *link;
    gboolean known = FALSE;
    json_array_foreach (links, i, link) {
        int one;
        if (expiry_of(link, &one) && (!known || one < *day)) {
            *day = one;
            known = TRUE;
        }
    }
    if (!known)
        *day = day_of(received) + USUAL_DAYS;
    return known;
}

static char *item_text(const struct mail *mail, gint64 message, gboolean known, const char *due)
{
    g_autoptr(GString) text = g_string_new("超大附件");
    gsize n = json_array_size(mail->links);
    const char *name = field(json_array_get(mail->links, 0), "name");
    if (name != NULL && !mail_is_secret(mail))
        g_string_append_printf(text, "“%s”", name);
    if (n > 1)
        g_string_append_printf(text, "等 %" G_GSIZE_FORMAT " 个", n);
    g_string_append(text, "须人工下载，");
    if (known)
        g_string_append_printf(text, "%s%s 失效", n > 1 ? "最早 " : "", due + strlen("YYYY-"));
    else
        g_string_append_printf(text, "来信没有写失效日期（一般 %d 天）", USUAL_DAYS);
    g_string_append_printf(
        text, "（下载后回复“已下载 #%" G_GINT64_FORMAT "”，或用 lianluo review settle 销去）",
        message);
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static json_t *links_of(struct office *office, const struct message *message)
{
    g_autoptr(GError) error = NULL;
    struct mail *mail = mail_stored(office->db, message->sha256, &error);
    json_t *links = mail != NULL ? json_incref(mail->links) : json_array();
    mail_free(mail);
    return links;
}

static gboolean has_link(json_t *links, const char *url)
{
    size_t i;
    json_t *link;
    json_array_foreach (links, i, link)
        if (g_strcmp0(field(link, "url"), url) == 0)
            return TRUE;
    return FALSE;
}

/* TRUE if an earlier mail of the unit brought all of these links, and was not put aside. */
static gboolean is_told(struct office *office, const struct message *message,
                        const struct mail *mail, gint64 matter, gint64 unit)
{
    gboolean told = FALSE;
    if (unit == 0)
        return FALSE;
    g_autoptr(GArray) ids = review_messages(office->db, REVIEW_CLOUD, matter, unit);
    for (guint i = 0; i < ids->len && !told; i++) {
        struct message *before = message_get(office->db, g_array_index(ids, gint64, i));
        size_t k;
        json_t *link;
        told = before->id != message->id && g_strcmp0(before->verdict, "noted") != 0;
        json_auto_t *links = told ? links_of(office, before) : NULL;
        json_array_foreach (mail->links, k, link)
            told = told && has_link(links, field(link, "url"));
        message_free(before);
    }
    return told;
}

void cloud_review(struct office *office, const struct message *message, const struct mail *mail)
{
    int day;
    gint64 matter = message->matter != 0 ? message->matter : message->proposed_matter;
    gint64 unit = message->unit != 0 ? message->unit : message->proposed_unit;
    if (json_array_size(mail->links) == 0 || is_told(office, message, mail, matter, unit))
        return;
    gboolean known = first_expiry(mail->links, message->received_at, &day);
    g_autofree char *due = day_text(day);
    g_autofree char *text = item_text(mail, message->id, known, due);
    review_open(office->db, &(struct review){ .reason = REVIEW_CLOUD,
                                              .text = text,
                                              .message = message->id,
                                              .matter = matter,
                                              .unit = unit,
                                              .due = due });
}

char *review_said(const struct review *r)
{
    int due, today = day_of(clock_now());
    if (r->due == NULL || !day_parse(r->due, &due) || due - today > SHOWN_DAYS)
        return g_strdup(r->text);
    if (due < today)
        return g_strdup_printf("%s，已过失效日，打不开的请对方重发", r->text);
    if (due == today)
        return g_strdup_printf("%s，今天失效", r->text);
    return g_strdup_printf("%s，还有 %d 天", r->text, due - today);
}

/* ---- the warning, once a mail */

static gboolean warn(struct office *office, const struct review *r, const char *key, GError **error)
{
    struct message *message = message_get(office->db, r->message);
    struct matter *m = matter_get(office->db, r->matter);
    gboolean secret = message_is_secret(office, message);
    g_auto(GStrv) to = office_readers(office);
    g_autofree char *name = unit_label(office->db, r->unit);
    g_autofree char *mark = g_strdup_printf("#%" G_GINT64_FORMAT, message->id);
    g_autofree char *received = instant_local(message->received_at);
    g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, r->id);
    json_auto_t *links = secret ? json_array() : links_of(office, message);
    json_auto_t *data =
        json_pack("{so ss ss ss ss s{ss} ss* ss ss sO sb}", "office", office_data(office), "what",
                  "超大附件快要失效", "mark", mark, "received", received, "sender",
                  message->sender != NULL ? message->sender : "", "unit", "name",
                  name != NULL ? name : "未定单位", "subject", secret ? NULL : message->subject,
                  "expires", r->due, "review", number, "links", links, "cloud", TRUE);
    if (m != NULL)
        json_object_set_new(data, "matter", matter_data(office, m));
    gboolean ok = letter_queue(office,
                               &(struct letter){ .kind = "alarm",
                                                 .template = "asked",
                                                 .key = key,
                                                 .matter = r->matter,
                                                 .to = (const char *const *)to,
                                                 .data = data },
                               error);
    matter_free(m);
    message_free(message);
    return ok;
}

/* Whoever is no unit may send what he likes: that is only in the queue. */
static gboolean is_due(const struct review *r)
{
    int due;
    return r->due != NULL && r->message != 0 && (r->matter != 0 || r->unit != 0) &&
           day_parse(r->due, &due) && day_of(clock_now()) >= day_add_working(due, -WARN_DAYS);
}

gboolean clouds_run(struct office *office, GError **error)
{
    if (!hours_open((const char *const *)office->policy->hours, clock_now()))
        return TRUE;
    g_autoptr(GPtrArray) list = review_due(office->db);
    for (guint i = 0; i < list->len; i++) {
        const struct review *r = list->pdata[i];
        g_autofree char *key = g_strdup_printf("cloud/%" G_GINT64_FORMAT, r->message);
        if (is_due(r) && !outbox_has(office->db, key) && !warn(office, r, key, error))
            return FALSE;
    }
    return TRUE;
}
