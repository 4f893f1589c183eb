/* What each answer of WeCom's robot means for the push, and that its key never shows. */
#include "channels/private.h"
#include "web.h"

static struct delivery push(struct sender *sender, const char *text)
{
    struct delivery out;
    struct parcel parcel = { .fd = -1, .markdown = text };
    sender->send(sender, &parcel, &out);
    ck_assert_ptr_nonnull(out.reply);
    ck_assert_ptr_null(strstr(out.reply, KEY));
    return out;
}

static const struct {
    const char *answer;
    enum outcome outcome;
    int code;
    const char *reply;
    int retry_after;
} cases[] = {
    { OK200 "{\"errcode\":0,\"errmsg\":\"ok\"}", OUTCOME_SENT, 0, "errcode 0：ok", 0 },
    { OK200 "{\"errcode\":45009,\"errmsg\":\"api freq out of limit\"}", OUTCOME_DEFERRED, 45009,
      "freq", 65 },
    { OK200 "{\"errcode\":-1,\"errmsg\":\"system busy\"}", OUTCOME_DEFERRED, -1, "busy", 60 },
    { OK200 "{\"errcode\":45033,\"errmsg\":\"x\"}", OUTCOME_DEFERRED, 45033, "45033", 30 },
    { OK200 "{\"errcode\":93000,\"errmsg\":\"invalid webhook url " KEY "\"}", OUTCOME_STOPPED,
      93000, "***", 3600 },
    { OK200 "{\"errcode\":93004,\"errmsg\":\"robot disabled\"}", OUTCOME_STOPPED, 93004, "disabled",
      3600 },
    { OK200 "{\"errcode\":40058,\"errmsg\":\"exceed max length\"}", OUTCOME_FAILED, 40058, "exceed",
      0 },
    { OK200 "{\"errcode\":777777}", OUTCOME_FAILED, 777777, "777777", 0 },
    { OK200 "<html>portal</html>", OUTCOME_UNCERTAIN, 0, "不是企业微信的格式", 0 },
    { OK200 "{\"errcode\":\"0\"}", OUTCOME_UNCERTAIN, 0, "不是企业微信的格式", 0 },
    { OK200 "{\"errcode\":4294967296}", OUTCOME_FAILED, G_MAXINT, "", 0 },
    { "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n", OUTCOME_DEFERRED, 0, "HTTP 502",
      60 },
    { "HTTP/1.1 429 Slow\r\nContent-Length: 0\r\n\r\n", OUTCOME_DEFERRED, 0, "HTTP 429", 65 },
    { "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", OUTCOME_FAILED, 0, "HTTP 404", 0 },
    { "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
      OUTCOME_STOPPED, 0, "HTTP 302", 3600 },
    { "<stall>", OUTCOME_UNCERTAIN, 0, "超时", 0 },
    { "<die>", OUTCOME_UNCERTAIN, 0, "中断", 0 },
};

START_TEST(every_answer_has_its_outcome)
{
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        const struct row rows[] = { { "ANSWER", cases[i].answer }, { NULL, NULL } };
        struct scene scene = { .peer = { .serve = http_serve } };
        scene_open(&scene, rows, SECURITY_NONE, NULL);
        struct sender *sender = robot(&scene, "http");
        struct delivery out = push(sender, "# 简报");
        if (out.outcome != cases[i].outcome || out.code != cases[i].code ||
            strstr(out.reply, cases[i].reply) == NULL || out.retry_after != cases[i].retry_after)
            ck_abort_msg("%s: %s %d %s %d", cases[i].answer, outcome_text(out.outcome), out.code,
                         out.reply, out.retry_after);
        delivery_clear(&out);
        sender->close(sender);
        peer_stop(&scene.peer);
    }
}
END_TEST

START_TEST(the_push_is_compact_json_over_verified_tls)
{
    const struct row rows[] = { { "ANSWER", OK200 "{\"errcode\":0,\"errmsg\":\"ok\"}" },
                                { NULL, NULL } };
    struct pki *pki = pki_new("127.0.0.1");
    struct scene scene = { .peer = { .serve = http_serve }, PATIENT };
    scene_open(&scene, rows, SECURITY_TLS, pki);
    struct sender *sender = robot(&scene, "https");
    struct delivery out = push(sender, "> 逾期 “两” 家\n**请催办**");
    ck_assert_int_eq(out.outcome, OUTCOME_SENT);
    delivery_clear(&out);
    sender->close(sender);
    const char *heard = scene.peer.heard->str;
    ck_assert(g_str_has_prefix(heard, "POST /cgi-bin/webhook/send?key=" KEY " HTTP/1.1\n"));
    ck_assert_ptr_nonnull(strstr(heard, "\nContent-Type: application/json\n"));
    ck_assert_ptr_nonnull(strstr(heard, "\n{\"msgtype\":\"markdown\",\"markdown\":{\"content\":"
                                        "\"> 逾期 “两” 家\\n**请催办**\"}}\n"));
    peer_stop(&scene.peer);
    pki_free(pki);
}
END_TEST

START_TEST(an_unverified_server_gets_no_key)
{
    struct pki *pki = pki_new("127.0.0.1"), *other = pki_new("127.0.0.1");
    struct scene scene = { .peer = { .serve = http_serve }, PATIENT };
    scene_open(&scene, NULL, SECURITY_TLS, pki);
    scene.account.ca_file = other->ca_file;
    struct sender *sender = robot(&scene, "https");
    struct delivery out = push(sender, "text");
    ck_assert_int_eq(out.outcome, OUTCOME_STOPPED);
    ck_assert_int_eq(out.retry_after, 3600);
    ck_assert_ptr_nonnull(strstr(out.reply, "证书不可信"));
    delivery_clear(&out);
    GError *error = NULL;
    ck_assert(!sender->probe(sender, &error));
    fails_with(&error, "证书不可信");
    sender->close(sender);
    ck_assert_str_eq(scene.peer.heard->str, "");
    peer_stop(&scene.peer);
    pki_free(pki);
    pki_free(other);
}
END_TEST

START_TEST(a_closed_port_stops_the_channel)
{
    struct scene scene = { .peer = { .serve = http_serve }, PATIENT };
    scene_open(&scene, NULL, SECURITY_NONE, NULL);
    peer_stop(&scene.peer);
    struct sender *sender = robot(&scene, "http");
    struct delivery out = push(sender, "text");
    ck_assert_int_eq(out.outcome, OUTCOME_STOPPED);
    ck_assert_ptr_nonnull(strstr(out.reply, "连接被拒绝"));
    delivery_clear(&out);
    sender->close(sender);
}
END_TEST

START_TEST(the_probe_connects_and_sends_nothing)
{
    struct pki *pki = pki_new("127.0.0.1");
    struct scene scene = { .peer = { .serve = http_serve }, PATIENT };
    scene_open(&scene, NULL, SECURITY_TLS, pki);
    struct sender *sender = robot(&scene, "https");
    ck_assert(sender->probe(sender, NULL));
    sender->close(sender);
    ck_assert_int_eq(scene.peer.connections, 1);
    ck_assert_str_eq(scene.peer.heard->str, "");
    peer_stop(&scene.peer);
    pki_free(pki);
}
END_TEST

START_TEST(a_url_that_would_leak_the_key_is_refused)
{
    static const char *const urls[] = { "http://robot.example/send?key=" KEY,
                                        "ftp://127.0.0.1/" KEY,
                                        "https://robot.example/send",
                                        KEY,
                                        "",
                                        NULL };
    for (guint i = 0; i < G_N_ELEMENTS(urls); i++) {
        struct sender *sender = wecom_sender(urls[i], NULL, 1);
        struct delivery out = push(sender, "text");
        ck_assert_int_eq(out.outcome, OUTCOME_STOPPED);
        ck_assert_ptr_nonnull(strstr(out.reply, "企业微信群机器人的地址"));
        delivery_clear(&out);
        GError *error = NULL;
        ck_assert(!sender->probe(sender, &error));
        ck_assert(g_error_matches(error, FAULT, FAULT_REFUSED));
        ck_assert_ptr_null(strstr(error->message, KEY));
        g_clear_error(&error);
        sender->close(sender);
    }
}
END_TEST

START_TEST(a_text_that_cannot_be_pushed_never_leaves)
{
    g_autofree char *long_text = g_strnfill(4097, 'x');
    const char *const texts[] = { NULL, "", "\xb2\xdd", long_text };
    struct scene scene = { .peer = { .serve = http_serve }, PATIENT };
    scene_open(&scene, NULL, SECURITY_NONE, NULL);
    struct sender *sender = robot(&scene, "http");
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        struct delivery out = push(sender, texts[i]);
        ck_assert_int_eq(out.outcome, OUTCOME_FAILED);
        delivery_clear(&out);
    }
    sender->close(sender);
    ck_assert_int_eq(scene.peer.connections, 0);
    peer_stop(&scene.peer);
}
END_TEST

TEST_MAIN("channels/wecom", every_answer_has_its_outcome,
          the_push_is_compact_json_over_verified_tls, an_unverified_server_gets_no_key,
          a_closed_port_stops_the_channel, the_probe_connects_and_sends_nothing,
          a_url_that_would_leak_the_key_is_refused, a_text_that_cannot_be_pushed_never_leaves)
