/* Listing and fetching, from servers that tell the truth, repeat themselves, stall, lie or die. */
#include "scene.h"
#include <errno.h>
#include <fcntl.h>

/* The connection of one test with INBOX open. */
static struct imap *inbox(struct scene *scene, const struct row *rows)
{
    scene_open(scene, rows, SECURITY_NONE, NULL);
    struct imap *imap = imap_open(&scene->account, -1, NULL);
    struct imap_folder folder;
    ck_assert(imap_examine(imap, "INBOX", &folder, NULL));
    return imap;
}

#define ITEM(items, i) g_array_index(items, struct imap_item, i)

START_TEST(the_list_is_sorted_filtered_and_dated)
{
    const struct row rows[] = {
        { "UID FETCH 5:* (UID RFC822.SIZE INTERNALDATE)",
          "* 3 FETCH (UID 9 RFC822.SIZE 300 INTERNALDATE \"21-Jun-2019 17:59:59 +0800\")\r\n"
          "* 1 FETCH (UID 4 RFC822.SIZE 1 INTERNALDATE \"21-Jun-2019 00:00:00 +0000\")\r\n"
          "* 2 FETCH (INTERNALDATE \" 1-Jan-2020 00:00:00 -0330\" RFC822.SIZE 200 UID 5)\r\n"
          "* 2 FETCH (FLAGS (\\Seen) UID 5)\r\n"
          "* 3 FETCH (FLAGS (\\Seen \\Answered))\r\n"
          "* 3 FETCH (UID 9 RFC822.SIZE 300 INTERNALDATE \"21-Jun-2019 17:59:59 +0800\")\r\n"
          "* 4 EXISTS\r\nTAG OK done\r\n" },
        { NULL, NULL }
    };
    struct scene scene = { 0 };
    struct imap *imap = inbox(&scene, rows);
    GArray *items = imap_list(imap, 4, NULL);
    ck_assert_ptr_nonnull(items);
    ck_assert_uint_eq(items->len, 2);
    ck_assert_uint_eq(ITEM(items, 0).uid, 5);
    ck_assert_uint_eq(ITEM(items, 0).size, 200);
    ck_assert_int_eq(ITEM(items, 0).internaldate, 1577849400); /* 2020-01-01T03:30:00Z */
    ck_assert_uint_eq(ITEM(items, 1).uid, 9);
    ck_assert_uint_eq(ITEM(items, 1).size, 300);
    ck_assert_int_eq(ITEM(items, 1).internaldate, 1561111199); /* 2019-06-21T09:59:59Z */
    g_array_unref(items);
    imap_close(imap);
    peer_stop(&scene.peer);
}
END_TEST

START_TEST(an_empty_folder_is_not_asked)
{
    const struct row rows[] = { { "EXAMINE", "* 0 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n"
                                             "TAG OK done\r\n" },
                                { NULL, NULL } };
    struct scene scene = { 0 };
    struct imap *imap = inbox(&scene, rows);
    GArray *items = imap_list(imap, 0, NULL);
    ck_assert_uint_eq(items->len, 0);
    g_array_unref(items);
    imap_close(imap);
    ck_assert_ptr_null(strstr(scene.peer.heard->str, "FETCH"));
    peer_stop(&scene.peer);
}
END_TEST

START_TEST(a_hundred_thousand_messages_are_listed)
{
    enum { N = 100000 };
    GString *answer = g_string_new(NULL);
    for (int i = 1; i <= N; i++)
        g_string_append_printf(answer,
                               "* %d FETCH (UID %d RFC822.SIZE 4096 INTERNALDATE "
                               "\"21-Jun-2019 17:59:59 +0800\")\r\n",
                               i, i + 1390000000);
    g_string_append(answer, "TAG OK done\r\n");
    const struct row rows[] = { { "EXAMINE", "* 100000 EXISTS\r\n* OK [UIDVALIDITY 1] ok\r\n"
                                             "TAG OK done\r\n" },
                                { "UID FETCH", answer->str },
                                { NULL, NULL } };
    struct scene scene = { 0 };
    struct imap *imap = inbox(&scene, rows);
    GArray *items = imap_list(imap, 0, NULL);
    ck_assert_ptr_nonnull(items);
    ck_assert_uint_eq(items->len, N);
    ck_assert_uint_eq(ITEM(items, N - 1).uid, N + 1390000000);
    g_array_unref(items);
    imap_close(imap);
    peer_stop(&scene.peer);
    g_string_free(answer, TRUE);
}
END_TEST

/* What came: "uid:bytes;" for each message. */
static gboolean note(void *context, const struct imap_item *item, const char *bytes, gsize n,
                     GError **error)
{
    g_string_append_printf(context, "%u:%.*s;", item->uid, (int)n, bytes);
    return TRUE;
}

static gboolean stop(void *context, const struct imap_item *item, const char *bytes, gsize n,
                     GError **error)
{
    ++*(int *)context;
    return fault_set(error, FAULT_WORLD, "磁盘满了");
}

static const struct imap_item wanted[] = { { 4, 3, 0 }, { 5, 3, 0 }, { 6, 3, 0 }, { 9, 3, 0 } };

#define BODY(n, uid, text) "* " #n " FETCH (UID " #uid " BODY[] {3}\r\n" text ")\r\n"

START_TEST(messages_arrive_once_each_and_a_vanished_one_is_absent)
{
    const struct row rows[] = {
        { "UID FETCH 4:6,9 (UID BODY.PEEK[])",
          BODY(1, 4, "a\r\n") "* 2 FETCH (FLAGS (\\Seen))\r\n" BODY(1, 4, "a\r\n")
              BODY(7, 70, "xxx") "* 3 FETCH (UID 6 BODY[] \"c\\\"c\")\r\n"
                                 "* 9 FETCH (UID 9 BODY[] NIL)\r\nTAG OK done\r\n" },
        { NULL, NULL }
    };
    struct scene scene = { 0 };
    struct imap *imap = inbox(&scene, rows);
    g_autoptr(GString) came = g_string_new(NULL);
    ck_assert(imap_fetch(imap, wanted, 4, note, came, NULL));
    ck_assert_str_eq(came->str, "4:a\r\n;6:c\"c;");
    imap_close(imap);
    peer_stop(&scene.peer);
}
END_TEST

START_TEST(a_no_after_some_messages_is_no_success)
{
    const struct row rows[] = { { "UID FETCH", BODY(1, 4, "abc") "TAG NO [UNAVAILABLE] disk\r\n" },
                                { NULL, NULL } };
    struct scene scene = { 0 };
    struct imap *imap = inbox(&scene, rows);
    g_autoptr(GString) came = g_string_new(NULL);
    GError *error = NULL;
    ck_assert(!imap_fetch(imap, wanted, 4, note, came, &error));
    fails_with(&error, "disk");
    ck_assert_str_eq(came->str, "4:abc;");
    imap_close(imap);
    peer_stop(&scene.peer);
}
END_TEST

START_TEST(a_callback_that_stops_is_called_no_more)
{
    const struct row rows[] = { { "UID FETCH", BODY(1, 4, "abc") BODY(2, 5, "def")
                                                   BODY(3, 6, "ghi") "TAG OK done\r\n" },
                                { NULL, NULL } };
    struct scene scene = { 0 };
    struct imap *imap = inbox(&scene, rows);
    int calls = 0;
    GError *error = NULL;
    ck_assert(!imap_fetch(imap, wanted, 4, stop, &calls, &error));
    ck_assert_str_eq(error->message, "磁盘满了");
    ck_assert_int_eq(calls, 1);
    g_clear_error(&error);
    imap_close(imap);
    peer_stop(&scene.peer);
}
END_TEST

/* These break off in the middle of a message: what had come counts, the rest is an error in time.
 */
static const struct {
    const char *answer, *words;
    double seconds;
} broken[] = {
    { BODY(1, 4, "abc") "* 2 FETCH (UID 5 BODY[] {1000}\r\nhalf<die>", "断开", 0.5 },
    { BODY(1, 4, "abc") "* 2 FETCH (UID 5 BODY[] {1000}\r\nhalf<stall>", "超时", 1.5 },
    { BODY(1, 4, "abc") "* 2 FETCH (UID 5 BODY[] {x}\r\n", "取信失败", 1.5 },
    { BODY(1, 4, "abc") "TAG BAD syntax\r\n", "syntax", 0.5 },
};

START_TEST(a_broken_fetch_ends_in_time_and_so_does_its_close)
{
    for (guint i = 0; i < G_N_ELEMENTS(broken); i++) {
        const struct row rows[] = { { "UID FETCH", broken[i].answer }, { NULL, NULL } };
        struct scene scene = { 0 };
        struct imap *imap = inbox(&scene, rows);
        g_autoptr(GString) came = g_string_new(NULL);
        gint64 start = g_get_monotonic_time();
        GError *error = NULL;
        ck_assert(!imap_fetch(imap, wanted, 4, note, came, &error));
        fails_with(&error, broken[i].words);
        ck_assert_str_eq(came->str, "4:abc;");
        imap_close(imap);
        ck_assert_double_lt(seconds_since(start), broken[i].seconds);
        peer_stop(&scene.peer);
    }
}
END_TEST

/* Sends a byte now and then, for ever. */
static void drip(struct peer *peer)
{
    peer_answer(peer, "", "* OK ");
    for (int i = 0; i < 100 && !g_atomic_int_get(&peer->stopping); i++) {
        peer_say(peer, "x", 1);
        g_usleep(200000);
    }
}

START_TEST(a_dripping_server_cannot_hold_us)
{
    struct scene scene = { .peer = { .serve = drip } };
    scene_open(&scene, NULL, SECURITY_NONE, NULL);
    gint64 start = g_get_monotonic_time();
    GError *error = NULL;
    ck_assert_ptr_null(imap_open(&scene.account, -1, &error));
    fails_with(&error, "超时");
    ck_assert_double_gt(seconds_since(start), 3.5);
    ck_assert_double_lt(seconds_since(start), 4.5);
    peer_stop(&scene.peer);
}
END_TEST

START_TEST(a_server_that_sends_far_more_than_it_listed_is_cut_off)
{
    GString *answer = g_string_new("* 1 FETCH (UID 4 BODY[] {4294967295}\r\n");
    gsize start = answer->len;
    g_string_set_size(answer, start + 4 * 1024 * 1024);
    memset(answer->str + start, 'x', 4 * 1024 * 1024);
    const struct row rows[] = { { "UID FETCH", answer->str }, { NULL, NULL } };
    struct scene scene = { PATIENT };
    struct imap *imap = inbox(&scene, rows);
    g_autoptr(GString) came = g_string_new(NULL);
    GError *error = NULL;
    ck_assert(!imap_fetch(imap, wanted, 4, note, came, &error));
    fails_with(&error, "远多于应有的");
    ck_assert_str_eq(came->str, "");
    imap_close(imap);
    peer_stop(&scene.peer);
    g_string_free(answer, TRUE);
}
END_TEST

static int scratch_file(void)
{
    g_autofree char *name = NULL;
    int fd = g_file_open_tmp("fetch-XXXXXX", &name, NULL);
    g_unlink(name);
    return fd;
}

START_TEST(one_big_message_goes_to_a_file_in_pieces)
{
    enum { N = 3000000 };
    GString *answer = g_string_new("* 1 FETCH (UID 4 BODY[] {3000000}\r\n");
    for (int i = 0; i < N / 10; i++)
        g_string_append_printf(answer, "%08d\r\n", i);
    g_string_append(answer, ")\r\nTAG OK done\r\n");
    const struct row rows[] = { { "RFC822.SIZE", "* 1 FETCH (UID 4 RFC822.SIZE 3000000)\r\n"
                                                 "TAG OK done\r\n" },
                                { "BODY.PEEK[]", answer->str },
                                { NULL, NULL } };
    struct scene scene = { 0 };
    struct imap *imap = inbox(&scene, rows);
    int fd = scratch_file();
    gint64 size = -1;
    ck_assert(imap_fetch_to(imap, 4, fd, &size, NULL));
    ck_assert_int_eq(size, N);
    char tail[11] = "";
    ck_assert_int_eq(pread(fd, tail, 10, N - 10), 10);
    ck_assert_str_eq(tail, "00299999\r\n");
    ck_assert_int_eq(lseek(fd, 0, SEEK_END), N);
    ck_assert(imap_fetch_to(imap, 5, fd, &size, NULL) == FALSE); /* default: BAD */
    imap_close(imap);
    close(fd);
    peer_stop(&scene.peer);
    g_string_free(answer, TRUE);
}
END_TEST

START_TEST(a_vanished_big_message_has_no_size)
{
    const struct row rows[] = { { "RFC822.SIZE", "TAG OK done\r\n" }, { NULL, NULL } };
    struct scene scene = { 0 };
    struct imap *imap = inbox(&scene, rows);
    gint64 size = -1;
    ck_assert(imap_fetch_to(imap, 4, 1, &size, NULL));
    ck_assert_int_eq(size, 0);
    imap_close(imap);
    peer_stop(&scene.peer);
}
END_TEST

START_TEST(a_full_disk_is_the_cause_that_is_named)
{
    const struct row rows[] = { { "RFC822.SIZE", "* 1 FETCH (UID 4 RFC822.SIZE 3)\r\n"
                                                 "TAG OK done\r\n" },
                                { "BODY.PEEK[]", BODY(1, 4, "abc") "TAG OK done\r\n" },
                                { NULL, NULL } };
    struct scene scene = { 0 };
    struct imap *imap = inbox(&scene, rows);
    int full = open("/dev/full", O_WRONLY);
    gint64 size = -1;
    GError *error = NULL;
    ck_assert(!imap_fetch_to(imap, 4, full, &size, &error));
    fails_with(&error, g_strerror(ENOSPC));
    imap_close(imap);
    close(full);
    peer_stop(&scene.peer);
}
END_TEST

TEST_MAIN("channels/imap_fetch", the_list_is_sorted_filtered_and_dated,
          an_empty_folder_is_not_asked, a_hundred_thousand_messages_are_listed,
          messages_arrive_once_each_and_a_vanished_one_is_absent,
          a_no_after_some_messages_is_no_success, a_callback_that_stops_is_called_no_more,
          a_broken_fetch_ends_in_time_and_so_does_its_close, a_dripping_server_cannot_hold_us,
          a_server_that_sends_far_more_than_it_listed_is_cut_off,
          one_big_message_goes_to_a_file_in_pieces, a_vanished_big_message_has_no_size,
          a_full_disk_is_the_cause_that_is_named)
