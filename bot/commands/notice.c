/* lianluo notice: what a notice says, without any office. */
#include "bot/bot.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char *option_date;
static const GOptionEntry options[] = {
    { "date", 0, 0, G_OPTION_ARG_STRING, &option_date, NULL, NULL },
    { NULL },
};

enum { TEXT_MAX = 16 * 1024 * 1024 };

static GBytes *read_all(const char *path, GError **error)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    char buffer[65536];
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    if (file == NULL) {
        fault_set(error, FAULT_REFUSED, "读不到 %s：%s", path, g_strerror(errno));
        return NULL;
    }
    gsize n;
    while (bytes->len <= TEXT_MAX && (n = fread(buffer, 1, sizeof buffer, file)) > 0)
        g_byte_array_append(bytes, (const guint8 *)buffer, (guint)n);
    gboolean failed = ferror(file) != 0;
    if (file != stdin)
        fclose(file);
    if (failed)
        fault_set(error, FAULT_REFUSED, "读不到 %s", path);
    else if (bytes->len > TEXT_MAX)
        fault_set(error, FAULT_REFUSED, "%s 太大，不像一份通知", path);
    else
        return g_byte_array_free_to_bytes(g_steal_pointer(&bytes));
    return NULL;
}

/* UTF-8 with or without its mark, else GB18030. */
static char *text_of(GBytes *bytes)
{
    gsize n, converted;
    const char *data = g_bytes_get_data(bytes, &n);
    if (n >= 3 && memcmp(data, CSV_MARK, 3) == 0)
        data += 3, n -= 3;
    if (g_utf8_validate(data, (gssize)n, NULL))
        return text_clean(data, (gssize)n);
    g_autofree char *utf8 = g_convert(data, (gssize)n, "UTF-8", "GB18030", NULL, &converted, NULL);
    return utf8 != NULL ? text_clean(utf8, (gssize)converted) : text_clean(data, (gssize)n);
}

static int run(struct cli *cli, GError **error)
{
    struct notice_setting setting = { 0 };
    if (!cli_expect(cli, 1, 1, "notice 文件.txt [--date 2019-06-10]", error))
        return FAULT_REFUSED;
    if (option_date != NULL && !day_parse(option_date, &setting.date)) {
        fault_set(error, FAULT_REFUSED, "--date 应写成 2019-06-10，现在是“%s”", option_date);
        return FAULT_REFUSED;
    }
    g_autoptr(GBytes) bytes = read_all(cli->argv[0], error);
    if (bytes == NULL)
        return FAULT_REFUSED;
    g_autofree char *text = text_of(bytes);
    print_json(notice_read(text, &setting));
    return EXIT_DONE;
}

const struct command command_notice = {
    .name = "notice",
    .summary = "看一份通知说了什么（不需要办公室目录）",
    .help = "用法：lianluo notice 文件.txt [--date 2019-06-10]\n\n"
            "输出一行 "
            "JSON：标题、文号、种类、落款、日期、截止时间、报送要求、逾期怎么办、邮箱、联系人、\n"
            "征求意见的文件、附件、主送、各单位职责。每一项都附原句（evidence）；通知里没有写的是 "
            "null。\n"
            "文件写成 - 时从标准输入读。通知没有落款日期时，--date 用来推算年份。\n",
    .options = options,
    .run = run,
};
