/* A quote that must be a faithful copy: each stretch of it between two marks stands in one of the
 * texts that are known, without a character more or less. */
#include "mail/private.h"
#include "mail/quoted.h"
#include <string.h>

#define MAX_QUOTED (256 * 1024)
#define MAX_TAG 500

/* Rules and bullets, which programs draw each in their own way. */
static gboolean is_drawn(gunichar c)
{
    return g_utf8_strchr("═─—–―_=-·•#", -1, c) != NULL;
}

/* What counts of a text, as one string. */
static GString *essence_of(const char *text, gsize n)
{
    struct glyphs glyphs = glyphs_of(text, n);
    GString *essence = g_string_new(NULL);
    for (guint i = 0; i < glyphs.n; i++)
        if (!is_drawn(glyphs.chars[i]))
            g_string_append_unichar(essence, glyphs.chars[i]);
    glyphs_clear(&glyphs);
    return essence;
}

/* Programs write the target of a link behind it: a@b.example<mailto:a@b.example>. */
static char *without_links(const char *text)
{
    static GRegex *regex;
    static gsize once;
    if (g_once_init_enter(&once)) {
        regex = g_regex_new("([\\w.+-]+@[\\w.-]+)\\s{0,3}[<\\[(](?:mailto:)?\\g1[>\\])]",
                            G_REGEX_CASELESS | G_REGEX_OPTIMIZE, 0, NULL);
        g_once_init_leave(&once, 1);
    }
    char *plain = g_regex_replace(regex, text, -1, 0, "\\1", 0, NULL);
    if (plain == NULL)
        plain = g_strdup(text);
    return plain;
}

static gboolean is_known(const GString *essence, const GPtrArray *known)
{
    for (guint i = 0; i < known->len; i++)
        if (strstr(known->pdata[i], essence->str) != NULL)
            return TRUE;
    return FALSE;
}

/* The first line of a part up to which it is no copy any more. */
static char *line_changed(const char *part, const GPtrArray *known)
{
    g_auto(GStrv) lines = g_strsplit(part, "\n", -1);
    g_autoptr(GString) so_far = g_string_new(NULL);
    for (char **line = lines; *line != NULL; line++) {
        g_autoptr(GString) essence = essence_of(*line, strlen(*line));
        g_string_append_len(so_far, essence->str, (gssize)essence->len);
        if (essence->len > 0 && !is_known(so_far, known))
            return g_strdup(g_strstrip(*line));
    }
    return NULL;
}

static GPtrArray *essences_of(const char *const *texts)
{
    GPtrArray *all = g_ptr_array_new_with_free_func(g_free);
    for (; *texts != NULL; texts++) {
        g_autofree char *clean = text_clean(*texts, -1);
        g_autofree char *plain = without_links(clean);
        g_ptr_array_add(all, g_string_free(essence_of(plain, strlen(plain)), FALSE));
    }
    return all;
}

char *mail_quote_changed(const char *quoted_text, const char *const *known)
{
    if (strlen(quoted_text) > MAX_QUOTED)
        return g_utf8_substring(quoted_text, 0, 20);
    g_autofree char *quoted = without_links(quoted_text);
    g_autoptr(GPtrArray) essences = essences_of(known);
    g_autoptr(GArray) parts = quote_parts(quoted);
    char *changed = NULL;
    for (guint i = 0; i < parts->len && changed == NULL; i++) {
        struct quote_part part = g_array_index(parts, struct quote_part, i);
        g_autofree char *text = g_strndup(quoted + part.from, part.to - part.from);
        g_autoptr(GString) whole = essence_of(text, strlen(text));
        if (!is_known(whole, essences))
            changed = line_changed(text, essences);
    }
    return changed;
}

static char **skip_blank(char **lines)
{
    while (*lines != NULL && text_is_blank(*lines))
        lines++;
    return lines;
}

/* Both parts have their lines in the order of the text. */
char *mail_new_between(const struct mail *mail)
{
    g_auto(GStrv) lines = g_strsplit(mail->text, "\n", -1);
    g_auto(GStrv) quoted = g_strsplit(mail->quoted_text, "\n", -1);
    g_auto(GStrv) written = g_strsplit(mail->new_text, "\n", -1);
    GString *between = g_string_new(NULL), *since = g_string_new(NULL);
    char **next_quoted = quoted, **next_written = written;
    gboolean begun = FALSE;
    for (char **line = lines; *line != NULL; line++) {
        if (text_is_blank(*line))
            continue;
        next_quoted = skip_blank(next_quoted);
        next_written = skip_blank(next_written);
        if (*next_quoted != NULL && strcmp(*line, *next_quoted) == 0) {
            g_string_append_len(between, since->str, (gssize)since->len);
            g_string_truncate(since, 0);
            next_quoted++;
            begun = TRUE;
        } else if (*next_written != NULL && strcmp(*line, *next_written) == 0) {
            if (begun)
                g_string_append_printf(since, "%s\n", *line);
            next_written++;
        }
    }
    g_string_free(since, TRUE);
    return g_string_free(between, FALSE);
}

/* In the attributes of a tag, not in a style sheet that may not be used. */
static gboolean is_in_tag(const char *html, const char *p)
{
    const char *least = p - MIN(p - html, MAX_TAG);
    while (p > least && *p != '<' && *p != '>')
        p--;
    return *p == '<';
}

gboolean html_strikes(const char *html)
{
    static const char way[] = "line-through";
    for (const char *p = html; (p = strcasestr(p, way)) != NULL; p += strlen(way))
        if (is_in_tag(html, p))
            return TRUE;
    return g_regex_match_simple("<(?:s|strike|del)[\\s>]", html, G_REGEX_CASELESS, 0);
}
