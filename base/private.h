/* What the files of base/ share. Nothing outside this folder includes it. */
#ifndef BASE_PRIVATE_H
#define BASE_PRIVATE_H

#include "base/base.h"

#define SECONDS_A_DAY 86400
/* The Julian day of 1970-01-01. */
#define DAY_OF_EPOCH 719163

/* The office's zone; it stays base's. */
GTimeZone *clock_zone(void);
/* Seconds that the office's zone is ahead of UTC at an instant. */
int zone_offset(gint64 instant);

/* A day and a time of day as somebody wrote them, before a zone turns them into an instant. */
struct moment {
    int day;
    int hour, minute, second;
    gboolean has_time;
    gboolean has_offset;
    int offset; /* seconds ahead of UTC; only if has_offset */
};
/* Reads a day, perhaps with a time and an offset, and moves *text behind it and the blanks that
 * follow. FALSE: none there, or one that no calendar or clock shows (24:00 ends a day, so it is
 * the only hour 24). */
gboolean moment_scan(const char **text, struct moment *moment);
/* The instant meant, in the office's zone unless the moment has an offset of its own. */
gint64 moment_instant(const struct moment *moment);
/* One to max decimal digits, but at least min; moves *text behind them. */
gboolean digits_scan(const char **text, int min, int max, int *value);

GDate day_gdate(int day);
int day_number(const GDate *date); /* YYYYMMDD */
/* TRUE if on that day (YYYYMMDD) a weekday is off or a weekend is worked. */
gboolean calendar_swaps(int date);

/* Left-to-right marks and their kin: invisible, and they turn a text around. */
gboolean unichar_is_bidi(gunichar c);

/* Runs a shell command and keeps at most size bytes of what it prints; *n says how many. Fault: it
 * could not start, failed or ran over 10 s. */
gboolean command_output(const char *command, char *buffer, gsize size, gsize *n, GError **error);

#endif
