/* Sign-off (签发): a matter goes out only after its signer consented to exactly what will be sent.
 * The consent is over a hash of it: each unit's letter, its recipients and files, the deadlines. */
#include "handlers/private.h"

#include <string.h>

#define EACH_LETTER "将发出的全部邮件.txt"

gboolean sign_off_wanted(struct office *office)
{
    if (office->policy->sign_off != SIGN_OFF_AUTO)
        return office->policy->sign_off == SIGN_OFF_YES;
    g_auto(GStrv) to =
        unit_addresses(office->db, unit_by_code(office->db, UNIT_OFFICE), ROLE_SIGNER);
    return to[0] != NULL;
}

/* ---- what would be sent */

struct package {
    struct office *office;
    GChecksum *sum;
    GString *letters; /* all of them, to be read */
    json_t *units;    /* [{name, addresses, any}] */
    char *subject;    /* of the first */
    char *text, *name;
    json_t *made; /* what goes with it besides the annexes, or NULL */
};

/* With its length: no text can pass for two. */
static void add(struct package *p, const char *text)
{
    const char *known = text != NULL ? text : "";
    g_autofree char *length = g_strdup_printf("%zu:", strlen(known));
    g_checksum_update(p->sum, (const guchar *)length, -1);
    g_checksum_update(p->sum, (const guchar *)known, -1);
}

static void add_row(struct package *p, const struct outbox *row)
{
    g_autofree char *code = unit_code(p->office->db, row->unit);
    add(p, code);
    add(p, row->subject);
    add(p, row->text);
    add(p, row->html);
    for (guint i = 0; i < row->recipients->len; i++)
        add(p, row->recipients->pdata[i]);
    for (guint i = 0; i < row->enclosures->len; i++) {
        const struct enclosure *e = row->enclosures->pdata[i];
        add(p, e->filename);
        add(p, e->sha256);
    }
}

static char *recipients_of(const struct outbox *row)
{
    g_autoptr(GString) all = g_string_new(NULL);
    for (guint i = 0; i < row->recipients->len; i++)
        g_string_append_printf(all, "%s%s", i > 0 ? "、" : "", (char *)row->recipients->pdata[i]);
    return g_strdup(all->str);
}

/* As a person reads it. */
static void tell_row(struct package *p, const struct letter *letter, const struct outbox *row)
{
    struct unit *u = unit_get(p->office->db, row->unit);
    g_autofree char *to = recipients_of(row);
    json_array_append_new(
        p->units, json_pack("{ss ss sb}", "name", u->name, "addresses", to, "any", *to != '\0'));
    g_string_append_printf(p->letters, "收件人：%s　%s\n主题：%s\n", u->name,
                           *to != '\0' ? to : "（没有登记邮箱，不能用邮件送达）", row->subject);
    for (guint i = 0; i < row->enclosures->len; i++) {
        const struct enclosure *e = row->enclosures->pdata[i];
        g_string_append_printf(p->letters, "附件：%s\n", e->filename);
    }
    g_string_append_printf(p->letters, "\n%s\n\n════════════════════════\n\n", row->text);
    if (p->text == NULL) {
        p->text = g_strdup(row->text);
        p->subject = g_strdup(row->subject);
        p->name = g_strdup(u->name);
        p->made = json_incref(letter->made);
    }
    unit_free(u);
}

static gboolean take(void *context, const struct letter *letter, GError **error)
{
    struct package *p = context;
    struct outbox *row = letter_row(p->office, letter, error);
    if (row == NULL)
        return FALSE;
    add_row(p, row);
    tell_row(p, letter, row);
    outbox_free(row);
    return TRUE;
}

static void package_clear(struct package *p)
{
    g_checksum_free(p->sum);
    g_string_free(p->letters, TRUE);
    json_decref(p->units);
    g_free(p->subject);
    g_free(p->text);
    g_free(p->name);
    json_decref(p->made);
}

/* FALSE: a template is broken. package_clear in either case. */
static gboolean package_make(struct package *p, struct office *office, const struct matter *m,
                             GError **error)
{
    g_autoptr(GPtrArray) list = assignment_list(office->db, m->id);
    *p = (struct package){ .office = office,
                           .sum = g_checksum_new(G_CHECKSUM_SHA256),
                           .letters = g_string_new(NULL),
                           .units = json_array() };
    add(p, m->title);
    add(p, m->deadline);
    add(p, m->silence_text);
    for (guint i = 0; i < list->len; i++)
        add(p, ((const struct assignment *)list->pdata[i])->deadline);
    return notices_each(office, m, take, p, error);
}

static char *hash_now(struct office *office, const struct matter *m, GError **error)
{
    struct package p;
    char *sha256 =
        package_make(&p, office, m, error) ? g_strdup(g_checksum_get_string(p.sum)) : NULL;
    package_clear(&p);
    return sha256;
}

/* ---- to the signers */

/* 主任甲（zhuren@office.example）, as far as the roster knows him. */
static char *person(struct office *office, const char *address)
{
    struct unit *own = unit_get(office->db, unit_by_code(office->db, UNIT_OFFICE));
    char *label = NULL;
    for (guint i = 0; own != NULL && label == NULL && i < own->contacts->len; i++) {
        const struct contact *c = own->contacts->pdata[i];
        if (g_ascii_strcasecmp(c->email, address) == 0 && *c->name != '\0')
            label = g_strdup_printf("%s（%s）", c->name, address);
    }
    unit_free(own);
    return label != NULL ? label : g_strdup(address);
}

static char **signers(struct office *office)
{
    return unit_addresses(office->db, unit_by_code(office->db, UNIT_OFFICE), ROLE_SIGNER);
}

static json_t *remarks_before(struct office *office, const struct sign_off *before)
{
    if (before == NULL || before->outcome != SIGN_OFF_RETURNED || before->remarks == NULL)
        return json_null();
    return json_string(before->remarks);
}

static json_t *submission_data(struct package *p, const struct matter *m, const struct sign_off *s,
                               json_t *remarks)
{
    struct office *office = p->office;
    g_autofree char *when = instant_local(s->submitted_at);
    g_autofree char *by = person(office, s->submitted_by);
    return json_pack("{so so ss ss ss ss ss sO si ss sb sO ss ss*}", "office", office_data(office),
                     "matter", matter_data(office, m), "subject", p->subject, "text", p->text,
                     "name", p->name, "by", by, "submitted", when, "units", p->units, "n",
                     (int)json_array_size(p->units), "code", OUTBOX_SECRET, "hold",
                     office->policy->hold, "remarks", remarks, "letters", EACH_LETTER, "form",
                     json_string_value(json_object_get(json_array_get(p->made, 0), "name")));
}

static gboolean send_to(const struct package *p, const struct matter *m, const struct sign_off *s,
                        const char *address, json_t *data, const struct enclosure *letters,
                        GError **error)
{
    struct office *office = p->office;
    char *code = code_issue(office->db, &(struct code){ .address = (char *)address,
                                                        .purpose = (char *)"sign_off",
                                                        .matter = m->id,
                                                        .commands = (char *)"",
                                                        .shown = s->sha256 });
    g_autofree char *prefix = g_strdup_printf("sign_off/%" G_GINT64_FORMAT "/%s/", s->id, address);
    g_autofree char *key =
        g_strdup_printf("%s%d", prefix, (int)outbox_count_keys(office->db, prefix, 0) + 1);
    const char *to[] = { address, NULL };
    gboolean ok = letter_queue(office,
                               &(struct letter){ .kind = "sign_off",
                                                 .key = key,
                                                 .matter = m->id,
                                                 .to = to,
                                                 .data = data,
                                                 .secret = code,
                                                 .annexes = TRUE,
                                                 .made = p->made,
                                                 .file = letters },
                               error);
    secret_free(code);
    return ok;
}

/* only: one of them, or NULL. */
static gboolean send(struct package *p, const struct matter *m, const struct sign_off *s,
                     json_t *remarks, const char *only, GError **error)
{
    struct db *db = p->office->db;
    g_auto(GStrv) to = signers(p->office);
    g_autofree char *sha256 = raw_file(db, p->letters->str, p->letters->len, error);
    if (sha256 == NULL)
        return FALSE;
    raw_row(db, sha256, p->letters->str, p->letters->len);
    struct enclosure letters = { .filename = (char *)EACH_LETTER,
                                 .content_type = (char *)"text/plain",
                                 .sha256 = sha256 };
    json_auto_t *data = submission_data(p, m, s, remarks);
    gboolean ok = TRUE;
    for (char **address = to; ok && *address != NULL; address++)
        if (only == NULL || g_ascii_strcasecmp(only, *address) == 0)
            ok = send_to(p, m, s, *address, data, &letters, error);
    return ok;
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
    struct package p;
    if (!submittable(office, m, error)) {
        matter_free(m);
        return FALSE;
    }
    gboolean ok = package_make(&p, office, m, error);
    if (ok) {
        struct sign_off *before = sign_off_get(office->db, id);
        json_auto_t *remarks = remarks_before(office, before);
        sign_off_stop(office, id, "重新送签");
        sign_off_add(office->db, id, g_checksum_get_string(p.sum), by);
        matter_set_state(office->db, id, STATE_SUBMITTED);
        struct sign_off *s = sign_off_get(office->db, id);
        ok = send(&p, m, s, remarks, NULL, error);
        sign_off_free(s);
        sign_off_free(before);
    }
    package_clear(&p);
    matter_free(m);
    return ok && db_ok(office->db, error);
}

gboolean sign_off_repeat(struct office *office, gint64 id, const char *signer, GError **error)
{
    struct matter *m = matter_get(office->db, id);
    struct sign_off *s = sign_off_get(office->db, id);
    gboolean ok = m != NULL && s != NULL && m->state == STATE_SUBMITTED;
    struct package p;
    if (ok) {
        json_auto_t *remarks = json_null();
        ok = package_make(&p, office, m, error) && send(&p, m, s, remarks, signer, error);
        package_clear(&p);
    } else {
        fault_set(error, FAULT_REFUSED, "这个事项现在不是待签发");
    }
    sign_off_free(s);
    matter_free(m);
    return ok;
}

/* ---- what becomes of it */

void sign_off_stop(struct office *office, gint64 matter, const char *why)
{
    code_cancel(office->db, NULL, "sign_off", matter);
    outbox_cancel(office->db, "sign_off", matter, 0, why);
    review_settle(office->db, "sign_off", &(struct review){ .matter = matter }, why);
}

static gboolean tell(struct office *office, const struct matter *m, const char *hindrance,
                     GError **error)
{
    struct sign_off *s = sign_off_get(office->db, m->id);
    g_auto(GStrv) to = office_readers(office);
    g_autofree char *key =
        g_strdup_printf("sign_off_told/%" G_GINT64_FORMAT "/%s", s->id, sign_off_text(s->outcome));
    g_autofree char *signer = s->signer != NULL ? person(office, s->signer) : NULL;
    gboolean issued = s->outcome == SIGN_OFF_SIGNED && hindrance != NULL && *hindrance == '\0';
    json_auto_t *data =
        json_pack("{so so ss ss* ss* sb sb sb sb ss* sb}", "office", office_data(office), "matter",
                  matter_data(office, m), "what", sign_off_chinese(s->outcome), "signer", signer,
                  "remarks", s->remarks, "signed", s->outcome == SIGN_OFF_SIGNED, "returned",
                  s->outcome == SIGN_OFF_RETURNED, "void", s->outcome == SIGN_OFF_VOID, "issued",
                  issued, "hindrance", issued ? NULL : hindrance, "hold", office->policy->hold);
    sign_off_free(s);
    return letter_queue(office,
                        &(struct letter){ .kind = "answer",
                                          .template = "signed",
                                          .key = key,
                                          .matter = m->id,
                                          .to = (const char *const *)to,
                                          .data = data },
                        error);
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
    return tell(office, m, NULL, error);
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

static gboolean is_unchanged(struct office *office, const struct matter *m, gboolean *same,
                             GError **error)
{
    struct sign_off *s = sign_off_get(office->db, m->id);
    g_autofree char *now = hash_now(office, m, error);
    *same = s != NULL && g_strcmp0(now, s->sha256) == 0;
    sign_off_free(s);
    return now != NULL;
}

gboolean sign_off_allows(struct office *office, const struct matter *m, GError **error)
{
    gboolean same;
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
    return is_unchanged(office, m, &same, error) &&
           (same || fault_set(error, FAULT_REFUSED,
                              "“%s”签发以后内容有变，签发不再算数：请重新送签", m->title));
}

/* All letters, or none. */
static void issue_whole(struct office *office, gint64 id, GError **error)
{
    db_savepoint(office->db);
    if (matter_issue(office, id, error))
        db_release(office->db, error);
    else
        db_undo(office->db);
}

gboolean matter_sign(struct office *office, gint64 id, const char *signer, gboolean issue,
                     char **hindrance, GError **error)
{
    struct matter *m = submitted(office, id, FALSE, error);
    gboolean same = FALSE, ok = m != NULL && is_unchanged(office, m, &same, error);
    if (ok && !same)
        ok = fault_set(error, FAULT_REFUSED, "“%s”送签以后内容有变，请重新送签", m->title);
    if (ok) {
        struct sign_off *s = sign_off_get(office->db, id);
        g_autoptr(GError) cause = NULL;
        sign_off_end(office->db, s->id, SIGN_OFF_SIGNED, signer, NULL);
        sign_off_free(s);
        sign_off_stop(office, id, "已签发");
        matter_set_state(office->db, id, STATE_SIGNED);
        event_add(office->db,
                  &(struct event){ .what = "sign_off.signed", .text = signer, .matter = id });
        if (issue)
            issue_whole(office, id, &cause);
        ok = tell(office, m, cause != NULL ? cause->message : issue ? "" : NULL, error);
        if (hindrance != NULL)
            *hindrance = cause != NULL ? g_strdup(cause->message) : NULL;
    }
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

gboolean sign_off_check(struct office *office, gint64 id, GError **error)
{
    struct matter *m = matter_get(office->db, id);
    gboolean same = TRUE, ok = TRUE;
    if (m != NULL && (m->state == STATE_SUBMITTED || m->state == STATE_SIGNED))
        ok = is_unchanged(office, m, &same, error);
    if (ok && !same)
        ok = draft_again(office, m, SIGN_OFF_VOID, NULL, "送签以后要发出的内容有变", error);
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
