/* Conversations with a clerk: which of his mails belong together, what was offered by number in the
 * answer to one, and where an address has proven itself by a code. */
#ifndef DB_CONVERSATION_H
#define DB_CONVERSATION_H

#include <glib.h>

/* The message that began the conversation of a message; 0 if it is in none. */
gint64 conversation_root(struct db *db, gint64 message);
void conversation_add(struct db *db, gint64 message, gint64 root);

struct choice {
    int number;    /* as the answer to that message counts */
    int question;  /* choices of one question exclude each other */
    char *command; /* the order that it stands for */
    gint64 matter; /* in which matter; 0: not said */
};
void choice_free(struct choice *choice);
void choice_add(struct db *db, gint64 message, const struct choice *choice);
/* What was offered under a number in the answer to a message; the whole question is then answered.
 * NULL: no such number, or answered before. */
struct choice *choice_take(struct db *db, gint64 message, int number);
gboolean choice_any(struct db *db, gint64 message);

/* The address is believed in that conversation until then. */
void session_open(struct db *db, const char *address, gint64 root, gint64 until);
gboolean session_is_open(struct db *db, const char *address, gint64 root);

#endif
