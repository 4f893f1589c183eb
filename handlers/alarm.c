/* Alarms: the bot's own silence is a fault (law 11). Told once by every channel that still works,
 * and told again when it is over. */
#include "handlers/private.h"

#include <stdlib.h>

/* A trouble: how it is found, and what it is called. */
struct trouble {
    const char *name;   /* in keys */
    const char *what;   /* for people */
    const char *broken; /* the channel that cannot tell it: "mail", "wecom" or NULL */
    /* What is wrong now, in words (the caller frees); NULL: nothing. */
    char *(*find)(struct office *office);
};

/* A refused login is told at once; a mailbox out of reach after half an hour of office hours. */
static char *find_receive(struct office *office)
{
    gint64 now = clock_now();
    g_autofree char *fault = office_get(office->db, "receive_fault");
    g_autofree char *refused = office_get(office->db, "receive_refused");
    gint64 read = folders_read_at(office->db, (const char *const *)office->policy->folders);
    gboolean failing = fault != NULL && *fault != '\0';
    if (refused != NULL && *refused != '\0')
        return g_strdup(refused);
    if (read == 0 || now - read <= SILENT_AFTER ||
        !hours_open((const char *const *)office->policy->hours, now))
        return NULL;
    g_autofree char *since = instant_local(read);
    return g_strdup_printf("自 %s 以来没有完整收过信%s%s", since, failing ? "：" : "",
                           failing ? fault : "");
}

static char *find_fault(struct office *office, const char *key)
{
    char *fault = office_get(office->db, key);
    if (fault != NULL && *fault == '\0')
        g_clear_pointer(&fault, g_free);
    return fault;
}

static char *find_mail(struct office *office)
{
    return find_fault(office, "mail_fault");
}

static char *find_wecom(struct office *office)
{
    return find_fault(office, "wecom_fault");
}

static char *find_failed(struct office *office)
{
    gint64 failed = outbox_count(office->db, OUT_FAILED, 0);
    gint64 uncertain = outbox_count(office->db, OUT_UNCERTAIN, 0);
    if (failed + uncertain == 0)
        return NULL;
    return g_strdup_printf("%" G_GINT64_FORMAT " 封发送失败，%" G_GINT64_FORMAT
                           " 封不确定是否送达，请看 lianluo outbox list",
                           failed, uncertain);
}

static const struct trouble troubles[] = {
    { "receive", "收不到信", NULL, find_receive },
    { "mail", "发不出邮件", "mail", find_mail },
    { "wecom", "企业微信推送不出去", "wecom", find_wecom },
    { "outbox", "有邮件没有送达", NULL, find_failed },
};

/* One alarm has one number, so that the next one of the same kind is told again. */
static gboolean tell(struct office *office, const struct trouble *trouble, int number,
                     const char *text, GError **error)
{
    g_auto(GStrv) to = office_readers(office);
    g_autofree char *now = instant_local(clock_now());
    g_autofree char *key =
        g_strdup_printf("alarm/%s/%d/%s", trouble->name, number, text != NULL ? "bad" : "good");
    json_auto_t *data = json_pack("{so ss ss* sb ss}", "office", office_data(office), "what",
                                  trouble->what, "text", text, "over", text == NULL, "at", now);
    struct letter letter = {
        .kind = "alarm", .key = key, .to = (const char *const *)to, .data = data
    };
    return (g_strcmp0(trouble->broken, "mail") == 0 || letter_queue(office, &letter, error)) &&
           (g_strcmp0(trouble->broken, "wecom") == 0 ||
            (news_queue(office, "alarm", key, 0, data, error) &&
             (text == NULL || news_call(office, "call", key, data, error))));
}

/* The state is "NUMBER" while it is bad, "-NUMBER" when it is over. */
static gboolean check(struct office *office, const struct trouble *trouble, GError **error)
{
    g_autofree char *key = g_strdup_printf("alarm/%s", trouble->name);
    g_autofree char *state = office_get(office->db, key);
    g_autofree char *text = trouble->find(office);
    int number = state != NULL ? atoi(state) : 0;
    gboolean was_bad = number > 0;
    if ((text != NULL) == was_bad)
        return TRUE;
    number = was_bad ? number : 1 - number;
    g_autofree char *next = g_strdup_printf("%d", was_bad ? -number : number);
    if (!tell(office, trouble, number, text, error))
        return FALSE;
    office_set(office->db, key, next);
    event_add(office->db, &(struct event){ .what = was_bad ? "alarm.over" : "alarm.told",
                                           .text = text != NULL ? text : trouble->what });
    return TRUE;
}

gboolean alarms_run(struct office *office, GError **error)
{
    gboolean ok = TRUE;
    for (size_t i = 0; ok && i < G_N_ELEMENTS(troubles); i++)
        ok = check(office, &troubles[i], error);
    return ok;
}
