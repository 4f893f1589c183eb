/* wecom_answer: what WeCom's answers, and the lack of one, mean for a push. */
#include "channels/robot.h"
#include <jansson.h>

static const struct {
    int errcode;
    enum outcome outcome;
    int retry_after;
} classes[] = {
    { 0, OUTCOME_SENT, 0 },
    { -1, OUTCOME_DEFERRED, WECOM_LATER },        /* system busy */
    { 45009, OUTCOME_DEFERRED, 65 },              /* over 20 a minute */
    { 45033, OUTCOME_DEFERRED, 30 },              /* too many at once */
    { 40001, OUTCOME_STOPPED, WECOM_MUCH_LATER }, /* bad credential */
    { 93000, OUTCOME_STOPPED, WECOM_MUCH_LATER }, /* no such robot */
    { 93004, OUTCOME_STOPPED, WECOM_MUCH_LATER }, /* robot disabled */
    { 93008, OUTCOME_STOPPED, WECOM_MUCH_LATER }, /* robot not in the group */
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

void wecom_judge_answer(const GString *answer, struct delivery *out)
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

void wecom_judge_status(long status, const GString *answer, struct delivery *out)
{
    char *reply = g_strdup_printf("HTTP %ld", status);
    if (status == 200)
        wecom_judge_answer(answer, out);
    else if (status == 429)
        delivery_set(out, OUTCOME_DEFERRED, 0, 65, g_steal_pointer(&reply));
    else if (status >= 500)
        delivery_set(out, OUTCOME_DEFERRED, 0, WECOM_LATER, g_steal_pointer(&reply));
    else if (status >= 300 && status < 400)
        delivery_set(out, OUTCOME_STOPPED, 0, WECOM_MUCH_LATER,
                     g_strdup_printf("HTTP %ld：服务器要转到别的地址，没有跟去", status));
    else
        delivery_set(out, OUTCOME_FAILED, 0, 0, g_steal_pointer(&reply));
    g_free(reply);
}

void wecom_judge_breakdown(CURL *curl, CURLcode result, const char *words, struct delivery *out)
{
    long sent = 0;
    curl_easy_getinfo(curl, CURLINFO_REQUEST_SIZE, &sent);
    char *cause = transport_cause(curl, result, words);
    gboolean lasting =
        result == CURLE_PEER_FAILED_VERIFICATION || result == CURLE_SSL_CACERT_BADFILE;
    if (sent > 0)
        delivery_set(out, OUTCOME_UNCERTAIN, 0, 0, cause);
    else
        delivery_set(out, OUTCOME_STOPPED, 0, lasting ? WECOM_MUCH_LATER : WECOM_LATER, cause);
}
