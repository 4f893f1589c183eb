/* The outbox and what became of each row. */
#include "db/sql.h"

#include "base/base.h"

void outbox_free(struct outbox *o)
{
    if (o == NULL)
        return;
    char *texts[] = { o->key,  o->channel, o->kind,        o->message_id, o->subject,
                      o->text, o->html,    o->in_reply_to, o->references, o->reply };
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    secret_free(o->secret);
    g_ptr_array_unref(o->recipients);
    g_ptr_array_unref(o->enclosures);
    g_free(o);
}

static void enclosure_free(gpointer data)
{
    struct enclosure *e = data;
    g_free(e->filename);
    g_free(e->content_type);
    g_free(e->sha256);
    g_free(e);
}

struct outbox *outbox_new(void)
{
    struct outbox *o = g_new0(struct outbox, 1);
    o->recipients = g_ptr_array_new_with_free_func(g_free);
    o->enclosures = g_ptr_array_new_with_free_func(enclosure_free);
    return o;
}

struct enclosure *outbox_enclose(struct outbox *outbox, const char *filename,
                                 const char *content_type, const char *sha256)
{
    struct enclosure *e = g_new0(struct enclosure, 1);
    e->filename = g_strdup(filename);
    e->content_type = g_strdup(content_type);
    e->sha256 = g_strdup(sha256);
    g_ptr_array_add(outbox->enclosures, e);
    return e;
}

static void add_recipients(struct db *db, gint64 id, const struct outbox *o)
{
    for (guint i = 0; i < o->recipients->len; i++)
        sql_run(db,
                "INSERT OR IGNORE INTO recipient (outbox, address, state) VALUES (?, ?, 'waiting')",
                NUM(id), TXT(o->recipients->pdata[i]));
    for (guint i = 0; i < o->enclosures->len; i++) {
        const struct enclosure *e = o->enclosures->pdata[i];
        sql_run(db,
                "INSERT INTO enclosure (outbox, position, filename, content_type, sha256, recipe)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                NUM(id), NUM(i + 1), TXT(e->filename), TXT(e->content_type), TXT(e->sha256),
                NUM(e->recipe));
    }
}

gboolean outbox_has(struct db *db, const char *key)
{
    return sql_one(db, "SELECT count(*) FROM outbox WHERE key = ?", TXT(key)) > 0;
}

gint64 outbox_add(struct db *db, const struct outbox *o)
{
    if (outbox_has(db, o->key))
        return 0;
    sql_run(db,
            "INSERT INTO outbox (key, channel, kind, matter, unit, message, message_id, subject,"
            " text, html, in_reply_to, refs, state, created_at, secret)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            TXT(o->key), TXT(o->channel), TXT(o->kind), REF(o->matter), REF(o->unit),
            REF(o->message), TXT(o->message_id), TXT(o->subject), TXT(o->text), TXT(o->html),
            TXT(o->in_reply_to), TXT(o->references), TXT(outbox_state_text(o->state)),
            INST(clock_now()), TXT(o->secret));
    gint64 id = sql_new_id(db);
    add_recipients(db, id, o);
    g_autofree char *what = g_strdup_printf("outbox.%s", outbox_state_text(o->state));
    event_add(db, &(struct event){ .what = what,
                                   .text = o->key,
                                   .matter = o->matter,
                                   .unit = o->unit,
                                   .message = o->message,
                                   .outbox = id });
    return id;
}

static void load_lists(struct db *db, struct outbox *o)
{
    struct sql *q = sql_query(db, "SELECT address FROM recipient WHERE outbox = ? ORDER BY address",
                              NUM(o->id));
    while (sql_row(q))
        g_ptr_array_add(o->recipients, sql_dup(q, 0));
    q = sql_query(db,
                  "SELECT filename, content_type, sha256, recipe FROM enclosure WHERE outbox = ?"
                  " ORDER BY position",
                  NUM(o->id));
    while (sql_row(q))
        outbox_enclose(o, sql_str(q, 0), sql_str(q, 1), sql_str(q, 2))->recipe = sql_num(q, 3) != 0;
}

struct outbox *outbox_get(struct db *db, gint64 id)
{
    struct sql *q = sql_query(db,
                              "SELECT id, key, channel, kind, matter, unit, message, message_id,"
                              " subject, text, html, in_reply_to, refs, state, attempts,"
                              " created_at, next_at, sent_at, code, reply, secret"
                              " FROM outbox WHERE id = ?",
                              NUM(id));
    if (!sql_row(q))
        return NULL;
    struct outbox *o = outbox_new();
    o->id = sql_num(q, 0);
    o->key = sql_dup(q, 1);
    o->channel = sql_dup(q, 2);
    o->kind = sql_dup(q, 3);
    o->matter = sql_num(q, 4);
    o->unit = sql_num(q, 5);
    o->message = sql_num(q, 6);
    o->message_id = sql_dup(q, 7);
    o->subject = sql_dup(q, 8);
    o->text = sql_dup(q, 9);
    o->html = sql_dup(q, 10);
    o->in_reply_to = sql_dup(q, 11);
    o->references = sql_dup(q, 12);
    o->state = (enum outbox_state)outbox_state_of(sql_str(q, 13));
    o->attempts = (int)sql_num(q, 14);
    o->created_at = sql_instant(q, 15);
    o->next_at = sql_instant(q, 16);
    o->sent_at = sql_instant(q, 17);
    o->code = (int)sql_num(q, 18);
    o->reply = sql_dup(q, 19);
    o->secret = sql_dup(q, 20);
    sql_end(q);
    load_lists(db, o);
    return o;
}

GArray *outbox_list(struct db *db, int state, gint64 matter)
{
    const char *text = state < 0 ? NULL : outbox_state_text((enum outbox_state)state);
    return sql_ids(sql_query(db,
                             "SELECT id FROM outbox WHERE (?1 IS NULL OR state = ?1)"
                             " AND (?2 = 0 OR matter = ?2) ORDER BY id",
                             TXT(text), NUM(matter)));
}

gint64 outbox_count(struct db *db, enum outbox_state state, gint64 matter)
{
    return sql_one(db, "SELECT count(*) FROM outbox WHERE state = ? AND (?2 = 0 OR matter = ?2)",
                   TXT(outbox_state_text(state)), NUM(matter));
}

gint64 outbox_count_owed(struct db *db, enum outbox_state state)
{
    return sql_one(db,
                   "SELECT count(*) FROM outbox WHERE state = ? AND key NOT LIKE 'alarm/%'"
                   " AND key NOT LIKE 'wecom/alarm/%'",
                   TXT(outbox_state_text(state)));
}

gint64 outbox_next(struct db *db, const char *channel, gint64 now)
{
    return sql_one(db,
                   "SELECT id FROM outbox WHERE channel = ? AND (state = 'queued'"
                   " OR (state = 'deferred' AND next_at <= ?)) ORDER BY id LIMIT 1",
                   TXT(channel), INST(now));
}

gint64 outbox_next_at(struct db *db)
{
    gint64 at = 0;
    g_autofree char *text =
        sql_one_text(db, "SELECT min(next_at) FROM outbox WHERE state = 'deferred'");
    if (text != NULL)
        instant_parse(text, &at);
    return at;
}

static void state_event(struct db *db, gint64 id, enum outbox_state state, const char *text)
{
    g_autofree char *what = g_strdup_printf("outbox.%s", outbox_state_text(state));
    event_add(db, &(struct event){
                      .what = what,
                      .text = text,
                      .matter = sql_one(db, "SELECT matter FROM outbox WHERE id = ?", NUM(id)),
                      .unit = sql_one(db, "SELECT unit FROM outbox WHERE id = ?", NUM(id)),
                      .outbox = id });
}

void outbox_set_state(struct db *db, gint64 id, enum outbox_state state)
{
    sql_run(db, "UPDATE outbox SET state = ? WHERE id = ?", TXT(outbox_state_text(state)), NUM(id));
    state_event(db, id, state, "");
}

void outbox_set_result(struct db *db, gint64 id, enum outbox_state state, int code,
                       const char *reply, gint64 next_at)
{
    sql_run(db,
            "UPDATE outbox SET state = ?1, code = ?, reply = ?, next_at = ?, sent_at = ?,"
            " secret = iif(?1 = 'sent', NULL, secret), attempts = attempts + 1 WHERE id = ?",
            TXT(outbox_state_text(state)), REF(code), TXT(reply), INST(next_at),
            INST(state == OUT_SENT ? clock_now() : 0), NUM(id));
    state_event(db, id, state, reply);
}

void outbox_recover(struct db *db, outbox_cb *each, void *context)
{
    g_autoptr(GArray) ids = outbox_list(db, OUT_SENDING, 0);
    for (guint i = 0; i < ids->len; i++) {
        gint64 id = g_array_index(ids, gint64, i);
        outbox_set_state(db, id, OUT_UNCERTAIN);
        each(context, id);
    }
}

int outbox_release_held(struct db *db)
{
    g_autoptr(GArray) ids = outbox_list(db, OUT_HELD, 0);
    for (guint i = 0; i < ids->len; i++)
        outbox_set_state(db, g_array_index(ids, gint64, i), OUT_QUEUED);
    return (int)ids->len;
}

#define CANCELLABLE \
    "SELECT id FROM outbox WHERE state IN ('queued', 'held', 'deferred')" \
    " AND (?1 IS NULL OR kind = ?1) AND (?3 = 0 OR unit = ?3)"

void outbox_cancel(struct db *db, const char *kind, gint64 matter, gint64 unit, const char *why)
{
    /* With a matter, its index: an office may hold thousands of mails. */
    const char *text = matter != 0 ? CANCELLABLE " AND matter = ?2" : CANCELLABLE " AND ?2 = 0";
    g_autoptr(GArray) ids = sql_ids(sql_query(db, text, TXT(kind), NUM(matter), NUM(unit)));
    for (guint i = 0; i < ids->len; i++) {
        gint64 id = g_array_index(ids, gint64, i);
        sql_run(db, "UPDATE outbox SET state = 'cancelled', reply = ? WHERE id = ?", TXT(why),
                NUM(id));
        state_event(db, id, OUT_CANCELLED, why);
    }
}
