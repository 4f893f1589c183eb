/* Alarms: the bot's own silence is a fault (law 11). Told once by every channel that still works,
 * and told again when it is over. */
#include "handlers/private.h"

#include <stdio.h>

/* A trouble: how it is found, and what it is called. */
struct trouble {
    const char *name;   /* in keys */
    const char *what;   /* for people */
    const char *advice; /* what they can do */
    const char *broken; /* the channel that cannot tell it: "mail", "wecom" or NULL */
    /* What is wrong now, in words (the caller frees); NULL: nothing. told: people know already.
     * *size: how much is wrong, where that can grow. */
    char *(*find)(struct office *office, gboolean told, int *size);
};

static char *find_fault(struct office *office, const char *key)
{
    char *fault = office_get(office->db, key);
    if (fault != NULL && *fault == '\0')
        g_clear_pointer(&fault, g_free);
    return fault;
}

/* A refused login is told at once; a mailbox out of reach after half an hour of office hours. Once
 * told it is over with the next complete reading, not with the end of the hours. */
static char *find_receive(struct office *office, gboolean told, int *size)
{
    gint64 now = clock_now(), since = silent_since(office);
    g_autofree char *fault = find_fault(office, "receive_fault");
    char *refused = find_fault(office, "receive_refused");
    gboolean silent = now - since > SILENT_AFTER;
    if (refused != NULL)
        return refused;
    if (!(told && fault != NULL) && !silent)
        return NULL;
    if (!told && !hours_open((const char *const *)office->policy->hours, now))
        return NULL;
    g_autofree char *when = instant_local(since);
    return g_strdup_printf("自 %s 以来没有完整收过信%s%s", when, fault != NULL ? "：" : "",
                           fault != NULL ? fault : "");
}

static char *find_mail(struct office *office, gboolean told, int *size)
{
    return find_fault(office, "mail_fault");
}

static char *find_wecom(struct office *office, gboolean told, int *size)
{
    return find_fault(office, "wecom_fault");
}

static char *find_failed(struct office *office, gboolean told, int *size)
{
    gint64 failed = outbox_count_owed(office->db, OUT_FAILED);
    gint64 uncertain = outbox_count_owed(office->db, OUT_UNCERTAIN);
    *size = (int)(failed + uncertain);
    if (failed + uncertain == 0)
        return NULL;
    return g_strdup_printf("%" G_GINT64_FORMAT " 件发送失败，%" G_GINT64_FORMAT " 件不确定是否送达",
                           failed, uncertain);
}

static const struct trouble troubles[] = {
    { "receive", "收不到信",
      "在修好以前，请直接查看邮箱，以免漏掉来信。若是登录被拒绝：在邮箱网页上重新生成客户端授权码，"
      "填进 lianluo.conf，再让机器人重读配置（systemctl reload）",
      NULL, find_receive },
    { "mail", "发不出邮件",
      "要发的都在发件箱里等着，恢复后自动补发；急的请改用电话。若是登录被拒绝：换新的客户端授权码，"
      "填进 lianluo.conf，再让机器人重读配置（systemctl reload）",
      "mail", find_mail },
    { "wecom", "企业微信推送不出去",
      "邮件照常。若群机器人已被移除：在群里新建一个，把它的地址填进 lianluo.conf 的 [wecom] url，"
      "再让机器人重读配置（systemctl reload）",
      "wecom", find_wecom },
    { "outbox", "有邮件没有送达",
      "请看 lianluo outbox list --state failed 和 --state uncertain：核实后用 outbox retry 重发、"
      "outbox sent 记为已送达或 outbox cancel 取消",
      NULL, find_failed },
};

/* One alarm has one number, so that the next one of the same kind is told again. */
static gboolean tell(struct office *office, const struct trouble *trouble, int number,
                     const char *text, GError **error)
{
    g_auto(GStrv) to = office_readers(office);
    g_autofree char *now = instant_local(clock_now());
    g_autofree char *key =
        g_strdup_printf("alarm/%s/%d/%s", trouble->name, number, text != NULL ? "bad" : "good");
    json_auto_t *data =
        json_pack("{so ss ss ss* sb ss}", "office", office_data(office), "what", trouble->what,
                  "advice", trouble->advice, "text", text, "over", text == NULL, "at", now);
    struct letter letter = {
        .kind = "alarm", .key = key, .to = (const char *const *)to, .data = data
    };
    return (g_strcmp0(trouble->broken, "mail") == 0 || letter_queue(office, &letter, error)) &&
           (g_strcmp0(trouble->broken, "wecom") == 0 ||
            (news_queue(office, "alarm", key, 0, data, error) &&
             (text == NULL || news_call(office, "call", key, data, error))));
}

/* The state of a trouble is kept as "NUMBER SIZE" while it is bad, "-NUMBER 0" when it is over. */
static void remember(struct office *office, const char *key, int number, int size)
{
    g_autofree char *state = g_strdup_printf("%d %d", number, size);
    office_set(office->db, key, state);
}

/* Told when it begins, when it has grown, and when it is over. */
static gboolean check(struct office *office, const struct trouble *trouble, GError **error)
{
    int number = 0, told = 0, size = 0;
    g_autofree char *key = g_strdup_printf("alarm/%s", trouble->name);
    g_autofree char *state = office_get(office->db, key);
    if (state != NULL)
        sscanf(state, "%d %d", &number, &told);
    gboolean was_bad = number > 0;
    g_autofree char *text = trouble->find(office, was_bad, &size);
    if ((text != NULL) == was_bad && size <= told) {
        if (size < told)
            remember(office, key, number, size);
        return TRUE;
    }
    gboolean over = text == NULL;
    number = over ? number : ABS(number) + 1;
    if (!tell(office, trouble, number, text, error))
        return FALSE;
    remember(office, key, over ? -number : number, size);
    event_add(office->db, &(struct event){ .what = over ? "alarm.over" : "alarm.told",
                                           .text = over ? trouble->what : text });
    return TRUE;
}

gboolean alarms_run(struct office *office, GError **error)
{
    gboolean ok = TRUE;
    for (size_t i = 0; ok && i < G_N_ELEMENTS(troubles); i++)
        ok = check(office, &troubles[i], error);
    return ok;
}
