/* documents: what a file says, and the tables and letters we write. The hostile work is done by two
 * programs of their own, which keep libarchive, libxml2 and libxlsxwriter out of the daemon:
 * lianluo-read (documents/read/) turns bytes into JSON, in a cage; lianluo-write (documents/write/)
 * turns JSON into a file. What stands here starts them. */
#ifndef DOCUMENTS_H
#define DOCUMENTS_H

#include <glib.h>
#include <jansson.h>

/* ---- reading. The object is that of `lianluo read` (DESIGN §6), every field present:
 * - format: by content; docx doc wps rtf xlsx xls et pdf ofd txt html csv eml zip rar 7z png jpeg
 *   gif bmp tiff webp pptx ooxml ole empty unknown
 * - unreadable: null, or encrypted damaged scanned unsupported too_big; then both texts are null.
 *   Pictures are scanned.
 * - text, original_text: as if every change were accepted, as if every one were rejected.
 *   Paragraphs end in \n and begin with their number as it shows ("第一条 …"); cells of a row are
 *   joined by \t, paragraphs within a cell by \n. Body first, then headers, footers, notes.
 * - revisions: [{kind: insertion|deletion|move, author, date, text, paragraph}]; a move is two,
 * with direction: from|to. White space alone is kept, a mark without text is not.
 * - comments: [{author, date, text, anchor, paragraph, reply_to}]; reply_to is the place of another
 *   one in this list, or null; anchor is "" if it hangs on no text.
 * - tables: [[[cell]]] as they stand now, nested ones before the one around them. A cell that spans
 *   columns or rows has its text in the first place and "" in the others.
 * - sheets: (.xlsx only) the names of the sheets; tables has one for each.
 * - properties: {name: text}, those that a .docx or .xlsx was given beside its text; only where it
 *   has any
 * - members: of an archive or a mail: [{name, … the same object}]
 * - warnings: [{tag, text}]: secret_marking (the line with 秘密, 机密 or 绝密), converted (which
 *   tool read it and what it cannot see), converter, external_reference, image (type and size),
 *   nested, mail, reader */

/* Reads the regular file (or memfd) behind a descriptor, from its beginning; name is a hint, or
 * NULL. A file that kills or hangs its reader is unreadable ("damaged", "too_big"), which is no
 * fault. NULL: FAULT_WORLD, lianluo-read could not be started. A new reference. */
json_t *document_read(int fd, const char *name, GError **error);
json_t *document_of_bytes(GBytes *bytes, const char *name, GError **error);
/* The same object as it is printed: one line of JSON in UTF-8, \n at its end. */
GBytes *document_line(int fd, const char *name, GError **error);
/* An empty file without a name, in memory, to be written and then read. -1: FAULT_WORLD. */
int document_file(GError **error);

/* "encrypted" … of a document; NULL: it was read (or document is NULL). */
const char *document_unreadable(json_t *document);
/* The same in words for the clerk, "有密码，打不开" …; static. */
const char *unreadable_chinese(const char *unreadable);
/* TRUE if it, or something inside it, has a warning with that tag. */
gboolean document_warns(json_t *document, const char *tag);

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
 * or a table that people fill in, on one sheet, every cell a string, its head frozen and filtered:
 *   {"format": "xlsx", "title": text, "summary": text, "landscape": bool, "properties": {…},
 *    "sheet": name, "table": [[text, …], …], "widths": [4, 10, …] (in characters),
 *    "choices": {"column": 7, "values": [text, …]}, "hidden": 10}   columns from 0
 * NULL: FAULT_REFUSED a text that is not UTF-8; FAULT_WORLD what program_run says. */
GBytes *document_write(json_t *document, GError **error);

#endif
