/* One-time codes: short enough to be typed, long enough not to be guessed in five tries. */
#include "base/private.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

static const char letters[] = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
enum { LETTERS = sizeof letters - 1 };

/* The kernel's; without it no secret can be made, so that is a bug of the machine. */
static void random_bytes(void *bytes, gsize n)
{
    for (gsize got = 0; got < n;) {
        ssize_t some = getrandom((char *)bytes + got, n - got, 0);
        g_assert(some > 0 || errno == EINTR);
        got += some > 0 ? (gsize)some : 0;
    }
}

char *onetime_random(gsize length)
{
    char *text = g_malloc(length + 1);
    for (gsize i = 0; i < length;) {
        guint8 byte;
        random_bytes(&byte, 1);
        /* Every letter equally often. */
        if (byte < 256 / LETTERS * LETTERS)
            text[i++] = letters[byte % LETTERS];
    }
    text[length] = '\0';
    return text;
}

/* The plain letter (upper case), digit or "-" that a character of any width stands for; ' ' for
 * what shows nothing; '\0' for any other. */
static char plain_of(const char *p)
{
    gunichar c = g_utf8_get_char(p);
    char buffer[6];
    if (c < 0x80 && (g_ascii_isalnum((char)c) || c == '-'))
        return g_ascii_toupper((char)c);
    if (g_unichar_isspace(c) || g_unichar_iscntrl(c) || g_unichar_type(c) == G_UNICODE_FORMAT)
        return ' ';
    if (c < 0x80 || (c >= 0x3000 && c < 0xFF00))
        return '\0';
    g_autofree char *plain =
        g_utf8_normalize(buffer, g_unichar_to_utf8(c, buffer), G_NORMALIZE_NFKC);
    return g_ascii_isalnum(*plain) && plain[1] == '\0' ? g_ascii_toupper(*plain) : '\0';
}

static const char *skip_blanks(const char *p)
{
    while (*p != '\0' && plain_of(p) == ' ')
        p = g_utf8_next_char(p);
    return p;
}

/* Appends the word of letters and digits that p begins with; returns its end. */
static const char *take_word(const char *p, GString *plain)
{
    for (char c; *p != '\0' && (c = plain_of(p)) != '\0' && c != ' '; p = g_utf8_next_char(p))
        g_string_append_c(plain, c);
    return p;
}

static gboolean has_only_letters(const char *word)
{
    return strspn(word, letters) == strlen(word);
}

char *onetime_begin(const char *text, const char **rest)
{
    g_autoptr(GString) plain = g_string_new(NULL);
    const char *p = skip_blanks(text);
    for (const char *start = NULL; p != start && plain->len < ONETIME_LENGTH;) {
        start = p;
        *rest = take_word(p, plain);
        p = skip_blanks(*rest);
    }
    return plain->len == ONETIME_LENGTH && has_only_letters(plain->str) ? g_strdup(plain->str)
                                                                        : NULL;
}

char *onetime_read(const char *text)
{
    const char *rest;
    char *code = onetime_begin(text, &rest);
    if (code != NULL && *skip_blanks(rest) != '\0')
        g_clear_pointer(&code, g_free);
    return code;
}

/* Behind the words from p on that may be, or hold, a code with blanks in it; NULL: they cannot. */
static const char *secret_end(const char *p)
{
    gsize all = 0;
    const char *end = NULL;
    for (const char *start = NULL; p != start;) {
        g_autoptr(GString) word = g_string_new(NULL);
        start = p;
        p = take_word(p, word);
        if (word->len == 0 || word->len > ONETIME_LENGTH || !has_only_letters(word->str))
            break;
        all += word->len;
        end = p;
        p = skip_blanks(p);
    }
    return all >= ONETIME_LENGTH ? end : NULL;
}

char *onetime_masked(const char *text)
{
    GString *masked = g_string_new(NULL);
    for (const char *p = text; *p != '\0';) {
        const char *end = secret_end(p);
        g_autoptr(GString) word = g_string_new(NULL);
        const char *next = end != NULL ? end : take_word(p, word);
        if (next == p)
            next = g_utf8_next_char(p);
        if (end != NULL)
            g_string_append(masked, "［确认码］");
        else
            g_string_append_len(masked, p, next - p);
        p = next;
    }
    return g_string_free(masked, FALSE);
}

char *onetime_hash(const char *code, const char *salt)
{
    g_autofree char *salted = g_strconcat(salt, "/", code, NULL);
    char *hash = text_sha256(salted, strlen(salted));
    explicit_bzero(salted, strlen(salted));
    return hash;
}

gboolean onetime_same(const char *a, const char *b)
{
    gsize n = strlen(a);
    guint8 differs = n != strlen(b);
    for (gsize i = 0; i < n && b[i] != '\0'; i++)
        differs |= (guint8)(a[i] ^ b[i]);
    return differs == 0;
}
