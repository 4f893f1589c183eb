/* smtp_dialogue: what was said on the line, as libcurl's debug callback hears it: which recipient
 * got which reply, and how far the mail had come when it broke off. */
#include "channels/private.h"
#include <stdlib.h>
#include <string.h>

static void answer_clear(gpointer data)
{
    g_free(((struct rcpt_answer *)data)->reply);
}

void dialogue_clear(struct dialogue *dialogue)
{
    if (dialogue->lines != NULL)
        g_string_free(dialogue->lines, TRUE);
    if (dialogue->answers != NULL)
        g_array_unref(dialogue->answers);
    g_free(dialogue->reply);
    *dialogue = (struct dialogue){ .fd = -1 };
}

void dialogue_begin(struct dialogue *dialogue, int fd, gint64 size)
{
    dialogue_clear(dialogue);
    dialogue->fd = fd;
    dialogue->size = size;
    dialogue->lines = g_string_new(NULL);
    dialogue->answers = g_array_new(FALSE, FALSE, sizeof(struct rcpt_answer));
    g_array_set_clear_func(dialogue->answers, answer_clear);
}

/* Looks only at the verb: the rest may be a credential. */
static void take_command(struct dialogue *dialogue, const char *bytes, gsize n)
{
    static const struct {
        const char *verb;
        enum stage stage;
    } verbs[] = { { "MAIL FROM:", STAGE_ENVELOPE },
                  { "RCPT TO:", STAGE_ENVELOPE },
                  { "DATA", STAGE_DATA } };
    if (n >= 4 && strncmp(bytes, "QUIT", 4) == 0)
        dialogue->quitting = TRUE;
    if (dialogue->quitting)
        return;
    dialogue->rcpt = dialogue->answered = FALSE;
    for (guint i = 0; i < G_N_ELEMENTS(verbs); i++) {
        gsize length = strlen(verbs[i].verb);
        if (n < length || strncmp(bytes, verbs[i].verb, length) != 0)
            continue;
        dialogue->stage = verbs[i].stage;
        dialogue->rcpt = verbs[i].verb[0] == 'R';
    }
}

static gboolean is_reply_line(const char *line, gsize n)
{
    return n >= 3 && g_ascii_isdigit(line[0]) && g_ascii_isdigit(line[1]) &&
           g_ascii_isdigit(line[2]);
}

static void reply_complete(struct dialogue *dialogue)
{
    char *reply = server_words(dialogue->lines->str, dialogue->lines->len);
    int code = atoi(reply);
    g_string_truncate(dialogue->lines, 0);
    if (dialogue->stage == STAGE_DATA && code == 354)
        dialogue->stage = STAGE_BODY;
    if (dialogue->rcpt) {
        struct rcpt_answer answer = { code, g_strdup(reply) };
        g_array_append_val(dialogue->answers, answer);
        dialogue->rcpt = FALSE;
    }
    dialogue->answered = TRUE;
    g_free(dialogue->reply);
    dialogue->reply = reply;
    dialogue->code = code;
}

/* "554-5.7.1 one", "554 5.7.1 two" becomes "554 5.7.1 one 5.7.1 two". */
static void take_reply_line(struct dialogue *dialogue, const char *line, gsize n)
{
    if (dialogue->quitting || !is_reply_line(line, n))
        return;
    while (n > 3 && (line[n - 1] == '\n' || line[n - 1] == '\r'))
        n--;
    gboolean last = n < 4 || line[3] != '-';
    if (dialogue->lines->len == 0)
        g_string_append_len(dialogue->lines, line, 3);
    if (n > 4 && dialogue->lines->len < 2048) {
        g_string_append_c(dialogue->lines, ' ');
        g_string_append_len(dialogue->lines, line + 4, n - 4);
    }
    if (last)
        reply_complete(dialogue);
}

int dialogue_follow(CURL *curl, curl_infotype type, char *bytes, size_t n, void *context)
{
    struct dialogue *dialogue = context;
    if (type == CURLINFO_HEADER_OUT)
        take_command(dialogue, bytes, n);
    else if (type == CURLINFO_HEADER_IN)
        take_reply_line(dialogue, bytes, n);
    return 0;
}
