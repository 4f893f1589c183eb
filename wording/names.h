/* Names of units in running text: 市教育局, 教育局, 柳州市教育局 and 市教育局办公室 are one. */
#ifndef WORDING_NAMES_H
#define WORDING_NAMES_H

#include <glib.h>

struct names;

/* office: the office's own name, whose city stands before the names of its units ("柳州市科协":
 * 柳州市); NULL: none. Free with names_free (NULL is fine). */
struct names *names_new(const char *office);
void names_free(struct names *names);
/* A unit's name, short name or alias, with all the forms in which people write it. A form that two
 * owners could have stands for neither; one that was given as it is beats one that was made. */
void names_add_unit(struct names *names, const char *name, gint64 owner);
/* A name that was learnt, as it is, with and without the city: it stands behind all names above,
 * which must be added first. */
void names_add_learnt(struct names *names, const char *name, gint64 owner);
/* A phrase as it is, without other forms. */
void names_add(struct names *names, const char *phrase, gint64 owner);

struct name_hit {
    gint64 owner;
    gsize from, to;   /* bytes of the squeezed text */
    gsize start, end; /* bytes of the text as it was given */
    gboolean learnt;  /* by a name that was learnt */
};
/* Every name in a text, in order, the longest at each place; those of another place's office of the
 * same kind (南宁市教育局, 柳北区教育局) are left out. struct name_hit; g_array_unref. */
GArray *names_find(const struct names *names, const char *text);

/* ---- alias.c: the name of an office that a line consists of (落款, letterhead, the name beside an
 * address) and that may be learnt: nobody has it, nor an end or a piece of it, but perhaps by
 * learning, and it is not too general (局办公室). NULL: there is none. The caller frees. */
char *names_unknown(const struct names *names, const char *line);
/* TRUE if somebody has that name, or a part of it, other than by learning. */
gboolean names_has_part(const struct names *names, const char *name);

/* ---- speak.c: for whom and about what a letter speaks, as its sentences say it: 科协和社科联
 * 都没有意见, 受团市委委托, 对年度工作要点没有意见. A name that is only mentioned is neither. */
struct spoken {
    GArray *owners;    /* gint64, each once; 0 for the writer's own unit (我局) */
    GPtrArray *pieces; /* char*, the name as it stands there; "" for the own */
};
void spoken_clear(struct spoken *spoken);
/* The units for which a text speaks, by the sentences that name one. */
void spoken_for(const struct names *units, const char *text, struct spoken *spoken);
/* Whether it speaks for the writer's own unit: 我局无意见, 受我办委托. */
gboolean spoken_for_us(const struct names *units, const char *text);
/* The papers (owners in a table of titles, words or numbers) on which a text says something: not
 * those that it quotes or refers to. */
void spoken_about(const struct names *papers, const char *text, struct spoken *spoken);

#endif
