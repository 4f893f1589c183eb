/* The review queue: each item once, settled with a word, and what may hold a unit's answer. */
#include "office.h"

static void open_item(struct fixture *f, const struct review *item)
{
    fixture_begin(f);
    review_open(f->db, item);
    fixture_commit(f);
}

/* A message that waits for a person, with what is proposed for it. */
static gint64 doubtful(struct fixture *f, guint32 uid, gint64 matter, gint64 unit)
{
    g_autofree char *bytes = g_strdup_printf("Subject: %u\r\n\r\n", uid);
    gint64 id = fixture_store(f, bytes, uid);
    struct message *message = message_get(f->db, id);
    message->state = MESSAGE_HANDLED;
    message->verdict = g_strdup("review");
    message->kind = g_strdup("person");
    message->proposed_matter = matter;
    message->proposed_unit = unit;
    fixture_begin(f);
    message_set_parsed(f->db, message, "print");
    message_set_verdict(f->db, message);
    review_open(f->db, &(struct review){ .reason = "unknown_sender",
                                         .text = "认不出",
                                         .message = id,
                                         .matter = matter,
                                         .unit = unit });
    fixture_commit(f);
    message_free(message);
    return id;
}

START_TEST(the_same_item_is_opened_once_and_its_text_renewed)
{
    struct fixture *f = fixture_new();
    fixture_begin(f);
    gint64 matter = fixture_draft(f, FALSE);
    fixture_commit(f);
    struct review item = { .reason = "settlement", .text = "旧", .matter = matter };
    open_item(f, &item);
    item.text = "新";
    open_item(f, &item);
    item.unit = f->units[JYJ];
    open_item(f, &item);
    GPtrArray *list = review_list(f->db, 0);
    ck_assert_uint_eq(list->len, 2);
    struct review *first = list->pdata[0];
    ck_assert_str_eq(first->text, "新");
    ck_assert_int_eq(first->opened_at, clock_now());
    ck_assert_int_eq(first->settled_at, 0);
    g_ptr_array_unref(list);
    ck_assert_int_eq(review_count(f->db, 0), 2);
    fixture_free(f);
}
END_TEST

START_TEST(a_settled_item_is_gone_and_can_be_opened_anew)
{
    struct fixture *f = fixture_new();
    fixture_begin(f);
    gint64 matter = fixture_draft(f, FALSE), other = fixture_draft(f, FALSE);
    fixture_commit(f);
    struct review item = { .reason = "settlement", .text = "一", .matter = matter };
    struct review elsewhere = { .reason = "settlement", .text = "二", .matter = other };
    open_item(f, &item);
    open_item(f, &elsewhere);
    fixture_begin(f);
    review_settle(f->db, "bounce", &(struct review){ .matter = matter }, "不相干");
    fixture_commit(f);
    ck_assert_int_eq(review_count(f->db, matter), 1);
    fixture_begin(f);
    review_settle(f->db, "settlement", &(struct review){ .matter = matter }, "已确认");
    fixture_commit(f);
    ck_assert_int_eq(review_count(f->db, matter), 0);
    ck_assert_int_eq(review_count(f->db, other), 1);
    open_item(f, &item);
    ck_assert_int_eq(review_count(f->db, matter), 1);
    fixture_free(f);
}
END_TEST

START_TEST(an_item_of_no_matter_counts_for_every_matter)
{
    struct fixture *f = fixture_new();
    fixture_begin(f);
    gint64 matter = fixture_draft(f, FALSE), other = fixture_draft(f, FALSE);
    fixture_commit(f);
    open_item(f, &(struct review){ .reason = "unknown_sender", .text = "谁？" });
    open_item(f, &(struct review){ .reason = "settlement", .text = "一", .matter = other });
    ck_assert_int_eq(review_count(f->db, matter), 1);
    ck_assert_int_eq(review_count(f->db, other), 2);
    ck_assert_int_eq(review_count(f->db, 0), 2);
    fixture_free(f);
}
END_TEST

START_TEST(an_answer_may_lie_in_a_message_or_on_a_paper_that_nobody_read)
{
    struct fixture *f = fixture_new();
    fixture_begin(f);
    gint64 matter = fixture_draft(f, TRUE), other = fixture_draft(f, TRUE);
    fixture_commit(f);
    gint64 jyj = f->units[JYJ], wtj = f->units[WTJ], qxj = f->units[QXJ];
    ck_assert_int_eq(review_may_answer(f->db, matter, jyj), 0);
    doubtful(f, 1, matter, wtj);
    ck_assert_int_eq(review_may_answer(f->db, matter, wtj), 1);
    ck_assert_int_eq(review_may_answer(f->db, matter, jyj), 0);
    ck_assert_int_eq(review_may_answer(f->db, other, wtj), 0);
    ck_assert_int_eq(review_of_unit(f->db, matter, wtj), 1);
    ck_assert_int_eq(review_of_unit(f->db, matter, jyj), 0);

    open_item(f,
              &(struct review){
                  .reason = "paper_without_stance", .text = "?", .matter = matter, .unit = qxj });
    ck_assert_int_eq(review_may_answer(f->db, matter, qxj), 1);

    /* From nobody we know: it may be anybody's. */
    doubtful(f, 2, 0, 0);
    ck_assert_int_eq(review_may_answer(f->db, matter, jyj), 1);
    ck_assert_int_eq(review_may_answer(f->db, matter, wtj), 2);
    ck_assert_int_eq(review_of_unit(f->db, matter, jyj), 0);
    fixture_free(f);
}
END_TEST

START_TEST(an_item_about_a_message_is_not_settled_by_its_number)
{
    struct fixture *f = fixture_new();
    fixture_begin(f);
    gint64 matter = fixture_draft(f, FALSE);
    fixture_commit(f);
    doubtful(f, 1, matter, f->units[JYJ]);
    open_item(f, &(struct review){ .reason = "settlement", .text = "一", .matter = matter });
    GPtrArray *list = review_list(f->db, 0);
    ck_assert_uint_eq(list->len, 2);
    for (guint i = 0; i < list->len; i++) {
        struct review *item = list->pdata[i];
        fixture_begin(f);
        ck_assert_int_eq(review_settle_one(f->db, item->id, "好"), item->message == 0);
        ck_assert(!review_settle_one(f->db, item->id, "又"));
        fixture_commit(f);
    }
    ck_assert(!review_settle_one(f->db, 999, "无"));
    ck_assert_int_eq(review_count(f->db, 0), 1);
    g_ptr_array_unref(list);
    fixture_free(f);
}
END_TEST

TEST_MAIN("db/review", the_same_item_is_opened_once_and_its_text_renewed,
          a_settled_item_is_gone_and_can_be_opened_anew,
          an_item_of_no_matter_counts_for_every_matter,
          an_answer_may_lie_in_a_message_or_on_a_paper_that_nobody_read,
          an_item_about_a_message_is_not_settled_by_its_number)
