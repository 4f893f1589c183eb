/* How people call a place in a paper: “《……办法》第五条第二款”. */
#include "wording/outline/private.h"
#include "wording/words.h"

#include <string.h>

static struct node *node_at(const GPtrArray *nodes, int i)
{
    return i >= 0 ? nodes->pdata[i] : NULL;
}

/* ---- the units' sections */

static gsize common_tail(const char *a, const char *b)
{
    const char *p = a + strlen(a), *q = b + strlen(b);
    while (p > a && q > b) {
        const char *x = g_utf8_prev_char(p), *y = g_utf8_prev_char(q);
        if (g_utf8_get_char(x) != g_utf8_get_char(y))
            break;
        p = x;
        q = y;
    }
    return strlen(p);
}

/* What all sections below one document end with. */
struct tail {
    const char *name; /* of the section before; NULL if there is none yet */
    gsize length;
};

static void shorten(struct tail *tail, const char *name)
{
    gsize common = tail->name != NULL ? common_tail(tail->name, name) : strlen(name);
    tail->length = tail->name != NULL ? MIN(tail->length, common) : common;
    tail->name = name;
}

/* The units of one document may all be 局: that much of the tail is the unit's. And a section that
 * stands alone is cut where its duties begin. */
static const char *end_of_unit(const char *name, gsize tail)
{
    static const char *const duties[] = { "全民", "具体", "主要", "工作", "职责", "任务", "分工" };
    static const char *const endings[] = { "办公室", "中心", "局", "委", "部", "厅", "会", "院",
                                           "社",     "联",   "协", "办", "团", "处", "站", "所" };
    const char *end = name + strlen(name) - tail;
    if (end == name) {
        end = name + strlen(name);
        for (size_t i = 0; i < G_N_ELEMENTS(duties); i++) {
            const char *hit = strstr(name, duties[i]);
            if (hit != NULL && hit > g_utf8_next_char(name) && hit < end)
                end = hit;
        }
        return end;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(endings); i++)
        if (g_str_has_prefix(end, endings[i]))
            return end + strlen(endings[i]);
    return end;
}

void outline_name_sections(GPtrArray *nodes)
{
    g_autofree struct tail *tails = g_new0(struct tail, nodes->len + 1); /* by parent + 1 */
    for (guint i = 0; i < nodes->len; i++)
        if (node_at(nodes, (int)i)->kind == NODE_SECTION)
            shorten(&tails[node_at(nodes, (int)i)->parent + 1], node_at(nodes, (int)i)->name);
    for (guint i = 0; i < nodes->len; i++) {
        struct node *node = nodes->pdata[i];
        if (node->kind != NODE_SECTION)
            continue;
        const char *end = end_of_unit(node->name, tails[node->parent + 1].length);
        char *unit = g_strndup(node->name, (gsize)(end - node->name));
        g_free(node->name);
        node->name = unit;
    }
}

/* ---- labels */

static gboolean has_clauses(const GPtrArray *nodes, int parent)
{
    for (guint i = (guint)parent + 1; i < nodes->len; i++) {
        const struct node *node = nodes->pdata[i];
        if (node->parent == parent && node->kind == NODE_CLAUSE)
            return TRUE;
        if (node->parent < parent)
            break;
    }
    return FALSE;
}

/* The mark as it is written, without the point behind it. */
static char *written(const struct node *node)
{
    g_autofree char *mark = g_strndup(node->text, (gsize)(node->body - node->text));
    g_autofree char *trimmed = words_trim(mark);
    if (node->style == NUMBERING_HAN || node->style == NUMBERING_ARABIC)
        return words_chop(trimmed, "、.．，)） ");
    return g_steal_pointer(&trimmed);
}

static void append_below_article(GString *label, const struct node *node)
{
    static const char *const counts[] = {
        "一", "二", "三", "四", "五", "六", "七", "八", "九", "十"
    };
    if (node->kind == NODE_PLAIN) {
        if (node->number < (int)G_N_ELEMENTS(counts))
            g_string_append_printf(label, "第%s款", counts[node->number]);
        return;
    }
    g_autofree char *mark = written(node);
    g_string_append_printf(label, "第%s%s", mark, node->style == NUMBERING_HAN_PAREN ? "项" : "目");
}

/* A mark that stands alone is spoken of in words. */
static void append_alone(const GPtrArray *nodes, GString *label, int index)
{
    const struct node *node = node_at(nodes, index);
    g_autofree char *mark = written(node);
    if (node->style <= NUMBERING_ARTICLE)
        g_string_append(label, mark);
    else if (node->style == NUMBERING_HAN && has_clauses(nodes, index))
        g_string_append_printf(label, "第%s部分", mark);
    else
        g_string_append_printf(label, "第%s项", mark);
}

/* The clauses from the outermost to the node itself: indices. */
static GArray *chain_of(const GPtrArray *nodes, int index)
{
    GArray *chain = g_array_new(FALSE, FALSE, sizeof(int));
    for (; index >= 0; index = node_at(nodes, index)->parent) {
        const struct node *node = node_at(nodes, index);
        if (node->kind == NODE_DOCUMENT || node->kind == NODE_SECTION)
            break;
        /* Articles are numbered through: their chapter need not be said. */
        g_array_prepend_val(chain, index);
        if (node->style == NUMBERING_ARTICLE)
            break;
    }
    return chain;
}

static void append_chain(const GPtrArray *nodes, GString *label, const GArray *chain)
{
    gboolean article = FALSE;
    guint clauses = 0;
    for (guint i = 0; i < chain->len; i++)
        clauses += node_at(nodes, g_array_index(chain, int, i))->kind == NODE_CLAUSE;
    for (guint i = 0; i < chain->len; i++) {
        int index = g_array_index(chain, int, i);
        const struct node *node = node_at(nodes, index);
        if (article) {
            append_below_article(label, node);
        } else if (node->kind == NODE_CLAUSE &&
                   (clauses == 1 || node->style <= NUMBERING_ARTICLE)) {
            append_alone(nodes, label, index);
        } else if (node->kind == NODE_CLAUSE) {
            g_autofree char *mark = written(node);
            g_string_append(label, mark);
        }
        article = article || node->style == NUMBERING_ARTICLE;
    }
}

static char *label_of(const GPtrArray *nodes, int index)
{
    GString *label = g_string_new(NULL);
    const struct node *document = node_at(nodes, outline_above(nodes, index, NODE_DOCUMENT));
    const struct node *section = node_at(nodes, outline_above(nodes, index, NODE_SECTION));
    g_autoptr(GArray) chain = chain_of(nodes, index);
    if (document != NULL)
        g_string_append_printf(label, "《%s》", document->name);
    if (section != NULL)
        g_string_append(label, section->name);
    if (section != NULL && chain->len > 0)
        g_string_append_c(label, ' ');
    append_chain(nodes, label, chain);
    return g_string_free(label, FALSE);
}

/* A plain paragraph is called as what stands above it, but for an article's. */
static char *label_of_plain(const GPtrArray *nodes, int index, gboolean opening)
{
    const struct node *parent = node_at(nodes, node_at(nodes, index)->parent);
    if (parent == NULL)
        return g_strdup("");
    if (parent->style == NUMBERING_ARTICLE)
        return label_of(nodes, index);
    return g_strconcat(parent->label, opening ? "开头" : "", NULL);
}

void outline_label(GPtrArray *nodes)
{
    gboolean opening = FALSE; /* before the first clause of its document */
    for (guint i = 0; i < nodes->len; i++) {
        struct node *node = nodes->pdata[i];
        opening = node->kind == NODE_DOCUMENT || (opening && node->kind == NODE_PLAIN);
        node->label = node->kind == NODE_PLAIN ? label_of_plain(nodes, (int)i, opening)
                                               : label_of(nodes, (int)i);
    }
}
