/* Further sides of a message. */
#include "db/sql.h"

void side_propose(struct db *db, gint64 message, const struct side *side)
{
    sql_run(db, "INSERT INTO message_side (message, matter, unit) VALUES (?, ?, ?)", NUM(message),
            REF(side->matter), REF(side->unit));
}

void side_drop(struct db *db, gint64 message, const struct side *side)
{
    sql_run(db,
            "DELETE FROM message_side WHERE message = ? AND matter IS ? AND unit IS ?"
            " AND stance IS NOT NULL",
            NUM(message), REF(side->matter), REF(side->unit));
}

void side_file(struct db *db, gint64 message, const struct side *side, enum stance stance)
{
    side_drop(db, message, side);
    sql_run(db, "INSERT INTO message_side (message, matter, unit, stance) VALUES (?, ?, ?, ?)",
            NUM(message), REF(side->matter), REF(side->unit), TXT(stance_text(stance)));
}

void side_prune(struct db *db, gint64 message)
{
    sql_run(db,
            "DELETE FROM message_side WHERE message = ?1 AND stance IS NOT NULL"
            " AND NOT EXISTS (SELECT 1 FROM submission AS s WHERE s.message = ?1"
            "  AND s.matter = message_side.matter AND s.unit = message_side.unit"
            "  AND s.voided_at IS NULL)",
            NUM(message));
}

GArray *side_list(struct db *db, gint64 message, gboolean filed)
{
    GArray *sides = g_array_new(FALSE, FALSE, sizeof(struct side));
    struct sql *q = sql_query(db,
                              "SELECT matter, unit FROM message_side WHERE message = ?"
                              " AND (stance IS NOT NULL) = ? ORDER BY rowid",
                              NUM(message), NUM(filed != 0));
    while (sql_row(q)) {
        struct side side = { sql_num(q, 0), sql_num(q, 1) };
        g_array_append_val(sides, side);
    }
    return sides;
}

gboolean side_in(const GArray *sides, const struct side *side)
{
    for (guint i = 0; i < sides->len; i++) {
        const struct side *one = &g_array_index(sides, struct side, i);
        if (one->matter == side->matter && one->unit == side->unit)
            return TRUE;
    }
    return FALSE;
}
