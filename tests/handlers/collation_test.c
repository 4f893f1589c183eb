/* From what units write to the table of their opinions. */
#include "handlers/handlers.h"
#include "story.h"

static const char annex[] =
    "柳州市科普经费管理办法（征求意见稿）\n\n第一条　为规范管理，制定本办法。\n"
    "第二条　经费由市财政局统筹安排。\n第三条　每年公布一次使用情况。\n"
    "第四条　本办法自印发之日起施行。\n";

static struct fixture *story_with_annex(void)
{
    struct fixture *f = fixture_new();
    g_autofree char *sha256 = raw_file(f->db, annex, strlen(annex), NULL);
    g_autoptr(GError) error = NULL;
    fixture_begin(f);
    f->matter = fixture_draft(f, FALSE);
    raw_row(f->db, sha256, annex, strlen(annex));
    annex_add(f->db, f->matter, "附件1.txt", "text/plain", sha256);
    ck_assert_msg(matter_issue(&f->office, f->matter, &error), "%s", error ? error->message : "?");
    fixture_commit(f);
    story_accept_all(f);
    return f;
}

/* clause｜request｜units｜disposition｜note, a line a row. */
static char *rows_of(struct fixture *f)
{
    json_auto_t *collation = collation_json(&f->office, f->matter);
    GString *out = g_string_new(NULL);
    size_t i, k;
    json_t *row, *unit;
    json_array_foreach (json_object_get(collation, "rows"), i, row) {
        g_string_append_printf(out, "%s｜%s｜", row_text(row, "clause"), row_text(row, "text"));
        json_array_foreach (json_object_get(row, "units"), k, unit)
            g_string_append_printf(out, "%s%s", k > 0 ? "、" : "", json_string_value(unit));
        g_string_append_printf(out, "｜%s｜%s\n", row_text(row, "disposition_text"),
                               row_text(row, "note"));
    }
    return g_string_free(out, FALSE);
}

#define SHORT "建议将第三条“每年公布一次”修改为“每半年公布一次”。"

START_TEST(the_same_proposal_of_several_units_is_one_row)
{
    struct fixture *f = story_with_annex();
    story_reply(f, JYJ, "建议将第三条中“每年公布一次”修改为“每半年公布一次”。理由：便于监督。");
    story_reply(f, WTJ,
                "经研究，意见如下：\n1." SHORT "\n2.建议删除第二条“由市财政局”。\n特此函复。");
    story_reply(f, QXJ, "我局无意见。");
    g_autofree char *rows = rows_of(f);
    ck_assert_str_eq(rows,
                     "《柳州市科普经费管理办法》第二条｜删除“由市财政局”｜文体局｜｜\n"
                     "《柳州市科普经费管理办法》第三条｜将“每年公布一次”修改为“每半年公布一次”｜"
                     "教育局、文体局｜｜\n");
    json_auto_t *collation = collation_json(&f->office, f->matter);
    json_auto_t *head = json_pack("{si si si si si si}", "sent", 4, "replied", 3, "commented", 2,
                                  "no_comment", 1, "deemed", 0, "waiting", 1);
    ck_assert(json_equal(json_object_get(collation, "head"), head));
    json_auto_t *status = status_json(&f->office, f->matter);
    json_t *units = json_object_get(status, "units");
    ck_assert(json_integer_value(json_object_get(json_array_get(units, WTJ), "opinions")) == 2);
    ck_assert(json_is_null(json_object_get(json_array_get(units, YJ), "opinions")));
    fixture_free(f);
}
END_TEST

START_TEST(rows_that_contradict_each_other_are_marked)
{
    struct fixture *f = story_with_annex();
    story_reply(f, JYJ, "建议删除第三条“每年公布一次使用情况。”");
    story_reply(f, WTJ, SHORT);
    story_reply(f, QXJ, "建议将第三条“每年公布一次”改为“每季度公布一次”。");
    g_autofree char *rows = rows_of(f);
    ck_assert_ptr_nonnull(strstr(rows, "｜删除｜教育局｜｜与第 2 行一删一改，互相矛盾"));
    ck_assert_ptr_nonnull(
        strstr(rows, "｜文体局｜｜与第 1 行一删一改，互相矛盾；与第 3 行对同一处改法不同"));
    fixture_free(f);
}
END_TEST

static void decide(struct fixture *f, int unit, const char *key, enum disposition disposition)
{
    char *reason = (char *)"已吸收";
    fixture_begin(f);
    decision_set(f->db, f->matter, f->units[unit], key, &(struct decision){ disposition, reason });
    fixture_commit(f);
}

static char *first_key(struct fixture *f)
{
    json_auto_t *collation = collation_json(&f->office, f->matter);
    return g_strdup(row_text(json_array_get(json_object_get(collation, "rows"), 0), "key"));
}

START_TEST(a_new_version_keeps_the_dispositions_of_what_did_not_change)
{
    struct fixture *f = story_with_annex();
    story_reply(f, JYJ, SHORT);
    g_autofree char *key = first_key(f);
    decide(f, JYJ, key, DISPOSITION_PARTLY);
    story_reply(f, JYJ, "更正如下，以此为准：\n1." SHORT "\n2.建议删除第二条。");
    ck_assert_uint_eq(story_versions(f, JYJ), 2);
    g_autofree char *rows = rows_of(f);
    ck_assert_ptr_nonnull(strstr(rows, "每半年公布一次”｜教育局｜部分采纳｜"));
    ck_assert_ptr_nonnull(strstr(rows, "第二条｜删除｜教育局｜｜"));
    fixture_free(f);
}
END_TEST

START_TEST(what_only_adds_takes_nothing_back)
{
    struct fixture *f = story_with_annex();
    story_reply(f, JYJ, SHORT);
    story_reply(f, JYJ, "现补充意见：建议删除第二条“由市财政局”。");
    g_autofree char *both = rows_of(f);
    ck_assert_ptr_nonnull(strstr(both, "每半年公布一次"));
    ck_assert_ptr_nonnull(strstr(both, "由市财政局"));
    story_reply(f, JYJ, "我局改提：建议将第四条“印发之日”修改为“公布之日”。");
    g_autofree char *last = rows_of(f);
    ck_assert_ptr_null(strstr(last, "每半年公布一次"));
    story_reply(f, JYJ, "经再次研究，我局无意见。");
    g_autofree char *none = rows_of(f);
    ck_assert_str_eq(none, "");
    fixture_free(f);
}
END_TEST

START_TEST(text_from_strangers_is_only_text)
{
    struct fixture *f = story_with_annex();
    story_reply(f, JYJ, "建议将第三条“每年公布一次”修改为“<script>=1+1</script>”。");
    story_reply(f, WTJ, "=cmd|' /C calc'!A0 建议完善");
    g_autoptr(GError) error = NULL;
    json_auto_t *collation = collation_json(&f->office, f->matter);
    g_autofree char *html = collation_html(&f->office, collation, &error);
    g_autofree char *csv = collation_csv(collation);
    ck_assert_msg(html != NULL, "%s", error ? error->message : "?");
    ck_assert_ptr_null(strstr(html, "<script>"));
    ck_assert_ptr_nonnull(strstr(html, "&lt;script&gt;"));
    ck_assert(g_str_has_prefix(csv, CSV_MARK "序号,文件,条款,原文,修改意见,理由,提出单位,"
                                             "采纳情况,采纳说明,来源"));
    ck_assert_ptr_nonnull(strstr(csv, ",'=cmd"));
    json_auto_t *docx = collation_docx(collation);
    ck_assert_str_eq(row_text(docx, "format"), "docx");
    fixture_free(f);
}
END_TEST

/* The table of the .xlsx as it is read back: title, summary, header, rows. */
static json_t *sheet_of(struct fixture *f)
{
    json_auto_t *collation = collation_json(&f->office, f->matter);
    json_auto_t *xlsx = collation_xlsx(collation);
    return json_deep_copy(json_object_get(xlsx, "table"));
}

static void fill(json_t *row, const char *decision, const char *reason)
{
    json_array_set_new(row, 7, json_string(decision));
    json_array_set_new(row, 8, json_string(reason));
}

static json_t *import(struct fixture *f, json_t *sheet, gboolean take)
{
    json_auto_t *tables = json_pack("[O]", sheet);
    fixture_begin(f);
    json_t *result = collation_import(&f->office, f->matter, tables, take);
    fixture_commit(f);
    return result;
}

static size_t count_of(json_t *result, const char *key)
{
    return json_array_size(json_object_get(result, key));
}

START_TEST(a_filled_in_table_is_shown_before_it_is_taken)
{
    struct fixture *f = story_with_annex();
    story_reply(f, JYJ, SHORT);
    story_reply(f, WTJ, "1." SHORT "\n2.建议删除第二条“由市财政局”。");
    json_auto_t *sheet = sheet_of(f);
    /* Sorted the other way round, with the header at the end. */
    json_auto_t *sorted = json_pack("[O O O]", json_array_get(sheet, 2), json_array_get(sheet, 1),
                                    json_array_get(sheet, 0));
    fill(json_array_get(sorted, 0), "采纳", "已改");
    fill(json_array_get(sorted, 1), "不予采纳", "职责所在");
    json_auto_t *shown = import(f, sorted, FALSE);
    ck_assert_uint_eq(count_of(shown, "changes"), 3);
    g_autofree char *before = rows_of(f);
    ck_assert_ptr_nonnull(strstr(before, "教育局、文体局｜｜"));
    json_auto_t *taken = import(f, sorted, TRUE);
    ck_assert_uint_eq(count_of(taken, "problems"), 0);
    g_autofree char *after = rows_of(f);
    ck_assert_ptr_nonnull(strstr(after, "教育局、文体局｜采纳｜"));
    ck_assert_ptr_nonnull(strstr(after, "删除“由市财政局”｜文体局｜不采纳｜"));
    json_auto_t *again = import(f, sorted, TRUE);
    ck_assert_uint_eq(count_of(again, "changes"), 0);
    fixture_free(f);
}
END_TEST

START_TEST(a_split_row_counts_for_the_units_it_names)
{
    struct fixture *f = story_with_annex();
    story_reply(f, JYJ, SHORT);
    story_reply(f, WTJ, SHORT);
    json_auto_t *sheet = sheet_of(f);
    json_auto_t *second = json_deep_copy(json_array_get(sheet, 1));
    fill(json_array_get(sheet, 1), "采纳", "");
    json_array_set_new(json_array_get(sheet, 1), 6, json_string("教育局"));
    fill(second, "部分采纳", "");
    json_array_set_new(second, 6, json_string("文体局"));
    json_array_set_new(second, 10, json_string("")); /* its id is lost */
    json_array_append(sheet, second);
    json_auto_t *taken = import(f, sheet, TRUE);
    ck_assert_uint_eq(count_of(taken, "changes"), 2);
    g_autofree char *rows = rows_of(f);
    ck_assert_ptr_nonnull(strstr(rows, "各单位的采纳情况不一"));
    fixture_free(f);
}
END_TEST

static json_t *collation_about(const char *title, const char *one, const char *other)
{
    return json_pack("{ss ss s{} s[{ss} {ss}]}", "title", title, "token", "LL1-AAAAA", "head",
                     "rows", "document", one, "document", other);
}

START_TEST(a_table_is_called_after_what_it_is_about_and_repeats_no_long_name)
{
    static const struct {
        const char *title, *one, *other, *heading, *first, *second;
    } rows[] = {
        { "关于征求《县科普办工作规则》等文件修改意见的通知", "县科普领导小组工作规则",
          "县科普领导小组办公室职责", "《县科普办工作规则》等文件意见汇总表", "工作规则",
          "办公室职责" },
        { "关于征求《县科普办法》意见的函", "县科普办法", "县科普办法", "《县科普办法》意见汇总表",
          "县科普办法", "县科普办法" },
        { "关于报送意见的通知", "县科普方案", "县科普细则", "关于报送意见的通知意见汇总表",
          "县科普方案", "县科普细则" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        json_auto_t *collation = collation_about(rows[i].title, rows[i].one, rows[i].other);
        json_auto_t *file = collation_xlsx(collation);
        json_t *table = json_object_get(file, "table");
        ck_assert_str_eq(row_text(file, "title"), rows[i].heading);
        ck_assert_str_eq(json_string_value(json_array_get(json_array_get(table, 1), 1)),
                         rows[i].first);
        ck_assert_str_eq(json_string_value(json_array_get(json_array_get(table, 2), 1)),
                         rows[i].second);
    }
}
END_TEST

START_TEST(what_cannot_be_taken_is_said)
{
    struct fixture *f = story_with_annex();
    story_reply(f, JYJ, SHORT);
    json_auto_t *sheet = sheet_of(f);
    fill(json_array_get(sheet, 1), "再议", "");
    json_auto_t *strange = import(f, sheet, TRUE);
    ck_assert_uint_eq(count_of(strange, "problems"), 1);
    fill(json_array_get(sheet, 1), "采纳", "");
    story_reply(f, JYJ, "更正如下，以此为准：建议删除第二条。");
    json_auto_t *gone = import(f, sheet, TRUE);
    ck_assert_uint_eq(count_of(gone, "problems"), 1);
    ck_assert_uint_eq(count_of(gone, "changes"), 0);
    json_auto_t *none = json_pack("[[s]]", "别的表");
    json_auto_t *other = import(f, none, TRUE);
    ck_assert_uint_eq(count_of(other, "problems"), 1);
    fixture_free(f);
}
END_TEST

START_TEST(each_unit_is_told_what_became_of_its_opinions)
{
    struct fixture *f = story_with_annex();
    g_autoptr(GError) error = NULL;
    int queued = 0;
    story_reply(f, JYJ, SHORT);
    story_reply(f, WTJ, "建议删除第二条“由市财政局”。");
    g_autofree char *key = first_key(f); /* of the second article */
    decide(f, WTJ, key, DISPOSITION_NOT_ADOPTED);
    fixture_begin(f);
    ck_assert(!feedback_queue(&f->office, f->matter, FALSE, &queued, &error));
    ck_assert_ptr_nonnull(strstr(error->message, "教育局（1 条）"));
    ck_assert(feedback_queue(&f->office, f->matter, TRUE, &queued, NULL) && queued == 1);
    ck_assert(feedback_queue(&f->office, f->matter, TRUE, &queued, NULL) && queued == 0);
    fixture_commit(f);
    gint64 id = outbox_newest(f->db, "feedback", f->matter, f->units[WTJ]);
    struct outbox *row = outbox_get(f->db, id);
    ck_assert(row->state == OUT_HELD && !f->policy.hold);
    ck_assert_ptr_nonnull(strstr(row->text, "删除“由市财政局”"));
    ck_assert_ptr_nonnull(strstr(row->text, "不采纳（已吸收）"));
    ck_assert_int_eq((int)outbox_newest(f->db, "feedback", f->matter, f->units[JYJ]), 0);
    outbox_free(row);
    fixture_free(f);
}
END_TEST

TEST_MAIN("handlers/collation", the_same_proposal_of_several_units_is_one_row,
          rows_that_contradict_each_other_are_marked,
          a_new_version_keeps_the_dispositions_of_what_did_not_change,
          what_only_adds_takes_nothing_back, text_from_strangers_is_only_text,
          a_filled_in_table_is_shown_before_it_is_taken, a_split_row_counts_for_the_units_it_names,
          what_cannot_be_taken_is_said,
          a_table_is_called_after_what_it_is_about_and_repeats_no_long_name,
          each_unit_is_told_what_became_of_its_opinions)
