/* The Mustache engine against tables of template, data, partials and what must come out. */
#include "templates/templates.h"
#include "test.h"
#include <string.h>

static char *from_object(void *context, const char *name)
{
    return g_strdup(json_string_value(json_object_get(context, name)));
}

static enum escape escape_of(const json_t *row)
{
    const char *escape = json_string_value(json_object_get(row, "escape"));
    if (g_strcmp0(escape, "none") == 0)
        return ESCAPE_NONE;
    return g_strcmp0(escape, "wecom") == 0 ? ESCAPE_WECOM : ESCAPE_HTML;
}

/* One row: {name, template, data, partials?, escape?, expected or error}. */
static void check_row(const json_t *row)
{
    const char *name = json_string_value(json_object_get(row, "name"));
    const char *expected = json_string_value(json_object_get(row, "expected"));
    const char *fault = json_string_value(json_object_get(row, "error"));
    g_autoptr(GError) error = NULL;
    g_autofree char *text = template_render(json_string_value(json_object_get(row, "template")),
                                            escape_of(row), json_object_get(row, "data"),
                                            from_object, json_object_get(row, "partials"), &error);
    ck_assert_msg(!expected != !fault, "%s: neither or both of expected and error", name);
    if (expected) {
        ck_assert_msg(text != NULL, "%s: %s", name, error ? error->message : "no reason");
        ck_assert_msg(strcmp(text, expected) == 0, "%s: “%s”, not “%s”", name, text, expected);
        return;
    }
    ck_assert_msg(text == NULL, "%s: rendered “%s”", name, text);
    ck_assert_msg(g_error_matches(error, FAULT, FAULT_REFUSED), "%s: no refusal", name);
    ck_assert_msg(strstr(error->message, fault) != NULL, "%s: “%s”", name, error->message);
}

static void check_table(const char *file, size_t least)
{
    g_autofree char *path = g_strconcat("templates/", file, ".json", NULL);
    g_autofree char *text = test_data(path, NULL);
    json_error_t why;
    json_t *rows = json_loads(text, 0, &why);
    ck_assert_msg(rows != NULL, "%s:%d: %s", path, why.line, why.text);
    ck_assert_uint_ge(json_array_size(rows), least);
    for (size_t i = 0; i < json_array_size(rows); i++)
        check_row(json_array_get(rows, i));
    json_decref(rows);
}

START_TEST(values_are_put_in_by_their_names)
{
    check_table("interpolation", 50);
}
END_TEST

START_TEST(sections_repeat_and_hide)
{
    check_table("sections", 50);
}
END_TEST

START_TEST(inverted_sections_show_what_is_not_there)
{
    check_table("inverted", 20);
}
END_TEST

START_TEST(comments_leave_nothing)
{
    check_table("comments", 15);
}
END_TEST

START_TEST(delimiters_can_be_set)
{
    check_table("delimiters", 20);
}
END_TEST

START_TEST(partials_are_put_in_and_indented)
{
    check_table("partials", 25);
}
END_TEST

START_TEST(text_is_escaped_for_where_it_goes)
{
    check_table("escaping", 20);
}
END_TEST

START_TEST(faults_are_told_with_line_and_name)
{
    check_table("faults", 25);
}
END_TEST

START_TEST(the_name_decides_the_escaping)
{
    ck_assert_int_eq(escape_for("notice.txt.mustache"), ESCAPE_NONE);
    ck_assert_int_eq(escape_for("digest.wecom.mustache"), ESCAPE_WECOM);
    ck_assert_int_eq(escape_for("notice.html.mustache"), ESCAPE_HTML);
    ck_assert_int_eq(escape_for("notice.mustache"), ESCAPE_HTML);
    ck_assert_int_eq(escape_for("txt.mustache.bak"), ESCAPE_HTML);
    ck_assert_int_eq(escape_for(""), ESCAPE_HTML);
}
END_TEST

/* A template of inner, with open before it and close after it depth times, and {"l":[1,…,n]}. */
static char *render_nested(const char *open, const char *inner, const char *close, int depth, int n,
                           GError **error)
{
    GString *text = g_string_new(NULL);
    for (int i = 0; i < depth; i++)
        g_string_append(text, open);
    g_string_append(text, inner);
    for (int i = 0; i < depth; i++)
        g_string_append(text, close);
    json_t *list = json_array();
    for (int i = 1; i <= n; i++)
        json_array_append_new(list, json_integer(i));
    json_t *data = json_pack("{s:o}", "l", list);
    char *rendered = template_render(text->str, ESCAPE_NONE, data, NULL, NULL, error);
    json_decref(data);
    g_string_free(text, TRUE);
    return rendered;
}

START_TEST(sections_nest_a_thousand_deep_and_no_deeper)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *deep = render_nested("{{#l}}", "x", "{{/l}}", 1000, 1, &error);
    ck_assert_str_eq(deep, "x");
    ck_assert_ptr_null(render_nested("{{#l}}", "x", "{{/l}}", 1001, 1, &error));
    ck_assert_ptr_nonnull(strstr(error->message, "嵌套超过 1000 层"));
    g_clear_error(&error);
    ck_assert_ptr_null(render_nested("{{^m}}", "x", "{{/m}}", 200000, 1, &error));
    ck_assert_ptr_nonnull(strstr(error->message, "嵌套超过 1000 层"));
}
END_TEST

START_TEST(loops_in_loops_end)
{
    g_autoptr(GError) error = NULL;
    ck_assert_ptr_null(render_nested("{{#l}}", "{{!}}", "{{/l}}", 10, 50, &error));
    ck_assert(g_error_matches(error, FAULT, FAULT_REFUSED));
    ck_assert_ptr_nonnull(strstr(error->message, "10000000 步"));
}
END_TEST

START_TEST(output_ends_at_sixteen_mebibytes)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *line = g_strnfill(1024, 'x');
    g_autofree char *fits = render_nested("{{#l}}", line, "{{/l}}", 2, 128, &error);
    ck_assert_uint_eq(strlen(fits), 16 * 1024 * 1024);
    ck_assert_ptr_null(render_nested("{{#l}}", line, "{{/l}}", 2, 129, &error));
    ck_assert_ptr_nonnull(strstr(error->message, "16 MiB"));
}
END_TEST

static char *endless(void *context, const char *name)
{
    int *calls = context;
    ++*calls;
    return g_strdup_printf("%s{{> p%d}}", name, *calls);
}

START_TEST(partials_made_up_without_end_are_stopped)
{
    g_autoptr(GError) error = NULL;
    int calls = 0;
    ck_assert_ptr_null(template_render("{{> p0}}", ESCAPE_NONE, NULL, endless, &calls, &error));
    ck_assert_int_eq(calls, 100);
    ck_assert_ptr_nonnull(strstr(error->message, "嵌套超过 100 层"));
}
END_TEST

static char *counted(void *context, const char *name)
{
    ++*(int *)context;
    return g_strdup_printf("%s;", name);
}

START_TEST(a_partial_in_a_loop_is_fetched_once)
{
    int calls = 0;
    json_t *data = json_pack("{s:[i,i,i]}", "l", 1, 2, 3);
    g_autofree char *text =
        template_render("{{#l}}{{> p}}{{/l}}", ESCAPE_NONE, data, counted, &calls, NULL);
    json_decref(data);
    ck_assert_str_eq(text, "p;p;p;");
    ck_assert_int_eq(calls, 1);
}
END_TEST

TEST_MAIN("templates/mustache", values_are_put_in_by_their_names, sections_repeat_and_hide,
          inverted_sections_show_what_is_not_there, comments_leave_nothing, delimiters_can_be_set,
          partials_are_put_in_and_indented, text_is_escaped_for_where_it_goes,
          faults_are_told_with_line_and_name, the_name_decides_the_escaping,
          sections_nest_a_thousand_deep_and_no_deeper, loops_in_loops_end,
          output_ends_at_sixteen_mebibytes, partials_made_up_without_end_are_stopped,
          a_partial_in_a_loop_is_fetched_once)
