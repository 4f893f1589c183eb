/* The daemon (DESIGN §2): a receive thread, a deliver thread, and this one for signals, handle and
 * schedule. They meet only in the database and wake each other by eventfd; a stalled server delays
 * its own stage alone. */
#include "bot/bot.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

enum {
    GRACE_SECONDS = 10, /* after SIGTERM, for the item in hand */
    IDLE_MAX = 25 * 60, /* RFC 2177: renewed before 29 minutes */
    HELD = 60,          /* seconds after which a line that breaks was a good one */
};

struct daemon;

/* A thread with its own office, and what wakes it. */
struct worker {
    struct daemon *daemon;
    const char *name;
    void (*work)(struct worker *worker);
    GThread *thread;
    struct bot *bot;
    int wake;        /* eventfd */
    gint generation; /* of the configuration it runs with */
    int failures;    /* in a row */
    int refusals;    /* of the login, the last of them */
};

struct daemon {
    struct bot *bot;
    struct worker receive, deliver;
    int wake, signals, door; /* eventfd; signalfd; the FIFO other commands knock at */
    gint stop, generation, running;
    gint looked; /* the mailbox was looked at once: what silence means can be judged */
};

static void wake(int fd)
{
    guint64 one = 1;
    while (write(fd, &one, sizeof one) < 0 && errno == EINTR)
        ;
}

static void drain(int fd)
{
    char bytes[256];
    while (read(fd, bytes, sizeof bytes) > 0)
        ;
}

static gboolean stopping(const struct worker *worker)
{
    return g_atomic_int_get(&worker->daemon->stop) != 0;
}

/* Waits on the worker's own eventfd; -1: for ever. */
static void rest(struct worker *worker, gint64 seconds)
{
    struct pollfd fd = { .fd = worker->wake, .events = POLLIN };
    if (stopping(worker) || seconds == 0)
        return;
    poll(&fd, 1, seconds < 0 ? -1 : (int)MIN(seconds * 1000, G_MAXINT));
    drain(worker->wake);
}

/* A changed configuration is taken over between two items; main has checked it. */
static void reload_if_asked(struct worker *worker)
{
    gint newest = g_atomic_int_get(&worker->daemon->generation);
    g_autoptr(GError) error = NULL;
    if (newest == worker->generation)
        return;
    struct bot *fresh = bot_open(worker->bot->config->dir, &error);
    if (fresh != NULL && bot_ready(fresh, &error)) {
        fresh->wake = worker->bot->wake;
        fresh->stop = worker->bot->stop;
        bot_close(worker->bot);
        worker->bot = fresh;
    } else {
        log_event("reload", "thread", worker->name, "result", "failed", "cause", error->message,
                  NULL);
        fault_remember(worker->bot, "config_fault", error->message);
        bot_close(fresh);
    }
    worker->generation = newest;
}

/* ---- receive */

/* A server that refuses IDLE keeps the connection and is polled from now on; a line that broke is
 * not taken up again without a pause, which does not grow where lines are only cut now and then. */
static void idle_failed(struct worker *worker, const GError *error, gboolean held)
{
    log_event("receive", "note", "idle ended", "cause", error->message, NULL);
    if (g_error_matches(error, FAULT, FAULT_REFUSED))
        return;
    g_clear_pointer(&worker->bot->imap, imap_close);
    worker->failures = held ? 1 : worker->failures + 1;
    rest(worker, wait_after(worker->failures, worker->refusals));
}

/* Until the next poll, or until the server says that there is news. */
static void await_mail(struct worker *worker)
{
    struct bot *bot = worker->bot;
    gint64 poll = bot->config->poll;
    g_autoptr(GError) error = NULL;
    if (!imap_can_idle(bot->imap)) {
        worker->failures = 0;
        rest(worker, wait_jittered(poll));
        return;
    }
    gboolean one_folder = g_strv_length(bot->config->policy.folders) == 1;
    gint64 until = g_get_monotonic_time() / G_USEC_PER_SEC + (one_folder ? IDLE_MAX : poll);
    for (;;) {
        gint64 left = until - g_get_monotonic_time() / G_USEC_PER_SEC;
        if (left <= 0 || stopping(worker))
            return;
        gint64 began = g_get_monotonic_time();
        enum idle idle = imap_idle(bot->imap, (int)left, &error);
        if (idle == IDLE_FAILED) {
            idle_failed(worker, error, g_get_monotonic_time() - began >= HELD * G_USEC_PER_SEC);
            return;
        }
        worker->failures = 0;
        if (idle != IDLE_NEWS)
            return;
        enum stage stage = receive_news(bot);
        if (stage == STAGE_FAILED || bot->imap == NULL)
            return;
        wake(worker->daemon->wake);
    }
}

static void receive_work(struct worker *worker)
{
    gboolean failing = worker->failures > 0;
    enum stage stage = receive(worker->bot);
    gboolean looked = g_atomic_int_exchange(&worker->daemon->looked, 1) != 0;
    if (stage == STAGE_FAILED)
        worker->failures++;
    worker->refusals = worker->bot->refused ? worker->refusals + 1 : 0;
    if (stage != STAGE_IDLE || failing || !looked)
        wake(worker->daemon->wake);
    if (stage == STAGE_FAILED && worker->bot->imap == NULL)
        rest(worker, wait_after(worker->failures, worker->refusals));
    else if (worker->bot->imap != NULL)
        await_mail(worker);
    drain(worker->wake);
}

/* ---- deliver */

static gint64 until_next(struct worker *worker)
{
    gint64 now = clock_now(), at = outbox_next_at(worker->bot->db);
    if (worker->bot->allowed_at != 0 && (at == 0 || worker->bot->allowed_at < at))
        at = worker->bot->allowed_at;
    return at == 0 ? -1 : MAX(at - now, 1);
}

static void deliver_work(struct worker *worker)
{
    enum stage stage = deliver(worker->bot);
    if (stage != STAGE_IDLE)
        wake(worker->daemon->wake);
    if (stage == STAGE_WORKED)
        bot_relax(worker->bot);
    rest(worker, until_next(worker));
}

/* ---- threads */

static gpointer worker_main(gpointer data)
{
    struct worker *worker = data;
    while (!stopping(worker)) {
        reload_if_asked(worker);
        worker->work(worker);
    }
    g_atomic_int_add(&worker->daemon->running, -1);
    wake(worker->daemon->wake);
    return NULL;
}

static gboolean worker_start(struct daemon *daemon, struct worker *worker, const char *name,
                             void (*work)(struct worker *), GError **error)
{
    worker->daemon = daemon;
    worker->name = name;
    worker->work = work;
    worker->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    worker->bot = bot_open(daemon->bot->config->dir, error);
    if (worker->bot == NULL || !bot_ready(worker->bot, error))
        return FALSE;
    worker->bot->wake = worker->wake;
    worker->bot->stop = &daemon->stop;
    g_atomic_int_inc(&daemon->running);
    worker->thread = g_thread_new(name, worker_main, worker);
    return TRUE;
}

static void worker_stop(struct worker *worker)
{
    if (worker->thread != NULL)
        g_thread_join(worker->thread);
    bot_close(worker->bot);
    if (worker->wake > 0)
        close(worker->wake);
}

/* ---- main */

static void wake_workers(struct daemon *daemon)
{
    wake(daemon->receive.wake);
    wake(daemon->deliver.wake);
}

/* A bad configuration is refused, and the old one stays. */
static void reload(struct daemon *daemon)
{
    g_autoptr(GError) error = NULL;
    struct config *fresh = config_load(daemon->bot->config->dir, &error);
    if (fresh == NULL || !config_secrets(fresh, &error) ||
        !calendar_of_office(fresh->dir, &error)) {
        log_event("reload", "result", "refused", "cause", error->message, NULL);
        fault_remember(daemon->bot, "config_fault", error->message);
        config_free(fresh);
        return;
    }
    struct config *old = daemon->bot->config;
    daemon->bot->config = fresh;
    daemon->bot->office.policy = &fresh->policy;
    config_free(old);
    fault_remember(daemon->bot, "config_fault", NULL);
    log_event("reload", "result", "done", NULL);
    g_atomic_int_inc(&daemon->generation);
    wake_workers(daemon);
}

static void ask_to_stop(struct daemon *daemon)
{
    if (g_atomic_int_get(&daemon->stop) != 0)
        _exit(FAULT_WORLD); /* the second time: at once; what was in hand is found `sending` */
    log_event("stop", NULL);
    sd_notify(0, "STOPPING=1");
    g_atomic_int_set(&daemon->stop, 1);
    wake_workers(daemon);
}

static void take_signals(struct daemon *daemon)
{
    struct signalfd_siginfo info;
    while (read(daemon->signals, &info, sizeof info) == sizeof info) {
        if (info.ssi_signo == SIGHUP)
            reload(daemon);
        else
            ask_to_stop(daemon);
    }
}

/* What `systemctl status` shows: the first trouble, as in `lianluo status`. */
static void notify(struct daemon *daemon)
{
    json_auto_t *health = health_json(&daemon->bot->office);
    const char *trouble = json_string_value(json_object_get(json_array_get(health, 0), "text"));
    sd_notifyf(0,
               "WATCHDOG=1\nSTATUS=%s；待办 %" G_GINT64_FORMAT " 件，待发 %" G_GINT64_FORMAT " 件",
               trouble != NULL ? trouble : "运行中", review_count(daemon->bot->db, 0),
               outbox_count(daemon->bot->db, OUT_QUEUED, 0));
}

/* Milliseconds until something falls due by time alone, or until systemd wants a sign of life. */
static int wait_time(struct daemon *daemon)
{
    uint64_t watchdog = 0;
    gint64 wait = MAX(due_next(&daemon->bot->office) - clock_now(), 1) * 1000;
    if (sd_watchdog_enabled(0, &watchdog) > 0)
        wait = MIN(wait, (gint64)(watchdog / 2000));
    return (int)MIN(wait, G_MAXINT);
}

static void wait_for_something(struct daemon *daemon, int milliseconds)
{
    struct pollfd fds[] = { { .fd = daemon->signals, .events = POLLIN },
                            { .fd = daemon->wake, .events = POLLIN },
                            { .fd = daemon->door, .events = POLLIN } };
    if (poll(fds, G_N_ELEMENTS(fds), milliseconds) < 0 && errno != EINTR)
        g_error("poll: %s", g_strerror(errno));
    drain(daemon->wake);
    drain(daemon->door);
    take_signals(daemon);
}

/* Whoever finds the process ended shall know what it was waiting for. */
static void give_up(struct daemon *daemon)
{
    gint64 sending = outbox_count(daemon->bot->db, OUT_SENDING, 0);
    log_event("stopped", "result", "forced", "cause",
              sending > 0 ? "a mail in hand had no answer; it will be found uncertain"
                          : "a server or the resolver did not answer",
              NULL);
    _exit(FAULT_WORLD);
}

static void main_loop(struct daemon *daemon)
{
    while (g_atomic_int_get(&daemon->stop) == 0) {
        enum stage handled = handle(daemon->bot);
        gboolean more = handled == STAGE_WORKED && message_count_waiting(daemon->bot->db) > 0;
        if (g_atomic_int_get(&daemon->looked) != 0)
            schedule(daemon->bot);
        wake(daemon->deliver.wake);
        notify(daemon);
        wait_for_something(daemon, more ? 0 : wait_time(daemon));
    }
    gint64 until = g_get_monotonic_time() + GRACE_SECONDS * G_USEC_PER_SEC;
    while (g_atomic_int_get(&daemon->running) > 0) {
        gint64 left = (until - g_get_monotonic_time()) / 1000;
        if (left <= 0)
            give_up(daemon);
        wait_for_something(daemon, (int)left);
    }
    handle(daemon->bot);
}

static int open_door(const char *dir, GError **error)
{
    g_autofree char *path = g_build_filename(dir, "lianluo.wake", NULL);
    /* Ours by the lock. A restored backup may have left a plain file, always readable. */
    unlink(path);
    if (mkfifo(path, 0600) != 0) {
        fault_set(error, FAULT_WORLD, "不能建立 %s：%s", path, g_strerror(errno));
        return -1;
    }
    /* Read and write, so that it never reports the end of a writer. */
    int fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        fault_set(error, FAULT_WORLD, "不能打开 %s：%s", path, g_strerror(errno));
    return fd;
}

void run_wake(const char *dir)
{
    g_autofree char *path = g_build_filename(dir, "lianluo.wake", NULL);
    int fd = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) /* nobody there */
        return;
    if (write(fd, "!", 1) < 0 && errno != EAGAIN)
        log_event("wake", "result", "failed", "cause", g_strerror(errno), NULL);
    close(fd);
}

static int block_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* Only the deliver thread sends; it makes its own. */
static gboolean drop_senders(struct bot *bot)
{
    bot->mail->close(bot->mail);
    if (bot->wecom != NULL)
        bot->wecom->close(bot->wecom);
    bot->mail = bot->wecom = NULL;
    return TRUE;
}

static gboolean start(struct daemon *daemon, const char *dir, GError **error)
{
    daemon->signals = block_signals();
    daemon->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    daemon->bot = bot_open(dir, error);
    return daemon->bot != NULL && bot_start(daemon->bot, error) && drop_senders(daemon->bot) &&
           (daemon->door = open_door(dir, error)) >= 0 &&
           worker_start(daemon, &daemon->receive, "receive", receive_work, error) &&
           worker_start(daemon, &daemon->deliver, "deliver", deliver_work, error);
}

int run_office(const char *dir, GError **error)
{
    struct daemon daemon = { .door = -1 };
    gboolean started = start(&daemon, dir, error);
    if (started)
        daemon.bot->stop = &daemon.stop;
    if (started) {
        log_event("start", "office", dir, NULL);
        sd_notify(0, "READY=1");
        main_loop(&daemon);
        log_event("stopped", NULL);
    } else {
        g_atomic_int_set(&daemon.stop, 1);
        if (daemon.receive.thread != NULL)
            wake(daemon.receive.wake);
    }
    worker_stop(&daemon.receive);
    worker_stop(&daemon.deliver);
    bot_close(daemon.bot);
    close(daemon.signals);
    close(daemon.wake);
    if (daemon.door >= 0)
        close(daemon.door);
    return started ? EXIT_DONE : FAULT_WORLD;
}
