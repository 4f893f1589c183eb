/* What text must become for the place it goes to. */
#include "templates/private.h"
#include <string.h>

enum { LOOK_BACK = 256 };

enum escape escape_for(const char *template_name)
{
    if (g_str_has_suffix(template_name, ".txt.mustache"))
        return ESCAPE_NONE;
    if (g_str_has_suffix(template_name, ".wecom.mustache"))
        return ESCAPE_WECOM;
    return ESCAPE_HTML;
}

static void append_html(GString *out, char c)
{
    switch (c) {
    case '&':
        g_string_append(out, "&amp;");
        break;
    case '<':
        g_string_append(out, "&lt;");
        break;
    case '>':
        g_string_append(out, "&gt;");
        break;
    case '"':
        g_string_append(out, "&quot;");
        break;
    case '\'':
        g_string_append(out, "&#39;");
        break;
    default:
        g_string_append_c(out, c);
    }
}

/* A heading mark counts only at the start of a line, where blanks, quote and other heading marks
 * (also those already made full-width) may stand before it; the template may have begun the line.
 */
static gboolean at_line_start(const GString *out)
{
    static const char twin[] = "＃";
    gsize n = strlen(twin);
    gsize first = out->len > LOOK_BACK ? out->len - LOOK_BACK : 0;
    for (gsize i = out->len; i > 0 && out->str[i - 1] != '\n';) {
        if (i <= first)
            return FALSE;
        if (i >= n && memcmp(out->str + i - n, twin, n) == 0)
            i -= n;
        else if (strchr(" \t>#", out->str[i - 1]))
            i--;
        else
            return FALSE;
    }
    return TRUE;
}

/* The bytes of the line break at text (CR LF is one, the Unicode ones too), 0 if it is none. */
static gsize line_break(const char *text, gsize n)
{
    if (n >= 2 && memcmp(text, "\r\n", 2) == 0)
        return 2;
    if (*text == '\n' || *text == '\r')
        return 1;
    if (n >= 2 && memcmp(text, "\xC2\x85", 2) == 0)
        return 2;
    if (n >= 3 && (memcmp(text, "\xE2\x80\xA8", 3) == 0 || memcmp(text, "\xE2\x80\xA9", 3) == 0))
        return 3;
    return 0;
}

/* WeCom documents no escape, so markup becomes its full-width twin, 0xFEE0 above the ASCII one. */
static void append_wecom(GString *out, char c)
{
    gboolean twin = strchr("<>`*[]_~|", c) || (c == '#' && at_line_start(out));
    if (twin)
        g_string_append_unichar(out, (gunichar)c + 0xFEE0);
    else
        g_string_append_c(out, c);
}

void escape_append(GString *out, enum escape escape, const char *text, gsize n)
{
    gsize i = 0;
    while (i < n) {
        gsize skipped = escape == ESCAPE_WECOM ? line_break(text + i, n - i) : 0;
        char c = skipped ? ' ' : text[i];
        i += skipped ? skipped : 1;
        if (c == '\0')
            continue;
        if (escape == ESCAPE_HTML)
            append_html(out, c);
        else if (escape == ESCAPE_WECOM)
            append_wecom(out, c);
        else
            g_string_append_c(out, c);
    }
}
