/* Office hours: "08:30-12:00;14:30-17:30" on working days. */
#include "base/private.h"
#include <string.h>

struct range {
    int from, to; /* minutes after midnight; to is no longer open */
};

static gboolean minutes_scan(const char **text, int *minutes)
{
    int hour, minute;
    const char *p = *text;
    if (!digits_scan(&p, 1, 2, &hour) || *p++ != ':' || !digits_scan(&p, 2, 2, &minute))
        return FALSE;
    *text = p;
    *minutes = hour * 60 + minute;
    return minute < 60 && *minutes <= 24 * 60;
}

int minutes_parse(const char *text)
{
    int minutes;
    if (!minutes_scan(&text, &minutes) || *text != '\0' || minutes == 24 * 60)
        return -1;
    return minutes;
}

static gboolean range_parse(const char *text, struct range *range)
{
    g_autofree char *stripped = g_strstrip(g_strdup(text));
    const char *p = stripped;
    return minutes_scan(&p, &range->from) && *p++ == '-' && minutes_scan(&p, &range->to) &&
           *p == '\0' && range->from < range->to;
}

gboolean hours_check(const char *const *hours, GError **error)
{
    struct range range;
    for (gsize i = 0; hours[i] != NULL; i++) {
        if (range_parse(hours[i], &range))
            continue;
        g_autofree char *shown = text_printable(hours[i]);
        return fault_set(error, FAULT_REFUSED,
                         "办公时间“%s”无效，请写成 08:30-12:00;14:30-17:30 这样的形式", shown);
    }
    return TRUE;
}

gboolean hours_open(const char *const *hours, gint64 instant)
{
    int day = day_of(instant);
    if (!day_is_working(day))
        return FALSE;
    gint64 local = instant + zone_offset(instant);
    int minute = (int)(local - (gint64)(day - DAY_OF_EPOCH) * SECONDS_A_DAY) / 60;
    struct range range;
    for (gsize i = 0; hours[i] != NULL; i++)
        if (range_parse(hours[i], &range) && range.from <= minute && minute < range.to)
            return TRUE;
    return FALSE;
}
