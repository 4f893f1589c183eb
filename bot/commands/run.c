/* lianluo run: the daemon. */
#include "bot/bot.h"

static int run(struct cli *cli, GError **error)
{
    if (!cli_expect(cli, 0, 0, "run", error))
        return FAULT_REFUSED;
    return run_office(cli->dir, error);
}

const struct command command_run = {
    .name = "run",
    .summary = "常驻运行：新信即到即收，到期即办，该发即发",
    .help = "用法：lianluo run\n\n"
            "常驻运行，直到收到 SIGTERM；SIGHUP 重读配置（有错就沿用旧的）。\n"
            "同一个办公室同时只能有一个 run 或 tick。由 systemd 管理最好：systemctl enable --now\n"
            "lianluo@名称，办公室目录为 /var/lib/lianluo/名称，步骤见 man lianluo。\n",
    .run = run,
};
