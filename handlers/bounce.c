/* A mail of ours came back: the recipient is marked, and a person is told that the unit was not
 * reached. */
#include "handlers/private.h"

static gint64 bounced_outbox(struct office *office, const struct mail *mail,
                             const struct bounced *bounced)
{
    gint64 id = mail->bounced_id != NULL ? outbox_by_message_id(office->db, mail->bounced_id) : 0;
    for (guint i = 0; id == 0 && i < mail->references->len; i++)
        id = outbox_by_message_id(office->db, mail->references->pdata[i]);
    /* QQ replaces our Message-ID: the newest mail to that address is the best guess. */
    if (id == 0 && bounced != NULL && bounced->address[0] != '\0')
        id = outbox_by_recipient(office->db, bounced->address);
    return id;
}

static void mark_failed(struct office *office, struct message *message, const struct outbox *ours,
                        const struct bounced *b)
{
    g_autofree char *name = ours->unit != 0 ? unit_label(office->db, ours->unit) : NULL;
    const char *why = b->diagnostic != NULL ? b->diagnostic : b->reason;
    recipient_set(office->db, ours->id, b->address, "bounced", why);
    event_add(office->db, &(struct event){ .what = "outbox.bounced",
                                           .text = b->address,
                                           .matter = ours->matter,
                                           .unit = ours->unit,
                                           .message = message->id,
                                           .outbox = ours->id });
    g_autofree char *text =
        g_strdup_printf("发给%s %s 的《%s》被退回（%s）：请核对邮箱，或用电话、传真通知",
                        name ? name : "", b->address, ours->subject, why);
    review_open(office->db, &(struct review){ .reason = "bounce",
                                              .text = text,
                                              .outbox = ours->id,
                                              .matter = ours->matter,
                                              .unit = ours->unit });
}

static void note_bounced(struct office *office, struct message *message, const struct mail *mail,
                         const struct bounced *b)
{
    gint64 id = bounced_outbox(office, mail, b);
    struct outbox *ours = id != 0 ? outbox_get(office->db, id) : NULL;
    if (ours == NULL) {
        verdict_set(message, "review", "退信，但找不到对应的去信（%s）", b->address);
        review_open(office->db, &(struct review){ .reason = "bounce",
                                                  .text = message->reason,
                                                  .message = message->id });
        return;
    }
    message->matter = ours->matter;
    message->unit = ours->unit;
    if (g_str_equal(b->action, "failed"))
        mark_failed(office, message, ours, b);
    verdict_set(message, "noted", "退信：%s（%s）", b->address, b->reason);
    outbox_free(ours);
}

void handle_bounce(struct office *office, struct message *message, const struct mail *mail)
{
    if (mail->bounced->len == 0) {
        const struct bounced unknown = { (char *)"", (char *)"failed",  NULL,
                                         NULL,       (char *)"unknown", TRUE };
        note_bounced(office, message, mail, &unknown);
    }
    for (guint i = 0; i < mail->bounced->len; i++)
        note_bounced(office, message, mail, mail->bounced->pdata[i]);
}
