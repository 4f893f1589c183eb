/* A resolver that does not answer holds up nobody: our own getaddrinfo stands before the C
 * library's. */
#include "scene.h"
#include <netdb.h>
#include <sys/eventfd.h>

static GMutex lock;
static GCond changed;
static gboolean silent;
static int inside;
static GThread *waker;

int getaddrinfo(const char *host, const char *port, const struct addrinfo *hints,
                struct addrinfo **list)
{
    if (hints->ai_flags & AI_NUMERICHOST) /* asks nobody */
        return EAI_NONAME;
    g_mutex_lock(&lock);
    inside++;
    g_cond_broadcast(&changed);
    while (silent)
        g_cond_wait(&changed, &lock);
    inside--;
    g_cond_broadcast(&changed);
    g_mutex_unlock(&lock);
    return EAI_AGAIN;
}

static void resolver_answers(gboolean answers)
{
    g_mutex_lock(&lock);
    silent = !answers;
    g_cond_broadcast(&changed);
    while (answers && inside > 0)
        g_cond_wait(&changed, &lock);
    g_mutex_unlock(&lock);
}

static struct account account = {
    .host = "imap.office.example", .port = 993, .user = "bot", .password = "secret", .timeout = 1
};

START_TEST(a_resolver_that_finds_nothing_is_quoted)
{
    GError *error = NULL;
    channels_init();
    ck_assert_ptr_null(imap_open(&account, -1, &error));
    fails_with(&error, "找不到主机：");
}
END_TEST

START_TEST(a_silent_resolver_is_left_at_the_timeout)
{
    GError *error = NULL;
    gint64 start = g_get_monotonic_time();
    channels_init();
    resolver_answers(FALSE);
    ck_assert_ptr_null(imap_open(&account, -1, &error));
    ck_assert_double_lt(seconds_since(start), 2);
    fails_with(&error, "域名服务器 1 秒没有回答");
    resolver_answers(TRUE);
}
END_TEST

static gpointer wake_when_asked(gpointer data)
{
    g_mutex_lock(&lock);
    while (inside == 0)
        g_cond_wait(&changed, &lock);
    g_mutex_unlock(&lock);
    eventfd_write(GPOINTER_TO_INT(data), 1);
    return NULL;
}

START_TEST(the_wake_up_does_not_wait_for_a_silent_resolver)
{
    struct account patient = account;
    GError *error = NULL;
    int wake = eventfd(0, EFD_CLOEXEC);
    gint64 start = g_get_monotonic_time();
    patient.timeout = 30;
    channels_init();
    resolver_answers(FALSE);
    waker = g_thread_new("wake", wake_when_asked, GINT_TO_POINTER(wake));
    ck_assert_ptr_null(imap_open(&patient, wake, &error));
    ck_assert(g_error_matches(error, IMAP_FAULT, IMAP_WOKEN));
    ck_assert_double_lt(seconds_since(start), 2);
    g_clear_error(&error);
    g_thread_join(waker);
    resolver_answers(TRUE);
    close(wake);
}
END_TEST

TEST_MAIN("channels/lookup", a_resolver_that_finds_nothing_is_quoted,
          a_silent_resolver_is_left_at_the_timeout, the_wake_up_does_not_wait_for_a_silent_resolver)
