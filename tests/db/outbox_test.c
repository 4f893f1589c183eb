/* The outbox: once by its key, in order, and not lost between intent and result. */
#include "office.h"

static gint64 add_row(struct fixture *f, const char *key, enum outbox_state state,
                      const char *channel)
{
    struct outbox *row = outbox_new();
    row->key = g_strdup(key);
    row->channel = g_strdup(channel);
    row->kind = g_strdup(f->kind ? f->kind : "reminder");
    row->matter = f->matter;
    row->unit = f->units[JYJ];
    row->message_id = g_strdup_printf("%s@office.example", key);
    row->subject = g_strdup("〔LL1-AAAAA〕催办");
    row->text = g_strdup("请尽快反馈。");
    row->state = state;
    g_ptr_array_add(row->recipients, g_strdup("a@jyj.example"));
    g_ptr_array_add(row->recipients, g_strdup("b@jyj.example"));
    fixture_begin(f);
    gint64 id = outbox_add(f->db, row);
    fixture_commit(f);
    outbox_free(row);
    return id;
}

static void set_result(struct fixture *f, gint64 id, enum outbox_state state, gint64 next_at)
{
    fixture_begin(f);
    outbox_set_result(f->db, id, state, 451, "later", next_at);
    fixture_commit(f);
}

static enum outbox_state state_of(struct fixture *f, gint64 id)
{
    struct outbox *row = outbox_get(f->db, id);
    enum outbox_state state = row->state;
    outbox_free(row);
    return state;
}

START_TEST(a_key_is_taken_once)
{
    struct fixture *f = fixture_new();
    gint64 id = add_row(f, "reminder/3/jyj/t-1/due-1", OUT_QUEUED, "mail");
    ck_assert_int_ne(id, 0);
    ck_assert_int_eq(add_row(f, "reminder/3/jyj/t-1/due-1", OUT_QUEUED, "mail"), 0);
    ck_assert(outbox_has(f->db, "reminder/3/jyj/t-1/due-1"));
    ck_assert(!outbox_has(f->db, "reminder/3/jyj/t-1/due-2"));
    ck_assert_int_eq(outbox_count(f->db, OUT_QUEUED, 0), 1);
    ck_assert_int_eq(recipient_count(f->db, id, "waiting"), 2);
    fixture_free(f);
}
END_TEST

START_TEST(a_row_is_read_as_it_was_written)
{
    struct fixture *f = fixture_new();
    g_autofree char *sha256 = raw_file(f->db, "doc", 3, NULL);
    struct outbox *row = outbox_new();
    row->key = g_strdup("k");
    row->channel = g_strdup("mail");
    row->kind = g_strdup("notice");
    row->message_id = g_strdup("k@office.example");
    row->subject = g_strdup("主题");
    row->text = g_strdup("正文");
    row->html = g_strdup("<p>正文</p>");
    row->in_reply_to = g_strdup("1@jyj.example");
    row->references = g_strdup("0@jyj.example 1@jyj.example");
    g_ptr_array_add(row->recipients, g_strdup("a@jyj.example"));
    outbox_enclose(row, "附件.doc", "application/msword", sha256);
    fixture_begin(f);
    raw_row(f->db, sha256, "doc", 3);
    gint64 id = outbox_add(f->db, row);
    fixture_commit(f);
    outbox_free(row);

    row = outbox_get(f->db, id);
    ck_assert_str_eq(row->html, "<p>正文</p>");
    ck_assert_str_eq(row->references, "0@jyj.example 1@jyj.example");
    ck_assert_str_eq(row->in_reply_to, "1@jyj.example");
    ck_assert_uint_eq(row->recipients->len, 1);
    ck_assert_str_eq(((struct enclosure *)row->enclosures->pdata[0])->filename, "附件.doc");
    ck_assert_int_eq(row->created_at, clock_now());
    ck_assert_int_eq(row->attempts, 0);
    ck_assert_int_eq(outbox_by_message_id(f->db, "k@office.example"), id);
    ck_assert_int_eq(outbox_by_message_id(f->db, "x@office.example"), 0);
    outbox_free(row);
    ck_assert_ptr_null(outbox_get(f->db, 99));
    fixture_free(f);
}
END_TEST

START_TEST(the_next_is_the_oldest_of_its_channel_that_may_leave)
{
    struct fixture *f = fixture_new();
    gint64 now = clock_now();
    add_row(f, "held", OUT_HELD, "mail");
    gint64 news = add_row(f, "news", OUT_QUEUED, "wecom");
    gint64 one = add_row(f, "one", OUT_QUEUED, "mail"), two = add_row(f, "two", OUT_QUEUED, "mail");
    ck_assert_int_eq(outbox_next(f->db, "mail", now), one);
    ck_assert_int_eq(outbox_next(f->db, "wecom", now), news);
    set_result(f, one, OUT_DEFERRED, now + 600);
    ck_assert_int_eq(outbox_next(f->db, "mail", now), two);
    ck_assert_int_eq(outbox_next_at(f->db), now + 600);
    set_result(f, two, OUT_SENT, 0);
    ck_assert_int_eq(outbox_next(f->db, "mail", now + 599), 0);
    ck_assert_int_eq(outbox_next(f->db, "mail", now + 600), one);
    struct outbox *row = outbox_get(f->db, one);
    ck_assert_int_eq(row->attempts, 1);
    ck_assert_int_eq(row->code, 451);
    ck_assert_str_eq(row->reply, "later");
    outbox_free(row);
    row = outbox_get(f->db, two);
    ck_assert_int_eq(row->sent_at, now);
    outbox_free(row);
    set_result(f, one, OUT_FAILED, 0);
    ck_assert_int_eq(outbox_next(f->db, "mail", now + 9999), 0);
    ck_assert_int_eq(outbox_next_at(f->db), 0);
    fixture_free(f);
}
END_TEST

static void count_one(void *context, gint64 id)
{
    *(gint64 *)context += id;
}

START_TEST(what_a_dead_process_left_sending_is_uncertain)
{
    struct fixture *f = fixture_new();
    gint64 lost = add_row(f, "lost", OUT_QUEUED, "mail"), sum = 0;
    gint64 queued = add_row(f, "queued", OUT_QUEUED, "mail");
    fixture_begin(f);
    outbox_set_state(f->db, lost, OUT_SENDING);
    fixture_commit(f);
    ck_assert_int_eq(outbox_next(f->db, "mail", clock_now()), queued);
    for (int twice = 0; twice < 2; twice++) {
        fixture_begin(f);
        outbox_recover(f->db, count_one, &sum);
        fixture_commit(f);
    }
    ck_assert_int_eq(sum, lost);
    ck_assert_int_eq(state_of(f, lost), OUT_UNCERTAIN);
    ck_assert_int_eq(state_of(f, queued), OUT_QUEUED);
    fixture_free(f);
}
END_TEST

START_TEST(only_what_has_not_left_is_cancelled)
{
    struct fixture *f = fixture_new();
    static const enum outbox_state states[] = { OUT_QUEUED, OUT_HELD,   OUT_DEFERRED, OUT_SENDING,
                                                OUT_SENT,   OUT_FAILED, OUT_UNCERTAIN };
    gint64 ids[G_N_ELEMENTS(states)];
    for (gsize i = 0; i < G_N_ELEMENTS(states); i++) {
        ids[i] = add_row(f, outbox_state_text(states[i]), OUT_QUEUED, "mail");
        fixture_begin(f);
        outbox_set_state(f->db, ids[i], states[i]);
        fixture_commit(f);
    }
    fixture_begin(f);
    outbox_cancel(f->db, "receipt", 0, 0, "别的");
    outbox_cancel(f->db, "reminder", 0, f->units[WTJ], "别人的");
    outbox_cancel(f->db, "reminder", 0, f->units[JYJ], "已反馈");
    fixture_commit(f);
    for (gsize i = 0; i < G_N_ELEMENTS(states); i++)
        ck_assert_int_eq(state_of(f, ids[i]), i < 3 ? OUT_CANCELLED : states[i]);
    fixture_free(f);
}
END_TEST

START_TEST(held_rows_are_released_together)
{
    struct fixture *f = fixture_new();
    add_row(f, "a", OUT_HELD, "mail");
    add_row(f, "b", OUT_HELD, "wecom");
    add_row(f, "c", OUT_QUEUED, "mail");
    ck_assert_int_eq(outbox_next(f->db, "wecom", clock_now()), 0);
    fixture_begin(f);
    ck_assert_int_eq(outbox_release_held(f->db), 2);
    fixture_commit(f);
    ck_assert_int_eq(outbox_count(f->db, OUT_QUEUED, 0), 3);
    ck_assert_int_eq(outbox_count(f->db, OUT_HELD, 0), 0);
    fixture_free(f);
}
END_TEST

START_TEST(each_recipient_has_its_own_answer)
{
    struct fixture *f = fixture_new();
    gint64 id = add_row(f, "a", OUT_QUEUED, "mail");
    fixture_begin(f);
    recipient_set(f->db, id, "b@jyj.example", "refused", "550 no such user");
    recipients_accept(f->db, id);
    fixture_commit(f);
    ck_assert_int_eq(recipient_count(f->db, id, "accepted"), 1);
    ck_assert_int_eq(recipient_count(f->db, id, "refused"), 1);
    ck_assert_int_eq(recipient_count(f->db, id, "waiting"), 0);
    ck_assert_int_eq(outbox_by_recipient(f->db, "A@jyj.example"), id);
    ck_assert_int_eq(outbox_by_recipient(f->db, "b@jyj.example"), 0);
    fixture_free(f);
}
END_TEST

START_TEST(the_last_reminder_is_the_last_that_was_accepted)
{
    struct fixture *f = fixture_new();
    gint64 unit = f->units[JYJ], sent_at = clock_now();
    fixture_begin(f);
    gint64 matter = f->matter = fixture_draft(f, FALSE);
    fixture_commit(f);
    gint64 one = add_row(f, "a", OUT_QUEUED, "mail");
    ck_assert_int_eq(outbox_last_sent(f->db, "reminder", matter, unit), 0);
    set_result(f, one, OUT_SENT, 0);
    clock_fix(sent_at + 3600);
    gint64 two = add_row(f, "b", OUT_QUEUED, "mail");
    ck_assert_int_eq(outbox_newest(f->db, "reminder", matter, unit), two);
    ck_assert_int_eq(outbox_newest(f->db, "reminder", matter, f->units[WTJ]), 0);
    set_result(f, two, OUT_FAILED, 0);
    ck_assert_int_eq(outbox_last_sent(f->db, "reminder", matter, unit), sent_at);
    ck_assert_int_eq(outbox_last_sent(f->db, "notice", matter, unit), 0);
    fixture_free(f);
}
END_TEST

START_TEST(automatic_answers_to_an_address_are_counted)
{
    struct fixture *f = fixture_new();
    gint64 now = clock_now();
    add_row(f, "a", OUT_QUEUED, "mail");
    ck_assert_int_eq(outbox_answers_to(f->db, "a@jyj.example", now), 0);
    f->kind = "receipt";
    add_row(f, "b", OUT_QUEUED, "mail");
    ck_assert_int_eq(outbox_answers_to(f->db, "A@JYJ.example", now), 1);
    ck_assert_int_eq(outbox_answers_to(f->db, "c@jyj.example", now), 0);
    ck_assert_int_eq(outbox_answers_to(f->db, "a@jyj.example", now + 1), 0);
    fixture_free(f);
}
END_TEST

TEST_MAIN("db/outbox", a_key_is_taken_once, a_row_is_read_as_it_was_written,
          the_next_is_the_oldest_of_its_channel_that_may_leave,
          what_a_dead_process_left_sending_is_uncertain, only_what_has_not_left_is_cancelled,
          held_rows_are_released_together, each_recipient_has_its_own_answer,
          the_last_reminder_is_the_last_that_was_accepted,
          automatic_answers_to_an_address_are_counted)
