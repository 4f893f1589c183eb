/* The token finds the matter, evidence finds the unit; conflict or doubt is a person's. */
#include "story.h"

/* What is known of a scene: two issued matters, their tokens, the notices' Message-IDs. */
struct scene {
    struct fixture *f;
    gint64 matter, other;
    char *token, *other_token;
    char *notice, *other_notice; /* to JYJ */
};

static char *notice_id(struct fixture *f, gint64 matter)
{
    struct outbox *row = outbox_get(f->db, outbox_newest(f->db, "notice", matter, f->units[JYJ]));
    char *id = g_strdup(row->message_id);
    outbox_free(row);
    return id;
}

static struct scene *scene_new(gboolean two)
{
    struct scene *s = g_new0(struct scene, 1);
    s->f = story_new(FALSE);
    s->matter = s->f->matter;
    s->token = story_token(s->f, s->matter);
    s->notice = notice_id(s->f, s->matter);
    if (two) {
        s->other = story_issue(s->f, FALSE);
        story_accept_all(s->f);
        s->other_token = story_token(s->f, s->other);
        s->other_notice = notice_id(s->f, s->other);
    }
    return s;
}

static void scene_free(struct scene *s)
{
    fixture_free(s->f);
    g_free(s->token);
    g_free(s->other_token);
    g_free(s->notice);
    g_free(s->other_notice);
    g_free(s);
}

static struct judgement *judge_letter(struct scene *s, const char *from, const char *subject,
                                      const char *reply_to, const char *body)
{
    g_autofree char *header =
        reply_to != NULL ? g_strdup_printf("In-Reply-To: <%s>\r\n", reply_to) : g_strdup("");
    g_autofree char *bytes = story_letter(s->f, from, subject, header, body);
    struct mail *mail = mail_read(bytes, strlen(bytes));
    struct judgement *j = judge(&s->f->office, mail);
    mail_free(mail);
    return j;
}

static void check(struct judgement *j, gint64 matter, gint64 unit, gboolean filed)
{
    ck_assert_msg(j->matter == matter, "matter %d, not %d (%s)", (int)j->matter, (int)matter,
                  j->reason ? j->reason : "");
    ck_assert_msg(j->unit == unit, "unit %d, not %d (%s)", (int)j->unit, (int)unit,
                  j->reason ? j->reason : "");
    ck_assert_msg((j->tag == NULL) == filed, "%s", j->tag ? j->tag : "filed");
    ck_assert_int_eq(j->reason == NULL, filed);
}

START_TEST(the_token_finds_the_matter_and_the_address_the_unit)
{
    struct scene *s = scene_new(TRUE);
    g_autofree char *subject = g_strdup_printf("Re: 〔%s〕通知", s->other_token);
    struct judgement *j = judge_letter(s, "Liaison@JYJ.example", subject, NULL, "我局无意见。");
    check(j, s->other, s->f->units[JYJ], TRUE);
    ck_assert_int_eq(j->stance, STANCE_NO_COMMENT);
    ck_assert_str_eq(j->stance_evidence, "我局无意见。");
    ck_assert_uint_ge(j->evidence->len, 2);
    struct proof *proof = j->evidence->pdata[0];
    ck_assert_str_eq(proof->rule, "token");
    ck_assert_str_eq(proof->text, s->other_token);
    judgement_free(j);

    g_autofree char *lower = g_ascii_strdown(s->token, -1);
    g_autofree char *body = g_strdup_printf("%s：我局无意见。", lower);
    j = judge_letter(s, "liaison@wtj.example", "意见", NULL, body);
    ck_assert_int_eq(j->matter, s->matter);
    ck_assert_int_eq(j->unit, s->f->units[WTJ]);
    judgement_free(j);
    scene_free(s);
}
END_TEST

START_TEST(a_reply_without_token_finds_the_matter_of_the_mail_it_answers)
{
    struct scene *s = scene_new(TRUE);
    struct judgement *j =
        judge_letter(s, "liaison@jyj.example", "意见", s->other_notice, "我局无意见。");
    check(j, s->other, s->f->units[JYJ], TRUE);
    judgement_free(j);
    scene_free(s);
}
END_TEST

START_TEST(the_only_open_matter_is_meant_and_of_two_neither)
{
    struct scene *one = scene_new(FALSE), *two = scene_new(TRUE);
    struct judgement *j =
        judge_letter(one, "liaison@jyj.example", "教育局意见", NULL, "我局无意见。");
    check(j, one->matter, one->f->units[JYJ], TRUE);
    judgement_free(j);
    j = judge_letter(two, "liaison@jyj.example", "教育局意见", NULL, "我局无意见。");
    ck_assert_int_eq(j->matter, 0);
    ck_assert_ptr_nonnull(j->tag);
    ck_assert_int_eq(j->proposed_unit, two->f->units[JYJ]);
    judgement_free(j);
    scene_free(one);
    scene_free(two);
}
END_TEST

START_TEST(a_stranger_who_knows_the_token_is_no_unit)
{
    struct scene *s = scene_new(FALSE);
    g_autofree char *subject = g_strdup_printf("回复：〔%s〕", s->token);
    struct judgement *j = judge_letter(s, "x@stranger.example", subject, NULL, "无意见。");
    check(j, s->matter, 0, FALSE);
    ck_assert_int_eq(j->proposed_unit, 0);
    judgement_free(j);
    j = judge_letter(s, "x@stranger.example", "意见", s->notice, "无意见。");
    ck_assert_int_eq(j->unit, 0);
    ck_assert_int_eq(j->proposed_unit, s->f->units[JYJ]);
    ck_assert_int_eq(j->proposed_matter, s->matter);
    ck_assert_ptr_nonnull(j->tag);
    judgement_free(j);
    scene_free(s);
}
END_TEST

START_TEST(evidence_for_two_units_or_two_matters_is_a_conflict)
{
    struct scene *s = scene_new(TRUE);
    struct judgement *j = judge_letter(s, "liaison@wtj.example", "意见", s->notice, "无意见。");
    ck_assert_int_eq(j->unit, 0);
    ck_assert_ptr_nonnull(j->tag);
    judgement_free(j);

    g_autofree char *both = g_strdup_printf("〔%s〕〔%s〕", s->token, s->other_token);
    j = judge_letter(s, "liaison@jyj.example", both, NULL, "无意见。");
    ck_assert_int_eq(j->matter, 0);
    ck_assert_ptr_nonnull(j->tag);
    judgement_free(j);

    j = judge_letter(s, "liaison@jyj.example", s->token, s->other_notice, "无意见。");
    ck_assert_int_eq(j->matter, 0);
    ck_assert_ptr_nonnull(j->tag);
    judgement_free(j);

    struct contact shared = { .name = (char *)"",
                              .email = (char *)"liaison@jyj.example",
                              .phone = (char *)"",
                              .mobile = (char *)"",
                              .since = clock_now() };
    fixture_begin(s->f);
    contact_add(s->f->db, s->f->units[QXJ], &shared);
    fixture_commit(s->f);
    j = judge_letter(s, "liaison@jyj.example", s->token, NULL, "无意见。");
    check(j, s->matter, 0, FALSE);
    judgement_free(j);
    scene_free(s);
}
END_TEST

START_TEST(who_was_not_asked_or_is_the_office_is_not_filed)
{
    struct scene *s = scene_new(FALSE);
    fixture_begin(s->f);
    fixture_unit(s->f, "zjj", "市住建局", "", "liaison@zjj.example");
    fixture_commit(s->f);
    static const char *const senders[] = { "liaison@zjj.example", "clerk@office.example" };
    for (gsize i = 0; i < G_N_ELEMENTS(senders); i++) {
        struct judgement *j = judge_letter(s, senders[i], s->token, NULL, "无意见。");
        check(j, s->matter, 0, FALSE);
        judgement_free(j);
    }
    fixture_begin(s->f);
    ck_assert(matter_cancel(&s->f->office, s->matter, NULL));
    fixture_commit(s->f);
    struct judgement *j = judge_letter(s, "liaison@jyj.example", s->token, NULL, "无意见。");
    ck_assert_ptr_nonnull(j->tag);
    judgement_free(j);
    scene_free(s);
}
END_TEST

START_TEST(a_stance_that_changes_nothing_is_put_before_a_person)
{
    struct scene *s = scene_new(FALSE);
    static const char *const bodies[] = { "因负责同志外出，申请延期至6月25日反馈。",
                                          "请问附件2打不开，能否重新发一份？",
                                          "我局昨日所发意见作废，请予撤回。", "可以" };
    for (gsize i = 0; i < G_N_ELEMENTS(bodies); i++) {
        struct judgement *j = judge_letter(s, "liaison@jyj.example", s->token, NULL, bodies[i]);
        ck_assert_msg(j->tag != NULL && j->reason != NULL, "%s", bodies[i]);
        ck_assert_int_eq(j->proposed_unit, s->f->units[JYJ]);
        ck_assert_int_eq(j->proposed_matter, s->matter);
        judgement_free(j);
    }
    scene_free(s);
}
END_TEST

START_TEST(judging_writes_nothing)
{
    struct scene *s = scene_new(FALSE);
    gint64 before = event_count(s->f->db, "*", 0, 1, clock_now() + 9);
    struct judgement *j = judge_letter(s, "x@stranger.example", s->token, NULL, "无意见。");
    judgement_free(j);
    ck_assert_int_eq(event_count(s->f->db, "*", 0, 1, clock_now() + 9), before);
    ck_assert_int_eq(review_count(s->f->db, 0), 0);
    scene_free(s);
}
END_TEST

static void add_contact(struct scene *s, int unit, const char *email)
{
    char *none = (char *)"";
    struct contact contact = {
        .name = none, .email = (char *)email, .phone = none, .mobile = none, .since = clock_now()
    };
    fixture_begin(s->f);
    contact_add(s->f->db, s->f->units[unit], &contact);
    fixture_commit(s->f);
}

START_TEST(who_writes_for_two_units_is_filed_under_the_one_that_the_letter_names)
{
    struct scene *s = scene_new(FALSE);
    add_contact(s, QXJ, "liaison@jyj.example");
    struct judgement *j = judge_letter(s, "liaison@jyj.example", s->token, NULL,
                                       "经研究，我局无意见。\n\n市气象局\n2019年6月18日");
    check(j, s->matter, s->f->units[QXJ], TRUE);
    judgement_free(j);
    j = judge_letter(s, "liaison@jyj.example", s->token, NULL,
                     "市气象局无意见。\n市教育局建议删除第三条。");
    check(j, s->matter, 0, FALSE);
    judgement_free(j);
    j = judge_letter(s, "liaison@jyj.example", s->token, NULL,
                     "我局无意见。\n\n市文化和体育局\n2019年6月18日");
    check(j, s->matter, 0, FALSE);
    ck_assert_int_eq(j->proposed_unit, s->f->units[WTJ]);
    judgement_free(j);
    scene_free(s);
}
END_TEST

START_TEST(a_letter_that_another_unit_or_a_clerk_passes_on_is_its_writers)
{
    struct scene *s = scene_new(FALSE);
    static const char body[] =
        "转去，请阅。\n\n---------- 转发的邮件 ----------\n发件人：联络员 <liaison@qxj.example>\n"
        "主题：意见\n\n建议删除第三条。\n市气象局\n2019年6月18日";
    g_autofree char *subject = g_strdup_printf("转发：%s", s->token);
    struct judgement *j = judge_letter(s, "liaison@jyj.example", subject, NULL, body);
    check(j, s->matter, 0, FALSE);
    ck_assert_int_eq(j->proposed_unit, s->f->units[QXJ]);
    judgement_free(j);
    j = judge_letter(s, "clerk@office.example", subject, NULL, body);
    check(j, s->matter, s->f->units[QXJ], TRUE);
    ck_assert_int_eq(j->stance, STANCE_COMMENTS);
    judgement_free(j);
    scene_free(s);
}
END_TEST

START_TEST(what_a_person_settled_fades_and_two_answers_are_none)
{
    struct scene *s = scene_new(FALSE);
    static const char who[] = "p@163.example";
    fixture_begin(s->f);
    learnt_add(s->f->db, LEARNT_ADDRESS, who, s->f->units[JYJ]);
    fixture_commit(s->f);
    struct judgement *j = judge_letter(s, "P@163.example", s->token, NULL, "无意见。");
    check(j, s->matter, s->f->units[JYJ], TRUE);
    judgement_free(j);
    clock_fix(clock_now() + (gint64)500 * 24 * 60 * 60);
    j = judge_letter(s, who, "意见", NULL, "无意见。");
    ck_assert_int_eq(j->unit, 0);
    ck_assert_int_eq(j->proposed_unit, s->f->units[JYJ]);
    judgement_free(j);
    fixture_begin(s->f);
    learnt_add(s->f->db, LEARNT_ADDRESS, who, s->f->units[QXJ]);
    fixture_commit(s->f);
    j = judge_letter(s, who, s->token, NULL, "无意见。");
    check(j, s->matter, 0, FALSE);
    judgement_free(j);
    j = judge_letter(s, who, s->token, NULL, "无意见。\n\n市气象局");
    check(j, s->matter, s->f->units[QXJ], TRUE);
    judgement_free(j);
    scene_free(s);
}
END_TEST

START_TEST(an_answer_written_into_our_own_text_is_found)
{
    struct scene *s = scene_new(FALSE);
    struct outbox *notice =
        outbox_get(s->f->db, outbox_newest(s->f->db, "notice", s->matter, s->f->units[JYJ]));
    g_autofree char *body =
        g_strdup_printf("见下。\n\n------------------ 原始邮件 ------------------\n发件人: x\n\n"
                        "%s\n我局建议删除第三条。\n",
                        notice->text);
    struct judgement *j = judge_letter(s, "liaison@jyj.example", s->token, s->notice, body);
    ck_assert_int_eq(j->stance, STANCE_COMMENTS);
    judgement_free(j);
    outbox_free(notice);
    scene_free(s);
}
END_TEST

struct letter_row {
    const char *name, *body;
    const char *tag;      /* NULL: filed for JYJ in the first matter */
    int units[3];         /* that are proposed, ended by -1 */
    gboolean both_papers; /* both matters are proposed */
};

/* From the mailbox of JYJ, in answer to the first matter's notice. */
static const struct letter_row letters[] = {
    { "two speak together",
      "市教育局和市气象局都没有意见。\n甲",
      "several_units",
      { JYJ, QXJ, -1 },
      FALSE },
    { "two, signed by the sender",
      "市教育局和市气象局都没有意见。\n\n市教育局\n2019年6月18日",
      "several_units",
      { JYJ, QXJ, -1 },
      FALSE },
    { "two sign in one line",
      "经研究，无意见。\n\n市教育局　市气象局\n2019年6月18日",
      "several_units",
      { JYJ, QXJ, -1 },
      FALSE },
    { "two sign, one below the other",
      "经研究，无意见。\n\n市教育局（盖章）\n市气象局（盖章）\n2019年6月18日",
      "several_units",
      { JYJ, QXJ, -1 },
      FALSE },
    { "a form for two",
      "反馈单位：市教育局、市气象局\n意见：无意见",
      "several_units",
      { JYJ, QXJ, -1 },
      FALSE },
    { "ours and another",
      "我局无意见。市气象局也没有意见。",
      "several_units",
      { JYJ, QXJ, -1 },
      FALSE },
    { "only for another",
      "受市气象局委托，代为反馈：市气象局无意见。",
      "conflict",
      { QXJ, JYJ, -1 },
      FALSE },
    { "both matters",
      "我局对五个文件无意见；对《年度要点清单》建议删除第3项。",
      "several_matters",
      { JYJ, -1 },
      TRUE },
    { "a list of units is quoted",
      "我局无意见。\n附成员单位名单：\n市教育局\n市气象局\n市文化和体育局\n市应急局",
      NULL,
      { JYJ, -1 },
      FALSE },
    { "another unit is spoken about",
      "建议第三条由市教育局、市气象局共同牵头，征求市文化和体育局意见。\n市教育局",
      NULL,
      { JYJ, -1 },
      FALSE },
    { "another notice is referred to",
      "我局建议第三条与《关于征求〈年度要点清单〉意见的通知》（测试发〔2019〕9号）相衔接。",
      NULL,
      { JYJ, -1 },
      FALSE },
};

static void check_letter(struct scene *s, const struct letter_row *row)
{
    struct judgement *j = judge_letter(s, "liaison@jyj.example", s->token, s->notice, row->body);
    const char *tag = j->tag != NULL ? j->tag : "filed";
    ck_assert_msg(g_strcmp0(j->tag, row->tag) == 0, "%s: %s, not %s (%s)", row->name, tag,
                  row->tag ? row->tag : "filed", j->reason ? j->reason : "");
    ck_assert_msg(j->proposed_unit == s->f->units[row->units[0]], "%s", row->name);
    for (guint i = 1; i < G_N_ELEMENTS(row->units) && row->units[i] >= 0; i++) {
        g_autofree char *name = unit_label(s->f->db, s->f->units[row->units[i]]);
        ck_assert_msg(i - 1 < j->more_units->len &&
                          g_array_index(j->more_units, gint64, i - 1) == s->f->units[row->units[i]],
                      "%s", row->name);
        ck_assert_msg(strstr(j->reason, name) != NULL, "%s: %s", row->name, j->reason);
    }
    ck_assert_msg((j->more_matters->len > 0) == row->both_papers, "%s", row->name);
    ck_assert_msg(row->tag == NULL || j->matter == 0 || j->unit == 0, "%s", row->name);
    judgement_free(j);
}

START_TEST(a_letter_for_two_is_a_persons_and_one_that_mentions_another_is_filed)
{
    struct scene *s = scene_new(FALSE);
    struct matter other = { .number = (char *)"测试发〔2019〕9号",
                            .title = (char *)"关于征求《年度要点清单》意见的通知",
                            .kind = KIND_CONSULTATION,
                            .deadline = (char *)"2019-06-28",
                            .electronic = TRUE,
                            .notice = (char *)"请反馈意见。" };
    fixture_begin(s->f);
    s->other = matter_add(s->f->db, &other);
    assignment_add(s->f->db, s->other, s->f->units[JYJ], PAPER_NOT_REQUIRED);
    ck_assert(matter_issue(&s->f->office, s->other, NULL));
    fixture_commit(s->f);
    for (gsize i = 0; i < G_N_ELEMENTS(letters); i++)
        check_letter(s, &letters[i]);
    scene_free(s);
}
END_TEST

TEST_MAIN("handlers/judge", the_token_finds_the_matter_and_the_address_the_unit,
          a_reply_without_token_finds_the_matter_of_the_mail_it_answers,
          the_only_open_matter_is_meant_and_of_two_neither,
          a_stranger_who_knows_the_token_is_no_unit,
          evidence_for_two_units_or_two_matters_is_a_conflict,
          who_was_not_asked_or_is_the_office_is_not_filed,
          a_stance_that_changes_nothing_is_put_before_a_person, judging_writes_nothing,
          who_writes_for_two_units_is_filed_under_the_one_that_the_letter_names,
          a_letter_that_another_unit_or_a_clerk_passes_on_is_its_writers,
          what_a_person_settled_fades_and_two_answers_are_none,
          an_answer_written_into_our_own_text_is_found,
          a_letter_for_two_is_a_persons_and_one_that_mentions_another_is_filed)
