/* The table of settings: name, type, default, range, and one sentence for people. A new setting is
 * a row here and nowhere else; config.example is printed from it. */
#include "bot/bot.h"

#include <stddef.h>

#define AT(field) offsetof(struct config, field)

const struct setting settings[] = {
    { "office", "name", SET_TEXT, AT(policy.name), .help = "办公室全称，用作发件人姓名和落款" },
    { "office", "address", SET_ADDRESS, AT(policy.address), .help = "办公室的邮箱地址" },
    { "office", "hours", SET_HOURS, AT(policy.hours), "08:00-18:00",
      .help = "办公时间，几段之间用分号隔开；只在工作日的这些时间催办" },
    { "office", "timezone", SET_ZONE, AT(timezone), "Asia/Shanghai", .help = "时区" },

    { "imap", "host", SET_TEXT, AT(imap.host), .help = "收信服务器" },
    { "imap", "port", SET_NUMBER, AT(imap.port), "993", 1, 65535, .help = "端口" },
    { "imap", "security", SET_SECURITY, AT(imap.security), "tls",
      .help = "加密方式：tls、starttls 或 none（none 只宜用于本机）" },
    { "imap", "user", SET_TEXT, AT(imap.user), .help = "登录名，多为邮箱地址" },
    { "imap", "password", SET_SECRET, AT(imap_password),
      .help = "密码或客户端授权码；也可写 file:路径、env:变量名、command:命令" },
    { "imap", "ca_file", SET_FILE, AT(imap.ca_file), "",
      .help = "自建 CA 的证书文件（PEM）；空着就用系统信任的证书" },
    { "imap", "folders", SET_LIST, AT(policy.folders), "INBOX",
      .help = "要读的文件夹，用分号隔开；垃圾邮件箱里也常有真来信，例如 INBOX;垃圾邮件" },
    { "imap", "timeout", SET_NUMBER, AT(imap.timeout), "30", 1, 600,
      .help = "服务器多少秒不出声就算断线" },

    { "smtp", "host", SET_TEXT, AT(smtp.host), .help = "发信服务器" },
    { "smtp", "port", SET_NUMBER, AT(smtp.port), "465", 1, 65535, .help = "端口" },
    { "smtp", "security", SET_SECURITY, AT(smtp.security), "tls", .help = "加密方式，同上" },
    { "smtp", "user", SET_TEXT, AT(smtp.user), .help = "登录名" },
    { "smtp", "password", SET_SECRET, AT(smtp_password), .help = "密码或客户端授权码，写法同上" },
    { "smtp", "ca_file", SET_FILE, AT(smtp.ca_file), "", .help = "自建 CA 的证书文件" },
    { "smtp", "timeout", SET_NUMBER, AT(smtp.timeout), "60", 1, 600, .help = "等服务器的秒数" },
    { "smtp", "per_minute", SET_NUMBER, AT(per_minute), "0", 0, 10000,
      .help = "每分钟最多发多少封；0 为按服务商：163、126、yeah、QQ 10 封，腾讯企业邮 20 "
              "封，其余不限" },
    { "smtp", "per_day", SET_NUMBER, AT(per_day), "0", 0, 1000000,
      .help = "每天最多发多少封；0 为按服务商：163、126、yeah、QQ 200 封，腾讯企业邮 800 "
              "封，其余不限" },

    { "wecom", "url", SET_SECRET, AT(wecom_url), "",
      .help = "企业微信群机器人的 Webhook 地址（整条都是密钥）；空着就不推送" },
    { "wecom", "ca_file", SET_FILE, AT(wecom_ca_file), "", .help = "自建 CA 的证书文件" },
    { "wecom", "mention", SET_LIST, AT(policy.mention), "",
      .help = "出故障时在群里提醒谁：手机号，用分号隔开；@all 为所有人；空着就不提醒人" },
    { "wecom", "table", SET_CHOICE, AT(policy.wecom_table), "no", .choices = { "no", "yes" },
      .help = "yes：每日简报之后把各单位一览表（只有单位和状态，没有意见内容）作为文件推送到群" },

    { "receive", "since", SET_MOMENT, AT(since), "",
      .help = "第一次读文件夹时，早于此刻的邮件只存档；空着就是建立办公室的时刻" },

    { "receive", "poll", SET_NUMBER, AT(poll), "120", 5, 3600,
      .help = "常驻运行时每隔多少秒看一遍各文件夹；服务器支持 IDLE 的，新信即到即收" },

    { "deliver", "send", SET_CHOICE, AT(policy.hold), "hold", .choices = { "live", "hold" },
      .help = "hold：只准备，outbox release 后才发出；live：直接发出" },
    { "deliver", "sign_off", SET_CHOICE, AT(policy.sign_off), "auto",
      .choices = { "auto", "yes", "no" },
      .help = "事项发出之前要不要签发人同意：yes 要；no 不要；auto 名册里有签发人（角色 签发，"
              "有邮箱）就要" },

    { "notice", "reply_form", SET_CHOICE, AT(policy.reply_form), "yes", .choices = { "no", "yes" },
      .help = "yes：征求意见的通知给每个单位附一份已填好事项和单位的反馈表（.docx）；附件里已有"
              "反馈表或意见表的，不再另附" },

    { "notice", "before", SET_CHOICE, AT(policy.exclusive), "inclusive",
      .choices = { "inclusive", "exclusive" },
      .help = "通知里“6月21日前”含不含 21 日：inclusive 含当日，exclusive 到 20 日为止；写了钟点或"
              "“下班前”的以钟点为准" },

    { "clerk", "authserv_id", SET_LIST, AT(policy.authserv), "",
      .help = "收信服务器在来信头部 Authentication-Results 里写的名字，几个用分号隔开；填了它，"
              "经证实的经办人用邮件办事就不必先回确认码" },
    { "clerk", "authserv_hops", SET_NUMBER, AT(policy.authserv_hops), "0", 0, 10,
      .help = "那一行上面有几行 Received（都是收信服务器自己写的）；更靠下的一律当作伪造" },
    { "clerk", "session", SET_NUMBER, AT(policy.session), "8", 0, 72,
      .help = "回过确认码之后，在同一组往来邮件里几小时内不必再回；0 为每次都要" },

    { "schedule", "reminders", SET_STEPS, AT(policy.reminders), "-3;-1;0;1",
      .help = "催办的日子：截止日前（负数）后（正数）第几个工作日，0 为当天" },
    { "schedule", "grace", SET_NUMBER, AT(policy.grace), "1", 0, 60,
      .help = "截止后宽限几个工作日才认定逾期未复" },
    { "schedule", "settle", SET_CHOICE, AT(policy.settle_auto), "propose",
      .choices = { "propose", "auto" },
      .help = "逾期视为无异议：propose 由人确认名单，auto 直接认定" },
    { "schedule", "digest", SET_TIME, AT(policy.digest), "08:30", .help = "每日简报的时间" },
    { NULL },
};

static const struct {
    const char *name, *help;
} groups[] = {
    { "office", "办公室" },  { "imap", "收信" },          { "smtp", "发信" },
    { "wecom", "企业微信" }, { "receive", "收信的起点" }, { "deliver", "发信的开关" },
    { "notice", "通知" },    { "schedule", "到期事务" },  { "clerk", "用邮件办事" },
};

static void example_group(GString *text, const char *group)
{
    for (size_t i = 0; i < G_N_ELEMENTS(groups); i++)
        if (g_str_equal(groups[i].name, group))
            g_string_append_printf(text, "\n# %s\n[%s]\n", groups[i].help, group);
}

char *config_example(void)
{
    GString *text =
        g_string_new("# 联络（lianluo）的配置。没有注释掉的各行必须填写；注释掉的是默认值。\n"
                     "# 文件里写有密码时，只许自己读取：chmod 600 lianluo.conf\n");
    const char *group = "";
    for (const struct setting *s = settings; s->group != NULL; s++) {
        if (!g_str_equal(group, s->group))
            example_group(text, s->group);
        group = s->group;
        g_string_append_printf(text, "# %s\n%s%s =%s%s\n", s->help, s->standard != NULL ? "#" : "",
                               s->key, s->standard != NULL && *s->standard != '\0' ? " " : "",
                               s->standard != NULL ? s->standard : "");
    }
    return g_string_free(text, FALSE);
}
