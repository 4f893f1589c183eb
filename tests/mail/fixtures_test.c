/* Each tests/data/mail/NAME.eml is read, and every field that NAME.json names must be as it says.
 * Objects in it may name fewer fields than the message has, lists must be complete. */
#include "mail/mail.h"
#include "test.h"

static gboolean fits(const json_t *expected, const json_t *found);

static gboolean object_fits(const json_t *expected, const json_t *found)
{
    const char *key;
    json_t *value;
    json_object_foreach ((json_t *)expected, key, value) {
        const json_t *other = json_object_get(found, key);
        if (other == NULL || !fits(value, other))
            return FALSE;
    }
    return TRUE;
}

static gboolean array_fits(const json_t *expected, const json_t *found)
{
    if (json_array_size(expected) != json_array_size(found))
        return FALSE;
    for (size_t i = 0; i < json_array_size(expected); i++) {
        if (!fits(json_array_get(expected, i), json_array_get(found, i)))
            return FALSE;
    }
    return TRUE;
}

static gboolean fits(const json_t *expected, const json_t *found)
{
    if (json_is_object(expected) && json_is_object(found))
        return object_fits(expected, found);
    if (json_is_array(expected) && json_is_array(found))
        return array_fits(expected, found);
    return json_equal(expected, found);
}

/* How many fields of one fixture differ; each is shown. */
static guint differences(const char *name)
{
    guint count = 0;
    g_autofree char *eml = g_strdup_printf(TEST_DATA "/mail/%s.eml", name);
    g_autofree char *file = g_strdup_printf(TEST_DATA "/mail/%s.json", name);
    json_t *expected = json_load_file(file, 0, NULL);
    ck_assert_msg(expected != NULL, "%s is no JSON", file);
    struct mail *mail = mail_read_file(eml, NULL);
    ck_assert_ptr_nonnull(mail);
    json_t *json = mail_json(mail);
    const char *key;
    json_t *value;
    json_object_foreach (expected, key, value) {
        json_t *found = json_object_get(json, key);
        if (found != NULL && fits(value, found))
            continue;
        char *want = json_dumps(value, JSON_ENCODE_ANY);
        char *got = found != NULL ? json_dumps(found, JSON_ENCODE_ANY) : strdup("nothing");
        fprintf(stderr, "%s: %s\n  expected %s\n  found    %s\n", name, key, want, got);
        free(want);
        free(got);
        count++;
    }
    json_decref(json);
    json_decref(expected);
    mail_free(mail);
    return count;
}

START_TEST(every_fixture_reads_as_its_json_says)
{
    guint files = 0, wrong = 0;
    mail_init();
    g_autoptr(GDir) dir = g_dir_open(TEST_DATA "/mail", 0, NULL);
    ck_assert_ptr_nonnull(dir);
    for (const char *entry; (entry = g_dir_read_name(dir)) != NULL;) {
        if (!g_str_has_suffix(entry, ".eml"))
            continue;
        g_autofree char *name = g_strndup(entry, strlen(entry) - strlen(".eml"));
        wrong += differences(name);
        files++;
    }
    ck_assert_uint_eq(wrong, 0);
    ck_assert_uint_ge(files, 140);
}
END_TEST

/* Every line of the text that is not blank stands in exactly one of the three pieces. */
START_TEST(no_line_of_the_text_is_lost_or_doubled)
{
    mail_init();
    g_autoptr(GDir) dir = g_dir_open(TEST_DATA "/mail", 0, NULL);
    for (const char *entry; (entry = g_dir_read_name(dir)) != NULL;) {
        if (!g_str_has_suffix(entry, ".eml"))
            continue;
        g_autofree char *path = g_build_filename(TEST_DATA "/mail", entry, NULL);
        struct mail *mail = mail_read_file(path, NULL);
        g_autofree char *pieces =
            g_strconcat(mail->new_text, mail->quoted_text, mail->signature, NULL);
        g_autofree char *together = text_compact(pieces);
        g_autofree char *whole = text_compact(mail->text);
        ck_assert_msg(strlen(whole) == strlen(together), "%s: %zu bytes of text, %zu in pieces",
                      entry, strlen(whole), strlen(together));
        mail_free(mail);
    }
}
END_TEST

TEST_MAIN("mail/fixtures", every_fixture_reads_as_its_json_says,
          no_line_of_the_text_is_lost_or_doubled)
