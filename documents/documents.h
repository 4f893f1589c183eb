/* documents: what a file says, and the tables and letters we write. The hostile work is done by two
 * programs of their own, which keep libarchive, libxml2 and libxlsxwriter out of the daemon:
 * lianluo-read (documents/read/) turns bytes into JSON, in a cage; lianluo-write (documents/write/)
 * turns JSON into a file. What stands here starts them. */
#ifndef DOCUMENTS_H
#define DOCUMENTS_H

#include <glib.h>
#include <jansson.h>

/* ---- writing: lianluo-write makes a file of
 *   {"format": "docx", "title": text, "landscape": bool, "properties": {name: text}, "blocks": […]}
 * where title and properties are the file's own (docProps), found again by whoever reads it, and a
 * block is one of
 *   {"title": text}                  centred, as over a letter
 *   {"heading": text, "level": 1}    1 黑体, 2 楷体, 3 仿宋 in bold
 *   {"paragraph": text, "align": "left|center|right|justify", "indent": bool, "bold": bool}
 *                                    indent, by default TRUE unless aligned: two characters
 *   {"table": [[cell, …], …], "widths": [2, 5, …], "header_rows": 1, "borders": bool}
 *                                    widths in any unit; header rows repeat on each page; borders
 *                                    TRUE by default; rows may be shorter than the widest one
 *   {"page_break": true}
 * and a cell a text or {"text": …, "align": …, "bold": bool, "columns": 2, "rows": 3}: how many it
 * spans; the cells below one that spans rows are left out. \n in a text begins a new line. Only
 * what is named is needed; null is as good as nothing.
 * NULL: FAULT_REFUSED a text that is not UTF-8; FAULT_WORLD what program_run says. */
GBytes *document_write(json_t *document, GError **error);

#endif
