/* lianluo help: the table of commands, or one of them. */
#include "bot/bot.h"

#include <stdio.h>

static int run(struct cli *cli, GError **error)
{
    if (cli->argc > 0) {
        for (size_t i = 0; commands[i] != NULL; i++)
            if (g_str_equal(commands[i]->name, cli->argv[0])) {
                fputs(commands[i]->help, stdout);
                return EXIT_DONE;
            }
        fault_set(error, FAULT_REFUSED, "没有“%s”这个命令", cli->argv[0]);
        return FAULT_REFUSED;
    }
    puts("联络：发通知、收反馈、催办、汇总的办公室助手\n\n用法：lianluo 命令 [-C 办公室目录] "
         "[参数]\n");
    for (size_t i = 0; commands[i] != NULL; i++)
        printf("  %-11s %s\n", commands[i]->name, commands[i]->summary);
    puts("\n每个命令都可以加：\n"
         "  -C 目录              "
         "办公室所在目录（lianluo.conf、lianluo.db、files/），默认为当前目录\n"
         "  --json               输出 JSON\n"
         "  --at '2019-06-21 09:00'  当作此刻\n"
         "  --help               该命令的用法\n\n"
         "退出码：0 办成；1 外部原因没办成（网络、磁盘、服务器）；2 用法、配置或输入不对；3 "
         "有事等人处理");
    return EXIT_DONE;
}

const struct command command_help = {
    .name = "help",
    .summary = "列出命令，或说明一个命令",
    .help = "用法：lianluo help [命令]\n",
    .run = run,
};
