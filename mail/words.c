/* Encoded words (RFC 2047) as Chinese mailers really write them: adjacent without a blank, split in
 * the middle of a character, B and Q mixed, raw 8-bit text between them. */
#include "mail/private.h"
#include <string.h>

#define MAX_VALUE (32 * 1024) /* bytes looked at; attached headers are not scanned for length */

struct word {
    char charset[48];
    GByteArray *bytes;
    const char *end; /* behind the word in its source */
};

static void decode_q(const char *from, const char *to, GByteArray *bytes)
{
    for (const char *p = from; p < to; p++) {
        guint8 c = *p == '_' ? ' ' : (guint8)*p;
        if (*p == '=' && to - p > 2 && g_ascii_isxdigit(p[1]) && g_ascii_isxdigit(p[2])) {
            c = (guint8)(g_ascii_xdigit_value(p[1]) << 4 | g_ascii_xdigit_value(p[2]));
            p += 2;
        }
        g_byte_array_append(bytes, &c, 1);
    }
}

static void decode_b(const char *from, const char *to, GByteArray *bytes)
{
    guint length = (guint)(to - from);
    g_autofree guint8 *decoded = g_malloc(length + 8);
    int state = 0;
    guint save = 0;
    gsize n = g_base64_decode_step(from, length, decoded, &state, &save);
    /* A word without its padding still holds the last bytes. */
    n += g_base64_decode_step("==", 2, decoded + n, &state, &save);
    g_byte_array_append(bytes, decoded, (guint)n);
}

/* TRUE if an encoded word begins at p: appends its bytes to word->bytes. */
static gboolean word_read(const char *p, struct word *word)
{
    if (p[0] != '=' || p[1] != '?')
        return FALSE;
    const char *charset = p + 2;
    gsize length = strcspn(charset, "?*= \t");
    const char *mark = charset + length;
    if (*mark == '*')
        mark += strcspn(mark, "? ");
    if (length == 0 || length >= sizeof word->charset || mark[0] != '?' || mark[1] == '\0' ||
        mark[2] != '?')
        return FALSE;
    char encoding = g_ascii_toupper(mark[1]);
    const char *data = mark + 3;
    const char *end = strstr(data, "?=");
    if (end == NULL || (encoding != 'B' && encoding != 'Q'))
        return FALSE;
    memcpy(word->charset, charset, length);
    word->charset[length] = '\0';
    (encoding == 'B' ? decode_b : decode_q)(data, end, word->bytes);
    word->end = end + 2;
    return TRUE;
}

/* Appends the words that begin at p and belong together to out; behind them, or NULL: none. */
static const char *append_words(const char *p, GString *out, gboolean mend)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    struct word first = { .bytes = bytes };
    if (!word_read(p, &first))
        return NULL;
    struct word next = { .bytes = g_byte_array_new() };
    const char *end = first.end;
    const char *follows = end;
    while (word_read(follows = end + strspn(end, " \t\r\n"), &next) &&
           g_ascii_strcasecmp(first.charset, next.charset) == 0) {
        g_byte_array_append(bytes, next.bytes->data, next.bytes->len);
        g_byte_array_set_size(next.bytes, 0);
        end = next.end;
    }
    /* Blanks between two words do not count, whatever their charsets. */
    gboolean other_charset = next.bytes->len > 0;
    if (other_charset)
        end = follows;
    g_byte_array_unref(next.bytes);
    g_autofree char *text = charset_text(first.charset, (char *)bytes->data, bytes->len);
    g_autofree char *code = mend ? g_base64_encode((guchar *)text, strlen(text)) : NULL;
    if (mend)
        g_string_append_printf(out, "=?utf-8?B?%s?=%s", code, other_charset ? " " : "");
    else
        g_string_append(out, text);
    return end;
}

static char *rewrite(const char *value, gboolean mend)
{
    gsize n = strnlen(value, MAX_VALUE);
    if (memmem(value, n, "=?", 2) == NULL)
        return charset_text(NULL, value, n);
    g_autofree char *raw = g_strndup(value, n);
    GString *out = g_string_new(NULL);
    const char *plain = raw; /* text that is no word and not yet written */
    const char *p = raw;
    while ((p = strstr(p, "=?")) != NULL) {
        GString *words = g_string_new(NULL);
        const char *end = append_words(p, words, mend);
        if (end != NULL) {
            g_autofree char *before = charset_text(NULL, plain, (gsize)(p - plain));
            g_string_append(out, before);
            g_string_append(out, words->str);
            plain = end;
        }
        p = end != NULL ? end : p + 2;
        g_string_free(words, TRUE);
    }
    g_autofree char *rest = charset_text(NULL, plain, strlen(plain));
    g_string_append(out, rest);
    return g_string_free(out, FALSE);
}

/* Some gateways encode what is encoded already; a word of ASCII was meant as it stands. */
char *words_decode(const char *raw)
{
    char *text = rewrite(raw, FALSE);
    if (strstr(text, "=?") == NULL || strstr(text, "?=") == NULL)
        return text;
    char *again = rewrite(text, FALSE);
    if (g_str_is_ascii(again) || !g_str_is_ascii(text)) {
        g_free(again);
        return text;
    }
    g_free(text);
    return again;
}

char *words_line(const char *raw)
{
    char *text = words_decode(raw);
    for (char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
        if ((guchar)*p < 0x20 || *p == 0x7F)
            *p = ' ';
    }
    return g_strstrip(text);
}

char *words_mend(const char *raw)
{
    return rewrite(raw, TRUE);
}
