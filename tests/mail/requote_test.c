/* A quote that must be a faithful copy. */
#include "mail/mail.h"
#include "test.h"
#include <string.h>

#define FIRST \
    "请于2019年6月21日前将修改意见报送我办，逾期将视为无异议。没有意见也请回复“无意见”，以便汇总" \
    "。\n"
#define SECOND "发给 3 个单位：\n  市教育局　jyj@jyj.example\n  市科技局　kjj@kjj.example\n"
#define THIRD "════════════════════════\n同意，请在 24 小时内直接回复本邮件。\n"
static const char sent[] =
    "主任：\n\n" FIRST "\n" SECOND "\n" THIRD "办公室\n邮箱：kxsz@office.example\n";
static const char page[] = "主任：\n" SECOND FIRST "办公室\n";
static const char earlier[] = "同意签发\n王主任";

#define OPENER \
    "\n\n------------------ 原始邮件 ------------------\n" \
    "发件人: \"办公室\" <a@b.example>\n" \
    "发送时间: 2019年6月10日(星期一) 上午9:00\n" \
    "收件人: \"主任\" <c@d.example>\n" \
    "主题: 请签发\n\n"

static struct mail *read_body(const char *body)
{
    mail_init();
    g_autofree char *all = g_strconcat("Content-Type: text/plain; charset=utf-8\n\n", body, NULL);
    return mail_read(all, strlen(all));
}

static const struct {
    const char *name, *body, *changed; /* NULL: nothing */
} cases[] = {
    { "nothing quoted", "同意", NULL },
    { "untouched", "同意" OPENER FIRST SECOND THIRD, NULL },
    { "as the page shows it", "同意" OPENER "主任：\n" SECOND FIRST, NULL },
    { "in >, broken into other lines",
      "同意\n\n在 2019-06-10 09:00:00，\"办公室\" <a@b.example> 写道：\n"
      "> 请于2019年6月2\n> 1日前将修改意见报送我办，\n> 逾期将视为无异议。没有意见也请回复\n"
      "> “无意见”，以便汇总。\n> 发给 3 个单位：市教育局 jyj@jyj.example\n",
      NULL },
    { "in >, of which a long line was broken in two",
      "同意\n\n在 2019-06-10 09:00:00，\"办公室\" <a@b.example> 写道：\n"
      "> 请于2019年6月21日前将修改意见报送我办，逾期将视为无异议。没有意见也请回复“无意\n"
      "见”，以便汇总。\n> 发给 3 个单位：\n",
      NULL },
    { "twice quoted", "同意\n\n> > " FIRST "> > \n> > 发给 3 个单位：\n", NULL },
    { "blanks lost, bold in stars, another rule",
      "同意" OPENER "*主任：*\n" FIRST
      "发给3个单位：\n市教育局 jyj@jyj.example\n市科技局kjj@kjj.example\n"
      "________________________________\n同意，请在24小时内直接回复本邮件。\n",
      NULL },
    { "targets of links behind them",
      "同意" OPENER FIRST "发给 3 个单位：\n  市教育局　jyj@jyj.example<mailto:jyj@jyj.example>\n"
      "  市科技局　kjj@kjj.example <kjj@kjj.example>\n",
      NULL },
    { "a telephone quotes the opener, too",
      "同意\n\n> 在 2019年6月10日，上午9:00，办公室 <a@b.example> 写道：\n> \n> " FIRST, NULL },
    { "a table of headers without colons",
      "同意\n\n---- 回复的原邮件 ----\n发件人\t办公室<a@b.example>\n发送日期\t2019年06月10日 "
      "09:00\n"
      "收件人\tzhuren\n主题\t请签发\n" FIRST,
      NULL },
    { "only its beginning", "同意" OPENER "主任：\n请于2019年6月21日前将修改意见报", NULL },
    { "his own mail of before, which quotes ours",
      "同意" OPENER "同意签发\n王主任\n" OPENER FIRST SECOND, NULL },
    { "a day changed",
      "同意" OPENER "请于2019年6月25日前将修改意见报送我办，逾期将视为无异议。\n" SECOND,
      "请于2019年6月25日前将修改意见报送我办，逾期将视为无异议。" },
    { "a day changed where the line is broken",
      "同意" OPENER "请于2019年6月2\n5日前将修改意见报送我办", "5日前将修改意见报送我办" },
    { "a line between two of ours", "同意" OPENER FIRST "再加上市财政局\n" SECOND,
      "再加上市财政局" },
    { "words above ours", "同意" OPENER "第二条删去\n" FIRST, "第二条删去" },
    { "words below ours", "同意" OPENER FIRST SECOND THIRD "落款改为局名\n", "落款改为局名" },
    { "a line left out between two", "同意" OPENER FIRST "  市科技局　kjj@kjj.example\n" THIRD,
      "市科技局　kjj@kjj.example" },
    { "words left out",
      "同意" OPENER "请于2019年6月21日前将修改意见报送我办，没有意见也请回复“无意见”。\n",
      "请于2019年6月21日前将修改意见报送我办，没有意见也请回复“无意见”。" },
    { "an answer between lines in >",
      "同意\n\n在 2019-06-10 09:00:00，\"办公室\" <a@b.example> 写道：\n> " FIRST "> 改到25日\n> "
      "发给 3 个单位：\n",
      "> 改到25日" },
    { "nothing left but a line of his", "同意" OPENER "出席人员为各局局长\n",
      "出席人员为各局局长" },
    { "another address behind ours",
      "同意" OPENER FIRST "发给 3 个单位：\n  市教育局　jyj@jyj.example<mailto:x@evil.example>\n",
      "市教育局　jyj@jyj.example<mailto:x@evil.example>" },
    { "his own mail of before, in which he wrote more",
      "同意" OPENER "同意签发\n但改到25日\n王主任\n" OPENER FIRST, "但改到25日" },
};

START_TEST(a_copy_is_told_from_what_was_changed)
{
    static const char *const known[] = { sent, page, earlier, NULL };
    for (gsize k = 0; k < G_N_ELEMENTS(cases); k++) {
        struct mail *mail = read_body(cases[k].body);
        g_autofree char *changed = mail_quote_changed(mail->quoted_text, known);
        ck_assert_msg(g_strcmp0(changed, cases[k].changed) == 0, "%s: %s", cases[k].name, changed);
        mail_free(mail);
    }
}
END_TEST

START_TEST(a_quote_of_a_megabyte_is_looked_at_soon)
{
    GString *body = g_string_new("同意" OPENER), *ours = g_string_new(NULL);
    for (int i = 0; body->len < 1024 * 1024; i++)
        g_string_append(body, "甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲乙\n");
    while (ours->len < 250 * 1024)
        g_string_append(ours, "甲");
    for (int half = 0; half < 2; half++) {
        const char *const known[] = { ours->str, NULL };
        gint64 start = g_get_monotonic_time();
        struct mail *mail = read_body(body->str);
        g_autofree char *changed = mail_quote_changed(mail->quoted_text, known);
        ck_assert_ptr_nonnull(changed);
        ck_assert_int_lt(g_get_monotonic_time() - start, 5 * G_USEC_PER_SEC);
        mail_free(mail);
        g_string_truncate(body, 200 * 1024);
        while (!g_utf8_validate(body->str, -1, NULL))
            g_string_truncate(body, body->len - 1);
    }
    g_string_free(body, TRUE);
    g_string_free(ours, TRUE);
}
END_TEST

START_TEST(words_that_are_struck_out_are_noticed)
{
    static const struct {
        const char *html;
        gboolean struck;
    } rows[] = {
        { "<p>同意</p><blockquote><s>第二条</s></blockquote>", TRUE },
        { "<p><DEL datetime=x>第二条</DEL></p>", TRUE },
        { "<p><strike>第二条</strike></p>", TRUE },
        { "<p><span style=\"color:red;text-decoration:Line-Through\">第二条</span></p>", TRUE },
        { "<style>.x{text-decoration:line-through}</style><p>同意</p>", FALSE },
        { "<p><span>同意</span><strong>是</strong><details>x</details> line-through</p>", FALSE },
    };
    mail_init();
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *all =
            g_strconcat("Content-Type: text/html; charset=utf-8\n\n", rows[i].html, NULL);
        struct mail *mail = mail_read(all, strlen(all));
        ck_assert_msg(mail->struck == rows[i].struck, "%s", rows[i].html);
        mail_free(mail);
    }
}
END_TEST

START_TEST(new_lines_between_quoted_ones_are_told_apart)
{
    static const char *const rows[][2] = {
        { "同意" OPENER FIRST SECOND, "" },
        { "同意\n\n> 一、总则\n> 二、经费\n", "" },
        { "> 一、总则\n> 二、经费\n\n同意\n主任甲", "" },
        { "同意\n\n> 一、总则\n删去\n\n> 二、经费\n\n谢谢", "删去\n" },
        { "> 一、总则\n可以\n> 二、经费\n同上\n> 三、附则\n", "可以\n同上\n" },
        { "同意", "" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct mail *mail = read_body(rows[i][0]);
        g_autofree char *between = mail_new_between(mail);
        ck_assert_str_eq(between, rows[i][1]);
        mail_free(mail);
    }
}
END_TEST

TEST_MAIN("mail/requote", a_copy_is_told_from_what_was_changed,
          new_lines_between_quoted_ones_are_told_apart, a_quote_of_a_megabyte_is_looked_at_soon,
          words_that_are_struck_out_are_noticed)
