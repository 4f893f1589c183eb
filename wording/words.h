/* Small questions about a text. What is returned as char * the caller frees. */
#ifndef WORDING_WORDS_H
#define WORDING_WORDS_H

#include <glib.h>

/* Without blanks (ideographic and zero-width too) around it. */
char *words_trim(const char *text);
/* Behind the leading characters that are in set. */
const char *words_skip(const char *text, const char *set);
/* Without the trailing characters that are in set. */
char *words_chop(const char *text, const char *set);
gboolean words_has_any(const char *text, const char *set);
/* Its last character is in set. */
gboolean words_ends(const char *text, const char *set);
/* It ends with one of them. */
gboolean words_ends_with(const char *text, const char *const *ends);
/* A title without 《》 around it and （征求意见稿） behind it. */
char *words_bare_title(const char *title);
/* The title that a file's name stands for: without folder, extension, 附件1： or 1- in front. */
char *words_file_title(const char *name);

/* What two texts are compared by: no white space, full-width letters and marks as ASCII. */
char *words_key(const char *text);
/* The first of words in text, or NULL; *word (may be NULL) says which. */
const char *words_find(const char *text, const char *const *words, const char **word);

#endif
