/* The configuration: one table drives loader, messages and config.example. */
#include "scene.h"

/* The plain configuration with one line replaced ("" drops it) or, if no line begins with key,
 * added in its group. */
static char *config_with(const char *group, const char *key, const char *line)
{
    g_auto(GStrv) lines = g_strsplit(scene_config, "\n", -1);
    g_autofree char *header = g_strdup_printf("[%s]", group);
    GString *text = g_string_new(NULL);
    gboolean inside = FALSE, done = FALSE;
    for (char **l = lines; *l != NULL; l++) {
        inside = **l == '[' ? g_str_equal(*l, header) : inside;
        if (inside && key != NULL && g_str_has_prefix(*l, key) && (*l)[strlen(key)] == ' ')
            continue;
        g_string_append_printf(text, "%s\n", *l);
        if (g_str_equal(*l, header)) {
            g_string_append_printf(text, "%s\n", line);
            done = TRUE;
        }
    }
    if (!done)
        g_string_append_printf(text, "%s\n%s\n", header, line);
    return g_string_free(text, FALSE);
}

static struct config *load(struct fixture *f, const char *text, GError **error)
{
    scene_write(f, text);
    return config_load(f->dir, error);
}

static void check_refused(struct fixture *f, const char *text, const char *const *hints)
{
    g_autoptr(GError) error = NULL;
    struct config *config = load(f, text, &error);
    ck_assert_msg(config == NULL, "accepted: %s", text);
    ck_assert(g_error_matches(error, FAULT, FAULT_REFUSED));
    for (; *hints != NULL; hints++)
        ck_assert_msg(strstr(error->message, *hints) != NULL, "“%s” does not say “%s”",
                      error->message, *hints);
}

START_TEST(what_is_not_given_has_its_default)
{
    struct fixture *f = fixture_bare();
    g_autoptr(GError) error = NULL;
    struct config *config = load(f, scene_config, &error);
    ck_assert_msg(config != NULL, "%s", error ? error->message : "?");
    ck_assert_str_eq(config->policy.name, "柳州市纲要办");
    ck_assert_str_eq(config->policy.folders[0], "INBOX");
    ck_assert_ptr_null(config->policy.folders[1]);
    ck_assert(config->policy.hold && !config->policy.settle_auto && !config->policy.wecom);
    ck_assert_int_eq(config->imap.security, SECURITY_TLS);
    ck_assert_str_eq(config->timezone, "Asia/Shanghai");
    ck_assert_uint_gt(g_strv_length(config->policy.reminders), 0);
    ck_assert_uint_gt(g_strv_length(config->policy.hours), 0);
    config_free(config);
    fixture_free(f);
}
END_TEST

START_TEST(every_value_reaches_its_place)
{
    struct fixture *f = fixture_bare();
    g_autofree char *text = g_strconcat(
        scene_config,
        "ca_file = ca.pem\nsecurity=starttls\n[wecom]\nurl=text:https://127.0.0.1/x\n"
        "[deliver]\nsend = live\n[schedule]\nreminders = -5; 0 ;+2\ngrace = 3\nsettle = auto\n"
        "digest = 17:05\n",
        NULL);
    g_autoptr(GError) error = NULL;
    struct config *config = load(f, text, &error);
    ck_assert_msg(config != NULL, "%s", error ? error->message : "?");
    g_autofree char *ca = g_build_filename(f->dir, "ca.pem", NULL);
    ck_assert_str_eq(config->smtp.ca_file, ca);
    ck_assert_int_eq(config->smtp.security, SECURITY_STARTTLS);
    ck_assert_int_eq(config->smtp.port, 9);
    ck_assert(!config->policy.hold && config->policy.settle_auto && config->policy.wecom);
    ck_assert_int_eq(config->policy.grace, 3);
    ck_assert_int_eq(config->policy.digest, 17 * 60 + 5);
    ck_assert_uint_eq(g_strv_length(config->policy.reminders), 3);
    ck_assert_str_eq(config->policy.reminders[1], "0");
    config_free(config);
    fixture_free(f);
}
END_TEST

START_TEST(an_unknown_name_is_refused_with_its_line_and_the_nearest)
{
    static const struct {
        const char *group, *line;
        const char *hints[4];
    } table[] = { { "imap", "pasword = x", { "第 5 行", "pasword", "password" } },
                  { "office", "adress = x", { "第 2 行", "adress", "address" } },
                  { "smtp", "folders = x", { "第 10 行", "folders" } },
                  { "schedul", "grace = 1", { "schedul", "schedule" } } };
    struct fixture *f = fixture_bare();
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autofree char *text = config_with(table[i].group, NULL, table[i].line);
        check_refused(f, text, table[i].hints);
    }
    fixture_free(f);
}
END_TEST

START_TEST(what_must_be_given_is_named_when_it_is_missing_or_empty)
{
    struct fixture *f = fixture_bare();
    int required = 0;
    for (const struct setting *s = settings; s->group != NULL; s++) {
        if (s->standard != NULL)
            continue;
        const char *hints[] = { s->group, s->key, NULL };
        g_autofree char *missing = config_with(s->group, s->key, "");
        g_autofree char *line = g_strdup_printf("%s =", s->key);
        g_autofree char *empty = config_with(s->group, s->key, line);
        check_refused(f, missing, hints);
        check_refused(f, empty, hints);
        required++;
    }
    ck_assert_int_ge(required, 8);
    fixture_free(f);
}
END_TEST

START_TEST(a_bad_value_of_each_type_is_refused_with_its_line)
{
    static const struct {
        const char *group, *key, *value;
    } table[] = {
        { "office", "address", "office" },
        { "office", "address", "a b@c.example" },
        { "office", "hours", "8-18" },
        { "office", "hours", "18:00-08:00" },
        { "office", "timezone", "Asia/Liuzhou" },
        { "imap", "port", "0" },
        { "imap", "port", "65536" },
        { "imap", "port", "993x" },
        { "imap", "port", "九百" },
        { "imap", "security", "ssl" },
        { "imap", "folders", ";" },
        { "imap", "timeout", "0" },
        { "smtp", "security", "TLS1" },
        { "smtp", "per_minute", "-1" },
        { "receive", "since", "昨天" },
        { "receive", "since", "2019-13-01" },
        { "deliver", "send", "yes" },
        { "schedule", "reminders", "-3;x" },
        { "schedule", "reminders", "1.5" },
        { "schedule", "grace", "-1" },
        { "schedule", "settle", "sometimes" },
        { "schedule", "digest", "25:00" },
        { "schedule", "digest", "8点" },
    };
    struct fixture *f = fixture_bare();
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        const char *hints[] = { "行", table[i].group, table[i].key, NULL };
        g_autofree char *line = g_strdup_printf("%s = %s", table[i].key, table[i].value);
        g_autofree char *text = config_with(table[i].group, table[i].key, line);
        check_refused(f, text, hints);
    }
    fixture_free(f);
}
END_TEST

START_TEST(a_file_that_is_none_is_refused_by_name)
{
    static const char *const hints[] = { "lianluo.conf", NULL };
    struct fixture *f = fixture_bare();
    g_autoptr(GError) error = NULL;
    ck_assert_ptr_null(config_load(f->dir, &error));
    ck_assert(g_error_matches(error, FAULT, FAULT_REFUSED));
    check_refused(f, "name = 没有分组\n", hints);
    check_refused(f, "", hints);
    fixture_free(f);
}
END_TEST

START_TEST(the_example_is_the_table)
{
    g_autofree char *text = config_example(), *file = NULL;
    ck_assert_msg(g_file_get_contents("config.example", &file, NULL, NULL), "no config.example");
    g_auto(GStrv) ours = g_strsplit(text, "\n", -1);
    g_auto(GStrv) theirs = g_strsplit(file, "\n", -1);
    for (guint i = 0; ours[i] != NULL && theirs[i] != NULL; i++)
        ck_assert_msg(g_str_equal(theirs[i], ours[i]), "config.example:%u: “%s”, not “%s”", i + 1,
                      theirs[i], ours[i]);
    ck_assert_uint_eq(strlen(file), strlen(text));
    for (const struct setting *s = settings; s->group != NULL; s++)
        ck_assert_ptr_nonnull(strstr(text, s->help));
}
END_TEST

START_TEST(the_example_with_its_gaps_filled_is_a_valid_configuration)
{
    struct fixture *f = fixture_bare();
    g_autofree char *text = config_example();
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autoptr(GString) filled = g_string_new(NULL);
    for (char **line = lines; *line != NULL; line++) {
        gboolean is_default = **line == '#' && (*line)[1] != ' ';
        gboolean gap = **line != '#' && g_str_has_suffix(*line, "=");
        const char *value = g_str_has_prefix(*line, "password") ? " env:X" : " a@b.example";
        g_string_append_printf(filled, "%s%s\n", *line + is_default, gap ? value : "");
    }
    g_autoptr(GError) error = NULL;
    struct config *all = load(f, filled->str, &error);
    ck_assert_msg(all != NULL, "%s", error ? error->message : "?");
    config_free(all);
    fixture_free(f);
}
END_TEST

TEST_MAIN("bot/config", what_is_not_given_has_its_default, every_value_reaches_its_place,
          an_unknown_name_is_refused_with_its_line_and_the_nearest,
          what_must_be_given_is_named_when_it_is_missing_or_empty,
          a_bad_value_of_each_type_is_refused_with_its_line, a_file_that_is_none_is_refused_by_name,
          the_example_is_the_table, the_example_with_its_gaps_filled_is_a_valid_configuration)
