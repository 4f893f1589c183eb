/* lianluo status: where a matter stands, or all of them. */
#include "bot/bot.h"

#include <stdio.h>

static const char *text_of(json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

static int count_of(json_t *counts, const char *key)
{
    return (int)json_integer_value(json_object_get(counts, key));
}

static void print_unit(json_t *unit)
{
    gint64 at = 0;
    g_autofree char *name = text_pad(text_of(unit, "name"), 26);
    g_autofree char *status = text_pad(text_of(unit, "status_text"), 12);
    g_autofree char *paper = text_pad(text_of(unit, "paper_text"), 8);
    instant_parse(text_of(unit, "electronic_at"), &at);
    g_autofree char *when = at != 0 ? instant_local(at) : g_strdup("-");
    g_autofree char *received = text_pad(when, 17);
    printf("%s %s %s %s %3d %s\n", name, status, paper, received,
           (int)json_integer_value(json_object_get(unit, "submissions")),
           json_is_true(json_object_get(unit, "late")) ? "超期" : "");
}

static void print_matter(json_t *status)
{
    json_t *matter = json_object_get(status, "matter");
    json_t *counts = json_object_get(status, "counts");
    size_t i;
    json_t *unit;
    printf("%s（%s）%s\n截止：%s\n", text_of(matter, "title"), text_of(matter, "state_text"),
           text_of(matter, "number"), text_of(matter, "deadline"));
    printf("发出 %d 份：", count_of(counts, "units"));
    for (int s = 0; s < STATUS_COUNT; s++)
        if (count_of(counts, status_text((enum status)s)) > 0)
            printf("%s %d　", status_chinese((enum status)s),
                   count_of(counts, status_text((enum status)s)));
    printf("超期 %d　还欠纸质件 %d　待办 %d\n\n", count_of(counts, "late"),
           count_of(counts, "paper_owed"), count_of(counts, "review"));
    g_autofree char *name = text_pad("单位", 26);
    g_autofree char *state = text_pad("状态", 12);
    g_autofree char *paper = text_pad("纸质件", 8);
    g_autofree char *when = text_pad("电子件", 17);
    printf("%s %s %s %s %s\n", name, state, paper, when, "报送");
    json_array_foreach (json_object_get(status, "units"), i, unit)
        print_unit(unit);
}

static json_t *outbox_counts(struct bot *bot)
{
    json_t *counts = json_object();
    for (int s = 0; s < OUT_STATES; s++)
        json_object_set_new(counts, outbox_state_text((enum outbox_state)s),
                            json_integer(outbox_count(bot->db, (enum outbox_state)s, 0)));
    return counts;
}

/* Is somebody at work, and when was the mailbox last read to its end? */
static json_t *heartbeat_json(struct bot *bot)
{
    const struct policy *policy = &bot->config->policy;
    return json_pack("{so so}", "pid", json_id(bot_holder(bot->config->dir)), "polled",
                     json_instant(folders_read_at(bot->db, (const char *const *)policy->folders)));
}

static json_t *overview_json(struct bot *bot)
{
    json_t *matters = json_array();
    g_autoptr(GArray) ids = matter_list(bot->db, -1);
    for (guint i = 0; i < ids->len; i++) {
        json_auto_t *status = status_json(&bot->office, g_array_index(ids, gint64, i));
        json_object_del(status, "units");
        json_array_append(matters, status);
    }
    g_autofree char *held = held_advice(&bot->office);
    return json_pack("{so so so so so sI sI}", "health", health_json(&bot->office), "heartbeat",
                     heartbeat_json(bot), "matters", matters, "outbox", outbox_counts(bot), "held",
                     json_text(held), "review", (json_int_t)review_count(bot->db, 0), "unhandled",
                     (json_int_t)message_count_waiting(bot->db));
}

static void print_health(json_t *health)
{
    size_t i;
    json_t *line;
    json_array_foreach (health, i, line)
        printf("【注意】%s\n", text_of(line, "text"));
}

static void print_heartbeat(json_t *heartbeat)
{
    gint64 at = 0;
    instant_parse(text_of(heartbeat, "polled"), &at);
    g_autofree char *polled = at != 0 ? instant_local(at) : g_strdup("从未");
    if (count_of(heartbeat, "pid") != 0)
        printf("机器人：运行中（进程 %d）", count_of(heartbeat, "pid"));
    else
        printf("机器人：现在没有在运行");
    printf("，上次完整收信 %s\n", polled);
}

static void print_outbox(json_t *counts)
{
    printf("发件箱：");
    for (int s = 0; s < OUT_STATES; s++)
        if (count_of(counts, outbox_state_text((enum outbox_state)s)) > 0)
            printf("%s %d　", outbox_state_chinese((enum outbox_state)s),
                   count_of(counts, outbox_state_text((enum outbox_state)s)));
    putchar('\n');
}

static void print_overview(json_t *all)
{
    size_t i;
    json_t *status;
    g_autofree char *advice = calendar_advice();
    print_health(json_object_get(all, "health"));
    if (advice != NULL)
        printf("【提示】%s\n", advice);
    json_array_foreach (json_object_get(all, "matters"), i, status) {
        json_t *matter = json_object_get(status, "matter");
        json_t *counts = json_object_get(status, "counts");
        printf("%3d  %s  截止 %s  应报 %d，待反馈 %d，待办 %d  %s\n", count_of(matter, "id"),
               text_of(matter, "state_text"), text_of(matter, "deadline"),
               count_of(counts, "units"),
               count_of(counts, "waiting") + count_of(counts, "acknowledged"),
               count_of(counts, "review"), text_of(matter, "title"));
    }
    print_heartbeat(json_object_get(all, "heartbeat"));
    print_outbox(json_object_get(all, "outbox"));
    if (json_is_string(json_object_get(all, "held")))
        printf("【暂存】%s\n", text_of(all, "held"));
    printf("待办 %d 件，未处理的来信 %d 封\n", count_of(all, "review"), count_of(all, "unhandled"));
}

static int show_matter(struct bot *bot, struct cli *cli, GError **error)
{
    gint64 id = cli_matter(bot->db, cli->argv[0], error);
    if (id == 0)
        return FAULT_REFUSED;
    json_t *status = status_json(&bot->office, id);
    json_auto_t *health = health_json(&bot->office);
    gboolean waits = count_of(json_object_get(status, "counts"), "review") > 0;
    if (cli->json) {
        json_object_set(status, "health", health);
        print_json(status);
    } else {
        print_health(health);
        print_matter(status);
        json_decref(status);
    }
    return waits ? EXIT_WAITS : EXIT_DONE;
}

static int show_all(struct bot *bot, struct cli *cli)
{
    json_t *all = overview_json(bot);
    gboolean waits = count_of(all, "review") > 0;
    if (cli->json) {
        print_json(all);
    } else {
        print_overview(all);
        json_decref(all);
    }
    return waits ? EXIT_WAITS : EXIT_DONE;
}

static int run(struct cli *cli, GError **error)
{
    struct bot *bot = NULL;
    int code = FAULT_REFUSED;
    if (cli_expect(cli, 0, 1, "status [事项]", error) &&
        (bot = bot_open(cli->dir, error)) != NULL) {
        code = cli->argc > 0 ? show_matter(bot, cli, error) : show_all(bot, cli);
        db_ok(bot->db, error != NULL && *error == NULL ? error : NULL);
    }
    bot_close(bot);
    return code;
}

const struct command command_status = {
    .name = "status",
    .summary = "一个事项各单位的反馈情况，或全部事项的概况",
    .help = "用法：lianluo status [事项] [--json]\n\n"
            "事项可写编号、发文字号或标题里的一段。第一行是机器人的故障（如果有）。\n"
            "有待办等人处理时退出码为 3。\n",
    .run = run,
};
