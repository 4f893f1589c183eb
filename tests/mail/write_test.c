/* What mail_write wrote, mail_read reads again; and what must not be written is refused. */
#include "mail/mail.h"
#include "test.h"
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

static const char *const two_units[] = { "jia@jyj.example", "yi@slj.example", NULL };

static struct draft plain_draft(void)
{
    mail_init();
    return (struct draft){
        .from_name = "全民科学素质工作领导小组办公室",
        .from_address = "bot@lxb.example",
        .to = two_units,
        .subject = "关于征求意见的函 [LL-3]",
        .text = "各成员单位：\n\n  请于6月21日前反馈。\n.\nFrom here on\n",
        .message_id = "abc-1@lxb.example",
        .date = 1560996000,
        .x_lianluo = "notice; matter=3; unit=jyj",
    };
}

/* The bytes that a draft becomes. */
static char *written(const struct draft *draft, gsize *n)
{
    g_autofree char *path = NULL;
    int fd = g_file_open_tmp("lianluo-XXXXXX", &path, NULL);
    GError *error = NULL;
    gboolean ok = mail_write(draft, fd, &error);
    ck_assert_msg(ok, "%s", error != NULL ? error->message : "");
    close(fd);
    char *bytes = NULL;
    ck_assert(g_file_get_contents(path, &bytes, n, NULL));
    g_unlink(path);
    return bytes;
}

/* What mail_attachment_write wrote. */
static char *streamed_attachment(const char *bytes, gsize n, guint position, gsize *size)
{
    FILE *file = tmpfile();
    GError *error = NULL;
    ck_assert(mail_attachment_write(bytes, n, position, fileno(file), &error));
    *size = (gsize)lseek(fileno(file), 0, SEEK_END);
    char *streamed = g_malloc(*size + 1);
    ck_assert_int_eq(pread(fileno(file), streamed, *size, 0), (gssize)*size);
    fclose(file);
    return streamed;
}

static const struct address *address_at(const GPtrArray *addresses, guint i)
{
    return addresses->pdata[i];
}

START_TEST(a_notice_is_read_as_it_was_written)
{
    struct draft draft = plain_draft();
    draft.in_reply_to = "p1@jyj.example";
    draft.references = "r1@jyj.example p1@jyj.example";
    gsize n;
    g_autofree char *bytes = written(&draft, &n);
    struct mail *mail = mail_read(bytes, n);
    ck_assert_str_eq(mail->subject, draft.subject);
    ck_assert_str_eq(mail->text, draft.text);
    ck_assert_str_eq(mail->message_id, draft.message_id);
    ck_assert_int_eq(mail->date, draft.date);
    ck_assert_str_eq(address_at(mail->from, 0)->name, draft.from_name);
    ck_assert_str_eq(address_at(mail->from, 0)->address, draft.from_address);
    ck_assert_uint_eq(mail->to->len, 2);
    ck_assert_str_eq(address_at(mail->to, 1)->address, two_units[1]);
    ck_assert_uint_eq(mail->references->len, 2);
    ck_assert_str_eq(mail->references->pdata[0], "p1@jyj.example");
    ck_assert_int_eq(mail->kind, MAIL_OWN);
    ck_assert_str_eq(mail->own_kind, "notice");
    ck_assert(!mail->answerable);
    mail_free(mail);
}
END_TEST

START_TEST(every_mail_of_ours_carries_the_marks_of_a_robot)
{
    static const struct {
        gboolean replied;
        const char *line;
    } cases[] = { { TRUE, "\r\nAuto-Submitted: auto-replied\r\n" },
                  { FALSE, "\r\nAuto-Submitted: auto-generated\r\n" },
                  { FALSE, "\r\nX-Auto-Response-Suppress: All\r\n" },
                  { FALSE, "\r\nX-Loop: lianluo\r\n" },
                  { FALSE, "\r\nX-Lianluo: notice; matter=3; unit=jyj\r\n" },
                  { FALSE, "\r\nMIME-Version: 1.0\r\n" } };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct draft draft = plain_draft();
        draft.auto_replied = cases[i].replied;
        g_autofree char *bytes = written(&draft, NULL);
        ck_assert_msg(strstr(bytes, cases[i].line) != NULL, "no %s", cases[i].line);
    }
}
END_TEST

static void check_lines(const char *bytes, gsize n)
{
    gboolean in_header = TRUE;
    for (gsize at = 0; at < n;) {
        const char *end = memchr(bytes + at, '\n', n - at);
        ck_assert_msg(end != NULL && end > bytes && end[-1] == '\r', "a line ends without CRLF");
        if (end == NULL)
            return;
        gsize length = (gsize)(end - bytes) - at - 1;
        ck_assert_uint_le(length, in_header ? 78 : 998);
        in_header = in_header && length > 0;
        for (gsize i = at; i < at + length; i++)
            ck_assert_msg((guchar)bytes[i] < 0x80 && bytes[i] != '\r', "byte %zu", i);
        at = (gsize)(end - bytes) + 1;
    }
}

START_TEST(subjects_of_any_kind_come_back)
{
    GString *emoji = g_string_new("😀");
    for (int i = 0; i < 199; i++)
        g_string_append(emoji, i % 7 == 0 ? "👍🏽" : "镕");
    GString *ascii = g_string_new("notice");
    for (int i = 0; i < 40; i++)
        g_string_append(ascii, " about science");
    const char *subjects[] = { emoji->str, ascii->str,  "",      "x",        "=?utf-8?B?eA==?=",
                               "a  b",     "中 文 a b", "\"q\"", "a=?b?=c d" };
    for (gsize i = 0; i < G_N_ELEMENTS(subjects); i++) {
        struct draft draft = plain_draft();
        draft.subject = subjects[i];
        gsize n;
        g_autofree char *bytes = written(&draft, &n);
        check_lines(bytes, n);
        struct mail *mail = mail_read(bytes, n);
        ck_assert_str_eq(mail->subject, subjects[i]);
        mail_free(mail);
    }
    g_string_free(emoji, TRUE);
    g_string_free(ascii, TRUE);
}
END_TEST

START_TEST(names_of_senders_come_back)
{
    static const char *const names[] = {
        "联络组", "A \"B\" C",   "a, b <c@d>",
        "",       "back\\slash", "很长很长很长很长很长很长很长很长很长很长很长很长很长的名字"
    };
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        struct draft draft = plain_draft();
        draft.from_name = names[i];
        gsize n;
        g_autofree char *bytes = written(&draft, &n);
        check_lines(bytes, n);
        struct mail *mail = mail_read(bytes, n);
        ck_assert_uint_eq(mail->from->len, 1);
        ck_assert_str_eq(address_at(mail->from, 0)->name, names[i]);
        ck_assert_str_eq(address_at(mail->from, 0)->address, draft.from_address);
        mail_free(mail);
    }
}
END_TEST

START_TEST(attachments_come_back_byte_for_byte_with_their_names)
{
    GString *name = g_string_new(NULL);
    for (int i = 0; i < 80; i++)
        g_string_append(name, "名");
    g_string_append(name, ".docx");
    char bytes_of[3000];
    for (gsize i = 0; i < sizeof bytes_of; i++)
        bytes_of[i] = (char)(i * 7);
    g_autoptr(GBytes) bytes = g_bytes_new_static(bytes_of, sizeof bytes_of);
    g_autoptr(GBytes) empty = g_bytes_new_static("", 0);
    const struct draft_attachment attachments[] = {
        { "关于《方案》的函（盖章版）.pdf", "application/pdf", bytes, NULL },
        { name->str, NULL, NULL, TEST_DATA "/mail/html_only.eml" },
        { "a b;\"c\".txt", "text/plain", bytes, NULL },
        { "来信.eml", "message/rfc822", bytes, NULL },
        { "空.txt", "text/plain", empty, NULL },
    };
    struct draft draft = plain_draft();
    draft.html = "<p>各成员单位：</p>";
    draft.attachments = attachments;
    draft.n_attachments = G_N_ELEMENTS(attachments);
    gsize n, file_n, n_streamed;
    g_autofree char *written_bytes = written(&draft, &n);
    g_autofree char *file = test_data("mail/html_only.eml", &file_n);
    struct mail *mail = mail_read(written_bytes, n);
    ck_assert_str_eq(mail->text, draft.text);
    ck_assert_uint_eq(mail->attachments->len, G_N_ELEMENTS(attachments));
    for (guint i = 0; i < mail->attachments->len; i++) {
        const struct attachment *found = mail->attachments->pdata[i];
        gsize size = attachments[i].bytes != NULL ? g_bytes_get_size(attachments[i].bytes) : file_n;
        const void *data =
            attachments[i].bytes != NULL ? g_bytes_get_data(attachments[i].bytes, NULL) : file;
        g_autofree char *hash = text_sha256(data != NULL ? data : "", size);
        ck_assert_str_eq(found->filename, attachments[i].filename);
        ck_assert_str_eq(found->sha256, hash);
        ck_assert_int_eq(found->size, (gint64)size);
        ck_assert(!found->is_inline);
        g_autoptr(GBytes) again = mail_attachment_bytes(written_bytes, n, i);
        ck_assert_ptr_nonnull(again);
        ck_assert_uint_eq(g_bytes_get_size(again), size);
        g_autofree char *streamed = streamed_attachment(written_bytes, n, i, &n_streamed);
        ck_assert_uint_eq(n_streamed, size);
        if (size > 0)
            ck_assert_mem_eq(streamed, data, size);
        if (size > 0)
            ck_assert_mem_eq(g_bytes_get_data(again, NULL), data, size);
    }
    guint none = G_N_ELEMENTS(attachments);
    ck_assert_ptr_null(mail_attachment_bytes(written_bytes, n, none));
    GError *error = NULL;
    ck_assert(!mail_attachment_write(written_bytes, n, none, 1, &error));
    ck_assert(g_error_matches(error, FAULT, FAULT_REFUSED));
    g_clear_error(&error);
    ck_assert_ptr_nonnull(strstr(written_bytes, "filename*"));
    ck_assert_ptr_nonnull(strstr(written_bytes, "name=\"=?UTF-8?"));
    mail_free(mail);
    g_string_free(name, TRUE);
}
END_TEST

static void set_from_name(struct draft *draft, const char *value)
{
    draft->from_name = value;
}

static void set_subject(struct draft *draft, const char *value)
{
    draft->subject = value;
}

static void set_message_id(struct draft *draft, const char *value)
{
    draft->message_id = value;
}

static void set_reply(struct draft *draft, const char *value)
{
    draft->in_reply_to = value;
}

static void set_references(struct draft *draft, const char *value)
{
    draft->references = value;
}

static void set_mark(struct draft *draft, const char *value)
{
    draft->x_lianluo = value;
}

static void set_from(struct draft *draft, const char *value)
{
    draft->from_address = value;
}

static void set_to(struct draft *draft, const char *value)
{
    static const char *to[2];
    to[0] = value;
    draft->to = to;
}

static void set_name(struct draft *draft, const char *value)
{
    static struct draft_attachment attachment;
    attachment = (struct draft_attachment){ .filename = value, .path = "/dev/null" };
    draft->attachments = &attachment;
    draft->n_attachments = 1;
}

static void set_type(struct draft *draft, const char *value)
{
    static struct draft_attachment attachment;
    attachment = (struct draft_attachment){ "a", value, NULL, "/dev/null" };
    draft->attachments = &attachment;
    draft->n_attachments = 1;
}

static void set_path(struct draft *draft, const char *value)
{
    static struct draft_attachment attachment;
    attachment = (struct draft_attachment){ .filename = "a", .path = value };
    draft->attachments = &attachment;
    draft->n_attachments = 1;
}

START_TEST(what_would_forge_a_header_is_refused)
{
    static const struct {
        void (*set)(struct draft *, const char *);
        const char *value;
        int code;
    } cases[] = {
        { set_from_name, "x\r\nBcc: a@b.example", FAULT_REFUSED },
        { set_subject, "x\nBcc: a@b.example", FAULT_REFUSED },
        { set_subject, "x\ry", FAULT_REFUSED },
        { set_message_id, "x@y\r\nBcc: a", FAULT_REFUSED },
        { set_message_id, "x y@z", FAULT_REFUSED },
        { set_message_id, "no-at", FAULT_REFUSED },
        { set_message_id, NULL, FAULT_REFUSED },
        { set_reply, "x@y\n", FAULT_REFUSED },
        { set_references, "x@y\r\n z@y", FAULT_REFUSED },
        { set_mark, "notice\nBcc: a", FAULT_REFUSED },
        { set_from, "not an address", FAULT_REFUSED },
        { set_from, "a@b.example\r\nBcc: c", FAULT_REFUSED },
        { set_from, "a@域.example", FAULT_REFUSED },
        { set_to, "a@b.example, c@d.example", FAULT_REFUSED },
        { set_to, "a@b.example>\r\nBcc: <c@d.example", FAULT_REFUSED },
        { set_to, NULL, FAULT_REFUSED },
        { set_name, "a\r\nContent-Type: text/html", FAULT_REFUSED },
        { set_type, "text/html\r\nX: y", FAULT_REFUSED },
        { set_type, "text", FAULT_REFUSED },
        { set_path, "/no/such/file", FAULT_WORLD },
        { set_path, "/", FAULT_WORLD },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct draft draft = plain_draft();
        cases[i].set(&draft, cases[i].value);
        GError *error = NULL;
        int fd = open("/dev/null", O_WRONLY);
        ck_assert_msg(!mail_write(&draft, fd, &error), "case %zu was written", i);
        ck_assert_msg(g_error_matches(error, FAULT, cases[i].code), "case %zu: %s", i,
                      error->message);
        ck_assert(g_utf8_validate(error->message, -1, NULL));
        g_clear_error(&error);
        close(fd);
    }
}
END_TEST

START_TEST(strange_ids_of_strangers_are_left_out)
{
    struct draft draft = plain_draft();
    GString *ids = g_string_new("bad\xff@x <b@x>");
    for (int i = 0; i < 40; i++)
        g_string_append_printf(ids, " r%d@x.example", i);
    draft.in_reply_to = "镕@x";
    draft.references = ids->str;
    gsize n;
    g_autofree char *bytes = written(&draft, &n);
    check_lines(bytes, n);
    struct mail *mail = mail_read(bytes, n);
    ck_assert_uint_eq(mail->references->len, 20);
    ck_assert_str_eq(mail->references->pdata[0], "r0@x.example");
    ck_assert_str_eq(mail->references->pdata[19], "r39@x.example");
    mail_free(mail);
    g_string_free(ids, TRUE);
}
END_TEST

START_TEST(a_full_disk_is_told)
{
    struct draft draft = plain_draft();
    int fd = open("/dev/full", O_WRONLY);
    GError *error = NULL;
    ck_assert(!mail_write(&draft, fd, &error));
    ck_assert(g_error_matches(error, FAULT, FAULT_WORLD));
    g_clear_error(&error);
    close(fd);
}
END_TEST

START_TEST(a_mail_can_be_written_into_a_pipe)
{
    struct draft draft = plain_draft();
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    ck_assert(mail_write(&draft, ends[1], NULL));
    close(ends[1]);
    char start[6] = "";
    ck_assert_int_eq(read(ends[0], start, 5), 5);
    ck_assert_str_eq(start, "Date:");
    close(ends[0]);
}
END_TEST

START_TEST(new_ids_differ_and_stand_at_the_senders_domain)
{
    g_autofree char *one = mail_new_id("bot@lxb.example");
    g_autofree char *two = mail_new_id("bot@lxb.example");
    g_autofree char *none = mail_new_id("nobody");
    ck_assert_str_ne(one, two);
    ck_assert(g_str_has_suffix(one, "@lxb.example"));
    ck_assert_ptr_nonnull(strchr(none, '@'));
    ck_assert_ptr_null(strpbrk(one, "<> "));
}
END_TEST

TEST_MAIN("mail/write", a_notice_is_read_as_it_was_written,
          every_mail_of_ours_carries_the_marks_of_a_robot, subjects_of_any_kind_come_back,
          names_of_senders_come_back, attachments_come_back_byte_for_byte_with_their_names,
          what_would_forge_a_header_is_refused, strange_ids_of_strangers_are_left_out,
          a_full_disk_is_told, a_mail_can_be_written_into_a_pipe,
          new_ids_differ_and_stand_at_the_senders_domain)
