/* The deliver stage: intent, act, result; each outcome of a sender has its state. */
#include "scene.h"
#include <unistd.h>

static struct fixture *f;
static struct bot *bot;
static struct script script;

static void set_up(const char *more, const struct step *steps, guint n)
{
    f = fixture_new();
    bot = scene_bot(f, more);
    script_attach(&script, &bot->mail, steps, n);
}

static void tear_down(void)
{
    bot_close(bot);
    fixture_free(f);
    script_clear(&script);
}

#define LIVE "[deliver]\nsend = live\n"

static gint64 add_row(const char *channel, const char *key)
{
    struct outbox *row = outbox_new();
    row->key = g_strdup(key);
    row->channel = g_strdup(channel);
    row->kind = g_strdup(g_str_equal(channel, "mail") ? "notice" : "news");
    row->message_id = g_strdup_printf("%s@office.example", key);
    row->subject = g_strdup("通知");
    row->text = g_strdup("正文");
    row->state = bot->config->policy.hold ? OUT_HELD : OUT_QUEUED;
    row->unit = f->units[JYJ];
    if (g_str_equal(channel, "mail")) { /* a push has some only if it mentions them */
        g_ptr_array_add(row->recipients, g_strdup("a@jyj.example"));
        g_ptr_array_add(row->recipients, g_strdup("b@jyj.example"));
    }
    fixture_begin(f);
    gint64 id = outbox_add(f->db, row);
    fixture_commit(f);
    outbox_free(row);
    return id;
}

static void check_row(gint64 id, enum outbox_state state, int attempts, const char *reply)
{
    struct outbox *row = outbox_get(f->db, id);
    ck_assert_msg(row->state == state, "%s, not %s", outbox_state_text(row->state),
                  outbox_state_text(state));
    ck_assert_int_eq(row->attempts, attempts);
    if (reply != NULL)
        ck_assert_str_eq(row->reply, reply);
    outbox_free(row);
}

START_TEST(each_outcome_has_its_state_and_what_failed_is_told_to_a_person)
{
    static const struct {
        struct step step;
        enum outbox_state state;
        int attempts;
        gint64 reviews;
        enum stage stage;
    } table[] = {
        { { OUTCOME_SENT, 250, "250 OK", NULL, 0 }, OUT_SENT, 1, 0, STAGE_WORKED },
        { { OUTCOME_DEFERRED, 451, "451 later", NULL, 0 }, OUT_DEFERRED, 1, 0, STAGE_WORKED },
        { { OUTCOME_FAILED, 550, "550 spam", NULL, 0 }, OUT_FAILED, 1, 1, STAGE_WORKED },
        { { OUTCOME_UNCERTAIN, 0, "断了", NULL, 0 }, OUT_UNCERTAIN, 1, 1, STAGE_WORKED },
        { { OUTCOME_STOPPED, 535, "535 login", NULL, 0 }, OUT_QUEUED, 0, 0, STAGE_FAILED },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        set_up(LIVE, &table[i].step, 1);
        gint64 id = add_row("mail", "a");
        ck_assert_int_eq(deliver(bot), table[i].stage);
        ck_assert_uint_eq(script.sent, 1);
        ck_assert_str_eq(script.last_to, "a@jyj.example b@jyj.example");
        check_row(id, table[i].state, table[i].attempts,
                  table[i].attempts > 0 ? table[i].step.reply : NULL);
        ck_assert_int_eq(review_count(f->db, 0), table[i].reviews);
        ck_assert_int_eq(recipient_count(f->db, id, "accepted"),
                         table[i].state == OUT_SENT ? 2 : 0);
        tear_down();
    }
}
END_TEST

START_TEST(what_was_sent_failed_or_is_uncertain_is_never_sent_again)
{
    static const struct step steps[] = { { OUTCOME_SENT, 250, "OK", NULL, 0 },
                                         { OUTCOME_FAILED, 550, "no", NULL, 0 },
                                         { OUTCOME_UNCERTAIN, 0, "?", NULL, 0 } };
    set_up(LIVE, steps, 3);
    add_row("mail", "a");
    add_row("mail", "b");
    add_row("mail", "c");
    deliver(bot);
    ck_assert_uint_eq(script.sent, 3);
    clock_fix(clock_now() + 7 * 24 * 3600);
    ck_assert_int_eq(deliver(bot), STAGE_IDLE);
    ck_assert_uint_eq(script.sent, 3);
    tear_down();
}
END_TEST

START_TEST(a_refused_recipient_is_marked_and_the_others_accepted)
{
    static const struct step step = { OUTCOME_SENT, 250, "OK", "b@jyj.example", 0 };
    set_up(LIVE, &step, 1);
    gint64 id = add_row("mail", "a");
    deliver(bot);
    check_row(id, OUT_SENT, 1, "OK");
    ck_assert_int_eq(recipient_count(f->db, id, "accepted"), 1);
    ck_assert_int_eq(recipient_count(f->db, id, "refused"), 1);
    GPtrArray *list = review_list(f->db, 0);
    ck_assert_uint_eq(list->len, 1);
    struct review *item = list->pdata[0];
    ck_assert_int_eq(item->outbox, id);
    ck_assert_ptr_nonnull(strstr(item->text, "b@jyj.example"));
    g_ptr_array_unref(list);
    tear_down();
}
END_TEST

START_TEST(a_deferred_mail_waits_longer_each_time_and_then_fails)
{
    static const struct step step = { OUTCOME_DEFERRED, 451, "451 later", NULL, 0 };
    set_up(LIVE, &step, 1);
    gint64 id = add_row("mail", "a"), last = 0;
    int tries = 0;
    for (; tries < 50 && outbox_count(f->db, OUT_FAILED, 0) == 0; tries++) {
        gint64 now = clock_now(), next;
        deliver(bot);
        next = outbox_next_at(f->db);
        if (next == 0)
            break;
        ck_assert_int_ge(next - now, last);
        last = next - now;
        clock_fix(next - 1);
        ck_assert_int_eq(deliver(bot), STAGE_IDLE);
        clock_fix(next);
    }
    check_row(id, OUT_FAILED, tries + 1, "451 later");
    ck_assert_int_ge(tries, 5);
    ck_assert_int_ge(last, 3600);
    ck_assert_int_eq(review_count(f->db, 0), 1);
    tear_down();
}
END_TEST

START_TEST(the_servers_own_waiting_time_is_kept)
{
    static const struct step step = { OUTCOME_DEFERRED, 451, "later", NULL, 5000 };
    set_up(LIVE, &step, 1);
    add_row("mail", "a");
    deliver(bot);
    ck_assert_int_eq(outbox_next_at(f->db), clock_now() + 5000);
    tear_down();
}
END_TEST

START_TEST(a_stopped_channel_keeps_everything_queued_and_its_fault_is_remembered)
{
    static const struct step steps[] = { { OUTCOME_STOPPED, 535, "535 授权码不对", NULL, 0 },
                                         { OUTCOME_SENT, 250, "OK", NULL, 0 } };
    set_up(LIVE, steps, 2);
    gint64 one = add_row("mail", "a"), two = add_row("mail", "b");
    ck_assert_int_eq(deliver(bot), STAGE_FAILED);
    ck_assert_uint_eq(script.sent, 1);
    check_row(one, OUT_QUEUED, 0, NULL);
    check_row(two, OUT_QUEUED, 0, NULL);
    json_t *health = health_json(&bot->office);
    g_autofree char *text = json_dumps(health, 0);
    ck_assert_ptr_nonnull(strstr(text, "授权码不对"));
    json_decref(health);
    ck_assert_int_eq(deliver(bot), STAGE_WORKED);
    check_row(one, OUT_SENT, 1, "OK");
    check_row(two, OUT_SENT, 1, "OK");
    health = health_json(&bot->office);
    g_autofree char *after = json_dumps(health, 0);
    ck_assert_ptr_null(strstr(after, "授权码不对"));
    json_decref(health);
    tear_down();
}
END_TEST

START_TEST(under_hold_nothing_leaves_and_live_lets_it_go)
{
    static const struct step step = { OUTCOME_SENT, 250, "OK", NULL, 0 };
    set_up("", &step, 1);
    gint64 id = add_row("mail", "a");
    ck_assert_int_eq(deliver(bot), STAGE_IDLE);
    ck_assert_uint_eq(script.sent, 0);
    check_row(id, OUT_HELD, 0, NULL);
    bot_close(bot);
    bot = scene_bot(f, LIVE);
    script_attach(&script, &bot->mail, &step, 1);
    ck_assert_int_eq(deliver(bot), STAGE_WORKED);
    check_row(id, OUT_SENT, 1, "OK");
    tear_down();
}
END_TEST

START_TEST(the_mail_is_whole_and_a_push_goes_its_own_way)
{
    static const struct step step = { OUTCOME_SENT, 250, "OK", NULL, 0 };
    static const struct step stopped = { OUTCOME_STOPPED, 0, "连不上", NULL, 0 };
    struct script group;
    set_up(LIVE, &stopped, 1);
    script_attach(&group, &bot->wecom, &step, 1);
    gint64 news = add_row("wecom", "n"), id = add_row("mail", "a");
    ck_assert_int_eq(deliver(bot), STAGE_FAILED);
    check_row(id, OUT_QUEUED, 0, NULL);
    check_row(news, OUT_SENT, 1, "OK");
    ck_assert_str_eq(group.last_message, "正文");
    struct mail *mail = mail_read(script.last_message, strlen(script.last_message));
    ck_assert_int_eq(mail->kind, MAIL_OWN);
    ck_assert_str_eq(mail->own_kind, "notice");
    ck_assert_str_eq(mail->message_id, "a@office.example");
    ck_assert_str_eq(mail->subject, "通知");
    ck_assert(!mail->answerable);
    ck_assert_ptr_nonnull(strstr(script.last_message, "X-Lianluo: notice"));
    ck_assert_ptr_nonnull(strstr(script.last_message, "unit=jyj"));
    mail_free(mail);
    script_clear(&group);
    tear_down();
}
END_TEST

START_TEST(what_a_stop_called_off_is_queued_and_says_nothing_of_the_server)
{
    static const struct step stopped = { OUTCOME_STOPPED, 0, "程序要退出", NULL, 0 };
    gint stop = 0;
    set_up(LIVE, &stopped, 1);
    bot->stop = script.stops = &stop;
    fixture_begin(f);
    office_set(f->db, "mail_fault", "连不上");
    fixture_commit(f);
    gint64 id = add_row("mail", "a");
    ck_assert_int_eq(deliver(bot), STAGE_WORKED);
    check_row(id, OUT_QUEUED, 0, NULL);
    g_autofree char *fault = office_get(f->db, "mail_fault");
    ck_assert_str_eq(fault, "连不上"); /* as it was */
    tear_down();
}
END_TEST

START_TEST(a_group_that_was_given_up_is_no_fault_and_nothing_waits_for_it)
{
    static const struct step gone = { OUTCOME_STOPPED, 93000, "没有这个机器人", NULL, 0 };
    struct script group;
    set_up(LIVE, &gone, 1);
    script_attach(&group, &bot->wecom, &gone, 1);
    gint64 id = add_row("wecom", "n");
    ck_assert_int_eq(deliver(bot), STAGE_FAILED);
    g_autofree char *fault = office_get(f->db, "wecom_fault");
    ck_assert_str_eq(fault, "没有这个机器人");
    bot->wecom = NULL;
    deliver(bot);
    g_autofree char *after = office_get(f->db, "wecom_fault");
    ck_assert_str_eq(after, "");
    check_row(id, OUT_CANCELLED, 0, "没有设置企业微信");
    script_clear(&group);
    tear_down();
}
END_TEST

/* A clock that ran ahead for a day, and was set right, left these behind. */
START_TEST(attempts_of_the_future_do_not_hold_up_the_mail)
{
    static const struct step step = { OUTCOME_SENT, 250, "OK", NULL, 0 };
    gint64 now = g_get_real_time() / G_USEC_PER_SEC;
    set_up(LIVE "[smtp]\nper_minute = 2\n", &step, 1);
    fixture_begin(f);
    for (int i = 0; i < 5; i++)
        pace_add(f->db, "mail", now + 365 * 24 * 60 * 60 + i);
    fixture_commit(f);
    gint64 one = add_row("mail", "a"), two = add_row("mail", "b"), three = add_row("mail", "c");
    ck_assert_int_eq(deliver(bot), STAGE_WORKED);
    check_row(one, OUT_SENT, 1, "OK");
    check_row(two, OUT_SENT, 1, "OK");
    check_row(three, OUT_QUEUED, 0, NULL);
    ck_assert_int_gt(bot->allowed_at, now + 50);
    ck_assert_int_lt(bot->allowed_at, now + 90);
    tear_down();
}
END_TEST

START_TEST(the_null_sender_takes_everything)
{
    set_up(LIVE, NULL, 0);
    bot->mail = null_sender();
    gint64 id = add_row("mail", "a");
    ck_assert_int_eq(deliver(bot), STAGE_WORKED);
    check_row(id, OUT_SENT, 1, NULL);
    tear_down();
}
END_TEST

TEST_MAIN("bot/deliver", each_outcome_has_its_state_and_what_failed_is_told_to_a_person,
          what_was_sent_failed_or_is_uncertain_is_never_sent_again,
          a_refused_recipient_is_marked_and_the_others_accepted,
          a_deferred_mail_waits_longer_each_time_and_then_fails,
          the_servers_own_waiting_time_is_kept,
          a_stopped_channel_keeps_everything_queued_and_its_fault_is_remembered,
          under_hold_nothing_leaves_and_live_lets_it_go,
          the_mail_is_whole_and_a_push_goes_its_own_way,
          what_a_stop_called_off_is_queued_and_says_nothing_of_the_server,
          a_group_that_was_given_up_is_no_fault_and_nothing_waits_for_it,
          attempts_of_the_future_do_not_hold_up_the_mail, the_null_sender_takes_everything)
