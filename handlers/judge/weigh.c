/* Evidence, added up. */
#include "handlers/judge/weigh.h"

void doubt(struct judgement *j, const char *tag, const char *format, ...)
{
    if (j->tag != NULL)
        return;
    va_list args;
    va_start(args, format);
    j->tag = tag;
    j->reason = g_strdup_vprintf(format, args);
    va_end(args);
}

const struct rule_row *row_of(const struct proof *proof)
{
    int i = 0;
    while (rule_rows[i].name != proof->rule)
        i++;
    return &rule_rows[i];
}

static gint64 claimed_by(const struct proof *proof, int what)
{
    return what == SPEAKS_FOR_UNIT ? proof->unit : proof->matter;
}

int weight_for(const struct judgement *j, int what, gint64 id)
{
    int weight = 0;
    for (guint i = 0; i < j->evidence->len; i++) {
        const struct proof *p = j->evidence->pdata[i];
        if (id != 0 && claimed_by(p, what) == id)
            weight += p->weight;
    }
    return weight;
}

/* What weighs most but `other`, the first of equals; 0: nothing does. */
gint64 heaviest(const struct judgement *j, int what, gint64 other)
{
    gint64 best = 0;
    for (guint i = 0; i < j->evidence->len; i++) {
        gint64 id = claimed_by(j->evidence->pdata[i], what);
        if (id != 0 && id != other &&
            weight_for(j, what, id) > (best != 0 ? weight_for(j, what, best) : 0))
            best = id;
    }
    return best;
}

gint64 claimed(const struct judgement *j, enum rule rule, int what, gint64 other)
{
    for (guint i = 0; i < j->evidence->len; i++) {
        const struct proof *p = j->evidence->pdata[i];
        if (p->rule == rule_rows[rule].name && claimed_by(p, what) != other)
            return claimed_by(p, what);
    }
    return 0;
}

/* How strongly the letter itself says that it is that unit's. */
int issued_by(const struct judgement *j, gint64 unit)
{
    int weight = 0;
    for (guint i = 0; i < j->evidence->len; i++) {
        const struct proof *p = j->evidence->pdata[i];
        if (p->unit == unit && row_of(p)->issuer)
            weight += p->weight;
    }
    return weight;
}

/* The issuer that the letter names, other than `other`; 0 if it names none. */
gint64 issuer(const struct judgement *j, gint64 other)
{
    gint64 best = 0;
    for (guint i = 0; i < j->evidence->len; i++) {
        const struct proof *p = j->evidence->pdata[i];
        if (row_of(p)->issuer && p->unit != other &&
            (best == 0 || issued_by(j, p->unit) > issued_by(j, best)))
            best = p->unit;
    }
    return best;
}
