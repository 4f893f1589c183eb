/* Secrets: where a setting says that they are, read without leaving copies behind. */
#include "base/private.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Passwords, authorisation codes and robot addresses are far shorter. */
#define MAX_SECRET 4096

/* Bytes on their way to become a secret. */
struct bytes {
    char at[MAX_SECRET];
    gsize n;
};

static gboolean from_file(const char *path, const char *dir, struct bytes *bytes, GError **error);
static gboolean from_command(const char *line, const char *dir, struct bytes *bytes,
                             GError **error);
static gboolean from_env(const char *name, const char *dir, struct bytes *bytes, GError **error);
static gboolean from_text(const char *text, const char *dir, struct bytes *bytes, GError **error);

static const struct source {
    const char *prefix;
    gboolean literal;
    gboolean (*read)(const char *value, const char *dir, struct bytes *bytes, GError **error);
} sources[] = {
    { "file:", FALSE, from_file }, { "command:", FALSE, from_command },
    { "env:", FALSE, from_env },   { "text:", TRUE, from_text },
    { "", TRUE, from_text },
};

static const struct source *source_of(const char *setting)
{
    const struct source *source = sources;
    while (!g_str_has_prefix(setting, source->prefix))
        source++;
    return source;
}

gboolean secret_is_literal(const char *setting)
{
    const struct source *source = source_of(setting);
    return source->literal && setting[strlen(source->prefix)] != '\0';
}

/* systemd gives a service its credentials as root's, readable by an ACL for its user alone, which
 * stat(2) shows as the group's right (systemd.exec(5)). */
static gboolean is_credential(const char *path)
{
    const char *folder = g_getenv("CREDENTIALS_DIRECTORY");
    return folder != NULL && *folder != '\0' && g_str_has_prefix(path, folder) &&
           path[strlen(folder)] == '/';
}

/* Asked of the open file: a name may mean another file a moment later. */
static gboolean fd_is_private(int fd, const char *path, GError **error)
{
    struct stat status;
    g_autofree char *shown = text_printable(path);
    if (fstat(fd, &status) < 0)
        return fault_set(error, FAULT_WORLD, "无法检查文件 %s：%s", shown, g_strerror(errno));
    if (!S_ISREG(status.st_mode))
        return fault_set(error, FAULT_REFUSED, "%s 不是普通文件，请指定一个文件", shown);
    if ((status.st_mode & (is_credential(path) ? S_IROTH : S_IRGRP | S_IROTH)) != 0)
        return fault_set(error, FAULT_REFUSED,
                         "文件 %s 含有密码，其他用户却可以读取，请执行 chmod 600 '%s'", shown,
                         shown);
    return TRUE;
}

/* Not blocking, for a fifo would wait for its writer. */
static int open_file(const char *path, GError **error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0) {
        int cause = errno;
        g_autofree char *shown = text_printable(path);
        fault_set(error, FAULT_REFUSED, "无法读取文件 %s：%s，请检查路径和权限", shown,
                  g_strerror(cause));
    }
    return fd;
}

gboolean file_is_private(const char *path, GError **error)
{
    int fd = open_file(path, error);
    if (fd < 0)
        return FALSE;
    gboolean private = fd_is_private(fd, path, error);
    close(fd);
    return private;
}

static gboolean read_all(int fd, const char *path, struct bytes *bytes, GError **error)
{
    while (bytes->n < sizeof bytes->at) {
        ssize_t got = read(fd, bytes->at + bytes->n, sizeof bytes->at - bytes->n);
        if (got == 0)
            return TRUE;
        if (got > 0) {
            bytes->n += (gsize)got;
        } else if (errno != EINTR) {
            const char *cause = g_strerror(errno);
            g_autofree char *shown = text_printable(path);
            return fault_set(error, FAULT_WORLD, "读取文件 %s 失败：%s", shown, cause);
        }
    }
    return TRUE;
}

static gboolean from_file(const char *path, const char *dir, struct bytes *bytes, GError **error)
{
    gboolean whole = dir == NULL || g_path_is_absolute(path);
    g_autofree char *full = whole ? g_strdup(path) : g_build_filename(dir, path, NULL);
    int fd = open_file(full, error);
    if (fd < 0)
        return FALSE;
    gboolean ok = fd_is_private(fd, full, error) && read_all(fd, full, bytes, error);
    close(fd);
    return ok;
}

static gboolean from_command(const char *line, const char *dir, struct bytes *bytes, GError **error)
{
    return command_output(line, bytes->at, sizeof bytes->at, &bytes->n, error);
}

static gboolean from_text(const char *text, const char *dir, struct bytes *bytes, GError **error)
{
    bytes->n = MIN(strlen(text), sizeof bytes->at);
    memcpy(bytes->at, text, bytes->n);
    return TRUE;
}

static gboolean from_env(const char *name, const char *dir, struct bytes *bytes, GError **error)
{
    const char *value = getenv(name);
    if (value != NULL)
        return from_text(value, dir, bytes, error);
    g_autofree char *shown = text_printable(name);
    return fault_set(error, FAULT_REFUSED, "环境变量 %s 没有设置，请先设置它再运行", shown);
}

/* The first line; a text editor's byte order mark is not part of it. */
static char *first_line(struct bytes *bytes, GError **error)
{
    const char *start = bytes->at;
    gsize n = bytes->n;
    if (n >= 3 && memcmp(start, "\xEF\xBB\xBF", 3) == 0) {
        start += 3;
        n -= 3;
    }
    const char *end = memchr(start, '\n', n);
    if (end == NULL && bytes->n == sizeof bytes->at) {
        fault_set(error, FAULT_REFUSED, "密码过长（超过 4096 字节），请检查它的来源");
        return NULL;
    }
    if (end != NULL)
        n = (gsize)(end - start);
    if (n > 0 && start[n - 1] == '\r')
        n--;
    for (gsize i = 0; i < n; i++)
        if (g_ascii_iscntrl(start[i])) {
            fault_set(error, FAULT_REFUSED, "密码中含有控制字符，请检查它的来源并重新填写");
            return NULL;
        }
    if (n == 0) {
        fault_set(error, FAULT_REFUSED, "密码是空的，请检查它的来源并重新填写");
        return NULL;
    }
    return g_strndup(start, n);
}

char *secret_resolve(const char *setting, const char *dir, GError **error)
{
    const struct source *source = source_of(setting != NULL ? setting : "");
    if (setting == NULL || *setting == '\0') {
        fault_set(error, FAULT_REFUSED, "没有填写密码，请填写 file:路径、command:命令 或密码本身");
        return NULL;
    }
    struct bytes bytes = { .n = 0 };
    char *secret = NULL;
    if (source->read(setting + strlen(source->prefix), dir, &bytes, error))
        secret = first_line(&bytes, error);
    explicit_bzero(&bytes, sizeof bytes);
    return secret;
}

void secret_free(char *secret)
{
    if (secret == NULL)
        return;
    explicit_bzero(secret, strlen(secret));
    g_free(secret);
}
