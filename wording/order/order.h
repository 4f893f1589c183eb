/* Orders: what a clerk tells the office to do, in lines of a mail; and the names in them. */
#ifndef WORDING_ORDER_H
#define WORDING_ORDER_H

#include <glib.h>

struct order_word {
    const char *text;    /* NULL after the last */
    int id;              /* from 0 */
    gboolean takes_rest; /* what follows it is not ours to read: rest and more, down to the end of
                            the text, stay as they were written */
};
enum { ORDER_CHOICE = -1, ORDER_CODE = -2 }; /* a line of numbers alone, of a one-time code alone */
struct order {
    int word;        /* the id of its word, or one of the above */
    char *line;      /* as written, by order_fold */
    char *rest;      /* what follows the word, without marks at its ends; "" if nothing */
    gboolean glued;  /* no mark stands between them: it may be another word that begins so */
    GPtrArray *more; /* char*: the lines right below that are no orders, down to an empty one */
};
void order_free(gpointer order);
/* The orders (struct order) in the subject and the first lines of a text: a greeting may come
 * before them; the first line that is neither order, nor directly below one, ends them.
 * g_ptr_array_unref. */
GPtrArray *orders_read(const char *subject, const char *text, const struct order_word *words);
/* Full-width letters, digits and marks as plain ones (not brackets: names have them), traditional
 * characters as simplified ones, blanks of any kind as one kind, none at the ends. The caller
 * frees. */
char *order_fold(const char *line);
/* The day (and time) that text begins with, behind 至, 到 or 延期到: 6月25日, 2019-06-25
 * 17:00, 6.25, 明天. Without a year the next such day from today on, unless one went by lately. As
 * deadline_normalize writes it; *rest is what follows. NULL: none there. The caller frees. */
char *order_deadline(const char *text, int today, const char **rest);

/* TRUE if words that stand beside a consent may take some of it back: a change, a condition, a
 * doubt, a question, another day. Who consents with them has not consented to what was shown. */
gboolean consent_is_reserved(const char *words);

/* ---- names: several in a line, separated by marks, blanks, line ends, 和 (which a name may hold)
 * or nothing; what is not known stays in one piece. char*; g_ptr_array_unref. */
typedef gboolean name_known(void *context, const char *name);
GPtrArray *names_split(const char *text, name_known *known, void *context);

#endif
