/* Bytes by their hash: rows for small ones, files for large ones. */
#include "db/sql.h"

#include "base/base.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

static char *file_path(struct db *db, const char *sha256)
{
    g_autofree char *folder = g_strndup(sha256, 2);
    return g_build_filename(db_dir(db), "files", folder, sha256, NULL);
}

static gboolean fault_errno(GError **error, const char *what, const char *path)
{
    return fault_set(error, FAULT_WORLD, "%s %s 失败：%s", what, path, g_strerror(errno));
}

static gboolean sync_directory(const char *path, GError **error)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    gboolean ok = fd >= 0 && fsync(fd) == 0;
    if (!ok)
        fault_errno(error, "落盘目录", path);
    if (fd >= 0)
        close(fd);
    return ok;
}

/* Renames a complete, closed and synced temporary file to its hash. */
static gboolean adopt(struct db *db, const char *temporary, const char *sha256, GError **error)
{
    g_autofree char *path = file_path(db, sha256);
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *files = g_path_get_dirname(folder);
    if (g_mkdir(folder, 0700) == 0) {
        if (!sync_directory(files, error))
            return FALSE;
    } else if (errno != EEXIST) {
        return fault_errno(error, "建立目录", folder);
    }
    if (g_rename(temporary, path) != 0)
        return fault_errno(error, "保存文件", path);
    return sync_directory(folder, error);
}

int raw_stream(struct db *db, char **path, GError **error)
{
    *path = g_build_filename(db_dir(db), "files", "incoming-XXXXXX", NULL);
    int fd = g_mkstemp_full(*path, O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0) {
        fault_errno(error, "建立临时文件", *path);
        g_clear_pointer(path, g_free);
    }
    return fd;
}

void raw_stream_drop(int fd, const char *path)
{
    close(fd);
    g_unlink(path);
}

void raw_sweep(struct db *db)
{
    g_autofree char *files = g_build_filename(db_dir(db), "files", NULL);
    g_autoptr(GDir) folder = g_dir_open(files, 0, NULL);
    const char *name;
    while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
        g_autofree char *path = g_build_filename(files, name, NULL);
        if (g_str_has_prefix(name, "incoming-"))
            g_unlink(path);
    }
}

static char *hash_file(int fd, gint64 *size)
{
    struct sha256_ctx sum;
    guchar piece[65536];
    gssize n;
    *size = 0;
    sha256_init(&sum);
    while ((n = pread(fd, piece, sizeof piece, *size)) > 0) {
        sha256_update(&sum, (size_t)n, piece);
        *size += n;
    }
    return n == 0 ? sha256_text(&sum) : NULL;
}

/* Makes a complete temporary file durable under its hash, which it takes over; closes fd. */
static char *keep(struct db *db, int fd, const char *path, char *sha256, GError **error)
{
    gboolean ok = sha256 != NULL && fsync(fd) == 0;
    if (!ok)
        fault_errno(error, "落盘文件", path);
    close(fd);
    if (!ok || !adopt(db, path, sha256, error)) {
        g_unlink(path);
        g_clear_pointer(&sha256, g_free);
    }
    return sha256;
}

char *raw_stream_keep(struct db *db, int fd, const char *path, gint64 *size, GError **error)
{
    return keep(db, fd, path, hash_file(fd, size), error);
}

char *raw_file(struct db *db, const void *bytes, gsize n, GError **error)
{
    if (n <= RAW_ROW_MAX)
        return text_sha256(bytes, n);
    g_autofree char *path = NULL;
    int fd = raw_stream(db, &path, error);
    if (fd < 0)
        return NULL;
    if (!write_all(fd, bytes, n)) {
        fault_errno(error, "写入文件", path);
        raw_stream_drop(fd, path);
        return NULL;
    }
    return keep(db, fd, path, text_sha256(bytes, n), error);
}

void raw_row(struct db *db, const char *sha256, const void *bytes, gsize n)
{
    if (n > RAW_ROW_MAX) {
        raw_file_row(db, sha256, (gint64)n);
        return;
    }
    sql_run(db, "INSERT OR IGNORE INTO raw (sha256, size, bytes) VALUES (?, ?, ?)", TXT(sha256),
            NUM((gint64)n), BIN(bytes != NULL ? bytes : "", n));
}

void raw_file_row(struct db *db, const char *sha256, gint64 size)
{
    sql_run(db, "INSERT OR IGNORE INTO raw (sha256, size) VALUES (?, ?)", TXT(sha256), NUM(size));
}

gboolean raw_has(struct db *db, const char *sha256)
{
    return sql_one(db, "SELECT count(*) FROM raw WHERE sha256 = ?", TXT(sha256)) > 0;
}

char *raw_path(struct db *db, const char *sha256)
{
    if (sql_one(db, "SELECT count(*) FROM raw WHERE sha256 = ? AND bytes IS NULL", TXT(sha256)) ==
        0)
        return NULL;
    return file_path(db, sha256);
}

GBytes *raw_get(struct db *db, const char *sha256, GError **error)
{
    GBytes *bytes = NULL;
    struct sql *q = sql_query(db, "SELECT bytes FROM raw WHERE sha256 = ?", TXT(sha256));
    if (!sql_row(q)) {
        if (db_ok(db, error))
            fault_set(error, FAULT_WORLD, "没有保存过内容 %s", sha256);
        return NULL;
    }
    bytes = sql_bytes(q, 0);
    sql_end(q);
    if (bytes != NULL)
        return bytes;
    g_autofree char *path = file_path(db, sha256);
    g_autoptr(GMappedFile) map = g_mapped_file_new(path, FALSE, NULL);
    if (map == NULL) {
        fault_set(error, FAULT_WORLD, "文件 %s 不见了或不能读取", path);
        return NULL;
    }
    return g_mapped_file_get_bytes(map);
}
