/* What every Check test begins with. A test file lists its tests once, in TEST_MAIN. */
#ifndef TEST_H
#define TEST_H

#include "base/base.h"
#include <check.h>
#include <stdlib.h>
#include <unistd.h>

/* TEST_MAIN("mail/read", a_test, another_test): the main function of one test binary. Tests run in
 * forked children unless CK_FORK=no. */
#define TEST_MAIN(name, ...) \
    int main(void) \
    { \
        const TTest *tests[] = { __VA_ARGS__ }; \
        return test_run(name, tests, G_N_ELEMENTS(tests)); \
    }

static inline int test_run(const char *name, const TTest *const *tests, size_t n)
{
    Suite *suite = suite_create(name);
    TCase *tcase = tcase_create(name);
    tcase_set_timeout(tcase, 60);
    log_enable(FALSE);
    for (size_t i = 0; i < n; i++)
        tcase_add_test(tcase, tests[i]);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* lianluo-read and lianluo-write stand at the top of the build that this test belongs to. */
static inline void test_programs(void)
{
    g_autofree char *folder = g_file_read_link("/proc/self/exe", NULL);
    for (g_autofree char *read = NULL; read == NULL || access(read, X_OK) != 0;) {
        char *above = g_path_get_dirname(folder);
        ck_assert_str_ne(above, folder);
        g_free(folder);
        g_free(read);
        folder = above;
        read = g_build_filename(folder, "lianluo-read", NULL);
    }
    g_setenv("LIANLUO_LIBEXEC", folder, TRUE);
}

/* What the program learns from is looked at by tests, too. */
#define LETTERS "../../letters/"

/* The whole file below tests/data, NUL-terminated; *n may be NULL. */
static inline char *test_data(const char *name, gsize *n)
{
    g_autofree char *path = g_build_filename(TEST_DATA, name, NULL);
    char *bytes = NULL;
    if (!g_file_get_contents(path, &bytes, n, NULL))
        ck_abort_msg("tests/data/%s is missing", name);
    return bytes;
}

#endif
