/* What the files that read a notice share. */
#ifndef WORDING_NOTICE_PRIVATE_H
#define WORDING_NOTICE_PRIVATE_H

#include "wording/notice.h"
#include "wording/pattern.h"

/* A line without the blanks around it. */
struct paper_line {
    struct span span;
    gboolean after_blank;
};

struct paper {
    const char *text;
    const struct notice_setting *setting;
    GArray *lines;          /* struct paper_line, the blank ones left out */
    guint title, title_end; /* lines [title, title_end); equal: none */
    guint first;            /* the line behind the recipients */
    guint annex_list;       /* the line that begins with 附件： */
    guint signature;        /* the first line of the 落款 */
    guint end;              /* the line at which the annexes themselves begin */
    struct span body;       /* from the line behind the recipients to the end */
    int date, year;         /* of the paper or standing in; 0 */
    json_t *json, *evidence, *warnings;
};

struct span paper_line(const struct paper *paper, guint line);
/* The sentence around a span, ended by 。！？； or a line's end, its own end included. */
struct span paper_sentence(const struct paper *paper, struct span inside);
/* evidence[path] = that text. */
void paper_prove(struct paper *paper, const char *path, struct span sentence);
void paper_warn(struct paper *paper, const char *tag, const char *format, ...) G_GNUC_PRINTF(3, 4);
json_t *span_json(const char *text, struct span span);

/* Title, number, kind, issuer, date, recipients; also finds where the parts begin. */
void paper_read_head(struct paper *paper);
void paper_read_kind(struct paper *paper);
void paper_read_deadlines(struct paper *paper);
/* Requires, silence, mailbox. */
void paper_read_terms(struct paper *paper);
void paper_read_contacts(struct paper *paper);
/* Documents, annexes, units. */
void paper_read_lists(struct paper *paper);
void paper_read_secrets(struct paper *paper);

#endif
