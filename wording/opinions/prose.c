/* Opinions in plain words: numbered items between 意见如下 and 特此函复, and sentences that propose
 * something. */
#include "wording/opinions/private.h"
#include "wording/wrap.h"

#include <string.h>

static const char *const proposals[] = { "建议", "修改为", "改为", "改成", "调整为", "表述为",
                                         "删除", "删去",   "删掉", "去掉", "增加",   "补充",
                                         "增补", "新增",   "应为", "应改", "替换为", "合并",
                                         "不宜", "不妥",   "完善", "希望", "明确为", "进一步明确",
                                         "应当", NULL };
/* Words that only name what is handed in. */
static const char *const names[] = { "意见建议",   "修改建议",   "意见和建议", "意见及建议",
                                     "意见、建议", "建议如下",   "无补充",     "没有补充",
                                     "有关建议",   "建议和意见", NULL };
static const char *const nothing[] = { "无意见",       "无异议",       "没有意见",   "无修改意见",
                                       "无不同意见",   "没有异议",     "无其他意见", "无补充意见",
                                       "没有修改意见", "没有不同意见", NULL };

static char *without_names(const char *text)
{
    g_autoptr(GString) all = g_string_new(text);
    for (size_t i = 0; names[i] != NULL; i++)
        g_string_replace(all, names[i], "", 0);
    GString *bare = g_string_sized_new(all->len);
    const char *p = all->str, *close = p;
    /* What stands between 《》 is a title; a 《 that nothing closes is dropped alone. */
    for (const char *open; (open = strstr(p, "《")) != NULL;) {
        g_string_append_len(bare, p, open - p);
        close = close != NULL ? strstr(open, "》") : NULL;
        p = close != NULL ? close + strlen("》") : open + strlen("《");
    }
    g_string_append(bare, p);
    return g_string_free(bare, FALSE);
}

gboolean proposes(const char *text)
{
    g_autofree char *bare = without_names(text);
    return words_find(bare, proposals, NULL) != NULL;
}

gboolean says_nothing(const char *text)
{
    static const char *const words[] = { "无",     "/",      "-",        "—",    "——",
                                         "同意",   "无意见", "略",       "ok",   "OK",
                                         "已阅",   "没有",   "原则同意", "无无", "不修改",
                                         "（无）", "(无)",   "无修改",   NULL };
    g_autofree char *key = words_key(text);
    g_autofree char *bare = words_chop(key, "。.，,;；!！ ");
    if (*bare == '\0' || g_strv_contains(words, bare))
        return TRUE;
    return g_utf8_strlen(bare, -1) <= 24 && words_find(bare, nothing, NULL) != NULL &&
           !proposes(bare);
}

/* ---- what a text wants done */

struct quote {
    const char *start, *end; /* inside the marks */
};

/* The quoted pieces of a text, nested ones as one. */
static GArray *quotes_in(const char *text)
{
    GArray *list = g_array_new(FALSE, FALSE, sizeof(struct quote));
    const char *start = NULL;
    gunichar close = 0, open = 0;
    int depth = 0;
    for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (start == NULL && (c == 0x201C || c == 0x300C || c == '"' || c == 0x300E)) {
            start = g_utf8_next_char(p);
            open = c;
            close = c == 0x201C ? 0x201D : c == 0x300C ? 0x300D : c == 0x300E ? 0x300F : '"';
            depth = 1;
        } else if (start != NULL && c == close && --depth == 0) {
            struct quote quote = { start, p };
            g_array_append_val(list, quote);
            start = NULL;
        } else if (start != NULL && c == open) {
            depth++;
        }
    }
    return list;
}

/* The last quote that ends before at, or the first that begins behind it; "" if none. */
static char *quote_beside(const GArray *quotes, const char *at, gboolean before)
{
    const struct quote *best = NULL;
    for (guint i = 0; i < quotes->len; i++) {
        const struct quote *q = &g_array_index(quotes, struct quote, i);
        if (before && q->end <= at)
            best = q;
        else if (!before && q->start >= at && best == NULL)
            best = q;
    }
    return best != NULL ? g_strndup(best->start, (gsize)(best->end - best->start)) : g_strdup("");
}

static const char *outside_quotes(const char *text, const char *const *words, const GArray *quotes,
                                  const char **word)
{
    const char *hit = words_find(text, words, word);
    for (guint i = 0; hit != NULL && i < quotes->len; i++) {
        const struct quote *q = &g_array_index(quotes, struct quote, i);
        if (hit >= q->start && hit < q->end)
            return outside_quotes(q->end, words, quotes, word);
    }
    return hit;
}

/* Behind a verb, what is not quoted runs to the end of the sentence. */
static char *rest_of(const char *behind)
{
    const char *start = words_skip(behind, "：:，, ");
    struct texts *sentences = texts_sentences(start);
    char *rest = g_strdup(sentences->n > 0 ? sentences->texts[0] : "");
    texts_free(sentences);
    return rest;
}

static char *new_wording(const GArray *quotes, const char *verb, const char *word)
{
    char *quoted = quote_beside(quotes, verb, FALSE);
    if (*quoted != '\0')
        return quoted;
    g_free(quoted);
    return rest_of(verb + strlen(word));
}

static void parse_verbs(struct opinion *o, const char *text)
{
    static const char *const replace[] = { "修改为", "改为",   "调整为", "表述为", "更改为", "改成",
                                           "变更为", "替换为", "修改成", "应为",   "明确为", NULL };
    static const char *const insert[] = { "增加", "补充", "增补", "新增",
                                          "加入", "加上", "插入", NULL };
    static const char *const remove[] = { "删除", "删去", "删掉", "去掉", NULL };
    g_autoptr(GArray) quotes = quotes_in(text);
    const char *word = NULL, *verb;
    if ((verb = outside_quotes(text, replace, quotes, &word)) != NULL) {
        o->operation = OPERATION_REPLACE;
        opinion_take(&o->original, quote_beside(quotes, verb, TRUE));
        opinion_take(&o->proposed, new_wording(quotes, verb, word));
    } else if ((verb = outside_quotes(text, remove, quotes, &word)) != NULL) {
        o->operation = OPERATION_DELETE;
        char *quoted = quote_beside(quotes, verb, FALSE);
        if (*quoted == '\0') {
            g_free(quoted);
            quoted = quote_beside(quotes, verb, TRUE);
        }
        opinion_take(&o->original, quoted);
    } else if ((verb = outside_quotes(text, insert, quotes, &word)) != NULL) {
        o->operation = OPERATION_ADD;
        opinion_take(&o->original, quote_beside(quotes, verb, TRUE));
        opinion_take(&o->proposed, new_wording(quotes, verb, word));
    } else if (quotes->len > 0) {
        opinion_take(&o->original, quote_beside(quotes, text, FALSE));
    }
}

void opinion_parse(struct opinion *o, const char *text)
{
    static const char *const reasons[] = { "理由：", "理由:",    "理由是", "理由为", "修改理由",
                                           "依据：", "主要考虑", "原因：", NULL };
    const char *word = NULL, *reason = words_find(text, reasons, &word);
    g_autofree char *said =
        reason != NULL && reason > text ? g_strndup(text, (gsize)(reason - text)) : g_strdup(text);
    opinion_take(&o->text, words_trim(text));
    o->operation = OPERATION_REMARK;
    parse_verbs(o, said);
    if (reason != NULL && reason > text) {
        g_autofree char *why = words_trim(words_skip(reason + strlen(word), "：:是为 "));
        opinion_take(&o->reason, words_chop(why, "）)"));
    }
}

/* ---- lines */

/* “如下：1.……；2.……” in one paragraph becomes lines. */
static char *split_inline(const char *text)
{
    GString *out = g_string_new(NULL);
    gboolean after = FALSE;
    int depth = 0;
    for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        enum numbering style = NUMBERING_NONE;
        if (after && depth == 0 && !g_unichar_isspace(c) && outline_mark(p, &style, NULL) > 0 &&
            style > NUMBERING_ARTICLE)
            g_string_append_c(out, '\n');
        depth += c == 0x201C ? 1 : c == 0x201D && depth > 0 ? -1 : 0;
        if (c == '\n')
            depth = 0;
        after = c == 0x3002 || c == 0xFF1B || c == 0xFF1A || c == ':' || c == ';';
        g_string_append_unichar(out, c);
    }
    return g_string_free(out, FALSE);
}

/* ---- items and sentences */

struct letter_text {
    const struct sent *sent;
    const char *file;
    GPtrArray *found;
    GPtrArray *nodes;
};

static struct opinion *add_one(const struct letter_text *l, const char *text, const char *context,
                               int paragraph)
{
    struct opinion *o = opinion_new(l->found, OPINION_PROSE, l->file);
    opinion_parse(o, text);
    opinion_take(&o->place, g_strdup_printf("第%d段", paragraph));
    anchor_by_words(l->sent, o, context);
    return o;
}

/* 将……修改为……，并在第2条后增加……: where the second request begins; NULL: there is but one. */
static const char *second_request(const char *text)
{
    static const char *const joints[] = { "，并将", "，并把",   "，并在",   "，并删",   "，并增加",
                                          "；并将", "；并把",   "；并在",   "；并删",   "；并增加",
                                          "，同时", "；同时",   "；将",     "；把",     "；在",
                                          "；删除", "；建议将", "；建议把", "；建议在", NULL };
    static const char *const verbs[] = { "修改为", "改为", "调整为", "删除", "删去",
                                         "增加",   "补充", "新增",   NULL };
    g_autoptr(GArray) quotes = quotes_in(text);
    const char *joint = outside_quotes(text, joints, quotes, NULL);
    if (joint == NULL)
        return NULL;
    const char *first = outside_quotes(text, verbs, quotes, NULL);
    const char *second = joint + strlen("，");
    g_autoptr(GArray) later = quotes_in(second);
    return first != NULL && first < joint && outside_quotes(second, verbs, later, NULL) != NULL
               ? second
               : NULL;
}

enum { REQUESTS_MAX = 8 }; /* in one sentence */

static void add_opinion(const struct letter_text *l, const char *text, const char *context,
                        int paragraph)
{
    guint before = l->found->len;
    g_autoptr(GString) above = g_string_new(context);
    for (int i = 1; text != NULL; i++) {
        const char *second = i < REQUESTS_MAX ? second_request(text) : NULL;
        g_autofree char *one =
            second != NULL ? g_strndup(text, (gsize)(second - text)) : g_strdup(text);
        add_one(l, one, above->str, paragraph);
        g_string_append(above, one);
        text = second;
    }
    /* What is said behind all of them is for all. */
    const struct opinion *last = l->found->pdata[l->found->len - 1];
    for (guint i = before; i + 1 < l->found->len; i++) {
        struct opinion *o = l->found->pdata[i];
        if (*o->reason == '\0')
            opinion_take(&o->reason, g_strdup(last->reason));
    }
}

static const char *const endings[] = { "特此", "此复", "专此", "妥否", "以上意见", NULL };

static gboolean is_closing(const char *text)
{
    for (size_t i = 0; endings[i] != NULL; i++)
        if (g_str_has_prefix(text, endings[i]))
            return TRUE;
    return FALSE;
}

/* The sentences of a paragraph that is no item: each that proposes something begins an opinion,
 * what follows (理由…) belongs to it. */
static void take_sentences(const struct letter_text *l, const struct node *node,
                           const char *context)
{
    struct texts *sentences = texts_sentences(node->text);
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i <= sentences->n; i++) {
        const char *one = i < sentences->n ? sentences->texts[i] : NULL;
        gboolean begins = one != NULL && proposes(one) && !g_str_has_prefix(one, "理由") &&
                          !g_str_has_suffix(one, "如下：") && !is_closing(one);
        if ((begins || one == NULL) && text->len > 0) {
            add_opinion(l, text->str, context, node->paragraph);
            g_string_truncate(text, 0);
        }
        if (one != NULL && (begins || (text->len > 0 && !says_nothing(one) && !is_closing(one))))
            g_string_append(text, one);
    }
    texts_free(sentences);
}

static gboolean has_item(const GPtrArray *nodes, guint i)
{
    for (guint k = i + 1; k < nodes->len && ((struct node *)nodes->pdata[k])->parent >= (int)i; k++)
        if (((struct node *)nodes->pdata[k])->kind == NODE_CLAUSE)
            return TRUE;
    return FALSE;
}

/* What stands above an item, outermost first. */
static char *context_of(const GPtrArray *nodes, int parent)
{
    g_autoptr(GString) context = g_string_new(NULL);
    for (; parent >= 0; parent = ((struct node *)nodes->pdata[parent])->parent) {
        const struct node *node = nodes->pdata[parent];
        if (node->kind != NODE_DOCUMENT)
            g_string_prepend(context, node->body);
    }
    return g_strdup(context->str);
}

/* An item with the plain paragraphs below it. Returns the next node. */
static guint take_item(const struct letter_text *l, guint i, gboolean listed)
{
    const struct node *item = l->nodes->pdata[i];
    g_autoptr(GString) text = g_string_new(item->body);
    guint k = i + 1;
    for (; k < l->nodes->len; k++) {
        const struct node *below = l->nodes->pdata[k];
        if (below->kind != NODE_PLAIN || below->parent != (int)i || is_closing(below->text))
            break;
        if (!proposes(below->text) && !g_str_has_prefix(below->text, "理由") &&
            !g_str_has_prefix(below->text, "依据"))
            break;
        g_string_append_printf(text, "\n%s", below->text);
    }
    g_autofree char *context = context_of(l->nodes, item->parent);
    if ((listed || proposes(text->str)) && !says_nothing(text->str))
        add_opinion(l, text->str, context, item->paragraph);
    return k;
}

static gboolean announces(const char *text)
{
    static const char *const what[] = { "意见", "建议", "函复", "回复", "反馈", "修改", NULL };
    return strstr(text, "如下") != NULL && words_find(text, what, NULL) != NULL;
}

void find_prose(const struct sent *sent, const char *text, const char *file, GPtrArray *found)
{
    g_autofree char *whole = lines_rejoined(text);
    g_autofree char *lines = split_inline(whole);
    struct letter_text l = { sent, file, found, outline_read(lines, NULL) };
    gboolean listed = FALSE;
    for (guint i = 0; i < l.nodes->len;) {
        const struct node *node = l.nodes->pdata[i];
        listed = (listed || announces(node->text)) && !is_closing(node->text);
        if (strchr(node->text, '\t') != NULL || node->kind == NODE_DOCUMENT) {
            i++;
        } else if (node->kind == NODE_CLAUSE && !has_item(l.nodes, i)) {
            i = take_item(&l, i, listed);
        } else {
            g_autofree char *context = context_of(l.nodes, node->parent);
            if (!says_nothing(node->text) && !has_item(l.nodes, i))
                take_sentences(&l, node, context);
            i++;
        }
    }
    g_ptr_array_unref(l.nodes);
}
