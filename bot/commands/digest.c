/* lianluo digest: the digest of this moment, to look at or to send now. */
#include "bot/bot.h"

#include <stdio.h>

static gboolean option_send, option_html;
static const GOptionEntry options[] = {
    { "send", 0, 0, G_OPTION_ARG_NONE, &option_send, NULL, NULL },
    { "html", 0, 0, G_OPTION_ARG_NONE, &option_html, NULL, NULL },
    { NULL },
};

static int send_now(struct cli *cli, struct bot *bot, GError **error)
{
    g_autofree char *now = instant_text(clock_now());
    g_autofree char *key = g_strdup_printf("digest/%s", now);
    db_begin(bot->db);
    if (!digest_queue(&bot->office, key, error)) {
        db_rollback(bot->db);
        return FAULT_REFUSED;
    }
    if (!db_commit(bot->db, error))
        return FAULT_WORLD;
    if (!cli->json)
        puts(bot->config->policy.hold ? "简报已备好，暂存在发件箱"
                                      : "简报已进发件箱，下次 tick 发出");
    return EXIT_DONE;
}

static int show(struct bot *bot, json_t *data, GError **error)
{
    g_autofree char *folder = office_templates(&bot->office);
    g_autofree char *text = template_file(
        folder, option_html ? "digest.html.mustache" : "digest.txt.mustache", data, error);
    if (text == NULL)
        return FAULT_REFUSED;
    fputs(text, stdout);
    return EXIT_DONE;
}

static int run(struct cli *cli, GError **error)
{
    struct bot *bot = NULL;
    int code = FAULT_REFUSED;
    if (cli_expect(cli, 0, 0, "digest [--html] [--send]", error) &&
        (bot = bot_open(cli->dir, error)) != NULL) {
        json_auto_t *data = digest_json(&bot->office);
        code = EXIT_DONE;
        if (cli->json)
            print_json(json_incref(data));
        else if (!option_send)
            code = show(bot, data, error);
        if (option_send)
            code = send_now(cli, bot, error);
    }
    bot_close(bot);
    return code;
}

const struct command command_digest = {
    .name = "digest",
    .summary = "看此刻的简报，或现在就发",
    .help = "用法：lianluo digest [--html] [--json] [--send]\n\n"
            "不加 --send 只显示，什么也不改。\n",
    .options = options,
    .writes = TRUE,
    .run = run,
};
