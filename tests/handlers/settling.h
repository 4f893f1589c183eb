/* What a person settles, in a story. */
#ifndef TEST_SETTLING_H
#define TEST_SETTLING_H

#include "story.h"

/* A person files a message for a unit, or two (-1: none), in the matter. */
static inline gboolean story_assign(struct fixture *f, gint64 id, const struct mail *mail, int one,
                                    int two, int stance)
{
    struct settled settled;
    g_autoptr(GArray) sides = g_array_new(FALSE, FALSE, sizeof(struct side));
    int units[] = { one, two };
    for (int i = 0; i < 2 && units[i] >= 0; i++) {
        struct side side = { f->matter, f->units[units[i]] };
        g_array_append_val(sides, side);
    }
    gboolean ok = inbox_assign(&f->office, id, sides, stance, mail, &settled, NULL);
    settled_clear(&settled);
    return ok;
}

#endif
