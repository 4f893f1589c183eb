/* Units: found by any of their names, and their contacts, which are dated and never removed. */
#include "office.h"

static struct contact contact_of(enum role role, const char *email)
{
    return (struct contact){ .role = role,
                             .name = (char *)"联络员乙",
                             .email = (char *)email,
                             .phone = (char *)"0000-0000000",
                             .mobile = (char *)"",
                             .since = clock_now() };
}

START_TEST(a_unit_is_found_by_each_of_its_names)
{
    struct fixture *f = fixture_new();
    fixture_begin(f);
    unit_add_alias(f->db, f->units[JYJ], "教体局");
    fixture_commit(f);
    static const struct {
        const char *name;
        int unit;
    } table[] = { { "jyj", JYJ }, { "市教育局", JYJ }, { "教育局", JYJ },   { "教体局", JYJ },
                  { "wtj", WTJ }, { "文体局", WTJ },   { "市气象局", QXJ }, { "教育", -1 },
                  { "", -1 },     { "市教育局 ", -1 }, { "%", -1 },         { "' OR 1 --", -1 } };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        gint64 expected = table[i].unit < 0 ? 0 : f->units[table[i].unit];
        ck_assert_msg(unit_find(f->db, table[i].name) == expected, "“%s”", table[i].name);
    }
    ck_assert_int_eq(unit_by_code(f->db, "市教育局"), 0);
    ck_assert_int_eq(unit_by_name(f->db, "市教育局"), f->units[JYJ]);
    ck_assert_int_eq(unit_by_name(f->db, "教育局"), 0);
    fixture_free(f);
}
END_TEST

START_TEST(a_name_that_two_units_share_finds_neither)
{
    struct fixture *f = fixture_new();
    fixture_begin(f);
    gint64 other = unit_add(f->db, "x", "县教育局", "教育局");
    unit_add_alias(f->db, f->units[JYJ], "招办");
    unit_add_alias(f->db, other, "招办");
    /* One's alias is the other's name, and one's name twice is still one. */
    unit_add_alias(f->db, other, "文体局");
    unit_add_alias(f->db, f->units[QXJ], "市气象局");
    fixture_commit(f);
    ck_assert_int_eq(unit_find(f->db, "教育局"), 0);
    ck_assert_int_eq(unit_find(f->db, "招办"), 0);
    ck_assert_int_eq(unit_find(f->db, "文体局"), 0);
    ck_assert_int_eq(unit_find(f->db, "市气象局"), f->units[QXJ]);
    ck_assert_int_eq(unit_find(f->db, "市教育局"), f->units[JYJ]);
    fixture_free(f);
}
END_TEST

START_TEST(a_dropped_alias_finds_nothing)
{
    struct fixture *f = fixture_new();
    fixture_begin(f);
    unit_add_alias(f->db, f->units[JYJ], "招办");
    unit_drop_alias(f->db, f->units[JYJ], "招办");
    fixture_commit(f);
    ck_assert_int_eq(unit_find(f->db, "招办"), 0);
    fixture_free(f);
}
END_TEST

START_TEST(a_unit_without_a_code_gets_the_next_free_one)
{
    struct fixture *f = fixture_bare();
    fixture_begin(f);
    gint64 first = unit_add(f->db, NULL, "甲", "");
    gint64 taken = unit_add(f->db, "u02", "乙", "");
    gint64 third = unit_add(f->db, NULL, "丙", "");
    fixture_commit(f);
    g_autofree char *code = unit_code(f->db, first);
    g_autofree char *other = unit_code(f->db, third);
    ck_assert_str_eq(code, "u01");
    ck_assert_str_ne(other, "u02");
    ck_assert_int_ne(taken, third);
    ck_assert_ptr_null(unit_code(f->db, 0));
    fixture_free(f);
}
END_TEST

START_TEST(a_unit_is_called_by_its_short_name_if_it_has_one)
{
    struct fixture *f = fixture_new();
    g_autofree char *short_name = unit_label(f->db, f->units[JYJ]);
    g_autofree char *name = unit_label(f->db, f->units[YJ]);
    ck_assert_str_eq(short_name, "教育局");
    ck_assert_str_eq(name, "市应急<b>&\"x\"局");
    fixture_begin(f);
    unit_rename(f->db, f->units[YJ], "市应急管理局", "应急局");
    fixture_commit(f);
    struct unit *unit = unit_get(f->db, f->units[YJ]);
    ck_assert_str_eq(unit->name, "市应急管理局");
    ck_assert_str_eq(unit->short_name, "应急局");
    ck_assert_str_eq(unit->code, "yj");
    unit_free(unit);
    ck_assert_ptr_null(unit_get(f->db, 999));
    fixture_free(f);
}
END_TEST

START_TEST(a_contact_that_ends_is_dated_and_no_longer_written_to)
{
    struct fixture *f = fixture_new();
    gint64 unit = f->units[JYJ];
    struct contact two = contact_of(ROLE_LIAISON, "second@jyj.example");
    fixture_begin(f);
    gint64 id = contact_add(f->db, unit, &two);
    fixture_commit(f);
    g_auto(GStrv) both = unit_addresses(f->db, unit, ROLE_LIAISON);
    ck_assert_uint_eq(g_strv_length(both), 2);
    g_auto(GStrv) clerks = unit_addresses(f->db, unit, ROLE_CLERK);
    ck_assert_uint_eq(g_strv_length(clerks), 0);

    fixture_begin(f);
    contact_end(f->db, id, clock_now());
    fixture_commit(f);
    g_auto(GStrv) one = unit_addresses(f->db, unit, ROLE_LIAISON);
    ck_assert_uint_eq(g_strv_length(one), 1);
    ck_assert_str_eq(one[0], "liaison@jyj.example");
    struct unit *row = unit_get(f->db, unit);
    ck_assert_uint_eq(row->contacts->len, 1);
    unit_free(row);
    GArray *owners = unit_by_address(f->db, "second@jyj.example");
    ck_assert_uint_eq(owners->len, 0);
    g_array_unref(owners);
    fixture_free(f);
}
END_TEST

START_TEST(an_address_finds_its_units_in_any_case_and_several_mean_doubt)
{
    struct fixture *f = fixture_new();
    struct contact shared = contact_of(ROLE_LIAISON, "LIAISON@jyj.example");
    GArray *one = unit_by_address(f->db, "Liaison@JYJ.example");
    ck_assert_uint_eq(one->len, 1);
    ck_assert_int_eq(g_array_index(one, gint64, 0), f->units[JYJ]);
    g_array_unref(one);
    fixture_begin(f);
    contact_add(f->db, f->units[WTJ], &shared);
    contact_add(f->db, f->units[JYJ], &shared);
    fixture_commit(f);
    GArray *two = unit_by_address(f->db, "liaison@jyj.example");
    ck_assert_uint_eq(two->len, 2);
    g_array_unref(two);
    GArray *none = unit_by_address(f->db, "%@jyj.example");
    ck_assert_uint_eq(none->len, 0);
    g_array_unref(none);
    fixture_free(f);
}
END_TEST

START_TEST(a_retired_unit_is_listed_only_when_asked_for_and_the_office_is_last)
{
    struct fixture *f = fixture_new();
    fixture_begin(f);
    unit_set_retired(f->db, f->units[WTJ], clock_now());
    unit_add(f->db, "z", "市住建局", "");
    fixture_commit(f);
    GPtrArray *members = unit_list(f->db, FALSE);
    GPtrArray *all = unit_list(f->db, TRUE);
    ck_assert_uint_eq(members->len, 5);
    ck_assert_uint_eq(all->len, 6);
    struct unit *last = members->pdata[4], *first = members->pdata[0];
    ck_assert_str_eq(last->code, UNIT_OFFICE);
    ck_assert_str_eq(first->code, "jyj");
    g_auto(GStrv) names = unit_all_names(f->db);
    ck_assert(g_strv_contains((const char *const *)names, "市教育局"));
    ck_assert(g_strv_contains((const char *const *)names, "jyj"));
    g_ptr_array_unref(members);
    g_ptr_array_unref(all);
    fixture_free(f);
}
END_TEST

TEST_MAIN("db/unit", a_unit_is_found_by_each_of_its_names,
          a_name_that_two_units_share_finds_neither, a_dropped_alias_finds_nothing,
          a_unit_without_a_code_gets_the_next_free_one,
          a_unit_is_called_by_its_short_name_if_it_has_one,
          a_contact_that_ends_is_dated_and_no_longer_written_to,
          an_address_finds_its_units_in_any_case_and_several_mean_doubt,
          a_retired_unit_is_listed_only_when_asked_for_and_the_office_is_last)
