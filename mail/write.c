/* Writing a message: the header line by line, each within 78 columns, then the parts by GMime. */
#include "mail/private.h"
#include <string.h>

#define MAX_COLUMNS 76    /* of a line with an encoded word */
#define WORD_MARKS 12     /* "=?UTF-8?B?" and its end */
#define MAX_ASCII 60      /* longer values are split into encoded words */
#define MAX_REFERENCES 20 /* first and last ones are kept; relays refuse long headers */

static gboolean is_simple(const char *text)
{
    gsize n = strlen(text);
    for (const char *p = text; *p != '\0'; p++) {
        if ((guchar)*p < ' ' || (guchar)*p >= 0x7F)
            return FALSE;
    }
    return n <= MAX_ASCII && strstr(text, "=?") == NULL &&
           (n == 0 || (*text != ' ' && text[n - 1] != ' '));
}

static gsize columns_left(const GString *header)
{
    const char *newline = strrchr(header->str, '\n');
    gsize used = newline != NULL ? strlen(newline + 1) : header->len;
    return MAX_COLUMNS - MIN(used, MAX_COLUMNS / 2);
}

/* Text as encoded words, one a line, never cut inside a character. */
static void append_words(GString *header, const char *text)
{
    for (const char *p = text; *p != '\0';) {
        if (p != text)
            g_string_append(header, "\r\n ");
        gsize room = (columns_left(header) - WORD_MARKS) / 4 * 3;
        const char *end = p;
        while (*end != '\0' && (gsize)(g_utf8_next_char(end) - p) <= room)
            end = g_utf8_next_char(end);
        g_autofree char *code = g_base64_encode((const guchar *)p, (gsize)(end - p));
        g_string_append_printf(header, "=?UTF-8?B?%s?=", code);
        p = end;
    }
}

static void append_text(GString *header, const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    if (is_simple(valid))
        g_string_append(header, valid);
    else
        append_words(header, valid);
}

static void append_from(GString *header, const char *name, const char *address)
{
    g_string_append(header, "From: ");
    if (name != NULL && is_simple(name) && strpbrk(name, "\"\\") == NULL)
        g_string_append_printf(header, *name != '\0' ? "\"%s\" " : "%s", name);
    else if (name != NULL) {
        g_autofree char *valid = g_utf8_make_valid(name, -1);
        append_words(header, valid);
        g_string_append(header, "\r\n ");
    }
    g_string_append_printf(header, "<%s>\r\n", address);
}

static void append_to(GString *header, const char *const *to)
{
    g_string_append(header, "To: ");
    for (guint i = 0; to[i] != NULL; i++)
        g_string_append_printf(header, "%s<%s>", i == 0 ? "" : ",\r\n ", to[i]);
    g_string_append(header, "\r\n");
}

/* The ids that may go into a header: strangers' ids can be anything, and an answer must not fail
 * for that. */
static void append_ids(GString *header, const char *name, const char *ids)
{
    g_auto(GStrv) words = g_strsplit_set(ids != NULL ? ids : "", " \t", -1);
    g_autoptr(GPtrArray) good = g_ptr_array_new();
    for (char **word = words; *word != NULL; word++) {
        if (id_is_plain(*word))
            g_ptr_array_add(good, *word);
    }
    for (guint i = 0; i < good->len; i++) {
        if (good->len > MAX_REFERENCES && i >= MAX_REFERENCES / 2 &&
            i < good->len - MAX_REFERENCES / 2)
            continue;
        g_string_append_printf(header, "%s%s<%s>", i == 0 ? name : "\r\n", i == 0 ? ": " : " ",
                               (char *)good->pdata[i]);
    }
    if (good->len > 0)
        g_string_append(header, "\r\n");
}

static void append_line(GString *header, const char *name, const char *value)
{
    g_string_append_printf(header, "%s: ", name);
    append_text(header, value);
    g_string_append(header, "\r\n");
}

static char *header_lines(const struct draft *draft)
{
    GString *header = g_string_new(NULL);
    g_autoptr(GDateTime) instant = g_date_time_new_from_unix_utc(draft->date);
    g_autofree char *date = g_mime_utils_header_format_date(instant);
    append_line(header, "Date", date);
    append_from(header, draft->from_name, draft->from_address);
    append_to(header, draft->to);
    append_line(header, "Subject", draft->subject != NULL ? draft->subject : "");
    append_ids(header, "Message-ID", draft->message_id);
    append_ids(header, "In-Reply-To", draft->in_reply_to);
    append_ids(header, "References", draft->references);
    append_line(header, "Auto-Submitted", draft->auto_replied ? "auto-replied" : "auto-generated");
    append_line(header, "X-Auto-Response-Suppress", "All");
    append_line(header, "X-Loop", "lianluo");
    if (draft->x_lianluo != NULL)
        append_line(header, "X-Lianluo", draft->x_lianluo);
    append_line(header, "MIME-Version", "1.0");
    return g_string_free(header, FALSE);
}

static gboolean write_out(const char *header, GMimeObject *content, int fd, GError **error)
{
    g_autoptr(GMimeStream) pipe = g_mime_stream_pipe_new(fd);
    g_mime_stream_pipe_set_owner(GMIME_STREAM_PIPE(pipe), FALSE);
    g_autoptr(GMimeStream) buffer = g_mime_stream_buffer_new(pipe, GMIME_STREAM_BUFFER_BLOCK_WRITE);
    GMimeFormatOptions *format = g_mime_format_options_new();
    g_mime_format_options_set_newline_format(format, GMIME_NEWLINE_FORMAT_DOS);
    errno = 0;
    gboolean ok = g_mime_stream_write_string(buffer, header) >= 0 &&
                  g_mime_object_write_to_stream(content, format, buffer) >= 0 &&
                  g_mime_stream_flush(buffer) == 0;
    int why = errno;
    g_mime_format_options_free(format);
    return ok || fault_set(error, FAULT_WORLD, "写不出邮件：%s", g_strerror(why));
}

gboolean mail_write(const struct draft *draft, int fd, GError **error)
{
    if (!draft_check(draft, error))
        return FALSE;
    g_autofree GByteArray *views = g_new0(GByteArray, draft->n_attachments + 1);
    g_autofree char *header = header_lines(draft);
    GMimeObject *content = draft_content(draft, views, error);
    if (content == NULL)
        return FALSE;
    gboolean written = write_out(header, content, fd, error);
    g_object_unref(content);
    return written;
}

char *mail_new_id(const char *address)
{
    const char *at = address != NULL ? strrchr(address, '@') : NULL;
    const char *domain = at != NULL && at[1] != '\0' ? at + 1 : "lianluo.invalid";
    /* Whoever answers one is known by it: it must not be guessed from others. */
    g_autofree char *upper = onetime_random(26);
    g_autofree char *random = g_ascii_strdown(upper, -1);
    return g_strdup_printf("%s@%s", random, id_is_plain(domain) ? domain : "lianluo.invalid");
}
