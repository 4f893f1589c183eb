/* What the rows of the table of commands do: plan says it, for who must confirm it; the other does
 * it and says so in the part of the answer. */
#ifndef HANDLERS_CLERK_TABLE_H
#define HANDLERS_CLERK_TABLE_H

#include <glib.h>
#include <jansson.h>

struct clerk;
struct call;
gboolean clerk_status(struct clerk *, const struct call *, json_t *, GError **);
gboolean clerk_summary(struct clerk *, const struct call *, json_t *, GError **);
gboolean clerk_queue(struct clerk *, const struct call *, json_t *, GError **);
gboolean clerk_help(struct clerk *, const struct call *, json_t *, GError **);
gboolean clerk_paper(struct clerk *, const struct call *, json_t *, GError **);
gboolean clerk_fax(struct clerk *, const struct call *, json_t *, GError **);
gboolean clerk_assign(struct clerk *, const struct call *, json_t *, GError **);
gboolean clerk_downloaded(struct clerk *, const struct call *, json_t *, GError **);
gboolean clerk_forget(struct clerk *, const struct call *, json_t *, GError **);
gboolean clerk_ignore(struct clerk *, const struct call *, json_t *, GError **);
gboolean clerk_exempt(struct clerk *, const struct call *, json_t *, GError **);
gboolean clerk_prolong(struct clerk *, const struct call *, json_t *, GError **);
gboolean clerk_remind(struct clerk *, const struct call *, json_t *, GError **);
char *clerk_remind_plan(struct clerk *, const struct call *, GError **);
gboolean clerk_finish(struct clerk *, const struct call *, json_t *, GError **);
char *clerk_finish_plan(struct clerk *, const struct call *, GError **);
gboolean clerk_adopt(struct clerk *, const struct call *, json_t *, GError **);
char *clerk_adopt_plan(struct clerk *, const struct call *, GError **);
gboolean clerk_draft(struct clerk *, const struct call *, json_t *, GError **);
char *clerk_draft_plan(struct clerk *, const struct call *, GError **);
gboolean clerk_issue(struct clerk *, const struct call *, json_t *, GError **);
char *clerk_issue_plan(struct clerk *, const struct call *, GError **);
gboolean clerk_withdraw(struct clerk *, const struct call *, json_t *, GError **);
char *clerk_withdraw_plan(struct clerk *, const struct call *, GError **);
gboolean clerk_submit(struct clerk *, const struct call *, json_t *, GError **);
gboolean clerk_return(struct clerk *, const struct call *, json_t *, GError **);
gboolean clerk_cancel(struct clerk *, const struct call *, json_t *, GError **);

#endif
