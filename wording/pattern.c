/* GRegex with the offsets of the whole text. */
#include "wording/pattern.h"

#include <string.h>

static GRegex *regex_of(struct pattern *pattern)
{
    if (g_once_init_enter(&pattern->regex)) {
        g_autoptr(GError) error = NULL;
        gboolean ascii = g_str_has_prefix(pattern->text, PATTERN_ASCII);
        GRegexCompileFlags flags = G_REGEX_EXTENDED | (ascii ? G_REGEX_RAW : 0);
        GRegex *regex = g_regex_new(pattern->text, flags, 0, &error);
        if (regex == NULL)
            g_error("%s: %s", pattern->text, error->message);
        g_once_init_leave(&pattern->regex, regex);
    }
    return pattern->regex;
}

/* A pattern sees nothing but its span: ^ and $ are the span's ends. */
static GMatchInfo *run(struct pattern *pattern, const char *text, struct span in,
                       GRegexMatchFlags flags)
{
    GMatchInfo *match = NULL;
    gssize n = in.to > in.from ? (gssize)(in.to - in.from) : 0;
    g_regex_match_full(regex_of(pattern), text + in.from, n, 0, flags, &match, NULL);
    return match;
}

GMatchInfo *pattern_match(struct pattern *pattern, const char *text, struct span in)
{
    return run(pattern, text, in, 0);
}

gboolean match_span(const GMatchInfo *match, struct span in, int group, struct span *found)
{
    int from, to;
    if (!g_match_info_matches(match) || !g_match_info_fetch_pos(match, group, &from, &to) ||
        from < 0)
        return FALSE;
    *found = (struct span){ in.from + (gsize)from, in.from + (gsize)to };
    return TRUE;
}

gboolean pattern_find(struct pattern *pattern, const char *text, struct span in, int group,
                      struct span *found)
{
    g_autoptr(GMatchInfo) match = run(pattern, text, in, 0);
    return match_span(match, in, group, found);
}

gboolean pattern_in(struct pattern *pattern, const char *text, struct span in)
{
    g_autoptr(GMatchInfo) match = run(pattern, text, in, 0);
    return g_match_info_matches(match);
}

gboolean pattern_fits(struct pattern *pattern, const char *text)
{
    return pattern_in(pattern, text, (struct span){ 0, strlen(text) });
}

gboolean pattern_at(struct pattern *pattern, const char *text, struct span in)
{
    g_autoptr(GMatchInfo) match = run(pattern, text, in, G_REGEX_MATCH_ANCHORED);
    return g_match_info_matches(match);
}

char *match_word(const GMatchInfo *match, const char *name)
{
    char *word = g_match_info_fetch_named(match, name);
    if (word == NULL)
        return g_strdup("");
    return word;
}

char *span_text(const char *text, struct span span)
{
    return g_strndup(text + span.from, span.to - span.from);
}
