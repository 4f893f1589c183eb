/* The ledger: a unit's standing follows from what is there. */
#include "story.h"

static gint64 hand_in(struct fixture *f, int unit, enum stance stance, enum how how)
{
    struct assignment *side = story_side(f, unit);
    struct submission submission = { .matter = f->matter,
                                     .unit = f->units[unit],
                                     .how = how,
                                     .stance = stance,
                                     .text = (char *)"一",
                                     .received_at = clock_now() };
    g_autoptr(GError) error = NULL;
    assignment_free(side);
    fixture_begin(f);
    ck_assert_msg(ledger_submit(&f->office, &submission, &error), "%s",
                  error ? error->message : "");
    fixture_commit(f);
    struct submission *current = submission_current(f->db, f->matter, f->units[unit]);
    gint64 id = current->id;
    submission_free(current);
    return id;
}

static void void_it(struct fixture *f, gint64 id)
{
    fixture_begin(f);
    ck_assert(ledger_void(&f->office, id, "误登", NULL));
    fixture_commit(f);
}

static void paper(struct fixture *f, int unit, int stance)
{
    fixture_begin(f);
    ck_assert(ledger_paper(&f->office, f->matter, f->units[unit], HOW_FAX, stance, NULL));
    fixture_commit(f);
}

static gboolean owes(struct fixture *f, int unit, gboolean *electronic, gboolean *on_paper)
{
    struct matter *m = matter_get(f->db, f->matter);
    struct assignment *side = story_side(f, unit);
    gboolean result = assignment_owes(m, side, electronic, on_paper);
    assignment_free(side);
    matter_free(m);
    return result;
}

START_TEST(each_stance_has_its_status)
{
    static const struct {
        enum stance stance;
        enum status status;
    } table[] = {
        { STANCE_COMMENTS, STATUS_COMMENTED },    { STANCE_CONDITIONAL, STATUS_COMMENTED },
        { STANCE_NO_COMMENT, STATUS_NO_COMMENT }, { STANCE_NOT_CONCERNED, STATUS_NO_COMMENT },
        { STANCE_ACKNOWLEDGED, STATUS_WAITING },  { STANCE_EXTENSION, STATUS_WAITING },
        { STANCE_QUESTION, STATUS_WAITING },      { STANCE_UNCLEAR, STATUS_WAITING }
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        struct fixture *f = story_new(FALSE);
        hand_in(f, JYJ, table[i].stance, HOW_MAIL);
        struct assignment *side = story_side(f, JYJ);
        ck_assert_msg(side->status == table[i].status || (table[i].stance == STANCE_ACKNOWLEDGED &&
                                                          side->status == STATUS_ACKNOWLEDGED),
                      "%s: %s", stance_text(table[i].stance), status_text(side->status));
        gboolean answered = table[i].status != STATUS_WAITING;
        ck_assert_int_eq(side->electronic_at != 0, answered);
        ck_assert_int_eq(owes(f, JYJ, NULL, NULL), !answered);
        assignment_free(side);
        story_check(f, WTJ, STATUS_WAITING, FALSE);
        fixture_free(f);
    }
}
END_TEST

START_TEST(mail_of_each_stance_has_its_status)
{
    struct fixture *f = story_new(FALSE);
    story_reply(f, JYJ, "收到，谢谢");
    story_check(f, JYJ, STATUS_ACKNOWLEDGED, FALSE);
    ck_assert(owes(f, JYJ, NULL, NULL));
    story_reply(f, JYJ, "我局无意见。");
    story_check(f, JYJ, STATUS_NO_COMMENT, FALSE);
    story_reply(f, JYJ, "收到。");
    story_check(f, JYJ, STATUS_NO_COMMENT, FALSE);
    story_reply(f, JYJ, "请问附件2打不开，能否重新发一份？");
    story_check(f, JYJ, STATUS_NO_COMMENT, FALSE);
    ck_assert_int_eq(review_count(f->db, f->matter), 1);
    story_reply(f, WTJ, "因负责同志外出，申请延期至6月25日反馈。");
    story_check(f, WTJ, STATUS_WAITING, FALSE);
    ck_assert_int_eq(review_count(f->db, f->matter), 2);
    fixture_free(f);
}
END_TEST

START_TEST(a_correction_supersedes_and_a_withdrawal_leaves_waiting_and_a_review_item)
{
    struct fixture *f = story_new(FALSE);
    story_reply(f, JYJ, "我局无意见。");
    story_reply(f, JYJ, "更正：上次所报无意见有误，现重新反馈如下：建议将第三条修改为“每年两次”。");
    story_check(f, JYJ, STATUS_COMMENTED, FALSE);
    ck_assert_uint_eq(story_versions(f, JYJ), 2);
    ck_assert_int_eq(review_count(f->db, f->matter), 0);
    story_reply(f, JYJ, "我局昨日所发反馈意见作废，请予撤回。");
    story_check(f, JYJ, STATUS_WAITING, FALSE);
    ck_assert_int_eq(review_count(f->db, f->matter), 1);
    ck_assert_uint_eq(story_versions(f, JYJ), 2);
    fixture_free(f);
}
END_TEST

START_TEST(an_answer_after_the_deadlines_day_is_late)
{
    static const struct {
        const char *when;
        gboolean late;
    } table[] = { { "2019-06-21 23:59", FALSE }, { "2019-06-22 00:00", TRUE } };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        struct fixture *f = story_new(FALSE);
        clock_fix(at(table[i].when));
        story_reply(f, JYJ, "我局无意见。");
        story_check(f, JYJ, STATUS_NO_COMMENT, table[i].late);
        fixture_free(f);
    }
}
END_TEST

START_TEST(an_extension_recomputes_who_was_late)
{
    struct fixture *f = story_new(FALSE);
    clock_fix(at("2019-06-24 10:00"));
    hand_in(f, JYJ, STANCE_NO_COMMENT, HOW_MAIL);
    hand_in(f, WTJ, STANCE_NO_COMMENT, HOW_MAIL);
    story_check(f, JYJ, STATUS_NO_COMMENT, TRUE);
    fixture_begin(f);
    ck_assert(matter_prolong(&f->office, f->matter, f->units[JYJ], "2019-06-25", NULL));
    fixture_commit(f);
    story_check(f, JYJ, STATUS_NO_COMMENT, FALSE);
    story_check(f, WTJ, STATUS_NO_COMMENT, TRUE);
    fixture_begin(f);
    ck_assert(matter_prolong(&f->office, f->matter, 0, "2019-06-28", NULL));
    fixture_commit(f);
    story_check(f, WTJ, STATUS_NO_COMMENT, FALSE);
    fixture_free(f);
}
END_TEST

START_TEST(voiding_falls_back_to_the_version_before_and_then_to_waiting)
{
    struct fixture *f = story_new(FALSE);
    gint64 one = hand_in(f, JYJ, STANCE_NO_COMMENT, HOW_MAIL);
    gint64 two = hand_in(f, JYJ, STANCE_COMMENTS, HOW_MAIL);
    story_check(f, JYJ, STATUS_COMMENTED, FALSE);
    void_it(f, two);
    story_check(f, JYJ, STATUS_NO_COMMENT, FALSE);
    void_it(f, one);
    story_check(f, JYJ, STATUS_WAITING, FALSE);
    ck_assert(owes(f, JYJ, NULL, NULL));
    g_autoptr(GError) error = NULL;
    fixture_begin(f);
    ck_assert(!ledger_void(&f->office, one, "又", &error));
    ck_assert(g_error_matches(error, FAULT, FAULT_REFUSED));
    g_clear_error(&error);
    ck_assert(!ledger_void(&f->office, 999, "无", &error));
    ck_assert(g_error_matches(error, FAULT, FAULT_REFUSED));
    fixture_commit(f);
    fixture_free(f);
}
END_TEST

START_TEST(paper_with_a_stance_answers_but_still_owes_the_electronic_copy)
{
    struct fixture *f = story_new(TRUE);
    gboolean electronic, on_paper;
    paper(f, JYJ, STANCE_NO_COMMENT);
    story_check(f, JYJ, STATUS_NO_COMMENT, FALSE);
    ck_assert(owes(f, JYJ, &electronic, &on_paper));
    ck_assert(electronic && !on_paper);
    ck_assert_int_eq(review_count(f->db, f->matter), 0);
    story_reply(f, JYJ, "我局无意见。");
    ck_assert(!owes(f, JYJ, NULL, NULL));

    story_reply(f, WTJ, "我局无意见。");
    ck_assert(owes(f, WTJ, &electronic, &on_paper));
    ck_assert(!electronic && on_paper);
    paper(f, WTJ, STANCE_NO_COMMENT);
    ck_assert(!owes(f, WTJ, NULL, NULL));
    fixture_free(f);
}
END_TEST

START_TEST(paper_without_a_stance_waits_for_a_person)
{
    struct fixture *f = story_new(TRUE);
    paper(f, JYJ, -1);
    story_check(f, JYJ, STATUS_WAITING, FALSE);
    struct assignment *side = story_side(f, JYJ);
    ck_assert_int_eq(side->paper, PAPER_RECEIVED);
    ck_assert_int_eq(side->paper_how, HOW_FAX);
    ck_assert_int_eq(side->paper_stance, -1);
    assignment_free(side);
    ck_assert_int_eq(review_may_answer(f->db, f->matter, f->units[JYJ]), 1);
    paper(f, JYJ, STANCE_COMMENTS);
    story_check(f, JYJ, STATUS_COMMENTED, FALSE);
    ck_assert_int_eq(review_count(f->db, f->matter), 0);
    fixture_free(f);
}
END_TEST

START_TEST(who_was_not_asked_cannot_hand_in)
{
    struct fixture *f = story_new(FALSE);
    g_autoptr(GError) error = NULL;
    struct submission submission = { .matter = f->matter,
                                     .unit = unit_by_code(f->db, UNIT_OFFICE),
                                     .received_at = 1,
                                     .text = (char *)"" };
    fixture_begin(f);
    ck_assert(!ledger_submit(&f->office, &submission, &error));
    ck_assert(g_error_matches(error, FAULT, FAULT_REFUSED));
    g_clear_error(&error);
    ck_assert(!ledger_paper(&f->office, f->matter, submission.unit, HOW_FAX, -1, &error));
    ck_assert(g_error_matches(error, FAULT, FAULT_REFUSED));
    fixture_commit(f);
    fixture_free(f);
}
END_TEST

TEST_MAIN("handlers/ledger", each_stance_has_its_status, mail_of_each_stance_has_its_status,
          a_correction_supersedes_and_a_withdrawal_leaves_waiting_and_a_review_item,
          an_answer_after_the_deadlines_day_is_late, an_extension_recomputes_who_was_late,
          voiding_falls_back_to_the_version_before_and_then_to_waiting,
          paper_with_a_stance_answers_but_still_owes_the_electronic_copy,
          paper_without_a_stance_waits_for_a_person, who_was_not_asked_cannot_hand_in)
