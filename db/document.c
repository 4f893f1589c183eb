/* Attachments as they were read. */
#include "db/sql.h"

#include "base/base.h"
#include <stdlib.h>

json_t *document_get(struct db *db, const char *sha256)
{
    g_autofree char *text =
        sql_one_text(db, "SELECT json FROM document WHERE sha256 = ?", TXT(sha256));
    return text != NULL ? json_loads(text, 0, NULL) : NULL;
}

void document_set(struct db *db, const char *sha256, json_t *document)
{
    char *text = json_dumps(document, JSON_COMPACT);
    sql_run(db,
            "INSERT INTO document (sha256, json, read_at) VALUES (?, ?, ?)"
            " ON CONFLICT (sha256) DO UPDATE SET json = excluded.json, read_at = excluded.read_at",
            TXT(sha256), TXT(text), INST(clock_now()));
    free(text);
}
