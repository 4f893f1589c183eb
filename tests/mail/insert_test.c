/* Answers written into the text of ours that is quoted. */
#include "mail/mail.h"
#include "test.h"
#include <string.h>

static const char sent[] = "关于征求意见的函\n\n致市教育局：\n\n"
                           "一、完善科普工作联席会议制度，每半年召开一次全体会议，研究重大事项。\n"
                           "二、各成员单位于每年1月底前报送上年度工作总结和本年度工作计划。\n"
                           "三、对工作成效突出的单位和个人予以通报表扬。\n\n"
                           "请于6月21日前反馈，逾期将视为无异议。没有意见也请回复“无意见”。\n";

#define OPENER \
    "\n\n------------------ 原始邮件 ------------------\n" \
    "发件人: \"办公室\" <a@b.example>\n" \
    "发送时间: 2019年6月10日(星期一) 上午9:00\n" \
    "收件人: \"教育局\" <c@d.example>\n" \
    "主题: 关于征求意见的函\n\n"
#define FIRST "一、完善科普工作联席会议制度，每半年召开一次全体会议，研究重大事项。\n"
#define SECOND "二、各成员单位于每年1月底前报送上年度工作总结和本年度工作计划。\n"
#define THIRD "三、对工作成效突出的单位和个人予以通报表扬。\n"
#define LAST "请于6月21日前反馈，逾期将视为无异议。没有意见也请回复“无意见”。\n"

static struct mail *read_body(const char *body)
{
    mail_init();
    g_autofree char *all = g_strconcat("Content-Type: text/plain; charset=utf-8\n\n", body, NULL);
    return mail_read(all, strlen(all));
}

static const struct {
    const char *name, *body, *texts; /* the insertions, joined by "|" */
} cases[] = {
    { "an untouched quote", "收到" OPENER FIRST SECOND THIRD "\n" LAST, "" },
    { "a quote broken into other lines, in >",
      "收到\n\n在 2019-06-10 09:00:00，\"办公室\" <a@b.example> 写道：\n"
      "> 一、完善科普工作联席会议制度，每半年\n> 召开一次全体会议，研究重大事项。\n> " SECOND
      "> " THIRD,
      "" },
    { "a line between two of ours", "见文中" OPENER FIRST "建议改为每季度召开一次。\n" SECOND THIRD,
      "建议改为每季度召开一次。" },
    { "words within a line",
      "见红字" OPENER "一、完善科普工作联席会议制度，每半年（建议改为每季度）召开一次"
      "全体会议，研究重大事项。\n" SECOND THIRD,
      "（建议改为每季度）" },
    { "a word of ours replaced",
      "见红字" OPENER FIRST "二、各成员单位于每年3月中旬报送上年度工作总结"
      "和本年度工作计划。\n" THIRD,
      "3月中旬" },
    { "two lines and words behind one of ours",
      "" OPENER FIRST SECOND "无意见。\n同意。\n"
      "三、对工作成效突出的单位和个人予以通报表扬。【同意】\n",
      "无意见。\n同意。|【同意】" },
    { "an answer below the quote",
      "" OPENER FIRST SECOND THIRD "\n" LAST "\n以上条款我局无意见。\n", "以上条款我局无意见。" },
    { "another mail quoted", "请看" OPENER "我局已将报表寄出，请查收。\n盖章件另寄。\n", "" },
    { "our mail below another one",
      "无意见" OPENER "局办：请科室研究。\n" OPENER FIRST SECOND THIRD, "" },
    { "a telephone quotes the opener, too",
      "无意见\n\n> 在 2019年6月10日，上午9:00，办公室 <a@b.example> 写道：\n> \n"
      "> " FIRST "> " SECOND "> " THIRD,
      "" },
    { "another notice quoted, of which one line is ours",
      "无意见" OPENER FIRST
      "请各单位于6月30日前把意见书面报来，建议附修改理由，电子版同时发到本邮箱。\n"
      "没有意见的单位也要回复，逾期不回复的，按没有意见处理，请相互转告。\n",
      "" },
    { "nothing quoted", "无意见", "" },
};

START_TEST(what_differs_from_what_we_sent_is_found)
{
    for (gsize k = 0; k < G_N_ELEMENTS(cases); k++) {
        struct mail *mail = read_body(cases[k].body);
        g_autoptr(GPtrArray) found = mail_insertions(mail, sent);
        g_autoptr(GString) texts = g_string_new(NULL);
        for (guint i = 0; i < found->len; i++) {
            const struct insertion *one = found->pdata[i];
            g_string_append_printf(texts, "%s%s", i > 0 ? "|" : "", one->text);
            ck_assert_ptr_nonnull(strstr(mail->quoted_text, one->text));
            ck_assert_ptr_nonnull(strstr(one->line, one->text));
        }
        ck_assert_msg(strcmp(texts->str, cases[k].texts) == 0, "%s: %s", cases[k].name, texts->str);
        mail_free(mail);
    }
}
END_TEST

START_TEST(new_text_and_insertions_are_read_together)
{
    struct mail *mail = read_body("见红字" OPENER FIRST "建议删去。\n" SECOND THIRD);
    g_autofree char *text = mail_new_against(mail, sent);
    ck_assert_str_eq(text, "见红字\n建议删去。");
    g_autofree char *alone = mail_new_against(mail, NULL);
    ck_assert_str_eq(alone, "见红字");
    g_autoptr(GPtrArray) found = mail_insertions(mail, sent);
    ck_assert(!((struct insertion *)found->pdata[0])->within);
    mail_free(mail);
}
END_TEST

START_TEST(a_line_of_ours_out_of_its_place_is_no_answer)
{
    struct mail *mail = read_body("无意见" OPENER FIRST THIRD SECOND "附件2\n" LAST);
    g_autofree char *ours = g_strconcat("附件2\n", sent, NULL);
    g_autofree char *text = mail_new_against(mail, ours);
    ck_assert_str_eq(text, "无意见");
    mail_free(mail);
}
END_TEST

/* A quote of a quarter of a megabyte that is like ours everywhere and the same nowhere. */
START_TEST(a_long_quote_is_compared_soon)
{
    GString *ours = g_string_new(NULL), *body = g_string_new("x" OPENER);
    for (int i = 0; ours->len < 200 * 1024; i++) {
        g_string_append_printf(ours, "第%d条的内容如下：甲乙丙丁戊己庚辛\n", i);
        g_string_append_printf(body, "第%d条的内容如左：甲乙丙丁己庚辛\n", i * 7);
    }
    gint64 start = g_get_monotonic_time();
    struct mail *mail = read_body(body->str);
    g_autofree char *text = mail_new_against(mail, ours->str);
    ck_assert_ptr_nonnull(text);
    ck_assert_int_lt(g_get_monotonic_time() - start, 5 * G_USEC_PER_SEC);
    mail_free(mail);
    g_string_free(ours, TRUE);
    g_string_free(body, TRUE);
}
END_TEST

TEST_MAIN("mail/insert", what_differs_from_what_we_sent_is_found,
          new_text_and_insertions_are_read_together, a_line_of_ours_out_of_its_place_is_no_answer,
          a_long_quote_is_compared_soon)
