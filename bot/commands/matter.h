/* Private to bot/commands: what matter.c and matter_new.c share. */
#ifndef BOT_COMMANDS_MATTER_H
#define BOT_COMMANDS_MATTER_H

#include "bot/bot.h"

extern const GOptionEntry matter_options[];
const char *matter_option_deadline(void);
const char *matter_option_why(void);
const char *matter_option_unit(void);
int matter_new(struct cli *cli, struct bot *bot, GError **error);

#endif
