/* Bounces that only people can read: an address at the start of a line, or after a label, and what
 * the server said behind and below it. So write qmail, Postfix and Exim, whose status part a
 * gateway dropped, Exchange, Exmail and Aliyun in their pages. */
#include "mail/private.h"
#include <string.h>

#define MAX_WORDS 1000

/* What comes after one of these is the copy of the mail that came back. */
static const char *const copies[] = {
    "---Belowthisline",   "---Thisisacopy", "------Thisisacopy", "---原始邮件",   "原始邮件",
    "原邮件信息",         "原始邮件头",     "Originalmessage",   "---Original",   "----Original",
    "Diagnosticinformat", "供管理员使用",   "邮件头信息",        "ReportingMTA:", "Reporting-MTA:",
};

/* In front of an address that could not be reached. */
static const char *const labels[] = {
    "收件人",     "收件地址", "收件人地址",        "失败地址", "退信地址",
    "被退地址",   "无法送达", "无法发送到",        "To",       "Recipient",
    "Recipients", "RCPT TO",  "Recipient address",
};

/* In front of the reason, on a line of its own or before it. */
static const char *const reasons[] = {
    "退信原因",       "失败原因", "错误原因",
    "错误信息",       "英文说明", "服务器返回",
    "远程服务器返回", "Reason",   "Remote Server returned",
    "said",
};

static const char *const advice[] = { "解决方案", "建议", "如需", "您可以" };

static gboolean begins_with(const char *compact, const char *const *words, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        if (g_str_has_prefix(compact, words[i]))
            return TRUE;
    }
    return FALSE;
}

static const char *skip_colon(const char *p)
{
    for (;;) {
        if (g_ascii_isspace(*p) || *p == ':')
            p++;
        else if (g_str_has_prefix(p, "：") || g_str_has_prefix(p, "　"))
            p += strlen("：");
        else
            return p;
    }
}

/* Behind one of the words and its colon; NULL: the line begins with none of them. */
static const char *after_label(const char *line, const char *const *words, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        gsize length = strlen(words[i]);
        if (g_ascii_strncasecmp(line, words[i], length) != 0)
            continue;
        const char *rest = skip_colon(line + length);
        if (rest > line + length || *rest == '\0')
            return rest;
    }
    return NULL;
}

/* The address at the start of the text, in any brackets, or in round ones behind a name; *rest is
 * what follows. NULL: none. */
static char *address_at(const char *text, const char **rest)
{
    const char *open = strpbrk(text, "<(");
    const char *start =
        *text == '<' || *text == '(' || *text == '"' || *text == '\'' ? text + 1 : text;
    if (open != NULL && open > text && open - text < 100 && strchr(open, '@') != NULL)
        start = open + 1;
    gsize n = strcspn(start, " \t<>()\"',;:");
    while (n > 0 && (guchar)start[n - 1] >= 0x80)
        n--;
    g_autofree char *address = g_strndup(start, n);
    if (strchr(address, '@') == NULL || !text_is_address(address) || !g_str_is_ascii(address))
        return NULL;
    *rest = start + n + strspn(start + n, " \t<>()\"',;:");
    return g_steal_pointer(&address);
}

struct found {
    char *address;
    GString *words; /* about it, until the next address or two blank lines */
};

static void found_free(gpointer data)
{
    struct found *found = data;
    g_free(found->address);
    g_string_free(found->words, TRUE);
    g_free(found);
}

static void add_words(GPtrArray *all, const char *words)
{
    struct found *last = all->len > 0 ? all->pdata[all->len - 1] : NULL;
    if (last != NULL && last->words->len + strlen(words) < MAX_WORDS && *words != '\0')
        g_string_append_printf(last->words, "%s%s", last->words->len > 0 ? " " : "", words);
}

static void read_line(GPtrArray *all, const char *line, const GPtrArray *own)
{
    const char *labelled = after_label(line, labels, G_N_ELEMENTS(labels));
    const char *rest = NULL;
    g_autofree char *address = address_at(labelled != NULL ? labelled : line, &rest);
    for (guint i = 0; address != NULL && i < own->len; i++) {
        if (g_ascii_strcasecmp(((const struct address *)own->pdata[i])->address, address) == 0)
            return;
    }
    const struct found *last = all->len > 0 ? all->pdata[all->len - 1] : NULL;
    if (address != NULL && last != NULL && strcmp(last->address, address) == 0)
        g_clear_pointer(&address, g_free); /* its server's words name it again */
    if (address == NULL) {
        const char *reason = after_label(line, reasons, G_N_ELEMENTS(reasons));
        add_words(all, reason != NULL ? reason : line);
        return;
    }
    struct found *found = g_new0(struct found, 1);
    found->address = g_steal_pointer(&address);
    found->words = g_string_new(NULL);
    g_ptr_array_add(all, found);
    add_words(all, rest);
}

void bounce_read_lines(struct mail *mail)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(found_free);
    g_auto(GStrv) lines = g_strsplit(mail->text, "\n", 500);
    for (char **line = lines; *line != NULL; line++) {
        g_autofree char *compact = text_compact(*line);
        if (begins_with(compact, copies, G_N_ELEMENTS(copies)))
            break;
        if (!begins_with(compact, advice, G_N_ELEMENTS(advice)))
            read_line(all, g_strstrip(*line), mail->to);
    }
    for (guint i = 0; i < all->len; i++) {
        const struct found *one = all->pdata[i];
        gboolean late = strstr(one->words->str, "delayed") != NULL ||
                        strstr(one->words->str, "will be retried") != NULL ||
                        strstr(mail->subject, "elayed") != NULL;
        g_autofree char *words = words_line(one->words->str);
        bounce_add(mail, one->address, late ? "delayed" : NULL, NULL,
                   *words != '\0' ? g_steal_pointer(&words) : NULL);
    }
}
