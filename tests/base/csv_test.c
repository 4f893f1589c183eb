/* CSV: rows are shown as fields in brackets, each row on a line of its own. */
#include "test.h"
#include <string.h>

static char *show(GPtrArray *rows)
{
    GString *shown = g_string_new(NULL);
    for (guint i = 0; i < rows->len; i++) {
        char **row = rows->pdata[i];
        for (gsize j = 0; row[j] != NULL; j++)
            g_string_append_printf(shown, "[%s]", row[j]);
        g_string_append_c(shown, '\n');
    }
    return g_string_free(shown, FALSE);
}

static void gives(const char *bytes, gsize n, const char *wanted)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) rows = csv_parse(bytes, n, &error);
    ck_assert_msg(rows != NULL, "%s: %s", bytes, error != NULL ? error->message : "");
    g_autofree char *shown = show(rows);
    ck_assert_str_eq(shown, wanted);
}

START_TEST(rows_and_fields_are_read_as_spreadsheets_write_them)
{
    static const struct {
        const char *bytes, *rows;
    } rows[] = {
        { "", "" },
        { "\n\r\n\r", "" },
        { "a,b\nc,d\n", "[a][b]\n[c][d]\n" },
        { "a,b\nc,d", "[a][b]\n[c][d]\n" },
        { "a,b\r\nc,d\r\n", "[a][b]\n[c][d]\n" },
        { "a,b\rc,d\r", "[a][b]\n[c][d]\n" },
        { "a,,b\n,\n", "[a][][b]\n[][]\n" },
        { "a\nb,c,d\n", "[a]\n[b][c][d]\n" },
        { "a,b\n\n  \t\nc,d\n\n", "[a][b]\n[c][d]\n" },
        { "\"a,b\",\"c\"\n", "[a,b][c]\n" },
        { "\"say \"\"hi\"\"\",x\n", "[say \"hi\"][x]\n" },
        { "\"two\nlines\",x\ny,z\n", "[two\nlines][x]\n[y][z]\n" },
        { "\"two\r\nlines\",\"or\rso\"\n", "[two\nlines][or\nso]\n" },
        { "\"\",\"\"\"\"\n\"\"\n", "[][\"]\n[]\n" },
        { "a\"b,c\"\n", "[a\"b][c\"]\n" },
        { "\"a\"b,c\n", "[ab][c]\n" },
        { " a , b \n", "[ a ][ b ]\n" },
        { "\xEF\xBB\xBF代码,单位\njyj,市教育局\n", "[代码][单位]\n[jyj][市教育局]\n" },
        { "\xEF\xBB\xBF", "" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        gives(rows[i].bytes, strlen(rows[i].bytes), rows[i].rows);
}
END_TEST

START_TEST(the_first_line_tells_the_separator)
{
    static const struct {
        const char *bytes, *rows;
    } rows[] = {
        { "a\tb\nc\td,e\n", "[a][b]\n[c][d,e]\n" },
        { "a;b\nc;d,e\n", "[a][b]\n[c][d,e]\n" },
        { "代码，单位\njyj，市教育局,甲\n", "[代码][单位]\n[jyj][市教育局,甲]\n" },
        { "a,b;c\nd;e,f\n", "[a][b;c]\n[d;e][f]\n" },
        { "\"a,b\";c\n\"d\";e\n", "[a,b][c]\n[d][e]\n" },
        { "\n\r\na;b\nc;d\n", "[a][b]\n[c][d]\n" },
        { "one\na,b\n", "[one]\n[a][b]\n" },
        { "a\tb\n\t\nc\td\n", "[a][b]\n[][]\n[c][d]\n" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        gives(rows[i].bytes, strlen(rows[i].bytes), rows[i].rows);
}
END_TEST

/* 镕 is in GBK but not in GB 2312; the last one takes four bytes, which only GB18030 has. */
START_TEST(what_is_no_utf8_is_gb18030)
{
    static const char text[] = "代码,单位\njyj,市教育局\nx,镕\nx,\U00020BB7\n";
    gsize n;
    g_autofree char *bytes = g_convert(text, -1, "GB18030", "UTF-8", NULL, &n, NULL);
    ck_assert_ptr_nonnull(bytes);
    gives(bytes, n, "[代码][单位]\n[jyj][市教育局]\n[x][镕]\n[x][\U00020BB7]\n");
}
END_TEST

START_TEST(only_the_bytes_given_are_read)
{
    gives("a,b\nc,d\n", 5, "[a][b]\n[c]\n");
    gives(NULL, 0, "");
}
END_TEST

START_TEST(undecodable_bytes_are_refused_with_what_to_do)
{
    static const struct {
        const char *bytes;
        gsize n;
    } rows[] = {
        { "a,b\xff\n", 5 },
        { "\xff\xfe"
          "a\0,\0b\0",
          8 },
        { "a,\0b\n", 5 },
        { "\xca", 1 },
        { "PK\x03\x04\x14\0\x06\0", 8 },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        ck_assert_ptr_null(csv_parse(rows[i].bytes, rows[i].n, &error));
        ck_assert(g_error_matches(error, FAULT, FAULT_REFUSED));
        ck_assert_ptr_nonnull(strstr(error->message, "CSV UTF-8"));
    }
}
END_TEST

START_TEST(a_quote_never_closed_is_named_by_its_line)
{
    static const struct {
        const char *bytes, *line;
    } rows[] = {
        { "\"a", "第 1 行" },
        { "a,b\n\n\"c\nd\",\"e\n\nf\n", "第 4 行" },
        { "a\r\nb\r\n\"c\"\"\r\n", "第 3 行" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        ck_assert_ptr_null(csv_parse(rows[i].bytes, strlen(rows[i].bytes), &error));
        ck_assert(g_error_matches(error, FAULT, FAULT_REFUSED));
        ck_assert_msg(strstr(error->message, rows[i].line) != NULL, "%s", error->message);
    }
}
END_TEST

START_TEST(a_row_knows_the_line_that_it_began_on)
{
    static const char bytes[] = "a,b\r\n\r\n\"c\nd\",e\n\n\nf\n";
    static const int lines[] = { 1, 3, 7 };
    g_autoptr(GPtrArray) rows = csv_parse(bytes, sizeof bytes - 1, NULL);
    ck_assert_uint_eq(rows->len, G_N_ELEMENTS(lines));
    for (guint i = 0; i < rows->len; i++)
        ck_assert_int_eq(csv_line(rows->pdata[i]), lines[i]);
}
END_TEST

START_TEST(what_is_written_is_read_again_and_is_no_formula)
{
    static const char *const fields[] = { "市教育局", "a,b", "他说\"好\"", "两\n行", NULL, "=1+1" };
    GString *out = g_string_new(CSV_MARK);
    csv_write(out, fields, G_N_ELEMENTS(fields));
    ck_assert_str_eq(out->str,
                     CSV_MARK "市教育局,\"a,b\",\"他说\"\"好\"\"\",\"两\n行\",,'=1+1\r\n");
    g_autoptr(GPtrArray) rows = csv_parse(out->str, out->len, NULL);
    char **row = rows->pdata[0];
    ck_assert_uint_eq(g_strv_length(row), G_N_ELEMENTS(fields));
    for (gsize i = 0; i < 4; i++)
        ck_assert_str_eq(row[i], fields[i]);
    ck_assert_str_eq(row[4], "");
    ck_assert_str_eq(row[5], "'=1+1");
    g_string_free(out, TRUE);
}
END_TEST

TEST_MAIN("base/csv", rows_and_fields_are_read_as_spreadsheets_write_them,
          the_first_line_tells_the_separator, what_is_no_utf8_is_gb18030,
          only_the_bytes_given_are_read, undecodable_bytes_are_refused_with_what_to_do,
          a_quote_never_closed_is_named_by_its_line, a_row_knows_the_line_that_it_began_on,
          what_is_written_is_read_again_and_is_no_formula)
