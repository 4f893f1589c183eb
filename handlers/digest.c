/* The daily digest: on working days, even when nothing happened; the bot's own troubles first. */
#include "handlers/private.h"

#include <stdlib.h>

static json_t *names_where(json_t *units, gboolean (*wanted)(json_t *unit))
{
    json_t *list = json_array();
    size_t i;
    json_t *unit;
    json_array_foreach (units, i, unit)
        if (wanted(unit))
            json_array_append_new(list, json_pack("{sO}", "name", json_object_get(unit, "name")));
    return list;
}

static gboolean is_true(json_t *unit, const char *key)
{
    return json_is_true(json_object_get(unit, key));
}

/* Nothing at all came from it. */
static gboolean is_silent(json_t *unit)
{
    switch (status_of(json_string_value(json_object_get(unit, "status")))) {
    case STATUS_WAITING:
    case STATUS_ACKNOWLEDGED:
    case STATUS_OVERDUE:
        return TRUE;
    default:
        return FALSE;
    }
}

static gboolean lacks_electronic(json_t *unit)
{
    return !is_silent(unit) && is_true(unit, "owes_electronic");
}

static gboolean lacks_paper(json_t *unit)
{
    return !is_silent(unit) && is_true(unit, "owes_paper");
}

/* It need not send any, but its file will lack one. */
static gboolean is_deemed_without_paper(json_t *unit)
{
    return status_of(json_string_value(json_object_get(unit, "status"))) == STATUS_DEEMED &&
           g_strcmp0(json_string_value(json_object_get(unit, "paper")),
                     paper_text(PAPER_WAITING)) == 0;
}

static void add_names(json_t *json, const char *key, json_t *units,
                      gboolean (*wanted)(json_t *unit))
{
    json_t *names = names_where(units, wanted);
    g_autofree char *any = g_strdup_printf("any_%s", key);
    g_autofree char *n = g_strdup_printf("n_%s", key);
    json_object_set_new(json, any, json_boolean(json_array_size(names) > 0));
    json_object_set_new(json, n, json_integer((json_int_t)json_array_size(names)));
    json_object_set_new(json, key, names);
}

static json_t *matter_digest(struct office *office, gint64 id)
{
    struct matter *m = matter_get(office->db, id);
    json_auto_t *status = status_json(office, id);
    json_t *units = json_object_get(status, "units");
    json_t *json = json_pack("{so sO sO ss}", "matter", matter_data(office, m), "counts",
                             json_object_get(status, "counts"), "units", units, "state",
                             matter_state_chinese(m->state));
    add_names(json, "missing", units, is_silent);
    add_names(json, "electronic_missing", units, lacks_electronic);
    add_names(json, "paper_missing", units, lacks_paper);
    add_names(json, "paper_deemed", units, is_deemed_without_paper);
    matter_free(m);
    return json;
}

/* Matters under way, and those that ended since the last digest. */
static json_t *matters_json(struct office *office, gint64 since)
{
    json_t *list = json_array();
    g_autoptr(GArray) ids = matter_list(office->db, -1);
    for (guint i = 0; i < ids->len; i++) {
        gint64 id = g_array_index(ids, gint64, i);
        struct matter *m = matter_get(office->db, id);
        if (m->state == STATE_ISSUED || (m->state == STATE_CLOSED && m->closed_at >= since))
            json_array_append_new(list, matter_digest(office, id));
        matter_free(m);
    }
    return list;
}

/* What waits for a signer, or for being issued. */
static json_t *signing_json(struct office *office)
{
    static const enum matter_state states[] = { STATE_SUBMITTED, STATE_SIGNED };
    json_t *list = json_array();
    for (gsize k = 0; k < G_N_ELEMENTS(states); k++) {
        g_autoptr(GArray) ids = matter_list(office->db, (int)states[k]);
        for (guint i = 0; i < ids->len; i++) {
            struct matter *m = matter_get(office->db, g_array_index(ids, gint64, i));
            struct sign_off *s = sign_off_get(office->db, m->id);
            g_autofree char *since = s != NULL ? instant_local(s->submitted_at) : g_strdup("");
            json_array_append_new(list, json_pack("{ss ss ss}", "title", m->title, "state",
                                                  matter_state_chinese(m->state), "since", since));
            sign_off_free(s);
            matter_free(m);
        }
    }
    return list;
}

/* A flood of spam must not become a flood in the digest. */
enum { REVIEWS_SHOWN = 60 };

static json_t *review_json(struct office *office)
{
    json_t *list = json_array();
    g_autoptr(GPtrArray) reviews = review_list(office->db, 0);
    for (guint i = 0; i < MIN(reviews->len, REVIEWS_SHOWN); i++) {
        const struct review *r = reviews->pdata[i];
        struct message *m = r->message != 0 ? message_get(office->db, r->message) : NULL;
        g_autofree char *mark =
            r->message != 0  ? g_strdup_printf("来信 #%" G_GINT64_FORMAT, r->message)
            : r->outbox != 0 ? g_strdup_printf("发件 #%" G_GINT64_FORMAT, r->outbox)
                             : g_strdup("待办");
        g_autofree char *text = review_said(r);
        gboolean quotes = m != NULL && !message_is_secret(office, m);
        json_array_append_new(list, json_pack("{ss ss ss* ss*}", "mark", mark, "text", text,
                                              "subject", quotes ? m->subject : NULL, "sender",
                                              m ? m->sender : NULL));
        message_free(m);
    }
    return list;
}

static json_t *outbox_json(struct office *office)
{
    json_t *json = json_object();
    for (int state = 0; state < OUT_STATES; state++)
        json_object_set_new(json, outbox_state_text((enum outbox_state)state),
                            json_integer(outbox_count(office->db, (enum outbox_state)state, 0)));
    return json;
}

/* When the last digest was made; else a day ago. */
static gint64 last_digest(struct office *office)
{
    gint64 at = clock_now() - 24 * 60 * 60;
    g_autofree char *text = office_get(office->db, "digest_at");
    if (text != NULL)
        instant_parse(text, &at);
    return at;
}

json_t *digest_json(struct office *office)
{
    gint64 since = last_digest(office), now = clock_now() + 1;
    json_t *review = review_json(office);
    json_t *matters = matters_json(office, since);
    json_t *health = health_json(office), *signing = signing_json(office);
    g_autofree char *advice = calendar_advice(), *held = held_advice(office);
    g_autofree char *day = day_chinese(day_of(clock_now()));
    int waiting = (int)review_count(office->db, 0);
    int more = waiting - (int)json_array_size(review);
    gboolean reviewing = waiting > 0, troubled = json_array_size(health) > 0;
    gboolean idle = json_array_size(matters) == 0;
    return json_pack("{so sb so ss ss* ss* so sb so so sb si si sb sb so sI sI sI}", "signing",
                     signing, "any_signing", json_array_size(signing) > 0, "office",
                     office_data(office), "day", day, "advice", advice, "held", held, "health",
                     health, "troubled", troubled, "matters", matters, "review", review,
                     "reviewing", reviewing, "n_review", waiting, "more", more, "any_more",
                     more > 0, "idle", idle, "outbox", outbox_json(office), "stored",
                     (json_int_t)arrival_count(office->db, "stored", since, now), "duplicates",
                     (json_int_t)arrival_count(office->db, "duplicate", since, now), "filed",
                     (json_int_t)event_count(office->db, "message.filed", 0, since, now));
}

/* To the clerks; without any, to the office's own mailbox, where people look too. */
char **office_readers(struct office *office)
{
    gint64 unit = unit_find(office->db, UNIT_OFFICE);
    char **readers = unit_addresses(office->db, unit, ROLE_CLERK);
    if (readers[0] == NULL) {
        g_strfreev(readers);
        readers = g_new0(char *, 2);
        readers[0] = g_strdup(office->policy->address);
    }
    return readers;
}

/* A matter's units as a table for Excel, which knows UTF-8 by its mark alone. */
static GString *units_table(json_t *units)
{
    static const struct {
        const char *key, *head;
    } columns[] = {
        { "code", "代码" },         { "name", "单位" },     { "status_text", "状态" },
        { "paper_text", "纸质件" }, { "deadline", "期限" },
    };
    enum { COLUMNS = G_N_ELEMENTS(columns) };
    const char *fields[COLUMNS];
    GString *table = g_string_new(CSV_MARK);
    for (gsize c = 0; c < COLUMNS; c++)
        fields[c] = columns[c].head;
    csv_write(table, fields, COLUMNS);
    size_t i;
    json_t *unit;
    json_array_foreach (units, i, unit) {
        for (gsize c = 0; c < COLUMNS; c++)
            fields[c] = json_string_value(json_object_get(unit, columns[c].key));
        csv_write(table, fields, COLUMNS);
    }
    return table;
}

static gboolean push_tables(struct office *office, const char *key, json_t *matters, GError **error)
{
    size_t i;
    json_t *matter;
    gboolean ok = TRUE;
    json_array_foreach (matters, i, matter) {
        json_t *about = json_object_get(matter, "matter");
        gint64 id = json_integer_value(json_object_get(about, "id"));
        const char *title = json_string_value(json_object_get(about, "title"));
        GString *table = units_table(json_object_get(matter, "units"));
        g_autofree char *name = g_strdup_printf("%s-各单位一览.csv", title);
        g_autofree char *of = g_strdup_printf("%s/%" G_GINT64_FORMAT, key, id);
        ok = ok && news_file(office, of, id, name, "text/csv", table, error);
        g_string_free(table, TRUE);
    }
    return ok;
}

gboolean digest_queue(struct office *office, const char *key, GError **error)
{
    g_auto(GStrv) to = office_readers(office);
    json_auto_t *data = digest_json(office);
    outbox_cancel(office->db, "digest", 0, 0, "由新的简报代替");
    g_autofree char *now = instant_text(clock_now());
    if (!letter_queue(
            office,
            &(struct letter){
                .kind = "digest", .key = key, .to = (const char *const *)to, .data = data },
            error) ||
        !news_queue(office, "digest", key, 0, data, error) ||
        (office->policy->wecom_table &&
         !push_tables(office, key, json_object_get(data, "matters"), error)))
        return FALSE;
    office_set(office->db, "digest_at", now);
    return TRUE;
}

gboolean digest_run(struct office *office, GError **error)
{
    gint64 now = clock_now();
    int today = day_of(now), minutes = office->policy->digest;
    if (!day_is_working(today) || now < instant_at(today, minutes / 60, minutes % 60))
        return TRUE;
    g_autofree char *day = day_text(today);
    g_autofree char *key = g_strdup_printf("digest/%s", day);
    if (outbox_has(office->db, key))
        return TRUE;
    return digest_queue(office, key, error);
}
