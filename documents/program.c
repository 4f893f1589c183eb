/* The programs that do what the daemon must not: started, fed, waited for. */
#include "documents/private.h"

#include "base/base.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define INSTALLED "/usr/libexec/lianluo"

extern char **environ;

/* Beside us in the build's folder, in INSTALLED from a package, where LIANLUO_LIBEXEC says for
 * those who run from elsewhere. */
static char *program_path(const char *name)
{
    const char *told = g_getenv("LIANLUO_LIBEXEC");
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *folder =
        told != NULL ? g_strdup(told) : g_path_get_dirname(self != NULL ? self : INSTALLED "/.");
    g_autofree char *file = g_strconcat("lianluo-", name, NULL);
    g_autofree char *beside = g_build_filename(folder, file, NULL);
    return access(beside, X_OK) == 0 ? g_steal_pointer(&beside)
                                     : g_build_filename(INSTALLED, file, NULL);
}

/* A file without a name: no pipe that either side could block on. */
static int memory_file(const char *name, GBytes *bytes)
{
    gsize n = 0;
    const void *data = bytes != NULL ? g_bytes_get_data(bytes, &n) : NULL;
    int fd = memfd_create(name, MFD_CLOEXEC);
    if (fd >= 0 && n > 0 && (!write_all(fd, data, n) || lseek(fd, 0, SEEK_SET) < 0)) {
        int failure = errno;
        close(fd);
        errno = failure;
        return -1;
    }
    return fd;
}

/* No signal stays blocked or ignored that we block or ignore for ourselves. 0, or an errno. */
static int spawn(const char *path, int in, int out, pid_t *pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, usual;
    sigemptyset(&none);
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &usual);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    char *argv[] = { (char *)path, NULL };
    int failure = posix_spawn(pid, path, &actions, &attributes, argv, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return failure;
}

/* FALSE: it did not end in time and was killed. */
static gboolean wait_for(pid_t pid, int seconds, int *status)
{
    struct pollfd ended = { .fd = pidfd_open(pid, 0), .events = POLLIN };
    gint64 end = g_get_monotonic_time() + (gint64)seconds * G_USEC_PER_SEC;
    int ready = -1;
    do {
        gint64 left = (end - g_get_monotonic_time()) / 1000;
        ready = poll(&ended, 1, (int)MAX(left, 0));
    } while (ready < 0 && errno == EINTR);
    if (ready <= 0)
        kill(pid, SIGKILL);
    while (waitpid(pid, status, 0) < 0 && errno == EINTR)
        ;
    if (ended.fd >= 0)
        close(ended.fd);
    return ready > 0;
}

static GBytes *collect(int fd, const char *path, gsize max, GError **error)
{
    struct stat is;
    if (fstat(fd, &is) < 0 || (gsize)is.st_size > max) {
        fault_set(error, FAULT_WORLD, "%s 写出的内容太大", path);
        return NULL;
    }
    g_autoptr(GMappedFile) map = g_mapped_file_new_from_fd(fd, FALSE, error);
    return map != NULL ? g_mapped_file_get_bytes(map) : NULL;
}

static GBytes *run(const char *path, int in, int out, int seconds, gsize max, GError **error)
{
    pid_t pid;
    int status = 0;
    int failure = spawn(path, in, out, &pid);
    if (failure != 0)
        fault_set(error, FAULT_WORLD, "无法运行 %s：%s", path, g_strerror(failure));
    else if (!wait_for(pid, seconds, &status))
        fault_set(error, FAULT_WORLD, "%s 运行超过 %d 秒，已停止", path, seconds);
    else if (WIFSIGNALED(status))
        fault_set(error, FAULT_WORLD, "%s 异常结束（信号 %d）", path, WTERMSIG(status));
    else if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        fault_set(error, FAULT_WORLD, "%s 没有完成（退出码 %d）", path, WEXITSTATUS(status));
    else
        return collect(out, path, max, error);
    return NULL;
}

GBytes *program_run(const char *name, GBytes *input, int seconds, gsize max, GError **error)
{
    GBytes *output = NULL;
    g_autofree char *path = program_path(name);
    int in = memory_file("lianluo-in", input);
    int out = in >= 0 ? memory_file("lianluo-out", NULL) : -1;
    if (out < 0)
        fault_set(error, FAULT_WORLD, "内存不足，无法运行 %s：%s", path, g_strerror(errno));
    else
        output = run(path, in, out, seconds, max, error);
    if (in >= 0)
        close(in);
    if (out >= 0)
        close(out);
    return output;
}
