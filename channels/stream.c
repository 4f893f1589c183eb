/* stream: our own socket and TLS session behind libetpan's stream driver, because libetpan's own
 * verify no certificate, cannot be woken and let a server that drips hold them for ever. */
#include "channels/private.h"
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SLOWEST (16 * 1024) /* bytes a second that a big answer must at least bring */
#define SLACK (1024 * 1024) /* bytes that any answer may have */
#define LIBETPAN_BUFFER 65536

/* Only the first cause counts: what follows is its consequence. */
gboolean stream_fail(struct stream *stream, const char *format, ...)
{
    stream->dead = TRUE;
    if (stream->cause == NULL) {
        va_list arguments;
        va_start(arguments, format);
        stream->cause = g_strdup_vprintf(format, arguments);
        va_end(arguments);
    }
    return FALSE;
}

void stream_kill(struct stream *stream)
{
    stream->dead = TRUE;
}

const char *stream_cause(const struct stream *stream)
{
    return stream->cause;
}

const char *stream_where(const struct stream *stream)
{
    return stream->where;
}

void stream_mark(const struct stream *stream, GError **error)
{
    if (!stream->woken || error == NULL || *error == NULL)
        return;
    (*error)->domain = IMAP_FAULT;
    (*error)->code = IMAP_WOKEN;
}

void stream_begin(struct stream *stream, guint64 expected)
{
    stream->silence = (gint64)stream->account->timeout * G_USEC_PER_SEC;
    stream->deadline = g_get_monotonic_time() + 4 * stream->silence +
                       (gint64)(expected / SLOWEST) * G_USEC_PER_SEC;
    stream->budget = 2 * expected + SLACK;
    stream->waking = WAKE_ABORTS;
}

void stream_hurry(struct stream *stream, int seconds)
{
    stream_begin(stream, 0);
    stream->silence = MIN(stream->silence, (gint64)seconds * G_USEC_PER_SEC);
    stream->deadline = g_get_monotonic_time() + stream->silence;
}

void stream_brief(struct stream *stream, int seconds)
{
    stream->silence = (gint64)MIN(seconds, stream->account->timeout) * G_USEC_PER_SEC;
    stream->deadline = g_get_monotonic_time() + stream->silence;
    stream->waking = WAKE_UNHEARD;
}

enum wait stream_listen(struct stream *stream, mailstream *mail, gint64 until)
{
    stream->silence = G_MAXINT64 / 2; /* only the moment counts */
    stream->deadline = until;
    stream->waking = WAKE_ENDS;
    stream->ended = WAIT_ERROR;
    return mailstream_feed_read_buffer(mail) >= 0 ? WAIT_READY : stream->ended;
}

/* ---- waiting */

gboolean stream_is_woken(const struct stream *stream)
{
    struct pollfd wake = { .fd = stream->wake_fd, .events = POLLIN };
    return poll(&wake, 1, 0) > 0 && (wake.revents & POLLIN) != 0;
}

enum wait stream_wait_for(struct stream *stream, short events)
{
    gint64 silence_ends = g_get_monotonic_time() + stream->silence;
    gint64 end = MIN(silence_ends, stream->deadline);
    for (;;) {
        gint64 left = end - g_get_monotonic_time();
        if (left <= 0)
            return end == silence_ends ? WAIT_SILENCE : WAIT_DEADLINE;
        int wake_fd = stream->waking != WAKE_UNHEARD ? stream->wake_fd : -1;
        struct pollfd fds[] = { { .fd = stream->fd, .events = events },
                                { .fd = wake_fd, .events = POLLIN } };
        int n = poll(fds, G_N_ELEMENTS(fds), (int)MIN(left / 1000 + 1, G_MAXINT));
        if (n < 0 && errno != EINTR)
            return WAIT_ERROR;
        if (n > 0 && (fds[1].revents & POLLIN) != 0)
            return WAIT_WOKEN;
        if (n > 0 && fds[0].revents != 0)
            return WAIT_READY;
    }
}

gboolean stream_wait_fail(struct stream *stream, enum wait result)
{
    if (stream->waking == WAKE_ENDS && result != WAIT_READY && result != WAIT_ERROR) {
        stream->ended = result;
        return FALSE;
    }
    switch (result) {
    case WAIT_READY:
        return TRUE;
    case WAIT_SILENCE:
        return stream_fail(stream, "超时：服务器 %d 秒没有动静",
                           (int)(stream->silence / G_USEC_PER_SEC));
    case WAIT_DEADLINE:
        return stream_fail(stream, "超时：服务器太慢，这一步没有在期限内做完");
    case WAIT_WOKEN:
        stream->woken = TRUE;
        return stream_fail(stream, "等待被中断（程序要退出，或另有急事）");
    case WAIT_ERROR:
        break;
    }
    return stream_fail(stream, "等待网络时出错：%s", g_strerror(errno));
}

gboolean stream_wait(struct stream *stream, short events)
{
    return stream_wait_fail(stream, stream_wait_for(stream, events));
}

/* A server that sends without pause is never waited for: look at the clock and the wake-up here. */
gboolean stream_may_go_on(struct stream *stream)
{
    if (stream->dead)
        return FALSE;
    if (g_get_monotonic_time() >= stream->deadline)
        return stream_wait_fail(stream, WAIT_DEADLINE);
    if (stream->waking != WAKE_UNHEARD && stream_is_woken(stream))
        return stream_wait_fail(stream, WAIT_WOKEN);
    return TRUE;
}

/* ---- opening */

gboolean stream_start_tls(struct stream *stream, GError **error)
{
    stream_begin(stream, 0);
    if (stream_tls_start(stream))
        return TRUE;
    fault_set(error, FAULT_WORLD, "%s 加密失败：%s", stream->where, stream->cause);
    stream_mark(stream, error);
    return FALSE;
}

struct stream *stream_open(const struct account *account, int wake_fd, GError **error)
{
    struct stream *stream = g_new0(struct stream, 1);
    stream->account = account;
    stream->fd = -1;
    stream->wake_fd = wake_fd;
    stream->where = g_strdup_printf("%s:%d", account->host, account->port);
    stream_begin(stream, 0);
    if (stream_connect(stream) && (account->security != SECURITY_TLS || stream_tls_start(stream)))
        return stream;
    fault_set(error, FAULT_WORLD, "连不上 %s：%s", stream->where, stream->cause);
    stream_mark(stream, error);
    stream_free(stream);
    return NULL;
}

void stream_free(struct stream *stream)
{
    if (stream->tls != NULL)
        gnutls_deinit(stream->tls);
    if (stream->trust != NULL)
        gnutls_certificate_free_credentials(stream->trust);
    stream_close_socket(stream);
    g_free(stream->where);
    g_free(stream->cause);
    g_free(stream);
}

/* ---- libetpan's driver: every failure, the end of the stream too, is exactly -1. With 0 libetpan
 * would spin for ever. */

/* As stream_tls_result. */
static ssize_t plain_result(struct stream *stream, ssize_t r, short events)
{
    if (r > 0)
        return r;
    if (r == 0) {
        stream_fail(stream, "服务器断开了连接");
        return -1;
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)
        return stream_wait(stream, events) ? 0 : -1;
    stream_fail(stream, "连接中断：%s", g_strerror(errno));
    return -1;
}

static ssize_t low_read(mailstream_low *low, void *buffer, size_t n)
{
    struct stream *stream = low->data;
    while (stream_may_go_on(stream)) {
        ssize_t r = stream->tls != NULL
                        ? stream_tls_result(stream, gnutls_record_recv(stream->tls, buffer, n))
                        : plain_result(stream, recv(stream->fd, buffer, n, 0), POLLIN);
        if (r < 0)
            return -1;
        if ((guint64)r > stream->budget) {
            stream_fail(stream, "服务器发来的数据远多于应有的，已停止接收");
            return -1;
        }
        stream->budget -= r;
        if (r > 0)
            return r;
    }
    return -1;
}

static ssize_t low_write(mailstream_low *low, const void *bytes, size_t n)
{
    struct stream *stream = low->data;
    while (stream_may_go_on(stream)) {
        ssize_t r = stream->tls != NULL
                        ? stream_tls_result(stream, gnutls_record_send(stream->tls, bytes, n))
                        : plain_result(stream, send(stream->fd, bytes, n, MSG_NOSIGNAL), POLLOUT);
        if (r != 0)
            return r;
    }
    return -1;
}

static int low_close(mailstream_low *low)
{
    struct stream *stream = low->data;
    if (stream->tls != NULL && !stream->dead)
        gnutls_bye(stream->tls, GNUTLS_SHUT_WR);
    stream->dead = TRUE;
    return 0;
}

static int low_fd(mailstream_low *low)
{
    const struct stream *stream = low->data;
    return stream->fd;
}

static void low_free(mailstream_low *low)
{
    stream_free(low->data);
    free(low);
}

static mailstream_low_driver driver = {
    .mailstream_read = low_read,
    .mailstream_write = low_write,
    .mailstream_close = low_close,
    .mailstream_get_fd = low_fd,
    .mailstream_free = low_free,
};

mailstream *stream_mail(struct stream *stream)
{
    mailstream_low *low = mailstream_low_new(stream, &driver);
    mailstream *mail = low != NULL ? mailstream_new(low, LIBETPAN_BUFFER) : NULL;
    if (mail == NULL)
        g_error("out of memory");
    return mail;
}
