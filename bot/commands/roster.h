/* Private to bot/commands: a roster as offices keep it, read and taken over. */
#ifndef BOT_COMMANDS_ROSTER_H
#define BOT_COMMANDS_ROSTER_H

#include "bot/bot.h"

enum roster_column {
    COL_CODE,
    COL_NAME,
    COL_SHORT,
    COL_ALIASES,
    COL_LIAISON,
    COL_EMAIL,
    COL_PHONE,
    COL_MOBILE,
    COL_ROLE,
    ROSTER_COLUMNS
};

struct roster_line {
    int number;                  /* of the row in its file, from 1 */
    char *cells[ROSTER_COLUMNS]; /* without blanks around them, full-width digits narrowed; never
                                    NULL, "" where the file has no such column */
};

struct roster {
    int columns[ROSTER_COLUMNS]; /* where they stand in the file, from 0; -1: nowhere */
    GPtrArray *lines;            /* struct roster_line */
    GPtrArray *notes;            /* char *, for people: what was left out or taken for something */
};

/* Finds the row of headers (a title may stand above it) and what stands below. A row without a
 * name below a unit is one more contact of that unit, as merged cells show it. FAULT_REFUSED: no
 * headers, or nothing below them. Free with roster_free (NULL is fine). */
struct roster *roster_of_csv(const char *bytes, gsize n, GError **error);
/* The same of the tables that lianluo-read found in a file: the first one with headers counts. */
struct roster *roster_of_tables(json_t *tables, GError **error);
/* The units that an annex lists or has sections for, with their people where it names them: what
 * lianluo-read says of the file. */
struct roster *roster_of_annex(json_t *document, GError **error);
void roster_free(struct roster *roster);
/* For the readers: an empty one; one more note for people. */
struct roster *roster_new(void);
void roster_note(struct roster *roster, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* Rows of cells (GStrv) as they stand in the file, with their numbers; NULL without an error: there
 * are no headers. */
struct roster *roster_of_rows(const GPtrArray *rows, const int *numbers);

/* The addresses or names of a cell that holds several; g_strfreev. */
char **roster_split(const char *cell);

struct roster_count {
    int added, changed;  /* units */
    int contacts, ended; /* contacts */
};
/* Inside the caller's transaction. FAULT_REFUSED names row and column of everything that is wrong;
 * then nothing is to be kept. */
gboolean roster_import(struct db *db, const struct roster *roster, struct roster_count *count,
                       GError **error);

#endif
