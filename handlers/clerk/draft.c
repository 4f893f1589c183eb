/* 发起: a matter out of a notice that a clerk mailed. Nothing is stored before he confirms what was
 * read of it; then it goes to the units, or to the signer. */
#include "documents/documents.h"
#include "handlers/clerk/clerk.h"
#include "handlers/judge/evidence.h"

#include <string.h>

enum { BODY = -1, CANDIDATES = 12, NOTICE_SCORE = 5 };

struct notice_mail {
    struct mail *mail;
    GArray *papers;     /* guint: places of the attachments that count */
    int notice;         /* place of the one that is the notice, or BODY */
    GPtrArray *annexes; /* struct attachment, of mail */
    GArray *places;     /* guint: theirs */
    char *body;         /* the mail's own text below the command */
    struct intake *intake;
};

static void notice_mail_free(struct notice_mail *d)
{
    intake_free(d->intake);
    mail_free(d->mail);
    g_array_unref(d->papers);
    g_array_unref(d->places);
    g_ptr_array_unref(d->annexes);
    g_free(d->body);
    g_free(d);
}
typedef struct notice_mail notice_mail;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(notice_mail, notice_mail_free)

/* ---- which of the papers is the notice */

static const struct attachment *paper_at(const struct notice_mail *d, guint i)
{
    return d->mail->attachments->pdata[g_array_index(d->papers, guint, i)];
}

static char **names_but(const struct notice_mail *d, int place)
{
    GPtrArray *names = g_ptr_array_new();
    for (guint i = 0; i < d->papers->len; i++)
        if ((int)g_array_index(d->papers, guint, i) != place)
            g_ptr_array_add(names, g_strdup(paper_at(d, i)->filename));
    g_ptr_array_add(names, NULL);
    return (char **)g_ptr_array_free(names, FALSE);
}

static int named_files(json_t *notice, char **others)
{
    int n = 0;
    gsize i;
    json_t *annex;
    json_array_foreach (json_object_get(notice, "annexes"), i, annex)
        for (char **other = others; *other != NULL; other++)
            n += notice_annex_is(json_string_value(annex), *other);
    return n;
}

/* A notice has a title, says to whom and until when, and names its annexes; an annex may have all
 * of that, too, but does not name the others. */
static int score(const struct notice_mail *d, int place, const char *name, const char *text)
{
    g_auto(GStrv) others = names_but(d, place);
    struct notice_setting setting = { .date = day_of(clock_now()),
                                      .given = (const char *const *)others };
    json_auto_t *notice = notice_read(text, &setting);
    int points = json_is_string(json_object_get(notice, "title")) ? 1 : 0;
    points += json_array_size(json_object_get(notice, "recipients")) > 0 ? 2 : 0;
    points += json_array_size(json_object_get(notice, "deadlines")) > 0 ? 2 : 0;
    points += 4 * named_files(notice, others);
    points += strstr(name, "通知") != NULL ? 1 : 0;
    points -= g_str_has_prefix(name, "附件") ? 4 : 0;
    return points;
}

static const char *find_notice(struct notice_mail *d)
{
    g_autofree char *words = text_compact(d->body);
    const char *text = *words != '\0' ? d->body : NULL;
    int best = text != NULL ? score(d, BODY, "", text) : 0;
    d->notice = BODY;
    if (best < NOTICE_SCORE)
        text = NULL;
    for (guint i = 0; i < MIN(d->papers->len, CANDIDATES); i++) {
        const struct attachment *a = paper_at(d, i);
        const char *says = attachment_text(a);
        int place = (int)g_array_index(d->papers, guint, i);
        int points = says != NULL ? score(d, place, a->filename, says) : 0;
        if (says != NULL && (text == NULL || points > best)) {
            best = points;
            text = says;
            d->notice = place;
        }
    }
    return text;
}

/* ---- what is written beside it */

#define KEYS "标题|文号|截止|期限|发给|主送"

static gboolean is_key_line(const char *line)
{
    return g_regex_match_simple("^\\s*(?:" KEYS ")[^:：]{0,4}[:：]", line, 0, 0);
}

/* The mail's own text, without the command and what is written beside it. */
static char *body_of(const struct mail *mail)
{
    g_auto(GStrv) lines = g_strsplit(mail->new_text, "\n", -1);
    GString *body = g_string_new(NULL);
    gboolean beside = TRUE;
    for (char **line = lines; *line != NULL; line++) {
        g_autofree char *plain = order_fold(*line);
        beside =
            beside && (*plain == '\0' || g_str_has_prefix(plain, "发起") || is_key_line(plain));
        if (!beside)
            g_string_append_printf(body, "%s\n", *line);
    }
    return g_string_free(body, FALSE);
}

void draft_take_lines(const struct order *order, GString *line)
{
    for (guint i = 0; i < order->more->len && is_key_line(order->more->pdata[i]); i++)
        g_string_append_printf(line, "；%s", (char *)order->more->pdata[i]);
}

/* The value behind a key, up to the next one; the caller frees. */
static char *value_of(const char *text, const char *keys)
{
    g_autofree char *pattern = g_strdup_printf(
        "(?:%s)[^:：；;]{0,4}[:：](.*?)(?=[；;。\\s]*(?:(?:" KEYS ")[^:：；;]{0,4}[:：]|$))", keys);
    g_autoptr(GRegex) regex = g_regex_new(pattern, G_REGEX_DOTALL, 0, NULL);
    g_autoptr(GMatchInfo) match = NULL;
    if (!g_regex_match(regex, text, 0, &match))
        return NULL;
    return g_strstrip(g_match_info_fetch(match, 1));
}

static gboolean set_text(char **field, const char *text, const char *keys)
{
    char *value = value_of(text, keys);
    if (value == NULL)
        return FALSE;
    g_free(*field);
    *field = value;
    return TRUE;
}

static gboolean set_deadline(struct intake *intake, const char *text, GError **error)
{
    const char *rest;
    g_autofree char *value = value_of(text, "截止|期限");
    if (value == NULL)
        return TRUE;
    g_autofree char *deadline = order_deadline(value, day_of(clock_now()), &rest);
    if (deadline == NULL)
        return fault_set(error, FAULT_REFUSED, "看不懂截止“%s”，请写成：截止：6月25日", value);
    intake_set_deadline(intake, deadline);
    return TRUE;
}

static gboolean set_units(struct clerk *clerk, struct intake *intake, const char *text,
                          GError **error)
{
    g_autofree char *value = value_of(text, "发给|主送");
    if (value == NULL)
        return TRUE;
    g_autoptr(GArray) units = units_named(clerk, value, error);
    if (units == NULL)
        return FALSE;
    g_array_set_size(intake->units, 0);
    g_array_append_vals(intake->units, units->data, units->len);
    return TRUE;
}

static gboolean set_beside(struct clerk *clerk, struct intake *intake, const char *text,
                           GError **error)
{
    set_text(&intake->matter.title, text, "标题");
    set_text(&intake->matter.number, text, "文号");
    return set_deadline(intake, text, error) && set_units(clerk, intake, text, error);
}

/* ---- reading */

static gboolean refuse_secret(GError **error)
{
    return fault_set(error, FAULT_REFUSED,
                     "来件带有密级标志：涉密文件不得通过公共邮件发送，没有建立事项；"
                     "请按保密规定处理这封邮件");
}

static void list_papers(struct notice_mail *d)
{
    for (guint i = 0; i < d->mail->attachments->len; i++)
        if (attachment_is_paper(d->mail->attachments->pdata[i]))
            g_array_append_val(d->papers, i);
}

/* All papers but the notice; and it too, where its annexes stand in the same file. */
static gboolean list_annexes(struct notice_mail *d, GError **error)
{
    gint64 size = 0;
    for (guint i = 0; i < d->papers->len; i++) {
        guint place = g_array_index(d->papers, guint, i);
        struct attachment *a = d->mail->attachments->pdata[place];
        if ((int)place == d->notice && !d->intake->annexes_inside)
            continue;
        g_ptr_array_add(d->annexes, a);
        g_array_append_val(d->places, place);
        size += a->size;
    }
    return size <= ANNEXES_MAX ||
           fault_set(error, FAULT_REFUSED, "附件合计 %.1f MB，超过 20 MB，多数邮箱收不下",
                     (double)size / 1024 / 1024);
}

static struct intake *read_notice(struct clerk *clerk, struct notice_mail *d, GError **error)
{
    g_autofree struct enclosed *files = g_new0(struct enclosed, d->papers->len + 1);
    guint n = 0;
    const char *text = find_notice(d);
    if (text == NULL) {
        fault_set(error, FAULT_REFUSED,
                  "没有找到能读出文字的通知：请把通知（.docx、.doc、.pdf 等）作为附件，"
                  "或写在“发起”下面");
        return NULL;
    }
    for (guint i = 0; i < d->papers->len; i++)
        if ((int)g_array_index(d->papers, guint, i) != d->notice)
            files[n++] = (struct enclosed){ .filename = paper_at(d, i)->filename,
                                            .text = attachment_text(paper_at(d, i)),
                                            .marked = document_warns(paper_at(d, i)->document,
                                                                     "secret_marking") };
    return intake_read(clerk->office, text, files, n, error);
}

static struct mail *mail_of(struct clerk *clerk, gint64 id, GError **error)
{
    struct message *m = message_get(clerk->office->db, id);
    struct mail *mail = m != NULL ? mail_stored(clerk->office->db, m->sha256, error) : NULL;
    if (m == NULL)
        fault_set(error, FAULT_REFUSED, "没有 #%" G_GINT64_FORMAT " 号来信", id);
    message_free(m);
    return mail;
}

static struct notice_mail *notice_mail_read(struct clerk *clerk, const struct call *call,
                                            GError **error)
{
    struct mail *mail = mail_of(clerk, g_array_index(call->numbers, gint64, 0), error);
    if (mail == NULL)
        return NULL;
    g_autoptr(notice_mail) d = g_new0(struct notice_mail, 1);
    d->mail = mail;
    d->papers = g_array_new(FALSE, FALSE, sizeof(guint));
    d->places = g_array_new(FALSE, FALSE, sizeof(guint));
    d->annexes = g_ptr_array_new();
    d->body = body_of(mail);
    list_papers(d);
    if (mail_is_secret(mail)) {
        refuse_secret(error);
        return NULL;
    }
    d->intake = read_notice(clerk, d, error);
    if (d->intake == NULL || !set_beside(clerk, d->intake, call->why, error) ||
        !list_annexes(d, error))
        return NULL;
    const char *title = d->intake->matter.title;
    if (title == NULL || *title == '\0') {
        fault_set(error, FAULT_REFUSED, "通知里找不到标题：请在“发起”下面另起一行写 标题：……");
        return NULL;
    }
    return g_steal_pointer(&d);
}

/* ---- what would be done, and doing it */

static void append_units(struct clerk *clerk, GString *out, const GArray *units)
{
    for (guint i = 0; i < units->len; i++) {
        g_autofree char *name = unit_label(clerk->office->db, g_array_index(units, gint64, i));
        g_string_append_printf(out, "%s%s", i > 0 ? "、" : "", name);
    }
}

static const char *held_or_sent(const struct clerk *clerk)
{
    return clerk->office->policy->hold ? "备好，等管理员放行（send = hold）" : "立即发出";
}

static void append_after(struct clerk *clerk, GString *out, guint units)
{
    if (sign_off_wanted(clerk->office))
        g_string_append(out, "确认后：送签发人签发，签发人同意后发出。");
    else
        g_string_append_printf(out,
                               clerk->office->policy->hold
                                   ? "确认后：给 %u 个单位的邮件备好，等管理员放行（send = hold）。"
                                   : "确认后：立即发给 %u 个单位。",
                               units);
}

static gboolean may_go(const struct matter *m, guint units, GError **error)
{
    if (units == 0)
        return fault_set(error, FAULT_REFUSED,
                         "没有发给任何单位：请在“发起”下面另起一行写 发给：市教育局、市财政局");
    if (m->deadline == NULL || clock_now() < deadline_end(m->deadline))
        return TRUE;
    g_autofree char *day = deadline_chinese(m->deadline, 0);
    return fault_set(error, FAULT_REFUSED,
                     "截止时间 %s已过：请在“发起”下面另起一行写 截止：几月几日", day);
}

char *clerk_draft_plan(struct clerk *clerk, const struct call *call, GError **error)
{
    g_autoptr(notice_mail) d = notice_mail_read(clerk, call, error);
    if (d == NULL || !may_go(&d->intake->matter, d->intake->units->len, error))
        return NULL;
    const struct matter *m = &d->intake->matter;
    g_autofree char *form = intake_form(d->intake);
    g_autoptr(GString) out = g_string_new("发起事项，从通知里读出：\n");
    const struct attachment *notice =
        d->notice != BODY ? d->mail->attachments->pdata[d->notice] : NULL;
    g_autofree char *day = m->deadline != NULL ? deadline_chinese(m->deadline, 0) : g_strdup("无");
    g_string_append_printf(out, "%s\n通知正文取自：%s\n事项标题：%s\n截止：%s\n单位：", form,
                           notice != NULL ? notice->filename : "邮件正文", m->title, day);
    append_units(clerk, out, d->intake->units);
    g_string_append_printf(out, "\n随通知发出的附件（%u 个）：", d->annexes->len);
    for (guint i = 0; i < d->annexes->len; i++)
        g_string_append_printf(out, "%s%s", i > 0 ? "；" : "",
                               ((const struct attachment *)d->annexes->pdata[i])->filename);
    g_string_append_printf(out,
                           "\n读得不对的，另发一封：发起 #%" G_GINT64_FORMAT
                           "，下面每行写一项，例如 截止：6月25日；也可写 标题、文号、发给。\n",
                           g_array_index(call->numbers, gint64, 0));
    append_after(clerk, out, d->intake->units->len);
    return g_strdup(out->str);
}

/* Its bytes become files of ours. */
static gboolean keep_annexes(struct clerk *clerk, const struct call *call,
                             const struct notice_mail *d, gint64 matter, GError **error)
{
    struct db *db = clerk->office->db;
    struct message *m = message_get(db, g_array_index(call->numbers, gint64, 0));
    g_autoptr(GBytes) mail = raw_get(db, m->sha256, error);
    gboolean ok = mail != NULL;
    message_free(m);
    for (guint i = 0; ok && i < d->annexes->len; i++) {
        const struct attachment *a = d->annexes->pdata[i];
        g_autoptr(GBytes) bytes =
            mail_attachment_bytes(g_bytes_get_data(mail, NULL), g_bytes_get_size(mail),
                                  g_array_index(d->places, guint, i));
        gsize n = 0;
        const void *data = bytes != NULL ? g_bytes_get_data(bytes, &n) : "";
        g_autofree char *sha256 = raw_file(db, data, n, error);
        ok = sha256 != NULL;
        if (!ok)
            break;
        raw_row(db, sha256, data, n);
        annex_add(db, matter, a->filename, a->content_type, sha256);
    }
    return ok;
}

static gboolean send_out(struct clerk *clerk, gint64 matter, json_t *part, GError **error)
{
    struct matter *m = matter_get(clerk->office->db, matter);
    gboolean submits = sign_off_wanted(clerk->office) && m->state != STATE_SIGNED;
    gboolean ok = submits ? matter_submit(clerk->office, matter, clerk->address, error)
                          : matter_issue(clerk->office, matter, error);
    if (ok)
        part_say(part, "事项 %" G_GINT64_FORMAT "《%s》%s", matter, m->title,
                 !submits ? held_or_sent(clerk)
                 : clerk->office->policy->hold ? "已送签；送签的邮件备好，管理员放行后签发人才收到"
                                               : "已送签；签发人同意后立即发出");
    matter_free(m);
    return ok;
}

gboolean clerk_draft(struct clerk *clerk, const struct call *call, json_t *part, GError **error)
{
    g_autoptr(notice_mail) d = notice_mail_read(clerk, call, error);
    gint64 matter = d != NULL ? intake_store(clerk->office, d->intake, error) : 0;
    if (matter == 0 || !keep_annexes(clerk, call, d, matter, error) ||
        !send_out(clerk, matter, part, error))
        return FALSE;
    clerk->matter = matter;
    return TRUE;
}

char *clerk_issue_plan(struct clerk *clerk, const struct call *call, GError **error)
{
    struct matter *m = matter_get(clerk->office->db, call->matter);
    g_autoptr(GPtrArray) list = assignment_list(clerk->office->db, call->matter);
    g_autoptr(GString) out = g_string_new(NULL);
    gboolean ok = matter_issuable(clerk->office, m, error);
    if (ok && m->state == STATE_SUBMITTED)
        ok = fault_set(error, FAULT_REFUSED, "“%s”已送签，要等签发人同意签发", m->title);
    if (ok) {
        g_autofree char *day =
            m->deadline != NULL ? deadline_chinese(m->deadline, 0) : g_strdup("无");
        g_string_append_printf(out, "发出《%s》，截止 %s，%u 个单位。", m->title, day, list->len);
        if (m->state == STATE_SIGNED)
            g_string_append_printf(out, "已经签发，确认后%s。", held_or_sent(clerk));
        else
            append_after(clerk, out, list->len);
    }
    matter_free(m);
    return ok ? g_strdup(out->str) : NULL;
}

gboolean clerk_issue(struct clerk *clerk, const struct call *call, json_t *part, GError **error)
{
    return send_out(clerk, call->matter, part, error);
}
