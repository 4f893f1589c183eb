/* A person's mail: judged, then filed or put before a person, with its evidence. */
#include "handlers/private.h"

static void keep_evidence(struct office *office, gint64 message, const struct judgement *j)
{
    evidence_clear(office->db, message);
    for (guint i = 0; i < j->evidence->len; i++) {
        const struct proof *proof = j->evidence->pdata[i];
        evidence_add(office->db, message,
                     &(struct evidence){ proof->rule, proof->weight, proof->text });
    }
    if (j->stance_evidence != NULL)
        evidence_add(office->db, message, &(struct evidence){ "stance", 0, j->stance_evidence });
}

/* An automatic receipt, within law 4's gate: one a message, and a ceiling per address and day. */
enum { RECEIPTS_A_DAY = 5 };

/* An answer to a receipt that says the same once more gets none: two machines would go on for ever.
 */
static gboolean echoes_receipt(struct office *office, const struct mail *mail,
                               const struct submission *now)
{
    gint64 id = 0;
    for (guint i = 0; i < mail->references->len && id == 0; i++)
        id = outbox_by_message_id(office->db, mail->references->pdata[i]);
    struct outbox *answered = id != 0 ? outbox_get(office->db, id) : NULL;
    gboolean receipt = answered != NULL && g_str_equal(answered->kind, "receipt");
    outbox_free(answered);
    if (!receipt || mail->attachments->len > 0)
        return FALSE;
    g_autoptr(GPtrArray) all = submission_list(office->db, now->matter, now->unit);
    const struct submission *before = all->len > 1 ? all->pdata[all->len - 2] : NULL;
    return before != NULL && before->stance == now->stance;
}

/* How an answer was understood: 修改意见 2 条. The caller frees. */
static char *understood(struct office *office, const struct submission *s)
{
    int opinions = opinion_count(office->db, s->id);
    if (opinions > 0 && s->stance == STANCE_COMMENTS)
        return g_strdup_printf("修改意见 %d 条", opinions);
    if (opinions > 0 && s->stance == STANCE_CONDITIONAL)
        return g_strdup_printf("%s，修改意见 %d 条", stance_chinese(s->stance), opinions);
    return g_strdup(stance_chinese(s->stance));
}

/* What is told of one submission. */
static json_t *receipt_data(struct office *office, const struct submission *s)
{
    struct matter *m = matter_get(office->db, s->matter);
    struct assignment *a = assignment_get(office->db, s->matter, s->unit);
    g_autofree char *name = unit_label(office->db, s->unit);
    g_autofree char *stance = understood(office, s);
    json_t *data = json_pack("{so so s{ss} ss ss* si sb}", "matter", matter_data(office, m), "owed",
                             owed_data(m, a), "unit", "name", name, "stance", stance, "sentence",
                             s->evidence, "version", s->version, "late", s->late);
    assignment_free(a);
    matter_free(m);
    return data;
}

static void queue_receipt(struct office *office, const struct message *message,
                          const struct submission *first, json_t *others)
{
    g_autofree char *received = instant_local(message->received_at);
    g_autofree char *key = g_strdup_printf("receipt/%" G_GINT64_FORMAT, message->id);
    const char *to[] = { message->sender, NULL };
    json_auto_t *data = receipt_data(office, first);
    json_object_set_new(data, "office", office_data(office));
    json_object_set_new(data, "received", json_string(received));
    if (message->subject != NULL)
        json_object_set_new(data, "subject", json_string(message->subject));
    json_object_set(data, "others", others);
    g_autoptr(GError) error = NULL;
    if (!letter_queue(office,
                      &(struct letter){ .kind = "receipt",
                                        .key = key,
                                        .matter = first->matter,
                                        .unit = first->unit,
                                        .message = message->id,
                                        .to = to,
                                        .in_reply_to = message->message_id,
                                        .data = data },
                      &error))
        review_open(office->db, &(struct review){ .reason = "template", .text = error->message });
}

void send_receipt(struct office *office, const struct message *message, const struct mail *mail,
                  const GArray *submissions)
{
    gint64 day = 24 * 60 * 60;
    struct submission *first =
        submissions->len > 0 ? submission_get(office->db, g_array_index(submissions, gint64, 0))
                             : NULL;
    json_auto_t *others = json_array();
    for (guint i = 1; i < submissions->len; i++) {
        struct submission *s = submission_get(office->db, g_array_index(submissions, gint64, i));
        json_array_append_new(others, receipt_data(office, s));
        submission_free(s);
    }
    if (first != NULL && mail->answerable && !mail_is_secret(mail) && message->sender != NULL &&
        text_is_address(message->sender) &&
        outbox_answers_to(office->db, message->sender, clock_now() - day) < RECEIPTS_A_DAY &&
        !echoes_receipt(office, mail, first))
        queue_receipt(office, message, first, others);
    submission_free(first);
}

static gboolean is_late(struct office *office, const struct message *message)
{
    struct assignment *a = assignment_get(office->db, message->matter, message->unit);
    gboolean late =
        a != NULL && a->deadline != NULL && message->received_at >= deadline_end(a->deadline);
    assignment_free(a);
    return late;
}

/* TRUE if the same was handed in before; what a person says of it is always new. */
static gboolean is_repeated(struct office *office, const struct message *message,
                            const char *fingerprint, enum stance content, gboolean by_person)
{
    gint64 id = submission_repeated(office->db, message->matter, message->unit, fingerprint);
    struct submission *before = id != 0 ? submission_get(office->db, id) : NULL;
    gboolean same = before != NULL && (!by_person || before->stance == content);
    submission_free(before);
    return same;
}

static gint64 submit_mail(struct office *office, struct message *message, const struct mail *mail,
                          const struct filing *filing)
{
    g_autofree char *fingerprint = mail_fingerprint(mail);
    if (is_repeated(office, message, fingerprint, filing->content, filing->by_person)) {
        verdict_set(message, "filed", "与该单位已报送的内容相同，不作新版本");
        return 0;
    }
    struct submission submission = { .matter = message->matter,
                                     .unit = message->unit,
                                     .message = message->id,
                                     .how = HOW_MAIL,
                                     .stance = filing->content,
                                     .evidence = (char *)filing->evidence,
                                     .text = mail_is_secret(mail) ? (char *)"" : mail->new_text,
                                     .received_at = message->received_at,
                                     .late = is_late(office, message),
                                     .fingerprint = fingerprint };
    g_autoptr(GError) error = NULL;
    if (!ledger_submit(office, &submission, &error))
        return 0;
    struct submission *stored = submission_current(office->db, message->matter, message->unit);
    gint64 id = stored->id;
    /* Nothing of a paper with a 密级 mark is taken over. */
    if (!mail_is_secret(mail))
        opinions_file(office, id, mail);
    verdict_set(message, "filed", "已登记为第 %d 版：%s%s", stored->version,
                stance_chinese(filing->content), submission.late ? "（超过期限）" : "");
    submission_free(stored);
    return id;
}

/* What was withdrawn does not fall back to what stood before it. */
static void void_all(struct office *office, gint64 matter, gint64 unit)
{
    g_autoptr(GPtrArray) all = submission_list(office->db, matter, unit);
    for (guint i = 0; i < all->len; i++) {
        const struct submission *s = all->pdata[i];
        if (s->voided_at == 0)
            submission_void(office->db, s->id, "该单位来信撤回");
    }
}

static void acknowledge(struct office *office, struct message *message)
{
    struct assignment *a = assignment_get(office->db, message->matter, message->unit);
    if (a->status == STATUS_WAITING)
        assignment_set_status(office->db, message->matter, message->unit, STATUS_ACKNOWLEDGED,
                              NULL);
    assignment_free(a);
    verdict_set(message, "filed", "签收，尚未反馈");
}

gint64 file_mail(struct office *office, struct message *message, const struct mail *mail,
                 const struct filing *filing)
{
    g_autofree char *evidence = g_strdup(filing->evidence);
    message->stance = (int)filing->stance;
    g_free(message->stance_evidence);
    message->stance_evidence = g_strdup(evidence);
    if (stance_is_answer(filing->content))
        return submit_mail(office, message, mail, filing);
    if (filing->stance == STANCE_ACKNOWLEDGED) {
        acknowledge(office, message);
    } else if (filing->stance == STANCE_WITHDRAWAL) {
        void_all(office, message->matter, message->unit);
        ledger_refresh(office, message->matter, message->unit);
    }
    return 0;
}

static void file_clear(struct office *office, struct message *message, const struct mail *mail,
                       const struct judgement *j)
{
    g_autoptr(GArray) submissions = g_array_new(FALSE, FALSE, sizeof(gint64));
    gint64 id = file_mail(office, message, mail,
                          &(struct filing){ j->stance, j->content, j->stance_evidence, FALSE });
    if (id != 0)
        g_array_append_val(submissions, id);
    send_receipt(office, message, mail, submissions);
}

GArray *judgement_sides(const struct judgement *j)
{
    GArray *sides = g_array_new(FALSE, FALSE, sizeof(struct side));
    for (guint m = 0; m <= j->more_matters->len; m++)
        for (guint u = 0; u <= j->more_units->len; u++) {
            struct side side = {
                m == 0 ? j->proposed_matter : g_array_index(j->more_matters, gint64, m - 1),
                u == 0 ? j->proposed_unit : g_array_index(j->more_units, gint64, u - 1)
            };
            g_array_append_val(sides, side);
        }
    return sides;
}

static void propose(struct office *office, struct message *message, const struct judgement *j)
{
    g_autoptr(GArray) sides = judgement_sides(j);
    message->proposed_matter = j->proposed_matter;
    message->proposed_unit = j->proposed_unit;
    for (guint i = 1; i < sides->len; i++)
        side_propose(office->db, message->id, &g_array_index(sides, struct side, i));
}

static void to_review(struct office *office, struct message *message, const struct judgement *j)
{
    verdict_set(message, "review", "%s", j->reason);
    review_open(office->db,
                &(struct review){ .reason = j->tag,
                                  .text = j->reason,
                                  .message = message->id,
                                  .matter = message->matter ? message->matter : j->proposed_matter,
                                  .unit = message->unit ? message->unit : j->proposed_unit });
}

void handle_person(struct office *office, struct message *message, const struct mail *mail)
{
    if (clerk_mail(office, message, mail))
        return;
    if (mail->defect != NULL) {
        verdict_set(message, "review", "不能解析：%s", mail->defect);
        review_open(office->db, &(struct review){ .reason = "unparsed",
                                                  .text = message->reason,
                                                  .message = message->id });
        return;
    }
    struct judgement *j = judge(office, mail);
    keep_evidence(office, message->id, j);
    gboolean clear = j->matter != 0 && j->unit != 0;
    propose(office, message, j);
    message->matter = clear ? j->matter : 0;
    message->unit = clear ? j->unit : 0;
    message->stance = (int)j->stance;
    message->stance_evidence = g_strdup(j->stance_evidence);
    if (clear)
        file_clear(office, message, mail, j);
    if (j->tag != NULL)
        to_review(office, message, j);
    if (j->secret)
        review_open(office->db,
                    &(struct review){ .reason = "secret_marking",
                                      .text = "来件带有密级标志：只存原件，不引用、不推送",
                                      .message = message->id,
                                      .matter = j->proposed_matter,
                                      .unit = j->proposed_unit });
    cloud_review(office, message, mail);
    ask_clerks(office, message, j);
    judgement_free(j);
}
