/* Which matter and which unit a mail is about: the token (or the mail that is answered) finds the
 * matter, evidence finds the unit; what conflicts or is missing is a person's to decide. */
#include "documents/documents.h"
#include "handlers/private.h"

#include <string.h>

enum { WEIGHT_TOKEN = 100, WEIGHT_REPLY = 90, WEIGHT_ADDRESS = 80, WEIGHT_ONLY_OPEN = 40 };

void judgement_free(struct judgement *j)
{
    if (j == NULL)
        return;
    g_free(j->stance_evidence);
    g_free(j->reason);
    g_ptr_array_unref(j->evidence);
    g_free(j);
}

static void proof_free(gpointer data)
{
    struct proof *proof = data;
    g_free(proof->rule);
    g_free(proof->text);
    g_free(proof);
}

static void prove(struct judgement *j, const char *rule, int weight, const char *text)
{
    struct proof *proof = g_new0(struct proof, 1);
    proof->rule = g_strdup(rule);
    proof->weight = weight;
    proof->text = g_strdup(text);
    g_ptr_array_add(j->evidence, proof);
}

/* What speaks for a matter or a unit; several different ones are a conflict. */
struct claims {
    gint64 token, token_other; /* matters named by tokens */
    gint64 reply_matter, reply_unit;
    gint64 address_unit;
    gboolean address_shared, from_office;
};

static GRegex *token_regex(void)
{
    static GRegex *regex;
    static gsize once;
    if (g_once_init_enter(&once)) {
        regex = g_regex_new("LL[0-9]+-[0-9A-Z]{5}(?![0-9A-Z])", G_REGEX_CASELESS, 0, NULL);
        g_once_init_leave(&once, 1);
    }
    return regex;
}

static void claim_tokens(struct office *office, struct judgement *j, struct claims *claims,
                         const char *text)
{
    g_autoptr(GMatchInfo) match = NULL;
    for (g_regex_match(token_regex(), text, 0, &match); g_match_info_matches(match);
         g_match_info_next(match, NULL)) {
        g_autofree char *token = g_match_info_fetch(match, 0);
        gint64 matter = matter_by_token(office->db, token);
        if (matter == 0)
            continue;
        if (claims->token == 0)
            prove(j, "token", WEIGHT_TOKEN, token);
        if (claims->token == 0 || claims->token == matter)
            claims->token = matter;
        else
            claims->token_other = matter;
    }
}

static void claim_replies(struct office *office, struct judgement *j, struct claims *claims,
                          const struct mail *mail)
{
    for (guint i = 0; i < mail->references->len && claims->reply_matter == 0; i++) {
        const char *reference = mail->references->pdata[i];
        gint64 id = outbox_by_message_id(office->db, reference);
        struct outbox *ours = id != 0 ? outbox_get(office->db, id) : NULL;
        if (ours == NULL)
            continue;
        claims->reply_matter = ours->matter;
        claims->reply_unit = ours->unit;
        if (ours->matter != 0)
            prove(j, "reply", WEIGHT_REPLY, reference);
        outbox_free(ours);
    }
}

static void claim_address(struct office *office, struct judgement *j, struct claims *claims,
                          const struct mail *mail)
{
    if (mail->from->len == 0)
        return;
    const struct address *from = mail->from->pdata[0];
    g_autoptr(GArray) units = unit_by_address(office->db, from->address);
    for (guint i = 0; i < units->len; i++) {
        gint64 unit = g_array_index(units, gint64, i);
        g_autofree char *code = unit_code(office->db, unit);
        if (g_strcmp0(code, UNIT_OFFICE) == 0) {
            claims->from_office = TRUE;
            continue;
        }
        if (claims->address_unit != 0)
            claims->address_shared = TRUE;
        claims->address_unit = unit;
        prove(j, "address", WEIGHT_ADDRESS, from->address);
    }
}

static void doubt(struct judgement *j, const char *tag, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
static void doubt(struct judgement *j, const char *tag, const char *format, ...)
{
    if (j->tag != NULL)
        return;
    va_list args;
    va_start(args, format);
    j->tag = tag;
    j->reason = g_strdup_vprintf(format, args);
    va_end(args);
}

static void decide_unit(struct office *office, struct judgement *j, const struct claims *claims)
{
    g_autofree char *sender = unit_label(office->db, claims->address_unit);
    g_autofree char *answered = unit_label(office->db, claims->reply_unit);
    gint64 unit = claims->address_unit != 0 ? claims->address_unit : claims->reply_unit;
    j->proposed_unit = unit;
    if (claims->address_shared)
        doubt(j, "shared_address", "这个邮箱登记在几个单位名下，分不清代表哪个单位");
    else if (claims->address_unit != 0 && claims->reply_unit != 0 &&
             claims->address_unit != claims->reply_unit)
        doubt(j, "conflict", "发件邮箱属于%s，回复的却是发给%s的邮件", sender, answered);
    else if (claims->from_office && claims->address_unit == 0)
        doubt(j, "office_mail", "办公室人员来信，请登记到单位或忽略");
    else if (claims->address_unit == 0)
        doubt(j, "unknown_sender", "发件邮箱没有登记%s%s", answered != NULL ? "，可能是" : "",
              answered != NULL ? answered : "");
    else
        j->unit = unit;
}

static void decide_matter(struct office *office, struct judgement *j, const struct claims *claims)
{
    gint64 matter = claims->token != 0 ? claims->token : claims->reply_matter;
    if (claims->token_other != 0 || (claims->token != 0 && claims->reply_matter != 0 &&
                                     claims->token != claims->reply_matter)) {
        j->proposed_matter = matter;
        doubt(j, "conflict", "邮件同时指向几个事项");
        return;
    }
    if (matter == 0 && j->proposed_unit != 0) {
        g_autoptr(GArray) open = assignment_open_matters(office->db, j->proposed_unit);
        if (open->len == 1) {
            matter = g_array_index(open, gint64, 0);
            struct matter *m = matter_get(office->db, matter);
            prove(j, "only_open_matter", WEIGHT_ONLY_OPEN, m->title);
            matter_free(m);
        } else if (open->len > 1) {
            doubt(j, "several_matters", "没有标记，而该单位有 %u 个未办结事项", open->len);
        }
    }
    j->proposed_matter = matter;
    if (matter == 0)
        doubt(j, "no_matter", "看不出是哪个事项的来信");
    else
        j->matter = matter;
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
    struct matter *m = matter_get(office->db, j->proposed_matter);
    j->stance = stance_of_mail(mail, m != NULL ? m->title : NULL, &j->content, &j->stance_evidence);
    matter_free(m);
}

/* A stance that leaves the unit's standing as it is needs a person (DESIGN §1). */
static void check_stance(struct judgement *j)
{
    if (j->stance == STANCE_EXTENSION)
        doubt(j, "extension", "申请延期，请决定是否同意");
    else if (j->stance == STANCE_QUESTION)
        doubt(j, "question", "来信提问，请答复");
    else if (j->stance == STANCE_WITHDRAWAL)
        doubt(j, "withdrawal", "要求撤回已报送的意见，请确认");
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
        doubt(j, "secret_marking", "附件“%s”标有密级，请按保密规定处理，系统不转发、不引用", name);
    else if (unreadable != NULL)
        doubt(j, "unreadable", "附件“%s”%s（%s），请看原件", name, unreadable_chinese(unreadable),
              unreadable);
    json_array_foreach (json_object_get(document, "members"), i, member) {
        g_autofree char *inside =
            g_strdup_printf("%s › %s", name, json_string_value(json_object_get(member, "name")));
        check_paper(j, inside, member);
    }
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
    struct claims claims = { 0 };
    j->evidence = g_ptr_array_new_with_free_func(proof_free);
    claim_tokens(office, j, &claims, mail->subject);
    if (claims.token == 0)
        claim_tokens(office, j, &claims, mail->new_text);
    claim_replies(office, j, &claims, mail);
    claim_address(office, j, &claims, mail);
    decide_unit(office, j, &claims);
    decide_matter(office, j, &claims);
    check_assignment(office, j);
    decide_stance(office, j, mail);
    check_stance(j);
    check_papers(j, mail);
    return j;
}
