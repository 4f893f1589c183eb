/* Folders of the mailbox: the cursor of law 2. */
#include "db/sql.h"

gboolean folder_get(struct db *db, const char *name, struct folder *folder)
{
    struct sql *q = sql_query(
        db, "SELECT uidvalidity, last_uid, messages, read_at, swept_at FROM folder WHERE name = ?",
        TXT(name));
    if (!sql_row(q))
        return FALSE;
    folder->uidvalidity = (guint32)sql_num(q, 0);
    folder->last_uid = (guint32)sql_num(q, 1);
    folder->messages = (guint32)sql_num(q, 2);
    folder->read_at = sql_instant(q, 3);
    folder->swept_at = sql_instant(q, 4);
    sql_end(q);
    return TRUE;
}

void folder_set(struct db *db, const char *name, const struct folder *folder)
{
    sql_run(db,
            "INSERT OR REPLACE INTO folder (name, uidvalidity, last_uid, messages, read_at,"
            " swept_at) VALUES (?, ?, ?, ?, ?, ?)",
            TXT(name), NUM(folder->uidvalidity), NUM(folder->last_uid), NUM(folder->messages),
            INST(folder->read_at), INST(folder->swept_at));
}

gint64 folders_read_at(struct db *db, const char *const *names)
{
    gint64 earliest = G_MAXINT64;
    for (; *names != NULL; names++) {
        struct folder folder;
        if (!folder_get(db, *names, &folder))
            return 0;
        earliest = MIN(earliest, folder.read_at);
    }
    return earliest == G_MAXINT64 ? 0 : earliest;
}
