/* lianluo paper: paper and fax that arrived. */
#include "bot/bot.h"

#include <stdio.h>

static char *option_how, *option_stance;
static const GOptionEntry options[] = {
    { "how", 0, 0, G_OPTION_ARG_STRING, &option_how, NULL, NULL },
    { "stance", 0, 0, G_OPTION_ARG_STRING, &option_stance, NULL, NULL },
    { NULL },
};

static void say(struct bot *bot, gint64 matter, gint64 unit, json_t *all)
{
    struct assignment *a = assignment_get(bot->db, matter, unit);
    g_autofree char *name = unit_label(bot->db, unit);
    json_array_append_new(all, json_pack("{so ss ss}", "unit", json_unit(bot->db, unit), "paper",
                                         paper_text(a->paper), "status", status_text(a->status)));
    printf("%s：纸质件已收到，%s\n", name, status_chinese(a->status));
    assignment_free(a);
}

static int received(struct cli *cli, struct bot *bot, GError **error)
{
    int how = how_of(option_how != NULL ? option_how : "paper"), stance = -1;
    if (how != HOW_PAPER && how != HOW_FAX && how != HOW_SCAN) {
        fault_set(error, FAULT_REFUSED, "--how 应是 paper、fax 或 scan");
        return FAULT_REFUSED;
    }
    if (option_stance != NULL && (stance = cli_stance(option_stance, error)) < 0)
        return FAULT_REFUSED;
    gint64 matter = cli_matter(bot->db, cli->argv[0], error);
    gboolean ok = matter != 0;
    g_autoptr(GArray) units = g_array_new(FALSE, FALSE, sizeof(gint64));
    db_begin(bot->db);
    for (int i = 1; ok && i < cli->argc; i++) {
        gint64 unit = cli_unit(&bot->office, cli->argv[i], error);
        ok = unit != 0 && ledger_paper(&bot->office, matter, unit, (enum how)how, stance, error);
        g_array_append_val(units, unit);
    }
    if (!ok) {
        db_rollback(bot->db);
        return FAULT_REFUSED;
    }
    if (!db_commit(bot->db, error))
        return FAULT_WORLD;
    json_t *all = json_array();
    for (guint i = 0; i < units->len; i++)
        if (!cli->json)
            say(bot, matter, g_array_index(units, gint64, i), all);
    if (cli->json)
        print_json(json_pack("{sI si}", "matter", (json_int_t)matter, "received", (int)units->len));
    json_decref(all);
    return EXIT_DONE;
}

static int run(struct cli *cli, GError **error)
{
    static const char *const verbs[] = { "received", NULL };
    int code = FAULT_REFUSED;
    struct bot *bot = NULL;
    if (cli_verb(cli, verbs, error) == 0 &&
        cli_expect(cli, 2, 100, "paper received 事项 单位… [--how fax] [--stance 态度]", error) &&
        (bot = bot_open(cli->dir, error)) != NULL)
        code = received(cli, bot, error);
    bot_close(bot);
    return code;
}

const struct command command_paper = {
    .name = "paper",
    .summary = "登记收到的纸质件、传真",
    .help = "用法：lianluo paper received 事项 单位… [--how paper|fax|scan] [--stance 态度]\n\n"
            "不写态度、该单位又没有别的反馈时，记为待办：要有人看过纸质件才算数。\n",
    .options = options,
    .writes = TRUE,
    .run = run,
};
