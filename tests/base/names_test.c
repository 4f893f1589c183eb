/* "您是不是指：…": the names most like what was typed. */
#include "test.h"

static const char *const units[] = {
    "市教育局",           "市体育局",     "市科技局",     "市农业农村局",
    "市卫生健康委",       "市生态环境局", "市自然资源局", "市应急管理局",
    "柳州市科学技术协会", "团市委",       "市妇联",       "市总工会",
    "市文化广电旅游局",   "jyj",          NULL,
};

START_TEST(the_nearest_names_come_first)
{
    static const struct {
        const char *typed, *names;
    } rows[] = {
        { "市教育局", "市教育局、市体育局、市科技局" },
        { "教育局", "市教育局、市体育局" },
        { "市教局", "市教育局、市体育局、市科技局" },
        { "市 教育　局", "市教育局、市体育局、市科技局" },
        { "科学技术协会", "柳州市科学技术协会" },
        { "科学技术", "柳州市科学技术协会" },
        { "市农业农材局", "市农业农村局" },
        { "卫生健康委", "市卫生健康委" },
        { "柳州市总工会", "市总工会" },
        { "市文广旅游局", "市文化广电旅游局" },
        { "ＪＹＪ", "jyj" },
        { "jyi", "jyj" },
        { "JYJ", "jyj" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *names = text_nearest(rows[i].typed, units);
        ck_assert_msg(g_strcmp0(names, rows[i].names) == 0, "%s: %s, wanted %s", rows[i].typed,
                      names != NULL ? names : "nothing", rows[i].names);
    }
}
END_TEST

START_TEST(what_is_like_none_finds_nothing)
{
    static const char *const rows[] = { "",     " \u3000",
                                        "xyz",  "联合国",
                                        "\xff", "关于印送全民科学素质行动计划纲要实施方案的函" };
    static const char *const none[] = { NULL }, *const empty[] = { "", NULL };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *names = text_nearest(rows[i], units);
        ck_assert_msg(names == NULL, "%s: %s", rows[i], names);
    }
    ck_assert_ptr_null(text_nearest("市教育局", none));
    ck_assert_ptr_null(text_nearest("市教育局", empty));
}
END_TEST

/* Every unit, with each of its characters left out and each mistaken in turn. */
START_TEST(one_character_missing_or_mistaken_still_finds_the_unit_first)
{
    for (gsize i = 0; units[i + 1] != NULL; i++) {
        glong n = g_utf8_strlen(units[i], -1);
        for (glong at = 0; at < 2 * n; at++) {
            g_autofree char *head = g_utf8_substring(units[i], 0, at / 2);
            g_autofree char *tail = g_utf8_substring(units[i], at / 2 + 1, n);
            g_autofree char *typed = g_strconcat(head, at % 2 ? "误" : "", tail, NULL);
            g_autofree char *names = text_nearest(typed, units);
            gboolean ambiguous = g_str_equal(typed, "市育局") || g_str_equal(typed, "市误育局");
            ck_assert_msg(ambiguous || (names != NULL && g_str_has_prefix(names, units[i])),
                          "%s: %s", typed, names != NULL ? names : "nothing");
        }
    }
}
END_TEST

START_TEST(a_name_given_twice_is_shown_once)
{
    static const char *const twice[] = { "市教育局", "教育局", "市教育局", NULL };
    g_autofree char *names = text_nearest("教育局", twice);
    ck_assert_str_eq(names, "教育局、市教育局");
}
END_TEST

TEST_MAIN("base/names", the_nearest_names_come_first, what_is_like_none_finds_nothing,
          one_character_missing_or_mistaken_still_finds_the_unit_first,
          a_name_given_twice_is_shown_once)
