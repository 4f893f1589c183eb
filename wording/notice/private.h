/* What the files that read a notice share. */
#ifndef WORDING_NOTICE_PRIVATE_H
#define WORDING_NOTICE_PRIVATE_H

#include "wording/notice/notice.h"
#include "wording/pattern.h"

/* A line without the blanks around it. */
struct notice_line {
    struct span span;
    gboolean after_blank;
};

struct notice {
    const char *text;
    const struct notice_setting *setting;
    GArray *lines;          /* struct notice_line, the blank ones left out */
    guint title, title_end; /* lines [title, title_end); equal: none */
    guint first;            /* the line behind the recipients */
    guint annex_list;       /* the line that begins with 附件： */
    guint signature;        /* the first line of the 落款 */
    guint end;              /* the line at which the annexes themselves begin */
    struct span body;       /* from the line behind the recipients to the end, BODY_MAX at most */
    gsize body_end;         /* where it ends, however long it is */
    int date, year;         /* of the paper or standing in; 0 */
    GArray *places;         /* gsize: where each of json's deadlines stands in the text */
    json_t *json, *evidence, *warnings;
};

/* Bytes: what stands further down in a notice's own text is not looked at, so that the longest one
 * is read in bounded time. */
enum { BODY_MAX = 64 * 1024 };

/* The piece of a span that is no longer than max bytes, whole characters. */
struct span span_head(const char *text, struct span span, gsize max);
struct span notice_line(const struct notice *notice, guint line);
/* The sentence around a span, ended by 。！？； or a line's end, its own end included. */
struct span notice_sentence(const struct notice *notice, struct span inside);
/* evidence[path] = that text. */
void notice_prove(struct notice *notice, const char *path, struct span sentence);
void notice_warn(struct notice *notice, const char *tag, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
json_t *span_json(const char *text, struct span span);

/* Title, number, kind, issuer, date, recipients; also finds where the parts begin. */
void notice_read_head(struct notice *notice);
void notice_read_kind(struct notice *notice);
void notice_read_deadlines(struct notice *notice);
/* Requires, silence, mailbox. */
void notice_read_terms(struct notice *notice);
void notice_read_contacts(struct notice *notice);
/* Documents, annexes, units. */
void notice_read_lists(struct notice *notice);
void notice_read_secrets(struct notice *notice);

#endif
