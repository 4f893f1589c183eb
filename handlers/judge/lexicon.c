/* Names of units and titles of matters as they are looked for in a mail: made once, and again when
 * one of them changed. */
#include "handlers/judge/evidence.h"

#include <string.h>

static void lexicon_free(struct lexicon *lexicon)
{
    if (lexicon == NULL)
        return;
    names_free(lexicon->units);
    names_free(lexicon->titles);
    names_free(lexicon->numbers);
    names_free(lexicon->words);
    names_free(lexicon->papers);
    g_free(lexicon);
}

void office_relax(struct office *office)
{
    g_clear_pointer(&office->lexicon, lexicon_free);
}

static void add_units(struct office *office, struct lexicon *lexicon)
{
    g_autoptr(GPtrArray) units = unit_list(office->db, FALSE);
    for (guint i = 0; i < units->len; i++) {
        const struct unit *unit = units->pdata[i];
        if (g_str_equal(unit->code, UNIT_OFFICE))
            continue;
        names_add_unit(lexicon->units, unit->name, unit->id);
        if (*unit->short_name != '\0')
            names_add_unit(lexicon->units, unit->short_name, unit->id);
        for (guint n = 0; n < unit->aliases->len; n++)
            names_add_unit(lexicon->units, unit->aliases->pdata[n], unit->id);
    }
}

/* Behind all that the roster has. */
static void add_learnt(struct office *office, struct lexicon *lexicon)
{
    g_autoptr(GPtrArray) all = learnt_list(office->db, 0);
    for (guint i = 0; i < all->len; i++) {
        const struct learnt *l = all->pdata[i];
        if (l->what == LEARNT_NAME)
            names_add_learnt(lexicon->units, l->text, l->unit);
    }
}

enum { PAPER_MIN = 6 }; /* characters of a paper's name that tells one matter from another */

static void add_phrase(struct lexicon *lexicon, struct names *names, const char *phrase,
                       gint64 matter)
{
    names_add(names, phrase, matter);
    names_add(lexicon->papers, phrase, matter);
}

static void add_paper(struct lexicon *lexicon, const char *name, gint64 matter)
{
    g_autofree char *plain = g_strdup(name);
    char *mark = strstr(plain, "（");
    if (mark != NULL)
        *mark = '\0';
    if (g_utf8_strlen(plain, -1) >= PAPER_MIN)
        add_phrase(lexicon, lexicon->titles, plain, matter);
}

/* The whole title, what it is about, and the papers that it names. */
static void add_title(struct lexicon *lexicon, const struct matter *m)
{
    g_auto(GStrv) papers = g_strsplit(m->title, "《", -1);
    add_phrase(lexicon, lexicon->titles, m->title, m->id);
    for (char **paper = papers + 1; *papers != NULL && *paper != NULL; paper++) {
        const char *end = strstr(*paper, "》");
        g_autofree char *name = end != NULL ? g_strndup(*paper, (gsize)(end - *paper)) : NULL;
        if (name != NULL)
            add_paper(lexicon, name, m->id);
    }
}

enum { WORDS = 4 }; /* characters that tell one title from another */

/* Every letter is addressed to the office. */
static gboolean is_common(const char *words, const char *office)
{
    static const char *const common[] = { "意见", "通知", "征求", "关于", "反馈", "领导", "小组",
                                          "办公", "单位", "《",   "》",   "（",   "）" };
    for (gsize i = 0; i < G_N_ELEMENTS(common); i++)
        if (strstr(words, common[i]) != NULL)
            return TRUE;
    return strstr(office, words) != NULL;
}

/* What another title has too becomes nobody's (names.h). */
static void add_words(struct lexicon *lexicon, const struct matter *m, const char *office)
{
    glong n = g_utf8_strlen(m->title, -1);
    for (glong i = 0; i + WORDS <= n; i++) {
        g_autofree char *words = g_utf8_substring(m->title, i, i + WORDS);
        if (!is_common(words, office))
            add_phrase(lexicon, lexicon->words, words, m->id);
    }
}

/* 柳素质办〔2019〕6号 is 6号文 among people. */
static void add_number(struct lexicon *lexicon, const struct matter *m)
{
    static const char *const ways[] = { "文", "通知", "函", "两个文", "两份" };
    const char *serial = strrchr(m->number, ']');
    const char *wide = g_strrstr(m->number, "〕");
    serial = wide != NULL ? wide + strlen("〕") : serial != NULL ? serial + 1 : NULL;
    add_phrase(lexicon, lexicon->numbers, m->number, m->id);
    for (gsize i = 0; serial != NULL && g_ascii_isdigit(*serial) && m->state == STATE_ISSUED &&
                      i < G_N_ELEMENTS(ways);
         i++) {
        g_autofree char *phrase = g_strconcat(serial, ways[i], NULL);
        names_add(lexicon->papers, phrase, m->id);
    }
}

static void add_matters(struct office *office, struct lexicon *lexicon)
{
    g_autoptr(GArray) ids = matter_list(office->db, -1);
    for (guint i = 0; i < ids->len; i++) {
        struct matter *m = matter_get(office->db, g_array_index(ids, gint64, i));
        if (m->state == STATE_ISSUED) {
            add_title(lexicon, m);
            add_words(lexicon, m, office->policy->name);
        }
        if (m->number != NULL)
            add_number(lexicon, m);
        matter_free(m);
    }
}

const struct lexicon *lexicon_of(struct office *office)
{
    gint64 version = names_version(office->db);
    if (office->lexicon != NULL && office->lexicon->version == version)
        return office->lexicon;
    office_relax(office);
    struct lexicon *lexicon = office->lexicon = g_new0(struct lexicon, 1);
    lexicon->version = version;
    lexicon->units = names_new(office->policy->name);
    lexicon->titles = names_new(NULL);
    lexicon->numbers = names_new(NULL);
    lexicon->words = names_new(NULL);
    lexicon->papers = names_new(NULL);
    add_units(office, lexicon);
    add_learnt(office, lexicon);
    add_matters(office, lexicon);
    return lexicon;
}

gint64 unit_named(struct office *office, const char *text)
{
    g_autofree char *name = g_strstrip(g_strdup(text));
    gint64 unit = unit_find(office->db, name);
    if (unit != 0)
        return unit;
    g_autoptr(GArray) hits = names_find(lexicon_of(office)->units, name);
    if (hits->len != 1)
        return 0;
    const struct name_hit *hit = &g_array_index(hits, struct name_hit, 0);
    const char *rest = name + hit->end;
    return hit->start == 0 && (*rest == '\0' || g_str_equal(rest, "办公室")) ? hit->owner : 0;
}
