/* lianluo log: every change, as it was recorded. */
#include "bot/bot.h"

#include <stdio.h>

static int option_last = 50;
static const GOptionEntry options[] = {
    { "last", 'n', 0, G_OPTION_ARG_INT, &option_last, NULL, NULL },
    { NULL },
};

struct printer {
    struct db *db;
    json_t *all; /* NULL: print lines */
};

static void each(void *context, const struct event *e)
{
    struct printer *p = context;
    if (p->all != NULL) {
        json_array_append_new(
            p->all, json_pack("{sI so ss ss so so so so}", "id", (json_int_t)e->id, "at",
                              json_instant(e->at), "what", e->what, "text", e->text, "matter",
                              json_id(e->matter), "unit", json_unit(p->db, e->unit), "message",
                              json_id(e->message), "outbox", json_id(e->outbox)));
        return;
    }
    g_autofree char *when = instant_local(e->at);
    g_autofree char *what = text_pad(e->what, 22);
    g_autofree char *name = e->unit != 0 ? unit_label(p->db, e->unit) : g_strdup("");
    g_autofree char *text = text_printable(e->text);
    printf("%s  %s", when, what);
    if (e->matter != 0)
        printf(" 事项 %" G_GINT64_FORMAT, e->matter);
    if (e->message != 0)
        printf(" 来信 #%" G_GINT64_FORMAT, e->message);
    if (e->outbox != 0)
        printf(" 发件 #%" G_GINT64_FORMAT, e->outbox);
    printf(" %s %s\n", name, text);
}

static int run(struct cli *cli, GError **error)
{
    if (!cli_expect(cli, 0, 1, "log [事项] [--last 条数]", error))
        return FAULT_REFUSED;
    struct db *db = db_open(cli->dir, error);
    if (db == NULL)
        return FAULT_REFUSED;
    struct printer printer = { .db = db, .all = cli->json ? json_array() : NULL };
    gint64 matter = cli->argc > 0 ? cli_matter(db, cli->argv[0], error) : 0;
    int code = cli->argc > 0 && matter == 0 ? FAULT_REFUSED : EXIT_DONE;
    if (code == EXIT_DONE) {
        event_each(db, matter, option_last, each, &printer);
        if (cli->json)
            print_json(json_pack("{sO}", "events", printer.all));
    }
    json_decref(printer.all);
    db_close(db);
    return code;
}

const struct command command_log = {
    .name = "log",
    .summary = "办过的每一步，按时间",
    .help = "用法：lianluo log [事项] [--last 条数] [--json]\n\n默认最近 50 条。\n",
    .options = options,
    .run = run,
};
