/* Names that somebody may have meant: "您是不是指：…". */
#include "base/private.h"
#include <stdlib.h>
#include <string.h>

#define MAX_SHOWN 3

struct near {
    const char *name;
    gboolean piece; /* what was typed is a piece of the name, or the name is most of it */
    glong distance;
    guint position;
};

/* Typing differs in width, case and blanks; meaning does not. */
static gunichar *folded(const char *text, glong *n)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    g_autofree char *plain = g_utf8_normalize(valid, -1, G_NORMALIZE_NFKC);
    g_autofree char *lower = g_utf8_casefold(plain, -1);
    g_autofree char *compact = text_compact(lower);
    return g_utf8_to_ucs4_fast(compact, -1, n);
}

/* Levenshtein's distance, in characters. */
static glong edit_distance(const gunichar *a, glong n, const gunichar *b, glong m)
{
    g_autofree glong *row = g_new(glong, (gsize)m + 1);
    for (glong j = 0; j <= m; j++)
        row[j] = j;
    for (glong i = 1; i <= n; i++) {
        glong diagonal = row[0];
        row[0] = i;
        for (glong j = 1; j <= m; j++) {
            glong above = row[j];
            glong replaced = diagonal + (a[i - 1] != b[j - 1]);
            row[j] = MIN(replaced, MIN(above, row[j - 1]) + 1);
            diagonal = above;
        }
    }
    return row[m];
}

static gboolean contains(const gunichar *long_one, glong n, const gunichar *short_one, glong m)
{
    for (glong i = 0; i + m <= n; i++)
        if (memcmp(long_one + i, short_one, (gsize)m * sizeof *short_one) == 0)
            return TRUE;
    return FALSE;
}

static gboolean is_near(const gunichar *text, glong n, const char *name, struct near *near)
{
    glong m;
    g_autofree gunichar *other = folded(name, &m);
    if (m == 0)
        return FALSE;
    glong longer = MAX(n, m);
    gboolean inside = n <= m ? contains(other, m, text, n) : contains(text, n, other, m);
    /* The distance is at least the difference in length: a long text costs nothing. */
    if (!inside && longer - MIN(n, m) > longer / 2)
        return FALSE;
    near->name = name;
    near->piece = inside && (n <= m || m * 2 >= n);
    near->distance = inside ? longer - MIN(n, m) : edit_distance(text, n, other, m);
    return inside || near->distance * 2 <= longer;
}

static int compare_near(const void *a, const void *b)
{
    const struct near *x = a, *y = b;
    if (x->piece != y->piece)
        return x->piece ? -1 : 1;
    if (x->distance != y->distance)
        return x->distance < y->distance ? -1 : 1;
    return x->position < y->position ? -1 : 1;
}

static char *join(const struct near *near, guint n)
{
    g_autoptr(GPtrArray) shown = g_ptr_array_new();
    for (guint i = 0; i < n && shown->len < MAX_SHOWN; i++)
        if (!g_ptr_array_find_with_equal_func(shown, near[i].name, g_str_equal, NULL))
            g_ptr_array_add(shown, (gpointer)near[i].name);
    g_ptr_array_add(shown, NULL);
    return g_strjoinv("、", (char **)shown->pdata);
}

char *text_nearest(const char *text, const char *const *names)
{
    glong n;
    g_autofree gunichar *typed = folded(text, &n);
    if (n == 0)
        return NULL;
    g_autoptr(GArray) found = g_array_new(FALSE, TRUE, sizeof(struct near));
    for (guint i = 0; names[i] != NULL; i++) {
        struct near near = { .position = i };
        if (is_near(typed, n, names[i], &near))
            g_array_append_val(found, near);
    }
    if (found->len == 0)
        return NULL;
    g_array_sort(found, compare_near);
    return join((const struct near *)(void *)found->data, found->len);
}
