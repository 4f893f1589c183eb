/* The working-day calendar of China, 调休 included, and days in text. */
#include "base/private.h"
#include <stdlib.h>

/* The years whose notice of the State Council is in the table. */
static const int known_years[] = { 2019, 2026 };

/* The days on which the country does the opposite of Monday to Friday: a weekday here is off, a
 * Saturday or Sunday here is worked. A holiday on a weekend needs no row. Sorted. */
static const int opposite[] = {
    /* 2019 */
    20181229, 20181231, 20190101,                     /* 元旦 */
    20190202, 20190203,                               /* 春节, worked */
    20190204, 20190205, 20190206, 20190207, 20190208, /* 春节 */
    20190405,                                         /* 清明节 */
    20190428,                                         /* 劳动节, worked */
    20190501, 20190502, 20190503,                     /* 劳动节 */
    20190505,                                         /* 劳动节, worked */
    20190607,                                         /* 端午节 */
    20190913,                                         /* 中秋节 */
    20190929,                                         /* 国庆节, worked */
    20191001, 20191002, 20191003, 20191004, 20191007, /* 国庆节 */
    20191012,                                         /* 国庆节, worked */
    /* 2026 */
    20260101, 20260102,                                         /* 元旦 */
    20260104,                                                   /* 元旦, worked */
    20260214,                                                   /* 春节, worked */
    20260216, 20260217, 20260218, 20260219, 20260220, 20260223, /* 春节 */
    20260228,                                                   /* 春节, worked */
    20260406,                                                   /* 清明节 */
    20260501, 20260504, 20260505,                               /* 劳动节 */
    20260509,                                                   /* 劳动节, worked */
    20260619,                                                   /* 端午节 */
    20260920,                                                   /* 国庆节, worked */
    20260925,                                                   /* 中秋节 */
    20261001, 20261002, 20261005, 20261006, 20261007,           /* 国庆节 */
    20261010,                                                   /* 国庆节, worked */
};

gboolean calendar_knows(int year)
{
    for (gsize i = 0; i < G_N_ELEMENTS(known_years); i++)
        if (known_years[i] == year)
            return TRUE;
    return FALSE;
}

static int compare_dates(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

static GDate date_of(int day)
{
    GDate date;
    g_date_clear(&date, 1);
    g_date_set_julian(&date, (guint32)MAX(day, 1));
    return date;
}

gboolean day_is_working(int day)
{
    GDate date = date_of(day);
    int number =
        g_date_get_year(&date) * 10000 + (int)g_date_get_month(&date) * 100 + g_date_get_day(&date);
    gboolean weekday = g_date_get_weekday(&date) <= G_DATE_FRIDAY;
    gboolean swapped = bsearch(&number, opposite, G_N_ELEMENTS(opposite), sizeof opposite[0],
                               compare_dates) != NULL;
    return weekday != swapped;
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
    GDate date = date_of(day);
    return g_strdup_printf("%04d-%02d-%02d", g_date_get_year(&date), (int)g_date_get_month(&date),
                           g_date_get_day(&date));
}

char *day_chinese(int day)
{
    static const char *const weekdays[] = { "?", "一", "二", "三", "四", "五", "六", "日" };
    GDate date = date_of(day);
    return g_strdup_printf("%d月%d日（星期%s）", (int)g_date_get_month(&date),
                           g_date_get_day(&date), weekdays[g_date_get_weekday(&date)]);
}
