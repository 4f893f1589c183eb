/* What becomes of a file whose reader misbehaves: a stand-in for lianluo-read does. */
#include "documents/private.h"
#include "test.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Puts a script where lianluo-read is looked for; the folder, to be removed. */
static char *stand_in(const char *script)
{
    g_autofree char *text = g_strdup_printf("#!/bin/sh\n%s\n", script);
    char *folder = g_dir_make_tmp("lianluo-test-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "lianluo-read", NULL);
    ck_assert(g_file_set_contents(path, text, -1, NULL) && chmod(path, 0755) == 0);
    g_setenv("LIANLUO_LIBEXEC", folder, TRUE);
    return folder;
}

static void put_away(char *folder)
{
    g_autofree char *path = g_build_filename(folder, "lianluo-read", NULL);
    g_unlink(path);
    g_rmdir(folder);
    g_free(folder);
}

static json_t *read_by(const char *script)
{
    char *folder = stand_in(script);
    g_autoptr(GBytes) bytes = g_bytes_new_static("x", 1);
    g_autoptr(GError) error = NULL;
    json_t *document = document_of_bytes(bytes, "a.txt", &error);
    ck_assert_msg(document != NULL, "%s", error != NULL ? error->message : "");
    put_away(folder);
    return document;
}

START_TEST(a_reader_that_dies_or_babbles_costs_only_its_file)
{
    static const struct {
        const char *script, *unreadable;
    } rows[] = {
        { "exit 0", "damaged" },
        { "exit 1", "damaged" },
        { "kill -SEGV $$", "damaged" },
        { "kill -SYS $$", "damaged" },
        { "kill -XCPU $$", "too_big" },
        { "kill -ALRM $$", "too_big" },
        { "kill -XFSZ $$", "too_big" },
        { "echo nonsense", "damaged" },
        { "echo '{\"format\":'", "damaged" },
        { "echo '{'; echo '}'", "damaged" },
        { "printf '{\"a\":\"\\377\"}\\n'", "damaged" },
        { "printf '{\"unreadable\":null}'", "damaged" }, /* torn: its line has no end */
        { "head -c 17000000 /dev/zero | tr '\\0' ' '", "damaged" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        json_auto_t *document = read_by(rows[i].script);
        ck_assert_msg(g_strcmp0(document_unreadable(document), rows[i].unreadable) == 0, "%s: %s",
                      rows[i].script, document_unreadable(document));
        ck_assert(json_is_null(json_object_get(document, "text")));
        ck_assert(json_is_array(json_object_get(document, "members")));
    }
}
END_TEST

START_TEST(a_reader_is_not_believed_where_bytes_inside_stand)
{
    static const char *const places[] = { "0,\"size\":1000000", "-1,\"size\":1",
                                          "9223372036854775807,\"size\":1", "0,\"size\":-5",
                                          "\"x\",\"size\":null" };
    for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
        g_autofree char *script =
            g_strdup_printf("echo PDF >&3; echo '{\"format\":\"zip\",\"members\":[{\"name\":"
                            "\"a.pdf\",\"format\":\"pdf\",\"converter\":\"pdf\",\"at\":%s}]}'",
                            places[i]);
        json_auto_t *document = read_by(script);
        json_t *member = json_array_get(json_object_get(document, "members"), 0);
        ck_assert_msg(g_strcmp0(document_unreadable(member), "damaged") == 0, "%s", places[i]);
        ck_assert_str_eq(json_string_value(json_object_get(member, "name")), "a.pdf");
    }
}
END_TEST

/* A zombie that nobody waits for is as good as gone. */
static gboolean is_gone(pid_t pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/stat", (int)pid);
    g_autofree char *stat = NULL;
    if (!g_file_get_contents(path, &stat, NULL, NULL))
        return TRUE;
    const char *state = strrchr(stat, ')');
    return state != NULL && state[2] == 'Z';
}

START_TEST(a_reader_that_hangs_is_killed_with_what_it_started)
{
    char *folder = stand_in("sleep 60 & echo $!; exec sleep 60");
    g_autoptr(GError) error = NULL;
    int status = 0, out = program_file(NULL, &error);
    const struct program program = { .name = "read", .in = out, .out = out, .seconds = 1 };
    gint64 began = g_get_monotonic_time();
    ck_assert(program_wait(&program, &status, &error));
    ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    ck_assert_int_lt(g_get_monotonic_time() - began, 10 * G_USEC_PER_SEC);
    char line[32] = "";
    ck_assert_int_gt(pread(out, line, sizeof line - 1, 0), 0);
    pid_t child = atoi(line);
    for (int i = 0; i < 100 && !is_gone(child); i++)
        g_usleep(20000);
    ck_assert(child > 0 && is_gone(child));
    close(out);
    put_away(folder);
}
END_TEST

/* The bytes of a zip's two members, which a stand-in says are PDFs. */
#define TWO_INSIDE \
    "printf '%%PDF-%%PDF-' >&3; echo " \
    "'{\"format\":\"zip\",\"members\":[{\"name\":\"a\",\"format\":" \
    "\"pdf\",\"converter\":\"pdf\",\"at\":0,\"size\":5},{\"name\":\"b\",\"format\":\"pdf\"," \
    "\"converter\":\"pdf\",\"at\":5,\"size\":5}]}'"

START_TEST(a_converter_that_hangs_is_killed_when_the_time_of_the_whole_is_over)
{
    static const char *const scripts[] = {
        "[ \"$1\" != --convert ] || exec sleep 60; " TWO_INSIDE,
        "[ \"$1\" != --convert ] || { sleep 60 & sleep 60; }; " TWO_INSIDE,
        "[ \"$1\" != --convert ] || { trap '' TERM INT HUP ALRM; sleep 60; }; " TWO_INSIDE,
    };
    for (gsize i = 0; i < G_N_ELEMENTS(scripts); i++) {
        char *folder = stand_in(scripts[i]);
        g_autoptr(GError) error = NULL;
        int fd = program_file(NULL, &error);
        gint64 began = g_get_monotonic_time();
        g_autoptr(GBytes) line = document_line_within(fd, "a.zip", 1, &error);
        ck_assert_int_lt(g_get_monotonic_time() - began, 5 * G_USEC_PER_SEC);
        json_auto_t *document =
            json_loadb(g_bytes_get_data(line, NULL), g_bytes_get_size(line), 0, NULL);
        json_t *members = json_object_get(document, "members");
        ck_assert_uint_eq(json_array_size(members), 2);
        for (gsize k = 0; k < 2; k++)
            ck_assert_str_eq(document_unreadable(json_array_get(members, k)), "too_big");
        close(fd);
        put_away(folder);
    }
}
END_TEST

TEST_MAIN("documents/child", a_converter_that_hangs_is_killed_when_the_time_of_the_whole_is_over,
          a_reader_that_dies_or_babbles_costs_only_its_file,
          a_reader_is_not_believed_where_bytes_inside_stand,
          a_reader_that_hangs_is_killed_with_what_it_started)
