/* Opinions in forms and tables: any table whose header says what its columns are, and forms that
 * have the heading beside the field. */
#include "wording/opinions/private.h"

#include <string.h>

enum column { DOCUMENT, CLAUSE, ORIGINAL, PROPOSED, REASON, OTHER, COLUMNS };

enum { HEADING_MAX = 24 };

/* What a heading means: the first row whose word it contains. */
static const struct {
    const char *word;
    enum column column;
} headings[] = {
    { "采纳", OTHER },
    { "提出单位", OTHER },
    { "单位名称", OTHER },
    { "联系", OTHER },
    { "备注", OTHER },
    { "序号", OTHER },
    { "填表", OTHER },
    { "理由", REASON },
    { "依据", REASON },
    { "修改说明", REASON },
    { "原因", REASON },
    { "原文", ORIGINAL },
    { "原条", ORIGINAL },
    { "原内容", ORIGINAL },
    { "原表述", ORIGINAL },
    { "现条文", ORIGINAL },
    { "征求意见稿内容", ORIGINAL },
    { "修改意见", PROPOSED },
    { "修改建议", PROPOSED },
    { "意见", PROPOSED },
    { "建议", PROPOSED },
    { "修改后", PROPOSED },
    { "修改为", PROPOSED },
    { "修改内容", PROPOSED },
    { "修改情况", PROPOSED },
    { "条款", CLAUSE },
    { "章节", CLAUSE },
    { "章条", CLAUSE },
    { "条目", CLAUSE },
    { "条文", CLAUSE },
    { "位置", CLAUSE },
    { "编号", CLAUSE },
    { "页码", CLAUSE },
    { "文件", DOCUMENT },
    { "单位", OTHER },
};

/* -1: no heading. */
static int column_of(const char *cell)
{
    g_autofree char *key = words_key(cell);
    if (*key == '\0' || g_utf8_strlen(key, -1) > HEADING_MAX || words_has_any(key, "。；“"))
        return -1;
    for (size_t i = 0; i < G_N_ELEMENTS(headings); i++)
        if (strstr(key, headings[i].word) != NULL)
            return (int)headings[i].column;
    return -1;
}

static const char *cell_at(json_t *row, int i)
{
    const char *text = i >= 0 ? json_string_value(json_array_get(row, (size_t)i)) : NULL;
    return text != NULL ? text : "";
}

/* The columns of a header row: index of each, -1 if it has none. FALSE: it is no header. */
static gboolean read_header(json_t *row, int *columns)
{
    int found[COLUMNS];
    guint meanings = 0, filled = 0;
    for (int c = 0; c < COLUMNS; c++)
        found[c] = -1;
    for (int i = 0; i < (int)json_array_size(row); i++) {
        int column = column_of(cell_at(row, i));
        filled += *cell_at(row, i) != '\0';
        if (column < 0)
            continue;
        meanings++;
        if (found[column] < 0)
            found[column] = i;
    }
    if (found[PROPOSED] < 0 || meanings < 2 || filled < 2 || meanings * 2 < filled ||
        (found[CLAUSE] < 0 && found[ORIGINAL] < 0 && found[REASON] < 0 && found[DOCUMENT] < 0))
        return FALSE;
    memcpy(columns, found, sizeof found);
    return TRUE;
}

struct table {
    const struct sent *sent;
    const char *file;
    GPtrArray *found;
    int number, columns[COLUMNS];
    char *last[COLUMNS]; /* merged cells: what stands above goes on */
};

static char *of_column(struct table *t, json_t *row, enum column column)
{
    return words_trim(cell_at(row, t->columns[column]));
}

/* A cell that is merged downwards is read once, and is empty below. */
static const char *inherited(struct table *t, json_t *row, enum column column)
{
    char *text = of_column(t, row, column);
    if (*text == '\0') {
        g_free(text);
        return t->last[column] != NULL ? t->last[column] : "";
    }
    for (int below = (int)column; below <= ORIGINAL; below++) /* another clause has other words */
        g_clear_pointer(&t->last[below], g_free);
    t->last[column] = text;
    return text;
}

static void parse_row(struct opinion *o, const char *original, const char *proposed)
{
    opinion_parse(o, proposed);
    if (*original == '\0')
        return;
    if (o->operation == OPERATION_REMARK && !proposes(proposed)) {
        o->operation = OPERATION_REPLACE; /* the new wording itself stands in the cell */
        opinion_take(&o->proposed, g_strdup(proposed));
        opinion_take(&o->original, g_strdup(original));
    } else if (*o->original == '\0' || strstr(original, o->original) == NULL) {
        opinion_take(&o->original, g_strdup(original));
    }
}

static void take_row(struct table *t, json_t *row, int index)
{
    const char *document = inherited(t, row, DOCUMENT), *clause = inherited(t, row, CLAUSE);
    g_autofree char *proposed = of_column(t, row, PROPOSED), *reason = of_column(t, row, REASON);
    g_autofree char *original = g_strdup(inherited(t, row, ORIGINAL));
    if (says_nothing(proposed))
        return;
    struct opinion *o = opinion_new(t->found, OPINION_ROW, t->file);
    parse_row(o, says_nothing(original) ? "" : original, proposed);
    if (!says_nothing(reason))
        opinion_take(&o->reason, g_strdup(reason));
    opinion_take(&o->text, g_strdup(proposed));
    opinion_take(&o->place, g_strdup_printf("表%d第%d行", t->number, index + 1));
    g_autofree char *context =
        *document != '\0' ? g_strdup_printf("《%s》%s", document, clause) : g_strdup(clause);
    g_autofree char *place = g_strconcat(context, *clause != '\0' ? "" : o->text, NULL);
    anchor_by_words(t->sent, o, place);
}

/* “修改意见 | ……”: the heading beside the field. */
static void take_field(struct table *t, json_t *row)
{
    for (int i = 0; i + 1 < (int)json_array_size(row); i++) {
        const char *value = cell_at(row, i + 1);
        if (column_of(cell_at(row, i)) != PROPOSED || says_nothing(value) || column_of(value) >= 0)
            continue;
        guint before = t->found->len;
        find_prose(t->sent, value, t->file, t->found);
        if (t->found->len == before) { /* it says something, in whatever words */
            struct opinion *o = opinion_new(t->found, OPINION_ROW, t->file);
            opinion_parse(o, value);
            anchor_by_words(t->sent, o, NULL);
        }
        for (guint k = before; k < t->found->len; k++) {
            struct opinion *o = t->found->pdata[k];
            o->kind = OPINION_ROW;
            opinion_take(&o->place, g_strdup_printf("表%d", t->number));
        }
        return;
    }
}

void find_rows(const struct sent *sent, const struct read_file *paper, GPtrArray *found)
{
    size_t i, k;
    json_t *table, *row;
    json_array_foreach (json_object_get(paper->document, "tables"), i, table) {
        struct table t = { sent, paper->file, found, (int)i + 1, { 0 }, { NULL } };
        gboolean headed = FALSE;
        json_array_foreach (table, k, row) {
            if (read_header(row, t.columns))
                headed = TRUE; /* or it is repeated on the next page */
            else if (headed)
                take_row(&t, row, (int)k);
            else
                take_field(&t, row);
        }
        for (int c = 0; c < COLUMNS; c++)
            g_free(t.last[c]);
    }
}

/* ---- on a page */

gboolean is_page(json_t *document)
{
    const char *format = json_string_value(json_object_get(document, "format"));
    return g_strcmp0(format, "pdf") == 0 || g_strcmp0(format, "ofd") == 0;
}

/* Three on_page side by side, the last perhaps cut off. */
static gboolean is_heading_line(const char *line)
{
    static const char *const on_page[] = { "序号", "文件",   "条款",   "条文",   "章节", "原文",
                                           "意见", "修改意", "修改建", "修改内", "理由", "依据" };
    int n = 0;
    g_auto(GStrv) words = g_strsplit_set(line, " \t", -1);
    for (char **word = words; *word != NULL; word++)
        for (gsize i = 0; i < G_N_ELEMENTS(on_page); i++)
            if (g_str_has_prefix(*word, on_page[i])) {
                n++;
                break;
            }
    return n >= 3;
}

gboolean find_form_on_page(const struct read_file *paper, GPtrArray *found)
{
    const char *text = json_string_value(json_object_get(paper->document, "text"));
    g_auto(GStrv) lines = g_strsplit(text != NULL ? text : "", "\n", -1);
    gboolean form = FALSE;
    for (char **line = lines; *line != NULL && !form; line++)
        form = is_page(paper->document) && is_heading_line(*line);
    if (!form)
        return FALSE;
    struct opinion *o = opinion_new(found, OPINION_ROW, paper->file);
    opinion_take(&o->text, g_strdup("反馈表是 PDF，其中的意见没有逐条读出，请看原件"));
    opinion_take(&o->place, g_strdup("全文"));
    return TRUE;
}
