/* intake: a matter out of the notice itself, by whatever way the notice came. */
#ifndef HANDLERS_INTAKE_H
#define HANDLERS_INTAKE_H

#include "db/db.h"
#include <glib.h>
#include <jansson.h>

enum { ANNEXES_MAX = 20 * 1024 * 1024 }; /* bytes: most mailboxes take no more */

/* A file that comes with the notice. */
struct enclosed {
    const char *filename;
    const char *text; /* what it says; NULL: not read */
    gboolean marked; /* with a 密级, somewhere beside its text: a header, a member of an archive */
};

struct intake {
    json_t *notice;          /* what notice_read makes of it */
    json_t *checks;          /* [{tag,text}]: what a person should look at before it goes */
    struct matter matter;    /* the draft, not yet stored; may still be changed */
    GArray *units;           /* gint64: who is addressed and on the roster */
    gboolean annexes_inside; /* the same file holds its annexes: matter.notice stops before them */
};

struct office;
/* Reads a notice and checks it against the office; only reads the database. FAULT_REFUSED: it is
 * empty, or it or a file bears a 密级 mark: such papers do not go by public mail. Free with
 * intake_free. */
struct intake *intake_read(struct office *office, const char *text, const struct enclosed *files,
                           guint n_files, GError **error);
void intake_free(struct intake *intake);
/* FALSE (FAULT_REFUSED): the notice or a file bears a 密级 mark. */
gboolean intake_may_go(const char *text, const struct enclosed *files, guint n, GError **error);
/* A person says when it is due (as deadline_normalize writes it): a silence rule that waited for a
 * deadline holds now, and what was to be looked at about the old one is forgotten. */
void intake_set_deadline(struct intake *intake, const char *deadline);
/* Stores the draft and its assignments; inside the caller's transaction, who adds the annexes. 0:
 * no title (FAULT_REFUSED). */
gint64 intake_store(struct office *office, struct intake *intake, GError **error);
/* What was read, for people: each field with its sentence, then the checks. The caller frees. */
char *intake_form(const struct intake *intake);

#endif
