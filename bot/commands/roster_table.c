/* A roster as offices keep it: a title above the headers, cells merged over a unit's people, digits
 * in full width, remarks below. Every row is taken or noted. */
#include "bot/commands/roster.h"

#include <string.h>

/* Headers without blanks and without what stands in brackets behind them. */
static const char *const headers[ROSTER_COLUMNS][12] = {
    [COL_CODE] = { "code", "代码", "单位代码", "编码" },
    [COL_NAME] = { "name", "单位", "单位名称", "单位全称", "成员单位", "成员单位名称", "所在单位",
                   "工作单位", "部门" },
    [COL_SHORT] = { "short_name", "简称", "单位简称" },
    [COL_ALIASES] = { "aliases", "别名", "曾用名", "原名称" },
    [COL_LIAISON] = { "liaison", "联络员", "联络员姓名", "联系人", "联系人姓名", "姓名", "经办人" },
    [COL_EMAIL] = { "email", "邮箱", "电子邮箱", "电子邮件", "邮箱地址", "电子邮箱地址", "e-mail",
                    "联系邮箱", "QQ邮箱" },
    [COL_PHONE] = { "phone", "电话", "联系电话", "办公电话", "办公室电话", "固定电话", "座机" },
    [COL_MOBILE] = { "mobile", "手机", "手机号", "手机号码", "移动电话" },
    [COL_ROLE] = { "role", "角色" },
};

enum { HEADER_ROWS = 10 }; /* titles and remarks above the headers */

/* A row as it stands in the file. */
struct source {
    char **cells;
    int number;
};

void roster_free(struct roster *roster)
{
    if (roster == NULL)
        return;
    g_ptr_array_unref(roster->lines);
    g_ptr_array_unref(roster->notes);
    g_free(roster);
}

static void line_free(gpointer data)
{
    struct roster_line *line = data;
    for (int c = 0; c < ROSTER_COLUMNS; c++)
        g_free(line->cells[c]);
    g_free(line);
}

void roster_note(struct roster *roster, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_ptr_array_add(roster->notes, g_strdup_vprintf(format, args));
    va_end(args);
}

struct roster *roster_new(void)
{
    struct roster *roster = g_new0(struct roster, 1);
    roster->lines = g_ptr_array_new_with_free_func(line_free);
    roster->notes = g_ptr_array_new_with_free_func(g_free);
    return roster;
}

/* ---- headers */

static int column_of(const char *header)
{
    g_autofree char *word = text_compact(header);
    word[strcspn(word, "(")] = '\0';
    char *bracket = strstr(word, "（");
    if (bracket != NULL)
        *bracket = '\0';
    for (int c = 0; c < ROSTER_COLUMNS; c++)
        for (gsize k = 0; k < G_N_ELEMENTS(headers[c]) && headers[c][k] != NULL; k++)
            if (g_ascii_strcasecmp(headers[c][k], word) == 0)
                return c;
    return -1;
}

/* TRUE if the row names the units' column; a row of one cell is a title. */
static gboolean find_columns(struct roster *roster, char **cells)
{
    int filled = 0;
    for (int c = 0; c < ROSTER_COLUMNS; c++)
        roster->columns[c] = -1;
    for (int i = 0; cells[i] != NULL; i++) {
        int c = column_of(cells[i]);
        filled += *cells[i] != '\0';
        if (c >= 0 && roster->columns[c] < 0)
            roster->columns[c] = i;
    }
    return roster->columns[COL_NAME] >= 0 && (filled > 1 || cells[1] == NULL);
}

static void note_unused(struct roster *roster, char **cells)
{
    g_autoptr(GString) unused = g_string_new(NULL);
    for (int i = 0; cells[i] != NULL; i++)
        if (*cells[i] != '\0' && column_of(cells[i]) < 0 && strcmp(cells[i], "序号") != 0)
            g_string_append_printf(unused, "%s%s", unused->len > 0 ? "、" : "", cells[i]);
    if (unused->len > 0)
        roster_note(roster, "这些列没有用到：%s", unused->str);
}

/* ---- cells */

char **roster_split(const char *cell)
{
    static const char *const separators[] = {
        "；", "、", "，", ",", "\n", "\r", "\t", " ", "/", "|"
    };
    g_autoptr(GString) even = g_string_new(cell);
    for (gsize i = 0; i < G_N_ELEMENTS(separators); i++)
        g_string_replace(even, separators[i], ";", 0);
    return g_strsplit(even->str, ";", -1);
}

/* A name stays as it is written; what machines read becomes narrow. */
static char *clean(const char *text, enum roster_column column)
{
    static const char *const nothing[] = { "无", "/", "-", "—", "——", "暂无" };
    g_autofree char *narrow = NULL;
    if (column == COL_CODE || column == COL_EMAIL || column == COL_PHONE || column == COL_MOBILE)
        narrow = g_utf8_normalize(text, -1, G_NORMALIZE_NFKC);
    char *cell = g_strstrip(g_strdup(narrow != NULL ? narrow : text));
    for (gsize i = 0; i < G_N_ELEMENTS(nothing); i++)
        if (strcmp(cell, nothing[i]) == 0)
            *cell = '\0';
    return cell;
}

static struct roster_line *line_of(const struct roster *roster, const struct source *source)
{
    struct roster_line *line = g_new0(struct roster_line, 1);
    int n = (int)g_strv_length(source->cells);
    line->number = source->number;
    for (int c = 0; c < ROSTER_COLUMNS; c++) {
        int at = roster->columns[c];
        line->cells[c] = clean(at >= 0 && at < n ? source->cells[at] : "", (enum roster_column)c);
    }
    return line;
}

static gboolean has_person(const struct roster_line *line)
{
    return *line->cells[COL_LIAISON] != '\0' || *line->cells[COL_EMAIL] != '\0' ||
           *line->cells[COL_PHONE] != '\0' || *line->cells[COL_MOBILE] != '\0';
}

/* 13800000000 in a narrow column becomes 1.38E+10, and stays that in a CSV. */
static void note_mangled(struct roster *roster, const struct roster_line *line)
{
    static const enum roster_column numbers[] = { COL_PHONE, COL_MOBILE };
    for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++)
        if (strstr(line->cells[numbers[i]], "E+") != NULL)
            roster_note(roster, "第 %d 行的号码“%s”被表格软件改写过，请核对原件", line->number,
                        line->cells[numbers[i]]);
}

/* The unit of the row above, where its cell was merged over several people. */
static void continue_unit(struct roster *roster, struct roster_line *line)
{
    static const enum roster_column shared[] = { COL_NAME, COL_CODE, COL_SHORT };
    const struct roster_line *above = roster->lines->pdata[roster->lines->len - 1];
    for (gsize i = 0; i < G_N_ELEMENTS(shared); i++) {
        g_free(line->cells[shared[i]]);
        line->cells[shared[i]] = g_strdup(above->cells[shared[i]]);
    }
    roster_note(roster, "第 %d 行没有写单位，作为上一行“%s”的又一个联系人", line->number,
                above->cells[COL_NAME]);
}

/* Where a remark (“填表人：…”) stands below the units, or nothing but a number. */
static gboolean is_remark(const struct roster_line *line)
{
    const char *name = line->cells[COL_NAME];
    if (*name == '\0')
        return *line->cells[COL_CODE] == '\0' && !has_person(line);
    return strstr(name, "：") != NULL || strchr(name, ':') != NULL;
}

static void take_line(struct roster *roster, const struct source *source)
{
    struct roster_line *line = line_of(roster, source);
    if (is_remark(line)) {
        g_autofree char *text = g_strjoinv(" ", source->cells);
        roster_note(roster, "第 %d 行没有导入：%s", line->number, g_strstrip(text));
        line_free(line);
        return;
    }
    if (*line->cells[COL_NAME] == '\0' && *line->cells[COL_CODE] == '\0' && roster->lines->len > 0)
        continue_unit(roster, line);
    note_mangled(roster, line);
    g_ptr_array_add(roster->lines, line);
}

static gboolean is_blank(char **cells)
{
    gboolean blank = TRUE;
    for (; *cells != NULL; cells++)
        blank = *g_strstrip(*cells) == '\0' && blank;
    return blank;
}

/* NULL without an error: there are no headers. */
static struct roster *read_sources(GArray *sources)
{
    struct roster *roster = roster_new();
    gboolean found = FALSE;
    for (guint i = 0, above = 0; i < sources->len; i++) {
        const struct source *source = &g_array_index(sources, struct source, i);
        if (is_blank(source->cells))
            continue;
        if (found) {
            take_line(roster, source);
        } else if (above++ < HEADER_ROWS && find_columns(roster, source->cells)) {
            found = TRUE;
            note_unused(roster, source->cells);
        }
    }
    if (!found)
        g_clear_pointer(&roster, roster_free);
    return roster;
}

/* Gives the roster back, or refuses one that is none. */
static struct roster *checked(struct roster *roster, GError **error)
{
    if (roster == NULL)
        fault_set(error, FAULT_REFUSED,
                  "第 1 行起的 %d 行里找不到写有“单位”（name）的表头，例如：单位,联络员,邮箱",
                  HEADER_ROWS);
    else if (roster->lines->len == 0)
        fault_set(error, FAULT_REFUSED, "名册里没有单位：表头以下每行一个单位");
    else
        return roster;
    roster_free(roster);
    return NULL;
}

struct roster *roster_of_rows(const GPtrArray *rows, const int *numbers)
{
    g_autoptr(GArray) sources = g_array_new(FALSE, FALSE, sizeof(struct source));
    for (guint i = 0; i < rows->len; i++) {
        struct source source = { rows->pdata[i], numbers[i] };
        g_array_append_val(sources, source);
    }
    return read_sources(sources);
}

struct roster *roster_of_csv(const char *bytes, gsize n, GError **error)
{
    g_autoptr(GPtrArray) rows = csv_parse(bytes, n, error);
    if (rows == NULL)
        return NULL;
    g_autoptr(GArray) sources = g_array_new(FALSE, FALSE, sizeof(struct source));
    for (guint i = 0; i < rows->len; i++) {
        struct source source = { rows->pdata[i], csv_line(rows->pdata[i]) };
        g_array_append_val(sources, source);
    }
    return checked(read_sources(sources), error);
}

static struct roster *of_table(json_t *table)
{
    g_autoptr(GArray) sources = g_array_new(FALSE, FALSE, sizeof(struct source));
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
    size_t i, k;
    json_t *row, *cell;
    json_array_foreach (table, i, row) {
        char **cells = g_new0(char *, json_array_size(row) + 1);
        json_array_foreach (row, k, cell)
            cells[k] = g_strdup(json_string_value(cell) != NULL ? json_string_value(cell) : "");
        g_ptr_array_add(rows, cells);
        struct source source = { cells, (int)i + 1 };
        g_array_append_val(sources, source);
    }
    return read_sources(sources);
}

struct roster *roster_of_tables(json_t *tables, GError **error)
{
    struct roster *roster = NULL;
    size_t i, found = 0;
    json_t *table;
    json_array_foreach (tables, i, table) {
        if (roster == NULL && (roster = of_table(table)) != NULL)
            found = i;
    }
    json_array_foreach (tables, i, table)
        if (roster != NULL && i != found && json_array_size(table) > 0)
            roster_note(roster, "第 %d 张表没有导入", (int)i + 1);
    return checked(roster, error);
}
