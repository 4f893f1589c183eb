/* The words of the domain as enums, with the text each has in the database and in JSON, and the one
 * that people read. x_of() of a text that is none returns -1: the caller decides what that means.
 */
#ifndef DB_WORDS_H
#define DB_WORDS_H

enum matter_kind {
    KIND_CONSULTATION,
    KIND_REPORT,
    KIND_MEETING,
    KIND_AGENDA,
    KIND_NOTICE,
    KIND_FOLLOW_UP
};
const char *matter_kind_text(enum matter_kind kind);
const char *matter_kind_chinese(enum matter_kind kind);
int matter_kind_of(const char *text);

enum matter_state {
    STATE_DRAFT,
    STATE_SUBMITTED,
    STATE_SIGNED,
    STATE_ISSUED,
    STATE_CLOSED,
    STATE_CANCELLED
};
const char *matter_state_text(enum matter_state state);
const char *matter_state_chinese(enum matter_state state);
int matter_state_of(const char *text);

enum status {
    STATUS_WAITING,
    STATUS_ACKNOWLEDGED,
    STATUS_NO_COMMENT,
    STATUS_COMMENTED,
    STATUS_SUBMITTED,
    STATUS_DEEMED,
    STATUS_OVERDUE,
    STATUS_EXEMPT,
    STATUS_COUNT
};
const char *status_text(enum status status);
const char *status_chinese(enum status status);
int status_of(const char *text);

enum paper { PAPER_WAITING, PAPER_RECEIVED, PAPER_NOT_REQUIRED };
const char *paper_text(enum paper paper);
const char *paper_chinese(enum paper paper);
int paper_of(const char *text);

enum stance {
    STANCE_COMMENTS,
    STANCE_NO_COMMENT,
    STANCE_CONDITIONAL,
    STANCE_ACKNOWLEDGED,
    STANCE_EXTENSION,
    STANCE_CORRECTION,
    STANCE_WITHDRAWAL,
    STANCE_NOT_CONCERNED,
    STANCE_QUESTION,
    STANCE_UNCLEAR
};
const char *stance_text(enum stance stance);
const char *stance_chinese(enum stance stance);
int stance_of(const char *text);
/* TRUE if a paper or mail with this stance answers the matter (comments, no_comment, conditional,
 * not_concerned). */
int stance_is_answer(enum stance stance);

enum role { ROLE_LIAISON, ROLE_CLERK, ROLE_SIGNER };
const char *role_text(enum role role);
const char *role_chinese(enum role role);
int role_of(const char *text); /* takes the Chinese too */

enum how { HOW_MAIL, HOW_FAX, HOW_PAPER, HOW_PHONE, HOW_WECOM, HOW_VISIT, HOW_SCAN };
const char *how_text(enum how how);
const char *how_chinese(enum how how);
int how_of(const char *text);

enum outbox_state {
    OUT_QUEUED,
    OUT_HELD,
    OUT_SENDING,
    OUT_SENT,
    OUT_DEFERRED,
    OUT_FAILED,
    OUT_UNCERTAIN,
    OUT_CANCELLED,
    OUT_STATES
};
const char *outbox_state_text(enum outbox_state state);
const char *outbox_state_chinese(enum outbox_state state);
int outbox_state_of(const char *text);

#endif
