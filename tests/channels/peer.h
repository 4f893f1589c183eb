/* A scripted server on 127.0.0.1, in a thread of the test. */
#ifndef TESTS_PEER_H
#define TESTS_PEER_H

#include "pki.h"
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

/* Answers a line that holds `when`, once, in any order; "TAG" stands for the line's first word. The
 * answer may end in a deed: see peer_answer. */
struct row {
    const char *when, *answer;
};

struct peer {
    int port, listener, fd;
    gnutls_session_t tls;
    gnutls_certificate_credentials_t certificate; /* NULL: plain */
    gboolean implicit;                            /* TLS from the first byte */
    void (*serve)(struct peer *peer);             /* one connection */
    const struct row *rows;
    guint64 used; /* one bit for each row */
    const char *greeting;
    int connections;
    GString *heard;   /* every line, with \n; read it after peer_stop */
    GString *pending; /* bytes received, not yet a line */
    GThread *thread;
    gint stopping;
};

static inline gboolean peer_start_tls(struct peer *peer)
{
    pki_must(gnutls_init(&peer->tls, GNUTLS_SERVER | GNUTLS_NO_SIGNAL));
    gnutls_set_default_priority(peer->tls);
    gnutls_credentials_set(peer->tls, GNUTLS_CRD_CERTIFICATE, peer->certificate);
    gnutls_transport_set_int(peer->tls, peer->fd);
    int r;
    while ((r = gnutls_handshake(peer->tls)) < 0 && !gnutls_error_is_fatal(r))
        continue;
    return r == 0;
}

static inline void peer_say(struct peer *peer, const char *bytes, gsize n)
{
    while (n > 0) {
        ssize_t r = peer->tls != NULL ? gnutls_record_send(peer->tls, bytes, n)
                                      : send(peer->fd, bytes, n, MSG_NOSIGNAL);
        if (r <= 0)
            return;
        bytes += r;
        n -= r;
    }
}

/* The next line; NULL: the client has gone. The caller frees. */
static inline char *peer_line(struct peer *peer)
{
    char buffer[4096];
    char *end;
    while ((end = strchr(peer->pending->str, '\n')) == NULL) {
        ssize_t r = peer->tls != NULL ? gnutls_record_recv(peer->tls, buffer, sizeof buffer)
                                      : recv(peer->fd, buffer, sizeof buffer, 0);
        if (r <= 0)
            return NULL;
        g_string_append_len(peer->pending, buffer, r);
    }
    char *line = g_strndup(peer->pending->str, end - peer->pending->str);
    g_string_erase(peer->pending, 0, end - peer->pending->str + 1);
    g_string_append_printf(peer->heard, "%s\n", g_strchomp(line));
    return line;
}

/* An answer may end in a deed: <stall> says nothing more, <die> hangs up, <tls> begins TLS. FALSE:
 * the connection is over. */
static inline gboolean peer_answer(struct peer *peer, const char *line, const char *answer)
{
    const char *deeds[] = { "<stall>", "<die>", "<tls>" };
    gsize n = strlen(answer), deed = 0;
    while (deed < 3 && !g_str_has_suffix(answer, deeds[deed]))
        deed++;
    g_autofree char *said = g_strndup(answer, deed < 3 ? n - strlen(deeds[deed]) : n);
    g_auto(GStrv) pieces = g_strsplit(said, "TAG", -1);
    g_autofree char *tag = g_strndup(line, strcspn(line, " "));
    g_autofree char *text = g_strjoinv(tag, pieces);
    peer_say(peer, text, strlen(text));
    for (char *rest; deed == 0 && (rest = peer_line(peer)) != NULL;)
        g_free(rest);
    return deed == 3 || (deed == 2 && peer_start_tls(peer));
}

static inline const char *peer_row(struct peer *peer, const char *line)
{
    for (guint i = 0; peer->rows != NULL && peer->rows[i].when != NULL; i++)
        if ((peer->used & 1ull << i) == 0 && strstr(line, peer->rows[i].when) != NULL) {
            peer->used |= 1ull << i;
            return peer->rows[i].answer;
        }
    return NULL;
}

static inline gpointer peer_run(gpointer data)
{
    struct peer *peer = data;
    while (!g_atomic_int_get(&peer->stopping)) {
        struct pollfd ready = { .fd = peer->listener, .events = POLLIN };
        if (poll(&ready, 1, 20) <= 0)
            continue;
        peer->fd = accept(peer->listener, NULL, NULL);
        peer->connections++;
        g_string_truncate(peer->pending, 0);
        if (!peer->implicit || peer_start_tls(peer))
            peer->serve(peer);
        if (peer->tls != NULL)
            gnutls_bye(peer->tls, GNUTLS_SHUT_WR);
        g_clear_pointer(&peer->tls, gnutls_deinit);
        close(peer->fd);
    }
    return NULL;
}

/* Listens at once; the client of the test must have gone before peer_stop. */
static inline void peer_start(struct peer *peer)
{
    struct sockaddr_in address = { .sin_family = AF_INET };
    socklen_t length = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    peer->listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr *name = (struct sockaddr *)&address;
    ck_assert(bind(peer->listener, name, length) == 0 && listen(peer->listener, 8) == 0 &&
              getsockname(peer->listener, name, &length) == 0);
    peer->port = ntohs(address.sin_port);
    peer->heard = g_string_new(NULL);
    peer->pending = g_string_new(NULL);
    peer->thread = g_thread_new("peer", peer_run, peer);
}

static inline void peer_stop(struct peer *peer)
{
    g_atomic_int_set(&peer->stopping, 1);
    g_thread_join(peer->thread);
    close(peer->listener);
    g_string_free(peer->heard, TRUE);
    g_string_free(peer->pending, TRUE);
}

#endif
