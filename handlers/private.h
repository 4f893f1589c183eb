/* What the files of handlers/ share. */
#ifndef HANDLERS_PRIVATE_H
#define HANDLERS_PRIVATE_H

#include "base/base.h"
#include "handlers/handlers.h"
#include "templates/templates.h"

/* A row of the table of message handlers. Decides message->verdict, reason, matter, unit …, which
 * handle_message then writes. */
struct message_handler {
    enum mail_kind kind;
    void (*handle)(struct office *office, struct message *message, const struct mail *mail);
};
void handle_own(struct office *office, struct message *message, const struct mail *mail);
void handle_bounce(struct office *office, struct message *message, const struct mail *mail);
void handle_receipt(struct office *office, struct message *message, const struct mail *mail);
void handle_recall(struct office *office, struct message *message, const struct mail *mail);
void handle_auto_reply(struct office *office, struct message *message, const struct mail *mail);
void handle_list(struct office *office, struct message *message, const struct mail *mail);
void handle_person(struct office *office, struct message *message, const struct mail *mail);

/* A mail of the office's own people that begins with a command; FALSE: it is ordinary mail. */
gboolean clerk_mail(struct office *office, struct message *message, const struct mail *mail);
/* TRUE if it, or what is attached, bears a 密级 mark: then nothing of it is quoted (law 10). */
gboolean mail_is_secret(const struct mail *mail);
/* The same of one that was handled before. */
gboolean message_is_secret(struct office *office, const struct message *message);
/* Puts before a person what a mail brings as links that expire; nothing if it brings none. */
void cloud_review(struct office *office, const struct message *message, const struct mail *mail);
/* What an open item says today: with the days that are left, where they are few. The caller frees.
 */
char *review_said(const struct review *review);
/* Puts before the clerks at once what cannot wait for the digest: a question, an extension asked
 * for, a paper with a 密级 mark. */
void ask_clerks(struct office *office, const struct message *message, const struct judgement *j);

/* Nobody writes a letter of a book's length: of such a text neither stance nor opinions are sought,
 * a person looks, and our memory stays small. */
gboolean mail_is_book(const struct mail *mail);

/* Sets the verdict and its reason. */
void verdict_set(struct message *message, const char *verdict, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

/* SHA-256 over new text and attachment hashes: what makes two mails the same. */
char *mail_fingerprint(const struct mail *mail);
/* ---- ours.c; ours may be NULL */
const char *ours_title(const struct ours *ours);
/* The notice and the names of its annexes, which name the papers; NULL: not known. */
const char *ours_papers(const struct ours *ours);
gboolean ours_has_file(const struct ours *ours, const char *sha256);
/* The lines of a text that we did not write; the caller frees. NULL for NULL. */
char *ours_without(const struct ours *ours, const char *text);
/* Of a text that is mostly ours, the first line among ours that is not: a clean copy that was
 * edited. NULL: it is no copy, or nothing was changed; the caller frees. */
char *ours_edited(const struct ours *ours, const char *text);
/* What the sender says in the body: new text, answers between our lines, a letter that he passes
 * on; the caller frees. */
char *ours_answer(const struct ours *ours, const struct mail *mail);

/* TRUE for the form that went to the unit with the notice, however it is filled in by now; it may
 * have been printed (.pdf). */
gboolean ours_is_form(const struct ours *ours, json_t *document);

/* ---- reply_form.c: 反馈表, filled in as far as we can, for an answer that is easy to give and to
 * read. */
/* TRUE if opinions are asked for, the office wants forms sent, and no annex is one already. */
gboolean reply_form_wanted(struct office *office, const struct matter *m);
/* The form for a unit, as document_write takes it; deadline: or NULL; section: the {name, duties}
 * of an annex, or null. A new reference. */
json_t *reply_form(const struct matter *m, const struct unit *unit, const char *deadline,
                   json_t *section);
/* The name of its file; the caller frees. */
char *reply_form_name(const struct matter *m, const struct unit *unit);
/* Puts the texts of its paragraphs and of its cells into the two sets, without blanks. */
void reply_form_texts(json_t *form, GHashTable *lines, GHashTable *cells);
#define REPLY_FORM_TITLE "征求意见反馈表"
#define REPLY_FORM_MARK "lianluo" /* the property of the file that holds the matter's token */

/* The matter is issued: each unit's own deadline, if it has a relative one. */
void relative_begin(struct office *office, const struct matter *m);

/* A mailbox that was not read to its end for so many seconds of office hours is a fault (law 11).
 */
enum { SILENT_AFTER = 30 * 60 };
/* When every folder was last read to its end; before that, when the office was made. */
gint64 silent_since(struct office *office);

/* A reminder to one unit at once, under a name of its own in the key. *skipped: why none was made
 * (static), else NULL. FALSE: a template is broken. */
gboolean reminder_queue(struct office *office, const struct matter *m, const struct assignment *a,
                        const char *when, const char **skipped, GError **error);

/* Who would be deemed now, and who not and why, joined for people; the caller frees both. TRUE if
 * the notice allows it and deadline and grace are over. */
gboolean settlement_preview(struct office *office, const struct matter *m, char **deemed,
                            char **blocked);

/* ---- due handlers */
gboolean reminders_run(struct office *office, GError **error);
gboolean settlement_run(struct office *office, GError **error);
gboolean digest_run(struct office *office, GError **error);
gboolean sign_offs_run(struct office *office, GError **error);
gboolean alarms_run(struct office *office, GError **error);
gboolean clouds_run(struct office *office, GError **error);
/* The clerks' addresses; without any, the office's own. NULL-terminated; g_strfreev. */
char **office_readers(struct office *office);

/* ---- news for the WeCom group; they do nothing where there is none */
/* From NAME.wecom.mustache, in as many pushes as it needs. */
gboolean news_queue(struct office *office, const char *name, const char *key, gint64 matter,
                    json_t *data, GError **error);
/* A line from NAME.txt.mustache that calls those who are to be mentioned, if anybody is. */
gboolean news_call(struct office *office, const char *name, const char *key, json_t *data,
                   GError **error);
/* A file, whose bytes are copied. */
gboolean news_file(struct office *office, const char *key, gint64 matter, const char *filename,
                   const char *content_type, const GString *bytes, GError **error);

/* ---- what templates are given */
json_t *office_data(struct office *office);
json_t *matter_data(struct office *office, const struct matter *matter);
int year_now(void); /* the office's */
/* {name, code}: the full name, as one addresses a letter. */
json_t *unit_data(struct office *office, gint64 unit);
/* {electronic, paper, both}: what is still owed. */
json_t *owed_data(const struct matter *matter, const struct assignment *assignment);

/* The matter in a state where units may still be written to; NULL with FAULT_REFUSED else. */
struct matter *matter_open(struct office *office, gint64 id, GError **error);
/* The first instant after deadline and grace. */
gint64 grace_end(struct office *office, const char *deadline);

#include "handlers/filing.h"
#include "handlers/letter.h"
#include "handlers/matter/issue.h"

#endif
