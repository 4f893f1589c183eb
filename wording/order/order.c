/* Orders: what a clerk tells the office to do, in a line that begins with a word for it. */
#include "wording/order/order.h"

#include "base/base.h"
#include "wording/pattern.h"

#include <string.h>

#define MAX_ORDERS 40
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

/* Letters, digits and marks as a plain keyboard has them; brackets stay, names have wide ones. */
static gunichar folded(gunichar c)
{
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

/* Without marks at its end; the caller frees. */
static char *without_end(const char *text)
{
    const char *end = text + strlen(text);
    while (end > text && is_mark(g_utf8_get_char(g_utf8_prev_char(end))))
        end = g_utf8_prev_char(end);
    return g_strndup(text, (gsize)(end - text));
}

/* "1", "选 2", "1、3" */
static gboolean is_choice(const char *line)
{
    return pattern_in(&choice, line, (struct span){ 0, strlen(line) });
}

static struct order *order_new(int word, const char *line, const char *rest, gboolean glued)
{
    struct order *order = g_new0(struct order, 1);
    order->word = word;
    order->line = g_strdup(line);
    order->rest = without_end(skip_marks(rest));
    order->glued = glued && *order->rest != '\0';
    order->more = g_ptr_array_new_with_free_func(g_free);
    return order;
}

/* The longest word that the line begins with: 确认发出 before 确认. */
static struct order *read_line(const char *line, const struct order_word *words)
{
    const struct order_word *best = NULL;
    const char *start = skip_marks(line);
    for (; words->text != NULL; words++)
        if (g_str_has_prefix(start, words->text) &&
            (best == NULL || strlen(words->text) > strlen(best->text)))
            best = words;
    g_autofree char *code = onetime_read(line);
    if (best != NULL) {
        const char *rest = start + strlen(best->text);
        return order_new(best->id, line, rest, !is_mark(g_utf8_get_char(rest)) && *rest != '#');
    }
    if (is_choice(line))
        return order_new(ORDER_CHOICE, line, line, FALSE);
    return code != NULL ? order_new(ORDER_CODE, line, line, FALSE) : NULL;
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
    struct order *first = read_line(line, words);
    /* A number or eight letters alone are no subject of an order. */
    if (first != NULL && first->word >= 0)
        g_ptr_array_add(orders, first);
    else if (first != NULL)
        order_free(first);
    read_text(text, words, orders);
    return orders;
}
