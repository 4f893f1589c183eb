/* Where an opinion belongs in what we sent: by what it quotes, else by what it cites; where several
 * places fit, the unit's own section comes first and the doubt is said. */
#include "wording/opinions/private.h"

#include <string.h>

enum { QUOTE_MIN = 4, CANDIDATES = 5, NUMBERS = 4 };

static gboolean is_own(const char *section, const char *const *names)
{
    for (; names != NULL && *names != NULL; names++)
        if (g_utf8_strlen(*names, -1) >= 2 &&
            (strstr(section, *names) != NULL || strstr(*names, section) != NULL))
            return TRUE;
    return FALSE;
}

static void add_spots(struct sent *sent, const GPtrArray *outline, const char *const *names)
{
    for (guint i = 0; i < outline->len; i++) {
        const struct node *node = outline->pdata[i];
        int section = outline_above(outline, (int)i, NODE_SECTION);
        const struct node *s = section >= 0 ? outline->pdata[section] : NULL;
        struct spot spot = { outline, (int)i, words_key(node->body),
                             s != NULL && is_own(s->name, names) };
        g_array_append_val(sent->spots, spot);
    }
}

struct sent *sent_new(const struct handed_in *handed)
{
    struct sent *sent = g_new0(struct sent, 1);
    sent->outlines = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    sent->spots = g_array_new(FALSE, FALSE, sizeof(struct spot));
    for (guint i = 0; i < handed->n_sent; i++) {
        const struct read_file *paper = &handed->sent[i];
        const char *text = json_string_value(json_object_get(paper->document, "text"));
        if (text == NULL)
            continue;
        GPtrArray *outline = outline_read(text, paper->file);
        g_ptr_array_add(sent->outlines, outline);
        add_spots(sent, outline, handed->names);
    }
    sent->lines.n = sent->spots->len;
    sent->lines.texts = g_new(char *, sent->lines.n + 1);
    sent->lines.keys = g_new(char *, sent->lines.n + 1);
    for (guint i = 0; i < sent->lines.n; i++) {
        sent->lines.texts[i] = spot_node(sent, (int)i)->text;
        sent->lines.keys[i] = g_array_index(sent->spots, struct spot, i).key;
    }
    return sent;
}

void sent_free(struct sent *sent)
{
    for (guint i = 0; i < sent->spots->len; i++)
        g_free(g_array_index(sent->spots, struct spot, i).key);
    g_array_unref(sent->spots);
    g_ptr_array_unref(sent->outlines);
    g_free(sent->lines.texts);
    g_free(sent->lines.keys);
    g_free(sent);
}

static const struct spot *spot_at(const struct sent *sent, int i)
{
    return &g_array_index(sent->spots, struct spot, i);
}

const struct node *spot_node(const struct sent *sent, int i)
{
    return spot_at(sent, i)->outline->pdata[spot_at(sent, i)->node];
}

static const struct node *spot_above(const struct sent *sent, int i, enum node_kind kind)
{
    int above = outline_above(spot_at(sent, i)->outline, spot_at(sent, i)->node, kind);
    return above >= 0 ? spot_at(sent, i)->outline->pdata[above] : NULL;
}

/* The sentence of a paragraph that holds what is quoted; the whole of it if none does. */
static char *sentence_of(const struct node *node, const char *quoted)
{
    g_autofree char *key = words_key(quoted);
    struct texts *sentences = texts_sentences(node->body);
    char *found = NULL;
    for (guint i = 0; i < sentences->n && found == NULL && *key != '\0'; i++)
        if (strstr(sentences->keys[i], key) != NULL)
            found = g_strdup(sentences->texts[i]);
    texts_free(sentences);
    return found != NULL ? found : g_strdup(node->body);
}

void anchor_at(const struct sent *sent, struct opinion *o, int spot, gboolean after)
{
    const struct node *node = spot_node(sent, spot);
    const struct node *document = spot_above(sent, spot, NODE_DOCUMENT);
    opinion_take(&o->document, g_strdup(document != NULL ? document->name : ""));
    opinion_take(&o->label, g_strconcat(node->label, after ? "之后" : "", NULL));
    opinion_take(&o->sentence, after ? g_strdup("") : sentence_of(node, o->original));
    o->paragraph = node->paragraph;
    o->order = spot + 1;
    o->certain = TRUE;
}

/* ---- choosing among places */

static gboolean mentions(const char *text, const char *name)
{
    return text != NULL && name != NULL && strstr(text, name) != NULL;
}

/* A paper is called by its title or by the end of it: “《办公室职责》”. */
static gboolean names_document(const char *text, const char *title)
{
    for (const char *open = text; open != NULL && (open = strstr(open, "《")) != NULL;) {
        open += strlen("《");
        const char *close = strstr(open, "》");
        if (close == NULL)
            return FALSE;
        g_autofree char *called = g_strndup(open, (gsize)(close - open));
        if (*called != '\0' && (g_str_has_suffix(title, called) || g_str_equal(title, called)))
            return TRUE;
        open = close;
    }
    return mentions(text, title);
}

static gboolean fits_document(const struct sent *sent, int i, const char *text)
{
    const struct node *document = spot_above(sent, i, NODE_DOCUMENT);
    return document != NULL && names_document(text, document->name);
}

static gboolean fits_section(const struct sent *sent, int i, const char *text)
{
    const struct node *section = spot_above(sent, i, NODE_SECTION);
    return section != NULL && mentions(text, section->name);
}

static gboolean fits_own(const struct sent *sent, int i, const char *text)
{
    return spot_at(sent, i)->own;
}

/* Keeps those that fit, if any does. */
static gboolean narrow(const struct sent *sent, GArray *spots, const char *text,
                       gboolean (*fits)(const struct sent *, int, const char *))
{
    g_autoptr(GArray) kept = g_array_new(FALSE, FALSE, sizeof(int));
    for (guint i = 0; i < spots->len; i++)
        if (fits(sent, g_array_index(spots, int, i), text))
            g_array_append_val(kept, g_array_index(spots, int, i));
    if (kept->len == 0)
        return FALSE;
    g_array_set_size(spots, 0);
    g_array_append_vals(spots, kept->data, kept->len);
    return TRUE;
}

/* 在第九条后增加一条, not words into it. */
static gboolean goes_behind(const struct opinion *o)
{
    static const char *const words[] = { "后增加", "后新增",   "后补充", "后增补", "后增设",
                                         "后插入", "后再增加", "后加入", "后加一", NULL };
    return o->operation == OPERATION_ADD && *o->original == '\0' &&
           words_find(o->text, words, NULL) != NULL;
}

static void choose(const struct sent *sent, struct opinion *o, GArray *all, const char *words)
{
    narrow(sent, all, words, fits_document);
    narrow(sent, all, words, fits_section);
    g_autoptr(GArray) own = g_array_copy(all);
    gboolean doubt = all->len > 1;
    if (doubt)
        narrow(sent, own, NULL, fits_own);
    int best = g_array_index(own, int, 0);
    anchor_at(sent, o, best, goes_behind(o));
    o->certain = !doubt;
    if (!doubt)
        return;
    g_ptr_array_add(o->candidates, g_strdup(spot_node(sent, best)->label));
    for (guint i = 0; i < all->len && o->candidates->len < CANDIDATES; i++)
        if (g_array_index(all, int, i) != best)
            g_ptr_array_add(o->candidates,
                            g_strdup(spot_node(sent, g_array_index(all, int, i))->label));
}

/* ---- by what is quoted */

static GArray *spots_with(const struct sent *sent, const char *quoted)
{
    GArray *spots = g_array_new(FALSE, FALSE, sizeof(int));
    gsize mark = outline_mark(quoted, NULL, NULL);
    g_autofree char *key = words_key(quoted + mark);
    if (g_utf8_strlen(key, -1) < QUOTE_MIN)
        return spots;
    for (int i = 0; i < (int)sent->spots->len; i++)
        if (strstr(spot_at(sent, i)->key, key) != NULL)
            g_array_append_val(spots, i);
    return spots;
}

/* A paragraph that is quoted not quite as it stands. */
static GArray *spots_like(const struct sent *sent, const char *quoted)
{
    GArray *spots = g_array_new(FALSE, FALSE, sizeof(int));
    g_autofree char *key = words_key(quoted + outline_mark(quoted, NULL, NULL));
    if (g_utf8_strlen(key, -1) < 2 * QUOTE_MIN)
        return spots;
    for (int i = 0; i < (int)sent->spots->len; i++)
        if (words_similarity(spot_at(sent, i)->key, key) >= 0.75)
            g_array_append_val(spots, i);
    return spots;
}

/* ---- by what is cited: 第五条第二款, 二、（一）2. */

static guint cited_numbers(const char *text, int *numbers)
{
    static const char *const words[] = { "条", "款", "项", "点", "目", "部分", "章", NULL };
    guint n = 0;
    int number = 0;
    for (const char *p = text; n < NUMBERS && (p = strstr(p, "第")) != NULL;) {
        p = words_skip(p + strlen("第"), "（( ");
        gsize length = han_number(p, &number);
        const char *behind = words_skip(p + length, "）) 、.");
        for (size_t i = 0; length > 0 && words[i] != NULL; i++)
            if (g_str_has_prefix(behind, words[i])) {
                /* A second citation is another place. */
                if (n > 0 && i == 0)
                    return n;
                numbers[n++] = number;
                break;
            }
    }
    if (n > 0)
        return n;
    /* A cell of a form says just “二、（一）2” or “3”. */
    const char *title = g_strrstr(text, "》");
    text = title != NULL ? title + strlen("》") : text;
    for (const char *p = text; n < NUMBERS && g_utf8_strlen(text, -1) <= 16;) {
        p = words_skip(p, "（(、.．，）) 　");
        gsize length = han_number(p, &number);
        if (length == 0)
            break;
        numbers[n++] = number;
        p += length;
    }
    return n;
}

/* The numbers of a clause and of those above it, the last first. */
static gboolean fits_numbers(const struct sent *sent, int i, const int *numbers, guint n)
{
    const GPtrArray *outline = spot_at(sent, i)->outline;
    const struct node *node = spot_node(sent, i);
    if (node->kind != NODE_CLAUSE)
        return FALSE;
    for (guint k = n; k-- > 0;) {
        if (node == NULL || node->kind != NODE_CLAUSE || node->number != numbers[k])
            return FALSE;
        node = node->parent >= 0 ? outline->pdata[node->parent] : NULL;
    }
    /* 第五条 is no item 5 of something else. */
    return node == NULL || node->kind != NODE_CLAUSE || node->style <= NUMBERING_DIVISION;
}

static GArray *spots_cited(const struct sent *sent, const char *text)
{
    GArray *spots = g_array_new(FALSE, FALSE, sizeof(int));
    int numbers[NUMBERS];
    guint n = text != NULL ? cited_numbers(text, numbers) : 0;
    for (int i = 0; n > 0 && i < (int)sent->spots->len; i++)
        if (fits_numbers(sent, i, numbers, n))
            g_array_append_val(spots, i);
    return spots;
}

/* The paper alone, or the section alone, is named. */
static void anchor_named(const struct sent *sent, struct opinion *o, const char *words)
{
    for (int i = 0; i < (int)sent->spots->len; i++) {
        enum node_kind kind = spot_node(sent, i)->kind;
        if ((kind == NODE_SECTION && fits_section(sent, i, words)) ||
            (kind == NODE_DOCUMENT && fits_document(sent, i, words))) {
            anchor_at(sent, o, i, FALSE);
            opinion_take(&o->sentence, g_strdup(""));
            if (kind == NODE_SECTION) { /* named, but perhaps not meant */
                o->certain = FALSE;
                g_ptr_array_add(o->candidates, g_strdup(o->label));
                return;
            }
        }
    }
}

void anchor_by_words(const struct sent *sent, struct opinion *o, const char *context)
{
    g_autofree char *words = g_strconcat(context != NULL ? context : "", " ", o->text, NULL);
    GArray *(*const ways[])(const struct sent *, const char *) = { spots_with, spots_like,
                                                                   spots_cited, spots_cited };
    const char *const by[] = { o->original, o->original, o->text, context };
    for (size_t i = 0; i < G_N_ELEMENTS(ways); i++) {
        // cppcheck-suppress uninitvar ; cppcheck takes the table for a variable
        g_autoptr(GArray) spots = ways[i](sent, by[i]);
        if (spots->len == 0)
            continue;
        if (i < 2 && spots->len > 1) { /* what is quoted twice may be cited, too */
            g_autoptr(GArray) cited = spots_cited(sent, words);
            if (cited->len == 1)
                g_array_set_size(spots, 0), g_array_append_val(spots, g_array_index(cited, int, 0));
        }
        choose(sent, o, spots, words);
        return;
    }
    anchor_named(sent, o, words);
}
