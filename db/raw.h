/* Bytes by their SHA-256: up to 64 KiB in the database, larger ones in DIR/files/ab/…, written,
 * fsynced, renamed and the directory fsynced before the row that names them. */
#ifndef DB_RAW_H
#define DB_RAW_H

#include <glib.h>

enum { RAW_ROW_MAX = 64 * 1024 };

/* Makes bytes above RAW_ROW_MAX durable as a file; small ones need nothing. Call it before the
 * transaction that calls raw_row. Returns the hash (caller frees), NULL on failure. */
char *raw_file(struct db *db, const void *bytes, gsize n, GError **error);
/* The row for bytes that raw_file prepared. */
void raw_row(struct db *db, const char *sha256, const void *bytes, gsize n);

/* For messages that stream: an unnamed-by-hash temporary file below files/; -1 on failure. *path
 * is its name (caller frees). raw_stream_keep hashes, fsyncs and renames it (consuming fd and file)
 * and returns the hash; raw_stream_drop forgets it. */
int raw_stream(struct db *db, char **path, GError **error);
char *raw_stream_keep(struct db *db, int fd, const char *path, gint64 *size, GError **error);
void raw_stream_drop(int fd, const char *path);
/* Removes what a killed process left half written; only under the office's lock. */
void raw_sweep(struct db *db);
/* The row for a file that raw_stream_keep kept. */
void raw_file_row(struct db *db, const char *sha256, gint64 size);

gboolean raw_has(struct db *db, const char *sha256);
/* The bytes (a large one is mapped, not read); NULL with FAULT_WORLD if they are gone. */
GBytes *raw_get(struct db *db, const char *sha256, GError **error);
/* The path of a large one, NULL if it lives in the database; the caller frees. */
char *raw_path(struct db *db, const char *sha256);

#endif
