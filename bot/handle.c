/* The handle stage: every stored message is parsed and filed, or put before a person. An attempt is
 * counted in a committed row before the parser sees anything: a message that killed us twice is not
 * parsed a third time (law 1). */
#include "bot/bot.h"

#include <string.h>

enum {
    LISTED = 5000, /* ids read at once: what waits is sorted anew each time */
    BATCH = 100,
    BATCH_MICROSECONDS = 100 * 1000,
    TURN_MICROSECONDS = 1000 * 1000, /* of the daemon, between two looks at its signals */
    BATCH_TEXT = 8 * 1024 * 1024,    /* bytes of text held between parsing and filing */
    ATTEMPTS_MAX = 2,
};

/* What waits; [next, counted) is the batch whose attempts have been counted. */
struct queue {
    GArray *ids; /* gint64 */
    guint next, counted;
    gboolean worked;
};

/* A message between parsing and filing. */
struct parsed {
    gint64 id;
    struct mail *mail; /* NULL: must not or could not be parsed */
    char *why;
    gboolean settled; /* by a person, while it waited */
};

static void parsed_free(gpointer data)
{
    struct parsed *p = data;
    mail_free(p->mail);
    g_free(p->why);
    g_free(p);
}

/* The next batch, each attempt counted; it must be committed before anything is parsed. */
static void queue_take(struct bot *bot, struct queue *queue)
{
    if (queue->next == queue->ids->len) {
        g_array_unref(queue->ids);
        queue->ids = message_waiting(bot->db, LISTED);
        queue->next = 0;
    }
    queue->counted = MIN(queue->next + BATCH, queue->ids->len);
    for (guint i = queue->next; i < queue->counted; i++)
        message_count_attempt(bot->db, g_array_index(queue->ids, gint64, i));
}

static struct parsed *parse(struct bot *bot, gint64 id)
{
    struct parsed *p = g_new0(struct parsed, 1);
    struct message *message = message_get(bot->db, id);
    g_autoptr(GError) error = NULL;
    p->id = id;
    if (message == NULL)
        p->why = g_strdup("数据库里没有这一行");
    else if (message->state != MESSAGE_STORED)
        p->settled = TRUE;
    else if (message->attempts > ATTEMPTS_MAX)
        p->why = g_strdup("前两次处理都没有完成");
    else
        p->mail = stored_mail(bot->db, message->sha256, !message->history, &error);
    if (p->mail == NULL && p->why == NULL && !p->settled)
        p->why = g_strdup(error->message);
    message_free(message);
    return p;
}

static gsize text_held(const struct parsed *p)
{
    gsize n = 0;
    if (p->mail == NULL)
        return 0;
    for (guint i = 0; i < p->mail->attachments->len; i++) {
        const struct attachment *a = p->mail->attachments->pdata[i];
        n += a->text != NULL ? strlen(a->text) : 0;
    }
    return n + 2 * strlen(p->mail->text); /* new, quoted and signature are the text once more */
}

/* As many of the batch as fit into the time and the memory. */
static GPtrArray *parse_some(struct bot *bot, const struct queue *queue)
{
    GPtrArray *list = g_ptr_array_new_with_free_func(parsed_free);
    gint64 until = g_get_monotonic_time() + BATCH_MICROSECONDS;
    gsize held = 0;
    for (guint i = queue->next; i < queue->counted && held < BATCH_TEXT &&
                                (i == queue->next || g_get_monotonic_time() < until);
         i++) {
        struct parsed *p = parse(bot, g_array_index(queue->ids, gint64, i));
        g_ptr_array_add(list, p);
        held += text_held(p);
    }
    return list;
}

static void file(struct bot *bot, struct parsed *p)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, p->id);
    if (p->settled)
        return;
    db_savepoint(bot->db);
    if (p->mail != NULL)
        papers_keep(bot->db, p->mail);
    if (p->mail == NULL)
        handle_unparsed(&bot->office, p->id, p->why);
    else if (!handle_message(&bot->office, p->id, p->mail, &error))
        db_undo(bot->db);
    if (error == NULL)
        db_release(bot->db, &error);
    if (error != NULL)
        log_event("handle", "message", id, "result", "failed", "cause", error->message, NULL);
}

/* What was counted and not parsed has not been tried. */
static void uncount(struct bot *bot, const struct queue *queue)
{
    for (guint i = queue->next; i < queue->counted; i++)
        message_uncount_attempt(bot->db, g_array_index(queue->ids, gint64, i));
}

/* Parses a batch outside of any transaction; files it, and takes the next one, in one. */
static gboolean handle_batch(struct bot *bot, struct queue *queue, GError **error)
{
    g_autoptr(GPtrArray) list = parse_some(bot, queue);
    gint64 until = g_get_monotonic_time() + BATCH_MICROSECONDS;
    db_begin(bot->db);
    for (guint i = 0; i < list->len; i++) {
        file(bot, list->pdata[i]);
        if (g_get_monotonic_time() < until)
            continue;
        if (!db_commit(bot->db, error))
            return FALSE;
        db_begin(bot->db);
        until = g_get_monotonic_time() + BATCH_MICROSECONDS;
    }
    queue->next += list->len;
    queue->worked = TRUE;
    uncount(bot, queue);
    queue_take(bot, queue);
    return db_commit(bot->db, error);
}

static gboolean handle_all(struct bot *bot, struct queue *queue, GError **error)
{
    if (message_count_waiting(bot->db) == 0)
        return db_ok(bot->db, error);
    db_begin(bot->db);
    queue_take(bot, queue);
    if (!db_commit(bot->db, error))
        return FALSE;
    gint64 until = bot->stop != NULL ? g_get_monotonic_time() + TURN_MICROSECONDS : G_MAXINT64;
    while (queue->counted > queue->next && g_get_monotonic_time() < until)
        if (!handle_batch(bot, queue, error))
            return FALSE;
    if (queue->counted == queue->next)
        return TRUE;
    db_begin(bot->db);
    uncount(bot, queue);
    return db_commit(bot->db, error);
}

enum stage handle(struct bot *bot)
{
    struct queue queue = { .ids = g_array_new(FALSE, FALSE, sizeof(gint64)) };
    g_autoptr(GError) error = NULL;
    gboolean ok = handle_all(bot, &queue, &error);
    g_array_unref(queue.ids);
    office_relax(&bot->office);
    if (queue.worked)
        bot_relax(bot);
    if (!ok)
        log_event("handle", "result", "failed", "cause", error->message, NULL);
    return !ok ? STAGE_FAILED : queue.worked ? STAGE_WORKED : STAGE_IDLE;
}
