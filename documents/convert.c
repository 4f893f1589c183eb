/* Old and foreign formats: a converter of the system makes text of them, in a process of its own
 * that lianluo-read confines before it becomes the converter. */
#include "documents/private.h"

#include <fcntl.h>
#include <ftw.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* In the order of what they can see. */
static const struct converter {
    const char *kind, *tool, *path;
    const char *as;   /* what lianluo-read calls this use of it */
    const char *into; /* the file that it makes in its folder; NULL: it writes to its output */
    int seconds;
} converters[] = {
    { "word", "soffice", "/usr/lib/libreoffice/program/soffice.bin", "soffice", "in.docx", 60 },
    { "word", "catdoc", "/usr/bin/catdoc", "catdoc", NULL, 20 },
    { "word", "antiword", "/usr/bin/antiword", "antiword", NULL, 20 },
    { "sheet", "soffice", "/usr/lib/libreoffice/program/soffice.bin", "soffice-sheet", "in.xlsx",
      60 },
    { "sheet", "xls2csv", "/usr/bin/xls2csv", "xls2csv", NULL, 20 },
    { "pdf", "pdftotext", "/usr/bin/pdftotext", "pdftotext", NULL, 20 },
};

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *where)
{
    return remove(path);
}

static gboolean copy_to(int fd, const char *path)
{
    struct stat about;
    off_t at = 0;
    int out = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    gboolean ok = out >= 0 && fstat(fd, &about) == 0;
    while (ok && at < about.st_size)
        ok = sendfile(out, fd, &at, (gsize)(about.st_size - at)) > 0;
    if (out >= 0)
        close(out);
    return ok;
}

/* LibreOffice, having made its profile, wants to be started anew and says so. */
enum { START_AGAIN = 81 };

/* 0: none are left. */
static int seconds_until(gint64 until)
{
    return (int)MAX((until - g_get_monotonic_time() + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC, 0);
}

/* Each start has so many seconds, but none beyond until. */
static gboolean run_program(struct program *program, int seconds, gint64 until, GError **error)
{
    int status = 0;
    for (int i = 0; i < 2; i++) {
        program->seconds = MIN(seconds, seconds_until(until));
        if (program->seconds == 0 || !program_wait(program, &status, error))
            return FALSE;
        if (!WIFEXITED(status) || WEXITSTATUS(status) != START_AGAIN)
            break;
    }
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* -1: it failed, or made nothing. */
static int run(gsize i, int fd, const char *folder, gint64 until, GError **error)
{
    const char *arguments[] = { "--convert", converters[i].as, folder, NULL };
    g_autofree char *in = g_build_filename(folder, "in", NULL);
    struct stat about;
    int out = program_file(NULL, error);
    struct program program = {
        .name = "read", .arguments = arguments, .in = fd, .out = out, .quiet = TRUE
    };
    if (out < 0)
        return -1;
    gboolean ok = (converters[i].into == NULL || copy_to(fd, in)) &&
                  run_program(&program, converters[i].seconds, until, error);
    if (ok && converters[i].into != NULL) {
        g_autofree char *made = g_build_filename(folder, converters[i].into, NULL);
        close(out);
        out = open(made, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        ok = out >= 0 && fstat(out, &about) == 0 && S_ISREG(about.st_mode);
    }
    if (ok)
        return out;
    if (out >= 0)
        close(out);
    return -1;
}

int convert_file(int fd, const char *kind, gint64 until, const char **tool, GError **error)
{
    *tool = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(converters); i++) {
        if (strcmp(converters[i].kind, kind) != 0 || access(converters[i].path, X_OK) != 0)
            continue;
        g_autofree char *folder = g_dir_make_tmp("lianluo-XXXXXX", error);
        if (folder == NULL)
            return -1;
        *tool = converters[i].tool;
        int out = run(i, fd, folder, until, error);
        nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
        if (out >= 0 || (error != NULL && *error != NULL))
            return out;
    }
    return -1;
}
