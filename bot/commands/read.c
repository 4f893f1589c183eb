/* lianluo read: what a file says, without any office. */
#include "bot/bot.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* NULL: FAULT_REFUSED, it is not there or no file; FAULT_WORLD, its reader did not start. */
static json_t *read_named(const char *path, GError **error)
{
    g_autofree char *name = g_path_get_basename(path);
    struct stat about;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    json_t *json = NULL;
    if (fd < 0)
        fault_set(error, FAULT_REFUSED, "打不开 %s：%s", path, g_strerror(errno));
    else if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode))
        fault_set(error, FAULT_REFUSED, "%s 不是文件", path);
    else
        json = document_read(fd, name, error);
    if (fd >= 0)
        close(fd);
    return json;
}

static int run(struct cli *cli, GError **error)
{
    if (!cli_expect(cli, 1, 1000000, "read 文件…", error))
        return FAULT_REFUSED;
    for (int i = 0; i < cli->argc; i++) {
        json_t *json = read_named(cli->argv[i], error);
        if (json == NULL)
            return FAULT_WORLD;
        print_json(json);
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
