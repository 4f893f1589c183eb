/* wrap: lines that a program cut. */
#ifndef WORDING_WRAP_H
#define WORDING_WRAP_H

#include <glib.h>

/* The text with the lines joined again that were cut because the page or the window ended there (a
 * PDF, a mail), across pages too; the numbers of pages between them go. The caller frees. */
char *lines_rejoined(const char *text);
/* — 3 —, 第3页, 3/12 */
gboolean line_is_page_number(const char *line);

#endif
