/* faults: a preloaded library that ends the program at a chosen call, or lets that call fail, so
 * that tests can see what a power cut or a full disk leaves behind.
 *
 *   LIANLUO_FAULT=fsync:7:before    killed instead of the 7th fsync or fdatasync
 *   LIANLUO_FAULT=fsync:7:after     killed as soon as it is done
 *   LIANLUO_FAULT=write:7:torn      killed after half of the bytes (write and send)
 *   LIANLUO_FAULT=write:7:EIO       the 7th write fails; ENOSPC likewise
 *   LIANLUO_FAULT=write:7+:ENOSPC   so do all after it
 *   LIANLUO_FAULT=count             nothing happens
 *   LIANLUO_FAULT_LOG=FILE          how often each kind was called, at the end or when killed
 *
 * Kinds: write (to files: write, pwrite, writev), fsync (and fdatasync), rename (and link), send
 * and recv (on sockets: by any call). What the C library itself calls inside, as stdio does, is not
 * seen.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { WRITE, FSYNC, RENAME, SEND, RECV, KINDS };
enum deed { NOTHING, BEFORE, AFTER, TORN, FAIL };

static const char *const names[KINDS] = { "write", "fsync", "rename", "send", "recv" };
static atomic_int counts[KINDS];

static struct {
    enum kind kind;
    enum deed deed;
    int number, error, onwards;
    char log[512];
} plan;

/* By system call: our own functions must not be counted. */
static void tell(const char *how)
{
    char line[256];
    int n = 0;
    if (*plan.log == '\0')
        return;
    for (int kind = 0; kind < KINDS; kind++)
        n += snprintf(line + n, sizeof line - (size_t)n, "%s=%d ", names[kind], counts[kind]);
    n += snprintf(line + n, sizeof line - (size_t)n, "%s\n", how);
    long fd =
        syscall(SYS_openat, AT_FDCWD, plan.log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0)
        return;
    syscall(SYS_write, fd, line, (size_t)n);
    syscall(SYS_close, fd);
}

static void die(void)
{
    tell("killed");
    syscall(SYS_kill, getpid(), SIGKILL);
    for (;;)
        pause();
}

static enum deed deed_of(const char *text)
{
    static const struct {
        const char *text;
        enum deed deed;
        int error;
    } deeds[] = { { "before", BEFORE, 0 },
                  { "after", AFTER, 0 },
                  { "torn", TORN, 0 },
                  { "EIO", FAIL, EIO },
                  { "ENOSPC", FAIL, ENOSPC } };
    for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++)
        if (strcmp(text, deeds[i].text) == 0) {
            plan.error = deeds[i].error;
            return deeds[i].deed;
        }
    return NOTHING;
}

/* A plan that cannot be read must not pass for one that did no harm. */
static void refuse(const char *text)
{
    fprintf(stderr, "faults: LIANLUO_FAULT=%s?\n", text);
    _exit(120);
}

__attribute__((constructor)) static void read_plan(void)
{
    char kind[16] = "", deed[16] = "", number[16] = "";
    const char *text = getenv("LIANLUO_FAULT"), *log = getenv("LIANLUO_FAULT_LOG");
    if (log != NULL)
        snprintf(plan.log, sizeof plan.log, "%s", log);
    unsetenv("LIANLUO_FAULT_LOG"); /* children have their own life */
    if (text == NULL || strcmp(text, "count") == 0)
        return;
    if (sscanf(text, "%15[a-z]:%15[0-9+]:%15[A-Za-z]", kind, number, deed) != 3)
        refuse(text);
    while (plan.kind < KINDS && strcmp(names[plan.kind], kind) != 0)
        plan.kind++;
    plan.number = atoi(number);
    plan.onwards = strchr(number, '+') != NULL;
    plan.deed = deed_of(deed);
    if (plan.kind == KINDS || plan.number < 1 || plan.deed == NOTHING)
        refuse(text);
    unsetenv("LIANLUO_FAULT");
}

__attribute__((destructor)) static void at_end(void)
{
    tell("ended");
}

/* Counts a call; what is to be done about this one. */
static enum deed meet(enum kind kind)
{
    int number = atomic_fetch_add(&counts[kind], 1) + 1;
    if (plan.deed == NOTHING || kind != plan.kind)
        return NOTHING;
    if (number != plan.number && !(plan.onwards && number > plan.number))
        return NOTHING;
    if (plan.deed == BEFORE)
        die();
    errno = plan.error;
    return plan.deed;
}

static int is_socket(int fd)
{
    struct stat status;
    int kept = errno;
    int yes = fstat(fd, &status) == 0 && S_ISSOCK(status.st_mode);
    errno = kept;
    return yes;
}

/* What the next library calls by this name. */
#define NEXT(name) \
    ({ \
        static __typeof__(&name) found; \
        if (found == NULL) \
            found = (__typeof__(&name))dlsym(RTLD_NEXT, #name); \
        found; \
    })

/* A call of KIND that is not torn: CALL is made unless it is to fail. */
#define AROUND(kind, type, call) \
    ({ \
        enum deed deed = meet(kind); \
        if (deed == FAIL) \
            return -1; \
        type result = (call); \
        if (deed == AFTER || deed == TORN) \
            die(); \
        result; \
    })

/* The same for a call with N bytes, of which the first HALF go. */
#define AROUND_BYTES(kind, n, half, call) \
    ({ \
        enum deed deed = meet(kind); \
        if (deed == FAIL) \
            return -1; \
        size_t half = deed == TORN ? (n) / 2 : (n); \
        ssize_t result = (call); \
        if (deed == AFTER || deed == TORN) \
            die(); \
        result; \
    })

/* ---- files */

ssize_t write(int fd, const void *bytes, size_t n)
{
    __typeof__(&write) next = NEXT(write);
    if (fd <= STDERR_FILENO)
        return next(fd, bytes, n);
    return AROUND_BYTES(is_socket(fd) ? SEND : WRITE, n, some, next(fd, bytes, some));
}

ssize_t pwrite(int fd, const void *bytes, size_t n, off_t at)
{
    __typeof__(&pwrite) next = NEXT(pwrite);
    return AROUND_BYTES(WRITE, n, some, next(fd, bytes, some, at));
}

ssize_t pwrite64(int fd, const void *bytes, size_t n, off64_t at)
{
    __typeof__(&pwrite64) next = NEXT(pwrite64);
    return AROUND_BYTES(WRITE, n, some, next(fd, bytes, some, at));
}

ssize_t writev(int fd, const struct iovec *pieces, int n)
{
    __typeof__(&writev) next = NEXT(writev);
    if (fd <= STDERR_FILENO)
        return next(fd, pieces, n);
    return AROUND(is_socket(fd) ? SEND : WRITE, ssize_t, next(fd, pieces, n));
}

int fsync(int fd)
{
    return AROUND(FSYNC, int, NEXT(fsync)(fd));
}

int fdatasync(int fd)
{
    return AROUND(FSYNC, int, NEXT(fdatasync)(fd));
}

int rename(const char *from, const char *to)
{
    return AROUND(RENAME, int, NEXT(rename)(from, to));
}

int renameat(int from_dir, const char *from, int to_dir, const char *to)
{
    return AROUND(RENAME, int, NEXT(renameat)(from_dir, from, to_dir, to));
}

int link(const char *from, const char *to)
{
    return AROUND(RENAME, int, NEXT(link)(from, to));
}

int linkat(int from_dir, const char *from, int to_dir, const char *to, int flags)
{
    return AROUND(RENAME, int, NEXT(linkat)(from_dir, from, to_dir, to, flags));
}

/* ---- sockets */

ssize_t send(int fd, const void *bytes, size_t n, int flags)
{
    __typeof__(&send) next = NEXT(send);
    return AROUND_BYTES(SEND, n, some, next(fd, bytes, some, flags));
}

ssize_t sendto(int fd, const void *bytes, size_t n, int flags, const struct sockaddr *to,
               socklen_t length)
{
    __typeof__(&sendto) next = NEXT(sendto);
    return AROUND_BYTES(SEND, n, some, next(fd, bytes, some, flags, to, length));
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
    return AROUND(SEND, ssize_t, NEXT(sendmsg)(fd, message, flags));
}

ssize_t recv(int fd, void *bytes, size_t n, int flags)
{
    return AROUND(RECV, ssize_t, NEXT(recv)(fd, bytes, n, flags));
}

ssize_t recvfrom(int fd, void *bytes, size_t n, int flags, struct sockaddr *from, socklen_t *length)
{
    return AROUND(RECV, ssize_t, NEXT(recvfrom)(fd, bytes, n, flags, from, length));
}

ssize_t recvmsg(int fd, struct msghdr *message, int flags)
{
    return AROUND(RECV, ssize_t, NEXT(recvmsg)(fd, message, flags));
}

ssize_t read(int fd, void *bytes, size_t n)
{
    __typeof__(&read) next = NEXT(read);
    if (!is_socket(fd))
        return next(fd, bytes, n);
    return AROUND(RECV, ssize_t, next(fd, bytes, n));
}
