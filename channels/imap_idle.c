/* imap_idle: waiting for news without asking (RFC 2177). We read the lines of an IDLE ourselves:
 * libetpan would wait for ever if something came before the "+", and cannot be woken. */
#include "channels/private.h"
#include <stdlib.h>
#include <string.h>

#define LONGEST (28 * 60) /* seconds: servers may hang up after 30 minutes */
#define WORD 5            /* seconds that beginning, ending, or half a line may take */
#define CHATTER (8 << 20) /* bytes of flags and "still here" that one IDLE may bring, about */

enum said { SAID_LITTLE, SAID_GO_ON, SAID_REFUSED, SAID_BYE };

gboolean imap_can_idle(struct imap *imap)
{
    const struct mailimap_connection_info *info = imap->session->imap_connection_info;
    return !imap->idle_refused && info != NULL && info->imap_capability != NULL &&
           mailimap_has_idle(imap->session);
}

static gboolean has_news(const struct imap *imap)
{
    return imap->session->imap_selection_info->sel_exists != imap->known;
}

/* "4 EXISTS", "2 EXPUNGE": keeps count. */
static void count(struct imap *imap, const char *words)
{
    struct mailimap_selection_info *info = imap->session->imap_selection_info;
    char *end;
    guint64 n = g_ascii_strtoull(words, &end, 10);
    if (end == words || *end != ' ' || n > G_MAXUINT32)
        return;
    if (g_ascii_strncasecmp(end, " EXISTS", strlen(" EXISTS")) == 0)
        info->sel_exists = (guint32)n;
    else if (g_ascii_strncasecmp(end, " EXPUNGE", strlen(" EXPUNGE")) == 0 && info->sel_exists > 0)
        info->sel_exists--;
}

static enum said understand(struct imap *imap, const char *line)
{
    if (*line == '+')
        return SAID_GO_ON;
    if (!g_str_has_prefix(line, "* "))
        return SAID_REFUSED; /* tagged: it is over, whatever it says */
    const char *words = line + strlen("* ");
    if (g_ascii_strncasecmp(words, "BYE", strlen("BYE")) == 0)
        return SAID_BYE;
    if (g_ascii_strncasecmp(words, "BAD", strlen("BAD")) == 0)
        return SAID_BYE; /* QQ's way to refuse: no tagged line would follow */
    count(imap, words);
    return SAID_LITTLE;
}

/* FALSE: an error is set and the connection dead. */
static gboolean hear(struct imap *imap, enum said *said, GError **error)
{
    stream_brief(imap->stream, WORD);
    const char *line = mailimap_read_line(imap->session);
    if (line == NULL)
        return imap_fail(imap, "等候新邮件（IDLE）", MAILIMAP_ERROR_STREAM, error);
    *said = understand(imap, line);
    if (*said != SAID_BYE)
        return TRUE;
    g_autofree char *words = server_words(line, -1);
    stream_fail(imap->stream, "服务器不再继续：%s", words);
    return imap_fail(imap, "等候新邮件（IDLE）", MAILIMAP_ERROR_STREAM, error);
}

static gboolean say_idle(struct imap *imap, GError **error)
{
    mailstream *mail = imap->session->imap_stream;
    stream_begin(imap->stream, CHATTER);
    stream_brief(imap->stream, WORD);
    if (mailimap_send_current_tag(imap->session) == MAILIMAP_NO_ERROR &&
        mailstream_write(mail, "IDLE\r\n", strlen("IDLE\r\n")) >= 0 && mailstream_flush(mail) >= 0)
        return TRUE;
    return imap_fail(imap, "等候新邮件（IDLE）", MAILIMAP_ERROR_STREAM, error);
}

static gboolean begin(struct imap *imap, GError **error)
{
    enum said said = SAID_LITTLE;
    if (!say_idle(imap, error))
        return FALSE;
    while (said == SAID_LITTLE)
        if (!hear(imap, &said, error))
            return FALSE;
    if (said == SAID_GO_ON)
        return TRUE;
    imap->idle_refused = TRUE;
    g_autofree char *words = server_words(imap->session->imap_stream_buffer->str, -1);
    return fault_set(error, FAULT_REFUSED, "%s 不肯等候新邮件（IDLE），改为定时查看：%s",
                     stream_where(imap->stream), words);
}

static enum idle wait_for_news(struct imap *imap, gint64 until, GError **error)
{
    while (!has_news(imap)) {
        enum said said;
        switch (stream_listen(imap->stream, imap->session->imap_stream, until)) {
        case WAIT_READY:
            break;
        case WAIT_WOKEN:
            return IDLE_WOKEN;
        case WAIT_SILENCE:
        case WAIT_DEADLINE:
            return IDLE_TIMEOUT;
        case WAIT_ERROR:
            imap_fail(imap, "等候新邮件（IDLE）", MAILIMAP_ERROR_STREAM, error);
            return IDLE_FAILED;
        }
        if (!hear(imap, &said, error))
            return IDLE_FAILED;
        if (said != SAID_REFUSED)
            continue;
        imap_fail(imap, "等候新邮件（IDLE）", MAILIMAP_ERROR_PROTOCOL, error);
        return IDLE_FAILED;
    }
    return IDLE_NEWS;
}

static gboolean end(struct imap *imap, GError **error)
{
    stream_brief(imap->stream, WORD);
    int r = mailimap_idle_done(imap->session);
    return r == MAILIMAP_NO_ERROR || imap_fail(imap, "结束等候（IDLE）", r, error);
}

enum idle imap_idle(struct imap *imap, int seconds, GError **error)
{
    if (imap->session->imap_state != MAILIMAP_STATE_SELECTED) {
        imap_fail(imap, "等候新邮件（IDLE）", MAILIMAP_ERROR_BAD_STATE, error);
        return IDLE_FAILED;
    }
    if (stream_is_woken(imap->stream))
        return IDLE_WOKEN;
    if (has_news(imap))
        return IDLE_NEWS;
    gint64 until = g_get_monotonic_time() + (gint64)CLAMP(seconds, 0, LONGEST) * G_USEC_PER_SEC;
    if (!begin(imap, error))
        return IDLE_FAILED;
    enum idle result = wait_for_news(imap, until, error);
    if (result == IDLE_FAILED || !end(imap, error))
        return IDLE_FAILED;
    return result == IDLE_TIMEOUT && has_news(imap) ? IDLE_NEWS : result;
}
