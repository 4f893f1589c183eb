/* The statement interface over SQLite: prepare, bind, step, column, and one way to fail. */
#include "db/sql.h"

#include "base/base.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

enum { SAVE_DEPTH_MAX = 8, BUSY_TIMEOUT_MS = 10000 };

struct db {
    sqlite3 *handle;
    char *dir;
    GHashTable *statements; /* text → struct kept */
    GError *error;          /* the first fault since it was last taken */
    gboolean writing;       /* holds the writer mutex */
};

static GMutex writer; /* of this process; other processes are held off by SQLite's lock */

/* A statement between two uses; NULL while it is in use. */
struct kept {
    char *text;
    sqlite3_stmt *idle;
};

struct sql {
    struct db *db;
    sqlite3_stmt *statement;
    struct kept *kept;
};

/* The one way to report a failure: the statement, SQLite's name for it and its message. */
static void fail(struct db *db, const char *text)
{
    if (db->error != NULL)
        return;
    int code = sqlite3_extended_errcode(db->handle);
    g_autofree char *number = g_strdup_printf("%d", code);
    log_event("database", "result", "failed", "code", number, "name", sqlite3_errstr(code),
              "message", sqlite3_errmsg(db->handle), "sql", text, NULL);
    fault_set(&db->error, FAULT_WORLD, "数据库操作失败：%s（%s）", sqlite3_errmsg(db->handle),
              sqlite3_errstr(code));
}

static struct kept *kept_of(struct db *db, const char *text)
{
    struct kept *kept = g_hash_table_lookup(db->statements, text);
    if (kept == NULL) {
        kept = g_new0(struct kept, 1);
        kept->text = g_strdup(text);
        g_hash_table_insert(db->statements, kept->text, kept);
    }
    return kept;
}

static sqlite3_stmt *prepare(struct db *db, struct kept *kept)
{
    sqlite3_stmt *statement = kept->idle;
    kept->idle = NULL;
    if (statement == NULL &&
        sqlite3_prepare_v3(db->handle, kept->text, -1, SQLITE_PREPARE_PERSISTENT, &statement,
                           NULL) != SQLITE_OK)
        fail(db, kept->text);
    return statement;
}

static void bind(struct db *db, sqlite3_stmt *statement, const struct arg *args, size_t n)
{
    g_assert((size_t)sqlite3_bind_parameter_count(statement) == n);
    for (size_t i = 1; i <= n; i++) {
        const struct arg *arg = &args[i];
        g_autofree char *instant = NULL;
        int column = (int)i;
        if (arg->type == 't' && arg->text != NULL)
            sqlite3_bind_text64(statement, column, arg->text, strlen(arg->text), SQLITE_TRANSIENT,
                                SQLITE_UTF8);
        else if (arg->type == 'b' && arg->text != NULL)
            sqlite3_bind_blob64(statement, column, arg->text, arg->size, SQLITE_STATIC);
        else if (arg->type == 'i' || (arg->type == 'r' && arg->number != 0))
            sqlite3_bind_int64(statement, column, arg->number);
        else if (arg->type == 'z' && arg->number != 0) {
            instant = instant_text(arg->number);
            sqlite3_bind_text(statement, column, instant, -1, SQLITE_TRANSIENT);
        } else
            sqlite3_bind_null(statement, column);
    }
}

struct sql *sql_query_args(struct db *db, const char *text, const struct arg *args, size_t n)
{
    if (db->error != NULL)
        return NULL;
    struct kept *kept = kept_of(db, text);
    sqlite3_stmt *statement = prepare(db, kept);
    if (statement == NULL)
        return NULL;
    bind(db, statement, args, n);
    struct sql *query = g_new0(struct sql, 1);
    query->db = db;
    query->statement = statement;
    query->kept = kept;
    return query;
}

void sql_end(struct sql *query)
{
    if (query == NULL)
        return;
    sqlite3_reset(query->statement);
    sqlite3_clear_bindings(query->statement);
    /* A query may run inside a query of the same text: the second one to come back is dropped. */
    if (query->kept->idle == NULL)
        query->kept->idle = query->statement;
    else
        sqlite3_finalize(query->statement);
    g_free(query);
}

gboolean sql_row(struct sql *query)
{
    if (query == NULL)
        return FALSE;
    int result = sqlite3_step(query->statement);
    if (result == SQLITE_ROW)
        return TRUE;
    if (result != SQLITE_DONE)
        fail(query->db, query->kept->text);
    sql_end(query);
    return FALSE;
}

gint64 sql_num(struct sql *query, int column)
{
    return sqlite3_column_int64(query->statement, column);
}

const char *sql_str(struct sql *query, int column)
{
    return (const char *)sqlite3_column_text(query->statement, column);
}

char *sql_dup(struct sql *query, int column)
{
    return g_strdup(sql_str(query, column));
}

gint64 sql_instant(struct sql *query, int column)
{
    gint64 instant = 0;
    const char *text = sql_str(query, column);
    if (text != NULL)
        instant_parse(text, &instant);
    return instant;
}

GBytes *sql_bytes(struct sql *query, int column)
{
    if (sqlite3_column_type(query->statement, column) == SQLITE_NULL)
        return NULL;
    const void *bytes = sqlite3_column_blob(query->statement, column);
    return g_bytes_new(bytes, (gsize)sqlite3_column_bytes(query->statement, column));
}

GArray *sql_ids(struct sql *query)
{
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(gint64));
    while (sql_row(query)) {
        gint64 id = sql_num(query, 0);
        g_array_append_val(ids, id);
    }
    return ids;
}

void sql_run_args(struct db *db, const char *text, const struct arg *args, size_t n)
{
    struct sql *query = sql_query_args(db, text, args, n);
    while (sql_row(query))
        ;
}

gint64 sql_one_args(struct db *db, const char *text, const struct arg *args, size_t n)
{
    gint64 value = 0;
    struct sql *query = sql_query_args(db, text, args, n);
    if (sql_row(query)) {
        value = sql_num(query, 0);
        sql_end(query);
    }
    return value;
}

char *sql_one_text_args(struct db *db, const char *text, const struct arg *args, size_t n)
{
    char *value = NULL;
    struct sql *query = sql_query_args(db, text, args, n);
    if (sql_row(query)) {
        value = sql_dup(query, 0);
        sql_end(query);
    }
    return value;
}

gint64 sql_new_id(struct db *db)
{
    return sqlite3_last_insert_rowid(db->handle);
}

int sql_changes(struct db *db)
{
    return sqlite3_changes(db->handle);
}

void sql_script(struct db *db, const char *text)
{
    if (db->error == NULL && sqlite3_exec(db->handle, text, NULL, NULL, NULL) != SQLITE_OK)
        fail(db, text);
}

void db_begin(struct db *db)
{
    g_assert(!db->writing);
    g_mutex_lock(&writer);
    db->writing = TRUE;
    sql_run(db, "BEGIN IMMEDIATE");
}

static void stop_writing(struct db *db)
{
    if (db->writing)
        g_mutex_unlock(&writer);
    db->writing = FALSE;
}

gboolean db_ok(struct db *db, GError **error)
{
    if (db->error == NULL)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&db->error));
    return FALSE;
}

void db_rollback(struct db *db)
{
    g_clear_error(&db->error);
    if (!sqlite3_get_autocommit(db->handle))
        sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
    stop_writing(db);
}

gboolean db_commit(struct db *db, GError **error)
{
    sql_run(db, "COMMIT");
    GError *fault = NULL;
    if (db_ok(db, &fault)) {
        stop_writing(db);
        return TRUE;
    }
    db_rollback(db);
    g_propagate_error(error, fault);
    return FALSE;
}

void db_savepoint(struct db *db)
{
    sql_run(db, "SAVEPOINT item");
}

void db_undo(struct db *db)
{
    g_clear_error(&db->error);
    /* After a full disk SQLite may have rolled back the whole transaction by itself. */
    if (!sqlite3_get_autocommit(db->handle))
        sqlite3_exec(db->handle, "ROLLBACK TO item; RELEASE item", NULL, NULL, NULL);
}

gboolean db_release(struct db *db, GError **error)
{
    sql_run(db, "RELEASE item");
    GError *fault = NULL;
    if (db_ok(db, &fault))
        return TRUE;
    db_undo(db);
    g_propagate_error(error, fault);
    return FALSE;
}

const char *db_dir(struct db *db)
{
    return db->dir;
}

static void kept_free(gpointer data)
{
    struct kept *kept = data;
    sqlite3_finalize(kept->idle);
    g_free(kept->text);
    g_free(kept);
}

/* Nobody asks how much memory SQLite uses, and counting it takes a lock for every piece, which the
 * connections of all threads share. */
static void configure_once(void)
{
    static gsize once;
    if (g_once_init_enter(&once)) {
        sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
        g_once_init_leave(&once, 1);
    }
}

static struct db *connect_to(const char *dir, int flags, GError **error)
{
    configure_once();
    struct db *db = g_new0(struct db, 1);
    g_autofree char *path = g_build_filename(dir, "lianluo.db", NULL);
    db->dir = g_strdup(dir);
    db->statements = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, kept_free);
    int result = sqlite3_open_v2(path, &db->handle, flags | SQLITE_OPEN_NOMUTEX, NULL);
    if (result == SQLITE_OK) {
        sqlite3_busy_timeout(db->handle, BUSY_TIMEOUT_MS);
        /* What a savepoint would undo is kept in memory: as a file it doubles all writing. */
        sql_script(db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                       "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;"
                       "PRAGMA temp_store = MEMORY;");
        if (db_ok(db, error))
            return db;
        g_prefix_error(error, "打不开 %s：", path);
    } else {
        fault_set(error, FAULT_WORLD, "打不开数据库 %s：%s", path, sqlite3_errstr(result));
    }
    db_close(db);
    return NULL;
}

gboolean db_create(const char *dir, GError **error)
{
    g_autofree char *path = g_build_filename(dir, "lianluo.db", NULL);
    g_autofree char *files = g_build_filename(dir, "files", NULL);
    if (g_file_test(path, G_FILE_TEST_EXISTS))
        return fault_set(error, FAULT_REFUSED, "%s 已经存在，不再新建", path);
    if (g_mkdir_with_parents(files, 0700) != 0)
        return fault_set(error, FAULT_WORLD, "不能建立目录 %s：%s", files, g_strerror(errno));
    struct db *db = connect_to(dir, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, error);
    if (db == NULL)
        return FALSE;
    gboolean ok = g_chmod(path, 0600) == 0 && schema_upgrade(db, error);
    db_close(db);
    return ok;
}

struct db *db_open(const char *dir, GError **error)
{
    g_autofree char *path = g_build_filename(dir, "lianluo.db", NULL);
    if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
        fault_set(error, FAULT_REFUSED,
                  "%s 里没有联络数据库。请用 -C 指明办公室目录，或先执行 lianluo init -C 目录",
                  dir);
        return NULL;
    }
    struct db *db = connect_to(dir, SQLITE_OPEN_READWRITE, error);
    if (db != NULL && !schema_upgrade(db, error)) {
        db_close(db);
        return NULL;
    }
    return db;
}

void db_close(struct db *db)
{
    if (db == NULL)
        return;
    stop_writing(db);
    g_hash_table_unref(db->statements);
    sqlite3_close(db->handle);
    g_clear_error(&db->error);
    g_free(db->dir);
    g_free(db);
}

void db_relax(struct db *db)
{
    sqlite3_db_release_memory(db->handle);
}

int db_version(struct db *db)
{
    return (int)sql_one(db, "PRAGMA user_version");
}
