/* From the bytes of a message to text: charsets, encoded words, parameters, HTML. Nothing outside
 * this folder includes it. */
#ifndef MAIL_TEXT_H
#define MAIL_TEXT_H

#include "mail/mail.h"
#include <glib.h>

/* ---- charset.c; charset_text is in mail.h */
/* What charset_text returns, but in that charset and no other. */
char *charset_convert(const char *charset, const char *bytes, gsize n);
/* The bytes that valid text has in a charset, "?" where it has none. */
GString *charset_bytes(const char *charset, const char *text);
gboolean charset_is_utf8(const char *bytes, gsize n);   /* Chinese text in UTF-8 */
gboolean charset_is_gb2312(const char *bytes, gsize n); /* Chinese text in GB2312 */
/* mojibake.c: valid text that was once read in the wrong charset, as it was meant; NULL: it was
 * not. */
char *mojibake_repaired(const char *text);
/* flowed.c: text in format=flowed with its long lines whole; delete_blank: DelSp=yes. */
char *flowed_text(const char *text, gboolean delete_blank);
/* calendar.c: an invitation in words; "" if it says nothing. */
char *calendar_text(const char *source);

/* ---- types.c: static */
const char *type_ending(const char *type);      /* "pdf"; NULL: not known */
const char *type_by_name(const char *filename); /* never NULL */

/* ---- words.c: RFC 2047 words and raw 8-bit text in a header value; the caller frees */
char *words_decode(const char *raw);
/* The same in one line without control characters. */
char *words_line(const char *raw);
/* The value with each run of encoded words as one of UTF-8, so that characters split between two
 * words survive GMime. */
char *words_mend(const char *raw);

/* ---- params.c: the parameter of a raw header value in any of its disguises: RFC 2231, RFC 2047,
 * raw 8-bit, split; NULL if there is none. The caller frees. */
char *param_get(const char *raw, const char *name);

/* ---- html.c, htmlmark.c, entities.c */
enum html_mark {
    HTML_UNMARKED,
    HTML_QUOTED,      /* the element is the mail that is answered */
    HTML_REST_QUOTED, /* it and all that follows */
    HTML_FOOTER,
    HTML_REST_FOOTER, /* all that follows, up to what is quoted */
};
/* A stretch of the text that html_read returns. */
struct html_span {
    enum html_mark mark;
    gsize from, to;
};
/* html_text, which also appends the marked elements (struct html_span) to spans, unless NULL. */
char *html_read(const char *html, gboolean with_links, GArray *spans);
/* What the attributes of a tag, [p, end), say. */
enum html_mark html_mark_of(const char *p, const char *end);
/* The character of an entity at *p ("&lt;", "&#20013;"), moving *p behind it; 0: none there. */
gunichar html_entity(const char **p);

#endif
