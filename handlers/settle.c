/* What a person settles about a message. */
#include "handlers/private.h"

/* Where a message counts already: sides with a submission of it that is not void. */
static GArray *sides_held(struct office *office, const struct message *message)
{
    GArray *all = side_list(office->db, message->id, TRUE);
    struct side own = { message->matter, message->unit };
    g_array_prepend_val(all, own);
    for (guint i = all->len; i > 0; i--)
        if (submission_of_message(office->db, message->id,
                                  &g_array_index(all, struct side, i - 1)) == 0)
            g_array_remove_index(all, i - 1);
    return all;
}

static gboolean covers(const GArray *sides, const GArray *all)
{
    for (guint i = 0; i < all->len; i++)
        if (!side_in(sides, &g_array_index(all, struct side, i)))
            return FALSE;
    return TRUE;
}

gboolean is_for_several(struct office *office, gint64 message)
{
    return review_ever(office->db, "several_units", message) ||
           review_ever(office->db, "several_matters", message);
}

/* Whoever files a message elsewhere either means both, and says so, or mends an error: then the
 * other must be void first. Nothing is counted twice by a slip. */
static gboolean may_add(struct office *office, const struct message *message, const GArray *sides,
                        const GArray *held, GError **error)
{
    g_autoptr(GArray) known = is_for_several(office, message->id)
                                  ? side_list(office->db, message->id, FALSE)
                                  : g_array_new(FALSE, FALSE, sizeof(struct side));
    struct side own = { message->proposed_matter, message->proposed_unit };
    g_array_append_val(known, own);
    g_array_append_vals(known, held->data, held->len);
    if (held->len == 0 || covers(sides, held) || covers(known, sides))
        return TRUE;
    const struct side *other = &g_array_index(held, struct side, 0);
    struct matter *m = matter_get(office->db, other->matter);
    g_autofree char *name = unit_label(office->db, other->unit);
    fault_set(error, FAULT_REFUSED,
              "这封来信已经登记到%s（事项%" G_GINT64_FORMAT
              "《%s》）。两处都算的，请把两处写在同一行里；登记错了，请管理员先作废那一份"
              "（lianluo submission void %" G_GINT64_FORMAT "），再登记",
              name, m->id, m->title, submission_of_message(office->db, message->id, other));
    matter_free(m);
    return FALSE;
}

static gboolean is_asked(struct office *office, const struct side *side, GError **error)
{
    struct assignment *a = assignment_get(office->db, side->matter, side->unit);
    gboolean asked = a != NULL;
    assignment_free(a);
    g_autofree char *name = asked ? NULL : unit_label(office->db, side->unit);
    return asked || fault_set(error, FAULT_REFUSED, "该事项没有发给%s，不能登记", name);
}

static gboolean assignable(struct office *office, const struct message *message,
                           const GArray *sides, const GArray *held, GError **error)
{
    static const char *const machines[] = { "own", "bounce", "receipt" };
    for (guint i = 0; i < sides->len; i++)
        if (!is_asked(office, &g_array_index(sides, struct side, i), error))
            return FALSE;
    for (size_t i = 0; i < G_N_ELEMENTS(machines); i++)
        if (g_strcmp0(message->kind, machines[i]) == 0)
            return fault_set(error, FAULT_REFUSED, "这不是单位写来的信，不能登记为反馈");
    if (message->verdict == NULL)
        return fault_set(error, FAULT_REFUSED, "这封邮件还没有处理，请先执行 lianluo tick");
    return may_add(office, message, sides, held, error);
}

/* One message, while a person files it. */
struct settling {
    struct office *office;
    struct message *message;
    const struct mail *mail;
    const GArray *sides;
    int stance;
    GArray *submissions; /* what it brought */
    GString *said;       /* per side */
    struct settled *settled;
};

static void say(struct settling *s, const struct side *side)
{
    g_autofree char *name = unit_label(s->office->db, side->unit);
    g_string_append_printf(s->said, "%s%s", s->said->len > 0 ? "；" : "", name);
    if (g_array_index(s->sides, struct side, 0).matter != side->matter)
        g_string_append_printf(s->said, "（事项%" G_GINT64_FORMAT "）", side->matter);
    g_string_append_printf(s->said, "：%s", s->message->reason);
}

static void file_side(struct settling *s, const struct side *side)
{
    g_autofree char *evidence = NULL;
    struct message *m = s->message;
    enum stance content;
    struct ours *ours = ours_load(s->office, side->matter, side->unit, s->mail);
    enum stance said = stance_of_mail(s->mail, ours, &content, &evidence);
    ours_free(ours);
    if (s->stance >= 0)
        said = content = (enum stance)s->stance;
    m->matter = side->matter;
    m->unit = side->unit;
    verdict_set(m, "filed", "由人登记");
    gint64 id = file_mail(s->office, m, s->mail,
                          &(struct filing){ said, content, evidence, s->stance >= 0 });
    if (id != 0)
        g_array_append_val(s->submissions, id);
    if (!stance_is_answer(content) && said != STANCE_ACKNOWLEDGED && s->stance < 0) {
        verdict_set(m, "review", "已归到单位，态度仍须判定");
        review_open(s->office->db, &(struct review){ .reason = "unclear",
                                                     .text = m->reason,
                                                     .message = m->id,
                                                     .matter = side->matter,
                                                     .unit = side->unit });
        s->settled->unclear = TRUE;
    }
    side_file(s->office->db, m->id, side, said);
    say(s, side);
}

/* Where it counts from now on: its own side is where it counted first. */
static void set_own(struct settling *s, const GArray *held, const struct side *before)
{
    struct message *m = s->message;
    const struct side *own =
        held->len > 0 && side_in(held, before) ? before : &g_array_index(s->sides, struct side, 0);
    m->matter = own->matter;
    m->unit = own->unit;
    if (s->sides->len > 1 || held->len > 0)
        verdict_set(m, s->settled->unclear ? "review" : "filed", "%s", s->said->str);
    if (before->matter != 0 && before->unit != 0 && !side_in(s->sides, before))
        ledger_refresh(s->office, before->matter, before->unit);
}

static void settle_message(struct settling *s, const GArray *held)
{
    struct db *db = s->office->db;
    struct side before = { s->message->matter, s->message->unit };
    int stance_before = s->message->stance;
    g_autofree char *evidence_before = g_strdup(s->message->stance_evidence);
    review_settle_verdict(db, s->message->id, "已由人登记");
    s->message->state = MESSAGE_HANDLED;
    evidence_add(db, s->message->id, &(struct evidence){ "person", 1000, "由人登记" });
    side_prune(db, s->message->id);
    learn_from(s->office, s->message, s->mail, s->sides, s->settled->lessons);
    for (guint i = 0; i < s->sides->len; i++)
        file_side(s, &g_array_index(s->sides, struct side, i));
    set_own(s, held, &before);
    struct side own = { s->message->matter, s->message->unit };
    side_drop(db, s->message->id, &own);
    if (!side_in(s->sides, &own)) {
        s->message->stance = stance_before;
        g_free(s->message->stance_evidence);
        s->message->stance_evidence = g_steal_pointer(&evidence_before);
    }
    message_set_verdict(db, s->message);
    send_receipt(s->office, s->message, s->mail, s->submissions);
}

void settled_clear(struct settled *settled)
{
    g_clear_pointer(&settled->lessons, g_ptr_array_unref);
}

gboolean inbox_assign(struct office *office, gint64 id, const GArray *sides, int stance,
                      const struct mail *mail, struct settled *settled, GError **error)
{
    struct message *message = message_get(office->db, id);
    g_autoptr(GArray) held = message != NULL ? sides_held(office, message) : NULL;
    *settled = (struct settled){ FALSE, lessons_new() };
    if (message == NULL || !assignable(office, message, sides, held, error)) {
        message_free(message);
        return FALSE;
    }
    struct settling s = { office,
                          message,
                          mail,
                          sides,
                          stance,
                          g_array_new(FALSE, FALSE, sizeof(gint64)),
                          g_string_new(NULL),
                          settled };
    settle_message(&s, held);
    g_array_unref(s.submissions);
    g_string_free(s.said, TRUE);
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
