/* What a clerk asks to see: 状态, 汇总, 待办, 帮助. */
#include "handlers/clerk/clerk.h"

#include <string.h>

enum { QUEUE_SHOWN = 60 };

static const char *text_of(json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

static int count_of(json_t *status, const char *key)
{
    json_t *counts = json_object_get(status, "counts");
    return (int)json_integer_value(json_object_get(counts, key));
}

static void say_counts(json_t *status, json_t *part)
{
    json_t *matter = json_object_get(status, "matter");
    g_autoptr(GString) text = g_string_new(NULL);
    g_string_append_printf(text, "发出 %d 份", count_of(status, "units"));
    for (int s = 0; s < STATUS_COUNT; s++) {
        int n = count_of(status, status_text((enum status)s));
        if (n > 0)
            g_string_append_printf(text, "，%s %d", status_chinese((enum status)s), n);
    }
    g_string_append_printf(text, "；超期 %d，还欠纸质件 %d，待办 %d", count_of(status, "late"),
                           count_of(status, "paper_owed"), count_of(status, "review"));
    part_say(part, "《%s》（%s）%s", text_of(matter, "title"), text_of(matter, "state_text"),
             text_of(matter, "number"));
    const char *deadline = text_of(matter, "deadline");
    g_autofree char *day = *deadline != '\0' ? deadline_chinese(deadline, year_now()) : NULL;
    part_say(part, "截止 %s。%s。", day != NULL ? day : "无", text->str);
}

gboolean clerk_status(struct clerk *clerk, const struct call *call, json_t *part, GError **error)
{
    json_auto_t *status = status_json(clerk->office, call->matter);
    size_t i;
    json_t *unit;
    say_counts(status, part);
    part_row(part, (const char *[]){ "单位", "状态", "纸质件", "电子件", "", NULL });
    json_array_foreach (json_object_get(status, "units"), i, unit) {
        gint64 at = 0;
        instant_parse(text_of(unit, "electronic_at"), &at);
        g_autofree char *when = at != 0 ? instant_local(at) : g_strdup("—");
        gboolean late = json_is_true(json_object_get(unit, "late"));
        part_row(part,
                 (const char *[]){ text_of(unit, "name"), text_of(unit, "status_text"),
                                   text_of(unit, "paper_text"), when, late ? "超期" : "", NULL });
    }
    return TRUE;
}

/* The units of one status in a line. */
static void say_units(json_t *status, json_t *part, const char *head, const char *key,
                      const char *value)
{
    g_autoptr(GString) names = g_string_new(NULL);
    int n = 0;
    size_t i;
    json_t *unit;
    json_array_foreach (json_object_get(status, "units"), i, unit) {
        gboolean wanted = value != NULL ? g_str_equal(text_of(unit, key), value)
                                        : json_is_true(json_object_get(unit, key));
        if (!wanted)
            continue;
        g_string_append_printf(names, "%s%s", n++ > 0 ? "、" : "", text_of(unit, "name"));
    }
    if (n > 0)
        part_say(part, "%s %d：%s", head, n, names->str);
}

gboolean clerk_summary(struct clerk *clerk, const struct call *call, json_t *part, GError **error)
{
    json_auto_t *status = status_json(clerk->office, call->matter);
    say_counts(status, part);
    for (int s = 0; s < STATUS_COUNT; s++)
        say_units(status, part, status_chinese((enum status)s), "status",
                  status_text((enum status)s));
    say_units(status, part, "缺电子件", "owes_electronic", NULL);
    say_units(status, part, "缺纸质件", "owes_paper", NULL);
    say_units(status, part, "超期", "late", NULL);
    collation_add(clerk, call->matter, part);
    return TRUE;
}

/* What a clerk would write to file a message as it is proposed: 市教育局 市科技局 事项1 事项2. The
 * caller frees. */
static char *proposed_words(struct clerk *clerk, const struct message *m)
{
    struct db *db = clerk->office->db;
    gboolean filed = m->unit != 0;
    g_autoptr(GArray) sides = filed || is_for_several(clerk->office, m->id)
                                  ? side_list(db, m->id, filed)
                                  : g_array_new(FALSE, FALSE, sizeof(struct side));
    struct side own = { filed ? m->matter : m->proposed_matter,
                        filed ? m->unit : m->proposed_unit };
    g_array_prepend_val(sides, own);
    g_autoptr(GString) units = g_string_new(NULL), matters = g_string_new(NULL);
    for (guint i = 0; i < sides->len; i++) {
        const struct side *side = &g_array_index(sides, struct side, i);
        g_autofree char *name = unit_label(db, side->unit);
        g_autofree char *matter = g_strdup_printf(" 事项%" G_GINT64_FORMAT, side->matter);
        if (name != NULL && (i == 0 || side->matter == own.matter))
            g_string_append_printf(units, "%s%s", units->len > 0 ? " " : "", name);
        if (side->matter != 0 && (i == 0 || side->unit == own.unit))
            g_string_append(matters, matter);
    }
    gboolean several = strchr(matters->str + MIN(matters->len, 1), ' ') != NULL;
    return g_strconcat(units->len > 0 ? units->str : "单位", several ? matters->str : "", NULL);
}

static void say_message(struct clerk *clerk, const struct review *r, json_t *part)
{
    struct message *m = message_get(clerk->office->db, r->message);
    g_autofree char *words = proposed_words(clerk, m);
    g_autofree char *when = instant_local(m->received_at);
    gboolean quotes = m->subject != NULL && !message_is_secret(clerk->office, m);
    g_autofree char *subject = text_printable(quotes ? m->subject : "");
    part_say(part, "#%" G_GINT64_FORMAT "　%s　%s　%s", r->message, when,
             m->sender != NULL ? m->sender : "", subject);
    if (g_str_equal(r->reason, REVIEW_CLOUD)) {
        g_autofree char *said = review_said(r);
        part_say(part, "　　%s。", said);
    } else if (g_str_equal(r->reason, "scan")) {
        part_say(part, "　　%s。可回复两行：纸质已收 %s　和　忽略 #%" G_GINT64_FORMAT, r->text,
                 words, r->message);
    } else {
        part_say(part, "　　%s。可回复：登记 #%" G_GINT64_FORMAT " %s　或　忽略 #%" G_GINT64_FORMAT,
                 r->text, r->message, words, r->message);
    }
    message_free(m);
}

gboolean clerk_queue(struct clerk *clerk, const struct call *call, json_t *part, GError **error)
{
    g_autoptr(GPtrArray) list = review_list(clerk->office->db, 0);
    part_say(part, list->len > 0 ? "共 %u 件待办：" : "没有待办。", list->len);
    for (guint i = 0; i < MIN(list->len, QUEUE_SHOWN); i++) {
        const struct review *r = list->pdata[i];
        if (r->message != 0)
            say_message(clerk, r, part);
        else
            part_say(part, "·　%s", r->text);
    }
    if (list->len > QUEUE_SHOWN)
        part_say(part, "另有 %u 件没有列出。", list->len - QUEUE_SHOWN);
    return TRUE;
}

gboolean clerk_help(struct clerk *clerk, const struct call *call, json_t *part, GError **error)
{
    part_say(part, "在主题或正文开头写下面的命令，一行一个，发到 %s：",
             clerk->office->policy->address);
    for (const struct clerk_command *row = clerk_commands; row->words[0] != NULL; row++) {
        part_say(part, "· %s", row->usage);
        part_say(part, "　　%s", row->help);
    }
    part_say(part, "单位用全称、简称、别名都可以，几个单位之间用顿号、逗号或空格隔开。");
    part_say(part, "有几个事项时，请在该事项的邮件上直接回复，或写“事项”加编号、《标题》。");
    part_say(part, "转发来的信不会当作命令。");
    return TRUE;
}

gboolean clerk_cancel(struct clerk *clerk, const struct call *call, json_t *part, GError **error)
{
    int n = code_cancel(clerk->office->db, clerk->address, "command", 0);
    part_say(part, n > 0 ? "已作废 %d 个没有用的确认码，什么也没有执行。" : "没有要取消的事。", n);
    return TRUE;
}
