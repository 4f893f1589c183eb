/* What the files of channels/ share among themselves. */
#ifndef CHANNELS_PRIVATE_H
#define CHANNELS_PRIVATE_H

#include "base/base.h"
#include "channels/channels.h"
#include <curl/curl.h>
#include <gnutls/gnutls.h>
#include <libetpan/libetpan.h>

/* ---- stream.c: a socket, plain or TLS, that libetpan reads through its stream driver. After any
 * failure it is dead: every read and write fails at once, and stream_cause says why. */
enum wait { WAIT_READY, WAIT_SILENCE, WAIT_DEADLINE, WAIT_WOKEN, WAIT_ERROR };
/* What a readable wake_fd does: kills the stream; only ends the wait (as time does); nothing. */
enum waking { WAKE_ABORTS, WAKE_ENDS, WAKE_UNHEARD };

struct stream {
    const struct account *account;
    char *where;
    int fd, wake_fd;
    gnutls_session_t tls; /* NULL: plain */
    gnutls_certificate_credentials_t trust;
    gint64 silence;  /* microseconds of silence that we bear */
    gint64 deadline; /* of the running command, monotonic */
    guint64 budget;  /* bytes that the server may still send */
    enum waking waking;
    enum wait ended;      /* what ended the last wait under WAKE_ENDS */
    gboolean dead, woken; /* woken: wake_fd is what killed it */
    char *cause;
};

/* Connects (and with SECURITY_TLS shakes hands and verifies). */
struct stream *stream_open(const struct account *account, int wake_fd, GError **error);
void stream_free(struct stream *stream); /* only before stream_mail */
/* libetpan's view of it; freeing that frees the stream. */
mailstream *stream_mail(struct stream *stream);
/* Switches a plain stream to TLS in place. */
gboolean stream_start_tls(struct stream *stream, GError **error);
/* Begins a command that should bring about so many bytes: sets its deadline and how much the server
 * may send. */
void stream_begin(struct stream *stream, guint64 expected);
/* The same for words that must not hold us up. */
void stream_hurry(struct stream *stream, int seconds);
/* For a word of the running command: so many seconds at most, whatever wake_fd says. */
void stream_brief(struct stream *stream, int seconds);
/* Sleeps until there is something in libetpan's buffer: READY. Until a monotonic moment, or
 * wake_fd: DEADLINE, WOKEN, and the stream lives. ERROR: it is dead. */
enum wait stream_listen(struct stream *stream, mailstream *mail, gint64 until);
gboolean stream_is_woken(const struct stream *stream); /* wake_fd is readable */
void stream_kill(struct stream *stream);
const char *stream_cause(const struct stream *stream); /* Chinese; NULL: alive */
const char *stream_where(const struct stream *stream); /* "host:port" */
/* Makes an error that wake_fd caused IMAP_WOKEN. */
void stream_mark(const struct stream *stream, GError **error);

/* For stream_connect.c and stream_tls.c. Kills the stream with its first cause; returns FALSE. */
gboolean stream_fail(struct stream *stream, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* Waits for poll events within all limits; FALSE: the stream is dead. */
gboolean stream_wait(struct stream *stream, short events);
/* FALSE, and dead, if the deadline has passed or the wake-up has come. */
gboolean stream_may_go_on(struct stream *stream);

enum wait stream_wait_for(struct stream *stream, short events);
gboolean stream_wait_fail(struct stream *stream, enum wait result);

/* ---- lookup.c: the addresses of the account's host, for freeaddrinfo; NULL with the cause set */
struct addrinfo *stream_lookup(struct stream *stream);

/* ---- stream_connect.c: FALSE with the cause set */
gboolean stream_connect(struct stream *stream);
void stream_close_socket(struct stream *stream);

/* ---- stream_tls.c: handshake and verification; the result of a record call as low_read wants it:
 * bytes to hand on, 0 to try again, or -1. */
gboolean stream_tls_start(struct stream *stream);
ssize_t stream_tls_result(struct stream *stream, ssize_t r);

/* ---- utf7.c: a folder's name as IMAP spells it (RFC 3501 5.1.3); NULL: not UTF-8. */
char *utf7_folder(const char *name);

/* ---- imap.c, for imap_fetch.c */
struct imap {
    const struct account *account;
    mailimap *session;
    struct stream *stream; /* NULL until connected; then owned by the session */
    guint32 known;         /* the count that the caller has looked at */
    gboolean idle_refused;
};
/* Names step and cause of libetpan's result r, kills the connection, returns FALSE. */
gboolean imap_fail(struct imap *imap, const char *step, int r, GError **error);
/* TRUE if the last answer carried this response code, "UNAVAILABLE" … */
gboolean imap_response_is(struct imap *imap, const char *code);
/* FAULT_REFUSED if value is missing, or would end the line it is put into. */
gboolean imap_argument_check(const char *value, const char *what, GError **error);

/* ---- words.c: one printable line of what a server said (GBK or UTF-8); n = -1: up to the NUL. */
char *server_words(const char *bytes, gssize n);

/* ---- delivery.c */
void delivery_init(struct delivery *delivery);
/* Records the outcome; takes reply over. */
void delivery_set(struct delivery *delivery, enum outcome outcome, int code, int retry_after,
                  char *reply);
void delivery_refuse(struct delivery *delivery, const char *address, int code, const char *reply);

/* ---- smtp_class.c: what an SMTP refusal means */
struct smtp_class {
    enum outcome outcome;
    int retry_after;
};
struct smtp_class smtp_classify(int code, const char *reply);

/* ---- smtp_dialogue.c: one mail's dialogue */
enum stage { STAGE_GREETING, STAGE_ENVELOPE, STAGE_DATA, STAGE_BODY };

/* One recipient's answer. */
struct rcpt_answer {
    int code;
    char *reply;
};

/* How one mail's dialogue went. */
struct dialogue {
    enum stage stage;
    gboolean rcpt;     /* the command now waiting for its reply is RCPT */
    gboolean answered; /* the last command has its reply */
    gboolean quitting; /* what comes now is not about this mail */
    GString *lines;    /* of the reply now coming in */
    int code;          /* of the last reply before QUIT */
    char *reply;
    GArray *answers; /* struct rcpt_answer, in the order of the recipients */
    int fd;
    gint64 size, read; /* of the message */
    gboolean whole;    /* all of it went to libcurl, so the final dot may have gone out */
};
void dialogue_begin(struct dialogue *dialogue, int fd, gint64 size);
void dialogue_clear(struct dialogue *dialogue);
/* A CURLOPT_DEBUGFUNCTION; its context is the dialogue. */
int dialogue_follow(CURL *curl, curl_infotype type, char *bytes, size_t n, void *context);

#endif
