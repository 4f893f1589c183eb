/* Settlement (law 7): silence is consent only where the notice says so and nothing speaks against
 * it; a dated act that a late answer reopens. */
#include "handlers/private.h"
#include "story.h"

static gboolean settle(struct fixture *f, int *deemed, int *blocked, GError **error)
{
    *deemed = *blocked = 0;
    fixture_begin(f);
    gboolean ok = matter_settle(&f->office, f->matter, deemed, blocked, error);
    fixture_commit(f);
    return ok;
}

static void run(struct fixture *f, const char *when)
{
    g_autoptr(GError) error = NULL;
    clock_fix(at(when));
    fixture_begin(f);
    ck_assert_msg(settlement_run(&f->office, &error), "%s", error ? error->message : "?");
    fixture_commit(f);
}

static guint count_items(struct fixture *f, const char *reason)
{
    guint n = 0;
    GPtrArray *list = review_list(f->db, f->matter);
    for (guint i = 0; i < list->len; i++)
        n += g_str_equal(((struct review *)list->pdata[i])->reason, reason);
    g_ptr_array_unref(list);
    return n;
}

START_TEST(silence_is_deemed_consent_and_the_remark_quotes_the_sentence)
{
    struct fixture *f = story_over();
    int deemed, blocked;
    ck_assert(settle(f, &deemed, &blocked, NULL));
    ck_assert_int_eq(deemed, FIXTURE_UNITS);
    ck_assert_int_eq(blocked, 0);
    struct assignment *side = story_side(f, JYJ);
    ck_assert_int_eq(side->status, STATUS_DEEMED);
    ck_assert(side->remark && strstr(side->remark, "逾期未反馈的，视为无异议。"));
    assignment_free(side);
    struct matter *m = matter_get(f->db, f->matter);
    ck_assert_int_eq(m->settled_at, clock_now());
    matter_free(m);
    ck_assert_int_eq(event_count(f->db, "status.deemed", f->matter, 1, clock_now() + 1), 4);
    fixture_free(f);
}
END_TEST

START_TEST(before_the_grace_is_over_nothing_is_settled)
{
    static const char *const times[] = { "2019-06-21 23:00", "2019-06-22 10:00",
                                         "2019-06-24 23:59" };
    struct fixture *f = story_over();
    f->policy.settle_auto = TRUE;
    int deemed, blocked;
    for (gsize i = 0; i < G_N_ELEMENTS(times); i++) {
        g_autoptr(GError) error = NULL;
        run(f, times[i]);
        ck_assert(!settle(f, &deemed, &blocked, &error));
        ck_assert(g_error_matches(error, FAULT, FAULT_REFUSED));
        story_check(f, JYJ, STATUS_WAITING, FALSE);
    }
    ck_assert_int_eq(review_count(f->db, f->matter), 0);
    run(f, "2019-06-25 00:00");
    ck_assert_uint_eq(count_items(f, "settlement"), 0);
    story_check(f, JYJ, STATUS_DEEMED, FALSE);
    fixture_free(f);
}
END_TEST

START_TEST(by_default_the_list_is_proposed_and_the_clerk_confirms_it)
{
    struct fixture *f = story_over();
    story_reply(f, WTJ, "建议将第三条删除。");
    int deemed, blocked;
    run(f, "2019-06-25 10:00");
    run(f, "2019-06-25 11:00");
    story_check(f, JYJ, STATUS_WAITING, FALSE);
    ck_assert_uint_eq(count_items(f, "settlement"), 1);
    GPtrArray *list = review_list(f->db, f->matter);
    struct review *item = list->pdata[0];
    ck_assert_ptr_nonnull(strstr(item->text, "教育局"));
    ck_assert_ptr_null(strstr(item->text, "文体局"));
    ck_assert_ptr_nonnull(strstr(item->text, "逾期未反馈的，视为无异议。"));
    g_ptr_array_unref(list);
    ck_assert(settle(f, &deemed, &blocked, NULL));
    ck_assert_int_eq(deemed, 3);
    ck_assert_uint_eq(count_items(f, "settlement"), 0);
    story_check(f, JYJ, STATUS_DEEMED, FALSE);
    story_check(f, WTJ, STATUS_COMMENTED, TRUE);
    fixture_free(f);
}
END_TEST

START_TEST(where_the_notice_does_not_say_so_silence_is_overdue)
{
    struct fixture *f = fixture_new();
    struct matter matter = { .title = (char *)"报送总结",
                             .kind = KIND_REPORT,
                             .deadline = (char *)"2019-06-21",
                             .electronic = TRUE,
                             .notice = (char *)"请报送。" };
    fixture_begin(f);
    f->matter = matter_add(f->db, &matter);
    assignment_add(f->db, f->matter, f->units[JYJ], PAPER_NOT_REQUIRED);
    assignment_add(f->db, f->matter, f->units[WTJ], PAPER_NOT_REQUIRED);
    ck_assert(matter_issue(&f->office, f->matter, NULL));
    fixture_commit(f);
    story_accept_all(f);
    f->policy.settle_auto = TRUE;
    story_reply(f, WTJ, "总结见正文：今年开展活动三次。建议增加经费。");
    run(f, "2019-06-21 23:00");
    story_check(f, JYJ, STATUS_WAITING, FALSE);
    story_read(f, "2019-06-25 08:50", "2019-06-25 08:51");
    run(f, "2019-06-25 10:00");
    story_check(f, JYJ, STATUS_OVERDUE, FALSE);
    story_check(f, WTJ, STATUS_SUBMITTED, FALSE);
    int deemed, blocked;
    g_autoptr(GError) error = NULL;
    ck_assert(!settle(f, &deemed, &blocked, &error));
    ck_assert(g_error_matches(error, FAULT, FAULT_REFUSED));
    fixture_free(f);
}
END_TEST

START_TEST(a_unit_with_its_own_deadline_is_settled_by_that_one)
{
    struct fixture *f = story_new(TRUE);
    f->policy.settle_auto = TRUE;
    fixture_begin(f);
    ck_assert(matter_prolong(&f->office, f->matter, f->units[JYJ], "2019-06-28", NULL));
    fixture_commit(f);
    story_read(f, "2019-06-25 08:50", "2019-06-25 08:51");
    run(f, "2019-06-25 10:00");
    story_check(f, JYJ, STATUS_WAITING, FALSE);
    story_read(f, "2019-07-02 08:50", "2019-07-02 08:51");
    run(f, "2019-07-02 10:00");
    story_check(f, JYJ, STATUS_DEEMED, FALSE);
    story_check(f, WTJ, STATUS_DEEMED, FALSE);
    fixture_free(f);
}
END_TEST

START_TEST(a_late_answer_reopens_what_was_deemed_and_voiding_it_loses_nobody)
{
    struct fixture *f = story_over();
    int deemed, blocked;
    ck_assert(settle(f, &deemed, &blocked, NULL));
    clock_fix(at("2019-06-26 10:00"));
    story_reply(f, JYJ, "建议将第三条删除。");
    story_check(f, JYJ, STATUS_COMMENTED, TRUE);
    ck_assert_int_ge(review_count(f->db, f->matter), 1);
    struct submission *s = submission_current(f->db, f->matter, f->units[JYJ]);
    fixture_begin(f);
    ck_assert(ledger_void(&f->office, s->id, "登错单位", NULL));
    review_settle(f->db, NULL, &(struct review){ .matter = f->matter }, "已看");
    fixture_commit(f);
    submission_free(s);
    story_read(f, "2019-06-26 10:50", "2019-06-26 10:51");
    run(f, "2019-06-26 11:00");
    /* Silent again: it is either deemed again or proposed again, but not forgotten. */
    struct assignment *side = story_side(f, JYJ);
    ck_assert_msg(side->status == STATUS_DEEMED || count_items(f, "settlement") == 1, "%s, and %d",
                  status_text(side->status), (int)review_count(f->db, f->matter));
    assignment_free(side);
    fixture_free(f);
}
END_TEST

TEST_MAIN("handlers/settlement", silence_is_deemed_consent_and_the_remark_quotes_the_sentence,
          before_the_grace_is_over_nothing_is_settled,
          by_default_the_list_is_proposed_and_the_clerk_confirms_it,
          where_the_notice_does_not_say_so_silence_is_overdue,
          a_unit_with_its_own_deadline_is_settled_by_that_one,
          a_late_answer_reopens_what_was_deemed_and_voiding_it_loses_nobody)
