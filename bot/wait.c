/* How long the mailbox is left in peace. */
#include "bot/bot.h"

enum {
    FIRST = 5, /* seconds after the second failure in a row, doubled up to: */
    LONGEST = 5 * 60,
    REFUSED = 10 * 60, /* after a refused login, doubled up to: */
    REFUSED_LONGEST = 4 * 60 * 60,
};

gint64 wait_jittered(gint64 seconds)
{
    return seconds + g_random_int_range(0, (gint32)seconds / 10 + 1);
}

static gint64 doubled(gint64 seconds, int times, gint64 max)
{
    while (times-- > 0 && seconds < max)
        seconds *= 2;
    return MIN(seconds, max);
}

gint64 wait_after(int failures, int refusals)
{
    if (refusals > 0)
        return wait_jittered(doubled(REFUSED, refusals - 1, REFUSED_LONGEST));
    return wait_jittered(failures <= 1 ? 1 : doubled(FIRST, failures - 2, LONGEST));
}
