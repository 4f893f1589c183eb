/* Letters: what a unit is sent, with the token, in text and in HTML; and what issuing refuses. */
#include "handlers/private.h"
#include "story.h"

static struct outbox *notice_of(struct fixture *f, int unit)
{
    gint64 id = outbox_newest(f->db, "notice", f->matter, f->units[unit]);
    return id != 0 ? outbox_get(f->db, id) : NULL;
}

static void put_template(struct fixture *f, const char *name, const char *text)
{
    g_autofree char *folder = office_templates(&f->office);
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_mkdir(folder, 0700);
    ck_assert(g_file_set_contents(path, text, -1, NULL));
}

START_TEST(every_unit_gets_a_notice_with_the_token_in_its_subject)
{
    struct fixture *f = fixture_new();
    story_issue(f, TRUE);
    g_autofree char *token = story_token(f, f->matter);
    for (int i = 0; i < FIXTURE_UNITS; i++) {
        struct outbox *row = notice_of(f, i);
        ck_assert_ptr_nonnull(strstr(row->subject, token));
        ck_assert_ptr_nonnull(strstr(row->subject, "征求五个文件"));
        ck_assert_str_eq(row->recipients->pdata[0], story_address(i));
        ck_assert_ptr_nonnull(strstr(row->text, "请研究。"));
        ck_assert_ptr_nonnull(strstr(row->text, "6月21日"));
        ck_assert_ptr_nonnull(row->message_id);
        ck_assert_int_eq(row->state, OUT_QUEUED);
        outbox_free(row);
    }
    g_autofree char *key = g_strdup_printf("notice/%d/jyj", (int)f->matter);
    ck_assert(outbox_has(f->db, key));
    fixture_free(f);
}
END_TEST

START_TEST(reminders_and_receipts_carry_the_token_too)
{
    struct fixture *f = story_new(FALSE);
    g_autofree char *token = story_token(f, f->matter);
    static const char *const kinds[] = { "reminder", "receipt" };
    clock_fix(at("2019-06-18 09:00"));
    fixture_begin(f);
    ck_assert(reminders_run(&f->office, NULL));
    fixture_commit(f);
    story_reply(f, JYJ, "我局无意见。");
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        gint64 id = outbox_newest(f->db, kinds[i], f->matter, f->units[JYJ]);
        struct outbox *row = outbox_get(f->db, id);
        ck_assert_msg(strstr(row->subject, token) != NULL, "%s", row->subject);
        ck_assert_ptr_nonnull(row->in_reply_to);
        outbox_free(row);
    }
    fixture_free(f);
}
END_TEST

START_TEST(a_name_is_escaped_in_html_and_not_in_text)
{
    struct fixture *f = fixture_new();
    story_issue(f, FALSE);
    struct outbox *row = notice_of(f, YJ);
    ck_assert_ptr_nonnull(strstr(row->text, "市应急<b>&\"x\"局"));
    ck_assert_ptr_nonnull(strstr(row->html, "市应急&lt;b&gt;&amp;&quot;x&quot;局"));
    ck_assert_ptr_null(strstr(row->html, "应急<b>"));
    outbox_free(row);
    fixture_free(f);
}
END_TEST

START_TEST(the_offices_own_text_is_used)
{
    struct fixture *f = fixture_new();
    put_template(f, "notice.txt.mustache", "通知：{{matter.title}}\n\n{{unit.name}}，你好。\n");
    story_issue(f, FALSE);
    struct outbox *row = notice_of(f, JYJ);
    ck_assert(g_str_has_prefix(row->subject, "通知：关于征求五个文件意见的通知"));
    ck_assert_str_eq(row->text, "市教育局，你好。\n");
    outbox_free(row);
    ck_assert_int_eq(review_count(f->db, 0), 0);
    fixture_free(f);
}
END_TEST

START_TEST(a_broken_text_of_the_office_falls_back_to_ours_and_is_told)
{
    static const char *const names[] = { "notice.txt.mustache", "notice.html.mustache" };
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        struct fixture *f = fixture_new();
        put_template(f, names[i], "{{#unit}}never closed");
        story_issue(f, FALSE);
        struct outbox *row = notice_of(f, JYJ);
        ck_assert_ptr_nonnull(row);
        ck_assert_ptr_nonnull(strstr(row->text, "请研究。"));
        ck_assert_ptr_nonnull(strstr(row->html, "请研究。"));
        outbox_free(row);
        GPtrArray *list = review_list(f->db, 0);
        ck_assert_uint_eq(list->len, 1);
        ck_assert_ptr_nonnull(strstr(((struct review *)list->pdata[0])->text, names[i]));
        g_ptr_array_unref(list);
        fixture_free(f);
    }
}
END_TEST

START_TEST(annexes_go_with_the_notice_and_are_named_in_it)
{
    struct fixture *f = fixture_new();
    g_autofree char *sha256 = raw_file(f->db, "doc", 3, NULL);
    fixture_begin(f);
    f->matter = fixture_draft(f, FALSE);
    raw_row(f->db, sha256, "doc", 3);
    annex_add(f->db, f->matter, "实施方案.doc", "application/msword", sha256);
    ck_assert(matter_issue(&f->office, f->matter, NULL));
    fixture_commit(f);
    struct outbox *row = notice_of(f, JYJ);
    ck_assert_uint_eq(row->enclosures->len, 1);
    struct enclosure *file = row->enclosures->pdata[0];
    ck_assert_str_eq(file->filename, "实施方案.doc");
    ck_assert_str_eq(file->sha256, sha256);
    ck_assert_ptr_nonnull(strstr(row->text, "实施方案.doc"));
    outbox_free(row);
    fixture_free(f);
}
END_TEST

START_TEST(under_hold_everything_is_prepared_and_nothing_queued)
{
    struct fixture *f = fixture_new();
    f->policy.hold = f->policy.wecom = TRUE;
    story_issue(f, FALSE);
    ck_assert_int_eq(outbox_count(f->db, OUT_QUEUED, 0), 0);
    ck_assert_int_ge(outbox_count(f->db, OUT_HELD, 0), FIXTURE_UNITS + 1);
    fixture_free(f);
}
END_TEST

START_TEST(a_unit_without_an_address_is_told_to_a_person)
{
    struct fixture *f = fixture_new();
    struct unit *unit = unit_get(f->db, f->units[JYJ]);
    fixture_begin(f);
    contact_end(f->db, ((struct contact *)unit->contacts->pdata[0])->id, clock_now());
    fixture_commit(f);
    unit_free(unit);
    story_issue(f, FALSE);
    ck_assert_ptr_null(notice_of(f, JYJ));
    ck_assert_int_eq(outbox_count(f->db, OUT_QUEUED, f->matter), FIXTURE_UNITS - 1);
    GPtrArray *list = review_list(f->db, f->matter);
    ck_assert_uint_eq(list->len, 1);
    ck_assert_int_eq(((struct review *)list->pdata[0])->unit, f->units[JYJ]);
    g_ptr_array_unref(list);
    fixture_free(f);
}
END_TEST

START_TEST(what_a_matters_state_does_not_allow_is_refused)
{
    struct fixture *f = story_new(FALSE);
    gint64 rows = outbox_count(f->db, OUT_SENT, 0);
    typedef gboolean act(struct office * office, gint64 matter, GError * *error);
    static act *const acts[] = { matter_issue, matter_close, matter_close, matter_cancel };
    static const gboolean allowed[] = { FALSE, TRUE, FALSE, FALSE };
    for (gsize i = 0; i < G_N_ELEMENTS(acts); i++) {
        g_autoptr(GError) error = NULL;
        fixture_begin(f);
        ck_assert_msg(acts[i](&f->office, f->matter, &error) == allowed[i], "act %d", (int)i);
        ck_assert(allowed[i] || g_error_matches(error, FAULT, FAULT_REFUSED));
        fixture_commit(f);
    }
    g_autoptr(GError) error = NULL;
    clock_fix(at("2019-06-22 09:00"));
    fixture_begin(f);
    gint64 past = fixture_draft(f, FALSE);
    ck_assert(!matter_issue(&f->office, past, &error));
    ck_assert(g_error_matches(error, FAULT, FAULT_REFUSED));
    ck_assert(!matter_issue(&f->office, 99, NULL));
    fixture_commit(f);
    ck_assert_int_eq(outbox_count(f->db, OUT_SENT, 0), rows);
    ck_assert_int_eq(outbox_count(f->db, OUT_QUEUED, past), 0);
    fixture_free(f);
}
END_TEST

TEST_MAIN("handlers/letter", every_unit_gets_a_notice_with_the_token_in_its_subject,
          reminders_and_receipts_carry_the_token_too, a_name_is_escaped_in_html_and_not_in_text,
          the_offices_own_text_is_used, a_broken_text_of_the_office_falls_back_to_ours_and_is_told,
          annexes_go_with_the_notice_and_are_named_in_it,
          under_hold_everything_is_prepared_and_nothing_queued,
          a_unit_without_an_address_is_told_to_a_person,
          what_a_matters_state_does_not_allow_is_refused)
