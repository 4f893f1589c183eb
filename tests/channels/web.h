/* A WeCom of one connection at a time: the row ANSWER is the whole answer to a request. */
#ifndef TESTS_WEB_H
#define TESTS_WEB_H

#include "scene.h"

#define KEY "0a1b2c3d-secret-key"
#define OK200 "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/json\r\n\r\n"

/* One HTTP exchange. */
static inline void http_serve(struct peer *peer)
{
    gsize length = 0;
    char *line;
    while ((line = peer_line(peer)) != NULL && *line != '\0') {
        if (g_ascii_strncasecmp(line, "Content-Length:", 15) == 0)
            length = strtoul(line + 15, NULL, 10);
        g_free(line);
    }
    if (line == NULL)
        return;
    g_free(line);
    char bytes[4096];
    while (peer->pending->len < length) {
        ssize_t r = peer->tls != NULL ? gnutls_record_recv(peer->tls, bytes, sizeof bytes)
                                      : recv(peer->fd, bytes, sizeof bytes, 0);
        if (r <= 0)
            break;
        g_string_append_len(peer->pending, bytes, r);
    }
    g_string_append_len(peer->heard, peer->pending->str, peer->pending->len);
    g_string_append_c(peer->heard, '\n');
    const char *answer = peer_row(peer, "ANSWER");
    peer_answer(peer, "", answer != NULL ? answer : "<die>");
}

static inline struct sender *robot(struct scene *scene, const char *scheme)
{
    g_autofree char *url = g_strdup_printf("%s://127.0.0.1:%d/cgi-bin/webhook/send?key=" KEY,
                                           scheme, scene->peer.port);
    return wecom_sender(url, scene->account.ca_file, scene->account.timeout);
}

#endif
