/* Splitting WeCom markdown: exact parts for small texts, and laws that all parts keep. */
#include "templates/templates.h"
#include "test.h"
#include <string.h>

/* "x*3 abc" is written out: a piece followed by * and a number is repeated; pieces part at "|". */
static char *spell(const char *recipe)
{
    GString *text = g_string_new(NULL);
    g_auto(GStrv) pieces = g_strsplit(recipe, "|", -1);
    for (int i = 0; pieces[i]; i++) {
        char *times = strrchr(pieces[i], '*');
        int n = times ? atoi(times + 1) : 1;
        if (times)
            *times = '\0';
        while (n-- > 0)
            g_string_append(text, pieces[i]);
    }
    return g_string_free(text, FALSE);
}

static const struct {
    const char *name, *text, *parts[5];
} rows[] = {
    { "an empty text has no part", "", { NULL } },
    { "blanks have no part", " \n\t\n", { NULL } },
    { "many blanks have no part", " \n*200", { NULL } },
    { "a font pair around nothing has no part", "<font color=\"info\"> </font>", { NULL } },
    { "a short text is one part", "你好\n", { "你好\n" } },
    { "exactly the limit is one part", "x*100", { "x*100" } },
    { "exactly the limit in wide characters", "一*33|x", { "一*33|x" } },
    { "one byte more is two parts", "x*101", { "x*87|\n(1/2)", "x*14|\n(2/2)" } },
    { "cut at the last line end",
      "x*30|\n|y*30|\n|z*60",
      { "x*30|\n|y*30|\n(1/2)", "z*60|\n(2/2)" } },
    { "blank lines at the cut vanish", "x*60|\n\n\n|y*60", { "x*60|\n(1/2)", "y*60|\n(2/2)" } },
    { "indentation after the cut stays",
      "x*60|\n\n  |y*60",
      { "x*60|\n(1/2)", "  |y*60|\n(2/2)" } },
    { "a line end beats a sentence end",
      "x*20|\n|y*20|。|z*60",
      { "x*20|\n(1/2)", "y*20|。|z*60|\n(2/2)" } },
    { "cut after a sentence",
      "x*20|。|y*20|！|z*80",
      { "x*20|。|y*20|！\n(1/2)", "z*80|\n(2/2)" } },
    { "each sentence mark counts", "x*40|；|y*80", { "x*40|；\n(1/2)", "y*80|\n(2/2)" } },
    { "question mark", "x*40|？|y*80", { "x*40|？\n(1/2)", "y*80|\n(2/2)" } },
    { "wide characters are not cut through", "一*34", { "一*29|\n(1/2)", "一*5|\n(2/2)" } },
    { "nor are four-byte ones", "𠮷*30", { "𠮷*21|\n(1/2)", "𠮷*9|\n(2/2)" } },
    { "a font pair over the cut",
      "<font color=\"info\">|x*100|</font>",
      { "<font color=\"info\">|x*68|</font>\n(1/2)",
        "<font color=\"info\">|x*32|</font>\n(2/2)" } },
    { "a font pair over a line end",
      "<font color=\"info\">|x*50|\n|y*50|</font>",
      { "<font color=\"info\">|x*50|</font>\n(1/2)",
        "<font color=\"info\">|y*50|</font>\n(2/2)" } },
    { "a font pair that ends at the cut is not opened again",
      "<font color=\"info\">|x*50|\n</font>|y*50",
      { "<font color=\"info\">|x*50|</font>\n(1/2)", "y*50|\n(2/2)" } },
    { "a font tag is not cut through",
      "x*80|<font color=\"warning\">|y*20|</font>",
      { "x*80|\n(1/2)", "<font color=\"warning\">|y*20|</font>\n(2/2)" } },
    { "a font is not opened at the very cut",
      "x*66|<font color=\"info\">|一*10|</font>",
      { "x*66|\n(1/2)", "<font color=\"info\">|一*10|</font>\n(2/2)" } },
    { "a font opened on a line of its own",
      "<font color=\"info\">\n|x*90|</font>",
      { "<font color=\"info\">|x*68|</font>\n(1/2)",
        "<font color=\"info\">|x*22|</font>\n(2/2)" } },
    { "a closed font stays closed",
      "<font color=\"info\">|x*10|</font>|\n|y*80",
      { "<font color=\"info\">|x*10|</font>\n(1/2)", "y*80|\n(2/2)" } },
    { "a link is not cut through",
      "x*60|[名单](https://lianluo.example/units)|y*40",
      { "x*60|\n(1/2)", "[名单](https://lianluo.example/units)|y*40|\n(2/2)" } },
    { "a mention is not cut through",
      "x*85|<@clerk-of-office>",
      { "x*85|\n(1/2)", "<@clerk-of-office>\n(2/2)" } },
    { "a bracket that is no link is text", "[x]|y*100", { "[x]|y*84|\n(1/2)", "y*16|\n(2/2)" } },
    { "a smaller-than sign is text", "a < b |y*100", { "a < b |y*81|\n(1/2)", "y*19|\n(2/2)" } },
    { "a font tag that is never closed is text",
      "<font color|x*100",
      { "<font color|x*76|\n(1/2)", "x*24|\n(2/2)" } },
    { "four parts",
      "x*90|\n|y*90|\n|z*90",
      { "x*87|\n(1/4)", "x*3|\n(2/4)", "y*87|\n(3/4)", "y*3|\n|z*90|\n(4/4)" } },
};

static void check_row(gsize row)
{
    g_autofree char *text = spell(rows[row].text);
    g_autoptr(GPtrArray) parts = wecom_split(text, 100);
    guint n = 0;
    for (; rows[row].parts[n]; n++) {
        g_autofree char *expected = spell(rows[row].parts[n]);
        const char *part = n < parts->len ? g_ptr_array_index(parts, n) : "nothing";
        ck_assert_msg(strcmp(part, expected) == 0, "%s, part %u: “%s”, not “%s”", rows[row].name,
                      n + 1, part, expected);
    }
    ck_assert_msg(parts->len == n, "%s: %u parts", rows[row].name, parts->len);
}

START_TEST(a_text_is_cut_where_a_reader_would_cut_it)
{
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        check_row(i);
}
END_TEST

static guint count(const char *text, const char *what)
{
    guint n = 0;
    for (; (text = strstr(text, what)); text++)
        n++;
    return n;
}

/* Text up to end without font tags and blanks: what must be the same before and after. */
static void append_bare(GString *bare, const char *part, const char *end)
{
    for (; part < end; part++) {
        if (g_str_has_prefix(part, "<font ") || g_str_has_prefix(part, "</font>"))
            part = strchr(part, '>');
        else if (!strchr(" \t\r\n", *part))
            g_string_append_c(bare, *part);
    }
}

static void check_laws(const char *text, gsize limit)
{
    g_autoptr(GPtrArray) parts = wecom_split(text, limit);
    GString *before = g_string_new(NULL), *after = g_string_new(NULL);
    append_bare(before, text, text + strlen(text));
    for (guint i = 0; i < parts->len; i++) {
        const char *part = g_ptr_array_index(parts, i);
        g_autofree char *mark =
            parts->len > 1 ? g_strdup_printf("\n(%u/%u)", i + 1, parts->len) : g_strdup("");
        ck_assert_uint_le(strlen(part), limit);
        ck_assert_msg(g_utf8_validate(part, -1, NULL), "“%s” is no UTF-8", part);
        ck_assert_msg(g_str_has_suffix(part, mark), "“%s” has no mark", part);
        ck_assert_uint_eq(count(part, "<font "), count(part, "</font>"));
        ck_assert_uint_gt(strlen(part), strlen(mark));
        append_bare(after, part, part + strlen(part) - strlen(mark));
    }
    ck_assert_str_eq(after->str, before->str);
    g_string_free(before, TRUE);
    g_string_free(after, TRUE);
}

static char *random_text(GRand *rand)
{
    static const char *const pieces[] = { "一",
                                          "二，",
                                          "三。",
                                          "𠮷",
                                          "a",
                                          "bc ",
                                          "\n",
                                          "\n\n",
                                          "> ",
                                          "**粗**",
                                          "[甲](https://a.example/b)",
                                          "<@x>",
                                          "(",
                                          "[",
                                          "<" };
    GString *text = g_string_new("头");
    gboolean open = FALSE;
    for (int n = g_rand_int_range(rand, 0, 400); n > 0; n--) {
        int pick = g_rand_int_range(rand, 0, G_N_ELEMENTS(pieces) + 1);
        if (pick < (int)G_N_ELEMENTS(pieces)) {
            g_string_append(text, pieces[pick]);
            continue;
        }
        g_string_append(text, open ? "</font>" : "<font color=\"comment\">");
        open = !open;
    }
    g_string_append(text, open ? "</font>尾" : "尾");
    return g_string_free(text, FALSE);
}

START_TEST(nothing_is_lost_and_no_part_is_too_long)
{
    GRand *rand = g_rand_new_with_seed(20190621);
    for (int i = 0; i < 2000; i++) {
        g_autofree char *text = random_text(rand);
        check_laws(text, (gsize)g_rand_int_range(rand, 100, 400));
    }
    g_rand_free(rand);
}
END_TEST

START_TEST(a_long_list_takes_a_hundred_parts)
{
    g_autofree char *text = spell("> 市教育局：已反馈，有意见3条\n*9000");
    g_autoptr(GPtrArray) parts = wecom_split(text, 3900);
    ck_assert_uint_eq(parts->len, 100);
    ck_assert(g_str_has_suffix(g_ptr_array_index(parts, 99), "\n(100/100)"));
    check_laws(text, 3900);
    check_laws(text, 100);
}
END_TEST

START_TEST(half_a_megabyte_of_open_brackets_is_split_in_time)
{
    g_autofree char *text = spell("[*100000|<*100000|[x x x x x x x x x x *10000");
    gint64 start = g_get_monotonic_time();
    g_autoptr(GPtrArray) parts = wecom_split(text, 3900);
    ck_assert_uint_gt(parts->len, 100);
    ck_assert_int_lt(g_get_monotonic_time() - start, 10 * G_USEC_PER_SEC);
}
END_TEST

TEST_MAIN("templates/split", a_text_is_cut_where_a_reader_would_cut_it,
          nothing_is_lost_and_no_part_is_too_long, a_long_list_takes_a_hundred_parts,
          half_a_megabyte_of_open_brackets_is_split_in_time)
