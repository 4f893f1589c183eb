/* What a clerk enters into the ledger: paper and fax, letters of the review queue, exemptions. */
#include "handlers/clerk/clerk.h"

static void say_standing(struct clerk *clerk, gint64 matter, gint64 unit, json_t *part)
{
    struct assignment *a = assignment_get(clerk->office->db, matter, unit);
    g_autofree char *name = unit_label(clerk->office->db, unit);
    part_say(part, "%s：%s%s，纸质件%s", name, status_chinese(a->status), a->late ? "（超期）" : "",
             paper_chinese(a->paper));
    assignment_free(a);
}

/* Paper alone does not say what it says. */
static void ask_for_stance(struct clerk *clerk, const struct call *call, json_t *part)
{
    for (guint i = 0; i < call->units->len; i++) {
        gint64 unit = g_array_index(call->units, gint64, i);
        struct submission *known = submission_current(clerk->office->db, call->matter, unit);
        gboolean answered = known != NULL && stance_is_answer(known->stance);
        g_autofree char *name = unit_label(clerk->office->db, unit);
        submission_free(known);
        if (!answered)
            part_say(part, "%s 只有纸质件，还不知道有没有意见：请看过后补写，例如“%s %s 无意见”。",
                     name, call->row->words[0], name);
    }
}

static gboolean receive_paper(struct clerk *clerk, const struct call *call, enum how how,
                              json_t *part, GError **error)
{
    for (guint i = 0; i < call->units->len; i++) {
        gint64 unit = g_array_index(call->units, gint64, i);
        if (!ledger_paper(clerk->office, call->matter, unit, how, call->stance, error))
            return FALSE;
        say_standing(clerk, call->matter, unit, part);
    }
    if (call->stance < 0)
        ask_for_stance(clerk, call, part);
    return TRUE;
}

gboolean clerk_paper(struct clerk *clerk, const struct call *call, json_t *part, GError **error)
{
    return receive_paper(clerk, call, HOW_PAPER, part, error);
}

gboolean clerk_fax(struct clerk *clerk, const struct call *call, json_t *part, GError **error)
{
    return receive_paper(clerk, call, HOW_FAX, part, error);
}

/* The sides that a line names: each unit in each matter. */
static GArray *sides_of(const struct call *call)
{
    GArray *sides = g_array_new(FALSE, FALSE, sizeof(struct side));
    for (guint m = 0; m < MAX(call->matters->len, 1); m++)
        for (guint u = 0; u < call->units->len; u++) {
            struct side side = { call->matters->len > 0 ? g_array_index(call->matters, gint64, m)
                                                        : call->matter,
                                 g_array_index(call->units, gint64, u) };
            g_array_append_val(sides, side);
        }
    return sides;
}

static void say_settled(const struct call *call, const struct settled *settled, json_t *part)
{
    if (settled->unclear)
        part_say(part, "态度还看不出来，请看原信后补写，例如“%s 有意见”", call->line);
    for (guint i = 0; i < settled->lessons->len; i++) {
        const struct lesson *lesson = settled->lessons->pdata[i];
        part_say(part, "%s。记错了，请回复：忘记 %s", lesson->said, lesson->text);
    }
}

static gboolean assign_one(struct clerk *clerk, const struct call *call, gint64 id,
                           const GArray *sides, json_t *part, GError **error)
{
    struct message *m = message_get(clerk->office->db, id);
    struct mail *mail = m != NULL ? mail_stored(clerk->office->db, m->sha256, error) : NULL;
    gboolean known = m != NULL;
    struct settled settled;
    message_free(m);
    if (!known)
        return fault_set(error, FAULT_REFUSED, "没有 #%" G_GINT64_FORMAT " 号来信", id);
    if (mail == NULL)
        return FALSE;
    gboolean ok = inbox_assign(clerk->office, id, sides, call->stance, mail, &settled, error);
    mail_free(mail);
    if (ok) {
        part_say(part, "#%" G_GINT64_FORMAT " 已登记", id);
        say_settled(call, &settled, part);
    }
    settled_clear(&settled);
    return ok;
}

gboolean clerk_assign(struct clerk *clerk, const struct call *call, json_t *part, GError **error)
{
    g_autoptr(GArray) sides = sides_of(call);
    for (guint i = 0; i < call->numbers->len; i++)
        if (!assign_one(clerk, call, g_array_index(call->numbers, gint64, i), sides, part, error))
            return FALSE;
    for (guint i = 0; i < sides->len; i++) {
        const struct side *side = &g_array_index(sides, struct side, i);
        struct matter *m = call->matters->len > 1 && i % call->units->len == 0
                               ? matter_get(clerk->office->db, side->matter)
                               : NULL;
        if (m != NULL)
            part_say(part, "《%s》", m->title);
        say_standing(clerk, side->matter, side->unit, part);
        matter_free(m);
    }
    return TRUE;
}

gboolean clerk_ignore(struct clerk *clerk, const struct call *call, json_t *part, GError **error)
{
    for (guint i = 0; i < call->numbers->len; i++) {
        gint64 id = g_array_index(call->numbers, gint64, i);
        if (!inbox_ignore(clerk->office, id, error))
            return FALSE;
        part_say(part, "#%" G_GINT64_FORMAT " 已忽略", id);
    }
    return TRUE;
}

gboolean clerk_exempt(struct clerk *clerk, const struct call *call, json_t *part, GError **error)
{
    for (guint i = 0; i < call->units->len; i++) {
        gint64 unit = g_array_index(call->units, gint64, i);
        g_autofree char *why = g_strdup_printf(
            "%s（%s）", call->why != NULL ? call->why : "经办人决定", clerk->address);
        if (!matter_exempt(clerk->office, call->matter, unit, why, error))
            return FALSE;
        say_standing(clerk, call->matter, unit, part);
    }
    return TRUE;
}

/* TRUE if a link of that message waited to be followed. */
static gboolean settle_links(struct clerk *clerk, gint64 message)
{
    gboolean any = FALSE;
    g_autoptr(GPtrArray) items = review_due(clerk->office->db);
    for (guint i = 0; i < items->len; i++) {
        const struct review *r = items->pdata[i];
        if (r->message == message && g_str_equal(r->reason, REVIEW_CLOUD))
            any |= review_settle_one(clerk->office->db, r->id, "已下载");
    }
    return any;
}

gboolean clerk_downloaded(struct clerk *clerk, const struct call *call, json_t *part,
                          GError **error)
{
    for (guint i = 0; i < call->numbers->len; i++) {
        gint64 id = g_array_index(call->numbers, gint64, i);
        if (!settle_links(clerk, id))
            return fault_set(error, FAULT_REFUSED,
                             "#%" G_GINT64_FORMAT " 没有等着下载的超大附件，见“待办”", id);
        part_say(
            part,
            "#%" G_GINT64_FORMAT
            " 的超大附件已下载，不再提醒。其中的意见请登记到单位，例如：登记 #%" G_GINT64_FORMAT
            " 市教育局 有意见",
            id, id);
    }
    return TRUE;
}

gboolean clerk_forget(struct clerk *clerk, const struct call *call, json_t *part, GError **error)
{
    if (!learnt_forget(clerk->office->db, call->why))
        return fault_set(error, FAULT_REFUSED, "没有记过“%s”：请照登记时答复里的写法写", call->why);
    part_say(part, "已忘记“%s”，以后不再凭它认单位。已登记的来信不变。", call->why);
    return TRUE;
}
