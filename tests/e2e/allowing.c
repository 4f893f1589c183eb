/* allowing FILE PROGRAM…: runs a program that may make only the system calls named in FILE, as
 * under a service's SystemCallFilter=; another one is EPERM. Memory that is both written and run is
 * refused, as by MemoryDenyWriteExecute=. */
#include <errno.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static int allow(scmp_filter_ctx filter, const char *name)
{
    const scmp_datum_t both = PROT_EXEC | PROT_WRITE;
    int number = seccomp_syscall_resolve_name(name);
    if (number == __NR_SCMP_ERROR) /* of another machine */
        return 0;
    if (strcmp(name, "mprotect") == 0)
        return seccomp_rule_add(filter, SCMP_ACT_ALLOW, number, 1,
                                SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    if (strcmp(name, "mmap") != 0)
        return seccomp_rule_add(filter, SCMP_ACT_ALLOW, number, 0);
    for (scmp_datum_t some = 0; some < both; some++)
        seccomp_rule_add(filter, SCMP_ACT_ALLOW, number, 1,
                         SCMP_A2(SCMP_CMP_MASKED_EQ, both, some & both));
    return 0;
}

int main(int argc, char **argv)
{
    char line[128];
    FILE *names = argc > 2 ? fopen(argv[1], "r") : NULL;
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    if (names == NULL || filter == NULL)
        return 1;
    while (fgets(line, sizeof line, names) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        if (allow(filter, line) < 0)
            return 1;
    }
    fclose(names);
    if (seccomp_load(filter) != 0)
        return 1;
    execv(argv[2], argv + 2);
    perror(argv[2]);
    return 1;
}
