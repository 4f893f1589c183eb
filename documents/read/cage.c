/* The cage: what lianluo-read needs is opened first; then limits; then a list of the few system
 * calls that parsing takes. Opening a file fails softly, since libraries try to now and then and do
 * without; a socket, a new process or anything else unknown ends the process at once. */
#include "documents/read/read.h"

#include "mail/mail.h"
#include <errno.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

enum { MEMORY = 512 * 1024 * 1024, SECONDS = 20 };

/* glibc loads a charset's module when it is first opened, and keeps it while it is. */
static const char *const charsets[] = {
    "UTF-8",      "GB18030",      "BIG5",        "BIG5-HKSCS", "UTF-16",   "UTF-16LE", "UTF-7",
    "ISO-8859-1", "WINDOWS-1252", "ISO-2022-CN", "SHIFT_JIS",  "UTF-16BE", "EUC-KR",   "EUC-TW",
};

static void limit(int resource, rlim_t most)
{
    struct rlimit value = { most, most };
    if (setrlimit(resource, &value) != 0)
        g_error("setrlimit: %s", g_strerror(errno));
}

static void allow(scmp_filter_ctx filter, uint32_t action, const int *calls, gsize n)
{
    for (gsize i = 0; i < n; i++)
        if (seccomp_rule_add(filter, action, calls[i], 0) != 0)
            g_error("seccomp: rule %d", calls[i]);
}

static void load(scmp_filter_ctx filter)
{
    if (filter == NULL || seccomp_load(filter) != 0)
        g_error("seccomp: this kernel cannot confine a process");
    seccomp_release(filter);
}

static void shut(void)
{
    static const int needed[] = {
        SCMP_SYS(read),
        SCMP_SYS(pread64),
        SCMP_SYS(write),
        SCMP_SYS(writev),
        SCMP_SYS(lseek),
        SCMP_SYS(close),
        SCMP_SYS(fstat),
        SCMP_SYS(mmap),
        SCMP_SYS(munmap),
        SCMP_SYS(mremap),
        SCMP_SYS(mprotect),
        SCMP_SYS(brk),
        SCMP_SYS(madvise),
        SCMP_SYS(futex),
        SCMP_SYS(exit),
        SCMP_SYS(exit_group),
        SCMP_SYS(rt_sigaction),
        SCMP_SYS(rt_sigprocmask),
        SCMP_SYS(rt_sigreturn),
        SCMP_SYS(sigaltstack),
        SCMP_SYS(clock_gettime),
        SCMP_SYS(gettimeofday),
        SCMP_SYS(time),
        SCMP_SYS(getrandom),
        SCMP_SYS(getpid),
        SCMP_SYS(gettid),
        SCMP_SYS(tgkill),
        SCMP_SYS(sched_yield),
        SCMP_SYS(getrlimit),
        SCMP_SYS(sched_getaffinity),
        SCMP_SYS(restart_syscall),
    };
    static const int missed[] = {
        SCMP_SYS(open),       SCMP_SYS(openat), SCMP_SYS(openat2),   SCMP_SYS(stat),
        SCMP_SYS(lstat),      SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(readlink),
        SCMP_SYS(readlinkat), SCMP_SYS(statx),  SCMP_SYS(ioctl),     SCMP_SYS(fcntl),
        SCMP_SYS(uname),      SCMP_SYS(getcwd), SCMP_SYS(prlimit64), SCMP_SYS(newfstatat),
    };
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    allow(filter, SCMP_ACT_ALLOW, needed, G_N_ELEMENTS(needed));
    allow(filter, SCMP_ACT_ERRNO(EPERM), missed, G_N_ELEMENTS(missed) - 1);
    /* fstat() is newfstatat() of a descriptor with an empty path. */
    seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(newfstatat), 1, SCMP_A3(SCMP_CMP_EQ, 0x1000));
    seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(newfstatat), 1,
                     SCMP_A3(SCMP_CMP_NE, 0x1000));
    load(filter);
}

/* What Office and WPS save begins with its table of contents, and is XML, in UTF-8. */
static gboolean is_office(const char *bytes, gsize n)
{
    static const char first[] = "[Content_Types].xml";
    return n > 30 + sizeof first && memcmp(bytes, "PK\003\004", 4) == 0 &&
           memcmp(bytes + 30, first, sizeof first - 1) == 0;
}

void cage_enter(const void *bytes, gsize n)
{
    paper_init();
    for (gsize i = 0; i < G_N_ELEMENTS(charsets) && !is_office(bytes, n); i++)
        g_free(charset_text(charsets[i], "a", 1));
    g_date_time_unref(g_date_time_new_now_local());
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_CPU, SECONDS);
    alarm(SECONDS);
    limit(RLIMIT_NOFILE, 16);
    limit(RLIMIT_FSIZE, MAX_UNPACKED); /* what lies inside and goes out to converters */
    if (!SANITIZED)
        limit(RLIMIT_AS, MEMORY);
    prctl(PR_SET_DUMPABLE, 0);
    shut();
}

void cage_converter(gsize memory, guint seconds)
{
    static const int forbidden[] = {
        SCMP_SYS(connect), SCMP_SYS(ptrace),  SCMP_SYS(sendmmsg),         SCMP_SYS(mount),
        SCMP_SYS(bpf),     SCMP_SYS(keyctl),  SCMP_SYS(process_vm_readv), SCMP_SYS(unshare),
        SCMP_SYS(sendto),  SCMP_SYS(sendmsg), SCMP_SYS(io_uring_setup),   SCMP_SYS(setsid),
        SCMP_SYS(setpgid), /* its group is what is killed */
    };
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_CPU, seconds);
    limit(RLIMIT_FSIZE, 4 * (rlim_t)MAX_OUTPUT);
    limit(RLIMIT_AS, memory);
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    allow(filter, SCMP_ACT_ERRNO(EACCES), forbidden, G_N_ELEMENTS(forbidden));
    /* LibreOffice insists on listening to others of its kind, on a socket that is a file. */
    seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(socket), 1,
                     SCMP_A0(SCMP_CMP_NE, AF_UNIX));
    load(filter);
}
