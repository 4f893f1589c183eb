/* What in a mail speaks for a matter or a unit, and how much. */
#ifndef HANDLERS_JUDGE_EVIDENCE_H
#define HANDLERS_JUDGE_EVIDENCE_H

#include "handlers/handlers.h"
#include "wording/wording.h"

/* ---- names and titles, made once for as long as none of them changes */
struct lexicon {
    gint64 version;
    struct names *units;  /* owner: the unit */
    struct names *titles; /* of issued matters; owner: the matter */
    struct names *numbers;
    struct names *words;  /* four characters that only one open title has */
    struct names *papers; /* all these, and 6号文 */
};
const struct lexicon *lexicon_of(struct office *office);

enum rule {
    RULE_TOKEN,
    RULE_REPLY,
    RULE_QUOTED,
    RULE_NUMBER,
    RULE_TITLE,
    RULE_TITLE_WORDS,
    RULE_ABOUT,
    RULE_ONLY_OPEN,
    RULE_ADDRESS,
    RULE_LEARNT,
    RULE_LEARNT_LONG_AGO,
    RULE_REPLY_TO,
    RULE_SENDER,
    RULE_THREAD,
    RULE_FORWARDED,
    RULE_LETTERHEAD,
    RULE_SIGNED,
    RULE_STATEMENT,
    RULE_SPOKEN,
    RULE_DISPLAY_NAME,
    RULE_SUBJECT,
    RULE_FILE_NAME,
    RULES
};
struct rule_row {
    const char *name;
    int weight;
    enum { SPEAKS_FOR_MATTER, SPEAKS_FOR_UNIT } what;
    gboolean issuer; /* the letter itself says whose it is */
};
extern const struct rule_row rule_rows[RULES];

/* Adds a proof; the same rule for the same matter and unit counts once. */
void prove(struct judgement *j, enum rule rule, gint64 matter, gint64 unit, const char *text);
/* The same for a unit by a name; one that was learnt weighs less. */
void prove_name(struct judgement *j, enum rule rule, gint64 unit, const char *text,
                gboolean learnt);
/* Fills j->evidence with all that is found. *from_office: one of the office's people wrote it. */
void evidence_gather(struct office *office, struct judgement *j, const struct mail *mail,
                     gboolean *from_office);
/* The text of an attachment, NULL if nobody could read it. */
const char *attachment_text(const struct attachment *attachment);
/* TRUE if the subject says that it was forwarded. */
gboolean mail_is_forward(const struct mail *mail);
/* 落款, letterhead, who speaks: what a letter says of its issuer. */
void evidence_issuer(const struct lexicon *lexicon, struct judgement *j, const struct mail *mail);
/* For whom and about what its sentences speak. */
void evidence_spoken(const struct lexicon *lexicon, struct judgement *j, const struct mail *mail);

#endif
