/* lianluo check: is everything ready? Reads every setting, resolves secrets, logs in, sends
 * nothing. */
#include "bot/bot.h"

#include <stdio.h>
#include <stdlib.h>

struct report {
    json_t *lines;
    gboolean quiet;
    int code; /* the worst so far */
};

static void line(struct report *report, const char *what, const GError *fault, const char *good)
{
    const char *text = fault != NULL ? fault->message : good;
    g_autofree char *printable = text_printable(text);
    if (fault != NULL)
        report->code = MAX(report->code, fault_exit_code(fault));
    json_array_append_new(report->lines, json_pack("{ss sb ss}", "what", what, "ok", fault == NULL,
                                                   "text", printable));
    if (!report->quiet)
        printf("%s  %s：%s\n", fault == NULL ? "[好]" : "[错]", what, printable);
    fflush(stdout);
}

static void warn(struct report *report, const char *what, const char *text)
{
    json_array_append_new(report->lines,
                          json_pack("{ss sb ss}", "what", what, "ok", 1, "text", text));
    if (!report->quiet)
        printf("[注意] %s：%s\n", what, text);
}

static void check_imap(struct report *report, struct bot *bot)
{
    const struct config *c = bot->config;
    g_autoptr(GError) fault = NULL;
    g_autofree char *good = g_strdup_printf("已登录 %s", c->imap.host);
    struct imap *imap = imap_open(&c->imap, -1, &fault);
    line(report, "收信", fault, good);
    for (char **name = c->policy.folders; imap != NULL && *name != NULL; name++) {
        struct imap_folder box = { 0 };
        g_autoptr(GError) missing = NULL;
        imap_examine(imap, *name, &box, &missing);
        g_autofree char *what = g_strdup_printf("文件夹 %s", *name);
        g_autofree char *size = g_strdup_printf("%u 封邮件", box.exists);
        line(report, what, missing, size);
        if (missing != NULL && !g_error_matches(missing, FAULT, FAULT_REFUSED))
            break;
    }
    imap_close(imap);
}

static void check_senders(struct report *report, struct bot *bot)
{
    const struct config *c = bot->config;
    struct {
        const char *what, *good;
        struct sender *sender;
    } senders[] = {
        { "发信", "已登录，没有发任何邮件", smtp_sender(&c->smtp) },
        { "企业微信", "能连接，没有推送任何消息",
          c->wecom_secret != NULL ? wecom_sender(c->wecom_secret, c->wecom_ca_file, c->smtp.timeout)
                                  : NULL },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(senders); i++) {
        g_autoptr(GError) fault = NULL;
        if (senders[i].sender == NULL)
            continue;
        senders[i].sender->probe(senders[i].sender, &fault);
        line(report, senders[i].what, fault, senders[i].good);
        senders[i].sender->close(senders[i].sender);
    }
    if (c->wecom_secret == NULL)
        warn(report, "企业微信", "没有设置，不推送");
}

static void check_roster(struct report *report, struct bot *bot)
{
    g_autoptr(GPtrArray) units = unit_list(bot->db, FALSE);
    guint without = 0, members = 0;
    gint64 office = unit_find(bot->db, UNIT_OFFICE);
    g_auto(GStrv) clerks = unit_addresses(bot->db, office, ROLE_CLERK);
    for (guint i = 0; i < units->len; i++) {
        const struct unit *u = units->pdata[i];
        g_auto(GStrv) to = unit_addresses(bot->db, u->id, ROLE_LIAISON);
        members += u->id != office;
        without += u->id != office && to[0] == NULL;
    }
    g_autofree char *text = g_strdup_printf("%u 个单位，其中 %u 个没有邮箱", members, without);
    line(report, "名册", NULL, text);
    if (clerks[0] == NULL)
        warn(report, "经办人", "没有登记（unit office，角色 经办），简报将发到办公室自己的邮箱");
}

static void check_signers(struct report *report, struct bot *bot)
{
    g_auto(GStrv) signers =
        unit_addresses(bot->db, unit_by_code(bot->db, UNIT_OFFICE), ROLE_SIGNER);
    if (bot->config->policy.sign_off == SIGN_OFF_YES && signers[0] == NULL)
        warn(report, "签发",
             "[deliver] sign_off = yes，但名册里没有有邮箱的签发人（unit office，角色 签发）");
}

static void check_calendar(struct report *report)
{
    g_autofree char *missing = calendar_advice();
    if (missing != NULL)
        warn(report, "工作日历", missing);
}

static void check_waiting(struct report *report, struct bot *bot)
{
    gint64 waiting = review_count(bot->db, 0);
    g_autofree char *text =
        g_strdup_printf("%" G_GINT64_FORMAT " 件等人处理：lianluo review list", waiting);
    if (waiting == 0)
        return;
    warn(report, "待办", text);
    if (report->code == EXIT_DONE)
        report->code = EXIT_WAITS;
}

static void check_office(struct report *report, struct bot *bot)
{
    g_autoptr(GError) fault = NULL;
    const struct config *c = bot->config;
    gboolean open = c->imap.security == SECURITY_NONE || c->smtp.security == SECURITY_NONE;
    gboolean resolved = config_secrets(bot->config, &fault);
    line(report, "密钥", fault, "都能取到");
    if (open)
        warn(report, "加密", "security = none：密码明文传送，只宜用于本机");
    if (resolved) {
        check_imap(report, bot);
        check_senders(report, bot);
    }
    check_roster(report, bot);
    check_signers(report, bot);
    check_calendar(report);
    warn(report, "发信开关",
         c->policy.hold ? "hold：只准备，outbox release 后才发出" : "live：直接发出");
    check_waiting(report, bot);
}

static int run(struct cli *cli, GError **error)
{
    struct report report = { .lines = json_array(), .quiet = cli->json };
    struct bot *bot = NULL;
    if (cli_expect(cli, 0, 0, "check", error))
        bot = bot_open(cli->dir, error);
    if (bot != NULL) {
        line(&report, "配置", NULL, "每一项都认得，取值都对");
        check_office(&report, bot);
        bot_close(bot);
        if (cli->json)
            print_json(json_pack("{sO}", "checks", report.lines));
    }
    json_decref(report.lines);
    return report.code;
}

const struct command command_check = {
    .name = "check",
    .summary = "检查配置，试登录收信和发信服务器，不发任何东西",
    .help = "用法：lianluo check [--json]\n\n"
            "逐项检查配置、密钥、收信和发信的登录、文件夹、企业微信、名册和工作日历，每项一行。\n"
            "不发送任何邮件和消息。有事等人处理时退出码为 3。\n",
    .run = run,
};
