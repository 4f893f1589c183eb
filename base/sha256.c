/* SHA-256 as hexadecimal digits, the name of bytes in the database and in files. */
#include "base/sha256.h"

#include "base/base.h"
#include <nettle/base16.h>

char *sha256_text(struct sha256_ctx *sum)
{
    guint8 digest[SHA256_DIGEST_SIZE];
    char *text = g_malloc(BASE16_ENCODE_LENGTH(sizeof digest) + 1);
    sha256_digest(sum, sizeof digest, digest);
    base16_encode_update(text, sizeof digest, digest);
    text[BASE16_ENCODE_LENGTH(sizeof digest)] = '\0';
    return text;
}

char *text_sha256(const void *bytes, gsize n)
{
    struct sha256_ctx sum;
    sha256_init(&sum);
    sha256_update(&sum, n, bytes);
    return sha256_text(&sum);
}
