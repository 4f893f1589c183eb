/* One unit under all the names that people give it, and no unit that only looks like it. */
#include "test.h"
#include "wording/names.h"

enum { JYJ = 1, XCB, WLJ, LYJ, TSW, KX, SCJ, MZJ, RSJ };

static struct names *roster(void)
{
    static const struct {
        int owner;
        const char *name;
    } table[] = {
        { JYJ, "柳州市教育局" },   { XCB, "市委宣传部" },         { WLJ, "市文化广电和旅游局" },
        { LYJ, "市林业和园林局" }, { LYJ, "市园林局" }, /* an alias: its old name */
        { TSW, "团市委" },         { TSW, "共青团柳州市委员会" }, { KX, "柳州市科学技术协会" },
        { SCJ, "市市场监管局" },   { MZJ, "市民政局" },           { RSJ, "市人力资源和社会保障局" },
    };
    struct names *names = names_new("柳州市全民科学素质工作领导小组办公室");
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++)
        names_add_unit(names, table[i].name, table[i].owner);
    return names;
}

START_TEST(a_unit_answers_to_every_form_of_its_name)
{
    static const struct {
        const char *text;
        int owner; /* 0: nobody */
        const char *piece;
    } table[] = {
        { "市教育局", JYJ, "市教育局" },
        { "教育局", JYJ, "教育局" },
        { "柳州市教育局", JYJ, "柳州市教育局" },
        { "柳州教育局办公室", JYJ, "柳州教育局" },
        { "市 教 育\n局", JYJ, "市 教 育\n局" },
        { "由市教育局牵头", JYJ, "市教育局" },
        { "中共柳州市委宣传部", XCB, "中共柳州市委宣传部" },
        { "宣传部", XCB, "宣传部" },
        { "市文旅局", WLJ, "市文旅局" },
        { "柳州市文化和旅游局", WLJ, NULL },
        { "市文广旅局", WLJ, "市文广旅局" },
        { "市林业局", 0, NULL },
        { "园林局", LYJ, "园林局" },
        { "市林业园林局", LYJ, NULL },
        { "共青团柳州市委", TSW, "共青团柳州市委" },
        { "市科协", KX, "市科协" },
        { "柳州市市场监督管理局", SCJ, "柳州市市场监督管理局" },
        { "市场监管局", SCJ, NULL },
        { "民政局", MZJ, "民政局" },
        { "市人社局", RSJ, "市人社局" },
        { "南宁市教育局", 0, NULL },
        { "柳北区教育局", 0, NULL },
        { "区党委宣传部", 0, NULL },
        { "体育局", 0, NULL },
    };
    struct names *names = roster();
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(GArray) hits = names_find(names, table[i].text);
        const struct name_hit *hit = (const struct name_hit *)(void *)hits->data;
        ck_assert_msg(hits->len == (table[i].owner != 0 ? 1 : 0), "%s: %u found", table[i].text,
                      hits->len);
        if (hits->len == 0)
            continue;
        ck_assert_msg(hit->owner == table[i].owner, "%s is %d", table[i].text, (int)hit->owner);
        g_autofree char *piece = g_strndup(table[i].text + hit->start, hit->end - hit->start);
        if (table[i].piece != NULL)
            ck_assert_str_eq(piece, table[i].piece);
    }
    names_free(names);
}
END_TEST

START_TEST(a_form_that_two_could_have_is_neithers_unless_it_was_given)
{
    struct names *names = names_new("柳州市科协");
    names_add_unit(names, "市委办公室", 1);
    names_add_unit(names, "市政府办公室", 2);
    names_add_unit(names, "市政府", 3);
    names_add_unit(names, "市农业局", 4);
    names_add_unit(names, "市农业农村局", 5);
    static const struct {
        const char *text;
        int owner;
    } table[] = { { "市政府办公室", 2 },
                  { "市政府", 3 },
                  { "市农业局", 4 },
                  { "市农业农村局", 5 },
                  { "农业局", 0 } };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(GArray) hits = names_find(names, table[i].text);
        gint64 owner = hits->len > 0 ? g_array_index(hits, struct name_hit, 0).owner : 0;
        ck_assert_msg(owner == table[i].owner, "%s is %d", table[i].text, (int)owner);
    }
    names_free(names);
}
END_TEST

TEST_MAIN("wording/names", a_unit_answers_to_every_form_of_its_name,
          a_form_that_two_could_have_is_neithers_unless_it_was_given)
