/* Small questions about a text. */
#include "wording/words.h"

#include <string.h>

static gboolean is_blank(gunichar c)
{
    gboolean ideograph = c >= 0x4E00 && c <= 0x9FFF; /* most of every text */
    return !ideograph && (g_unichar_isspace(c) || g_unichar_iszerowidth(c) || c == 0xFEFF);
}

char *words_trim(const char *text)
{
    while (*text != '\0' && is_blank(g_utf8_get_char(text)))
        text = g_utf8_next_char(text);
    const char *end = text + strlen(text);
    while (end > text) {
        const char *before = g_utf8_prev_char(end);
        if (!is_blank(g_utf8_get_char(before)))
            break;
        end = before;
    }
    return g_strndup(text, (gsize)(end - text));
}

static gboolean in_set(const char *p, const char *set)
{
    return *p != '\0' && g_utf8_strchr(set, -1, g_utf8_get_char(p)) != NULL;
}

const char *words_skip(const char *text, const char *set)
{
    while (in_set(text, set))
        text = g_utf8_next_char(text);
    return text;
}

char *words_chop(const char *text, const char *set)
{
    const char *end = text + strlen(text);
    while (end > text && in_set(g_utf8_prev_char(end), set))
        end = g_utf8_prev_char(end);
    return g_strndup(text, (gsize)(end - text));
}

gboolean words_has_any(const char *text, const char *set)
{
    for (; *text != '\0'; text = g_utf8_next_char(text))
        if (in_set(text, set))
            return TRUE;
    return FALSE;
}

gboolean words_ends(const char *text, const char *set)
{
    return *text != '\0' && in_set(g_utf8_prev_char(text + strlen(text)), set);
}

gboolean words_ends_with(const char *text, const char *const *ends)
{
    for (; *ends != NULL; ends++)
        if (g_str_has_suffix(text, *ends))
            return TRUE;
    return FALSE;
}

/* （征求意见稿）and the like say how far a paper has come, not what it is called. */
static char *without_stage(const char *title)
{
    static const char *const stages[] = { "稿）", "稿)", "草案）", "草案)", NULL };
    const char *open = g_strrstr(title, "（");
    if (open == NULL)
        open = g_strrstr(title, "(");
    gboolean stage = open != NULL && open > title && words_ends_with(title, stages);
    return stage ? g_strndup(title, (gsize)(open - title)) : g_strdup(title);
}

char *words_bare_title(const char *title)
{
    const char *inner = title + strlen("《");
    const char *end = g_strrstr(title, "》");
    if (!g_str_has_prefix(title, "《") || end == NULL || end != strstr(title, "》"))
        return without_stage(title);
    g_autofree char *bare =
        g_strdup_printf("%.*s%s", (int)(end - inner), inner, end + strlen("》"));
    return without_stage(bare);
}

char *words_file_title(const char *name)
{
    const char *base = strrchr(name, '/') != NULL ? strrchr(name, '/') + 1 : name;
    const char *dot = strrchr(base, '.');
    gsize n = dot != NULL && dot > base && strlen(dot) <= 6 ? (gsize)(dot - base) : strlen(base);
    g_autofree char *stem = g_strndup(base, n);
    const char *rest = stem;
    if (g_str_has_prefix(rest, "附件"))
        rest += strlen("附件");
    rest = words_skip(words_skip(rest, "0123456789一二三四五六七八九十"), "-_.、：: 　");
    return words_bare_title(*rest != '\0' ? rest : stem);
}

char *words_key(const char *text)
{
    char *key = g_malloc(strlen(text) + 1), *to = key;
    for (const char *next; *text != '\0'; text = next) {
        gunichar c = g_utf8_get_char(text);
        next = g_utf8_next_char(text);
        if (is_blank(c))
            continue;
        to += g_unichar_to_utf8(c >= 0xFF01 && c <= 0xFF5E ? c - 0xFEE0 : c, to);
    }
    *to = '\0';
    return key;
}

const char *words_find(const char *text, const char *const *words, const char **word)
{
    const char *first = NULL;
    for (; *words != NULL; words++) {
        const char *hit = strstr(text, *words);
        if (hit == NULL || (first != NULL && hit >= first))
            continue;
        first = hit;
        if (word != NULL)
            *word = *words;
    }
    return first;
}
