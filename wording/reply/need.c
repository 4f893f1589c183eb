/* What a text of kinds must hold for a pattern to fit at all: most rules are about words that most
 * letters do not have, and need not be tried. Each alternative of a pattern has needs of its own.
 */
#include "wording/reply/private.h"

#include <string.h>

static void kinds_add(struct kinds *kinds, char kind)
{
    guint at = (guint)kind & 127;
    kinds->bits[at / 64] |= (guint64)1 << at % 64;
}

struct kinds kinds_of(const char *text)
{
    struct kinds kinds = { { 0, 0 } };
    for (; *text != '\0'; text++)
        kinds_add(&kinds, *text);
    return kinds;
}

static void need_one(struct needs *needs, struct kinds some)
{
    if (needs->n < MAX_NEEDS)
        needs->of[needs->n++] = some;
}

/* Behind a class that begins at p; what it is not does not tell what it is. */
static const char *class_at(const char *p, struct needs *needs)
{
    struct kinds some = { { 0, 0 } };
    gboolean excludes = p[1] == '^', ranges = FALSE;
    for (p += 1 + excludes; *p != '\0' && *p != ']'; p++) {
        p += *p == '\\' && p[1] != '\0';
        ranges |= *p == '-';
        kinds_add(&some, *p);
    }
    if (!excludes && !ranges)
        need_one(needs, some);
    return p + (*p == ']');
}

static const char *alternatives_at(const char *p, GArray *alternatives);

/* What all alternatives need: of their first needs one, of their second … */
static void need_all(struct needs *needs, const GArray *alternatives)
{
    for (gsize i = 0; i < MAX_NEEDS; i++) {
        struct kinds some = { { 0, 0 } };
        for (guint k = 0; k < alternatives->len; k++) {
            const struct needs *one = &g_array_index(alternatives, struct needs, k);
            if (i >= one->n)
                return;
            some.bits[0] |= one->of[i].bits[0];
            some.bits[1] |= one->of[i].bits[1];
        }
        need_one(needs, some);
    }
}

/* Behind a group in brackets; what must not stand there is not needed. */
static const char *group_at(const char *p, struct needs *needs)
{
    g_autoptr(GArray) alternatives = g_array_new(FALSE, FALSE, sizeof(struct needs));
    gsize mark = p[1] == '?' ? 1 + strspn(p + 2, ":<=!") : 0;
    gboolean excludes = mark > 0 && p[mark] == '!';
    p = alternatives_at(p + 1 + mark, alternatives);
    if (!excludes)
        need_all(needs, alternatives);
    return p + (*p == ')');
}

static const char *atom_at(const char *p, struct needs *needs)
{
    if (*p == '(')
        return group_at(p, needs);
    if (*p == '[')
        return class_at(p, needs);
    gboolean escaped = *p == '\\';
    p += escaped;
    if (escaped ? !g_ascii_isalnum(*p) : strchr("^$. ", *p) == NULL)
        need_one(needs, kinds_of((char[]){ *p, '\0' }));
    return p + 1;
}

/* Behind *, +, ?, {2,8} and what follows these; *optional: the atom may be missing. */
static const char *count_at(const char *p, gboolean *optional)
{
    *optional = *p == '*' || *p == '?' || (*p == '{' && p[1] == '0');
    if (*p == '{')
        p += strcspn(p, "}");
    if (*p != '\0' && strchr("*+?}", *p) != NULL)
        p++;
    return p + (*p == '?' || *p == '+');
}

static const char *alternatives_at(const char *p, GArray *alternatives)
{
    struct needs needs = { 0 };
    while (*p != '\0' && *p != '|' && *p != ')') {
        struct needs before = needs;
        gboolean optional;
        p = count_at(atom_at(p, &needs), &optional);
        if (optional)
            needs = before;
    }
    g_array_append_val(alternatives, needs);
    return *p == '|' ? alternatives_at(p + 1, alternatives) : p;
}

GArray *needs_read(const char *pattern)
{
    GArray *alternatives = g_array_new(FALSE, FALSE, sizeof(struct needs));
    alternatives_at(pattern, alternatives);
    return alternatives;
}

gboolean needs_met(const GArray *alternatives, const struct kinds *have)
{
    for (guint i = 0; i < alternatives->len; i++) {
        const struct needs *needs = &g_array_index(alternatives, struct needs, i);
        gsize met = 0;
        while (met < needs->n && ((needs->of[met].bits[0] & have->bits[0]) |
                                  (needs->of[met].bits[1] & have->bits[1])) != 0)
            met++;
        if (met == needs->n)
            return TRUE;
    }
    return FALSE;
}
