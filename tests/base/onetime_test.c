/* One-time codes. */
#include "test.h"
#include <string.h>

START_TEST(codes_have_the_length_and_the_letters_promised_and_differ)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (int i = 0; i < 200; i++) {
        char *code = onetime_random(ONETIME_LENGTH);
        ck_assert_uint_eq(strlen(code), ONETIME_LENGTH);
        ck_assert_uint_eq(strcspn(code, "01OILU"), ONETIME_LENGTH);
        g_hash_table_add(seen, code);
    }
    ck_assert_uint_eq(g_hash_table_size(seen), 200);
}
END_TEST

START_TEST(a_code_is_read_as_people_type_it)
{
    static const struct {
        const char *typed, *code;
    } rows[] = {
        { "ABCD2345", "ABCD2345" },
        { "abcd 2345", "ABCD2345" },
        { "ＡＢＣＤ２３４５", "ABCD2345" },
        { " ABCD\t2345 ", "ABCD2345" },
        { "ABCD234", NULL },
        { "ABCD23456", NULL },
        { "ABCD0345", NULL },
        { "市教育局", NULL },
        { "", NULL },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *code = onetime_read(rows[i].typed);
        ck_assert_pstr_eq(code, rows[i].code);
    }
}
END_TEST

START_TEST(a_hash_depends_on_code_and_salt)
{
    g_autofree char *a = onetime_hash("ABCD2345", "salt");
    g_autofree char *same = onetime_hash("ABCD2345", "salt");
    g_autofree char *code = onetime_hash("ABCD2346", "salt");
    g_autofree char *salt = onetime_hash("ABCD2345", "tlas");
    ck_assert(onetime_same(a, same));
    ck_assert(!onetime_same(a, code) && !onetime_same(a, salt));
    ck_assert(!onetime_same(a, "") && !onetime_same("", a));
    ck_assert_ptr_null(strstr(a, "ABCD2345"));
}
END_TEST

START_TEST(what_may_be_a_code_is_not_shown)
{
    static const char *const rows[][2] = {
        { "同意签发ABCD2345", "同意签发［确认码］" },
        { "确认 abcd2345，谢谢", "确认 ［确认码］，谢谢" },
        { "状态 [LL1-2ZHQB]", "状态 [LL1-2ZHQB]" },
        { "登记 #123 20190625 市教育局", "登记 #123 20190625 市教育局" },
        { "ABCD23456", "ABCD23456" },
        { "", "" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *masked = onetime_masked(rows[i][0]);
        ck_assert_str_eq(masked, rows[i][1]);
    }
}
END_TEST

TEST_MAIN("base/onetime", codes_have_the_length_and_the_letters_promised_and_differ,
          a_code_is_read_as_people_type_it, what_may_be_a_code_is_not_shown,
          a_hash_depends_on_code_and_salt)
