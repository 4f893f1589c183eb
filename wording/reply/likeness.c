/* The pieces of a clause: its characters, its words and the kinds of these, up to three in a row;
 * which of them stand before or behind 无意见; and what stands beside it. */
#include "wording/reply/likeness.h"

#include "wording/reply/private.h"

#include <string.h>

enum {
    PIECE_MAX = 3,
    LENGTHS = 6, /* classes of length, three characters each */
};

/* What a piece is of, so that the same bytes are another piece elsewhere. */
enum {
    OF_TEXT = 'c',
    OF_KINDS = 'k',   /* after all rules … */
    OF_LETTERS = 'q', /* … and before any */
    OF_WORDS = 'w',
    OF_LENGTH = 'l',
    OF_NEIGHBOURS = 'n',
    OF_NEXT = 'o',
    BEHIND = 'B', /* 无意见 */
    AHEAD = 'A',
};

/* FNV-1a. */
static guint32 hash_of(guint32 hash, const char *bytes, gsize n)
{
    for (gsize i = 0; i < n; i++)
        hash = (hash ^ (guchar)bytes[i]) * 16777619u;
    return hash;
}

static void add_piece(GArray *pieces, char of, const char *bytes, gsize n)
{
    guint32 hash = hash_of(hash_of(2166136261u, &of, 1), bytes, n);
    guint32 bucket = (hash ^ hash >> 17) % LIKENESS_BUCKETS;
    g_array_append_val(pieces, bucket);
}

/* The text stands in brackets, so that what begins and ends it are pieces of their own. */
static void add_rows(GArray *pieces, char of, const char *text)
{
    for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
        const char *end = p;
        for (int n = 0; n < PIECE_MAX && *end != '\0'; n++) {
            end = g_utf8_next_char(end);
            add_piece(pieces, of, p, (gsize)(end - p));
        }
    }
}

/* Numbers, dates and addresses are all alike. */
static const char *word_of(const struct lexemes *l, gsize i, gsize *n)
{
    const struct lexeme *word = &g_array_index(l->list, struct lexeme, i);
    gboolean number = l->before[i] == 'd';
    *n = number ? 1 : word->to - word->from;
    return number ? "0" : l->squeezed.text->str + word->from;
}

static void add_words(GArray *pieces, const struct lexemes *l, const struct clause *clause)
{
    g_autoptr(GString) text = g_string_new("^");
    g_autoptr(GString) pair = g_string_new("^");
    for (gsize i = clause->first; i < clause->last; i++) {
        gsize n, before = pair->len;
        const char *word = word_of(l, i, &n);
        g_string_append_len(text, word, (gssize)n);
        g_string_append_len(g_string_append_c(pair, ' '), word, (gssize)n);
        add_piece(pieces, OF_WORDS, pair->str, pair->len);
        g_string_erase(pair, 0, (gssize)before + 1);
    }
    g_string_append_c(text, '$');
    add_rows(pieces, OF_TEXT, text->str);
    for (const char *p = text->str + 1; p[1] != '\0'; p = g_utf8_next_char(p))
        add_piece(pieces, clause->behind ? BEHIND : AHEAD, p, (gsize)(g_utf8_next_char(p) - p));
    char length = (char)MIN(g_utf8_strlen(text->str, -1) / 3, LENGTHS);
    add_piece(pieces, OF_LENGTH, &length, 1);
}

static void add_kinds(GArray *pieces, char of, const char *kinds, const struct clause *clause)
{
    g_autofree char *row =
        g_strdup_printf("<%.*s>", (int)(clause->last - clause->first), kinds + clause->first);
    add_rows(pieces, of, row);
}

static char sort_of(const GArray *clauses, guint i)
{
    if (i >= clauses->len)
        return '-';
    const struct clause *clause = &g_array_index(clauses, struct clause, i);
    return clause->none ? 'n' : clause->doubtful ? '?' : 'h';
}

static int by_bucket(gconstpointer a, gconstpointer b)
{
    guint32 x = *(const guint32 *)a, y = *(const guint32 *)b;
    return (x > y) - (x < y);
}

/* A piece counts once. */
static void make_unique(GArray *pieces)
{
    guint32 *piece = (guint32 *)(void *)pieces->data;
    guint n = 0;
    g_array_sort(pieces, by_bucket);
    for (guint i = 0; i < pieces->len; i++)
        if (n == 0 || piece[n - 1] != piece[i])
            piece[n++] = piece[i];
    g_array_set_size(pieces, n);
}

void clause_pieces(GArray *pieces, const struct lexemes *l, const GArray *clauses, guint i)
{
    const struct clause *clause = &g_array_index(clauses, struct clause, i);
    char beside[2] = { sort_of(clauses, i - 1), sort_of(clauses, i + 1) };
    g_array_set_size(pieces, 0);
    add_words(pieces, l, clause);
    add_kinds(pieces, OF_KINDS, l->kinds->str, clause);
    add_kinds(pieces, OF_LETTERS, l->before, clause);
    for (gsize k = clause->first; k < clause->last; k++)
        add_piece(pieces, clause->behind ? BEHIND : AHEAD, l->kinds->str + k, 1);
    add_piece(pieces, OF_NEIGHBOURS, beside, 1);
    add_piece(pieces, OF_NEIGHBOURS, beside, 2);
    add_piece(pieces, OF_NEXT, beside + 1, 1);
    make_unique(pieces);
}

double likeness(const GArray *pieces)
{
    gint64 sum = 0;
    for (guint i = 0; i < pieces->len; i++)
        sum += likeness_weights[g_array_index(pieces, guint32, i)];
    return (double)sum / LIKENESS_ONE;
}
