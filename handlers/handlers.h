/* handlers: what a message or a due date means for the ledger. They read and write the database and
 * put mail into the outbox; none touches the network. Every function below runs inside a
 * transaction (or savepoint) of the caller, unless it says that it only reads. */
#ifndef HANDLERS_H
#define HANDLERS_H

#include "db/db.h"
#include "handlers/matter/intake.h"
#include "mail/mail.h"
#include <glib.h>
#include <jansson.h>

/* What the office's configuration says that matters here. */
struct policy {
    char *name, *address; /* of the office */
    char **hours;         /* office hours, "08:30-12:00" … */
    char **folders;       /* that must have been read before silence is taken for consent */
    char **reminders;     /* working-day steps around the deadline: "-3" … "1" */
    int grace;            /* working days after the deadline */
    gboolean settle_auto; /* else the clerk confirms the list */
    int digest;           /* minutes after midnight */
    gboolean hold;        /* nothing leaves before it is released */
    enum { SIGN_OFF_AUTO, SIGN_OFF_YES, SIGN_OFF_NO } sign_off; /* before a matter goes out */
    gboolean wecom;       /* there is a group to push news to */
    char **mention;       /* whom an alarm calls in it: mobile numbers, user ids, @all */
    char **authserv;      /* whose Authentication-Results prove who a clerk is */
    int authserv_hops;    /* Received fields that stand above those */
    int session;          /* hours for which a returned code opens its conversation */
    gboolean exclusive;   /* 6月21日前 in a notice ends with the 20th */
    gboolean reply_form;  /* a notice that asks for opinions brings a form for them along */
    gboolean wecom_table; /* a digest brings the table of units along, as a file */
};

struct lexicon;
struct ours;
struct office {
    struct db *db;
    const struct policy *policy;
    struct lexicon *lexicon; /* names and titles as they are looked for; NULL until needed */
};
/* Forgets what was made for speed. */
void office_relax(struct office *office);

/* The unit that somebody means: its code or any of its names, in every form that people write
 * (柳州市教育局, 教育局, 市教育局办公室). 0: none, or it may be one of several. */
gint64 unit_named(struct office *office, const char *text);

/* ---- the way of a message */

/* How a mail is understood, before anything is written. */
struct judgement {
    gint64 matter, unit;                   /* 0 where a person must decide */
    gint64 proposed_matter, proposed_unit; /* the best guess, 0 if there is none */
    GArray *more_units, *more_matters;     /* gint64: or these; tag several_…: for all of them */
    gboolean for_itself;                   /* the sender speaks for his own unit (我局) */
    enum stance stance;                    /* as said; only of a person's mail */
    enum stance content;                   /* what it comes to: a correction's new content … */
    char *stance_evidence;                 /* verbatim from the mail, or NULL */
    gboolean secret;                       /* a paper with a 密级 mark: it is not quoted */
    const char *tag;                       /* why a person must look; NULL: filed without one */
    char *reason;                          /* the same in words; NULL if filed */
    GPtrArray *evidence;                   /* struct proof */
};
struct proof {
    const char *rule; /* token, reply, address, only_open_matter … */
    int weight;
    char *text;          /* verbatim */
    gboolean learnt;     /* a name that is not on the roster, but was learnt */
    gint64 matter, unit; /* for which it speaks; 0: for none */
};
/* The rules that judge tries, in order; NULL after the last. */
const char *const *judge_rules(void);
/* Judges a person's mail as if it had just arrived; only reads. Free with judgement_free. */
struct judgement *judge(struct office *office, const struct mail *mail);
/* What is proposed (struct side), the best guess first; several: a person says for which it
 * counts. g_array_unref. */
GArray *judgement_sides(const struct judgement *judgement);
void judgement_free(struct judgement *judgement);

/* What we sent in a matter, whose words prove nothing when they come back; NULL for matter 0. mail:
 * the one that may quote us, or NULL. Free with ours_free (NULL is fine). */
struct ours *ours_new(const char *title);
struct ours *ours_load(struct office *office, gint64 matter, gint64 unit, const struct mail *mail);
void ours_free(struct ours *ours);

/* What the new text and the attachments say. ours: may be NULL. *content may differ for a
 * correction. *evidence: a verbatim piece of the mail, or NULL; the caller frees. Needs no office.
 */
enum stance stance_of_mail(const struct mail *mail, const struct ours *ours, enum stance *content,
                           char **evidence);

/* Handles one stored message: finds its kind's row in the table of handlers and lets it write the
 * ledger, the review queue and the outbox. FALSE: the database failed, nothing is written. */
gboolean handle_message(struct office *office, gint64 id, const struct mail *mail, GError **error);
/* A message that must not be parsed again: to the review queue as it is. */
void handle_unparsed(struct office *office, gint64 id, const char *why);

/* The parsed mail of a stored message, with what its attachments are known to say; NULL if its
 * bytes are gone. */
struct mail *mail_stored(struct db *db, const char *sha256, GError **error);
/* Pictures in the body are signatures and the like. */
gboolean attachment_is_paper(const struct attachment *attachment);

/* ---- the ledger */

/* What came by another way than mail, or is entered by a person. Recomputes the unit's status. */
gboolean ledger_submit(struct office *office, const struct submission *submission, GError **error);
gboolean ledger_void(struct office *office, gint64 submission, const char *reason, GError **error);
gboolean ledger_paper(struct office *office, gint64 matter, gint64 unit, enum how how, int stance,
                      GError **error);
/* Status from what is there: submissions, acknowledgements, paper; cancels reminders not owed. */
void ledger_refresh(struct office *office, gint64 matter, gint64 unit);

/* ---- due dates: one row each, run by the schedule stage in this order, each in its own
 * transaction. Returns FALSE with an error if texts could not be made; what could is kept. */
struct due_handler {
    const char *name;
    gboolean (*run)(struct office *office, GError **error);
};
extern const struct due_handler due_handlers[]; /* name NULL after the last */

/* The next instant at which something may fall due by time alone; only reads. */
gint64 due_next(struct office *office);

/* ---- views: only read */

/* DESIGN §6: `lianluo status MATTER --json`. A new reference. */
json_t *status_json(struct office *office, gint64 matter);
/* Everything the digest says, for its template. A new reference. */
json_t *digest_json(struct office *office);
/* Puts a digest into the outbox under that key. */
gboolean digest_queue(struct office *office, const char *key, GError **error);
/* What is wrong with the bot itself (law 11), one line each; an empty array if all is well. */
json_t *health_json(struct office *office);

/* What to do about a missing calendar of working days; NULL if none is. The caller frees. */
char *calendar_advice(void);
/* What is held, why, and what to do; NULL: nothing is. The caller frees. */
char *held_advice(struct office *office);

/* The directory of the office's own templates, DIR/templates; the caller frees. */
char *office_templates(struct office *office);

#include "handlers/matter/matters.h"
#include "handlers/opinions/opinions.h"
#include "handlers/settle.h"

#endif
