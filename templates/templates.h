/* templates: Mustache (the public specification's required parts: interpolation, sections, inverted
 * sections, partials with indentation, comments, set delimiters) over json_t, and what text must
 * become for the place it goes to. */
#ifndef TEMPLATES_H
#define TEMPLATES_H

#include <glib.h>
#include <jansson.h>

enum escape {
    ESCAPE_HTML,  /* & < > " ' */
    ESCAPE_NONE,  /* plain text */
    ESCAPE_WECOM, /* what WeCom's markdown would read as markup becomes its full-width twin */
};
/* By the name: *.txt.mustache none, *.wecom.mustache WeCom, all else HTML. */
enum escape escape_for(const char *template_name);

/* Where partials come from: the text of a partial, or NULL if there is none (renders nothing). The
 * caller of the callback frees. */
typedef char *partial_cb(void *context, const char *name);

/* Renders a template. Data is any JSON value; numbers print as in JSON, without a trailing ".0"
 * where they are whole; true/false as words; null and missing as nothing; objects and lists as
 * compact JSON. As in the specification only false, null, a missing name and [] are falsey: 0 and
 * "" are values, so data that means "there is none" must be null.
 * NULL with FAULT_REFUSED: an unclosed or mismatched section or tag, a name that is empty or holds
 * blanks (line and name are told), partials nested over 100 deep (a loop), everything together
 * nested over 1000 deep, more than ten million steps, output above 16 MiB. The caller frees. */
char *template_render(const char *text, enum escape escape, const json_t *data, partial_cb *partial,
                      void *context, GError **error);

/* Renders the named template file, "notice.txt.mustache": from override_dir if it holds one (the
 * office's own texts; may be NULL), else from the built-in set of templates/zh, which is compiled
 * into the program. Partials are looked up the same way: {{> signature}} in notice.txt.mustache is
 * signature.txt.mustache. FAULT_REFUSED: no such template, or as template_render, with the file
 * named; also a file of the office that cannot be read or is no UTF-8. A byte order mark is
 * dropped, CR LF becomes LF. */
char *template_file(const char *override_dir, const char *name, const json_t *data, GError **error);

/* Splits a WeCom markdown text into parts of at most limit bytes (100 or more), at line ends if
 * there is one, else after 。！？； or at a code point, but not inside a tag or link; a <font> pair
 * open at the cut is closed and opened again; parts after a split end with "(1/3)" on a line of its
 * own; blanks at a cut are dropped. One part if it fits; never empty parts, so none for a text that
 * shows nothing. The result is a GPtrArray of char*; free with g_ptr_array_unref. */
GPtrArray *wecom_split(const char *markdown, gsize limit);

#endif
