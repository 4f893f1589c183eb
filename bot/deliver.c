/* The deliver stage: intent, act, result (law 3). A row is committed as `sending` before anything
 * is opened, and the server's answer right after: alone of all stages, this one commits per item.
 */
#include "bot/bot.h"
#include "documents/documents.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

/* Seconds to the next try, by how often it was tried; then it has failed. */
static const int backoff[] = { 60, 300, 900, 1800, 3600, 3600, 7200, 14400, 28800, 28800, 28800 };

static gboolean set_sending(struct bot *bot, const char *lane, gint64 id, GError **error)
{
    db_begin(bot->db);
    outbox_set_state(bot->db, id, OUT_SENDING);
    pace_add(bot->db, lane, g_get_real_time() / G_USEC_PER_SEC);
    return db_commit(bot->db, error);
}

static void ask_a_person(struct bot *bot, const struct outbox *row, const char *reason,
                         const char *what, const char *reply)
{
    g_autofree char *text =
        g_strdup_printf("发件 #%" G_GINT64_FORMAT "“%s”%s：%s", row->id, row->subject, what, reply);
    review_open(bot->db, &(struct review){ .reason = reason,
                                           .text = text,
                                           .outbox = row->id,
                                           .matter = row->matter,
                                           .unit = row->unit });
}

/* Where the whole mail failed, one item for a person says it all. */
static void record_refused(struct bot *bot, const struct outbox *row, const struct delivery *d)
{
    for (guint i = 0; i < d->refused->len; i++) {
        const struct recipient_result *r = d->refused->pdata[i];
        g_autofree char *what = g_strdup_printf("有收件人被拒（%s）", r->address);
        recipient_set(bot->db, row->id, r->address, "refused", r->reply);
        if (d->outcome == OUTCOME_SENT)
            ask_a_person(bot, row, "refused_recipient", what, r->reply);
    }
}

static void record_deferred(struct bot *bot, const struct outbox *row, const struct delivery *d)
{
    if (row->attempts >= (int)G_N_ELEMENTS(backoff)) {
        outbox_set_result(bot->db, row->id, OUT_FAILED, d->code, d->reply, 0);
        ask_a_person(bot, row, "failed", "多次重试仍发不出去", d->reply);
        return;
    }
    int wait = MAX(d->retry_after, backoff[row->attempts]);
    outbox_set_result(bot->db, row->id, OUT_DEFERRED, d->code, d->reply, clock_now() + wait);
}

static void record(struct bot *bot, const struct outbox *row, const struct delivery *d)
{
    switch (d->outcome) {
    case OUTCOME_SENT:
        outbox_set_result(bot->db, row->id, OUT_SENT, d->code, d->reply, 0);
        record_refused(bot, row, d);
        recipients_accept(bot->db, row->id);
        notice_left(&bot->office, row);
        break;
    case OUTCOME_DEFERRED:
        record_deferred(bot, row, d);
        break;
    case OUTCOME_FAILED:
        outbox_set_result(bot->db, row->id, OUT_FAILED, d->code, d->reply, 0);
        record_refused(bot, row, d);
        ask_a_person(bot, row, "failed", "发送失败", d->reply);
        break;
    case OUTCOME_UNCERTAIN:
        outbox_set_result(bot->db, row->id, OUT_UNCERTAIN, d->code, d->reply, 0);
        ask_a_person(bot, row, "uncertain", "不知是否送达，请核实", d->reply);
        break;
    case OUTCOME_STOPPED:
        outbox_set_state(bot->db, row->id, OUT_QUEUED);
        break;
    }
}

/* The same recipe always makes the same bytes: a mail that is sent again is the same mail. */
static GBytes *made_of(struct bot *bot, const struct enclosure *e, GError **error)
{
    g_autoptr(GBytes) recipe = raw_get(bot->db, e->sha256, error);
    if (recipe == NULL)
        return NULL;
    gsize n;
    const char *text = g_bytes_get_data(recipe, &n);
    json_auto_t *document = json_loadb(text, n, 0, NULL);
    return document_write(document, error);
}

/* A large annex stays in its file, a small one is held here while the mail is written. */
static gboolean enclose(struct bot *bot, const struct enclosure *e, struct draft_attachment *out,
                        GPtrArray *keep, GError **error)
{
    char *path = e->recipe ? NULL : raw_path(bot->db, e->sha256);
    out->filename = e->filename;
    out->content_type = e->content_type;
    out->path = path;
    out->bytes = e->recipe      ? made_of(bot, e, error)
                 : path == NULL ? raw_get(bot->db, e->sha256, error)
                                : NULL;
    if (path != NULL)
        g_ptr_array_add(keep, g_bytes_new_with_free_func(path, strlen(path) + 1, g_free, path));
    else if (out->bytes != NULL)
        g_ptr_array_add(keep, out->bytes);
    return path != NULL || out->bytes != NULL;
}

/* With what is known only now, and what must not lie in the outbox for good. */
static char *completed(struct bot *bot, const struct outbox *row, const char *text)
{
    char *dated = notice_dated(&bot->office, row, text);
    if (dated == NULL || row->secret == NULL)
        return dated;
    GString *whole = g_string_new(dated);
    g_free(dated);
    g_string_replace(whole, OUTBOX_SECRET, row->secret, 0);
    return g_string_free(whole, FALSE);
}

gboolean outbox_write(struct bot *bot, const struct outbox *row, int fd, GError **error)
{
    g_autoptr(GPtrArray) keep = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    g_autofree struct draft_attachment *enclosed =
        g_new0(struct draft_attachment, row->enclosures->len + 1);
    for (guint i = 0; i < row->enclosures->len; i++)
        if (!enclose(bot, row->enclosures->pdata[i], &enclosed[i], keep, error))
            return FALSE;
    g_autofree char *code = row->unit != 0 ? unit_code(bot->db, row->unit) : NULL;
    g_autoptr(GString) mark = g_string_new(row->kind);
    if (row->matter != 0)
        g_string_append_printf(mark, "; matter=%" G_GINT64_FORMAT, row->matter);
    if (code != NULL)
        g_string_append_printf(mark, "; unit=%s", code);
    g_autofree const char **to = g_new0(const char *, row->recipients->len + 1);
    for (guint i = 0; i < row->recipients->len; i++)
        to[i] = row->recipients->pdata[i];
    g_autofree char *text = completed(bot, row, row->text), *html = completed(bot, row, row->html);
    struct draft draft = { .from_name = bot->config->policy.name,
                           .from_address = bot->config->policy.address,
                           .to = to,
                           .subject = row->subject,
                           .text = text,
                           .html = html,
                           .message_id = row->message_id,
                           .date = clock_now(),
                           .in_reply_to = row->in_reply_to,
                           .references = row->references,
                           .x_lianluo = mark->str,
                           .auto_replied = g_str_equal(row->kind, "receipt"),
                           .attachments = enclosed,
                           .n_attachments = row->enclosures->len };
    return db_ok(bot->db, error) && mail_write(&draft, fd, error);
}

static int unnamed_file(const char *dir, GError **error)
{
    g_autofree char *files = g_build_filename(dir, "files", NULL);
    int fd = open(files, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0)
        fault_set(error, FAULT_WORLD, "不能在 %s 建立临时文件：%s", files, g_strerror(errno));
    return fd;
}

/* It did not come as far as the server. */
static void not_sent(const GError *error, struct delivery *out)
{
    gboolean refused = g_error_matches(error, FAULT, FAULT_REFUSED);
    *out = (struct delivery){ .outcome = refused ? OUTCOME_FAILED : OUTCOME_DEFERRED,
                              .reply = g_strdup(error->message),
                              .refused = g_ptr_array_new() };
}

static void send_mail(struct bot *bot, const struct outbox *row, struct delivery *out)
{
    g_autoptr(GError) error = NULL;
    int fd = unnamed_file(bot->config->dir, &error);
    if (fd >= 0 && outbox_write(bot, row, fd, &error)) {
        g_ptr_array_add(row->recipients, NULL);
        struct parcel parcel = { .from = bot->config->policy.address,
                                 .to = (const char *const *)row->recipients->pdata,
                                 .fd = fd,
                                 .stop = bot->stop };
        bot->mail->send(bot->mail, &parcel, out);
        g_ptr_array_set_size(row->recipients, (int)row->recipients->len - 1);
    } else {
        not_sent(error, out);
    }
    if (fd >= 0)
        close(fd);
}

/* User ids and "@all" are mentioned by one list, mobile numbers by another. */
static void push_call(struct bot *bot, const struct outbox *row, struct delivery *out)
{
    g_autoptr(GPtrArray) ids = g_ptr_array_new(), mobiles = g_ptr_array_new();
    for (guint i = 0; i < row->recipients->len; i++) {
        char *who = row->recipients->pdata[i];
        g_ptr_array_add(strspn(who, "0123456789") == strlen(who) ? mobiles : ids, who);
    }
    g_ptr_array_add(ids, NULL);
    g_ptr_array_add(mobiles, NULL);
    struct parcel parcel = { .fd = -1,
                             .text = row->text,
                             .mentioned = (const char *const *)ids->pdata,
                             .mentioned_mobiles = (const char *const *)mobiles->pdata,
                             .stop = bot->stop };
    bot->wecom->send(bot->wecom, &parcel, out);
}

static gboolean write_enclosure(struct bot *bot, const struct enclosure *e, int fd, GError **error)
{
    g_autoptr(GBytes) bytes = raw_get(bot->db, e->sha256, error);
    if (bytes == NULL)
        return FALSE;
    gsize n;
    const void *data = g_bytes_get_data(bytes, &n);
    return write_all(fd, data, n) ||
           fault_set(error, FAULT_WORLD, "不能写临时文件：%s", g_strerror(errno));
}

static void push_file(struct bot *bot, const struct outbox *row, struct delivery *out)
{
    const struct enclosure *e = row->enclosures->pdata[0];
    g_autoptr(GError) error = NULL;
    int fd = unnamed_file(bot->config->dir, &error);
    struct parcel parcel = { .fd = fd, .file_name = e->filename, .stop = bot->stop };
    if (fd >= 0 && write_enclosure(bot, e, fd, &error))
        bot->wecom->send(bot->wecom, &parcel, out);
    else
        not_sent(error, out);
    if (fd >= 0)
        close(fd);
}

static void send_news(struct bot *bot, const struct outbox *row, struct delivery *out)
{
    struct parcel parcel = { .fd = -1, .markdown = row->text, .stop = bot->stop };
    if (row->enclosures->len > 0)
        push_file(bot, row, out);
    else if (row->recipients->len > 0)
        push_call(bot, row, out);
    else
        bot->wecom->send(bot->wecom, &parcel, out);
}

/* A channel and how its rows are sent. */
struct lane {
    const char *channel, *fault_key;
    size_t pause; /* in struct bot */
    void (*send)(struct bot *bot, const struct outbox *row, struct delivery *out);
};

static struct pause *pause_of(struct bot *bot, const struct lane *lane)
{
    return (struct pause *)((char *)bot + lane->pause);
}

static gboolean stopping(const struct bot *bot)
{
    return bot->stop != NULL && g_atomic_int_get(bot->stop) != 0;
}

/* The next look at the outbox in so many seconds, if not sooner. */
static void look_again_in(struct bot *bot, gint64 seconds)
{
    gint64 at = g_get_real_time() / G_USEC_PER_SEC + seconds;
    if (bot->allowed_at == 0 || at < bot->allowed_at)
        bot->allowed_at = at;
}

/* In the daemon a server that refuses is not hammered, and the other lane goes on; a tick is asked
 * for by somebody, and tries. */
static gboolean lane_rests(struct bot *bot, const struct lane *lane)
{
    gint64 left = pause_of(bot, lane)->until - g_get_monotonic_time() / G_USEC_PER_SEC;
    if (bot->stop == NULL || pause_of(bot, lane)->failures == 0 || left <= 0)
        return FALSE;
    look_again_in(bot, left);
    return TRUE;
}

static void lane_pause(struct bot *bot, const struct lane *lane, int retry_after)
{
    struct pause *pause = pause_of(bot, lane);
    int most = 600 << MIN(pause->failures, 4);
    gint64 wait = MIN(MAX(retry_after, 30 << MIN(pause->failures, 6)), most);
    pause->failures++;
    pause->until = g_get_monotonic_time() / G_USEC_PER_SEC + wait;
    look_again_in(bot, wait);
}

static void log_delivery(const struct outbox *row, const struct delivery *d)
{
    g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, row->id);
    g_autofree char *code = g_strdup_printf("%d", d->code);
    log_event("deliver", "outbox", id, "key", row->key, "result", outcome_text(d->outcome), "code",
              code, "reply", d->reply, NULL);
}

static gboolean deliver_one(struct bot *bot, const struct lane *lane, gint64 id, char **stopped,
                            GError **error)
{
    struct outbox *row = outbox_get(bot->db, id);
    if (row == NULL)
        return db_ok(bot->db, error);
    gboolean ok = set_sending(bot, lane->channel, id, error);
    if (ok) {
        struct delivery out = { 0 };
        lane->send(bot, row, &out);
        log_delivery(row, &out);
        db_begin(bot->db);
        record(bot, row, &out);
        ok = db_commit(bot->db, error);
        if (out.outcome != OUTCOME_STOPPED) {
            *pause_of(bot, lane) = (struct pause){ 0 };
        } else if (!stopping(bot)) { /* else we called it off */
            *stopped = g_strdup(out.reply);
            lane_pause(bot, lane, out.retry_after);
        }
        delivery_clear(&out);
    }
    outbox_free(row);
    return ok;
}

static enum stage deliver_lane(struct bot *bot, const struct lane *lane, GError **error)
{
    g_autofree char *stopped = NULL;
    enum stage result = STAGE_IDLE;
    gint64 id;
    if (lane_rests(bot, lane))
        return STAGE_IDLE;
    while (stopped == NULL && !stopping(bot) &&
           (id = outbox_next(bot->db, lane->channel, clock_now())) != 0 &&
           pace_allows(bot, lane->channel)) {
        if (!deliver_one(bot, lane, id, &stopped, error))
            return STAGE_FAILED;
        result = STAGE_WORKED;
    }
    if (result != STAGE_IDLE && !stopping(bot)) /* else it may have been called off */
        fault_remember(bot, lane->fault_key, stopped);
    return stopped != NULL ? STAGE_FAILED : result;
}

static gboolean release_held(struct bot *bot, GError **error)
{
    if (bot->config->policy.hold || outbox_count(bot->db, OUT_HELD, 0) == 0)
        return TRUE;
    db_begin(bot->db);
    outbox_release_held(bot->db);
    return db_commit(bot->db, error);
}

/* The configuration has no group, or no longer: what waits for it waits for nobody. */
static gboolean forget_group(struct bot *bot, const struct lane *lane, GError **error)
{
    fault_remember(bot, lane->fault_key, NULL);
    if (outbox_next(bot->db, lane->channel, G_MAXINT32) == 0)
        return TRUE;
    db_begin(bot->db);
    outbox_cancel(bot->db, "news", 0, 0, "没有设置企业微信");
    return db_commit(bot->db, error);
}

enum stage deliver(struct bot *bot)
{
    static const struct lane mail = { "mail", "mail_fault", offsetof(struct bot, mail_pause),
                                      send_mail };
    static const struct lane wecom = { "wecom", "wecom_fault", offsetof(struct bot, wecom_pause),
                                       send_news };
    g_autoptr(GError) error = NULL;
    enum stage mailed = STAGE_IDLE, pushed = STAGE_IDLE;
    bot->allowed_at = 0;
    if (release_held(bot, &error))
        mailed = deliver_lane(bot, &mail, &error);
    if (error == NULL && bot->wecom != NULL)
        pushed = deliver_lane(bot, &wecom, &error);
    if (error == NULL && bot->wecom == NULL)
        forget_group(bot, &wecom, &error);
    if (error != NULL) {
        log_event("deliver", "result", "failed", "cause", error->message, NULL);
        return STAGE_FAILED;
    }
    return MAX(mailed, pushed);
}
