/* lianluo-write: JSON on fd 0 becomes a file on fd 1. One file per format; documents.h says what
 * the JSON holds. Only the program itself links what is behind this. */
#ifndef DOCUMENTS_WRITE_H
#define DOCUMENTS_WRITE_H

#include <glib.h>
#include <jansson.h>

/* Each makes the bytes of a file; NULL with *error if the JSON is not what documents.h says. */
GBytes *docx_write(json_t *document, GError **error);
GBytes *xlsx_write(json_t *document, GError **error);

/* ---- zip, as Office files use it: the same members give the same bytes */
struct zip;
struct zip *zip_new(void);
void zip_add(struct zip *zip, const char *name, const char *text);
/* Ends and frees it. NULL: libarchive failed, which *error explains. */
GBytes *zip_end(struct zip *zip, GError **error);

/* Appends text with what XML gives a meaning escaped and what it forbids left out. */
void xml_text(GString *out, const char *text);

#endif
