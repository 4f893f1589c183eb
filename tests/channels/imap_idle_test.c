/* Waiting for news: what ends it, what does not, and that the connection lives on. */
#include "channels/private.h"
#include "scene.h"
#include <netinet/tcp.h>
#include <sys/eventfd.h>
#include <sys/resource.h>

#define CAN_IDLE \
    { \
        "CAPABILITY", "* CAPABILITY IMAP4rev1 ID IDLE\r\nTAG OK done\r\n" \
    }

/* In the answer to IDLE and to DONE, "~" is a pause of 60 ms and "^" a renewal of the TLS keys. */
static gboolean say_slowly(struct peer *peer, const char *tag, const char *answer)
{
    gboolean on = TRUE;
    while (on && *answer != '\0') {
        gsize n = strcspn(answer, "~^");
        g_autofree char *piece = g_strndup(answer, n);
        on = peer_answer(peer, tag, piece);
        if (answer[n] == '~')
            g_usleep(60000);
        if (answer[n] == '^')
            ck_assert_int_eq(gnutls_session_key_update(peer->tls, 0), 0);
        answer += n + (answer[n] != '\0');
    }
    return on;
}

static void idle_serve(struct peer *peer)
{
    g_autofree char *tag = g_strdup("");
    gboolean on = peer_answer(peer, "", "* OK ready\r\n");
    for (char *line; on && (line = peer_line(peer)) != NULL; g_free(line)) {
        gboolean done = strcmp(line, "DONE") == 0;
        const char *answer = peer_row(peer, line);
        if (!done) {
            g_free(tag);
            tag = g_strdup(line);
        }
        if (answer == NULL)
            answer = done                             ? "TAG OK done\r\n"
                     : g_str_has_suffix(line, "IDLE") ? "+ idling\r\n"
                                                      : imap_default(line);
        on = say_slowly(peer, tag, answer);
    }
}

static struct imap *inbox(struct scene *scene, const struct row *rows, enum security security,
                          struct pki *pki, int wake)
{
    scene->peer.serve = idle_serve;
    scene_open(scene, rows, security, pki);
    GError *error = NULL;
    struct imap *imap = imap_open(&scene->account, wake, &error);
    struct imap_folder folder;
    ck_assert_msg(imap != NULL, "%s", error != NULL ? error->message : "");
    ck_assert(imap_examine(imap, "INBOX", &folder, NULL));
    return imap;
}

static const struct {
    const char *idle, *done;
    enum idle result;
    double least, most; /* seconds */
    const char *words;
    gboolean alive;
} cases[] = {
    { "+ idling\r\n~* 4 EXISTS\r\n", NULL, IDLE_NEWS, 0.05, 0.9, NULL, TRUE },
    { "+ idling\r\n* 4 EXISTS\r\n", NULL, IDLE_NEWS, 0, 0.45, NULL, TRUE },
    { "* 4 EXISTS\r\n* 1 RECENT\r\n+ idling\r\n", NULL, IDLE_NEWS, 0, 0.45, NULL, TRUE },
    { "+ idling\r\n~* 2 EXPUNGE\r\n", NULL, IDLE_NEWS, 0.05, 0.9, NULL, TRUE },
    { "+ idling\r\n* 2 EXPUNGE\r\n* 3 EXISTS\r\n", NULL, IDLE_NEWS, 0, 0.9, NULL, TRUE },
    { "+\r\n~* 4 EXI~STS\r\n", NULL, IDLE_NEWS, 0.1, 0.9, NULL, TRUE },
    { "+ idling\r\n~* OK Still here\r\n~* 3 EXISTS\r\n* 2 FETCH (FLAGS (\\Seen))\r\n", NULL,
      IDLE_TIMEOUT, 1, 1.8, NULL, TRUE },
    { "+ idling\r\n^~^", NULL, IDLE_TIMEOUT, 1, 1.8, NULL, TRUE },
    { "+ idling\r\n^~^* 4 EXISTS\r\n", NULL, IDLE_NEWS, 0.05, 0.9, NULL, TRUE },
    { "+ idling\r\n", "* 4 EXISTS\r\nTAG OK done\r\n", IDLE_NEWS, 1, 1.8, NULL, TRUE },
    { "+ idling\r\n", "~* OK soon\r\n~TAG OK done\r\n", IDLE_TIMEOUT, 1, 2, NULL, TRUE },
    { "TAG BAD what is IDLE\r\n", NULL, IDLE_FAILED, 0, 0.7, "what is IDLE", TRUE },
    { "TAG NO not today\r\n", NULL, IDLE_FAILED, 0, 0.7, "not today", TRUE },
    { "* BAD unknown command\r\n", NULL, IDLE_FAILED, 0, 0.7, "unknown command", FALSE },
    { "<stall>", NULL, IDLE_FAILED, 1, 1.9, "超时", FALSE },
    { "+ idling\r\n~<die>", NULL, IDLE_FAILED, 0.05, 0.7, "断开", FALSE },
    { "+ idling\r\n~* BYE too long\r\n<die>", NULL, IDLE_FAILED, 0.05, 0.7, "too long", FALSE },
    { "+ idling\r\n~TAG OK enough\r\n", NULL, IDLE_FAILED, 0.05, 0.7, "IDLE", FALSE },
    { "+ idling\r\n* 4 EXI<stall>", NULL, IDLE_FAILED, 1, 1.9, "超时", FALSE },
    { "+ idling\r\n", "<stall>", IDLE_FAILED, 2, 3, "超时", FALSE },
    { "+ idling\r\n", "TAG BAD no\r\n", IDLE_FAILED, 1, 1.9, "结束等候", FALSE },
};

static void one_case(guint i, enum security security, struct pki *pki)
{
    const struct row rows[] = { CAN_IDLE,
                                { "IDLE", cases[i].idle },
                                { "DONE",
                                  cases[i].done != NULL ? cases[i].done : "TAG OK done\r\n" },
                                { NULL, NULL } };
    struct scene scene = { 0 };
    struct imap *imap = inbox(&scene, rows, security, pki, -1);
    ck_assert(imap_can_idle(imap));
    GError *error = NULL;
    gint64 start = g_get_monotonic_time();
    enum idle result = imap_idle(imap, 1, &error);
    double took = seconds_since(start);
    const char *said = error != NULL ? error->message : "";
    if (result != cases[i].result || took < cases[i].least || took > cases[i].most ||
        (error != NULL) != (result == IDLE_FAILED) ||
        (cases[i].words != NULL && strstr(said, cases[i].words) == NULL))
        ck_abort_msg("case %u “%s”: %d after %.2f s: %s", i, cases[i].idle, result, took, said);
    gboolean refused = g_error_matches(error, FAULT, FAULT_REFUSED);
    ck_assert_int_eq(refused, cases[i].alive && result == IDLE_FAILED);
    ck_assert_int_eq(imap_can_idle(imap), !refused);
    struct imap_folder folder;
    ck_assert_int_eq(imap_examine(imap, "INBOX", &folder, NULL), cases[i].alive);
    g_clear_error(&error);
    imap_close(imap);
    peer_stop(&scene.peer);
}

START_TEST(whatever_a_server_says_in_an_idle_is_understood)
{
    struct pki *pki = pki_new("127.0.0.1");
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        one_case(i, SECURITY_TLS, pki);
        if (strchr(cases[i].idle, '^') == NULL && cases[i].least < 1)
            one_case(i, SECURITY_NONE, NULL);
    }
    pki_free(pki);
}
END_TEST

static gpointer wake_soon(gpointer data)
{
    g_usleep(100000);
    eventfd_write(GPOINTER_TO_INT(data), 1);
    return NULL;
}

static GThread *wake_in_a_moment(int wake)
{
    return g_thread_new("wake", wake_soon, GINT_TO_POINTER(wake));
}

/* The peer's IDLE and DONE rows are used up by the first IDLE; the second meets good manners. */
START_TEST(the_wake_up_ends_the_idle_and_leaves_the_connection_usable)
{
    const struct row rows[] = { CAN_IDLE, { "DONE", "~~TAG OK done\r\n" }, { NULL, NULL } };
    struct pki *pki = pki_new("127.0.0.1");
    struct scene scene = { 0 };
    int wake = eventfd(0, EFD_CLOEXEC);
    struct imap *imap = inbox(&scene, rows, SECURITY_TLS, pki, wake);
    GThread *thread = wake_in_a_moment(wake);
    gint64 start = g_get_monotonic_time();
    ck_assert_int_eq(imap_idle(imap, 600, NULL), IDLE_WOKEN);
    ck_assert_double_lt(seconds_since(start), 0.5);
    g_thread_join(thread);
    /* still readable: nothing is even said */
    ck_assert_int_eq(imap_idle(imap, 600, NULL), IDLE_WOKEN);
    eventfd_t value;
    ck_assert_int_eq(eventfd_read(wake, &value), 0);
    ck_assert_uint_eq(value, 1);
    struct imap_folder folder;
    ck_assert(imap_examine(imap, "INBOX", &folder, NULL));
    ck_assert_int_eq(imap_idle(imap, 0, NULL), IDLE_TIMEOUT);
    imap_close(imap);
    ck_assert_ptr_nonnull(strstr(scene.peer.heard->str, "5 IDLE\nDONE\n6 EXAMINE INBOX\n7 IDLE\n"
                                                        "DONE\n8 LOGOUT\n"));
    peer_stop(&scene.peer);
    pki_free(pki);
    close(wake);
}
END_TEST

START_TEST(a_wake_up_while_the_server_owes_us_a_word_does_not_break_the_line)
{
    const struct row rows[] = { CAN_IDLE, { "IDLE", "~~~+ idling\r\n" }, { NULL, NULL } };
    struct scene scene = { 0 };
    int wake = eventfd(0, EFD_CLOEXEC);
    struct imap *imap = inbox(&scene, rows, SECURITY_NONE, NULL, wake);
    GThread *thread = wake_in_a_moment(wake);
    ck_assert_int_eq(imap_idle(imap, 600, NULL), IDLE_WOKEN);
    g_thread_join(thread);
    eventfd_t value;
    eventfd_read(wake, &value);
    struct imap_folder folder;
    ck_assert(imap_examine(imap, "INBOX", &folder, NULL));
    imap_close(imap);
    peer_stop(&scene.peer);
    close(wake);
}
END_TEST

static gboolean take(void *context, const struct imap_item *item, const char *bytes, gsize n,
                     GError **error)
{
    (*(guint *)context)++;
    return TRUE;
}

START_TEST(news_that_came_with_an_earlier_answer_is_not_slept_over)
{
    const struct row rows[] = {
        CAN_IDLE,
        { "UID FETCH 8:*", "* 3 FETCH (UID 9 RFC822.SIZE 5)\r\n* 4 EXISTS\r\nTAG OK done\r\n" },
        { "UID FETCH 9 ", "* 3 FETCH (UID 9 BODY[] \"Hello\")\r\n* 5 EXISTS\r\nTAG OK done\r\n" },
        { "UID FETCH 9 ", "* 1 EXPUNGE\r\nTAG OK done\r\n" },
        { NULL, NULL }
    };
    struct scene scene = { 0 };
    struct imap *imap = inbox(&scene, rows, SECURITY_NONE, NULL, -1);
    struct imap_folder folder;
    guint taken = 0;
    GArray *items = imap_list(imap, 7, NULL);
    ck_assert_uint_eq(items->len, 1);
    ck_assert_int_eq(imap_idle(imap, 1, NULL), IDLE_NEWS);
    for (int i = 0; i < 2; i++) {
        const struct imap_item *item = (const struct imap_item *)(void *)items->data;
        ck_assert(imap_examine(imap, "INBOX", &folder, NULL));
        ck_assert(imap_fetch(imap, item, 1, take, &taken, NULL));
        ck_assert_int_eq(imap_idle(imap, 1, NULL), IDLE_NEWS);
    }
    ck_assert_uint_eq(taken, 1);
    g_array_unref(items);
    imap_close(imap);
    ck_assert_ptr_null(strstr(scene.peer.heard->str, "IDLE"));
    peer_stop(&scene.peer);
}
END_TEST

START_TEST(an_idle_sleeps_without_waking_up)
{
    const struct row rows[] = { CAN_IDLE, { NULL, NULL } };
    struct pki *pki = pki_new("127.0.0.1");
    struct scene scene = { 0 };
    struct imap *imap = inbox(&scene, rows, SECURITY_TLS, pki, -1);
    struct rusage before, after;
    getrusage(RUSAGE_THREAD, &before);
    ck_assert_int_eq(imap_idle(imap, 2, NULL), IDLE_TIMEOUT);
    getrusage(RUSAGE_THREAD, &after);
    /* the "+", the two seconds, the answer to DONE */
    ck_assert_int_le(after.ru_nvcsw - before.ru_nvcsw, 4);
    imap_close(imap);
    peer_stop(&scene.peer);
    pki_free(pki);
}
END_TEST

START_TEST(the_kernel_probes_a_silent_link)
{
    static const struct {
        int level, name, value;
    } options[] = {
        { SOL_SOCKET, SO_KEEPALIVE, 1 },
        { IPPROTO_TCP, TCP_KEEPIDLE, 120 },
        { IPPROTO_TCP, TCP_KEEPINTVL, 30 },
        { IPPROTO_TCP, TCP_KEEPCNT, 4 },
    };
    struct scene scene = { 0 };
    struct imap *imap = inbox(&scene, NULL, SECURITY_NONE, NULL, -1);
    for (guint i = 0; i < G_N_ELEMENTS(options); i++) {
        int value = -1;
        socklen_t n = sizeof value;
        ck_assert_int_eq(
            getsockopt(imap->stream->fd, options[i].level, options[i].name, &value, &n), 0);
        ck_assert_int_eq(value, options[i].value);
    }
    ck_assert(!imap_can_idle(imap));
    imap_close(imap);
    peer_stop(&scene.peer);
}
END_TEST

START_TEST(every_examine_tells_what_the_newest_answer_says)
{
    const struct row rows[] = {
        { "EXAMINE INBOX", "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 10] ok\r\n"
                           "TAG OK [READ-ONLY] done\r\n" },
        { "EXAMINE INBOX", "* OK [CLOSED] left\r\n* 5 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n"
                           "TAG OK [READ-ONLY] done\r\n" },
        { "EXAMINE Junk", "* 0 EXISTS\r\n* OK [UIDVALIDITY 4000000000] ok\r\n"
                          "* OK [UIDNEXT 4294967295] ok\r\nTAG OK done\r\n" },
        { "EXAMINE Gone", "TAG NO [NONEXISTENT] no such folder\r\n" },
        { NULL, NULL }
    };
    const struct imap_folder expected[] = { { 7, 3, 10 },
                                            { 7, 5, 0 },
                                            { 4000000000, 0, G_MAXUINT32 } };
    const char *const names[] = { "INBOX", "INBOX", "Junk" };
    struct scene scene = { .peer = { .serve = idle_serve } };
    scene_open(&scene, rows, SECURITY_NONE, NULL);
    struct imap *imap = imap_open(&scene.account, -1, NULL);
    struct imap_folder folder;
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        ck_assert(imap_examine(imap, names[i], &folder, NULL));
        ck_assert_uint_eq(folder.uidvalidity, expected[i].uidvalidity);
        ck_assert_uint_eq(folder.exists, expected[i].exists);
        ck_assert_uint_eq(folder.uidnext, expected[i].uidnext);
    }
    GError *error = NULL;
    ck_assert(!imap_examine(imap, "Gone", &folder, &error));
    fails_with(&error, "no such folder");
    /* no folder is open now: an empty list would be a lie */
    ck_assert_ptr_null(imap_list(imap, 0, &error));
    fails_with(&error, "次序不对");
    imap_close(imap);
    peer_stop(&scene.peer);
}
END_TEST

START_TEST(an_idle_without_an_open_folder_is_refused)
{
    struct scene scene = { .peer = { .serve = idle_serve } };
    scene_open(&scene, NULL, SECURITY_NONE, NULL);
    struct imap *imap = imap_open(&scene.account, -1, NULL);
    GError *error = NULL;
    ck_assert_int_eq(imap_idle(imap, 1, &error), IDLE_FAILED);
    fails_with(&error, "次序不对");
    imap_close(imap);
    peer_stop(&scene.peer);
}
END_TEST

TEST_MAIN("channels/imap_idle", whatever_a_server_says_in_an_idle_is_understood,
          the_wake_up_ends_the_idle_and_leaves_the_connection_usable,
          a_wake_up_while_the_server_owes_us_a_word_does_not_break_the_line,
          news_that_came_with_an_earlier_answer_is_not_slept_over, an_idle_sleeps_without_waking_up,
          the_kernel_probes_a_silent_link, every_examine_tells_what_the_newest_answer_says,
          an_idle_without_an_open_folder_is_refused)
