/* The parts of a message to write: text and HTML, and attachments that are only streamed. */
#include "mail/private.h"
#include <fcntl.h>
#include <string.h>

static char *with_crlf(const char *text)
{
    GString *lines = g_string_new(NULL);
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '\n' && (p == text || p[-1] != '\r'))
            g_string_append_c(lines, '\r');
        g_string_append_c(lines, *p);
    }
    return g_string_free(lines, FALSE);
}

static GMimeObject *text_part(const char *subtype, const char *text)
{
    g_autofree char *valid = text_clean(text, -1);
    g_autofree char *lines = with_crlf(valid);
    GMimePart *part = g_mime_part_new_with_type("text", subtype);
    g_autoptr(GMimeStream) stream = g_mime_stream_mem_new_with_buffer(lines, strlen(lines));
    g_autoptr(GMimeDataWrapper) content =
        g_mime_data_wrapper_new_with_stream(stream, GMIME_CONTENT_ENCODING_DEFAULT);
    g_mime_object_set_content_type_parameter(GMIME_OBJECT(part), "charset", "utf-8");
    g_mime_part_set_content(part, content);
    g_mime_part_set_content_encoding(part, GMIME_CONTENT_ENCODING_BASE64);
    return GMIME_OBJECT(part);
}

static GMimeObject *body_part(const struct draft *draft)
{
    GMimeObject *plain = text_part("plain", draft->text != NULL ? draft->text : "");
    if (draft->html == NULL)
        return plain;
    GMimeMultipart *both = g_mime_multipart_new_with_subtype("alternative");
    GMimeObject *html = text_part("html", draft->html);
    g_mime_multipart_add(both, plain);
    g_mime_multipart_add(both, html);
    g_object_unref(plain);
    g_object_unref(html);
    return GMIME_OBJECT(both);
}

/* The bytes of an attachment as a stream over a file or over the GBytes themselves; view keeps
 * what the stream looks at. */
static GMimeStream *attachment_stream(const struct draft_attachment *attachment, GByteArray *view,
                                      GError **error)
{
    if (attachment->bytes != NULL) {
        gsize n;
        const void *bytes = g_bytes_get_data(attachment->bytes, &n);
        return stream_over(bytes, n, view);
    }
    int fd = attachment->path != NULL ? open(attachment->path, O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0) {
        fault_set(error, FAULT_WORLD, "打不开附件 %s：%s",
                  attachment->path != NULL ? attachment->path : "（没有路径）", g_strerror(errno));
        return NULL;
    }
    return g_mime_stream_fs_new(fd);
}

/* Messages and multiparts may not be base64, so they travel as plain bytes. */
static const char *type_to_send(const char *type)
{
    if (type == NULL || g_ascii_strncasecmp(type, "message/", 8) == 0 ||
        g_ascii_strncasecmp(type, "multipart/", 10) == 0)
        return "application/octet-stream";
    return type;
}

/* QQ mail reads the RFC 2047 name of Content-Type, Outlook the RFC 2231 one of the disposition. */
static void set_names(GMimeObject *part, const char *filename)
{
    g_autofree char *safe = text_filename(filename != NULL ? filename : "");
    GMimeContentDisposition *disposition = g_mime_content_disposition_new();
    g_mime_content_disposition_set_disposition(disposition, "attachment");
    g_mime_content_disposition_set_parameter(disposition, "filename", safe);
    GMimeParam *param = g_mime_param_list_get_parameter(
        g_mime_content_disposition_get_parameters(disposition), "filename");
    g_mime_param_set_charset(param, "utf-8");
    g_mime_param_set_encoding_method(param, GMIME_PARAM_ENCODING_METHOD_RFC2231);
    g_mime_object_set_content_disposition(part, disposition);
    g_object_unref(disposition);
    g_mime_object_set_content_type_parameter(part, "name", safe);
    GMimeContentType *type = g_mime_object_get_content_type(part);
    param = g_mime_param_list_get_parameter(g_mime_content_type_get_parameters(type), "name");
    g_mime_param_set_charset(param, "utf-8");
    g_mime_param_set_encoding_method(param, GMIME_PARAM_ENCODING_METHOD_RFC2047);
}

static GMimeObject *attachment_part(const struct draft_attachment *attachment, GByteArray *view,
                                    GError **error)
{
    g_autoptr(GMimeStream) stream = attachment_stream(attachment, view, error);
    if (stream == NULL)
        return NULL;
    g_auto(GStrv) type = g_strsplit(type_to_send(attachment->content_type), "/", 2);
    GMimePart *part = g_mime_part_new_with_type(type[0], type[1]);
    g_autoptr(GMimeDataWrapper) content =
        g_mime_data_wrapper_new_with_stream(stream, GMIME_CONTENT_ENCODING_DEFAULT);
    g_mime_part_set_content(part, content);
    g_mime_part_set_content_encoding(part, GMIME_CONTENT_ENCODING_BASE64);
    set_names(GMIME_OBJECT(part), attachment->filename);
    return GMIME_OBJECT(part);
}

GMimeObject *draft_content(const struct draft *draft, GByteArray *views, GError **error)
{
    GMimeObject *body = body_part(draft);
    if (draft->n_attachments == 0)
        return body;
    GMimeMultipart *mixed = g_mime_multipart_new_with_subtype("mixed");
    g_mime_multipart_add(mixed, body);
    g_object_unref(body);
    for (guint i = 0; i < draft->n_attachments; i++) {
        GMimeObject *part = attachment_part(&draft->attachments[i], &views[i], error);
        if (part == NULL) {
            g_object_unref(mixed);
            return NULL;
        }
        g_mime_multipart_add(mixed, part);
        g_object_unref(part);
    }
    return GMIME_OBJECT(mixed);
}
