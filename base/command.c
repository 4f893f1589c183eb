/* A shell command whose output we want, for ten seconds at most. */
#include "base/private.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define LIMIT_MS 10000
/* How soon the end of a child is noticed whose own children keep the pipe open. */
#define STEP_MS 50

extern char **environ;

/* A group of its own, so that a command out of time dies with all its children; no signal stays
 * blocked that the daemon blocks for itself. */
static int spawn_in_group(const char *command, posix_spawn_file_actions_t *actions, pid_t *pid)
{
    posix_spawnattr_t attributes;
    sigset_t none, usual;
    sigemptyset(&none);
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &usual);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
                                              POSIX_SPAWN_SETSIGDEF);
    char *argv[] = { (char *)"sh", (char *)"-c", (char *)command, NULL };
    int failure = posix_spawn(pid, "/bin/sh", actions, &attributes, argv, environ);
    posix_spawnattr_destroy(&attributes);
    return failure;
}

/* Its standard output is returned as *out; 0, or an errno. */
static int start(const char *command, pid_t *pid, int *out)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0)
        return errno;
    /* Our end alone: many a command takes a stdout that would block for a broken one. */
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    int failure = spawn_in_group(command, &actions, pid);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    if (failure != 0)
        close(ends[0]);
    else
        *out = ends[0];
    return failure;
}

/* One read: keeps what fits, drops the rest. FALSE: nothing more is there, or ever will be, which
 * *open tells. */
static gboolean take(int fd, char *buffer, gsize size, gsize *n, gboolean *open)
{
    char waste[4096];
    gboolean room = *n < size;
    ssize_t got = room ? read(fd, buffer + *n, size - *n) : read(fd, waste, sizeof waste);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return FALSE;
    if (!room)
        explicit_bzero(waste, sizeof waste);
    else if (got > 0)
        *n += (gsize)got;
    *open = got > 0;
    return *open;
}

enum child { CHILD_RUNS, CHILD_ENDED, CHILD_FAILED };

static enum child look(pid_t pid)
{
    int status;
    pid_t got = waitpid(pid, &status, WNOHANG);
    if (got == 0 || (got < 0 && errno == EINTR))
        return CHILD_RUNS;
    return got == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0 ? CHILD_ENDED : CHILD_FAILED;
}

static enum child follow(pid_t pid, int out, char *buffer, gsize size, gsize *n)
{
    gint64 end = g_get_monotonic_time() + LIMIT_MS * 1000;
    gboolean open = TRUE;
    enum child child = CHILD_RUNS;
    while (child == CHILD_RUNS && g_get_monotonic_time() < end) {
        struct pollfd ready = { .fd = open ? out : -1, .events = POLLIN };
        poll(&ready, 1, open ? STEP_MS : 2);
        child = look(pid);
        if (open)
            take(out, buffer, size, n, &open);
    }
    /* What it wrote last is still in the pipe; a child of its own may go on writing for ever. */
    while (child == CHILD_ENDED && open && *n < size && take(out, buffer, size, n, &open))
        ;
    return child;
}

gboolean command_output(const char *command, char *buffer, gsize size, gsize *n, GError **error)
{
    pid_t pid = -1;
    int out = -1;
    *n = 0;
    int failure = start(command, &pid, &out);
    if (failure != 0)
        return fault_set(error, FAULT_WORLD, "无法运行取密码的命令：%s", g_strerror(failure));
    enum child child = follow(pid, out, buffer, size, n);
    close(out);
    if (child == CHILD_RUNS) {
        kill(-pid, SIGKILL);
        while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
            ;
        return fault_set(error, FAULT_WORLD,
                         "取密码的命令 10 秒内没有结束，请检查它是否在等待输入");
    }
    if (child == CHILD_FAILED)
        return fault_set(error, FAULT_WORLD,
                         "取密码的命令执行失败，请用运行本程序的账号在终端中试运行它");
    return TRUE;
}
