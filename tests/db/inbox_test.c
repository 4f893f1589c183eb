/* The inbox: the cursor of a folder, one row an arrival, each message's bytes once. */
#include "office.h"

static const char letter[] = "From: a@jyj.example\r\nSubject: a\r\n\r\nbody\r\n";

START_TEST(a_folder_keeps_its_cursor)
{
    struct fixture *f = fixture_bare();
    struct folder folder;
    const char *const both[] = { "INBOX", "垃圾邮件", NULL };
    ck_assert(!folder_get(f->db, "INBOX", &folder));
    fixture_begin(f);
    folder_set(f->db, "INBOX", &(struct folder){ 4294967295u, 4294967294u, 3, 100, 50 });
    fixture_commit(f);
    ck_assert(folder_get(f->db, "INBOX", &folder));
    ck_assert_uint_eq(folder.uidvalidity, 4294967295u);
    ck_assert_uint_eq(folder.last_uid, 4294967294u);
    ck_assert_int_eq(folder.read_at, 100);
    ck_assert_int_eq(folder.swept_at, 50);
    ck_assert_int_eq(folders_read_at(f->db, both), 0);
    fixture_begin(f);
    folder_set(f->db, "垃圾邮件", &(struct folder){ 1, 1, 1, 90, 0 });
    folder_set(f->db, "INBOX", &(struct folder){ 8, 1, 1, 120, 0 });
    fixture_commit(f);
    ck_assert_int_eq(folders_read_at(f->db, both), 90);
    ck_assert(folder_get(f->db, "INBOX", &folder));
    ck_assert_uint_eq(folder.uidvalidity, 8);
    fixture_free(f);
}
END_TEST

START_TEST(the_same_bytes_under_another_uid_are_a_duplicate)
{
    struct fixture *f = fixture_bare();
    gint64 from = clock_now(), until = from + 60;
    gint64 first = fixture_store(f, letter, 1), again = fixture_store(f, letter, 2);
    gint64 other = fixture_store(f, "Subject: b\r\n\r\n", 3);
    ck_assert_int_eq(first, again);
    ck_assert_int_ne(first, other);
    fixture_begin(f);
    arrival_refused(f->db, &(struct arrival){ "INBOX", 7, 4 }, "太大");
    fixture_commit(f);
    ck_assert_int_eq(arrival_count(f->db, "stored", from, until), 2);
    ck_assert_int_eq(arrival_count(f->db, "duplicate", from, until), 1);
    ck_assert_int_eq(arrival_count(f->db, "refused", from, until), 1);
    ck_assert_int_eq(arrival_count(f->db, "stored", until, until + 60), 0);
    for (guint32 uid = 1; uid <= 5; uid++)
        ck_assert_int_eq(arrival_known(f->db, &(struct arrival){ "INBOX", 7, uid }), uid <= 4);
    ck_assert(!arrival_known(f->db, &(struct arrival){ "INBOX", 8, 1 }));
    ck_assert(!arrival_known(f->db, &(struct arrival){ "Junk", 7, 1 }));
    fixture_free(f);
}
END_TEST

START_TEST(message_store_says_whether_the_message_is_new)
{
    struct fixture *f = fixture_bare();
    g_autofree char *sha256 = raw_file(f->db, letter, strlen(letter), NULL);
    struct arrival one = { "INBOX", 7, 1 }, two = { "Junk", 7, 1 };
    gint64 a = 0, b = 0;
    fixture_begin(f);
    raw_row(f->db, sha256, letter, strlen(letter));
    ck_assert(message_store(f->db, &one, sha256, at("2019-06-18 10:00"), TRUE, &a));
    ck_assert(!message_store(f->db, &two, sha256, at("2019-06-19 10:00"), FALSE, &b));
    fixture_commit(f);
    ck_assert_int_eq(a, b);
    struct message *message = message_get(f->db, a);
    ck_assert_int_eq(message->received_at, at("2019-06-18 10:00"));
    ck_assert_int_eq(message->fetched_at, clock_now());
    ck_assert(message->history);
    ck_assert_int_eq(message->state, MESSAGE_STORED);
    ck_assert_int_eq(message->stance, -1);
    ck_assert_ptr_null(message->kind);
    ck_assert_ptr_null(message->verdict);
    message_free(message);
    ck_assert_ptr_null(message_get(f->db, a + 1));
    fixture_free(f);
}
END_TEST

static void check_waiting(struct fixture *f, int most, const gint64 *ids, guint n)
{
    GArray *waiting = message_waiting(f->db, most);
    ck_assert_uint_eq(waiting->len, n);
    for (guint i = 0; i < n; i++)
        ck_assert_int_eq(g_array_index(waiting, gint64, i), ids[i]);
    g_array_unref(waiting);
}

static void handled(struct fixture *f, gint64 id)
{
    struct message *message = message_get(f->db, id);
    message->state = MESSAGE_HANDLED;
    message->verdict = g_strdup("noted");
    fixture_begin(f);
    message_set_verdict(f->db, message);
    fixture_commit(f);
    message_free(message);
}

START_TEST(messages_wait_oldest_first_and_one_that_was_tried_comes_alone)
{
    struct fixture *f = fixture_bare();
    gint64 ids[] = { fixture_store(f, "Subject: 1\r\n\r\n", 1),
                     fixture_store(f, "Subject: 2\r\n\r\n", 2),
                     fixture_store(f, "Subject: 3\r\n\r\n", 3) };
    check_waiting(f, 10, ids, 3);
    check_waiting(f, 2, ids, 2);
    fixture_begin(f);
    message_count_attempt(f->db, ids[1]);
    fixture_commit(f);
    ck_assert_int_eq(message_count_waiting(f->db), 3);

    /* Until all are handled: none twice, none left, and the tried one never in company. */
    for (int round = 0; round < 3 && message_count_waiting(f->db) > 0; round++) {
        GArray *waiting = message_waiting(f->db, 10);
        ck_assert_uint_gt(waiting->len, 0);
        for (guint i = 0; i < waiting->len; i++) {
            gint64 id = g_array_index(waiting, gint64, i);
            ck_assert(id != ids[1] || waiting->len == 1);
            handled(f, id);
        }
        g_array_unref(waiting);
    }
    ck_assert_int_eq(message_count_waiting(f->db), 0);
    check_waiting(f, 10, ids, 0);
    fixture_free(f);
}
END_TEST

START_TEST(a_twin_has_the_same_message_id_and_the_same_content)
{
    struct fixture *f = fixture_bare();
    gint64 first = fixture_store(f, letter, 1), second = fixture_store(f, "X: 1\r\n\r\n", 2);
    struct message *message = message_get(f->db, first);
    message->message_id = g_strdup("1@jyj.example");
    message->subject = g_strdup("a");
    message->sender_name = g_strdup("联络员甲");
    message->sender = g_strdup("a@jyj.example");
    message->kind = g_strdup("person");
    fixture_begin(f);
    message_set_parsed(f->db, message, "print");
    fixture_commit(f);
    handled(f, first);
    ck_assert_int_eq(message_twin(f->db, second, "1@jyj.example", "print"), first);
    ck_assert_int_eq(message_twin(f->db, second, "1@jyj.example", "other"), 0);
    ck_assert_int_eq(message_twin(f->db, second, "2@jyj.example", "print"), 0);
    ck_assert_int_eq(message_twin(f->db, second, NULL, "print"), 0);
    ck_assert_int_eq(message_twin(f->db, first, "1@jyj.example", "print"), 0);
    message_free(message);
    message = message_get(f->db, first);
    ck_assert_str_eq(message->sender, "a@jyj.example");
    ck_assert_str_eq(message->kind, "person");
    message_free(message);
    fixture_free(f);
}
END_TEST

static void collect(void *context, const struct evidence *evidence)
{
    g_string_append_printf(context, "%s/%d/%s;", evidence->rule, evidence->weight, evidence->text);
}

static void collect_file(void *context, const struct attachment_row *row)
{
    g_string_append_printf(context, "%s/%d/%d;", row->filename, (int)row->size, row->is_inline);
}

START_TEST(evidence_and_attachments_keep_their_order)
{
    struct fixture *f = fixture_bare();
    gint64 id = fixture_store(f, letter, 1);
    g_autoptr(GString) text = g_string_new(NULL);
    fixture_begin(f);
    evidence_add(f->db, id, &(struct evidence){ "old", 1, "旧" });
    evidence_clear(f->db, id);
    evidence_add(f->db, id, &(struct evidence){ "token", 60, "LL1" });
    evidence_add(f->db, id, &(struct evidence){ "address", 40, "a@jyj.example" });
    attachment_add(f->db, id, &(struct attachment_row){ "b.doc", "a/b", "aa", 5, FALSE });
    attachment_add(f->db, id, &(struct attachment_row){ "a.png", "a/b", "bb", 6, TRUE });
    fixture_commit(f);
    evidence_each(f->db, id, collect, text);
    attachment_each(f->db, id, collect_file, text);
    ck_assert_str_eq(text->str, "token/60/LL1;address/40/a@jyj.example;b.doc/5/0;a.png/6/1;");
    fixture_free(f);
}
END_TEST

TEST_MAIN("db/inbox", a_folder_keeps_its_cursor, the_same_bytes_under_another_uid_are_a_duplicate,
          message_store_says_whether_the_message_is_new,
          messages_wait_oldest_first_and_one_that_was_tried_comes_alone,
          a_twin_has_the_same_message_id_and_the_same_content,
          evidence_and_attachments_keep_their_order)
