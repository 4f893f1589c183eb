/* What lianluo-write writes, opened again. */
#include "test.h"

#include "documents/documents.h"
#include "documents/write/write.h"
#include <archive.h>
#include <archive_entry.h>
#include <libxml/parser.h>
#include <string.h>

/* The member of that name; every part must be well-formed XML. */
static char *member_of(GBytes *file, const char *name)
{
    gsize n;
    const void *bytes = g_bytes_get_data(file, &n);
    struct archive *zip = archive_read_new();
    struct archive_entry *entry;
    char *found = NULL;
    archive_read_support_format_zip(zip);
    ck_assert_int_eq(archive_read_open_memory(zip, bytes, n), ARCHIVE_OK);
    while (archive_read_next_header(zip, &entry) == ARCHIVE_OK) {
        g_autoptr(GByteArray) text = g_byte_array_new();
        char buffer[8192];
        la_ssize_t got;
        while ((got = archive_read_data(zip, buffer, sizeof buffer)) > 0)
            g_byte_array_append(text, (guint8 *)buffer, (guint)got);
        xmlDocPtr xml = xmlReadMemory((char *)text->data, (int)text->len, NULL, NULL, 0);
        ck_assert_msg(xml != NULL, "%s", archive_entry_pathname(entry));
        xmlFreeDoc(xml);
        if (strcmp(archive_entry_pathname(entry), name) == 0)
            found = g_strndup((char *)text->data, text->len);
    }
    archive_read_free(zip);
    ck_assert_msg(found != NULL, "%s", name);
    return found;
}

static GBytes *written(const char *json)
{
    json_error_t cause;
    g_autoptr(GError) error = NULL;
    json_auto_t *document = json_loads(json, 0, &cause);
    ck_assert_msg(document != NULL, "%s", cause.text);
    GBytes *file = docx_write(document, &error);
    ck_assert_msg(file != NULL, "%s", error != NULL ? error->message : "");
    return file;
}

static void has(const char *text, const char *piece)
{
    ck_assert_msg(strstr(text, piece) != NULL, "%s\n  lacks %s", text, piece);
}

START_TEST(a_docx_holds_its_blocks_and_its_properties)
{
    g_autoptr(GBytes) file = written(
        "{\"format\":\"docx\",\"title\":\"甲<乙\",\"properties\":{\"lianluo\":\"a&b\"},\"blocks\":["
        "{\"title\":\"标题\"},{\"heading\":\"一、要求\",\"level\":2},"
        "{\"paragraph\":\"一行\\n又一行\",\"align\":\"right\"},{\"paragraph\":\"正\\u0001文\"},"
        "{\"page_break\":true},"
        "{\"table\":[[\"条款\",\"意见\"],[\"第一条\"]],\"widths\":[1,3],\"header_rows\":1}]}");
    g_autofree char *body = member_of(file, "word/document.xml");
    g_autofree char *core = member_of(file, "docProps/core.xml");
    g_autofree char *custom = member_of(file, "docProps/custom.xml");
    has(body, "<w:pStyle w:val=\"Title\"/></w:pPr><w:r><w:t xml:space=\"preserve\">标题<");
    has(body, "<w:pStyle w:val=\"Heading2\"/>");
    has(body, "一行</w:t><w:br/><w:t xml:space=\"preserve\">又一行<");
    has(body, "<w:jc w:val=\"right\"/>");
    has(body, ">正文<");
    has(body, "<w:tblHeader/>");
    has(body, "<w:gridCol w:w=\"2211\"/><w:gridCol w:w=\"6633\"/>");
    has(core, "甲&lt;乙");
    has(custom, "name=\"lianluo\"><vt:lpwstr>a&amp;b<");
}
END_TEST

START_TEST(cells_span_rows_and_columns)
{
    g_autoptr(GBytes) file = written(
        "{\"landscape\":true,\"blocks\":[{\"table\":["
        "[{\"text\":\"高\",\"rows\":2},{\"text\":\"宽\",\"columns\":2}],[\"左\",\"右\"]]}]}");
    g_autofree char *body = member_of(file, "word/document.xml");
    has(body, "<w:vMerge w:val=\"restart\"/>");
    has(body, "<w:gridSpan w:val=\"2\"/>");
    has(body, "<w:vMerge/><w:vAlign w:val=\"center\"/></w:tcPr><w:p/></w:tc>");
    has(body, "w:orient=\"landscape\"");
    ck_assert_ptr_eq(strstr(strstr(body, "<w:gridCol"), "</w:tblGrid>") -
                         3 * strlen("<w:gridCol w:w=\"4255\"/>"),
                     strstr(body, "<w:gridCol"));
}
END_TEST

START_TEST(the_same_json_gives_the_same_bytes)
{
    static const char json[] = "{\"blocks\":[{\"paragraph\":\"同\"}]}";
    g_autoptr(GBytes) one = written(json);
    g_autoptr(GBytes) two = written(json);
    ck_assert(g_bytes_equal(one, two));
}
END_TEST

START_TEST(a_block_of_no_kind_is_refused)
{
    json_auto_t *document = json_pack("{s[{ss}]}", "blocks", "picture", "x");
    g_autoptr(GError) error = NULL;
    ck_assert_ptr_null(docx_write(document, &error));
    ck_assert_int_eq(error->code, FAULT_REFUSED);
}
END_TEST

START_TEST(the_program_does_it_outside_of_the_daemon)
{
    test_programs();
    g_autoptr(GError) error = NULL;
    json_auto_t *document =
        json_pack("{ss s[{ss}]}", "format", "docx", "blocks", "paragraph", "在外");
    g_autoptr(GBytes) inside = docx_write(document, NULL);
    g_autoptr(GBytes) outside = document_write(document, &error);
    ck_assert_msg(outside != NULL, "%s", error != NULL ? error->message : "");
    ck_assert(g_bytes_equal(inside, outside));
}
END_TEST

START_TEST(a_program_that_fails_or_is_missing_is_said_so)
{
    g_autoptr(GError) error = NULL, missing = NULL;
    json_auto_t *document = json_pack("{ss}", "format", "abc");
    test_programs();
    ck_assert_ptr_null(document_write(document, &error));
    ck_assert_ptr_nonnull(strstr(error->message, "退出码 1"));
    g_setenv("LIANLUO_LIBEXEC", "/nonexistent", TRUE);
    ck_assert_ptr_null(document_write(document, &missing));
    ck_assert_ptr_nonnull(strstr(missing->message, "无法运行 /usr/libexec/lianluo/lianluo-write"));
    ck_assert_int_eq(missing->code, FAULT_WORLD);
}
END_TEST

TEST_MAIN("documents/write", a_docx_holds_its_blocks_and_its_properties,
          cells_span_rows_and_columns, the_same_json_gives_the_same_bytes,
          a_block_of_no_kind_is_refused, the_program_does_it_outside_of_the_daemon,
          a_program_that_fails_or_is_missing_is_said_so)
