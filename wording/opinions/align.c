/* Which lines of two versions of a text belong together: equal ones, else similar ones. */
#include "wording/opinions/private.h"

#include <string.h>

enum { BIGRAMS = 300, CELLS = 40000 };

static int compare_bigrams(const void *a, const void *b)
{
    guint64 x = *(const guint64 *)a, y = *(const guint64 *)b;
    return x < y ? -1 : x > y;
}

static guint bigrams(const char *text, guint64 *out)
{
    guint n = 0;
    gunichar before = 0;
    for (; *text != '\0' && n < BIGRAMS; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text);
        out[n++] = ((guint64)before << 32) | c;
        before = c;
    }
    qsort(out, n, sizeof *out, compare_bigrams);
    return n;
}

double words_similarity(const char *a, const char *b)
{
    guint64 x[BIGRAMS], y[BIGRAMS];
    guint n = bigrams(a, x), m = bigrams(b, y), i = 0, j = 0, same = 0;
    if (n == 0 || m == 0)
        return 0;
    while (i < n && j < m) {
        if (x[i] == y[j]) {
            same++;
            i++;
            j++;
        } else if (x[i] < y[j]) {
            i++;
        } else {
            j++;
        }
    }
    return 2.0 * same / (n + m);
}

/* Fills match[from_a, to_a) with indices of b, by the best sum of similarities in order. */
static void align_gap(const struct texts *a, const struct texts *b, const guint from[2],
                      const guint to[2], int *match)
{
    guint n = to[0] - from[0], m = to[1] - from[1], width = m + 1;
    if (n == 0 || m == 0 || (gsize)n * m > CELLS)
        return;
    g_autofree float *score = g_new0(float, (gsize)(n + 1) * width);
    g_autofree float *alike = g_new0(float, (gsize)n *m);
    for (guint i = n; i-- > 0;)
        for (guint j = m; j-- > 0;) {
            const char *x = a->keys[from[0] + i], *y = b->keys[from[1] + j];
            float s = g_str_equal(x, y) ? 1.5F : (float)words_similarity(x, y);
            alike[i * m + j] = s;
            float both = s >= ALIKE ? s + score[(i + 1) * width + j + 1] : 0;
            score[i * width + j] =
                MAX(both, MAX(score[(i + 1) * width + j], score[i * width + j + 1]));
        }
    for (guint i = 0, j = 0; i < n && j < m;) {
        float here = score[i * width + j];
        float s = alike[i * m + j];
        if (s >= ALIKE && here <= s + score[(i + 1) * width + j + 1]) {
            match[from[0] + i++] = (int)(from[1] + j++);
        } else if (here <= score[(i + 1) * width + j]) {
            i++;
        } else {
            j++;
        }
    }
}

/* Lines that stand exactly once on both sides, in an order that both share: firm ground. */
static GArray *firm_pairs(const struct texts *a, const struct texts *b)
{
    g_autoptr(GHashTable) in_a = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) in_b = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < a->n; i++)
        g_hash_table_insert(in_a, a->keys[i],
                            GINT_TO_POINTER(g_hash_table_contains(in_a, a->keys[i]) ? -1 : 1));
    for (guint j = 0; j < b->n; j++)
        g_hash_table_insert(
            in_b, b->keys[j],
            GINT_TO_POINTER(g_hash_table_contains(in_b, b->keys[j]) ? -1 : (int)j + 1));
    /* The longest rising chain of b's indices (patience sorting). */
    g_autofree int *to = g_new(int, a->n + 1), *before = g_new(int, a->n + 1);
    g_autofree int *piles = g_new(int, a->n + 1);
    guint n_piles = 0;
    for (guint i = 0; i < a->n; i++) {
        to[i] = GPOINTER_TO_INT(g_hash_table_lookup(in_b, a->keys[i])) - 1;
        if (to[i] < 0 || GPOINTER_TO_INT(g_hash_table_lookup(in_a, a->keys[i])) < 0)
            continue;
        guint low = 0, high = n_piles;
        while (low < high) {
            guint middle = (low + high) / 2;
            if (to[piles[middle]] < to[i])
                low = middle + 1;
            else
                high = middle;
        }
        before[i] = low > 0 ? piles[low - 1] : -1;
        piles[low] = (int)i;
        n_piles = MAX(n_piles, low + 1);
    }
    GArray *chain = g_array_new(FALSE, FALSE, sizeof(int));
    for (int i = n_piles > 0 ? piles[n_piles - 1] : -1; i >= 0; i = before[i])
        g_array_prepend_val(chain, i);
    for (guint k = 0, n = chain->len; k < n; k++)
        g_array_append_val(chain, to[g_array_index(chain, int, k)]);
    return chain; /* indices of a, then those of b */
}

int *words_align(const struct texts *a, const struct texts *b)
{
    int *match = g_new(int, a->n + 1);
    for (guint i = 0; i <= a->n; i++)
        match[i] = -1;
    g_autoptr(GArray) chain = firm_pairs(a, b);
    guint pairs = chain->len / 2, from[2] = { 0, 0 };
    for (guint k = 0; k <= pairs; k++) {
        guint to[2] = { a->n, b->n };
        if (k < pairs) {
            to[0] = (guint)g_array_index(chain, int, k);
            to[1] = (guint)g_array_index(chain, int, pairs + k);
            match[to[0]] = (int)to[1];
        }
        align_gap(a, b, from, to, match);
        from[0] = to[0] + 1;
        from[1] = to[1] + 1;
    }
    return match;
}

static void texts_add(struct texts *t, const char *text, int paragraph)
{
    gsize mark = t->lines ? outline_mark(text, NULL, NULL) : 0;
    char *key = words_key(text + mark);
    if (*key == '\0') {
        g_free(key);
        return;
    }
    t->texts = g_renew(char *, t->texts, t->n + 1);
    t->keys = g_renew(char *, t->keys, t->n + 1);
    t->paragraphs = g_renew(int, t->paragraphs, t->n + 1);
    t->paragraphs[t->n] = paragraph;
    t->texts[t->n] = words_trim(text);
    t->keys[t->n++] = key;
}

struct texts *texts_lines(const char *text)
{
    struct texts *t = g_new0(struct texts, 1);
    t->lines = TRUE;
    /* A title on two lines is one piece, as it is in what we sent. */
    g_autoptr(GPtrArray) nodes = outline_read(text, NULL);
    for (guint i = 0; i < nodes->len; i++) {
        const struct node *node = nodes->pdata[i];
        if (strchr(node->text, '\t') == NULL) /* a table's row is looked at as such */
            texts_add(t, node->text, node->paragraph);
    }
    return t;
}

struct texts *texts_sentences(const char *text)
{
    struct texts *t = g_new0(struct texts, 1);
    const char *start = text, *p = text;
    for (; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        const char *next = g_utf8_next_char(p);
        gboolean end = c == 0x3002 || c == 0xFF01 || c == 0xFF1F || c == 0xFF1B || c == '\n';
        if (!end || g_utf8_get_char(next) == 0x201D) /* ” belongs to what it closes */
            continue;
        g_autofree char *one = g_strndup(start, (gsize)(next - start));
        texts_add(t, one, 0);
        start = next;
    }
    texts_add(t, start, 0);
    return t;
}

void texts_free(struct texts *t)
{
    for (guint i = 0; i < t->n; i++) {
        g_free(t->texts[i]);
        g_free(t->keys[i]);
    }
    g_free(t->texts);
    g_free(t->keys);
    g_free(t->paragraphs);
    g_free(t);
}
