/* The tables: which handler a kind of message has, and what may fall due. */
#include "handlers/private.h"

static const struct message_handler message_handlers[] = {
    { .kind = MAIL_OWN, .handle = handle_own },
    { .kind = MAIL_BOUNCE, .handle = handle_bounce },
    { .kind = MAIL_RECEIPT, .handle = handle_receipt },
    { .kind = MAIL_RECALL, .handle = handle_recall },
    { .kind = MAIL_AUTO_REPLY, .handle = handle_auto_reply },
    { .kind = MAIL_LIST, .handle = handle_list },
    { .kind = MAIL_PERSON, .handle = handle_person },
};

const struct due_handler due_handlers[] = {
    { .name = "reminders", .run = reminders_run },
    { .name = "settlement", .run = settlement_run },
    { .name = "sign_off", .run = sign_offs_run },
    { .name = "alarms", .run = alarms_run },
    { .name = "clouds", .run = clouds_run },
    { .name = "digest", .run = digest_run },
    { .name = NULL },
};

void verdict_set(struct message *message, const char *verdict, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_free(message->verdict);
    g_free(message->reason);
    message->verdict = g_strdup(verdict);
    message->reason = g_strdup_vprintf(format, args);
    va_end(args);
}

char *mail_fingerprint(const struct mail *mail)
{
    g_autoptr(GString) all = g_string_new(NULL);
    g_autofree char *words = text_compact(mail->new_text);
    g_string_append(all, words);
    for (guint i = 0; i < mail->attachments->len; i++) {
        const struct attachment *a = mail->attachments->pdata[i];
        g_string_append_printf(all, "\n%s", a->sha256);
    }
    return text_sha256(all->str, all->len);
}

static void set_sender(struct message *message, const struct mail *mail)
{
    g_clear_pointer(&message->sender, g_free);
    g_clear_pointer(&message->sender_name, g_free);
    if (mail->from->len > 0) {
        const struct address *from = mail->from->pdata[0];
        message->sender = g_strdup(from->address);
        message->sender_name = g_strdup(from->name);
    }
}

static void record_parsed(struct office *office, struct message *message, const struct mail *mail)
{
    g_autofree char *fingerprint = mail_fingerprint(mail);
    set_sender(message, mail);
    g_free(message->message_id);
    g_free(message->subject);
    g_free(message->kind);
    message->message_id = g_strdup(mail->message_id);
    message->subject = g_strdup(mail->subject);
    message->kind = g_strdup(mail_kind_text(mail->kind));
    message_set_parsed(office->db, message, fingerprint);
    for (guint i = 0; i < mail->attachments->len; i++) {
        const struct attachment *a = mail->attachments->pdata[i];
        attachment_add(office->db, message->id,
                       &(struct attachment_row){ .filename = a->filename,
                                                 .content_type = a->content_type,
                                                 .sha256 = a->sha256,
                                                 .size = a->size,
                                                 .is_inline = a->is_inline });
    }
    if (message->message_id != NULL)
        message->duplicate_of =
            message_twin(office->db, message->id, message->message_id, fingerprint);
}

static void dispatch(struct office *office, struct message *message, const struct mail *mail)
{
    if (message->duplicate_of != 0) {
        verdict_set(message, "noted", "与 #%" G_GINT64_FORMAT " 是同一封邮件",
                    message->duplicate_of);
        return;
    }
    if (message->history) {
        verdict_set(message, "noted", "启用以前的旧邮件，只存档");
        return;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(message_handlers); i++)
        if (message_handlers[i].kind == mail->kind)
            message_handlers[i].handle(office, message, mail);
}

gboolean handle_message(struct office *office, gint64 id, const struct mail *mail, GError **error)
{
    struct message *message = message_get(office->db, id);
    if (message == NULL)
        return db_ok(office->db, error);
    message->state = MESSAGE_HANDLED;
    message->stance = -1;
    record_parsed(office, message, mail);
    dispatch(office, message, mail);
    if (message->verdict == NULL)
        verdict_set(message, "review", "没有处理程序认领这封邮件");
    message_set_verdict(office->db, message);
    message_free(message);
    return db_ok(office->db, error);
}

void handle_unparsed(struct office *office, gint64 id, const char *why)
{
    struct message *message = message_get(office->db, id);
    if (message == NULL)
        return;
    message->state = MESSAGE_UNPARSED;
    verdict_set(message, "review",
                "不能解析：%s。原件已保存，请用 lianluo inbox show %" G_GINT64_FORMAT
                " --raw 取出查看",
                why, id);
    message_set_verdict(office->db, message);
    review_open(office->db,
                &(struct review){ .reason = "unparsed", .text = message->reason, .message = id });
    message_free(message);
}
