/* Lines that a program cut are joined again: a cut line is as long as a page is wide, does not end
 * like a sentence, and what follows does not begin like an item. */
#include "wording/wrap.h"

#include "wording/outline/outline.h"
#include "wording/words.h"
#include <string.h>

enum {
    CUT_MIN = 56, /* columns; less where the page is seen to be narrow, but no less than NARROW */
    CUT_MAX = 100,
    NARROW = 40,
    RAGGED = 10,
    FULL_MIN = 3,      /* lines as wide as the page that show how wide it is */
    FURNITURE_MAX = 24 /* bytes */
};

gboolean line_is_page_number(const char *line)
{
    gboolean digit = FALSE;
    if (strlen(line) > FURNITURE_MAX)
        return FALSE;
    for (const char *p = line; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        digit |= g_unichar_isdigit(c);
        if (!g_unichar_isdigit(c) && !g_unichar_isspace(c) &&
            g_utf8_strchr("-—–－·/第共页", -1, c) == NULL)
            return FALSE;
    }
    return digit;
}

/* The lines, trimmed. A page ends with blank lines and its number, and begins with blank lines;
 * none of them is kept. */
static GPtrArray *lines_of(const char *text)
{
    GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
    g_auto(GStrv) raw = g_strsplit(text, "\n", -1);
    gboolean fresh = FALSE; /* nothing was seen yet of this page */
    for (char **line = raw; *line != NULL; line++) {
        gboolean feed = strchr(*line, '\f') != NULL;
        g_strdelimit(*line, "\f", ' ');
        g_autofree char *trimmed = words_trim(*line);
        while (feed && lines->len > 0) {
            const char *last = lines->pdata[lines->len - 1];
            if (*last != '\0' && !line_is_page_number(last))
                break;
            g_ptr_array_set_size(lines, (int)lines->len - 1);
        }
        fresh = fresh || feed;
        if (fresh && *trimmed == '\0')
            continue;
        fresh = FALSE;
        g_ptr_array_add(lines, g_steal_pointer(&trimmed));
    }
    return lines;
}

/* Most ideographs are told by their first byte. */
static int width_of(const char *line)
{
    int width = 0;
    for (const char *p = line; *p != '\0'; p = g_utf8_next_char(p)) {
        guchar first = (guchar)*p;
        gboolean known = first < 0x80 || (first >= 0xE5 && first <= 0xE9);
        gboolean wide = known ? first >= 0x80 : g_unichar_iswide_cjk(g_utf8_get_char(p));
        width += wide ? 2 : 1;
    }
    return width;
}

static GArray *widths_of(const GPtrArray *lines)
{
    GArray *widths = g_array_sized_new(FALSE, FALSE, sizeof(int), lines->len);
    for (guint i = 0; i < lines->len; i++) {
        int width = width_of(lines->pdata[i]);
        g_array_append_val(widths, width);
    }
    return widths;
}

/* Columns from which on a line may have been cut: where several end together, a little less than
 * the widest, since no line begins with a comma. */
static int cut_from(const GArray *widths)
{
    int widest = 0, full = 0;
    for (guint i = 0; i < widths->len; i++) {
        int width = g_array_index(widths, int, i);
        widest = width <= CUT_MAX ? MAX(widest, width) : widest;
    }
    for (guint i = 0; i < widths->len; i++)
        full += g_array_index(widths, int, i) >= widest - RAGGED;
    return full >= FULL_MIN && widest - RAGGED >= NARROW ? MIN(widest - RAGGED, CUT_MIN) : CUT_MIN;
}

static gboolean is_cut(const char *line, int width, const char *next, int from)
{
    return width >= from && width <= CUT_MAX && !words_ends(line, "。；：:！？”") &&
           *next != '\0' && outline_mark(next, NULL, NULL) == 0;
}

char *lines_rejoined(const char *text)
{
    g_autoptr(GPtrArray) lines = lines_of(text);
    g_autoptr(GArray) widths = widths_of(lines);
    GString *out = g_string_sized_new(strlen(text) + 1);
    int from = cut_from(widths);
    for (guint i = 0; i < lines->len; i++) {
        const char *next = i + 1 < lines->len ? lines->pdata[i + 1] : "";
        g_string_append(out, lines->pdata[i]);
        if (!is_cut(lines->pdata[i], g_array_index(widths, int, i), next, from))
            g_string_append_c(out, '\n');
    }
    return g_string_free(out, FALSE);
}
