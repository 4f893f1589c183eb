/* Evidence, added up; what: SPEAKS_FOR_MATTER or SPEAKS_FOR_UNIT. */
#ifndef HANDLERS_JUDGE_WEIGH_H
#define HANDLERS_JUDGE_WEIGH_H

#include "handlers/judge/evidence.h"

/* Why a person must look; the first doubt counts. */
void doubt(struct judgement *j, const char *tag, const char *format, ...) G_GNUC_PRINTF(3, 4);

const struct rule_row *row_of(const struct proof *proof);
int weight_for(const struct judgement *j, int what, gint64 id);
/* What weighs most but `other`, the first of equals; 0: nothing does. */
gint64 heaviest(const struct judgement *j, int what, gint64 other);
/* The first that a rule speaks for, other than `other`; 0: it speaks for none. */
gint64 claimed(const struct judgement *j, enum rule rule, int what, gint64 other);
/* How strongly the letter itself says that it is that unit's. */
int issued_by(const struct judgement *j, gint64 unit);
/* The issuer that the letter names, other than `other`; 0 if it names none. */
gint64 issuer(const struct judgement *j, gint64 other);

/* ---- unit.c */
/* Decides, or proposes, the unit. */
void decide_unit(struct office *office, struct judgement *j, gboolean from_office);
enum {
    ANSWERS = 50,   /* an unregistered sender who answers a mail of ours, besides */
    SPEAKS_OF = 20, /* one who only names the matter */
};
int context_of(const struct judgement *j);

#endif
