/* Every document of tests/data/documents says what the .json beside it says. */
#include "documents/read/docx.h"
#include "test.h"

#include <string.h>

static char *indented(const json_t *json)
{
    return json_dumps(json, JSON_INDENT(1) | JSON_SORT_KEYS);
}

/* What is handed out is what Jansson would write. */
static void check_line(const char *name, json_t *json)
{
    char *want = json_dumps(json, JSON_COMPACT);
    GString *line = paper_line(json);
    ck_assert_msg(g_str_has_prefix(line->str, want) && strcmp(line->str + strlen(want), "\n") == 0,
                  "%s: %s", name, line->str);
    g_string_free(line, TRUE);
    free(want);
}

static void check_one(const char *name)
{
    gsize n;
    g_autofree char *path = g_strconcat("documents/", name, NULL);
    g_autofree char *expected_path = g_strconcat(path, ".json", NULL);
    g_autofree char *bytes = test_data(path, &n);
    g_autofree char *expected_text = test_data(expected_path, NULL);
    json_t *expected = json_loads(expected_text, 0, NULL);
    json_t *json = paper_read(name, bytes, n, -1);
    char *want = indented(expected), *got = indented(json);
    ck_assert_msg(strcmp(want, got) == 0, "%s: expected %s\ngot %s", name, want, got);
    check_line(name, json);
    free(want);
    free(got);
    json_decref(json);
    json_decref(expected);
}

START_TEST(each_document_says_what_is_expected_of_it)
{
    g_autoptr(GDir) folder = g_dir_open(TEST_DATA "/documents", 0, NULL);
    const char *entry;
    int checked = 0;
    paper_init();
    while ((entry = g_dir_read_name(folder)) != NULL) {
        if (!g_str_has_suffix(entry, ".json"))
            continue;
        g_autofree char *name = g_strndup(entry, strlen(entry) - strlen(".json"));
        check_one(name);
        checked++;
    }
    ck_assert_int_ge(checked, 20);
}
END_TEST

START_TEST(numbers_are_written_as_word_writes_them)
{
    static const struct {
        const char *format;
        int number;
        const char *text;
    } rows[] = {
        { "decimal", 12, "12" },
        { "decimalZero", 7, "07" },
        { "chineseCounting", 10, "十" },
        { "chineseCounting", 21, "二十一" },
        { "chineseCountingThousand", 105, "一百零五" },
        { "chineseCountingThousand", 1010, "一千零一十" },
        { "chineseLegalSimplified", 12, "壹拾贰" },
        { "ideographDigital", 20, "二〇" },
        { "ideographTraditional", 3, "丙" },
        { "ideographZodiac", 12, "亥" },
        { "decimalEnclosedCircle", 20, "⑳" },
        { "decimalEnclosedCircle", 21, "㉑" },
        { "decimalEnclosedParen", 2, "⑵" },
        { "decimalFullWidth", 10, "１０" },
        { "upperRoman", 1994, "MCMXCIV" },
        { "lowerLetter", 28, "bb" },
        { "none", 3, "" },
        { "never heard of", 3, "3" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *text = number_text(rows[i].format, rows[i].number);
        ck_assert_msg(strcmp(text, rows[i].text) == 0, "%s %d: %s", rows[i].format, rows[i].number,
                      text);
    }
}
END_TEST

START_TEST(the_line_escapes_what_json_must)
{
    json_t *json =
        json_pack("{ss sn s[ss]}", "text", "a\"b\\c\b\f\n\r\t\x01\x1f\x7f/意见\xF0\x9F\x98\x80",
                  "none", "list", "\"", "意");
    check_line("made up", json);
    json_decref(json);
}
END_TEST

TEST_MAIN("documents/paper", the_line_escapes_what_json_must,
          each_document_says_what_is_expected_of_it, numbers_are_written_as_word_writes_them)
