/* For whom and about what sentences speak, and what only mentions a name. */
#include "test.h"
#include "wording/wording.h"

#include <stdio.h>
#include <string.h>

struct said {
    const char *text, *owners; /* "1 2"; 0 is the writer's own */
};

static const struct said speakers[] = {
    { "市教育局和市科技局都没有意见，一并回复。", "1 2" },
    { "市教育局、市科技局、市财政局三家一起开会商量的，都没意见。", "1 2 3" },
    { "市教育局与市科技局联合意见：第9项由两局共同牵头。", "1 2" },
    { "我局与市科技局联合研究，建议删除第三条。", "0 2" },
    { "我局和市科技局均无意见。", "0 2" },
    { "受市科技局委托，代为反馈：市科技局无意见。市教育局另行反馈。", "2" },
    { "现代市科技局报送意见如下。", "" },
    { "兹代市科技局报送意见如下。", "2" },
    { "替市科技局回复：同意。", "2" },
    { "市科技局的同志不会发邮件，托我代回：无意见。", "2" },
    { "我同时负责市教育局和市科技局的联络工作，两家均无意见。", "1 2" },
    { "我已从市教育局调到市科技局，邮箱还没换。", "2" },
    { "我局无意见。市科技局这边看过了，没有需要调整的。", "0 2" },
    { "市教育局无意见；市科技局建议删除第三条。", "1 2" },
    { "市 教 育 局 和 市 科 技 局 都 没 有 意 见。", "1 2" },
    { "市教育局办公室、市科技局办公室均同意。", "1 2" },
    { "您好，代市科技局李四转发他们的意见：删除第三条。", "2" },
    { "一、市教育局意见：无意见。二、市科技局意见：建议删除第三条。", "1 2" },
    { "我们局和市科技局商量过了，都同意，没有意见。", "0 2" },
    { "我和市科技局的小王一起报一下，两个局都没意见。", "2" },
    { "市教育局、市科技局等5家单位均无意见。", "1 2" },
    { "市教育局、市科技局、市财政局3家单位均无意见。", "1 2 3" },
    /* mentions */
    { "根据市科技局意见：第三条宜保留。", "" },
    { "我们建议由市科技局牵头。", "0" },
    { "建议由市教育局、市科技局共同牵头。", "" },
    { "第9项改为：市教育局、市科技局共同牵头，提出实施意见。", "" },
    { "建议征求市科技局意见后再定。", "" },
    { "请市教育局代表各成员单位发言。", "" },
    { "将市财政局替换为市科技局。", "" },
    { "市教育局同时负责市科技局的科普场馆。", "" },
    { "主送：市教育局、市科技局、市财政局", "" },
    { "市教育局、市科技局、市财政局", "" },
    { "市科技局无科普经费，请统筹考虑。", "" },
    { "根据市科技局反馈的情况，第三条宜保留。", "" },
    { "联络员已调到市科技局，请更新名册。", "" },
    { "“市教育局职责”中第二条与市科技局职责重复。", "" },
};

static const struct said subjects[] = {
    { "我局对《工作规则》等五个文件、《年度工作要点》均无意见。", "1 2" },
    { "我局对《工作规则》和《年度工作要点》均无意见。", "1 2" },
    { "我局对五个文件无意见；对《年度工作要点》建议删除第14项。", "2" },
    { "总工会对年度工作要点第13项意见：时间改为10月。", "2" },
    { "《年度工作要点》我局没有意见。", "2" },
    { "工作规则等五个文件（6号文）我局阅过，请按原文印发，我局别无意见。", "1" },
    { "6号文我局没意见；8号文第16条改为每年两次。", "1 2" },
    { "市素质办〔2019〕6号、8号两个文我局都研究过了，均无意见。", "1 2" },
    /* references */
    { "建议与《年度工作要点》做好衔接。", "" },
    { "按照《年度工作要点》的要求，建议增加一条。", "" },
    { "《年度工作要点》收悉。", "" },
    { "依据国办发〔2016〕8号文，建议修改第二条。", "" },
    { "建议第三条参照年度工作要点第3项表述。", "" },
    { "附：工作规则、年度工作要点", "" },
};

static int by_number(gconstpointer a, gconstpointer b)
{
    gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;
    return x < y ? -1 : x > y;
}

typedef void reader(const struct names *names, const char *text, struct spoken *spoken);

static guint differing(const struct names *names, reader *read, const struct said *rows, gsize n)
{
    guint wrong = 0;
    for (gsize i = 0; i < n; i++) {
        struct spoken spoken;
        g_autoptr(GString) found = g_string_new(NULL);
        read(names, rows[i].text, &spoken);
        g_array_sort(spoken.owners, by_number);
        for (guint k = 0; k < spoken.owners->len; k++)
            g_string_append_printf(found, "%s%d", k > 0 ? " " : "",
                                   (int)g_array_index(spoken.owners, gint64, k));
        if (!g_str_equal(found->str, rows[i].owners)) {
            fprintf(stderr, "“%s”: %s, not %s\n", rows[i].text, found->str, rows[i].owners);
            wrong++;
        }
        spoken_clear(&spoken);
    }
    return wrong;
}

START_TEST(sentences_say_for_whom_they_speak)
{
    struct names *units = names_new("柳州市科协");
    names_add_unit(units, "市教育局", 1);
    names_add_unit(units, "市科技局", 2);
    names_add_unit(units, "市财政局", 3);
    ck_assert_uint_eq(differing(units, spoken_for, speakers, G_N_ELEMENTS(speakers)), 0);
    names_free(units);
}
END_TEST

START_TEST(sentences_say_about_what_they_are)
{
    struct names *papers = names_new(NULL);
    names_add(papers, "工作规则", 1);
    names_add(papers, "市素质办〔2019〕6号", 1);
    names_add(papers, "6号文", 1);
    names_add(papers, "年度工作", 2);
    names_add(papers, "工作要点", 2);
    names_add(papers, "8号文", 2);
    names_add(papers, "8号两个文", 2);
    ck_assert_uint_eq(differing(papers, spoken_about, subjects, G_N_ELEMENTS(subjects)), 0);
    names_free(papers);
}
END_TEST

/* Texts in which everything nearly fits. */
START_TEST(a_text_of_nothing_but_names_is_read_soon)
{
    static const char *const pieces[] = { "市教育局、", "市教育局和", "，我局和市教育局",
                                          "对市教育局、", "，市教育局对" };
    struct names *units = names_new("柳州市科协");
    names_add_unit(units, "市教育局", 1);
    gint64 start = g_get_monotonic_time();
    for (gsize i = 0; i < G_N_ELEMENTS(pieces); i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        struct spoken spoken;
        for (int n = 0; text->len < 32 * 1024; n++)
            g_string_append_printf(text, "%s%s", pieces[i], n % 150 == 149 ? "\n" : "");
        spoken_for(units, text->str, &spoken);
        spoken_clear(&spoken);
        spoken_about(units, text->str, &spoken);
        spoken_clear(&spoken);
    }
    ck_assert_int_lt(g_get_monotonic_time() - start, 5 * G_USEC_PER_SEC);
    names_free(units);
}
END_TEST

TEST_MAIN("wording/speak", sentences_say_for_whom_they_speak, sentences_say_about_what_they_are,
          a_text_of_nothing_but_names_is_read_soon)
