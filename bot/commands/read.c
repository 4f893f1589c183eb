/* lianluo read: what a file says, without any office. */
#include "bot/bot.h"

#include <stdio.h>

static int run(struct cli *cli, GError **error)
{
    if (!cli_expect(cli, 1, 1000000, "read 文件…", error))
        return FAULT_REFUSED;
    for (int i = 0; i < cli->argc; i++) {
        g_autoptr(GBytes) line = document_line_of_file(cli->argv[i], error);
        if (line == NULL)
            return FAULT_WORLD;
        fwrite(g_bytes_get_data(line, NULL), 1, g_bytes_get_size(line), stdout);
    }
    return EXIT_DONE;
}

const struct command command_read = {
    .name = "read",
    .summary = "看一个附件说了什么：正文、修订、批注、表格（不需要办公室目录）",
    .help = "用法：lianluo read 文件…\n\n"
            "能读 docx、doc、wps、rtf、xlsx、xls、pdf、ofd、txt、html、csv、eml 和压缩包，"
            "按内容而不是名字认格式。\n每个文件输出一行 JSON；读不了的在 unreadable 里说明原因。\n",
    .run = run,
};
