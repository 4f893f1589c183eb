/* The schedule stage: what has fallen due, by the table of due handlers. */
#include "bot/bot.h"

static gboolean run_due(struct bot *bot, const struct due_handler *due, GError **error)
{
    db_begin(bot->db);
    if (due->run(&bot->office, error))
        return db_commit(bot->db, error);
    db_rollback(bot->db);
    return FALSE;
}

enum stage schedule(struct bot *bot)
{
    g_autoptr(GString) faults = g_string_new(NULL);
    for (const struct due_handler *due = due_handlers; due->name != NULL; due++) {
        g_autoptr(GError) error = NULL;
        if (!run_due(bot, due, &error))
            g_string_append_printf(faults, "%s%s", faults->len > 0 ? "；" : "", error->message);
    }
    fault_remember(bot, "schedule_fault", faults->len > 0 ? faults->str : NULL);
    return faults->len > 0 ? STAGE_FAILED : STAGE_IDLE;
}
