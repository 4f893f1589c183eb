/* What a draft may hold: a line break in a header value would add headers or recipients, so such a
 * draft is refused before a byte is written. */
#include "mail/private.h"
#include <string.h>

#define MAX_ID 900 /* a line is at most 998 octets */

static gboolean is_one_line(const char *value)
{
    for (const char *p = value; *p != '\0'; p++) {
        if ((guchar)*p < 0x20 || *p == 0x7F)
            return FALSE;
    }
    return TRUE;
}

static gboolean check_value(const char *what, const char *value, GError **error)
{
    if (value == NULL || is_one_line(value))
        return TRUE;
    g_autofree char *shown = text_printable(value);
    return fault_set(error, FAULT_REFUSED, "%s里有换行或控制字符，不能写进邮件头：%s", what, shown);
}

static gboolean is_plain_ascii(const char *text)
{
    for (const char *p = text; *p != '\0'; p++) {
        if (*p <= ' ' || *p >= 0x7F)
            return FALSE;
    }
    return TRUE;
}

static gboolean check_address(const char *what, const char *address, GError **error)
{
    if (address != NULL && is_plain_ascii(address) && text_is_address(address))
        return TRUE;
    g_autofree char *shown = text_printable(address != NULL ? address : "");
    return fault_set(error, FAULT_REFUSED, "%s不是有效的邮箱地址：%s", what, shown);
}

gboolean id_is_plain(const char *id)
{
    return is_plain_ascii(id) && strpbrk(id, "<>") == NULL && *id != '\0' && strlen(id) <= MAX_ID;
}

static gboolean is_token(const char *text, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        if (!g_ascii_isalnum(text[i]) && strchr("!#$&^_.+-", text[i]) == NULL)
            return FALSE;
    }
    return n > 0;
}

static gboolean check_type(const char *type, GError **error)
{
    const char *slash = type != NULL ? strchr(type, '/') : NULL;
    if (type == NULL || (slash != NULL && is_token(type, (gsize)(slash - type)) &&
                         is_token(slash + 1, strlen(slash + 1))))
        return TRUE;
    g_autofree char *shown = text_printable(type);
    return fault_set(error, FAULT_REFUSED, "附件类型应为 application/pdf 这样的形式，而不是 %s",
                     shown);
}

gboolean draft_check(const struct draft *draft, GError **error)
{
    const struct {
        const char *what, *value;
    } values[] = {
        { "发件人姓名", draft->from_name },  { "主题", draft->subject },
        { "Message-ID", draft->message_id }, { "In-Reply-To", draft->in_reply_to },
        { "References", draft->references }, { "X-Lianluo", draft->x_lianluo },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(values); i++) {
        if (!check_value(values[i].what, values[i].value, error))
            return FALSE;
    }
    if (draft->message_id == NULL || !id_is_plain(draft->message_id) ||
        strchr(draft->message_id, '@') == NULL)
        return fault_set(error, FAULT_REFUSED, "邮件缺少有效的 Message-ID");
    if (!check_address("发件地址", draft->from_address, error))
        return FALSE;
    if (draft->to == NULL || draft->to[0] == NULL)
        return fault_set(error, FAULT_REFUSED, "邮件没有收件人");
    for (guint i = 0; draft->to[i] != NULL; i++) {
        if (!check_address("收件地址", draft->to[i], error))
            return FALSE;
    }
    for (guint i = 0; i < draft->n_attachments; i++) {
        if (!check_value("附件名", draft->attachments[i].filename, error) ||
            !check_type(draft->attachments[i].content_type, error))
            return FALSE;
    }
    return TRUE;
}
