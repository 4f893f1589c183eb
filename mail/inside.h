/* What Outlook packs into one file: winmail.dat and its RTF. Nothing outside this folder includes
 * it. */
#ifndef MAIL_INSIDE_H
#define MAIL_INSIDE_H

#include <glib.h>

/* ---- tnef.c: what a winmail.dat holds */
struct inside {
    char *name, *type; /* or NULL */
    gboolean is_body;  /* text, HTML or RTF */
    GBytes *bytes;     /* NULL: it is only named */
};
GPtrArray *tnef_read(GBytes *whole); /* struct inside, bodies first; keeps whole alive */
void inside_free(struct inside *inside);

/* ---- rtf.c: the RTF that a winmail.dat holds, expanded; NULL: it is none */
GBytes *rtf_expand(const guint8 *bytes, gsize n);

#endif
