/* Orders: what a clerk tells the office to do, in a line that begins with a word for it. */
#include "wording/order/order.h"

#include "base/base.h"
#include "wording/pattern.h"

#include <string.h>

#define MAX_ORDERS 40
#define LATIN "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
#define OPENING "【《“\"'[「"
#define CLOSING "】》”\"']」"
#define MAX_LINE 400 /* characters: what is longer is prose */

PATTERN(choice, "^(?:选择?|第)?\\s*[0-9]{1,2}(?:[、, ]+[0-9]{1,2})*\\s*[.。、]?$");
PATTERN(greeting, "^.{0,12}(?:您好|你好|早上好|上午好|下午好|联络)[,.!:。，！：~ ]*$");

void order_free(gpointer data)
{
    struct order *order = data;
    g_free(order->line);
    g_free(order->rest);
    g_ptr_array_unref(order->more);
    g_free(order);
}

/* Of the words of orders and the names of offices, each with what stands for it here. */
static const char traditional[] =
    "狀状態态匯汇彙汇總总辦办報报紙纸質质傳传記记錄录確确認认簽签發发結结銷销幫帮進进況况採采納纳項"
    "项務务見见"
    "無无異异議议號号單单關关於于長长時时間间後后個个請请煩烦謝谢們们這这來来書书會会週周財财氣气經"
    "经業业農农"
    "衛卫體体環环團团婦妇聯联學学協协監监規规劃划資资設设產产應应織织紀纪審审計计統统級级廳厅處处廣"
    "广電电視视"
    "遊游藥药黨党組组縣县區区鄉乡鎮镇國国勞劳動动險险稅税價价糧粮糾纠殘残僑侨檔档圖图館馆醫医療疗衞"
    "卫綱纲實实"
    "刪删補补調调減减換换與与對对當当該该須须爲为為为嗎吗問问題题錯错";

static gunichar simplified(gunichar c)
{
    static GHashTable *table;
    static gsize once;
    if (g_once_init_enter(&once)) {
        table = g_hash_table_new(NULL, NULL);
        for (const char *p = traditional; *p != '\0'; p += strlen("狀状"))
            g_hash_table_insert(table, GUINT_TO_POINTER(g_utf8_get_char(p)),
                                GUINT_TO_POINTER(g_utf8_get_char(g_utf8_next_char(p))));
        g_once_init_leave(&once, 1);
    }
    gpointer plain = g_hash_table_lookup(table, GUINT_TO_POINTER(c));
    return plain != NULL ? GPOINTER_TO_UINT(plain) : c;
}

/* Letters, digits and marks as a plain keyboard has them; brackets stay, names have wide ones. */
static gunichar folded(gunichar c)
{
    if (c >= 0x4E00 && c <= 0x9FFF)
        return simplified(c);
    if (c == 0x3000 || g_unichar_isspace(c))
        return ' ';
    if (c >= 0xFF01 && c <= 0xFF5E && c != 0xFF08 && c != 0xFF09)
        return c - 0xFEE0;
    return c;
}

char *order_fold(const char *line)
{
    GString *plain = g_string_new(NULL);
    for (const char *p = line; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (g_unichar_type(c) != G_UNICODE_FORMAT)
            g_string_append_unichar(plain, folded(c));
    }
    return g_strstrip(g_string_free(plain, FALSE));
}

static gboolean is_mark(gunichar c)
{
    return c == ' ' || c == ':' || c == ',' || c == ';' || c == '.' || c == '!' ||
           g_utf8_strchr("、。·—-", -1, c) != NULL;
}

static const char *skip_marks(const char *p)
{
    while (*p != '\0' && is_mark(g_utf8_get_char(p)))
        p = g_utf8_next_char(p);
    return p;
}

PATTERN(courtesy, "[ :,;.!、。·—-]*(?:(?:谢谢|多谢|感谢|辛苦|麻烦|拜托|劳驾)"
                  "(?:您|你|大家|各位|领导|了|啦|啊)*[ :,;.!、。·—-]*)+$");

/* Without thanks and marks at its end; the caller frees. */
static char *without_end(const char *text)
{
    const char *end = text + strlen(text);
    g_autoptr(GMatchInfo) match = pattern_match(&courtesy, text, (struct span){ 0, strlen(text) });
    int from = 0;
    if (g_match_info_matches(match) && g_match_info_fetch_pos(match, 0, &from, NULL))
        end = text + from;
    while (end > text && is_mark(g_utf8_get_char(g_utf8_prev_char(end))))
        end = g_utf8_prev_char(end);
    return g_strndup(text, (gsize)(end - text));
}

/* Behind 请, 麻烦您, 帮忙 … */
static const char *skip_polite(const char *p)
{
    static const char *const words[] = {
        "请",   "麻烦", "烦",   "劳",   "帮忙", "帮我",   "帮",     "您好",   "你好", "您",   "你",
        "联络", "我要", "我想", "查询", "查看", "查一下", "看一下", "发一下", "看看", "一下",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (g_str_has_prefix(p, words[i]))
            return skip_polite(skip_marks(p + strlen(words[i])));
    return p;
}

/* "1", "选 2", "1、3" */
static gboolean is_choice(const char *line)
{
    return pattern_in(&choice, line, (struct span){ 0, strlen(line) });
}

/* In round brackets as a whole, or nothing but a question mark: the same without. */
static void unwrap(char *text)
{
    gsize n = strlen(text);
    if (strspn(text, "?") == n)
        *text = '\0';
    if (!g_str_has_prefix(text, "（") || !g_str_has_suffix(text, "）") ||
        strstr(text, "）") != text + n - strlen("）"))
        return;
    memmove(text, text + strlen("（"), n - strlen("（"));
    text[n - strlen("（") - strlen("）")] = '\0';
}

static struct order *order_new(int word, const char *line, const char *rest, gboolean glued)
{
    struct order *order = g_new0(struct order, 1);
    order->word = word;
    order->line = g_strdup(line);
    order->rest = without_end(skip_marks(rest));
    unwrap(order->rest);
    order->glued = glued && *order->rest != '\0';
    order->more = g_ptr_array_new_with_free_func(g_free);
    return order;
}

/* Behind the word that a text begins with, with blanks in it or not; NULL: it begins otherwise. */
static const char *behind_word(const char *text, const char *word)
{
    for (; *word != '\0'; word = g_utf8_next_char(word)) {
        while (*text == ' ')
            text++;
        if (g_utf8_get_char(text) != g_utf8_get_char(word))
            return NULL;
        text = g_utf8_next_char(text);
    }
    return text;
}

/* The longest word that a text begins with: 确认发出 before 确认. NULL: none. */
static const struct order_word *longest_word(const char *text, const struct order_word *words,
                                             const char **behind)
{
    const struct order_word *best = NULL;
    for (; words->text != NULL; words++) {
        const char *end = behind_word(text, words->text);
        if (end == NULL || (best != NULL && strlen(words->text) <= strlen(best->text)))
            continue;
        best = words;
        *behind = end;
    }
    return best;
}

PATTERN(numbering, "^(?:[(（]?[0-9一二三四五六七八九十]{1,2}[)）.、．:]|[①-⑳])\\s*");

/* Behind “1.”, “一、” and the like. */
static const char *skip_number(const char *p)
{
    int end = 0;
    g_autoptr(GMatchInfo) match = pattern_match(&numbering, p, (struct span){ 0, strlen(p) });
    if (g_match_info_matches(match))
        g_match_info_fetch_pos(match, 0, NULL, &end);
    return p + end;
}

static const char *skip_any(const char *p, const char *characters)
{
    while (*p != '\0' && g_utf8_strchr(characters, -1, g_utf8_get_char(p)) != NULL)
        p = g_utf8_next_char(p);
    return p;
}

/* The word for an order that a line begins with, behind politeness, numbers and opening marks. */
static const struct order_word *word_of(const char *line, const struct order_word *words,
                                        const char **behind)
{
    const char *start = skip_marks(line);
    const struct order_word *word = longest_word(start, words, behind);
    if (word == NULL)
        word = longest_word(start = skip_any(start, OPENING "@"), words, behind);
    if (word == NULL)
        word = longest_word(start = skip_polite(skip_marks(skip_number(start))), words, behind);
    if (word == NULL)
        word = longest_word(skip_any(start, OPENING), words, behind);
    return word;
}

static struct order *read_line(const char *line, const struct order_word *words)
{
    const char *rest = NULL;
    const struct order_word *word = word_of(line, words, &rest);
    if (word != NULL) {
        const char *more = skip_any(rest, CLOSING);
        gboolean closed = more != rest;
        if (!word->takes_rest && g_str_has_prefix(more, "一下"))
            more += strlen("一下");
        return order_new(word->id, line, more,
                         !closed && !is_mark(g_utf8_get_char(more)) && *more != '#');
    }
    if (is_choice(line))
        return order_new(ORDER_CHOICE, line, line, FALSE);
    g_autofree char *code = onetime_begin(line, &rest);
    return code != NULL && strpbrk(rest, LATIN) == NULL ? order_new(ORDER_CODE, line, line, FALSE)
                                                        : NULL;
}

static gboolean is_greeting(const char *line)
{
    return pattern_in(&greeting, line, (struct span){ 0, strlen(line) });
}

/* TRUE for an order that takes all that follows, which then is as it was written. */
static gboolean keep_rest(struct order *order, const char *line, const struct order_word *words)
{
    const char *rest = NULL, *start = line;
    while (*start != '\0' && !g_unichar_isalpha(g_utf8_get_char(start)))
        start = g_utf8_next_char(start);
    for (; words->text != NULL; words++)
        if (words->id == order->word && words->takes_rest && g_str_has_prefix(start, words->text))
            rest = MAX(rest, start + strlen(words->text));
    while (rest != NULL && *rest != '\0' &&
           g_utf8_strchr(" \t\r　：:，,、。.", -1, g_utf8_get_char(rest)) != NULL)
        rest = g_utf8_next_char(rest);
    if (rest == NULL)
        return FALSE;
    g_free(order->rest);
    order->rest = g_strchomp(g_strdup(rest));
    return TRUE;
}

static void read_text(const char *text, const struct order_word *words, GPtrArray *orders)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    struct order *last = NULL; /* lines below it are still its own */
    gboolean all = FALSE;      /* and so is everything else */
    for (char **line = lines; *line != NULL && orders->len < MAX_ORDERS; line++) {
        g_autofree char *plain = order_fold(*line);
        struct order *order = NULL;
        if (all) {
            g_strchomp(*line);
            g_ptr_array_add(last->more, g_strdup(*line));
            continue;
        }
        if (*plain == '\0') {
            last = NULL;
            continue;
        }
        if (g_utf8_strlen(plain, -1) <= MAX_LINE)
            order = read_line(plain, words);
        if (order != NULL) {
            g_ptr_array_add(orders, order);
            last = order;
            all = keep_rest(order, *line, words);
        } else if (last != NULL) {
            g_ptr_array_add(last->more, g_steal_pointer(&plain));
        } else if (orders->len > 0 || !is_greeting(plain)) {
            return;
        }
    }
}

GPtrArray *orders_read(const char *subject, const char *text, const struct order_word *words)
{
    GPtrArray *orders = g_ptr_array_new_with_free_func(order_free);
    g_autofree char *line = order_fold(subject);
    struct order *first = g_utf8_strlen(line, -1) <= MAX_LINE ? read_line(line, words) : NULL;
    /* A number or eight letters alone are no subject of an order. */
    if (first != NULL && first->word >= 0)
        g_ptr_array_add(orders, first);
    else if (first != NULL)
        order_free(first);
    read_text(text, words, orders);
    return orders;
}
