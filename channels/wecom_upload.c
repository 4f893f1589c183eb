/* wecom_upload: brings a file to WeCom, which answers with the media_id that a push then names. */
#include "channels/robot.h"
#include <jansson.h>
#include <string.h>
#include <unistd.h>

#define SLOWEST (16 * 1024) /* bytes a second */

/* One file on its way; read with pread, so that its position does not matter. */
struct upload {
    int fd;
    const char *name;
    curl_off_t at, size;
};

/* A file that got shorter meanwhile is not sent. */
static size_t upload_read(char *buffer, size_t size, size_t n, void *context)
{
    struct upload *upload = context;
    size_t wanted = (size_t)MIN((curl_off_t)(size * n), upload->size - upload->at);
    ssize_t r = pread(upload->fd, buffer, wanted, upload->at);
    if (r < 0 || (r == 0 && wanted > 0))
        return CURL_READFUNC_ABORT;
    upload->at += r;
    return (size_t)r;
}

static int upload_seek(void *context, curl_off_t offset, int origin)
{
    struct upload *upload = context;
    if (origin != SEEK_SET || offset < 0 || offset > upload->size)
        return CURL_SEEKFUNC_FAIL;
    upload->at = offset;
    return CURL_SEEKFUNC_OK;
}

/* The name goes out as it is, in UTF-8: WeCom does not know RFC 2231 (filename*=). */
static curl_mime *upload_form(CURL *curl, void *context)
{
    struct upload *upload = context;
    curl_mime *form = curl_mime_init(curl);
    curl_mimepart *part = form != NULL ? curl_mime_addpart(form) : NULL;
    if (part == NULL || curl_mime_name(part, "media") != CURLE_OK ||
        curl_mime_filename(part, upload->name) != CURLE_OK ||
        curl_mime_type(part, "application/octet-stream") != CURLE_OK ||
        curl_mime_data_cb(part, upload->size, upload_read, upload_seek, NULL, upload) != CURLE_OK)
        g_error("out of memory");
    return form;
}

/* The robot's other address: …/send?key=K has its files at …/upload_media?key=K&type=file. */
static char *upload_url(const char *url)
{
    gsize path = strcspn(url, "?#"), send = strlen("/send");
    if (path < send || strncmp(url + path - send, "/send", send) != 0)
        return NULL;
    const char *query = url[path] == '?' ? url + path + 1 : "";
    return g_strdup_printf("%.*s/upload_media?%.*s%stype=file", (int)(path - send), url,
                           (int)strcspn(query, "#"), query, *query != '\0' ? "&" : "");
}

static char *media_id_of(const GString *answer)
{
    json_t *json = json_loadb(answer->str, answer->len, 0, NULL);
    char *id = g_strdup(json_string_value(json_object_get(json, "media_id")));
    json_decref(json);
    return id;
}

/* What happens to an upload nobody sees: it may be tried again. */
static char *settle(const GString *answer, struct delivery *out)
{
    char *id = out->outcome == OUTCOME_SENT ? media_id_of(answer) : NULL;
    if (id != NULL)
        return id;
    if (out->outcome == OUTCOME_SENT)
        delivery_set(out, OUTCOME_DEFERRED, 0, WECOM_LATER,
                     g_strdup("企业微信收下了文件，却没有给出 media_id"));
    if (out->outcome == OUTCOME_UNCERTAIN) {
        out->outcome = OUTCOME_DEFERRED;
        out->retry_after = WECOM_LATER;
    }
    char *reply = g_strdup_printf("上传文件：%s", out->reply);
    g_free(out->reply);
    out->reply = reply;
    return NULL;
}

/* A quote would end the name early. */
static char *shown_name(const char *name)
{
    char *shown = text_filename(name);
    return g_strdelimit(shown, "\"", '_');
}

char *wecom_upload(struct wecom *wecom, const struct parcel *parcel, struct delivery *out)
{
    g_autofree char *shown = shown_name(parcel->file_name);
    struct upload upload = { .fd = parcel->fd,
                             .name = shown,
                             .size = lseek(parcel->fd, 0, SEEK_END) };
    struct wecom_request request = { .url = upload_url(wecom->url),
                                     .form = upload_form,
                                     .context = &upload,
                                     .extra = upload.size / SLOWEST,
                                     .stop = parcel->stop };
    if (request.url == NULL) {
        delivery_set(out, OUTCOME_FAILED, 0, 0,
                     g_strdup("企业微信群机器人的地址不以 /send 结尾，不知道往哪里传文件"));
        return NULL;
    }
    GString *answer = g_string_new(NULL);
    wecom_call(wecom, &request, answer, out);
    secret_free(request.url);
    char *id = settle(answer, out);
    g_string_free(answer, TRUE);
    return id;
}
