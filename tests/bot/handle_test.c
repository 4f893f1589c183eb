/* The handle stage: every stored message is filed or put before a person, none holds up another. */
#include "scene.h"

static struct message *message_of(struct fixture *f, gint64 id)
{
    struct message *m = message_get(f->db, id);
    ck_assert_ptr_nonnull(m);
    return m;
}

static void count_attempts(struct fixture *f, gint64 id, int n)
{
    fixture_begin(f);
    for (int i = 0; i < n; i++)
        message_count_attempt(f->db, id);
    fixture_commit(f);
}

static void check_message(struct fixture *f, gint64 id, enum message_state state,
                          const char *verdict)
{
    struct message *m = message_of(f, id);
    ck_assert_msg(m->state == state, "#%d: state %d (%s)", (int)id, m->state, m->reason);
    ck_assert_str_eq(m->verdict, verdict);
    message_free(m);
}

START_TEST(a_message_that_failed_twice_is_put_before_a_person_unparsed)
{
    struct fixture *f = fixture_new();
    struct bot *bot = scene_bot(f, "");
    gint64 fatal = fixture_store(f, "Subject: 1\r\n\r\nx\r\n", 1);
    gint64 once = fixture_store(f, "Subject: 2\r\n\r\nx\r\n", 2);
    gint64 fresh = fixture_store(f, "Subject: 3\r\n\r\nx\r\n", 3);
    count_attempts(f, fatal, 2);
    count_attempts(f, once, 1);
    ck_assert_int_eq(handle(bot), STAGE_WORKED);
    check_message(f, fatal, MESSAGE_UNPARSED, "review");
    check_message(f, once, MESSAGE_HANDLED, "review");
    check_message(f, fresh, MESSAGE_HANDLED, "review");
    struct message *m = message_of(f, fatal);
    ck_assert_ptr_null(m->subject);
    message_free(m);
    ck_assert_int_eq(review_count(f->db, 0), 3);
    ck_assert_int_eq(handle(bot), STAGE_IDLE);
    bot_close(bot);
    fixture_free(f);
}
END_TEST

START_TEST(an_attempt_is_counted)
{
    struct fixture *f = fixture_new();
    struct bot *bot = scene_bot(f, "");
    gint64 id = fixture_store(f, "Subject: 1\r\n\r\nx\r\n", 1);
    handle(bot);
    struct message *m = message_of(f, id);
    ck_assert_int_eq(m->attempts, 1);
    message_free(m);
    bot_close(bot);
    fixture_free(f);
}
END_TEST

START_TEST(bytes_that_are_gone_or_no_mail_hold_up_nothing)
{
    struct fixture *f = fixture_new();
    struct bot *bot = scene_bot(f, "");
    g_autofree char *large = g_strnfill(RAW_ROW_MAX + 1, 'x');
    gint64 gone = fixture_store(f, large, 1);
    struct message *m = message_of(f, gone);
    g_autofree char *path = raw_path(f->db, m->sha256);
    message_free(m);
    ck_assert_int_eq(g_remove(path), 0);
    g_autofree char *colons = g_strnfill(5000, ':');
    g_autofree char *hostile = g_strconcat("To: ", colons, "\r\n\r\nx\r\n", NULL);
    gint64 noise = fixture_store(f, "\x01\x02\xff", 2), deadly = fixture_store(f, hostile, 3);
    gint64 good = fixture_store(f, "From: x@stranger.example\r\nSubject: 1\r\n\r\nx\r\n", 4);
    ck_assert_int_ne(handle(bot), STAGE_IDLE);
    check_message(f, gone, MESSAGE_UNPARSED, "review");
    check_message(f, noise, MESSAGE_HANDLED, "review");
    m = message_of(f, deadly);
    ck_assert_str_eq(m->verdict, "review");
    message_free(m);
    check_message(f, good, MESSAGE_HANDLED, "review");
    ck_assert_int_eq(review_count(f->db, 0), 4);
    ck_assert_int_eq(message_count_waiting(f->db), 0);
    bot_close(bot);
    fixture_free(f);
}
END_TEST

START_TEST(a_whole_mailbox_is_handled_in_one_go)
{
    struct fixture *f = fixture_new();
    struct bot *bot = scene_bot(f, "");
    enum { MANY = 450 };
    fixture_begin(f);
    for (guint32 uid = 1; uid <= MANY; uid++) {
        gint64 id;
        g_autofree char *bytes = g_strdup_printf("Subject: %u\r\n\r\nbody\r\n", uid);
        g_autofree char *sha256 = raw_file(f->db, bytes, strlen(bytes), NULL);
        raw_row(f->db, sha256, bytes, strlen(bytes));
        message_store(f->db, &(struct arrival){ "INBOX", 7, uid }, sha256, 1, FALSE, &id);
    }
    fixture_commit(f);
    ck_assert_int_eq(handle(bot), STAGE_WORKED);
    ck_assert_int_eq(message_count_waiting(f->db), 0);
    ck_assert_int_eq(review_count(f->db, 0), MANY);
    GArray *all = message_list(f->db, FALSE);
    for (guint i = 0; i < all->len; i++)
        check_message(f, g_array_index(all, gint64, i), MESSAGE_HANDLED, "review");
    g_array_unref(all);
    bot_close(bot);
    fixture_free(f);
}
END_TEST

START_TEST(only_what_was_parsed_counts_as_tried)
{
    struct fixture *f = fixture_new();
    struct bot *bot = scene_bot(f, "");
    g_autoptr(GString) body = g_string_new(NULL);
    while (body->len < RAW_ROW_MAX - 4096)
        g_string_append(body, "<p>建议<b>修改</b>第三条</p>\r\n");
    fixture_begin(f);
    /* More than a batch's 100 ms can take. */
    for (guint32 uid = 1; uid <= 40; uid++) {
        gint64 id;
        g_autofree char *bytes = g_strdup_printf(
            "Subject: %u\r\nContent-Type: text/html; charset=utf-8\r\n\r\n%s", uid, body->str);
        g_autofree char *sha256 = raw_file(f->db, bytes, strlen(bytes), NULL);
        raw_row(f->db, sha256, bytes, strlen(bytes));
        message_store(f->db, &(struct arrival){ "INBOX", 7, uid }, sha256, 1, FALSE, &id);
    }
    fixture_commit(f);
    ck_assert_int_eq(handle(bot), STAGE_WORKED);
    GArray *all = message_list(f->db, FALSE);
    ck_assert_uint_eq(all->len, 40);
    for (guint i = 0; i < all->len; i++) {
        struct message *m = message_of(f, g_array_index(all, gint64, i));
        ck_assert_msg(m->attempts == 1, "#%d was tried %d times", (int)m->id, m->attempts);
        message_free(m);
    }
    g_array_unref(all);
    bot_close(bot);
    fixture_free(f);
}
END_TEST

TEST_MAIN("bot/handle", a_message_that_failed_twice_is_put_before_a_person_unparsed,
          an_attempt_is_counted, bytes_that_are_gone_or_no_mail_hold_up_nothing,
          a_whole_mailbox_is_handled_in_one_go, only_what_was_parsed_counts_as_tried)
