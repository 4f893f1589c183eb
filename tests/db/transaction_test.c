/* Transactions and the sticky fault: what fails undoes itself, no more and no less. */
#include "office.h"

static gint64 count_units(struct fixture *f)
{
    GPtrArray *units = unit_list(f->db, TRUE);
    gint64 n = units->len;
    g_ptr_array_unref(units);
    return n;
}

/* A code that is there already: the statement fails. */
static void add_unit_twice(struct fixture *f)
{
    unit_add(f->db, "jyj", "另一个单位", "");
}

START_TEST(a_failed_item_is_undone_alone)
{
    struct fixture *f = fixture_new();
    gint64 before = count_units(f);
    g_autoptr(GError) error = NULL;
    fixture_begin(f);
    db_savepoint(f->db);
    unit_add(f->db, "a", "甲", "");
    ck_assert(db_release(f->db, NULL));
    db_savepoint(f->db);
    unit_add(f->db, "b", "乙", "");
    add_unit_twice(f);
    unit_add(f->db, "c", "丙", "");
    ck_assert(!db_release(f->db, &error));
    ck_assert(g_error_matches(error, FAULT, FAULT_WORLD));
    db_savepoint(f->db);
    unit_add(f->db, "d", "丁", "");
    ck_assert(db_release(f->db, NULL));
    fixture_commit(f);

    ck_assert_int_eq(count_units(f), before + 2);
    ck_assert_int_ne(unit_by_code(f->db, "a"), 0);
    ck_assert_int_eq(unit_by_code(f->db, "b"), 0);
    ck_assert_int_eq(unit_by_code(f->db, "c"), 0);
    ck_assert_int_ne(unit_by_code(f->db, "d"), 0);
    fixture_free(f);
}
END_TEST

START_TEST(a_commit_reports_the_fault_and_undoes_all)
{
    struct fixture *f = fixture_new();
    gint64 before = count_units(f);
    g_autoptr(GError) error = NULL;
    fixture_begin(f);
    unit_add(f->db, "a", "甲", "");
    add_unit_twice(f);
    unit_add(f->db, "b", "乙", "");
    ck_assert(!db_commit(f->db, &error));
    ck_assert(g_error_matches(error, FAULT, FAULT_WORLD));
    ck_assert_int_eq(count_units(f), before);

    fixture_begin(f);
    unit_add(f->db, "a", "甲", "");
    fixture_commit(f);
    ck_assert_int_eq(count_units(f), before + 1);
    fixture_free(f);
}
END_TEST

START_TEST(after_a_fault_every_statement_does_nothing_until_it_is_taken)
{
    struct fixture *f = fixture_new();
    g_autoptr(GError) error = NULL;
    fixture_begin(f);
    add_unit_twice(f);
    ck_assert_int_eq(unit_by_code(f->db, "jyj"), 0);
    ck_assert_ptr_null(unit_get(f->db, f->units[JYJ]));
    ck_assert_ptr_null(office_get(f->db, "created_at"));
    ck_assert(!db_ok(f->db, &error));
    ck_assert_ptr_nonnull(error);
    ck_assert(db_ok(f->db, NULL));
    db_rollback(f->db);
    ck_assert_int_eq(unit_by_code(f->db, "jyj"), f->units[JYJ]);
    fixture_free(f);
}
END_TEST

START_TEST(undoing_an_item_forgets_its_fault)
{
    struct fixture *f = fixture_new();
    fixture_begin(f);
    db_savepoint(f->db);
    unit_add(f->db, "a", "甲", "");
    add_unit_twice(f);
    db_undo(f->db);
    unit_add(f->db, "b", "乙", "");
    fixture_commit(f);
    ck_assert_int_eq(unit_by_code(f->db, "a"), 0);
    ck_assert_int_ne(unit_by_code(f->db, "b"), 0);
    fixture_free(f);
}
END_TEST

START_TEST(a_rollback_forgets_what_was_written_and_its_fault)
{
    struct fixture *f = fixture_new();
    fixture_begin(f);
    office_set(f->db, "colour", "red");
    add_unit_twice(f);
    db_rollback(f->db);
    ck_assert(db_ok(f->db, NULL));
    ck_assert_ptr_null(office_get(f->db, "colour"));
    fixture_free(f);
}
END_TEST

START_TEST(a_second_connection_sees_only_what_was_committed)
{
    struct fixture *f = fixture_new();
    struct db *other = db_open(f->dir, NULL);
    fixture_begin(f);
    office_set(f->db, "colour", "red");
    ck_assert_ptr_null(office_get(other, "colour"));
    fixture_commit(f);
    g_autofree char *colour = office_get(other, "colour");
    ck_assert_str_eq(colour, "red");
    db_close(other);
    fixture_free(f);
}
END_TEST

START_TEST(a_fact_of_the_office_is_replaced)
{
    struct fixture *f = fixture_new();
    fixture_begin(f);
    office_set(f->db, "colour", "red");
    office_set(f->db, "colour", "it's “蓝”");
    fixture_commit(f);
    g_autofree char *colour = office_get(f->db, "colour");
    ck_assert_str_eq(colour, "it's “蓝”");
    fixture_free(f);
}
END_TEST

TEST_MAIN("db/transaction", a_failed_item_is_undone_alone,
          a_commit_reports_the_fault_and_undoes_all,
          after_a_fault_every_statement_does_nothing_until_it_is_taken,
          undoing_an_item_forgets_its_fault, a_rollback_forgets_what_was_written_and_its_fault,
          a_second_connection_sees_only_what_was_committed, a_fact_of_the_office_is_replaced)
