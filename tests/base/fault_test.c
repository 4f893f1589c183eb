/* Faults: message, code and exit code. */
#include "test.h"
#include <gio/gio.h>

START_TEST(a_fault_carries_its_message_and_code)
{
    g_autoptr(GError) error = NULL;
    ck_assert(!fault_set(&error, FAULT_REFUSED, "第 %d 行缺少%s", 3, "单位"));
    ck_assert(g_error_matches(error, FAULT, FAULT_REFUSED));
    ck_assert_str_eq(error->message, "第 3 行缺少单位");
}
END_TEST

START_TEST(a_fault_that_nobody_wants_is_dropped)
{
    ck_assert(!fault_set(NULL, FAULT_WORLD, "连接 %s 失败", "mail.example"));
}
END_TEST

START_TEST(the_exit_code_is_the_faults_own_or_that_of_the_world)
{
    g_autoptr(GError) refused = g_error_new(FAULT, FAULT_REFUSED, "x");
    g_autoptr(GError) world = g_error_new(FAULT, FAULT_WORLD, "x");
    g_autoptr(GError) foreign = g_error_new(G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "x");
    ck_assert_int_eq(fault_exit_code(refused), 2);
    ck_assert_int_eq(fault_exit_code(world), 1);
    ck_assert_int_eq(fault_exit_code(foreign), 1);
}
END_TEST

TEST_MAIN("base/fault", a_fault_carries_its_message_and_code, a_fault_that_nobody_wants_is_dropped,
          the_exit_code_is_the_faults_own_or_that_of_the_world)
