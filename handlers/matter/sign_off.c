/* Sign-off (签发): a matter goes out only after its signer consented to exactly what will be sent.
 * The consent is over a hash of it: each unit's letter, its recipients and files, the deadlines. */
#include "handlers/private.h"

gboolean sign_off_wanted(struct office *office)
{
    if (office->policy->sign_off != SIGN_OFF_AUTO)
        return office->policy->sign_off == SIGN_OFF_YES;
    g_auto(GStrv) to =
        unit_addresses(office->db, unit_by_code(office->db, UNIT_OFFICE), ROLE_SIGNER);
    return to[0] != NULL;
}

/* One who has no address can still sign by command. */
static gboolean has_signer(struct office *office)
{
    struct unit *own = unit_get(office->db, unit_by_code(office->db, UNIT_OFFICE));
    gboolean found = FALSE;
    for (guint i = 0; own != NULL && i < own->contacts->len; i++)
        found = found || ((const struct contact *)own->contacts->pdata[i])->role == ROLE_SIGNER;
    unit_free(own);
    return found;
}

static gboolean submittable(struct office *office, const struct matter *m, GError **error)
{
    if (!matter_issuable(office, m, error))
        return FALSE;
    if (m->state == STATE_SIGNED)
        return fault_set(error, FAULT_REFUSED, "“%s”已经签发，可以发出", m->title);
    if (office->policy->sign_off == SIGN_OFF_NO)
        return fault_set(error, FAULT_REFUSED, "[deliver] sign_off = no，不必送签，可以直接发出");
    return has_signer(office) ||
           fault_set(error, FAULT_REFUSED,
                     "名册里没有签发人，不能送签：lianluo unit edit office --liaison 姓名 --email "
                     "邮箱 --role 签发；不需要签发的，把 [deliver] sign_off 设为 no");
}

gboolean matter_submit(struct office *office, gint64 id, const char *by, GError **error)
{
    struct matter *m = matter_get(office->db, id);
    struct package *p = submittable(office, m, error) ? package_make(office, m, error) : NULL;
    gboolean ok = p != NULL;
    if (ok) {
        struct sign_off *before = sign_off_get(office->db, id);
        gboolean returned = before != NULL && before->outcome == SIGN_OFF_RETURNED;
        sign_off_stop(office, id, "重新送签");
        sign_off_add(office->db, id, p->sha256, by);
        matter_set_state(office->db, id, STATE_SUBMITTED);
        struct sign_off *s = sign_off_get(office->db, id);
        ok = sign_off_ask(office, p, m, s, returned ? before->remarks : NULL, NULL, error);
        sign_off_free(s);
        sign_off_free(before);
    }
    package_free(p);
    matter_free(m);
    return ok && db_ok(office->db, error);
}

/* ---- what becomes of it */

void sign_off_stop(struct office *office, gint64 matter, const char *why)
{
    code_cancel(office->db, NULL, "sign_off", matter);
    outbox_cancel(office->db, "sign_off", matter, 0, why);
    review_settle(office->db, "sign_off", &(struct review){ .matter = matter }, why);
}

/* A draft again, until somebody submits or cancels it. */
static gboolean draft_again(struct office *office, const struct matter *m,
                            enum sign_off_outcome outcome, const char *signer, const char *remarks,
                            GError **error)
{
    struct sign_off *s = sign_off_get(office->db, m->id);
    g_autofree char *line = text_printable(remarks);
    g_autofree char *start = g_utf8_substring(line, 0, MIN(120, g_utf8_strlen(line, -1)));
    g_autofree char *text =
        g_strdup_printf("《%s》%s%s：%s。改好后重新送签，或撤销", m->title,
                        outcome == SIGN_OFF_VOID ? "签发" : "", sign_off_chinese(outcome), start);
    sign_off_end(office->db, s->id, outcome, signer, remarks);
    sign_off_free(s);
    sign_off_stop(office, m->id, sign_off_chinese(outcome));
    matter_set_state(office->db, m->id, STATE_DRAFT);
    review_open(office->db,
                &(struct review){ .reason = "sign_off", .text = text, .matter = m->id });
    return sign_off_tell(office, m, NULL, error);
}

/* NULL with an error: it does not wait for that. */
static struct matter *submitted(struct office *office, gint64 id, gboolean signed_too,
                                GError **error)
{
    struct matter *m = matter_get(office->db, id);
    if (m != NULL && (m->state == STATE_SUBMITTED || (signed_too && m->state == STATE_SIGNED)))
        return m;
    fault_set(error, FAULT_REFUSED, "“%s”%s，不是待签发", m != NULL ? m->title : "",
              m != NULL ? matter_state_chinese(m->state) : "不存在");
    matter_free(m);
    return NULL;
}

static gboolean is_consented(struct office *office, const struct matter *m, const struct package *p)
{
    struct sign_off *s = sign_off_get(office->db, m->id);
    gboolean same = s != NULL && g_strcmp0(p->sha256, s->sha256) == 0;
    sign_off_free(s);
    return same;
}

gboolean sign_off_allows(struct office *office, const struct matter *m, const struct package *p,
                         GError **error)
{
    /* What was put before signers waits for one, even if none is left on the roster by now. */
    if (!sign_off_wanted(office) &&
        (m->state == STATE_DRAFT || office->policy->sign_off == SIGN_OFF_NO))
        return TRUE;
    if (m->state == STATE_SUBMITTED)
        return fault_set(error, FAULT_REFUSED, "“%s”已送签，要等签发人同意签发", m->title);
    if (m->state != STATE_SIGNED)
        return fault_set(error, FAULT_REFUSED,
                         "“%s”要先签发：lianluo matter submit %" G_GINT64_FORMAT
                         " 送签（不需要签发的，把 [deliver] sign_off 设为 no）",
                         m->title, m->id);
    return is_consented(office, m, p) ||
           fault_set(error, FAULT_REFUSED, "“%s”签发以后内容有变，签发不再算数：请重新送签",
                     m->title);
}

/* All letters, or none. */
static void issue_whole(struct office *office, gint64 id, const struct package *p, GError **error)
{
    db_savepoint(office->db);
    if (package_issue(office, id, p, error))
        db_release(office->db, error);
    else
        db_undo(office->db);
}

static gboolean sign_package(struct office *office, const struct matter *m, const struct package *p,
                             const char *signer, gboolean issue, char **hindrance, GError **error)
{
    struct sign_off *s = sign_off_get(office->db, m->id);
    g_autoptr(GError) cause = NULL;
    sign_off_end(office->db, s->id, SIGN_OFF_SIGNED, signer, NULL);
    sign_off_free(s);
    sign_off_stop(office, m->id, "已签发");
    matter_set_state(office->db, m->id, STATE_SIGNED);
    event_add(office->db,
              &(struct event){ .what = "sign_off.signed", .text = signer, .matter = m->id });
    if (issue)
        issue_whole(office, m->id, p, &cause);
    if (hindrance != NULL)
        *hindrance = cause != NULL ? g_strdup(cause->message) : NULL;
    return sign_off_tell(office, m, cause != NULL ? cause->message : issue ? "" : NULL, error);
}

gboolean matter_sign(struct office *office, gint64 id, const char *signer, gboolean issue,
                     char **hindrance, GError **error)
{
    struct matter *m = submitted(office, id, FALSE, error);
    struct package *p = m != NULL ? package_make(office, m, error) : NULL;
    gboolean ok = p != NULL &&
                  (is_consented(office, m, p) ||
                   fault_set(error, FAULT_REFUSED, "“%s”送签以后内容有变，请重新送签", m->title)) &&
                  sign_package(office, m, p, signer, issue, hindrance, error);
    package_free(p);
    matter_free(m);
    return ok && db_ok(office->db, error);
}

gboolean matter_return(struct office *office, gint64 id, const char *signer, const char *remarks,
                       GError **error)
{
    struct matter *m = submitted(office, id, TRUE, error);
    if (m == NULL)
        return FALSE;
    gboolean ok = draft_again(office, m, SIGN_OFF_RETURNED, signer, remarks, error);
    matter_free(m);
    return ok && db_ok(office->db, error);
}

/* Voids what is no longer what would go out: *valid is then FALSE. */
static gboolean check_package(struct office *office, const struct matter *m,
                              const struct package *p, gboolean *valid, GError **error)
{
    *valid = is_consented(office, m, p);
    return *valid || draft_again(office, m, SIGN_OFF_VOID, NULL, "送签以后要发出的内容有变", error);
}

gboolean sign_off_repeat(struct office *office, gint64 id, const char *signer, gboolean *again,
                         GError **error)
{
    struct matter *m = submitted(office, id, FALSE, error);
    struct package *p = m != NULL ? package_make(office, m, error) : NULL;
    gboolean ok = p != NULL && check_package(office, m, p, again, error);
    if (ok && *again) {
        struct sign_off *s = sign_off_get(office->db, id);
        ok = sign_off_ask(office, p, m, s, NULL, signer, error);
        sign_off_free(s);
    }
    package_free(p);
    matter_free(m);
    return ok;
}

gboolean sign_off_check(struct office *office, gint64 id, GError **error)
{
    struct matter *m = matter_get(office->db, id);
    gboolean waits = m != NULL && (m->state == STATE_SUBMITTED || m->state == STATE_SIGNED);
    struct package *p = waits ? package_make(office, m, error) : NULL;
    gboolean valid, ok = !waits || (p != NULL && check_package(office, m, p, &valid, error));
    package_free(p);
    matter_free(m);
    return ok;
}

gboolean sign_offs_run(struct office *office, GError **error)
{
    g_autoptr(GArray) submitted_ones = matter_list(office->db, STATE_SUBMITTED);
    g_autoptr(GArray) signed_ones = matter_list(office->db, STATE_SIGNED);
    g_array_append_vals(submitted_ones, signed_ones->data, signed_ones->len);
    gboolean ok = TRUE;
    for (guint i = 0; ok && i < submitted_ones->len; i++)
        ok = sign_off_check(office, g_array_index(submitted_ones, gint64, i), error);
    return ok;
}
