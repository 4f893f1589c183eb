/* The clerk by mail: what its files share. A command is a row of the table in table.c; its
 * line together with its matter is all that must be kept to run it later. */
#ifndef HANDLERS_CLERK_H
#define HANDLERS_CLERK_H

#include "handlers/private.h"
#include "wording/wording.h"

/* One mail of somebody of the office, while its orders are followed. */
struct clerk {
    struct office *office;
    const struct message *message;
    const struct mail *mail;
    char *address;          /* as the roster has it: all that we write goes there */
    gboolean signs;         /* he may sign */
    gint64 root;            /* the message that began the conversation */
    gint64 answers;         /* our mail that he answers; 0: none */
    gboolean was_his;       /* it went to him, and to no unit that could name it too */
    gint64 asked;           /* the message which that mail answered, with its choices; 0: none */
    gboolean signing;       /* that mail asks for his consent */
    gint64 matter;          /* of the conversation; 0: none, -1: several */
    gboolean proven;        /* it is he */
    gboolean himself;       /* it is, but nothing is done on the strength of it: for the answer */
    const char *doubt;      /* why not */
    json_t *parts;          /* the answer: one part a command */
    json_t *made;           /* files of the answer, as a letter has them */
    json_t *waiting;        /* commands that wait for a code: [{line, matter, shown}] */
    int numbers, questions; /* choices and questions so far */
};

enum needs {
    NEEDS_MATTER = 1,
    NEEDS_UNITS = 2,
    MAY_NAME_UNITS = 4,
    NEEDS_NUMBERS = 8, /* of messages */
    NEEDS_DATE = 16,
    MAY_SAY_STANCE = 32,
    MAY_SAY_WHY = 64,
    ANY_STATE = 128,         /* of the matter: else only one under way is found by itself */
    A_DRAFT = 256,           /* that one found by itself is a draft */
    TAKES_REMARKS = 512,     /* all that follows, as it is written */
    MAY_NAME_MATTERS = 4096, /* more than one */
    TAKES_WORD = 8192,       /* one, that was learnt */
    TAKES_NOTICE = 2048,     /* may name the message that brings it, else it is this one */
    TO_SIGN_OFF = 1024, /* means something only as an answer to the mail that asks for consent */
};
enum guard {
    GUARD_NONE,
    GUARD_CODE,         /* always takes a code of its own */
    GUARD_UNLESS_NAMED, /* takes one if no unit is named: it concerns all */
};

struct call {
    const struct clerk_command *row;
    char *line; /* it alone runs the same again, with the matter */
    gint64 matter;
    GArray *units, *numbers; /* gint64 */
    GArray *matters;         /* gint64: more than one was named; all of them */
    char *deadline, *why;
    char *also; /* another order that stands in the same line; or NULL */
    int stance; /* -1: not said */
};

struct clerk_command {
    const char *words[7]; /* NULL after the last */
    int needs;            /* enum needs */
    enum guard guard;
    /* It takes a code, and is done with before the others. */
    gboolean is_confirmation;
    gboolean signs; /* the confirmation of a signer */
    /* What it would do, for who must confirm it; NULL: the line says it all. The caller frees; NULL
     * with an error: it cannot be done. */
    char *(*plan)(struct clerk *clerk, const struct call *call, GError **error);
    /* Does it and says so in the part. */
    gboolean (*run)(struct clerk *clerk, const struct call *call, json_t *part, GError **error);
    const char *usage, *help;
};
extern const struct clerk_command clerk_commands[]; /* words[0] NULL after the last */
const struct order_word *clerk_words(void);
/* ---- call.c: from an order to a call */
enum resolved {
    RESOLVED,     /* *call may run */
    RESOLVED_NOT, /* a question or a reason stands in the answer */
    RESOLVED_NONE /* no command after all */
};
/* matter: already known (0: not). Free the call with call_free. */
enum resolved call_resolve(struct clerk *clerk, const struct order *order, gint64 matter,
                           struct call **call);
void call_free(struct call *call);
/* ---- which.c: its matter. FALSE: a question or a reason stands in the answer. */
/* The one that the text names, which is cut out of it; or those, if several may be. */
gboolean call_find_matter(struct clerk *clerk, struct call *call, GString *text);
/* Where none was named. */
gboolean call_choose_matter(struct clerk *clerk, struct call *call);
/* Cuts what the expression finds out of text and returns its group 1; NULL: not there. */
char *cut_out(GString *text, const char *pattern);
/* Runs it, or lets it wait for a code. */
void call_follow(struct clerk *clerk, const struct call *call);
/* Runs it now; what it says becomes a part of the answer. */
void call_run(struct clerk *clerk, const struct call *call);
/* The units (gint64) that a line names, all for “全部”; NULL, FAULT_REFUSED: one is unknown, with
 * the nearest names. g_array_unref. */
GArray *units_named(struct clerk *clerk, const char *text, GError **error);
/* What stands right below 发起, one matter's field a line, becomes part of it. */
void draft_take_lines(const struct order *order, GString *line);
/* Resolves and follows a line that was kept. */
void line_follow(struct clerk *clerk, const char *line, gint64 matter);

/* ---- turned.c: lines that name units before the word for what is done with them, the other way
 * round. The caller frees. */
char *orders_turned(struct office *office, const char *text);

/* ---- answer.c */
/* A new part of the answer, for a command (NULL: none); the answer's. */
json_t *part_add(struct clerk *clerk, const char *line);
void part_say(json_t *part, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* It was not done. */
void part_refuse(json_t *part, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* A row of a table: cells, NULL after the last; the first row is the head. */
void part_row(json_t *part, const char *const *cells);
/* Offers a choice, by the next number. */
void part_offer(struct clerk *clerk, json_t *part, const char *text, const char *line,
                gint64 matter);
/* The one answer to the mail, or what its supposed writer is told. */
void clerk_answer(struct clerk *clerk);

/* ---- collation.c */
/* What the units want changed: as rows of the answer, and as a file that can be filled in. */
void collation_add(struct clerk *clerk, gint64 matter, json_t *part);
/* TRUE if a filled-in collation of ours is attached. */
gboolean collation_is_in(struct office *office, const struct mail *mail);
/* Follows up a filled-in collation among the attachments of the mail. FALSE: there is none. */
gboolean collation_take(struct clerk *clerk);

#include "handlers/clerk/code.h"
#include "handlers/clerk/table.h"

#endif
