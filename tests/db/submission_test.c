/* Submissions: versions that supersede each other, and nothing overwritten. */
#include "office.h"

static gint64 hand_in(struct fixture *f, gint64 matter, int unit, const char *text,
                      const char *fingerprint)
{
    struct submission submission = { .matter = matter,
                                     .unit = f->units[unit],
                                     .how = HOW_FAX,
                                     .stance = STANCE_COMMENTS,
                                     .text = (char *)text,
                                     .received_at = at("2019-06-18 10:00"),
                                     .fingerprint = (char *)fingerprint };
    return submission_add(f->db, &submission);
}

START_TEST(a_second_version_supersedes_the_first_which_stays)
{
    struct fixture *f = fixture_new();
    fixture_begin(f);
    gint64 matter = fixture_draft(f, FALSE);
    gint64 one = hand_in(f, matter, JYJ, "一", "fp1"), two = hand_in(f, matter, JYJ, "二", NULL);
    gint64 other = hand_in(f, matter, WTJ, "他", NULL);
    fixture_commit(f);
    struct submission *current = submission_current(f->db, matter, f->units[JYJ]);
    ck_assert_int_eq(current->id, two);
    ck_assert_int_eq(current->version, 2);
    ck_assert_str_eq(current->text, "二");
    submission_free(current);
    struct submission *first = submission_get(f->db, one);
    ck_assert_int_eq(first->version, 1);
    ck_assert_str_eq(first->text, "一");
    ck_assert_str_eq(first->fingerprint, "fp1");
    ck_assert_int_eq(first->how, HOW_FAX);
    ck_assert_int_eq(first->received_at, at("2019-06-18 10:00"));
    submission_free(first);
    struct submission *theirs = submission_get(f->db, other);
    ck_assert_int_eq(theirs->version, 1);
    submission_free(theirs);
    ck_assert_ptr_null(submission_get(f->db, 999));
    ck_assert_ptr_null(submission_current(f->db, matter, f->units[QXJ]));
    fixture_free(f);
}
END_TEST

START_TEST(a_void_version_is_listed_but_no_longer_current)
{
    struct fixture *f = fixture_new();
    fixture_begin(f);
    gint64 matter = fixture_draft(f, FALSE);
    gint64 one = hand_in(f, matter, JYJ, "一", NULL), two = hand_in(f, matter, JYJ, "二", NULL);
    submission_void(f->db, two, "误登");
    fixture_commit(f);
    struct submission *current = submission_current(f->db, matter, f->units[JYJ]);
    ck_assert_int_eq(current->id, one);
    submission_free(current);
    GPtrArray *all = submission_list(f->db, matter, f->units[JYJ]);
    ck_assert_uint_eq(all->len, 2);
    struct submission *last = all->pdata[1];
    ck_assert_int_eq(last->id, two);
    ck_assert_int_eq(last->voided_at, clock_now());
    ck_assert_str_eq(last->void_reason, "误登");
    g_ptr_array_unref(all);

    fixture_begin(f);
    hand_in(f, matter, JYJ, "三", NULL);
    submission_void(f->db, one, "误登");
    fixture_commit(f);
    current = submission_current(f->db, matter, f->units[JYJ]);
    ck_assert_int_eq(current->version, 3);
    submission_free(current);
    fixture_free(f);
}
END_TEST

START_TEST(the_same_content_of_that_unit_in_that_matter_is_a_repetition)
{
    struct fixture *f = fixture_new();
    fixture_begin(f);
    gint64 matter = fixture_draft(f, FALSE), other = fixture_draft(f, FALSE);
    gint64 one = hand_in(f, matter, JYJ, "一", "fp1");
    fixture_commit(f);
    ck_assert_int_eq(submission_repeated(f->db, matter, f->units[JYJ], "fp1"), one);
    ck_assert_int_eq(submission_repeated(f->db, matter, f->units[JYJ], "fp2"), 0);
    ck_assert_int_eq(submission_repeated(f->db, matter, f->units[WTJ], "fp1"), 0);
    ck_assert_int_eq(submission_repeated(f->db, other, f->units[JYJ], "fp1"), 0);
    fixture_free(f);
}
END_TEST

TEST_MAIN("db/submission", a_second_version_supersedes_the_first_which_stays,
          a_void_version_is_listed_but_no_longer_current,
          the_same_content_of_that_unit_in_that_matter_is_a_repetition)
