/* The stance of replies as offices word them (letters/stances.json). Above all: never
 * 无意见 where an opinion may stand beside it. */
#include "handlers/handlers.h"
#include "test.h"
#include <stdio.h>
#include <string.h>

static const char title[] = "关于征求《全民科学素质行动计划纲要实施方案》等文件修改意见的通知";

static void append_attachment(GString *mail, const char *row)
{
    const char *equals = strchr(row, '=');
    g_autofree char *name = equals ? g_strndup(row, equals - row) : g_strdup(row);
    g_autofree char *escaped = g_uri_escape_string(name, NULL, FALSE);
    const char *type = equals ? "text/plain; charset=utf-8" : "application/octet-stream";
    g_string_append_printf(mail,
                           "--part\r\nContent-Type: %s\r\nContent-Transfer-Encoding: 8bit\r\n"
                           "Content-Disposition: attachment; filename*=UTF-8''%s\r\n\r\n%s\r\n",
                           type, escaped, equals ? equals + 1 : "\x01\x02\x03");
}

/* A row is [expected, text, attachment…], an attachment "name" or "name=text". */
static struct mail *mail_of_row(json_t *row)
{
    g_autoptr(GString) mail = g_string_new("From: a@jyj.example\r\nTo: office@office.example\r\n"
                                           "Subject: re\r\nMessage-ID: <1@jyj.example>\r\n"
                                           "MIME-Version: 1.0\r\nContent-Type: multipart/mixed;"
                                           " boundary=part\r\n\r\n");
    g_string_append_printf(mail,
                           "--part\r\nContent-Type: text/plain; charset=utf-8\r\n"
                           "Content-Transfer-Encoding: 8bit\r\n\r\n%s\r\n",
                           json_string_value(json_array_get(row, 1)));
    for (size_t i = 2; i < json_array_size(row); i++)
        append_attachment(mail, json_string_value(json_array_get(row, i)));
    g_string_append(mail, "--part--\r\n");
    return mail_read(mail->str, mail->len);
}

/* A correction is written with what it comes to: "correction:no_comment". */
static char *verdict_text(enum stance stance, enum stance content)
{
    return stance == STANCE_CORRECTION
               ? g_strdup_printf("%s:%s", stance_text(stance), stance_text(content))
               : g_strdup(stance_text(stance));
}

/* "other" is anything but 无意见. */
static gboolean expected_allows(const char *expected, const char *verdict)
{
    if (g_str_equal(expected, "other"))
        return !g_str_has_suffix(verdict, "no_comment") && !g_str_equal(verdict, "not_concerned");
    g_auto(GStrv) words = g_strsplit(expected, "|", -1);
    for (char **word = words; *word; word++)
        if (g_str_equal(*word, verdict) ||
            (g_str_equal(*word, "correction") && g_str_has_prefix(verdict, "correction:")))
            return TRUE;
    return FALSE;
}

static gboolean evidence_is_verbatim(const struct mail *mail, const char *evidence)
{
    if (evidence == NULL || strstr(mail->text, evidence) != NULL ||
        strstr(mail->subject, evidence) != NULL)
        return TRUE;
    for (guint i = 0; i < mail->attachments->len; i++) {
        const struct attachment *file = mail->attachments->pdata[i];
        if (strstr(file->filename, evidence) || (file->text && strstr(file->text, evidence)))
            return TRUE;
    }
    return FALSE;
}

/* What the whole table came to: for each first expectation, how often which stance was said. */
struct tally {
    int said[STANCE_UNCLEAR + 1][STANCE_UNCLEAR + 1];
    int plain, recognised, false_no_comment, invented_evidence, outside;
};

static int first_stance(const char *expected)
{
    g_autofree char *word = g_strndup(expected, strcspn(expected, "|:"));
    if (g_str_equal(word, "other"))
        return STANCE_UNCLEAR;
    int stance = stance_of(word);
    ck_assert_msg(stance >= 0, "“%s” is no stance", expected);
    return stance;
}

static void judge_row(json_t *row, struct tally *tally)
{
    const char *expected = json_string_value(json_array_get(row, 0));
    const char *text = json_string_value(json_array_get(row, 1));
    struct mail *mail = mail_of_row(row);
    enum stance content = STANCE_UNCLEAR;
    g_autofree char *evidence = NULL;
    struct ours *ours = ours_new(title);
    enum stance stance = stance_of_mail(mail, ours, &content, &evidence);
    ours_free(ours);
    g_autofree char *verdict = verdict_text(stance, content);
    gboolean allowed = expected_allows(expected, verdict);
    gboolean plain = g_str_equal(expected, "no_comment") || g_str_equal(expected, "comments");
    gboolean false_no_comment =
        !allowed && (stance == STANCE_NO_COMMENT || stance == STANCE_NOT_CONCERNED ||
                     g_str_equal(verdict, "correction:no_comment"));
    gboolean verbatim = evidence_is_verbatim(mail, evidence);

    tally->said[first_stance(expected)][stance]++;
    tally->plain += plain;
    tally->recognised += plain && allowed;
    tally->false_no_comment += false_no_comment;
    tally->invented_evidence += !verbatim;
    tally->outside += !allowed;
    if (!allowed)
        printf("%s%s, not %s: %s\n", false_no_comment ? "FALSE " : "", verdict, expected, text);
    if (!verbatim)
        printf("evidence “%s” is not in: %s\n", evidence, text);
    mail_free(mail);
}

static void print_matrix(const struct tally *tally, size_t rows)
{
    printf("expected \\ said");
    for (int i = 0; i <= STANCE_UNCLEAR; i++)
        printf(" %6.6s", stance_text(i));
    for (int i = 0; i <= STANCE_UNCLEAR; i++) {
        printf("\n%-15s", stance_text(i));
        for (int j = 0; j <= STANCE_UNCLEAR; j++)
            printf(" %6d", tally->said[i][j]);
    }
    printf("\n%zu replies, %d otherwise than expected; plain ones recognised: %d of %d\n", rows,
           tally->outside, tally->recognised, tally->plain);
    fflush(stdout); /* the failing child is killed */
}

static struct tally judge_table(const char *name, size_t least)
{
    g_autofree char *bytes = test_data(name, NULL);
    json_error_t fault;
    json_auto_t *rows = json_loads(bytes, 0, &fault);
    ck_assert_msg(rows != NULL, "%s:%d: %s", name, fault.line, fault.text);
    ck_assert_uint_ge(json_array_size(rows), least);
    mail_init();
    struct tally tally = { 0 };
    size_t i;
    json_t *row;
    json_array_foreach (rows, i, row)
        judge_row(row, &tally);
    printf("%s\n", name);
    print_matrix(&tally, json_array_size(rows));
    ck_assert_int_eq(tally.false_no_comment, 0);
    ck_assert_int_eq(tally.invented_evidence, 0);
    return tally;
}

START_TEST(the_replies_of_the_table_are_understood_and_no_opinion_is_lost)
{
    struct tally tally = judge_table(LETTERS "stances.json", 300);
    ck_assert_int_ge(tally.recognised * 10, tally.plain * 9);
}
END_TEST

START_TEST(what_offices_say_in_many_words_is_understood)
{
    struct tally tally = judge_table(LETTERS "phrasings.json", 180);
    ck_assert_int_ge(tally.recognised * 10, tally.plain * 9);
}
END_TEST

START_TEST(a_wish_that_dresses_as_agreement_never_counts_as_none)
{
    judge_table(LETTERS "disguises.json", 250);
}
END_TEST

START_TEST(words_of_the_matters_own_title_prove_nothing)
{
    g_autofree char *bytes = g_strdup_printf("From: a@jyj.example\r\nSubject: re\r\n"
                                             "Content-Type: text/plain; charset=utf-8\r\n\r\n"
                                             "%s已收到。\r\n",
                                             "《关于征求修改意见建议将无意见写明的通知》");
    mail_init();
    struct mail *mail = mail_read(bytes, strlen(bytes));
    enum stance content;
    g_autofree char *evidence = NULL;
    struct ours *ours = ours_new("关于征求修改意见建议将无意见写明的通知");
    enum stance stance = stance_of_mail(mail, ours, &content, &evidence);
    ours_free(ours);
    ck_assert_int_ne(stance, STANCE_NO_COMMENT);
    ck_assert_int_ne(stance, STANCE_COMMENTS);
    mail_free(mail);
}
END_TEST

/* Whatever it says at its end, a person has to look; what it marks still counts. */
START_TEST(a_paper_of_a_books_length_is_read_by_a_person_and_takes_no_time)
{
    json_auto_t *row = json_pack("[sss]", "other", "我局无意见，请查收。", "全书.docx");
    g_autoptr(GString) book = g_string_new(NULL);
    mail_init();
    while (book->len < 1 << 20)
        g_string_append(book, "经研究，我局对其中第三条没有不同意见。");
    struct mail *mail = mail_of_row(row);
    struct attachment *paper = mail->attachments->pdata[0];
    paper->document =
        json_pack("{ss so so so so}", "text", book->str, "revisions", json_array(), "comments",
                  json_array(), "tables", json_array(), "members", json_array());
    enum stance content;
    g_autofree char *evidence = NULL;
    gint64 began = g_get_monotonic_time();
    ck_assert_int_eq(stance_of_mail(mail, NULL, &content, &evidence), STANCE_UNCLEAR);
    ck_assert_int_lt(g_get_monotonic_time() - began, G_USEC_PER_SEC / 2);
    json_array_append_new(json_object_get(paper->document, "revisions"),
                          json_pack("{ss ss}", "kind", "insertion", "text", "每年"));
    g_clear_pointer(&evidence, g_free);
    ck_assert_int_eq(stance_of_mail(mail, NULL, &content, &evidence), STANCE_COMMENTS);
    mail_free(mail);
}
END_TEST

TEST_MAIN("handlers/stance", the_replies_of_the_table_are_understood_and_no_opinion_is_lost,
          what_offices_say_in_many_words_is_understood,
          a_wish_that_dresses_as_agreement_never_counts_as_none,
          words_of_the_matters_own_title_prove_nothing,
          a_paper_of_a_books_length_is_read_by_a_person_and_takes_no_time)
