/* lianluo feedback: letters that tell each unit what became of its opinions. */
#include "bot/bot.h"

#include <stdio.h>

static gboolean option_partial;
static const GOptionEntry options[] = {
    { "partial", 0, 0, G_OPTION_ARG_NONE, &option_partial, NULL, NULL },
    { NULL },
};

static int queue(struct bot *bot, struct cli *cli, GError **error)
{
    gint64 matter = cli_matter(bot->db, cli->argv[0], error);
    int queued = 0;
    if (matter == 0)
        return FAULT_REFUSED;
    db_begin(bot->db);
    if (!feedback_queue(&bot->office, matter, option_partial, &queued, error)) {
        db_rollback(bot->db);
        return FAULT_REFUSED;
    }
    if (!db_commit(bot->db, error))
        return FAULT_WORLD;
    if (cli->json)
        print_json(json_pack("{sI si}", "matter", (json_int_t)matter, "queued", queued));
    else
        printf("已拟好 %d 封意见采纳情况反馈，暂存在发件箱：lianluo outbox list 查看，"
               "outbox release 发出\n",
               queued);
    return EXIT_DONE;
}

static int run(struct cli *cli, GError **error)
{
    struct bot *bot = NULL;
    int code = FAULT_REFUSED;
    if (cli_expect(cli, 1, 1, "feedback 事项 [--partial]", error) &&
        (bot = bot_open(cli->dir, error)) != NULL)
        code = queue(bot, cli, error);
    bot_close(bot);
    return code;
}

const struct command command_feedback = {
    .name = "feedback",
    .summary = "给提了意见的单位拟好采纳情况反馈（暂存待发）",
    .help = "用法：lianluo feedback 事项 [--partial] [--json]\n\n"
            "每个单位一封，只写它自己的意见。还有意见没有定采纳情况时不拟；\n"
            "加 --partial 只反馈已经定下的。改了采纳情况再执行，没发出的由新的代替。\n",
    .options = options,
    .writes = TRUE,
    .run = run,
};
