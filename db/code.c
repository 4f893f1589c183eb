/* One-time codes: issued, compared, used up. */
#include "db/sql.h"

#include "base/base.h"

enum { CODE_HOURS = 24, CODE_TRIES = 5, SALT_LENGTH = 16 };

void code_free(struct code *code)
{
    if (code == NULL)
        return;
    g_free(code->address);
    g_free(code->purpose);
    g_free(code->commands);
    g_free(code->shown);
    g_free(code);
}

char *code_issue(struct db *db, const struct code *code)
{
    char *secret = onetime_random(ONETIME_LENGTH);
    g_autofree char *salt = onetime_random(SALT_LENGTH);
    g_autofree char *hash = onetime_hash(secret, salt);
    gint64 now = clock_now();
    sql_run(db,
            "INSERT INTO code (address, salt, hash, purpose, message, matter, commands, shown,"
            " created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            TXT(code->address), TXT(salt), TXT(hash), TXT(code->purpose), REF(code->message),
            REF(code->matter), TXT(code->commands), TXT(code->shown), INST(now),
            INST(now + CODE_HOURS * 60 * 60));
    return secret;
}

static void code_end(struct db *db, gint64 id, const char *ending)
{
    sql_run(db, "UPDATE code SET ended_at = ?, ending = ? WHERE id = ? AND ended_at IS NULL",
            INST(clock_now()), TXT(ending), NUM(id));
}

static gint64 find_same(struct db *db, const char *address, const char *typed)
{
    gint64 found = 0;
    struct sql *q = sql_query(db,
                              "SELECT id, salt, hash FROM code WHERE address = ? COLLATE NOCASE"
                              " ORDER BY id DESC LIMIT 200",
                              TXT(address));
    while (sql_row(q)) {
        g_autofree char *hash = onetime_hash(typed, sql_str(q, 1));
        if (onetime_same(hash, sql_str(q, 2)))
            found = sql_num(q, 0);
    }
    return found;
}

static enum code_result count_wrong(struct db *db, const char *address)
{
    sql_run(db,
            "UPDATE code SET tries = tries + 1 WHERE address = ? COLLATE NOCASE"
            " AND ended_at IS NULL",
            TXT(address));
    sql_run(db,
            "UPDATE code SET ended_at = ?, ending = 'spent' WHERE ended_at IS NULL"
            " AND tries >= ? AND address = ? COLLATE NOCASE",
            INST(clock_now()), NUM(CODE_TRIES), TXT(address));
    return sql_changes(db) > 0 ? CODE_SPENT : CODE_WRONG;
}

static enum code_result ended_as(const char *ending)
{
    static const struct {
        const char *ending;
        enum code_result result;
    } rows[] = { { "cancelled", CODE_CANCELLED },
                 { "expired", CODE_EXPIRED },
                 { "spent", CODE_SPENT } };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        if (g_str_equal(rows[i].ending, ending))
            return rows[i].result;
    return CODE_USED;
}

static struct code *load(struct db *db, gint64 id, enum code_result *result)
{
    struct sql *q = sql_query(db,
                              "SELECT address, purpose, message, matter, commands, shown,"
                              " expires_at, ending FROM code WHERE id = ?",
                              NUM(id));
    if (!sql_row(q))
        return NULL;
    struct code *code = g_new0(struct code, 1);
    code->id = id;
    code->address = sql_dup(q, 0);
    code->purpose = sql_dup(q, 1);
    code->message = sql_num(q, 2);
    code->matter = sql_num(q, 3);
    code->commands = sql_dup(q, 4);
    code->shown = sql_dup(q, 5);
    *result = sql_str(q, 7) != NULL              ? ended_as(sql_str(q, 7))
              : sql_instant(q, 6) <= clock_now() ? CODE_EXPIRED
                                                 : CODE_GOOD;
    sql_end(q);
    return code;
}

enum code_result code_redeem(struct db *db, const char *address, const char *typed,
                             struct code **code)
{
    *code = NULL;
    gint64 id = find_same(db, address, typed);
    if (id == 0)
        return count_wrong(db, address);
    enum code_result result = CODE_WRONG;
    *code = load(db, id, &result);
    if (result != CODE_GOOD) {
        code_free(*code);
        *code = NULL;
    }
    code_end(db, id, result == CODE_GOOD ? "used" : "expired");
    return result;
}

struct code *code_find(struct db *db, const char *address, const char *typed,
                       enum code_result *result)
{
    *result = CODE_WRONG;
    return load(db, find_same(db, address, typed), result);
}

gboolean code_any_open(struct db *db, const char *address)
{
    return sql_one(db,
                   "SELECT count(*) FROM code WHERE address = ? COLLATE NOCASE"
                   " AND ended_at IS NULL AND expires_at > ?",
                   TXT(address), INST(clock_now())) > 0;
}

int code_cancel(struct db *db, const char *address, const char *purpose, gint64 matter)
{
    sql_run(db,
            "UPDATE code SET ended_at = ?1, ending = 'cancelled' WHERE ended_at IS NULL"
            " AND (?2 IS NULL OR address = ?2 COLLATE NOCASE) AND (?3 IS NULL OR purpose = ?3)"
            " AND (?4 = 0 OR matter = ?4)",
            INST(clock_now()), TXT(address), TXT(purpose), NUM(matter));
    return sql_changes(db);
}
