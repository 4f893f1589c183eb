/* senders: SMTP, WeCom, and a null one that takes everything. */
#ifndef CHANNELS_SENDERS_H
#define CHANNELS_SENDERS_H

#include "channels/account.h"

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

/* What a sender is given. SMTP takes a whole message from fd (read from its start). WeCom takes one
 * of three: markdown; or text, whose readers may be mentioned; or a file, if file_name is set. */
struct parcel {
    const char *from;
    const char *const *to; /* NULL-terminated */
    int fd;                /* a regular file: SMTP's message, or the bytes of WeCom's file */
    const char *markdown;  /* ≤ 4,096 bytes of UTF-8 */
    const char *text;      /* ≤ 2,048 bytes of UTF-8 */
    /* With text alone (WeCom drops mentions silently elsewhere), NULL-terminated or NULL: user ids,
     * and mobile numbers; "@all" in either is everybody. */
    const char *const *mentioned, *const *mentioned_mobiles;
    /* What the group sees, UTF-8 (made fit by text_filename; a quote becomes "_"). The file is over
     * 5 bytes and at most 20 MiB long. Uploaded first, at the same key, then pushed (two calls; how
     * the upload counts against WeCom's 20 a minute is not documented). */
    const char *file_name;
    /* NULL, or what is not 0 when the program must end: whatever has not left by then is STOPPED.
     */
    const gint *stop;
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
