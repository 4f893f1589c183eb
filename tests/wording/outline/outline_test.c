/* The tree of papers: what each paragraph is, and how people would call its place. */
#include "test.h"
#include "wording/outline/outline.h"
#include <string.h>

/* One line a node: “label｜kind｜text”, as far as the test's own rows go. */
static void check(const char *text, const char *name, const char *const *rows)
{
    static const char *const kinds[] = { "D", "S", "C", "P" };
    g_autoptr(GPtrArray) nodes = outline_read(text, name);
    g_autoptr(GString) found = g_string_new(NULL), expected = g_string_new(NULL);
    for (guint i = 0; i < nodes->len; i++) {
        const struct node *node = nodes->pdata[i];
        g_string_append_printf(found, "%s %d %s｜%s\n", kinds[node->kind], node->paragraph,
                               node->label, node->body);
    }
    for (; *rows != NULL; rows++)
        g_string_append_printf(expected, "%s\n", *rows);
    ck_assert_str_eq(found->str, expected->str);
}

START_TEST(marks_in_front_of_paragraphs_are_read)
{
    static const struct {
        const char *line;
        enum numbering style;
        int number;
        const char *body;
    } rows[] = {
        { "第五条 经费", NUMBERING_ARTICLE, 5, "经费" },
        { "第二十一条　经费", NUMBERING_ARTICLE, 21, "经费" },
        { "第 3 章 总则", NUMBERING_CHAPTER, 3, "总则" },
        { "一、主要职责", NUMBERING_HAN, 1, "主要职责" },
        { "十二．其他", NUMBERING_HAN, 12, "其他" },
        { "（三）定期听取", NUMBERING_HAN_PAREN, 3, "定期听取" },
        { "( 十 ) 定期听取", NUMBERING_HAN_PAREN, 10, "定期听取" },
        { "3.定期", NUMBERING_ARABIC, 3, "定期" },
        { "　　12、定期", NUMBERING_ARABIC, 12, "定期" },
        { "３．定期", NUMBERING_ARABIC, 3, "定期" },
        { "2）定期", NUMBERING_ARABIC, 2, "定期" },
        { "（2）定期", NUMBERING_ARABIC_PAREN, 2, "定期" },
        { "⑪ 定期", NUMBERING_CIRCLED, 11, "定期" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        enum numbering style = NUMBERING_NONE;
        int number = 0;
        gsize n = outline_mark(rows[i].line, &style, &number);
        ck_assert_msg(style == rows[i].style && number == rows[i].number, "%s", rows[i].line);
        ck_assert_str_eq(rows[i].line + n, rows[i].body);
    }
}
END_TEST

START_TEST(numbers_inside_sentences_are_no_marks)
{
    static const char *const lines[] = { "2019年6月",    "1.5万元",  "第五条的内容", "第三届大会",
                                         "一是加强",     "（市）局", "三八妇女节",   "",
                                         "第五条“经费”", "10000、" };
    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++)
        ck_assert_msg(outline_mark(lines[i], NULL, NULL) == 0, "%s", lines[i]);
}
END_TEST

START_TEST(an_article_has_paragraphs_and_items)
{
    static const char *const rows[] = {
        "D 1 《柳州市科普经费管理办法》｜柳州市科普经费管理办法（征求意见稿）",
        "C 3 《柳州市科普经费管理办法》第一章｜总则",
        "C 4 《柳州市科普经费管理办法》第一条｜为规范管理，制定本办法。",
        "C 5 《柳州市科普经费管理办法》第二条｜经费用于：",
        "C 6 《柳州市科普经费管理办法》第二条第（一）项｜活动；",
        "C 7 《柳州市科普经费管理办法》第二条第（二）项｜设施。",
        "P 8 《柳州市科普经费管理办法》第二条第二款｜经费不得挪用。",
        "C 9 《柳州市科普经费管理办法》第二章｜附则",
        "C 10 《柳州市科普经费管理办法》第三条｜本办法自印发之日起施行。",
        NULL,
    };
    check("柳州市科普经费管理办法（征求意见稿）\n\n第一章 总则\n第一条　为规范管理，制定本办法。\n"
          "第二条　经费用于：\n（一）活动；\n（二）设施。\n经费不得挪用。\n第二章 附则\n"
          "第三条　本办法自印发之日起施行。\n",
          NULL, rows);
}
END_TEST

START_TEST(the_order_of_nesting_is_the_papers_own)
{
    static const char *const rows[] = {
        "D 1 《工作规则》｜《工作规则》",     "P 2 《工作规则》开头｜为做好工作，制定本规则。",
        "C 3 《工作规则》第一项｜总则",       "C 4 《工作规则》第二部分｜会议",
        "C 5 《工作规则》二（一）｜全体会议", "C 6 《工作规则》二（一）1｜研究；",
        "C 7 《工作规则》二（一）2｜听取。",  "P 8 《工作规则》二（一）｜每年一次。",
        "C 9 《工作规则》二（二）｜专题会议", NULL,
    };
    check("《工作规则》\n为做好工作，制定本规则。\n一、总则\n二、会议\n（一）全体会议\n1.研究；\n2."
          "听取。\n"
          "每年一次。\n（二）专题会议",
          NULL, rows);
}
END_TEST

START_TEST(a_unit_has_its_own_section)
{
    static const char *const rows[] = {
        "D 0 《各单位职责》｜各单位职责",
        "S 1 《各单位职责》市教育局｜市教育局科学素质工作具体职责：",
        "C 2 《各单位职责》市教育局 第1项｜牵头。",
        "C 3 《各单位职责》市教育局 第2项｜配合。",
        "S 4 《各单位职责》市财政局｜市财政局科学素质工作具体职责：",
        "C 5 《各单位职责》市财政局 第1项｜保障。",
        "P 6 《各单位职责》市财政局 第1项｜会议的主要内容是：",
        "C 7 《各单位职责》市财政局 第1项｜研究。",
        NULL,
    };
    check("市教育局科学素质工作具体职责：\n1.牵头。\n2.配合。\n市财政局科学素质工作具体职责：\n1."
          "保障。\n"
          "会议的主要内容是：\n1.研究。",
          "附件5-各单位职责.docx", rows);
}
END_TEST

START_TEST(a_numbered_name_of_a_unit_is_its_section)
{
    static const char *const rows[] = {
        "D 1 《职责分工方案》｜职责分工方案",
        "S 2 《职责分工方案》市教育局｜市教育局",
        "C 3 《职责分工方案》市教育局 第（一）项｜牵头。",
        "S 4 《职责分工方案》市科协｜市科协",
        "C 5 《职责分工方案》市科协 第（一）项｜统筹。",
        NULL,
    };
    check("职责分工方案\n一、市教育局\n（一）牵头。\n二、市科协\n（一）统筹。", NULL, rows);
}
END_TEST

static const struct node *called(const GPtrArray *nodes, const char *label)
{
    for (guint i = 0; i < nodes->len; i++)
        if (g_str_has_suffix(((struct node *)nodes->pdata[i])->label, label))
            return nodes->pdata[i];
    ck_abort_msg("nothing is called %s", label);
    return NULL;
}

START_TEST(five_documents_in_one_annex_are_told_apart)
{
    static const char *const files[] = { "1-工作规则", "2-办公室职责", "3-成员单位联络员职责",
                                         "4-成员单位共同职责", "5-各成员单位具体职责" };
    g_autoptr(GString) annex = g_string_new("附件1\n\n");
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = g_strdup_printf("story/%s.txt", files[i]);
        g_autofree char *text = test_data(path, NULL);
        g_string_append_printf(annex, "%s\n\n\n", text);
    }
    g_autoptr(GPtrArray) nodes = outline_read(annex->str, "附件1.docx");
    int documents = 0, sections = 0;
    for (guint i = 0; i < nodes->len; i++) {
        const struct node *node = nodes->pdata[i];
        documents += node->kind == NODE_DOCUMENT;
        sections += node->kind == NODE_SECTION;
    }
    ck_assert_int_eq(documents, 5);
    ck_assert_int_eq(sections, 27);
    ck_assert_str_eq(called(nodes, "领导小组工作规则》二（一）2")->body, "听取实施工作进展汇报；");
    ck_assert_int_ne((int)*called(nodes, "办公室职责》第七项")->body, '\0');
    ck_assert_str_eq(called(nodes, "各成员单位具体职责》市教育局 第5项")->body,
                     "加强青少年科普场所、科普设施建设。");
    ck_assert_str_eq(called(nodes, "》市人力资源和社会保障局")->name, "市人力资源和社会保障局");
    ck_assert_str_eq(called(nodes, "》团市委 第3项")->body, "建立健全青少年科学素质教育培训体系。");
}
END_TEST

START_TEST(every_paragraph_is_one_node)
{
    static const char text[] = "\n\n附件1\n\n　\n报告\n甲\n\n一、乙\n丙：\n1.丁";
    g_autoptr(GPtrArray) nodes = outline_read(text, NULL);
    ck_assert_uint_eq(nodes->len, 6);
    ck_assert_int_eq(((struct node *)nodes->pdata[5])->paragraph, 11);
    g_autoptr(GPtrArray) none = outline_read(" \n", NULL);
    ck_assert_uint_eq(none->len, 0);
}
END_TEST

TEST_MAIN("wording/outline", marks_in_front_of_paragraphs_are_read,
          numbers_inside_sentences_are_no_marks, an_article_has_paragraphs_and_items,
          the_order_of_nesting_is_the_papers_own, a_unit_has_its_own_section,
          a_numbered_name_of_a_unit_is_its_section, five_documents_in_one_annex_are_told_apart,
          every_paragraph_is_one_node)
