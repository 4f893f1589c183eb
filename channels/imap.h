/* imap: reading a mailbox that people share. Nothing here changes it. */
#ifndef CHANNELS_IMAP_H
#define CHANNELS_IMAP_H

#include "channels/account.h"

/* Every call that fails sets a FAULT_WORLD error that names host, step and cause ("证书" …: in
 * Chinese, for people), after which the connection is dead: only imap_close may follow. A refused
 * login (wrong password, no permission) is IMAP_REFUSED in domain IMAP_FAULT, so that the caller
 * does not hammer; a wait that wake_fd aborted is IMAP_WOKEN, which is nobody's fault; what could
 * not be written to the caller's file is IMAP_UNWRITTEN, which is not the server's. */
#define IMAP_FAULT imap_fault_quark()
enum imap_fault { IMAP_REFUSED = 1, IMAP_WOKEN, IMAP_UNWRITTEN };
GQuark imap_fault_quark(void);

struct imap;

/* Connects, verifies, logs in and sends ID (RFC 2971; NetEase wants it before EXAMINE). Each
 * command has a deadline of its own (account->timeout × 4 in all, account->timeout of silence),
 * which grows by a second for each 16 KiB that it asks for; a server that sends far more than that
 * is cut off. A host, user, password or folder with CR, LF or NUL is FAULT_REFUSED, and so is one
 * that is missing. The line is probed by the kernel (TCP keepalive: first after 120 s of silence,
 * then each 30 s, given up after 4 unanswered), so that a link that died silently is noticed within
 * 4 minutes, even in IDLE.
 *
 * wake_fd: an eventfd that wakes us when readable, or -1. It is only polled, never read: whoever
 * wrote to it wants to be heard ("stop now", "look now"), and the caller reads it empty. In every
 * call but imap_idle a readable wake_fd aborts the wait (IMAP_WOKEN), and the connection is dead:
 * so empty it before the next command. In imap_idle it only ends the IDLE, and the connection stays
 * usable. */
struct imap *imap_open(const struct account *account, int wake_fd, GError **error);
/* Says goodbye if the connection is alive, frees; NULL is fine. Never waits on a dead link. */
void imap_close(struct imap *imap);

struct imap_folder {
    guint32 uidvalidity;
    guint32 exists;
    guint32 uidnext; /* 0 if the server does not say (163) */
};
/* Opens a folder read-only. The name is UTF-8; modified UTF-7 is made here. A folder that does not
 * exist is FAULT_REFUSED and leaves the connection alive, with no folder open. 163's "Unsafe Login"
 * gets ID and one more try. To be called again at will, on the same folder or another: one round
 * trip, which is also how a kept connection without IDLE looks for news and proves to be alive;
 * *out is what the newest answer says, nothing of it older. */
gboolean imap_examine(struct imap *imap, const char *folder, struct imap_folder *out,
                      GError **error);

struct imap_item {
    guint32 uid;
    guint32 size;        /* RFC822.SIZE */
    gint64 internaldate; /* 0 if the server does not say */
};
/* Lists what lies above a UID in the examined folder: an array of struct imap_item in UID order
 * without duplicates, never one at or below it (servers answer n:* with the last message). Free
 * with g_array_unref. */
GArray *imap_list(struct imap *imap, guint32 above, GError **error);

/* Fetches whole messages (BODY.PEEK[]) of the listed items in one command and hands each over as it
 * arrives, in the order of the server (in a few commands if their UIDs make over 300 ranges). A
 * message that vanished is simply not handed over. The callback returns FALSE to stop: then the
 * connection is dead and the result FALSE with the callback's own error. */
typedef gboolean imap_message_cb(void *context, const struct imap_item *item, const char *bytes,
                                 gsize n, GError **error);
gboolean imap_fetch(struct imap *imap, const struct imap_item *items, guint n,
                    imap_message_cb *message, void *context, GError **error);
/* Streams one message to fd, in pieces, whatever its size; *size is what was written, 0 if the
 * message vanished. */
gboolean imap_fetch_to(struct imap *imap, guint32 uid, int fd, gint64 *size, GError **error);

/* TRUE if the server offers IDLE (RFC 2177) and has not refused it on this connection. */
gboolean imap_can_idle(struct imap *imap);

enum idle {
    IDLE_NEWS,    /* the number of messages changed, or has since the last imap_examine/imap_list */
    IDLE_TIMEOUT, /* nothing for that many seconds */
    IDLE_WOKEN,   /* wake_fd is readable, maybe it was at the start; the caller empties it */
    IDLE_FAILED,  /* an error is set: the line died */
};
/* Waits for news of the examined folder: sleeps in poll until there is some, for at most so many
 * seconds; over 28 minutes counts as 28 (servers hang up after 30), then call it again. But for
 * IDLE_FAILED the connection is ready for the next command. What begins and ends an IDLE has 5
 * seconds (or account->timeout, if shorter), whatever wake_fd says. A server that refuses IDLE
 * after all is IDLE_FAILED with FAULT_REFUSED: the connection lives, and imap_can_idle is FALSE
 * from then on. A count said again unchanged is no news, and neither are flags. */
enum idle imap_idle(struct imap *imap, int seconds, GError **error);

#endif
