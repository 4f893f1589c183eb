/* What the files of documents/ share. Nothing outside this folder includes it. */
#ifndef DOCUMENTS_PRIVATE_H
#define DOCUMENTS_PRIVATE_H

#include "documents/documents.h"

/* Runs lianluo-NAME with input on its fd 0 and returns what it wrote to its fd 1; its standard
 * error is ours. It is looked for beside the running program, then where packages put it. May be
 * called from any thread. NULL, FAULT_WORLD: it is not there, cannot be started, ended badly, ran
 * over so many seconds (then it was killed) or wrote more than max bytes. */
GBytes *program_run(const char *name, GBytes *input, int seconds, gsize max, GError **error);

#endif
