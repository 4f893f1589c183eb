/* 超大附件: told to a person when it comes and once more before it expires; and what is encrypted,
 * which nobody here can read. */
#include "handlers/private.h"
#include "settling.h"

#define LINK(name, day, code) \
    "从QQ邮箱发来的超大附件\r\n\r\n" name " (128.03M, " day " 21:59 到期)进入下载页面：" \
    "http://mail.qq.com/cgi-bin/ftnExs_download?t=exs_ftn_download&k=0001&code=" code "\r\n"

static void run(struct fixture *f, const char *when)
{
    g_autoptr(GError) error = NULL;
    clock_fix(at(when));
    fixture_begin(f);
    ck_assert_msg(clouds_run(&f->office, &error), "%s", error ? error->message : "?");
    fixture_commit(f);
}

/* The one open item about a cloud attachment; NULL: none. */
static struct review *item(struct fixture *f)
{
    g_autoptr(GPtrArray) list = review_due(f->db);
    ck_assert_uint_le(list->len, 1);
    return list->len == 1 ? g_ptr_array_steal_index(list, 0) : NULL;
}

static void check_item(struct fixture *f, const char *day, const char *words)
{
    struct review *r = item(f);
    ck_assert_ptr_nonnull(r);
    ck_assert_str_eq(r->due, day);
    g_autofree char *said = review_said(r);
    ck_assert_msg(strstr(said, words) != NULL, "“%s” is not in “%s”", words, said);
    review_free(r);
}

START_TEST(a_cloud_attachment_is_an_item_at_once_and_a_letter_before_it_expires)
{
    static const struct {
        const char *when;
        guint letters;
        const char *words;
    } table[] = {
        { "2019-06-12 10:00", 0, "超大附件“意见.zip”须人工下载，06-28 失效" },
        { "2019-06-24 10:00", 0, "，还有 4 天" },
        { "2019-06-25 08:00", 0, "，还有 3 天" }, /* before office hours */
        { "2019-06-25 09:00", 1, "，还有 3 天" },
        { "2019-06-26 09:00", 1, "，还有 2 天" },
        { "2019-06-28 09:00", 1, "，今天失效" },
        { "2019-07-01 09:00", 1, "请对方重发" },
    };
    struct fixture *f = story_new(FALSE);
    clock_fix(at("2019-06-12 10:00"));
    story_reply(f, JYJ, "意见见超大附件。\r\n" LINK("意见.zip", "2019年6月28日", "c1"));
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        run(f, table[i].when);
        check_item(f, "2019-06-28", table[i].words);
        ck_assert_msg(story_count_kind(f, "alarm") == table[i].letters, "%s", table[i].when);
    }
    g_autoptr(GArray) rows = outbox_list(f->db, -1, f->matter);
    struct outbox *letter = outbox_get(f->db, g_array_index(rows, gint64, rows->len - 1));
    ck_assert_str_eq(letter->kind, "alarm");
    ck_assert_ptr_nonnull(strstr(letter->text, "ftnExs_download"));
    ck_assert_ptr_nonnull(strstr(letter->text, "2019-06-28 失效"));
    outbox_free(letter);
    fixture_free(f);
}
END_TEST

START_TEST(what_a_person_settled_is_not_told_again)
{
    for (int ignored = 0; ignored < 2; ignored++) {
        g_autoptr(GError) error = NULL;
        struct fixture *f = story_new(FALSE);
        clock_fix(at("2019-06-12 10:00"));
        gint64 id = story_reply(f, JYJ, LINK("意见.zip", "2019-06-28", "c2"));
        struct review *r = item(f);
        fixture_begin(f);
        ck_assert(ignored ? inbox_ignore(&f->office, id, &error)
                          : review_settle_one(f->db, r->id, "下载了"));
        fixture_commit(f);
        review_free(r);
        run(f, "2019-06-27 09:00");
        ck_assert_ptr_null(item(f));
        ck_assert_uint_eq(story_count_kind(f, "alarm"), 0);
        fixture_free(f);
    }
}
END_TEST

START_TEST(the_same_link_in_two_mails_is_told_once)
{
    struct fixture *f = story_new(FALSE);
    clock_fix(at("2019-06-12 10:00"));
    gint64 first = story_reply(f, JYJ, "见超大附件。\r\n" LINK("意见.zip", "2019-06-28", "c8"));
    story_reply(f, JYJ, "再发一次，见超大附件。\r\n" LINK("意见.zip", "2019-06-28", "c8"));
    struct review *r = item(f);
    ck_assert_int_eq(r->message, first);
    review_free(r);
    /* Another link is another item; so is the same one of a mail that was put aside. */
    story_reply(f, JYJ, "补充，见超大附件。\r\n" LINK("补充.zip", "2019-06-28", "c9"));
    g_autoptr(GPtrArray) two = review_due(f->db);
    ck_assert_uint_eq(two->len, 2);
    fixture_begin(f);
    ck_assert(inbox_ignore(&f->office, first, NULL));
    fixture_commit(f);
    story_reply(f, JYJ, "还是这个：\r\n" LINK("意见.zip", "2019-06-28", "c8"));
    g_autoptr(GPtrArray) again = review_due(f->db);
    ck_assert_uint_eq(again->len, 2);
    fixture_free(f);
}
END_TEST

START_TEST(a_link_waits_after_its_mail_was_filed)
{
    struct fixture *f = story_new(FALSE);
    clock_fix(at("2019-06-12 10:00"));
    gint64 id = story_reply(f, JYJ, "见超大附件。\r\n" LINK("意见.zip", "2019-06-28", "c10"));
    struct message *m = message_get(f->db, id);
    struct mail *mail = mail_stored(f->db, m->sha256, NULL);
    fixture_begin(f);
    ck_assert(story_assign(f, id, mail, JYJ, -1, STANCE_COMMENTS));
    fixture_commit(f);
    ck_assert_int_eq(review_count(f->db, 0), 1);
    check_item(f, "2019-06-28", "意见.zip");
    mail_free(mail);
    message_free(m);
    fixture_free(f);
}
END_TEST

START_TEST(the_first_day_of_several_counts_and_without_any_the_usual_one)
{
    struct fixture *f = story_new(FALSE);
    clock_fix(at("2019-06-12 10:00"));
    story_reply(f, JYJ, LINK("一.zip", "2019年7月9日", "c3") LINK("二.zip", "2019/07/02", "c4"));
    check_item(f, "2019-07-02", "等 2 个须人工下载，最早 07-02 失效");
    fixture_free(f);
    f = story_new(FALSE);
    clock_fix(at("2019-06-12 10:00"));
    story_reply(f, JYJ, "请下载：https://wx.mail.qq.com/ftn/download?func=3&key=1&code=2");
    check_item(f, "2019-07-12", "没有写失效日期");
    fixture_free(f);
}
END_TEST

START_TEST(beside_an_answer_that_is_filed_it_holds_up_nothing)
{
    struct fixture *f = story_new(TRUE);
    clock_fix(at("2019-06-12 10:00"));
    story_reply(f, JYJ,
                "建议将第三条修改为“每年两次”。\r\n" LINK("照片.zip", "2019年6月28日", "c5"));
    story_check(f, JYJ, STATUS_COMMENTED, FALSE);
    check_item(f, "2019-06-28", "照片.zip");
    ck_assert_int_eq(review_may_answer(f->db, f->matter, f->units[JYJ]), 0);
    ck_assert_int_eq(review_of_unit(f->db, f->matter, f->units[JYJ]), 0);
    fixture_free(f);
}
END_TEST

START_TEST(a_stranger_is_only_in_the_queue_and_a_secret_paper_is_not_named)
{
    struct fixture *f = story_new(FALSE);
    clock_fix(at("2019-06-12 10:00"));
    g_autofree char *stranger =
        story_letter(f, "x@elsewhere.example", "资料", "", LINK("广告.zip", "2019年6月28日", "c6"));
    story_arrives(f, stranger);
    run(f, "2019-06-27 09:00");
    check_item(f, "2019-06-28", "广告.zip");
    ck_assert_uint_eq(story_count_kind(f, "alarm"), 0);
    fixture_free(f);
    f = story_new(FALSE);
    clock_fix(at("2019-06-12 10:00"));
    story_reply(f, JYJ, "密级：秘密\r\n" LINK("名单.zip", "2019年6月28日", "c7"));
    struct review *r = item(f);
    ck_assert_ptr_null(strstr(r->text, "名单"));
    review_free(r);
    fixture_free(f);
}
END_TEST

START_TEST(what_is_encrypted_is_filed_as_nothing_and_said_so)
{
    static const char *const bodies[] = {
        "-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA\r\n-----END PGP MESSAGE-----\r\n",
        "我单位无意见。\r\n"
        "-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA\r\n-----END PGP MESSAGE-----\r\n",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(bodies); i++) {
        struct fixture *f = story_new(FALSE);
        clock_fix(at("2019-06-12 10:00"));
        gint64 id = story_reply(f, JYJ, bodies[i]);
        struct message *m = message_get(f->db, id);
        ck_assert_str_eq(m->verdict, "review");
        ck_assert_ptr_nonnull(strstr(m->reason, "加了密"));
        ck_assert_int_eq(m->proposed_unit, f->units[JYJ]);
        ck_assert_int_eq(m->unit, 0);
        message_free(m);
        story_check(f, JYJ, STATUS_WAITING, FALSE);
        ck_assert_uint_eq(story_versions(f, JYJ), 0);
        fixture_free(f);
    }
}
END_TEST

TEST_MAIN("handlers/cloud", a_cloud_attachment_is_an_item_at_once_and_a_letter_before_it_expires,
          what_a_person_settled_is_not_told_again, the_same_link_in_two_mails_is_told_once,
          a_link_waits_after_its_mail_was_filed,
          the_first_day_of_several_counts_and_without_any_the_usual_one,
          beside_an_answer_that_is_filed_it_holds_up_nothing,
          a_stranger_is_only_in_the_queue_and_a_secret_paper_is_not_named,
          what_is_encrypted_is_filed_as_nothing_and_said_so)
