/* One-time codes, of 30 letters and digits that nobody takes for one another. */
#ifndef BASE_ONETIME_H
#define BASE_ONETIME_H

#include <glib.h>

enum { ONETIME_LENGTH = 8 };
/* So many of them from the kernel's randomness; the caller frees. */
char *onetime_random(gsize length);
/* The code that a person typed (any case and width, blanks inside), NULL if it is none; the caller
 * frees. */
char *onetime_read(const char *text);
/* The same of a text that begins with a code; *rest is what follows it. */
char *onetime_begin(const char *text, const char **rest);
/* A text that is kept or shown, with "［确认码］" for what may be a code; the caller frees. */
char *onetime_masked(const char *text);
/* What is kept of a code; the caller frees. */
char *onetime_hash(const char *code, const char *salt);
/* Compares two hashes in a time that does not tell where they differ. */
gboolean onetime_same(const char *a, const char *b);

#endif
