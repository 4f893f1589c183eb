/* What sent a message, decided once, headers before words. A table of rules: the first that fits
 * wins, and a person is who is left over. Subjects count only at their very start: 回复：系统退信
 * is a person's. */
#include "mail/private.h"
#include <string.h>

#define MAX_OPENING 1000 /* bytes in which an automatic reply must say that it is one */

static const char *header(const struct reading *reading, const char *name)
{
    return fields_get(reading->fields, name);
}

static gboolean has_any(const struct reading *reading, const char *const *names)
{
    for (; *names != NULL; names++) {
        if (header(reading, *names) != NULL)
            return TRUE;
    }
    return FALSE;
}

static gboolean starts_with_any(const char *text, const char *const *starts)
{
    for (; *starts != NULL; starts++) {
        if (g_ascii_strncasecmp(text, *starts, strlen(*starts)) == 0)
            return TRUE;
    }
    return FALSE;
}

static gboolean contains_any(const char *text, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (strstr(text, *words) != NULL)
            return TRUE;
    }
    return FALSE;
}

/* The header's first word, lower case, "" if missing. */
static char *first_word(const struct reading *reading, const char *name)
{
    const char *value = header(reading, name);
    g_autofree char *word =
        g_strndup(value != NULL ? value : "", value != NULL ? strcspn(value, " \t;,(") : 0);
    return g_ascii_strdown(word, -1);
}

static const char *sender(const struct reading *reading)
{
    const struct mail *mail = reading->mail;
    if (mail->from->len == 0)
        return "";
    return ((struct address *)mail->from->pdata[0])->address;
}

/* The part before the "@" is one of names, or begins with one that ends in "-", or ends in one that
 * begins with "-". */
static gboolean local_part_is(const char *address, const char *const *names)
{
    g_autofree char *local = g_ascii_strdown(address, (gssize)strcspn(address, "@"));
    for (; *names != NULL; names++) {
        if (strcmp(local, *names) == 0 ||
            (g_str_has_suffix(*names, "-") && g_str_has_prefix(local, *names)) ||
            (**names == '-' && g_str_has_suffix(local, *names)))
            return TRUE;
    }
    return FALSE;
}

static gboolean is_daemon(const struct reading *reading)
{
    static const char *const daemons[] = { "mailer-daemon", "postmaster", "mail-daemon",
                                           "mailerdaemon",  "mdaemon",    NULL };
    return local_part_is(sender(reading), daemons);
}

static gboolean has_null_path(const struct reading *reading)
{
    return reading->mail->return_path != NULL && *reading->mail->return_path == '\0';
}

/* multipart/report whose report-type (or, if it has none, a part) is as asked. */
static gboolean is_report(const struct reading *reading, const char *report, const char *part)
{
    const char *type = header(reading, "Content-Type");
    if (type == NULL || g_ascii_strncasecmp(type, "multipart/report", 16) != 0)
        return FALSE;
    g_autofree char *named = param_get(type, "report-type");
    if (named != NULL)
        return g_ascii_strcasecmp(named, report) == 0;
    for (guint i = 0; i < reading->leaves->len; i++) {
        if (strcmp(((struct leaf *)reading->leaves->pdata[i])->type, part) == 0)
            return TRUE;
    }
    return FALSE;
}

static gboolean is_own(const struct reading *reading)
{
    return header(reading, "X-Lianluo") != NULL;
}

static gboolean is_delivery_report(const struct reading *reading)
{
    return is_report(reading, "delivery-status", "message/delivery-status") ||
           header(reading, "X-Failed-Recipients") != NULL;
}

static gboolean is_bounce_by_daemon(const struct reading *reading)
{
    static const char *const words[] = {
        "退信",
        "退回",
        "Undeliver",
        "undeliver",
        "Delivery Status",
        "elivery fail",
        "failure notice",
        "Failure Notice",
        "Returned mail",
        "returned to sender",
        "Delivery Failure",
        "delivery has failed",
        "未送达",
        "无法送达",
        "投递失败",
        "发送失败",
        "Mail System Error",
        "is returned",
        "Non-delivery",
        "Delivery Delayed",
        "delayed",
        "could not be delivered",
        NULL,
    };
    const char *subject = reading->mail->subject;
    return (is_daemon(reading) || has_null_path(reading)) &&
           mail_subject_bare(subject) == subject && contains_any(subject, words);
}

static gboolean is_receipt(const struct reading *reading)
{
    return is_report(reading, "disposition-notification", "message/disposition-notification");
}

/* Some programs send their receipts as plain mail; one with anything attached is no receipt. */
static gboolean is_plain_receipt(const struct reading *reading)
{
    static const char *const starts[] = { "已读:",          "已读：",     "未读:",  "未读：",
                                          "已读回执",       "Not read: ", "Read: ", "Read receipt",
                                          "Return Receipt", NULL };
    return reading->mail->attachments->len == 0 &&
           starts_with_any(reading->mail->subject, starts) &&
           g_utf8_strlen(reading->mail->new_text, -1) < 400;
}

static gboolean is_recall_by_daemon(const struct reading *reading)
{
    static const char *const starts[] = { "通知：[撤回邮件",
                                          "通知:[撤回邮件",
                                          "通知：[邮件撤回",
                                          "[撤回邮件",
                                          "撤回邮件",
                                          "邮件撤回",
                                          NULL };
    return is_daemon(reading) && starts_with_any(reading->mail->subject, starts);
}

/* Outlook's comes from the person's own address; what says more than the formula is a person's. */
static gboolean is_recall_by_outlook(const struct reading *reading)
{
    static const char *const starts[] = { "撤回:",  "撤回：",         "Recall: ", "召回:",
                                          "召回：", "Message Recall", "邮件撤回", NULL };
    static const char *const words[] = {
        "撤回邮件",         "撤回该邮件", "撤回此邮件", "撤回以前的邮件",
        "recallthemessage", "召回邮件",   NULL
    };
    if (!starts_with_any(reading->mail->subject, starts))
        return FALSE;
    g_autofree char *text = text_compact(reading->mail->new_text);
    return *text == '\0' || contains_any(text, words);
}

static gboolean is_auto_submitted(const struct reading *reading)
{
    g_autofree char *value = first_word(reading, "Auto-Submitted");
    g_autofree char *other = first_word(reading, "X-Auto-Submitted");
    return (*value != '\0' && strcmp(value, "no") != 0) ||
           (*other != '\0' && strcmp(other, "no") != 0);
}

static gboolean has_auto_header(const struct reading *reading)
{
    static const char *const names[] = { "X-Autoreply",      "X-Autorespond",
                                         "X-Auto-Reply",     "X-AutoReply-From",
                                         "X-Mail-Autoreply", "Vacation",
                                         "X-Autogenerated",  NULL };
    g_autofree char *precedence = first_word(reading, "Precedence");
    return has_any(reading, names) || strcmp(precedence, "auto_reply") == 0;
}

static gboolean has_auto_subject(const struct reading *reading)
{
    static const char *const starts[] = {
        "自动回复:",
        "自动回复：",
        "自动答复:",
        "自动答复：",
        "[自动回复]",
        "【自动回复】",
        "自动应答",
        "自动回覆",
        "（自动回复）",
        "(自动回复)",
        "休假自动回复",
        "假期自动回复",
        "外出自动回复",
        "Automatic reply",
        "Auto-Reply:",
        "Auto Reply",
        "AutoReply",
        "Auto:",
        "Out of Office",
        "Out of the Office",
        "Autoresponse",
        "Auto-response",
        "Automatische Antwort",
        NULL,
    };
    const char *subject = reading->mail->subject;
    return starts_with_any(subject, starts) || strcmp(subject, "自动回复") == 0;
}

static gboolean has_auto_opening(const struct reading *reading)
{
    static const char *const starts[] = {
        "这是来自QQ邮箱的假期自动回复",
        "这是来自QQ邮箱的自动回复",
        "这是一封自动回复邮件",
        "这是自动回复邮件",
        "此邮件为自动回复",
        "此为自动回复",
        "本邮件为自动回复",
        "此邮件为系统自动回复",
        "本邮件为系统自动回复",
        "本邮件由系统自动",
        "此邮件由系统自动",
        "该邮件为自动回复",
        "Thisisanautomaticreply",
        "Thisisanauto-generated",
        "Thisisanautomatedresponse",
        "Thisisanauto-reply",
        "Thisisanautomatedreply",
        NULL,
    };
    g_autofree char *opening = g_strndup(reading->mail->new_text, MAX_OPENING);
    g_autofree char *text = text_compact(opening);
    return starts_with_any(text, starts);
}

static const char *const list_headers[] = { "List-Id",        "List-Post",
                                            "List-Help",      "List-Unsubscribe",
                                            "List-Subscribe", "List-Archive",
                                            "Mailing-List",   NULL };

static gboolean has_bulk_precedence(const struct reading *reading)
{
    g_autofree char *precedence = first_word(reading, "Precedence");
    return strcmp(precedence, "bulk") == 0 || strcmp(precedence, "list") == 0 ||
           strcmp(precedence, "junk") == 0;
}

static gboolean is_list(const struct reading *reading)
{
    return has_any(reading, list_headers) || has_bulk_precedence(reading);
}

static const struct {
    enum mail_kind kind;
    gboolean (*fits)(const struct reading *reading);
} rules[] = {
    { MAIL_OWN, is_own },
    { MAIL_BOUNCE, is_delivery_report },
    { MAIL_BOUNCE, is_bounce_by_daemon },
    { MAIL_RECEIPT, is_receipt },
    { MAIL_RECEIPT, is_plain_receipt },
    { MAIL_RECALL, is_recall_by_daemon },
    { MAIL_RECALL, is_recall_by_outlook },
    { MAIL_AUTO_REPLY, is_auto_submitted },
    { MAIL_AUTO_REPLY, has_auto_header },
    { MAIL_AUTO_REPLY, has_auto_subject },
    { MAIL_AUTO_REPLY, has_auto_opening },
    { MAIL_LIST, is_list },
};

/* Law 4, for a person's mail: who must still not get an automatic answer. */
static gboolean must_not_answer(const struct reading *reading)
{
    static const char *const robots[] = {
        "no-reply",  "noreply",   "no_reply",  "donotreply",    "do-not-reply", "noreply-",
        "no-reply-", "-noreply",  "-no-reply", "mailer-daemon", "postmaster",   "owner-",
        "-request",  "-owner",    "-bounces",  "bounce-",       "bounces-",     "bounce",
        "listserv",  "majordomo", NULL
    };
    const char *loop = header(reading, "X-Loop");
    const struct mail *mail = reading->mail;
    const char *reply_to =
        mail->reply_to->len > 0 ? ((struct address *)mail->reply_to->pdata[0])->address : "";
    return has_null_path(reading) || strchr(sender(reading), '@') == NULL ||
           local_part_is(sender(reading), robots) || local_part_is(reply_to, robots) ||
           (mail->return_path != NULL && local_part_is(mail->return_path, robots)) ||
           has_any(reading, list_headers) || has_bulk_precedence(reading) ||
           header(reading, "X-Auto-Response-Suppress") != NULL ||
           (loop != NULL && strstr(loop, "lianluo") != NULL);
}

void kind_decide(struct reading *reading)
{
    struct mail *mail = reading->mail;
    mail->kind = MAIL_PERSON;
    for (gsize i = 0; i < G_N_ELEMENTS(rules); i++) {
        if (rules[i].fits(reading)) {
            mail->kind = rules[i].kind;
            break;
        }
    }
    if (mail->kind == MAIL_OWN) {
        g_autofree char *kind = first_word(reading, "X-Lianluo");
        mail->own_kind = text_clean(kind, -1);
    }
    mail->answerable = mail->kind == MAIL_PERSON && !must_not_answer(reading);
}
