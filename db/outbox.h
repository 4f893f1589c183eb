/* The outbox: every mail and push that we owe. A row has its unique key and its own Message-ID from
 * the first moment; what became of it is written after the server's answer. */
#ifndef DB_OUTBOX_H
#define DB_OUTBOX_H

#include "db/words.h"
#include <glib.h>

#define OUTBOX_SECRET "［确认码］"

struct enclosure {
    char *filename, *content_type, *sha256;
    gboolean recipe; /* sha256 is of JSON, of which the file is made when the mail is written */
};

struct outbox {
    gint64 id;
    char *key;     /* "reminder/3/jyj/t-1/due-1": once */
    char *channel; /* "mail" or "wecom" */
    char *kind;    /* notice, reminder, receipt, digest, alarm, answer, …; news for WeCom */
    gint64 matter, unit, message; /* message: the one it answers; 0 if not concerned */
    char *message_id;             /* without <>; NULL for WeCom */
    char *subject, *text, *html;  /* html NULL if none; text is the markdown for WeCom */
    char *in_reply_to, *references;
    char *secret; /* stands for OUTBOX_SECRET in the mail; forgotten once it left; or NULL */
    enum outbox_state state;
    int attempts;
    gint64 created_at, next_at, sent_at;
    int code;
    char *reply;
    GPtrArray *recipients; /* char* */
    GPtrArray *enclosures; /* struct enclosure */
};
struct outbox *outbox_new(void);
void outbox_free(struct outbox *outbox);
/* The new enclosure belongs to the outbox. */
struct enclosure *outbox_enclose(struct outbox *outbox, const char *filename,
                                 const char *content_type, const char *sha256);

/* Adds the row with its recipients and enclosures in row->state (queued or held). Returns its id, 0
 * if the key is there already. */
gint64 outbox_add(struct db *db, const struct outbox *row);
gboolean outbox_has(struct db *db, const char *key);
struct outbox *outbox_get(struct db *db, gint64 id);
/* Ids (gint64), oldest first; state -1: all; matter 0: all. g_array_unref. */
GArray *outbox_list(struct db *db, int state, gint64 matter);
gint64 outbox_count(struct db *db, enum outbox_state state, gint64 matter);
/* The same without our alarms: one that failed must not bring about the next. */
gint64 outbox_count_owed(struct db *db, enum outbox_state state);
/* The next to be sent by that channel: queued, or deferred and due; 0 if none. */
gint64 outbox_next(struct db *db, const char *channel, gint64 now);
/* When the earliest deferred row is due; 0 if none. */
gint64 outbox_next_at(struct db *db);

void outbox_set_state(struct db *db, gint64 id, enum outbox_state state);
/* What the server said; next_at only for deferred ones (else 0). Counts an attempt. */
void outbox_set_result(struct db *db, gint64 id, enum outbox_state state, int code,
                       const char *reply, gint64 next_at);
void recipient_set(struct db *db, gint64 outbox, const char *address, const char *state,
                   const char *reply);
/* All recipients still waiting become accepted. */
void recipients_accept(struct db *db, gint64 outbox);
/* Number of recipients in a state. */
gint64 recipient_count(struct db *db, gint64 outbox, const char *state);

/* Rows found `sending` by the lock's new holder become uncertain. Calls each with their ids. */
typedef void outbox_cb(void *context, gint64 id);
void outbox_recover(struct db *db, outbox_cb *each, void *context);
/* Held rows become queued. Returns how many. */
int outbox_release_held(struct db *db);
/* Cancels what has not left yet (queued, held, deferred) of a kind (NULL: all) for a matter and
 * unit (0: any). */
void outbox_cancel(struct db *db, const char *kind, gint64 matter, gint64 unit, const char *why);

/* Which of our mails has that Message-ID, or was given it by its provider; 0 if none. */
gint64 outbox_by_message_id(struct db *db, const char *message_id);
/* The provider put that Message-ID in place of ours (QQ mail does): answers will name it. */
void outbox_learn_id(struct db *db, gint64 id, const char *message_id);
/* The newest mail of that matter that went to an address; 0 if none. */
gint64 outbox_by_recipient(struct db *db, const char *address);
/* The newest row of a kind in a matter to a unit (0: to none); 0 if there is none. */
gint64 outbox_newest(struct db *db, const char *kind, gint64 matter, gint64 unit);
/* When the unit was last reminded in that matter (accepted); 0 never. */
gint64 outbox_last_sent(struct db *db, const char *kind, gint64 matter, gint64 unit);
/* Rows whose key begins so, since an instant. */
gint64 outbox_count_keys(struct db *db, const char *prefix, gint64 since);
/* Automatic answers to an address since an instant. */
gint64 outbox_answers_to(struct db *db, const char *address, gint64 since);

#endif
