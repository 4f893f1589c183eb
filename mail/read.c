/* Reading a message: scan, header, parts, then the steps that decide what it is. */
#include "mail/private.h"
#include <errno.h>
#include <string.h>

#define MAX_BARE_CR (8 * 1024 * 1024)

static GMimeParserOptions *parser_options;
/* Held for good: while one converter is open, glibc does not unload its module. */
static GIConv kept_open[3];

void mail_init(void)
{
    static gsize once;
    if (!g_once_init_enter(&once))
        return;
    static const char *charsets[] = { "utf-8", "gb18030", "iso-8859-1", NULL };
    static const char *const modules[] = { "GB18030", "GBK", "BIG5" };
    g_mime_init();
    parser_options = g_mime_parser_options_new();
    g_mime_parser_options_set_fallback_charsets(parser_options, charsets);
    for (gsize i = 0; i < G_N_ELEMENTS(kept_open); i++)
        kept_open[i] = g_iconv_open("UTF-8", modules[i]);
    g_once_init_leave(&once, 1);
}

static void attachment_free(struct attachment *attachment)
{
    g_free(attachment->filename);
    g_free(attachment->content_type);
    g_free(attachment->sha256);
    g_free(attachment->text);
    json_decref(attachment->document);
    g_free(attachment);
}

static struct mail *mail_empty(void)
{
    struct mail *mail = g_new0(struct mail, 1);
    mail->subject = g_strdup("");
    mail->from = addresses_read(NULL);
    mail->to = addresses_read(NULL);
    mail->cc = addresses_read(NULL);
    mail->reply_to = addresses_read(NULL);
    mail->sender = addresses_read(NULL);
    mail->references = ids_read(NULL);
    mail->text = g_strdup("");
    mail->new_text = g_strdup("");
    mail->quoted_text = g_strdup("");
    mail->signature = g_strdup("");
    mail->attachments = g_ptr_array_new_with_free_func((GDestroyNotify)attachment_free);
    mail->links = json_array();
    mail->kind = MAIL_PERSON;
    mail->bounced = g_ptr_array_new_with_free_func((GDestroyNotify)bounced_free);
    mail->authentications = g_ptr_array_new_with_free_func(authentication_free);
    return mail;
}

void mail_free(struct mail *mail)
{
    if (mail == NULL)
        return;
    g_free(mail->message_id);
    g_free(mail->subject);
    GPtrArray *arrays[] = { mail->from,       mail->to,
                            mail->cc,         mail->reply_to,
                            mail->references, mail->attachments,
                            mail->bounced,    mail->authentications,
                            mail->sender };
    for (gsize i = 0; i < G_N_ELEMENTS(arrays); i++)
        g_ptr_array_unref(arrays[i]);
    g_free(mail->replaced_id);
    g_free(mail->return_path);
    g_free(mail->text);
    g_free(mail->new_text);
    g_free(mail->quoted_text);
    g_free(mail->signature);
    json_decref(mail->links);
    g_free(mail->bounced_id);
    g_free(mail->own_kind);
    g_free(mail->defect);
    g_free(mail);
}

static gint64 read_date(const char *raw)
{
    g_autoptr(GDateTime) date = raw != NULL ? g_mime_utils_header_decode_date(raw) : NULL;
    return date != NULL ? g_date_time_to_unix(date) : 0;
}

static void replace_addresses(GPtrArray **addresses, const char *raw)
{
    g_ptr_array_unref(*addresses);
    *addresses = addresses_read(raw);
}

static char *read_return_path(const char *raw)
{
    if (raw == NULL)
        return NULL;
    g_autofree char *text = words_line(raw);
    const char *open = strchr(text, '<');
    if (open == NULL)
        return g_strdup(text);
    g_autofree char *path = g_strndup(open + 1, strcspn(open + 1, ">"));
    return g_strdup(g_strstrip(path));
}

/* An id without its brackets; what has none is taken as it stands. */
static char *read_id(const char *raw)
{
    if (raw == NULL)
        return NULL;
    g_autoptr(GPtrArray) ids = ids_read(raw);
    if (ids->len > 0)
        return g_strdup(ids->pdata[0]);
    char *whole = words_line(raw);
    if (*whole == '\0')
        g_clear_pointer(&whole, g_free);
    return whole;
}

static void read_header(struct reading *reading)
{
    const GPtrArray *fields = reading->fields;
    struct mail *mail = reading->mail;
    const char *subject = fields_get(fields, "Subject");
    g_free(mail->subject);
    mail->subject = words_line(subject != NULL ? subject : "");
    mail->message_id = read_id(fields_get(fields, "Message-ID"));
    mail->date = read_date(fields_get(fields, "Date"));
    mail->return_path = read_return_path(fields_get(fields, "Return-Path"));
    replace_addresses(&mail->from, fields_get(fields, "From"));
    replace_addresses(&mail->to, fields_get(fields, "To"));
    replace_addresses(&mail->cc, fields_get(fields, "Cc"));
    replace_addresses(&mail->reply_to, fields_get(fields, "Reply-To"));
    replace_addresses(&mail->sender, fields_get(fields, "Sender"));
    mail->replaced_id = read_id(fields_get(fields, "X-OQ-MSGID"));
    ids_add(mail->references, fields_get(fields, "In-Reply-To"));
    ids_add(mail->references, fields_get(fields, "References"));
    authentications_read(reading);
}

/* GMime parses over the caller's bytes; view must outlive the message. */
static GMimeMessage *parse(const struct reading *reading, GByteArray *view)
{
    g_autoptr(GMimeStream) stream = stream_over(reading->bytes, reading->n, view);
    g_autoptr(GMimeParser) parser = g_mime_parser_new_with_stream(stream);
    return g_mime_parser_construct_message(parser, parser_options);
}

/* TRUE if all line ends are CR alone, as very old programs write them. */
static gboolean has_bare_cr(const char *bytes, gsize n)
{
    return n <= MAX_BARE_CR && memchr(bytes, '\r', n) != NULL && memchr(bytes, '\n', n) == NULL;
}

/* Why bytes must not be parsed; NULL: they may. */
static char *scan(const struct reading *reading, gboolean has_header)
{
    char *defect = scan_flood(reading->bytes, reading->n);
    if (defect == NULL && has_header)
        defect = scan_header(reading->bytes, reading->n);
    if (defect == NULL && has_header)
        defect = scan_parts(reading->bytes, reading->n);
    return defect;
}

/* Header and leaves of bytes that stay the caller's. FALSE with mail->defect. */
static gboolean reading_parse(struct reading *reading, GByteArray *view, const char *bytes, gsize n)
{
    struct mail *mail = reading->mail;
    gsize start = n > 0 ? fields_start(bytes, n) : 0;
    gboolean has_header = start < n;
    reading->bytes = has_header ? bytes + start : bytes;
    reading->n = has_header ? n - start : n;
    mail->defect =
        n > G_MAXINT32 ? g_strdup("邮件超过 2 GiB，没有解析") : scan(reading, has_header);
    reading->fields =
        fields_read(reading->bytes, has_header && !mail->defect ? reading->n : 0, &reading->body);
    if (mail->defect != NULL)
        return FALSE;
    if (has_header)
        reading->message = parse(reading, view);
    if (leaves_find(reading))
        return TRUE;
    mail->defect = g_strdup_printf("邮件有超过 %d 个部分，没有解析", MAX_PARTS);
    return FALSE;
}

static void reading_drop(struct reading *reading)
{
    g_clear_pointer(&reading->fields, g_ptr_array_unref);
    g_clear_pointer(&reading->leaves, g_ptr_array_unref);
    g_clear_object(&reading->message);
}

/* Opens the message for reading: its header and leaves, or those of what it holds in a signature.
 * FALSE with mail->defect: it must not be parsed. */
static gboolean reading_open(struct reading *reading, GByteArray *view, const char *bytes, gsize n)
{
    reading->mail = mail_empty();
    reading->html = g_string_new(NULL);
    reading->spans = g_array_new(FALSE, FALSE, sizeof(struct html_span));
    if (has_bare_cr(bytes, n)) {
        reading->owned = g_memdup2(bytes, n);
        for (gsize i = 0; i < n; i++)
            reading->owned[i] = bytes[i] == '\r' ? '\n' : bytes[i];
        bytes = reading->owned;
    }
    if (!reading_parse(reading, view, bytes, n))
        return FALSE;
    GByteArray *inside = opaque_opened(reading);
    if (inside == NULL)
        return TRUE;
    reading->opaque = TRUE;
    reading_drop(reading);
    g_free(reading->owned);
    n = inside->len;
    reading->owned = (char *)g_byte_array_free(inside, FALSE);
    return reading_parse(reading, view, reading->owned, n);
}

static void reading_close(struct reading *reading)
{
    reading_drop(reading);
    g_string_free(reading->html, TRUE);
    g_array_unref(reading->spans);
    g_free(reading->owned);
}

struct mail *mail_read(const void *bytes, gsize n)
{
    struct reading reading = { 0 };
    GByteArray view;
    if (reading_open(&reading, &view, bytes != NULL ? bytes : "", n)) {
        read_header(&reading);
        body_read(&reading);
        attachments_read(&reading);
        reading.mail->struck = html_strikes(reading.html->str);
        quote_split(&reading);
        protection_find(&reading);
        kind_decide(&reading);
        bounce_read(&reading);
        json_decref(reading.mail->links);
        reading.mail->links = links_find(reading.mail->text, reading.html->str);
    }
    reading_close(&reading);
    return reading.mail;
}

struct mail *mail_read_file(const char *path, GError **error)
{
    g_autoptr(GBytes) bytes = file_bytes(path, error);
    if (bytes == NULL)
        return NULL;
    return mail_read(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

/* The attachment at that position in a message that was opened; NULL if it has none. */
static const struct leaf *attachment_at(const struct reading *reading, guint position)
{
    guint at = 0;
    for (guint i = 0; reading->leaves != NULL && i < reading->leaves->len; i++) {
        const struct leaf *leaf = reading->leaves->pdata[i];
        if (leaf->role == LEAF_ATTACHED && at++ == position)
            return leaf;
    }
    return NULL;
}

GBytes *mail_attachment_bytes(const void *bytes, gsize n, guint position)
{
    struct reading reading = { 0 };
    GByteArray view;
    gboolean open = reading_open(&reading, &view, bytes != NULL ? bytes : "", n);
    const struct leaf *leaf = open ? attachment_at(&reading, position) : NULL;
    GBytes *found =
        leaf != NULL ? g_byte_array_free_to_bytes(content_head(&reading, leaf, G_MAXINT32)) : NULL;
    mail_free(reading.mail);
    reading_close(&reading);
    return found;
}

gboolean mail_attachment_write(const void *bytes, gsize n, guint position, int fd, GError **error)
{
    struct reading reading = { 0 };
    GByteArray view;
    gboolean open = reading_open(&reading, &view, bytes != NULL ? bytes : "", n);
    const struct leaf *leaf = open ? attachment_at(&reading, position) : NULL;
    gboolean ok = leaf != NULL;
    if (!ok)
        fault_set(error, FAULT_REFUSED, "邮件里没有第 %u 个附件", position + 1);
    else if (!content_write(&reading, leaf, fd))
        ok = fault_set(error, FAULT_WORLD, "写不出附件：%s", g_strerror(errno));
    mail_free(reading.mail);
    reading_close(&reading);
    return ok;
}
