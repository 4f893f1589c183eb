/* db: everything that is remembered, and the only place with SQL. One connection a thread; what is
 * read is copied out, so nothing returned here dies with a statement.
 *
 * Errors are sticky, as in ferror(): calls below that touch the database return nothing special
 * when a statement fails; the fault is kept in the connection, every later statement does nothing,
 * and db_commit, db_release or db_ok hands it over and undoes what was written. Only act on the
 * world after one of them said TRUE. */
#ifndef DB_H
#define DB_H

#include <glib.h>

struct db;

/* Creates DIR/lianluo.db with its schema and DIR/files/. FAULT_REFUSED if there is one already. */
gboolean db_create(const char *dir, GError **error);
/* Opens it and brings an older schema up to date. FAULT_REFUSED: there is no office in DIR, or the
 * database was written by a newer lianluo. FAULT_WORLD: disk, rights, damage. Close with db_close
 * (NULL is fine). */
struct db *db_open(const char *dir, GError **error);
void db_close(struct db *db);
const char *db_dir(struct db *db);

/* A transaction (BEGIN IMMEDIATE, behind one mutex for all connections of the process: a writer
 * waits for another thread without polling). db_commit: TRUE if all of it is durable; else all is
 * undone. */
void db_begin(struct db *db);
gboolean db_commit(struct db *db, GError **error);
void db_rollback(struct db *db);
/* One item inside a transaction. db_release: TRUE if it is kept; else only this item is undone. */
void db_savepoint(struct db *db);
gboolean db_release(struct db *db, GError **error);
/* Undoes the item and forgets its fault, if any. */
void db_undo(struct db *db);
/* TRUE unless a statement failed since last asked. */
gboolean db_ok(struct db *db, GError **error);
int db_version(struct db *db);
/* Gives the memory of its cache back, before a long wait. */
void db_relax(struct db *db);

/* Small facts of the office: "created_at" … ; NULL if not set; the caller frees. */
char *office_get(struct db *db, const char *key);
void office_set(struct db *db, const char *key, const char *value);

#include "db/assignment.h"
#include "db/code.h"
#include "db/conversation.h"
#include "db/document.h"
#include "db/event.h"
#include "db/inbox.h"
#include "db/learnt.h"
#include "db/matter.h"
#include "db/opinion.h"
#include "db/outbox.h"
#include "db/pace.h"
#include "db/raw.h"
#include "db/review.h"
#include "db/side.h"
#include "db/sign_off.h"
#include "db/submission.h"
#include "db/unit.h"
#include "db/words.h"

#endif
