/* What was read of a notice, as a form: each field with the sentence that it stands in. */
#include "handlers/private.h"

#include <string.h>

static const struct form_row {
    const char *path, *label;
} rows[] = {
    { "title", "标题" },
    { "number", "文号" },
    { "kind", "种类" },
    { "issuer", "落款" },
    { "date", "日期" },
    { "recipients", "主送" },
    { "deadlines", "截止" },
    { "requires.electronic", "电子件" },
    { "requires.paper", "纸质件" },
    { "requires.seal", "盖章" },
    { "requires.fax_accepted", "传真" },
    { "requires.copies", "份数" },
    { "requires.form", "填写的表" },
    { "silence", "逾期不反馈" },
    { "mailbox", "邮箱" },
    { "contacts", "联系人" },
    { "documents", "征求意见的文件" },
    { "annexes", "附件" },
    { "units", "各单位职责" },
};

static json_t *field(json_t *notice, const char *path)
{
    const char *dot = strchr(path, '.');
    g_autofree char *head = g_strndup(path, dot != NULL ? (gsize)(dot - path) : strlen(path));
    json_t *value = json_object_get(notice, head);
    return dot != NULL ? json_object_get(value, dot + 1) : value;
}

static const char *text_in(json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static void append_deadline(GString *out, json_t *deadline)
{
    json_t *relative = json_object_get(deadline, "relative");
    const char *at = text_in(deadline, "at"), *what = text_in(deadline, "what");
    if (at != NULL) {
        g_autofree char *day = deadline_chinese(at, 0);
        const char *before = text_in(deadline, "before");
        g_string_append(out, day);
        if (before != NULL)
            g_string_append(out, strcmp(before, "exclusive") == 0 ? "，“前”不含当日" : "，含当日");
    } else if (json_is_object(relative)) {
        g_string_append_printf(out, "%s后 %d 个%s",
                               g_strcmp0(text_in(relative, "from"), "issue") == 0 ? "印发" : "收到",
                               (int)json_integer_value(json_object_get(relative, "days")),
                               json_is_true(json_object_get(relative, "working")) ? "工作日"
                                                                                  : "自然日");
    } else {
        g_string_append(out, "说不准");
    }
    if (what != NULL)
        g_string_append_printf(out, "（%s）", what);
}

static void append_contact(GString *out, json_t *contact)
{
    static const char *const keys[] = { "name", "phone", "fax" };
    static const char *const labels[] = { "", " 电话 ", " 传真 " };
    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++)
        if (text_in(contact, keys[i]) != NULL)
            g_string_append_printf(out, "%s%s", labels[i], text_in(contact, keys[i]));
}

static void append_list(GString *out, const char *path, json_t *list)
{
    gsize i;
    json_t *one;
    if (strcmp(path, "units") == 0) {
        g_string_append_printf(out, "%zu 个单位", json_array_size(list));
        return;
    }
    json_array_foreach (list, i, one) {
        g_string_append(out, i > 0 ? "；" : "");
        if (strcmp(path, "deadlines") == 0)
            append_deadline(out, one);
        else if (strcmp(path, "contacts") == 0)
            append_contact(out, one);
        else
            g_string_append(out, json_string_value(one));
    }
}

static void append_value(GString *out, const char *path, json_t *value)
{
    if (json_is_null(value) || (json_is_array(value) && json_array_size(value) == 0))
        g_string_append(out, "（通知没有写）");
    else if (json_is_array(value))
        append_list(out, path, value);
    else if (json_is_boolean(value))
        g_string_append(out, json_is_true(value) ? "是" : "否");
    else if (json_is_integer(value))
        g_string_append_printf(out, "%d", (int)json_integer_value(value));
    else if (strcmp(path, "kind") == 0)
        g_string_append(
            out, matter_kind_chinese((enum matter_kind)matter_kind_of(json_string_value(value))));
    else if (strcmp(path, "silence") == 0)
        g_string_append(out, "视为无异议");
    else
        g_string_append(out, json_string_value(value));
}

/* The sentence on one line; none where it says no more than the value, and one that serves several
 * fields once. */
static void append_sentence(GString *out, json_t *notice, const char *path, const char **last)
{
    const char *sentence = text_in(json_object_get(notice, "evidence"), path);
    const char *value = json_string_value(field(notice, path));
    if (sentence == NULL || g_strcmp0(sentence, value) == 0)
        return;
    g_autofree char *line = text_printable(sentence);
    g_string_append_printf(out, "　　原句：%s\n", g_strcmp0(sentence, *last) == 0 ? "同上" : line);
    *last = sentence;
}

char *intake_form(const struct intake *intake)
{
    GString *out = g_string_new(NULL);
    const char *last = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_string_append_printf(out, "%s：", rows[i].label);
        append_value(out, rows[i].path, field(intake->notice, rows[i].path));
        g_string_append_c(out, '\n');
        append_sentence(out, intake->notice, rows[i].path, &last);
    }
    g_string_append_printf(out, "发给：名册里的 %u 个单位\n", intake->units->len);
    gsize i;
    json_t *one;
    if (json_array_size(intake->checks) == 0)
        g_string_append(out, "检查：没有发现问题\n");
    else
        g_string_append(out, "发出前请核对：\n");
    json_array_foreach (intake->checks, i, one)
        g_string_append_printf(out, "  ● %s\n", text_in(one, "text"));
    return g_string_free(out, FALSE);
}
