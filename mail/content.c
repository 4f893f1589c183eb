/* The decoded bytes of a leaf, streamed in pieces: hashed, counted, and kept only as far as asked
 * for, so that an attachment of 50 MB never stands in memory. */
#include "mail/private.h"
#include <string.h>

#define PIECE (64 * 1024)

GMimeStream *stream_over(const void *bytes, gsize n, GByteArray *view)
{
    view->data = (guint8 *)bytes;
    view->len = (guint)n;
    GMimeStream *stream = g_mime_stream_mem_new_with_byte_array(view);
    g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream), FALSE);
    return stream;
}

static GMimeStream *decoded_stream(const struct leaf *leaf)
{
    GMimeDataWrapper *content = g_mime_part_get_content(GMIME_PART(leaf->object));
    if (content == NULL)
        return g_mime_stream_mem_new();
    GMimeStream *source = g_mime_data_wrapper_get_stream(content);
    g_mime_stream_reset(source);
    GMimeStream *stream = g_mime_stream_filter_new(source);
    GMimeContentEncoding encoding = g_mime_data_wrapper_get_encoding(content);
    if (encoding == GMIME_CONTENT_ENCODING_BASE64 ||
        encoding == GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE ||
        encoding == GMIME_CONTENT_ENCODING_UUENCODE) {
        GMimeFilter *filter = g_mime_filter_basic_new(encoding, FALSE);
        g_mime_stream_filter_add(GMIME_STREAM_FILTER(stream), filter);
        g_object_unref(filter);
    }
    return stream;
}

static void pour(GMimeStream *stream, GChecksum *hash, gsize keep, struct content *content)
{
    g_autofree char *piece = g_malloc(PIECE);
    gssize n;
    while ((n = g_mime_stream_read(stream, piece, PIECE)) > 0) {
        content->size += n;
        if (hash != NULL)
            g_checksum_update(hash, (guchar *)piece, n);
        gsize room = keep - MIN(keep, content->kept->len);
        g_byte_array_append(content->kept, (guint8 *)piece, (guint)MIN(room, (gsize)n));
        if (hash == NULL && room <= (gsize)n)
            return;
    }
}

static void read_leaf(const struct reading *reading, const struct leaf *leaf, GChecksum *hash,
                      gsize keep, struct content *content)
{
    GByteArray view;
    gboolean raw = leaf->is_raw || !GMIME_IS_PART(leaf->object);
    g_autoptr(GMimeStream) stream =
        raw ? stream_over(reading->bytes + leaf->from, leaf->to - leaf->from, &view)
            : decoded_stream(leaf);
    pour(stream, hash, keep, content);
}

void content_read(const struct reading *reading, const struct leaf *leaf, gsize keep,
                  struct content *content)
{
    g_autoptr(GChecksum) hash = g_checksum_new(G_CHECKSUM_SHA256);
    *content = (struct content){ .kept = g_byte_array_new() };
    read_leaf(reading, leaf, hash, keep, content);
    content->sha256 = g_strdup(g_checksum_get_string(hash));
}

void content_clear(struct content *content)
{
    g_free(content->sha256);
    if (content->kept != NULL)
        g_byte_array_unref(content->kept);
}

GByteArray *content_head(const struct reading *reading, const struct leaf *leaf, gsize limit)
{
    struct content content = { .kept = g_byte_array_new() };
    read_leaf(reading, leaf, NULL, limit, &content);
    return content.kept;
}
