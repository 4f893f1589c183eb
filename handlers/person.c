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

static void send_receipt(struct office *office, const struct message *message,
                         const struct mail *mail, const struct submission *submission)
{
    gint64 day = 24 * 60 * 60;
    if (!mail->answerable || mail_is_secret(mail) || message->sender == NULL ||
        !text_is_address(message->sender) ||
        outbox_answers_to(office->db, message->sender, clock_now() - day) >= RECEIPTS_A_DAY ||
        echoes_receipt(office, mail, submission))
        return;
    struct matter *m = matter_get(office->db, message->matter);
    struct assignment *a = assignment_get(office->db, message->matter, message->unit);
    g_autofree char *name = unit_label(office->db, message->unit);
    g_autofree char *received = instant_local(message->received_at);
    g_autofree char *stance = understood(office, submission);
    g_autofree char *key = g_strdup_printf("receipt/%" G_GINT64_FORMAT, message->id);
    const char *to[] = { message->sender, NULL };
    json_auto_t *data =
        json_pack("{so so so s{ss} ss ss ss* ss* si sb}", "office", office_data(office), "matter",
                  matter_data(office, m), "owed", owed_data(m, a), "unit", "name", name, "received",
                  received, "stance", stance, "sentence", submission->evidence, "subject",
                  message->subject, "version", submission->version, "late", submission->late);
    g_autoptr(GError) error = NULL;
    if (!letter_queue(office,
                      &(struct letter){ .kind = "receipt",
                                        .key = key,
                                        .matter = message->matter,
                                        .unit = message->unit,
                                        .message = message->id,
                                        .to = to,
                                        .in_reply_to = message->message_id,
                                        .data = data },
                      &error))
        review_open(office->db, &(struct review){ .reason = "template", .text = error->message });
    assignment_free(a);
    matter_free(m);
}

static gboolean is_late(struct office *office, const struct message *message)
{
    struct assignment *a = assignment_get(office->db, message->matter, message->unit);
    gboolean late =
        a != NULL && a->deadline != NULL && message->received_at >= deadline_end(a->deadline);
    assignment_free(a);
    return late;
}

static void submit_mail(struct office *office, struct message *message, const struct mail *mail,
                        enum stance content, const char *evidence)
{
    g_autofree char *fingerprint = mail_fingerprint(mail);
    gint64 before = submission_repeated(office->db, message->matter, message->unit, fingerprint);
    if (before != 0) {
        verdict_set(message, "filed", "与该单位已报送的内容相同，不作新版本");
        return;
    }
    struct submission submission = { .matter = message->matter,
                                     .unit = message->unit,
                                     .message = message->id,
                                     .how = HOW_MAIL,
                                     .stance = content,
                                     .evidence = (char *)evidence,
                                     .text = mail_is_secret(mail) ? (char *)"" : mail->new_text,
                                     .received_at = message->received_at,
                                     .late = is_late(office, message),
                                     .fingerprint = fingerprint };
    g_autoptr(GError) error = NULL;
    if (!ledger_submit(office, &submission, &error))
        return;
    struct submission *stored = submission_current(office->db, message->matter, message->unit);
    /* Nothing of a paper with a 密级 mark is taken over. */
    if (!mail_is_secret(mail))
        opinions_file(office, stored->id, mail);
    verdict_set(message, "filed", "已登记为第 %d 版：%s%s", stored->version,
                stance_chinese(content), submission.late ? "（超过期限）" : "");
    send_receipt(office, message, mail, stored);
    submission_free(stored);
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

void file_mail(struct office *office, struct message *message, const struct mail *mail,
               enum stance stance, enum stance content, const char *evidence)
{
    message->stance = (int)stance;
    g_free(message->stance_evidence);
    message->stance_evidence = g_strdup(evidence);
    if (stance_is_answer(content)) {
        submit_mail(office, message, mail, content, evidence);
    } else if (stance == STANCE_ACKNOWLEDGED) {
        struct assignment *a = assignment_get(office->db, message->matter, message->unit);
        if (a->status == STATUS_WAITING)
            assignment_set_status(office->db, message->matter, message->unit, STATUS_ACKNOWLEDGED,
                                  NULL);
        assignment_free(a);
        verdict_set(message, "filed", "签收，尚未反馈");
    } else if (stance == STANCE_WITHDRAWAL) {
        void_all(office, message->matter, message->unit);
        ledger_refresh(office, message->matter, message->unit);
    }
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
    message->proposed_matter = j->proposed_matter;
    message->proposed_unit = j->proposed_unit;
    message->matter = clear ? j->matter : 0;
    message->unit = clear ? j->unit : 0;
    message->stance = (int)j->stance;
    message->stance_evidence = g_strdup(j->stance_evidence);
    if (clear)
        file_mail(office, message, mail, j->stance, j->content, j->stance_evidence);
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

static gboolean assignable(struct office *office, const struct message *message, gint64 matter,
                           gint64 unit, GError **error)
{
    struct assignment *a = assignment_get(office->db, matter, unit);
    gboolean asked = a != NULL;
    assignment_free(a);
    if (!asked)
        return fault_set(error, FAULT_REFUSED, "该事项没有发给这个单位，不能登记");
    static const char *const machines[] = { "own", "bounce", "receipt" };
    for (size_t i = 0; i < G_N_ELEMENTS(machines); i++)
        if (g_strcmp0(message->kind, machines[i]) == 0)
            return fault_set(error, FAULT_REFUSED, "这不是单位写来的信，不能登记为反馈");
    if (message->verdict == NULL)
        return fault_set(error, FAULT_REFUSED, "这封邮件还没有处理，请先执行 lianluo tick");
    if (g_str_equal(message->verdict, "filed") &&
        (message->matter != matter || message->unit != unit))
        return fault_set(error, FAULT_REFUSED,
                         "这封来信已经登记在别处；要改，请管理员先作废那一份"
                         "（lianluo submission void），再登记");
    return TRUE;
}

/* What a person settled for an address stays settled. One of the office's own says nothing: they
 * pass on what anybody wrote. */
static void learn(struct office *office, const struct message *message, gint64 unit)
{
    if (message->sender == NULL || !text_is_address(message->sender) ||
        g_ascii_strcasecmp(message->sender, office->policy->address) == 0)
        return;
    gboolean known = FALSE;
    g_autoptr(GArray) units = unit_by_address(office->db, message->sender);
    for (guint i = 0; i < units->len; i++) {
        g_autofree char *code = unit_code(office->db, g_array_index(units, gint64, i));
        known |= g_str_equal(code, UNIT_OFFICE) || g_array_index(units, gint64, i) == unit;
    }
    if (!known)
        learnt_add(office->db, message->sender, unit);
}

gboolean inbox_assign(struct office *office, gint64 id, gint64 matter, gint64 unit, int stance,
                      const struct mail *mail, gboolean *unclear, GError **error)
{
    struct message *message = message_get(office->db, id);
    *unclear = FALSE;
    if (message == NULL || !assignable(office, message, matter, unit, error)) {
        message_free(message);
        return FALSE;
    }
    g_autofree char *evidence = NULL;
    enum stance content;
    struct ours *ours = ours_load(office, matter, unit, mail);
    enum stance said = stance_of_mail(mail, ours, &content, &evidence);
    ours_free(ours);
    if (stance >= 0)
        said = content = (enum stance)stance;
    review_settle(office->db, NULL, &(struct review){ .message = id }, "已由人登记");
    message->state = MESSAGE_HANDLED;
    message->matter = matter;
    message->unit = unit;
    verdict_set(message, "filed", "由人登记");
    evidence_add(office->db, id, &(struct evidence){ "person", 1000, "由人登记" });
    learn(office, message, unit);
    file_mail(office, message, mail, said, content, evidence);
    *unclear = !stance_is_answer(content) && said != STANCE_ACKNOWLEDGED && stance < 0;
    if (*unclear) {
        verdict_set(message, "review", "已归到单位，态度仍须判定");
        review_open(office->db, &(struct review){ .reason = "unclear",
                                                  .text = message->reason,
                                                  .message = id,
                                                  .matter = matter,
                                                  .unit = unit });
    }
    message_set_verdict(office->db, message);
    message_free(message);
    return db_ok(office->db, error);
}

gboolean inbox_ignore(struct office *office, gint64 id, GError **error)
{
    struct message *message = message_get(office->db, id);
    if (message == NULL)
        return fault_set(error, FAULT_REFUSED, "没有 #%" G_GINT64_FORMAT " 号来信", id);
    gboolean filed = g_strcmp0(message->verdict, "filed") == 0;
    if (!filed) {
        verdict_set(message, "noted", "由人忽略");
        if (message->state == MESSAGE_STORED)
            message->state = MESSAGE_HANDLED;
        message_set_verdict(office->db, message);
        review_settle(office->db, NULL, &(struct review){ .message = id }, "由人忽略");
    }
    message_free(message);
    if (filed)
        return fault_set(
            error, FAULT_REFUSED,
            "#%" G_GINT64_FORMAT
            " 已经登记为报送，不能忽略；要撤掉，请管理员作废那一份（lianluo submission void）",
            id);
    return db_ok(office->db, error);
}
