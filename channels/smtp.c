/* smtp: sends mail through libcurl over one connection for a run of mails. libcurl tells neither
 * which recipient was refused nor how far a broken mail had come, so the dialogue is followed by
 * its debug callback. */
#include "channels/transport.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SLOWEST (16 * 1024) /* bytes a second that the line must at least carry */
#define LATER 300           /* seconds, after a failure of the line */
#define MUCH_LATER 3600     /* after one that a person must mend */

struct smtp {
    struct sender sender;
    const struct account *account;
    CURL *curl; /* NULL: next mail connects */
    char words[CURL_ERROR_SIZE];
    struct dialogue dialogue;
};

static size_t on_read(char *buffer, size_t size, size_t n, void *context)
{
    struct dialogue *dialogue = context;
    ssize_t r;
    do
        r = pread(dialogue->fd, buffer, size * n, dialogue->read);
    while (r < 0 && errno == EINTR);
    if (r < 0)
        return CURL_READFUNC_ABORT;
    dialogue->read += r;
    /* It knows the size: it need not ask once more to see the end. */
    dialogue->whole = r == 0 || dialogue->read >= dialogue->size;
    return r;
}

/* libcurl wants to print what does not concern us. */
static size_t on_nothing(char *bytes, size_t size, size_t n, void *context)
{
    return size * n;
}

/* ---- the handle */

static void smtp_disconnect(struct smtp *smtp)
{
    if (smtp->curl != NULL)
        curl_easy_cleanup(smtp->curl);
    smtp->curl = NULL;
}

static void set_login(struct smtp *smtp)
{
    const struct account *account = smtp->account;
    if (account->user == NULL || *account->user == '\0')
        return;
    curl_easy_setopt(smtp->curl, CURLOPT_USERNAME, account->user);
    curl_easy_setopt(smtp->curl, CURLOPT_PASSWORD, account->password);
}

/* The path is the name we give in EHLO; the machine's own name is nobody's business. */
static void smtp_connect(struct smtp *smtp)
{
    const struct account *account = smtp->account;
    gboolean bare_six = strchr(account->host, ':') != NULL;
    g_autofree char *url = g_strdup_printf(
        "%s://%s%s%s:%d/localhost", account->security == SECURITY_TLS ? "smtps" : "smtp",
        bare_six ? "[" : "", account->host, bare_six ? "]" : "", account->port);
    if (smtp->curl != NULL)
        return;
    smtp->curl = transport_new(account->ca_file, account->timeout, smtp->words);
    curl_easy_setopt(smtp->curl, CURLOPT_URL, url);
    curl_easy_setopt(smtp->curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(smtp->curl, CURLOPT_PROXY, "");
    curl_easy_setopt(smtp->curl, CURLOPT_USE_SSL,
                     (long)(account->security == SECURITY_NONE ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    curl_easy_setopt(smtp->curl, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)account->timeout);
    curl_easy_setopt(smtp->curl, CURLOPT_VERBOSE, 1L);
    curl_easy_setopt(smtp->curl, CURLOPT_DEBUGFUNCTION, dialogue_follow);
    curl_easy_setopt(smtp->curl, CURLOPT_DEBUGDATA, &smtp->dialogue);
    curl_easy_setopt(smtp->curl, CURLOPT_WRITEFUNCTION, on_nothing);
    set_login(smtp);
}

/* ---- what came of it */

static gboolean was_refused(CURLcode result, const struct dialogue *dialogue)
{
    return dialogue->answered && dialogue->code >= 400 &&
           (result == CURLE_SEND_ERROR || result == CURLE_WEIRD_SERVER_REPLY ||
            result == CURLE_RECV_ERROR || result == CURLE_LOGIN_DENIED);
}

/* After anything else libcurl would take a late reply for the next mail's. */
static gboolean may_keep(CURLcode result, const struct dialogue *dialogue)
{
    return result == CURLE_OK ||
           ((result == CURLE_SEND_ERROR || result == CURLE_WEIRD_SERVER_REPLY) &&
            dialogue->code >= 400 && dialogue->code != 421);
}

static void list_refused(const struct dialogue *dialogue, const char *const *to,
                         struct delivery *out)
{
    for (guint i = 0; i < dialogue->answers->len && to[i] != NULL; i++) {
        const struct rcpt_answer *answer = &g_array_index(dialogue->answers, struct rcpt_answer, i);
        if (answer->code >= 400)
            delivery_refuse(out, to[i], answer->code, answer->reply);
    }
}

/* Where no recipient at all was taken, what may go later makes the whole mail go later. */
static struct smtp_class refusal_class(const struct dialogue *dialogue, const struct delivery *out)
{
    struct smtp_class class = smtp_classify(dialogue->code, dialogue->reply);
    gboolean nobody = out->refused->len == dialogue->answers->len;
    for (guint i = 0; nobody && i < out->refused->len; i++) {
        const struct recipient_result *result = g_ptr_array_index(out->refused, i);
        struct smtp_class one = smtp_classify(result->code, result->reply);
        if (one.outcome == OUTCOME_STOPPED ||
            (one.outcome == OUTCOME_DEFERRED && class.outcome == OUTCOME_FAILED))
            class = one;
    }
    return class;
}

static void judge_refusal(const struct dialogue *dialogue, struct delivery *out)
{
    struct smtp_class class = refusal_class(dialogue, out);
    if (dialogue->stage == STAGE_GREETING) { /* not this mail, but we are not welcome */
        class.outcome = OUTCOME_STOPPED;
        class.retry_after = MAX(class.retry_after, LATER);
    }
    delivery_set(out, class.outcome, dialogue->code, class.retry_after, g_strdup(dialogue->reply));
}

static void judge_breakdown(struct smtp *smtp, CURLcode result, struct delivery *out)
{
    const struct dialogue *dialogue = &smtp->dialogue;
    g_autofree char *cause = transport_cause(smtp->curl, result, smtp->words);
    char *reply = g_strdup_printf("%s:%d %s", smtp->account->host, smtp->account->port, cause);
    gboolean local = result == CURLE_READ_ERROR || result == CURLE_ABORTED_BY_CALLBACK;
    if (dialogue->stage == STAGE_BODY && dialogue->code == 354 && dialogue->whole && !local)
        delivery_set(out, OUTCOME_UNCERTAIN, dialogue->code, 0, reply);
    else if (dialogue->stage == STAGE_GREETING || transport_never_began(result))
        delivery_set(out, OUTCOME_STOPPED, dialogue->code,
                     transport_never_began(result) && result != CURLE_COULDNT_CONNECT &&
                             result != CURLE_COULDNT_RESOLVE_HOST
                         ? MUCH_LATER
                         : LATER,
                     reply);
    else
        delivery_set(out, OUTCOME_DEFERRED, dialogue->code, LATER, reply);
}

static gboolean was_called_off(CURLcode result, const struct dialogue *dialogue)
{
    return result == CURLE_ABORTED_BY_CALLBACK && dialogue->stage < STAGE_BODY;
}

static void judge(struct smtp *smtp, const struct parcel *parcel, CURLcode result,
                  struct delivery *out)
{
    const struct dialogue *dialogue = &smtp->dialogue;
    list_refused(dialogue, parcel->to, out);
    if (result == CURLE_OK)
        delivery_set(out, OUTCOME_SENT, dialogue->code, 0,
                     g_strdup(dialogue->reply != NULL ? dialogue->reply : ""));
    else if (was_called_off(result, dialogue))
        delivery_set(out, OUTCOME_STOPPED, 0, 0, g_strdup("程序要退出，没有发出"));
    else if (was_refused(result, dialogue))
        judge_refusal(dialogue, out);
    else
        judge_breakdown(smtp, result, out);
}

/* ---- sending */

/* NULL, or why these addresses cannot go into an SMTP command. */
static char *parcel_fault(const struct parcel *parcel)
{
    if (parcel->to == NULL || parcel->to[0] == NULL)
        return g_strdup("没有收件人");
    for (int i = -1; i < 0 || parcel->to[i] != NULL; i++) {
        const char *address = i < 0 ? parcel->from : parcel->to[i];
        if (address == NULL || !text_is_address(address) || !g_str_is_ascii(address) ||
            strpbrk(address, "\r\n<> ") != NULL) {
            g_autofree char *shown = text_printable(address != NULL ? address : "");
            return g_strdup_printf("不是能用的邮件地址：%s", shown);
        }
    }
    return NULL;
}

static struct curl_slist *recipients(const char *const *to)
{
    struct curl_slist *list = NULL;
    for (guint i = 0; to[i] != NULL; i++) {
        g_autofree char *path = g_strdup_printf("<%s>", to[i]);
        list = curl_slist_append(list, path);
    }
    return list;
}

/* Before the message itself is on its way, nothing of it can arrive. */
static gboolean may_stop(const void *context)
{
    const struct dialogue *dialogue = context;
    return dialogue->stage < STAGE_BODY;
}

static CURLcode smtp_try(struct smtp *smtp, const struct parcel *parcel, curl_off_t size)
{
    const struct transport_stop stop = { parcel->stop, may_stop, &smtp->dialogue };
    g_autofree char *from = g_strdup_printf("<%s>", parcel->from);
    struct curl_slist *to = recipients(parcel->to);
    dialogue_begin(&smtp->dialogue, parcel->fd, size);
    smtp_connect(smtp);
    smtp->words[0] = '\0';
    curl_easy_setopt(smtp->curl, CURLOPT_MAIL_FROM, from);
    curl_easy_setopt(smtp->curl, CURLOPT_MAIL_RCPT, to);
    curl_easy_setopt(smtp->curl, CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);
    curl_easy_setopt(smtp->curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(smtp->curl, CURLOPT_READFUNCTION, on_read);
    curl_easy_setopt(smtp->curl, CURLOPT_READDATA, &smtp->dialogue);
    curl_easy_setopt(smtp->curl, CURLOPT_INFILESIZE_LARGE, size);
    curl_easy_setopt(smtp->curl, CURLOPT_TIMEOUT,
                     (long)(4 * smtp->account->timeout + size / SLOWEST));
    transport_watch(smtp->curl, &stop);
    CURLcode result = curl_easy_perform(smtp->curl);
    curl_easy_setopt(smtp->curl, CURLOPT_NOPROGRESS, 1L);
    curl_easy_setopt(smtp->curl, CURLOPT_MAIL_RCPT, NULL);
    curl_slist_free_all(to);
    return result;
}

/* A kept connection that the server has closed meanwhile, perhaps with a 421: nothing of this mail
 * went over it. */
static gboolean was_stale(struct smtp *smtp, CURLcode result)
{
    const struct dialogue *dialogue = &smtp->dialogue;
    long connects = 1;
    curl_easy_getinfo(smtp->curl, CURLINFO_NUM_CONNECTS, &connects);
    return connects == 0 && dialogue->answers->len == 0 &&
           (dialogue->reply == NULL || dialogue->code == 421) &&
           (result == CURLE_SEND_ERROR || result == CURLE_RECV_ERROR);
}

static void smtp_send(struct sender *sender, const struct parcel *parcel, struct delivery *out)
{
    struct smtp *smtp = (struct smtp *)sender;
    struct stat stat;
    delivery_init(out);
    char *fault = parcel_fault(parcel);
    if (fault != NULL) {
        delivery_set(out, OUTCOME_FAILED, 0, 0, fault);
        return;
    }
    if (fstat(parcel->fd, &stat) < 0) {
        delivery_set(out, OUTCOME_DEFERRED, 0, LATER,
                     g_strdup_printf("要发的内容读不出来：%s", g_strerror(errno)));
        return;
    }
    CURLcode result = smtp_try(smtp, parcel, stat.st_size);
    if (was_stale(smtp, result)) {
        smtp_disconnect(smtp);
        result = smtp_try(smtp, parcel, stat.st_size);
    }
    judge(smtp, parcel, result, out);
    if (!may_keep(result, &smtp->dialogue))
        smtp_disconnect(smtp);
    dialogue_clear(&smtp->dialogue);
}

static gboolean smtp_probe(struct sender *sender, GError **error)
{
    struct smtp *smtp = (struct smtp *)sender;
    smtp_disconnect(smtp);
    dialogue_begin(&smtp->dialogue, -1, 0);
    smtp_connect(smtp);
    curl_easy_setopt(smtp->curl, CURLOPT_NOBODY, 1L);
    curl_easy_setopt(smtp->curl, CURLOPT_CUSTOMREQUEST, "NOOP");
    curl_easy_setopt(smtp->curl, CURLOPT_TIMEOUT, (long)(4 * smtp->account->timeout));
    CURLcode result = curl_easy_perform(smtp->curl);
    gboolean ok = result == CURLE_OK;
    if (!ok) {
        g_autofree char *cause = transport_cause(smtp->curl, result, smtp->words);
        gboolean said = smtp->dialogue.code >= 400;
        fault_set(error, FAULT_WORLD, "连不上 %s:%d：%s%s%s", smtp->account->host,
                  smtp->account->port, cause, said ? "；服务器说：" : "",
                  said ? smtp->dialogue.reply : "");
    }
    smtp_disconnect(smtp);
    dialogue_clear(&smtp->dialogue);
    return ok;
}

static void smtp_close(struct sender *sender)
{
    struct smtp *smtp = (struct smtp *)sender;
    if (smtp->curl != NULL)
        dialogue_begin(&smtp->dialogue, -1, 0); /* QUIT is heard too */
    smtp_disconnect(smtp);
    dialogue_clear(&smtp->dialogue);
    g_free(smtp);
}

struct sender *smtp_sender(const struct account *account)
{
    struct smtp *smtp = g_new0(struct smtp, 1);
    smtp->sender = (struct sender){ "smtp", smtp_send, smtp_probe, smtp_close };
    smtp->account = account;
    smtp->dialogue.fd = -1;
    return &smtp->sender;
}
