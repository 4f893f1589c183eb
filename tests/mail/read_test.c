/* What the fixtures do not show: files, threads, attached texts, large messages, subjects. */
#include "mail/mail.h"
#include "test.h"
#include <glib/gstdio.h>
#include <sys/resource.h>
#include <unistd.h>

START_TEST(a_missing_file_is_a_fault_of_the_world)
{
    mail_init();
    GError *error = NULL;
    ck_assert_ptr_null(mail_read_file("/no/such/file.eml", &error));
    ck_assert(g_error_matches(error, FAULT, FAULT_WORLD));
    g_clear_error(&error);
}
END_TEST

START_TEST(no_bytes_are_an_empty_mail)
{
    mail_init();
    struct mail *mail = mail_read(NULL, 0);
    ck_assert_ptr_null(mail->defect);
    ck_assert_str_eq(mail->text, "");
    mail_free(mail);
    mail_free(NULL);
}
END_TEST

START_TEST(the_text_of_a_small_text_attachment_is_kept)
{
    mail_init();
    struct mail *mail = mail_read_file(TEST_DATA "/mail/text_attachment.eml", NULL);
    const struct attachment *attachment = mail->attachments->pdata[0];
    ck_assert_str_eq(attachment->text, "附件里的意见");
    mail_free(mail);
    mail = mail_read_file(TEST_DATA "/mail/attachment_rfc2231.eml", NULL);
    attachment = mail->attachments->pdata[0];
    ck_assert_ptr_null(attachment->text);
    mail_free(mail);
}
END_TEST

/* A body and a text attachment of n bytes each. */
static struct mail *read_with_texts(gsize n)
{
    GString *all = g_string_new("Content-Type: multipart/mixed; boundary=b\n\n--b\n\n");
    for (gsize i = 0; i < n; i++)
        g_string_append_c(all, 'x');
    g_string_append(all, "\n--b\nContent-Type: text/plain; name=a.txt\n\n");
    for (gsize i = 0; i < n; i++)
        g_string_append_c(all, 'y');
    g_string_append(all, "\n--b--\n");
    struct mail *mail = mail_read(all->str, all->len);
    g_string_free(all, TRUE);
    return mail;
}

START_TEST(large_texts_are_cut_and_large_text_attachments_have_none)
{
    static const struct {
        gsize n, text;
        gboolean has_attached_text;
    } cases[] = {
        { 256 * 1024, 256 * 1024, TRUE },
        { 256 * 1024 + 1, 256 * 1024 + 1, FALSE },
        { 1024 * 1024, 1024 * 1024, FALSE },
        { 1024 * 1024 + 1000, 1024 * 1024, FALSE },
    };
    mail_init();
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct mail *mail = read_with_texts(cases[i].n);
        const struct attachment *attachment = mail->attachments->pdata[0];
        ck_assert_uint_eq(strlen(mail->text), cases[i].text);
        ck_assert_int_eq(attachment->size, (gint64)cases[i].n);
        ck_assert((attachment->text != NULL) == cases[i].has_attached_text);
        mail_free(mail);
    }
}
END_TEST

/* Writes a message with one attachment of 40 MB of zeros in base64; the path is the caller's. */
static char *large_file(void)
{
    char *path = NULL;
    int fd = g_file_open_tmp("lianluo-XXXXXX", &path, NULL);
    FILE *file = fdopen(fd, "w");
    fputs("Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nhello\n--b\n"
          "Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\n",
          file);
    char line[77];
    memset(line, 'A', 76);
    line[76] = '\n';
    for (int i = 0; i < 40 * 1024 * 1024 / 57; i++)
        fwrite(line, 1, sizeof line, file);
    fputs("--b--\n", file);
    fclose(file);
    return path;
}

/* Anonymous memory in KiB, without the pages of the mapped file. */
static glong anonymous_memory(void)
{
    g_autofree char *status = NULL;
    g_file_get_contents("/proc/self/status", &status, NULL, NULL);
    const char *line = status != NULL ? strstr(status, "VmData:") : NULL;
    return line != NULL ? atol(line + strlen("VmData:")) : 0;
}

START_TEST(a_large_attachment_is_hashed_without_standing_in_memory)
{
    mail_init();
    g_autofree char *path = large_file();
    struct rlimit limit = { .rlim_cur = (rlim_t)(anonymous_memory() + 16 * 1024) * 1024 };
    struct rlimit old;
    getrlimit(RLIMIT_DATA, &old);
    limit.rlim_max = old.rlim_max;
    if (anonymous_memory() < 1024 * 1024)
        setrlimit(RLIMIT_DATA, &limit); /* an allocation of the whole aborts */
    struct mail *mail = mail_read_file(path, NULL);
    setrlimit(RLIMIT_DATA, &old);
    ck_assert_str_eq(mail->text, "hello");
    const struct attachment *attachment = mail->attachments->pdata[0];
    ck_assert_int_eq(attachment->size, 40 * 1024 * 1024 / 57 * 57);
    ck_assert_uint_eq(strlen(attachment->sha256), 64);
    mail_free(mail);
    g_unlink(path);
}
END_TEST

static gpointer read_many(gpointer data)
{
    static const char *const names[] = { "gbk_base64", "big5_body",  "utf16_body",
                                         "reply_qq",   "bounce_163", "attachment_raw_gbk" };
    guint same = 0;
    for (guint i = 0; i < 200; i++) {
        g_autofree char *path =
            g_strdup_printf(TEST_DATA "/mail/%s.eml", names[i % G_N_ELEMENTS(names)]);
        struct mail *mail = mail_read_file(path, NULL);
        same += mail != NULL && mail->defect == NULL && *mail->subject != '\0';
        mail_free(mail);
    }
    return GUINT_TO_POINTER(same);
}

START_TEST(any_thread_may_read)
{
    mail_init();
    GThread *threads[4];
    for (gsize i = 0; i < G_N_ELEMENTS(threads); i++)
        threads[i] = g_thread_new("reader", read_many, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(threads); i++)
        ck_assert_uint_eq(GPOINTER_TO_UINT(g_thread_join(threads[i])), 200);
}
END_TEST

START_TEST(subjects_lose_only_the_marks_of_replies_and_forwards)
{
    static const struct {
        const char *subject, *bare;
    } cases[] = {
        { "征求意见", "征求意见" },
        { "回复：征求意见", "征求意见" },
        { "回复:征求意见", "征求意见" },
        { "Re: 回复： 答复:Fwd：征求意见", "征求意见" },
        { "RE：转发：征求意见", "征求意见" },
        { "回覆： 征求意见", "征求意见" },
        { "Re[2]: 征求意见", "征求意见" },
        { "回复[2]：征求意见", "征求意见" },
        { "Re (3): 征求意见", "征求意见" },
        { "　回复　：　征求意见", "征求意见" },
        { "Re:Re:Re:", "" },
        { "", "" },
        { "Report: x", "Report: x" },
        { "回复意见：第一条", "回复意见：第一条" },
        { "回复", "回复" },
        { "Re[x]: y", "Re[x]: y" },
        { "自动回复：征求意见", "自动回复：征求意见" },
        { "关于回复：征求意见", "关于回复：征求意见" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const char *bare = mail_subject_bare(cases[i].subject);
        ck_assert_str_eq(bare, cases[i].bare);
        ck_assert(bare >= cases[i].subject && bare <= cases[i].subject + strlen(cases[i].subject));
    }
}
END_TEST

START_TEST(every_kind_has_a_name)
{
    static const char *const names[] = { "own",        "bounce", "receipt", "recall",
                                         "auto_reply", "list",   "person" };
    for (int kind = MAIL_OWN; kind <= MAIL_PERSON; kind++)
        ck_assert_str_eq(mail_kind_text((enum mail_kind)kind), names[kind]);
}
END_TEST

TEST_MAIN("mail/read", a_missing_file_is_a_fault_of_the_world, no_bytes_are_an_empty_mail,
          the_text_of_a_small_text_attachment_is_kept,
          large_texts_are_cut_and_large_text_attachments_have_none,
          a_large_attachment_is_hashed_without_standing_in_memory, any_thread_may_read,
          subjects_lose_only_the_marks_of_replies_and_forwards, every_kind_has_a_name)
