/* What a text says, word by word; whole replies are in tests/handlers/stance_test.c. */
#include "test.h"
#include "wording/reply/reply.h"

static gboolean says_only_none(const char *text)
{
    struct reply reply = { 0 };
    reply_read(&reply, text, NULL);
    gboolean none = reply.found[MARK_NONE] && !reply.found[MARK_DOUBT];
    reply_clear(&reply);
    return none;
}

START_TEST(a_word_that_a_lines_end_cuts_is_one_and_two_words_beside_it_are_two)
{
    ck_assert(says_only_none("我单位无\n意见"));
    ck_assert(says_only_none("我单位没有修\n改意见。"));
    ck_assert(says_only_none("意见反馈：无\n意见反馈单位：市总工会"));
    ck_assert(says_only_none("修改意见：无意见\n电话：0772-0000000\n日期：2019年6月18日"));
    ck_assert(!says_only_none("无意见\n书面另报"));
}
END_TEST

START_TEST(words_are_known_in_both_scripts_and_quoted_as_they_stand)
{
    struct reply reply = { 0 };
    reply_read(&reply, "來函收悉。經研究，我局無意見。", NULL);
    ck_assert(reply.found[MARK_NONE] && !reply.found[MARK_DOUBT]);
    ck_assert_str_eq(reply.evidence[MARK_NONE], "經研究，我局無意見。");
    reply_clear(&reply);
}
END_TEST

START_TEST(who_signs_is_no_opinion_and_an_unknown_word_may_be_one)
{
    ck_assert(says_only_none("我局无意见。\n市财政局\n王小明"));
    ck_assert(!says_only_none("我局无意见。\n市财政局\n抠细点"));
    ck_assert(!says_only_none("我局无意见，抠细点。"));
}
END_TEST

static const struct {
    gboolean partial;
    const char *text;
} scopes[] = {
    { TRUE, "我局对《工作规则》无意见。" },
    { FALSE, "我局对《工作规则》等文件无意见。" },
    { TRUE, "经研究，对《工作规则》《共同职责》无意见。" },
    { TRUE, "工作规则、共同职责、联络员职责、办公室职责无意见。" },
    { FALSE, "工作规则、共同职责、具体职责、联络员职责、办公室职责均无意见。" },
    { FALSE, "《工作规则》：无意见\n《共同职责》：无意见\n《具体职责》：无意见\n"
             "《联络员职责》：无意见\n《办公室职责》：无意见" },
    { TRUE, "《工作规则》：无意见\n《共同职责》：无意见" },
    { TRUE, "收到四个附件，这四个无意见。" },
    { TRUE, "经审阅，前三份文件我局均无意见。" },
    { FALSE, "前三份文件无意见，其余两份也无意见。" },
    { FALSE, "五个文件我局均无意见。" },
    { TRUE, "《柳州市科普基地管理办法》我们看过了，无意见。" },
    { TRUE, "对领导小组成员名单我局无异议。" },
    { FALSE, "我局对《柳州市全民科学素质工作领导小组工作规则》等无意见。" },
    { FALSE, "文件职责清晰，任务明确，我局无意见。" },
    { FALSE, "我局对征求意见稿无意见。" },
    { FALSE, "关于贵办来函，我局没有意见。" },
    { FALSE, "对照完毕，无修改意见。" },
    { FALSE, "经与职建科、就业中心沟通，我局无意见。" },
    { FALSE, "各条核对无误，无意见。" },
    { TRUE, "关于借用会议室一事，我局没有意见。" },
};

START_TEST(none_for_some_of_the_papers_or_for_another_one_is_none_for_a_part)
{
    const char *title = "关于征求《工作规则》等五个文件修改意见的通知";
    const char *notice = "现将《工作规则》《成员单位共同职责》《各成员单位具体职责》《联络员职责》"
                         "《办公室职责》发给你们";
    const char *one = "关于征求《工作规则》意见的通知";
    for (gsize i = 0; i < G_N_ELEMENTS(scopes); i++)
        ck_assert_msg(reply_is_partial(scopes[i].text, title, notice) == scopes[i].partial, "%s",
                      scopes[i].text);
    ck_assert(!reply_is_partial("我局对《工作规则》无意见。", one, NULL));
    ck_assert(reply_is_partial("我局对《工作规则》无意见。", title, NULL));
}
END_TEST

/* What a stranger can send: 64 KiB of the same. */
START_TEST(a_text_that_repeats_itself_is_read_soon)
{
    static const char *const words[] = { "，",       "。\n",   "《",       "（",
                                         "原则上，", "如，",   "如有修改", "未",
                                         "無",       "\n王小", "☑无意见",  "意见：",
                                         "x",        "抱歉",   "我局研究", "对规则无，" };
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        struct reply reply = { 0 };
        gint64 start = g_get_monotonic_time();
        while (text->len < 64 * 1024)
            g_string_append(text, words[i]);
        reply_read(&reply, text->str, "关于征求意见的通知");
        reply_is_partial(text->str, "关于《规则》等五个文件的通知", "《规则》");
        reply_clear(&reply);
        ck_assert_msg(g_get_monotonic_time() - start < 2 * G_USEC_PER_SEC, "%s", words[i]);
    }
}
END_TEST

TEST_MAIN("wording/reply", a_word_that_a_lines_end_cuts_is_one_and_two_words_beside_it_are_two,
          words_are_known_in_both_scripts_and_quoted_as_they_stand,
          who_signs_is_no_opinion_and_an_unknown_word_may_be_one,
          none_for_some_of_the_papers_or_for_another_one_is_none_for_a_part,
          a_text_that_repeats_itself_is_read_soon)
