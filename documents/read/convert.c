/* The narrower launcher: this process gets its limits, loses the network for good and becomes a
 * converter that reads the file on descriptor 0 and writes to 1 (soffice: into a folder). */
#include "documents/read/read.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { MB = 1024 * 1024, MAX_ARGUMENTS = 10 };

/* /dev/stdin opens the very file again, which not every tool would take from a pipe. */
static const struct tool {
    const char *name, *path;
    guint megabytes, seconds;
    const char *arguments[MAX_ARGUMENTS];
} tools[] = {
    { "pdftotext",
      "/usr/bin/pdftotext",
      512,
      20,
      { "-q", "-layout", "-enc", "UTF-8", "/dev/stdin", "-" } },
    { "catdoc", "/usr/bin/catdoc", 256, 20, { "-w", "-d", "utf-8", "/dev/stdin" } },
    { "antiword", "/usr/bin/antiword", 256, 20, { "-w", "0", "-m", "UTF-8", "/dev/stdin" } },
    { "xls2csv", "/usr/bin/xls2csv", 256, 20, { "-x", "-q3", "-d", "utf-8", "/dev/stdin" } },
    { "soffice",
      "/usr/lib/libreoffice/program/soffice.bin",
      2048,
      60,
      { "--headless", "--norestore", "--convert-to", "docx", "--outdir", ".", "in" } },
    { "soffice-sheet",
      "/usr/lib/libreoffice/program/soffice.bin",
      2048,
      60,
      { "--headless", "--norestore", "--convert-to", "xlsx", "--outdir", ".", "in" } },
};

int convert(const char *name, const char *folder)
{
    for (gsize i = 0; i < G_N_ELEMENTS(tools); i++) {
        const struct tool *tool = &tools[i];
        if (strcmp(tool->name, name) != 0)
            continue;
        g_autofree char *profile =
            g_strdup_printf("-env:UserInstallation=file://%s/profile", folder);
        const char *argv[MAX_ARGUMENTS + 3] = { tool->path };
        memcpy(argv + 1, tool->arguments, sizeof tool->arguments);
        if (g_str_has_prefix(name, "soffice"))
            argv[1 + g_strv_length((char **)tool->arguments)] = profile;
        if (chdir(folder) != 0)
            return FAULT_WORLD;
        const char *environment[] = { "PATH=/usr/bin:/bin", "HOME=.", "LANG=C.UTF-8", NULL };
        cage_converter((gsize)tool->megabytes * MB, tool->seconds);
        execve(tool->path, (char **)argv, (char **)environment);
        return FAULT_WORLD;
    }
    return FAULT_REFUSED;
}
