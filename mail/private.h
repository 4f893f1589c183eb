/* What the files of mail/ share. Nothing outside this folder includes it. */
#ifndef MAIL_PRIVATE_H
#define MAIL_PRIVATE_H

#include "base/base.h"
#include "mail/inside.h"
#include "mail/mail.h"
#include "mail/text.h"
#include <gmime/gmime.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeStream, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeFilter, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeParser, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeDataWrapper, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeMessage, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(InternetAddressList, g_object_unref)

#define MAX_PARTS 20000
#define MAX_DEPTH 400
#define MAX_AUTHENTICATIONS 50
#define MAX_BODY (1024 * 1024) /* of one body part; the rest of it is cut */
#define MAX_ATTACHED_TEXT (256 * 1024)

/* ---- scan.c: what must be seen before any parser touches a message */
/* Why it must not be parsed, in Chinese for the clerk; NULL if it may. The caller frees. */
char *scan_flood(const char *bytes, gsize n);
char *scan_header(const char *bytes, gsize n);
char *scan_parts(const char *bytes, gsize n);

/* ---- fields.c: a header block as it was sent, untouched by any decoder */
struct field {
    char *name;
    char *value; /* unfolded raw bytes without NUL, blanks at the ends dropped; not always UTF-8 */
};
/* Where the header begins (after a BOM, a mbox line, blank or garbage lines); n: there is none. */
gsize fields_start(const char *bytes, gsize n);
/* The fields (struct field) up to the empty line; *body (may be NULL) is the offset after it. */
GPtrArray *fields_read(const char *bytes, gsize n, gsize *body);
/* The value of the first field of that name that has one; "" if all are empty, NULL: none. */
const char *fields_get(const GPtrArray *fields, const char *name);
/* TRUE if a line looks like a header field: a name without blanks, then a colon. */
gboolean line_is_field(const char *line, gsize n);

/* ---- people.c: addresses and ids in raw header values */
GPtrArray *addresses_read(const char *raw); /* struct address; never NULL */
GPtrArray *ids_read(const char *raw);       /* char*; never NULL */
void ids_add(GPtrArray *ids, const char *raw);
void address_free(struct address *address);

/* ---- one message being read */
struct reading {
    const char *bytes; /* from the first header field on */
    gsize n;
    char *owned; /* what bytes points into, if they had to be mended; else NULL */
    GPtrArray *fields;
    gsize body;            /* offset of the first byte after the header */
    GMimeMessage *message; /* NULL: no header, all is text */
    GPtrArray *leaves;     /* struct leaf, in the message's order */
    gboolean opaque;       /* it was taken out of a signature */
    GString *html;         /* the source of all HTML bodies */
    GArray *spans;         /* struct html_span: what HTML bodies mark in mail->text */
    struct mail *mail;     /* what is being filled in */
};

enum leaf_role { LEAF_PLAIN, LEAF_HTML, LEAF_ATTACHED };

struct leaf {
    GMimeObject *object;
    char *type; /* lower case, repaired */
    enum leaf_role role;
    guint group;     /* bodies of one multipart/alternative share a number above 0 */
    char *name;      /* given by what it was taken out of, or NULL */
    GBytes *bytes;   /* its content, where it was taken out of another part; else NULL */
    gboolean is_raw; /* its bytes are [from, to) of the message, nothing is decoded */
    gsize from, to;
};

/* ---- leaves.c */
/* Fills reading->leaves. FALSE: too many parts. */
gboolean leaves_find(struct reading *reading);
/* The decoded file name that the sender gave, NULL if none. The caller frees. */
char *leaf_filename(const struct leaf *leaf);
/* A raw header value of the leaf, NULL if none; the leaf keeps it. */
const char *leaf_header(const struct leaf *leaf, const char *name);

/* ---- content.c: the decoded bytes of a leaf, streamed */
struct content {
    gint64 size;
    char *sha256;
    GByteArray *kept; /* the first bytes, at most as many as asked for; data is never NULL */
};
/* A stream over bytes that stay the caller's, not copied; they and view, which holds nothing but
 * their address, must outlive it. The caller unrefs. */
GMimeStream *stream_over(const void *bytes, gsize n, GByteArray *view);
/* Reads to the end; the caller clears. */
void content_read(const struct reading *reading, const struct leaf *leaf, gsize keep,
                  struct content *content);
void content_clear(struct content *content);
/* Writes them to fd. FALSE with errno set. */
gboolean content_write(const struct reading *reading, const struct leaf *leaf, int fd);
/* Only the first bytes, at most limit, without a hash. The caller unrefs. */
GByteArray *content_head(const struct reading *reading, const struct leaf *leaf, gsize limit);

/* ---- the steps of reading, in this order; each fills in its fields of reading->mail */
void body_read(struct reading *reading);        /* body.c: text, and reading->html */
void attachments_read(struct reading *reading); /* attach.c */
gboolean html_strikes(const char *html);        /* requote.c: TRUE if it strikes words out */
void quote_split(struct reading *reading);      /* quote.c: new_text, quoted_text, signature */
void protection_find(struct reading *reading);  /* protection.c: protection */
gboolean type_is_smime(const char *type);
/* opaque.c: the message that a mail signed as one block holds; NULL: it is none. The caller unrefs.
 */
GByteArray *opaque_opened(const struct reading *reading);
void kind_decide(struct reading *reading);                /* kind.c: kind, own_kind, answerable */
void bounce_read(struct reading *reading);                /* bounce.c: bounced, bounced_id */
void authentications_read(const struct reading *reading); /* auth.c */
void authentication_free(gpointer authentication);
json_t *links_find(const char *text, const char *html); /* links.c; a new reference */

/* The number of lines of the mark of quoted text that begins at line i, 0 if none does; *angle: it
 * may be followed by lines in ">". compact has each line without blanks. */
guint mark_at(char *const *compact, guint i, gboolean *angle);
/* Of "在 … 写道：", which a phone writes behind ">" too; 0: it is none. */
guint opener_at(char *const *compact, guint i);
/* Of a table of 发件人 … 主题 without colons, as it stands below a separator. */
guint head_table_at(char *const *compact, guint i);
/* The number of lines of a footer (发自我的iPhone) at line i; 0 if none. rest: up to which line. */
guint footer_at(char *const *lines, char *const *compact, guint i, guint rest);

/* Adds a recipient to bounced; action and status may be NULL. Takes diagnostic. */
void bounce_add(struct mail *mail, const char *address, const char *action, const char *status,
                char *diagnostic);
/* lines.c: recipients from the plain words of a bounce that has no part for them. */
void bounce_read_lines(struct mail *mail);
/* Why a recipient was refused, from the server's words and the codes; static. */
const char *bounce_reason(const char *action, const char *status, const char *diagnostic);

/* ---- writing */
/* FALSE: FAULT_REFUSED, the draft holds what may not go into a header. */
gboolean draft_check(const struct draft *draft, GError **error);
/* TRUE if an id is plain ASCII without <> and blanks, and short enough for a line. */
gboolean id_is_plain(const char *id);
/* The text, HTML and attachments of a draft. views has room for one per attachment and must outlive
 * it. NULL: FAULT_WORLD, a file cannot be read. The caller unrefs. */
GMimeObject *draft_content(const struct draft *draft, GByteArray *views, GError **error);

void bounced_free(struct bounced *bounced);

#endif
