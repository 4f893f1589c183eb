/* lianluo notice: what a notice says, without any office. */
#include "bot/bot.h"

static char *option_date;
static const GOptionEntry options[] = {
    { "date", 0, 0, G_OPTION_ARG_STRING, &option_date, NULL, NULL },
    { NULL },
};

static int run(struct cli *cli, GError **error)
{
    struct notice_setting setting = { 0 };
    if (!cli_expect(cli, 1, 1, "notice 文件 [--date 2019-06-10]", error))
        return FAULT_REFUSED;
    if (option_date != NULL && !day_parse(option_date, &setting.date)) {
        fault_set(error, FAULT_REFUSED, "--date 应写成 2019-06-10，现在是“%s”", option_date);
        return FAULT_REFUSED;
    }
    g_autofree char *text = text_file(cli->argv[0], error);
    if (text == NULL)
        return FAULT_REFUSED;
    print_json(notice_read(text, &setting));
    return EXIT_DONE;
}

const struct command command_notice = {
    .name = "notice",
    .summary = "看一份通知说了什么（不需要办公室目录）",
    .help = "用法：lianluo notice 文件 [--date 2019-06-10]\n\n"
            "输出一行 "
            "JSON：标题、文号、种类、落款、日期、截止时间、报送要求、逾期怎么办、邮箱、联系人、\n"
            "征求意见的文件、附件、主送、各单位职责。每一项都附原句（evidence）；通知里没有写的是 "
            "null。\n"
            "文件可以是 .txt、.docx、.doc、.wps、.pdf 等；写成 - "
            "时从标准输入读。通知没有落款日期时，--date 用来推算年份。\n",
    .options = options,
    .run = run,
};
