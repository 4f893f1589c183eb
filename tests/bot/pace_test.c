/* How fast mail leaves and how long a server is left in peace. */
#include "scene.h"

enum { HOUR = 60 * 60, TIMES = 1000 };

static struct fixture *f;
static struct bot *bot;
static gint64 now;

static void set_up(const char *host, const char *limits)
{
    g_autofree char *more = g_strdup_printf("[smtp]\nhost = %s\n%s", host, limits);
    f = fixture_new();
    bot = scene_bot(f, more);
    now = g_get_real_time() / G_USEC_PER_SEC;
}

static void tear_down(void)
{
    bot_close(bot);
    fixture_free(f);
}

/* So many attempts, the newest so many seconds ago, the others a second apart before it. */
static void attempted(const char *lane, int times, int seconds_ago)
{
    fixture_begin(f);
    for (int i = 0; i < times; i++)
        pace_add(f->db, lane, now - seconds_ago - i);
    fixture_commit(f);
}

static const struct {
    const char *host, *limits;
    int per_minute, per_day;
} paces[] = {
    { "smtp.163.com", "", 10, 200 },
    { "smtp.126.com", "", 10, 200 },
    { "smtp.qq.com", "", 10, 200 },
    { "smtp.exmail.qq.com", "", 20, 800 },
    { "smtphz.qiye.163.com", "", 20, 800 },
    { "smtp.163.com", "per_minute = 3\n", 3, 200 },
    { "smtp.exmail.qq.com", "per_day = 50\n", 20, 50 },
    { "mail.office.example", "per_minute = 4\nper_day = 9\n", 4, 9 },
};

START_TEST(each_provider_has_a_pace_of_the_minute_and_the_configuration_overrules_it)
{
    for (size_t i = 0; i < G_N_ELEMENTS(paces); i++) {
        set_up(paces[i].host, paces[i].limits);
        attempted("mail", paces[i].per_minute - 1, 10);
        ck_assert_msg(pace_allows(bot, "mail"), "%s", paces[i].host);
        attempted("mail", 1, 10);
        ck_assert_msg(!pace_allows(bot, "mail"), "%s", paces[i].host);
        ck_assert_int_gt(bot->allowed_at, now);
        ck_assert_int_le(bot->allowed_at, now + 60);
        tear_down();
    }
}
END_TEST

START_TEST(each_provider_has_a_pace_of_the_day_too)
{
    for (size_t i = 0; i < G_N_ELEMENTS(paces); i++) {
        set_up(paces[i].host, paces[i].limits);
        attempted("mail", paces[i].per_day - 1, HOUR);
        ck_assert_msg(pace_allows(bot, "mail"), "%s", paces[i].host);
        attempted("mail", 1, HOUR);
        ck_assert_msg(!pace_allows(bot, "mail"), "%s", paces[i].host);
        /* The oldest of them has to be a day old. */
        ck_assert_int_gt(bot->allowed_at, now + 22 * HOUR);
        ck_assert_int_lt(bot->allowed_at, now + 23 * HOUR + 60);
        tear_down();
    }
}
END_TEST

START_TEST(a_server_of_ones_own_has_no_pace_unless_it_is_given_one)
{
    set_up("mail.office.example", "");
    attempted("mail", 3000, 1);
    ck_assert(pace_allows(bot, "mail"));
    tear_down();
}
END_TEST

START_TEST(a_robot_of_wecom_takes_twenty_a_minute_and_mail_does_not_count)
{
    set_up("smtp.163.com", "");
    attempted("mail", 200, 1);
    attempted("wecom", 19, 5);
    ck_assert(pace_allows(bot, "wecom"));
    attempted("wecom", 1, 5);
    ck_assert(!pace_allows(bot, "wecom"));
    tear_down();
}
END_TEST

START_TEST(no_two_waits_are_the_same_but_none_is_longer_than_a_tenth)
{
    gint64 least = G_MAXINT64, most = 0;
    for (int i = 0; i < TIMES; i++) {
        gint64 wait = wait_jittered(300);
        least = MIN(least, wait);
        most = MAX(most, wait);
    }
    ck_assert_int_ge(least, 300);
    ck_assert_int_le(most, 330);
    ck_assert_int_gt(most - least, 15);
    ck_assert_int_eq(wait_jittered(1), 1);
}
END_TEST

static const struct {
    int failures, refusals;
    gint64 wait;
} waits[] = {
    { 1, 0, 1 },
    { 2, 0, 5 },
    { 3, 0, 10 },
    { 7, 0, 160 },
    { 8, 0, 300 },
    { 100000, 0, 300 },
    { 1, 1, 600 },
    { 2, 2, 1200 },
    { 9, 1, 600 }, /* a line that broke often, then a wrong password: ten minutes first */
    { 9, 3, 2400 },
    { 20, 6, 14400 },
    { 100000, 100000, 14400 },
};

START_TEST(the_longer_it_fails_the_longer_it_waits_and_a_refused_login_waits_ten_minutes)
{
    for (size_t i = 0; i < TIMES * G_N_ELEMENTS(waits); i++) {
        size_t row = i % G_N_ELEMENTS(waits);
        gint64 wait = wait_after(waits[row].failures, waits[row].refusals);
        ck_assert_int_ge(wait, waits[row].wait);
        ck_assert_int_le(wait, waits[row].wait + waits[row].wait / 10);
    }
}
END_TEST

TEST_MAIN("bot/pace", each_provider_has_a_pace_of_the_minute_and_the_configuration_overrules_it,
          each_provider_has_a_pace_of_the_day_too,
          a_server_of_ones_own_has_no_pace_unless_it_is_given_one,
          a_robot_of_wecom_takes_twenty_a_minute_and_mail_does_not_count,
          no_two_waits_are_the_same_but_none_is_longer_than_a_tenth,
          the_longer_it_fails_the_longer_it_waits_and_a_refused_login_waits_ten_minutes)
