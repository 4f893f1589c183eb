/* What looks like a mail address. */
#include "test.h"

START_TEST(addresses_are_told_from_what_is_none)
{
    static const struct {
        const char *text;
        gboolean address;
    } rows[] = {
        { "jyj@mail.example", TRUE },
        { "a.b+tag@mail.example", TRUE },
        { "12345@mail.example", TRUE },
        { "clerk@localhost", TRUE },
        { "联络员甲@邮局.example", TRUE },
        { "o'hara_x-y@a-b.example", TRUE },
        { "", FALSE },
        { "mail.example", FALSE },
        { "@mail.example", FALSE },
        { "jyj@", FALSE },
        { "a@b@mail.example", FALSE },
        { "jyj @mail.example", FALSE },
        { " jyj@mail.example", FALSE },
        { "jyj@mail.example ", FALSE },
        { "jyj@mail.example\n", FALSE },
        { "jyj@mail.example\r\nBcc: x", FALSE },
        { "<jyj@mail.example>", FALSE },
        { "联络员 <jyj@mail.example>", FALSE },
        { "a@mail.example,b@mail.example", FALSE },
        { "a@mail.example;b@mail.example", FALSE },
        { "a@mail.example，", FALSE },
        { "jyj＠mail.example", FALSE },
        { "jyj@mail。example", FALSE },
        { "jyj@mail..example", FALSE },
        { ".jyj@mail.example", FALSE },
        { "jyj.@mail.example", FALSE },
        { "jyj@.example", FALSE },
        { "jyj@mail.example.", FALSE },
        { "jyj@-mail.example", FALSE },
        { "jyj@mail_box.example", FALSE },
        { "\"a b\"@mail.example", FALSE },
        { "jyj\u200b@mail.example", FALSE },
        { "jyj@mail.example\u3000", FALSE },
        { "jyj\u202e@mail.example", FALSE },
        { "jyj\x01@mail.example", FALSE },
        { "jyj\xff@mail.example", FALSE },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        ck_assert_msg(text_is_address(rows[i].text) == rows[i].address, "%s", rows[i].text);
    ck_assert(!text_is_address(NULL));
}
END_TEST

START_TEST(an_address_is_no_longer_than_smtp_allows)
{
    g_autofree char *local = g_strnfill(64, 'a'), *label = g_strnfill(181, 'b');
    g_autofree char *longest = g_strdup_printf("%s@%s.example", local, label);
    g_autofree char *longer = g_strdup_printf("%s@%sb.example", local, label);
    g_autofree char *local_longer = g_strdup_printf("a%s@mail.example", local);
    ck_assert(text_is_address(longest));
    ck_assert(!text_is_address(longer));
    ck_assert(!text_is_address(local_longer));
}
END_TEST

TEST_MAIN("base/address", addresses_are_told_from_what_is_none,
          an_address_is_no_longer_than_smtp_allows)
