/* Why a recipient was refused: the server's words first, since providers put 5.0.0 on everything,
 * then the codes of RFC 3463. */
#include "mail/private.h"
#include <string.h>

/* Looked for in the diagnostic, lower case, blanks made single; the first row that fits. */
static const struct {
    const char *words, *reason;
} spoken[] = {
    { "mailbox full", "mailbox_full" },
    { "mailbox is full", "mailbox_full" },
    { "over quota", "mailbox_full" },
    { "overquota", "mailbox_full" },
    { "quota exceeded", "mailbox_full" },
    { "exceeded storage", "mailbox_full" },
    { "insufficient system storage", "mailbox_full" },
    { "mailbox size limit", "mailbox_full" },
    { "out of storage", "mailbox_full" },
    { "邮箱已满", "mailbox_full" },
    { "信箱已满", "mailbox_full" },
    { "空间不足", "mailbox_full" },
    { "message size", "too_big" },
    { "message too large", "too_big" },
    { "message too big", "too_big" },
    { "exceeds size", "too_big" },
    { "size exceeds", "too_big" },
    { "exceeds maximum", "too_big" },
    { "exceed maximum size", "too_big" },
    { "mail size", "too_big" },
    { "too large", "too_big" },
    { "邮件过大", "too_big" },
    { "邮件太大", "too_big" },
    { "超过大小", "too_big" },
    { "dt:spm", "spam" },
    { "spam", "spam" },
    { "content denied", "spam" },
    { "content rejected", "spam" },
    { "junk mail", "spam" },
    { "virus", "spam" },
    { "垃圾邮件", "spam" },
    { "内容被拒", "spam" },
    { "spf", "policy" },
    { "dmarc", "policy" },
    { "dkim", "policy" },
    { "dt:sum", "policy" },
    { "mi:dma", "policy" },
    { "authentication required", "policy" },
    { "relay access denied", "policy" },
    { "relaying denied", "policy" },
    { "not permitted to relay", "policy" },
    { "policy", "policy" },
    { "user unknown", "no_such_user" },
    { "unknown user", "no_such_user" },
    { "user not found", "no_such_user" },
    { "no such user", "no_such_user" },
    { "no such mailbox", "no_such_user" },
    { "no such recipient", "no_such_user" },
    { "mailbox not found", "no_such_user" },
    { "mailbox unavailable", "no_such_user" },
    { "mailbox does not exist", "no_such_user" },
    { "does not exist", "no_such_user" },
    { "doesn't exist", "no_such_user" },
    { "invalid recipient", "no_such_user" },
    { "invalid user", "no_such_user" },
    { "invalid mailbox", "no_such_user" },
    { "unknown recipient", "no_such_user" },
    { "recipient unknown", "no_such_user" },
    { "recipient not found", "no_such_user" },
    { "recipient address rejected: user", "no_such_user" },
    { "address rejected: undeliverable", "no_such_user" },
    { "recipnotfound", "no_such_user" },
    { "unrouteable address", "no_such_user" },
    { "user doesn't", "no_such_user" },
    { "host not found", "no_such_user" },
    { "domain not found", "no_such_user" },
    { "name or service not known", "no_such_user" },
    { "no mailbox here", "no_such_user" },
    { "找不到您输入的电子邮件地址", "no_such_user" },
    { "找不到电子邮件地址", "no_such_user" },
    { "用户不存在", "no_such_user" },
    { "收件人不存在", "no_such_user" },
    { "地址不存在", "no_such_user" },
    { "邮箱不存在", "no_such_user" },
    { "帐号不存在", "no_such_user" },
    { "账号不存在", "no_such_user" },
    { "域名不存在", "no_such_user" },
    { "greylist", "temporary" },
    { "graylist", "temporary" },
    { "try again later", "temporary" },
    { "temporarily", "temporary" },
    { "timed out", "temporary" },
    { "connection refused", "temporary" },
    { "frequency", "temporary" },
    { "频率", "temporary" },
    { "blacklist", "refused" },
    { "black list", "refused" },
    { "blocked", "refused" },
    { "access denied", "refused" },
    { "user suspended", "refused" },
    { "disabled", "refused" },
    { "inactive", "refused" },
    { "not allowed", "refused" },
    { "no permission", "refused" },
    { "rejected", "refused" },
    { "refused", "refused" },
    { "拒收", "refused" },
    { "拒绝", "refused" },
    { "黑名单", "refused" },
};

static const struct {
    const char *status; /* its start */
    const char *reason;
} coded[] = {
    { "5.1.8", "policy" },       { "5.1.7", "policy" },       { "5.1.", "no_such_user" },
    { "5.2.1", "refused" },      { "4.2.1", "temporary" },    { "5.2.2", "mailbox_full" },
    { "4.2.2", "mailbox_full" }, { "5.2.3", "too_big" },      { "5.3.4", "too_big" },
    { "4.3.4", "too_big" },      { "4.3.1", "mailbox_full" }, { "5.7.", "policy" },
    { "4.", "temporary" },
};

static char *normalized(const char *diagnostic)
{
    g_autofree char *lower = g_utf8_strdown(diagnostic, -1);
    g_auto(GStrv) words = g_strsplit_set(lower, " \t\n", -1);
    GString *text = g_string_new(NULL);
    for (char **word = words; *word != NULL; word++) {
        if (**word != '\0')
            g_string_append_printf(text, "%s%s", text->len > 0 ? " " : "", *word);
    }
    return g_string_free(text, FALSE);
}

const char *bounce_reason(const char *action, const char *status, const char *diagnostic)
{
    g_autofree char *text = normalized(diagnostic != NULL ? diagnostic : "");
    for (gsize i = 0; i < G_N_ELEMENTS(spoken); i++) {
        if (strstr(text, spoken[i].words) != NULL)
            return spoken[i].reason;
    }
    for (gsize i = 0; status != NULL && i < G_N_ELEMENTS(coded); i++) {
        if (g_str_has_prefix(status, coded[i].status))
            return coded[i].reason;
    }
    return strcmp(action, "delayed") == 0 ? "temporary" : "unknown";
}
