/* What is written about a sign-off: to the signers, with all that will be sent; to the clerks, what
 * became of it. */
#include "handlers/matter/issue.h"
#include "handlers/private.h"

#include <string.h>

#define EACH_LETTER "将发出的全部邮件.txt"

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

static char *recipients_of(const struct outbox *row)
{
    g_autoptr(GString) all = g_string_new(NULL);
    for (guint i = 0; i < row->recipients->len; i++)
        g_string_append_printf(all, "%s%s", i > 0 ? "、" : "", (char *)row->recipients->pdata[i]);
    return g_strdup(all->str);
}

static json_t *units_data(struct office *office, const struct package *p)
{
    json_t *units = json_array();
    for (guint i = 0; i < p->letters->len; i++) {
        const struct outbox *row = p->letters->pdata[i];
        g_autofree char *to = recipients_of(row);
        json_t *unit = unit_data(office, row->unit);
        json_object_set_new(unit, "addresses", json_string(to));
        json_object_set_new(unit, "any", json_boolean(*to != '\0'));
        json_array_append_new(units, unit);
    }
    return units;
}

/* All of them, as a person reads them. */
static char *letters_text(json_t *units, const struct package *p)
{
    GString *all = g_string_new(NULL);
    for (guint i = 0; i < p->letters->len; i++) {
        const struct outbox *row = p->letters->pdata[i];
        json_t *unit = json_array_get(units, i);
        const char *to = row_text(unit, "addresses");
        g_string_append_printf(all, "收件人：%s　%s\n主题：%s\n", row_text(unit, "name"),
                               *to != '\0' ? to : "（没有登记邮箱，不能用邮件送达）", row->subject);
        for (guint k = 0; k < row->enclosures->len; k++)
            g_string_append_printf(all, "附件：%s\n",
                                   ((const struct enclosure *)row->enclosures->pdata[k])->filename);
        g_string_append_printf(all, "\n%s\n\n════════════════════════\n\n", row->text);
    }
    return g_string_free(all, FALSE);
}

static json_t *submission_data(struct office *office, const struct package *p,
                               const struct matter *m, const struct sign_off *s, json_t *units,
                               const char *remarks)
{
    const struct outbox *first = p->letters->pdata[0];
    json_t *name = json_object_get(json_array_get(units, 0), "name");
    g_autofree char *when = instant_local(s->submitted_at);
    g_autofree char *by = person(office, s->submitted_by);
    return json_pack("{so so ss ss sO ss ss sO si ss sb ss* ss ss*}", "office", office_data(office),
                     "matter", matter_data(office, m), "subject", first->subject, "text",
                     first->text, "name", name, "by", by, "submitted", when, "units", units, "n",
                     (int)json_array_size(units), "code", OUTBOX_SECRET, "hold",
                     office->policy->hold, "remarks", remarks, "letters", EACH_LETTER, "form",
                     json_string_value(json_object_get(json_array_get(p->made, 0), "name")));
}

static gboolean send_to(struct office *office, const struct package *p, const struct matter *m,
                        const struct sign_off *s, const char *address, json_t *data,
                        const struct enclosure *letters, GError **error)
{
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

gboolean sign_off_ask(struct office *office, const struct package *p, const struct matter *m,
                      const struct sign_off *s, const char *remarks, const char *only,
                      GError **error)
{
    g_auto(GStrv) to =
        unit_addresses(office->db, unit_by_code(office->db, UNIT_OFFICE), ROLE_SIGNER);
    json_auto_t *units = units_data(office, p);
    g_autofree char *text = letters_text(units, p);
    g_autofree char *sha256 = raw_file(office->db, text, strlen(text), error);
    if (sha256 == NULL)
        return FALSE;
    raw_row(office->db, sha256, text, strlen(text));
    struct enclosure letters = { .filename = (char *)EACH_LETTER,
                                 .content_type = (char *)"text/plain",
                                 .sha256 = sha256 };
    json_auto_t *data = submission_data(office, p, m, s, units, remarks);
    gboolean ok = TRUE;
    for (char **address = to; ok && *address != NULL; address++)
        if (only == NULL || g_ascii_strcasecmp(only, *address) == 0)
            ok = send_to(office, p, m, s, *address, data, &letters, error);
    return ok;
}

gboolean sign_off_tell(struct office *office, const struct matter *m, const char *hindrance,
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
