/* imap: connecting, logging in, opening a folder, leaving. libetpan speaks the protocol over our
 * stream; once anything has gone wrong the connection is dead and is only freed. */
#include "channels/private.h"
#include <string.h>

#define GOODBYE 2 /* seconds that LOGOUT may take */

GQuark imap_fault_quark(void)
{
    return g_quark_from_static_string("imap-fault");
}

static const char *result_words(int r)
{
    switch (r) {
    case MAILIMAP_ERROR_PARSE:
        return "看不懂服务器的回答";
    case MAILIMAP_ERROR_PROTOCOL:
        return "服务器不接受这条命令";
    case MAILIMAP_ERROR_DONT_ACCEPT_CONNECTION:
        return "服务器现在不接受连接";
    case MAILIMAP_ERROR_BAD_STATE:
        return "次序不对：还没有登录或打开文件夹";
    case MAILIMAP_ERROR_STREAM:
        return "连接中断";
    default:
        return "服务器拒绝";
    }
}

/* The server's last words that explain a broken connection: the text of its BYE, if it said one. */
static char *bye_words(struct imap *imap)
{
    const MMAPString *buffer = imap->session->imap_stream_buffer;
    if (buffer == NULL || buffer->str == NULL)
        return NULL;
    const char *bye = g_strrstr_len(buffer->str, buffer->len, "* BYE ");
    if (bye == NULL || (bye != buffer->str && bye[-1] != '\n'))
        return NULL;
    return server_words(bye + strlen("* "), strcspn(bye + strlen("* "), "\r\n"));
}

gboolean imap_fail(struct imap *imap, const char *step, int r, GError **error)
{
    const char *cause = stream_cause(imap->stream);
    g_autofree char *words =
        cause == NULL ? server_words(imap->session->imap_response, -1) : bye_words(imap);
    if (cause == NULL)
        cause = result_words(r);
    gboolean said = words != NULL && *words != '\0';
    fault_set(error, FAULT_WORLD, "%s %s失败：%s%s%s", stream_where(imap->stream), step, cause,
              said ? "；服务器说：" : "", said ? words : "");
    stream_mark(imap->stream, error);
    stream_kill(imap->stream);
    return FALSE;
}

gboolean imap_response_is(struct imap *imap, const char *code)
{
    const struct mailimap_response_info *info = imap->session->imap_response_info;
    return info != NULL && info->rsp_atom != NULL && g_ascii_strcasecmp(info->rsp_atom, code) == 0;
}

/* A NO that says "later", not "never". */
static gboolean is_temporary(struct imap *imap)
{
    static const char *const codes[] = { "UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG" };
    for (guint i = 0; i < G_N_ELEMENTS(codes); i++)
        if (imap_response_is(imap, codes[i]))
            return TRUE;
    return FALSE;
}

gboolean imap_argument_check(const char *value, const char *what, GError **error)
{
    if (value == NULL || *value == '\0')
        return fault_set(error, FAULT_REFUSED, "%s没有填写", what);
    if (strpbrk(value, "\r\n") != NULL)
        return fault_set(error, FAULT_REFUSED, "%s里有换行，不能使用", what);
    return TRUE;
}

/* ---- connecting */

static gboolean is_netease(const char *host)
{
    static const char *const domains[] = { "163.com", "126.com", "yeah.net", "188.com" };
    for (guint i = 0; i < G_N_ELEMENTS(domains); i++) {
        gsize n = strlen(host), m = strlen(domains[i]);
        if (n < m || g_ascii_strcasecmp(host + n - m, domains[i]) != 0)
            continue;
        if (n == m || host[n - m - 1] == '.')
            return TRUE;
    }
    return FALSE;
}

static gboolean imap_start_tls(struct imap *imap, GError **error)
{
    stream_begin(imap->stream, 0);
    int r = mailimap_starttls(imap->session);
    if (r != MAILIMAP_NO_ERROR)
        return imap_fail(imap, "开始加密（STARTTLS）", r, error);
    if (imap->session->imap_stream->read_buffer_len != 0) {
        stream_kill(imap->stream);
        return fault_set(error, FAULT_WORLD,
                         "%s 加密之前混入了明文，可能有人在线路上做手脚，已断开",
                         stream_where(imap->stream));
    }
    return stream_start_tls(imap->stream, error);
}

/* libetpan leaks a greeting that says BYE, so it is not shown one. */
static gboolean greeting_is_bye(struct imap *imap, mailstream *mail, GError **error)
{
    mailstream_feed_read_buffer(mail); /* a failure will be mailimap_connect's */
    if (mail->read_buffer_len < strlen("* BYE") ||
        g_ascii_strncasecmp(mail->read_buffer, "* BYE", strlen("* BYE")) != 0)
        return FALSE;
    g_autofree char *words = server_words(mail->read_buffer, mail->read_buffer_len);
    fault_set(error, FAULT_WORLD, "%s 问候失败：服务器现在不接受连接；服务器说：%s",
              stream_where(imap->stream), words);
    stream_kill(imap->stream);
    mailstream_close(mail);
    imap->stream = NULL;
    return TRUE;
}

/* *logged_in: the server took us for known (PREAUTH), which before STARTTLS only a forger does. */
static gboolean imap_connect(struct imap *imap, int wake_fd, gboolean *logged_in, GError **error)
{
    const struct account *account = imap->account;
    imap->stream = stream_open(account, wake_fd, error);
    if (imap->stream == NULL)
        return FALSE;
    stream_begin(imap->stream, 0);
    mailstream *mail = stream_mail(imap->stream);
    if (greeting_is_bye(imap, mail, error))
        return FALSE;
    int r = mailimap_connect(imap->session, mail);
    *logged_in = r == MAILIMAP_NO_ERROR_AUTHENTICATED;
    if (r != MAILIMAP_NO_ERROR && r != MAILIMAP_NO_ERROR_NON_AUTHENTICATED && !*logged_in)
        return imap_fail(imap, "问候", r, error);
    if (account->security != SECURITY_STARTTLS)
        return TRUE;
    if (*logged_in)
        return imap_fail(imap, "开始加密（STARTTLS）", MAILIMAP_ERROR_PROTOCOL, error);
    return imap_start_tls(imap, error);
}

static gboolean imap_login(struct imap *imap, GError **error)
{
    stream_begin(imap->stream, 0);
    int r = mailimap_login(imap->session, imap->account->user, imap->account->password);
    if (r == MAILIMAP_NO_ERROR)
        return TRUE;
    if (r != MAILIMAP_ERROR_LOGIN || is_temporary(imap))
        return imap_fail(imap, "登录", r, error);
    g_autofree char *words = server_words(imap->session->imap_response, -1);
    g_set_error(error, IMAP_FAULT, IMAP_REFUSED,
                "%s 拒绝登录：请核对用户名和密码（多数邮箱要用客户端授权码）；服务器说：%s",
                stream_where(imap->stream), words);
    stream_kill(imap->stream);
    return FALSE;
}

/* libetpan dereferences the capabilities even if the server sent none: give it an empty list. */
static gboolean imap_ask_capabilities(struct imap *imap, GError **error)
{
    struct mailimap_connection_info *info = imap->session->imap_connection_info;
    if (info->imap_capability == NULL)
        info->imap_capability = mailimap_capability_data_new(clist_new());
    struct mailimap_capability_data *data = NULL;
    stream_begin(imap->stream, 0);
    int r = mailimap_capability(imap->session, &data);
    if (r != MAILIMAP_NO_ERROR)
        return imap_fail(imap, "询问能力", r, error);
    mailimap_capability_data_free(data);
    return TRUE;
}

/* The library frees neither names nor values, so they are literals. */
static gboolean imap_introduce(struct imap *imap, GError **error)
{
    struct mailimap_id_params_list *ours = mailimap_id_params_list_new_empty(), *theirs = NULL;
    mailimap_id_params_list_add_name_value(ours, (char *)"name", (char *)"lianluo");
    mailimap_id_params_list_add_name_value(ours, (char *)"version", (char *)"1.0");
    mailimap_id_params_list_add_name_value(ours, (char *)"vendor", (char *)"lianluo");
    stream_begin(imap->stream, 0);
    int r = mailimap_id(imap->session, ours, &theirs);
    mailimap_id_params_list_free(ours);
    if (r == MAILIMAP_NO_ERROR && theirs != NULL)
        mailimap_id_params_list_free(theirs);
    if (r == MAILIMAP_NO_ERROR || r == MAILIMAP_ERROR_EXTENSION)
        return TRUE;
    return imap_fail(imap, "自报家门（ID）", r, error);
}

/* NetEase wants ID and need not be asked; others get it if they know it, since some answer an
 * unknown command with nothing that ends it. */
static gboolean imap_greet(struct imap *imap, GError **error)
{
    if (is_netease(imap->account->host))
        return imap_introduce(imap, error);
    if (!imap_ask_capabilities(imap, error))
        return FALSE;
    return !mailimap_has_id(imap->session) || imap_introduce(imap, error);
}

static void no_progress(size_t current, size_t maximum, void *context)
{
}

static gboolean account_check(const struct account *account, GError **error)
{
    return imap_argument_check(account->host, "收信服务器", error) &&
           imap_argument_check(account->user, "收信用户名", error) &&
           imap_argument_check(account->password, "收信密码", error);
}

struct imap *imap_open(const struct account *account, int wake_fd, GError **error)
{
    if (!account_check(account, error))
        return NULL;
    struct imap *imap = g_new0(struct imap, 1);
    imap->account = account;
    imap->session = mailimap_new(0, NULL);
    if (imap->session == NULL)
        g_error("out of memory");
    /* without a progress callback libetpan silently ignores the message handler */
    mailimap_set_progress_callback(imap->session, no_progress, no_progress, NULL);
    mailimap_set_163_workaround_enabled(imap->session, is_netease(account->host));
    gboolean logged_in = FALSE;
    if (imap_connect(imap, wake_fd, &logged_in, error) && (logged_in || imap_login(imap, error)) &&
        imap_greet(imap, error))
        return imap;
    imap_close(imap);
    return NULL;
}

void imap_close(struct imap *imap)
{
    if (imap == NULL)
        return;
    if (imap->stream != NULL)
        stream_hurry(imap->stream, GOODBYE);
    mailimap_free(imap->session); /* says LOGOUT, which a dead stream refuses at once */
    g_free(imap);
}

/* ---- opening a folder */

static gboolean is_unsafe_login(struct imap *imap)
{
    const char *words = imap->session->imap_response;
    return words != NULL && strcasestr(words, "Unsafe Login") != NULL;
}

static int examine(struct imap *imap, const char *spelled)
{
    stream_begin(imap->stream, 0);
    return mailimap_examine(imap->session, spelled);
}

gboolean imap_examine(struct imap *imap, const char *folder, struct imap_folder *out,
                      GError **error)
{
    if (!imap_argument_check(folder, "文件夹的名字", error))
        return FALSE;
    g_autofree char *spelled = utf7_folder(folder);
    if (spelled == NULL)
        return fault_set(error, FAULT_REFUSED, "文件夹的名字不是 UTF-8");
    int r = examine(imap, spelled);
    if (r == MAILIMAP_ERROR_EXAMINE && is_unsafe_login(imap)) {
        if (!imap_introduce(imap, error))
            return FALSE;
        r = examine(imap, spelled);
    }
    if (r == MAILIMAP_ERROR_EXAMINE && !is_temporary(imap) && !is_unsafe_login(imap)) {
        g_autofree char *words = server_words(imap->session->imap_response, -1);
        return fault_set(error, FAULT_REFUSED, "%s 打不开文件夹“%s”：%s",
                         stream_where(imap->stream), folder, words);
    }
    const struct mailimap_selection_info *info = imap->session->imap_selection_info;
    if (r != MAILIMAP_NO_ERROR || info == NULL)
        return imap_fail(imap, "打开文件夹", r, error);
    imap->known = info->sel_exists;
    *out = (struct imap_folder){ info->sel_uidvalidity, info->sel_exists, info->sel_uidnext };
    return TRUE;
}
