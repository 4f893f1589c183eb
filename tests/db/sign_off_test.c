/* Sign-offs: the newest counts, and nothing of an earlier one is lost; what a code is for. */
#include "base/base.h"
#include "office.h"

static void check(struct fixture *f, gint64 matter, enum sign_off_outcome outcome,
                  const char *signed_at, const char *ended_at, const char *signer,
                  const char *remarks)
{
    struct sign_off *s = sign_off_get(f->db, matter);
    ck_assert_ptr_nonnull(s);
    ck_assert_int_eq(s->outcome, outcome);
    ck_assert_int_eq(s->signed_at, signed_at != NULL ? at(signed_at) : 0);
    ck_assert_int_eq(s->ended_at, ended_at != NULL ? at(ended_at) : 0);
    ck_assert(g_strcmp0(s->signer, signer) == 0 && g_strcmp0(s->remarks, remarks) == 0);
    sign_off_free(s);
}

static void end(struct fixture *f, gint64 id, const char *when, enum sign_off_outcome outcome,
                const char *signer, const char *remarks)
{
    clock_fix(at(when));
    fixture_begin(f);
    sign_off_end(f->db, id, outcome, signer, remarks);
    fixture_commit(f);
}

START_TEST(a_signature_that_became_void_keeps_who_signed_and_when)
{
    struct fixture *f = fixture_new();
    fixture_begin(f);
    gint64 matter = fixture_draft(f, FALSE);
    ck_assert_ptr_null(sign_off_get(f->db, matter));
    gint64 id = sign_off_add(f->db, matter, "aa", "clerk@office.example");
    fixture_commit(f);
    check(f, matter, SIGN_OFF_WAITING, NULL, NULL, NULL, NULL);
    end(f, id, "2019-06-10 10:00", SIGN_OFF_SIGNED, "head@office.example", NULL);
    check(f, matter, SIGN_OFF_SIGNED, "2019-06-10 10:00", NULL, "head@office.example", NULL);
    end(f, id, "2019-06-10 11:00", SIGN_OFF_VOID, NULL, "内容有变");
    check(f, matter, SIGN_OFF_VOID, "2019-06-10 10:00", "2019-06-10 11:00", "head@office.example",
          "内容有变");
    fixture_free(f);
}
END_TEST

START_TEST(the_newest_submission_of_a_matter_counts)
{
    struct fixture *f = fixture_new();
    fixture_begin(f);
    gint64 matter = fixture_draft(f, FALSE), other = fixture_draft(f, FALSE);
    gint64 first = sign_off_add(f->db, matter, "aa", "clerk@office.example");
    sign_off_add(f->db, other, "cc", "clerk@office.example");
    fixture_commit(f);
    end(f, first, "2019-06-10 10:00", SIGN_OFF_RETURNED, "head@office.example", "日期不对");
    check(f, matter, SIGN_OFF_RETURNED, NULL, "2019-06-10 10:00", "head@office.example",
          "日期不对");
    fixture_begin(f);
    sign_off_add(f->db, matter, "bb", "clerk@office.example");
    fixture_commit(f);
    check(f, matter, SIGN_OFF_WAITING, NULL, NULL, NULL, NULL);
    fixture_free(f);
}
END_TEST

START_TEST(what_a_code_is_for_is_told_to_its_address_alone_and_does_not_use_it_up)
{
    struct fixture *f = fixture_new();
    struct code asked = { .address = (char *)"Head@office.example",
                          .purpose = (char *)"sign_off",
                          .commands = (char *)"",
                          .shown = (char *)"aa" };
    struct code *code = NULL;
    enum code_result result;
    fixture_begin(f);
    char *secret = code_issue(f->db, &asked);
    for (int i = 0; i < 2; i++) {
        struct code *found = code_find(f->db, "head@office.example", secret, &result);
        ck_assert_str_eq(found->purpose, "sign_off");
        code_free(found);
    }
    ck_assert_ptr_null(code_find(f->db, "clerk@office.example", secret, &result));
    ck_assert_int_eq(code_redeem(f->db, "head@office.example", secret, &code), CODE_GOOD);
    struct code *used = code_find(f->db, "head@office.example", secret, &result);
    ck_assert(used->id == code->id && result == CODE_USED);
    code_free(used);
    fixture_commit(f);
    code_free(code);
    secret_free(secret);
    fixture_free(f);
}
END_TEST

TEST_MAIN("db/sign_off", a_signature_that_became_void_keeps_who_signed_and_when,
          the_newest_submission_of_a_matter_counts,
          what_a_code_is_for_is_told_to_its_address_alone_and_does_not_use_it_up)
