/* Template files: the office's folder first, then the texts compiled in. */
#include "templates/templates.h"
#include "test.h"
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

static char *dir;
static json_t *data;

static void set_up(void)
{
    dir = g_dir_make_tmp("lianluo-templates-XXXXXX", NULL);
    data = json_pack("{s:s, s:{s:s}}", "title", "<征求意见>", "office", "name", "纲要办");
}

static void put(const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(dir, name, NULL);
    ck_assert(g_file_set_contents(path, text, -1, NULL));
}

static void tear_down(void)
{
    GDir *files = g_dir_open(dir, 0, NULL);
    for (const char *name; (name = g_dir_read_name(files));) {
        g_autofree char *path = g_build_filename(dir, name, NULL);
        g_remove(path);
    }
    g_dir_close(files);
    g_rmdir(dir);
    g_free(dir);
    json_decref(data);
}

static void check_renders(const char *name, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = template_file(dir, name, data, &error);
    ck_assert_msg(text != NULL, "%s: %s", name, error ? error->message : "no reason");
    ck_assert_str_eq(text, expected);
}

static void check_refused(const char *name, const char *reason)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = template_file(dir, name, data, &error);
    ck_assert_msg(text == NULL, "%s rendered “%s”", name, text);
    ck_assert(g_error_matches(error, FAULT, FAULT_REFUSED));
    ck_assert_msg(strstr(error->message, reason) != NULL, "“%s”", error->message);
    ck_assert_msg(strstr(error->message, name) != NULL, "“%s”", error->message);
}

START_TEST(a_template_of_the_office_is_rendered_as_its_name_says)
{
    set_up();
    put("a.txt.mustache", "{{title}}");
    put("a.html.mustache", "{{title}}");
    put("a.wecom.mustache", "{{title}}");
    put("a.mustache", "{{title}}");
    check_renders("a.txt.mustache", "<征求意见>");
    check_renders("a.html.mustache", "&lt;征求意见&gt;");
    check_renders("a.wecom.mustache", "＜征求意见＞");
    check_renders("a.mustache", "&lt;征求意见&gt;");
    tear_down();
}
END_TEST

START_TEST(a_partial_has_the_suffix_of_its_template)
{
    set_up();
    put("a.txt.mustache", "{{> p}}");
    put("a.html.mustache", "{{> p}}");
    put("a.b.wecom.mustache", "{{> p}}");
    put("p.txt.mustache", "text");
    put("p.html.mustache", "html");
    put("p.wecom.mustache", "wecom");
    check_renders("a.txt.mustache", "text");
    check_renders("a.html.mustache", "html");
    check_renders("a.b.wecom.mustache", "wecom");
    tear_down();
}
END_TEST

START_TEST(every_built_in_text_parses_and_can_be_overridden)
{
    set_up();
    GDir *files = g_dir_open("templates/zh", 0, NULL);
    int n = 0;
    for (const char *name; (name = g_dir_read_name(files));) {
        if (!g_str_has_suffix(name, ".mustache"))
            continue;
        g_autoptr(GError) error = NULL;
        g_autofree char *text = template_file(dir, name, data, &error);
        ck_assert_msg(text != NULL, "%s", error ? error->message : name);
        put(name, "{{office.name}}的");
        check_renders(name, "纲要办的");
        n++;
    }
    g_dir_close(files);
    ck_assert_int_ge(n, 1);
    tear_down();
}
END_TEST

START_TEST(a_built_in_partial_is_found_from_the_office_s_template)
{
    set_up();
    put("a.txt.mustache", "一\n{{> signature}}");
    g_autofree char *built_in = template_file(NULL, "signature.txt.mustache", data, NULL);
    g_autofree char *expected = g_strconcat("一\n", built_in, NULL);
    check_renders("a.txt.mustache", expected);
    put("signature.txt.mustache", "甲");
    check_renders("a.txt.mustache", "一\n甲");
    tear_down();
}
END_TEST

START_TEST(a_name_with_a_path_is_refused)
{
    static const char *const names[] = { "../a.txt.mustache",
                                         "/a.txt.mustache",
                                         "d/a.txt.mustache",
                                         "d\\a.txt.mustache",
                                         ".a.txt.mustache",
                                         "..",
                                         "" };
    set_up();
    put("a.txt.mustache", "x");
    put(".a.txt.mustache", "x");
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        check_refused(names[i], "不是模板的文件名");
    tear_down();
}
END_TEST

START_TEST(a_partial_with_a_path_is_none)
{
    set_up();
    put("a.txt.mustache", "[{{> ../b}}{{> /b}}{{> ./b}}]");
    put("b.txt.mustache", "x");
    check_renders("a.txt.mustache", "[]");
    tear_down();
}
END_TEST

START_TEST(a_missing_template_is_named)
{
    set_up();
    check_refused("none.txt.mustache", "没有模板");
    g_autoptr(GError) error = NULL;
    ck_assert_ptr_null(template_file(NULL, "none.txt.mustache", data, &error));
    ck_assert(g_error_matches(error, FAULT, FAULT_REFUSED));
    tear_down();
}
END_TEST

START_TEST(a_fault_names_file_and_line)
{
    set_up();
    put("a.txt.mustache", "一\n{{#x}}\n");
    check_refused("a.txt.mustache", "第 2 行：{{#x}} 没有用");
    put("b.txt.mustache", "{{> a}}");
    check_refused("b.txt.mustache", "{{> a}}：第 2 行：{{#x}} 没有用");
    tear_down();
}
END_TEST

START_TEST(an_editor_may_leave_a_byte_order_mark_and_cr_lf)
{
    set_up();
    put("a.txt.mustache", "\xEF\xBB\xBF一\r\n{{#office}}\r\n{{name}}\r\n{{/office}}\r\n");
    check_renders("a.txt.mustache", "一\n纲要办\n");
    put("empty.txt.mustache", "");
    check_renders("empty.txt.mustache", "");
    put("mark.txt.mustache", "\xEF\xBB\xBF");
    check_renders("mark.txt.mustache", "");
    tear_down();
}
END_TEST

START_TEST(another_charset_is_refused)
{
    set_up();
    put("a.txt.mustache", "\xD2\xBB\xB8\xF6");
    check_refused("a.txt.mustache", "UTF-8");
    put("b.txt.mustache", "{{> a}}");
    check_refused("b.txt.mustache", "a.txt.mustache 不是 UTF-8");
    tear_down();
}
END_TEST

START_TEST(what_cannot_be_read_is_no_missing_template)
{
    set_up();
    g_autofree char *path = g_build_filename(dir, "signature.txt.mustache", NULL);
    ck_assert_int_eq(g_mkdir(path, 0700), 0);
    check_refused("signature.txt.mustache", "不能读取模板");
    tear_down();
}
END_TEST

TEST_MAIN("templates/file", a_template_of_the_office_is_rendered_as_its_name_says,
          a_partial_has_the_suffix_of_its_template,
          every_built_in_text_parses_and_can_be_overridden,
          a_built_in_partial_is_found_from_the_office_s_template, a_name_with_a_path_is_refused,
          a_partial_with_a_path_is_none, a_missing_template_is_named, a_fault_names_file_and_line,
          an_editor_may_leave_a_byte_order_mark_and_cr_lf, another_charset_is_refused,
          what_cannot_be_read_is_no_missing_template)
