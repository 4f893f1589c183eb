/* A paper of ours that came back: its tracked changes, the comments in its margin, and what was
 * changed without a trace. */
#include "wording/opinions/private.h"
#include "wording/wrap.h"

#include <string.h>

/* One version of a paper against the one before it. */
struct versions {
    const struct sent *sent;
    const char *file;
    enum opinion_kind kind;
    const struct texts *before, *after;
    const int *spots; /* for each line of before: its place in what we sent, or -1 */
    GPtrArray *found;
};

/* paragraph: of the version where it can be seen. */
static struct opinion *change(const struct versions *v, const char *old, const char *new,
                              int paragraph)
{
    struct opinion *o = opinion_new(v->found, v->kind, v->file);
    opinion_take(&o->original, g_strdup(old));
    opinion_take(&o->proposed, g_strdup(new));
    opinion_take(&o->text, g_strdup(*new != '\0' ? new : old));
    opinion_take(&o->place, g_strdup_printf("第%d段", paragraph));
    o->operation = *old == '\0'   ? OPERATION_ADD
                   : *new == '\0' ? OPERATION_DELETE
                                  : OPERATION_REPLACE;
    return o;
}

/* Where a line of before stands in what we sent, or the last one above it that does. after: it is a
 * line of its own behind that one. */
static void anchor_line(const struct versions *v, struct opinion *o, int line, gboolean after)
{
    int at = line;
    while (at >= 0 && v->spots[at] < 0)
        at--;
    if (at >= 0)
        anchor_at(v->sent, o, v->spots[at], at != line || after);
    else
        anchor_by_words(v->sent, o, NULL);
}

/* What changed inside one paragraph: one opinion for each run of sentences that came or went, one
 * for each sentence that was changed. */
static void change_sentences(const struct versions *v, int line, int now)
{
    struct texts *a = texts_sentences(v->before->texts[line]);
    struct texts *b = texts_sentences(v->after->texts[now]);
    g_autofree int *match = words_align(a, b);
    guint j = 0;
    for (guint i = 0; i <= a->n; i++) {
        g_autoptr(GString) gone = g_string_new(NULL), come = g_string_new(NULL);
        for (; i < a->n && match[i] < 0; i++)
            g_string_append(gone, a->texts[i]);
        guint until = i < a->n ? (guint)match[i] : b->n;
        for (; j < until; j++)
            g_string_append(come, b->texts[j]);
        if (gone->len > 0 || come->len > 0) {
            struct opinion *o = change(v, gone->str, come->str, v->after->paragraphs[now]);
            anchor_line(v, o, line, FALSE);
        }
        if (i == a->n)
            break;
        const char *old = a->texts[i], *new = b->texts[j];
        if (!g_str_equal(a->keys[i], b->keys[j++])) {
            gsize x = i == 0 ? outline_mark(old, NULL, NULL) : 0;
            gsize y = j == 1 ? outline_mark(new, NULL, NULL) : 0;
            g_autofree char *was = words_key(old + x), *is = words_key(new + y);
            if (!g_str_equal(was, is)) /* only its number is another */
                anchor_line(v, change(v, old + x, new + y, v->after->paragraphs[now]), line, FALSE);
        }
    }
    texts_free(a);
    texts_free(b);
}

/* A unit that returns only its own section has not deleted the others'. */
static gboolean is_missing_part(const struct versions *v, const int *match, int line)
{
    if (v->kind == OPINION_CHANGE || v->spots[line] < 0)
        return FALSE;
    const struct node *node = spot_node(v->sent, v->spots[line]);
    int parent = node->parent;
    gboolean heading = node->kind == NODE_DOCUMENT || node->kind == NODE_SECTION;
    const GPtrArray *outline = g_array_index(v->sent->spots, struct spot, v->spots[line]).outline;
    if (heading)
        return TRUE;
    for (int i = MAX(line - 60, 0); i < (int)v->before->n && i < line + 60; i++) {
        const struct spot *spot = &g_array_index(v->sent->spots, struct spot, v->spots[i]);
        if (match[i] >= 0 && spot->outline == outline &&
            g_str_equal(v->before->keys[i], v->after->keys[match[i]]) &&
            ((struct node *)outline->pdata[spot->node])->parent == parent)
            return FALSE;
    }
    return TRUE;
}

static void lines_went(const struct versions *v, const int *match, int from, int to)
{
    for (int i = from; i < to; i++) {
        if (is_missing_part(v, match, i))
            continue;
        gsize mark = outline_mark(v->before->texts[i], NULL, NULL);
        /* What is gone from a clean copy stands in ours. */
        int paragraph = v->kind == OPINION_DIFF ? spot_node(v->sent, v->spots[i])->paragraph
                                                : v->before->paragraphs[i];
        anchor_line(v, change(v, v->before->texts[i] + mark, "", paragraph), i, FALSE);
    }
}

static void lines_came(const struct versions *v, int after, int from, int to)
{
    for (int j = from; j < to; j++) {
        /* In front of and behind our text a clean copy has letterheads and signatures. */
        gboolean edge = from == 0 || to == (int)v->after->n;
        if (v->kind == OPINION_DIFF && edge && outline_mark(v->after->texts[j], NULL, NULL) == 0)
            continue;
        anchor_line(v, change(v, "", v->after->texts[j], v->after->paragraphs[j]), after, TRUE);
    }
}

static void compare(const struct versions *v)
{
    g_autofree int *match = words_align(v->before, v->after);
    int j = 0, n = (int)v->before->n;
    for (int i = 0; i <= n; i++) {
        int from = i;
        while (i < n && match[i] < 0)
            i++;
        int until = i < n ? match[i] : (int)v->after->n;
        if (i - from == 1 && until - j == 1 && !is_missing_part(v, match, from)) {
            /* One for one: it was written anew. */
            gsize x = outline_mark(v->before->texts[from], NULL, NULL);
            gsize y = outline_mark(v->after->texts[j], NULL, NULL);
            anchor_line(v,
                        change(v, v->before->texts[from] + x, v->after->texts[j] + y,
                               v->after->paragraphs[j]),
                        from, FALSE);
        } else {
            lines_went(v, match, from, i);
            lines_came(v, i - 1, j, until);
        }
        if (i < n && !g_str_equal(v->before->keys[i], v->after->keys[until]) &&
            !is_missing_part(v, match, i))
            change_sentences(v, i, until);
        j = until + 1;
    }
}

/* ---- what went in one place and came in another */

enum { MOVED_MIN = 6 }; /* characters: a shorter line may come and go by itself */

static gboolean is_moved(const struct opinion *gone, const struct opinion *come)
{
    if (come->operation != OPERATION_ADD || come->kind != gone->kind)
        return FALSE;
    g_autofree char *old = words_key(gone->original);
    g_autofree char *new = words_key(come->proposed + outline_mark(come->proposed, NULL, NULL));
    return g_utf8_strlen(old, -1) >= MOVED_MIN && g_str_equal(old, new);
}

/* Told once, where it stood. */
static void join_moves(GPtrArray *found, guint from)
{
    for (guint i = from; i < found->len; i++) {
        struct opinion *gone = found->pdata[i];
        for (guint k = from; k < found->len && gone->operation == OPERATION_DELETE; k++) {
            struct opinion *come = found->pdata[k];
            if (!is_moved(gone, come))
                continue;
            gone->operation = OPERATION_REMARK;
            opinion_take(&gone->text, g_strdup_printf("移至%s", come->label));
            g_ptr_array_remove_index(found, k);
            i -= k < i;
        }
    }
}

/* ---- comments */

/* A comment on a sentence that was changed, too, is the reason for the change. */
static gboolean explains_change(GPtrArray *found, guint from, const char *anchor, const char *text)
{
    g_autofree char *key = words_key(anchor);
    for (guint i = from; i < found->len && *key != '\0'; i++) {
        struct opinion *o = found->pdata[i];
        g_autofree char *old = words_key(o->original), *new = words_key(o->proposed);
        if (o->kind != OPINION_CHANGE || (strstr(old, key) == NULL && strstr(new, key) == NULL))
            continue;
        const char *gap = *o->reason != '\0' ? "\n" : "";
        opinion_take(&o->reason, g_strconcat(o->reason, gap, text, NULL));
        return TRUE;
    }
    return FALSE;
}

static int line_with(const struct texts *lines, const char *anchor)
{
    g_autofree char *key = words_key(anchor);
    for (guint i = 0; i < lines->n && *key != '\0'; i++) {
        g_autofree char *whole = words_key(lines->texts[i]);
        if (strstr(whole, key) != NULL)
            return (int)i;
    }
    return -1;
}

/* In a margin one says why before one asks: 与前半句重复，建议删去。 */
static void reason_in_front(struct opinion *o)
{
    const char *asks = strstr(o->text, "建议");
    if (asks == NULL || *o->reason != '\0' || o->operation == OPERATION_REMARK)
        return;
    g_autofree char *front = g_strndup(o->text, (gsize)(asks - o->text));
    g_autofree char *why = words_chop(front, "，。；,;：: ");
    if (g_utf8_strlen(why, -1) >= 4 && !says_nothing(why) && !proposes(why))
        opinion_take(&o->reason, g_steal_pointer(&why));
}

static void find_comments(const struct versions *v, json_t *comments, guint from)
{
    size_t i;
    json_t *comment;
    json_array_foreach (comments, i, comment) {
        const char *text = json_string_value(json_object_get(comment, "text"));
        const char *anchor = json_string_value(json_object_get(comment, "anchor"));
        anchor = anchor != NULL ? anchor : "";
        if (text == NULL || says_nothing(text) || explains_change(v->found, from, anchor, text))
            continue;
        struct opinion *o = opinion_new(v->found, OPINION_COMMENT, v->file);
        opinion_parse(o, text);
        reason_in_front(o);
        if (*o->original == '\0' && o->operation != OPERATION_ADD)
            opinion_take(&o->original, g_strdup(anchor));
        opinion_take(&o->place, g_strdup_printf("批注%d", (int)i + 1));
        int line = line_with(v->before, anchor);
        if (line >= 0 && v->spots[line] >= 0)
            anchor_at(v->sent, o, v->spots[line], FALSE);
        else
            anchor_by_words(v->sent, o, anchor);
    }
}

/* ---- is it ours? */

/* A paper is ours if a good part of its sentences are. */
static gboolean is_ours(const struct sent *sent, const struct texts *lines)
{
    g_autoptr(GHashTable) ours = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    guint hits = 0, all = 0;
    for (guint i = 0; i < sent->lines.n; i++) {
        struct texts *t = texts_sentences(spot_node(sent, (int)i)->body);
        for (guint k = 0; k < t->n; k++)
            g_hash_table_add(ours, g_strdup(t->keys[k]));
        texts_free(t);
    }
    for (guint i = 0; i < lines->n; i++) {
        struct texts *t = texts_sentences(lines->texts[i] + outline_mark(lines->texts[i], 0, 0));
        for (guint k = 0; k < t->n; k++) {
            hits += g_hash_table_contains(ours, t->keys[k]);
            all++;
        }
        texts_free(t);
    }
    return hits >= 3 && hits * 10 >= all * 3;
}

static int *inverse(const int *match, guint n, guint m)
{
    int *back = g_new(int, m + 1);
    for (guint j = 0; j <= m; j++)
        back[j] = -1;
    for (guint i = 0; i < n; i++)
        if (match[i] >= 0)
            back[match[i]] = (int)i;
    return back;
}

static void find_changes(const struct sent *sent, const struct read_file *paper,
                         const struct texts *original, const struct texts *final, GPtrArray *found)
{
    guint from = found->len;
    g_autofree int *match = words_align(&sent->lines, original);
    g_autofree int *spots = inverse(match, sent->lines.n, original->n);
    struct versions tracked = { sent, paper->file, OPINION_CHANGE, original, final, spots, found };
    compare(&tracked);
    join_moves(found, from);
    find_comments(&tracked, json_object_get(paper->document, "comments"), from);
    g_autofree int *self = g_new(int, sent->lines.n + 1);
    for (guint i = 0; i < sent->lines.n; i++)
        self[i] = (int)i;
    struct versions clean = {
        sent, paper->file, OPINION_DIFF, &sent->lines, original, self, found
    };
    compare(&clean);
    join_moves(found, from);
}

gboolean find_returned(const struct sent *sent, const struct read_file *paper, GPtrArray *found)
{
    const char *text = json_string_value(json_object_get(paper->document, "text"));
    const char *before = json_string_value(json_object_get(paper->document, "original_text"));
    if (text == NULL)
        return FALSE;
    g_autofree char *rejoined = is_page(paper->document) ? lines_rejoined(text) : NULL;
    if (rejoined != NULL)
        before = text = rejoined;
    struct texts *original = texts_lines(before != NULL ? before : text);
    struct texts *final = texts_lines(text);
    gboolean ours = is_ours(sent, original);
    if (ours)
        find_changes(sent, paper, original, final, found);
    texts_free(original);
    texts_free(final);
    return ours;
}
