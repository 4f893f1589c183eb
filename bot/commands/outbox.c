/* lianluo outbox: what we owe, and what became of it. */
#include "bot/bot.h"

#include <stdio.h>
#include <unistd.h>

static char *option_state, *option_matter;
static gboolean option_eml, option_html, option_all;
static const GOptionEntry options[] = {
    { "state", 0, 0, G_OPTION_ARG_STRING, &option_state, NULL, NULL },
    { "matter", 0, 0, G_OPTION_ARG_STRING, &option_matter, NULL, NULL },
    { "eml", 0, 0, G_OPTION_ARG_NONE, &option_eml, NULL, NULL },
    { "html", 0, 0, G_OPTION_ARG_NONE, &option_html, NULL, NULL },
    { "all", 0, 0, G_OPTION_ARG_NONE, &option_all, NULL, NULL },
    { NULL },
};

static json_t *row_json(struct db *db, const struct outbox *o)
{
    json_t *to = json_array();
    for (guint i = 0; i < o->recipients->len; i++)
        json_array_append_new(to, json_string(o->recipients->pdata[i]));
    json_t *json = json_pack(
        "{sI ss ss ss ss so so so so ss si so so so so so}", "id", (json_int_t)o->id, "key", o->key,
        "channel", o->channel, "kind", o->kind, "state", outbox_state_text(o->state), "matter",
        json_id(o->matter), "unit", json_unit(db, o->unit), "to", to, "message_id",
        json_text(o->message_id), "subject", o->subject, "attempts", o->attempts, "created",
        json_instant(o->created_at), "next", json_instant(o->next_at), "sent",
        json_instant(o->sent_at), "code", json_id(o->code), "reply", json_text(o->reply));
    return json;
}

static void print_row(const struct outbox *o)
{
    g_autofree char *state = text_pad(outbox_state_chinese(o->state), 12);
    g_autofree char *kind = text_pad(o->kind, 9);
    g_autofree char *more =
        o->recipients->len > 1 ? g_strdup_printf(" 等%u个", o->recipients->len) : g_strdup("");
    g_autofree char *first =
        g_strconcat(o->recipients->len > 0 ? o->recipients->pdata[0] : "企业微信", more, NULL);
    g_autofree char *to = text_pad(first, 30);
    g_autofree char *subject = text_pad(o->subject, 44);
    g_autofree char *reply =
        text_printable(o->state != OUT_SENT && o->reply != NULL ? o->reply : "");
    printf("%4" G_GINT64_FORMAT " %s %s %s %s %s\n", o->id, state, kind, to, subject, reply);
}

static gboolean filter(struct bot *bot, int *state, gint64 *matter, GError **error)
{
    *state = option_state != NULL ? outbox_state_of(option_state) : -1;
    *matter = 0;
    if (option_state != NULL && *state < 0)
        return fault_set(
            error, FAULT_REFUSED,
            "没有“%s”这种状态：queued、held、sending、sent、deferred、failed、uncertain、"
            "cancelled",
            option_state);
    if (option_matter != NULL)
        *matter = cli_matter(bot->db, option_matter, error);
    return option_matter == NULL || *matter != 0;
}

static int list(struct cli *cli, struct bot *bot, GError **error)
{
    int state;
    gint64 matter;
    if (!cli_expect(cli, 0, 0, "outbox list [--state 状态] [--matter 事项]", error) ||
        !filter(bot, &state, &matter, error))
        return FAULT_REFUSED;
    g_autoptr(GArray) ids = outbox_list(bot->db, state, matter);
    json_t *all = json_array();
    for (guint i = 0; i < ids->len; i++) {
        struct outbox *o = outbox_get(bot->db, g_array_index(ids, gint64, i));
        json_array_append_new(all, row_json(bot->db, o));
        if (!cli->json)
            print_row(o);
        outbox_free(o);
    }
    if (cli->json)
        print_json(json_pack("{sO}", "outbox", all));
    json_decref(all);
    return EXIT_DONE;
}

static int show(struct cli *cli, struct bot *bot, gint64 id, GError **error)
{
    struct outbox *o = outbox_get(bot->db, id);
    g_autofree char *text = notice_dated(&bot->office, o, o->text);
    g_autofree char *html = notice_dated(&bot->office, o, o->html);
    int code = EXIT_DONE;
    fflush(stdout);
    if (option_eml && o->message_id != NULL) {
        code = outbox_write(bot, o, STDOUT_FILENO, error) ? EXIT_DONE : FAULT_WORLD;
    } else if (cli->json) {
        json_t *json = row_json(bot->db, o);
        json_object_set_new(json, "text", json_string(text));
        json_object_set_new(json, "html", json_text(html));
        print_json(json);
    } else if (option_html) {
        fputs(html != NULL ? html : text, stdout);
    } else {
        printf("发件 #%" G_GINT64_FORMAT "　%s\n", o->id, outbox_state_chinese(o->state));
        for (guint i = 0; i < o->recipients->len; i++)
            printf("收件人：%s\n", (char *)o->recipients->pdata[i]);
        printf("主题：%s\n", o->subject);
        for (guint i = 0; i < o->enclosures->len; i++)
            printf("附件：%s\n", ((struct enclosure *)o->enclosures->pdata[i])->filename);
        if (o->reply != NULL)
            printf("服务器：%s\n", o->reply);
        printf("\n%s", text);
    }
    outbox_free(o);
    return code;
}

/* From which states a person may move a row, and to where. */
struct move {
    const char *name, *done;
    gboolean from[OUT_STATES];
    enum outbox_state to;
};
static const struct move moves[] = {
    { "release", "放行", { [OUT_HELD] = TRUE }, OUT_QUEUED },
    { "retry",
      "重新排队",
      { [OUT_FAILED] = TRUE, [OUT_UNCERTAIN] = TRUE, [OUT_DEFERRED] = TRUE },
      OUT_QUEUED },
    { "sent", "记为已送达", { [OUT_UNCERTAIN] = TRUE }, OUT_SENT },
    { "cancel",
      "取消",
      { [OUT_HELD] = TRUE,
        [OUT_QUEUED] = TRUE,
        [OUT_DEFERRED] = TRUE,
        [OUT_FAILED] = TRUE,
        [OUT_UNCERTAIN] = TRUE },
      OUT_CANCELLED },
};

static gboolean move_row(struct bot *bot, const struct move *move, gint64 id, GError **error)
{
    struct outbox *o = outbox_get(bot->db, id);
    gboolean ok = o != NULL && move->from[o->state];
    if (o == NULL)
        fault_set(error, FAULT_REFUSED, "没有第 %" G_GINT64_FORMAT " 号发件", id);
    else if (!ok)
        fault_set(error, FAULT_REFUSED, "第 %" G_GINT64_FORMAT " 号发件%s，不能%s", id,
                  outbox_state_chinese(o->state), move->done);
    else {
        if (move->to == OUT_SENT) {
            outbox_set_result(bot->db, id, OUT_SENT, 0, "由人核实已送达", 0);
            recipients_accept(bot->db, id);
            notice_left(&bot->office, o);
        } else {
            outbox_set_state(bot->db, id, move->to);
        }
        review_settle(bot->db, NULL, &(struct review){ .outbox = id }, move->done);
    }
    outbox_free(o);
    return ok;
}

/* Without numbers: release lets all held rows go, or those of one matter. */
static GArray *rows_to_move(struct cli *cli, struct bot *bot, const struct move *move,
                            GError **error)
{
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(gint64));
    for (int i = 0; i < cli->argc; i++) {
        gint64 id = cli_number(cli->argv[i], "发件", error);
        if (id == 0)
            return ids;
        g_array_append_val(ids, id);
    }
    gboolean all = move->to == OUT_QUEUED && move->from[OUT_HELD];
    if (cli->argc == 0 && (all || option_all || option_matter != NULL)) {
        int state;
        gint64 matter;
        if (!filter(bot, &state, &matter, error))
            return ids;
        for (int s = 0; s < OUT_STATES; s++) {
            g_autoptr(GArray) rows = outbox_list(bot->db, s, matter);
            if (move->from[s] && (state < 0 || state == s))
                g_array_append_vals(ids, rows->data, rows->len);
        }
    } else if (cli->argc == 0) {
        fault_set(error, FAULT_REFUSED, "请写明发件的编号，或 --all、--matter 事项");
    }
    return ids;
}

static int move_rows(struct cli *cli, struct bot *bot, const struct move *move, GError **error)
{
    GError *fault = NULL;
    g_autoptr(GArray) ids = rows_to_move(cli, bot, move, &fault);
    db_begin(bot->db);
    for (guint i = 0; fault == NULL && i < ids->len; i++)
        move_row(bot, move, g_array_index(ids, gint64, i), &fault);
    if (fault != NULL) {
        db_rollback(bot->db);
        g_propagate_error(error, fault);
        return FAULT_REFUSED;
    }
    if (!db_commit(bot->db, error))
        return FAULT_WORLD;
    if (cli->json)
        print_json(json_pack("{si}", "moved", (int)ids->len));
    else
        printf("%s %u 件\n", move->done, ids->len);
    return EXIT_DONE;
}

static int show_named(struct cli *cli, struct bot *bot, GError **error)
{
    if (!cli_expect(cli, 1, 1, "outbox show 发件 [--eml|--html]", error))
        return FAULT_REFUSED;
    gint64 id = cli_number(cli->argv[0], "发件", error);
    struct outbox *o = id != 0 ? outbox_get(bot->db, id) : NULL;
    if (id != 0 && o == NULL)
        fault_set(error, FAULT_REFUSED, "没有第 %" G_GINT64_FORMAT " 号发件", id);
    int code = o != NULL ? show(cli, bot, id, error) : FAULT_REFUSED;
    outbox_free(o);
    return code;
}

static int run(struct cli *cli, GError **error)
{
    static const char *const verbs[] = {
        "list", "show", "release", "retry", "sent", "cancel", NULL
    };
    int code = FAULT_REFUSED, verb = cli_verb(cli, verbs, error);
    struct bot *bot = verb >= 0 ? bot_open(cli->dir, error) : NULL;
    if (bot != NULL && verb == 0)
        code = list(cli, bot, error);
    else if (bot != NULL && verb == 1)
        code = show_named(cli, bot, error);
    else if (bot != NULL)
        code = move_rows(cli, bot, &moves[verb - 2], error);
    bot_close(bot);
    return code;
}

const struct command command_outbox = {
    .name = "outbox",
    .summary = "发件箱：列出、查看、放行、重发、取消",
    .help =
        "用法：lianluo outbox list [--state 状态] [--matter 事项] [--json]\n"
        "      lianluo outbox show 发件 [--eml|--html]\n"
        "      lianluo outbox release [发件…|--matter 事项]\n"
        "      lianluo outbox retry 发件…|--all\n"
        "      lianluo outbox sent 发件…\n"
        "      lianluo outbox cancel 发件…|--all|--matter 事项\n\n"
        "release 不写编号就放行全部暂存的；放行后由下次 tick 发出。状态不确定（uncertain）的不会\n"
        "自动重发：核实没有送达再 retry（Message-ID 不变），已送达就 sent。\n",
    .options = options,
    .writes = TRUE,
    .run = run,
};
