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
        { "ＡＢ　ＣＤ　２３　４５", "ABCD2345" },
        { "AB CD\u200b 23 45", "ABCD2345" },
        { "ABCD2345，谢谢", NULL },
        { "ABCD 234 5X", NULL },
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

START_TEST(a_text_may_begin_with_a_code)
{
    static const struct {
        const char *text, *code, *rest;
    } rows[] = {
        { "ABCD2345，谢谢", "ABCD2345", "，谢谢" },
        { "ab cd 23 45 请尽快", "ABCD2345", " 请尽快" },
        { "ＡＢＣＤ２３４５，但请改为25日", "ABCD2345", "，但请改为25日" },
        { "ABCD2345X", NULL, NULL },
        { "ABCD 23456", NULL, NULL },
        { "请 ABCD2345", NULL, NULL },
        { "", NULL, NULL },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const char *rest = NULL;
        g_autofree char *code = onetime_begin(rows[i].text, &rest);
        ck_assert_pstr_eq(code, rows[i].code);
        if (code != NULL)
            ck_assert_str_eq(rest, rows[i].rest);
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
        { "确认 ＡＢＣＤ２３４５", "确认 ［确认码］" },
        { "确认ａｂｃｄ　２３４５。", "确认［确认码］。" },
        { "确认 AB CD 23 45", "确认 ［确认码］" },
        { "A B C D 2 3 4 5", "［确认码］" },
        { "确认 ABCD\u200b2345", "确认 ［确认码］" },
        { "确认 TEST ABCD 2345", "确认 ［确认码］" },
        { "确认 𝐀𝐁𝐂𝐃𝟐𝟑𝟒𝟓", "确认 ［确认码］" },
        { "状态 事项 3 2019年6月25日", "状态 事项 3 2019年6月25日" },
        { "please answer", "please answer" },
        { "", "" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *masked = onetime_masked(rows[i][0]);
        ck_assert_str_eq(masked, rows[i][1]);
    }
}
END_TEST

TEST_MAIN("base/onetime", codes_have_the_length_and_the_letters_promised_and_differ,
          a_code_is_read_as_people_type_it, a_text_may_begin_with_a_code,
          what_may_be_a_code_is_not_shown, a_hash_depends_on_code_and_salt)
