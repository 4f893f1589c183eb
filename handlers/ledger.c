/* The ledger: a unit's standing is derived from what is there, never edited by hand, so that
 * voiding or correcting a submission is enough to set everything right. */
#include "handlers/private.h"

static enum status answered(const struct matter *m, enum stance stance)
{
    if (m->kind != KIND_CONSULTATION)
        return STATUS_SUBMITTED;
    return stance == STANCE_COMMENTS || stance == STANCE_CONDITIONAL ? STATUS_COMMENTED
                                                                     : STATUS_NO_COMMENT;
}

/* What the submissions come to; the newest answer counts, and whether one brought electronic text.
 */
struct standing {
    const struct submission *answer;
    gint64 electronic_at;
};

static gboolean is_electronic(const struct submission *s)
{
    return s->how == HOW_MAIL || s->how == HOW_WECOM || s->sha256 != NULL;
}

static struct standing standing_of(const GPtrArray *submissions)
{
    struct standing standing = { 0 };
    for (guint i = 0; i < submissions->len; i++) {
        const struct submission *s = submissions->pdata[i];
        if (s->voided_at != 0 || !stance_is_answer(s->stance))
            continue;
        standing.answer = s;
        if (standing.electronic_at == 0 && is_electronic(s))
            standing.electronic_at = s->received_at;
    }
    return standing;
}

static enum status silent_status(struct office *office, const struct matter *m,
                                 const struct assignment *a)
{
    if (a->status == STATUS_DEEMED || a->status == STATUS_OVERDUE)
        return a->status;
    return message_acknowledged(office->db, m->id, a->unit) ? STATUS_ACKNOWLEDGED : STATUS_WAITING;
}

static void cancel_reminders(struct office *office, const struct matter *m, gint64 unit)
{
    struct assignment *a = assignment_get(office->db, m->id, unit);
    if (!assignment_owes(m, a, NULL, NULL))
        outbox_cancel(office->db, "reminder", m->id, unit, "已不再欠缺，不必再催");
    assignment_free(a);
}

/* A unit whose silence was taken for consent has spoken: in plain sight. */
static void reopen(struct office *office, const struct matter *m, const struct assignment *a)
{
    g_autofree char *name = unit_label(office->db, a->unit);
    g_autofree char *text =
        g_strdup_printf("%s 已按“视为无异议”处理，现在收到了它的反馈：请确认是否采用", name);
    review_open(office->db,
                &(struct review){
                    .reason = "late_answer", .text = text, .matter = m->id, .unit = a->unit });
}

void ledger_refresh(struct office *office, gint64 matter, gint64 unit)
{
    struct matter *m = matter_get(office->db, matter);
    struct assignment *a = assignment_get(office->db, matter, unit);
    g_autoptr(GPtrArray) submissions = submission_list(office->db, matter, unit);
    if (m == NULL || a == NULL) {
        matter_free(m);
        assignment_free(a);
        return;
    }
    struct standing standing = standing_of(submissions);
    assignment_set_electronic(office->db, matter, unit, standing.electronic_at);
    assignment_set_late(office->db, matter, unit,
                        standing.answer != NULL && a->deadline != NULL &&
                            standing.answer->received_at >= deadline_end(a->deadline));
    if (a->status == STATUS_DEEMED && standing.answer != NULL)
        reopen(office, m, a);
    if (a->status != STATUS_EXEMPT || standing.answer != NULL)
        assignment_set_status(office->db, matter, unit,
                              standing.answer != NULL ? answered(m, standing.answer->stance)
                                                      : silent_status(office, m, a),
                              NULL);
    /* Silent again after all was settled: settlement must look once more. */
    if (m->settled_at != 0 && standing.answer == NULL && a->status != STATUS_DEEMED &&
        a->status != STATUS_EXEMPT)
        matter_set_settled(office->db, matter, 0);
    cancel_reminders(office, m, unit);
    assignment_free(a);
    matter_free(m);
}

gboolean ledger_submit(struct office *office, const struct submission *submission, GError **error)
{
    struct assignment *a = assignment_get(office->db, submission->matter, submission->unit);
    if (a == NULL)
        return fault_set(error, FAULT_REFUSED, "该事项没有发给这个单位");
    assignment_free(a);
    submission_add(office->db, submission);
    ledger_refresh(office, submission->matter, submission->unit);
    if (stance_is_answer(submission->stance))
        review_settle(office->db, "paper_without_stance",
                      &(struct review){ .matter = submission->matter, .unit = submission->unit },
                      "已登记态度");
    return db_ok(office->db, error);
}

gboolean ledger_void(struct office *office, gint64 id, const char *reason, GError **error)
{
    struct submission *s = submission_get(office->db, id);
    if (s == NULL)
        return db_ok(office->db, NULL) &&
               fault_set(error, FAULT_REFUSED, "没有第 %" G_GINT64_FORMAT " 号报送", id);
    gboolean voided = s->voided_at != 0;
    if (!voided) {
        submission_void(office->db, id, reason);
        ledger_refresh(office, s->matter, s->unit);
    }
    submission_free(s);
    if (voided)
        return fault_set(error, FAULT_REFUSED, "第 %" G_GINT64_FORMAT " 号报送已经作废过了", id);
    return db_ok(office->db, error);
}

/* Paper that nobody has read says nothing: unless the unit has answered otherwise, a person must.
 */
static void ask_for_stance(struct office *office, gint64 matter, gint64 unit)
{
    struct submission *current = submission_current(office->db, matter, unit);
    g_autofree char *name = unit_label(office->db, unit);
    g_autofree char *text = g_strdup_printf(
        "%s 的纸质件已收到，尚未登记态度：请用 lianluo paper received … --stance 登记", name);
    if (current == NULL || !stance_is_answer(current->stance))
        review_open(office->db, &(struct review){ .reason = "paper_without_stance",
                                                  .text = text,
                                                  .matter = matter,
                                                  .unit = unit });
    submission_free(current);
}

/* The paper's stance is a submission of its own, unless the unit already said the same. */
static gboolean submit_paper(struct office *office, const struct assignment *a, enum how how,
                             enum stance stance, GError **error)
{
    struct submission *current = submission_current(office->db, a->matter, a->unit);
    gboolean same = current != NULL && current->stance == stance;
    submission_free(current);
    if (same)
        return TRUE;
    gint64 now = clock_now();
    struct submission submission = { .matter = a->matter,
                                     .unit = a->unit,
                                     .how = how,
                                     .stance = stance,
                                     .received_at = now,
                                     .late =
                                         a->deadline != NULL && now >= deadline_end(a->deadline) };
    return ledger_submit(office, &submission, error);
}

gboolean ledger_paper(struct office *office, gint64 matter, gint64 unit, enum how how, int stance,
                      GError **error)
{
    struct assignment *a = assignment_get(office->db, matter, unit);
    if (a == NULL)
        return fault_set(error, FAULT_REFUSED, "该事项没有发给这个单位");
    assignment_set_paper(office->db, matter, unit, clock_now(), how, stance);
    gboolean ok = TRUE;
    if (stance >= 0)
        ok = submit_paper(office, a, how, (enum stance)stance, error);
    else
        ask_for_stance(office, matter, unit);
    if (stance >= 0)
        review_settle(office->db, "paper_without_stance",
                      &(struct review){ .matter = matter, .unit = unit }, "已登记态度");
    ledger_refresh(office, matter, unit);
    assignment_free(a);
    return ok && db_ok(office->db, error);
}
