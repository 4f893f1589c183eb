/* What the files of documents/ share. Nothing outside this folder includes it. */
#ifndef DOCUMENTS_PRIVATE_H
#define DOCUMENTS_PRIVATE_H

#include "base/base.h"
#include "documents/documents.h"

/* ---- program.c: our helper programs, found beside the running one, where LIANLUO_LIBEXEC says, or
 * where packages put them. Each gets nothing of our environment, no descriptor but these, and a
 * group of its own, which is killed after so many seconds and at its end. May be called from any
 * thread. */
struct program {
    const char *name;             /* "read": lianluo-read */
    const char *const *arguments; /* NULL-terminated, without the name; or NULL */
    int in, out;                  /* its descriptors 0 and 1 */
    int third;                    /* its descriptor 3; 0: it has none */
    int seconds;
    gboolean quiet; /* its standard error is nobody's, else ours */
};
/* *status is what waitpid says. FALSE: FAULT_WORLD, it could not be started. */
gboolean program_wait(const struct program *program, int *status, GError **error);
/* Runs it with input on its fd 0 and returns what it wrote to its fd 1. NULL, FAULT_WORLD: it is
 * not there, cannot be started, ended badly, ran over so many seconds or wrote more than max bytes.
 */
GBytes *program_run(const char *name, GBytes *input, int seconds, gsize max, GError **error);
/* A file without a name, in memory, that holds bytes (NULL: nothing) and is at its beginning. -1:
 * FAULT_WORLD. */
int program_file(GBytes *bytes, GError **error);

/* ---- convert.c */
/* Makes text ("word": perhaps a .docx) of a file by the first tool that is there for the kind
 * "word", "sheet" or "pdf", until a monotonic time, when a tool at work is killed. Returns a
 * descriptor of the result and says in *tool what made it; -1: there is no such tool (*tool NULL),
 * it failed, or the time is over. */
int convert_file(int fd, const char *kind, gint64 until, const char **tool, GError **error);

/* ---- read.c */
/* document_line, whose converters have so many seconds together. */
GBytes *document_line_within(int fd, const char *name, int seconds, GError **error);

#endif
