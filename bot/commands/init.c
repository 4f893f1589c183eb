/* lianluo init: a new office. */
#include "bot/bot.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* An existing configuration is the person's own and stays. */
static gboolean write_config(const char *dir, GError **error)
{
    g_autofree char *path = g_build_filename(dir, "lianluo.conf", NULL);
    g_autofree char *text = config_example();
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0 && errno == EEXIST)
        return TRUE;
    gboolean ok = fd >= 0 && write(fd, text, strlen(text)) == (gssize)strlen(text);
    if (!ok)
        fault_set(error, FAULT_WORLD, "不能写 %s：%s", path, g_strerror(errno));
    if (fd >= 0)
        close(fd);
    return ok;
}

static gboolean first_rows(const char *dir, GError **error)
{
    struct db *db = db_open(dir, error);
    if (db == NULL)
        return FALSE;
    g_autofree char *now = instant_text(clock_now());
    db_begin(db);
    office_set(db, "created_at", now);
    unit_add(db, UNIT_OFFICE, "办公室", "");
    event_add(db, &(struct event){ .what = "office.init", .text = "" });
    gboolean ok = db_commit(db, error);
    db_close(db);
    return ok;
}

static int run(struct cli *cli, GError **error)
{
    if (!cli_expect(cli, 0, 0, "init -C 目录", error))
        return FAULT_REFUSED;
    if (g_mkdir_with_parents(cli->dir, 0700) != 0) {
        fault_set(error, FAULT_WORLD, "不能建立目录 %s：%s", cli->dir, g_strerror(errno));
        return FAULT_WORLD;
    }
    if (!db_create(cli->dir, error) || !first_rows(cli->dir, error) ||
        !write_config(cli->dir, error))
        return FAULT_WORLD;
    if (cli->json)
        print_json(json_pack("{ss}", "dir", cli->dir));
    else
        printf(
            "办公室已建立在 %s。\n下一步：填写 %s/lianluo.conf，执行 lianluo check -C %s 检查，\n"
            "再用 lianluo unit import 名册.csv -C %s 导入单位。\n",
            cli->dir, cli->dir, cli->dir, cli->dir);
    return EXIT_DONE;
}

const struct command command_init = {
    .name = "init",
    .summary = "建立一个办公室：目录、配置和数据库",
    .help = "用法：lianluo init -C 目录\n\n"
            "建立目录、数据库和一份待填写的 lianluo.conf（已有的配置不动）。\n"
            "此刻以前的旧邮件只存档，不处理；要改这个时刻，设 [receive] since。\n",
    .run = run,
};
