/* transport: what SMTP and WeCom both want from libcurl, and its failures in plain Chinese. */
#include "channels/transport.h"
#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <string.h>

void channels_init(void)
{
    static gsize done = 0;
    if (!g_once_init_enter(&done))
        return;
    signal(SIGPIPE, SIG_IGN);
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        g_error("libcurl does not start");
    g_once_init_leave(&done, 1);
}

gboolean host_is_loopback(const char *host)
{
    struct in_addr four;
    if (inet_pton(AF_INET, host, &four) == 1)
        return ntohl(four.s_addr) >> 24 == 127;
    return g_ascii_strcasecmp(host, "localhost") == 0 || strcmp(host, "::1") == 0 ||
           strcmp(host, "[::1]") == 0;
}

CURL *transport_new(const char *ca_file, int timeout, char *words)
{
    CURL *curl = curl_easy_init();
    if (curl == NULL)
        g_error("out of memory");
    words[0] = '\0';
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, words);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
    /* An office's own CA stands alone: the system's would be read and trusted beside it. */
    if (ca_file != NULL && *ca_file != '\0') {
        curl_easy_setopt(curl, CURLOPT_CAINFO, ca_file);
        curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
    }
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)timeout);
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "localhost,127.0.0.1,::1");
    /* A resolver that does not answer is left behind; its thread ends by itself. */
    curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L);
    return curl;
}

static int on_progress(void *context, curl_off_t download, curl_off_t downloaded, curl_off_t upload,
                       curl_off_t uploaded)
{
    const struct transport_stop *stop = context;
    return stop->stop != NULL && g_atomic_int_get(stop->stop) != 0 && stop->may_stop(stop->context);
}

void transport_watch(CURL *curl, const struct transport_stop *stop)
{
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, (void *)stop);
}

gboolean transport_never_began(CURLcode result)
{
    switch (result) {
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_FAILED_INIT:
    case CURLE_URL_MALFORMAT:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_USE_SSL_FAILED:
    case CURLE_LOGIN_DENIED:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
        return TRUE;
    default:
        return FALSE;
    }
}

static const char *connect_words(CURL *curl)
{
    long errnum = 0;
    curl_easy_getinfo(curl, CURLINFO_OS_ERRNO, &errnum);
    return errnum == ECONNREFUSED ? "连接被拒绝" : "连不上";
}

static const char *cause_words(CURL *curl, CURLcode result, const char *words)
{
    switch (result) {
    case CURLE_COULDNT_RESOLVE_HOST:
        return "找不到主机";
    case CURLE_COULDNT_CONNECT:
        return connect_words(curl);
    case CURLE_OPERATION_TIMEDOUT:
        return "超时";
    case CURLE_PEER_FAILED_VERIFICATION:
        return strstr(words, "does not match") != NULL ? "证书与主机名不符" : "证书不可信";
    case CURLE_SSL_CACERT_BADFILE:
        return "读不到可信根证书";
    case CURLE_SSL_CONNECT_ERROR:
        return "建立加密连接失败";
    case CURLE_USE_SSL_FAILED:
        return "服务器不提供加密（STARTTLS）";
    case CURLE_LOGIN_DENIED:
        return "服务器拒绝登录，请核对用户名和密码（多数邮箱要用客户端授权码）";
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
        return "连接中断";
    case CURLE_READ_ERROR:
    case CURLE_ABORTED_BY_CALLBACK:
        return "要发的内容读不出来";
    case CURLE_WEIRD_SERVER_REPLY:
        return "服务器的回答不合规矩";
    default:
        return "发送失败";
    }
}

char *transport_cause(CURL *curl, CURLcode result, const char *words)
{
    g_autofree char *line = server_words(*words != '\0' ? words : curl_easy_strerror(result), -1);
    return g_strdup_printf("%s：%s", cause_words(curl, result, line), line);
}
