/* Deadlines: what people type, what is stored, when it is over. */
#include "test.h"
#include <sys/wait.h>
#include <unistd.h>

static void zone(const char *name)
{
    ck_assert(clock_set_zone(name, NULL));
}

START_TEST(what_people_type_becomes_one_form)
{
    static const struct {
        const char *typed, *stored;
    } rows[] = {
        { "2019-06-21", "2019-06-21" },
        { "2019/6/21", "2019-06-21" },
        { "2019年6月21日", "2019-06-21" },
        { " 2019年6月21日前 ", "2019-06-21" },
        { "2019-06-21 之前", "2019-06-21" },
        { "2019年6月21日以前", "2019-06-21" },
        { "２０１９年６月２１日", "2019-06-21" },
        { "2019-06-21 17:00", "2019-06-21T17:00:00+08:00" },
        { "2019-06-21T17:00", "2019-06-21T17:00:00+08:00" },
        { "2019-06-21 9:05", "2019-06-21T09:05:00+08:00" },
        { "2019/6/21 17:00:30", "2019-06-21T17:00:30+08:00" },
        { "2019年6月21日17:00", "2019-06-21T17:00:00+08:00" },
        { "2019年6月21日 17：00前", "2019-06-21T17:00:00+08:00" },
        { "2019年6月21日\u300017：00：00 前", "2019-06-21T17:00:00+08:00" },
        { "2019年6月21日\u00a017:00", "2019-06-21T17:00:00+08:00" },
        { "2019-06-21T17:00:00+08:00", "2019-06-21T17:00:00+08:00" },
        { "2019-06-21T18:00:00+09:00", "2019-06-21T17:00:00+08:00" },
        { "2019-06-21T17:00:00Z", "2019-06-22T01:00:00+08:00" },
        { "2019-06-21 24:00", "2019-06-21" },
        { "2019-06-21 00:00", "2019-06-21T00:00:00+08:00" },
        { "2020-02-29", "2020-02-29" },
    };
    zone("Asia/Shanghai");
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *stored = deadline_normalize(rows[i].typed, &error);
        ck_assert_msg(stored != NULL, "%s", rows[i].typed);
        ck_assert_str_eq(stored, rows[i].stored);
        g_autofree char *again = deadline_normalize(stored, NULL);
        ck_assert_str_eq(again, stored);
    }
}
END_TEST

START_TEST(what_is_no_deadline_is_refused_with_the_form_wanted)
{
    static const char *const rows[] = {
        "",
        "尽快",
        "6月21日",
        "2019-02-30",
        "2019年2月29日",
        "2019-06-31 17:00",
        "2019-06-21 24:01",
        "2019-06-21 17:60",
        "2019-06-21 17:00:60",
        "2019-06-21 17",
        "2019-06-21 17:00 后",
        "2019-06-21 17:00+8",
        "2019-06-21 17:00+15:00",
        "2019-06-21T",
        "2019-06-21 到 2019-06-22",
        "2019-06-21\x1b[31m",
        "\xff\xfe",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *stored = deadline_normalize(rows[i], &error);
        ck_assert_msg(stored == NULL, "%s gave %s", rows[i], stored);
        ck_assert(g_error_matches(error, FAULT, FAULT_REFUSED));
        ck_assert_ptr_nonnull(strstr(error->message, "2019-06-21 17:00"));
        ck_assert(g_utf8_validate(error->message, -1, NULL));
        ck_assert_ptr_null(strchr(error->message, 0x1b));
    }
}
END_TEST

START_TEST(the_offset_is_the_offices_at_that_time)
{
    static const struct {
        const char *zone, *stored;
    } rows[] = {
        { "Asia/Shanghai", "2019-06-21T17:00:00+08:00" },
        { "Asia/Urumqi", "2019-06-21T17:00:00+06:00" },
        { "America/New_York", "2019-06-21T17:00:00-04:00" },
        { "America/St_Johns", "2019-06-21T17:00:00-02:30" },
        { "UTC", "2019-06-21T17:00:00+00:00" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        zone(rows[i].zone);
        g_autofree char *stored = deadline_normalize("2019-06-21 17:00", NULL);
        ck_assert_str_eq(stored, rows[i].stored);
    }
    zone("America/New_York");
    g_autofree char *winter = deadline_normalize("2019-12-21 17:00", NULL);
    ck_assert_str_eq(winter, "2019-12-21T17:00:00-05:00");
    zone("Asia/Shanghai");
}
END_TEST

START_TEST(a_deadline_ends_with_its_day_or_just_after_its_time)
{
    static const struct {
        const char *deadline, *end, *day;
    } rows[] = {
        { "2019-06-21", "2019-06-21T16:00:00Z", "2019-06-21" },
        { "2019-12-31", "2019-12-31T16:00:00Z", "2019-12-31" },
        { "2019-06-21T17:00:00+08:00", "2019-06-21T09:00:01Z", "2019-06-21" },
        { "2019-06-21T00:00:00+08:00", "2019-06-20T16:00:01Z", "2019-06-21" },
    };
    zone("Asia/Shanghai");
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *end = instant_text(deadline_end(rows[i].deadline));
        g_autofree char *day = day_text(deadline_day(rows[i].deadline));
        ck_assert_str_eq(end, rows[i].end);
        ck_assert_str_eq(day, rows[i].day);
    }
}
END_TEST

START_TEST(the_year_is_spoken_only_where_it_is_another)
{
    static const struct {
        const char *deadline;
        int this_year;
        const char *spoken;
    } rows[] = {
        { "2019-06-21", 2019, "6月21日（星期五）" },
        { "2019-06-21", 2018, "2019年6月21日（星期五）" },
        { "2019-06-21T17:00:00+08:00", 2019, "6月21日（星期五）17:00" },
        { "2019-06-21T09:05:30+08:00", 2020, "2019年6月21日（星期五）09:05" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *spoken = deadline_chinese(rows[i].deadline, rows[i].this_year);
        ck_assert_str_eq(spoken, rows[i].spoken);
    }
}
END_TEST

/* In a child of its own, silenced, so that the report stays readable. */
static gboolean aborts(const char *deadline)
{
    int status = 0;
    pid_t pid = fork();
    if (pid == 0) {
        close(STDERR_FILENO);
        close(STDOUT_FILENO);
        deadline_end(deadline);
        _exit(0);
    }
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    return WIFSIGNALED(status);
}

START_TEST(a_deadline_that_was_never_normalized_is_a_bug)
{
    static const char *const rows[] = { NULL, "", "soon", "2019-06-21 17:00", "2019-02-30" };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        ck_assert_msg(aborts(rows[i]), "%s", rows[i] != NULL ? rows[i] : "NULL");
    ck_assert(!aborts("2019-06-21"));
}
END_TEST

TEST_MAIN("base/deadline", what_people_type_becomes_one_form,
          what_is_no_deadline_is_refused_with_the_form_wanted,
          the_offset_is_the_offices_at_that_time,
          a_deadline_ends_with_its_day_or_just_after_its_time,
          the_year_is_spoken_only_where_it_is_another,
          a_deadline_that_was_never_normalized_is_a_bug)
