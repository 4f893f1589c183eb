/* The receive stage: whatever the mailbox holds above the cursor becomes durable: bytes, row and
 * cursor in one transaction, before anything looks inside (laws 1 and 2). */
#include "bot/bot.h"

#include <stdio.h>
#include <unistd.h>

enum {
    BATCH_MESSAGES = 100,
    BATCH_BYTES = 4 * 1024 * 1024,
    STREAM_ABOVE = 1024 * 1024, /* larger ones go to a file in pieces */
    REFUSE_ABOVE = 300 * 1024 * 1024,
    STUCK_MAX = 5, /* fetches that ended at the same message before it is passed over */
};

/* One UID on its way into the database. */
struct arriving {
    const struct imap_item *item;
    char *sha256;  /* NULL: not fetched */
    char *refused; /* why not */
    GBytes *bytes; /* small ones */
    gint64 size;
};

/* One reading of one folder. */
struct reading {
    struct bot *bot;
    struct imap *imap;
    const char *name;
    struct imap_folder box;
    struct folder cursor;
    gboolean first_sight;
    gint64 since;
    GArray *batch; /* struct arriving */
    gboolean ours; /* what failed is on our side: the disk */
    guint stored, duplicate, refused;
};

static void batch_clear(GArray *batch)
{
    for (guint i = 0; i < batch->len; i++) {
        struct arriving *a = &g_array_index(batch, struct arriving, i);
        g_free(a->sha256);
        g_free(a->refused);
        g_clear_pointer(&a->bytes, g_bytes_unref);
    }
    g_array_set_size(batch, 0);
}

static struct arriving *arriving_of(struct reading *r, guint32 uid)
{
    for (guint i = 0; i < r->batch->len; i++) {
        struct arriving *a = &g_array_index(r->batch, struct arriving, i);
        if (a->item->uid == uid)
            return a;
    }
    return NULL;
}

static gboolean message_came(void *context, const struct imap_item *item, const char *bytes,
                             gsize n, GError **error)
{
    struct reading *r = context;
    struct arriving *a = arriving_of(r, item->uid);
    if (a == NULL || a->sha256 != NULL)
        return TRUE;
    a->sha256 = raw_file(r->bot->db, bytes, n, error);
    r->ours = a->sha256 == NULL;
    a->size = (gint64)n;
    if (n <= RAW_ROW_MAX)
        a->bytes = g_bytes_new(bytes, n);
    return a->sha256 != NULL;
}

static gboolean stream_message(struct reading *r, struct arriving *a, GError **error)
{
    g_autofree char *path = NULL;
    gint64 size = 0;
    int fd = raw_stream(r->bot->db, &path, error);
    r->ours = fd < 0;
    if (fd < 0)
        return FALSE;
    if (!imap_fetch_to(r->imap, a->item->uid, fd, &size, error) || size == 0) {
        raw_stream_drop(fd, path);
        return *error == NULL;
    }
    a->sha256 = raw_stream_keep(r->bot->db, fd, path, &a->size, error);
    r->ours = a->sha256 == NULL;
    return a->sha256 != NULL;
}

static gint64 arrived_at(const struct imap_item *item)
{
    gint64 now = clock_now();
    return item->internaldate == 0 ? now : MIN(item->internaldate, now);
}

static void refuse(struct reading *r, const struct arrival *arrival, const char *why)
{
    arrival_refused(r->bot->db, arrival, why);
    r->refused++;
}

static void store(struct reading *r, const struct arriving *a)
{
    struct arrival arrival = { r->name, r->box.uidvalidity, a->item->uid };
    gint64 at = arrived_at(a->item), id;
    if (a->sha256 == NULL) {
        refuse(r, &arrival, a->refused != NULL ? a->refused : "列出后、取信前已从邮箱消失");
        return;
    }
    if (a->bytes != NULL)
        raw_row(r->bot->db, a->sha256, g_bytes_get_data(a->bytes, NULL), (gsize)a->size);
    else
        raw_file_row(r->bot->db, a->sha256, a->size);
    if (message_store(r->bot->db, &arrival, a->sha256, at, r->first_sight && at < r->since, &id))
        r->stored++;
    else
        r->duplicate++;
}

/* Bytes, rows and cursor: one transaction. */
static gboolean batch_commit(struct reading *r, GError **error)
{
    db_begin(r->bot->db);
    for (guint i = 0; i < r->batch->len; i++) {
        const struct arriving *a = &g_array_index(r->batch, struct arriving, i);
        store(r, a);
        r->cursor.last_uid = MAX(r->cursor.last_uid, a->item->uid);
    }
    folder_set(r->bot->db, r->name, &r->cursor);
    batch_clear(r->batch);
    return db_commit(r->bot->db, error);
}

/* A person must fetch it himself; the folder goes on. */
static void give_up(struct reading *r, struct arriving *a, char *why)
{
    a->refused = why;
    g_autofree char *text = g_strdup_printf("%s 里第 %u 号邮件%s，没有收取：请在邮箱网页上查看",
                                            r->name, a->item->uid, a->refused);
    db_begin(r->bot->db);
    review_open(r->bot->db, &(struct review){ .reason = "refused", .text = text });
    db_commit(r->bot->db, NULL);
}

/* The items from `from` that go into one fetch; a large one goes alone. */
static guint batch_length(const struct imap_item *items, guint n)
{
    gint64 bytes = 0;
    guint length = 0;
    while (length < MIN(n, BATCH_MESSAGES) && items[length].size <= STREAM_ABOVE &&
           bytes + items[length].size <= BATCH_BYTES)
        bytes += items[length++].size;
    return MAX(length, 1);
}

/* One message that the server never gives whole must not hold up the rest for ever. How often
 * reading ended at this message, by a note "UIDVALIDITY UID TIMES" of the folder. */
static int stuck_times(struct reading *r, guint32 uid)
{
    guint validity = 0, stuck = 0;
    int times = 0;
    g_autofree char *key = g_strdup_printf("stuck/%s", r->name);
    g_autofree char *note = office_get(r->bot->db, key);
    if (note == NULL || sscanf(note, "%u %u %d", &validity, &stuck, &times) != 3 ||
        validity != r->box.uidvalidity || stuck != uid)
        return 0;
    return times;
}

static void note_stuck(struct reading *r, guint32 uid)
{
    g_autofree char *key = g_strdup_printf("stuck/%s", r->name);
    g_autofree char *note =
        g_strdup_printf("%u %u %d", r->box.uidvalidity, uid, stuck_times(r, uid) + 1);
    db_begin(r->bot->db);
    office_set(r->bot->db, key, note);
    db_commit(r->bot->db, NULL);
}

/* A full disk, or being called away, says nothing about a message. */
static gboolean server_failed(const struct reading *r, const GError *fault)
{
    return !r->ours && !g_error_matches(fault, IMAP_FAULT, IMAP_WOKEN) &&
           !g_error_matches(fault, IMAP_FAULT, IMAP_UNWRITTEN);
}

/* The line broke: what came before is kept, and where the server broke it is remembered. */
static void keep_what_came(struct reading *r, const GError *fault)
{
    guint n = 0;
    while (n < r->batch->len && g_array_index(r->batch, struct arriving, n).sha256 != NULL)
        n++;
    if (n < r->batch->len && server_failed(r, fault))
        note_stuck(r, g_array_index(r->batch, struct arriving, n).item->uid);
    for (guint i = n; i < r->batch->len; i++) {
        struct arriving *a = &g_array_index(r->batch, struct arriving, i);
        g_free(a->sha256);
        g_clear_pointer(&a->bytes, g_bytes_unref);
    }
    g_array_set_size(r->batch, n);
    if (n > 0)
        batch_commit(r, NULL);
}

static gboolean fetch_batch(struct reading *r, const struct imap_item *items, guint n,
                            GError **error)
{
    for (guint i = 0; i < n; i++) {
        struct arriving a = { .item = &items[i] };
        g_array_append_val(r->batch, a);
    }
    struct arriving *first = &g_array_index(r->batch, struct arriving, 0);
    GError *fault = NULL;
    gboolean ok = TRUE;
    if (items[0].size > REFUSE_ABOVE)
        give_up(r, first, g_strdup_printf("有 %u MB，超过 300 MB 的上限", items[0].size >> 20));
    else if (stuck_times(r, items[0].uid) >= STUCK_MAX)
        give_up(r, first, g_strdup("服务器几次都没有给全"));
    else if (items[0].size > STREAM_ABOVE)
        ok = stream_message(r, first, &fault);
    else
        ok = imap_fetch(r->imap, items, n, message_came, r, &fault);
    if (ok)
        return batch_commit(r, error);
    keep_what_came(r, fault);
    g_propagate_error(error, fault);
    return FALSE;
}

/* On a sweep most UIDs are known: they are dropped from the list. */
static void drop_known(struct reading *r, GArray *items)
{
    guint kept = 0;
    for (guint i = 0; i < items->len; i++) {
        struct imap_item item = g_array_index(items, struct imap_item, i);
        struct arrival arrival = { r->name, r->box.uidvalidity, item.uid };
        if (!arrival_known(r->bot->db, &arrival))
            g_array_index(items, struct imap_item, kept++) = item;
    }
    g_array_set_size(items, kept);
}

/* Once a day, when messages went, and when the server renumbered, the whole folder is compared. */
static gboolean must_sweep(const struct reading *r)
{
    return r->first_sight || r->cursor.last_uid == 0 || r->box.exists < r->cursor.messages ||
           day_of(r->cursor.swept_at) != day_of(clock_now());
}

static void open_cursor(struct reading *r)
{
    r->first_sight = !folder_get(r->bot->db, r->name, &r->cursor);
    if (r->first_sight)
        r->cursor = (struct folder){ .uidvalidity = r->box.uidvalidity };
    if (r->cursor.uidvalidity != r->box.uidvalidity) {
        log_event("receive", "folder", r->name, "note", "uidvalidity changed", NULL);
        r->cursor.uidvalidity = r->box.uidvalidity;
        r->cursor.last_uid = 0;
    }
    /* A first reading that was cut short is still the first. */
    if (r->cursor.read_at == 0)
        r->first_sight = TRUE;
}

static gboolean read_items(struct reading *r, GArray *items, GError **error)
{
    for (guint i = 0; i < items->len;) {
        const struct imap_item *from = &g_array_index(items, struct imap_item, i);
        guint n = stuck_times(r, from->uid) > 0 ? 1 : batch_length(from, items->len - i);
        if (!fetch_batch(r, from, n, error))
            return FALSE;
        i += n;
    }
    return TRUE;
}

/* Where the server tells UIDNEXT and nothing changed, there is nothing to list. */
static gboolean nothing_new(const struct reading *r)
{
    return r->box.uidnext != 0 && r->cursor.read_at != 0 &&
           r->box.uidnext == r->cursor.last_uid + 1 && r->box.exists == r->cursor.messages;
}

static gboolean read_new(struct reading *r, gboolean sweep, GError **error)
{
    g_autoptr(GArray) items = imap_list(r->imap, sweep ? 0 : r->cursor.last_uid, error);
    if (items == NULL)
        return FALSE;
    if (sweep)
        drop_known(r, items);
    return read_items(r, items, error);
}

static gboolean read_folder(struct reading *r, GError **error)
{
    if (!imap_examine(r->imap, r->name, &r->box, error))
        return FALSE;
    open_cursor(r);
    gboolean sweep = must_sweep(r);
    if ((sweep || !nothing_new(r)) && !read_new(r, sweep, error))
        return FALSE;
    /* The newest may be gone again: what was numbered before UIDNEXT has been accounted for. */
    if (r->box.uidnext > r->cursor.last_uid + 1)
        r->cursor.last_uid = r->box.uidnext - 1;
    r->cursor.messages = r->box.exists;
    r->cursor.read_at = clock_now();
    if (sweep)
        r->cursor.swept_at = r->cursor.read_at;
    db_begin(r->bot->db);
    folder_set(r->bot->db, r->name, &r->cursor);
    return db_commit(r->bot->db, error);
}

static gint64 history_before(struct bot *bot)
{
    gint64 since = 0;
    g_autofree char *created = office_get(bot->db, "created_at");
    if (*bot->config->since != '\0')
        instant_parse_local(bot->config->since, &since);
    else if (created != NULL)
        instant_parse(created, &since);
    return since;
}

static void log_reading(const struct reading *r)
{
    if (r->stored + r->duplicate + r->refused == 0)
        return;
    char stored[12], duplicate[12], refused[12];
    g_snprintf(stored, sizeof stored, "%u", r->stored);
    g_snprintf(duplicate, sizeof duplicate, "%u", r->duplicate);
    g_snprintf(refused, sizeof refused, "%u", r->refused);
    log_event("receive", "folder", r->name, "stored", stored, "duplicate", duplicate, "refused",
              refused, NULL);
}

/* FALSE with an error if the folder was not read to its end; *dead if the connection is gone. */
static gboolean read_named(struct bot *bot, const char *name, guint *arrived, gboolean *dead,
                           GError **error)
{
    struct reading r = {
        .bot = bot, .imap = bot->imap, .name = name, .since = history_before(bot)
    };
    GError *fault = NULL;
    r.batch = g_array_new(FALSE, TRUE, sizeof(struct arriving));
    gboolean ok = read_folder(&r, &fault);
    log_reading(&r);
    *arrived += r.stored + r.duplicate + r.refused;
    batch_clear(r.batch);
    g_array_unref(r.batch);
    *dead = !ok && !g_error_matches(fault, FAULT, FAULT_REFUSED);
    if (!ok)
        g_propagate_error(error, fault);
    return ok;
}

/* The first folder is read last, so that it stays open for IDLE. A folder that is not there must
 * not keep the others from being read. */
static gboolean read_mailbox(struct bot *bot, guint n, guint *arrived, GError **error)
{
    char **names = bot->config->policy.folders;
    gboolean dead = FALSE, ok = TRUE;
    for (guint i = n; i > 0 && !dead; i--) {
        GError *fault = NULL;
        if (read_named(bot, names[i - 1], arrived, &dead, &fault))
            continue;
        ok = FALSE;
        g_clear_error(error);
        g_propagate_error(error, fault);
    }
    if (dead)
        g_clear_pointer(&bot->imap, imap_close);
    return ok;
}

static gboolean connected(struct bot *bot, GError **error)
{
    if (bot->imap != NULL)
        return TRUE;
    bot->imap = imap_open(&bot->config->imap, bot->wake, error);
    bot_relax(bot); /* of the certificates */
    return bot->imap != NULL;
}

static enum stage read_some(struct bot *bot, guint n)
{
    guint arrived = 0;
    g_autoptr(GError) error = NULL;
    gboolean ok = connected(bot, &error) && read_mailbox(bot, n, &arrived, &error);
    /* Called away (to stop, or to look at a new configuration) is no fault. */
    if (!ok && g_error_matches(error, IMAP_FAULT, IMAP_WOKEN))
        return STAGE_IDLE;
    bot->refused = !ok && g_error_matches(error, IMAP_FAULT, IMAP_REFUSED);
    fault_remember(bot, "receive_fault", ok ? NULL : error->message);
    fault_remember(bot, "receive_refused", bot->refused ? error->message : NULL);
    if (arrived > 0)
        bot_relax(bot);
    if (!ok)
        return STAGE_FAILED;
    return arrived > 0 ? STAGE_WORKED : STAGE_IDLE;
}

enum stage receive(struct bot *bot)
{
    return read_some(bot, g_strv_length(bot->config->policy.folders));
}

enum stage receive_news(struct bot *bot)
{
    return read_some(bot, 1);
}
