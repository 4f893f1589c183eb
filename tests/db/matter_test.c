/* Matters: their tokens, how they are found, and what each side of one still owes. */
#include "office.h"

static gint64 add_matter(struct fixture *f, const char *number, const char *title)
{
    struct matter matter = { .number = (char *)number,
                             .title = (char *)title,
                             .kind = KIND_CONSULTATION,
                             .state = STATE_DRAFT,
                             .deadline = (char *)"2019-06-21",
                             .electronic = TRUE,
                             .notice = (char *)"请研究。" };
    return matter_add(f->db, &matter);
}

START_TEST(every_matter_has_a_token_of_its_own_that_is_found_in_any_case)
{
    struct fixture *f = fixture_bare();
    g_autoptr(GHashTable) tokens = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    fixture_begin(f);
    for (int i = 0; i < 100; i++) {
        gint64 id = add_matter(f, NULL, "同一个标题");
        struct matter *matter = matter_get(f->db, id);
        g_autofree char *lower = g_ascii_strdown(matter->token, -1);
        ck_assert_msg(g_regex_match_simple("^LL[0-9]+-[0-9A-Z]{5}$", matter->token, 0, 0), "%s",
                      matter->token);
        ck_assert_int_eq(matter_by_token(f->db, matter->token), id);
        ck_assert_int_eq(matter_by_token(f->db, lower), id);
        ck_assert(g_hash_table_add(tokens, g_strdup(matter->token)));
        matter_free(matter);
    }
    fixture_commit(f);
    ck_assert_int_eq(matter_by_token(f->db, "LL1-00000"), 0);
    ck_assert_int_eq(matter_by_token(f->db, ""), 0);
    fixture_free(f);
}
END_TEST

START_TEST(a_matter_is_found_by_its_id_its_number_or_an_unambiguous_piece_of_its_title)
{
    struct fixture *f = fixture_bare();
    fixture_begin(f);
    gint64 first = add_matter(f, "柳纲要办〔2019〕3号", "关于征求实施方案意见的通知");
    gint64 second = add_matter(f, "柳纲要办〔2019〕4号", "关于征求工作规则意见的通知");
    gint64 third = add_matter(f, NULL, "关于报送100%完成情况的通知");
    fixture_commit(f);
    const struct {
        const char *text;
        gint64 expected;
    } table[] = { { "1", first },
                  { "2", second },
                  { "99", 0 },
                  { "0", 0 },
                  { "-1", 0 },
                  { "柳纲要办〔2019〕3号", first },
                  { "实施方案", first },
                  { "工作规则", second },
                  { "征求", -1 },
                  { "通知", -1 },
                  { "会议", 0 },
                  { "100%完成", third },
                  { "%", third },
                  { "_", 0 },
                  { "", 0 },
                  { "关于报送100%完成情况的通知", third } };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++)
        ck_assert_msg(matter_find(f->db, table[i].text) == table[i].expected, "“%s” is %d",
                      table[i].text, (int)matter_find(f->db, table[i].text));
    fixture_free(f);
}
END_TEST

START_TEST(a_title_that_is_wholly_given_is_not_ambiguous)
{
    struct fixture *f = fixture_bare();
    fixture_begin(f);
    gint64 whole = add_matter(f, NULL, "年度总结");
    add_matter(f, NULL, "年度总结补充材料");
    fixture_commit(f);
    ck_assert_int_eq(matter_find(f->db, "年度总结"), whole);
    fixture_free(f);
}
END_TEST

START_TEST(a_matter_keeps_what_was_said_of_it)
{
    struct fixture *f = fixture_new();
    fixture_begin(f);
    gint64 id = fixture_draft(f, TRUE);
    fixture_commit(f);
    struct matter *matter = matter_get(f->db, id);
    ck_assert_int_eq(matter->state, STATE_DRAFT);
    ck_assert_int_eq(matter->kind, KIND_CONSULTATION);
    ck_assert(matter->deemed && matter->electronic && matter->paper);
    ck_assert_str_eq(matter->silence_text, "逾期未反馈的，视为无异议。");
    ck_assert_int_eq(matter->due, 1);
    ck_assert_int_eq(matter->created_at, clock_now());
    ck_assert_int_eq(matter->issued_at, 0);
    matter_free(matter);
    ck_assert_ptr_null(matter_get(f->db, id + 1));

    fixture_begin(f);
    clock_fix(at("2019-06-11 09:00"));
    matter_set_state(f->db, id, STATE_ISSUED);
    matter_extend(f->db, id, "2019-06-28T12:00:00+08:00");
    fixture_commit(f);
    matter = matter_get(f->db, id);
    ck_assert_int_eq(matter->state, STATE_ISSUED);
    ck_assert_int_eq(matter->issued_at, clock_now());
    ck_assert_int_eq(matter->due, 2);
    ck_assert_str_eq(matter->deadline, "2019-06-28T12:00:00+08:00");
    matter_free(matter);
    GArray *issued = matter_list(f->db, STATE_ISSUED), *drafts = matter_list(f->db, STATE_DRAFT);
    ck_assert_uint_eq(issued->len, 1);
    ck_assert_uint_eq(drafts->len, 0);
    g_array_unref(issued);
    g_array_unref(drafts);
    fixture_free(f);
}
END_TEST

START_TEST(annexes_stand_in_their_order_with_their_size)
{
    struct fixture *f = fixture_new();
    g_autofree char *one = raw_file(f->db, "one", 3, NULL), *two = raw_file(f->db, "four", 4, NULL);
    fixture_begin(f);
    gint64 id = fixture_draft(f, FALSE);
    raw_row(f->db, one, "one", 3);
    raw_row(f->db, two, "four", 4);
    annex_add(f->db, id, "附件2.doc", "application/msword", two);
    annex_add(f->db, id, "附件1.doc", "application/msword", one);
    fixture_commit(f);
    GPtrArray *annexes = annex_list(f->db, id);
    ck_assert_uint_eq(annexes->len, 2);
    struct annex *first = annexes->pdata[0], *second = annexes->pdata[1];
    ck_assert_str_eq(first->filename, "附件2.doc");
    ck_assert_int_eq(first->size, 4);
    ck_assert_str_eq(second->sha256, one);
    g_ptr_array_unref(annexes);
    fixture_free(f);
}
END_TEST

TEST_MAIN("db/matter", every_matter_has_a_token_of_its_own_that_is_found_in_any_case,
          a_matter_is_found_by_its_id_its_number_or_an_unambiguous_piece_of_its_title,
          a_title_that_is_wholly_given_is_not_ambiguous, a_matter_keeps_what_was_said_of_it,
          annexes_stand_in_their_order_with_their_size)
