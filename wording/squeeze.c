/* Text without white space that still knows where it came from. */
#include "wording/squeeze.h"

#include <string.h>

void squeeze(struct squeezed *s, const char *source)
{
    s->source = source;
    s->text = g_string_new(NULL);
    s->origin = g_array_new(FALSE, FALSE, sizeof(gsize));
    for (const char *p = source; *p != '\0'; p = g_utf8_next_char(p)) {
        gsize at = (gsize)(p - source);
        gunichar c = g_utf8_get_char(p);
        if (g_unichar_isspace(c) || g_unichar_iszerowidth(c))
            continue;
        gsize n = (gsize)(g_utf8_next_char(p) - p);
        g_string_append_len(s->text, p, (gssize)n);
        for (gsize i = 0; i < n; i++)
            g_array_append_val(s->origin, at);
    }
    gsize end = strlen(source);
    g_array_append_val(s->origin, end);
}

void unsqueeze(struct squeezed *s)
{
    g_string_free(s->text, TRUE);
    g_array_unref(s->origin);
}

static const char *start_of(const struct squeezed *s, gsize from)
{
    return s->source + g_array_index(s->origin, gsize, from);
}

static const char *end_of(const struct squeezed *s, gsize to)
{
    return g_utf8_next_char(s->source + g_array_index(s->origin, gsize, to - 1));
}

char *squeezed_piece(const struct squeezed *s, gsize from, gsize to)
{
    const char *start = start_of(s, from);
    return g_strndup(start, (gsize)(end_of(s, to) - start));
}

static gboolean ends_sentence(gunichar c)
{
    return c == 0x3002 || c == 0xFF01 || c == 0xFF1F || c == 0xFF1B;
}

char *squeezed_sentence(const struct squeezed *s, gsize from, gsize to)
{
    const char *start = start_of(s, from);
    const char *end = end_of(s, to);
    while (start > s->source) {
        const char *before = g_utf8_prev_char(start);
        gunichar c = g_utf8_get_char(before);
        if (ends_sentence(c) || c == '\n')
            break;
        start = before;
    }
    for (; *end != '\0' && *end != '\n'; end = g_utf8_next_char(end))
        if (ends_sentence(g_utf8_get_char(end))) {
            end = g_utf8_next_char(end);
            break;
        }
    char *text = g_strndup(start, (gsize)(end - start));
    return g_strstrip(text);
}
