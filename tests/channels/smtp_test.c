/* What each answer of an SMTP server means for the mail, and for the next one. */
#include "channels/private.h"
#include "scene.h"

static const struct row smtp_defaults[] = {
    { "EHLO", "250-peer\r\n250-SIZE\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN\r\n" },
    { "STARTTLS", "220 go ahead\r\n<tls>" },
    { "AUTH PLAIN ", "235 welcome\r\n" },
    { "AUTH PLAIN", "334 \r\n" },
    { "MAIL FROM", "250 sender ok\r\n" },
    { "RCPT TO", "250 recipient ok\r\n" },
    { "DATA", "354 go on\r\n" },
    { "QUIT", "221 Bye\r\n<die>" },
    { "NOOP", "250 still here\r\n" },
    { "RSET", "250 forgotten\r\n" },
    { "", "235 welcome\r\n" }, /* the credential itself */
};

static const char *smtp_default(const char *line)
{
    for (guint i = 0;; i++)
        if (strstr(line, smtp_defaults[i].when) != NULL)
            return smtp_defaults[i].answer;
}

/* Swallows the message; FALSE: the client has gone. */
static gboolean swallow(struct peer *peer)
{
    for (char *line; (line = peer_line(peer)) != NULL;) {
        gboolean end = strcmp(line, ".") == 0;
        g_free(line);
        if (end)
            return TRUE;
    }
    return FALSE;
}

static void smtp_serve(struct peer *peer)
{
    const char *greeting = peer_row(peer, "GREETING");
    gboolean on = peer_answer(peer, "", greeting != NULL ? greeting : "220 peer ready\r\n");
    char *line;
    while (on && (line = peer_line(peer)) != NULL) {
        const char *answer = peer_row(peer, line);
        if (answer == NULL)
            answer = smtp_default(line);
        on = peer_answer(peer, line, answer);
        if (on && g_str_has_prefix(answer, "354")) {
            const char *verdict = swallow(peer) ? peer_row(peer, "VERDICT") : "<die>";
            on = peer_answer(peer, "", verdict != NULL ? verdict : "250 queued as 1\r\n");
        }
        g_free(line);
    }
}

static int message_fd(void)
{
    static const char text[] = "Subject: test\r\n\r\n.dot\r\nbody\r\n";
    g_autofree char *name = NULL;
    int fd = g_file_open_tmp("smtp-XXXXXX", &name, NULL);
    g_unlink(name);
    ck_assert_int_eq(write(fd, text, strlen(text)), strlen(text));
    return fd;
}

static const char *const one[] = { "a@unit.example", NULL };
static const char *const two[] = { "a@unit.example", "b@unit.example", NULL };

/* Sends one mail and says what came of it; clear with delivery_clear. */
static struct delivery post(struct sender *sender, const char *const *to)
{
    struct delivery out;
    int fd = message_fd();
    struct parcel parcel = { .from = "bot@office.example", .to = to, .fd = fd };
    sender->send(sender, &parcel, &out);
    close(fd);
    ck_assert_ptr_nonnull(out.reply);
    ck_assert_ptr_nonnull(out.refused);
    return out;
}

static const struct {
    const char *when, *answer; /* one row of the script */
    enum outcome outcome;
    int code;
    const char *reply; /* part of it */
    int retry_after;
} cases[] = {
    { "none", "", OUTCOME_SENT, 250, "250 queued as 1", 0 },
    { "RCPT", "550 5.1.1 no such user\r\n", OUTCOME_FAILED, 550, "550 5.1.1 no such user", 0 },
    { "RCPT", "450 4.2.0 greylisted\r\n", OUTCOME_DEFERRED, 450, "greylisted", 300 },
    { "RCPT", "550-one\r\n550 two\r\n", OUTCOME_FAILED, 550, "550 one two", 0 },
    { "RCPT", "421 too many\r\n<die>", OUTCOME_DEFERRED, 421, "too many", 900 },
    { "RCPT", "550 \xd3\xc3\xbb\xa7\xb2\xbb\xb4\xe6\xd4\xda\r\n", OUTCOME_FAILED, 550, "用户不存在",
      0 },
    { "MAIL", "553 Mail from must equal authorized user\r\n", OUTCOME_STOPPED, 553, "must equal",
      3600 },
    { "MAIL", "550 User has no permission\r\n", OUTCOME_STOPPED, 550, "no permission", 3600 },
    { "MAIL", "451 MI:SFQ a lot\r\n", OUTCOME_DEFERRED, 451, "MI:SFQ", 900 },
    { "DATA", "554 5.5.1 no valid recipients\r\n", OUTCOME_FAILED, 554, "no valid", 0 },
    { "VERDICT", "554 DT:SPM judged spam\r\n", OUTCOME_FAILED, 554, "DT:SPM", 0 },
    { "VERDICT", "554 HL:IHU wait\r\n", OUTCOME_DEFERRED, 554, "HL:IHU", 7200 },
    { "VERDICT", "421 later\r\n<die>", OUTCOME_DEFERRED, 421, "later", 900 },
    { "VERDICT", "<stall>", OUTCOME_UNCERTAIN, 354, "超时", 0 },
    { "VERDICT", "<die>", OUTCOME_UNCERTAIN, 354, "中断", 0 },
    { "GREETING", "554 HL:IPB go away\r\n<die>", OUTCOME_STOPPED, 554, "HL:IPB", 3600 },
    { "GREETING", "554 no service here\r\n<die>", OUTCOME_STOPPED, 554, "no service", 300 },
    { "GREETING", "421 busy\r\n<die>", OUTCOME_STOPPED, 421, "busy", 900 },
    { "GREETING", "<stall>", OUTCOME_STOPPED, 0, "超时", 300 },
    { "AUTH", "535 Error: authentication failed\r\n", OUTCOME_STOPPED, 535, "authentication failed",
      3600 },
    { "RCPT", "<stall>", OUTCOME_DEFERRED, 250, "超时", 300 },
};

START_TEST(every_answer_has_its_outcome)
{
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        const struct row rows[] = { { cases[i].when, cases[i].answer }, { NULL, NULL } };
        struct scene scene = { .peer = { .serve = smtp_serve } };
        scene_open(&scene, rows, SECURITY_NONE, NULL);
        struct sender *sender = smtp_sender(&scene.account);
        struct delivery out = post(sender, one);
        if (out.outcome != cases[i].outcome || out.code != cases[i].code ||
            strstr(out.reply, cases[i].reply) == NULL || out.retry_after != cases[i].retry_after)
            ck_abort_msg("%s %s: %s %d %s %d", cases[i].when, cases[i].answer,
                         outcome_text(out.outcome), out.code, out.reply, out.retry_after);
        delivery_clear(&out);
        sender->close(sender);
        peer_stop(&scene.peer);
    }
}
END_TEST

START_TEST(one_of_two_recipients_may_be_refused)
{
    const struct row rows[] = { { "RCPT TO:<b@", "550 no such user b\r\n" }, { NULL, NULL } };
    struct scene scene = { .peer = { .serve = smtp_serve } };
    scene_open(&scene, rows, SECURITY_NONE, NULL);
    struct sender *sender = smtp_sender(&scene.account);
    struct delivery out = post(sender, two);
    ck_assert_int_eq(out.outcome, OUTCOME_SENT);
    ck_assert_uint_eq(out.refused->len, 1);
    struct recipient_result *refused = g_ptr_array_index(out.refused, 0);
    ck_assert_str_eq(refused->address, "b@unit.example");
    ck_assert_int_eq(refused->code, 550);
    ck_assert_str_eq(refused->reply, "550 no such user b");
    delivery_clear(&out);
    sender->close(sender);
    ck_assert_ptr_nonnull(strstr(scene.peer.heard->str, "\n..dot\nbody\n.\n"));
    peer_stop(&scene.peer);
}
END_TEST

START_TEST(all_refused_waits_if_one_of_them_may_be_taken_later)
{
    const struct row rows[] = { { "RCPT TO:<a@", "450 try later\r\n" },
                                { "RCPT TO:<b@", "550 no such user\r\n" },
                                { "RCPT TO:<a@", "550 gone\r\n" },
                                { "RCPT TO:<b@", "550 gone\r\n" },
                                { "RCPT TO:<a@", "450 try later\r\n" },
                                { "VERDICT", "554 DT:SPM spam\r\n" },
                                { NULL, NULL } };
    struct scene scene = { .peer = { .serve = smtp_serve } };
    scene_open(&scene, rows, SECURITY_NONE, NULL);
    struct sender *sender = smtp_sender(&scene.account);
    struct delivery out = post(sender, two);
    ck_assert_int_eq(out.outcome, OUTCOME_DEFERRED);
    ck_assert_uint_eq(out.refused->len, 2);
    delivery_clear(&out);
    out = post(sender, two);
    ck_assert_int_eq(out.outcome, OUTCOME_FAILED);
    ck_assert_uint_eq(out.refused->len, 2);
    delivery_clear(&out);
    out = post(sender, two); /* b would have been taken: what counts is the verdict */
    ck_assert_int_eq(out.outcome, OUTCOME_FAILED);
    ck_assert_uint_eq(out.refused->len, 1);
    delivery_clear(&out);
    sender->close(sender);
    peer_stop(&scene.peer);
}
END_TEST

START_TEST(a_run_of_mails_keeps_its_connection)
{
    const struct row rows[] = { { "VERDICT", "250 queued as 1\r\n" },
                                { "VERDICT", "554 DT:SPM no\r\n" },
                                { "VERDICT", "250 queued as 3\r\n" },
                                { NULL, NULL } };
    struct scene scene = { .peer = { .serve = smtp_serve } };
    scene_open(&scene, rows, SECURITY_NONE, NULL);
    struct sender *sender = smtp_sender(&scene.account);
    const enum outcome expected[] = { OUTCOME_SENT, OUTCOME_FAILED, OUTCOME_SENT };
    for (guint i = 0; i < G_N_ELEMENTS(expected); i++) {
        struct delivery out = post(sender, one);
        ck_assert_int_eq(out.outcome, expected[i]);
        delivery_clear(&out);
    }
    sender->close(sender);
    ck_assert_int_eq(scene.peer.connections, 1);
    peer_stop(&scene.peer);
}
END_TEST

/* The verdict comes when the client has given up; on a kept connection it would answer mail two. */
static void late_verdict(struct peer *peer)
{
    if (peer->connections > 1) {
        smtp_serve(peer);
        return;
    }
    peer_answer(peer, "", "220 peer ready\r\n");
    for (char *line; (line = peer_line(peer)) != NULL;) {
        const char *answer = smtp_default(line);
        g_free(line);
        peer_answer(peer, "", answer);
        if (g_str_has_prefix(answer, "354") && swallow(peer)) {
            g_usleep(1200000);
            peer_answer(peer, "", "250 queued, late\r\n");
        }
    }
}

START_TEST(a_late_reply_is_not_taken_for_the_next_mail)
{
    struct scene scene = { .peer = { .serve = late_verdict } };
    scene_open(&scene, NULL, SECURITY_NONE, NULL);
    struct sender *sender = smtp_sender(&scene.account);
    struct delivery out = post(sender, one);
    ck_assert_int_eq(out.outcome, OUTCOME_UNCERTAIN);
    delivery_clear(&out);
    g_usleep(400000);
    out = post(sender, one);
    ck_assert_int_eq(out.outcome, OUTCOME_SENT);
    ck_assert_str_eq(out.reply, "250 queued as 1");
    delivery_clear(&out);
    sender->close(sender);
    ck_assert_int_eq(scene.peer.connections, 2);
    peer_stop(&scene.peer);
}
END_TEST

START_TEST(a_line_that_breaks_after_one_refusal_is_no_refusal)
{
    const struct row rows[] = { { "RCPT TO:<a@", "550 no such user\r\n" },
                                { "RCPT TO:<b@", "<die>" },
                                { NULL, NULL } };
    struct scene scene = { .peer = { .serve = smtp_serve } };
    scene_open(&scene, rows, SECURITY_NONE, NULL);
    struct sender *sender = smtp_sender(&scene.account);
    struct delivery out = post(sender, two);
    ck_assert_int_eq(out.outcome, OUTCOME_DEFERRED);
    ck_assert_uint_eq(out.refused->len, 1);
    delivery_clear(&out);
    sender->close(sender);
    peer_stop(&scene.peer);
}
END_TEST

/* How a server ends a kept connection after the first mail. */
static const struct row endings[][3] = {
    { { "VERDICT", "250 queued as 1\r\n<die>" }, { NULL, NULL } },
    { { "VERDICT", "250 queued as 1\r\n421 idle too long\r\n<die>" }, { NULL, NULL } },
};

START_TEST(a_kept_connection_that_has_died_is_opened_again)
{
    for (guint i = 0; i < G_N_ELEMENTS(endings); i++) {
        struct scene scene = { .peer = { .serve = smtp_serve } };
        scene_open(&scene, endings[i], SECURITY_NONE, NULL);
        struct sender *sender = smtp_sender(&scene.account);
        for (int mail = 0; mail < 2; mail++) {
            struct delivery out = post(sender, one);
            ck_assert_int_eq(out.outcome, OUTCOME_SENT);
            delivery_clear(&out);
            g_usleep(50000);
        }
        sender->close(sender);
        ck_assert_int_eq(scene.peer.connections, 2);
        peer_stop(&scene.peer);
    }
}
END_TEST

START_TEST(an_address_that_would_end_its_line_never_leaves)
{
    static const char *const bad[] = { "a@unit.example>\r\nDATA\r\n", "a b@unit.example", "",
                                       "a@unit.example\nRSET" };
    struct scene scene = { .peer = { .serve = smtp_serve } };
    scene_open(&scene, NULL, SECURITY_NONE, NULL);
    struct sender *sender = smtp_sender(&scene.account);
    for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
        const char *const to[] = { bad[i], NULL };
        struct delivery out = post(sender, to);
        ck_assert_int_eq(out.outcome, OUTCOME_FAILED);
        delivery_clear(&out);
    }
    sender->close(sender);
    ck_assert_int_eq(scene.peer.connections, 0);
    peer_stop(&scene.peer);
}
END_TEST

static const struct {
    enum security security;
    const char *name; /* of the certificate */
    gboolean right_ca;
    enum outcome outcome;
    const char *reply;
} guarded[] = {
    { SECURITY_TLS, "127.0.0.1", TRUE, OUTCOME_SENT, "250" },
    { SECURITY_STARTTLS, "127.0.0.1", TRUE, OUTCOME_SENT, "250" },
    { SECURITY_TLS, "127.0.0.1", FALSE, OUTCOME_STOPPED, "证书不可信" },
    { SECURITY_STARTTLS, "127.0.0.1", FALSE, OUTCOME_STOPPED, "证书不可信" },
    { SECURITY_TLS, "smtp.office.example", TRUE, OUTCOME_STOPPED, "证书与主机名不符" },
    { SECURITY_STARTTLS, "smtp.office.example", TRUE, OUTCOME_STOPPED, "证书与主机名不符" },
};

START_TEST(the_password_goes_only_to_a_verified_server)
{
    struct pki *other = pki_new("127.0.0.1");
    for (guint i = 0; i < G_N_ELEMENTS(guarded); i++) {
        struct pki *pki = pki_new(guarded[i].name);
        struct scene scene = { .peer = { .serve = smtp_serve }, PATIENT };
        scene_open(&scene, NULL, guarded[i].security, pki);
        if (!guarded[i].right_ca)
            scene.account.ca_file = other->ca_file;
        struct sender *sender = smtp_sender(&scene.account);
        GError *error = NULL;
        gboolean good = guarded[i].outcome == OUTCOME_SENT;
        ck_assert_int_eq(sender->probe(sender, &error), good);
        if (!good)
            fails_with(&error, guarded[i].reply);
        struct delivery out = post(sender, one);
        ck_assert_int_eq(out.outcome, guarded[i].outcome);
        ck_assert_ptr_nonnull(strstr(out.reply, guarded[i].reply));
        delivery_clear(&out);
        sender->close(sender);
        ck_assert_int_eq(strstr(scene.peer.heard->str, "AUTH") != NULL, good);
        peer_stop(&scene.peer);
        pki_free(pki);
    }
    pki_free(other);
}
END_TEST

START_TEST(a_server_without_starttls_gets_no_password)
{
    const struct row rows[] = { { "EHLO", "250-peer\r\n250 AUTH PLAIN\r\n" }, { NULL, NULL } };
    struct pki *pki = pki_new("127.0.0.1");
    struct scene scene = { .peer = { .serve = smtp_serve } };
    scene_open(&scene, rows, SECURITY_STARTTLS, pki);
    struct sender *sender = smtp_sender(&scene.account);
    struct delivery out = post(sender, one);
    ck_assert_int_eq(out.outcome, OUTCOME_STOPPED);
    ck_assert_ptr_nonnull(strstr(out.reply, "STARTTLS"));
    delivery_clear(&out);
    sender->close(sender);
    ck_assert_ptr_null(strstr(scene.peer.heard->str, "AUTH"));
    peer_stop(&scene.peer);
    pki_free(pki);
}
END_TEST

START_TEST(a_probe_logs_in_and_sends_nothing)
{
    const struct row rows[] = { { "AUTH", "334 \r\n" },
                                { "AUTH", "535 wrong\r\n" },
                                { NULL, NULL } };
    struct scene scene = { .peer = { .serve = smtp_serve } };
    scene_open(&scene, rows, SECURITY_NONE, NULL);
    struct sender *sender = smtp_sender(&scene.account);
    GError *error = NULL;
    ck_assert(sender->probe(sender, NULL));
    ck_assert(!sender->probe(sender, &error));
    ck_assert_ptr_null(strstr(error->message, "p\"ss"));
    fails_with(&error, "535 wrong");
    sender->close(sender);
    ck_assert_ptr_null(strstr(scene.peer.heard->str, "MAIL"));
    peer_stop(&scene.peer);
}
END_TEST

START_TEST(the_null_sender_takes_everything)
{
    struct sender *sender = null_sender();
    ck_assert(sender->probe(sender, NULL));
    struct delivery out = post(sender, one);
    ck_assert_int_eq(out.outcome, OUTCOME_SENT);
    delivery_clear(&out);
    sender->close(sender);
}
END_TEST

TEST_MAIN("channels/smtp", every_answer_has_its_outcome, one_of_two_recipients_may_be_refused,
          all_refused_waits_if_one_of_them_may_be_taken_later, a_run_of_mails_keeps_its_connection,
          a_late_reply_is_not_taken_for_the_next_mail,
          a_line_that_breaks_after_one_refusal_is_no_refusal,
          a_kept_connection_that_has_died_is_opened_again,
          an_address_that_would_end_its_line_never_leaves,
          the_password_goes_only_to_a_verified_server, a_server_without_starttls_gets_no_password,
          a_probe_logs_in_and_sends_nothing, the_null_sender_takes_everything)
