/* What a text of kinds must hold for a pattern to fit at all: most rules are about words that most
 * letters do not have, and need not be tried. Only what stands in a pattern unconditionally counts;
 * a pattern with alternatives outside of brackets needs nothing. */
#include "wording/reply/private.h"

#include <string.h>

void kinds_add(struct kinds *kinds, char kind)
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

/* Behind a class that begins at p; *some: what it may be, nothing if that is told by exclusion. */
static const char *class_at(const char *p, struct kinds *some)
{
    gboolean excludes = p[1] == '^', ranges = FALSE;
    for (p += 1 + excludes; *p != '\0' && *p != ']'; p++) {
        p += *p == '\\' && p[1] != '\0';
        ranges |= *p == '-';
        kinds_add(some, *p);
    }
    if (excludes || ranges)
        *some = (struct kinds){ { 0, 0 } };
    return p + (*p == ']');
}

/* Behind a group in brackets. */
static const char *group_at(const char *p)
{
    struct kinds ignored;
    int depth = 0;
    while (*p != '\0') {
        depth += (*p == '(') - (*p == ')');
        if (*p == '[')
            p = class_at(p, &ignored);
        else
            p += *p == '\\' && p[1] != '\0' ? 2 : 1;
        if (depth == 0)
            break;
    }
    return p;
}

static const char *atom_at(const char *p, struct kinds *some)
{
    if (*p == '(')
        return group_at(p);
    if (*p == '[')
        return class_at(p, some);
    if (*p == '\\') {
        if (!g_ascii_isalnum(p[1]))
            kinds_add(some, p[1]);
        return p + 2;
    }
    if (strchr("^$. ", *p) == NULL)
        kinds_add(some, *p);
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

void needs_read(struct needs *needs, const char *pattern)
{
    needs->n = 0;
    for (const char *p = pattern; *p != '\0';) {
        struct kinds some = { { 0, 0 } };
        gboolean optional;
        if (*p == '|' || *p == '#') {
            needs->n = 0;
            return;
        }
        p = count_at(atom_at(p, &some), &optional);
        if (!optional && (some.bits[0] | some.bits[1]) != 0 && needs->n < MAX_NEEDS)
            needs->of[needs->n++] = some;
    }
}

gboolean needs_met(const struct needs *needs, const struct kinds *have)
{
    for (gsize i = 0; i < needs->n; i++) {
        const struct kinds *one = &needs->of[i];
        if (((one->bits[0] & have->bits[0]) | (one->bits[1] & have->bits[1])) == 0)
            return FALSE;
    }
    return TRUE;
}
