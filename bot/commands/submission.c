/* lianluo submission: what a unit handed in by another way than mail, and corrections of what was
 * understood. */
#include "bot/bot.h"

#include <stdio.h>

static char *option_stance, *option_how, *option_text, *option_file, *option_why;
static const GOptionEntry options[] = {
    { "stance", 0, 0, G_OPTION_ARG_STRING, &option_stance, NULL, NULL },
    { "how", 0, 0, G_OPTION_ARG_STRING, &option_how, NULL, NULL },
    { "text", 0, 0, G_OPTION_ARG_STRING, &option_text, NULL, NULL },
    { "file", 0, 0, G_OPTION_ARG_STRING, &option_file, NULL, NULL },
    { "why", 0, 0, G_OPTION_ARG_STRING, &option_why, NULL, NULL },
    { NULL },
};

static gboolean required_stance(int *stance, GError **error)
{
    if (option_stance == NULL)
        return fault_set(error, FAULT_REFUSED, "请写明态度：--stance comments|no_comment|…");
    *stance = cli_stance(option_stance, error);
    return *stance >= 0;
}

static gboolean given_how(int *how, GError **error)
{
    *how = how_of(option_how != NULL ? option_how : "paper");
    return (*how >= 0 && *how != HOW_MAIL) ||
           fault_set(error, FAULT_REFUSED, "--how 应是 fax、paper、phone、wecom、visit 或 scan");
}

static gboolean store_file(struct bot *bot, struct submission *s, GBytes **bytes, GError **error)
{
    g_autoptr(GError) cause = NULL;
    char *data;
    gsize n;
    if (option_file == NULL)
        return TRUE;
    if (!g_file_get_contents(option_file, &data, &n, &cause))
        return fault_set(error, FAULT_REFUSED, "读不到文件 %s：%s", option_file, cause->message);
    g_autofree char *base = g_path_get_basename(option_file);
    *bytes = g_bytes_new_take(data, n);
    s->filename = text_filename(base);
    s->sha256 = raw_file(bot->db, data, n, error);
    return s->sha256 != NULL;
}

/* Its opinions are those of the newest version. */
static gboolean submit(struct bot *bot, const struct submission *s, GError **error)
{
    if (!ledger_submit(&bot->office, s, error))
        return FALSE;
    struct submission *stored = submission_current(bot->db, s->matter, s->unit);
    opinions_file_stored(&bot->office, stored->id);
    submission_free(stored);
    return TRUE;
}

/* A seal on paper or by fax also settles the paper side. */
static gboolean record(struct bot *bot, const struct submission *s, GBytes *bytes, json_t *document,
                       GError **error)
{
    if (bytes != NULL)
        raw_row(bot->db, s->sha256, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    if (document != NULL)
        document_set(bot->db, s->sha256, document);
    gboolean paper = s->how == HOW_FAX || s->how == HOW_PAPER || s->how == HOW_SCAN;
    return submit(bot, s, error) && (!paper || ledger_paper(&bot->office, s->matter, s->unit,
                                                            s->how, (int)s->stance, error));
}

static int say(struct cli *cli, struct bot *bot, gint64 matter, gint64 unit)
{
    struct submission *s = submission_current(bot->db, matter, unit);
    struct assignment *a = assignment_get(bot->db, matter, unit);
    g_autofree char *name = unit_label(bot->db, unit);
    if (cli->json)
        print_json(json_pack("{so so si ss so ss}", "submission", json_id(s ? s->id : 0), "unit",
                             json_unit(bot->db, unit), "version", s ? s->version : 0, "status",
                             status_text(a->status), "stance",
                             s ? json_string(stance_text(s->stance)) : json_null(), "paper",
                             paper_text(a->paper)));
    else
        printf("%s：%s%s\n", name, status_chinese(a->status), a->late ? "（超期）" : "");
    submission_free(s);
    assignment_free(a);
    return EXIT_DONE;
}

static int add(struct cli *cli, struct bot *bot, GError **error)
{
    int stance = -1, how = -1;
    if (!cli_expect(cli, 2, 2, "submission add 事项 单位 --stance 态度 [--how 方式]", error) ||
        !required_stance(&stance, error) || !given_how(&how, error))
        return FAULT_REFUSED;
    gint64 matter = cli_matter(bot->db, cli->argv[0], error);
    gint64 unit = matter != 0 ? cli_unit(&bot->office, cli->argv[1], error) : 0;
    struct assignment *a = unit != 0 ? assignment_get(bot->db, matter, unit) : NULL;
    if (unit == 0)
        return FAULT_REFUSED;
    struct submission s = { .matter = matter,
                            .unit = unit,
                            .how = (enum how)how,
                            .stance = (enum stance)stance,
                            .text = option_text,
                            .received_at = clock_now() };
    s.late = a != NULL && a->deadline != NULL && s.received_at >= deadline_end(a->deadline);
    assignment_free(a);
    g_autoptr(GBytes) bytes = NULL;
    gboolean ok = store_file(bot, &s, &bytes, error);
    json_auto_t *document =
        ok && bytes != NULL ? document_of_bytes(bytes, s.filename, error) : NULL;
    ok = ok && (bytes == NULL || document != NULL);
    if (ok) {
        db_begin(bot->db);
        ok = record(bot, &s, bytes, document, error);
        if (!ok)
            db_rollback(bot->db);
    }
    g_free(s.filename);
    g_free(s.sha256);
    if (!ok)
        return FAULT_REFUSED;
    return db_commit(bot->db, error) ? say(cli, bot, matter, unit) : FAULT_WORLD;
}

static struct submission *named(struct cli *cli, struct bot *bot, GError **error)
{
    gint64 id = cli_number(cli->argv[0], "报送", error);
    struct submission *s = id != 0 ? submission_get(bot->db, id) : NULL;
    if (id != 0 && s == NULL)
        fault_set(error, FAULT_REFUSED,
                  "没有第 %" G_GINT64_FORMAT " 号报送：lianluo submission list 事项 单位", id);
    return s;
}

/* The corrected reading is a new version; the old one stays, void. */
static int correct(struct cli *cli, struct bot *bot, GError **error)
{
    int stance = -1;
    if (!cli_expect(cli, 1, 1, "submission correct 报送 --stance 态度", error) ||
        !required_stance(&stance, error))
        return FAULT_REFUSED;
    struct submission *s = named(cli, bot, error);
    if (s == NULL)
        return FAULT_REFUSED;
    db_begin(bot->db);
    gboolean ok = ledger_void(&bot->office, s->id, "更正对态度的判定", error);
    s->stance = (enum stance)stance;
    if (option_text != NULL) {
        g_free(s->text);
        s->text = g_strdup(option_text);
    }
    ok = ok && submit(bot, s, error);
    gint64 matter = s->matter, unit = s->unit;
    submission_free(s);
    if (!ok) {
        db_rollback(bot->db);
        return FAULT_REFUSED;
    }
    return db_commit(bot->db, error) ? say(cli, bot, matter, unit) : FAULT_WORLD;
}

static int void_one(struct cli *cli, struct bot *bot, GError **error)
{
    if (!cli_expect(cli, 1, 1, "submission void 报送 [--why 理由]", error))
        return FAULT_REFUSED;
    struct submission *s = named(cli, bot, error);
    if (s == NULL)
        return FAULT_REFUSED;
    gint64 matter = s->matter, unit = s->unit;
    db_begin(bot->db);
    gboolean ok = ledger_void(&bot->office, s->id, option_why ? option_why : "由人作废", error);
    submission_free(s);
    if (!ok) {
        db_rollback(bot->db);
        return FAULT_REFUSED;
    }
    return db_commit(bot->db, error) ? say(cli, bot, matter, unit) : FAULT_WORLD;
}

static json_t *submission_json(struct db *db, const struct submission *s)
{
    return json_pack("{sI si so so ss ss so so sb so so}", "id", (json_int_t)s->id, "version",
                     s->version, "unit", json_unit(db, s->unit), "message", json_id(s->message),
                     "how", how_text(s->how), "stance", stance_text(s->stance), "evidence",
                     json_text(s->evidence), "received", json_instant(s->received_at), "late",
                     s->late, "filename", json_text(s->filename), "voided",
                     json_instant(s->voided_at));
}

static void print_submission(const struct submission *s)
{
    g_autofree char *received = instant_local(s->received_at);
    g_autofree char *evidence = text_printable(s->evidence != NULL ? s->evidence : "");
    printf("%4" G_GINT64_FORMAT "  第 %d 版  %s  %s  %s%s%s  %s\n", s->id, s->version, received,
           how_chinese(s->how), stance_chinese(s->stance), s->late ? "（超期）" : "",
           s->voided_at != 0 ? "（已作废）" : "", evidence);
}

static int list(struct cli *cli, struct bot *bot, GError **error)
{
    if (!cli_expect(cli, 2, 2, "submission list 事项 单位", error))
        return FAULT_REFUSED;
    gint64 matter = cli_matter(bot->db, cli->argv[0], error);
    gint64 unit = matter != 0 ? cli_unit(&bot->office, cli->argv[1], error) : 0;
    if (unit == 0)
        return FAULT_REFUSED;
    g_autoptr(GPtrArray) all = submission_list(bot->db, matter, unit);
    json_t *array = json_array();
    for (guint i = 0; i < all->len; i++) {
        json_array_append_new(array, submission_json(bot->db, all->pdata[i]));
        if (!cli->json)
            print_submission(all->pdata[i]);
    }
    if (cli->json)
        print_json(json_pack("{sO}", "submissions", array));
    json_decref(array);
    return EXIT_DONE;
}

static int run(struct cli *cli, GError **error)
{
    static const char *const verbs[] = { "add", "correct", "void", "list", NULL };
    static int (*const acts[])(struct cli *, struct bot *, GError **) = { add, correct, void_one,
                                                                          list };
    int verb = cli_verb(cli, verbs, error);
    struct bot *bot = verb >= 0 ? bot_open(cli->dir, error) : NULL;
    int code = bot != NULL ? acts[verb](cli, bot, error) : FAULT_REFUSED;
    bot_close(bot);
    return code;
}

const struct command command_submission = {
    .name = "submission",
    .summary = "报送：登记邮件以外的反馈，更正判定，作废",
    .help =
        "用法：lianluo submission add 事项 单位 --stance 态度 [--how fax|paper|phone|wecom|visit]\n"
        "               [--text 内容] [--file 文件]\n"
        "      lianluo submission list 事项 单位\n"
        "      lianluo submission correct 报送 --stance 态度 [--text 内容]\n"
        "      lianluo submission void 报送 [--why 理由]\n\n"
        "方式为 fax、paper 时同时算纸质件已收到；带 --file 或方式为 wecom 的算电子件。\n"
        "--text 和 --file 里的修改意见会找出来，进意见汇总表。\n"
        "更正和作废都留痕：旧的一版还在，只是不再算数。\n",
    .options = options,
    .writes = TRUE,
    .run = run,
};
