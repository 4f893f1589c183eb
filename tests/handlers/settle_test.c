/* What a person settles: a message for one unit, for two, in two matters; and what was settled
 * wrongly. */
#include "settling.h"

struct letter_in {
    gint64 id;
    struct mail *mail;
};

static struct letter_in arrive(struct fixture *f, int unit, const char *body)
{
    g_autofree char *token = story_token(f, f->matter);
    g_autofree char *bytes = story_letter(f, story_address(unit), token, "", body);
    return (struct letter_in){ story_arrives(f, bytes), mail_read(bytes, strlen(bytes)) };
}

static void settle(struct fixture *f, const struct letter_in *in, int one, int two, int stance,
                   gboolean accepted)
{
    fixture_begin(f);
    ck_assert_int_eq(story_assign(f, in->id, in->mail, one, two, stance), accepted);
    fixture_commit(f);
}

static guint count_also(struct fixture *f, gint64 id, gboolean filed)
{
    g_autoptr(GArray) sides = side_list(f->db, id, filed);
    return sides->len;
}

static const char joint[] = "市教育局和市气象局都没有意见。";

START_TEST(a_letter_for_two_changes_nothing_before_a_person_files_it_for_both)
{
    struct fixture *f = story_new(FALSE);
    struct letter_in in = arrive(f, JYJ, joint);
    story_check(f, JYJ, STATUS_WAITING, FALSE);
    story_check(f, QXJ, STATUS_WAITING, FALSE);
    ck_assert_int_eq(review_count(f->db, f->matter), 1);
    ck_assert_int_eq(review_of_unit(f->db, f->matter, f->units[JYJ]), 1);
    ck_assert_int_eq(review_of_unit(f->db, f->matter, f->units[QXJ]), 1);
    ck_assert_int_eq(review_may_answer(f->db, f->matter, f->units[QXJ]), 1);
    ck_assert_int_eq(review_of_unit(f->db, f->matter, f->units[WTJ]), 0);
    ck_assert_int_eq(review_may_answer(f->db, f->matter, f->units[WTJ]), 0);
    ck_assert_uint_eq(count_also(f, in.id, FALSE), 1);

    settle(f, &in, JYJ, QXJ, -1, TRUE);
    story_check(f, JYJ, STATUS_NO_COMMENT, FALSE);
    story_check(f, QXJ, STATUS_NO_COMMENT, FALSE);
    ck_assert_int_eq(review_count(f->db, 0), 0);
    ck_assert_uint_eq(count_also(f, in.id, TRUE), 1);
    g_autoptr(GArray) of_other = message_filed(f->db, f->matter, f->units[QXJ]);
    ck_assert_uint_eq(of_other->len, 1);
    mail_free(in.mail);
    fixture_free(f);
}
END_TEST

START_TEST(whose_answer_it_may_be_is_neither_chased_nor_deemed)
{
    struct fixture *f = story_new(FALSE);
    struct contact shared = { .name = (char *)"",
                              .email = (char *)story_address(JYJ),
                              .phone = (char *)"",
                              .mobile = (char *)"",
                              .since = clock_now() };
    struct letter_in conflict = arrive(f, QXJ, "无意见。\n\n市文化和体育局\n2019年6月18日");
    fixture_begin(f);
    contact_add(f->db, f->units[YJ], &shared);
    fixture_commit(f);
    struct letter_in either = arrive(f, JYJ, "我局无意见。");
    for (int unit = JYJ; unit <= YJ; unit++) {
        ck_assert_int_eq(review_of_unit(f->db, f->matter, f->units[unit]), 1);
        ck_assert_int_eq(review_may_answer(f->db, f->matter, f->units[unit]), 1);
    }
    /* It is one of them, not both: the second takes more than a slip. */
    settle(f, &conflict, WTJ, -1, -1, TRUE);
    settle(f, &conflict, QXJ, -1, -1, FALSE);
    ck_assert_int_eq(review_of_unit(f->db, f->matter, f->units[QXJ]), 0);
    mail_free(conflict.mail);
    mail_free(either.mail);
    fixture_free(f);
}
END_TEST

START_TEST(one_receipt_tells_of_both_units)
{
    struct fixture *f = story_new(TRUE);
    struct letter_in in = arrive(f, JYJ, joint);
    settle(f, &in, JYJ, QXJ, -1, TRUE);
    ck_assert_uint_eq(story_count_kind(f, "receipt"), 1);
    struct outbox *row =
        outbox_get(f->db, outbox_newest(f->db, "receipt", f->matter, f->units[JYJ]));
    ck_assert_ptr_nonnull(strstr(row->text, "教育局：\n"));
    ck_assert_ptr_nonnull(strstr(row->text, "同时登记为：气象局《"));
    ck_assert_ptr_nonnull(strstr(row->html, "同时登记"));
    outbox_free(row);
    mail_free(in.mail);
    fixture_free(f);
}
END_TEST

START_TEST(of_what_was_proposed_each_may_be_filed_by_itself)
{
    struct fixture *f = story_new(FALSE);
    struct letter_in in = arrive(f, JYJ, joint);
    settle(f, &in, JYJ, -1, STANCE_NO_COMMENT, TRUE);
    story_check(f, QXJ, STATUS_WAITING, FALSE);
    settle(f, &in, QXJ, -1, STANCE_COMMENTS, TRUE);
    story_check(f, JYJ, STATUS_NO_COMMENT, FALSE);
    story_check(f, QXJ, STATUS_COMMENTED, FALSE);
    mail_free(in.mail);
    fixture_free(f);
}
END_TEST

START_TEST(a_letter_in_two_matters_is_filed_in_both)
{
    struct fixture *f = story_new(FALSE);
    struct letter_in in = arrive(f, JYJ, "两个文我们都看了，已阅，谢谢。");
    gint64 first = f->matter, second = story_issue(f, FALSE);
    struct settled settled;
    struct side sides[] = { { first, f->units[JYJ] }, { second, f->units[JYJ] } };
    g_autoptr(GArray) both = g_array_new(FALSE, FALSE, sizeof(struct side));
    g_array_append_vals(both, sides, 2);
    fixture_begin(f);
    ck_assert(inbox_assign(&f->office, in.id, both, STANCE_NO_COMMENT, in.mail, &settled, NULL));
    fixture_commit(f);
    settled_clear(&settled);
    story_check(f, JYJ, STATUS_NO_COMMENT, FALSE);
    f->matter = first;
    story_check(f, JYJ, STATUS_NO_COMMENT, FALSE);
    mail_free(in.mail);
    fixture_free(f);
}
END_TEST

START_TEST(what_is_filed_for_one_unit_is_not_taken_for_another_by_a_slip)
{
    struct fixture *f = story_new(FALSE);
    struct letter_in in = arrive(f, JYJ, "我局无意见。");
    story_check(f, JYJ, STATUS_NO_COMMENT, FALSE);
    settle(f, &in, WTJ, -1, -1, FALSE);
    story_check(f, WTJ, STATUS_WAITING, FALSE);
    /* Both at once are meant so. */
    settle(f, &in, JYJ, WTJ, -1, TRUE);
    story_check(f, WTJ, STATUS_NO_COMMENT, FALSE);
    ck_assert_uint_eq(story_versions(f, JYJ), 1);
    mail_free(in.mail);
    fixture_free(f);
}
END_TEST

START_TEST(what_was_filed_wrongly_and_is_void_can_be_filed_rightly)
{
    struct fixture *f = story_new(FALSE);
    struct letter_in in = arrive(f, JYJ, "我局无意见。");
    struct submission *wrong = submission_current(f->db, f->matter, f->units[JYJ]);
    fixture_begin(f);
    ck_assert(ledger_void(&f->office, wrong->id, "登记错了", NULL));
    fixture_commit(f);
    settle(f, &in, WTJ, -1, -1, TRUE);
    story_check(f, JYJ, STATUS_WAITING, FALSE);
    story_check(f, WTJ, STATUS_NO_COMMENT, FALSE);
    struct message *m = message_get(f->db, in.id);
    ck_assert_int_eq(m->unit, f->units[WTJ]);
    message_free(m);
    submission_free(wrong);
    mail_free(in.mail);
    fixture_free(f);
}
END_TEST

START_TEST(a_person_who_reads_it_otherwise_is_right)
{
    struct fixture *f = story_new(FALSE);
    struct letter_in in = arrive(f, JYJ, "我局无意见。");
    settle(f, &in, JYJ, -1, -1, TRUE);
    ck_assert_uint_eq(story_versions(f, JYJ), 1);
    settle(f, &in, JYJ, -1, STANCE_COMMENTS, TRUE);
    ck_assert_uint_eq(story_versions(f, JYJ), 2);
    story_check(f, JYJ, STATUS_COMMENTED, FALSE);
    mail_free(in.mail);
    fixture_free(f);
}
END_TEST

START_TEST(an_acknowledgement_for_two_is_one_of_each)
{
    struct fixture *f = story_new(FALSE);
    struct letter_in in = arrive(f, JYJ, "收到。\n\n市教育局　市气象局");
    settle(f, &in, JYJ, QXJ, STANCE_ACKNOWLEDGED, TRUE);
    fixture_begin(f);
    ledger_refresh(&f->office, f->matter, f->units[QXJ]);
    fixture_commit(f);
    story_check(f, JYJ, STATUS_ACKNOWLEDGED, FALSE);
    story_check(f, QXJ, STATUS_ACKNOWLEDGED, FALSE);
    ck_assert_uint_eq(story_count_kind(f, "receipt"), 0);
    mail_free(in.mail);
    fixture_free(f);
}
END_TEST

/* A letter of somebody whom nobody knows, handled. */
static struct letter_in from_stranger(struct fixture *f, const char *from, const char *body)
{
    g_autofree char *token = story_token(f, f->matter);
    g_autofree char *header = g_strdup_printf("From: %s\r\n", from);
    g_autofree char *written = story_letter(f, from, token, "", body);
    g_autofree char *bytes = g_strconcat(header, strchr(written, '\n') + 1, NULL);
    return (struct letter_in){ story_arrives(f, bytes), mail_read(bytes, strlen(bytes)) };
}

static gboolean knows(struct fixture *f, enum learnt_what what, const char *text, int unit)
{
    g_autoptr(GPtrArray) all = learnt_of(f->db, what, text);
    for (guint i = 0; i < all->len; i++)
        if (((const struct learnt *)all->pdata[i])->unit == f->units[unit])
            return TRUE;
    return FALSE;
}

START_TEST(a_name_that_a_person_settled_is_known_from_then_on)
{
    struct fixture *f = story_new(FALSE);
    struct letter_in first =
        from_stranger(f, "a@163.example", "经研究，无意见。\n\n市观测中心\n2019年6月18日");
    settle(f, &first, QXJ, -1, -1, TRUE);
    ck_assert(knows(f, LEARNT_NAME, "市观测中心", QXJ));
    ck_assert(knows(f, LEARNT_ADDRESS, "a@163.example", QXJ));
    /* Another mailbox: once is a proposal, it weighs less than a name of the roster; twice, with
     * what it says in the display name, is enough. */
    struct letter_in second =
        from_stranger(f, "b@163.example", "建议删除第三条。\n\n市观测中心\n2019年6月19日");
    struct message *m = message_get(f->db, second.id);
    ck_assert_str_eq(m->verdict, "review");
    ck_assert_int_eq(m->proposed_unit, f->units[QXJ]);
    message_free(m);
    struct letter_in third = from_stranger(f, "市观测中心 <c@163.example>",
                                           "建议删除第四条。\n\n市观测中心\n2019年6月19日");
    m = message_get(f->db, third.id);
    ck_assert_int_eq(m->unit, f->units[QXJ]);
    message_free(m);
    mail_free(first.mail);
    mail_free(second.mail);
    mail_free(third.mail);
    fixture_free(f);
}
END_TEST

START_TEST(what_was_forgotten_or_settled_both_ways_names_nobody)
{
    struct fixture *f = story_new(FALSE);
    static const char body[] = "无意见。\n\n市观测中心\n2019年6月18日";
    struct letter_in first = from_stranger(f, "a@163.example", body);
    settle(f, &first, QXJ, -1, -1, TRUE);
    struct letter_in other = from_stranger(f, "b@163.example", body);
    settle(f, &other, WTJ, -1, -1, TRUE);
    ck_assert(knows(f, LEARNT_NAME, "市观测中心", WTJ));
    ck_assert_int_eq(unit_named(&f->office, "市观测中心"), 0);
    fixture_begin(f);
    ck_assert(learnt_forget(f->db, "市观测中心"));
    ck_assert(!learnt_forget(f->db, "市观测中心"));
    fixture_commit(f);
    ck_assert(!knows(f, LEARNT_NAME, "市观测中心", QXJ));
    mail_free(first.mail);
    mail_free(other.mail);
    fixture_free(f);
}
END_TEST

START_TEST(only_the_senders_own_unknown_name_is_learnt)
{
    struct fixture *f = story_new(FALSE);
    static const struct {
        const char *from, *body, *not_learnt;
    } letters[] = {
        { "a@163.example", "无意见。\n\n市气象局\n市观测中心", "市观测中心" },
        { "b@163.example", "无意见。\n\n局办公室", "局办公室" },
        { "d@163.example", "无意见。\n\n市观测中心\n市雷达站", "市观测中心" },
        { "e@163.example", "无意见。\n\n柳州市纲要办", "柳州市纲要办" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(letters); i++) {
        struct letter_in in = from_stranger(f, letters[i].from, letters[i].body);
        settle(f, &in, QXJ, -1, STANCE_NO_COMMENT, TRUE);
        ck_assert_msg(!knows(f, LEARNT_NAME, letters[i].not_learnt, QXJ), "%s", letters[i].body);
        mail_free(in.mail);
    }
    fixture_free(f);
}
END_TEST

START_TEST(whoever_passes_a_letter_on_is_not_its_unit)
{
    struct fixture *f = story_new(FALSE);
    g_autofree char *token = story_token(f, f->matter);
    g_autofree char *subject = g_strdup_printf("转发：%s", token);
    g_autofree char *written =
        story_letter(f, "z@gx.example", subject, "",
                     "现转去市气象局来函，请阅。\n\n---------- 转发的邮件 ----------\n"
                     "发件人：联络员 <x@163.example>\n主题：意见\n\n我局无意见。\n市气象局");
    g_autofree char *bytes =
        g_strconcat("From: 自治区科普中心 <z@gx.example>\r\n", strchr(written, '\n') + 1, NULL);
    struct letter_in in = { story_arrives(f, bytes), mail_read(bytes, strlen(bytes)) };
    settle(f, &in, QXJ, -1, -1, TRUE);
    ck_assert(!knows(f, LEARNT_ADDRESS, "z@gx.example", QXJ));
    ck_assert(!knows(f, LEARNT_NAME, "自治区科普中心", QXJ));
    story_check(f, QXJ, STATUS_NO_COMMENT, FALSE);
    mail_free(in.mail);
    fixture_free(f);
}
END_TEST

TEST_MAIN("handlers/settle", a_letter_for_two_changes_nothing_before_a_person_files_it_for_both,
          whose_answer_it_may_be_is_neither_chased_nor_deemed, one_receipt_tells_of_both_units,
          of_what_was_proposed_each_may_be_filed_by_itself,
          a_letter_in_two_matters_is_filed_in_both,
          what_is_filed_for_one_unit_is_not_taken_for_another_by_a_slip,
          what_was_filed_wrongly_and_is_void_can_be_filed_rightly,
          a_person_who_reads_it_otherwise_is_right, an_acknowledgement_for_two_is_one_of_each,
          a_name_that_a_person_settled_is_known_from_then_on,
          what_was_forgotten_or_settled_both_ways_names_nobody,
          only_the_senders_own_unknown_name_is_learnt, whoever_passes_a_letter_on_is_not_its_unit)
