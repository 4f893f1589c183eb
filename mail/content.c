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

/* The bytes of a leaf as they stand in the message or in what it was taken out of. */
static const char *source_of(const struct reading *reading, const struct leaf *leaf, gsize *n,
                             GMimeContentEncoding *encoding)
{
    *encoding = GMIME_CONTENT_ENCODING_BINARY;
    *n = 0;
    if (leaf->bytes != NULL)
        return g_bytes_get_data(leaf->bytes, n);
    if (leaf->is_raw || !GMIME_IS_PART(leaf->object)) {
        *n = leaf->to - leaf->from;
        return reading->bytes + leaf->from;
    }
    GMimeDataWrapper *content = g_mime_part_get_content(GMIME_PART(leaf->object));
    if (content == NULL)
        return NULL;
    /* GMime keeps parts as bounds of the one stream, which is memory. */
    GMimeStream *stream = g_mime_data_wrapper_get_stream(content);
    g_assert(GMIME_IS_STREAM_MEM(stream));
    const GByteArray *all = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
    gint64 end = stream->bound_end >= 0 ? MIN(stream->bound_end, all->len) : all->len;
    *encoding = g_mime_data_wrapper_get_encoding(content);
    *n = (gsize)MAX(end - stream->bound_start, 0);
    return (const char *)all->data + stream->bound_start;
}

/* Takes a piece of the content; FALSE: no more is wanted. */
typedef gboolean take_piece(gpointer to, const char *piece, gsize n);

static void pour_decoded(const char *source, gsize n, GMimeContentEncoding encoding, gsize most,
                         take_piece *take, gpointer to)
{
    GMimeEncoding state;
    g_mime_encoding_init_decode(&state, encoding);
    g_autofree char *piece = g_malloc(g_mime_encoding_outlen(&state, MIN(n, most)));
    for (gsize at = 0; at < n; at += most) {
        gsize length = MIN(n - at, most);
        gsize got = at + length < n ? g_mime_encoding_step(&state, source + at, length, piece)
                                    : g_mime_encoding_flush(&state, source + at, length, piece);
        if (got > 0 && !take(to, piece, got))
            return;
    }
}

/* In pieces of at most so many bytes of the source. */
static void pour(const struct reading *reading, const struct leaf *leaf, gsize most,
                 take_piece *take, gpointer to)
{
    gsize n;
    GMimeContentEncoding encoding;
    const char *source = source_of(reading, leaf, &n, &encoding);
    if (encoding == GMIME_CONTENT_ENCODING_BASE64 ||
        encoding == GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE ||
        encoding == GMIME_CONTENT_ENCODING_UUENCODE) {
        pour_decoded(source, n, encoding, most, take, to);
        return;
    }
    for (gsize at = 0; at < n && take(to, source + at, MIN(n - at, most)); at += most)
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
    pour(reading, leaf, PIECE, measure_piece, &measure);
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
    pour(reading, leaf, CLAMP(2 * limit, 1, PIECE), head_piece, &head);
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
    pour(reading, leaf, PIECE, write_piece, &writing);
    return writing.ok;
}
