/* What proves who wrote a mail (RFC 8601), and what only looks like it. */
#include "mail/mail.h"
#include "test.h"
#include <string.h>

#define OURS "Authentication-Results: mx.office.example"
#define HOP "Received: from a by b; Wed, 12 Jun 2019 09:30:00 +0800\r\n"

static gboolean authentic(const char *fields, guint hops)
{
    static const char *const servers[] = { "mx.office.example", NULL };
    mail_init();
    g_autofree char *bytes =
        g_strconcat(fields, "To: kxsz@office.example\r\nSubject: x\r\n\r\nx\r\n", NULL);
    struct mail *mail = mail_read(bytes, strlen(bytes));
    const char *why;
    gboolean is = mail_authentic(mail, servers, hops, &why);
    ck_assert(is == (why == NULL));
    mail_free(mail);
    return is;
}

#define FROM "From: <li@bureau.example>\r\n"
static const struct {
    const char *fields;
    guint hops;
    gboolean authentic;
} rows[] = {
    { OURS "; dkim=pass header.d=bureau.example\r\n" FROM, 0, TRUE },
    { OURS " 1; dkim=pass header.d=bureau.example\r\n" FROM, 0, TRUE },
    { "Authentication-Results: "
      "MX.Office.Example;\r\n\tdkim=pass\r\n\theader.i=@bureau.example\r\n" FROM,
      0, TRUE },
    { OURS "; spf=pass smtp.mailfrom=bureau.example\r\n" FROM, 0, TRUE },
    { OURS "; spf=pass (x is (very) fine) smtp.mailfrom=LI@bureau.example\r\n" FROM, 0, TRUE },
    { OURS "; spf=fail; dkim/1=pass header.b=\"a;b\" header.d=bureau.example\r\n" FROM, 0, TRUE },
    /* A domain speaks for those below it, not the other way round, and not for its likes. */
    { OURS "; dkim=pass header.d=bureau.example\r\nFrom: <li@mail.bureau.example>\r\n", 0, TRUE },
    { OURS "; dkim=pass header.d=mail.bureau.example\r\n" FROM, 0, FALSE },
    { OURS "; dkim=pass header.d=reau.example\r\n" FROM, 0, FALSE },
    { OURS "; dkim=pass header.d=example\r\n" FROM, 0, FALSE },
    /* Neighbours share a domain. */
    { OURS "; spf=pass smtp.mailfrom=wang@bureau.example\r\n" FROM, 0, FALSE },
    { OURS "; dkim=fail header.d=bureau.example\r\n" FROM, 0, FALSE },
    { OURS "; dkim=pass\r\n" FROM, 0, FALSE },
    { OURS "; arc=pass header.d=bureau.example\r\n" FROM, 0, FALSE },
    { OURS "; none\r\n" FROM, 0, FALSE },
    { OURS "\r\n" FROM, 0, FALSE },
    { FROM, 0, FALSE },
    /* What the sender made the server quote. */
    { OURS "; spf=fail (dkim=pass header.d=bureau.example)\r\n" FROM, 0, FALSE },
    { OURS "; spf=fail smtp.mailfrom=\"; dkim=pass header.d=bureau.example\"@x.example\r\n" FROM, 0,
      FALSE },
    { OURS "; spf=fail smtp.helo=\"a; dkim=pass header.d=bureau.example\r\n" FROM, 0, FALSE },
    { OURS "; spf=fail (a; dkim=pass header.d=bureau.example\r\n" FROM, 0, FALSE },
    { OURS "; spf=fail broken\r\n" OURS "; dkim=pass header.d=bureau.example\r\n" FROM, 0, FALSE },
    /* Another's field, and ours where only the sender can have put it. */
    { "Authentication-Results: evil.example; dkim=pass header.d=bureau.example\r\n" FROM, 0,
      FALSE },
    { "Authentication-Results: dkim=pass header.d=bureau.example\r\n" FROM, 0, FALSE },
    { HOP OURS "; dkim=pass header.d=bureau.example\r\n" FROM, 0, FALSE },
    { HOP OURS "; dkim=pass header.d=bureau.example\r\n" FROM, 1, TRUE },
    { OURS "; dkim=none\r\n" OURS "; dkim=pass header.d=bureau.example\r\n" FROM, 0, FALSE },
    { HOP OURS "; dkim=none\r\n" HOP OURS "; dkim=pass header.d=bureau.example\r\n" FROM, 1,
      FALSE },
    /* Above the provider's own last hop, several of its fields count. */
    { OURS "; spf=none\r\n" OURS "; dkim=pass header.d=bureau.example\r\n" HOP FROM, 1, TRUE },
    /* Whose address was proven? */
    { OURS "; dkim=pass header.d=bureau.example\r\n" FROM "From: <x@y.example>\r\n", 0, FALSE },
    { OURS "; dkim=pass header.d=bureau.example\r\nFrom: <li@bureau.example>, <x@y.example>\r\n", 0,
      FALSE },
};

START_TEST(only_the_providers_own_word_proves_a_sender)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        ck_assert_msg(authentic(rows[i].fields, rows[i].hops) == rows[i].authentic,
                      "row %zu should be %s:\n%s", i, rows[i].authentic ? "authentic" : "refused",
                      rows[i].fields);
}
END_TEST

START_TEST(without_a_server_to_trust_nothing_is_proven)
{
    static const char bytes[] = OURS "; dkim=pass header.d=bureau.example\r\n" FROM "\r\nx\r\n";
    static const char *const none[] = { NULL };
    mail_init();
    struct mail *mail = mail_read(bytes, strlen(bytes));
    const char *why;
    ck_assert(!mail_authentic(mail, none, 0, &why) && why != NULL);
    ck_assert(!mail_authentic(mail, NULL, 0, &why) && why != NULL);
    mail_free(mail);
}
END_TEST

START_TEST(what_is_passed_on_is_seen)
{
    static const struct {
        const char *subject, *body;
        gboolean forwarded;
    } cases[] = {
        { "转发：关于征求意见", "登记", TRUE },
        { "回复：转发: 意见", "", TRUE },
        { "Fwd: x", "", TRUE },
        { "FW：x", "", TRUE },
        { "回复：意见", "状态", FALSE },
        { "转发通知的情况", "状态", FALSE },
        { "意见", "看一下\r\n\r\n---- 转发的邮件 ----\r\n发件人：a\r\n", TRUE },
    };
    mail_init();
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *bytes =
            g_strdup_printf("From: <a@b.example>\r\nSubject: %s\r\nContent-Type: text/plain; "
                            "charset=utf-8\r\n\r\n%s\r\n",
                            cases[i].subject, cases[i].body);
        struct mail *mail = mail_read(bytes, strlen(bytes));
        ck_assert_msg(mail_is_forwarded(mail) == cases[i].forwarded, "%s", bytes);
        mail_free(mail);
    }
}
END_TEST

TEST_MAIN("mail/auth", only_the_providers_own_word_proves_a_sender,
          without_a_server_to_trust_nothing_is_proven, what_is_passed_on_is_seen)
