/* Names of units, several in a line, as people separate them: or not at all. */
#include "wording/order/order.h"

#include <string.h>

#define MAX_NAME 60 /* characters */
#define MAX_TRIES 500

/* What is looked for, and how many names may still be tried. */
struct search {
    name_known *known;
    void *context;
    int left;
};

/* Between two names, where no mark stands: only if what is left and right are names. */
static const char *const joints[] = { "以及", "和", "与", "及" };

static const char *skip_joint(const char *p)
{
    while (*p == ' ')
        p++;
    for (size_t i = 0; i < G_N_ELEMENTS(joints); i++)
        if (g_str_has_prefix(p, joints[i]))
            return p + strlen(joints[i]);
    return p;
}

/* Adds the known names that the piece is made of, the longest first; FALSE: it is not. A blank
 * inside a name is tolerated. */
static gboolean split_known(const char *piece, struct search *search, GPtrArray *names)
{
    while (*piece == ' ')
        piece++;
    if (*piece == '\0')
        return TRUE;
    for (const char *end = piece + strlen(piece); end > piece; end = g_utf8_prev_char(end)) {
        g_autofree char *name = g_strndup(piece, (gsize)(end - piece));
        guint before = names->len;
        if (search->left-- <= 0)
            return FALSE;
        if (!search->known(search->context, name))
            continue;
        g_ptr_array_add(names, g_strdup(name));
        const char *rest = skip_joint(end);
        if (split_known(rest, search, names) || (rest != end && split_known(end, search, names)))
            return TRUE;
        g_ptr_array_set_size(names, (gint)before);
    }
    return FALSE;
}

static gboolean add_known(const char *piece, name_known *known, void *context, GPtrArray *names)
{
    struct search search = { known, context, MAX_TRIES };
    return g_utf8_strlen(piece, -1) <= MAX_NAME && split_known(piece, &search, names);
}

static void add_words(const char *piece, name_known *known, void *context, GPtrArray *names)
{
    if (add_known(piece, known, context, names))
        return;
    g_auto(GStrv) words = g_strsplit(piece, " ", -1);
    for (char **word = words; *word != NULL; word++) {
        if (**word != '\0' && !add_known(*word, known, context, names))
            g_ptr_array_add(names, g_strdup(*word));
    }
}

GPtrArray *names_split(const char *text, name_known *known, void *context)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    g_auto(GStrv) pieces = g_regex_split_simple("[、，,;；/\\n]+", text, 0, 0);
    for (char **piece = pieces; *piece != NULL; piece++)
        add_words(g_strstrip(*piece), known, context, names);
    return names;
}
