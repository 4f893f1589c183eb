/* Secrets: where they come from, and what is refused. "ouvre-toi" is the secret throughout. */
#include "test.h"
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECRET "ouvre-toi"

static char *dir;

static void setup(void)
{
    dir = g_dir_make_tmp("lianluo-XXXXXX", NULL);
    ck_assert_ptr_nonnull(dir);
}

static void teardown(void)
{
    static const char *const names[] = { "secret", "link", "fifo" };
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(dir, names[i], NULL);
        g_unlink(path);
    }
    g_rmdir(dir);
    g_free(dir);
}

static char *in_dir(const char *name)
{
    return g_build_filename(dir, name, NULL);
}

static void write_secret(const char *bytes, gssize n, int mode)
{
    g_autofree char *path = in_dir("secret");
    ck_assert(g_file_set_contents(path, bytes, n, NULL));
    ck_assert_int_eq(g_chmod(path, mode), 0);
}

static void gives(const char *setting, const char *wanted)
{
    g_autoptr(GError) error = NULL;
    char *secret = secret_resolve(setting, dir, &error);
    ck_assert_msg(secret != NULL, "%s: %s", setting, error != NULL ? error->message : "");
    ck_assert_str_eq(secret, wanted);
    secret_free(secret);
}

static void refused(const char *setting, int code, const char *says)
{
    g_autoptr(GError) error = NULL;
    char *secret = secret_resolve(setting, dir, &error);
    ck_assert_msg(secret == NULL, "%s was accepted", setting);
    ck_assert_msg(error->domain == FAULT && error->code == code, "%s: %s", setting, error->message);
    ck_assert_msg(strstr(error->message, says) != NULL, "%s: %s", setting, error->message);
    ck_assert_ptr_null(strstr(error->message, SECRET));
}

START_TEST(only_a_setting_that_holds_the_secret_is_literal)
{
    ck_assert(secret_is_literal("text:" SECRET));
    ck_assert(secret_is_literal(SECRET));
    ck_assert(secret_is_literal("File:x"));
    ck_assert(!secret_is_literal("file:secret"));
    ck_assert(!secret_is_literal("command:pass show mail"));
    ck_assert(!secret_is_literal("env:MAIL_PASSWORD"));
    ck_assert(!secret_is_literal(""));
    ck_assert(!secret_is_literal("text:"));
}
END_TEST

START_TEST(a_literal_is_the_secret_itself)
{
    setup();
    gives(SECRET, SECRET);
    gives("text:" SECRET, SECRET);
    gives("text:file:x", "file:x");
    gives("text: with blanks ", " with blanks ");
    gives("密码", "密码");
    refused("", FAULT_REFUSED, "没有填写");
    refused("text:", FAULT_REFUSED, "空的");
    refused("text:" SECRET "\x01", FAULT_REFUSED, "控制字符");
    refused(SECRET "\rNOOP", FAULT_REFUSED, "控制字符");
    refused(SECRET "\x7f", FAULT_REFUSED, "控制字符");
    teardown();
}
END_TEST

START_TEST(a_file_gives_its_first_line)
{
    static const char *const rows[] = {
        SECRET, SECRET "\n", SECRET "\r\n", SECRET "\nsecond line\n", "\xEF\xBB\xBF" SECRET "\r\n",
    };
    setup();
    g_autofree char *absolute = g_strconcat("file:", dir, "/secret", NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        write_secret(rows[i], -1, 0600);
        gives("file:secret", SECRET);
        gives(absolute, SECRET);
    }
    write_secret(SECRET, -1, 0400);
    gives("file:secret", SECRET);
    teardown();
}
END_TEST

START_TEST(a_file_without_a_fit_first_line_is_refused)
{
    g_autofree char *endless = g_strnfill(5000, 'x');
    setup();
    write_secret("", 0, 0600);
    refused("file:secret", FAULT_REFUSED, "空的");
    write_secret("\n" SECRET "\n", -1, 0600);
    refused("file:secret", FAULT_REFUSED, "空的");
    write_secret(SECRET "\0" SECRET, sizeof SECRET * 2 - 1, 0600);
    refused("file:secret", FAULT_REFUSED, "控制字符");
    write_secret(SECRET "\tx", -1, 0600);
    refused("file:secret", FAULT_REFUSED, "控制字符");
    write_secret(endless, -1, 0600);
    refused("file:secret", FAULT_REFUSED, "过长");
    refused("file:missing", FAULT_REFUSED, "missing");
    refused("file:", FAULT_REFUSED, "不是普通文件");
    teardown();
}
END_TEST

START_TEST(a_file_that_others_may_read_is_refused)
{
    static const int open_modes[] = { 0640, 0604, 0644, 0666 };
    setup();
    for (gsize i = 0; i < G_N_ELEMENTS(open_modes); i++) {
        write_secret(SECRET, -1, open_modes[i]);
        refused("file:secret", FAULT_REFUSED, "chmod 600");
    }
    teardown();
}
END_TEST

START_TEST(the_file_behind_a_link_is_what_counts)
{
    setup();
    g_autofree char *path = in_dir("secret"), *link = in_dir("link");
    ck_assert_int_eq(symlink("secret", link), 0);
    write_secret(SECRET, -1, 0600);
    gives("file:link", SECRET);
    ck_assert_int_eq(g_chmod(path, 0644), 0);
    refused("file:link", FAULT_REFUSED, "chmod 600");
    teardown();
}
END_TEST

START_TEST(a_fifo_is_refused_without_waiting_for_its_writer)
{
    setup();
    g_autofree char *fifo = in_dir("fifo");
    ck_assert_int_eq(mkfifo(fifo, 0600), 0);
    refused("file:fifo", FAULT_REFUSED, "不是普通文件");
    teardown();
}
END_TEST

START_TEST(a_private_file_is_told_from_an_open_one)
{
    setup();
    g_autofree char *path = in_dir("secret"), *missing = in_dir("missing");
    g_autoptr(GError) error = NULL;
    write_secret("x", -1, 0600);
    ck_assert(file_is_private(path, NULL));
    ck_assert(!file_is_private(missing, NULL));
    ck_assert_int_eq(g_chmod(path, 0640), 0);
    ck_assert(!file_is_private(path, &error));
    ck_assert(g_error_matches(error, FAULT, FAULT_REFUSED));
    g_autofree char *advice = g_strdup_printf("chmod 600 '%s'", path);
    ck_assert_ptr_nonnull(strstr(error->message, advice));
    teardown();
}
END_TEST

START_TEST(the_environment_gives_a_secret)
{
    setup();
    g_setenv("LIANLUO_TEST_SECRET", SECRET "\n", TRUE);
    gives("env:LIANLUO_TEST_SECRET", SECRET);
    g_setenv("LIANLUO_TEST_SECRET", "", TRUE);
    refused("env:LIANLUO_TEST_SECRET", FAULT_REFUSED, "空的");
    g_unsetenv("LIANLUO_TEST_SECRET");
    refused("env:LIANLUO_TEST_SECRET", FAULT_REFUSED, "LIANLUO_TEST_SECRET");
    teardown();
}
END_TEST

START_TEST(a_command_gives_the_first_line_that_it_prints)
{
    setup();
    gives("command:echo " SECRET, SECRET);
    gives("command:printf %s " SECRET, SECRET);
    gives("command:printf '" SECRET "\\r\\nuser: x\\n'", SECRET);
    gives("command:echo noise >&2; echo " SECRET, SECRET);
    gives("command:cat; echo " SECRET, SECRET);
    gives("command:echo " SECRET "; head -c 300000 /dev/zero", SECRET);
    gives("command:exec 3>&1; exec >&-; sleep 0.2; echo " SECRET " >&3", SECRET);
    teardown();
}
END_TEST

START_TEST(a_command_that_fails_gives_no_secret)
{
    setup();
    refused("command:echo " SECRET "; exit 3", FAULT_WORLD, "执行失败");
    refused("command:echo " SECRET "; kill -9 $$", FAULT_WORLD, "执行失败");
    refused("command:no-such-command-anywhere", FAULT_WORLD, "执行失败");
    refused("command:true", FAULT_REFUSED, "空的");
    refused("command:", FAULT_REFUSED, "空的");
    teardown();
}
END_TEST

/* As a key agent does that the command starts: it must not be waited for, and may live on. */
START_TEST(a_background_child_that_keeps_the_pipe_is_not_waited_for)
{
    setup();
    gint64 begin = g_get_monotonic_time();
    gives("command:echo " SECRET "; sleep 4 &", SECRET);
    gives("command:echo " SECRET "; yes &", SECRET);
    ck_assert_int_lt(g_get_monotonic_time() - begin, 3 * G_USEC_PER_SEC);
    teardown();
}
END_TEST

START_TEST(a_command_that_hangs_is_ended_after_ten_seconds_with_its_children)
{
    setup();
    g_autofree char *pidfile = in_dir("secret");
    g_autofree char *setting =
        g_strdup_printf("command:sleep 60 & echo $! > '%s'; echo " SECRET "; wait", pidfile);
    gint64 begin = g_get_monotonic_time();
    refused(setting, FAULT_WORLD, "10 秒");
    gint64 took = g_get_monotonic_time() - begin;
    ck_assert_int_ge(took, 10 * G_USEC_PER_SEC);
    ck_assert_int_lt(took, 15 * G_USEC_PER_SEC);
    g_autofree char *pid = NULL;
    ck_assert(g_file_get_contents(pidfile, &pid, NULL, NULL));
    g_autofree char *stat = g_strdup_printf("/proc/%d/stat", atoi(pid));
    gboolean gone = FALSE;
    for (int i = 0; i < 100 && !gone; i++, g_usleep(20000)) {
        g_autofree char *state = NULL;
        gone = !g_file_get_contents(stat, &state, NULL, NULL) || strstr(state, ") Z ") != NULL;
    }
    ck_assert_msg(gone, "the child of the command lives on");
    teardown();
}
END_TEST

TEST_MAIN("base/secret", only_a_setting_that_holds_the_secret_is_literal,
          a_literal_is_the_secret_itself, a_file_gives_its_first_line,
          a_file_without_a_fit_first_line_is_refused, a_file_that_others_may_read_is_refused,
          the_file_behind_a_link_is_what_counts, a_fifo_is_refused_without_waiting_for_its_writer,
          a_private_file_is_told_from_an_open_one, the_environment_gives_a_secret,
          a_command_gives_the_first_line_that_it_prints, a_command_that_fails_gives_no_secret,
          a_background_child_that_keeps_the_pipe_is_not_waited_for,
          a_command_that_hangs_is_ended_after_ten_seconds_with_its_children)
