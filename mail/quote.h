/* What somebody did to the mail of ours that he quotes. */
#ifndef MAIL_QUOTE_H
#define MAIL_QUOTE_H

#include <glib.h>

struct mail;

/* What somebody wrote into the text that he quotes, between our lines or within one of them. */
struct insertion {
    char *text;      /* what we did not send; verbatim from quoted_text, one line or several */
    char *line;      /* the whole line or lines that it stands in */
    gboolean within; /* the line holds words of ours too */
};
/* What of quoted_text does not stand in sent, the text of the mail of ours that is quoted (the
 * outbox has it): struct insertion in the text's order, empty if there is none or if it is not
 * that mail that is quoted. Line breaks, blanks, ">" and "*" make no difference. An answer between
 * lines in ">" is in new_text already. Free with g_ptr_array_unref. */
GPtrArray *mail_insertions(const struct mail *mail, const char *sent);
/* new_text and below it the text of each insertion: what to look at for an answer, once it is
 * known which mail of ours is answered. sent may be NULL. The caller frees. */
char *mail_new_against(const struct mail *mail, const char *sent);

/* For whom a quote that was changed is no copy: the line of a quoted_text where something stands in
 * none of the known texts (NULL-terminated), or where something is left out between pieces of one.
 * Line breaks, blanks, marks of quoting, rules, headers that programs put above a quote make no
 * difference; nor does it if the beginning or the end is left out. NULL: nothing was changed. The
 * caller frees. */
char *mail_quote_changed(const char *quoted_text, const char *const *known);

/* The lines of new_text that stand between lines of quoted_text; "" if none do. The caller frees.
 */
char *mail_new_between(const struct mail *mail);

#endif
