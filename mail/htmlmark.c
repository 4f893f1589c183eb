/* What mail programs say of an element by its id, class or type: that it holds the mail that is
 * answered, begins it, or is a footer. Words alone are looked at in marks.c and footers.c. */
#include "mail/private.h"
#include <string.h>

static const struct {
    const char *attribute, *value; /* lower case; one of the words that the attribute holds */
    enum html_mark mark;
} marks[] = {
    { "class", "gmail_quote", HTML_QUOTED },
    { "type", "cite", HTML_QUOTED },
    { "id", "isreplycontent", HTML_QUOTED },
    { "id", "isforwardcontent", HTML_QUOTED },
    { "class", "ntes-mailmaster-quote", HTML_QUOTED },
    { "class", "nui-mail-quote", HTML_QUOTED },
    { "id", "reply139content", HTML_QUOTED },
    { "class", "reply139content", HTML_QUOTED },
    { "id", "foxmail_quote", HTML_QUOTED },
    { "class", "foxmail_quote", HTML_QUOTED },
    { "id", "origbody", HTML_QUOTED },
    { "id", "divrplyfwdmsg", HTML_REST_QUOTED },
    { "id", "appendonsend", HTML_REST_QUOTED },
    { "class", "outlookmessageheader", HTML_REST_QUOTED },
    { "id", "orimsghtmlseperator", HTML_REST_QUOTED },
    { "class", "orimsghtmlseperator", HTML_REST_QUOTED },
    { "id", "divneteasemailcard", HTML_FOOTER },
    { "title", "neteasefooter", HTML_FOOTER },
    { "color", "#b5c4df", HTML_REST_FOOTER }, /* Foxmail's rule above its signature */
};

static gboolean is_name(const char *p, gsize n, const char *name)
{
    return n == strlen(name) && g_ascii_strncasecmp(p, name, n) == 0;
}

static gboolean has_word(const char *value, gsize n, const char *word)
{
    for (gsize at = 0; at < n;) {
        gsize length = 0;
        while (at + length < n && !g_ascii_isspace(value[at + length]))
            length++;
        if (is_name(value + at, length, word))
            return TRUE;
        at += length + 1;
    }
    return FALSE;
}

static enum html_mark mark_of(const char *name, gsize name_n, const char *value, gsize n)
{
    for (gsize i = 0; i < G_N_ELEMENTS(marks); i++) {
        if (is_name(name, name_n, marks[i].attribute) && has_word(value, n, marks[i].value))
            return marks[i].mark;
    }
    return HTML_UNMARKED;
}

/* The value at p, which it moves behind it. */
static const char *value_at(const char **p, const char *end, gsize *n)
{
    char quote = *p < end && (**p == '"' || **p == '\'') ? *(*p)++ : '\0';
    const char *value = *p;
    while (*p < end && (quote != '\0' ? **p != quote : !g_ascii_isspace(**p)))
        (*p)++;
    *n = (gsize)(*p - value);
    *p += *p < end && quote != '\0';
    return value;
}

enum html_mark html_mark_of(const char *p, const char *end)
{
    enum html_mark mark = HTML_UNMARKED;
    while (p < end && mark == HTML_UNMARKED) {
        while (p < end && (g_ascii_isspace(*p) || *p == '/' || *p == '='))
            p++;
        const char *name = p;
        while (p < end && !g_ascii_isspace(*p) && *p != '=')
            p++;
        gsize name_n = (gsize)(p - name), n;
        while (p < end && g_ascii_isspace(*p))
            p++;
        if (p >= end || *p != '=')
            continue;
        p++;
        while (p < end && g_ascii_isspace(*p))
            p++;
        const char *value = value_at(&p, end, &n);
        mark = mark_of(name, name_n, value, n);
    }
    return mark;
}
