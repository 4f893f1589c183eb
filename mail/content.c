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

/* Takes a piece of the content; FALSE: no more is wanted. */
typedef gboolean take_piece(gpointer to, const char *piece, gsize n);

static void pour(const struct reading *reading, const struct leaf *leaf, take_piece *take,
                 gpointer to)
{
    if (leaf->bytes != NULL) {
        gsize size;
        const char *all = g_bytes_get_data(leaf->bytes, &size);
        for (gsize at = 0; at < size && take(to, all + at, MIN(size - at, PIECE)); at += PIECE)
            ;
        return;
    }
    GByteArray view;
    gboolean raw = leaf->is_raw || !GMIME_IS_PART(leaf->object);
    g_autoptr(GMimeStream) stream =
        raw ? stream_over(reading->bytes + leaf->from, leaf->to - leaf->from, &view)
            : decoded_stream(leaf);
    g_autofree char *piece = g_malloc(PIECE);
    gssize n;
    while ((n = g_mime_stream_read(stream, piece, PIECE)) > 0 && take(to, piece, (gsize)n))
        ;
}

struct measure {
    struct content *content;
    struct sha256_ctx hash;
    gsize keep;
};

static void keep_bytes(GByteArray *kept, gsize limit, const char *piece, gsize n)
{
    gsize room = limit - MIN(limit, kept->len);
    g_byte_array_append(kept, (const guint8 *)piece, (guint)MIN(room, n));
}

static gboolean measure_piece(gpointer to, const char *piece, gsize n)
{
    struct measure *measure = to;
    measure->content->size += (gint64)n;
    sha256_update(&measure->hash, n, (const guint8 *)piece);
    keep_bytes(measure->content->kept, measure->keep, piece, n);
    return TRUE;
}

void content_read(const struct reading *reading, const struct leaf *leaf, gsize keep,
                  struct content *content)
{
    *content = (struct content){ .kept = g_byte_array_sized_new(1) };
    struct measure measure = { .content = content, .keep = keep };
    sha256_init(&measure.hash);
    pour(reading, leaf, measure_piece, &measure);
    content->sha256 = sha256_text(&measure.hash);
}

void content_clear(struct content *content)
{
    g_free(content->sha256);
    if (content->kept != NULL)
        g_byte_array_unref(content->kept);
}

struct head {
    GByteArray *kept;
    gsize limit;
};

static gboolean head_piece(gpointer to, const char *piece, gsize n)
{
    struct head *head = to;
    keep_bytes(head->kept, head->limit, piece, n);
    return head->kept->len < head->limit;
}

GByteArray *content_head(const struct reading *reading, const struct leaf *leaf, gsize limit)
{
    struct head head = { g_byte_array_sized_new(1), limit };
    pour(reading, leaf, head_piece, &head);
    return head.kept;
}

struct writing {
    int fd;
    gboolean ok;
};

static gboolean write_piece(gpointer to, const char *piece, gsize n)
{
    struct writing *writing = to;
    writing->ok = write_all(writing->fd, piece, n);
    return writing->ok;
}

gboolean content_write(const struct reading *reading, const struct leaf *leaf, int fd)
{
    struct writing writing = { fd, TRUE };
    pour(reading, leaf, write_piece, &writing);
    return writing.ok;
}
