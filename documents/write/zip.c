/* The container of an Office file. */
#include "documents/write/write.h"

#include "base/base.h"
#include <archive.h>
#include <archive_entry.h>
#include <string.h>

struct zip {
    struct archive *archive;
    GByteArray *bytes;
    gboolean failed;
};

static la_ssize_t keep(struct archive *archive, void *data, const void *buffer, size_t n)
{
    g_byte_array_append(data, buffer, (guint)n);
    return (la_ssize_t)n;
}

struct zip *zip_new(void)
{
    struct zip *zip = g_new0(struct zip, 1);
    zip->bytes = g_byte_array_new();
    zip->archive = archive_write_new();
    zip->failed = archive_write_set_format_zip(zip->archive) != ARCHIVE_OK ||
                  archive_write_set_bytes_in_last_block(zip->archive, 1) != ARCHIVE_OK ||
                  archive_write_open(zip->archive, zip->bytes, NULL, keep, NULL) != ARCHIVE_OK;
    return zip;
}

void zip_add(struct zip *zip, const char *name, const char *text)
{
    gsize n = strlen(text);
    struct archive_entry *entry = archive_entry_new();
    archive_entry_set_pathname(entry, name);
    archive_entry_set_size(entry, (la_int64_t)n);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    /* The first moment that a zip can name: a file says nothing of when it was made. */
    archive_entry_set_mtime(entry, 315532800, 0);
    zip->failed = zip->failed || archive_write_header(zip->archive, entry) != ARCHIVE_OK ||
                  archive_write_data(zip->archive, text, n) != (la_ssize_t)n;
    archive_entry_free(entry);
}

GBytes *zip_end(struct zip *zip, GError **error)
{
    zip->failed = zip->failed || archive_write_close(zip->archive) != ARCHIVE_OK;
    GBytes *bytes = NULL;
    if (zip->failed)
        fault_set(error, FAULT_WORLD, "无法压缩：%s", archive_error_string(zip->archive));
    archive_write_free(zip->archive);
    if (zip->failed)
        g_byte_array_unref(zip->bytes);
    else
        bytes = g_byte_array_free_to_bytes(zip->bytes);
    g_free(zip);
    return bytes;
}
