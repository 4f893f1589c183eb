/* The collation by mail: 汇总 brings it, and what the office filled in is taken back. */
#include "handlers/clerk/clerk.h"

#include <string.h>

enum { ROWS_SHOWN = 100, CHANGES_SHOWN = 200 };

static char *joined(json_t *list)
{
    GString *text = g_string_new(NULL);
    size_t i;
    json_t *one;
    json_array_foreach (list, i, one)
        g_string_append_printf(text, "%s%s", i > 0 ? "、" : "", json_string_value(one));
    return g_string_free(text, FALSE);
}

/* Where no clause is known, what it is said about. */
static char *place_of(json_t *row)
{
    const char *clause = row_text(row, "clause"), *original = row_text(row, "original");
    return text_printable(*clause != '\0'     ? clause
                          : *original != '\0' ? original
                                              : "未能对应到条款");
}

static void add_row(json_t *part, json_t *row)
{
    g_autofree char *number =
        g_strdup_printf("%d", (int)json_integer_value(json_object_get(row, "number")));
    g_autofree char *units = joined(json_object_get(row, "units"));
    g_autofree char *text = text_printable(row_text(row, "text"));
    g_autofree char *where = place_of(row);
    part_row(part, (const char *[]){ number, where, text, units, row_text(row, "disposition_text"),
                                     NULL });
}

void collation_add(struct clerk *clerk, gint64 matter, json_t *part)
{
    json_auto_t *collation = collation_json(clerk->office, matter);
    json_t *rows = json_object_get(collation, "rows"), *row;
    gsize n = json_array_size(rows), i;
    if (n == 0) {
        part_say(part, "还没有修改意见。");
        return;
    }
    part_say(part,
             n > ROWS_SHOWN ? "修改意见共 %zu 条，下面列出前 %d 条；全部见所附的表。"
                            : "修改意见 %zu 条，完整的原文、理由和来源见所附的表。",
             n, ROWS_SHOWN);
    part_say(part, "在表里填好“采纳情况”，直接发回本邮箱，核对后登记。");
    part_row(part, (const char *[]){ "序号", "条款", "修改意见", "提出单位", "采纳情况", NULL });
    json_array_foreach (rows, i, row)
        if (i < ROWS_SHOWN)
            add_row(part, row);
    g_autofree char *name = g_strdup_printf("%s意见汇总表.xlsx", row_text(collation, "title"));
    g_autofree char *safe = text_filename(name);
    json_array_append_new(
        clerk->made, json_pack("{ss so}", "name", safe, "document", collation_xlsx(collation)));
}

/* ---- back again */

static json_t *table_in(struct office *office, const struct mail *mail, gint64 *matter)
{
    for (guint i = 0; i < mail->attachments->len; i++) {
        const struct attachment *a = mail->attachments->pdata[i];
        *matter = a->document != NULL ? collation_matter(office, a->document) : 0;
        if (*matter != 0)
            return a->document;
    }
    return NULL;
}

gboolean collation_is_in(struct office *office, const struct mail *mail)
{
    gint64 matter;
    return table_in(office, mail, &matter) != NULL;
}

gboolean collation_take(struct clerk *clerk)
{
    gint64 matter;
    if (table_in(clerk->office, clerk->mail, &matter) == NULL)
        return FALSE;
    g_autofree char *line = g_strdup_printf("采纳 #%" G_GINT64_FORMAT, clerk->message->id);
    line_follow(clerk, line, matter);
    return TRUE;
}

/* What the table of the named message changes. A new reference; NULL with an error. */
static json_t *import(struct clerk *clerk, const struct call *call, gboolean take, gint64 *matter,
                      GError **error)
{
    struct office *office = clerk->office;
    gint64 id = g_array_index(call->numbers, gint64, 0);
    struct message *m = message_get(office->db, id);
    struct mail *mail = m != NULL ? mail_stored(office->db, m->sha256, error) : NULL;
    json_t *table = mail != NULL ? table_in(office, mail, matter) : NULL, *result = NULL;
    if (table != NULL)
        result = collation_import(office, *matter, json_object_get(table, "tables"), take);
    else if (m == NULL || mail != NULL)
        fault_set(error, FAULT_REFUSED, "#%" G_GINT64_FORMAT " 号来信里没有本系统的意见汇总表", id);
    message_free(m);
    mail_free(mail);
    return result;
}

static void append_change(GString *out, json_t *change)
{
    g_autofree char *text = text_printable(row_text(change, "text"));
    g_autofree char *reason = text_printable(row_text(change, "reason"));
    g_autofree char *where = place_of(change);
    g_string_append_printf(out, "\n　%s　%s（%s）：%s → %s%s%s", where, text,
                           row_text(change, "unit"), row_text(change, "from"),
                           row_text(change, "to"), *reason != '\0' ? "　" : "", reason);
}

char *clerk_adopt_plan(struct clerk *clerk, const struct call *call, GError **error)
{
    gint64 matter = 0;
    json_auto_t *result = import(clerk, call, FALSE, &matter, error);
    if (result == NULL)
        return NULL;
    json_t *changes = json_object_get(result, "changes"), *one;
    json_t *problems = json_object_get(result, "problems");
    gsize n = json_array_size(changes), i;
    struct matter *m = matter_get(clerk->office->db, matter);
    g_autoptr(GString) out = g_string_new(NULL);
    g_string_append_printf(out, "《%s》采纳情况变更 %zu 处：", m->title, n);
    matter_free(m);
    json_array_foreach (changes, i, one)
        if (i < CHANGES_SHOWN)
            append_change(out, one);
    if (n > CHANGES_SHOWN)
        g_string_append_printf(out, "\n　另有 %zu 处没有列出", n - CHANGES_SHOWN);
    json_array_foreach (problems, i, one)
        g_string_append_printf(out, "\n　【请看】%s", json_string_value(one));
    if (n > 0)
        return g_strdup(out->str);
    fault_set(error, FAULT_REFUSED, "%s",
              json_array_size(problems) > 0 ? out->str : "表里的采纳情况与已登记的一样，没有变更");
    return NULL;
}

gboolean clerk_adopt(struct clerk *clerk, const struct call *call, json_t *part, GError **error)
{
    gint64 matter = 0;
    json_auto_t *result = import(clerk, call, TRUE, &matter, error);
    if (result == NULL)
        return FALSE;
    clerk->matter = matter;
    part_say(part, "已登记 %zu 处采纳情况", json_array_size(json_object_get(result, "changes")));
    return TRUE;
}
