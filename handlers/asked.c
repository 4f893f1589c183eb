/* What is put before the clerks at once: a question, an extension that is asked for, a paper with a
 * 密级 mark. A mail of that kind waits in the review queue besides. */
#include "documents/documents.h"
#include "handlers/judge/evidence.h"
#include "handlers/private.h"

static GRegex *secret_mark(void)
{
    static GRegex *mark;
    static gsize once;
    if (g_once_init_enter(&once)) {
        mark = g_regex_new(
            "(?:绝\\s*密|机\\s*密|秘\\s*密)\\s*[★☆]|密级\\s*[:：]\\s*(?:绝密|机密|秘密)|"
            "^\\s*(?:绝密|机密|秘密)\\s*$",
            G_REGEX_MULTILINE | G_REGEX_OPTIMIZE, 0, NULL);
        g_once_init_leave(&once, 1);
    }
    return mark;
}

gboolean message_is_secret(struct office *office, const struct message *message)
{
    return (message->subject != NULL && g_regex_match(secret_mark(), message->subject, 0, NULL)) ||
           review_ever(office->db, "secret_marking", message->id);
}

gboolean mail_is_secret(const struct mail *mail)
{
    GRegex *mark = secret_mark();
    gboolean secret =
        g_regex_match(mark, mail->subject, 0, NULL) || g_regex_match(mark, mail->new_text, 0, NULL);
    for (guint i = 0; !secret && i < mail->attachments->len; i++) {
        const struct attachment *a = mail->attachments->pdata[i];
        const char *text = attachment_text(a);
        secret = document_warns(a->document, "secret_marking") ||
                 g_regex_match(mark, a->filename, 0, NULL) ||
                 (text != NULL && g_regex_match(mark, text, 0, NULL));
    }
    return secret;
}

static json_t *asked_data(struct office *office, const struct message *message,
                          const struct judgement *j, const char *what)
{
    struct matter *m = matter_get(office->db, j->proposed_matter);
    g_autofree char *name = unit_label(office->db, j->proposed_unit);
    g_autofree char *mark = g_strdup_printf("#%" G_GINT64_FORMAT, message->id);
    g_autofree char *received = instant_local(message->received_at);
    json_t *data = json_pack(
        "{so ss ss ss ss s{ss} ss* ss* sb sb sb}", "office", office_data(office), "what", what,
        "mark", mark, "received", received, "sender", message->sender ? message->sender : "",
        "unit", "name", name ? name : "未定单位", "subject", j->secret ? NULL : message->subject,
        "sentence", j->secret ? NULL : j->stance_evidence, "secret", j->secret, "extension",
        j->stance == STANCE_EXTENSION, "question", j->stance == STANCE_QUESTION);
    if (m != NULL)
        json_object_set_new(data, "matter", matter_data(office, m));
    matter_free(m);
    return data;
}

void ask_clerks(struct office *office, const struct message *message, const struct judgement *j)
{
    const char *what = j->secret                       ? "来件带有密级标志"
                       : j->stance == STANCE_EXTENSION ? "申请延期"
                       : j->stance == STANCE_QUESTION  ? "来信提问"
                                                       : NULL;
    /* Whoever is no unit may ask what he likes: that waits for the digest. */
    if (what == NULL || (!j->secret && j->proposed_unit == 0))
        return;
    g_auto(GStrv) to = office_readers(office);
    g_autofree char *key = g_strdup_printf("asked/%" G_GINT64_FORMAT, message->id);
    json_auto_t *data = asked_data(office, message, j, what);
    g_autoptr(GError) error = NULL;
    if (!letter_queue(office,
                      &(struct letter){ .kind = "alarm",
                                        .template = "asked",
                                        .key = key,
                                        .matter = j->proposed_matter,
                                        .to = (const char *const *)to,
                                        .data = data },
                      &error))
        review_open(office->db, &(struct review){ .reason = "template", .text = error->message });
}
