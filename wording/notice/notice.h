/* notice: what an office's notice says, field by field, each with the sentence it stands in. */
#ifndef WORDING_NOTICE_H
#define WORDING_NOTICE_H

#include <glib.h>
#include <jansson.h>

/* What the reader of a notice knows beside it; all may be 0. */
struct notice_setting {
    int date;                 /* stands in for the paper's own day to find years; 0: none */
    int closing;              /* of the office, minutes after midnight: 下班前; 0: 18:00 */
    gboolean exclusive;       /* 6月21日前 ends with the 20th, not with the 21st */
    const char *mailbox;      /* the office's; another in the notice is warned about */
    const char *const *given; /* names of the files that come with it, NULL-terminated */
};

/* The object of `lianluo notice` (DESIGN §6) beside which stand requires.copies (how many, or
 * null), body (the notice without annexes that stand in the same text), requires.form (the name of
 * a form to fill in, or null) and deadlines[].before ("inclusive" or "exclusive": how a 前 behind a
 * day was taken; null: there is none). What no sentence says is null or empty.
 * text is UTF-8 as text_clean gives it; every text in `evidence` is a piece of it. Never NULL; a
 * new reference. */
json_t *notice_read(const char *text, const struct notice_setting *setting);

/* The units' own sections in an annex: [{name, duties}]; a new reference. */
json_t *notice_sections(const char *text);
/* A list of units in an annex: {members: [{line, name, person, email, phone, mobile}], unclear:
 * [{line, text}]}, lines from 1, "" where it does not say; a new reference. */
json_t *notice_members(const char *text);
/* TRUE for a name that ends as offices' names do. */
gboolean notice_names_unit(const char *text);
/* TRUE if a file of that name is the annex of that title. */
gboolean notice_annex_is(const char *title, const char *filename);

/* A 密级 mark: 绝密, 机密 or 秘密 alone on a line, or before ★. The line that bears it, or NULL;
 * the caller frees. */
char *notice_secret_mark(const char *text);

#endif
