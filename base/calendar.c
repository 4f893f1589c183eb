/* Working days, counted, and days in text. */
#include "base/private.h"
#include <stdlib.h>

GDate day_gdate(int day)
{
    GDate date;
    g_date_clear(&date, 1);
    g_date_set_julian(&date, (guint32)MAX(day, 1));
    return date;
}

int day_number(const GDate *date)
{
    return g_date_get_year(date) * 10000 + (int)g_date_get_month(date) * 100 + g_date_get_day(date);
}

gboolean day_is_working(int day)
{
    GDate date = day_gdate(day);
    gboolean weekday = g_date_get_weekday(&date) <= G_DATE_FRIDAY;
    return weekday != calendar_swaps(day_number(&date));
}

int calendar_missing(int day)
{
    GDate date = day_gdate(day);
    int year = g_date_get_year(&date);
    if (!calendar_knows(year))
        return year;
    /* The notice for the next year comes out in November, mostly. */
    return g_date_get_month(&date) >= G_DATE_NOVEMBER && !calendar_knows(year + 1) ? year + 1 : 0;
}

int day_add_working(int day, int n)
{
    if (n == 0) {
        while (!day_is_working(day))
            day--;
        return day;
    }
    int step = n > 0 ? 1 : -1;
    for (int left = abs(n); left > 0; left -= day_is_working(day))
        day += step;
    return day;
}

char *day_text(int day)
{
    GDate date = day_gdate(day);
    return g_strdup_printf("%04d-%02d-%02d", g_date_get_year(&date), (int)g_date_get_month(&date),
                           g_date_get_day(&date));
}

char *day_chinese(int day)
{
    static const char *const weekdays[] = { "?", "一", "二", "三", "四", "五", "六", "日" };
    GDate date = day_gdate(day);
    return g_strdup_printf("%d月%d日（星期%s）", (int)g_date_get_month(&date),
                           g_date_get_day(&date), weekdays[g_date_get_weekday(&date)]);
}
