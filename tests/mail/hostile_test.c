/* Messages made to kill, fill or stall a parser: each must come back, with a defect where it must
 * not be parsed. */
#include "mail/mail.h"
#include "test.h"
#include <time.h>

#ifdef __SANITIZE_ADDRESS__
#define CEILING 8.0 /* seconds of the processor for a message; the sanitizers cost their share */
#else
#define CEILING 1.0
#endif

static char *repeat(const char *piece, guint times)
{
    GString *all = g_string_new(NULL);
    for (guint i = 0; i < times; i++)
        g_string_append(all, piece);
    return g_string_free(all, FALSE);
}

static struct mail *read_joined(const char *before, const char *middle, const char *after)
{
    mail_init();
    g_autofree char *all = g_strconcat(before, middle, after, NULL);
    return mail_read(all, strlen(all));
}

START_TEST(a_flood_of_colons_is_not_parsed_wherever_it_stands)
{
    static const struct {
        const char *before, *piece, *after;
    } floods[] = {
        { "To: ", "g:", ";\n\nbody\n" },
        { "Subject: x\nTo: ", "g:", "\n\nbody\n" },
        { "Subject: x\nTo:\n", " g:\n", "\n\nbody\n" },
        { "Subject: x\r\nTo:\r\n", "\tg:\r\n", "\r\n\r\nbody\r\n" },
        { "Content-Type: message/rfc822\n\nTo: ", "g:", "\n\nbody\n" },
        { "Content-Type: message/rfc822\n\nTo:\n", " g:\n", "\n\nbody\n" },
        { "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n\nCc: ",
          "g:", "\n\n--b--\n" },
        { "Subject: x\n\n To:\n", " g:\n", "\n\nbody\n" },
        { "Subject: x\n\n", "::", "\n" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(floods); i++) {
        g_autofree char *flood = repeat(floods[i].piece, 60000);
        struct mail *mail = read_joined(floods[i].before, flood, floods[i].after);
        ck_assert_msg(mail->defect != NULL, "flood %zu was parsed", i);
        ck_assert_str_eq(mail->text, "");
        ck_assert_str_eq(mail->subject, "");
        ck_assert(!mail->answerable);
        mail_free(mail);
    }
}
END_TEST

START_TEST(many_colons_in_an_ordinary_body_are_no_defect)
{
    g_autofree char *lines = repeat("键: 值: 12:30:45\n", 20000);
    g_autofree char *indented = repeat("  <p style=\"a:b; c:d\">x</p>\n", 5000);
    struct mail *mail = read_joined("Subject: x\n\n", lines, "");
    ck_assert_ptr_null(mail->defect);
    ck_assert_uint_gt(strlen(mail->text), 20000);
    mail_free(mail);
    mail = read_joined("Content-Type: text/html\n\n<html>\n", indented, "</html>\n");
    ck_assert_ptr_null(mail->defect);
    mail_free(mail);
}
END_TEST

START_TEST(a_header_that_is_too_large_is_a_defect)
{
    g_autofree char *long_field = repeat("x", 2049 * 1024);
    g_autofree char *folded_field = repeat(" abcdefg\n", 256 * 1024);
    g_autofree char *many_fields = repeat("X-Field: abcdefghijklmnopqrstuvwxyz\n", 128 * 1024);
    struct {
        const char *before, *middle;
        gboolean defect;
    } cases[] = {
        { "Subject: ", long_field, TRUE },        { "Subject: x\n", folded_field, TRUE },
        { "Subject: x\n", many_fields, TRUE },    { "Subject: x\n\n", long_field, FALSE },
        { "Subject: x\n\n", many_fields, FALSE },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct mail *mail = read_joined(cases[i].before, cases[i].middle, "\n\nbody\n");
        ck_assert_msg((mail->defect != NULL) == cases[i].defect, "case %zu: %s", i, mail->defect);
        mail_free(mail);
    }
}
END_TEST

START_TEST(nesting_stops_at_a_whole_part_and_loses_nothing)
{
    GString *all = g_string_new("Subject: deep\n");
    for (int i = 0; i < 600; i++)
        g_string_append_printf(all, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i);
    g_string_append(all, "Content-Type: text/plain\n\nthe deepest text\n");
    struct mail *mail = read_joined(all->str, "", "");
    ck_assert_ptr_null(mail->defect);
    ck_assert_uint_eq(mail->attachments->len, 1);
    const struct attachment *whole = mail->attachments->pdata[0];
    ck_assert_str_eq(whole->content_type, "multipart/mixed");
    g_autoptr(GBytes) bytes = mail_attachment_bytes(all->str, all->len, 0);
    ck_assert_ptr_nonnull(bytes);
    ck_assert_ptr_nonnull(g_strstr_len(g_bytes_get_data(bytes, NULL),
                                       (gssize)g_bytes_get_size(bytes), "the deepest text"));
    mail_free(mail);
    g_string_free(all, TRUE);
}
END_TEST

START_TEST(three_hundred_levels_are_read_to_the_deepest_text)
{
    GString *all = g_string_new("Subject: deep\n");
    for (int i = 0; i < 300; i++)
        g_string_append_printf(all, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i);
    g_string_append(all, "Content-Type: text/plain\n\nthe deepest text\n");
    struct mail *mail = read_joined(all->str, "", "");
    ck_assert_str_eq(mail->text, "the deepest text\n");
    mail_free(mail);
    g_string_free(all, TRUE);
}
END_TEST

START_TEST(a_header_line_of_a_megabyte_hides_nothing_else)
{
    g_autofree char *megabyte = repeat("x", 1024 * 1024);
    g_autofree char *people = repeat("a@b.example, ", 80000);
    struct mail *mail = read_joined("Subject: s\nX-Long: ", megabyte, "\nFrom: a@b.c\n\nbody\n");
    ck_assert_ptr_null(mail->defect);
    ck_assert_str_eq(mail->subject, "s");
    ck_assert_uint_eq(mail->from->len, 1);
    ck_assert_str_eq(mail->text, "body\n");
    mail_free(mail);
    mail = read_joined("Subject: s\nTo: ", people, "c@d.e\nFrom: a@b.c\n\nbody\n");
    ck_assert_uint_gt(mail->to->len, 1000);
    ck_assert_str_eq(mail->text, "body\n");
    mail_free(mail);
}
END_TEST

START_TEST(more_than_twenty_thousand_parts_are_a_defect)
{
    static const char head[] = "Content-Type: multipart/mixed; boundary=b\n\n";
    g_autofree char *most = repeat("--b\nContent-Type: image/png\n\nx\n", 20000);
    g_autofree char *more = repeat("--b\nContent-Type: image/png\n\nx\n", 20001);
    struct mail *mail = read_joined(head, most, "--b--\n");
    ck_assert_ptr_null(mail->defect);
    ck_assert_uint_eq(mail->attachments->len, 20000);
    mail_free(mail);
    mail = read_joined(head, more, "--b--\n");
    ck_assert_ptr_nonnull(mail->defect);
    ck_assert_uint_eq(mail->attachments->len, 0);
    mail_free(mail);
}
END_TEST

/* The bytes of a string of worst.json, which has a character for each. */
static char *bytes_of(const json_t *row, const char *key)
{
    const char *text = json_string_value(json_object_get(row, key));
    char *bytes =
        text != NULL ? g_convert(text, -1, "ISO-8859-1", "UTF-8", NULL, NULL, NULL) : NULL;
    ck_assert_ptr_nonnull(bytes);
    return bytes;
}

/* A megabyte of each; read, quoted text compared with itself, and shown as JSON. */
START_TEST(a_megabyte_of_the_worst_is_read_within_a_second)
{
    json_t *row, *rows = json_load_file(TEST_DATA "/worst.json", 0, NULL);
    size_t i;
    ck_assert_uint_gt(json_array_size(rows), 50);
    json_array_foreach (rows, i, row) {
        g_autofree char *before = bytes_of(row, "before");
        g_autofree char *piece = bytes_of(row, "piece");
        g_autofree char *flood = repeat(piece, 1024 * 1024 / (guint)strlen(piece));
        clock_t start = clock();
        struct mail *mail = read_joined(before, flood, "\n");
        g_autofree char *against = mail_new_against(mail, mail->text);
        json_t *json = mail_json(mail);
        double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
        ck_assert_msg(seconds < CEILING, "%s of \"%s\" took %.1f s", before, piece, seconds);
        ck_assert_ptr_nonnull(against);
        json_decref(json);
        mail_free(mail);
    }
    json_decref(rows);
}
END_TEST

/* Every prefix of every fixture is a truncated message; each must be read without a crash. */
START_TEST(truncated_and_damaged_messages_are_read)
{
    mail_init();
    g_autoptr(GDir) dir = g_dir_open(TEST_DATA "/mail", 0, NULL);
    g_autoptr(GRand) chance = g_rand_new_with_seed(20190621);
    guint read = 0;
    for (const char *entry; (entry = g_dir_read_name(dir)) != NULL;) {
        if (!g_str_has_suffix(entry, ".eml"))
            continue;
        g_autofree char *name = g_build_filename("mail", entry, NULL);
        gsize n;
        g_autofree char *bytes = test_data(name, &n);
        for (gsize cut = 0; cut < n; cut += 1 + n / 40) {
            g_autofree char *copy = g_memdup2(bytes, n);
            for (int flips = 0; flips < 4; flips++)
                copy[g_rand_int_range(chance, 0, (gint)n)] = (char)g_rand_int(chance);
            struct mail *truncated = mail_read(bytes, cut);
            struct mail *damaged = mail_read(copy, n);
            ck_assert_ptr_nonnull(truncated->text);
            ck_assert(g_utf8_validate(damaged->text, -1, NULL));
            json_t *json = mail_json(damaged);
            ck_assert_ptr_nonnull(json);
            json_decref(json);
            mail_free(truncated);
            mail_free(damaged);
            read++;
        }
    }
    ck_assert_uint_gt(read, 1000);
}
END_TEST

TEST_MAIN("mail/hostile", a_flood_of_colons_is_not_parsed_wherever_it_stands,
          many_colons_in_an_ordinary_body_are_no_defect, a_header_that_is_too_large_is_a_defect,
          nesting_stops_at_a_whole_part_and_loses_nothing,
          three_hundred_levels_are_read_to_the_deepest_text,
          a_header_line_of_a_megabyte_hides_nothing_else,
          more_than_twenty_thousand_parts_are_a_defect,
          a_megabyte_of_the_worst_is_read_within_a_second, truncated_and_damaged_messages_are_read)
