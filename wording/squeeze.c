/* Text without white space that still knows where it came from. */
#include "wording/squeeze.h"

#include <string.h>

/* The ideographs, most of every text, are told by their first byte. */
static gboolean is_blank(const char *p)
{
    if ((guchar)*p >= 0xE4 && (guchar)*p <= 0xE9)
        return FALSE;
    gunichar c = g_utf8_get_char(p);
    return g_unichar_isspace(c) || g_unichar_iszerowidth(c);
}

void squeeze(struct squeezed *s, const char *source)
{
    gsize size = strlen(source), to = 0;
    s->source = source;
    s->text = g_string_sized_new(size);
    s->origin = g_array_sized_new(FALSE, FALSE, sizeof(gsize), (guint)size + 1);
    gsize *origin = (gsize *)s->origin->data;
    for (gsize at = 0; at < size;) {
        gsize next = MIN((gsize)(g_utf8_next_char(source + at) - source), size);
        gboolean blank = is_blank(source + at);
        for (gsize i = at; i < next && !blank; i++) {
            s->text->str[to] = source[i];
            origin[to++] = at;
        }
        at = next;
    }
    origin[to] = size;
    g_string_set_size(s->text, to);
    g_array_set_size(s->origin, (guint)to + 1);
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
