/* A message as `lianluo inspect` prints it. */
#include "mail/private.h"

const char *mail_kind_text(enum mail_kind kind)
{
    static const char *const texts[] = {
        [MAIL_OWN] = "own",       [MAIL_BOUNCE] = "bounce",         [MAIL_RECEIPT] = "receipt",
        [MAIL_RECALL] = "recall", [MAIL_AUTO_REPLY] = "auto_reply", [MAIL_LIST] = "list",
        [MAIL_PERSON] = "person",
    };
    g_assert((gsize)kind < G_N_ELEMENTS(texts));
    return texts[kind];
}

static json_t *addresses_json(const GPtrArray *addresses)
{
    json_t *list = json_array();
    for (guint i = 0; i < addresses->len; i++) {
        const struct address *address = addresses->pdata[i];
        json_array_append_new(
            list, json_pack("{s:s, s:s}", "name", address->name, "address", address->address));
    }
    return list;
}

static json_t *attachments_json(const GPtrArray *attachments)
{
    json_t *list = json_array();
    for (guint i = 0; i < attachments->len; i++) {
        const struct attachment *one = attachments->pdata[i];
        json_array_append_new(list, json_pack("{s:s, s:s, s:I, s:s, s:b}", "filename",
                                              one->filename, "content_type", one->content_type,
                                              "size", (json_int_t)one->size, "sha256", one->sha256,
                                              "inline", one->is_inline));
    }
    return list;
}

static json_t *strings_json(const GPtrArray *strings)
{
    json_t *list = json_array();
    for (guint i = 0; i < strings->len; i++)
        json_array_append_new(list, json_string(strings->pdata[i]));
    return list;
}

static json_t *bounce_json(const struct mail *mail)
{
    if (mail->kind != MAIL_BOUNCE)
        return json_null();
    json_t *recipients = json_array();
    for (guint i = 0; i < mail->bounced->len; i++) {
        const struct bounced *one = mail->bounced->pdata[i];
        json_array_append_new(recipients,
                              json_pack("{s:s, s:s, s:s?, s:s?, s:s, s:b}", "address", one->address,
                                        "action", one->action, "status", one->status, "diagnostic",
                                        one->diagnostic, "reason", one->reason, "hard", one->hard));
    }
    return json_pack("{s:o, s:s?}", "recipients", recipients, "original_message_id",
                     mail->bounced_id);
}

/* Of text that was made valid when it was read: long ones are not looked through again. */
static json_t *text_json(const char *text)
{
    return json_string_nocheck(text);
}

json_t *mail_json(const struct mail *mail)
{
    g_autofree char *date = mail->date != 0 ? instant_text(mail->date) : NULL;
    return json_pack(
        "{s:s?, s:s, s:s?, s:o, s:o, s:o, s:o, s:o, s:s?, s:o, s:o, s:o, s:o, s:o, s:O, s:s, s:s?,"
        " s:o, s:s?, s:b, s:s?}",
        "message_id", mail->message_id, "subject", mail->subject, "date", date, "from",
        addresses_json(mail->from), "to", addresses_json(mail->to), "cc", addresses_json(mail->cc),
        "reply_to", addresses_json(mail->reply_to), "references", strings_json(mail->references),
        "return_path", mail->return_path, "text", text_json(mail->text), "new_text",
        text_json(mail->new_text), "quoted_text", text_json(mail->quoted_text), "signature",
        text_json(mail->signature), "attachments", attachments_json(mail->attachments), "links",
        mail->links, "kind", mail_kind_text(mail->kind), "own_kind", mail->own_kind, "bounce",
        bounce_json(mail), "protection", mail->protection, "answerable", mail->answerable, "defect",
        mail->defect);
}
