/* clock: a preloaded library whose clocks stand where a test sets them, so that ten minutes of a
 * daemon pass in none. LIANLUO_CLOCK names a file of two 64-bit numbers: nanoseconds that are added
 * to the time of day, and to the monotonic clock. The test may change them at any moment; whoever
 * waits in poll(2) notices within a few milliseconds. time(2) is left alone: certificates are
 * judged by it.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { SLICE = 10 }; /* milliseconds between two looks at the clock */
#define SECOND 1000000000LL

static const _Atomic int64_t still[2];
static const _Atomic int64_t *ahead = still; /* of CLOCK_REALTIME, CLOCK_MONOTONIC */

__attribute__((constructor)) static void open_clock(void)
{
    const char *path = getenv("LIANLUO_CLOCK");
    int fd = path != NULL ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    void *at = fd >= 0 ? mmap(NULL, sizeof still, PROT_READ, MAP_SHARED, fd, 0) : MAP_FAILED;
    if (at != MAP_FAILED)
        ahead = at;
    if (fd >= 0)
        close(fd);
}

static int64_t offset_of(clockid_t clock)
{
    switch (clock) {
    case CLOCK_REALTIME:
    case CLOCK_REALTIME_COARSE:
        return atomic_load(&ahead[0]);
    case CLOCK_MONOTONIC:
    case CLOCK_MONOTONIC_COARSE:
    case CLOCK_MONOTONIC_RAW:
    case CLOCK_BOOTTIME:
        return atomic_load(&ahead[1]);
    default:
        return 0;
    }
}

/* By system call: a sanitizer's own clock_gettime would lead back to this one. */
int clock_gettime(clockid_t clock, struct timespec *at)
{
    int r = (int)syscall(SYS_clock_gettime, clock, at);
    if (r == 0) {
        int64_t all = (int64_t)at->tv_sec * SECOND + at->tv_nsec + offset_of(clock);
        at->tv_sec = all / SECOND;
        at->tv_nsec = all % SECOND;
    }
    return r;
}

int gettimeofday(struct timeval *restrict at, void *restrict zone)
{
    struct timespec now;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &now);
    at->tv_sec = now.tv_sec;
    at->tv_usec = now.tv_nsec / 1000;
    return 0;
}

static int64_t monotonic_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int poll(struct pollfd *fds, nfds_t n, int timeout)
{
    static int (*next)(struct pollfd *, nfds_t, int);
    if (next == NULL)
        next = (int (*)(struct pollfd *, nfds_t, int))dlsym(RTLD_NEXT, "poll");
    if (timeout <= 0)
        return next(fds, n, timeout);
    int64_t until = monotonic_ms() + timeout;
    for (;;) {
        int64_t left = until - monotonic_ms();
        int r = next(fds, n, left <= 0 ? 0 : left < SLICE ? (int)left : SLICE);
        if (r != 0 || left <= 0)
            return r;
    }
}

/* What a fortified program calls. */
int __poll_chk(struct pollfd *fds, nfds_t n, int timeout, size_t size);
int __poll_chk(struct pollfd *fds, nfds_t n, int timeout, size_t size)
{
    if (size / sizeof *fds < n)
        abort();
    return poll(fds, n, timeout);
}
