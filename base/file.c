/* Whole files and whole writes. */
#include "base/base.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_COPIED (128 * 1024) /* a mapping costs more than a copy of so much */

gboolean write_all(int fd, const void *bytes, gsize n)
{
    const char *at = bytes;
    while (n > 0) {
        gssize written = write(fd, at, n);
        if (written < 0 && errno == EINTR)
            continue;
        if (written == 0)
            errno = EIO;
        if (written <= 0)
            return FALSE;
        at += written;
        n -= (gsize)written;
    }
    return TRUE;
}

/* FALSE with errno set. */
static gboolean read_whole(int fd, char *to, gsize n)
{
    while (n > 0) {
        gssize got = read(fd, to, n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got == 0)
            errno = EIO; /* somebody is cutting it short */
        if (got <= 0)
            return FALSE;
        to += got;
        n -= (gsize)got;
    }
    return TRUE;
}

static GBytes *bytes_of(int fd, GError **error)
{
    struct stat about;
    if (fstat(fd, &about) != 0)
        return NULL;
    if (!S_ISREG(about.st_mode)) {
        errno = S_ISDIR(about.st_mode) ? EISDIR : EINVAL;
        return NULL;
    }
    if (about.st_size > MAX_COPIED) {
        g_autoptr(GMappedFile) file = g_mapped_file_new_from_fd(fd, FALSE, error);
        return file != NULL ? g_mapped_file_get_bytes(file) : NULL;
    }
    gsize n = (gsize)about.st_size;
    g_autofree char *copy = g_malloc(n + 1);
    if (!read_whole(fd, copy, n))
        return NULL;
    return g_bytes_new_take(g_steal_pointer(&copy), n);
}

GBytes *file_bytes(const char *path, GError **error)
{
    g_autoptr(GError) why = NULL;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    GBytes *bytes = fd >= 0 ? bytes_of(fd, &why) : NULL;
    if (bytes == NULL)
        fault_set(error, FAULT_WORLD, "读不了文件 %s：%s", path,
                  why != NULL ? why->message : g_strerror(errno));
    if (fd >= 0)
        close(fd);
    return bytes;
}
