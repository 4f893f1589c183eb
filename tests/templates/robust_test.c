/* Templates that nobody would write: mutations of the tables' own, from a fixed seed. Run under
 * ASan they also show that nothing leaks. */
#include "templates/templates.h"
#include "test.h"
#include <string.h>

enum { MUTANTS = 20000, SECONDS = 5 };

static const char *const tables[] = { "interpolation", "sections", "inverted", "comments",
                                      "delimiters",    "partials", "faults",   "escaping" };
static const char *const pieces[] = {
    "{{",      "}}",    "{{{",    "}}}",       "{{#",       "{{^",         "{{/",    "{{>",
    "{{&",     "{{!",   "{{=",    "=}}",       "{{#a}}",    "{{/a}}",      "{{#l}}", "{{/l}}",
    "{{> p}}", "{{.}}", "{{#.}}", "{{/.}}",    "{{a.b.c}}", "{{=<% %>=}}", "<%",     "%>",
    "\n",      "\r\n",  " ",      "\t",        ".",         "{",           "}",      "=",
    "一",      "\xFF",  "\xE4",   "{{= }} =}}"
};

static json_t *load_rows(void)
{
    json_t *rows = json_array();
    for (gsize i = 0; i < G_N_ELEMENTS(tables); i++) {
        g_autofree char *path = g_strconcat("templates/", tables[i], ".json", NULL);
        g_autofree char *text = test_data(path, NULL);
        json_t *table = json_loads(text, 0, NULL);
        ck_assert_int_eq(json_array_extend(rows, table), 0);
        json_decref(table);
    }
    return rows;
}

static const json_t *pick(GRand *rand, const json_t *rows)
{
    return json_array_get(rows, (gsize)g_rand_int_range(rand, 0, (int)json_array_size(rows)));
}

/* Puts in, takes out, overwrites, doubles or joins on, one to six times. */
static char *mutate(GRand *rand, const json_t *rows)
{
    GString *text = g_string_new(json_string_value(json_object_get(pick(rand, rows), "template")));
    for (int n = g_rand_int_range(rand, 1, 7); n > 0; n--) {
        int at = g_rand_int_range(rand, 0, (int)text->len + 1);
        int some = g_rand_int_range(rand, 0, (int)text->len - at + 1);
        g_autofree char *slice = g_strndup(text->str + at, (gsize)some);
        switch (g_rand_int_range(rand, 0, 5)) {
        case 0:
            g_string_insert(text, at, pieces[g_rand_int_range(rand, 0, G_N_ELEMENTS(pieces))]);
            break;
        case 1:
            g_string_erase(text, at, some % 8);
            break;
        case 2:
            if (some > 0)
                text->str[at] = (char)g_rand_int_range(rand, 1, 256);
            break;
        case 3:
            g_string_insert(text, at, slice);
            break;
        default:
            g_string_append(text, json_string_value(json_object_get(pick(rand, rows), "template")));
        }
    }
    return g_string_free(text, FALSE);
}

/* Partials are mutants too, and so may call each other. */
struct zoo {
    GRand *rand;
    const json_t *rows;
    int calls;
};

static char *a_mutant(void *context, const char *name)
{
    struct zoo *zoo = context;
    return zoo->calls++ < 20 ? mutate(zoo->rand, zoo->rows) : NULL;
}

START_TEST(no_mutant_crashes_hangs_or_fails_without_a_reason)
{
    GRand *rand = g_rand_new_with_seed(2019);
    json_t *rows = load_rows();
    int rendered = 0;
    gint64 start = g_get_monotonic_time();
    for (int i = 0; i < MUTANTS; i++) {
        g_autoptr(GError) error = NULL;
        struct zoo zoo = { .rand = rand, .rows = rows };
        g_autofree char *text = mutate(rand, rows);
        const json_t *data = json_object_get(pick(rand, rows), "data");
        g_autofree char *out =
            template_render(text, (enum escape)(i % 3), data, a_mutant, &zoo, &error);
        ck_assert_msg(!out != !error, "“%s”", text);
        ck_assert_msg(out || (error->domain == FAULT && *error->message), "“%s”", text);
        rendered += out != NULL;
    }
    ck_assert_int_lt(g_get_monotonic_time() - start, SECONDS * G_USEC_PER_SEC);
    ck_assert_int_gt(rendered, MUTANTS / 4);
    ck_assert_int_lt(rendered, MUTANTS * 19 / 20);
    json_decref(rows);
    g_rand_free(rand);
}
END_TEST

START_TEST(no_mutant_breaks_the_splitting)
{
    GRand *rand = g_rand_new_with_seed(621);
    json_t *rows = load_rows();
    for (int i = 0; i < MUTANTS / 4; i++) {
        g_autofree char *text = mutate(rand, rows);
        g_autoptr(GPtrArray) parts = wecom_split(text, 100);
        for (guint j = 0; j < parts->len; j++)
            ck_assert_uint_le(strlen(g_ptr_array_index(parts, j)), 100);
    }
    json_decref(rows);
    g_rand_free(rand);
}
END_TEST

TEST_MAIN("templates/robust", no_mutant_crashes_hangs_or_fails_without_a_reason,
          no_mutant_breaks_the_splitting)
