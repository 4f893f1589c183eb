/* Alarms: told once by every channel that works, again when it got worse, and when it is over. */
#include "handlers/private.h"
#include "story.h"

static void run(struct fixture *f, const char *when)
{
    g_autoptr(GError) error = NULL;
    clock_fix(at(when));
    fixture_begin(f);
    ck_assert_msg(alarms_run(&f->office, &error), "%s", error ? error->message : "?");
    fixture_commit(f);
}

static struct fixture *fixture_watched(const char *founded)
{
    struct fixture *f = fixture_new();
    g_autofree char *text = instant_text(at(founded));
    f->policy.wecom = TRUE;
    fixture_begin(f);
    office_set(f->db, "created_at", text);
    fixture_commit(f);
    return f;
}

static void read_whole(struct fixture *f, const char *when)
{
    gint64 now = at(when);
    fixture_begin(f);
    for (char **name = f->policy.folders; *name != NULL; name++)
        folder_set(f->db, *name, &(struct folder){ 7, 1, 1, now, now });
    fixture_commit(f);
}

static void fault(struct fixture *f, const char *key, const char *text)
{
    fixture_begin(f);
    office_set(f->db, key, text);
    fixture_commit(f);
}

/* "B": a trouble was told, "G": that it is over; in order. */
static char *told(struct fixture *f, const char *channel)
{
    GString *all = g_string_new(NULL);
    g_autoptr(GArray) rows = outbox_list(f->db, -1, 0);
    for (guint i = 0; i < rows->len; i++) {
        struct outbox *row = outbox_get(f->db, g_array_index(rows, gint64, i));
        if (g_str_equal(row->channel, channel) && strstr(row->key, "alarm/") != NULL)
            g_string_append_c(all, strstr(row->key, "/good") != NULL ? 'G' : 'B');
        outbox_free(row);
    }
    return g_string_free(all, FALSE);
}

static void expect(struct fixture *f, const char *mail, const char *wecom, const char *where)
{
    g_autofree char *mails = told(f, "mail"), *pushes = told(f, "wecom");
    if (!g_str_equal(mails, mail) || !g_str_equal(pushes, wecom))
        ck_abort_msg("%s: mail “%s”, WeCom “%s”", where, mails, pushes);
}

/* Office hours are 08:30-12:00 and 14:30-17:30. */
static const struct {
    const char *when, *read; /* read: a complete reading just before */
    const char *fault;       /* NULL: as before */
    const char *told;
} silence[] = {
    { "2019-06-10 09:00", "2019-06-10 08:55", "", "" },
    { "2019-06-10 09:20", NULL, "连不上", "" },
    { "2019-06-10 09:26", NULL, NULL, "B" },
    { "2019-06-10 11:00", NULL, NULL, "B" }, /* once */
    { "2019-06-10 12:01", NULL, NULL, "B" }, /* lunch mends nothing */
    { "2019-06-10 20:00", NULL, NULL, "B" }, /* nor does the evening */
    { "2019-06-11 09:00", NULL, NULL, "B" }, /* nor is it a new one */
    { "2019-06-11 09:05", "2019-06-11 09:05", "", "BG" },
    { "2019-06-11 09:10", NULL, "连不上", "BG" },
    { "2019-06-11 18:00", NULL, NULL, "BG" }, /* it went silent after hours: told in the morning */
    { "2019-06-12 08:30", NULL, NULL, "BGB" },
    { "2019-06-12 08:31", "2019-06-12 08:31", "", "BGBG" },
};

START_TEST(a_silent_mailbox_is_told_in_office_hours_and_over_only_with_a_reading)
{
    struct fixture *f = fixture_watched("2019-06-10 08:00");
    for (gsize i = 0; i < G_N_ELEMENTS(silence); i++) {
        if (silence[i].read != NULL)
            read_whole(f, silence[i].read);
        if (silence[i].fault != NULL)
            fault(f, "receive_fault", silence[i].fault);
        if (g_str_equal(silence[i].when, "2019-06-11 18:00"))
            read_whole(f, "2019-06-11 17:29");
        run(f, silence[i].when);
        expect(f, silence[i].told, silence[i].told, silence[i].when);
    }
    fixture_free(f);
}
END_TEST

START_TEST(a_mailbox_that_was_never_read_is_told)
{
    struct fixture *f = fixture_watched("2019-06-10 08:40");
    run(f, "2019-06-10 09:09");
    expect(f, "", "", "before half an hour");
    run(f, "2019-06-10 09:11");
    expect(f, "B", "B", "after it");
    fixture_free(f);
}
END_TEST

START_TEST(a_refused_login_that_becomes_a_dead_server_is_not_over)
{
    struct fixture *f = fixture_watched("2019-06-10 08:00");
    read_whole(f, "2019-06-10 09:00");
    fault(f, "receive_fault", "拒绝登录");
    fault(f, "receive_refused", "拒绝登录");
    run(f, "2019-06-10 09:01");
    expect(f, "B", "B", "at once");
    fault(f, "receive_fault", "连不上");
    fault(f, "receive_refused", "");
    run(f, "2019-06-10 09:02");
    expect(f, "B", "B", "another cause");
    fault(f, "receive_fault", "");
    read_whole(f, "2019-06-10 09:03");
    run(f, "2019-06-10 09:03");
    expect(f, "BG", "BG", "read");
    fixture_free(f);
}
END_TEST

START_TEST(a_broken_channel_is_told_by_the_other)
{
    struct fixture *f = fixture_watched("2019-06-10 08:00");
    read_whole(f, "2019-06-10 09:00");
    fault(f, "mail_fault", "535");
    run(f, "2019-06-10 09:00");
    expect(f, "", "B", "mail");
    fault(f, "mail_fault", "");
    fault(f, "wecom_fault", "93000");
    run(f, "2019-06-10 09:00");
    expect(f, "B", "BG", "WeCom");
    fixture_free(f);
}
END_TEST

static gint64 add_failed(struct fixture *f, const char *key)
{
    struct outbox *row = outbox_new();
    row->key = g_strdup(key);
    row->channel = g_strdup("mail");
    row->kind = g_strdup("notice");
    row->message_id = g_strdup(key);
    row->subject = g_strdup("通知");
    row->text = g_strdup("正文");
    fixture_begin(f);
    gint64 id = outbox_add(f->db, row);
    outbox_set_result(f->db, id, OUT_FAILED, 550, "550", 0);
    fixture_commit(f);
    outbox_free(row);
    return id;
}

static void cancel(struct fixture *f, gint64 id)
{
    fixture_begin(f);
    outbox_set_state(f->db, id, OUT_CANCELLED);
    fixture_commit(f);
}

START_TEST(each_further_failure_is_told_but_not_that_of_an_alarm)
{
    struct fixture *f = fixture_watched("2019-06-10 08:00");
    read_whole(f, "2019-06-10 09:00");
    gint64 first = add_failed(f, "notice/1/jyj");
    run(f, "2019-06-10 09:00");
    run(f, "2019-06-10 09:01");
    expect(f, "B", "B", "the first");
    gint64 second = add_failed(f, "notice/1/wtj");
    run(f, "2019-06-10 09:02");
    run(f, "2019-06-10 09:03");
    expect(f, "BB", "BB", "the second");
    cancel(f, first);
    run(f, "2019-06-10 09:04");
    gint64 third = add_failed(f, "notice/1/qxj");
    run(f, "2019-06-10 09:05");
    expect(f, "BBB", "BBB", "one went, another came");
    gint64 ours = add_failed(f, "alarm/disk/1/bad");
    cancel(f, ours);
    fixture_begin(f);
    outbox_set_result(f->db, ours, OUT_FAILED, 550, "550", 0);
    fixture_commit(f);
    run(f, "2019-06-10 09:06");
    expect(f, "BBBB", "BBB", "an alarm that failed (itself the fourth mail)");
    cancel(f, second);
    cancel(f, third);
    run(f, "2019-06-10 09:07");
    expect(f, "BBBBG", "BBBG", "all settled");
    fixture_free(f);
}
END_TEST

START_TEST(an_alarm_says_what_to_do)
{
    static const struct {
        const char *key, *word;
    } table[] = { { "receive_refused", "授权码" }, { "wecom_fault", "[wecom] url" } };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        struct fixture *f = fixture_watched("2019-06-10 08:00");
        read_whole(f, "2019-06-10 09:00");
        fault(f, table[i].key, "故障");
        run(f, "2019-06-10 09:00");
        g_autoptr(GArray) rows = outbox_list(f->db, -1, 0);
        struct outbox *row = outbox_get(f->db, g_array_index(rows, gint64, 0));
        ck_assert_msg(strstr(row->text, table[i].word) != NULL, "%s", row->text);
        ck_assert_ptr_nonnull(strstr(row->html, table[i].word));
        outbox_free(row);
        fixture_free(f);
    }
}
END_TEST

TEST_MAIN("handlers/alarm", a_silent_mailbox_is_told_in_office_hours_and_over_only_with_a_reading,
          a_mailbox_that_was_never_read_is_told,
          a_refused_login_that_becomes_a_dead_server_is_not_over,
          a_broken_channel_is_told_by_the_other,
          each_further_failure_is_told_but_not_that_of_an_alarm, an_alarm_says_what_to_do)
