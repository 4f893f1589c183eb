/* The collation as the files that offices pass on. */
#include "base/base.h"
#include "handlers/private.h"
#include <string.h>

enum { COLUMNS = 10 };
static const struct {
    const char *name;
    int width; /* of a landscape page, in parts */
} columns[COLUMNS] = { { "序号", 5 },      { "文件", 14 }, { "条款", 14 },     { "原文", 24 },
                       { "修改意见", 28 }, { "理由", 15 }, { "提出单位", 10 }, { "采纳情况", 9 },
                       { "采纳说明", 14 }, { "来源", 15 } };

static char *joined(json_t *list, const char *separator)
{
    GString *text = g_string_new(NULL);
    size_t i;
    json_t *one;
    json_array_foreach (list, i, one)
        g_string_append_printf(text, "%s%s", i > 0 ? separator : "", json_string_value(one));
    return g_string_free(text, FALSE);
}

/* The clause without its document, which has a column of its own; a doubtful one says so. */
static char *clause_of(json_t *row)
{
    const char *clause = row_text(row, "clause");
    g_autofree char *title = g_strdup_printf("《%s》", row_text(row, "document"));
    if (g_str_has_prefix(clause, title))
        clause += strlen(title);
    if (json_is_true(json_object_get(row, "certain")))
        return g_strdup(clause);
    g_autofree char *others = joined(json_object_get(row, "candidates"), "\n");
    return g_strdup_printf("%s（待核%s%s）", clause, *others != '\0' ? "，可能是：\n" : "", others);
}

/* How many bytes all names of documents begin with alike, which a column need not repeat:
 * 柳州市全民 科学素质工作领导小组. 0 where little would be left of one, or there is but one. */
static gsize common_beginning(json_t *collation)
{
    enum { LEFT_MIN = 4 };
    const char *first = NULL;
    gsize same = 0, shortest = 0;
    gboolean several = FALSE;
    size_t i;
    json_t *row;
    json_array_foreach (json_object_get(collation, "rows"), i, row) {
        const char *name = row_text(row, "document");
        gsize n = strlen(name), k = 0;
        if (*name == '\0')
            continue;
        if (first == NULL)
            first = name, same = shortest = n;
        while (k < MIN(same, n) && name[k] == first[k])
            k++;
        several |= !g_str_equal(name, first);
        same = k;
        shortest = MIN(shortest, n);
    }
    while (same > 0 && (first[same] & 0xC0) == 0x80)
        same--;
    return several && g_utf8_strlen(first + same, -1) >= 1 &&
                   shortest - same >= LEFT_MIN * strlen("字")
               ? same
               : 0;
}

/* The ten cells of a row; g_strfreev. common: bytes of its document that are not repeated. */
static char **cells_of(json_t *row, gsize common)
{
    char **cells = g_new0(char *, COLUMNS + 1);
    const char *note = row_text(row, "note"), *text = row_text(row, "text");
    cells[0] = g_strdup_printf("%d", (int)json_integer_value(json_object_get(row, "number")));
    const char *document = row_text(row, "document");
    cells[1] = g_strdup(*document != '\0' ? document + common : "");
    cells[2] = clause_of(row);
    cells[3] = g_strdup(row_text(row, "original"));
    cells[4] = *note != '\0' ? g_strdup_printf("%s\n【%s】", text, note) : g_strdup(text);
    cells[5] = g_strdup(row_text(row, "reason"));
    cells[6] = joined(json_object_get(row, "units"), "、");
    cells[7] = g_strdup(row_text(row, "disposition_text"));
    cells[8] = g_strdup(row_text(row, "disposition_reason"));
    cells[9] = joined(json_object_get(row, "sources"), "\n");
    return cells;
}

/* 关于征求《…》修改意见的通知 asked for them: 《…》意见汇总表 */
static char *title_of(json_t *collation)
{
    static const char *const before[] = { "关于公开征求", "关于再次征求", "关于征求", "征求" };
    static const char *const behind[] = { "修改意见", "意见建议", "意见和建议", "意见" };
    const char *title = row_text(collation, "title");
    for (gsize i = 0; i < G_N_ELEMENTS(before); i++)
        for (gsize k = 0; k < G_N_ELEMENTS(behind) && g_str_has_prefix(title, before[i]); k++) {
            const char *what = title + strlen(before[i]), *end = g_strrstr(what, behind[k]);
            const char *rest = end != NULL ? end + strlen(behind[k]) : "";
            if (end > what && (g_str_equal(rest, "的通知") || g_str_equal(rest, "的函")))
                return g_strdup_printf("%.*s意见汇总表", (int)(end - what), what);
        }
    return g_strdup_printf("%s意见汇总表", title);
}

static char *summary_of(json_t *collation)
{
    json_t *head = json_object_get(collation, "head");
    static const struct {
        const char *key, *name;
    } counts[] = {
        { "sent", "发出" },         { "replied", "回函" },          { "commented", "有意见" },
        { "no_comment", "无意见" }, { "deemed", "逾期视为无异议" }, { "waiting", "未回" }
    };
    GString *text = g_string_new(NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(counts); i++)
        g_string_append_printf(text, "%s%s %d 份", i > 0 ? "，" : "", counts[i].name,
                               (int)json_integer_value(json_object_get(head, counts[i].key)));
    g_string_append_printf(text, "；共 %d 条意见。",
                           (int)json_array_size(json_object_get(collation, "rows")));
    return g_string_free(text, FALSE);
}

char *collation_csv(json_t *collation)
{
    GString *out = g_string_new(CSV_MARK);
    const char *names[COLUMNS + 1];
    for (int i = 0; i < COLUMNS; i++)
        names[i] = columns[i].name;
    names[COLUMNS] = "编号（请勿改动）";
    csv_write(out, names, COLUMNS + 1);
    gsize common = common_beginning(collation);
    size_t i;
    json_t *row;
    json_array_foreach (json_object_get(collation, "rows"), i, row) {
        g_auto(GStrv) cells = cells_of(row, common);
        const char *fields[COLUMNS + 1];
        for (int k = 0; k < COLUMNS; k++)
            fields[k] = cells[k];
        fields[COLUMNS] = row_text(row, "id");
        csv_write(out, fields, COLUMNS + 1);
    }
    return g_string_free(out, FALSE);
}

static json_t *template_rows(json_t *collation)
{
    static const char *const keys[COLUMNS] = { "number",   "document",    "clause",
                                               "original", "text",        "reason",
                                               "units",    "disposition", "disposition_reason",
                                               "sources" };
    json_t *rows = json_array(), *row;
    gsize common = common_beginning(collation);
    size_t i;
    json_array_foreach (json_object_get(collation, "rows"), i, row) {
        g_auto(GStrv) cells = cells_of(row, common);
        json_t *one = json_object();
        for (int k = 0; k < COLUMNS; k++)
            json_object_set_new(one, keys[k], json_string(cells[k]));
        json_object_set_new(one, "text", json_string(row_text(row, "text")));
        json_object_set_new(one, "note", json_string(row_text(row, "note")));
        json_array_append_new(rows, one);
    }
    return rows;
}

char *collation_html(struct office *office, json_t *collation, GError **error)
{
    g_autofree char *title = title_of(collation), *summary = summary_of(collation);
    json_auto_t *data =
        json_pack("{so ss ss ss so}", "office", office_data(office), "title", title, "summary",
                  summary, "date", row_text(collation, "date"), "rows", template_rows(collation));
    return office_render(office, "collation", "html", data, error);
}

/* Header and rows as lianluo-write takes them. */
static json_t *table_of(json_t *collation, gboolean ids)
{
    json_t *table = json_array(), *header = json_array(), *row;
    for (int k = 0; k < COLUMNS; k++)
        json_array_append_new(header, json_string(columns[k].name));
    if (ids)
        json_array_append_new(header, json_string("编号（请勿改动）"));
    json_array_append_new(table, header);
    gsize common = common_beginning(collation);
    size_t i;
    json_array_foreach (json_object_get(collation, "rows"), i, row) {
        g_auto(GStrv) cells = cells_of(row, common);
        json_t *line = json_array();
        for (int k = 0; k < COLUMNS; k++)
            json_array_append_new(line, json_string(cells[k]));
        if (ids)
            json_array_append_new(line, json_string(row_text(row, "id")));
        json_array_append_new(table, line);
    }
    return table;
}

static json_t *widths(void)
{
    json_t *list = json_array();
    for (int k = 0; k < COLUMNS; k++)
        json_array_append_new(list, json_integer(columns[k].width));
    return list;
}

json_t *collation_docx(json_t *collation)
{
    g_autofree char *title = title_of(collation), *summary = summary_of(collation);
    return json_pack("{ss ss sb s{ss} s[{ss} {ss} {so so si}]}", "format", "docx", "title", title,
                     "landscape", TRUE, "properties", "lianluo", row_text(collation, "token"),
                     "blocks", "title", title, "paragraph", summary, "table",
                     table_of(collation, FALSE), "widths", widths(), "header_rows", 1);
}

json_t *collation_xlsx(json_t *collation)
{
    enum { DECISION = 7 }; /* the column of 采纳情况 */
    g_autofree char *title = title_of(collation), *summary = summary_of(collation);
    json_t *choices = json_array();
    for (int d = DISPOSITION_ADOPTED; d < DISPOSITIONS; d++)
        json_array_append_new(choices, json_string(disposition_chinese((enum disposition)d)));
    json_array_append_new(choices, json_string(disposition_chinese(DISPOSITION_PENDING)));
    return json_pack("{ss ss ss sb s{ss} ss so so s{si so} si}", "format", "xlsx", "title", title,
                     "summary", summary, "landscape", TRUE, "properties", "lianluo",
                     row_text(collation, "token"), "sheet", "意见汇总表", "table",
                     table_of(collation, TRUE), "widths", widths(), "choices", "column", DECISION,
                     "values", choices, "hidden", COLUMNS);
}
