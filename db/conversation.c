/* Conversations, choices and sessions. */
#include "db/sql.h"

#include "base/base.h"

gint64 conversation_root(struct db *db, gint64 message)
{
    return sql_one(db, "SELECT root FROM conversation WHERE message = ?", NUM(message));
}

void conversation_add(struct db *db, gint64 message, gint64 root)
{
    sql_run(db, "INSERT OR IGNORE INTO conversation (message, root) VALUES (?, ?)", NUM(message),
            NUM(root));
}

void choice_free(struct choice *choice)
{
    if (choice == NULL)
        return;
    g_free(choice->command);
    g_free(choice);
}

void choice_add(struct db *db, gint64 message, const struct choice *choice)
{
    sql_run(db,
            "INSERT INTO choice (message, number, question, command, matter)"
            " VALUES (?, ?, ?, ?, ?)",
            NUM(message), NUM(choice->number), NUM(choice->question), TXT(choice->command),
            REF(choice->matter));
}

struct choice *choice_take(struct db *db, gint64 message, int number)
{
    struct sql *q = sql_query(db,
                              "SELECT number, question, command, matter FROM choice"
                              " WHERE message = ? AND number = ?",
                              NUM(message), NUM(number));
    if (!sql_row(q))
        return NULL;
    struct choice *choice = g_new0(struct choice, 1);
    choice->number = (int)sql_num(q, 0);
    choice->question = (int)sql_num(q, 1);
    choice->command = sql_dup(q, 2);
    choice->matter = sql_num(q, 3);
    sql_end(q);
    sql_run(db, "DELETE FROM choice WHERE message = ? AND question = ?", NUM(message),
            NUM(choice->question));
    return choice;
}

gboolean choice_any(struct db *db, gint64 message)
{
    return sql_one(db, "SELECT count(*) FROM choice WHERE message = ?", NUM(message)) > 0;
}

void session_open(struct db *db, const char *address, gint64 root, gint64 until)
{
    sql_run(db,
            "INSERT INTO session (address, root, until) VALUES (?, ?, ?)"
            " ON CONFLICT (address, root) DO UPDATE SET until = excluded.until",
            TXT(address), NUM(root), INST(until));
}

gboolean session_is_open(struct db *db, const char *address, gint64 root)
{
    return sql_one(db, "SELECT count(*) FROM session WHERE address = ? AND root = ? AND until > ?",
                   TXT(address), NUM(root), INST(clock_now())) > 0;
}
