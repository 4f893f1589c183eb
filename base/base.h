/* base: the small things under all rooms. Text is UTF-8; instants are seconds since 1970 (UTC);
 * a day is a Julian day number (GDate's), so that days can be added and compared. Nothing here
 * knows mail, matters or the database. All functions may be called from any thread, but the
 * clock and the zone are set once, before any thread starts. */
#ifndef BASE_H
#define BASE_H

#include "base/onetime.h"
#include "base/sha256.h"
#include <glib.h>

/* ---- faults: what the world or the input did wrong. The code is the exit code. */
#define FAULT fault_quark()
enum fault {
    FAULT_WORLD = 1,   /* network, disk, a server: may work later */
    FAULT_REFUSED = 2, /* usage, configuration or input that we refuse: must be changed */
};
GQuark fault_quark(void);
/* Sets *error (which may be NULL) and returns FALSE, so that "return fault_set(…)" reads well. */
gboolean fault_set(GError **error, enum fault code, const char *format, ...) G_GNUC_PRINTF(3, 4);
/* The exit code for an error of any domain: its own code if FAULT, else FAULT_WORLD. */
int fault_exit_code(const GError *error);

/* ---- clock: the one source of "now" for everything but TLS and pacing. */
gint64 clock_now(void);
/* Fixes clock_now() at an instant (--at). */
void clock_fix(gint64 instant);
/* The office's zone; default Asia/Shanghai. FALSE: unknown name, zone unchanged. */
gboolean clock_set_zone(const char *name, GError **error);
/* "2019-06-21T10:00:00Z"; the caller frees. */
char *instant_text(gint64 instant);
/* Reads what instant_text wrote. FALSE: not an instant; *instant untouched. */
gboolean instant_parse(const char *text, gint64 *instant);
/* "2019-06-21 18:00" in the office's zone, for people; the caller frees. */
char *instant_local(gint64 instant);
/* Reads "2019-06-21 18:00[:00]" or "2019-06-21" (start of day) as the office's local time. */
gboolean instant_parse_local(const char *text, gint64 *instant);
/* The instant at which hour:minute of a day falls in the office's zone. */
gint64 instant_at(int day, int hour, int minute);

/* ---- days and the working-day calendar (调休 included) */
int day_of(gint64 instant); /* the office's local day */
/* "2019-06-21"; the caller frees. */
char *day_text(int day);
/* "6月21日（星期五）"; the caller frees. */
char *day_chinese(int day);
/* Reads YYYY-MM-DD, YYYY/M/D or YYYY年M月D日. FALSE: no such day; *day untouched. */
gboolean day_parse(const char *text, int *day);
gboolean day_is_working(int day);
/* The n-th working day after (n > 0) or before (n < 0) a day; n = 0: the day itself, or the last
 * working day before it when it is a day off. */
int day_add_working(int day, int n);
/* TRUE if the calendar of that year is known; otherwise Monday to Friday are taken to be worked. */
gboolean calendar_knows(int year);
/* The year whose calendar is wanted on a day and not known: its own, or from November on the next
 * one; 0 if none is missing. */
int calendar_missing(int day);
/* Reads folder/ *.json, {"year", "days": [{"date", "isOffDay"}]}, which stand before the years
 * known here; again later for a changed folder. No folder is fine. FAULT_REFUSED names a file that
 * is not of that shape; then all stays as it was. Not from two threads at once. */
gboolean calendar_load(const char *folder, GError **error);

/* ---- deadlines, as the notice means them: "YYYY-MM-DD" or "YYYY-MM-DDTHH:MM:SS+08:00" */
/* Turns what a person typed (a day, or a day and HH:MM) into that form; NULL: no date. The caller
 * frees. */
char *deadline_normalize(const char *text, GError **error);
/* The next three take what deadline_normalize wrote; anything else is a bug and aborts. */
int deadline_day(const char *deadline);
/* The first instant after the deadline: a deadline without a time includes its whole day. */
gint64 deadline_end(const char *deadline);
/* "6月21日（星期五）" or "6月21日（星期五）17:00", with the year if it is not this_year; the caller
 * frees. */
char *deadline_chinese(const char *deadline, int this_year);

/* ---- office hours: "08:30-12:00;14:30-17:30" */
/* FALSE with an error that shows the form, if any range is malformed. */
gboolean hours_check(const char *const *hours, GError **error);
/* TRUE on a working day inside one of the ranges. */
gboolean hours_open(const char *const *hours, gint64 instant);
/* "HH:MM" to minutes after midnight; -1 if it is none. */
int minutes_parse(const char *text);

/* ---- log: one line an event on standard error, "event=fetch folder=INBOX stored=3" */
/* Key/value pairs of strings, NULL after the last; a NULL value is left out; values with blanks or
 * quotes are quoted, control characters escaped. Never give it a secret. */
void log_event(const char *event, ...) G_GNUC_NULL_TERMINATED;
/* FALSE silences the log (tests); default TRUE. */
void log_enable(gboolean on);

/* ---- secrets: "file:PATH", "command:SHELL COMMAND", "env:NAME", "text:…" or the secret itself */
/* TRUE if the setting's value holds the secret itself (so its file must be private). */
gboolean secret_is_literal(const char *setting);
/* Resolves a setting; a relative PATH is below dir. The first line counts, without its line end.
 * NULL: missing, empty, holds a control character (CR and LF would inject commands), a file that
 * group or others may read, a command that failed or ran over 10 s. The caller frees with
 * secret_free. No message quotes the secret. */
char *secret_resolve(const char *setting, const char *dir, GError **error);
/* Overwrites, then frees; NULL is fine. */
void secret_free(char *secret);
/* FALSE if group or others may read the file (it must exist). */
gboolean file_is_private(const char *path, GError **error);

/* ---- text */
/* Valid UTF-8 with \n line ends, no NUL, undecodable bytes as U+FFFD; n = -1: up to the NUL. The
 * caller frees. */
char *text_clean(const char *bytes, gssize n);
/* Without any white space (ideographic and zero-width too): what a rule on wording looks at. The
 * caller frees. */
char *text_compact(const char *text);
/* The same of valid UTF-8, to where there is room for all of it (or onto itself); its length. */
gsize text_compact_to(const char *valid, char *to);
/* TRUE if nothing would be left of valid UTF-8. */
gboolean text_is_blank(const char *valid);
/* One line, safe for a terminal: control, bidi and escape characters become "?" or blanks. The
 * caller frees. */
char *text_printable(const char *text);
/* Columns on a terminal: a Chinese character is two. */
int text_width(const char *text);
/* At most width columns, "…" at the cut, padded with blanks up to width. The caller frees. */
char *text_pad(const char *text, int width);
/* Up to three of names most like text (edit distance ≤ 1/2 of the longer, or one contains the
 * other), nearest first, joined by "、"; NULL if none is near. The caller frees. */
char *text_nearest(const char *text, const char *const *names);
/* A file name that can go into a header or a folder: no path, no control or bidi characters, no
 * leading dots, at most 255 bytes, never empty ("未命名"). The caller frees. */
char *text_filename(const char *name);
/* TRUE if it looks like one mail address: local@domain, no blanks, controls, <>, commas. */
gboolean text_is_address(const char *text);
/* Lower-case hex SHA-256; the caller frees. */
char *text_sha256(const void *bytes, gsize n);

/* Writes all of it, however often it takes. FALSE with errno set. */
gboolean write_all(int fd, const void *bytes, gsize n);
/* What a regular file holds, mapped if it is large. FAULT_WORLD names it. The caller unrefs. */
GBytes *file_bytes(const char *path, GError **error);

/* ---- CSV (RFC 4180), UTF-8 with or without BOM, else GB18030 */
/* The rows as GPtrArray of char** (NULL-terminated; unequal lengths are kept). NULL: undecodable
 * or a quote never closed (its row is named). Free with g_ptr_array_unref. */
GPtrArray *csv_parse(const char *bytes, gsize n, GError **error);
/* The line, from 1, on which a row of csv_parse's began: blank lines are no rows but do count. */
int csv_line(char *const *row);
/* Appends a row of columns fields (NULL is empty), quoted where it must be, with CRLF. What a
 * spreadsheet would take for a formula (= + - @, tab or CR in front) gets an apostrophe before it.
 * A file for Excel begins with CSV_MARK. */
#define CSV_MARK "\xEF\xBB\xBF"
void csv_write(GString *out, const char *const *fields, gsize columns);

#endif
