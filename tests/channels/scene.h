/* The scripted IMAP server of the channel tests: good manners by default, rows for the rest. */
#ifndef TESTS_SCENE_H
#define TESTS_SCENE_H

#include "channels/channels.h"
#include "peer.h"

static const struct row imap_defaults[] = {
    { "CAPABILITY", "* CAPABILITY IMAP4rev1 ID\r\nTAG OK done\r\n" },
    { "LOGIN", "TAG OK welcome\r\n" },
    { "LOGOUT", "* BYE see you\r\nTAG OK done\r\n<die>" },
    { "EXAMINE", "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 10] ok\r\n"
                 "TAG OK [READ-ONLY] done\r\n" },
    { "STARTTLS", "TAG OK begin\r\n<tls>" },
    { " ID (", "* ID (\"name\" \"peer\")\r\nTAG OK done\r\n" },
    { "", "TAG BAD unknown\r\n" },
};

static inline const char *imap_default(const char *line)
{
    for (guint i = 0;; i++)
        if (strstr(line, imap_defaults[i].when) != NULL)
            return imap_defaults[i].answer;
}

static inline void imap_serve(struct peer *peer)
{
    const char *greeting = peer->greeting != NULL ? peer->greeting : "* OK ready\r\n";
    if (!peer_answer(peer, "", greeting))
        return;
    for (char *line; (line = peer_line(peer)) != NULL;) {
        const char *answer = peer_row(peer, line);
        gboolean on = peer_answer(peer, line, answer != NULL ? answer : imap_default(line));
        g_free(line);
        if (!on)
            return;
    }
}

/* A server with its account, timeout 1 s unless it is set before (PATIENT: where all goes well, and
 * a busy machine must not matter). security = NONE needs no pki. */
#define PATIENT .account = { .timeout = 20 }
struct scene {
    struct peer peer;
    struct account account;
};

static inline void scene_open(struct scene *scene, const struct row *rows, enum security security,
                              struct pki *pki)
{
    channels_init();
    if (scene->peer.serve == NULL)
        scene->peer.serve = imap_serve;
    scene->peer.rows = rows;
    scene->peer.implicit = security == SECURITY_TLS;
    scene->peer.certificate = pki != NULL ? pki->server : NULL;
    peer_start(&scene->peer);
    scene->account = (struct account){ .host = "127.0.0.1",
                                       .port = scene->peer.port,
                                       .security = security,
                                       .user = "bot@office.example",
                                       .password = "p\"ss",
                                       .ca_file = pki != NULL ? pki->ca_file : NULL,
                                       .timeout = MAX(scene->account.timeout, 1) };
}

/* The error's text holds `words`; frees it. */
static inline void fails_with(GError **error, const char *words)
{
    ck_assert_ptr_nonnull(*error);
    if (strstr((*error)->message, words) == NULL)
        ck_abort_msg("“%s” is not in “%s”", words, (*error)->message);
    g_clear_error(error);
}

static inline double seconds_since(gint64 start)
{
    return (g_get_monotonic_time() - start) / 1e6;
}

#endif
