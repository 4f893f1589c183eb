/* Quoted text, compared with what we sent. Nothing outside this folder includes it. */
#ifndef MAIL_QUOTED_H
#define MAIL_QUOTED_H

#include <glib.h>

/* The stretches of a quoted text between the marks; lines in ">" are none. At least one; some may
 * be empty. */
struct quote_part {
    gsize from, to;
};
GArray *quote_parts(const char *text);

/* ---- insert.c: the characters of a text by which two copies of it are compared, each with its
 * place: no blanks, nor what programs put in front of quoted lines. */
struct glyphs {
    gunichar *chars;
    const char **at;
    guint n;
};
struct glyphs glyphs_of(const char *text, gsize n);
void glyphs_clear(struct glyphs *glyphs);

#endif
