/* Orders, names and days as a clerk writes them. */
#include "test.h"
#include "wording/wording.h"

static const struct order_word words[] = {
    { "状态", 0, FALSE },    { "催办", 1, FALSE },   { "纸质已收", 2, FALSE }, { "登记", 3, FALSE },
    { "确认", 4, FALSE },    { "确认码", 5, FALSE }, { "延期", 6, FALSE },     { "退回", 7, TRUE },
    { "退回修改", 7, TRUE }, { NULL, 0, FALSE },
};

/* "0|rest;2|rest" */
static char *read_all(const char *subject, const char *text)
{
    GPtrArray *orders = orders_read(subject, text, words);
    GString *all = g_string_new(NULL);
    for (guint i = 0; i < orders->len; i++) {
        const struct order *order = orders->pdata[i];
        g_string_append_printf(all, "%s%d|%s%s", i > 0 ? ";" : "", order->word, order->rest,
                               order->glued ? "|glued" : "");
        for (guint k = 0; k < order->more->len; k++)
            g_string_append_printf(all, "+%s", (char *)order->more->pdata[k]);
    }
    g_ptr_array_unref(orders);
    return g_string_free(all, FALSE);
}

static const struct {
    const char *subject, *text, *orders;
} rows_of_orders[] = {
    { "状态", "", "0|" },
    { "", "状态。", "0|" },
    { "", "  状态！", "0|" },
    { "", "纸质已收：市教育局、市财政局。", "2|市教育局、市财政局" },
    { "", "纸质已收　市教育局", "2|市教育局" },
    { "", "登记＃１２３ 市教育局", "3|#123 市教育局" },
    { "", "催办市教育局", "1|市教育局|glued" },
    { "", "催办\n市教育局\n市财政局\n\n张三", "1|+市教育局+市财政局" },
    { "", "您好：\n\n状态\n催办 市教育局", "0|;1|市教育局" },
    { "", "张主任您好！\n状态", "0|" },
    { "", "状态\n\n催办", "0|;1|" },
    { "", "请看\n状态", "" },
    { "", "状态\n\n谢谢\n\n催办", "0|" },
    { "", "确认码：ABCD 2345", "5|ABCD 2345" },
    { "", "确认ABCD2345", "4|ABCD2345|glued" },
    { "", "abcd2345", "-2|abcd2345" },
    { "", "1", "-1|1" },
    { "", "１、３", "-1|1、3" },
    { "", "选2", "-1|选2" },
    { "1", "", "" },
    { "", "2019年总结", "" },
    { "", "- 状态", "0|" },
    { "", "", "" },
    { "", "退回：请改为６月２５日，并退回修改。\n\n延期 至6月25日\n 二、附件。",
      "7|请改为６月２５日，并退回修改。++延期 至6月25日+ 二、附件。" },
    { "", "状态\n退回修改\n日期不对。", "0|;7|+日期不对。" },
    { "", "狀態", "0|" },
    { "", "催辦 市財政局", "1|市财政局" },
    { "", "請催辦市財政局，謝謝！", "1|市财政局|glued" },
    { "", "请帮忙催办一下市教育局", "1|市教育局|glued" },
    { "", "麻烦催办一下 市教育局、市财政局，谢谢您了。", "1|市教育局、市财政局" },
    { "", "状态，辛苦了", "0|" },
    { "", "请看状态", "" },
    { "【状态】", "", "0|" },
    { "", "“状态”", "0|" },
    { "", "《状态》", "0|" },
    { "状态?", "", "0|" },
    { "", "　　状　态", "0|" },
    { "", "1. 状态\n2、催办 市教育局", "0|;1|市教育局" },
    { "", "一、状态", "0|" },
    { "", "您好，查询状态", "0|" },
    { "", "@联络 状态", "0|" },
    { "", "催办（市科技局）", "1|市科技局|glued" },
    { "", "催办了市科技局", "1|了市科技局|glued" },
    { "", "退回（修改）后再发", "7|（修改）后再发|glued" },
    { "", "请", "" },
    { "", "谢谢", "" },
    { "", "ABCD2345，请执行。谢谢", "-2|ABCD2345,请执行" },
    { "", "feedback from the office", "" },
};

START_TEST(orders_are_read_as_people_write_them)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rows_of_orders); i++) {
        g_autofree char *orders = read_all(rows_of_orders[i].subject, rows_of_orders[i].text);
        ck_assert_msg(strcmp(orders, rows_of_orders[i].orders) == 0, "%s%s: %s",
                      rows_of_orders[i].subject, rows_of_orders[i].text, orders);
    }
}
END_TEST

START_TEST(a_consent_with_a_reservation_is_told_from_thanks_and_signatures)
{
    static const struct {
        const char *words;
        gboolean reserved;
    } rows[] = {
        { "", FALSE },
        { "，谢谢。", FALSE },
        { "请尽快印发。辛苦了！", FALSE },
        { "无意见，请按程序发出", FALSE },
        { "王主任\n市发改委办公室\n0772-1234567\n2019年6月10日", FALSE },
        { "李先生　市退役军人事务局、不动产登记中心", FALSE },
        { "已阅，可以发", FALSE },
        { "，但请把期限改为6月25日", TRUE },
        { "附件第二条请修改后再发", TRUE },
        { "期限延 至6月25日", TRUE },
        { "退回 再看看", TRUE },
        { "取消", TRUE },
        { "市财政局不用发", TRUE },
        { "只发市教育局", TRUE },
        { "下周一发出", TRUE },
        { "等王主任看过后发", TRUE },
        { "抄送市委办", TRUE },
        { "落款漏了公章", TRUE },
        { "日期是6月25日吗", TRUE },
        { "另外两个附件呢？", TRUE },
        { "如有变化请告诉我", TRUE },
        { "删 去第三段", TRUE },
        { "落款用局名", TRUE },
        { "附件二用昨天那一版", TRUE },
        { "第三条写明每年两次", TRUE },
        { "主送加市发改委", TRUE },
        { "會議改在下週", TRUE },
        { "请尽快发出，抓紧落实", FALSE },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        ck_assert_msg(consent_is_reserved(rows[i].words) == rows[i].reserved, "%s", rows[i].words);
}
END_TEST

START_TEST(prose_as_long_as_a_page_is_no_order)
{
    g_autoptr(GString) text = g_string_new("状态");
    for (int i = 0; i < 5000; i++)
        g_string_append(text, "很好");
    g_autofree char *orders = read_all(text->str, text->str);
    ck_assert(g_str_has_prefix(orders, "0|") || *orders == '\0');
    g_autofree char *body = read_all("", text->str);
    ck_assert_str_eq(body, "");
}
END_TEST

static gboolean is_known(void *context, const char *name)
{
    static const char *const names[] = { "市教育局", "教育局", "市财政局", "市文化和体育局",
                                         "市文化",   "a",      "aa",       NULL };
    ++*(int *)context;
    return g_strv_contains(names, name);
}

START_TEST(names_are_split_however_they_are_joined)
{
    static const struct {
        const char *text, *names;
    } rows[] = {
        { "市教育局、市财政局", "市教育局|市财政局" },
        { "市教育局，市财政局;教育局", "市教育局|市财政局|教育局" },
        { "市教育局 市财政局", "市教育局|市财政局" },
        { "市教育局和市财政局", "市教育局|市财政局" },
        { "市文化和体育局以及市财政局", "市文化和体育局|市财政局" },
        { "市教育局市财政局", "市教育局|市财政局" },
        { "市教育局\n市财政局", "市教育局|市财政局" },
        { "市教育居、市财政局", "市教育居|市财政局" },
        { "市教育局 某某局", "市教育局|某某局" },
        { " 、 ", "" },
        { "", "" },
    };
    int tries = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GPtrArray) names = names_split(rows[i].text, is_known, &tries);
        g_ptr_array_add(names, NULL);
        g_autofree char *joined = g_strjoinv("|", (char **)names->pdata);
        ck_assert_str_eq(joined, rows[i].names);
    }
}
END_TEST

START_TEST(a_text_made_to_be_slow_is_given_up)
{
    int tries = 0;
    g_autoptr(GPtrArray) names =
        names_split("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", is_known, &tries);
    ck_assert_uint_eq(names->len, 1);
    ck_assert_int_le(tries, 2000);
}
END_TEST

START_TEST(days_are_read_as_people_write_them)
{
    static const struct {
        const char *text, *deadline, *rest;
    } rows[] = {
        { "至6月25日 市教育局", "2019-06-25", "市教育局" },
        { "到6月25号", "2019-06-25", "" },
        { "6.25", "2019-06-25", "" },
        { "至 2019-07-01", "2019-07-01", "" },
        { "2020年1月5日前", "2020-01-05", "" },
        { "1月5日", "2020-01-05", "" },
        { "5月1日", "2019-05-01", "" }, /* gone, and surely not next year's */
        { "至6月25日17:00", "2019-06-25T17:00:00+08:00", "" },
        { "至6月25日下午5点半", "2019-06-25T17:30:00+08:00", "" },
        { "明天", "2019-06-11", "" },
        { "6月31日", NULL, "" },
        { "13月1日", NULL, "" },
        { "市教育局", NULL, "" },
        { "", NULL, "" },
    };
    int today = 0;
    ck_assert(day_parse("2019-06-10", &today));
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const char *rest = "";
        g_autofree char *deadline = order_deadline(rows[i].text, today, &rest);
        ck_assert_pstr_eq(deadline, rows[i].deadline);
        if (deadline != NULL)
            ck_assert_str_eq(rest, rows[i].rest);
    }
}
END_TEST

TEST_MAIN("wording/order", orders_are_read_as_people_write_them,
          a_consent_with_a_reservation_is_told_from_thanks_and_signatures,
          prose_as_long_as_a_page_is_no_order, names_are_split_however_they_are_joined,
          a_text_made_to_be_slow_is_given_up, days_are_read_as_people_write_them)
