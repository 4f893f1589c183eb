/* Connecting, logging in and opening a folder, against servers that behave and servers that don't.
 */
#include "channels/private.h"
#include "scene.h"
#include <dlfcn.h>
#include <netdb.h>
#include <sys/eventfd.h>

/* The name of a public provider leads to our own server here. */
int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
                struct addrinfo **list)
{
    int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
    *(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
    ck_assert(strcmp(node, "127.0.0.1") == 0 || strcmp(node, "imap.163.com") == 0);
    return real("127.0.0.1", service, hints, list);
}

/* Opens, must fail with these words, within seconds. */
static void refuses_to_open(struct scene *scene, const char *words, double seconds)
{
    GError *error = NULL;
    gint64 start = g_get_monotonic_time();
    ck_assert_ptr_null(imap_open(&scene->account, -1, &error));
    ck_assert_double_lt(seconds_since(start), seconds);
    fails_with(&error, words);
    peer_stop(&scene->peer);
}

START_TEST(a_good_server_is_logged_into_over_tls)
{
    struct pki *pki = pki_new("127.0.0.1");
    struct scene scene = { 0 };
    scene_open(&scene, NULL, SECURITY_TLS, pki);
    struct imap *imap = imap_open(&scene.account, -1, NULL);
    ck_assert_ptr_nonnull(imap);
    struct imap_folder folder;
    ck_assert(imap_examine(imap, "已发送", &folder, NULL));
    ck_assert_uint_eq(folder.uidvalidity, 7);
    ck_assert_uint_eq(folder.exists, 3);
    ck_assert_uint_eq(folder.uidnext, 10);
    imap_close(imap);
    ck_assert_str_eq(scene.peer.heard->str,
                     "1 LOGIN \"bot@office.example\" \"p\\\"ss\"\n"
                     "2 CAPABILITY\n"
                     "3 ID (\"name\" \"lianluo\" \"version\" \"1.0\" \"vendor\" \"lianluo\")\n"
                     "4 EXAMINE \"&XfJT0ZAB-\"\n5 LOGOUT\n");
    peer_stop(&scene.peer);
    pki_free(pki);
}
END_TEST

START_TEST(netease_gets_tags_with_a_letter_and_id_unasked)
{
    const struct row rows[] = { { "EXAMINE", "* 1 EXISTS\r\n* OK [UIDVALIDITY 1] ok\r\n"
                                             "TAG OK [READ-ONLY] EXAMINE completed\r\n" },
                                { NULL, NULL } };
    struct pki *pki = pki_new("imap.163.com");
    struct scene scene = { .peer = { .greeting = "* OK IMAP4 ready\r\n" } };
    scene_open(&scene, rows, SECURITY_TLS, pki);
    scene.account.host = "imap.163.com";
    struct imap *imap = imap_open(&scene.account, -1, NULL);
    ck_assert_ptr_nonnull(imap);
    struct imap_folder folder;
    ck_assert(imap_examine(imap, "INBOX", &folder, NULL));
    ck_assert_uint_eq(folder.uidnext, 0);
    imap_close(imap);
    ck_assert_str_eq(scene.peer.heard->str,
                     "C1 LOGIN \"bot@office.example\" \"p\\\"ss\"\n"
                     "C2 ID (\"name\" \"lianluo\" \"version\" \"1.0\" \"vendor\" \"lianluo\")\n"
                     "C3 EXAMINE INBOX\nC4 LOGOUT\n");
    peer_stop(&scene.peer);
    pki_free(pki);
}
END_TEST

START_TEST(starttls_encrypts_before_the_login)
{
    struct pki *pki = pki_new("127.0.0.1");
    struct scene scene = { 0 };
    scene_open(&scene, NULL, SECURITY_STARTTLS, pki);
    struct imap *imap = imap_open(&scene.account, -1, NULL);
    ck_assert_ptr_nonnull(imap);
    imap_close(imap);
    ck_assert(g_str_has_prefix(scene.peer.heard->str, "1 STARTTLS\n2 LOGIN "));
    peer_stop(&scene.peer);
    pki_free(pki);
}
END_TEST

START_TEST(a_certificate_of_an_unknown_ca_is_refused_before_the_login)
{
    struct pki *pki = pki_new("127.0.0.1"), *other = pki_new("127.0.0.1");
    struct scene scene = { 0 };
    scene_open(&scene, NULL, SECURITY_TLS, pki);
    scene.account.ca_file = other->ca_file;
    GError *error = NULL;
    ck_assert_ptr_null(imap_open(&scene.account, -1, &error));
    ck_assert_str_eq(scene.peer.heard->str, "");
    fails_with(&error, "证书不可信");
    peer_stop(&scene.peer);
    pki_free(pki);
    pki_free(other);
}
END_TEST

START_TEST(a_certificate_of_another_name_is_refused)
{
    struct pki *pki = pki_new("mail.office.example");
    struct scene scene = { 0 };
    scene_open(&scene, NULL, SECURITY_TLS, pki);
    refuses_to_open(&scene, "证书与主机名不符", 1);
    pki_free(pki);
}
END_TEST

START_TEST(a_missing_ca_file_is_named)
{
    struct pki *pki = pki_new("127.0.0.1");
    struct scene scene = { 0 };
    scene_open(&scene, NULL, SECURITY_TLS, pki);
    scene.account.ca_file = "no/such/ca.pem";
    refuses_to_open(&scene, "no/such/ca.pem", 1);
    pki_free(pki);
}
END_TEST

START_TEST(a_closed_port_is_said_to_refuse)
{
    struct scene scene = { 0 };
    scene_open(&scene, NULL, SECURITY_NONE, NULL);
    peer_stop(&scene.peer);
    GError *error = NULL;
    ck_assert_ptr_null(imap_open(&scene.account, -1, &error));
    g_autofree char *where = g_strdup_printf("127.0.0.1:%d：连接被拒绝", scene.account.port);
    fails_with(&error, where);
}
END_TEST

START_TEST(a_refused_login_is_told_apart_and_quotes_the_server)
{
    const struct row rows[] = { { "LOGIN", "TAG NO LOGIN Login error password error\r\n" },
                                { NULL, NULL } };
    struct scene scene = { 0 };
    scene_open(&scene, rows, SECURITY_NONE, NULL);
    GError *error = NULL;
    ck_assert_ptr_null(imap_open(&scene.account, -1, &error));
    ck_assert(g_error_matches(error, IMAP_FAULT, IMAP_REFUSED));
    ck_assert_ptr_null(strstr(error->message, "p\"ss"));
    fails_with(&error, "LOGIN Login error password error");
    peer_stop(&scene.peer);
}
END_TEST

START_TEST(a_login_refused_for_now_is_no_wrong_password)
{
    const struct row rows[] = { { "LOGIN", "TAG NO [UNAVAILABLE] come back later\r\n" },
                                { NULL, NULL } };
    struct scene scene = { 0 };
    scene_open(&scene, rows, SECURITY_NONE, NULL);
    GError *error = NULL;
    ck_assert_ptr_null(imap_open(&scene.account, -1, &error));
    ck_assert(g_error_matches(error, FAULT, FAULT_WORLD));
    fails_with(&error, "come back later");
    peer_stop(&scene.peer);
}
END_TEST

/* Each of these servers is left within its deadline, with words that say what it did. */
static struct {
    const char *greeting, *when, *answer, *words;
    enum security security;
    double seconds;
} rude[] = {
    { .greeting = "<stall>", .words = "问候失败：超时", .seconds = 1.5 },
    { .greeting = "<die>", .words = "服务器断开了连接", .seconds = 0.5 },
    { .greeting = "* OK no end of li<die>", .words = "服务器断开了连接", .seconds = 0.5 },
    { .greeting = "* BYE overloaded\r\n", .words = "overloaded", .seconds = 0.5 },
    { .greeting = "220 smtp here\r\n", .words = "看不懂", .seconds = 0.5 },
    { .when = "LOGIN",
      .answer = "* BAD what\r\n<stall>",
      .words = "登录失败：超时",
      .seconds = 1.5 },
    { .when = "LOGIN", .answer = "* BYE too many\r\n<die>", .words = "too many", .seconds = 0.5 },
    { .when = "LOGIN", .answer = "TAGx OK who\r\n<die>", .words = "登录失败", .seconds = 0.5 },
    { .when = "CAPABILITY", .answer = "<die>", .words = "断开", .seconds = 0.5 },
    { .when = "STARTTLS",
      .answer = "TAG OK go\r\n* OK injected\r\n",
      .words = "STARTTLS",
      .security = SECURITY_STARTTLS,
      .seconds = 1.5 },
    { .when = "STARTTLS",
      .answer = "TAG NO never\r\n",
      .words = "never",
      .security = SECURITY_STARTTLS,
      .seconds = 0.5 },
    { .greeting = "* PREAUTH trust me\r\n",
      .words = "STARTTLS",
      .security = SECURITY_STARTTLS,
      .seconds = 0.5 },
};

START_TEST(every_rude_server_is_left_in_time)
{
    struct pki *pki = pki_new("127.0.0.1");
    for (guint i = 0; i < G_N_ELEMENTS(rude); i++) {
        const struct row rows[] = { { rude[i].when, rude[i].answer }, { NULL, NULL } };
        struct scene scene = { .peer = { .greeting = rude[i].greeting } };
        enum security security = rude[i].security != 0 ? rude[i].security : SECURITY_NONE;
        scene_open(&scene, rows, security, pki);
        refuses_to_open(&scene, rude[i].words, rude[i].seconds);
    }
    pki_free(pki);
}
END_TEST

START_TEST(a_server_without_capabilities_does_not_crash_us)
{
    const struct row rows[] = { { "CAPABILITY", "TAG OK none\r\n" }, { NULL, NULL } };
    struct scene scene = { 0 };
    scene_open(&scene, rows, SECURITY_NONE, NULL);
    struct imap *imap = imap_open(&scene.account, -1, NULL);
    ck_assert_ptr_nonnull(imap);
    imap_close(imap);
    ck_assert_ptr_null(strstr(scene.peer.heard->str, " ID ("));
    peer_stop(&scene.peer);
}
END_TEST

START_TEST(an_unsafe_login_gets_id_and_one_more_try)
{
    const struct row rows[] = { { "EXAMINE", "TAG NO EXAMINE Unsafe Login. Please contact us\r\n" },
                                { "EXAMINE",
                                  "* 2 EXISTS\r\n* OK [UIDVALIDITY 1] ok\r\nTAG OK done\r\n" },
                                { "EXAMINE", "TAG NO EXAMINE Unsafe Login.\r\n" },
                                { "EXAMINE", "TAG NO EXAMINE Unsafe Login.\r\n" },
                                { NULL, NULL } };
    struct scene scene = { 0 };
    scene_open(&scene, rows, SECURITY_NONE, NULL);
    struct imap *imap = imap_open(&scene.account, -1, NULL);
    struct imap_folder folder;
    GError *error = NULL;
    ck_assert(imap_examine(imap, "INBOX", &folder, &error));
    ck_assert_uint_eq(folder.exists, 2);
    ck_assert_uint_eq(folder.uidnext, 0);
    ck_assert(!imap_examine(imap, "INBOX", &folder, &error));
    ck_assert(g_error_matches(error, FAULT, FAULT_WORLD));
    fails_with(&error, "Unsafe Login");
    imap_close(imap);
    ck_assert_ptr_nonnull(strstr(scene.peer.heard->str, "4 EXAMINE INBOX\n5 ID ("));
    ck_assert_ptr_nonnull(strstr(scene.peer.heard->str, "6 EXAMINE INBOX\n"));
    peer_stop(&scene.peer);
}
END_TEST

START_TEST(a_missing_folder_leaves_the_connection_alive)
{
    const struct row rows[] = { { "EXAMINE", "TAG NO [NONEXISTENT] no such folder\r\n" },
                                { NULL, NULL } };
    struct scene scene = { 0 };
    scene_open(&scene, rows, SECURITY_NONE, NULL);
    struct imap *imap = imap_open(&scene.account, -1, NULL);
    struct imap_folder folder;
    GError *error = NULL;
    ck_assert(!imap_examine(imap, "归档", &folder, &error));
    ck_assert(g_error_matches(error, FAULT, FAULT_REFUSED));
    fails_with(&error, "打不开文件夹“归档”：no such folder");
    ck_assert(imap_examine(imap, "INBOX", &folder, NULL));
    imap_close(imap);
    peer_stop(&scene.peer);
}
END_TEST

START_TEST(an_argument_that_would_end_its_line_never_leaves)
{
    struct scene scene = { 0 };
    scene_open(&scene, NULL, SECURITY_NONE, NULL);
    struct imap *imap = imap_open(&scene.account, -1, NULL);
    struct imap_folder folder;
    GError *error = NULL;
    ck_assert(!imap_examine(imap, "x\r\n9 LOGOUT", &folder, &error));
    ck_assert(g_error_matches(error, FAULT, FAULT_REFUSED));
    fails_with(&error, "换行");
    imap_close(imap);
    scene.account.password = "a\r\n9 NOOP";
    ck_assert_ptr_null(imap_open(&scene.account, -1, &error));
    fails_with(&error, "换行");
    scene.account.password = "";
    ck_assert_ptr_null(imap_open(&scene.account, -1, &error));
    fails_with(&error, "收信密码没有填写");
    ck_assert_int_eq(scene.peer.connections, 1);
    ck_assert_ptr_null(strstr(scene.peer.heard->str, "9 LOGOUT"));
    peer_stop(&scene.peer);
}
END_TEST

static gpointer wake_soon(gpointer data)
{
    g_usleep(100000);
    eventfd_write(GPOINTER_TO_INT(data), 1);
    return NULL;
}

START_TEST(the_wake_up_ends_a_wait_at_once)
{
    const struct row rows[] = { { "EXAMINE", "<stall>" }, { NULL, NULL } };
    struct scene scene = { 0 };
    scene_open(&scene, rows, SECURITY_NONE, NULL);
    scene.account.timeout = 30;
    int wake = eventfd(0, EFD_CLOEXEC);
    struct imap *imap = imap_open(&scene.account, wake, NULL);
    GThread *thread = g_thread_new("wake", wake_soon, GINT_TO_POINTER(wake));
    gint64 start = g_get_monotonic_time();
    struct imap_folder folder;
    GError *error = NULL;
    ck_assert(!imap_examine(imap, "INBOX", &folder, &error));
    ck_assert(g_error_matches(error, IMAP_FAULT, IMAP_WOKEN));
    fails_with(&error, "中断");
    imap_close(imap);
    ck_assert_double_lt(seconds_since(start), 0.5);
    /* still readable: not even a connection is opened */
    ck_assert_ptr_null(imap_open(&scene.account, wake, &error));
    ck_assert(g_error_matches(error, IMAP_FAULT, IMAP_WOKEN));
    g_clear_error(&error);
    g_thread_join(thread);
    close(wake);
    peer_stop(&scene.peer);
}
END_TEST

START_TEST(folder_names_are_spelled_in_modified_utf_7)
{
    static const char *const names[][2] = {
        { "INBOX", "INBOX" },
        { "草稿箱", "&g0l6P3ux-" },
        { "垃圾邮件", "&V4NXPpCuTvY-" },
        { "A&B", "A&-B" },
        { "~peter/台北/日本語", "~peter/&U,BTFw-/&ZeVnLIqe-" },
        { "笑😀脸", "&exHYPd4AgTg-" },
        { "a\tb", "a&AAk-b" },
    };
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *spelled = utf7_folder(names[i][0]);
        ck_assert_str_eq(spelled, names[i][1]);
    }
    ck_assert_ptr_null(utf7_folder("\xb2\xdd"));
}
END_TEST

TEST_MAIN("channels/imap", a_good_server_is_logged_into_over_tls,
          netease_gets_tags_with_a_letter_and_id_unasked, starttls_encrypts_before_the_login,
          a_certificate_of_an_unknown_ca_is_refused_before_the_login,
          a_certificate_of_another_name_is_refused, a_missing_ca_file_is_named,
          a_closed_port_is_said_to_refuse, a_refused_login_is_told_apart_and_quotes_the_server,
          a_login_refused_for_now_is_no_wrong_password, every_rude_server_is_left_in_time,
          a_server_without_capabilities_does_not_crash_us, an_unsafe_login_gets_id_and_one_more_try,
          a_missing_folder_leaves_the_connection_alive,
          an_argument_that_would_end_its_line_never_leaves, the_wake_up_ends_a_wait_at_once,
          folder_names_are_spelled_in_modified_utf_7)
