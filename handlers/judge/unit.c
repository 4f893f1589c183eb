/* Which unit a mail is from: its registered address alone says so, unless the letter says
 * otherwise; an address that nobody knows needs a letter that names its issuer and answers ours. */
#include "handlers/judge/weigh.h"
#include "handlers/private.h"

enum { BELIEVED = 100 }; /* a unit is */

static void conflict(struct office *office, struct judgement *j, gint64 sender, gint64 named)
{
    g_autofree char *one = unit_label(office->db, sender);
    g_autofree char *other = unit_label(office->db, named);
    doubt(j, "conflict", "发件邮箱属于%s，来信落款或所附材料却是%s的，请确认代表哪个单位", one,
          other);
}

/* Names of units, as people list them; the caller frees. */
static char *unit_labels(struct office *office, const GArray *units)
{
    GString *all = g_string_new(NULL);
    for (guint i = 0; i < units->len; i++) {
        g_autofree char *name = unit_label(office->db, g_array_index(units, gint64, i));
        g_string_append_printf(all, "%s%s", i > 0 ? "、" : "", name);
    }
    return g_string_free(all, FALSE);
}

/* A letter for several units counts for each of them, or for none: a person says so. */
static void doubt_several(struct office *office, struct judgement *j, const GArray *units)
{
    g_autofree char *names = unit_labels(office, units);
    j->proposed_unit = g_array_index(units, gint64, 0);
    for (guint i = 1; i < units->len; i++)
        g_array_append_val(j->more_units, g_array_index(units, gint64, i));
    doubt(j, "several_units", "来信像是同时代表%s，请登记到它所代表的单位", names);
}

/* It may be that unit's, too: while nobody has decided, nobody takes its silence for an answer. */
static void add_candidate(struct judgement *j, gint64 unit)
{
    gboolean known = unit == 0 || unit == j->proposed_unit;
    for (guint i = 0; i < j->more_units->len; i++)
        known |= g_array_index(j->more_units, gint64, i) == unit;
    if (!known)
        g_array_append_val(j->more_units, unit);
}

static void doubt_between(struct judgement *j, gint64 second)
{
    add_candidate(j, second);
    doubt(j, "conflict", "发件邮箱没有登记，来信又同时指向几个单位");
}

static gboolean has_file(const struct judgement *j, gint64 unit)
{
    for (guint i = 0; i < j->evidence->len; i++) {
        const struct proof *p = j->evidence->pdata[i];
        if (p->unit == unit && p->rule == rule_rows[RULE_FILE_NAME].name)
            return TRUE;
    }
    return FALSE;
}

/* Those for which the letter itself speaks, but for `sender`, at least as clearly as for it or in
 * so many words. */
static GArray *speakers_beside(const struct judgement *j, gint64 sender)
{
    GArray *units = g_array_new(FALSE, FALSE, sizeof(gint64));
    for (guint i = 0; i < j->evidence->len; i++) {
        const struct proof *p = j->evidence->pdata[i];
        gboolean known = p->unit == sender || p->unit == 0;
        for (guint k = 0; k < units->len; k++)
            known |= g_array_index(units, gint64, k) == p->unit;
        gboolean issues =
            row_of(p)->issuer && issued_by(j, p->unit) >= MAX(issued_by(j, sender), 1);
        /* Its files are called after both: it brings the papers of both. */
        gboolean brings = p->rule == rule_rows[RULE_FILE_NAME].name && has_file(j, sender);
        if (!known && (issues || brings || p->rule == rule_rows[RULE_SPOKEN].name))
            g_array_append_val(units, p->unit);
    }
    return units;
}

/* The mailbox of several units: the letter must say for which. */
static void decide_shared(struct office *office, struct judgement *j)
{
    gint64 named = issuer(j, 0);
    g_autoptr(GArray) sharing = g_array_new(FALSE, FALSE, sizeof(gint64));
    gboolean theirs = FALSE;
    j->proposed_unit = named != 0 ? named : heaviest(j, SPEAKS_FOR_UNIT, 0);
    for (guint i = 0; i < j->evidence->len; i++) {
        const struct proof *p = j->evidence->pdata[i];
        if (p->rule != rule_rows[RULE_ADDRESS].name &&
            p->rule != rule_rows[RULE_LEARNT_LONG_AGO].name)
            continue;
        theirs |= p->unit == named;
        g_array_append_val(sharing, p->unit);
    }
    g_autoptr(GArray) speakers = speakers_beside(j, named);
    g_array_prepend_val(speakers, named);
    g_autofree char *names = unit_labels(office, sharing);
    if (named != 0 && issuer(j, named) != 0)
        doubt_several(office, j, speakers);
    else if (named == 0 || !theirs)
        doubt(j, "shared_address", "这个邮箱由%s几个单位使用，分不清这一封代表哪个单位", names);
    for (guint i = 0; j->tag != NULL && i < sharing->len; i++)
        add_candidate(j, g_array_index(sharing, gint64, i));
}

/* The mailbox of one unit, which may also write for another, or pass on what another wrote. */
static void decide_registered(struct office *office, struct judgement *j, gint64 sender)
{
    gint64 answered = claimed(j, RULE_THREAD, SPEAKS_FOR_UNIT, sender);
    g_autofree char *one = unit_label(office->db, sender);
    g_autofree char *other = unit_label(office->db, answered);
    g_autoptr(GArray) others = speakers_beside(j, sender);
    gboolean itself = issued_by(j, sender) > 0 || j->for_itself || has_file(j, sender);
    j->proposed_unit = sender;
    if (others->len > 0 && (itself || others->len > 1)) {
        if (itself)
            g_array_prepend_val(others, sender);
        doubt_several(office, j, others);
    } else if (others->len > 0) {
        j->proposed_unit = g_array_index(others, gint64, 0);
        add_candidate(j, sender);
        conflict(office, j, sender, j->proposed_unit);
    } else if (answered != 0 && issued_by(j, sender) == 0) {
        add_candidate(j, answered);
        doubt(j, "conflict", "发件邮箱属于%s，回复的却是发给%s的邮件", one, other);
    }
}

int context_of(const struct judgement *j)
{
    if (claimed(j, RULE_TOKEN, SPEAKS_FOR_MATTER, 0) != 0 ||
        claimed(j, RULE_REPLY, SPEAKS_FOR_MATTER, 0) != 0)
        return ANSWERS;
    return claimed(j, RULE_TITLE, SPEAKS_FOR_MATTER, 0) != 0 ||
                   claimed(j, RULE_NUMBER, SPEAKS_FOR_MATTER, 0) != 0
               ? SPEAKS_OF
               : 0;
}

/* A mailbox that nobody registered: the normal case of a private one, but also a stranger's. */
static void decide_unregistered(struct office *office, struct judgement *j, gboolean from_office)
{
    gint64 answered = claimed(j, RULE_THREAD, SPEAKS_FOR_UNIT, 0);
    gint64 best = issuer(j, 0);
    if (best == 0)
        best = heaviest(j, SPEAKS_FOR_UNIT, 0);
    int own = weight_for(j, SPEAKS_FOR_UNIT, best);
    gint64 second = heaviest(j, SPEAKS_FOR_UNIT, best);
    gboolean only_thread = own <= rule_rows[RULE_THREAD].weight;
    gboolean forwarded = claimed(j, RULE_FORWARDED, SPEAKS_FOR_UNIT, 0) == best;
    g_autoptr(GArray) speakers = speakers_beside(j, best);
    g_autofree char *name = unit_label(office->db, best);
    j->proposed_unit = best;
    if (from_office && !(best != 0 && forwarded && second == 0))
        doubt(j, "office_mail", "办公室人员来信，请登记到单位或忽略");
    else if (best == 0)
        doubt(j, "unknown_sender", "发件邮箱没有登记，来信也没有写明单位");
    else if (issued_by(j, best) > 0 && speakers->len > 0)
        doubt_several(office, j, g_array_prepend_val(speakers, best));
    else if (second != 0 && (issuer(j, best) != 0 || second == answered ||
                             weight_for(j, SPEAKS_FOR_UNIT, second) >= own))
        doubt_between(j, second);
    else if (!from_office && (only_thread || own + context_of(j) < BELIEVED))
        doubt(j, "unknown_sender", "发件邮箱没有登记，可能是%s，依据不足", name);
}

void decide_unit(struct office *office, struct judgement *j, gboolean from_office)
{
    static const enum rule known[] = { RULE_ADDRESS, RULE_LEARNT };
    gint64 sender = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(known) && sender == 0; i++)
        sender = claimed(j, known[i], SPEAKS_FOR_UNIT, 0);
    gint64 learnt = claimed(j, RULE_LEARNT_LONG_AGO, SPEAKS_FOR_UNIT, 0);
    gboolean shared =
        (sender != 0 && claimed(j, RULE_ADDRESS, SPEAKS_FOR_UNIT, sender) != 0) ||
        (learnt != 0 && claimed(j, RULE_LEARNT_LONG_AGO, SPEAKS_FOR_UNIT, learnt) != 0);
    if (shared)
        decide_shared(office, j);
    else if (sender != 0)
        decide_registered(office, j, sender);
    else
        decide_unregistered(office, j, from_office);
    if (j->tag == NULL)
        j->unit = j->proposed_unit;
}
