/* What is learnt when a person settles whose a message is: the address that it came from, and the
 * name by which the unit called itself, if the roster does not know it. */
#include "handlers/judge/evidence.h"
#include "handlers/private.h"

enum { HEAD_LINES = 4, FOOT_LINES = 8 };

static void lesson_free(gpointer data)
{
    struct lesson *lesson = data;
    g_free(lesson->text);
    g_free(lesson->said);
    g_free(lesson);
}

GPtrArray *lessons_new(void)
{
    return g_ptr_array_new_with_free_func(lesson_free);
}

static gboolean is_known(const GPtrArray *known, gint64 unit)
{
    for (guint i = 0; i < known->len; i++)
        if (((const struct learnt *)known->pdata[i])->unit == unit)
            return TRUE;
    return FALSE;
}

/* Learns it for all of the units, and says what is known now: that it is worth little, if it was
 * settled in several ways. */
static void take(struct office *office, enum learnt_what what, const char *text,
                 const GArray *units, GPtrArray *lessons)
{
    static const char *const as[] = { [LEARNT_ADDRESS] = "的邮箱", [LEARNT_NAME] = "的叫法" };
    g_autoptr(GPtrArray) before = learnt_of(office->db, what, text);
    g_autoptr(GString) names = g_string_new(NULL);
    gboolean new = FALSE;
    for (guint i = 0; i < units->len; i++) {
        gint64 unit = g_array_index(units, gint64, i);
        g_autofree char *name = unit_label(office->db, unit);
        g_string_append_printf(names, "%s%s", i > 0 ? "、" : "", name);
        new |= !is_known(before, unit);
        learnt_add(office->db, what, text, unit);
    }
    if (!new)
        return;
    struct lesson *lesson = g_new0(struct lesson, 1);
    lesson->text = g_strdup(text);
    if (units->len > 1)
        lesson->said = g_strdup_printf("记住了：“%s”由%s共用，以后看落款", text, names->str);
    else if (before->len > 0)
        lesson->said = g_strdup_printf("“%s”以前登记到别的单位，这次是%s：以后单凭它不再认单位",
                                       text, names->str);
    else
        lesson->said = g_strdup_printf("记住了：“%s”是%s%s", text, names->str, as[what]);
    g_ptr_array_add(lessons, lesson);
}

/* The roster knows better; one of the office's own, and whoever passes on what another wrote, says
 * nothing by his address. */
static void learn_address(struct office *office, const struct message *message,
                          const struct mail *mail, const GArray *units, GPtrArray *lessons)
{
    const char *address = message->sender;
    if (address == NULL || !text_is_address(address) || mail_is_forward(mail) ||
        g_ascii_strcasecmp(address, office->policy->address) == 0)
        return;
    g_autoptr(GArray) registered = unit_by_address(office->db, address);
    if (registered->len == 0)
        take(office, LEARNT_ADDRESS, address, units, lessons);
}

/* ---- the name */

static gboolean is_offices(struct office *office, const char *name)
{
    gint64 id = unit_by_code(office->db, UNIT_OFFICE);
    struct unit *own = id != 0 ? unit_get(office->db, id) : NULL;
    gboolean is = office->policy->name != NULL && strstr(office->policy->name, name) != NULL;
    is |= own != NULL && (strstr(own->name, name) != NULL || g_str_equal(own->short_name, name));
    for (guint i = 0; own != NULL && i < own->aliases->len && !is; i++)
        is = g_str_equal(own->aliases->pdata[i], name);
    unit_free(own);
    return is;
}

static void add_name(struct office *office, GHashTable *names, const char *line)
{
    g_autofree char *name = names_unknown(lexicon_of(office)->units, line);
    if (name != NULL && !is_offices(office, name))
        g_hash_table_add(names, g_steal_pointer(&name));
}

/* The lines over and under a letter. */
static void add_names(struct office *office, GHashTable *names, const char *text, guint head)
{
    g_auto(GStrv) all = g_strsplit(text, "\n", -1);
    g_autoptr(GPtrArray) lines = g_ptr_array_new();
    for (char **line = all; *line != NULL; line++)
        if (*g_strstrip(*line) != '\0')
            g_ptr_array_add(lines, *line);
    for (guint i = 0; i < lines->len; i++)
        if (i < head || i + FOOT_LINES >= lines->len)
            add_name(office, names, lines->pdata[i]);
}

/* The letter calls the unit by a name that is known: no other one is needed. */
static gboolean is_named(struct office *office, const struct mail *mail, gint64 unit)
{
    static const enum rule rules[] = { RULE_SIGNED, RULE_LETTERHEAD, RULE_STATEMENT, RULE_SPOKEN };
    struct judgement *j = judge(office, mail);
    gboolean named = FALSE;
    for (guint i = 0; i < j->evidence->len; i++) {
        const struct proof *p = j->evidence->pdata[i];
        for (gsize k = 0; k < G_N_ELEMENTS(rules); k++)
            named |= p->unit == unit && !p->learnt && p->rule == rule_rows[rules[k]].name;
    }
    judgement_free(j);
    return named;
}

/* The one name by which the sender calls himself; NULL: none, or several. The caller frees. */
static char *name_in(struct office *office, const struct mail *mail)
{
    g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GHashTableIter each;
    gpointer name = NULL;
    add_names(office, names, mail->new_text, 0);
    add_names(office, names, mail->signature, 0);
    for (guint i = 0; i < mail->attachments->len; i++) {
        const char *text = attachment_text(mail->attachments->pdata[i]);
        if (text != NULL)
            add_names(office, names, text, HEAD_LINES);
    }
    if (g_hash_table_size(names) == 0 && mail->from->len > 0 && !mail_is_forward(mail))
        add_name(office, names, ((const struct address *)mail->from->pdata[0])->name);
    g_hash_table_iter_init(&each, names);
    if (g_hash_table_size(names) == 1)
        g_hash_table_iter_next(&each, &name, NULL);
    return g_strdup(name);
}

static GArray *units_of(const GArray *sides)
{
    GArray *units = g_array_new(FALSE, FALSE, sizeof(gint64));
    for (guint i = 0; i < sides->len; i++) {
        gint64 unit = g_array_index(sides, struct side, i).unit;
        gboolean known = FALSE;
        for (guint k = 0; k < units->len; k++)
            known |= g_array_index(units, gint64, k) == unit;
        if (!known)
            g_array_append_val(units, unit);
    }
    return units;
}

void learn_from(struct office *office, const struct message *message, const struct mail *mail,
                const GArray *sides, GPtrArray *lessons)
{
    g_autoptr(GArray) units = units_of(sides);
    gint64 unit = g_array_index(units, gint64, 0);
    g_autofree char *name =
        units->len == 1 && !is_named(office, mail, unit) ? name_in(office, mail) : NULL;
    if (name != NULL)
        take(office, LEARNT_NAME, name, units, lessons);
    learn_address(office, message, mail, units, lessons);
}
