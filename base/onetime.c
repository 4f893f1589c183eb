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

char *onetime_read(const char *text)
{
    g_autofree char *compact = text_compact(text);
    g_autofree char *plain = g_utf8_normalize(compact, -1, G_NORMALIZE_NFKC);
    char *code = g_ascii_strup(plain, -1);
    if (strlen(code) == ONETIME_LENGTH && strspn(code, letters) == ONETIME_LENGTH)
        return code;
    g_free(code);
    return NULL;
}

char *onetime_masked(const char *text)
{
    static GRegex *regex;
    static gsize once;
    if (g_once_init_enter(&once)) {
        regex = g_regex_new("(?<![0-9A-Za-z-])[2-9A-HJKMNP-TV-Z]{8}(?![0-9A-Za-z-])",
                            G_REGEX_CASELESS, 0, NULL);
        g_once_init_leave(&once, 1);
    }
    return g_regex_replace_literal(regex, text, -1, 0, "［确认码］", 0, NULL);
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
