/* 市科技局 免报, 将市教育局延期至6月26日: the unit before the word, as one says it. */
#include "handlers/clerk/clerk.h"

#include <string.h>

enum { LINES_MAX = 40, LINE_MAX_BYTES = 400 };

static gboolean is_member(void *context, const char *name)
{
    struct office *office = context;
    gint64 unit = unit_named(office, name);
    return unit != 0 && unit != unit_by_code(office->db, UNIT_OFFICE);
}

/* The names that a line begins with, without 将, 对 …; NULL: it is something else. */
static char *names_before(struct office *office, const char *line, gsize n)
{
    g_autofree char *head = g_strndup(line, n);
    static const char *const before[] = { "请", "将", "把", "对", "给" };
    const char *names = g_strstrip(head);
    for (size_t i = 0; i < G_N_ELEMENTS(before); i++)
        if (g_str_has_prefix(names, before[i]))
            names += strlen(before[i]);
    g_autoptr(GPtrArray) found = names_split(names, is_member, office);
    for (guint i = 0; i < found->len; i++)
        if (!is_member(office, found->pdata[i]))
            return NULL;
    return found->len > 0 ? g_strdup(names) : NULL;
}

static char *turned_by(struct office *office, const char *line, const struct order_word *word)
{
    int needs = clerk_commands[word->id].needs;
    const char *at = strstr(line, word->text);
    if (!(needs & (NEEDS_UNITS | MAY_NAME_UNITS)) || needs & NEEDS_NUMBERS || at == NULL)
        return NULL;
    g_autofree char *names = names_before(office, line, (gsize)(at - line));
    const char *rest = at + strlen(word->text);
    if (names == NULL)
        return NULL;
    return needs & NEEDS_DATE ? g_strdup_printf("%s%s %s", word->text, rest, names)
                              : g_strdup_printf("%s %s %s", word->text, names, rest);
}

/* NULL: it need not, or cannot, be turned. */
static char *turned(struct office *office, const char *line)
{
    g_autofree char *plain = order_fold(line);
    g_autoptr(GPtrArray) orders = orders_read(plain, "", clerk_words());
    char *found = NULL;
    gsize longest = 0;
    if (orders->len > 0 || strlen(plain) > LINE_MAX_BYTES)
        return NULL;
    for (const struct order_word *word = clerk_words(); word->text != NULL; word++) {
        char *one = strlen(word->text) > longest ? turned_by(office, plain, word) : NULL;
        if (one == NULL)
            continue;
        g_free(found);
        found = one;
        longest = strlen(word->text);
    }
    return found;
}

char *orders_turned(struct office *office, const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (int i = 0; i < LINES_MAX && lines[i] != NULL; i++) {
        char *line = turned(office, lines[i]);
        if (line == NULL)
            continue;
        g_free(lines[i]);
        lines[i] = line;
    }
    return g_strjoinv("\n", lines);
}
