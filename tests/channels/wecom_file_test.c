/* Texts that mention people, and files: the bytes on the wire, and what a failure means. */
#include "web.h"
#include <fcntl.h>
#include <sys/mman.h>

#define GIVEN(id) \
    OK200 "{\"errcode\":0,\"errmsg\":\"ok\",\"type\":\"file\",\"media_id\":\"" id \
          "\",\"created_at\":\"1380000000\"}"
#define OK OK200 "{\"errcode\":0,\"errmsg\":\"ok\"}"
#define FAILS(code) OK200 "{\"errcode\":" #code ",\"errmsg\":\"no " KEY "\"}"
#define UPLOAD "POST /cgi-bin/webhook/upload_media?key=" KEY "&type=file HTTP/1.1\n"
#define SEND "POST /cgi-bin/webhook/send?key=" KEY " HTTP/1.1\n"

static int file_of(const char *bytes, gsize n)
{
    int fd = memfd_create("file", MFD_CLOEXEC);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, bytes, n), (ssize_t)n);
    return fd;
}

static struct delivery send_parcel(struct sender *sender, const struct parcel *parcel)
{
    struct delivery out;
    sender->send(sender, parcel, &out);
    ck_assert_ptr_nonnull(out.reply);
    ck_assert_ptr_null(strstr(out.reply, KEY));
    return out;
}

static guint times_heard(const struct scene *scene, const char *line)
{
    g_auto(GStrv) pieces = g_strsplit(scene->peer.heard->str, line, -1);
    return g_strv_length(pieces) - 1;
}

static const struct {
    struct parcel parcel;
    const char *body;
} texts[] = {
    { { .text = "请“教育局”尽快报送\n谢谢" },
      "{\"msgtype\":\"text\",\"text\":{\"content\":\"请“教育局”尽快报送\\n谢谢\"}}" },
    { { .text = "催办",
        .mentioned = (const char *const[]){ "zhang", "@all", NULL },
        .mentioned_mobiles = (const char *const[]){ "10000000000", NULL } },
      "{\"msgtype\":\"text\",\"text\":{\"content\":\"催办\",\"mentioned_list\":[\"zhang\",\"@all\"]"
      ","
      "\"mentioned_mobile_list\":[\"10000000000\"]}}" },
    { { .text = "催办", .mentioned = (const char *const[]){ NULL } },
      "{\"msgtype\":\"text\",\"text\":{\"content\":\"催办\"}}" },
};

START_TEST(a_text_mentions_whom_it_names)
{
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        const struct row rows[] = { { "ANSWER", OK }, { NULL, NULL } };
        struct scene scene = { .peer = { .serve = http_serve }, PATIENT };
        scene_open(&scene, rows, SECURITY_NONE, NULL);
        struct sender *sender = robot(&scene, "http");
        struct delivery out = send_parcel(sender, &texts[i].parcel);
        ck_assert_int_eq(out.outcome, OUTCOME_SENT);
        delivery_clear(&out);
        sender->close(sender);
        const char *body = strstr(scene.peer.heard->str, "\n\n");
        ck_assert_ptr_nonnull(body);
        g_autofree char *expected = g_strdup_printf("\n\n%s\n", texts[i].body);
        ck_assert_str_eq(body, expected);
        peer_stop(&scene.peer);
    }
}
END_TEST

START_TEST(a_file_is_uploaded_and_then_named_by_its_media_id)
{
    const struct row rows[] = { { "ANSWER", GIVEN("3a8a-ok_1") },
                                { "ANSWER", OK },
                                { NULL, NULL } };
    struct pki *pki = pki_new("127.0.0.1");
    struct scene scene = { .peer = { .serve = http_serve }, PATIENT };
    scene_open(&scene, rows, SECURITY_TLS, pki);
    struct sender *sender = robot(&scene, "https");
    int fd = file_of("序号,单位\r\n1,教育局\r\n", strlen("序号,单位\r\n1,教育局\r\n"));
    struct parcel parcel = { .fd = fd, .file_name = "甲/意见\"汇总\"表 (1).csv" };
    struct delivery out = send_parcel(sender, &parcel);
    ck_assert_int_eq(out.outcome, OUTCOME_SENT);
    delivery_clear(&out);
    close(fd);
    sender->close(sender);
    const char *heard = scene.peer.heard->str;
    ck_assert(g_str_has_prefix(heard, UPLOAD));
    ck_assert_ptr_nonnull(strstr(heard, "\nContent-Length: "));
    ck_assert_ptr_nonnull(strstr(heard, "\nContent-Type: multipart/form-data; boundary="));
    ck_assert_ptr_nonnull(strstr(heard, "\r\nContent-Disposition: form-data; name=\"media\"; "
                                        "filename=\"意见_汇总_表 (1).csv\"\r\n"
                                        "Content-Type: application/octet-stream\r\n\r\n"
                                        "序号,单位\r\n1,教育局\r\n\r\n--"));
    ck_assert_ptr_null(strstr(heard, "filename*"));
    ck_assert_ptr_null(strstr(heard, "Expect"));
    const char *push = strstr(heard, SEND);
    ck_assert_ptr_nonnull(push);
    ck_assert(g_str_has_suffix(push, "\n\n{\"msgtype\":\"file\",\"file\":{\"media_id\":"
                                     "\"3a8a-ok_1\"}}\n"));
    peer_stop(&scene.peer);
    pki_free(pki);
}
END_TEST

START_TEST(a_file_of_twenty_megabytes_goes_out_whole_and_one_byte_more_does_not)
{
    enum { MOST = 20 * 1024 * 1024 };
    const struct row rows[] = { { "ANSWER", GIVEN("big") }, { "ANSWER", OK }, { NULL, NULL } };
    struct scene scene = { .peer = { .serve = http_serve }, PATIENT };
    scene_open(&scene, rows, SECURITY_NONE, NULL);
    struct sender *sender = robot(&scene, "http");
    g_autofree char *bytes = g_strnfill(MOST + 1, 'x');
    const gsize refused[] = { 0, 5, MOST + 1 };
    for (guint i = 0; i < G_N_ELEMENTS(refused); i++) {
        int fd = file_of(bytes, refused[i]);
        struct parcel parcel = { .fd = fd, .file_name = "a.zip" };
        struct delivery out = send_parcel(sender, &parcel);
        ck_assert_int_eq(out.outcome, OUTCOME_FAILED);
        ck_assert_ptr_nonnull(strstr(out.reply, "文件"));
        delivery_clear(&out);
        close(fd);
    }
    int fd = file_of(bytes, MOST);
    struct parcel parcel = { .fd = fd, .file_name = "a.zip" };
    struct delivery out = send_parcel(sender, &parcel);
    ck_assert_int_eq(out.outcome, OUTCOME_SENT);
    delivery_clear(&out);
    close(fd);
    sender->close(sender);
    ck_assert_int_eq(scene.peer.connections, 2);
    ck_assert_uint_gt(scene.peer.heard->len, MOST);
    ck_assert_uint_lt(scene.peer.heard->len, MOST + 2000);
    peer_stop(&scene.peer);
}
END_TEST

static const struct {
    const char *answers[4];
    enum outcome outcome;
    int code, retry_after;
    const char *reply;
    guint uploads, pushes;
} failures[] = {
    { { GIVEN("a"), FAILS(40007), GIVEN("b"), OK }, OUTCOME_SENT, 0, 0, "ok", 2, 2 },
    { { GIVEN("a"), FAILS(40007), GIVEN("b"), FAILS(40007) },
      OUTCOME_FAILED,
      40007,
      0,
      "***",
      2,
      2 },
    { { GIVEN("a"), FAILS(45009) }, OUTCOME_DEFERRED, 45009, 65, "45009", 1, 1 },
    { { GIVEN("a"), "<die>" }, OUTCOME_UNCERTAIN, 0, 0, "中断", 1, 1 },
    { { FAILS(45009) }, OUTCOME_DEFERRED, 45009, 65, "上传文件：errcode 45009", 1, 0 },
    { { FAILS(40006) }, OUTCOME_FAILED, 40006, 0, "上传文件", 1, 0 },
    { { FAILS(93000) }, OUTCOME_STOPPED, 93000, 3600, "上传文件", 1, 0 },
    { { OK }, OUTCOME_DEFERRED, 0, 60, "media_id", 1, 0 },
    { { "<die>" }, OUTCOME_DEFERRED, 0, 60, "上传文件：连接中断", 1, 0 },
    { { OK200 "<html>portal</html>" }, OUTCOME_DEFERRED, 0, 60, "上传文件", 1, 0 },
    { { "HTTP/1.1 502 Bad\r\nContent-Length: 0\r\n\r\n" }, OUTCOME_DEFERRED, 0, 60, "502", 1, 0 },
};

START_TEST(a_failed_upload_was_seen_by_nobody_and_a_failed_push_may_have_been)
{
    int fd = file_of("123456", 6);
    for (guint i = 0; i < G_N_ELEMENTS(failures); i++) {
        struct row rows[5] = { 0 };
        for (guint j = 0; j < 4 && failures[i].answers[j] != NULL; j++)
            rows[j] = (struct row){ "ANSWER", failures[i].answers[j] };
        struct scene scene = { .peer = { .serve = http_serve }, PATIENT };
        scene_open(&scene, rows, SECURITY_NONE, NULL);
        struct sender *sender = robot(&scene, "http");
        struct parcel parcel = { .fd = fd, .file_name = "a.txt" };
        struct delivery out = send_parcel(sender, &parcel);
        if (out.outcome != failures[i].outcome || out.code != failures[i].code ||
            out.retry_after != failures[i].retry_after ||
            strstr(out.reply, failures[i].reply) == NULL)
            ck_abort_msg("case %u: %s %d %s %d", i, outcome_text(out.outcome), out.code, out.reply,
                         out.retry_after);
        delivery_clear(&out);
        sender->close(sender);
        ck_assert_uint_eq(times_heard(&scene, UPLOAD), failures[i].uploads);
        ck_assert_uint_eq(times_heard(&scene, SEND), failures[i].pushes);
        peer_stop(&scene.peer);
    }
    close(fd);
}
END_TEST

START_TEST(a_parcel_that_wecom_would_not_take_never_leaves)
{
    static const char *const somebody[] = { "zhang", NULL }, *const garbled[] = { "\xb2\xdd",
                                                                                  NULL };
    g_autofree char *long_text = g_strnfill(2049, 'x');
    int fd = file_of("123456", 6), gone = open("/dev/null", O_RDONLY | O_CLOEXEC);
    const struct parcel parcels[] = {
        { .fd = -1, .text = "" },
        { .fd = -1, .text = long_text },
        { .fd = -1, .text = "\xb2\xdd" },
        { .fd = -1, .text = "a", .mentioned = garbled },
        { .fd = -1, .text = "a", .mentioned_mobiles = garbled },
        { .fd = -1, .text = "a", .markdown = "b" },
        { .fd = -1, .markdown = "a", .mentioned = somebody },
        { .fd = fd, .file_name = "a.txt", .mentioned = somebody },
        { .fd = fd, .file_name = "a.txt", .markdown = "a" },
        { .fd = -1, .file_name = "a.txt" },
        { .fd = gone, .file_name = "a.txt" },
        { .fd = fd },
    };
    struct scene scene = { .peer = { .serve = http_serve }, PATIENT };
    scene_open(&scene, NULL, SECURITY_NONE, NULL);
    struct sender *sender = robot(&scene, "http");
    for (guint i = 0; i < G_N_ELEMENTS(parcels); i++) {
        struct delivery out = send_parcel(sender, &parcels[i]);
        ck_assert_msg(out.outcome == OUTCOME_FAILED, "parcel %u: %s", i, out.reply);
        delivery_clear(&out);
    }
    sender->close(sender);
    g_autofree char *url = g_strdup_printf("http://127.0.0.1:%d/hook?key=" KEY, scene.peer.port);
    sender = wecom_sender(url, NULL, 1);
    struct parcel parcel = { .fd = fd, .file_name = "a.txt" };
    struct delivery out = send_parcel(sender, &parcel);
    ck_assert_int_eq(out.outcome, OUTCOME_FAILED);
    ck_assert_ptr_nonnull(strstr(out.reply, "/send"));
    delivery_clear(&out);
    sender->close(sender);
    ck_assert_int_eq(scene.peer.connections, 0);
    peer_stop(&scene.peer);
    close(fd);
    close(gone);
}
END_TEST

TEST_MAIN("channels/wecom_file", a_text_mentions_whom_it_names,
          a_file_is_uploaded_and_then_named_by_its_media_id,
          a_file_of_twenty_megabytes_goes_out_whole_and_one_byte_more_does_not,
          a_failed_upload_was_seen_by_nobody_and_a_failed_push_may_have_been,
          a_parcel_that_wecom_would_not_take_never_leaves)
