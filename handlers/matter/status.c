/* The standing of one matter as data: what `status`, the digest and the board show. */
#include "handlers/private.h"

#include <string.h>

struct evidence_list {
    json_t *list;
    gint64 message;
};

static void add_evidence(void *context, const struct evidence *evidence)
{
    struct evidence_list *e = context;
    json_array_append_new(e->list, json_pack("{sI ss ss}", "message", (json_int_t)e->message,
                                             "rule", evidence->rule, "text", evidence->text));
}

static json_t *evidence_json(struct office *office, gint64 matter, gint64 unit)
{
    struct evidence_list e = { .list = json_array() };
    g_autoptr(GArray) messages = message_filed(office->db, matter, unit);
    for (guint i = 0; i < messages->len; i++) {
        e.message = g_array_index(messages, gint64, i);
        evidence_each(office->db, e.message, add_evidence, &e);
    }
    return e.list;
}

static json_t *instant_json(gint64 instant)
{
    if (instant == 0)
        return json_null();
    g_autofree char *text = instant_text(instant);
    return json_string(text);
}

/* Null where nothing was handed in. */
static json_t *opinions_count_json(struct office *office, gint64 matter, gint64 unit)
{
    struct submission *current = submission_current(office->db, matter, unit);
    gboolean answered = current != NULL && stance_is_answer(current->stance);
    submission_free(current);
    gint64 standing = opinions_standing(office, matter, unit);
    return answered ? json_integer(opinion_count(office->db, standing)) : json_null();
}

static json_t *unit_json(struct office *office, const struct matter *m, const struct assignment *a)
{
    struct unit *u = unit_get(office->db, a->unit);
    g_autoptr(GPtrArray) submissions = submission_list(office->db, m->id, a->unit);
    gboolean electronic, paper;
    gboolean owes = assignment_owes(m, a, &electronic, &paper);
    json_t *json = json_pack(
        "{ss ss ss ss sb ss ss so so si so so so sb sb sb ss*}", "code", u->code, "name", u->name,
        "status", status_text(a->status), "status_text", status_chinese(a->status), "late", a->late,
        "paper", paper_text(a->paper), "paper_text", paper_chinese(a->paper), "electronic_at",
        instant_json(a->electronic_at), "paper_at", instant_json(a->paper_at), "submissions",
        (int)submissions->len, "opinions", opinions_count_json(office, m->id, a->unit),
        "last_reminder", instant_json(outbox_last_sent(office->db, "reminder", m->id, a->unit)),
        "evidence", evidence_json(office, m->id, a->unit), "owes", owes, "owes_electronic",
        electronic, "owes_paper", paper, "deadline", a->deadline);
    if (a->deadline == NULL)
        json_object_set_new(json, "deadline", json_null());
    unit_free(u);
    return json;
}

static json_t *counts_json(struct office *office, const struct matter *m, const GPtrArray *list)
{
    int by_status[STATUS_COUNT] = { 0 };
    int late = 0, paper_waiting = 0, paper_owed = 0;
    json_t *counts = json_pack("{si}", "units", (int)list->len);
    for (guint i = 0; i < list->len; i++) {
        const struct assignment *a = list->pdata[i];
        gboolean owes_paper;
        assignment_owes(m, a, NULL, &owes_paper);
        by_status[a->status]++;
        late += a->late != 0;
        paper_waiting += a->paper == PAPER_WAITING && a->status != STATUS_EXEMPT;
        paper_owed += owes_paper;
    }
    for (int status = 0; status < STATUS_COUNT; status++)
        json_object_set_new(counts, status_text((enum status)status),
                            json_integer(by_status[status]));
    json_object_set_new(counts, "late", json_integer(late));
    json_object_set_new(counts, "paper_waiting", json_integer(paper_waiting));
    json_object_set_new(counts, "paper_owed", json_integer(paper_owed));
    json_object_set_new(counts, "review", json_integer(review_count(office->db, m->id)));
    return counts;
}

static json_t *text_json(const char *text)
{
    return text != NULL ? json_string(text) : json_null();
}

/* The newest submission to the signers; null if there was none. */
static json_t *sign_off_json(struct office *office, gint64 matter)
{
    struct sign_off *s = sign_off_get(office->db, matter);
    if (s == NULL)
        return json_null();
    json_t *json =
        json_pack("{ss ss so ss so so so so ss}", "outcome", sign_off_text(s->outcome),
                  "outcome_text", sign_off_chinese(s->outcome), "submitted_at",
                  instant_json(s->submitted_at), "submitted_by", s->submitted_by, "signed_at",
                  instant_json(s->signed_at), "ended_at", instant_json(s->ended_at), "signer",
                  text_json(s->signer), "remarks", text_json(s->remarks), "sha256", s->sha256);
    sign_off_free(s);
    return json;
}

static json_t *matter_json(struct office *office, const struct matter *m)
{
    json_t *json =
        json_pack("{sI so ss ss ss so so ss ss}", "id", (json_int_t)m->id, "number",
                  text_json(m->number), "title", m->title, "kind", matter_kind_text(m->kind),
                  "state", matter_state_text(m->state), "deadline", text_json(m->deadline),
                  "silence", m->deemed ? json_string("deemed_no_objection") : json_null(), "token",
                  m->token, "state_text", matter_state_chinese(m->state));
    json_object_set_new(json, "sign_off", sign_off_json(office, m->id));
    json_object_set_new(json, "issued_at", instant_json(m->issued_at));
    json_object_set_new(json, "settled_at", instant_json(m->settled_at));
    json_object_set_new(json, "closed_at", instant_json(m->closed_at));
    return json;
}

json_t *status_json(struct office *office, gint64 matter)
{
    struct matter *m = matter_get(office->db, matter);
    if (m == NULL)
        return json_null();
    g_autoptr(GPtrArray) list = assignment_list(office->db, matter);
    json_t *units = json_array();
    for (guint i = 0; i < list->len; i++)
        json_array_append_new(units, unit_json(office, m, list->pdata[i]));
    json_t *json = json_pack("{so so so}", "matter", matter_json(office, m), "counts",
                             counts_json(office, m, list), "units", units);
    matter_free(m);
    return json;
}
