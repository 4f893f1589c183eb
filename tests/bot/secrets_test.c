/* Where the configuration's secrets may come from, and who may read a file that holds one. */
#include "scene.h"
#include <sys/stat.h>

static struct config *load(struct fixture *f, const char *text, GError **error)
{
    scene_write(f, text);
    return config_load(f->dir, error);
}

START_TEST(a_file_with_a_secret_in_it_must_be_private)
{
    static const struct {
        const char *imap, *smtp, *url;
        mode_t mode;
        gboolean allowed;
    } table[] = { { "geheim", "env:B", "", 0600, TRUE },
                  { "geheim", "env:B", "", 0640, FALSE },
                  { "env:A", "geheim", "", 0604, FALSE },
                  { "env:A", "file:b", "", 0644, TRUE },
                  { "env:A", "command:true", "https://127.0.0.1/key", 0644, FALSE },
                  { "env:A", "command:true", "env:U", 0644, TRUE } };
    struct fixture *f = fixture_bare();
    g_autofree char *path = g_build_filename(f->dir, "lianluo.conf", NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autofree char *text = g_strdup_printf(
            "[office]\nname=a\naddress=a@b.example\n[imap]\nhost=h\nuser=u\npassword=%s\n"
            "[smtp]\nhost=h\nuser=u\npassword=%s\n[wecom]\nurl=%s\n",
            table[i].imap, table[i].smtp, table[i].url);
        g_autoptr(GError) error = NULL;
        scene_write(f, text);
        ck_assert_int_eq(chmod(path, table[i].mode), 0);
        struct config *config = config_load(f->dir, &error);
        ck_assert_msg((config != NULL) == table[i].allowed, "row %d: %s", (int)i,
                      error ? error->message : "loaded");
        ck_assert(error == NULL || strstr(error->message, "geheim") == NULL);
        config_free(config);
    }
    fixture_free(f);
}
END_TEST

START_TEST(secrets_come_from_a_file_the_environment_or_a_command)
{
    struct fixture *f = fixture_bare();
    g_autofree char *secret = g_build_filename(f->dir, "mail.secret", NULL);
    ck_assert(g_file_set_contents_full(secret, "from file\n", -1, G_FILE_SET_CONTENTS_CONSISTENT,
                                       0600, NULL));
    g_setenv("LIANLUO_TEST_SECRET", "from environment", TRUE);
    g_autoptr(GError) error = NULL;
    struct config *config =
        load(f,
             "[office]\nname=a\naddress=a@b.example\n[imap]\nhost=h\nuser=u\n"
             "password=file:mail.secret\n[smtp]\nhost=h\nuser=u\npassword=env:LIANLUO_TEST_SECRET\n"
             "[wecom]\nurl=command:echo https://127.0.0.1/x\n",
             &error);
    ck_assert_msg(config != NULL, "%s", error ? error->message : "?");
    ck_assert_msg(config_secrets(config, &error), "%s", error ? error->message : "?");
    ck_assert_str_eq(config->imap.password, "from file");
    ck_assert_str_eq(config->smtp.password, "from environment");
    ck_assert_str_eq(config->wecom_secret, "https://127.0.0.1/x");
    g_remove(secret);
    ck_assert(!config_secrets(config, &error));
    ck_assert_ptr_nonnull(strstr(error->message, "imap"));
    config_free(config);
    fixture_free(f);
}
END_TEST

TEST_MAIN("bot/secrets", a_file_with_a_secret_in_it_must_be_private,
          secrets_come_from_a_file_the_environment_or_a_command)
