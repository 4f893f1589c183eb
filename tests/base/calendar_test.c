/* Days and the working-day calendar. */
#include "test.h"
#include <glib/gstdio.h>
#include <string.h>

static int day(const char *text)
{
    int found = 0;
    ck_assert_msg(day_parse(text, &found), "%s", text);
    return found;
}

START_TEST(days_are_read_in_three_forms)
{
    static const char *const rows[] = {
        "2019-06-21",    "2019-6-21",      "2019/6/21",       "2019/06/21",
        "2019年6月21日", "2019年06月21日", " 2019年6月21日 ", "\u30002019-06-21\u3000",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *text = day_text(day(rows[i]));
        ck_assert_str_eq(text, "2019-06-21");
    }
}
END_TEST

START_TEST(no_day_leaves_the_callers_untouched)
{
    static const char *const rows[] = {
        "",
        "2019",
        "6月21日",
        "2019-06",
        "2019-02-30",
        "2019-02-29",
        "2019-00-10",
        "2019-13-01",
        "2019-06-31",
        "19-06-21",
        "20190621",
        "2019-06/21",
        "2019年6-21",
        "2019-06-21 8:00",
        "2019-06-211",
        "02019-06-21",
        "2019-06-21x",
        "２０１９-06-21",
        "0000-01-01",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        int untouched = 42;
        ck_assert_msg(!day_parse(rows[i], &untouched), "%s", rows[i]);
        ck_assert_int_eq(untouched, 42);
    }
    ck_assert_int_eq(day("2020-02-29") + 1, day("2020-03-01"));
}
END_TEST

START_TEST(a_day_is_spoken_with_its_weekday)
{
    static const struct {
        const char *day, *spoken;
    } rows[] = {
        { "2019-06-21", "6月21日（星期五）" },  { "2019-06-23", "6月23日（星期日）" },
        { "2026-11-23", "11月23日（星期一）" }, { "2026-01-06", "1月6日（星期二）" },
        { "2019-05-01", "5月1日（星期三）" },   { "2019-10-12", "10月12日（星期六）" },
        { "2026-02-05", "2月5日（星期四）" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *spoken = day_chinese(day(rows[i].day));
        ck_assert_str_eq(spoken, rows[i].spoken);
    }
}
END_TEST

START_TEST(known_days_are_worked_or_off)
{
    static const struct {
        const char *day;
        gboolean worked;
    } rows[] = {
        { "2018-12-29", TRUE },  { "2018-12-30", FALSE }, { "2018-12-31", FALSE },
        { "2019-01-01", FALSE }, { "2019-01-02", TRUE },  { "2019-02-01", TRUE },
        { "2019-02-02", TRUE },  { "2019-02-03", TRUE },  { "2019-02-04", FALSE },
        { "2019-02-08", FALSE }, { "2019-02-10", FALSE }, { "2019-02-11", TRUE },
        { "2019-04-05", FALSE }, { "2019-04-08", TRUE },  { "2019-04-28", TRUE },
        { "2019-04-30", TRUE },  { "2019-05-01", FALSE }, { "2019-05-03", FALSE },
        { "2019-05-04", FALSE }, { "2019-05-05", TRUE },  { "2019-06-06", TRUE },
        { "2019-06-07", FALSE }, { "2019-06-10", TRUE },  { "2019-06-21", TRUE },
        { "2019-06-22", FALSE }, { "2019-09-13", FALSE }, { "2019-09-28", FALSE },
        { "2019-09-29", TRUE },  { "2019-10-01", FALSE }, { "2019-10-04", FALSE },
        { "2019-10-05", FALSE }, { "2019-10-07", FALSE }, { "2019-10-08", TRUE },
        { "2019-10-12", TRUE },  { "2019-10-13", FALSE }, { "2026-01-01", FALSE },
        { "2026-01-02", FALSE }, { "2026-01-03", FALSE }, { "2026-01-04", TRUE },
        { "2026-02-13", TRUE },  { "2026-02-14", TRUE },  { "2026-02-15", FALSE },
        { "2026-02-16", FALSE }, { "2026-02-20", FALSE }, { "2026-02-21", FALSE },
        { "2026-02-23", FALSE }, { "2026-02-24", TRUE },  { "2026-02-28", TRUE },
        { "2026-04-04", FALSE }, { "2026-04-06", FALSE }, { "2026-04-07", TRUE },
        { "2026-05-01", FALSE }, { "2026-05-05", FALSE }, { "2026-05-06", TRUE },
        { "2026-05-09", TRUE },  { "2026-06-19", FALSE }, { "2026-06-22", TRUE },
        { "2026-09-20", TRUE },  { "2026-09-25", FALSE }, { "2026-09-28", TRUE },
        { "2026-10-01", FALSE }, { "2026-10-07", FALSE }, { "2026-10-08", TRUE },
        { "2026-10-10", TRUE },  { "2026-10-11", FALSE }, { "2026-11-23", TRUE },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        ck_assert_msg(day_is_working(day(rows[i].day)) == rows[i].worked, "%s", rows[i].day);
}
END_TEST

/* The sum of a year's rows: a row forgotten or too many shows, wherever it is. Weekdays of the year
 * less weekday holidays plus weekends worked: 2019: 261 - 18 + 7; 2026: 261 - 19 + 6. */
START_TEST(a_known_year_has_the_working_days_that_its_notice_gives)
{
    static const struct {
        const char *first, *last;
        int worked;
    } rows[] = {
        { "2019-01-01", "2019-12-31", 250 },
        { "2026-01-01", "2026-12-31", 248 },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        int worked = 0;
        for (int d = day(rows[i].first); d <= day(rows[i].last); d++)
            worked += day_is_working(d);
        ck_assert_int_eq(worked, rows[i].worked);
    }
}
END_TEST

START_TEST(only_years_with_a_notice_are_known)
{
    for (int year = 2018; year <= 2026; year++)
        ck_assert(calendar_knows(year));
    ck_assert(!calendar_knows(2017));
    ck_assert(!calendar_knows(2027));
    for (int d = day("2027-10-01"); d <= day("2027-10-07"); d++) {
        g_autofree char *spoken = day_chinese(d);
        gboolean weekend = strstr(spoken, "六") != NULL || strstr(spoken, "日）") != NULL;
        ck_assert_int_eq(day_is_working(d), !weekend);
    }
}
END_TEST

START_TEST(a_missing_year_is_missed_from_november_on)
{
    ck_assert_int_eq(calendar_missing(day("2019-06-21")), 0);
    ck_assert_int_eq(calendar_missing(day("2025-12-31")), 0);
    ck_assert_int_eq(calendar_missing(day("2026-10-31")), 0);
    ck_assert_int_eq(calendar_missing(day("2026-11-01")), 2027);
    ck_assert_int_eq(calendar_missing(day("2027-03-01")), 2027);
}
END_TEST

/* A folder with one file of that text. */
static char *folder_with(const char *text)
{
    char *folder = g_dir_make_tmp("lianluo-holidays-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "year.json", NULL);
    ck_assert(g_file_set_contents(path, text, -1, NULL));
    return folder;
}

static gboolean load(const char *text, GError **error)
{
    g_autofree char *folder = folder_with(text);
    g_autofree char *path = g_build_filename(folder, "year.json", NULL);
    gboolean ok = calendar_load(folder, error);
    g_remove(path);
    g_rmdir(folder);
    return ok;
}

START_TEST(the_offices_own_years_stand_before_ours)
{
    g_autoptr(GError) error = NULL;
    ck_assert_msg(load("{\"year\": 2027, \"days\": ["
                       "{\"name\": \"元旦\", \"date\": \"2026-12-26\", \"isOffDay\": false},"
                       "{\"name\": \"元旦\", \"date\": \"2027-01-01\", \"isOffDay\": true},"
                       "{\"name\": \"元旦\", \"date\": \"2027-01-02\", \"isOffDay\": true}]}",
                       &error),
                  "%s", error ? error->message : "?");
    ck_assert(calendar_knows(2027));
    ck_assert(day_is_working(day("2026-12-26")));
    ck_assert(!day_is_working(day("2027-01-01")));
    ck_assert(!day_is_working(day("2027-01-02")));
    ck_assert_int_eq(calendar_missing(day("2026-11-01")), 0);
    /* Loaded anew, without that year; and with a year that we know otherwise. */
    ck_assert(load("{\"year\": 2019, \"days\": ["
                   "{\"date\": \"2019-06-21\", \"isOffDay\": true}]}",
                   NULL));
    ck_assert(!calendar_knows(2027));
    ck_assert(!day_is_working(day("2019-06-21")));
    ck_assert(day_is_working(day("2019-10-01")));
    /* A notice that is not out yet takes nothing away; no folder is fine. */
    ck_assert(load("{\"year\": 2019, \"papers\": [], \"days\": []}", NULL));
    ck_assert(!day_is_working(day("2019-10-01")));
    ck_assert(calendar_load("/nonexistent", NULL));
}
END_TEST

START_TEST(a_file_that_is_no_calendar_is_refused_and_named)
{
    static const char *const rows[] = {
        "",
        "{",
        "[]",
        "{\"days\": []}",
        "{\"year\": 2027}",
        "{\"year\": 2027, \"days\": [{\"date\": \"2027-02-30\", \"isOffDay\": true}]}",
        "{\"year\": 2027, \"days\": [{\"date\": \"2027-02-03\"}]}",
        "{\"year\": 2027, \"days\": [{\"date\": \"2027-02-03\", \"isOffDay\": 1}]}",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        ck_assert_msg(!load(rows[i], &error), "%s", rows[i]);
        ck_assert(g_error_matches(error, FAULT, FAULT_REFUSED));
        ck_assert_ptr_nonnull(strstr(error->message, "year.json"));
        ck_assert(!calendar_knows(2027));
    }
}
END_TEST

START_TEST(working_days_are_counted_over_holidays_and_worked_weekends)
{
    static const struct {
        const char *from;
        int n;
        const char *to;
    } rows[] = {
        { "2019-06-21", 0, "2019-06-21" },  { "2019-06-22", 0, "2019-06-21" },
        { "2019-06-21", 1, "2019-06-24" },  { "2019-06-22", 1, "2019-06-24" },
        { "2019-06-21", -3, "2019-06-18" }, { "2019-06-10", -1, "2019-06-06" },
        { "2019-06-06", 1, "2019-06-10" },  { "2019-06-09", 0, "2019-06-06" },
        { "2019-04-30", 1, "2019-05-05" },  { "2019-05-06", -1, "2019-05-05" },
        { "2019-05-05", -1, "2019-04-30" }, { "2019-10-07", 0, "2019-09-30" },
        { "2019-10-01", 5, "2019-10-12" },  { "2019-02-01", 3, "2019-02-11" },
        { "2026-02-24", -3, "2026-02-12" }, { "2026-12-31", 1, "2027-01-01" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *to = day_text(day_add_working(day(rows[i].from), rows[i].n));
        ck_assert_msg(strcmp(to, rows[i].to) == 0, "%s %+d: %s, wanted %s", rows[i].from, rows[i].n,
                      to, rows[i].to);
    }
}
END_TEST

TEST_MAIN("base/calendar", days_are_read_in_three_forms, no_day_leaves_the_callers_untouched,
          a_day_is_spoken_with_its_weekday, known_days_are_worked_or_off,
          a_known_year_has_the_working_days_that_its_notice_gives,
          only_years_with_a_notice_are_known, a_missing_year_is_missed_from_november_on,
          the_offices_own_years_stand_before_ours, a_file_that_is_no_calendar_is_refused_and_named,
          working_days_are_counted_over_holidays_and_worked_weekends)
