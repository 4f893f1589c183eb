/* Private to bot/commands: the import of a roster from CSV. */
#ifndef BOT_COMMANDS_ROSTER_H
#define BOT_COMMANDS_ROSTER_H

#include "bot/bot.h"

struct roster_count {
    int added, changed;  /* units */
    int contacts, ended; /* contacts */
};
/* Inside the caller's transaction. FAULT_REFUSED names row and column; then nothing is to be kept.
 */
gboolean roster_import(struct db *db, const char *bytes, gsize n, struct roster_count *count,
                       GError **error);

#endif
