/* Where the text that is quoted begins, in the forms that mail programs give the header of what
 * they quote; and what only looks like one. */
#include "mail/mail.h"
#include "test.h"
#include <stdio.h>
#include <string.h>

struct shape {
    const char *name, *text, *said; /* said: the new text */
};

#define SAID "我局无意见。\n\n"
#define QUOTED "\n\n请各单位反馈意见。\n"

static const struct shape shapes[] = {
    { "Outlook, a label a line",
      SAID "From: Office [mailto:office@office.example]\nSent: Tuesday, June 11, 2019 9:15 AM\n"
           "To: Liaison\nSubject: Notice" QUOTED,
      "我局无意见。" },
    { "all labels in one line",
      SAID "From: Office [mailto:office@office.example] Sent: Tuesday, June 11, 2019 9:15 AM To: "
           "Liaison Subject: Notice" QUOTED,
      "我局无意见。" },
    { "in one line, with bold stars",
      SAID "*From:* Office [mailto:office@office.example] *Sent:* Tuesday, June 11, 2019 *To:* "
           "Liaison *Subject:* Notice" QUOTED,
      "我局无意见。" },
    { "bold stars, a label a line",
      SAID "*From:* Office [mailto:office@office.example]\n*Sent:* Tuesday, June 11, 2019\n"
           "*To:* Liaison\n*Subject:* Notice" QUOTED,
      "我局无意见。" },
    { "double stars around the labels",
      SAID "**From:** Office [mailto:office@office.example]\n**Sent:** Tuesday, June 11, 2019\n"
           "**To:** Liaison\n**Subject:** Notice" QUOTED,
      "我局无意见。" },
    { "two labels a line",
      SAID "From: Office [mailto:office@office.example] Sent: Tuesday, June 11, 2019\n"
           "To: Liaison Subject: Notice" QUOTED,
      "我局无意见。" },
    { "broken within a label's value",
      SAID "From: Office [mailto:office@office.example] Sent: Tuesday,\nJune 11, 2019 To: Liaison "
           "Cc: Other\nSubject: Notice" QUOTED,
      "我局无意见。" },
    { "an address that brings a colon, one label a line",
      SAID "From: office@office.example [mailto:office@office.example]\nDate: 2019-06-11\n"
           "To: liaison@jyj.example [mailto:liaison@jyj.example]\nSubject: Notice" QUOTED,
      "我局无意见。" },
    { "Chinese Outlook",
      SAID "发件人: 办公室 [mailto:office@office.example]\n发送时间: 2019年6月11日 9:15\n"
           "收件人: 联络员甲\n主题: 通知" QUOTED,
      "我局无意见。" },
    { "Chinese Outlook in one line",
      SAID "发件人: 办公室 [mailto:office@office.example] 发送时间: 2019年6月11日 9:15 收件人: "
           "联络员甲 主题: 通知" QUOTED,
      "我局无意见。" },
    { "Chinese Outlook, bold, two labels a line",
      SAID "*发件人:* 办公室 [mailto:office@office.example] *发送时间:* 2019年6月11日 9:15\n"
           "*收件人:* 联络员甲 *主题:* 通知" QUOTED,
      "我局无意见。" },
    { "below a row of underscores",
      SAID "________________________________\nFrom: Office [mailto:office@office.example] Sent: "
           "Tuesday, June 11, 2019 To: Liaison Subject: Notice" QUOTED,
      "我局无意见。" },
    { "a letter that names its sender and its addressee is not quoted",
      "From: 市教育局\nTo: 办公室\n\n我局建议删除第三条。\n",
      "From: 市教育局\nTo: 办公室\n\n我局建议删除第三条。" },
    { "an invitation with a time and a subject is not quoted",
      "发件人：市教育局\n会议时间：6月20日\n会议主题：讨论\n我局无意见。\n",
      "发件人：市教育局\n会议时间：6月20日\n会议主题：讨论\n我局无意见。" },
    { "addresses with mailto are no label",
      "From: 市教育局 [mailto:a@jyj.example] [MAILTO:b@jyj.example]\n我局无意见。\n",
      "From: 市教育局 [mailto:a@jyj.example] [MAILTO:b@jyj.example]\n我局无意见。" },
};

START_TEST(the_text_that_is_quoted_begins_with_its_header)
{
    guint wrong = 0;
    mail_init();
    for (gsize i = 0; i < G_N_ELEMENTS(shapes); i++) {
        g_autofree char *bytes = g_strdup_printf(
            "From: a@jyj.example\nContent-Type: text/plain; charset=utf-8\n\n%s", shapes[i].text);
        struct mail *mail = mail_read(bytes, strlen(bytes));
        if (!g_str_equal(mail->new_text, shapes[i].said)) {
            fprintf(stderr, "%s: %s\n", shapes[i].name, mail->new_text);
            wrong++;
        }
        mail_free(mail);
    }
    ck_assert_uint_eq(wrong, 0);
}
END_TEST

TEST_MAIN("mail/quote", the_text_that_is_quoted_begins_with_its_header)
