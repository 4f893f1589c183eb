/* lianluo tick: the four stages once. */
#include "bot/bot.h"

#include <stdio.h>

static void say(struct bot *bot)
{
    json_auto_t *health = health_json(&bot->office);
    size_t i;
    json_t *line;
    json_array_foreach (health, i, line)
        fprintf(stderr, "lianluo: %s\n", json_string_value(json_object_get(line, "text")));
}

static int run(struct cli *cli, GError **error)
{
    struct bot *bot = NULL;
    int code = FAULT_REFUSED;
    if (cli_expect(cli, 0, 0, "tick", error) && (bot = bot_open(cli->dir, error)) != NULL &&
        bot_start(bot, error)) {
        code = tick(bot) == STAGE_FAILED ? FAULT_WORLD : EXIT_DONE;
        if (code != EXIT_DONE)
            say(bot);
    }
    bot_close(bot);
    return code;
}

const struct command command_tick = {
    .name = "tick",
    .summary = "收信、处理、办到期事务、发信，各做一遍",
    .help = "用法：lianluo tick\n\n"
            "依次收信、处理、办到期事务、发信，各做一遍就结束；可由 cron 或 systemd 定时执行。\n"
            "[deliver] send = hold 时只准备不发出，见 lianluo outbox release。\n",
    .run = run,
};
