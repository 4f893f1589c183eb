/* Cutting a WeCom markdown text into messages: the limit counts bytes, people count lines. */
#include "templates/private.h"
#include <string.h>

enum {
    LIMIT_LEAST = 100,  /* room for a mark, a font pair and some text */
    FONT_LONGEST = 32,  /* <font color="warning"> is 22 */
    SPAN_LONGEST = 256, /* of each half of a link, and of a mention, that is kept whole */
};
static const char FONT_END[] = "</font>";

struct splitter {
    const char *at, *end;
    gsize limit, mark;           /* the bytes that the longest "(n/N)" takes */
    char font[FONT_LONGEST + 1]; /* the font open here, "" if none; WeCom does not nest them */
};

/* How far the next part may go, and the font then open. */
struct cut {
    const char *end;
    char font[FONT_LONGEST + 1];
};

static gboolean is_font(const char *at, gsize n)
{
    return n <= FONT_LONGEST && at[n - 1] == '>' && g_str_has_prefix(at, "<font ");
}

/* The bytes up to and with end, on this line, not too far and before the next tag or link; 0 if
 * there is none. */
static gsize until(const char *at, char end)
{
    for (gsize n = 1; n < SPAN_LONGEST && at[n] && !strchr("\n<[", at[n]); n++)
        if (at[n] == end)
            return n + 1;
    return 0;
}

/* The bytes of "<…>" or "[…](…)"; 0 if none starts here. */
static gsize span(const char *at)
{
    if (*at == '<')
        return until(at, '>');
    gsize name = *at == '[' ? until(at, ']') : 0;
    gsize target = name > 0 && at[name] == '(' ? until(at + name, ')') : 0;
    return target > 0 ? name + target : 0;
}

/* What is not cut: a tag or a link if it could stand in a part of its own, else a code point. */
static gsize unit(const char *at, gsize room)
{
    gsize n = span(at);
    if (n > 0 && n <= room)
        return n;
    n = (gsize)(g_utf8_find_next_char(at, NULL) - at);
    return MIN(n, 4);
}

static gboolean ends_sentence(const char *at)
{
    static const char *const marks[] = { "。", "！", "？", "；" };
    for (gsize i = 0; i < G_N_ELEMENTS(marks); i++)
        if (g_str_has_prefix(at, marks[i]))
            return TRUE;
    return FALSE;
}

static void follow_font(char *font, const char *at, gsize n)
{
    if (is_font(at, n))
        g_strlcpy(font, at, n + 1);
    else if (n == strlen(FONT_END) && g_str_has_prefix(at, FONT_END))
        *font = '\0';
}

/* FALSE for what shows nothing: blanks and font tags. */
static gboolean says_something(const char *part)
{
    gsize n;
    for (; *part; part += n) {
        n = unit(part, FONT_LONGEST);
        gboolean tag = is_font(part, n) || (n > 1 && g_str_has_prefix(part, FONT_END));
        if (!tag && !strchr(" \t\r\n", *part))
            return TRUE;
    }
    return FALSE;
}

/* The best place within room bytes: the last line end, else the last sentence's, else any. */
static struct cut find_cut(const struct splitter *s, gsize room)
{
    struct cut line = { 0 }, sentence = { 0 }, any = { 0 };
    char font[sizeof s->font];
    memcpy(font, s->font, sizeof font);
    const char *at = s->at;
    while (*at) {
        gsize n = unit(at, room);
        if ((gsize)(at - s->at) + n > room)
            break;
        follow_font(font, at, n);
        struct cut *best = *at == '\n' ? &line : ends_sentence(at) ? &sentence : &any;
        gboolean opens = is_font(at, n);
        at += n;
        if (opens && any.end)
            continue;
        best->end = at;
        memcpy(best->font, font, sizeof font);
    }
    return line.end ? line : sentence.end ? sentence : any;
}

static gsize room(const struct splitter *s)
{
    return s->limit - s->mark - strlen(s->font) - strlen(FONT_END);
}

static gboolean is_last(const struct splitter *s)
{
    return strlen(s->font) + (gsize)(s->end - s->at) + s->mark <= s->limit;
}

/* One part without its mark; moves on to where the next one starts. */
static char *take_part(struct splitter *s)
{
    if (is_last(s)) {
        char *part = g_strconcat(s->font, s->at, NULL);
        s->at = s->end;
        return part;
    }
    struct cut cut = find_cut(s, room(s));
    g_autofree char *slice = g_strndup(s->at, (gsize)(cut.end - s->at));
    char *part = g_strconcat(s->font, g_strchomp(slice), *cut.font ? FONT_END : "", NULL);
    s->at = cut.end;
    memcpy(s->font, cut.font, sizeof s->font);
    if (*s->font && g_str_has_prefix(s->at, FONT_END)) {
        s->at += strlen(FONT_END);
        *s->font = '\0';
    }
    return part;
}

static void skip_blank_lines(struct splitter *s)
{
    const char *line = s->at + strspn(s->at, " \t\r\n");
    while (line > s->at && line[-1] != '\n' && *line)
        line--;
    s->at = line;
}

/* The parts with room for marks of that many bytes each. */
static GPtrArray *cut_parts(const char *markdown, gsize limit, gsize mark)
{
    GPtrArray *parts = g_ptr_array_new_with_free_func(g_free);
    struct splitter s = {
        .at = markdown,
        .end = markdown + strlen(markdown),
        .limit = limit,
        .mark = mark,
    };
    for (skip_blank_lines(&s); *s.at; skip_blank_lines(&s)) {
        g_autofree char *part = take_part(&s);
        if (says_something(part))
            g_ptr_array_add(parts, g_steal_pointer(&part));
    }
    return parts;
}

static void add_marks(GPtrArray *parts)
{
    for (guint i = 0; i < parts->len; i++) {
        char *part = g_ptr_array_index(parts, i);
        g_strchomp(part);
        g_ptr_array_index(parts, i) = g_strdup_printf("%s\n(%u/%u)", part, i + 1, parts->len);
        g_free(part);
    }
}

static gsize mark_bytes(guint digits)
{
    return strlen("\n(/)") + 2 * digits;
}

static guint digits_of(guint n)
{
    return n < 10 ? 1 : 1 + digits_of(n / 10);
}

GPtrArray *wecom_split(const char *markdown, gsize limit)
{
    g_assert(limit >= LIMIT_LEAST);
    if (strlen(markdown) <= limit) {
        GPtrArray *parts = g_ptr_array_new_with_free_func(g_free);
        if (says_something(markdown))
            g_ptr_array_add(parts, g_strdup(markdown));
        return parts;
    }
    for (guint digits = 1;; digits++) {
        GPtrArray *parts = cut_parts(markdown, limit, mark_bytes(digits));
        if (digits_of(parts->len) <= digits) {
            if (parts->len > 1)
                add_marks(parts);
            return parts;
        }
        g_ptr_array_unref(parts);
    }
}
