/* The way of a matter. Each act refuses (FAULT_REFUSED) what its state does not allow. */
#ifndef HANDLERS_MATTERS_H
#define HANDLERS_MATTERS_H

#include <glib.h>

struct office;
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
