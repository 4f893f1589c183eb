/* A mail of the office's own people that begins with a command: who wrote it, whether that is
 * proven, and one answer for all that it asks. */
#include "handlers/clerk/clerk.h"

/* Nobody writes so many; a machine that answers ours would. */
enum { ANSWERS_A_DAY = 60 };

static gboolean went_to(const struct outbox *ours, const char *address)
{
    for (guint i = 0; i < ours->recipients->len; i++)
        if (g_ascii_strcasecmp(ours->recipients->pdata[i], address) == 0)
            return TRUE;
    return FALSE;
}

/* Which mail of ours he answers, and so the conversation and its matter. */
static void find_conversation(struct clerk *clerk)
{
    struct db *db = clerk->office->db;
    clerk->root = clerk->message->id;
    clerk->matter = matter_in_text(db, clerk->mail->subject);
    for (guint i = 0; i < clerk->mail->references->len && clerk->answers == 0; i++) {
        gint64 id = outbox_by_message_id(db, clerk->mail->references->pdata[i]);
        struct outbox *ours = id != 0 ? outbox_get(db, id) : NULL;
        if (ours == NULL)
            continue;
        clerk->answers = id;
        clerk->was_his = went_to(ours, clerk->address);
        clerk->signing = g_str_equal(ours->kind, "sign_off");
        clerk->asked = ours->message;
        if (ours->matter != 0)
            clerk->matter = clerk->matter == 0 || clerk->matter == ours->matter ? ours->matter : -1;
        outbox_free(ours);
    }
    gint64 root = clerk->asked != 0 ? conversation_root(db, clerk->asked) : 0;
    if (root != 0)
        clerk->root = root;
}

/* The address as the roster has it; NULL: nobody of the office. */
static char *registered(struct office *office, const char *address, gboolean *signs)
{
    gint64 unit = unit_by_code(office->db, UNIT_OFFICE);
    char *signer = unit_registered(office->db, unit, ROLE_SIGNER, address);
    *signs = signer != NULL;
    return signer != NULL ? signer : unit_registered(office->db, unit, ROLE_CLERK, address);
}

/* Whoever only knows the address of a clerk is not one. */
static void prove(struct clerk *clerk)
{
    const struct policy *policy = clerk->office->policy;
    clerk->proven = mail_authentic(clerk->mail, (const char *const *)policy->authserv,
                                   (guint)policy->authserv_hops, &clerk->doubt);
    if (!clerk->proven && clerk->mail->from_fields == 1 && clerk->was_his)
        clerk->proven = session_is_open(clerk->office->db, clerk->address, clerk->root);
}

/* To take a code back, or to refuse consent, it is enough to answer the mail that brought the code:
 * nobody else has seen it. */
static gboolean only_cancels(const GPtrArray *orders)
{
    for (guint i = 0; i < orders->len; i++) {
        const struct order *order = orders->pdata[i];
        if (order->word < 0 || (clerk_commands[order->word].run != clerk_cancel &&
                                clerk_commands[order->word].run != clerk_return))
            return FALSE;
    }
    return orders->len > 0;
}

static gboolean is_confirmation(const struct order *order)
{
    return order->word == ORDER_CODE ||
           (order->word >= 0 && clerk_commands[order->word].is_confirmation);
}

static gboolean has_code(const struct order *order)
{
    const char *rest;
    g_autofree char *code = onetime_begin(order->rest, &rest);
    return code != NULL;
}

static gboolean any_submitted(struct db *db)
{
    g_autoptr(GArray) ids = matter_list(db, STATE_SUBMITTED);
    return ids->len > 0;
}

/* A number alone means something only below a question, eight letters only where a code is out. */
static gboolean means_something(const struct clerk *clerk, const struct order *order)
{
    if (order->word == ORDER_CHOICE)
        return clerk->asked != 0;
    if (order->word == ORDER_CODE)
        return clerk->answers != 0 || code_any_open(clerk->office->db, clerk->address);
    if (clerk_commands[order->word].needs & TO_SIGN_OFF)
        return clerk->signing || has_code(order) ||
               (clerk->signs && !order->glued && any_submitted(clerk->office->db));
    if (!is_confirmation(order) || *order->rest == '\0' || !order->glued)
        return TRUE;
    /* 确认无误 below what waits for a code */
    return g_ascii_isalnum(*order->rest) || (clerk->asked != 0 && clerk->was_his &&
                                             code_any_open(clerk->office->db, clerk->address));
}

/* Who writes it in the subject and once more in the body wants it once; and a word that waits for a
 * code has it, if the same stands there with one. */
static gboolean is_said_again(const GPtrArray *orders, guint i)
{
    const struct order *order = orders->pdata[i];
    for (guint k = 0; k < orders->len; k++) {
        const struct order *other = orders->pdata[k];
        if (k < i && g_str_equal(order->line, other->line) && order->more->len == 0)
            return TRUE;
        if (k != i && order->word == other->word && is_confirmation(order) &&
            *order->rest == '\0' && *other->rest != '\0')
            return TRUE;
    }
    return FALSE;
}

/* Only what means something, once. */
static void clean(struct clerk *clerk, GPtrArray *orders)
{
    for (guint i = orders->len; i > 0; i--)
        if (!means_something(clerk, orders->pdata[i - 1]) || is_said_again(orders, i - 1))
            g_ptr_array_remove_index(orders, i - 1);
}

static void take_codes(struct clerk *clerk, const GPtrArray *orders)
{
    for (guint i = 0; i < orders->len; i++)
        if (is_confirmation(orders->pdata[i]))
            code_take(clerk, orders->pdata[i]);
}

static void take_choices(struct clerk *clerk, const char *line)
{
    g_auto(GStrv) words = g_regex_split_simple("[^0-9]+", line, 0, 0);
    for (char **word = words; *word != NULL; word++) {
        if (**word == '\0')
            continue;
        int number = (int)g_ascii_strtoll(*word, NULL, 10);
        struct choice *choice = choice_take(clerk->office->db, clerk->asked, number);
        if (choice != NULL)
            line_follow(clerk, choice->command, choice->matter);
        else
            part_refuse(part_add(clerk, *word), "上一封信里没有第 %d 项可选，或已经选过", number);
        choice_free(choice);
    }
}

/* FALSE: there was no command in it. */
static gboolean follow(struct clerk *clerk, const GPtrArray *orders)
{
    gboolean any = FALSE;
    for (guint i = 0; i < orders->len; i++) {
        const struct order *order = orders->pdata[i];
        struct call *call = NULL;
        if (is_confirmation(order)) {
            any = TRUE;
        } else if (order->word == ORDER_CHOICE) {
            take_choices(clerk, order->line);
            any = TRUE;
        } else if (call_resolve(clerk, order, 0, &call) != RESOLVED_NONE) {
            any = TRUE;
            if (call != NULL)
                call_follow(clerk, call);
            if (call != NULL && call->also != NULL)
                line_follow(clerk, call->also, 0);
        }
        call_free(call);
    }
    return any;
}

static void conclude(struct clerk *clerk, struct message *message)
{
    g_autofree char *subject = text_printable(message->subject != NULL ? message->subject : "");
    g_autofree char *said = onetime_masked(subject);
    conversation_add(clerk->office->db, message->id, clerk->root);
    message->matter = MAX(clerk->matter, 0);
    clerk_answer(clerk);
    gboolean known = clerk->proven || clerk->himself;
    if (known)
        verdict_set(message, "noted", "办公室人员的命令，已答复");
    else
        verdict_set(message, "noted", "自称办公室人员的命令，没有证实（%s），没有执行",
                    clerk->doubt);
    event_add(clerk->office->db,
              &(struct event){ .what = known ? "clerk.command" : "clerk.unproven",
                               .text = said,
                               .matter = message->matter,
                               .message = message->id });
}

/* One that writes more than anybody would is put before a person, unread. */
static gboolean is_too_much(struct clerk *clerk, struct message *message)
{
    gint64 day = clock_now() - 24 * 60 * 60;
    if (outbox_answers_to(clerk->office->db, clerk->address, day) < ANSWERS_A_DAY)
        return FALSE;
    verdict_set(message, "review", "%s 一天里的命令超过 %d 条，不再自动执行和答复", clerk->address,
                ANSWERS_A_DAY);
    review_open(clerk->office->db, &(struct review){ .reason = "clerk_flood",
                                                     .text = message->reason,
                                                     .message = message->id });
    return TRUE;
}

/* A signer's words about what he is to sign are never left without an answer; what they mean is for
 * the clerks to see. FALSE: it is another mail. */
static gboolean sign_off_misunderstood(struct clerk *clerk, struct message *message)
{
    struct matter *m = clerk->matter > 0 ? matter_get(clerk->office->db, clerk->matter) : NULL;
    gboolean waits = clerk->signing && clerk->signs && clerk->was_his && m != NULL &&
                     m->state == STATE_SUBMITTED;
    if (waits && !is_too_much(clerk, message)) {
        g_autofree char *text = g_strdup_printf(
            "签发人 %s 对《%s》的回复看不出是同意还是退回，请看原信", clerk->address, m->title);
        clerk->himself = TRUE;
        json_t *part = part_add(clerk, "您的回复");
        part_refuse(part, "没有签发，也没有退回：从您的回复里看不出是哪一样，已请经办人看。");
        part_explain_signing(part);
        conclude(clerk, message);
        verdict_set(message, "review", "%s", text);
        review_open(clerk->office->db, &(struct review){ .reason = "sign_off",
                                                         .text = text,
                                                         .message = message->id,
                                                         .matter = m->id });
    }
    matter_free(m);
    return waits;
}

static gboolean obey(struct clerk *clerk, struct message *message)
{
    const struct mail *mail = clerk->mail;
    gboolean answers = mail_subject_bare(mail->subject) != mail->subject;
    g_autofree char *subject = answers ? g_strdup("") : orders_turned(clerk->office, mail->subject);
    g_autofree char *text = orders_turned(clerk->office, mail->new_text);
    g_autoptr(GPtrArray) orders = orders_read(subject, text, clerk_words());
    find_conversation(clerk);
    clean(clerk, orders);
    if (orders->len == 0 && !collation_is_in(clerk->office, clerk->mail))
        return sign_off_misunderstood(clerk, message);
    if (is_too_much(clerk, message))
        return TRUE;
    /* A command does not stand in its own way: settlement waits while mail is unread. */
    message_set_handled(clerk->office->db, message->id);
    prove(clerk);
    clerk->proven = clerk->proven || (clerk->was_his && only_cancels(orders));
    take_codes(clerk, orders);
    gboolean followed = follow(clerk, orders);
    if (!collation_take(clerk) && !followed)
        return FALSE;
    conclude(clerk, message);
    return TRUE;
}

gboolean clerk_mail(struct office *office, struct message *message, const struct mail *mail)
{
    if (mail->defect != NULL || !mail->answerable || message->sender == NULL ||
        mail_is_forwarded(mail))
        return FALSE;
    struct clerk clerk = { .office = office, .message = message, .mail = mail };
    clerk.address = registered(office, message->sender, &clerk.signs);
    if (clerk.address == NULL)
        return FALSE;
    clerk.parts = json_array();
    clerk.waiting = json_array();
    clerk.made = json_array();
    gboolean obeyed = obey(&clerk, message);
    json_decref(clerk.parts);
    json_decref(clerk.waiting);
    json_decref(clerk.made);
    g_free(clerk.address);
    return obeyed;
}
