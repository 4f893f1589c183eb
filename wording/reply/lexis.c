/* From a text to its words: at each place the longest that the vocabulary has, once from left to
 * right; numbers, titles and marks by what they are made of. */
#include "wording/reply/private.h"

#include "base/base.h"

#include <string.h>

/* ---- the vocabulary by the first two characters of its words */

enum { NUMERAL = '0' };

struct word {
    gsize n;
    char kind;
    const char *text;
};

static gint64 key_of(const char *text, gsize n)
{
    gint64 first = g_utf8_get_char(text);
    gsize one = (gsize)(g_utf8_next_char(text) - text);
    return first << 21 | (n > one ? (gint64)g_utf8_get_char(text + one) : 0);
}

static int longest_first(gconstpointer a, gconstpointer b)
{
    const struct word *x = a, *y = b;
    return x->n < y->n ? 1 : x->n > y->n ? -1 : 0;
}

static void add_word(GHashTable *table, const char *text, gsize n, char kind)
{
    gint64 key = key_of(text, n);
    GArray *words = g_hash_table_lookup(table, &key);
    if (words == NULL) {
        words = g_array_new(FALSE, FALSE, sizeof(struct word));
        g_hash_table_insert(table, g_memdup2(&key, sizeof key), words);
    }
    for (guint i = 0; i < words->len; i++) {
        const struct word *other = &g_array_index(words, struct word, i);
        if (other->n == n && memcmp(other->text, text, n) == 0)
            return;
    }
    struct word word = { n, kind, text };
    g_array_append_val(words, word);
    g_array_sort(words, longest_first);
}

static GHashTable *words_table(void)
{
    static GHashTable *table;
    if (g_once_init_enter(&table)) {
        GHashTable *all = g_hash_table_new(g_int64_hash, g_int64_equal);
        for (gsize i = 0; i < vocabulary_n; i++)
            for (const char *p = vocabulary[i].words; *p != '\0';) {
                gsize n = strcspn(p, " ");
                if (n > 0)
                    add_word(all, p, n, vocabulary[i].kind);
                p += n + (p[n] == ' ');
            }
        g_once_init_leave(&table, all);
    }
    return table;
}

static const struct word *longest_of(gint64 key, const char *text, gsize rest)
{
    const GArray *words = g_hash_table_lookup(words_table(), &key);
    for (guint i = 0; words != NULL && i < words->len; i++) {
        const struct word *word = &g_array_index(words, struct word, i);
        if (word->n <= rest && memcmp(word->text, text, word->n) == 0)
            return word;
    }
    return NULL;
}

static const struct word *word_at(const char *text, gsize rest)
{
    gsize one = (gsize)(g_utf8_next_char(text) - text);
    const struct word *word = longest_of(key_of(text, rest), text, rest);
    return word != NULL ? word : longest_of(key_of(text, one), text, rest);
}

/* ---- what is no word: how many bytes, and of which kind */

static gsize run_of(const char *p, const char *set)
{
    const char *start = p;
    while (*p != '\0' && g_utf8_strchr(set, -1, g_utf8_get_char(p)) != NULL)
        p = g_utf8_next_char(p);
    return (gsize)(p - start);
}

static gsize starts(const char *p, const char *word)
{
    return g_str_has_prefix(p, word) ? strlen(word) : 0;
}

enum { TITLE_MAX = 360 }; /* bytes */

/* 《…》 is the name of a paper. */
static gsize title_at(const char *p, char *kind)
{
    const char *end = g_strstr_len(p, TITLE_MAX, "》");
    *kind = 'p';
    return end != NULL ? (gsize)(end - p) + strlen("》") : 0;
}

/* 〔2019〕3号, at its bracket. */
static gsize paper_number_at(const char *p, char *kind)
{
    gsize n = (gsize)(g_utf8_next_char(p) - p);
    gboolean year = strspn(p + n, "0123456789") == 4;
    gsize close = year ? run_of(p + n + 4, "〕］]）)") : 0;
    n += 4 + close;
    gsize serial = close > 0 ? run_of(p + n, "第0123456789") : 0;
    *kind = '9';
    return serial > 0 && starts(p + n + serial, "号") ? n + serial + strlen("号") : 0;
}

#define DIGITS "0123456789０１２３４５６７８９"
#define NUMERALS DIGITS "一二三四五六七八九十百两〇○零几"

/* 第三条, 附件2, 3页: a place in a paper; else a date, a telephone number or a count. */
static gsize number_at(const char *p, char *kind)
{
    gsize lead = starts(p, "第") ? strlen("第") : starts(p, "附件");
    gsize n = run_of(p + lead, NUMERALS);
    if (n == 0)
        return 0;
    n += lead;
    *kind = lead > 0 ? 'L' : 'd';
    n += run_of(p + n, DIGITS "-./:年月日号时分");
    gsize measure = run_of(p + n, "条章款页段行点处次节句字");
    if (starts(p + n, "次会议") || starts(p + n, "次局") || starts(p + n, "次党"))
        return *kind = 'd', n + measure;
    if (measure > 0)
        *kind = lead == 0 && starts(p + n, "条") ? '6' : 'L';
    return n + measure + (measure == 0 ? run_of(p + n, "个份项件类") : 0);
}

static gboolean is_letter(char c)
{
    return g_ascii_isalnum(c) || strchr("@._-+", c) != NULL;
}

/* A name, an address or a token in Latin letters; what is no word of ours is unknown. */
static gsize latin_at(const char *p, char *kind)
{
    gsize n = 0;
    gboolean address = FALSE;
    if (!g_ascii_isalpha(*p))
        return 0;
    if (g_str_has_prefix(p, "http://") || g_str_has_prefix(p, "https://")) {
        while (g_ascii_isgraph(p[n]))
            n++;
        return *kind = 'd', n;
    }
    for (; p[n] != '\0' && is_letter(p[n]); n++)
        address |= p[n] == '@';
    while (strchr("._-+", p[n - 1]) != NULL)
        n--;
    g_autofree char *lower = g_ascii_strdown(p, (gssize)n);
    const struct word *word = word_at(lower, n);
    gboolean token = g_str_has_prefix(p, "LL") && g_ascii_isdigit(p[2]);
    *kind = address || token ? 'd' : word != NULL && word->n == n ? word->kind : 'x';
    return n;
}

/* A picture says nothing; any other character that is no word may. */
static gsize unknown_at(const char *p, char *kind)
{
    *kind = g_unichar_type(g_utf8_get_char(p)) == G_UNICODE_OTHER_SYMBOL ? 'h' : 'x';
    return (gsize)(g_utf8_next_char(p) - p);
}

/* ---- the row */

static void add(struct lexemes *l, gsize from, gsize n, char kind)
{
    struct lexeme lexeme = { from, from + n };
    gboolean again = kind == '/' && l->kinds->len > 0 && l->kinds->str[l->kinds->len - 1] == '/';
    if (again)
        return;
    g_string_append_c(l->kinds, kind);
    g_array_append_val(l->list, lexeme);
}

/* White space stood before this byte of the squeezed text. */
static gboolean is_apart(const struct squeezed *s, gsize at)
{
    if (at == 0)
        return FALSE;
    gsize before = g_array_index(s->origin, gsize, at - 1);
    const char *next = g_utf8_next_char(s->source + before);
    return next < s->source + g_array_index(s->origin, gsize, at);
}

static gboolean is_word(const struct word *word, const char *text)
{
    return word->n == strlen(text) && memcmp(word->text, text, word->n) == 0;
}

/* What begins with a numeral or as a number does, unless a longer word stands there (一致). */
static gboolean may_be_number(const struct word *word)
{
    gboolean one = word->n == (gsize)(g_utf8_next_char(word->text) - word->text);
    return (word->kind == NUMERAL && one) || is_word(word, "第") || is_word(word, "附件");
}

static gsize lexeme_at(const char *p, gsize rest, const char *title, char *kind)
{
    gsize n = title != NULL && *title != '\0' ? starts(p, title) : 0;
    *kind = 'p';
    if (n == 0 && g_str_has_prefix(p, "《"))
        n = title_at(p, kind);
    const struct word *word = n == 0 && !g_ascii_isalpha(*p) ? word_at(p, rest) : NULL;
    if (word != NULL && word->kind == '(' && (n = paper_number_at(p, kind)) > 0)
        return n;
    if (word != NULL && may_be_number(word))
        n = number_at(p, kind);
    if (n == 0 && word != NULL) {
        *kind = word->kind;
        n = word->n;
    }
    if (n == 0)
        n = latin_at(p, kind);
    if (n == 0 && starts(p, "___"))
        return *kind = 'S', run_of(p, "_");
    return n > 0 ? n : unknown_at(p, kind);
}

/* Each is as long in bytes as its simplified form. */
static void simplify(GString *text)
{
    static const char traditional[] =
        "無見異議對會點徵單問題開關於請發復應該將內說讀還這個們來時為與後從"
        "經過國業務處環體衛農財產動員實質總聯婦廳黨組書謝沒聽閱審討論報給學";
    static const char simplified[] =
        "无见异议对会点征单问题开关于请发复应该将内说读还这个们来时为与后从"
        "经过国业务处环体卫农财产动员实质总联妇厅党组书谢没听阅审讨论报给学";
    for (char *p = text->str; *p != '\0'; p = g_utf8_next_char(p)) {
        const char *hit =
            (guchar)*p >= 0x80 ? g_utf8_strchr(traditional, -1, g_utf8_get_char(p)) : NULL;
        if (hit != NULL)
            memcpy(p, simplified + (hit - traditional), (gsize)(g_utf8_next_char(p) - p));
    }
}

static gboolean begins_line(const struct squeezed *s, gsize at)
{
    const char *here = s->source + g_array_index(s->origin, gsize, at);
    const char *before = s->source + g_array_index(s->origin, gsize, at - 1);
    return memchr(before, '\n', (gsize)(here - before)) != NULL;
}

/* A line's end may cut a word in two, but not a number; where a word ends with its line, it is
 * whole. */
static gsize whole_at(const struct squeezed *s, gsize at, gsize n, const char *title, char *kind)
{
    for (gsize end = at + 1; end < at + n; end++) {
        char before;
        if (*kind == 'd' && is_apart(s, end))
            return end - at;
        if (!begins_line(s, end))
            continue;
        gsize first = lexeme_at(s->text->str + at, end - at, title, &before);
        if (first != end - at || before == 'x')
            return n;
        *kind = before;
        return first;
    }
    return n;
}

enum { REACH = 1024 }; /* bytes */

/* At the first character beyond what a word may reach; whoever looks for its end would else look
 * through all that follows, for each word again. */
static char *reach_of(GString *text, gsize at)
{
    char *end = text->str + MIN(at + REACH, text->len);
    while (((guchar)*end & 0xC0) == 0x80)
        end--;
    return end;
}

void lexemes_read(struct lexemes *l, const char *text, const char *title)
{
    g_autofree char *compact = title != NULL ? text_compact(title) : NULL;
    l->kinds = g_string_new(NULL);
    l->list = g_array_new(FALSE, FALSE, sizeof(struct lexeme));
    squeeze(&l->squeezed, text);
    simplify(l->squeezed.text);
    const char *all = l->squeezed.text->str;
    for (gsize at = 0; at < l->squeezed.text->len;) {
        char kind, *end = reach_of(l->squeezed.text, at), beyond = *end;
        *end = '\0';
        gsize n = lexeme_at(all + at, (gsize)(end - all) - at, compact, &kind);
        n = whole_at(&l->squeezed, at, n, compact, &kind);
        *end = beyond;
        if (is_apart(&l->squeezed, at))
            add(l, at, 0, '/');
        add(l, at, n, kind);
        at += n;
    }
    l->before = g_strdup(l->kinds->str);
}

void lexemes_clear(struct lexemes *l)
{
    unsqueeze(&l->squeezed);
    g_string_free(l->kinds, TRUE);
    g_free(l->before);
    g_array_unref(l->list);
}
