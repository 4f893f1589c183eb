/* The clock and instants in text. 1561111200 is 2019-06-21T10:00:00Z. */
#include "test.h"

#define NOON_ISH 1561111200

static void zone(const char *name)
{
    ck_assert(clock_set_zone(name, NULL));
}

START_TEST(now_is_the_real_time_until_it_is_fixed)
{
    ck_assert_int_le(ABS(clock_now() - g_get_real_time() / G_USEC_PER_SEC), 2);
    clock_fix(NOON_ISH);
    ck_assert_int_eq(clock_now(), NOON_ISH);
}
END_TEST

START_TEST(an_instant_is_stored_in_utc_and_spoken_in_the_zone)
{
    static const struct {
        const char *zone;
        gint64 instant;
        const char *stored, *spoken, *day;
    } rows[] = {
        { "Asia/Shanghai", NOON_ISH, "2019-06-21T10:00:00Z", "2019-06-21 18:00", "2019-06-21" },
        { "Asia/Shanghai", 1561132800, "2019-06-21T16:00:00Z", "2019-06-22 00:00", "2019-06-22" },
        { "Asia/Shanghai", 1561132799, "2019-06-21T15:59:59Z", "2019-06-21 23:59", "2019-06-21" },
        { "Asia/Shanghai", -1, "1969-12-31T23:59:59Z", "1970-01-01 07:59", "1970-01-01" },
        { "America/New_York", 0, "1970-01-01T00:00:00Z", "1969-12-31 19:00", "1969-12-31" },
        { "America/New_York", NOON_ISH, "2019-06-21T10:00:00Z", "2019-06-21 06:00", "2019-06-21" },
        { "Asia/Urumqi", NOON_ISH, "2019-06-21T10:00:00Z", "2019-06-21 16:00", "2019-06-21" },
        { "UTC", 4102444800, "2100-01-01T00:00:00Z", "2100-01-01 00:00", "2100-01-01" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        zone(rows[i].zone);
        gint64 back = 0;
        g_autofree char *stored = instant_text(rows[i].instant);
        g_autofree char *spoken = instant_local(rows[i].instant);
        g_autofree char *day = day_text(day_of(rows[i].instant));
        ck_assert_str_eq(stored, rows[i].stored);
        ck_assert_str_eq(spoken, rows[i].spoken);
        ck_assert_str_eq(day, rows[i].day);
        ck_assert(instant_parse(stored, &back));
        ck_assert_int_eq(back, rows[i].instant);
    }
    zone("Asia/Shanghai");
}
END_TEST

START_TEST(only_what_instant_text_writes_is_an_instant)
{
    static const char *const rows[] = {
        "",
        "2019-06-21",
        "2019-06-21T10:00:00",
        "2019-06-21 10:00:00Z",
        "2019-06-21T10:00:00+08:00",
        "2019-06-21T10:00:00Z ",
        " 2019-06-21T10:00:00Z",
        "2019-06-21t10:00:00z",
        "2019-6-21T10:00:00Z",
        "2019-02-29T10:00:00Z",
        "2019-13-01T10:00:00Z",
        "2019-06-21T24:00:00Z",
        "2019-06-21T10:60:00Z",
        "2019-06-21T10:00:60Z",
        "2019年06月21日",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        gint64 untouched = 42;
        ck_assert_msg(!instant_parse(rows[i], &untouched), "%s", rows[i]);
        ck_assert_int_eq(untouched, 42);
    }
}
END_TEST

START_TEST(local_time_is_read_in_the_offices_zone)
{
    static const struct {
        const char *zone, *text, *stored;
    } rows[] = {
        { "Asia/Shanghai", "2019-06-21 18:00", "2019-06-21T10:00:00Z" },
        { "Asia/Shanghai", "2019-06-21 18:00:07", "2019-06-21T10:00:07Z" },
        { "Asia/Shanghai", "2019-06-21T18:00", "2019-06-21T10:00:00Z" },
        { "Asia/Shanghai", "2019-06-21", "2019-06-20T16:00:00Z" },
        { "America/New_York", "2019-06-21 06:00", "2019-06-21T10:00:00Z" },
        { "America/New_York", "2019-01-21 06:00", "2019-01-21T11:00:00Z" },
        { "UTC", "2020-02-29", "2020-02-29T00:00:00Z" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        zone(rows[i].zone);
        gint64 instant = 0;
        ck_assert_msg(instant_parse_local(rows[i].text, &instant), "%s", rows[i].text);
        g_autofree char *stored = instant_text(instant);
        ck_assert_str_eq(stored, rows[i].stored);
    }
    zone("Asia/Shanghai");
}
END_TEST

START_TEST(what_is_no_local_time_is_refused)
{
    static const char *const rows[] = {
        "",
        "today",
        "18:00",
        "2019-02-29",
        "2019-06-21 18",
        "2019-06-21 25:00",
        "2019-06-21 18:00 x",
        "2019-06-21T",
        "2019-06-21 18:00+08:00",
        "2019-06-21 18:00Z",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        gint64 untouched = 42;
        ck_assert_msg(!instant_parse_local(rows[i], &untouched), "%s", rows[i]);
        ck_assert_int_eq(untouched, 42);
    }
}
END_TEST

START_TEST(an_hour_of_a_day_is_an_instant)
{
    int day = 0;
    ck_assert(day_parse("2019-06-21", &day));
    zone("Asia/Shanghai");
    ck_assert_int_eq(instant_at(day, 18, 0), NOON_ISH);
    ck_assert_int_eq(instant_at(day, 24, 0), instant_at(day + 1, 0, 0));
    ck_assert_int_eq(instant_at(719163, 8, 0), 0);
    zone("America/New_York");
    ck_assert_int_eq(instant_at(day, 6, 0), NOON_ISH);
    zone("Asia/Shanghai");
}
END_TEST

/* 2019-03-10 has 23 hours in New York, 2019-11-03 has 25. */
START_TEST(a_day_is_as_long_as_its_zone_makes_it)
{
    int spring = 0, autumn = 0;
    ck_assert(day_parse("2019-03-10", &spring) && day_parse("2019-11-03", &autumn));
    zone("America/New_York");
    ck_assert_int_eq(instant_at(spring + 1, 0, 0) - instant_at(spring, 0, 0), 23 * 3600);
    ck_assert_int_eq(instant_at(autumn + 1, 0, 0) - instant_at(autumn, 0, 0), 25 * 3600);
    zone("Asia/Shanghai");
}
END_TEST

START_TEST(an_unknown_zone_is_refused_and_changes_nothing)
{
    static const char *const rows[] = { "", "Asia/Liuzhou", "中国", "../../etc/passwd" };
    zone("Asia/Urumqi");
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        ck_assert_msg(!clock_set_zone(rows[i], &error), "%s", rows[i]);
        ck_assert(g_error_matches(error, FAULT, FAULT_REFUSED));
        ck_assert_ptr_nonnull(strstr(error->message, "Asia/Shanghai"));
        g_autofree char *spoken = instant_local(NOON_ISH);
        ck_assert_str_eq(spoken, "2019-06-21 16:00");
    }
    zone("Asia/Shanghai");
}
END_TEST

START_TEST(absurd_instants_are_shown_as_the_first_or_last_that_a_calendar_has)
{
    g_autofree char *first = instant_text(G_MININT64);
    g_autofree char *last = instant_text(G_MAXINT64);
    g_autofree char *local = instant_local(G_MAXINT64);
    ck_assert_str_eq(first, "0001-01-02T00:00:00Z");
    ck_assert_str_eq(last, "9999-12-30T23:59:59Z");
    ck_assert_str_eq(local, "9999-12-31 07:59");
    g_autofree char *day = day_text(day_of(G_MININT64));
    ck_assert_str_eq(day, "0001-01-02");
}
END_TEST

TEST_MAIN("base/clock", an_instant_is_stored_in_utc_and_spoken_in_the_zone,
          only_what_instant_text_writes_is_an_instant, local_time_is_read_in_the_offices_zone,
          what_is_no_local_time_is_refused, an_hour_of_a_day_is_an_instant,
          a_day_is_as_long_as_its_zone_makes_it, an_unknown_zone_is_refused_and_changes_nothing,
          absurd_instants_are_shown_as_the_first_or_last_that_a_calendar_has,
          now_is_the_real_time_until_it_is_fixed)
