/* What the files of wording/ share. */
#ifndef WORDING_PRIVATE_H
#define WORDING_PRIVATE_H

#include "wording/outline.h"

/* ---- words: small questions about a text; what is returned as char * the caller frees */
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

/* ---- outline: how its nodes are called */
/* Cuts sections' names down to the unit: what they all end with is no part of it. */
void outline_name_sections(GPtrArray *nodes);
void outline_label(GPtrArray *nodes);

#endif
