/* Parameters of Content-Type and Content-Disposition as found in the wild: RFC 2231 whole and in
 * pieces, RFC 2047 inside quotes, raw GBK or UTF-8, blanks without quotes. */
#include "mail/private.h"
#include <string.h>

#define MAX_VALUE (32 * 1024) /* bytes looked at */

struct piece {
    int index;      /* of name*3*=, -1: the plain name */
    gboolean coded; /* percent escapes, the first with charset'language' */
    GString *value; /* raw */
};

static void piece_free(struct piece *piece)
{
    g_string_free(piece->value, TRUE);
    g_free(piece);
}

/* Reads a value up to its ";" and moves *p there. In raw GBK the second byte of a character may be
 * a backslash or a bar, so such pairs are taken whole. */
static GString *value_read(const char **p, gboolean is_utf8)
{
    GString *value = g_string_new(NULL);
    const char *c = *p;
    gboolean quoted = *c == '"';
    if (quoted)
        c++;
    while (*c != '\0' && *c != (quoted ? '"' : ';')) {
        if (!is_utf8 && (guchar)*c >= 0x81 && (guchar)c[1] >= 0x40 && c[1] != 0x7F)
            g_string_append_c(value, *c++);
        else if (quoted && c[0] == '\\' && (c[1] == '"' || c[1] == '\\'))
            c++;
        g_string_append_c(value, *c++);
    }
    c += strcspn(c, ";");
    *p = c;
    if (!quoted)
        g_strchomp(value->str);
    g_string_truncate(value, strlen(value->str));
    return value;
}

/* The piece that "filename*1*" names, if it is one of name. */
static struct piece *piece_for(const char *label, gsize n, const char *name)
{
    gsize length = strlen(name);
    if (n < length || g_ascii_strncasecmp(label, name, length) != 0)
        return NULL;
    struct piece *piece = g_new0(struct piece, 1);
    piece->index = -1;
    const char *p = label + length;
    const char *end = label + n;
    if (p < end && *p == '*' && p + 1 < end && g_ascii_isdigit(p[1])) {
        piece->index = 0;
        for (p++; p < end && g_ascii_isdigit(*p) && piece->index < 1000; p++)
            piece->index = piece->index * 10 + g_ascii_digit_value(*p);
    }
    if (p < end && *p == '*') {
        piece->coded = TRUE;
        p++;
    }
    if (p == end)
        return piece;
    g_free(piece);
    return NULL;
}

static GPtrArray *pieces_read(const char *raw, const char *name)
{
    GPtrArray *pieces = g_ptr_array_new_with_free_func((GDestroyNotify)piece_free);
    gboolean is_utf8 = g_utf8_validate(raw, -1, NULL);
    const char *p = raw + strcspn(raw, ";");
    while (*p == ';') {
        p += 1 + strspn(p + 1, " \t;");
        gsize n = strcspn(p, "=; \t");
        const char *label = p;
        p += n;
        p += strspn(p, " \t");
        if (*p != '=') {
            p += strcspn(p, ";");
            continue;
        }
        p += 1 + strspn(p + 1, " \t");
        struct piece *piece = piece_for(label, n, name);
        GString *value = value_read(&p, is_utf8);
        if (piece != NULL) {
            piece->value = value;
            g_ptr_array_add(pieces, piece);
        } else {
            g_string_free(value, TRUE);
        }
    }
    return pieces;
}

static void unescape(const char *value, GString *bytes)
{
    for (const char *p = value; *p != '\0'; p++) {
        if (*p == '%' && g_ascii_isxdigit(p[1]) && g_ascii_isxdigit(p[2])) {
            char c = (char)(g_ascii_xdigit_value(p[1]) << 4 | g_ascii_xdigit_value(p[2]));
            g_string_append_c(bytes, c);
            p += 2;
        } else {
            g_string_append_c(bytes, *p);
        }
    }
}

static int by_index(gconstpointer a, gconstpointer b)
{
    const struct piece *const *left = a, *const *right = b;
    return (*left)->index - (*right)->index;
}

/* RFC 2231: all pieces but the plain one, in order; NULL if there are none. */
static char *joined(GPtrArray *pieces)
{
    g_autoptr(GString) bytes = g_string_new(NULL);
    g_autofree char *charset = NULL;
    gboolean any = FALSE;
    for (guint i = 0; i < pieces->len; i++) {
        const struct piece *piece = pieces->pdata[i];
        if (piece->index < 0 && !piece->coded)
            continue;
        const char *value = piece->value->str;
        const char *quote = piece->coded && !any ? strchr(value, '\'') : NULL;
        const char *second = quote != NULL ? strchr(quote + 1, '\'') : NULL;
        if (second != NULL) {
            charset = g_strndup(value, (gsize)(quote - value));
            value = second + 1;
        }
        if (piece->coded)
            unescape(value, bytes);
        else
            g_string_append(bytes, value);
        any = TRUE;
    }
    if (!any)
        return NULL;
    g_autofree char *text = charset_text(charset, bytes->str, bytes->len);
    return words_decode(text); /* some mailers put encoded words into the pieces */
}

char *param_get(const char *value, const char *name)
{
    g_autofree char *raw = g_strndup(value, strnlen(value, MAX_VALUE));
    g_autoptr(GPtrArray) pieces = pieces_read(raw, name);
    g_ptr_array_sort(pieces, by_index);
    char *text = joined(pieces);
    if (text != NULL || pieces->len == 0)
        return text;
    const struct piece *plain = pieces->pdata[0];
    return words_decode(plain->value->str);
}
