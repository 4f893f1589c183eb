/* mail: one message, read and written. Knows no office, matter or network. MIME is GMime's work;
 * this room decides charsets, what is new text and what is quoted, and whether a person wrote it.
 * Call mail_init once per process before anything else; afterwards any thread may parse. */
#ifndef MAIL_H
#define MAIL_H

#include "mail/auth.h"
#include "mail/quote.h"
#include <glib.h>
#include <jansson.h>

void mail_init(void);

/* What sent it, decided once (DESIGN §6); the first that fits. */
enum mail_kind {
    MAIL_OWN, /* carries our X-Lianluo header */
    MAIL_BOUNCE,
    MAIL_RECEIPT,
    MAIL_RECALL,
    MAIL_AUTO_REPLY,
    MAIL_LIST,
    MAIL_PERSON,
};
const char *mail_kind_text(enum mail_kind kind); /* "own", "bounce", … */

struct address {
    char *name;    /* never NULL, may be "" */
    char *address; /* never NULL, may be "" */
};

struct attachment {
    char *filename;     /* safe by text_filename, never NULL */
    char *content_type; /* lower case, "application/pdf" */
    gint64 size;        /* of the decoded bytes */
    char *sha256;       /* of the decoded bytes, lower-case hex */
    gboolean is_inline; /* shown in the body: Content-Disposition inline or a cid: reference */
    char *text;         /* of a text/plain attachment up to 256 KiB, decoded; else NULL */
    json_t *document;   /* what lianluo-read said of it, put there by who ran it; NULL: not read */
};

/* One recipient that a bounce (RFC 3464 or a provider's own shape) speaks of. */
struct bounced {
    char *address;
    char *action;     /* failed delayed delivered relayed expanded */
    char *status;     /* "5.1.1" or NULL */
    char *diagnostic; /* or NULL */
    char *reason;     /* no_such_user mailbox_full refused spam too_big policy temporary unknown */
    gboolean hard;
};

struct mail {
    char *message_id; /* without <>, else byte for byte; NULL if missing */
    char *subject;    /* decoded, one line; "" if missing */
    gint64 date;      /* of the Date header; 0 if missing or unreadable */
    GPtrArray *from, *sender, *to, *cc, *reply_to; /* struct address, never NULL */
    GPtrArray *references; /* char*, In-Reply-To's ids first, then References'; no duplicates */
    char *replaced_id; /* X-OQ-MSGID: the Message-ID that QQ mail replaced, without <>, or NULL */
    char *return_path; /* "" for <>, NULL if there is no such header */
    char *text;        /* all decoded body text, \n line ends */
    char *new_text, *quoted_text, *signature; /* disjoint, "" if none */
    GPtrArray *attachments; /* struct attachment, in the message's order, never NULL */
    const char *protection; /* "signed", "encrypted" (then it says nothing) or NULL; static */
    gboolean struck;        /* words of its HTML are struck out, which the text does not show */
    json_t *links;          /* expiring cloud attachments [{name,size,expires,url}], [] if none */
    enum mail_kind kind;
    GPtrArray *bounced; /* struct bounced; empty unless kind is MAIL_BOUNCE */
    char *bounced_id;   /* Message-ID of the mail that bounced, without <>; NULL if unknown */
    char *own_kind;     /* MAIL_OWN: KIND of X-Lianluo, "notice" …; else NULL */
    guint from_fields;  /* how many there are */
    GPtrArray *authentications; /* struct authentication, topmost first, never NULL */
    gboolean answerable; /* law 4: FALSE for all but persons, null or no-reply senders, bulk */
    char *defect;        /* why it could not be parsed (then all else is empty); NULL if it could */
};

/* Reads a message from its bytes or file; never NULL: what is no mail at all gives what could be
 * read, and a message that must not be parsed (mail-lab: over 1,000 ':' in one logical line, a
 * header block above 256 KiB, …) gives `defect`. Only mail_read_file can fail: FAULT_WORLD if the
 * file cannot be read. Free with mail_free (NULL is fine). */
struct mail *mail_read(const void *bytes, gsize n);
struct mail *mail_read_file(const char *path, GError **error);
void mail_free(struct mail *mail);

/* The fields of `lianluo inspect` (DESIGN §6) but stance, stance_evidence and opinions. A new
 * reference. */
json_t *mail_json(const struct mail *mail);

/* The decoded bytes of a message's attachment, by its position in what mail_read lists of these
 * bytes; NULL if there is none. */
GBytes *mail_attachment_bytes(const void *bytes, gsize n, guint position);
/* The same, streamed to fd, whatever its size in little memory. FALSE: FAULT_REFUSED, the message
 * has no such attachment; FAULT_WORLD, a write failed. */
gboolean mail_attachment_write(const void *bytes, gsize n, guint position, int fd, GError **error);

/* Behind any 回复：/Re:/转发：… in front, both colon widths, nested; into the same string. */
const char *mail_subject_bare(const char *subject);

/* ---- text in any Chinese charset: a label (NULL: none) is a hint, not a fact. Valid UTF-8 with \n
 * line ends and no NUL; the caller frees. */
char *charset_text(const char *label, const char *bytes, gsize n);
/* HTML as text for people; with links each target stands behind its anchor. The caller frees. */
char *html_text(const char *html, gboolean with_links);

/* ---- writing */
struct draft_attachment {
    const char *filename;
    const char *content_type; /* NULL: application/octet-stream */
    GBytes *bytes;            /* or NULL and: */
    const char *path;
};

struct draft {
    const char *from_name, *from_address;
    const char *const *to; /* addresses, NULL-terminated, at least one */
    const char *subject;
    const char *text, *html; /* UTF-8, \n line ends; html may be NULL */
    const char *message_id;  /* without <> */
    gint64 date;
    const char *in_reply_to; /* without <>, or NULL */
    const char *references;  /* ids without <>, separated by blanks, or NULL */
    const char *x_lianluo;   /* "notice; matter=3; unit=jyj" */
    gboolean auto_replied;   /* Auto-Submitted: auto-replied, else auto-generated */
    const struct draft_attachment *attachments;
    guint n_attachments;
};

/* Writes the message with CRLF line ends to fd: text and HTML as multipart/alternative, attachments
 * with names by RFC 2231 and RFC 2047 both (QQ mail and Outlook read one each), every header of
 * law 4 (Auto-Submitted, X-Auto-Response-Suppress: All, X-Loop), lines ≤ 998 octets, headers pure
 * ASCII. CR, LF or NUL in any header value, or a bad address, is FAULT_REFUSED; a failed write or
 * read FAULT_WORLD. */
gboolean mail_write(const struct draft *draft, int fd, GError **error);

/* A new Message-ID, without <>: random, at the domain of an address. The caller frees. */
char *mail_new_id(const char *address);

#endif
