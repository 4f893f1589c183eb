/* lianluo inbox: what reached the mailbox, and what became of it. */
#include "bot/bot.h"

#include <stdio.h>

enum { ASSIGNED_MAX = 102 }; /* a message, matters, units */

static gboolean option_review, option_raw;
static char *option_stance;
static const GOptionEntry options[] = {
    { "review", 0, 0, G_OPTION_ARG_NONE, &option_review, NULL, NULL },
    { "raw", 0, 0, G_OPTION_ARG_NONE, &option_raw, NULL, NULL },
    { "stance", 0, 0, G_OPTION_ARG_STRING, &option_stance, NULL, NULL },
    { NULL },
};

/* The sides beside its own: [{matter, unit}]. */
static json_t *sides_json(struct db *db, const GArray *sides)
{
    json_t *list = json_array();
    for (guint i = 0; i < sides->len; i++) {
        const struct side *side = &g_array_index(sides, struct side, i);
        json_array_append_new(list, json_pack("{so so}", "matter", json_id(side->matter), "unit",
                                              json_unit(db, side->unit)));
    }
    return list;
}

static json_t *message_json(struct db *db, const struct message *m)
{
    g_autoptr(GArray) filed = side_list(db, m->id, TRUE);
    g_autoptr(GArray) proposed = side_list(db, m->id, FALSE);
    return json_pack(
        "{sI so ss so so so so so so so so s{so so so} so so sb}", "id", (json_int_t)m->id,
        "message_id", json_text(m->message_id), "sha256", m->sha256, "received",
        json_instant(m->received_at), "from", json_text(m->sender), "subject",
        json_text(m->subject), "kind", json_text(m->kind), "verdict", json_text(m->verdict),
        "matter", json_id(m->matter), "unit", json_unit(db, m->unit), "also", sides_json(db, filed),
        "proposal", "matter", json_id(m->proposed_matter), "unit", json_unit(db, m->proposed_unit),
        "also", sides_json(db, proposed), "reason", json_text(m->reason), "stance",
        m->stance >= 0 ? json_string(stance_text((enum stance)m->stance)) : json_null(), "history",
        m->history);
}

/* The units that it counts for, or seems to; NULL: none. The caller frees. */
static char *names_of(struct db *db, const struct message *m)
{
    g_autoptr(GArray) sides = side_list(db, m->id, m->unit != 0);
    gint64 unit = m->unit != 0 ? m->unit : m->proposed_unit, last = unit;
    g_autofree char *first = unit != 0 ? unit_label(db, unit) : NULL;
    g_autoptr(GString) names = g_string_new(first);
    for (guint i = 0; i < sides->len; i++) {
        const struct side *side = &g_array_index(sides, struct side, i);
        g_autofree char *name =
            side->unit != unit && side->unit != last ? unit_label(db, side->unit) : NULL;
        if (name != NULL)
            g_string_append_printf(names, "、%s", name);
        last = side->unit;
    }
    return names->len > 0 ? g_strdup(names->str) : NULL;
}

static void print_line(struct db *db, const struct message *m)
{
    g_autofree char *received = instant_local(m->received_at);
    g_autofree char *sender = text_pad(m->sender != NULL ? m->sender : "", 26);
    g_autofree char *subject = text_pad(m->subject != NULL ? m->subject : "", 40);
    g_autofree char *name = names_of(db, m);
    g_autofree char *reason = text_printable(m->reason != NULL ? m->reason : "未处理");
    printf("#%-4" G_GINT64_FORMAT " %s %s %s %s%s%s\n", m->id, received, sender, subject,
           name != NULL ? name : "", name != NULL ? "：" : "", reason);
}

static int list(struct cli *cli, struct bot *bot, GError **error)
{
    if (!cli_expect(cli, 0, 0, "inbox list [--review]", error))
        return FAULT_REFUSED;
    g_autoptr(GArray) ids = message_list(bot->db, option_review);
    json_t *all = json_array();
    gboolean waits = FALSE;
    for (guint i = 0; i < ids->len; i++) {
        struct message *m = message_get(bot->db, g_array_index(ids, gint64, i));
        waits = waits || g_strcmp0(m->verdict, "review") == 0;
        if (cli->json)
            json_array_append_new(all, message_json(bot->db, m));
        else
            print_line(bot->db, m);
        message_free(m);
    }
    if (cli->json)
        print_json(json_pack("{sO}", "messages", all));
    json_decref(all);
    return waits ? EXIT_WAITS : EXIT_DONE;
}

static int show_raw(struct bot *bot, const struct message *m, GError **error)
{
    g_autoptr(GBytes) bytes = raw_get(bot->db, m->sha256, error);
    gsize n;
    if (bytes == NULL)
        return FAULT_WORLD;
    const void *data = g_bytes_get_data(bytes, &n);
    fwrite(data, 1, n, stdout);
    return EXIT_DONE;
}

static void print_evidence(void *context, const struct evidence *e)
{
    g_autofree char *text = text_printable(e->text);
    printf("依据：%s（%d）%s\n", e->rule, e->weight, text);
}

static void print_attachment(void *context, const struct attachment_row *a)
{
    printf("附件：%s（%s，%" G_GINT64_FORMAT " 字节）\n", a->filename, a->content_type, a->size);
}

static void print_text(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line != NULL; line++) {
        g_autofree char *printable = text_printable(*line);
        puts(printable);
    }
}

static int show(struct cli *cli, struct bot *bot, struct message *m, GError **error)
{
    if (option_raw)
        return show_raw(bot, m, error);
    struct mail *mail = stored_mail(bot->db, m->sha256, FALSE, error);
    if (mail == NULL)
        return FAULT_WORLD;
    if (cli->json) {
        json_t *json = message_json(bot->db, m);
        json_object_set_new(json, "mail", mail_json(mail));
        print_json(json);
    } else {
        g_autofree char *received = instant_local(m->received_at);
        g_autofree char *subject = text_printable(mail->subject);
        g_autofree char *reason = text_printable(m->reason != NULL ? m->reason : "未处理");
        printf("来信 #%" G_GINT64_FORMAT "\n收到：%s\n发件人：%s\n主题：%s\n处理：%s\n", m->id,
               received, m->sender != NULL ? m->sender : "", subject, reason);
        evidence_each(bot->db, m->id, print_evidence, NULL);
        attachment_each(bot->db, m->id, print_attachment, NULL);
        putchar('\n');
        print_text(mail->text);
    }
    mail_free(mail);
    return EXIT_DONE;
}

static int finish(struct cli *cli, struct bot *bot, gint64 id, gboolean ok, GError **error)
{
    if (!ok) {
        db_rollback(bot->db);
        return FAULT_REFUSED;
    }
    if (!db_commit(bot->db, error))
        return FAULT_WORLD;
    struct message *m = message_get(bot->db, id);
    if (cli->json)
        print_json(message_json(bot->db, m));
    else
        print_line(bot->db, m);
    message_free(m);
    return EXIT_DONE;
}

/* "1、2" or "1,2": one of several matters, unless a title is written so. FALSE: one is unknown. */
static gboolean add_matters(struct bot *bot, const char *text, GArray *matters, GError **error)
{
    gboolean one = matter_find(bot->db, text) != 0;
    g_auto(GStrv) words =
        one ? g_strsplit(text, "\n", 1) : g_regex_split_simple("[、，,]", text, 0, 0);
    for (char **word = words; *word != NULL; word++) {
        gint64 matter = cli_matter(bot->db, g_strstrip(*word), error);
        if (matter == 0)
            return FALSE;
        g_array_append_val(matters, matter);
    }
    return TRUE;
}

/* Each unit that is named, in each matter; NULL: one is unknown. */
static GArray *named_sides(struct cli *cli, struct bot *bot, GError **error)
{
    g_autoptr(GArray) matters = g_array_new(FALSE, FALSE, sizeof(gint64));
    g_autoptr(GArray) sides = g_array_new(FALSE, FALSE, sizeof(struct side));
    if (!add_matters(bot, cli->argv[1], matters, error))
        return NULL;
    for (int u = 2; u < cli->argc; u++) {
        gint64 unit = cli_unit(&bot->office, cli->argv[u], error);
        if (unit == 0)
            return NULL;
        for (guint i = 0; i < matters->len; i++) {
            struct side side = { g_array_index(matters, gint64, i), unit };
            if (!side_in(sides, &side))
                g_array_append_val(sides, side);
        }
    }
    return g_steal_pointer(&sides);
}

static void print_settled(const struct settled *settled)
{
    if (settled->unclear)
        puts("已归到单位；态度还看不出来，请看原件后再加 --stance 登记一次");
    for (guint i = 0; i < settled->lessons->len; i++) {
        const struct lesson *lesson = settled->lessons->pdata[i];
        g_autofree char *said = text_printable(lesson->said);
        g_autofree char *text = text_printable(lesson->text);
        printf("%s。记错了：lianluo unit forget %s\n", said, text);
    }
}

static int assign(struct cli *cli, struct bot *bot, struct message *m, GError **error)
{
    if (!cli_expect(cli, 3, ASSIGNED_MAX, "inbox assign 来信 事项 单位… [--stance 态度]", error))
        return FAULT_REFUSED;
    g_autoptr(GArray) sides = named_sides(cli, bot, error);
    int stance = -1;
    struct settled settled;
    if (sides == NULL || (option_stance != NULL && (stance = cli_stance(option_stance, error)) < 0))
        return FAULT_REFUSED;
    struct mail *mail = stored_mail(bot->db, m->sha256, FALSE, error);
    if (mail == NULL)
        return FAULT_WORLD;
    db_begin(bot->db);
    gboolean ok = inbox_assign(&bot->office, m->id, sides, stance, mail, &settled, error);
    mail_free(mail);
    int code = finish(cli, bot, m->id, ok, error);
    if (code == EXIT_DONE && !cli->json)
        print_settled(&settled);
    settled_clear(&settled);
    return code;
}

static int ignore(struct cli *cli, struct bot *bot, struct message *m, GError **error)
{
    db_begin(bot->db);
    return finish(cli, bot, m->id, inbox_ignore(&bot->office, m->id, error), error);
}

static int on_message(struct cli *cli, struct bot *bot, int verb, GError **error)
{
    static int (*const acts[])(struct cli *, struct bot *, struct message *,
                               GError **) = { show, assign, ignore };
    if (!cli_expect(cli, 1, ASSIGNED_MAX, "inbox show|assign|ignore 来信 …", error))
        return FAULT_REFUSED;
    gint64 id = cli_number(cli->argv[0], "来信", error);
    struct message *m = id != 0 ? message_get(bot->db, id) : NULL;
    int code = FAULT_REFUSED;
    if (m != NULL)
        code = acts[verb - 1](cli, bot, m, error);
    else if (id != 0)
        fault_set(error, FAULT_REFUSED, "没有 #%" G_GINT64_FORMAT " 号来信：lianluo inbox list",
                  id);
    message_free(m);
    return code;
}

static int run(struct cli *cli, GError **error)
{
    static const char *const verbs[] = { "list", "show", "assign", "ignore", NULL };
    int code = FAULT_REFUSED, verb = cli_verb(cli, verbs, error);
    struct bot *bot = verb >= 0 ? bot_open(cli->dir, error) : NULL;
    if (bot != NULL)
        code = verb == 0 ? list(cli, bot, error) : on_message(cli, bot, verb, error);
    bot_close(bot);
    return code;
}

const struct command command_inbox = {
    .name = "inbox",
    .summary = "来信：列出、查看、登记到单位、忽略",
    .help =
        "用法：lianluo inbox list [--review] [--json]\n"
        "      lianluo inbox show 来信 [--raw]\n"
        "      lianluo inbox assign 来信 事项 单位… [--stance 态度]\n"
        "      lianluo inbox ignore 来信\n\n"
        "--review 只列等人处理的；--raw 原样输出收到的字节。assign 不写 --stance 时按信里说的；\n"
        "一封信代表几个单位的，把单位都写上；答复几个事项的，事项写作 1,2。\n"
        "态度：comments 有意见、no_comment 无意见、conditional 原则同意附条件、acknowledged "
        "签收、\n"
        "not_concerned 不涉及、extension 申请延期、question 询问、withdrawal 撤回。\n"
        "列出的来信里有等人处理的，退出码为 3。\n",
    .options = options,
    .writes = TRUE,
    .run = run,
};
