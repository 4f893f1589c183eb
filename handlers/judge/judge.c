/* Which matter and which unit a mail is about: the token (or the mail that is answered) finds the
 * matter, evidence finds the unit; what conflicts or is missing is a person's to decide. */
#include "documents/documents.h"
#include "handlers/judge/evidence.h"
#include "handlers/judge/weigh.h"
#include "handlers/private.h"

#include <string.h>

enum { EXPLICIT = 50 }; /* a matter that is named, not guessed */

void judgement_free(struct judgement *j)
{
    if (j == NULL)
        return;
    g_free(j->stance_evidence);
    g_free(j->reason);
    g_ptr_array_unref(j->evidence);
    g_array_unref(j->more_units);
    g_array_unref(j->more_matters);
    g_free(j);
}

static void proof_free(gpointer data)
{
    struct proof *proof = data;
    g_free(proof->text);
    g_free(proof);
}

/* ---- the matter */

static void guess_matter(struct office *office, struct judgement *j)
{
    /* Words of a title may stand in a letter about something else: then the only open one counts.
     */
    gint64 named = heaviest(j, SPEAKS_FOR_MATTER, 0);
    if (j->proposed_unit == 0 ||
        weight_for(j, SPEAKS_FOR_MATTER, named) >
            rule_rows[RULE_TITLE_WORDS].weight + rule_rows[RULE_ABOUT].weight)
        return;
    g_autoptr(GArray) open = assignment_open_matters(office->db, j->proposed_unit);
    if (open->len == 0)
        return;
    struct matter *m = matter_get(office->db, g_array_index(open, gint64, open->len - 1));
    if (open->len == 1 && (named == 0 || named == m->id)) {
        prove(j, RULE_ONLY_OPEN, m->id, 0, m->title);
    } else if (named == 0) {
        j->proposed_matter = m->id;
        doubt(j, "several_matters", "没有标记，而该单位有 %u 个未办结事项", open->len);
    }
    matter_free(m);
}

/* TRUE if a mail that answers one matter also answers, or asks about, that one: it is not only
 * referred to. */
static gboolean is_answered(struct office *office, const struct judgement *j, gint64 matter)
{
    static const enum rule rules[] = { RULE_TOKEN, RULE_REPLY, RULE_ABOUT };
    struct assignment *a = assignment_get(office->db, matter, j->proposed_unit);
    gboolean asked = a != NULL || j->proposed_unit == 0;
    assignment_free(a);
    for (guint i = 0; asked && i < j->evidence->len; i++) {
        const struct proof *p = j->evidence->pdata[i];
        for (gsize k = 0; k < G_N_ELEMENTS(rules); k++)
            if (p->matter == matter && p->rule == rule_rows[rules[k]].name)
                return TRUE;
    }
    return FALSE;
}

static gboolean speaks_about(const struct judgement *j, gint64 matter)
{
    for (guint i = 0; i < j->evidence->len; i++) {
        const struct proof *p = j->evidence->pdata[i];
        if (p->matter == matter && p->rule == rule_rows[RULE_ABOUT].name)
            return TRUE;
    }
    return FALSE;
}

/* A mail that answers one of ours is about that; another matter that it says something on is a
 * doubt: it is about both, or stands in the wrong conversation. */
static void check_others(struct office *office, struct judgement *j, gint64 best)
{
    for (guint i = 0; i < j->evidence->len; i++) {
        const struct proof *p = j->evidence->pdata[i];
        gboolean known = p->matter == 0 || p->matter == best;
        for (guint k = 0; k < j->more_matters->len; k++)
            known |= g_array_index(j->more_matters, gint64, k) == p->matter;
        if (!known && is_answered(office, j, p->matter))
            g_array_append_val(j->more_matters, p->matter);
    }
    if (j->more_matters->len == 0)
        return;
    struct matter *one = matter_get(office->db, best);
    struct matter *other = matter_get(office->db, g_array_index(j->more_matters, gint64, 0));
    if (speaks_about(j, best) || j->more_matters->len > 1)
        doubt(j, "several_matters", "来信同时答复《%s》和《%s》，请登记到它所答复的事项",
              one->title, other->title);
    else
        doubt(j, "conflict", "邮件回复的是《%s》，说的却像是《%s》，请确认是哪一件", one->title,
              other->title);
    matter_free(one);
    matter_free(other);
}

static void doubt_matters(struct judgement *j, gint64 second)
{
    g_array_append_val(j->more_matters, second);
    doubt(j, "conflict", "邮件同时指向几个事项，请确认是哪一件");
}

static void decide_matter(struct office *office, struct judgement *j)
{
    guess_matter(office, j);
    gint64 best = heaviest(j, SPEAKS_FOR_MATTER, 0);
    gint64 second = heaviest(j, SPEAKS_FOR_MATTER, best);
    gboolean answers =
        context_of(j) == ANSWERS || claimed(j, RULE_QUOTED, SPEAKS_FOR_MATTER, 0) != 0;
    if (best != 0)
        j->proposed_matter = best;
    if (best == 0)
        doubt(j, "no_matter", "看不出是哪个事项的来信");
    else if (answers)
        check_others(office, j, best);
    else if (weight_for(j, SPEAKS_FOR_MATTER, second) >= EXPLICIT)
        doubt_matters(j, second);
    if (best != 0 && j->more_matters->len == 0 &&
        (answers || weight_for(j, SPEAKS_FOR_MATTER, second) < EXPLICIT))
        j->matter = best;
}

static void check_assignment(struct office *office, struct judgement *j)
{
    if (j->matter == 0 || j->unit == 0)
        return;
    struct assignment *a = assignment_get(office->db, j->matter, j->unit);
    struct matter *m = matter_get(office->db, j->matter);
    if (a == NULL)
        doubt(j, "not_asked", "该事项没有发给这个单位");
    else if (m->state != STATE_ISSUED && m->state != STATE_CLOSED)
        doubt(j, "not_open", "该事项%s，不能收反馈", matter_state_chinese(m->state));
    if (a == NULL || j->tag != NULL)
        j->unit = 0;
    assignment_free(a);
    matter_free(m);
}

static void decide_stance(struct office *office, struct judgement *j, const struct mail *mail)
{
    struct ours *ours = ours_load(office, j->proposed_matter, j->proposed_unit, mail);
    j->stance = stance_of_mail(mail, ours, &j->content, &j->stance_evidence);
    ours_free(ours);
}

static gboolean brings_scan(const struct mail *mail)
{
    for (guint i = 0; i < mail->attachments->len; i++)
        if (attachment_text(mail->attachments->pdata[i]) == NULL)
            return TRUE;
    return FALSE;
}

/* What only a scan says after the unit has answered is most likely the same, stamped. */
static gboolean is_stamped_copy(struct office *office, const struct judgement *j,
                                const struct mail *mail)
{
    if (!brings_scan(mail) || j->matter == 0 || j->unit == 0)
        return FALSE;
    struct submission *current = submission_current(office->db, j->matter, j->unit);
    gboolean answered = current != NULL && stance_is_answer(current->stance);
    submission_free(current);
    return answered;
}

/* A stance that leaves the unit's standing as it is needs a person (DESIGN §1). */
static void check_stance(struct office *office, struct judgement *j, const struct mail *mail)
{
    if (j->stance == STANCE_EXTENSION)
        doubt(j, "extension", "申请延期，请决定是否同意");
    else if (j->stance == STANCE_QUESTION)
        doubt(j, "question", "来信提问，请答复");
    else if (j->stance == STANCE_WITHDRAWAL)
        doubt(j, "withdrawal", "要求撤回已报送的意见，请确认");
    else if (j->content == STANCE_UNCLEAR && is_stamped_copy(office, j, mail))
        doubt(j, "scan", "可能是已报送意见的盖章扫描件：核对后登记纸质已收，再忽略来信");
    else if (j->content == STANCE_UNCLEAR)
        doubt(j, "unclear", "不能判定态度，请看原件后登记");
}

/* What could not be read may hold an answer, and what is secret is not for us to pass on; so a
 * person must look (law 10), in an archive's members, too. */
static void check_paper(struct judgement *j, const char *name, json_t *document)
{
    const char *unreadable = document_unreadable(document);
    size_t i;
    json_t *member;
    if (document_warns(document, "secret_marking"))
        doubt(j, "secret_marking", "附件标有密级，请按保密规定处理，系统不转发、不引用");
    else if (unreadable != NULL)
        doubt(j, "unreadable", "附件“%s”%s（%s），请看原件", name, unreadable_chinese(unreadable),
              unreadable);
    json_array_foreach (json_object_get(document, "members"), i, member) {
        g_autofree char *inside =
            g_strdup_printf("%s › %s", name, json_string_value(json_object_get(member, "name")));
        check_paper(j, inside, member);
    }
}

/* What it says is known to nobody here, whatever stands beside it. */
static void check_encryption(struct judgement *j, const struct mail *mail)
{
    if (g_strcmp0(mail->protection, "encrypted") != 0)
        return;
    j->tag = NULL;
    g_clear_pointer(&j->reason, g_free);
    doubt(j, "encrypted",
          "邮件加了密（S/MIME 或 PGP），系统读不了：请用有密钥的邮件程序查看原件，再登记或忽略");
    j->matter = j->unit = 0;
    j->stance = j->content = STANCE_UNCLEAR;
    g_clear_pointer(&j->stance_evidence, g_free);
}

static void check_papers(struct judgement *j, const struct mail *mail)
{
    for (guint i = 0; i < mail->attachments->len; i++) {
        const struct attachment *a = mail->attachments->pdata[i];
        if (a->document != NULL)
            check_paper(j, a->filename, a->document);
    }
}

struct judgement *judge(struct office *office, const struct mail *mail)
{
    struct judgement *j = g_new0(struct judgement, 1);
    gboolean from_office = FALSE;
    j->evidence = g_ptr_array_new_with_free_func(proof_free);
    j->more_units = g_array_new(FALSE, FALSE, sizeof(gint64));
    j->more_matters = g_array_new(FALSE, FALSE, sizeof(gint64));
    evidence_gather(office, j, mail, &from_office);
    decide_unit(office, j, from_office);
    decide_matter(office, j);
    check_assignment(office, j);
    decide_stance(office, j, mail);
    check_stance(office, j, mail);
    check_papers(j, mail);
    check_encryption(j, mail);
    j->secret = mail_is_secret(mail);
    if (j->secret)
        g_clear_pointer(&j->stance_evidence, g_free);
    return j;
}
