/* Names that may be learnt, and those that may not. */
#include "test.h"
#include "wording/wording.h"

#include <stdio.h>

struct row {
    const char *line, *name; /* NULL: nothing is learnt of it */
};

static const struct row rows[] = {
    { "市园林中心", "市园林中心" },
    { "　市园林中心（盖章）", "市园林中心" },
    { "柳州市园林中心文件", "柳州市园林中心" },
    { "反馈单位：市园林中心", "市园林中心" },
    { "市园林中心-李四", "市园林中心" },
    { "市园林中心2019年6月18日", "市园林中心" },
    { "市科学馆", "市科学馆" },
    /* too general, or anybody's */
    { "局办公室", NULL },
    { "办公室", NULL },
    { "信息中心", NULL },
    { "我市科普中心", NULL },
    { "市委办", NULL },
    { "市政府办", NULL },
    { "市局", NULL },
    { "局党组", NULL },
    { "贵单位", NULL },
    /* somebody has it, or a piece of it */
    { "市教育局", NULL },
    { "市教育局办公室", NULL },
    { "市教育局信息中心", NULL },
    { "柳北区教育局", NULL },
    { "广西壮族自治区科协", NULL },
    { "市科协", NULL },
    /* no name */
    { "联络员甲", NULL },
    { "特此函复。", NULL },
    { "感谢对我市工作支持的各部", NULL },
    { "建议市园林中心增加一处", NULL },
    { "抄送：市园林中心", NULL },
    { "", NULL },
};

START_TEST(a_name_alone_in_its_line_that_nobody_has_may_be_learnt)
{
    struct names *names = names_new("柳州市纲要办");
    names_add_unit(names, "市教育局", 1);
    names_add_unit(names, "市科学技术协会", 2);
    guint wrong = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *name = names_unknown(names, rows[i].line);
        if (g_strcmp0(name, rows[i].name) == 0)
            continue;
        fprintf(stderr, "“%s”: %s, not %s\n", rows[i].line, name ? name : "nothing",
                rows[i].name ? rows[i].name : "nothing");
        wrong++;
    }
    ck_assert_uint_eq(wrong, 0);
    names_free(names);
}
END_TEST

static gint64 owner_of(const struct names *names, const char *text, gboolean *learnt)
{
    g_autoptr(GArray) hits = names_find(names, text);
    if (hits->len == 0)
        return 0;
    *learnt = g_array_index(hits, struct name_hit, 0).learnt;
    return g_array_index(hits, struct name_hit, 0).owner;
}

START_TEST(a_learnt_name_stands_behind_those_of_the_roster)
{
    struct names *names = names_new("柳州市纲要办");
    gboolean learnt = FALSE;
    names_add_unit(names, "市教育局", 1);
    names_add_learnt(names, "市园林中心", 2);
    names_add_learnt(names, "教育局", 2);
    names_add_learnt(names, "市科学馆", 1);
    names_add_learnt(names, "市科学馆", 2);
    ck_assert_int_eq(owner_of(names, "柳州市园林中心", &learnt), 2);
    ck_assert(learnt);
    ck_assert_int_eq(owner_of(names, "教育局", &learnt), 1);
    ck_assert(!learnt);
    ck_assert_int_eq(owner_of(names, "市科学馆", &learnt), 0);
    /* It may be settled once more. */
    g_autofree char *again = names_unknown(names, "市园林中心");
    ck_assert_str_eq(again, "市园林中心");
    names_free(names);
}
END_TEST

TEST_MAIN("wording/alias", a_name_alone_in_its_line_that_nobody_has_may_be_learnt,
          a_learnt_name_stands_behind_those_of_the_roster)
