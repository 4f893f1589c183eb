/* Text made valid, compact, printable, and of a width. */
#include "test.h"
#include <string.h>

#define HASH_OF_NOTHING "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define HASH_OF_ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

START_TEST(bytes_become_valid_text_with_plain_line_ends)
{
    static const struct {
        const char *bytes;
        gssize n;
        const char *text;
    } rows[] = {
        { "", -1, "" },
        { "市教育局：\r\n无意见。\r\n", -1, "市教育局：\n无意见。\n" },
        { "a\rb\r\rc\r", -1, "a\nb\n\nc\n" },
        { "a\r\r\nb", -1, "a\n\nb" },
        { "a\0b\0", 4, "ab" },
        { "\0", 1, "" },
        { "abcdef", 3, "abc" },
        { "中文", 4, "中\uFFFD" },
        { "a\xff\xfe z", -1, "a\uFFFD\uFFFD z" },
        { "\xed\xa0\x80", -1, "\uFFFD\uFFFD\uFFFD" },
        { "\xc0\xaf", -1, "\uFFFD\uFFFD" },
        { "\xf0\x9f\x98\x80\U00020BB7", -1, "\U0001F600\U00020BB7" },
        { "tab\tstays\x1b", -1, "tab\tstays\x1b" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *text = text_clean(rows[i].bytes, rows[i].n);
        ck_assert_str_eq(text, rows[i].text);
        ck_assert(g_utf8_validate(text, -1, NULL));
    }
}
END_TEST

START_TEST(compact_text_has_no_blank_of_any_kind)
{
    static const struct {
        const char *text, *compact;
    } rows[] = {
        { "", "" },
        { " 无 意　见\r\n。\t", "无意见。" },
        { "无\u00a0意\u2003见\u202f", "无意见" },
        { "无\u200b意\u200c见\u200d\ufeff\u2060", "无意见" },
        { "无\u202e意\u2066见\u200f", "无意见" },
        { "无\xc2\x85意\x0b\x0c见\u2028", "无意见" },
        { "no comment", "nocomment" },
        { "“引用” … 、。，：\u3000Ａ\u2028\u200e\u2010", "“引用”…、。，：Ａ\u2010" },
        { "\ue000私用", "\ue000私用" },
        { "bad\xe6\x97", "bad\uFFFD\uFFFD" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *compact = text_compact(rows[i].text);
        ck_assert_str_eq(compact, rows[i].compact);
    }
}
END_TEST

START_TEST(printable_text_is_one_line_and_drives_no_terminal)
{
    static const struct {
        const char *text, *printable;
    } rows[] = {
        { "市教育局 OK", "市教育局 OK" },
        { "a\nb\r\nc\td\re", "a b c d e" },
        { "a\u2028b\u2029c\xc2\x85"
          "d\x0b"
          "e\x0c",
          "a b c d e " },
        { "\x1b[2J\x07\x7f", "?[2J??" },
        { "\xc2\x9b"
          "31m",
          "?31m" },
        { "报告\u202excod.exe", "报告?xcod.exe" },
        { "\u200e\u200f\u202a\u2066\u2069\u061c", "??????" },
        { "\ue123\U000f0000", "\ue123\U000f0000" },
        { "half \xe4\xb8", "half \uFFFD\uFFFD" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *printable = text_printable(rows[i].text);
        ck_assert_str_eq(printable, rows[i].printable);
    }
}
END_TEST

START_TEST(a_chinese_character_is_two_columns)
{
    static const struct {
        const char *text;
        int width;
    } rows[] = {
        { "", 0 },     { "abc", 3 },        { "市教育局", 8 }, { "（a）", 5 },
        { "ＡＢ", 4 }, { "e\u0301", 1 },    { "\u200b", 0 },   { "\U00020BB7", 2 },
        { "ﾃｽ", 2 },   { "\U0001F600", 2 }, { "…", 1 },        { "\xff", 1 },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        ck_assert_msg(text_width(rows[i].text) == rows[i].width, "%s: %d", rows[i].text,
                      text_width(rows[i].text));
}
END_TEST

START_TEST(padded_text_is_exactly_as_wide_as_asked)
{
    static const struct {
        const char *text;
        int width;
        const char *padded;
    } rows[] = {
        { "", 3, "   " },
        { "abc", 5, "abc  " },
        { "abc", 3, "abc" },
        { "abcd", 3, "ab…" },
        { "教育局", 6, "教育局" },
        { "教育局", 8, "教育局  " },
        { "教育局", 5, "教育…" },
        { "教育局", 4, "教… " },
        { "教育局", 2, "… " },
        { "教育局", 1, "…" },
        { "教育局", 0, "" },
        { "e\u0301tat", 3, "e\u0301t…" },
        { "教育\xe5", 9, "教育\uFFFD    " },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *padded = text_pad(rows[i].text, rows[i].width);
        ck_assert_str_eq(padded, rows[i].padded);
        ck_assert_int_eq(text_width(padded), rows[i].width);
    }
}
END_TEST

START_TEST(hashes_are_lower_case_hex)
{
    g_autofree char *nothing = text_sha256(NULL, 0);
    g_autofree char *abc = text_sha256("abcdef", 3);
    ck_assert_str_eq(nothing, HASH_OF_NOTHING);
    ck_assert_str_eq(abc, HASH_OF_ABC);
    struct sha256_ctx sum;
    sha256_init(&sum);
    sha256_update(&sum, 1, (const guint8 *)"a");
    sha256_update(&sum, 2, (const guint8 *)"bc");
    g_autofree char *in_pieces = sha256_text(&sum);
    ck_assert_str_eq(in_pieces, HASH_OF_ABC);
}
END_TEST

START_TEST(blank_is_what_shows_nothing)
{
    static const struct {
        const char *text;
        gboolean blank;
    } rows[] = {
        { "", TRUE },         { " \t\n\u3000\u00a0\u200b\ufeff", TRUE },
        { "\x7f\x01", TRUE }, { "\n\n。", FALSE },
        { "\u200bа", FALSE },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        ck_assert_int_eq(text_is_blank(rows[i].text), rows[i].blank);
}
END_TEST

TEST_MAIN("base/text", bytes_become_valid_text_with_plain_line_ends,
          compact_text_has_no_blank_of_any_kind, printable_text_is_one_line_and_drives_no_terminal,
          a_chinese_character_is_two_columns, padded_text_is_exactly_as_wide_as_asked,
          hashes_are_lower_case_hex, blank_is_what_shows_nothing)
