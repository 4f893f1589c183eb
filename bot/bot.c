/* The bot itself: an office opened, locked, and closed again. */
#include "bot/bot.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

gboolean calendar_of_office(const char *dir, GError **error)
{
    g_autofree char *folder = g_build_filename(dir, "holidays", NULL);
    return calendar_load(folder, error);
}

/* Zone and calendar are the process's: the first office opened sets them, before any thread
 * starts. */
static gboolean set_time_once(const struct config *config, GError **error)
{
    static gsize once;
    gboolean ok = TRUE;
    if (g_once_init_enter(&once)) {
        ok = clock_set_zone(config->timezone, error) && calendar_of_office(config->dir, error);
        g_once_init_leave(&once, 1);
    }
    return ok;
}

struct bot *bot_open(const char *dir, GError **error)
{
    struct config *config = config_load(dir, error);
    if (config == NULL || !set_time_once(config, error)) {
        config_free(config);
        return NULL;
    }
    struct db *db = db_open(dir, error);
    if (db == NULL) {
        config_free(config);
        return NULL;
    }
    struct bot *bot = g_new0(struct bot, 1);
    bot->config = config;
    bot->db = db;
    bot->office = (struct office){ .db = db, .policy = &config->policy };
    bot->lock = bot->wake = -1;
    return bot;
}

void bot_close(struct bot *bot)
{
    if (bot == NULL)
        return;
    imap_close(bot->imap);
    if (bot->mail != NULL)
        bot->mail->close(bot->mail);
    if (bot->wecom != NULL)
        bot->wecom->close(bot->wecom);
    office_relax(&bot->office);
    db_close(bot->db);
    config_free(bot->config);
    if (bot->lock >= 0)
        close(bot->lock);
    g_free(bot);
}

void bot_relax(struct bot *bot)
{
    db_relax(bot->db);
    malloc_trim(0);
}

/* Of the open file, not of the process: a dead holder's is free again at once, and whoever only
 * asks does not hold it for a moment. */
static struct flock whole_file(void)
{
    return (struct flock){ .l_type = F_WRLCK, .l_whence = SEEK_SET };
}

static int holder_in(int fd)
{
    char holder[64] = "";
    return pread(fd, holder, sizeof holder - 1, 0) > 0 ? atoi(holder) : 0;
}

static int lock_office(const char *dir, GError **error)
{
    g_autofree char *path = g_build_filename(dir, "lianluo.lock", NULL);
    struct flock lock = whole_file();
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        fault_set(error, FAULT_WORLD, "不能打开锁文件 %s：%s", path, g_strerror(errno));
        return -1;
    }
    if (fcntl(fd, F_OFD_SETLK, &lock) != 0) {
        fault_set(error, FAULT_WORLD, "另一个 lianluo 正在这个办公室工作（进程 %d）",
                  holder_in(fd));
        close(fd);
        return -1;
    }
    g_autofree char *pid = g_strdup_printf("%d\n", (int)getpid());
    if (ftruncate(fd, 0) != 0 || pwrite(fd, pid, strlen(pid), 0) != (gssize)strlen(pid)) {
        fault_set(error, FAULT_WORLD, "不能写锁文件 %s：%s", path, g_strerror(errno));
        close(fd);
        return -1;
    }
    return fd;
}

static void ask_about(void *context, gint64 id)
{
    struct bot *bot = context;
    struct outbox *row = outbox_get(bot->db, id);
    g_autofree char *text = g_strdup_printf(
        "“%s”发出时中断，不知是否送达：请核实后用 lianluo outbox sent 或 retry %" G_GINT64_FORMAT,
        row->subject, id);
    review_open(bot->db, &(struct review){ .reason = "uncertain",
                                           .text = text,
                                           .outbox = id,
                                           .matter = row->matter,
                                           .unit = row->unit });
    outbox_free(row);
}

int bot_holder(const char *dir)
{
    g_autofree char *path = g_build_filename(dir, "lianluo.lock", NULL);
    struct flock lock = whole_file();
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return 0;
    gboolean held = fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
    int pid = held ? holder_in(fd) : 0;
    close(fd);
    return pid;
}

gboolean bot_ready(struct bot *bot, GError **error)
{
    struct config *c = bot->config;
    if (!config_secrets(c, error))
        return FALSE;
    bot->mail = smtp_sender(&c->smtp);
    if (c->wecom_secret != NULL)
        bot->wecom = wecom_sender(c->wecom_secret, c->wecom_ca_file, c->smtp.timeout);
    return TRUE;
}

gboolean bot_start(struct bot *bot, GError **error)
{
    bot->lock = lock_office(bot->config->dir, error);
    if (bot->lock < 0 || !bot_ready(bot, error))
        return FALSE;
    raw_sweep(bot->db);
    if (outbox_count(bot->db, OUT_SENDING, 0) == 0)
        return db_ok(bot->db, error);
    db_begin(bot->db);
    outbox_recover(bot->db, ask_about, bot);
    return db_commit(bot->db, error);
}

void fault_remember(struct bot *bot, const char *key, const char *what)
{
    g_autofree char *before = office_get(bot->db, key);
    const char *now = what != NULL ? what : "";
    if (g_strcmp0(before != NULL ? before : "", now) == 0)
        return;
    log_event("health", "what", key, "state", what != NULL ? "bad" : "good", "cause", what, NULL);
    db_begin(bot->db);
    office_set(bot->db, key, now);
    event_add(bot->db, &(struct event){ .what = what != NULL ? "bot.fault" : "bot.well",
                                        .text = what != NULL ? what : key });
    db_commit(bot->db, NULL);
}
