/* Assignments: one unit's side of one matter, and its status. */
#ifndef DB_ASSIGNMENT_H
#define DB_ASSIGNMENT_H

#include "db/words.h"
#include <glib.h>

struct assignment {
    gint64 id, matter, unit;
    enum status status;
    gboolean late;
    gint64 electronic_at; /* when its electronic answer arrived; 0: not yet */
    enum paper paper;
    gint64 paper_at;
    int paper_how;    /* enum how, -1 if not received */
    int paper_stance; /* enum stance, -1: received, but nobody said what it says */
    char *deadline;   /* its own, or the matter's; NULL if neither */
    int due;          /* version: matter's plus its own, so that either makes a new one */
    char *remark;     /* why exempt …, or NULL */
};
void assignment_free(struct assignment *assignment);

void assignment_add(struct db *db, gint64 matter, gint64 unit, enum paper paper);
/* NULL if that unit was not asked. */
struct assignment *assignment_get(struct db *db, gint64 matter, gint64 unit);
/* struct assignment of a matter, in the roster's order; g_ptr_array_unref. */
GPtrArray *assignment_list(struct db *db, gint64 matter);
/* The issued matters that a unit was asked in (ids, gint64); g_array_unref. */
GArray *assignment_open_matters(struct db *db, gint64 unit);
/* TRUE if, by the matter's requirements, this side is not complete: electronic missing or paper
 * waiting. Exempt units owe nothing; deemed ones nothing either. *electronic and *paper say which
 * (may be NULL). */
struct matter;
gboolean assignment_owes(const struct matter *matter, const struct assignment *assignment,
                         gboolean *electronic, gboolean *paper);

/* Each writes an event if it changed something. */
void assignment_set_status(struct db *db, gint64 matter, gint64 unit, enum status status,
                           const char *why);
void assignment_set_late(struct db *db, gint64 matter, gint64 unit, gboolean late);
void assignment_set_electronic(struct db *db, gint64 matter, gint64 unit, gint64 at);
void assignment_set_paper(struct db *db, gint64 matter, gint64 unit, gint64 at, enum how how,
                          int stance);
/* The day that a relative deadline comes to for it. No new due version; nothing, once somebody
 * granted another. */
void assignment_date(struct db *db, gint64 matter, gint64 unit, const char *deadline);
/* Its own deadline (an extension granted to it), and a new due version. */
void assignment_extend(struct db *db, gint64 matter, gint64 unit, const char *deadline);

#endif
