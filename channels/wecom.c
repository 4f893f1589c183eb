/* wecom: pushes a text to a WeCom group robot. Its URL is the only credential: it enters libcurl
 * and nothing else. A push has no identity on the other side, so what broke off after it was sent
 * is uncertain. */
#include "channels/private.h"
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST_TEXT 4096
#define LONGEST_ANSWER 65536
#define LATER 60
#define MUCH_LATER 3600

struct wecom {
    struct sender sender;
    char *url; /* NULL: it is no usable URL, and fault says why */
    char *fault;
    char *key; /* NULL: the URL has none */
    char *ca_file;
    int timeout;
};

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

/* ---- sending */

static CURL *wecom_handle(struct wecom *wecom, char *words)
{
    CURL *curl = transport_new(wecom->ca_file, wecom->timeout, words);
    curl_easy_setopt(curl, CURLOPT_URL, wecom->url);
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

static char *message_json(const char *markdown)
{
    json_t *json =
        json_pack("{s:s,s:{s:s}}", "msgtype", "markdown", "markdown", "content", markdown);
    char *text = json != NULL ? json_dumps(json, JSON_COMPACT) : NULL;
    json_decref(json);
    return text;
}

static const struct {
    int errcode;
    enum outcome outcome;
    int retry_after;
} classes[] = {
    { 0, OUTCOME_SENT, 0 },
    { -1, OUTCOME_DEFERRED, LATER },        /* system busy */
    { 45009, OUTCOME_DEFERRED, 65 },        /* over 20 a minute */
    { 45033, OUTCOME_DEFERRED, 30 },        /* too many at once */
    { 40001, OUTCOME_STOPPED, MUCH_LATER }, /* bad credential */
    { 93000, OUTCOME_STOPPED, MUCH_LATER }, /* no such robot */
    { 93004, OUTCOME_STOPPED, MUCH_LATER }, /* robot disabled */
    { 93008, OUTCOME_STOPPED, MUCH_LATER }, /* robot not in the group */
};

static void judge_errcode(int errcode, const char *errmsg, struct delivery *out)
{
    g_autofree char *words = server_words(errmsg, -1);
    char *reply = g_strdup_printf("errcode %d：%s", errcode, words);
    for (guint i = 0; i < G_N_ELEMENTS(classes); i++)
        if (classes[i].errcode == errcode) {
            delivery_set(out, classes[i].outcome, errcode, classes[i].retry_after, reply);
            return;
        }
    delivery_set(out, OUTCOME_FAILED, errcode, 0, reply);
}

static void judge_answer(const GString *answer, struct delivery *out)
{
    json_t *json = json_loadb(answer->str, answer->len, 0, NULL);
    json_t *errcode = json_object_get(json, "errcode");
    const char *errmsg = json_string_value(json_object_get(json, "errmsg"));
    if (json_is_integer(errcode))
        judge_errcode((int)CLAMP(json_integer_value(errcode), G_MININT, G_MAXINT), errmsg, out);
    else
        delivery_set(out, OUTCOME_UNCERTAIN, 0, 0,
                     g_strdup("服务器收下了请求，但回答不是企业微信的格式，不知发出与否"));
    json_decref(json);
}

static void judge_status(long status, const GString *answer, struct delivery *out)
{
    char *reply = g_strdup_printf("HTTP %ld", status);
    if (status == 200)
        judge_answer(answer, out);
    else if (status == 429)
        delivery_set(out, OUTCOME_DEFERRED, 0, 65, g_steal_pointer(&reply));
    else if (status >= 500)
        delivery_set(out, OUTCOME_DEFERRED, 0, LATER, g_steal_pointer(&reply));
    else if (status >= 300 && status < 400)
        delivery_set(out, OUTCOME_STOPPED, 0, MUCH_LATER,
                     g_strdup_printf("HTTP %ld：服务器要转到别的地址，没有跟去", status));
    else
        delivery_set(out, OUTCOME_FAILED, 0, 0, g_steal_pointer(&reply));
    g_free(reply);
}

static void judge_breakdown(CURL *curl, CURLcode result, const char *words, struct delivery *out)
{
    long sent = 0;
    curl_easy_getinfo(curl, CURLINFO_REQUEST_SIZE, &sent);
    char *cause = transport_cause(curl, result, words);
    gboolean lasting =
        result == CURLE_PEER_FAILED_VERIFICATION || result == CURLE_SSL_CACERT_BADFILE;
    if (sent > 0)
        delivery_set(out, OUTCOME_UNCERTAIN, 0, 0, cause);
    else
        delivery_set(out, OUTCOME_STOPPED, 0, lasting ? MUCH_LATER : LATER, cause);
}

static void wecom_post(struct wecom *wecom, const char *body, struct delivery *out)
{
    char words[CURL_ERROR_SIZE];
    CURL *curl = wecom_handle(wecom, words);
    GString *answer = g_string_new(NULL);
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
    headers = curl_slist_append(headers, "Expect:");
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_answer);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
    CURLcode result = curl_easy_perform(curl);
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    if (result == CURLE_OK)
        judge_status(status, answer, out);
    else
        judge_breakdown(curl, result, words, out);
    out->reply = redact(wecom, out->reply);
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    g_string_free(answer, TRUE);
}

static void wecom_send(struct sender *sender, const struct parcel *parcel, struct delivery *out)
{
    struct wecom *wecom = (struct wecom *)sender;
    delivery_init(out);
    if (wecom->url == NULL) {
        delivery_set(out, OUTCOME_STOPPED, 0, MUCH_LATER, g_strdup(wecom->fault));
        return;
    }
    const char *text = parcel->markdown;
    if (text == NULL || *text == '\0' || strlen(text) > LONGEST_TEXT) {
        delivery_set(out, OUTCOME_FAILED, 0, 0,
                     g_strdup_printf("要推送的内容为空或超过 %d 字节", LONGEST_TEXT));
        return;
    }
    char *body = message_json(text);
    if (body == NULL)
        delivery_set(out, OUTCOME_FAILED, 0, 0, g_strdup("要推送的内容不是 UTF-8"));
    else
        wecom_post(wecom, body, out);
    free(body);
}

static gboolean wecom_probe(struct sender *sender, GError **error)
{
    struct wecom *wecom = (struct wecom *)sender;
    if (wecom->url == NULL)
        return fault_set(error, FAULT_REFUSED, "%s", wecom->fault);
    char words[CURL_ERROR_SIZE];
    CURL *curl = wecom_handle(wecom, words);
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
