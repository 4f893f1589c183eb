/* The days on which the country does the opposite of Monday to Friday, by the State Council's
 * yearly notice: a weekday here is off, a Saturday or Sunday here is worked; a holiday on a weekend
 * needs no row. What the office keeps in its folder holidays/ stands before what is written here.
 */
#include "base/private.h"

#include <jansson.h>
#include <stdlib.h>

static const int days_2018[] = {
    20180101,                                         /* 元旦 */
    20180211,                                         /* 春节, worked */
    20180215, 20180216, 20180219, 20180220, 20180221, /* 春节 */
    20180224,                                         /* 春节, worked */
    20180405, 20180406,                               /* 清明节 */
    20180408,                                         /* 清明节, worked */
    20180428,                                         /* 劳动节, worked */
    20180430, 20180501,                               /* 劳动节 */
    20180618,                                         /* 端午节 */
    20180924,                                         /* 中秋节 */
    20180929, 20180930,                               /* 国庆节, worked */
    20181001, 20181002, 20181003, 20181004, 20181005, /* 国庆节 */
};
static const int days_2019[] = {
    20181229,                                         /* 元旦, worked */
    20181231, 20190101,                               /* 元旦 */
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
};
static const int days_2020[] = {
    20200101,                                                   /* 元旦 */
    20200119,                                                   /* 春节, worked */
    20200124, 20200127, 20200128, 20200129, 20200130, 20200131, /* 春节 */
    20200406,                                                   /* 清明节 */
    20200426,                                                   /* 劳动节, worked */
    20200501, 20200504, 20200505,                               /* 劳动节 */
    20200509,                                                   /* 劳动节, worked */
    20200625, 20200626,                                         /* 端午节 */
    20200628,                                                   /* 端午节, worked */
    20200927,                                                   /* 国庆节、中秋节, worked */
    20201001, 20201002, 20201005, 20201006, 20201007, 20201008, /* 国庆节、中秋节 */
    20201010,                                                   /* 国庆节、中秋节, worked */
};
static const int days_2021[] = {
    20210101,                                         /* 元旦 */
    20210207,                                         /* 春节, worked */
    20210211, 20210212, 20210215, 20210216, 20210217, /* 春节 */
    20210220,                                         /* 春节, worked */
    20210405,                                         /* 清明节 */
    20210425,                                         /* 劳动节, worked */
    20210503, 20210504, 20210505,                     /* 劳动节 */
    20210508,                                         /* 劳动节, worked */
    20210614,                                         /* 端午节 */
    20210918,                                         /* 中秋节, worked */
    20210920, 20210921,                               /* 中秋节 */
    20210926,                                         /* 国庆节, worked */
    20211001, 20211004, 20211005, 20211006, 20211007, /* 国庆节 */
    20211009,                                         /* 国庆节, worked */
};
static const int days_2022[] = {
    20220103,                                         /* 元旦 */
    20220129, 20220130,                               /* 春节, worked */
    20220131, 20220201, 20220202, 20220203, 20220204, /* 春节 */
    20220402,                                         /* 清明节, worked */
    20220404, 20220405,                               /* 清明节 */
    20220424,                                         /* 劳动节, worked */
    20220502, 20220503, 20220504,                     /* 劳动节 */
    20220507,                                         /* 劳动节, worked */
    20220603,                                         /* 端午节 */
    20220912,                                         /* 中秋节 */
    20221003, 20221004, 20221005, 20221006, 20221007, /* 国庆节 */
    20221008, 20221009,                               /* 国庆节, worked */
};
static const int days_2023[] = {
    20230102,                                                   /* 元旦 */
    20230123, 20230124, 20230125, 20230126, 20230127,           /* 春节 */
    20230128, 20230129,                                         /* 春节, worked */
    20230405,                                                   /* 清明节 */
    20230423,                                                   /* 劳动节, worked */
    20230501, 20230502, 20230503,                               /* 劳动节 */
    20230506,                                                   /* 劳动节, worked */
    20230622, 20230623,                                         /* 端午节 */
    20230625,                                                   /* 端午节, worked */
    20230929, 20231002, 20231003, 20231004, 20231005, 20231006, /* 中秋节、国庆节 */
    20231007, 20231008,                                         /* 中秋节、国庆节, worked */
};
static const int days_2024[] = {
    20240101,                                         /* 元旦 */
    20240204,                                         /* 春节, worked */
    20240212, 20240213, 20240214, 20240215, 20240216, /* 春节 */
    20240218,                                         /* 春节, worked */
    20240404, 20240405,                               /* 清明节 */
    20240407,                                         /* 清明节, worked */
    20240428,                                         /* 劳动节, worked */
    20240501, 20240502, 20240503,                     /* 劳动节 */
    20240511,                                         /* 劳动节, worked */
    20240610,                                         /* 端午节 */
    20240914,                                         /* 中秋节, worked */
    20240916, 20240917,                               /* 中秋节 */
    20240929,                                         /* 国庆节, worked */
    20241001, 20241002, 20241003, 20241004, 20241007, /* 国庆节 */
    20241012,                                         /* 国庆节, worked */
};
static const int days_2025[] = {
    20250101,                                                   /* 元旦 */
    20250126,                                                   /* 春节, worked */
    20250128, 20250129, 20250130, 20250131, 20250203, 20250204, /* 春节 */
    20250208,                                                   /* 春节, worked */
    20250404,                                                   /* 清明节 */
    20250427,                                                   /* 劳动节, worked */
    20250501, 20250502, 20250505,                               /* 劳动节 */
    20250602,                                                   /* 端午节 */
    20250928,                                                   /* 国庆节、中秋节, worked */
    20251001, 20251002, 20251003, 20251006, 20251007, 20251008, /* 国庆节、中秋节 */
    20251011,                                                   /* 国庆节、中秋节, worked */
};
static const int days_2026[] = {
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

struct year {
    int year;        /* of the notice: its first days may lie in the December before */
    const int *days; /* YYYYMMDD, sorted */
    gsize n;
};

#define YEAR(y) \
    { \
        y, days_##y, G_N_ELEMENTS(days_##y) \
    }
static const struct year written[] = {
    YEAR(2018), YEAR(2019), YEAR(2020), YEAR(2021), YEAR(2022),
    YEAR(2023), YEAR(2024), YEAR(2025), YEAR(2026),
};

/* What was read last from files. Another thread may still be looking at what was read before, so it
 * stays: it is small. */
struct folder {
    GArray *years; /* struct year */
    struct folder *before;
};
static struct folder *newest;

static const struct year *find_in(const struct year *years, gsize n, int year)
{
    for (gsize i = 0; i < n; i++)
        if (years[i].year == year)
            return &years[i];
    return NULL;
}

static const struct year *find_year(int year)
{
    const struct folder *folder = g_atomic_pointer_get(&newest);
    const struct year *own = NULL;
    if (folder != NULL)
        own = find_in((const struct year *)folder->years->data, folder->years->len, year);
    return own != NULL ? own : find_in(written, G_N_ELEMENTS(written), year);
}

gboolean calendar_knows(int year)
{
    return find_year(year) != NULL;
}

static int compare_dates(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

gboolean calendar_swaps(int date)
{
    for (int year = date / 10000; year <= date / 10000 + 1; year++) {
        const struct year *y = find_year(year);
        if (y != NULL && bsearch(&date, y->days, y->n, sizeof *y->days, compare_dates) != NULL)
            return TRUE;
    }
    return FALSE;
}

/* ---- the office's own files */

static gboolean read_day(json_t *row, GArray *days)
{
    const char *date = json_string_value(json_object_get(row, "date"));
    json_t *off = json_object_get(row, "isOffDay");
    int day;
    if (date == NULL || !json_is_boolean(off) || !day_parse(date, &day))
        return FALSE;
    GDate gdate = day_gdate(day);
    gboolean weekend = g_date_get_weekday(&gdate) > G_DATE_FRIDAY;
    int number = day_number(&gdate);
    if (json_is_true(off) != weekend)
        g_array_append_val(days, number);
    return TRUE;
}

/* A year without days is one whose notice is not out yet: as if there were no file. */
static gboolean read_year(json_t *file, GArray *years)
{
    json_t *list = json_object_get(file, "days"), *row;
    int year = (int)json_integer_value(json_object_get(file, "year"));
    size_t i;
    if (year < 1900 || year > 9999 || !json_is_array(list))
        return FALSE;
    g_autoptr(GArray) days = g_array_new(FALSE, FALSE, sizeof(int));
    json_array_foreach (list, i, row)
        if (!read_day(row, days))
            return FALSE;
    if (json_array_size(list) == 0)
        return TRUE;
    g_array_sort(days, compare_dates);
    struct year y = { .year = year, .n = days->len };
    y.days = (const int *)(void *)g_array_free(g_steal_pointer(&days), FALSE);
    g_array_append_val(years, y);
    return TRUE;
}

static gboolean read_file(const char *path, GArray *years, GError **error)
{
    json_error_t cause;
    json_auto_t *file = json_load_file(path, 0, &cause);
    if (file == NULL)
        return fault_set(error, FAULT_REFUSED, "%s 读不出来（第 %d 行）：%s", path, cause.line,
                         cause.text);
    if (!read_year(file, years))
        return fault_set(error, FAULT_REFUSED,
                         "%s 不是调休安排：应是 {\"year\": 2027, \"days\": [{\"date\": "
                         "\"2027-01-01\", \"isOffDay\": true}]}",
                         path);
    return TRUE;
}

static void years_free(GArray *years)
{
    for (guint i = 0; i < years->len; i++)
        g_free((void *)g_array_index(years, struct year, i).days);
    g_array_unref(years);
}

gboolean calendar_load(const char *folder, GError **error)
{
    g_autoptr(GDir) files = g_dir_open(folder, 0, NULL);
    GArray *years = g_array_new(FALSE, FALSE, sizeof(struct year));
    gboolean ok = TRUE;
    for (const char *name; ok && files != NULL && (name = g_dir_read_name(files)) != NULL;) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        ok = !g_str_has_suffix(name, ".json") || read_file(path, years, error);
    }
    if (!ok || (years->len == 0 && newest == NULL)) {
        years_free(years);
        return ok;
    }
    struct folder *fresh = g_new0(struct folder, 1);
    fresh->years = years;
    fresh->before = newest;
    g_atomic_pointer_set(&newest, fresh);
    return TRUE;
}
