/* A mail signed as one block (S/MIME, smime-type=signed-data): what was signed, header and all,
 * stands inside the signature. It is taken out and read in its place; whether the signature is good
 * is not looked at. */
#include "mail/private.h"
#include <gnutls/pkcs7.h>
#include <string.h>

#define MAX_SIGNED (4 * 1024 * 1024) /* a larger one stays a file */

/* The block, decoded; NULL: the mail is none. */
static GByteArray *block_of(const struct reading *reading)
{
    const struct leaf *leaf = reading->leaves->len == 1 ? reading->leaves->pdata[0] : NULL;
    if (leaf == NULL || leaf->object == NULL || leaf->is_raw || !type_is_smime(leaf->type))
        return NULL;
    const char *kind = g_mime_object_get_content_type_parameter(leaf->object, "smime-type");
    if (kind != NULL && g_ascii_strcasecmp(kind, "signed-data") != 0)
        return NULL;
    GByteArray *block = content_head(reading, leaf, MAX_SIGNED + 1);
    if (block->len <= MAX_SIGNED)
        return block;
    g_byte_array_unref(block);
    return NULL;
}

/* Fields of the mail that do not speak of its content, as they stand. */
static void keep_fields(const struct reading *reading, GByteArray *to)
{
    gboolean kept = FALSE;
    for (gsize at = 0; at < reading->body;) {
        const char *line = reading->bytes + at;
        const char *newline = memchr(line, '\n', reading->body - at);
        gsize n = newline != NULL ? (gsize)(newline + 1 - line) : reading->body - at;
        if (*line == '\r' || *line == '\n')
            break;
        if (*line != ' ' && *line != '\t')
            kept = g_ascii_strncasecmp(line, "Content-", MIN(n, 8)) != 0;
        if (kept)
            g_byte_array_append(to, (const guint8 *)line, (guint)n);
        at += n;
    }
}

static GByteArray *joined(const struct reading *reading, const gnutls_datum_t *inside)
{
    GByteArray *all = g_byte_array_new();
    keep_fields(reading, all);
    if (!line_is_field((const char *)inside->data, inside->size))
        g_byte_array_append(all, (const guint8 *)"\r\n", 2);
    g_byte_array_append(all, inside->data, inside->size);
    return all;
}

GByteArray *opaque_opened(const struct reading *reading)
{
    g_autoptr(GByteArray) block = block_of(reading);
    gnutls_pkcs7_t signature;
    gnutls_datum_t inside = { NULL, 0 };
    if (block == NULL || gnutls_pkcs7_init(&signature) < 0)
        return NULL;
    const gnutls_datum_t der = { block->data, block->len };
    GByteArray *all = NULL;
    if (gnutls_pkcs7_import(signature, &der, GNUTLS_X509_FMT_DER) >= 0 &&
        gnutls_pkcs7_get_embedded_data(signature, 0, &inside) >= 0 && inside.size > 0)
        all = joined(reading, &inside);
    gnutls_free(inside.data);
    gnutls_pkcs7_deinit(signature);
    return all;
}
