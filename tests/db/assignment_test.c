/* Assignments: what a unit still owes, and what changes of its side. */
#include "office.h"

/* Exempt and deemed units owe nothing; otherwise each side that is required and not there. */
static void check_owes(const struct matter *matter, const struct assignment *side)
{
    gboolean electronic = 9, paper = 9;
    gboolean owes = assignment_owes(matter, side, &electronic, &paper);
    gboolean free_of_it = side->status == STATUS_EXEMPT || side->status == STATUS_DEEMED;
    gboolean wants_electronic = !free_of_it && matter->electronic && side->electronic_at == 0;
    gboolean wants_paper = !free_of_it && matter->paper && side->paper == PAPER_WAITING;
    const char *name = status_text(side->status);
    ck_assert_msg(electronic == wants_electronic, "%s at %d", name, (int)side->electronic_at);
    ck_assert_msg(paper == wants_paper, "%s paper %d", name, side->paper);
    ck_assert_msg(owes == (wants_electronic || wants_paper), "%s", name);
    ck_assert_int_eq(assignment_owes(matter, side, NULL, NULL), owes);
}

START_TEST(a_unit_owes_what_is_required_and_missing)
{
    for (int required = 0; required < 4; required++)
        for (int status = 0; status < STATUS_COUNT; status++)
            for (int paper = PAPER_WAITING; paper <= PAPER_NOT_REQUIRED; paper++)
                for (int there = 0; there < 2; there++) {
                    struct matter matter = { .electronic = required & 1, .paper = required & 2 };
                    struct assignment side = { .status = status,
                                               .electronic_at = there,
                                               .paper = paper };
                    if (matter.paper || paper != PAPER_WAITING)
                        check_owes(&matter, &side);
                }
}
END_TEST

static struct assignment *side_of(struct fixture *f, gint64 matter, int unit)
{
    struct assignment *side = assignment_get(f->db, matter, f->units[unit]);
    ck_assert_ptr_nonnull(side);
    return side;
}

START_TEST(a_new_assignment_waits)
{
    struct fixture *f = fixture_new();
    fixture_begin(f);
    gint64 matter = fixture_draft(f, TRUE);
    fixture_commit(f);
    struct assignment *side = side_of(f, matter, JYJ);
    ck_assert_int_eq(side->status, STATUS_WAITING);
    ck_assert_int_eq(side->paper, PAPER_WAITING);
    ck_assert_int_eq(side->paper_how, -1);
    ck_assert_int_eq(side->paper_stance, -1);
    ck_assert_int_eq(side->electronic_at, 0);
    ck_assert_str_eq(side->deadline, "2019-06-21");
    ck_assert(!side->late);
    assignment_free(side);
    gint64 office = unit_by_code(f->db, UNIT_OFFICE);
    ck_assert_ptr_null(assignment_get(f->db, matter, office));
    fixture_free(f);
}
END_TEST

START_TEST(what_is_set_is_read_again)
{
    struct fixture *f = fixture_new();
    fixture_begin(f);
    gint64 matter = fixture_draft(f, TRUE), unit = f->units[JYJ], when = at("2019-06-18 10:00");
    assignment_set_status(f->db, matter, unit, STATUS_EXEMPT, "机构改革");
    assignment_set_late(f->db, matter, unit, TRUE);
    assignment_set_electronic(f->db, matter, unit, when);
    assignment_set_paper(f->db, matter, unit, when + 60, HOW_FAX, STANCE_COMMENTS);
    fixture_commit(f);
    struct assignment *side = side_of(f, matter, JYJ);
    ck_assert_int_eq(side->status, STATUS_EXEMPT);
    ck_assert_str_eq(side->remark, "机构改革");
    ck_assert(side->late);
    ck_assert_int_eq(side->electronic_at, when);
    ck_assert_int_eq(side->paper, PAPER_RECEIVED);
    ck_assert_int_eq(side->paper_at, when + 60);
    ck_assert_int_eq(side->paper_how, HOW_FAX);
    ck_assert_int_eq(side->paper_stance, STANCE_COMMENTS);
    assignment_free(side);
    fixture_free(f);
}
END_TEST

START_TEST(its_own_extension_leaves_the_others_alone_and_either_makes_a_new_due_version)
{
    struct fixture *f = fixture_new();
    fixture_begin(f);
    gint64 matter = fixture_draft(f, FALSE);
    fixture_commit(f);
    struct assignment *before = side_of(f, matter, JYJ);
    fixture_begin(f);
    assignment_extend(f->db, matter, f->units[JYJ], "2019-06-25");
    fixture_commit(f);
    struct assignment *own = side_of(f, matter, JYJ), *other = side_of(f, matter, WTJ);
    ck_assert_str_eq(own->deadline, "2019-06-25");
    ck_assert_int_gt(own->due, before->due);
    ck_assert_str_eq(other->deadline, "2019-06-21");
    ck_assert_int_eq(other->due, before->due);

    fixture_begin(f);
    matter_extend(f->db, matter, "2019-06-28");
    fixture_commit(f);
    struct assignment *later = side_of(f, matter, WTJ), *still = side_of(f, matter, JYJ);
    ck_assert_str_eq(later->deadline, "2019-06-28");
    ck_assert_int_gt(later->due, other->due);
    ck_assert_int_gt(still->due, own->due);
    assignment_free(before);
    assignment_free(own);
    assignment_free(other);
    assignment_free(later);
    assignment_free(still);
    fixture_free(f);
}
END_TEST

START_TEST(only_issued_matters_are_open_and_the_list_is_the_rosters)
{
    struct fixture *f = fixture_new();
    fixture_begin(f);
    fixture_draft(f, FALSE);
    gint64 issued = fixture_draft(f, FALSE);
    matter_set_state(f->db, issued, STATE_ISSUED);
    fixture_commit(f);
    GArray *open = assignment_open_matters(f->db, f->units[QXJ]);
    ck_assert_uint_eq(open->len, 1);
    ck_assert_int_eq(g_array_index(open, gint64, 0), issued);
    g_array_unref(open);
    GPtrArray *sides = assignment_list(f->db, issued);
    ck_assert_uint_eq(sides->len, FIXTURE_UNITS);
    for (guint i = 0; i < sides->len; i++)
        ck_assert_int_eq(((struct assignment *)sides->pdata[i])->unit, f->units[i]);
    g_ptr_array_unref(sides);
    fixture_free(f);
}
END_TEST

TEST_MAIN("db/assignment", a_unit_owes_what_is_required_and_missing, a_new_assignment_waits,
          what_is_set_is_read_again,
          its_own_extension_leaves_the_others_alone_and_either_makes_a_new_due_version,
          only_issued_matters_are_open_and_the_list_is_the_rosters)
