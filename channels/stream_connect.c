/* stream_connect: from a host's name to a connected socket, and how the kernel keeps it. */
#include "channels/private.h"
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <unistd.h>

void stream_close_socket(struct stream *stream)
{
    if (stream->fd >= 0)
        close(stream->fd);
    stream->fd = -1;
}

static const char *connect_words(int errnum)
{
    switch (errnum) {
    case ECONNREFUSED:
        return "连接被拒绝";
    case ENETUNREACH:
    case EHOSTUNREACH:
        return "网络不通";
    case ETIMEDOUT:
        return "连接超时";
    default:
        return "连接失败";
    }
}

/* Words go out at once. A link that a NAT or a power cut ended without a word is noticed after
 * 120 + 4 × 30 s, by the kernel: it costs us no wake-up. */
static void set_options(int fd)
{
    const struct {
        int level, name, value;
    } options[] = {
        { IPPROTO_TCP, TCP_NODELAY, 1 },    { SOL_SOCKET, SO_KEEPALIVE, 1 },
        { IPPROTO_TCP, TCP_KEEPIDLE, 120 }, { IPPROTO_TCP, TCP_KEEPINTVL, 30 },
        { IPPROTO_TCP, TCP_KEEPCNT, 4 },
    };
    for (guint i = 0; i < G_N_ELEMENTS(options); i++)
        setsockopt(fd, options[i].level, options[i].name, &options[i].value, sizeof(int));
}

/* FALSE with the cause set; the next address may do better. */
static gboolean connect_one(struct stream *stream, const struct addrinfo *address)
{
    stream->fd = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (stream->fd < 0)
        return stream_fail(stream, "建不了套接字：%s", g_strerror(errno));
    int errnum = 0;
    if (connect(stream->fd, address->ai_addr, address->ai_addrlen) < 0)
        errnum = errno;
    if (errnum == EINPROGRESS) {
        enum wait result = stream_wait_for(stream, POLLOUT);
        if (result == WAIT_SILENCE)
            return stream_fail(stream, "连接超时（%d 秒）", stream->account->timeout);
        if (result != WAIT_READY)
            return stream_wait_fail(stream, result);
        socklen_t length = sizeof errnum;
        if (getsockopt(stream->fd, SOL_SOCKET, SO_ERROR, &errnum, &length) < 0)
            errnum = errno;
    }
    if (errnum != 0)
        return stream_fail(stream, "%s：%s", connect_words(errnum), g_strerror(errnum));
    set_options(stream->fd);
    return TRUE;
}

gboolean stream_connect(struct stream *stream)
{
    struct addrinfo *list = stream_lookup(stream);
    if (list == NULL)
        return FALSE;
    gboolean ok = FALSE;
    for (struct addrinfo *a = list; a != NULL && !ok; a = a->ai_next) {
        stream->dead = FALSE;
        g_clear_pointer(&stream->cause, g_free);
        ok = stream_may_go_on(stream) && connect_one(stream, a);
        if (!ok)
            stream_close_socket(stream);
    }
    freeaddrinfo(list);
    return ok;
}
