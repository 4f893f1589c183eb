/* Subjects without what mail programs put in front of them when one replies or forwards. */
#include "mail/private.h"
#include <string.h>

static const char *const prefixes[] = {
    "回复", "回覆", "答复", "答覆", "转发", "轉發", "转寄", "轉寄",
    "Re",   "Fwd",  "Fw",   "Aw",   "Antw", "Sv",   "Wg",
};

/* Blanks of any width. */
static const char *skip_blanks(const char *p)
{
    while (*p != '\0' && g_unichar_isspace(g_utf8_get_char(p)))
        p = g_utf8_next_char(p);
    return p;
}

/* "[2]", "(2)" or "（2）" */
static const char *skip_count(const char *p)
{
    const char *open = g_str_has_prefix(p, "（") ? p + strlen("（") : p + 1;
    if (*p != '[' && *p != '(' && open == p + 1)
        return p;
    gsize digits = strspn(open, "0123456789");
    const char *close = open + digits;
    if (digits == 0 || digits > 4)
        return p;
    if (*close == ']' || *close == ')')
        return close + 1;
    return g_str_has_prefix(close, "）") ? close + strlen("）") : p;
}

/* Behind the prefix that p begins with, else p. */
static const char *skip_prefix(const char *p)
{
    for (gsize i = 0; i < G_N_ELEMENTS(prefixes); i++) {
        if (g_ascii_strncasecmp(p, prefixes[i], strlen(prefixes[i])) != 0)
            continue;
        const char *rest = skip_blanks(skip_count(skip_blanks(p + strlen(prefixes[i]))));
        if (*rest == ':')
            return rest + 1;
        if (g_str_has_prefix(rest, "："))
            return rest + strlen("：");
    }
    return p;
}

/* Passed on, not answered. */
static gboolean is_forward_prefix(const char *p)
{
    static const char *const forwards[] = { "转发", "轉發", "转寄", "轉寄", "Fwd", "Fw", "Wg" };
    for (gsize i = 0; i < G_N_ELEMENTS(forwards); i++)
        if (g_ascii_strncasecmp(p, forwards[i], strlen(forwards[i])) == 0)
            return TRUE;
    return FALSE;
}

static gboolean subject_forwards(const char *subject)
{
    for (;;) {
        const char *start = skip_blanks(subject);
        const char *rest = skip_prefix(start);
        if (rest == start)
            return FALSE;
        if (is_forward_prefix(start))
            return TRUE;
        subject = rest;
    }
}

gboolean mail_is_forwarded(const struct mail *mail)
{
    static const char *const marks[] = { "转发", "轉發", "forwarded message" };
    g_autofree char *first = g_strndup(mail->quoted_text, strcspn(mail->quoted_text, "\n"));
    g_autofree char *lower = g_ascii_strdown(first, -1);
    if (subject_forwards(mail->subject))
        return TRUE;
    for (gsize i = 0; i < G_N_ELEMENTS(marks); i++)
        if (strstr(lower, marks[i]) != NULL && text_width(lower) < 60)
            return TRUE;
    for (guint i = 0; i < mail->attachments->len; i++) {
        const struct attachment *a = mail->attachments->pdata[i];
        if (strcmp(a->content_type, "message/rfc822") == 0)
            return TRUE;
    }
    return FALSE;
}

const char *mail_subject_bare(const char *subject)
{
    const char *bare = subject;
    for (;;) {
        const char *start = skip_blanks(bare);
        const char *rest = skip_prefix(start);
        if (rest == start)
            return bare == subject && rest == subject ? subject : start;
        bare = rest;
    }
}
