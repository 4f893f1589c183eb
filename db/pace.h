/* How often we sent: real time (not the office's clock), kept across restarts, so that a provider's
 * limit is kept even by a bot that is restarted every minute. */
#ifndef DB_PACE_H
#define DB_PACE_H

#include <glib.h>

/* Notes one attempt of a lane ("mail", "wecom") at a real time in seconds; forgets what is older
 * than a day. */
void pace_add(struct db *db, const char *lane, gint64 at);
/* Attempts of the lane after one instant and up to another. What lies later was noted by a clock
 * that was wrong: it must not hold up the mail until then. */
gint64 pace_count(struct db *db, const char *lane, gint64 after, gint64 until);
/* The instant of the n-th newest attempt up to an instant (1: the newest); 0 if there are fewer. */
gint64 pace_nth(struct db *db, const char *lane, gint64 n, gint64 until);

#endif
