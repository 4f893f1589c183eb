/* The tree of a paper: titles, the units' own sections, chapters, articles and items. */
#include "wording/outline/private.h"

#include "base/base.h"
#include "wording/words.h"
#include <string.h>

/* A paragraph as it stands in the text. */
struct line {
    char *text; /* trimmed */
    int number;
    gboolean after_blank;
};

struct reader {
    GArray *lines; /* struct line, without the blank ones */
    GPtrArray *nodes;
    GArray *open;   /* int: the clauses that are not over, outermost first */
    GArray *plains; /* int: how many plain paragraphs each node has; 0: those of none */
    int document, section;
};

static void node_free(gpointer data)
{
    struct node *node = data;
    g_free(node->name);
    g_free(node->text);
    g_free(node->label);
    g_free(node);
}

static void line_clear(gpointer data)
{
    g_free(((struct line *)data)->text);
}

static GArray *split(const char *text)
{
    GArray *lines = g_array_new(FALSE, FALSE, sizeof(struct line));
    g_array_set_clear_func(lines, line_clear);
    gboolean blank = TRUE;
    g_auto(GStrv) rows = g_strsplit(text, "\n", -1);
    for (int i = 0; rows[i] != NULL; i++) {
        char *trimmed = words_trim(rows[i]);
        struct line line = { trimmed, i + 1, blank };
        blank = *trimmed == '\0';
        if (blank)
            g_free(trimmed);
        else
            g_array_append_val(lines, line);
    }
    return lines;
}

static const struct line *line_at(const struct reader *r, guint i)
{
    return i < r->lines->len ? &g_array_index(r->lines, struct line, i) : NULL;
}

static int add(struct reader *r, enum node_kind kind, int parent, const struct line *line)
{
    struct node *node = g_new0(struct node, 1);
    node->kind = kind;
    node->parent = parent;
    node->paragraph = line->number;
    node->text = g_strdup(line->text);
    node->body = node->text;
    g_ptr_array_add(r->nodes, node);
    g_array_set_size(r->plains, r->nodes->len + 1);
    return (int)r->nodes->len - 1;
}

static struct node *last(const struct reader *r)
{
    return r->nodes->pdata[r->nodes->len - 1];
}

/* “附件1”, “附件：”, and nothing else. */
static gboolean is_annex_mark(const char *text)
{
    if (!g_str_has_prefix(text, "附件") && !g_str_has_prefix(text, "附："))
        return FALSE;
    const char *rest = text + strlen("附件");
    int number;
    rest += han_number(rest, &number);
    return *words_skip(rest, "：: ") == '\0';
}

/* ---- titles */

enum { TITLE_LINES = 3, TITLE_MAX = 45, TITLE_MIN = 6, TITLE_SURE = 10 };

static gboolean may_be_title(const char *text)
{
    return g_utf8_strlen(text, -1) <= TITLE_MAX && outline_mark(text, NULL, NULL) == 0 &&
           !words_has_any(text, "。；：:，！？\t") && !is_annex_mark(text);
}

static gboolean ends_as_title(const char *text)
{
    static const char *const ends[] = { "规则", "职责", "办法", "制度", "方案", "规定",
                                        "细则", "条例", "规划", "章程", "要点", "计划",
                                        "意见", "通知", "函",   "报告", "清单", "标准",
                                        "指南", "纪要", "总结", "说明", "预案", "措施",
                                        "公约", "规范", "名单", "表",   NULL };
    g_autofree char *bare = g_strdup(text);
    char *tail = g_strrstr(bare, "（");
    if (tail == NULL)
        tail = g_strrstr(bare, "(");
    if (tail != NULL && tail > bare && words_ends(bare, "）)"))
        *tail = '\0';
    char *end = g_strrstr(bare, "》");
    if (end != NULL && end[strlen("》")] == '\0')
        *end = '\0';
    return words_ends_with(bare, ends);
}

/* How many lines from i on are a title, joined in *title; 0 if none. */
static guint title_lines(const struct reader *r, guint i, char **title)
{
    const struct line *first = line_at(r, i);
    guint found = 0;
    g_autoptr(GString) joined = g_string_new(NULL);
    for (guint n = 0; n < TITLE_LINES; n++) {
        const struct line *line = line_at(r, i + n);
        if (line == NULL || (n > 0 && line->after_blank) || !may_be_title(line->text))
            break;
        g_string_append(joined, line->text);
        if (!ends_as_title(joined->str))
            continue;
        found = n + 1;
        g_free(*title);
        *title = g_strdup(joined->str);
    }
    if (found == 0)
        return 0;
    const struct line *before = i > 0 ? line_at(r, i - 1) : NULL;
    glong size = g_utf8_strlen(*title, -1);
    if (before == NULL || is_annex_mark(before->text))
        return found;
    gboolean begins = first->after_blank ? size >= TITLE_MIN
                                         : size >= TITLE_SURE && words_ends(before->text, "。；");
    return begins ? found : 0;
}

static void add_document(struct reader *r, const struct line *line, const char *title)
{
    int index = add(r, NODE_DOCUMENT, -1, line);
    struct node *node = last(r);
    g_free(node->text);
    node->text = g_strdup(title);
    node->body = node->text;
    node->name = words_bare_title(title);
    r->document = index;
    r->section = -1;
    g_array_set_size(r->open, 0);
}

static guint take_title(struct reader *r, guint i)
{
    g_autofree char *title = NULL;
    guint n = title_lines(r, i, &title);
    gboolean again = n > 0 && r->nodes->len > 0 && last(r)->kind == NODE_DOCUMENT;
    if (n == 0 || again) /* a title below a title says the same once more */
        return 0;
    add_document(r, line_at(r, i), title);
    return n;
}

/* ---- sections of units */

enum { SECTION_MAX = 32 };

/* “市教育局全民科学素质工作具体职责” names a unit; “会议的主要内容是” does not. */
static gboolean names_unit(const char *stem)
{
    static const char *const endings[] = { "局", "委",   "部",   "办",   "会",   "院", "厅",
                                           "联", "协",   "团",   "站",   "社",   "所", "办公室",
                                           "科", "中心", "公司", "大学", "学院", "处", NULL };
    static const char *const duties[] = { "职责", "任务", "分工", "工作", NULL };
    if (g_utf8_strlen(stem, -1) > SECTION_MAX || words_has_any(stem, "，。；！？、：:"))
        return FALSE;
    if (words_ends_with(stem, endings))
        return TRUE;
    gboolean unit = FALSE;
    for (size_t i = 0; endings[i] != NULL && !unit; i++) {
        const char *hit = strstr(stem, endings[i]);
        unit = hit != NULL && hit > stem;
    }
    return unit && words_ends_with(stem, duties);
}

static gboolean take_section(struct reader *r, guint i)
{
    const struct line *line = line_at(r, i), *next = line_at(r, i + 1);
    int number = 0;
    if (!words_ends(line->text, "：:") || next == NULL ||
        outline_mark(next->text, NULL, &number) == 0 || number != 1)
        return FALSE;
    g_autofree char *stem = words_chop(line->text, "：: ");
    if (!names_unit(stem))
        return FALSE;
    g_array_set_size(r->open, 0);
    r->section = add(r, NODE_SECTION, r->document, line);
    last(r)->name = g_steal_pointer(&stem);
    return TRUE;
}

/* ---- clauses */

/* Below what was opened with another style; beside what has the same. */
static void take_clause(struct reader *r, const struct line *line, gsize mark, enum numbering style,
                        int number)
{
    guint keep = r->open->len;
    for (guint i = 0; i < r->open->len; i++) {
        const struct node *open = r->nodes->pdata[g_array_index(r->open, int, i)];
        gboolean outranks = style <= NUMBERING_ARTICLE && open->style > style;
        if (open->style == style || outranks) {
            keep = i;
            break;
        }
    }
    g_array_set_size(r->open, keep);
    int parent = keep > 0 ? g_array_index(r->open, int, keep - 1)
                          : (r->section >= 0 ? r->section : r->document);
    int index = add(r, NODE_CLAUSE, parent, line);
    struct node *node = last(r);
    node->style = style;
    node->number = number;
    node->body = node->text + mark;
    g_array_append_val(r->open, index);
}

/* “……；……；……。”: what follows the full stop of a list belongs to what the list belongs to. */
static gboolean closes_list(const struct reader *r, int item)
{
    enum { NEAR = 40 };
    const struct node *node = r->nodes->pdata[item];
    if (item != (int)r->nodes->len - 1 || node->number < 2 || !words_ends(node->text, "。"))
        return FALSE;
    for (int i = item - 1; i >= 0 && i > item - NEAR; i--) {
        const struct node *before = r->nodes->pdata[i];
        if (before->parent == node->parent && before->style == node->style)
            return words_ends(before->text, "；;");
    }
    return FALSE;
}

static void take_plain(struct reader *r, const struct line *line)
{
    int parent = r->section >= 0 ? r->section : r->document;
    if (r->open->len > 1 && closes_list(r, g_array_index(r->open, int, r->open->len - 1)))
        g_array_set_size(r->open, r->open->len - 1);
    if (r->open->len > 0)
        parent = g_array_index(r->open, int, r->open->len - 1);
    /* An article's own paragraphs follow its items. */
    for (guint i = 0; i < r->open->len; i++) {
        int open = g_array_index(r->open, int, i);
        if (((struct node *)r->nodes->pdata[open])->style == NUMBERING_ARTICLE) {
            parent = open;
            g_array_set_size(r->open, i + 1);
            break;
        }
    }
    add(r, NODE_PLAIN, parent, line);
    /* Slot 0 counts those of no parent. */
    last(r)->number = ++g_array_index(r->plains, int, parent + 1);
}

/* A numbered heading that is a unit's name, with clauses below it, is that unit's section. */
static void find_numbered_sections(GPtrArray *nodes)
{
    for (guint i = 0; i + 1 < nodes->len; i++) {
        struct node *node = nodes->pdata[i];
        const struct node *next = nodes->pdata[i + 1];
        g_autofree char *stem = words_chop(node->body, "：: ");
        if (node->kind == NODE_CLAUSE && next->parent == (int)i && next->kind == NODE_CLAUSE &&
            names_unit(stem)) {
            node->kind = NODE_SECTION;
            node->name = g_steal_pointer(&stem);
        }
    }
}

static void read_lines(struct reader *r)
{
    for (guint i = 0; i < r->lines->len;) {
        const struct line *line = line_at(r, i);
        enum numbering style = NUMBERING_NONE;
        int number = 0;
        guint title = take_title(r, i);
        gsize mark = title == 0 ? outline_mark(line->text, &style, &number) : 0;
        if (title == 0 && mark > 0)
            take_clause(r, line, mark, style, number);
        else if (title == 0 && !take_section(r, i))
            take_plain(r, line);
        i += MAX(title, 1);
    }
}

static gboolean has_document(const GPtrArray *nodes)
{
    for (guint i = 0; i < nodes->len; i++)
        if (((struct node *)nodes->pdata[i])->kind == NODE_DOCUMENT)
            return TRUE;
    return FALSE;
}

static void read_all(struct reader *r, const char *name)
{
    if (name != NULL) {
        struct line line = { (char *)name, 0, TRUE };
        g_autofree char *title = words_file_title(name);
        add_document(r, &line, title);
    }
    read_lines(r);
}

GPtrArray *outline_read(const char *text, const char *name)
{
    struct reader r = { .lines = split(text), .document = -1, .section = -1 };
    r.open = g_array_new(FALSE, FALSE, sizeof(int));
    r.plains = g_array_new(FALSE, TRUE, sizeof(int));
    r.nodes = g_ptr_array_new_with_free_func(node_free);
    read_all(&r, NULL);
    if (name != NULL && !has_document(r.nodes)) {
        g_ptr_array_set_size(r.nodes, 0);
        g_array_set_size(r.open, 0);
        g_array_set_size(r.plains, 0);
        r.document = r.section = -1;
        read_all(&r, name);
    }
    find_numbered_sections(r.nodes);
    outline_name_sections(r.nodes);
    outline_label(r.nodes);
    g_array_unref(r.lines);
    g_array_unref(r.open);
    g_array_unref(r.plains);
    return r.nodes;
}

int outline_above(const GPtrArray *outline, int node, enum node_kind kind)
{
    for (; node >= 0; node = ((struct node *)outline->pdata[node])->parent)
        if (((struct node *)outline->pdata[node])->kind == kind)
            return node;
    return -1;
}
