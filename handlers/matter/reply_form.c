/* 反馈表: the form that goes with a notice that asks for opinions. What we know stands in it
 * already; the unit writes into two columns, or nothing at all. */
#include "handlers/private.h"

#include "wording/wording.h"
#include <string.h>

enum {
    OWN_ROWS = 40,   /* of the unit's own section */
    EMPTY_ROWS = 6,  /* below them */
    DUTY_MAX = 2000, /* bytes: a longer line of a section is no clause */
};

static const char asking[] = "填写说明：每行写一条，行数不够请自行增加，填好后作为附件回复原邮件。"
                             "不填此表的，直接在邮件正文里答复即可。";

static const char page[] = "— 1 —"; /* the foot of what lianluo-write makes, as it is read */

/* ---- whether */

/* 反馈表, 意见表 … by name, or a table with a heading that asks for opinions. */
static gboolean is_form(struct office *office, const struct annex *annex)
{
    static const char *const names[] = { "反馈表", "意见表", "反馈单", "意见单", "意见反馈" };
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        if (strstr(annex->filename, names[i]) != NULL)
            return TRUE;
    g_autofree char *cell = NULL;
    json_auto_t *document = document_get(office->db, annex->sha256);
    return form_read(json_object_get(document, "tables"), &cell) != FORM_NONE_THERE;
}

gboolean reply_form_wanted(struct office *office, const struct matter *m)
{
    if (!office->policy->reply_form || m->kind != KIND_CONSULTATION)
        return FALSE;
    g_autoptr(GPtrArray) annexes = annex_list(office->db, m->id);
    for (guint i = 0; i < annexes->len; i++)
        if (is_form(office, annexes->pdata[i]))
            return FALSE;
    return TRUE;
}

/* ---- what stands in it */

static void add_row(json_t *table, const char *clause, const char *original)
{
    json_array_append_new(table, json_pack("[ssss]", clause, original, "", ""));
}

/* The clauses of the unit's own section, then room for others. */
static json_t *opinion_rows(json_t *section)
{
    json_t *table = json_pack("[[ssss]]", "条款", "原文", "修改意见", "理由"), *duty;
    const char *name = json_string_value(json_object_get(section, "name"));
    gsize i;
    json_array_foreach (json_object_get(section, "duties"), i, duty) {
        g_autofree char *clause = g_strdup_printf("%s第%d项", name, (int)i + 1);
        if (i < OWN_ROWS && json_string_length(duty) <= DUTY_MAX)
            add_row(table, clause, json_string_value(duty));
    }
    for (int k = 0; k < EMPTY_ROWS; k++)
        add_row(table, "", "");
    return table;
}

static json_t *head_rows(const struct matter *m, const struct unit *unit, const char *deadline)
{
    json_t *table = json_pack("[[ss] [ss]]", "征求意见的文件", m->title, "反馈单位", unit->name);
    g_autofree char *day = deadline != NULL ? deadline_chinese(deadline, 0) : NULL;
    if (m->number != NULL)
        json_array_append_new(table, json_pack("[ss]", "发文字号", m->number));
    if (day != NULL)
        json_array_append_new(table, json_pack("[ss]", "反馈截止", day));
    json_array_append_new(table, json_pack("[ss]", "事项编号", m->token));
    return table;
}

static json_t *form_with(const struct matter *m, const struct unit *unit, const char *deadline,
                         json_t *section)
{
    json_t *form =
        json_pack("{ss ss s{ss} s[{ss} {so s[ii]} {ss ss} {so s[iiii] si}]}", "format", "docx",
                  "title", REPLY_FORM_TITLE, "properties", REPLY_FORM_MARK, m->token, "blocks",
                  "title", REPLY_FORM_TITLE, "table", head_rows(m, unit, deadline), "widths", 2, 7,
                  "paragraph", asking, "align", "left", "table", opinion_rows(section), "widths", 3,
                  6, 6, 4, "header_rows", 1);
    if (m->paper) {
        g_autofree char *seal = g_strdup_printf("填报单位（盖章）：%s", unit->name);
        json_t *blocks = json_object_get(form, "blocks");
        json_array_append_new(blocks, json_pack("{ss ss}", "paragraph", seal, "align", "right"));
        json_array_append_new(blocks,
                              json_pack("{ss ss}", "paragraph", "填报日期：", "align", "right"));
    }
    return form;
}

json_t *reply_form(const struct matter *m, const struct unit *unit, const char *deadline,
                   json_t *section)
{
    json_t *form = form_with(m, unit, deadline, section);
    if (json_dumpb(form, NULL, 0, JSON_COMPACT) <= RAW_ROW_MAX)
        return form;
    json_decref(form);
    return form_with(m, unit, deadline, NULL);
}

char *reply_form_name(const struct matter *m, const struct unit *unit)
{
    g_autofree char *name = g_strdup_printf(REPLY_FORM_TITLE "（%s）%s.docx", unit->name, m->token);
    return text_filename(name);
}

static void add_text(GHashTable *set, json_t *value)
{
    g_autofree char *text = json_is_string(value) ? text_compact(json_string_value(value)) : NULL;
    if (text != NULL && *text != '\0')
        g_hash_table_add(set, g_steal_pointer(&text));
}

void reply_form_texts(json_t *form, GHashTable *lines, GHashTable *cells)
{
    gsize i, k, c;
    json_t *block, *row, *cell;
    g_hash_table_add(lines, text_compact(page));
    json_array_foreach (json_object_get(form, "blocks"), i, block) {
        add_text(lines, json_object_get(block, "title"));
        add_text(lines, json_object_get(block, "paragraph"));
        json_array_foreach (json_object_get(block, "table"), k, row)
            json_array_foreach (row, c, cell)
                add_text(cells, cell);
    }
}
