/* The cage forbids what it must: each deed is tried by a child inside it. */
#include "documents/read/read.h"
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static void do_socket(void)
{
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    _exit(fd >= 0 ? 1 : 2);
}

static void do_fork(void)
{
    _exit(fork() >= 0 ? 1 : 2);
}

static void do_exec(void)
{
    execl("/bin/true", "true", (char *)NULL);
    _exit(1);
}

static void do_kill(void)
{
    _exit(kill(getppid(), 0) == 0 ? 1 : 2);
}

/* Fails softly: libraries try now and then. */
static void do_open(void)
{
    int read_one = open("/etc/passwd", O_RDONLY);
    int write_one = open("caged", O_WRONLY | O_CREAT, 0600);
    _exit(read_one < 0 && write_one < 0 && errno == EPERM ? 0 : 1);
}

static int status_in_cage(void (*deed)(void))
{
    int status;
    pid_t pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        cage_enter("", 0);
        deed();
        _exit(1);
    }
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    return status;
}

START_TEST(sockets_processes_and_signals_end_the_reader_at_once)
{
    static void (*const deeds[])(void) = { do_socket, do_fork, do_exec, do_kill };
    for (gsize i = 0; i < G_N_ELEMENTS(deeds); i++) {
        int status = status_in_cage(deeds[i]);
        ck_assert_msg(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS, "deed %zu: status %x", i,
                      (unsigned)status);
    }
}
END_TEST

static int memory_file;

static void write_much(void)
{
    static char some[1024 * 1024];
    for (int i = 0; i < 2048; i++)
        if (!write_all(memory_file, some, sizeof some))
            _exit(1);
    _exit(2);
}

START_TEST(a_reader_that_writes_without_end_is_stopped)
{
    struct stat about;
    memory_file = memfd_create("test", MFD_CLOEXEC);
    int status = status_in_cage(write_much);
    ck_assert_msg(WIFSIGNALED(status) && WTERMSIG(status) == SIGXFSZ, "status %x",
                  (unsigned)status);
    ck_assert(fstat(memory_file, &about) == 0 && about.st_size <= MAX_UNPACKED);
    close(memory_file);
}
END_TEST

START_TEST(no_file_can_be_opened)
{
    int status = status_in_cage(do_open);
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}
END_TEST

START_TEST(charsets_that_were_opened_first_still_decode)
{
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    pid_t pid = fork();
    if (pid == 0) {
        cage_enter("", 0);
        json_t *json = paper_read("a.txt", "\xCE\xDE\xD2\xE2\xBC\xFB", 6, -1);
        const char *text = json_string_value(json_object_get(json, "text"));
        _exit(write_all(ends[1], text, strlen(text)) ? 0 : 1);
    }
    char text[32] = "";
    close(ends[1]);
    ck_assert_int_gt(read(ends[0], text, sizeof text - 1), 0);
    ck_assert_str_eq(text, "无意见\n");
    close(ends[0]);
    waitpid(pid, NULL, 0);
}
END_TEST

static gboolean is_refused(int family)
{
    int fd = socket(family, SOCK_STREAM, 0);
    if (fd >= 0)
        close(fd);
    return fd < 0 && errno == EACCES;
}

/* 0: every way out is shut, and what a converter needs is not. */
static int ways_out(void)
{
    struct sockaddr_un there = { .sun_family = AF_UNIX, .sun_path = "/run/anything" };
    struct sockaddr_in host = { .sin_family = AF_INET, .sin_port = 80 };
    static const int families[] = { AF_INET, AF_INET6, AF_NETLINK, AF_PACKET };
    for (gsize i = 0; i < G_N_ELEMENTS(families); i++)
        if (!is_refused(families[i]))
            return 1;
    int file = socket(AF_UNIX, SOCK_STREAM, 0);
    if (file < 0 || connect(file, (struct sockaddr *)&there, sizeof there) == 0 || errno != EACCES)
        return 2;
    if (sendto(file, "x", 1, 0, (struct sockaddr *)&host, sizeof host) >= 0 || errno != EACCES)
        return 3;
    if (ptrace(PTRACE_ATTACH, getppid(), NULL, NULL) == 0 || errno != EACCES)
        return 4;
    pid_t child = fork();
    if (child == 0)
        _exit(is_refused(AF_INET) && setsid() < 0 && setpgid(0, 0) < 0 ? 0 : 1);
    int status;
    return child > 0 && waitpid(child, &status, 0) == child && status == 0 ? 0 : 5;
}

START_TEST(a_converter_and_its_children_reach_no_network_and_leave_no_group)
{
    int status;
    pid_t pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        cage_converter(G_MAXSIZE, 5);
        _exit(ways_out());
    }
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_msg(status == 0, "status %x", (unsigned)status);
}
END_TEST

static void burn(void)
{
    for (volatile guint i = 0;; i++)
        ;
}

START_TEST(a_converter_that_runs_on_is_stopped)
{
    int status;
    pid_t pid = fork();
    if (pid == 0) {
        cage_converter(G_MAXSIZE, 1);
        burn();
    }
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert(WIFSIGNALED(status) && (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL));
}
END_TEST

TEST_MAIN("documents/cage", a_converter_and_its_children_reach_no_network_and_leave_no_group,
          a_converter_that_runs_on_is_stopped, a_reader_that_writes_without_end_is_stopped,
          sockets_processes_and_signals_end_the_reader_at_once, no_file_can_be_opened,
          charsets_that_were_opened_first_still_decode)
