/* The digest: once a working day, the bot's own troubles first, names but no opinions pushed. */
#include "handlers/private.h"
#include "story.h"

static void run(struct fixture *f, const char *when)
{
    g_autoptr(GError) error = NULL;
    clock_fix(at(when));
    fixture_begin(f);
    ck_assert_msg(digest_run(&f->office, &error), "%s", error ? error->message : "?");
    fixture_commit(f);
}

/* The newest row of a kind on a channel; free with outbox_free. */
static struct outbox *newest(struct fixture *f, const char *channel, const char *kind)
{
    struct outbox *found = NULL;
    GArray *rows = outbox_list(f->db, -1, 0);
    for (guint i = 0; i < rows->len; i++) {
        struct outbox *row = outbox_get(f->db, g_array_index(rows, gint64, i));
        gboolean fits = g_str_equal(row->channel, channel) && g_str_equal(row->kind, kind);
        struct outbox *other = fits ? found : row;
        found = fits ? row : found;
        outbox_free(other);
    }
    g_array_unref(rows);
    return found;
}

static void all_is_well(struct fixture *f)
{
    gint64 now = clock_now();
    fixture_begin(f);
    for (char **name = f->policy.folders; *name != NULL; name++)
        folder_set(f->db, *name, &(struct folder){ 7, 1, 1, now, now });
    fixture_commit(f);
}

START_TEST(a_digest_goes_out_once_a_working_day_even_when_nothing_happened)
{
    static const struct {
        const char *when;
        guint digests;
    } table[] = {
        { "2019-06-07 10:00", 0 }, /* a holiday */
        { "2019-06-08 10:00", 0 }, /* Saturday */
        { "2019-06-10 08:59", 0 }, { "2019-06-10 09:00", 1 }, { "2019-06-10 15:00", 1 },
        { "2019-06-11 08:00", 1 }, { "2019-06-11 16:00", 2 }, /* the bot was off at nine */
        { "2019-06-15 10:00", 2 }, { "2019-09-29 10:00", 3 }, /* a Sunday that is worked */
    };
    struct fixture *f = fixture_new();
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        run(f, table[i].when);
        story_accept_all(f);
        ck_assert_msg(story_count_kind(f, "digest") == table[i].digests, "%s", table[i].when);
    }
    fixture_free(f);
}
END_TEST

START_TEST(it_goes_to_the_clerks_or_else_to_the_office_itself)
{
    struct fixture *f = fixture_new();
    run(f, "2019-06-10 09:00");
    struct outbox *row = newest(f, "mail", "digest");
    ck_assert_uint_eq(row->recipients->len, 1);
    ck_assert_str_eq(row->recipients->pdata[0], "office@office.example");
    outbox_free(row);
    struct contact clerk = { .role = ROLE_CLERK,
                             .name = (char *)"经办甲",
                             .email = (char *)"clerk2@office.example",
                             .phone = (char *)"",
                             .mobile = (char *)"",
                             .since = clock_now() };
    fixture_begin(f);
    contact_add(f->db, unit_by_code(f->db, UNIT_OFFICE), &clerk);
    fixture_commit(f);
    run(f, "2019-06-11 09:00");
    row = newest(f, "mail", "digest");
    ck_assert_uint_eq(row->recipients->len, 1);
    ck_assert_str_eq(row->recipients->pdata[0], "clerk2@office.example");
    outbox_free(row);
    fixture_free(f);
}
END_TEST

START_TEST(the_bots_own_trouble_comes_before_everything_else)
{
    struct fixture *f = story_new(FALSE);
    clock_fix(at("2019-06-11 09:00"));
    all_is_well(f);
    json_t *well = health_json(&f->office);
    ck_assert_uint_eq(json_array_size(well), 0);
    json_decref(well);
    fixture_begin(f);
    outbox_set_result(f->db, outbox_newest(f->db, "notice", f->matter, f->units[JYJ]), OUT_FAILED,
                      550, "no", 0);
    fixture_commit(f);
    json_t *health = health_json(&f->office);
    ck_assert_uint_eq(json_array_size(health), 1);
    const char *line = json_string_value(json_object_get(json_array_get(health, 0), "text"));
    run(f, "2019-06-11 09:00");
    struct outbox *row = newest(f, "mail", "digest");
    const char *trouble = strstr(row->text, line), *title = strstr(row->text, "征求五个文件");
    ck_assert_ptr_nonnull(trouble);
    ck_assert_ptr_nonnull(title);
    ck_assert(trouble < title);
    /* Only a heading stands before it. */
    g_autofree char *before = g_strndup(row->text, trouble - row->text);
    g_auto(GStrv) lines = g_strsplit(before, "\n", -1);
    ck_assert_uint_le(g_strv_length(lines), 2);
    outbox_free(row);
    json_decref(health);
    fixture_free(f);
}
END_TEST

START_TEST(a_mailbox_that_was_not_read_for_half_an_hour_is_a_trouble_in_office_hours)
{
    struct fixture *f = fixture_new();
    static const struct {
        const char *read, *now;
        size_t troubles;
    } table[] = { { "2019-06-11 09:00", "2019-06-11 09:30", 0 },
                  { "2019-06-11 09:00", "2019-06-11 09:31", 1 },
                  { "2019-06-11 09:00", "2019-06-11 22:00", 0 },
                  { "2019-06-11 09:00", "2019-06-15 10:00", 0 } };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        clock_fix(at(table[i].read));
        all_is_well(f);
        clock_fix(at(table[i].now));
        json_t *health = health_json(&f->office);
        ck_assert_msg(json_array_size(health) == table[i].troubles, "%s", table[i].now);
        json_decref(health);
    }
    fixture_free(f);
}
END_TEST

START_TEST(it_names_who_is_missing_and_who_owes_only_paper)
{
    struct fixture *f = story_new(TRUE);
    story_reply(f, JYJ, "我局无意见。");
    story_reply(f, WTJ, "我局无意见。");
    fixture_begin(f);
    ck_assert(
        ledger_paper(&f->office, f->matter, f->units[WTJ], HOW_PAPER, STANCE_NO_COMMENT, NULL));
    fixture_commit(f);
    json_t *digest = digest_json(&f->office);
    json_t *matter = json_array_get(json_object_get(digest, "matters"), 0);
    json_t *missing = json_object_get(matter, "missing");
    json_t *paper = json_object_get(matter, "paper_missing");
    ck_assert_uint_eq(json_array_size(missing), 2);
    ck_assert_uint_eq(json_array_size(paper), 1);
    json_decref(digest);
    run(f, "2019-06-11 09:00");
    struct outbox *row = newest(f, "mail", "digest");
    ck_assert_ptr_nonnull(strstr(row->text, "气象局"));
    ck_assert_ptr_nonnull(strstr(row->text, "教育局"));
    ck_assert_ptr_null(strstr(row->text, "文体局"));
    ck_assert_ptr_nonnull(strstr(row->html, "气象局"));
    outbox_free(row);
    fixture_free(f);
}
END_TEST

START_TEST(whose_silence_was_consent_owes_no_paper)
{
    struct fixture *f = story_new(TRUE);
    story_reply(f, JYJ, "我局无意见。");
    fixture_begin(f);
    assignment_set_status(f->db, f->matter, f->units[WTJ], STATUS_DEEMED, NULL);
    fixture_commit(f);
    json_auto_t *status = status_json(&f->office, f->matter);
    json_t *counts = json_object_get(status, "counts");
    ck_assert_int_eq(json_integer_value(json_object_get(counts, "paper_waiting")), 4);
    ck_assert_int_eq(json_integer_value(json_object_get(counts, "paper_owed")), 3);
    run(f, "2019-06-11 09:00");
    struct outbox *row = newest(f, "mail", "digest");
    ck_assert_ptr_nonnull(strstr(row->text, "已反馈、还欠纸质件 1：市教育局"));
    ck_assert_ptr_nonnull(strstr(row->text, "视为无异议的有 1 个没有纸质件"));
    outbox_free(row);
    fixture_free(f);
}
END_TEST

START_TEST(what_waits_for_a_person_is_listed_with_its_reason)
{
    struct fixture *f = story_new(FALSE);
    g_autofree char *bytes = story_letter(f, "x@stranger.example", "有<b>事</b>相问", "", "你好");
    story_arrives(f, bytes);
    GPtrArray *list = review_list(f->db, 0);
    ck_assert_uint_eq(list->len, 1);
    struct review *item = list->pdata[0];
    run(f, "2019-06-11 09:00");
    struct outbox *row = newest(f, "mail", "digest");
    ck_assert_ptr_nonnull(strstr(row->text, item->text));
    ck_assert_ptr_nonnull(strstr(row->text, "x@stranger.example"));
    ck_assert_ptr_null(strstr(row->html, "<b>事"));
    g_ptr_array_unref(list);
    outbox_free(row);
    fixture_free(f);
}
END_TEST

START_TEST(the_group_gets_counts_but_no_opinion_and_only_if_there_is_one)
{
    struct fixture *f = story_new(FALSE);
    story_reply(f, JYJ, "建议将第三条的蓝色大象删除。");
    run(f, "2019-06-11 09:00");
    ck_assert_ptr_null(newest(f, "wecom", "news"));
    f->policy.wecom = TRUE;
    run(f, "2019-06-12 09:00");
    struct outbox *row = newest(f, "wecom", "news");
    ck_assert_ptr_nonnull(row);
    ck_assert_ptr_nonnull(strstr(row->text, "征求五个文件"));
    ck_assert_ptr_null(strstr(row->text, "蓝色大象"));
    ck_assert_uint_le(strlen(row->text), 4096);
    outbox_free(row);
    fixture_free(f);
}
END_TEST

TEST_MAIN("handlers/digest", a_digest_goes_out_once_a_working_day_even_when_nothing_happened,
          it_goes_to_the_clerks_or_else_to_the_office_itself,
          the_bots_own_trouble_comes_before_everything_else,
          a_mailbox_that_was_not_read_for_half_an_hour_is_a_trouble_in_office_hours,
          it_names_who_is_missing_and_who_owes_only_paper, whose_silence_was_consent_owes_no_paper,
          what_waits_for_a_person_is_listed_with_its_reason,
          the_group_gets_counts_but_no_opinion_and_only_if_there_is_one)
