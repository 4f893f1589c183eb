/* bot: the program. Configuration, the four stages, the loop that runs them, and the commands. */
#ifndef BOT_H
#define BOT_H

#include "base/base.h"
#include "bot/config.h"
#include "channels/channels.h"
#include "db/db.h"
#include "documents/documents.h"
#include "handlers/handlers.h"
#include "mail/mail.h"
#include "templates/templates.h"
#include "wording/wording.h"

/* ---- the bot */
struct bot {
    struct config *config;
    struct db *db;
    struct office office;
    struct imap *imap;           /* kept between two readings; NULL: not connected */
    struct sender *mail, *wecom; /* wecom NULL: no group */
    int lock;                    /* fd of the office's lock, -1 if not held */
    int wake;                    /* eventfd that ends every wait for the mailbox, or -1 */
    const gint *stop;            /* the daemon's: finish the item in hand, then return; or NULL */
    struct pause {
        gint64 until; /* monotonic seconds: a lane whose server refuses is left alone */
        int failures;
    } mail_pause, wecom_pause;
    gboolean refused;  /* the last login was: not to be hammered */
    gint64 allowed_at; /* real time at which pacing lets the next one go; 0: now */
};
/* Configuration and database of an office; no lock, no network. Free with bot_close. */
struct bot *bot_open(const char *dir, GError **error);
void bot_close(struct bot *bot);
/* The office's own working-day calendars, DIR/holidays/: calendar_load. */
gboolean calendar_of_office(const char *dir, GError **error);
/* Takes the office's lock (FAULT_WORLD names the holder), resolves secrets, makes the senders, and
 * marks what a dead predecessor left `sending` as uncertain. */
gboolean bot_start(struct bot *bot, GError **error);
/* Gives memory back to the system after work, since the next may be hours away. */
void bot_relax(struct bot *bot);
/* The same without the lock and the marking: for a thread of the daemon that holds it. */
gboolean bot_ready(struct bot *bot, GError **error);
/* The pid that holds the office's lock; 0 if nobody does. */
int bot_holder(const char *dir);

/* What a stage came to. */
enum stage {
    STAGE_IDLE,   /* nothing to do */
    STAGE_WORKED, /* did something */
    STAGE_FAILED, /* the world failed; it is logged, kept in the database and shown by status */
};
enum stage receive(struct bot *bot);
/* Reads the first folder alone, on the kept connection: there was news. */
enum stage receive_news(struct bot *bot);
enum stage handle(struct bot *bot);
enum stage schedule(struct bot *bot);
enum stage deliver(struct bot *bot);
/* All four once, in that order. FAILED if one failed. */
enum stage tick(struct bot *bot);

/* TRUE if the lane ("mail", "wecom") may send one more now; else bot->allowed_at says when. */
gboolean pace_allows(struct bot *bot, const char *lane);
/* So many seconds and up to a tenth more, at random: no office shall knock to the second. */
gint64 wait_jittered(gint64 seconds);
/* Seconds, jittered, until the mailbox is tried again after so many failures in a row: 1, 5, 10 …
 * 300; where the login was refused, the last `refusals` of them, 10 minutes … 4 hours, whatever
 * else failed before. */
gint64 wait_after(int failures, int refusals);
/* `lianluo run`: the daemon, until SIGTERM. Returns the exit code. */
int run_office(const char *dir, GError **error);
/* Wakes the daemon of an office, if there is one, to what was just written. */
void run_wake(const char *dir);

/* ---- papers.c: mails whose attachments have been read (attachment->document) */
/* The parsed mail of a stored message; NULL if its bytes are gone. What its attachments say comes
 * from the database; with read, what was never read is read now, outside of any transaction. */
struct mail *stored_mail(struct db *db, const char *sha256, gboolean read, GError **error);
/* A mail from a file, which is in no office. */
struct mail *mail_with_papers(const char *path, GError **error);
/* Keeps what was read of a mail's attachments, inside a transaction. */
void papers_keep(struct db *db, const struct mail *mail);
/* What the file at path says, as `lianluo read` prints it. NULL: FAULT_REFUSED, it is not there or
 * no file; FAULT_WORLD, its reader did not start. A new reference. */
json_t *document_of_file(const char *path, GError **error);
GBytes *document_line_of_file(const char *path, GError **error); /* see document_line */
/* Writes a row of the outbox to fd as the mail that is sent. */
gboolean outbox_write(struct bot *bot, const struct outbox *row, int fd, GError **error);
/* Remembers what is wrong with a stage under KEY (NULL: all is well again) and logs the change. */
void fault_remember(struct bot *bot, const char *key, const char *what);

/* ---- commands: one file each in bot/commands, one row each in main.c */
struct cli {
    const char *dir; /* -C, default "." */
    gboolean json, help;
    int argc; /* what is left after the options */
    char **argv;
};
struct command {
    const char *name, *summary, *help;
    /* The command's own options, or NULL; the common ones (-C, --json, --at, --help) are added. */
    const GOptionEntry *options;
    gboolean writes; /* a daemon is woken after it */
    /* Returns the exit code; an error decides it otherwise. */
    int (*run)(struct cli *cli, GError **error);
};
extern const struct command *const commands[]; /* NULL after the last */

enum { EXIT_DONE = 0, EXIT_WAITS = 3 };

/* An object and a line end, as they are printed; steals the reference. The caller frees. */
GString *json_line(json_t *json);
void print_json(json_t *json); /* the same on standard output */
/* The text of a file of any format that lianluo-read reads, "-" being standard input. NULL: it
 * cannot be read, or there is no text in it. The caller frees. */
char *text_file(const char *path, GError **error);
/* Refuses too few or too many arguments with the command's usage. */
gboolean cli_expect(struct cli *cli, int min, int max, const char *usage, GError **error);
/* The verb (first argument) must be one of a command's own: its index, or -1 with an error. */
int cli_verb(struct cli *cli, const char *const *verbs, GError **error);
/* MATTER and UNIT as people write them; 0 with an error that names the nearest. */
gint64 cli_matter(struct db *db, const char *text, GError **error);
gint64 cli_unit(struct office *office, const char *text, GError **error);
/* A number such as "12" or "#12"; 0 with an error. */
gint64 cli_number(const char *text, const char *what, GError **error);
/* A stance, English or Chinese; -1 with an error that lists them. */
int cli_stance(const char *text, GError **error);
json_t *json_instant(gint64 instant);          /* null for 0 */
json_t *json_text(const char *text);           /* null for NULL */
json_t *json_unit(struct db *db, gint64 unit); /* its code, null for 0 */
json_t *json_id(gint64 id);                    /* null for 0 */

#endif
