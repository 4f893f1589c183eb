/* Office hours. */
#include "test.h"

START_TEST(minutes_are_read_from_a_time_of_day)
{
    static const struct {
        const char *text;
        int minutes;
    } rows[] = {
        { "00:00", 0 },     { "08:30", 510 }, { "8:30", 510 },  { "23:59", 1439 }, { "24:00", -1 },
        { "", -1 },         { "8", -1 },      { "8:3", -1 },    { "08:60", -1 },   { "08:30 ", -1 },
        { "08:30:00", -1 }, { "-1:00", -1 },  { "08：30", -1 }, { "008:30", -1 },  { "aa:bb", -1 },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        ck_assert_msg(minutes_parse(rows[i].text) == rows[i].minutes, "%s", rows[i].text);
}
END_TEST

START_TEST(malformed_hours_are_refused_with_the_form_wanted)
{
    static const char *const rows[] = {
        "",
        "08:30",
        "08:30-",
        "-12:00",
        "12:00-08:30",
        "08:30-08:30",
        "08:30-24:01",
        "08:30~12:00",
        "08:30-12:00-14:00",
        "八点-十二点",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        const char *const hours[] = { "08:30-12:00", rows[i], NULL };
        g_autoptr(GError) error = NULL;
        ck_assert_msg(!hours_check(hours, &error), "%s", rows[i]);
        ck_assert(g_error_matches(error, FAULT, FAULT_REFUSED));
        ck_assert_ptr_nonnull(strstr(error->message, "08:30-12:00;14:30-17:30"));
    }
}
END_TEST

START_TEST(well_formed_hours_are_accepted)
{
    const char *const usual[] = { "08:30-12:00", " 14:30-17:30 ", NULL };
    const char *const always[] = { "00:00-24:00", NULL };
    const char *const never[] = { NULL };
    ck_assert(hours_check(usual, NULL));
    ck_assert(hours_check(always, NULL));
    ck_assert(hours_check(never, NULL));
}
END_TEST

START_TEST(the_office_is_open_on_working_days_within_its_hours)
{
    static const char *const hours[] = { "08:30-12:00", "14:30-17:30", NULL };
    static const struct {
        const char *local;
        gboolean open;
    } rows[] = {
        { "2019-06-21 08:29:59", FALSE }, { "2019-06-21 08:30", TRUE },
        { "2019-06-21 11:59:59", TRUE },  { "2019-06-21 12:00", FALSE },
        { "2019-06-21 14:30", TRUE },     { "2019-06-21 17:29:59", TRUE },
        { "2019-06-21 17:30", FALSE },    { "2019-06-21 00:00", FALSE },
        { "2019-06-22 09:00", FALSE },    { "2019-06-07 09:00", FALSE },
        { "2019-05-05 09:00", TRUE },
    };
    ck_assert(clock_set_zone("Asia/Shanghai", NULL));
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        gint64 instant = 0;
        ck_assert(instant_parse_local(rows[i].local, &instant));
        ck_assert_msg(hours_open(hours, instant) == rows[i].open, "%s", rows[i].local);
    }
}
END_TEST

START_TEST(an_office_open_until_midnight_is_open_at_the_last_second)
{
    static const char *const hours[] = { "20:00-24:00", NULL };
    gint64 instant = 0;
    ck_assert(instant_parse_local("2019-06-21 23:59:59", &instant));
    ck_assert(hours_open(hours, instant));
    ck_assert(!hours_open(hours, instant + 1));
}
END_TEST

TEST_MAIN("base/hours", minutes_are_read_from_a_time_of_day,
          malformed_hours_are_refused_with_the_form_wanted, well_formed_hours_are_accepted,
          the_office_is_open_on_working_days_within_its_hours,
          an_office_open_until_midnight_is_open_at_the_last_second)
