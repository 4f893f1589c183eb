/* File names that strangers chose. */
#include "test.h"
#include <string.h>

START_TEST(a_name_loses_its_path_and_what_is_hidden)
{
    static const struct {
        const char *given, *name;
    } rows[] = {
        { "反馈意见.docx", "反馈意见.docx" },
        { "../../etc/passwd", "passwd" },
        { "C:\\Users\\a\\意见.doc", "意见.doc" },
        { "/", "未命名" },
        { "", "未命名" },
        { "..", "未命名" },
        { ". .\u3000.", "未命名" },
        { "dir/", "未命名" },
        { ".htaccess", "htaccess" },
        { " \u00a0\u3000.. 意见.doc \u3000", "意见.doc" },
        { "a\r\nBcc: x@mail.example", "aBcc: x@mail.example" },
        { "a\x01\x1b\x7f\xc2\x9b.txt", "a.txt" },
        { "报告\u202excod.exe", "报告xcod.exe" },
        { "a\u200b\u2066b\u2028\ufeff.txt", "ab.txt" },
        { "\u200b.hidden", "hidden" },
        { "cafe\u0301.txt", "caf\u00e9.txt" },
        { "两 个  blanks.txt", "两 个  blanks.txt" },
        { "bad\xff.txt", "bad\uFFFD.txt" },
        { "\ue000.txt", "\ue000.txt" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *name = text_filename(rows[i].given);
        ck_assert_str_eq(name, rows[i].name);
        g_autofree char *again = text_filename(name);
        ck_assert_str_eq(again, name);
    }
}
END_TEST

/* 90 characters are 270 bytes: 83 fit before ".docx", 85 without. */
START_TEST(a_long_name_is_cut_between_characters_and_keeps_its_extension)
{
    static const struct {
        const char *extension;
        gsize length;
    } rows[] = { { "", 255 }, { ".docx", 254 }, { ".tar.gz", 255 }, { ".文档", 253 } };
    GString *long_stem = g_string_new(NULL);
    for (int i = 0; i < 90; i++)
        g_string_append(long_stem, "意");
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *given = g_strconcat(long_stem->str, rows[i].extension, NULL);
        g_autofree char *name = text_filename(given);
        const char *dot = strrchr(rows[i].extension, '.');
        ck_assert_msg(strlen(name) == rows[i].length, "%s: %zu", rows[i].extension, strlen(name));
        ck_assert(g_utf8_validate(name, -1, NULL));
        ck_assert(g_str_has_suffix(name, dot != NULL ? dot : "意"));
    }
    g_autofree char *sentence = g_strconcat("a.", long_stem->str, NULL);
    g_autofree char *cut = text_filename(sentence);
    ck_assert_uint_eq(strlen(cut), 254);
    g_string_free(long_stem, TRUE);
}
END_TEST

TEST_MAIN("base/filename", a_name_loses_its_path_and_what_is_hidden,
          a_long_name_is_cut_between_characters_and_keeps_its_extension)
