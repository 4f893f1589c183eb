/* The mailbox as we saw it (folders, arrivals) and its messages. A message's bytes never change;
 * what we think of it does. */
#ifndef DB_INBOX_H
#define DB_INBOX_H

#include "db/words.h"
#include <glib.h>

/* ---- folders: the cursor of law 2 */
struct folder {
    guint32 uidvalidity, last_uid, messages;
    gint64 read_at;  /* when it was last read to its end; 0 never */
    gint64 swept_at; /* when all its UIDs were last compared; 0 never */
};
/* FALSE: never seen. */
gboolean folder_get(struct db *db, const char *name, struct folder *folder);
void folder_set(struct db *db, const char *name, const struct folder *folder);
/* The earliest read_at among names; 0 if one was never read to its end. */
gint64 folders_read_at(struct db *db, const char *const *names);

/* ---- arrivals: one row for every UID that was listed */
struct arrival {
    const char *folder;
    guint32 uidvalidity, uid;
};
void arrival_refused(struct db *db, const struct arrival *arrival, const char *reason);
/* UIDs of a folder that have no row, among the listed ones: sets *known[i]. */
gboolean arrival_known(struct db *db, const struct arrival *arrival);
/* The outcome counts of a folder since an instant: "stored", "duplicate", "refused" … */
gint64 arrival_count(struct db *db, const char *outcome, gint64 from, gint64 until);

enum message_state { MESSAGE_STORED, MESSAGE_HANDLED, MESSAGE_UNPARSED };

struct message {
    gint64 id;
    char *sha256;
    gint64 received_at, fetched_at;
    gboolean history;
    enum message_state state;
    int attempts;
    char *message_id, *subject, *sender_name, *sender; /* NULL until parsed */
    char *kind;                                        /* mail_kind_text, or NULL */
    char *verdict; /* filed, review, noted, or NULL: not handled */
    char *reason;  /* for people */
    gint64 duplicate_of, matter, unit, proposed_matter, proposed_unit;
    int stance; /* enum stance or -1 */
    char *stance_evidence;
};
void message_free(struct message *message);

/* Stores an arrival whose bytes have a raw row. TRUE: a new message, *id its id; FALSE: the bytes
 * were here already, the arrival is a duplicate of message *id. */
gboolean message_store(struct db *db, const struct arrival *arrival, const char *sha256,
                       gint64 received_at, gboolean history, gint64 *id);
struct message *message_get(struct db *db, gint64 id);
/* Up to most ids (gint64) of messages that are stored and not handled, oldest first; those tried
 * before come alone, so that one that kills us takes no others with it. g_array_unref. */
GArray *message_waiting(struct db *db, int most);
gint64 message_count_waiting(struct db *db);
void message_count_attempt(struct db *db, gint64 id);
/* It was counted, but there was no time to try it. */
void message_uncount_attempt(struct db *db, gint64 id);

struct evidence {
    const char *rule;
    int weight;
    const char *text;
};
void evidence_add(struct db *db, gint64 message, const struct evidence *evidence);
void evidence_clear(struct db *db, gint64 message);
typedef void evidence_cb(void *context, const struct evidence *evidence);
void evidence_each(struct db *db, gint64 message, evidence_cb *each, void *context);

/* What the parser found: kind, subject, sender, Message-ID. */
void message_set_parsed(struct db *db, const struct message *message, const char *fingerprint);
/* What was decided (verdict, matter, unit, proposal, stance, reason); the state becomes handled,
 * or unparsed. */
void message_set_verdict(struct db *db, const struct message *message);
/* It waits no more, whatever it comes to. */
void message_set_handled(struct db *db, gint64 id);
/* Another message with the same Message-ID and fingerprint that was here before; 0 if none. */
gint64 message_twin(struct db *db, gint64 id, const char *message_id, const char *fingerprint);

struct attachment_row {
    const char *filename, *content_type, *sha256;
    gint64 size;
    gboolean is_inline;
};
void attachment_add(struct db *db, gint64 message, const struct attachment_row *row);
typedef void attachment_cb(void *context, const struct attachment_row *row);
void attachment_each(struct db *db, gint64 message, attachment_cb *each, void *context);

/* The oldest message with that Message-ID; 0 if none. */
gint64 message_by_message_id(struct db *db, const char *message_id);

/* Ids (gint64), oldest first, of all messages or only those that wait for a person. */
GArray *message_list(struct db *db, gboolean review_only);

/* Ids (gint64) of the messages filed under a unit in a matter, oldest first. */
GArray *message_filed(struct db *db, gint64 matter, gint64 unit);
/* TRUE if one of them only acknowledged. */
gboolean message_acknowledged(struct db *db, gint64 matter, gint64 unit);

#endif
