/* One row for every change: what happened, when, to what. Never changed, never removed. */
#ifndef DB_EVENT_H
#define DB_EVENT_H

#include <glib.h>

struct event {
    gint64 id, at;                        /* filled in by event_add */
    const char *what;                     /* "matter.issue", "status.commented" … */
    const char *text;                     /* for people; "" if there is nothing to add */
    gint64 matter, unit, message, outbox; /* 0 if not concerned */
};
void event_add(struct db *db, const struct event *event);

/* The newest `most` events (of a matter, or all for 0), oldest first, handed over one by one. */
typedef void event_cb(void *context, const struct event *event);
void event_each(struct db *db, gint64 matter, int most, event_cb *each, void *context);
/* Events with that `what` (GLOB pattern) in [from, until) of a matter (0: all): how many. */
gint64 event_count(struct db *db, const char *what, gint64 matter, gint64 from, gint64 until);

#endif
