/* What is wrong with the bot itself: its own silence is a fault (law 11). */
#include "handlers/private.h"

#include <stdlib.h>

static void complain(json_t *list, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void complain(json_t *list, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    json_array_append_new(list, json_pack("{ss}", "text", text));
}

gint64 silent_since(struct office *office)
{
    gint64 since = folders_read_at(office->db, (const char *const *)office->policy->folders);
    g_autofree char *created = office_get(office->db, "created_at");
    if (since == 0 && created != NULL)
        instant_parse(created, &since);
    return since;
}

static void check_poll(struct office *office, json_t *list)
{
    gint64 now = clock_now();
    g_autofree char *fault = office_get(office->db, "receive_fault");
    gint64 read = folders_read_at(office->db, (const char *const *)office->policy->folders);
    g_autofree char *when = read != 0 ? instant_local(read) : g_strdup("从未");
    if (fault != NULL && *fault != '\0')
        complain(list, "收信失败（上次完整收信：%s）：%s", when, fault);
    else if (now - read > SILENT_AFTER &&
             hours_open((const char *const *)office->policy->hours, now))
        complain(list, "超过 30 分钟没有完整收过信（上次：%s）", when);
}

static void check_send(struct office *office, json_t *list)
{
    static const struct {
        enum outbox_state state;
        const char *advice;
    } troubles[] = {
        { OUT_FAILED, "发送失败，请看 lianluo outbox list --state failed" },
        { OUT_UNCERTAIN, "不确定是否送达，请核实后 outbox sent 或 retry" },
    };
    const char *keys[] = { "mail_fault", "wecom_fault", "config_fault" };
    const char *names[] = { "发信", "企业微信推送", "重读配置（仍用旧的）" };
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        g_autofree char *fault = office_get(office->db, keys[i]);
        if (fault != NULL && *fault != '\0')
            complain(list, "%s失败：%s", names[i], fault);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(troubles); i++) {
        gint64 n = outbox_count(office->db, troubles[i].state, 0);
        if (n > 0)
            complain(list, "%" G_GINT64_FORMAT " 封%s", n, troubles[i].advice);
    }
}

static void check_texts(struct office *office, json_t *list)
{
    g_autofree char *fault = office_get(office->db, "schedule_fault");
    if (fault != NULL && *fault != '\0')
        complain(list, "到期事务没有办成：%s", fault);
}

char *calendar_advice(void)
{
    int year = calendar_missing(day_of(clock_now()));
    if (year == 0)
        return NULL;
    return g_strdup_printf(
        "没有 %d 年的调休安排，暂按周一至周五计算工作日。国务院办公厅的放假通知发布后，"
        "请管理员把 %d.json 放进办公室目录的 holidays/",
        year, year);
}

json_t *health_json(struct office *office)
{
    json_t *list = json_array();
    check_poll(office, list);
    check_send(office, list);
    check_texts(office, list);
    return list;
}
