/* channels: how bytes come and go. Knows no matter, no unit and no database. Each object belongs to
 * one thread. TLS always verifies chain and name; there is no switch for that. */
#ifndef CHANNELS_H
#define CHANNELS_H

#include <glib.h>

enum security { SECURITY_TLS, SECURITY_STARTTLS, SECURITY_NONE };

/* What a channel needs to log in; strings are borrowed and must outlive the channel. */
struct account {
    const char *host; /* a name or an IP address */
    int port;
    enum security security;
    const char *user, *password;
    const char *ca_file; /* PEM; NULL or "": the system's trust store */
    int timeout;         /* seconds: connect, and any silence of the server */
};

/* Once per process, before any thread: initialises libcurl, ignores SIGPIPE. */
void channels_init(void);

/* ---- IMAP. Every call that fails sets a FAULT_WORLD error that names host, step and cause ("证书"
 * …: in Chinese, for people), after which the connection is dead: only imap_close may follow. A
 * refused login (wrong password, no permission) is IMAP_REFUSED in domain IMAP_FAULT, so that the
 * caller does not hammer. */
#define IMAP_FAULT imap_fault_quark()
enum imap_fault { IMAP_REFUSED = 1 };
GQuark imap_fault_quark(void);

struct imap;

/* Connects, verifies, logs in and sends ID (RFC 2971; NetEase wants it before EXAMINE). wake_fd: an
 * eventfd that aborts any wait when readable, or -1. Each command has a deadline of its own
 * (account->timeout × 4 in all, account->timeout of silence), which grows by a second for each 16
 * KiB that it asks for; a server that sends far more than that is cut off. A host, user, password
 * or folder with CR, LF or NUL is FAULT_REFUSED, and so is one that is missing. */
struct imap *imap_open(const struct account *account, int wake_fd, GError **error);
/* Says goodbye if the connection is alive, frees; NULL is fine. Never waits on a dead link. */
void imap_close(struct imap *imap);

struct imap_folder {
    guint32 uidvalidity;
    guint32 exists;
    guint32 uidnext; /* 0 if the server does not say (163) */
};
/* Opens a folder read-only. The name is UTF-8; modified UTF-7 is made here. A folder that does not
 * exist is FAULT_REFUSED and leaves the connection alive. 163's "Unsafe Login" gets ID and one more
 * try. */
gboolean imap_examine(struct imap *imap, const char *folder, struct imap_folder *out,
                      GError **error);

struct imap_item {
    guint32 uid;
    guint32 size;        /* RFC822.SIZE */
    gint64 internaldate; /* 0 if the server does not say */
};
/* Lists what lies above a UID in the examined folder: an array of struct imap_item in UID order
 * without duplicates, never one at or below it (servers answer n:* with the last message). Free
 * with g_array_unref. */
GArray *imap_list(struct imap *imap, guint32 above, GError **error);

/* Fetches whole messages (BODY.PEEK[]) of the listed items in one command and hands each over as it
 * arrives, in the order of the server (in a few commands if their UIDs make over 300 ranges). A
 * message that vanished is simply not handed over. The callback returns FALSE to stop: then the
 * connection is dead and the result FALSE with the callback's own error. */
typedef gboolean imap_message_cb(void *context, const struct imap_item *item, const char *bytes,
                                 gsize n, GError **error);
gboolean imap_fetch(struct imap *imap, const struct imap_item *items, guint n,
                    imap_message_cb *message, void *context, GError **error);
/* Streams one message to fd, in pieces, whatever its size; *size is what was written, 0 if the
 * message vanished. */
gboolean imap_fetch_to(struct imap *imap, guint32 uid, int fd, gint64 *size, GError **error);

/* ---- senders: SMTP, WeCom, and a null one that takes everything */
enum outcome {
    OUTCOME_SENT,      /* the server took it (at least for one recipient) */
    OUTCOME_DEFERRED,  /* not now: try again, not before retry_after seconds */
    OUTCOME_FAILED,    /* never: this content or these recipients */
    OUTCOME_UNCERTAIN, /* it may have arrived: no blind resend */
    OUTCOME_STOPPED,   /* the channel itself: login, certificate, connection; nothing was sent, and
                        * trying the next one is useless */
};
const char *outcome_text(enum outcome outcome);

struct recipient_result {
    char *address;
    int code;    /* SMTP reply code */
    char *reply; /* "550 5.1.1 no such user" */
};

struct delivery {
    enum outcome outcome;
    int code;           /* SMTP reply or WeCom errcode; 0 if none */
    char *reply;        /* the server's words or our description of the failure; never NULL */
    int retry_after;    /* seconds, for DEFERRED and STOPPED */
    GPtrArray *refused; /* struct recipient_result: recipients not taken; never NULL */
};
void delivery_clear(struct delivery *delivery);

/* What a sender is given: SMTP takes a whole message from fd (read from its start), WeCom a text.
 */
struct parcel {
    const char *from;
    const char *const *to; /* NULL-terminated */
    int fd;
    const char *markdown; /* ≤ 4,096 bytes of UTF-8 */
};

/* A sender; keeps its connection for a run of parcels. send always fills out (clear it with
 * delivery_clear). probe connects, logs in, sends nothing. */
struct sender {
    const char *name; /* "smtp", "wecom", "null" */
    void (*send)(struct sender *sender, const struct parcel *parcel, struct delivery *out);
    gboolean (*probe)(struct sender *sender, GError **error);
    void (*close)(struct sender *sender); /* frees; never NULL */
};

/* The account must outlive the sender. Replies are classed by channels.md §2.1 (NetEase's codes),
 * mail-lab.md §D (libcurl's results) and RFC 5321. */
struct sender *smtp_sender(const struct account *account);
/* url is a secret and never logged. https only, but for a loopback host. Classes: channels.md §1.5.
 * ca_file as in struct account. */
struct sender *wecom_sender(const char *url, const char *ca_file, int timeout);
struct sender *null_sender(void);

#endif
