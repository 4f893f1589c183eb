/* The review queue: what a person must settle, each with its reason. A message that waits is also
 * marked so in its verdict; other items (settlement, paper without a stance, a mail that failed)
 * stand for themselves. */
#ifndef DB_REVIEW_H
#define DB_REVIEW_H

#include <glib.h>

struct review {
    gint64 id;
    const char *reason; /* a tag: unknown_sender, paper_without_stance, settlement, bounce … */
    const char *text;   /* for people: what is the matter and what to do */
    gint64 message, outbox, matter, unit; /* 0 if not concerned */
    gint64 opened_at, settled_at;
    const char *due; /* the day by which a person must have acted; NULL: none */
};
void review_free(struct review *review);

/* A link that expires. Such an item is about a message, but does not make it wait for a verdict. */
#define REVIEW_CLOUD "cloud_attachment"

/* Opens an item unless the same (reason, message, outbox, matter, unit) is open: then its text is
 * renewed. */
void review_open(struct db *db, const struct review *review);
/* Settles the open items with that reason (NULL: any) that concern these; 0 means any. */
void review_settle(struct db *db, const char *reason, const struct review *about,
                   const char *settlement);
/* The same of all by which a message waits for a verdict; a link in it still waits. */
void review_settle_verdict(struct db *db, gint64 message, const char *settlement);
/* Messages (ids, gint64) that are or were in the queue for that reason in that matter, of that
 * unit. g_array_unref. */
GArray *review_messages(struct db *db, const char *reason, gint64 matter, gint64 unit);
/* Open items (of a matter, or all for 0; items that belong to no matter count for all), oldest
 * first; g_ptr_array_unref. */
GPtrArray *review_list(struct db *db, gint64 matter);
gint64 review_count(struct db *db, gint64 matter);
/* Those of them that have a day. */
GPtrArray *review_due(struct db *db);
/* TRUE if an item with that reason about a message is or ever was open. */
gboolean review_ever(struct db *db, const char *reason, gint64 message);
/* Open items that may hold an answer of that unit in that matter: a message proposed for it or for
 * nobody we know, a paper without a stance. */
gint64 review_may_answer(struct db *db, gint64 matter, gint64 unit);

/* Settles one item by its id. FALSE: no such open item, or it is about a message that waits (then
 * inbox assign or ignore settles it). */
gboolean review_settle_one(struct db *db, gint64 id, const char *settlement);
/* Open messages that seem to be that unit's own: it is not chased while they wait. */
gint64 review_of_unit(struct db *db, gint64 matter, gint64 unit);

#endif
