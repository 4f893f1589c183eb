/* Footers that mail programs add to what a person wrote: they are no answer. A 落款 (the unit's
 * name and the date) is none of them; it is evidence and stays in the new text. */
#include "mail/private.h"
#include <string.h>

#define MAX_FOOTER_COLUMNS 44
#define MAX_SIGNATURE_LINES 15
#define MAX_TABLE_LINES 12

/* Starts of whole lines, without blanks. */
static const char *const starts[] = {
    "发自我的",        "发自iPhone",   "发自Windows",     "发自网易",
    "发自QQ邮箱",      "发自Foxmail",  "发自手机",        "发自移动",
    "发自Outlook",     "发自新浪",     "发自139",         "来自我的",
    "来自QQ邮箱",      "来自网易",     "来自iPhone",      "来自Windows",
    "来自手机",        "来自企业微信", "来自Outlook",     "发送自我的",
    "发送自Windows",   "发送自iPhone", "发送自Outlook",   "从我的iPhone",
    "从我的iPad",      "从我的手机",   "从我的Android",   "从Windows版邮件发送",
    "从Outlook",       "SentfrommyiP", "Sentfrommy",      "SentfromMail",
    "SentfromOutlook", "SentfromQQ",   "SentfromFoxmail", "GetOutlookfor",
    "获取Outlookfor",  "获取适用于",   "下载Outlookfor",  "签名由网易邮箱大师定制",
    "使用Foxmail",     "网易邮箱大师", "SentfromYahoo",   "SentfromSamsung",
};

static gboolean is_footer(const char *compact)
{
    const char *p = compact;
    while (*p == '*' || *p == '-' || *p == '[')
        p++;
    for (gsize i = 0; i < G_N_ELEMENTS(starts); i++) {
        if (g_ascii_strncasecmp(p, starts[i], strlen(starts[i])) == 0)
            return text_width(p) <= MAX_FOOTER_COLUMNS;
    }
    return FALSE;
}

static gboolean is_row(const char *compact)
{
    gsize n = strspn(compact, "_-");
    return n >= 4 && compact[n] == '\0';
}

static gboolean has_address(const char *compact)
{
    return strchr(compact, '@') != NULL || strstr(compact, "邮箱：") != NULL;
}

/* The table of 网易邮箱大师: rows in bars, one of them an address; as plain text its rows are
 * broken up behind a first line of bars only. */
static guint table_at(char *const *compact, guint i, guint rest)
{
    gboolean addressed = FALSE, only_rows = TRUE;
    gboolean broken = strcmp(compact[i], "||") == 0 || strcmp(compact[i], "|") == 0;
    guint end = 0;
    if (*compact[i] != '|')
        return 0;
    for (guint n = 0; i + n < rest && n < MAX_TABLE_LINES && *compact[i + n] != '\0'; n++) {
        only_rows = only_rows && *compact[i + n] == '|';
        if (!only_rows && !broken)
            break;
        addressed = addressed || has_address(compact[i + n]);
        if (*compact[i + n] == '|' || g_str_has_suffix(compact[i + n], "|"))
            end = n + 1;
    }
    return addressed ? end : 0;
}

/* "-- " and all that follows, if it is short enough for a signature. */
static guint delimiter_at(char *const *lines, char *const *compact, guint i, guint rest)
{
    if (strcmp(lines[i], "-- ") != 0 && strcmp(lines[i], "--") != 0)
        return 0;
    guint filled = 0;
    for (guint k = i + 1; k < rest && filled <= MAX_SIGNATURE_LINES; k++)
        filled += *compact[k] != '\0';
    return filled <= MAX_SIGNATURE_LINES ? rest - i : 0;
}

guint footer_at(char *const *lines, char *const *compact, guint i, guint rest)
{
    guint n = delimiter_at(lines, compact, i, rest);
    if (n == 0)
        n = table_at(compact, i, rest);
    if (n == 0 && is_row(compact[i]) && i + 1 < rest && is_footer(compact[i + 1]))
        n = 2;
    if (n == 0 && is_footer(compact[i]))
        n = 1;
    return n;
}
