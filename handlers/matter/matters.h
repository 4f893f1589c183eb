/* The way of a matter. Each act refuses (FAULT_REFUSED) what its state does not allow. */
#ifndef HANDLERS_MATTERS_H
#define HANDLERS_MATTERS_H

#include <glib.h>

struct matter;
struct office;
struct outbox;

/* ---- signing (签发): a matter goes out only after its signer consented to exactly what will be
 * sent, if the office wants that */
/* TRUE if it does: sign_off = yes, or not said and a signer is on the roster. */
gboolean sign_off_wanted(struct office *office);
/* Puts it before the signers, by mail with a code each; again, while it waits, with new codes. by:
 * who submits it. FAULT_REFUSED: besides, there is no signer. */
gboolean matter_submit(struct office *office, gint64 matter, const char *by, GError **error);
/* Consents to what was submitted. issue: it goes out at once, if nothing else is in its way; the
 * clerks are told of either. *hindrance (may be NULL): what is; the caller frees. */
gboolean matter_sign(struct office *office, gint64 matter, const char *signer, gboolean issue,
                     char **hindrance, GError **error);
/* Back to the clerks, a draft again. */
gboolean matter_return(struct office *office, gint64 matter, const char *signer,
                       const char *remarks, GError **error);

/* ---- 收到通知后3个工作日内: a deadline of each unit's own */
#define NOTICE_DUE "［截止日期］" /* stands for the day in a notice that has not left yet */
/* The rule of a matter that has one, "收到通知后 3 个工作日内"; NULL: it has none. The caller
 * frees. */
char *relative_chinese(const struct matter *m);
/* A text of an outbox row with the day that it would be if the mail left now; NULL for NULL. The
 * caller frees. */
char *notice_dated(struct office *office, const struct outbox *row, const char *text);
/* A row of the outbox left: if it is a notice, its unit's days count from now. */
void notice_left(struct office *office, const struct outbox *row);

/* ---- the acts */
gboolean matter_issue(struct office *office, gint64 matter, GError **error);
gboolean matter_close(struct office *office, gint64 matter, GError **error);
gboolean matter_cancel(struct office *office, gint64 matter, GError **error);
/* unit 0: for all. */
gboolean matter_prolong(struct office *office, gint64 matter, gint64 unit, const char *deadline,
                        GError **error);
gboolean matter_exempt(struct office *office, gint64 matter, gint64 unit, const char *why,
                       GError **error);
/* Records 视为无异议 for every silent unit that nothing speaks against (law 7), as the clerk
 * confirmed. FAULT_REFUSED: not yet, or not by this notice. *deemed and *blocked count. */
gboolean matter_settle(struct office *office, gint64 matter, int *deemed, int *blocked,
                       GError **error);

#endif
