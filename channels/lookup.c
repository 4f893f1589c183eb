/* lookup: a host's addresses, asked for in a thread of its own: the resolver can neither be woken
 * nor given a deadline, and where none answers it may take half a minute. */
#include "channels/transport.h"
#include <netdb.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* Shared by whoever asks and the thread; the last to let go frees it. */
struct lookup {
    gint owners;
    char *host, *port;
    int flags;
    int done;      /* eventfd that says so */
    gint finished; /* before it is set, the rest is the thread's */
    int result;
    struct addrinfo *list;
};

static void lookup_release(struct lookup *lookup)
{
    if (!g_atomic_int_dec_and_test(&lookup->owners))
        return;
    if (lookup->list != NULL)
        freeaddrinfo(lookup->list);
    close(lookup->done);
    g_free(lookup->host);
    g_free(lookup->port);
    g_free(lookup);
}

static gpointer lookup_run(gpointer data)
{
    struct lookup *lookup = data;
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = lookup->flags };
    lookup->result = getaddrinfo(lookup->host, lookup->port, &hints, &lookup->list);
    g_atomic_int_set(&lookup->finished, 1);
    eventfd_write(lookup->done, 1);
    lookup_release(lookup);
    return NULL;
}

static struct lookup *lookup_new(const struct account *account)
{
    struct lookup *lookup = g_new0(struct lookup, 1);
    lookup->owners = 2; /* whoever asks, and the thread */
    lookup->host = g_strdup(account->host);
    lookup->port = g_strdup_printf("%d", account->port);
    /* Loopback works without any other network. */
    lookup->flags = host_is_loopback(account->host) ? 0 : AI_ADDRCONFIG;
    lookup->done = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return lookup;
}

/* Within the limits of the stream, which has no socket yet. */
static gboolean lookup_wait(struct stream *stream, struct lookup *lookup)
{
    stream->fd = lookup->done;
    enum wait ended = stream_wait_for(stream, POLLIN);
    stream->fd = -1;
    if (ended == WAIT_SILENCE)
        return stream_fail(stream, "找不到主机：域名服务器 %d 秒没有回答",
                           stream->account->timeout);
    if (ended != WAIT_READY || g_atomic_int_get(&lookup->finished) == 0)
        return stream_wait_fail(stream, ended);
    if (lookup->result != 0)
        return stream_fail(stream, "找不到主机：%s", gai_strerror(lookup->result));
    return TRUE;
}

/* What is an address needs no resolver, and no thread that a busy machine may let wait. */
static struct addrinfo *numeric(const struct account *account)
{
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
                              .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV };
    struct addrinfo *list = NULL;
    g_autofree char *port = g_strdup_printf("%d", account->port);
    return getaddrinfo(account->host, port, &hints, &list) == 0 ? list : NULL;
}

struct addrinfo *stream_lookup(struct stream *stream)
{
    struct addrinfo *list = numeric(stream->account);
    if (list != NULL)
        return list;
    struct lookup *lookup = lookup_new(stream->account);
    g_thread_unref(g_thread_new("lookup", lookup_run, lookup));
    if (lookup_wait(stream, lookup))
        list = g_steal_pointer(&lookup->list);
    lookup_release(lookup);
    return list;
}
