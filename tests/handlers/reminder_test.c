/* Reminders: by working-day steps, once each, only to who still owes and in office hours. */
#include "handlers/private.h"
#include "story.h"

static void run(struct fixture *f, const char *when)
{
    g_autoptr(GError) error = NULL;
    clock_fix(at(when));
    fixture_begin(f);
    ck_assert_msg(reminders_run(&f->office, &error), "%s", error ? error->message : "?");
    fixture_commit(f);
}

/* The steps a unit was or is to be reminded of: "t-3 t-1 ". */
static char *steps(struct fixture *f, int unit)
{
    GString *text = g_string_new(NULL);
    GArray *rows = outbox_list(f->db, -1, f->matter);
    for (guint i = 0; i < rows->len; i++) {
        struct outbox *row = outbox_get(f->db, g_array_index(rows, gint64, i));
        if (row->unit == f->units[unit] && row->state != OUT_CANCELLED &&
            g_str_equal(row->kind, "reminder")) {
            g_auto(GStrv) parts = g_strsplit(row->key, "/", -1);
            ck_assert_uint_eq(g_strv_length(parts), 5);
            g_string_append_printf(text, "%s %s;", parts[3], parts[4]);
        }
        outbox_free(row);
    }
    g_array_unref(rows);
    return g_string_free(text, FALSE);
}

static void check_steps(struct fixture *f, int unit, const char *expected, const char *when)
{
    g_autofree char *got = steps(f, unit);
    ck_assert_msg(g_str_equal(got, expected), "%s: “%s”, not “%s”", when, got, expected);
}

START_TEST(the_latest_step_that_has_come_is_due_inside_office_hours)
{
    static const struct {
        const char *when, *expected;
    } table[] = { { "2019-06-17 17:00", "" },           { "2019-06-18 08:29", "" },
                  { "2019-06-18 08:30", "t-3 due-1;" }, { "2019-06-18 12:30", "" },
                  { "2019-06-18 17:30", "" },           { "2019-06-19 10:00", "t-3 due-1;" },
                  { "2019-06-20 09:00", "t-1 due-1;" }, { "2019-06-21 09:00", "t0 due-1;" },
                  { "2019-06-22 10:00", "" },           { "2019-06-24 09:00", "t+1 due-1;" },
                  { "2019-07-05 09:00", "t+1 due-1;" } };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        struct fixture *f = story_new(FALSE);
        run(f, table[i].when);
        check_steps(f, JYJ, table[i].expected, table[i].when);
        check_steps(f, YJ, table[i].expected, table[i].when);
        run(f, table[i].when);
        check_steps(f, JYJ, table[i].expected, table[i].when);
        fixture_free(f);
    }
}
END_TEST

START_TEST(each_step_is_reminded_once_with_its_own_key)
{
    struct fixture *f = story_new(FALSE);
    static const char *const days[] = { "2019-06-18 09:00", "2019-06-18 15:00", "2019-06-19 09:00",
                                        "2019-06-20 09:00", "2019-06-21 09:00", "2019-06-24 09:00",
                                        "2019-06-25 09:00", "2019-07-25 09:00" };
    for (gsize i = 0; i < G_N_ELEMENTS(days); i++) {
        run(f, days[i]);
        story_accept_all(f);
    }
    check_steps(f, JYJ, "t-3 due-1;t-1 due-1;t0 due-1;t+1 due-1;", "in all");
    g_autofree char *key = g_strdup_printf("reminder/%d/jyj/t-1/due-1", (int)f->matter);
    ck_assert(outbox_has(f->db, key));
    fixture_free(f);
}
END_TEST

START_TEST(after_downtime_one_reminder_catches_up)
{
    struct fixture *f = story_new(FALSE);
    run(f, "2019-06-24 09:00");
    check_steps(f, JYJ, "t+1 due-1;", "after a fortnight");
    struct fixture *held = story_new(FALSE);
    run(held, "2019-06-18 09:00");
    run(held, "2019-06-20 09:00");
    check_steps(held, JYJ, "t-1 due-1;", "the older one never left");
    fixture_free(f);
    fixture_free(held);
}
END_TEST

START_TEST(no_step_falls_on_the_day_of_issue_or_before_it)
{
    struct fixture *f = fixture_new();
    clock_fix(at("2019-06-20 08:40"));
    story_issue(f, FALSE);
    story_accept_all(f);
    run(f, "2019-06-20 15:00");
    check_steps(f, JYJ, "", "issued today");
    run(f, "2019-06-21 09:00");
    check_steps(f, JYJ, "t0 due-1;", "the next day");
    fixture_free(f);
}
END_TEST

START_TEST(who_never_got_the_notice_is_not_reminded_of_it)
{
    struct fixture *f = fixture_new();
    story_issue(f, FALSE);
    story_accept(f, outbox_newest(f->db, "notice", f->matter, f->units[WTJ]));
    run(f, "2019-06-18 09:00");
    check_steps(f, JYJ, "", "still queued");
    check_steps(f, WTJ, "t-3 due-1;", "sent");
    fixture_free(f);
}
END_TEST

START_TEST(who_owes_nothing_is_left_alone)
{
    struct fixture *f = story_new(FALSE);
    story_reply(f, JYJ, "我局无意见。");
    fixture_begin(f);
    ck_assert(matter_exempt(&f->office, f->matter, f->units[WTJ], "机构改革", NULL));
    assignment_set_status(f->db, f->matter, f->units[QXJ], STATUS_DEEMED, "视为无异议");
    fixture_commit(f);
    run(f, "2019-06-18 09:00");
    check_steps(f, JYJ, "", "answered");
    check_steps(f, WTJ, "", "exempt");
    check_steps(f, QXJ, "", "deemed");
    check_steps(f, YJ, "t-3 due-1;", "silent");
    fixture_free(f);
}
END_TEST

START_TEST(who_only_acknowledged_is_reminded_and_an_answer_takes_the_reminder_back)
{
    struct fixture *f = story_new(FALSE);
    story_reply(f, JYJ, "收到，谢谢");
    run(f, "2019-06-18 09:00");
    check_steps(f, JYJ, "t-3 due-1;", "acknowledged");
    story_reply(f, JYJ, "我局无意见。");
    check_steps(f, JYJ, "", "answered before it left");
    fixture_free(f);
}
END_TEST

START_TEST(who_may_have_answered_is_not_chased_until_a_person_looked)
{
    struct fixture *f = story_new(FALSE);
    story_reply(f, JYJ, "可以");
    ck_assert_int_eq(review_count(f->db, f->matter), 1);
    run(f, "2019-06-18 09:00");
    check_steps(f, JYJ, "", "in the review queue");
    check_steps(f, WTJ, "t-3 due-1;", "nothing of it");
    fixture_free(f);
}
END_TEST

static void check_says(struct fixture *f, int unit, const char *wanted, const char *unwanted)
{
    struct outbox *row =
        outbox_get(f->db, outbox_newest(f->db, "reminder", f->matter, f->units[unit]));
    ck_assert_ptr_nonnull(row);
    const char *owed = strstr(row->text, "尚未收到");
    ck_assert_msg(owed != NULL, "%s", row->text);
    g_autofree char *sentence = g_strndup(owed, strcspn(owed, "\n"));
    ck_assert_msg(strstr(sentence, wanted) != NULL, "%s", sentence);
    ck_assert_msg(unwanted == NULL || strstr(sentence, unwanted) == NULL, "%s", sentence);
    ck_assert_ptr_nonnull(row->in_reply_to);
    outbox_free(row);
}

START_TEST(a_reminder_says_what_is_owed)
{
    struct fixture *f = story_new(TRUE);
    story_reply(f, JYJ, "我局无意见。");
    fixture_begin(f);
    ck_assert(
        ledger_paper(&f->office, f->matter, f->units[WTJ], HOW_PAPER, STANCE_NO_COMMENT, NULL));
    fixture_commit(f);
    run(f, "2019-06-18 09:00");
    check_says(f, JYJ, "纸质", "电子");
    check_says(f, WTJ, "电子", "纸质");
    check_says(f, QXJ, "电子", NULL);
    check_says(f, QXJ, "纸质", NULL);
    fixture_free(f);
}
END_TEST

START_TEST(a_reminder_addresses_the_unit_by_its_full_name_and_quotes_a_title_in_a_title)
{
    struct fixture *f = story_new(FALSE);
    fixture_begin(f);
    struct matter *m = matter_get(f->db, f->matter);
    g_free(m->title);
    m->title = g_strdup("关于征求《工作规则》意见的通知");
    json_auto_t *data = matter_data(&f->office, m);
    matter_free(m);
    fixture_commit(f);
    ck_assert_str_eq(json_string_value(json_object_get(data, "quoted")),
                     "《关于征求〈工作规则〉意见的通知》");
    run(f, "2019-06-18 09:00");
    struct outbox *row =
        outbox_get(f->db, outbox_newest(f->db, "reminder", f->matter, f->units[JYJ]));
    ck_assert_ptr_nonnull(strstr(row->text, "市教育局：\n"));
    ck_assert_ptr_nonnull(strstr(row->text, "《关于征求五个文件意见的通知》"));
    outbox_free(row);
    fixture_free(f);
}
END_TEST

START_TEST(an_extension_begins_the_steps_anew)
{
    struct fixture *f = story_new(FALSE);
    run(f, "2019-06-20 09:00");
    story_accept_all(f);
    fixture_begin(f);
    ck_assert(matter_prolong(&f->office, f->matter, f->units[JYJ], "2019-06-28", NULL));
    fixture_commit(f);
    run(f, "2019-06-21 09:00");
    check_steps(f, JYJ, "t-1 due-1;", "extended");
    check_steps(f, WTJ, "t-1 due-1;t0 due-1;", "not extended");
    run(f, "2019-06-27 09:00");
    check_steps(f, JYJ, "t-1 due-1;t-1 due-2;", "a day before its own deadline");
    fixture_free(f);
}
END_TEST

START_TEST(a_closed_or_cancelled_matter_reminds_nobody)
{
    struct fixture *closed = story_new(FALSE), *cancelled = story_new(FALSE);
    fixture_begin(closed);
    ck_assert(matter_close(&closed->office, closed->matter, NULL));
    fixture_commit(closed);
    fixture_begin(cancelled);
    ck_assert(matter_cancel(&cancelled->office, cancelled->matter, NULL));
    fixture_commit(cancelled);
    run(closed, "2019-06-18 09:00");
    run(cancelled, "2019-06-18 09:00");
    check_steps(closed, JYJ, "", "closed");
    check_steps(cancelled, JYJ, "", "cancelled");
    fixture_free(closed);
    fixture_free(cancelled);
}
END_TEST

TEST_MAIN("handlers/reminder", the_latest_step_that_has_come_is_due_inside_office_hours,
          each_step_is_reminded_once_with_its_own_key, after_downtime_one_reminder_catches_up,
          no_step_falls_on_the_day_of_issue_or_before_it,
          who_never_got_the_notice_is_not_reminded_of_it, who_owes_nothing_is_left_alone,
          who_only_acknowledged_is_reminded_and_an_answer_takes_the_reminder_back,
          who_may_have_answered_is_not_chased_until_a_person_looked, a_reminder_says_what_is_owed,
          a_reminder_addresses_the_unit_by_its_full_name_and_quotes_a_title_in_a_title,
          an_extension_begins_the_steps_anew, a_closed_or_cancelled_matter_reminds_nobody)
