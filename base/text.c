/* Text: what strangers sent made valid, one line, of a known width, or comparable. */
#include "base/private.h"
#include <string.h>

gboolean unichar_is_bidi(gunichar c)
{
    return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x206F);
}

/* How many bytes stand before the first that is not kept as it is. */
static gsize clean_start(const char *bytes, gsize n)
{
    const char *cr = memchr(bytes, '\r', n);
    gsize plain = cr != NULL ? (gsize)(cr - bytes) : n;
    const char *nul = memchr(bytes, '\0', plain);
    return nul != NULL ? (gsize)(nul - bytes) : plain;
}

char *text_clean(const char *bytes, gssize n)
{
    gsize length = n < 0 ? strlen(bytes) : (gsize)n;
    char *kept = g_malloc(length + 1);
    gsize to = clean_start(bytes, length);
    memcpy(kept, bytes, to);
    for (gsize i = to; i < length; i++) {
        if (bytes[i] == '\0')
            continue;
        if (bytes[i] != '\r')
            kept[to++] = bytes[i];
        else if (i + 1 == length || bytes[i + 1] != '\n')
            kept[to++] = '\n';
    }
    kept[to] = '\0';
    if (g_utf8_validate(kept, (gssize)to, NULL))
        return kept;
    char *valid = g_utf8_make_valid(kept, (gssize)to);
    g_free(kept);
    return valid;
}

/* The marks and wide forms that stand among Chinese: “ ” … 、 。 ， but not U+3000. */
static gboolean is_mark(const guchar *p)
{
    return (p[0] == 0xE3 && p[1] == 0x80 && p[2] > 0x80) || (p[0] == 0xEF && p[1] == 0xBC) ||
           (p[0] == 0xE2 && p[1] == 0x80 && p[2] >= 0x90 && p[2] <= 0xA7);
}

/* TRUE unless the character at p is white space or shows nothing. Most need no look into the tables
 * of Unicode. */
static gboolean is_shown(guchar first, const char *p)
{
    if (first >= 0xE4 && first <= 0xE9) /* ideographs, of three bytes */
        return TRUE;
    if (first < 0x80)
        return first > ' ' && first != 0x7F;
    if (is_mark((const guchar *)p))
        return TRUE;
    gunichar c = g_utf8_get_char(p);
    return !g_unichar_isspace(c) && !g_unichar_iscntrl(c) && g_unichar_type(c) != G_UNICODE_FORMAT;
}

gsize text_compact_to(const char *valid, char *to)
{
    const char *start = to;
    for (const char *p = valid; *p != '\0';) {
        const char *run = p;
        while (*p != '\0' && is_shown((guchar)*p, p))
            p = g_utf8_next_char(p);
        memmove(to, run, (gsize)(p - run));
        to += p - run;
        if (*p != '\0')
            p = g_utf8_next_char(p);
    }
    *to = '\0';
    return (gsize)(to - start);
}

char *text_compact(const char *text)
{
    char *valid = g_utf8_make_valid(text, -1);
    text_compact_to(valid, valid);
    return valid;
}

gboolean text_is_blank(const char *valid)
{
    for (const char *p = valid; *p != '\0'; p = g_utf8_next_char(p)) {
        if (is_shown((guchar)*p, p))
            return FALSE;
    }
    return TRUE;
}

static gboolean ends_line(gunichar c)
{
    return c == '\n' || c == '\r' || c == '\v' || c == '\f' || c == 0x85 || c == 0x2028 ||
           c == 0x2029;
}

char *text_printable(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    GString *line = g_string_sized_new(strlen(valid));
    for (const char *p = valid; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (c == '\r' && p[1] == '\n')
            continue;
        if (c == '\t' || ends_line(c))
            g_string_append_c(line, ' ');
        else if (g_unichar_iscntrl(c) || unichar_is_bidi(c))
            g_string_append_c(line, '?');
        else
            g_string_append_unichar(line, c);
    }
    return g_string_free(line, FALSE);
}

static int unichar_width(gunichar c)
{
    return g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
}

int text_width(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    int width = 0;
    for (const char *p = valid; *p != '\0'; p = g_utf8_next_char(p))
        width += unichar_width(g_utf8_get_char(p));
    return width;
}

char *text_pad(const char *text, int width)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    gboolean cut = text_width(valid) > width;
    int room = cut ? width - 1 : width;
    GString *padded = g_string_new(NULL);
    int used = 0;
    for (const char *p = valid; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (used + unichar_width(c) > room)
            break;
        used += unichar_width(c);
        g_string_append_unichar(padded, c);
    }
    if (cut && width > 0) {
        g_string_append(padded, "…");
        used++;
    }
    for (; used < width; used++)
        g_string_append_c(padded, ' ');
    return g_string_free(padded, FALSE);
}
