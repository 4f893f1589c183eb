/* lianluo matter: the matters, and the acts on them. */
#include "bot/commands/matter.h"

#include <stdio.h>

static json_t *matter_line(struct bot *bot, gint64 id)
{
    json_auto_t *status = status_json(&bot->office, id);
    json_object_del(status, "units");
    return json_incref(status);
}

/* *rule is the caller's. */
static const char *shown_deadline(const struct matter *m, char **rule)
{
    *rule = relative_chinese(m);
    return m->deadline != NULL ? m->deadline : *rule != NULL ? *rule : "无";
}

static int list(struct cli *cli, struct bot *bot, GError **error)
{
    if (!cli_expect(cli, 0, 0, "matter list", error))
        return FAULT_REFUSED;
    g_autoptr(GArray) ids = matter_list(bot->db, -1);
    json_t *all = json_array();
    for (guint i = 0; i < ids->len; i++) {
        struct matter *m = matter_get(bot->db, g_array_index(ids, gint64, i));
        g_autofree char *rule = NULL;
        json_array_append_new(all, matter_line(bot, m->id));
        if (!cli->json)
            printf("%3" G_GINT64_FORMAT "  %s  %s  截止 %s  %s%s%s\n", m->id,
                   matter_state_chinese(m->state), matter_kind_chinese(m->kind),
                   shown_deadline(m, &rule), m->title, m->number != NULL ? "  " : "",
                   m->number != NULL ? m->number : "");
        matter_free(m);
    }
    if (cli->json)
        print_json(json_pack("{so}", "matters", all));
    else
        json_decref(all);
    return EXIT_DONE;
}

static json_t *matter_full(struct bot *bot, const struct matter *m)
{
    json_t *json = matter_line(bot, m->id);
    json_t *annexes = json_array();
    g_autoptr(GPtrArray) list_of = annex_list(bot->db, m->id);
    for (guint i = 0; i < list_of->len; i++) {
        const struct annex *a = list_of->pdata[i];
        json_array_append_new(annexes, json_pack("{ss ss sI ss}", "filename", a->filename,
                                                 "content_type", a->content_type, "size",
                                                 (json_int_t)a->size, "sha256", a->sha256));
    }
    json_object_set_new(json, "annexes", annexes);
    json_object_set_new(json, "notice", json_string(m->notice));
    json_object_set_new(json, "silence_text", json_text(m->silence_text));
    json_object_set_new(json, "relative",
                        m->days > 0
                            ? json_pack("{si sb ss}", "days", m->days, "working", m->work_days,
                                        "from", m->from_issue ? "issue" : "receipt")
                            : json_null());
    json_object_set_new(json, "requires",
                        json_pack("{sb sb}", "electronic", m->electronic, "paper", m->paper));
    return json;
}

static void print_sign_off(struct bot *bot, const struct matter *m)
{
    struct sign_off *s = sign_off_get(bot->db, m->id);
    if (s == NULL)
        return;
    g_autofree char *submitted = instant_local(s->submitted_at);
    gint64 at = s->outcome == SIGN_OFF_SIGNED ? s->signed_at : s->ended_at;
    g_autofree char *ended = at != 0 ? instant_local(at) : g_strdup("");
    printf("签发：%s　%s %s 送签　%s %s\n", sign_off_chinese(s->outcome), submitted,
           s->submitted_by, ended, s->signer != NULL ? s->signer : "");
    g_autofree char *remarks = text_printable(s->remarks != NULL ? s->remarks : "");
    if (*remarks != '\0')
        printf("　　　%s\n", remarks);
    sign_off_free(s);
}

static void print_matter(struct bot *bot, const struct matter *m)
{
    g_autofree char *rule = NULL;
    printf("事项 %" G_GINT64_FORMAT "：%s\n文号：%s\n种类：%s　状态：%s　标记：%s\n截止：%s\n"
           "要求：%s%s%s\n沉默：%s\n",
           m->id, m->title, m->number != NULL ? m->number : "无", matter_kind_chinese(m->kind),
           matter_state_chinese(m->state), m->token, shown_deadline(m, &rule),
           m->electronic ? "电子件" : "", m->electronic && m->paper ? "和" : "",
           m->paper ? "纸质件" : "", m->deemed ? m->silence_text : "不视为同意");
    print_sign_off(bot, m);
    g_autoptr(GPtrArray) annexes = annex_list(bot->db, m->id);
    for (guint i = 0; i < annexes->len; i++) {
        const struct annex *a = annexes->pdata[i];
        printf("附件：%s（%" G_GINT64_FORMAT " 字节）\n", a->filename, a->size);
    }
    printf("\n%s\n", m->notice);
}

static int show(struct cli *cli, struct bot *bot, gint64 id, GError **error)
{
    struct matter *m = matter_get(bot->db, id);
    if (cli->json)
        print_json(matter_full(bot, m));
    else
        print_matter(bot, m);
    matter_free(m);
    return EXIT_DONE;
}

/* Every act is one transaction: done whole, or refused and nothing changed. */
static int finish(struct bot *bot, gboolean ok, GError **error)
{
    if (ok)
        return db_commit(bot->db, error) ? EXIT_DONE : FAULT_WORLD;
    db_rollback(bot->db);
    return FAULT_REFUSED;
}

static int say(struct cli *cli, struct bot *bot, gint64 id, int code, const char *done)
{
    if (code != EXIT_DONE)
        return code;
    if (cli->json)
        print_json(matter_line(bot, id));
    else
        printf("%s\n", done);
    return code;
}

static int issue(struct cli *cli, struct bot *bot, gint64 id, GError **error)
{
    db_begin(bot->db);
    int code = finish(bot, matter_issue(&bot->office, id, error), error);
    return say(
        cli, bot, id, code,
        bot->config->policy.hold
            ? "通知已备好，暂存在发件箱。看：lianluo outbox list；放行：lianluo outbox release"
            : "通知已进发件箱，下次 tick 发出");
}

/* Who sits at this machine. */
static char *by_command(void)
{
    return g_strdup_printf("命令行（%s）", g_get_user_name());
}

static int submit(struct cli *cli, struct bot *bot, gint64 id, GError **error)
{
    g_autofree char *by = by_command();
    db_begin(bot->db);
    int code = finish(bot, matter_submit(&bot->office, id, by, error), error);
    return say(
        cli, bot, id, code,
        bot->config->policy.hold
            ? "已送签，送签的邮件暂存在发件箱，签发人还没有收到。放行：lianluo outbox release；"
              "不发邮件，代为登记：lianluo matter sign 或 return"
            : "已送签，签发人会收到邮件；也可以 lianluo matter sign 或 return");
}

static int sign(struct cli *cli, struct bot *bot, gint64 id, GError **error)
{
    g_autofree char *by = by_command();
    db_begin(bot->db);
    int code = finish(bot, matter_sign(&bot->office, id, by, FALSE, NULL, error), error);
    return say(cli, bot, id, code, "已签发，可以发出：lianluo matter issue");
}

static int give_back(struct cli *cli, struct bot *bot, gint64 id, GError **error)
{
    g_autofree char *by = by_command();
    if (matter_option_why() == NULL) {
        fault_set(error, FAULT_REFUSED, "请写明修改意见：--why …");
        return FAULT_REFUSED;
    }
    db_begin(bot->db);
    int code = finish(bot, matter_return(&bot->office, id, by, matter_option_why(), error), error);
    return say(cli, bot, id, code, "已退回，又是草稿，修改意见会告诉经办人");
}

static int close_matter(struct cli *cli, struct bot *bot, gint64 id, GError **error)
{
    db_begin(bot->db);
    int code = finish(bot, matter_close(&bot->office, id, error), error);
    return say(cli, bot, id, code, "已办结，不再催办");
}

static int cancel(struct cli *cli, struct bot *bot, gint64 id, GError **error)
{
    db_begin(bot->db);
    int code = finish(bot, matter_cancel(&bot->office, id, error), error);
    return say(cli, bot, id, code, "已撤销，未发出的邮件已取消");
}

static gboolean named_units(struct cli *cli, struct bot *bot, GArray *units, GError **error)
{
    for (int i = 1; i < cli->argc; i++) {
        gint64 unit = cli_unit(&bot->office, cli->argv[i], error);
        if (unit == 0)
            return FALSE;
        g_array_append_val(units, unit);
    }
    if (matter_option_unit() != NULL) {
        gint64 unit = cli_unit(&bot->office, matter_option_unit(), error);
        if (unit == 0)
            return FALSE;
        g_array_append_val(units, unit);
    }
    return TRUE;
}

static int extend(struct cli *cli, struct bot *bot, gint64 id, GError **error)
{
    g_autoptr(GArray) units = g_array_new(FALSE, FALSE, sizeof(gint64));
    if (matter_option_deadline() == NULL) {
        fault_set(error, FAULT_REFUSED, "请写明新的截止时间：--deadline 2019-06-25");
        return FAULT_REFUSED;
    }
    g_autofree char *deadline = deadline_normalize(matter_option_deadline(), error);
    if (deadline == NULL || !named_units(cli, bot, units, error))
        return FAULT_REFUSED;
    db_begin(bot->db);
    gboolean ok = units->len > 0 || matter_prolong(&bot->office, id, 0, deadline, error);
    for (guint i = 0; ok && i < units->len; i++) {
        gint64 unit = g_array_index(units, gint64, i);
        struct assignment *a = assignment_get(bot->db, id, unit);
        ok = a != NULL ? matter_prolong(&bot->office, id, unit, deadline, error)
                       : fault_set(error, FAULT_REFUSED, "该事项没有发给这个单位");
        assignment_free(a);
    }
    g_autofree char *done = g_strdup_printf("截止时间改为 %s", deadline);
    return say(cli, bot, id, finish(bot, ok, error), done);
}

static int exempt(struct cli *cli, struct bot *bot, gint64 id, GError **error)
{
    g_autoptr(GArray) units = g_array_new(FALSE, FALSE, sizeof(gint64));
    if (!named_units(cli, bot, units, error))
        return FAULT_REFUSED;
    if (units->len == 0) {
        fault_set(error, FAULT_REFUSED, "请写明单位：lianluo matter exempt 事项 单位…");
        return FAULT_REFUSED;
    }
    db_begin(bot->db);
    gboolean ok = TRUE;
    for (guint i = 0; ok && i < units->len; i++)
        ok = matter_exempt(&bot->office, id, g_array_index(units, gint64, i), matter_option_why(),
                           error);
    return say(cli, bot, id, finish(bot, ok, error), "已免报");
}

static int settle(struct cli *cli, struct bot *bot, gint64 id, GError **error)
{
    int deemed = 0, blocked = 0;
    db_begin(bot->db);
    int code = finish(bot, matter_settle(&bot->office, id, &deemed, &blocked, error), error);
    g_autofree char *done =
        g_strdup_printf("%d 个单位记为视为无异议%s", deemed,
                        blocked > 0 ? "；还有单位暂不能认定，原因见 lianluo review list" : "");
    return say(cli, bot, id, code, done);
}

static int run(struct cli *cli, GError **error)
{
    static const char *const verbs[] = { "new",    "list",   "show",   "issue",  "close",
                                         "cancel", "extend", "exempt", "settle", "submit",
                                         "sign",   "return", NULL };
    static int (*const acts[])(struct cli *, struct bot *, gint64,
                               GError **) = { show,   issue,  close_matter, cancel, extend,
                                              exempt, settle, submit,       sign,   give_back };
    int code = FAULT_REFUSED, verb = cli_verb(cli, verbs, error);
    struct bot *bot = verb >= 0 ? bot_open(cli->dir, error) : NULL;
    if (bot != NULL && verb == 0)
        code = matter_new(cli, bot, error);
    else if (bot != NULL && verb == 1)
        code = list(cli, bot, error);
    else if (bot != NULL &&
             cli_expect(cli, 1, verb == 6 || verb == 7 ? 100 : 1, "matter 做什么 事项", error)) {
        gint64 id = cli_matter(bot->db, cli->argv[0], error);
        if (id != 0)
            code = acts[verb - 2](cli, bot, id, error);
    }
    bot_close(bot);
    return code;
}

const struct command command_matter = {
    .name = "matter",
    .summary = "事项：新建、查看、发出、改期、免报、认定、办结、撤销",
    .help =
        "用法：lianluo matter new --from 通知.docx [附件…]\n"
        "      lianluo matter new --title 标题 --notice 正文.txt [--number 文号] [--kind 种类]\n"
        "               [--deadline 2019-06-21] [--require electronic,paper]\n"
        "               [--silence deemed|none] [--silence-text 原句] [--annex 文件]…\n"
        "               [--units all|单位,单位…]\n"
        "      lianluo matter list | show 事项 | issue 事项 | close 事项 | cancel 事项\n"
        "      lianluo matter extend 事项 [单位…] --deadline 2019-06-25\n"
        "      lianluo matter exempt 事项 单位… [--why 理由]\n"
        "      lianluo matter submit 事项 | sign 事项 | return 事项 --why 修改意见\n"
        "      lianluo matter settle 事项\n\n"
        "--from 从通知本身读出标题、文号、截止、要求、主送等，连同原句和需要核对的地方显示出来；\n"
        "读得不对的用 --title、--deadline 等写明。\n"
        "种类：consultation 征求意见、report 材料报送、meeting 会议、agenda 议题征集、notice "
        "通知、\n"
        "follow_up 督办。--silence deemed 表示逾期视为无异议：通知里要有这样的句子，或用\n"
        "--silence-text 写明。settle 由人确认：把期满未反馈的单位记为视为无异议；凡可能已有\n"
        "反馈的（待办里、未读的、纸质件、退信）都不认定。\n"
        "名册里有签发人时，发出前先 submit "
        "送签：签发人收到邮件，回复“同意签发”加确认码就签发并发出，\n"
        "回复“退回”就退回修改；也可以用 sign、return 登记。送签以后有任何变动，签发作废。\n"
        "不需要签发的，把 [deliver] sign_off 设为 no。\n",
    .options = matter_options,
    .writes = TRUE,
    .run = run,
};
