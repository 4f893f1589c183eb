/* Mail that no person wrote for us to answer: recorded, and told to a person where it matters. */
#include "handlers/private.h"

void handle_own(struct office *office, struct message *message, const struct mail *mail)
{
    gint64 id = mail->message_id != NULL ? outbox_by_message_id(office->db, mail->message_id) : 0;
    if (id == 0 && mail->replaced_id != NULL &&
        (id = outbox_by_message_id(office->db, mail->replaced_id)) != 0 && mail->message_id != NULL)
        outbox_learn_id(office->db, id, mail->message_id);
    struct outbox *ours = id != 0 ? outbox_get(office->db, id) : NULL;
    if (ours == NULL) {
        verdict_set(message, "review", "带有本系统标记，却不是本办公室发出的邮件");
        review_open(office->db, &(struct review){ .reason = "foreign_own",
                                                  .text = message->reason,
                                                  .message = message->id });
        return;
    }
    message->matter = ours->matter;
    message->unit = ours->unit;
    verdict_set(message, "noted", "本系统自己发出的邮件");
    /* It arrived: what the server's silence left open is settled. */
    if (ours->state == OUT_UNCERTAIN) {
        outbox_set_result(office->db, id, OUT_SENT, 0, "在邮箱里找到了这封邮件", 0);
        recipients_accept(office->db, id);
        review_settle(office->db, "uncertain", &(struct review){ .outbox = id },
                      "在邮箱里找到了这封邮件");
    }
    outbox_free(ours);
}

void handle_receipt(struct office *office, struct message *message, const struct mail *mail)
{
    verdict_set(message, "noted", "已读回执");
}

/* A matter that waits for somebody who is away is told. */
static void tell_absence(struct office *office, const struct message *message,
                         const struct mail *mail)
{
    for (guint i = 0; i < mail->references->len; i++) {
        gint64 id = outbox_by_message_id(office->db, mail->references->pdata[i]);
        struct outbox *ours = id != 0 ? outbox_get(office->db, id) : NULL;
        struct matter *m = ours != NULL && g_str_equal(ours->kind, "sign_off")
                               ? matter_get(office->db, ours->matter)
                               : NULL;
        g_autofree char *text =
            m != NULL ? g_strdup_printf("签发人 %s 的邮箱自动回复了《%s》的送签，可能不在办公室："
                                        "请电话联系，或由其他签发人签发",
                                        message->sender, m->title)
                      : NULL;
        if (m != NULL && m->state == STATE_SUBMITTED)
            review_open(office->db,
                        &(struct review){ .reason = "sign_off", .text = text, .matter = m->id });
        matter_free(m);
        outbox_free(ours);
    }
}

void handle_auto_reply(struct office *office, struct message *message, const struct mail *mail)
{
    tell_absence(office, message, mail);
    struct judgement *j = judge(office, mail);
    message->proposed_matter = j->proposed_matter;
    message->proposed_unit = j->proposed_unit;
    verdict_set(message, "noted", "自动回复，不算反馈");
    judgement_free(j);
}

void handle_list(struct office *office, struct message *message, const struct mail *mail)
{
    struct judgement *j = judge(office, mail);
    /* A unit that writes through a list is still a unit. */
    if (j->unit != 0 || j->matter != 0) {
        message->proposed_matter = j->proposed_matter;
        message->proposed_unit = j->proposed_unit;
        verdict_set(message, "review", "群发邮件，但涉及本办公室的事项");
        review_open(office->db, &(struct review){ .reason = "list",
                                                  .text = message->reason,
                                                  .message = message->id,
                                                  .matter = j->proposed_matter,
                                                  .unit = j->proposed_unit });
    } else {
        verdict_set(message, "noted", "群发邮件");
    }
    judgement_free(j);
}

/* Never acted on by itself: a person decides what a recall means for what was filed. */
void handle_recall(struct office *office, struct message *message, const struct mail *mail)
{
    struct judgement *j = judge(office, mail);
    message->proposed_matter = j->proposed_matter;
    message->proposed_unit = j->proposed_unit;
    verdict_set(message, "review", "对方撤回了一封邮件，请核对是否影响已登记的反馈");
    review_open(office->db, &(struct review){ .reason = "recall",
                                              .text = message->reason,
                                              .message = message->id,
                                              .matter = j->proposed_matter,
                                              .unit = j->proposed_unit });
    judgement_free(j);
}
