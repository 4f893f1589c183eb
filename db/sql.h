/* The statement interface of db/: the only file that knows sqlite3.h is sql.c. Private to db/.
 *
 * Errors are sticky: the first statement that fails logs its SQL name and message and stores the
 * fault in the connection; until somebody takes it (db_commit, db_release, db_ok) every further
 * statement does nothing and every query is empty. So code between two such points reads as prose,
 * and whatever it wrote is undone together. */
#ifndef DB_SQL_H
#define DB_SQL_H

#include "db/db.h"

struct arg {
    char type; /* i number, t text, b bytes, n null */
    gint64 number;
    const void *text;
    gsize size;
};
/* A statement's parameters, in order: NUM(3), TXT(name) (NULL is null), REF(id) and INST(instant)
 * (0 is null), BIN(bytes, n). */
#define NUM(x) ((struct arg){ .type = 'i', .number = (x) })
#define TXT(x) ((struct arg){ .type = 't', .text = (x) })
#define REF(x) ((struct arg){ .type = 'r', .number = (x) })
#define INST(x) ((struct arg){ .type = 'z', .number = (x) })
#define BIN(p, n) ((struct arg){ .type = 'b', .text = (p), .size = (n) })
#define SQL_ARGS(...) \
    (const struct arg[]){ { .type = 0 }, ##__VA_ARGS__ }, \
        sizeof((const struct arg[]){ { .type = 0 }, ##__VA_ARGS__ }) / sizeof(struct arg) - 1

/* A query in progress. Loop: while (sql_row(q)) …; the last call frees it. Stop early by sql_end.
 */
struct sql;
#define sql_query(db, text, ...) sql_query_args(db, text, SQL_ARGS(__VA_ARGS__))
struct sql *sql_query_args(struct db *db, const char *text, const struct arg *args, size_t n);
gboolean sql_row(struct sql *query);
void sql_end(struct sql *query);
gint64 sql_num(struct sql *query, int column);      /* 0 for null */
const char *sql_str(struct sql *query, int column); /* NULL for null; until the next row */
char *sql_dup(struct sql *query, int column);       /* NULL for null; the caller frees */
gint64 sql_instant(struct sql *query, int column);  /* 0 for null */
GBytes *sql_bytes(struct sql *query, int column);   /* a copy; NULL for null */

/* The first column of all its rows (gint64); ends the query. g_array_unref. */
GArray *sql_ids(struct sql *query);

/* Runs a statement that returns nothing. */
#define sql_run(db, text, ...) sql_run_args(db, text, SQL_ARGS(__VA_ARGS__))
void sql_run_args(struct db *db, const char *text, const struct arg *args, size_t n);
/* The first column of the first row: 0 (NULL) if there is none. */
#define sql_one(db, text, ...) sql_one_args(db, text, SQL_ARGS(__VA_ARGS__))
gint64 sql_one_args(struct db *db, const char *text, const struct arg *args, size_t n);
#define sql_one_text(db, text, ...) sql_one_text_args(db, text, SQL_ARGS(__VA_ARGS__))
char *sql_one_text_args(struct db *db, const char *text, const struct arg *args, size_t n);
gint64 sql_new_id(struct db *db);
int sql_changes(struct db *db);
/* Several statements without parameters, as schema.c has them. */
void sql_script(struct db *db, const char *text);

/* For schema.c. */
extern const char *const schema_migrations[]; /* from version 0 on; NULL after the last */
gboolean schema_upgrade(struct db *db, GError **error);

#endif
