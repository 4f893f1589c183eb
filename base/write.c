/* Writing to a file descriptor, whole. */
#include "base/base.h"

#include <errno.h>
#include <unistd.h>

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
