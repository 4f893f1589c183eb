/* Packages for fuzzers: a mutated zip is mostly a broken zip, so an input is the parts themselves,
 * "NAME\nCONTENT" each, a NUL between two; they are packed without compression and read. */
#ifndef FUZZ_PARTS_H
#define FUZZ_PARTS_H

#include "documents/read/read.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdint.h>
#include <string.h>

static inline void add_part(struct archive *archive, const char *part, size_t n)
{
    const char *line = memchr(part, '\n', n);
    size_t name_length = line != NULL ? (size_t)(line - part) : n;
    size_t size = line != NULL ? n - name_length - 1 : 0;
    g_autofree char *name = g_strndup(part, MIN(name_length, 100));
    struct archive_entry *entry = archive_entry_new();
    archive_entry_set_pathname(entry, name);
    archive_entry_set_size(entry, (la_int64_t)size);
    archive_entry_set_filetype(entry, AE_IFREG);
    if (archive_write_header(archive, entry) == ARCHIVE_OK && size > 0)
        archive_write_data(archive, line + 1, size);
    archive_entry_free(entry);
}

static inline void read_parts(const uint8_t *bytes, size_t n)
{
    size_t room = n * 3 + 65536, used = 0;
    g_autofree char *zip = g_malloc(room);
    struct archive *archive = archive_write_new();
    archive_write_set_format_zip(archive);
    archive_write_set_options(archive, "zip:compression=store");
    archive_write_open_memory(archive, zip, room, &used);
    for (const uint8_t *p = bytes, *end = bytes + n; p < end;) {
        const uint8_t *stop = memchr(p, 0, (size_t)(end - p));
        stop = stop != NULL ? stop : end;
        add_part(archive, (const char *)p, (size_t)(stop - p));
        p = stop < end ? stop + 1 : end;
    }
    archive_write_close(archive);
    archive_write_free(archive);
    json_decref(paper_read("", zip, used, -1));
}

/* A file as it is if it looks like one, else parts. */
static inline int read_fuzzed(const uint8_t *bytes, size_t n)
{
    static gsize once;
    if (g_once_init_enter(&once)) {
        paper_init();
        g_once_init_leave(&once, 1);
    }
    if (n > 2 && memcmp(bytes, "PK", 2) == 0)
        json_decref(paper_read("", bytes, n, -1));
    else
        read_parts(bytes, n);
    return 0;
}

#endif
