/* What each kind of mail comes to: ledger, review queue, and at most one automatic answer. */
#include "settling.h"

static void check_message(struct fixture *f, gint64 id, const char *verdict, int unit)
{
    struct message *m = message_get(f->db, id);
    gint64 expected = unit < 0 ? 0 : f->units[unit];
    ck_assert_str_eq(m->verdict, verdict);
    ck_assert_int_eq(m->state, MESSAGE_HANDLED);
    ck_assert_msg(m->unit == expected, "unit %d, not %d", (int)m->unit, (int)expected);
    message_free(m);
}

START_TEST(an_answer_is_filed_with_its_evidence_and_one_receipt)
{
    struct fixture *f = story_new(TRUE);
    clock_fix(at("2019-06-18 10:00"));
    gint64 id = story_reply(f, JYJ, "建议将第三条修改为“每年两次”。");
    check_message(f, id, "filed", JYJ);
    struct submission *s = submission_current(f->db, f->matter, f->units[JYJ]);
    ck_assert_int_eq(s->stance, STANCE_COMMENTS);
    ck_assert_int_eq(s->message, id);
    ck_assert_int_eq(s->how, HOW_MAIL);
    ck_assert_int_eq(s->received_at, clock_now());
    ck_assert(s->evidence != NULL && strstr(s->text, s->evidence) != NULL);
    submission_free(s);
    story_check(f, JYJ, STATUS_COMMENTED, FALSE);
    ck_assert_uint_eq(story_count_kind(f, "receipt"), 1);
    struct outbox *row =
        outbox_get(f->db, outbox_newest(f->db, "receipt", f->matter, f->units[JYJ]));
    ck_assert_str_eq(row->recipients->pdata[0], "liaison@jyj.example");
    ck_assert_int_eq(row->message, id);
    ck_assert_ptr_nonnull(strstr(row->text, "纸质"));
    outbox_free(row);
    fixture_free(f);
}
END_TEST

START_TEST(the_same_mail_again_is_a_twin_and_the_same_words_again_a_repetition)
{
    struct fixture *f = story_new(FALSE);
    g_autofree char *token = story_token(f, f->matter);
    g_autofree char *bytes =
        story_letter(f, story_address(JYJ), token, "", "建议将第三条修改为“每年两次”。");
    g_autofree char *again = g_strconcat("Received: by relay.example\r\n", bytes, NULL);
    gint64 first = story_arrives(f, bytes), twin = story_arrives(f, again);
    struct message *m = message_get(f->db, twin);
    ck_assert_int_eq(m->duplicate_of, first);
    ck_assert_str_eq(m->verdict, "noted");
    message_free(m);
    gint64 repeated = story_reply(f, JYJ, "建议将第三条修改为“每年两次”。");
    check_message(f, repeated, "filed", JYJ);
    ck_assert_uint_eq(story_versions(f, JYJ), 1);
    ck_assert_uint_eq(story_count_kind(f, "receipt"), 1);
    story_reply(f, JYJ, "建议将第四条删除。");
    ck_assert_uint_eq(story_versions(f, JYJ), 2);
    ck_assert_uint_eq(story_count_kind(f, "receipt"), 2);
    fixture_free(f);
}
END_TEST

START_TEST(a_stranger_is_put_before_a_person_and_gets_no_answer)
{
    struct fixture *f = story_new(FALSE);
    g_autofree char *token = story_token(f, f->matter);
    g_autofree char *bytes = story_letter(f, "x@stranger.example", token, "", "我局无意见。");
    gint64 id = story_arrives(f, bytes);
    check_message(f, id, "review", -1);
    ck_assert_int_eq(review_count(f->db, 0), 1);
    ck_assert_uint_eq(story_count_kind(f, "receipt"), 0);
    struct mail *mail = mail_read(bytes, strlen(bytes));
    fixture_begin(f);
    ck_assert(story_assign(f, id, mail, QXJ, -1, -1));
    fixture_commit(f);
    mail_free(mail);
    check_message(f, id, "filed", QXJ);
    ck_assert_int_eq(review_count(f->db, 0), 0);
    story_check(f, QXJ, STATUS_NO_COMMENT, FALSE);
    fixture_free(f);
}
END_TEST

START_TEST(a_message_that_a_person_ignores_is_settled_and_a_filed_one_is_not_ignored)
{
    struct fixture *f = story_new(FALSE);
    g_autofree char *bytes = story_letter(f, "x@stranger.example", "广告", "", "优惠");
    gint64 id = story_arrives(f, bytes), filed = story_reply(f, JYJ, "我局无意见。");
    g_autoptr(GError) error = NULL;
    fixture_begin(f);
    ck_assert(inbox_ignore(&f->office, id, NULL));
    ck_assert(!inbox_ignore(&f->office, filed, &error));
    fixture_commit(f);
    ck_assert(g_error_matches(error, FAULT, FAULT_REFUSED));
    check_message(f, id, "noted", -1);
    ck_assert_int_eq(review_count(f->db, 0), 0);
    fixture_free(f);
}
END_TEST

START_TEST(an_auto_reply_a_list_and_a_read_receipt_are_no_answers_and_get_none)
{
    static const struct {
        const char *headers, *subject;
    } table[] = { { "Auto-Submitted: auto-replied\r\n", "自动回复：通知" },
                  { "X-Autoreply: yes\r\n", "自动回复: 我在休假" },
                  { "Precedence: bulk\r\nList-Id: <a.list.example>\r\n", "周报" } };
    struct fixture *f = story_new(FALSE);
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autofree char *bytes = story_letter(f, story_address(JYJ), table[i].subject,
                                              table[i].headers, "邮件已收到，无意见。");
        story_arrives(f, bytes);
        story_check(f, JYJ, STATUS_WAITING, FALSE);
    }
    ck_assert_uint_eq(story_versions(f, JYJ), 0);
    ck_assert_uint_eq(story_count_kind(f, "receipt"), 0);
    fixture_free(f);
}
END_TEST

/* RFC 3464, as a server writes it about the notice to a unit. */
static char *bounce_of(struct fixture *f, int unit)
{
    struct outbox *row =
        outbox_get(f->db, outbox_newest(f->db, "notice", f->matter, f->units[unit]));
    char *bytes = g_strdup_printf(
        "From: <MAILER-DAEMON@mx.example>\r\nReturn-Path: <>\r\nSubject: Undelivered Mail\r\n"
        "Message-ID: <b%u@mx.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report;"
        " report-type=delivery-status; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nno such user\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        "Final-Recipient: rfc822; %s\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 no such user\r\n\r\n"
        "--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <%s>\r\n\r\n--b--\r\n",
        ++f->serial, story_address(unit), row->message_id);
    outbox_free(row);
    return bytes;
}

START_TEST(a_bounce_marks_its_recipient_and_is_told_to_a_person)
{
    struct fixture *f = story_new(FALSE);
    g_autofree char *bytes = bounce_of(f, JYJ);
    gint64 id = story_arrives(f, bytes);
    gint64 notice = outbox_newest(f->db, "notice", f->matter, f->units[JYJ]);
    check_message(f, id, "noted", JYJ);
    ck_assert_int_eq(recipient_count(f->db, notice, "bounced"), 1);
    ck_assert_int_eq(recipient_count(f->db, notice, "accepted"), 0);
    ck_assert_int_eq(review_count(f->db, f->matter), 1);
    GPtrArray *list = review_list(f->db, f->matter);
    struct review *item = list->pdata[0];
    ck_assert_int_eq(item->outbox, notice);
    ck_assert_int_eq(item->unit, f->units[JYJ]);
    ck_assert_ptr_nonnull(strstr(item->text, "liaison@jyj.example"));
    g_ptr_array_unref(list);
    ck_assert_uint_eq(story_count_kind(f, "receipt"), 0);
    fixture_free(f);
}
END_TEST

START_TEST(our_own_mail_in_the_mailbox_settles_what_was_uncertain)
{
    struct fixture *f = story_new(FALSE);
    gint64 notice = outbox_newest(f->db, "notice", f->matter, f->units[JYJ]);
    struct outbox *row = outbox_get(f->db, notice);
    fixture_begin(f);
    outbox_set_state(f->db, notice, OUT_UNCERTAIN);
    fixture_commit(f);
    g_autofree char *bytes =
        g_strdup_printf("From: <office@office.example>\r\nSubject: x\r\nMessage-ID: <%s>\r\n"
                        "X-Lianluo: notice; matter=1; unit=jyj\r\n\r\nbody\r\n",
                        row->message_id);
    outbox_free(row);
    check_message(f, story_arrives(f, bytes), "noted", JYJ);
    row = outbox_get(f->db, notice);
    ck_assert_int_eq(row->state, OUT_SENT);
    outbox_free(row);
    story_check(f, JYJ, STATUS_WAITING, FALSE);
    fixture_free(f);
}
END_TEST

START_TEST(history_is_kept_without_any_consequence)
{
    struct fixture *f = story_new(FALSE);
    g_autofree char *token = story_token(f, f->matter);
    g_autofree char *bytes = story_letter(f, "x@stranger.example", token, "", "我局无意见。");
    g_autofree char *sha256 = raw_file(f->db, bytes, strlen(bytes), NULL);
    gint64 id = 0;
    struct mail *mail = mail_read(bytes, strlen(bytes));
    fixture_begin(f);
    raw_row(f->db, sha256, bytes, strlen(bytes));
    message_store(f->db, &(struct arrival){ "INBOX", 7, 99 }, sha256, 1, TRUE, &id);
    ck_assert(handle_message(&f->office, id, mail, NULL));
    fixture_commit(f);
    mail_free(mail);
    check_message(f, id, "noted", -1);
    ck_assert_int_eq(review_count(f->db, 0), 0);
    ck_assert_uint_eq(story_count_kind(f, "receipt"), 0);
    fixture_free(f);
}
END_TEST

START_TEST(what_must_not_be_parsed_is_put_before_a_person_as_it_is)
{
    struct fixture *f = story_new(FALSE);
    gint64 id = fixture_store(f, "Subject: a\r\n\r\n", 50);
    fixture_begin(f);
    handle_unparsed(&f->office, id, "处理两次都中断");
    fixture_commit(f);
    struct message *m = message_get(f->db, id);
    ck_assert_int_eq(m->state, MESSAGE_UNPARSED);
    ck_assert_str_eq(m->verdict, "review");
    message_free(m);
    ck_assert_int_eq(review_count(f->db, 0), 1);
    ck_assert_int_eq(message_count_waiting(f->db), 0);
    fixture_free(f);
}
END_TEST

TEST_MAIN("handlers/message", an_answer_is_filed_with_its_evidence_and_one_receipt,
          the_same_mail_again_is_a_twin_and_the_same_words_again_a_repetition,
          a_stranger_is_put_before_a_person_and_gets_no_answer,
          a_message_that_a_person_ignores_is_settled_and_a_filed_one_is_not_ignored,
          an_auto_reply_a_list_and_a_read_receipt_are_no_answers_and_get_none,
          a_bounce_marks_its_recipient_and_is_told_to_a_person,
          our_own_mail_in_the_mailbox_settles_what_was_uncertain,
          history_is_kept_without_any_consequence,
          what_must_not_be_parsed_is_put_before_a_person_as_it_is)
