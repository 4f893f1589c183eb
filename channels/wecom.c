/* wecom: pushes to a WeCom group robot: a text, or a file that is uploaded first. Its URL is the
 * only credential: it enters libcurl and nothing else. A push has no identity on the other side, so
 * what broke off after it was sent is uncertain. */
#include "channels/robot.h"
#include <stdlib.h>
#include <string.h>

#define LONGEST_ANSWER 65536
#define BAD_MEDIA_ID 40007

/* ---- the URL */

static char *url_part(CURLU *url, CURLUPart part)
{
    char *value = NULL;
    if (curl_url_get(url, part, &value, 0) != CURLUE_OK)
        return NULL;
    char *copy = g_strdup(value);
    curl_free(value);
    return copy;
}

static char *key_of(const char *query)
{
    if (query == NULL)
        return NULL;
    g_auto(GStrv) pairs = g_strsplit(query, "&", -1);
    for (guint i = 0; pairs[i] != NULL; i++)
        if (g_str_has_prefix(pairs[i], "key=") && pairs[i][strlen("key=")] != '\0')
            return g_strdup(pairs[i] + strlen("key="));
    return NULL;
}

/* Why the URL cannot be used, without quoting it; NULL: it can. */
static const char *url_fault(const char *text, char **key)
{
    CURLU *url = curl_url();
    const char *fault = NULL;
    gboolean parsed = text != NULL && curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK;
    g_autofree char *scheme = parsed ? url_part(url, CURLUPART_SCHEME) : NULL;
    g_autofree char *host = parsed ? url_part(url, CURLUPART_HOST) : NULL;
    g_autofree char *query = parsed ? url_part(url, CURLUPART_QUERY) : NULL;
    curl_url_cleanup(url);
    *key = key_of(query);
    if (scheme == NULL || host == NULL)
        fault = "企业微信群机器人的地址不是完整的网址";
    else if (strcmp(scheme, "https") != 0 && strcmp(scheme, "http") != 0)
        fault = "企业微信群机器人的地址必须以 https:// 开头";
    else if (strcmp(scheme, "http") == 0 && !host_is_loopback(host))
        fault = "企业微信群机器人的地址必须以 https:// 开头";
    else if (*key == NULL && !host_is_loopback(host))
        fault = "企业微信群机器人的地址里没有 key=…，请从群机器人处重新复制";
    return fault;
}

/* What goes to people never holds the key, whoever says it. */
static char *redact(struct wecom *wecom, char *text)
{
    if (wecom->key == NULL || strstr(text, wecom->key) == NULL)
        return text;
    g_auto(GStrv) pieces = g_strsplit(text, wecom->key, -1);
    g_free(text);
    return g_strjoinv("***", pieces);
}

/* ---- calling */

static CURL *wecom_handle(struct wecom *wecom, const char *url, char *words)
{
    CURL *curl = transport_new(wecom->ca_file, wecom->timeout, words);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, 2L * wecom->timeout);
    return curl;
}

static size_t on_answer(char *bytes, size_t size, size_t n, void *context)
{
    GString *answer = context;
    gsize room = LONGEST_ANSWER - answer->len;
    g_string_append_len(answer, bytes, MIN(size * n, room));
    return size * n;
}

static gboolean may_stop(const void *context)
{
    long sent = 0;
    curl_easy_getinfo((CURL *)context, CURLINFO_REQUEST_SIZE, &sent);
    return sent == 0;
}

void wecom_call(struct wecom *wecom, const struct wecom_request *request, GString *answer,
                struct delivery *out)
{
    char words[CURL_ERROR_SIZE];
    CURL *curl = wecom_handle(wecom, request->url, words);
    struct curl_slist *headers = curl_slist_append(NULL, "Expect:");
    curl_mime *form = NULL;
    if (request->body != NULL) {
        headers = curl_slist_append(headers, "Content-Type: application/json");
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body);
    } else {
        form = request->form(curl, request->context);
        curl_easy_setopt(curl, CURLOPT_MIMEPOST, form);
    }
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, 2L * wecom->timeout + request->extra);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_answer);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
    const struct transport_stop stop = { request->stop, may_stop, curl };
    transport_watch(curl, &stop);
    CURLcode result = curl_easy_perform(curl);
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    if (result == CURLE_OK)
        wecom_judge_status(status, answer, out);
    else
        wecom_judge_breakdown(curl, result, words, out);
    out->reply = redact(wecom, out->reply);
    curl_mime_free(form);
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
}

/* ---- the sender */

static void post(struct wecom *wecom, char *body, const gint *stop, struct delivery *out)
{
    GString *answer = g_string_new(NULL);
    const struct wecom_request request = { .url = wecom->url, .body = body, .stop = stop };
    if (body == NULL)
        delivery_set(out, OUTCOME_FAILED, 0, 0, g_strdup("要推送的内容不是 UTF-8"));
    else
        wecom_call(wecom, &request, answer, out);
    free(body);
    g_string_free(answer, TRUE);
}

/* A media_id that the server does not know (yet) is made once more. */
static void push_file(struct wecom *wecom, const struct parcel *parcel, struct delivery *out)
{
    for (int i = 0; i < 2; i++) {
        g_autofree char *media = wecom_upload(wecom, parcel, out);
        if (media == NULL)
            return;
        post(wecom, wecom_file_json(media), parcel->stop, out);
        if (out->code != BAD_MEDIA_ID)
            return;
    }
}

static void wecom_send(struct sender *sender, const struct parcel *parcel, struct delivery *out)
{
    struct wecom *wecom = (struct wecom *)sender;
    delivery_init(out);
    char *fault = wecom->url != NULL ? wecom_parcel_fault(parcel) : NULL;
    if (wecom->url == NULL)
        delivery_set(out, OUTCOME_STOPPED, 0, WECOM_MUCH_LATER, g_strdup(wecom->fault));
    else if (fault != NULL)
        delivery_set(out, OUTCOME_FAILED, 0, 0, fault);
    else if (parcel->file_name != NULL)
        push_file(wecom, parcel, out);
    else
        post(wecom, wecom_text_json(parcel), parcel->stop, out);
}

static gboolean wecom_probe(struct sender *sender, GError **error)
{
    struct wecom *wecom = (struct wecom *)sender;
    if (wecom->url == NULL)
        return fault_set(error, FAULT_REFUSED, "%s", wecom->fault);
    char words[CURL_ERROR_SIZE];
    CURL *curl = wecom_handle(wecom, wecom->url, words);
    curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L);
    CURLcode result = curl_easy_perform(curl);
    if (result != CURLE_OK) {
        char *cause = redact(wecom, transport_cause(curl, result, words));
        fault_set(error, FAULT_WORLD, "连不上企业微信：%s", cause);
        g_free(cause);
    }
    curl_easy_cleanup(curl);
    return result == CURLE_OK;
}

static void wecom_close(struct sender *sender)
{
    struct wecom *wecom = (struct wecom *)sender;
    secret_free(wecom->url);
    secret_free(wecom->key);
    g_free(wecom->ca_file);
    g_free(wecom->fault);
    g_free(wecom);
}

struct sender *wecom_sender(const char *url, const char *ca_file, int timeout)
{
    struct wecom *wecom = g_new0(struct wecom, 1);
    wecom->sender = (struct sender){ "wecom", wecom_send, wecom_probe, wecom_close };
    wecom->fault = g_strdup(url_fault(url, &wecom->key));
    if (wecom->fault == NULL)
        wecom->url = g_strdup(url);
    wecom->ca_file = g_strdup(ca_file);
    wecom->timeout = timeout;
    return &wecom->sender;
}
