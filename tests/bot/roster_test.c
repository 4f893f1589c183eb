/* Rosters as offices keep them: every row is taken, or noted. */
#include "bot/commands/roster.h"
#include "test.h"
#include <string.h>

static struct roster *read_csv(const char *csv)
{
    g_autoptr(GError) error = NULL;
    struct roster *roster = roster_of_csv(csv, strlen(csv), &error);
    ck_assert_msg(roster != NULL, "%s", error ? error->message : "?");
    return roster;
}

static void check_line(const struct roster *roster, guint i, const char *name, const char *person,
                       const char *email, const char *mobile)
{
    ck_assert_uint_lt(i, roster->lines->len);
    const struct roster_line *line = roster->lines->pdata[i];
    ck_assert_str_eq(line->cells[COL_NAME], name);
    ck_assert_str_eq(line->cells[COL_LIAISON], person);
    ck_assert_str_eq(line->cells[COL_EMAIL], email);
    ck_assert_str_eq(line->cells[COL_MOBILE], mobile);
}

static gboolean notes_say(const struct roster *roster, const char *words)
{
    for (guint i = 0; i < roster->notes->len; i++)
        if (strstr(roster->notes->pdata[i], words) != NULL)
            return TRUE;
    return FALSE;
}

START_TEST(a_title_above_and_a_remark_below_are_no_units)
{
    struct roster *roster = read_csv("科普工作联络员名单,,,\n"
                                     ",,,\n"
                                     "序号,单位名称（盖章）,联络员姓名,电子邮箱,手机号码,职务\n"
                                     "1,市教育局,联络员甲,llr@jyj.example,13800000000,科长\n"
                                     "填表人：联络员乙,填表人：联络员乙,,,,\n");
    ck_assert_uint_eq(roster->lines->len, 1);
    check_line(roster, 0, "市教育局", "联络员甲", "llr@jyj.example", "13800000000");
    ck_assert_int_eq(((struct roster_line *)roster->lines->pdata[0])->number, 4);
    ck_assert(notes_say(roster, "职务"));
    ck_assert(notes_say(roster, "第 5 行没有导入"));
    ck_assert_uint_eq(roster->notes->len, 2);
    roster_free(roster);
}
END_TEST

START_TEST(a_merged_cell_gives_its_unit_to_the_rows_below)
{
    struct roster *roster = read_csv("单位,联络员,邮箱,手机\n"
                                     "市教育局,联络员甲,a@jyj.example,\n"
                                     ",联络员乙,b@jyj.example,\n"
                                     "市气象局,联络员丙,c@qxj.example,\n");
    ck_assert_uint_eq(roster->lines->len, 3);
    check_line(roster, 1, "市教育局", "联络员乙", "b@jyj.example", "");
    check_line(roster, 2, "市气象局", "联络员丙", "c@qxj.example", "");
    ck_assert(notes_say(roster, "第 3 行没有写单位，作为上一行“市教育局”的又一个联系人"));
    roster_free(roster);
}
END_TEST

START_TEST(what_machines_read_is_narrowed_and_names_stay)
{
    struct roster *roster =
        read_csv("单位,联络员,邮箱,手机\n"
                 "市委（统战部）,联络员Ａ,ｌｌｒ＠tzb.example,１３８００００００００\n"
                 "市妇联,无,—,1.38E+10\n");
    check_line(roster, 0, "市委（统战部）", "联络员Ａ", "llr@tzb.example", "13800000000");
    check_line(roster, 1, "市妇联", "", "", "1.38E+10");
    ck_assert(notes_say(roster, "1.38E+10"));
    roster_free(roster);
}
END_TEST

START_TEST(a_cell_holds_several_addresses)
{
    g_auto(GStrv) list = roster_split("a@x.example；b@x.example\nc@x.example / d@x.example");
    const char *const wanted[] = { "a@x.example", "b@x.example", "c@x.example", "d@x.example" };
    gsize found = 0;
    for (char **address = list; *address != NULL; address++)
        if (**address != '\0')
            ck_assert_str_eq(*address, wanted[found++]);
    ck_assert_uint_eq(found, 4);
}
END_TEST

START_TEST(the_first_table_with_headers_counts_and_the_others_are_noted)
{
    g_autoptr(GError) error = NULL;
    json_auto_t *tables = json_pack("[[[s]], [[s, s], [s, s]], [[s]]]", "说明", "单位", "邮箱",
                                    "市教育局", "llr@jyj.example", "备用");
    struct roster *roster = roster_of_tables(tables, &error);
    ck_assert_msg(roster != NULL, "%s", error ? error->message : "?");
    check_line(roster, 0, "市教育局", "", "llr@jyj.example", "");
    ck_assert_uint_eq(roster->notes->len, 2);
    ck_assert(notes_say(roster, "第 1 张表没有导入"));
    ck_assert(notes_say(roster, "第 3 张表没有导入"));
    roster_free(roster);
}
END_TEST

START_TEST(a_file_without_headers_or_without_units_is_refused)
{
    static const char *const rows[] = { "", "联络员,邮箱\n甲,a@x.example\n", "单位,邮箱\n",
                                        "单位,邮箱\n,\n" };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        ck_assert_ptr_null(roster_of_csv(rows[i], strlen(rows[i]), &error));
        ck_assert(g_error_matches(error, FAULT, FAULT_REFUSED));
    }
    g_autoptr(GError) error = NULL;
    json_auto_t *none = json_array();
    ck_assert_ptr_null(roster_of_tables(none, &error));
    ck_assert(g_error_matches(error, FAULT, FAULT_REFUSED));
}
END_TEST

TEST_MAIN("bot/roster", a_title_above_and_a_remark_below_are_no_units,
          a_merged_cell_gives_its_unit_to_the_rows_below,
          what_machines_read_is_narrowed_and_names_stay, a_cell_holds_several_addresses,
          the_first_table_with_headers_counts_and_the_others_are_noted,
          a_file_without_headers_or_without_units_is_refused)
