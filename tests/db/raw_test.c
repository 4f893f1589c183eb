/* Raw bytes: small ones in the database, large ones in files, by their hash. */
#include "office.h"
#include <fcntl.h>
#include <unistd.h>

static char *keep(struct fixture *f, const char *bytes, gsize n)
{
    g_autoptr(GError) error = NULL;
    char *sha256 = raw_file(f->db, bytes, n, &error);
    ck_assert_msg(sha256 != NULL, "%s", error ? error->message : "?");
    fixture_begin(f);
    raw_row(f->db, sha256, bytes, n);
    fixture_commit(f);
    return sha256;
}

static void check_bytes(struct fixture *f, const char *sha256, const char *bytes, gsize n)
{
    g_autoptr(GError) error = NULL;
    GBytes *kept = raw_get(f->db, sha256, &error);
    ck_assert_msg(kept != NULL, "%s", error ? error->message : "?");
    ck_assert_uint_eq(g_bytes_get_size(kept), n);
    ck_assert(n == 0 || memcmp(g_bytes_get_data(kept, NULL), bytes, n) == 0);
    g_bytes_unref(kept);
}

START_TEST(up_to_64_kib_lives_in_the_database_and_one_byte_more_in_a_file)
{
    static const struct {
        gsize size;
        gboolean file;
    } table[] = { { 0, FALSE },
                  { 1, FALSE },
                  { RAW_ROW_MAX - 1, FALSE },
                  { RAW_ROW_MAX, FALSE },
                  { RAW_ROW_MAX + 1, TRUE },
                  { 1 << 20, TRUE } };
    struct fixture *f = fixture_bare();
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        gsize n = table[i].size;
        g_autofree char *bytes = g_malloc(n + 1);
        for (gsize j = 0; j < n; j++)
            bytes[j] = (char)(j * 7 + i);
        g_autofree char *expected = text_sha256(bytes, n);
        g_autofree char *sha256 = keep(f, bytes, n);
        g_autofree char *path = raw_path(f->db, sha256);
        ck_assert_str_eq(sha256, expected);
        ck_assert(raw_has(f->db, sha256));
        ck_assert_msg((path != NULL) == table[i].file, "%zu bytes", n);
        ck_assert(path == NULL || g_file_test(path, G_FILE_TEST_IS_REGULAR));
        check_bytes(f, sha256, bytes, n);
    }
    fixture_free(f);
}
END_TEST

START_TEST(the_same_bytes_twice_are_kept_once)
{
    struct fixture *f = fixture_bare();
    g_autofree char *bytes = g_strnfill(RAW_ROW_MAX + 9, 'x');
    g_autofree char *first = keep(f, bytes, RAW_ROW_MAX + 9);
    g_autofree char *second = keep(f, bytes, RAW_ROW_MAX + 9);
    ck_assert_str_eq(first, second);
    check_bytes(f, second, bytes, RAW_ROW_MAX + 9);
    fixture_free(f);
}
END_TEST

static char *stream(struct fixture *f, char **path, int *fd)
{
    g_autoptr(GError) error = NULL;
    *fd = raw_stream(f->db, path, &error);
    ck_assert_msg(*fd >= 0, "%s", error ? error->message : "?");
    char *bytes = g_strnfill(300000, 'y');
    ck_assert_int_eq(write(*fd, bytes, 100000), 100000);
    ck_assert_int_eq(write(*fd, bytes + 100000, 200000), 200000);
    return bytes;
}

START_TEST(a_streamed_message_is_kept_under_its_hash)
{
    struct fixture *f = fixture_bare();
    g_autofree char *path = NULL;
    int fd;
    g_autofree char *bytes = stream(f, &path, &fd);
    gint64 size = 0;
    g_autofree char *sha256 = raw_stream_keep(f->db, fd, path, &size, NULL);
    g_autofree char *expected = text_sha256(bytes, 300000);
    ck_assert_str_eq(sha256, expected);
    ck_assert_int_eq(size, 300000);
    ck_assert(!g_file_test(path, G_FILE_TEST_EXISTS));
    fixture_begin(f);
    raw_file_row(f->db, sha256, size);
    fixture_commit(f);
    check_bytes(f, sha256, bytes, 300000);
    fixture_free(f);
}
END_TEST

START_TEST(a_dropped_stream_leaves_nothing_behind)
{
    struct fixture *f = fixture_bare();
    g_autofree char *path = NULL;
    int fd;
    g_autofree char *bytes = stream(f, &path, &fd);
    raw_stream_drop(fd, path);
    ck_assert(!g_file_test(path, G_FILE_TEST_EXISTS));
    ck_assert_int_eq(fcntl(fd, F_GETFD), -1);
    g_autofree char *expected = text_sha256(bytes, 300000);
    ck_assert(!raw_has(f->db, expected));
    fixture_free(f);
}
END_TEST

START_TEST(a_large_one_whose_file_is_gone_is_a_fault_of_the_world)
{
    struct fixture *f = fixture_bare();
    g_autoptr(GError) error = NULL;
    g_autofree char *bytes = g_strnfill(RAW_ROW_MAX + 1, 'z');
    g_autofree char *sha256 = keep(f, bytes, RAW_ROW_MAX + 1);
    g_autofree char *path = raw_path(f->db, sha256);
    ck_assert_int_eq(g_remove(path), 0);
    ck_assert_ptr_null(raw_get(f->db, sha256, &error));
    ck_assert(g_error_matches(error, FAULT, FAULT_WORLD));
    fixture_free(f);
}
END_TEST

START_TEST(a_large_one_without_a_folder_for_it_is_a_fault_of_the_world)
{
    struct fixture *f = fixture_bare();
    g_autoptr(GError) error = NULL;
    g_autofree char *files = g_build_filename(f->dir, "files", NULL);
    fixture_remove(files);
    ck_assert(g_file_set_contents(files, "in the way", -1, NULL));
    g_autofree char *bytes = g_strnfill(RAW_ROW_MAX + 1, 'z');
    ck_assert_ptr_null(raw_file(f->db, bytes, RAW_ROW_MAX + 1, &error));
    ck_assert(g_error_matches(error, FAULT, FAULT_WORLD));
    fixture_free(f);
}
END_TEST

START_TEST(bytes_that_never_came_are_not_there)
{
    struct fixture *f = fixture_bare();
    g_autoptr(GError) error = NULL;
    g_autofree char *sha256 = text_sha256("never", 5);
    ck_assert(!raw_has(f->db, sha256));
    ck_assert_ptr_null(raw_path(f->db, sha256));
    ck_assert_ptr_null(raw_get(f->db, sha256, &error));
    ck_assert_ptr_nonnull(error);
    fixture_free(f);
}
END_TEST

TEST_MAIN("db/raw", up_to_64_kib_lives_in_the_database_and_one_byte_more_in_a_file,
          the_same_bytes_twice_are_kept_once, a_streamed_message_is_kept_under_its_hash,
          a_dropped_stream_leaves_nothing_behind,
          a_large_one_whose_file_is_gone_is_a_fault_of_the_world,
          a_large_one_without_a_folder_for_it_is_a_fault_of_the_world,
          bytes_that_never_came_are_not_there)
