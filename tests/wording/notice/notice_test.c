/* Notices and single sentences: which fields they must give. In a table row, `want` maps a path
 * ("contacts.0.name") to a value, `tags` to the warnings that must stand there and no others,
 * `secret` to whether the paper bears a mark. */
#include "test.h"

#include "wording/wording.h"
#include <string.h>

static int asked, missed;

static json_t *at_path(json_t *json, const char *path)
{
    g_auto(GStrv) steps = g_strsplit(path, ".", -1);
    for (char **step = steps; *step != NULL && json != NULL; step++)
        json = json_is_array(json) ? json_array_get(json, (size_t)atoi(*step))
                                   : json_object_get(json, *step);
    return json;
}

static gboolean is_empty(json_t *value)
{
    return value == NULL || json_is_null(value) ||
           (json_is_array(value) && json_array_size(value) == 0);
}

static char *shown(json_t *value)
{
    return value != NULL ? json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT) : strdup("nothing");
}

static gboolean warned(json_t *notice, const char *tag)
{
    size_t i;
    json_t *one;
    json_array_foreach (json_object_get(notice, "warnings"), i, one) {
        if (strcmp(json_string_value(json_object_get(one, "tag")), tag) == 0)
            return TRUE;
    }
    return FALSE;
}

/* Only the tags about days are complete in a single sentence: it names no contact. */
static gboolean tags_differ(json_t *notice, json_t *tags, gboolean whole)
{
    static const char *const of_days[] = {
        "weekday_mismatch", "past_deadline", "two_deadlines",
        "nonworking_day",   "doubtful_date", "relative_deadline"
    };
    static const char *const others[] = { "no_contact", "no_silence_rule", "missing_annex",
                                          "secret_marking" };
    gboolean differ = FALSE;
    size_t i;
    json_t *tag;
    json_array_foreach (tags, i, tag) {
        if (!warned(notice, json_string_value(tag)))
            differ = TRUE;
    }
    for (gsize k = 0; k < G_N_ELEMENTS(of_days) + (whole ? G_N_ELEMENTS(others) : 0); k++) {
        const char *name =
            k < G_N_ELEMENTS(of_days) ? of_days[k] : others[k - G_N_ELEMENTS(of_days)];
        gboolean wanted = FALSE;
        json_array_foreach (tags, i, tag)
            wanted = wanted || strcmp(json_string_value(tag), name) == 0;
        differ = differ || (warned(notice, name) && !wanted);
    }
    return differ;
}

/* How many fields of a row are wrong; a field left empty is only counted. */
static int judge(json_t *row, json_t *notice, gboolean whole)
{
    const char *path, *name = json_string_value(json_object_get(row, "name"));
    json_t *wanted;
    int wrong = 0;
    json_object_foreach (json_object_get(row, "want"), path, wanted) {
        json_t *got = at_path(notice, path);
        gboolean ok = json_equal(got, wanted) || (is_empty(got) && is_empty(wanted));
        if (strcmp(path, "tags") == 0)
            ok = !tags_differ(notice, wanted, whole);
        if (strcmp(path, "secret") == 0)
            ok = warned(notice, "secret_marking") == json_is_true(wanted);
        asked++;
        gboolean absent = !ok && is_empty(got) && path[0] != 't' && path[0] != 's';
        missed += absent;
        wrong += !ok && !absent;
        if (!ok) {
            char *a = shown(strcmp(path, "tags") == 0 ? json_object_get(notice, "warnings") : got);
            char *b = shown(wanted);
            printf("%s: %s is %s, not %s\n", name, path, a, b);
            free(a);
            free(b);
        }
    }
    return wrong;
}

static void check_evidence(const char *text, json_t *notice)
{
    const char *path;
    json_t *sentence;
    json_object_foreach (json_object_get(notice, "evidence"), path, sentence)
        ck_assert_msg(strstr(text, json_string_value(sentence)) != NULL &&
                          *json_string_value(sentence),
                      "%s: %s", path, json_string_value(sentence));
    static const char *const fields[] = {
        "title",          "number",        "kind",
        "issuer",         "date",          "deadline",
        "silence",        "mailbox",       "contacts",
        "documents",      "annexes",       "units",
        "deadlines",      "recipients",    "requires.electronic",
        "requires.paper", "requires.seal", "requires.fax_accepted"
    };
    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++)
        ck_assert_msg(is_empty(at_path(notice, fields[i])) ==
                          (json_object_get(json_object_get(notice, "evidence"), fields[i]) == NULL),
                      "%s", fields[i]);
}

static int judge_table(const char *file, gboolean whole)
{
    g_autofree char *bytes = test_data(file, NULL);
    json_auto_t *rows = json_loads(bytes, 0, NULL);
    ck_assert(json_is_array(rows));
    int wrong = 0;
    size_t i;
    json_t *row;
    json_array_foreach (rows, i, row) {
        struct notice_setting setting = { 0 };
        const char *date = json_string_value(json_object_get(row, "date"));
        if (date != NULL)
            ck_assert(day_parse(date, &setting.date));
        const char *text = json_string_value(json_object_get(row, "text"));
        setting.exclusive = json_is_true(json_object_get(row, "exclusive"));
        json_auto_t *notice = notice_read(text, &setting);
        check_evidence(text, notice);
        wrong += judge(row, notice, whole);
    }
    return wrong;
}

START_TEST(no_field_is_read_wrongly_and_hardly_one_is_left_empty)
{
    asked = missed = 0;
    int wrong =
        judge_table("notices/sentences.json", FALSE) + judge_table("notices/notices.json", TRUE);
    ck_assert_msg(wrong == 0, "%d of %d fields are wrong", wrong, asked);
    ck_assert_msg(missed * 10 <= asked, "%d of %d fields are left empty", missed, asked);
}
END_TEST

static void is_text(json_t *notice, const char *path, const char *wanted)
{
    const char *got = json_string_value(at_path(notice, path));
    ck_assert_msg(g_strcmp0(got, wanted) == 0, "%s is %s, not %s", path, got ? got : "null",
                  wanted);
}

START_TEST(the_seed_notice_yields_everything)
{
    struct notice_setting setting = { 0 };
    g_autofree char *bytes = test_data("notices/seed.txt", NULL);
    g_autofree char *text = text_clean(bytes, -1);
    json_auto_t *n = notice_read(text, &setting);
    check_evidence(text, n);
    is_text(n, "title",
            "关于征求《柳州市全民科学素质工作领导小组工作规则》等五个文件修改意见的通知");
    is_text(n, "kind", "consultation");
    is_text(n, "issuer", "柳州市全民科学素质工作领导小组办公室");
    is_text(n, "deadline", "2019-06-21");
    is_text(n, "silence", "deemed_no_objection");
    is_text(n, "mailbox", "lzkxkpb@163.com");
    is_text(n, "contacts.0.name", "陈琰琰");
    is_text(n, "contacts.0.phone", "2625843");
    is_text(n, "contacts.0.fax", "2621042");
    is_text(n, "recipients.0", "市全民科学素质工作领导小组各成员单位");
    is_text(n, "documents.0", "柳州市全民科学素质工作领导小组工作规则");
    is_text(n, "documents.4", "柳州市全民科学素质工作领导小组各成员单位具体职责");
    is_text(n, "annexes.0", "《柳州市全民科学素质工作领导小组工作规则》等五个文件");
    is_text(n, "annexes.1", "关于印发《自治区全民科学素质工作领导小组工作规则》等五个文件的通知");
    is_text(n, "units.0.name", "市委组织部");
    is_text(n, "units.3.name", "市教育局");
    is_text(n, "units.3.duties.4", "加强青少年科普场所、科普设施建设。");
    is_text(n, "units.26.name", "市关工委");
    is_text(n, "deadlines.0.what", "修改意见纸质文档（加盖公章）");
    is_text(n, "warnings.0.tag", "missing_annex");
    ck_assert(json_is_null(json_object_get(n, "number")));
    ck_assert(json_is_null(json_object_get(n, "date")));
    static const struct {
        const char *list;
        size_t n;
    } lists[] = { { "documents", 5 }, { "units", 27 },   { "contacts", 1 },  { "annexes", 2 },
                  { "deadlines", 1 }, { "warnings", 1 }, { "recipients", 1 } };
    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++)
        ck_assert_msg(json_array_size(json_object_get(n, lists[i].list)) == lists[i].n, "%s",
                      lists[i].list);
    static const char *const needs[] = { "electronic", "paper", "seal", "fax_accepted" };
    for (gsize i = 0; i < G_N_ELEMENTS(needs); i++)
        ck_assert(json_is_true(json_object_get(json_object_get(n, "requires"), needs[i])));
}
END_TEST

/* Each took a minute or more where a piece of it was looked for from every other. */
START_TEST(a_line_without_end_is_read_in_bounded_time)
{
    enum { BYTES = 400 * 1000, SECONDS = 10 };
    static const char *const pieces[] = { "2019年6月21日",
                                          "请于6月21日前报送，",
                                          "6.21前",
                                          "本周五",
                                          "1",
                                          "a",
                                          "电话：",
                                          "《规则》",
                                          "6月1日至",
                                          "收到后3个工作日内反馈。" };
    static const char *const heads[] = { "", "关于征求《规则》意见的通知\n\n各成员单位：\n" };
    gint64 began = g_get_monotonic_time();
    for (gsize i = 0; i < G_N_ELEMENTS(pieces) * G_N_ELEMENTS(heads); i++) {
        struct notice_setting setting = { 0 };
        g_autoptr(GString) text = g_string_new(heads[i % G_N_ELEMENTS(heads)]);
        while (text->len < BYTES)
            g_string_append(text, pieces[i / G_N_ELEMENTS(heads)]);
        json_auto_t *notice = notice_read(text->str, &setting);
        ck_assert(json_is_object(notice));
        ck_assert_msg(g_get_monotonic_time() - began < SECONDS * G_USEC_PER_SEC, "%.60s",
                      text->str);
    }
}
END_TEST

TEST_MAIN("wording/notice", no_field_is_read_wrongly_and_hardly_one_is_left_empty,
          the_seed_notice_yields_everything, a_line_without_end_is_read_in_bounded_time)
