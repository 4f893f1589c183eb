/* lianluo review: what waits for a person. */
#include "bot/bot.h"

#include <stdio.h>

static char *option_why;
static const GOptionEntry options[] = {
    { "why", 0, 0, G_OPTION_ARG_STRING, &option_why, NULL, NULL },
    { NULL },
};

static json_t *review_json(struct db *db, const struct review *r)
{
    return json_pack("{sI ss ss so so so so so ss?}", "id", (json_int_t)r->id, "reason", r->reason,
                     "text", r->text, "message", json_id(r->message), "outbox", json_id(r->outbox),
                     "matter", json_id(r->matter), "unit", json_unit(db, r->unit), "opened",
                     json_instant(r->opened_at), "due", r->due);
}

static void print_review(const struct review *r)
{
    g_autofree char *text = text_printable(r->text);
    g_autofree char *when = instant_local(r->opened_at);
    printf("%3" G_GINT64_FORMAT "  %s  ", r->id, when);
    if (r->message != 0)
        printf("来信 #%" G_GINT64_FORMAT "：", r->message);
    puts(text);
}

static int list(struct cli *cli, struct db *db, GError **error)
{
    if (!cli_expect(cli, 0, 0, "review list", error))
        return FAULT_REFUSED;
    g_autoptr(GPtrArray) reviews = review_list(db, 0);
    json_t *all = json_array();
    for (guint i = 0; i < reviews->len; i++) {
        json_array_append_new(all, review_json(db, reviews->pdata[i]));
        if (!cli->json)
            print_review(reviews->pdata[i]);
    }
    if (cli->json)
        print_json(json_pack("{sO}", "review", all));
    else if (reviews->len == 0)
        puts("没有待办");
    json_decref(all);
    return EXIT_DONE;
}

static int settle(struct cli *cli, struct db *db, GError **error)
{
    if (!cli_expect(cli, 1, 1, "review settle 待办 [--why 说明]", error))
        return FAULT_REFUSED;
    gint64 id = cli_number(cli->argv[0], "待办", error);
    if (id == 0)
        return FAULT_REFUSED;
    db_begin(db);
    if (!review_settle_one(db, id, option_why != NULL ? option_why : "由人处理")) {
        db_rollback(db);
        fault_set(error, FAULT_REFUSED,
                  "没有第 %" G_GINT64_FORMAT
                  " 号待办，或它是一封来信：来信请用 lianluo inbox assign 或 ignore",
                  id);
        return FAULT_REFUSED;
    }
    if (!db_commit(db, error))
        return FAULT_WORLD;
    if (!cli->json)
        puts("已处理");
    return EXIT_DONE;
}

static int run(struct cli *cli, GError **error)
{
    static const char *const verbs[] = { "list", "settle", NULL };
    int verb = cli_verb(cli, verbs, error);
    struct db *db = verb >= 0 ? db_open(cli->dir, error) : NULL;
    int code = FAULT_REFUSED;
    if (db != NULL)
        code = verb == 0 ? list(cli, db, error) : settle(cli, db, error);
    db_close(db);
    return code;
}

const struct command command_review = {
    .name = "review",
    .summary = "待办：列出等人处理的事，销去已办的",
    .help = "用法：lianluo review list [--json]\n"
            "      lianluo review settle 待办 [--why 说明]\n\n"
            "来信类的待办用 lianluo inbox assign 或 ignore 处理；其余办完后用 settle 销去。\n",
    .options = options,
    .writes = TRUE,
    .run = run,
};
