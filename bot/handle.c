/* The handle stage: every stored message is parsed and filed, or put before a person. An attempt is
 * counted in a committed row before the parser sees anything: a message that killed us twice is not
 * parsed a third time (law 1). */
#include "bot/bot.h"

enum {
    BATCH = 200,
    BATCH_MICROSECONDS = 100 * 1000,
    ATTEMPTS_MAX = 2,
};

struct mail *stored_mail(struct db *db, const char *sha256, GError **error)
{
    g_autofree char *path = raw_path(db, sha256);
    if (path != NULL)
        return mail_read_file(path, error);
    g_autoptr(GBytes) bytes = raw_get(db, sha256, error);
    if (bytes == NULL)
        return NULL;
    gsize n;
    const void *data = g_bytes_get_data(bytes, &n);
    return mail_read(data, n);
}

/* A message between parsing and filing. */
struct parsed {
    gint64 id;
    struct mail *mail; /* NULL: must not or could not be parsed */
    char *why;
};

static void parsed_free(gpointer data)
{
    struct parsed *p = data;
    mail_free(p->mail);
    g_free(p->why);
    g_free(p);
}

static gboolean count_attempts(struct bot *bot, const GArray *ids, GError **error)
{
    db_begin(bot->db);
    for (guint i = 0; i < ids->len; i++)
        message_count_attempt(bot->db, g_array_index(ids, gint64, i));
    return db_commit(bot->db, error);
}

static struct parsed *parse(struct bot *bot, gint64 id)
{
    struct parsed *p = g_new0(struct parsed, 1);
    struct message *message = message_get(bot->db, id);
    g_autoptr(GError) error = NULL;
    p->id = id;
    if (message == NULL)
        p->why = g_strdup("数据库里没有这一行");
    else if (message->attempts > ATTEMPTS_MAX)
        p->why = g_strdup("前两次处理都没有完成");
    else
        p->mail = stored_mail(bot->db, message->sha256, &error);
    if (p->mail == NULL && p->why == NULL)
        p->why = g_strdup(error->message);
    message_free(message);
    return p;
}

/* As many as fit into the time; the rest stays for the next batch. */
static GPtrArray *parse_some(struct bot *bot, const GArray *ids)
{
    GPtrArray *list = g_ptr_array_new_with_free_func(parsed_free);
    gint64 until = g_get_monotonic_time() + BATCH_MICROSECONDS;
    for (guint i = 0; i < ids->len && g_get_monotonic_time() < until; i++)
        g_ptr_array_add(list, parse(bot, g_array_index(ids, gint64, i)));
    return list;
}

static void file(struct bot *bot, struct parsed *p)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, p->id);
    db_savepoint(bot->db);
    if (p->mail == NULL)
        handle_unparsed(&bot->office, p->id, p->why);
    else if (!handle_message(&bot->office, p->id, p->mail, &error))
        db_undo(bot->db);
    if (error == NULL)
        db_release(bot->db, &error);
    if (error != NULL)
        log_event("handle", "message", id, "result", "failed", "cause", error->message, NULL);
}

static gboolean handle_batch(struct bot *bot, const GArray *ids, GError **error)
{
    if (!count_attempts(bot, ids, error))
        return FALSE;
    g_autoptr(GPtrArray) list = parse_some(bot, ids);
    db_begin(bot->db);
    for (guint i = 0; i < list->len; i++)
        file(bot, list->pdata[i]);
    return db_commit(bot->db, error);
}

enum stage handle(struct bot *bot)
{
    enum stage result = STAGE_IDLE;
    for (;;) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GArray) ids = message_waiting(bot->db, BATCH);
        if (!db_ok(bot->db, &error) || (ids->len > 0 && !handle_batch(bot, ids, &error))) {
            log_event("handle", "result", "failed", "cause", error->message, NULL);
            return STAGE_FAILED;
        }
        if (ids->len == 0)
            return result;
        result = STAGE_WORKED;
    }
}
