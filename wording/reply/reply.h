/* reply: what a text that answers us says of itself: an opinion, none, a condition, a question … */
#ifndef WORDING_REPLY_H
#define WORDING_REPLY_H

#include <glib.h>

enum mark {
    MARK_NONE,       /* no opinion */
    MARK_HYPOTHESIS, /* 如无意见 …: not said of themselves */
    MARK_OPINION,    /* something is to be changed */
    MARK_CONDITION,  /* the answer holds only if … */
    MARK_DOUBT,      /* a word that limits, doubts or puts off; or one that is not known */
    MARK_AGREEMENT,  /* in principle (原则同意) */
    MARK_CORRECTION,
    MARK_WITHDRAWAL,
    MARK_NOT_CONCERNED,
    MARK_EXTENSION,
    MARK_QUESTION,
    MARK_BLANK,     /* a form that nobody filled in */
    MARK_HANDED_IN, /* 修改意见 are said to be attached */
    MARK_RECEIVED,
    MARKS,
};

struct reply {
    gboolean found[MARKS];
    char *evidence[MARKS]; /* the sentence of the first, verbatim; NULL if not found */
};

/* Adds what a text says. 无意见 counts only if nothing else is said: look at MARK_DOUBT.
 * title: of the matter, whose words prove nothing; NULL: none. */
void reply_read(struct reply *reply, const char *text, const char *title);
/* Adds a mark that was found elsewhere. */
void reply_find(struct reply *reply, enum mark mark, const char *evidence);
void reply_clear(struct reply *reply);

/* TRUE if 无意见 is said by name of fewer papers than the title counts (等五个文件), or of one that
 * neither it nor the notice names: of the others nothing is said then, or all is about another
 * matter. title: NULL if there is none; notice: its text, NULL if it is not known. */
gboolean reply_is_partial(const char *text, const char *title, const char *notice);

#endif
