/* The programs that do what the daemon must not: started, fed, waited for. */
#include "documents/private.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define INSTALLED "/usr/libexec/lianluo"

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

int program_file(GBytes *bytes, GError **error)
{
    gsize n = 0;
    const void *data = bytes != NULL ? g_bytes_get_data(bytes, &n) : NULL;
    int fd = memfd_create("lianluo", MFD_CLOEXEC);
    if (fd >= 0 && (n == 0 || (write_all(fd, data, n) && lseek(fd, 0, SEEK_SET) == 0)))
        return fd;
    fault_set(error, FAULT_WORLD, "内存中建不了临时文件：%s", g_strerror(errno));
    if (fd >= 0)
        close(fd);
    return -1;
}

/* No signal stays blocked or ignored that we block or ignore for ourselves. */
static void set_attributes(posix_spawnattr_t *attributes)
{
    sigset_t none, usual;
    sigemptyset(&none);
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE);
    posix_spawnattr_init(attributes);
    posix_spawnattr_setpgroup(attributes, 0);
    posix_spawnattr_setsigmask(attributes, &none);
    posix_spawnattr_setsigdefault(attributes, &usual);
    posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
                                             POSIX_SPAWN_SETSIGDEF);
}

/* They live for one file, some of them large: memory that was freed is kept for the next string,
 * and comes in large pages where the system has them. Half of their page faults were for nothing.
 */
#define MEMORY \
    "GLIBC_TUNABLES=glibc.malloc.hugetlb=1:glibc.malloc.top_pad=33554432:" \
    "glibc.malloc.mmap_threshold=33554432:glibc.malloc.trim_threshold=134217728"

/* 0, or an errno. */
static int spawn(const struct program *program, const char *path, pid_t *pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    char memory[] = MEMORY, *environment[] = { memory, NULL };
    g_autoptr(GPtrArray) argv = g_ptr_array_new();
    g_ptr_array_add(argv, (char *)path);
    for (gsize i = 0; program->arguments != NULL && program->arguments[i] != NULL; i++)
        g_ptr_array_add(argv, (char *)program->arguments[i]);
    g_ptr_array_add(argv, NULL);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, program->in, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, program->out, STDOUT_FILENO);
    if (program->quiet)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    if (program->third > 0)
        posix_spawn_file_actions_adddup2(&actions, program->third, STDERR_FILENO + 1);
    posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + (program->third > 0) + 1);
    set_attributes(&attributes);
    int failure = posix_spawn(pid, path, &actions, &attributes, (char **)argv->pdata, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return failure;
}

/* Its end, or the end of its time; then of whatever it left behind. */
static int wait_for(pid_t pid, int seconds)
{
    int status = 0;
    struct pollfd ended = { .fd = pidfd_open(pid, 0), .events = POLLIN };
    gint64 end = g_get_monotonic_time() + (gint64)seconds * G_USEC_PER_SEC;
    int ready = -1;
    do {
        gint64 left = (end - g_get_monotonic_time()) / 1000;
        ready = poll(&ended, 1, (int)MAX(left, 0));
    } while (ready < 0 && errno == EINTR);
    kill(-pid, SIGKILL);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (ended.fd >= 0)
        close(ended.fd);
    return status;
}

gboolean program_wait(const struct program *program, int *status, GError **error)
{
    g_autofree char *path = program_path(program->name);
    pid_t pid;
    int failure = spawn(program, path, &pid);
    if (failure != 0)
        return fault_set(error, FAULT_WORLD, "无法运行 %s：%s", path, g_strerror(failure));
    *status = wait_for(pid, program->seconds);
    return TRUE;
}

static GBytes *collect(int fd, const char *name, gsize max, GError **error)
{
    struct stat is;
    if (fstat(fd, &is) < 0 || (gsize)is.st_size > max) {
        fault_set(error, FAULT_WORLD, "lianluo-%s 写出的内容太大", name);
        return NULL;
    }
    g_autoptr(GMappedFile) map = g_mapped_file_new_from_fd(fd, FALSE, error);
    return map != NULL ? g_mapped_file_get_bytes(map) : NULL;
}

static GBytes *run(const struct program *program, gsize max, GError **error)
{
    const char *name = program->name;
    int status = 0;
    if (!program_wait(program, &status, error))
        return NULL;
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
        fault_set(error, FAULT_WORLD, "lianluo-%s 运行超过 %d 秒，已停止", name, program->seconds);
    else if (WIFSIGNALED(status))
        fault_set(error, FAULT_WORLD, "lianluo-%s 异常结束（信号 %d）", name, WTERMSIG(status));
    else if (WEXITSTATUS(status) != 0)
        fault_set(error, FAULT_WORLD, "lianluo-%s 没有完成（退出码 %d）", name,
                  WEXITSTATUS(status));
    else
        return collect(program->out, name, max, error);
    return NULL;
}

GBytes *program_run(const char *name, GBytes *input, int seconds, gsize max, GError **error)
{
    GBytes *output = NULL;
    int in = program_file(input, error);
    int out = in >= 0 ? program_file(NULL, error) : -1;
    if (out >= 0)
        output = run(&(struct program){ .name = name, .in = in, .out = out, .seconds = seconds },
                     max, error);
    if (in >= 0)
        close(in);
    if (out >= 0)
        close(out);
    return output;
}
