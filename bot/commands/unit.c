/* lianluo unit: the roster. */
#include "bot/commands/roster.h"

#include <stdio.h>
#include <string.h>

static gboolean option_dry_run, option_all;
static char *option_name, *option_short, *option_alias, *option_drop_alias;
static char *option_from;
static char *option_liaison, *option_email, *option_phone, *option_mobile, *option_role;
static const GOptionEntry options[] = {
    { "dry-run", 0, 0, G_OPTION_ARG_NONE, &option_dry_run, NULL, NULL },
    { "all", 0, 0, G_OPTION_ARG_NONE, &option_all, NULL, NULL },
    { "from", 0, 0, G_OPTION_ARG_FILENAME, &option_from, NULL, NULL },
    { "name", 0, 0, G_OPTION_ARG_STRING, &option_name, NULL, NULL },
    { "short-name", 0, 0, G_OPTION_ARG_STRING, &option_short, NULL, NULL },
    { "alias", 0, 0, G_OPTION_ARG_STRING, &option_alias, NULL, NULL },
    { "drop-alias", 0, 0, G_OPTION_ARG_STRING, &option_drop_alias, NULL, NULL },
    { "liaison", 0, 0, G_OPTION_ARG_STRING, &option_liaison, NULL, NULL },
    { "email", 0, 0, G_OPTION_ARG_STRING, &option_email, NULL, NULL },
    { "phone", 0, 0, G_OPTION_ARG_STRING, &option_phone, NULL, NULL },
    { "mobile", 0, 0, G_OPTION_ARG_STRING, &option_mobile, NULL, NULL },
    { "role", 0, 0, G_OPTION_ARG_STRING, &option_role, NULL, NULL },
    { NULL },
};

/* A workbook, or a table in a letter; what is not plain text begins with one of these. */
static gboolean is_document(const char *bytes, gsize n)
{
    return n >= 4 && (memcmp(bytes, "PK", 2) == 0 || memcmp(bytes, "\xD0\xCF\x11\xE0", 4) == 0);
}

static struct roster *roster_of_document(const char *path, GError **error)
{
    json_auto_t *document = document_of_file(path, error);
    if (document == NULL)
        return NULL;
    const char *unreadable = document_unreadable(document);
    if (unreadable == NULL)
        return option_from != NULL ? roster_of_annex(document, error)
                                   : roster_of_tables(json_object_get(document, "tables"), error);
    fault_set(error, FAULT_REFUSED, "%s", unreadable_chinese(unreadable));
    return NULL;
}

static struct roster *read_roster(const char *path, GError **error)
{
    g_autofree char *bytes = NULL;
    g_autoptr(GError) cause = NULL;
    gsize n;
    if (!g_file_get_contents(path, &bytes, &n, &cause)) {
        fault_set(error, FAULT_REFUSED, "读不到名册 %s：%s", path, cause->message);
        return NULL;
    }
    struct roster *roster = option_from != NULL || is_document(bytes, n)
                                ? roster_of_document(path, error)
                                : roster_of_csv(bytes, n, error);
    if (roster == NULL)
        g_prefix_error(error, "%s ", path);
    return roster;
}

static void print_line(const struct roster_line *line)
{
    static const enum roster_column shown[] = { COL_NAME, COL_LIAISON, COL_PHONE, COL_MOBILE,
                                                COL_EMAIL };
    printf("第 %d 行：", line->number);
    for (gsize i = 0; i < G_N_ELEMENTS(shown); i++) {
        g_autofree char *cell = text_printable(line->cells[shown[i]]);
        if (*cell != '\0')
            printf("%s%s", i > 0 ? "　" : "", cell);
    }
    putchar('\n');
}

static void print_import(const struct roster *roster, const struct roster_count *count)
{
    printf("%s新增 %d 个单位，更改 %d 个；新增联系方式 %d 个，停用 %d 个\n",
           option_dry_run ? "（试运行，没有保存）" : "", count->added, count->changed,
           count->contacts, count->ended);
    for (guint i = 0; option_from != NULL && i < roster->lines->len; i++)
        print_line(roster->lines->pdata[i]);
    for (guint i = 0; i < roster->notes->len; i++) {
        g_autofree char *text = text_printable(roster->notes->pdata[i]);
        printf("请核对：%s\n", text);
    }
}

static json_t *import_json(const struct roster *roster, const struct roster_count *count)
{
    json_t *notes = json_array();
    for (guint i = 0; i < roster->notes->len; i++)
        json_array_append_new(notes, json_string(roster->notes->pdata[i]));
    json_t *names = json_array();
    for (guint i = 0; i < roster->lines->len; i++)
        json_array_append_new(
            names,
            json_string(((const struct roster_line *)roster->lines->pdata[i])->cells[COL_NAME]));
    return json_pack("{si si si si sb so so}", "added", count->added, "changed", count->changed,
                     "contacts", count->contacts, "ended", count->ended, "dry_run", option_dry_run,
                     "names", names, "notes", notes);
}

static int import_roster(struct cli *cli, struct db *db, const char *path,
                         const struct roster *roster, GError **error)
{
    struct roster_count count = { 0 };
    db_begin(db);
    if (!roster_import(db, roster, &count, error)) {
        g_prefix_error(error, "%s ", path);
        db_rollback(db);
        return FAULT_REFUSED;
    }
    if (option_dry_run)
        db_rollback(db);
    else if (!db_commit(db, error))
        return FAULT_WORLD;
    if (cli->json)
        print_json(import_json(roster, &count));
    else
        print_import(roster, &count);
    return EXIT_DONE;
}

/* The roster is kept before the configuration is whole; then the city before a name is unknown. */
static gint64 unit_of(struct cli *cli, struct db *db, GError **error)
{
    struct policy nothing = { 0 };
    struct config *config = config_load(cli->dir, NULL);
    struct office office = { .db = db, .policy = config != NULL ? &config->policy : &nothing };
    gint64 id = cli_unit(&office, cli->argv[0], error);
    office_relax(&office);
    config_free(config);
    return id;
}

/* An annex calls a unit as it likes; one that is on the roster keeps its name. */
static void match_names(struct cli *cli, struct db *db, struct roster *roster)
{
    struct policy nothing = { 0 };
    struct config *config = config_load(cli->dir, NULL);
    struct office office = { .db = db, .policy = config != NULL ? &config->policy : &nothing };
    for (guint i = 0; i < roster->lines->len; i++) {
        struct roster_line *line = roster->lines->pdata[i];
        gint64 id = *line->cells[COL_CODE] == '\0' ? unit_named(&office, line->cells[COL_NAME]) : 0;
        struct unit *unit = id > 0 ? unit_get(db, id) : NULL;
        if (unit != NULL && !g_str_equal(unit->name, line->cells[COL_NAME])) {
            roster_note(roster, "第 %d 行的“%s”就是名册里的“%s”", line->number,
                        line->cells[COL_NAME], unit->name);
            g_free(line->cells[COL_NAME]);
            line->cells[COL_NAME] = g_strdup(unit->name);
        }
        unit_free(unit);
    }
    office_relax(&office);
    config_free(config);
}

static int import(struct cli *cli, struct db *db, GError **error)
{
    int paths = option_from != NULL ? 0 : 1;
    if (!cli_expect(cli, paths, paths,
                    "unit import 名册.xlsx|名册.csv [--dry-run]，或 unit import --from 附件",
                    error))
        return FAULT_REFUSED;
    const char *path = option_from != NULL ? option_from : cli->argv[0];
    struct roster *roster = read_roster(path, error);
    if (roster != NULL && option_from != NULL)
        match_names(cli, db, roster);
    int code = roster != NULL ? import_roster(cli, db, path, roster, error) : FAULT_REFUSED;
    roster_free(roster);
    return code;
}

static json_t *contact_json(const struct contact *c)
{
    return json_pack("{ss ss ss ss ss so}", "role", role_text(c->role), "name", c->name, "email",
                     c->email, "phone", c->phone, "mobile", c->mobile, "since",
                     json_instant(c->since));
}

static json_t *learnt_json(struct db *db, gint64 unit)
{
    json_t *list = json_array();
    g_autoptr(GPtrArray) all = learnt_list(db, unit);
    for (guint i = 0; i < all->len; i++) {
        const struct learnt *l = all->pdata[i];
        json_array_append_new(
            list, json_pack("{ss ss si so}", "what", l->what == LEARNT_NAME ? "name" : "address",
                            "text", l->text, "times", l->times, "last", json_instant(l->last_at)));
    }
    return list;
}

static json_t *unit_json(struct db *db, const struct unit *u)
{
    json_t *aliases = json_array(), *contacts = json_array();
    for (guint i = 0; i < u->aliases->len; i++)
        json_array_append_new(aliases, json_string(u->aliases->pdata[i]));
    for (guint i = 0; i < u->contacts->len; i++)
        json_array_append_new(contacts, contact_json(u->contacts->pdata[i]));
    return json_pack("{ss ss ss so so so so}", "code", u->code, "name", u->name, "short_name",
                     u->short_name, "aliases", aliases, "contacts", contacts, "learnt",
                     learnt_json(db, u->id), "retired_at", json_instant(u->retired_at));
}

static void print_unit_line(struct db *db, const struct unit *u)
{
    const struct contact *first = u->contacts->len > 0 ? u->contacts->pdata[0] : NULL;
    g_autofree char *code = text_pad(u->code, 8);
    g_autofree char *name = text_pad(u->name, 28);
    g_autofree char *liaison = text_pad(first != NULL ? first->name : "", 10);
    gboolean mail = FALSE;
    printf("%s %s %s", code, name, liaison);
    for (guint i = 0; i < u->contacts->len; i++) {
        const struct contact *c = u->contacts->pdata[i];
        if (*c->email != '\0')
            printf("%s%s", mail ? "；" : " ", c->email);
        mail = mail || *c->email != '\0';
    }
    printf("%s%s", mail ? "" : " 【没有邮箱】", u->retired_at != 0 ? " （已退出）" : "");
    g_autoptr(GPtrArray) learnt = learnt_list(db, u->id);
    for (guint i = 0; i < learnt->len; i++) {
        g_autofree char *text = text_printable(((const struct learnt *)learnt->pdata[i])->text);
        printf("%s%s", i == 0 ? "　记住的：" : "、", text);
    }
    putchar('\n');
}

static int list(struct cli *cli, struct db *db, GError **error)
{
    if (!cli_expect(cli, 0, 0, "unit list [--all]", error))
        return FAULT_REFUSED;
    g_autoptr(GPtrArray) units = unit_list(db, option_all);
    json_t *array = json_array();
    for (guint i = 0; i < units->len; i++) {
        json_array_append_new(array, unit_json(db, units->pdata[i]));
        if (!cli->json)
            print_unit_line(db, units->pdata[i]);
    }
    if (cli->json)
        print_json(json_pack("{so}", "units", array));
    else
        json_decref(array);
    return EXIT_DONE;
}

static void print_unit(struct db *db, const struct unit *u)
{
    printf("代码：%s\n名称：%s\n简称：%s\n", u->code, u->name, u->short_name);
    for (guint i = 0; i < u->aliases->len; i++)
        printf("别名：%s\n", (char *)u->aliases->pdata[i]);
    for (guint i = 0; i < u->contacts->len; i++) {
        const struct contact *c = u->contacts->pdata[i];
        g_autofree char *since = instant_local(c->since);
        printf("%s：%s　邮箱 %s　电话 %s　手机 %s（自 %s）\n", role_chinese(c->role), c->name,
               *c->email != '\0' ? c->email : "无", c->phone, c->mobile, since);
    }
    g_autoptr(GPtrArray) learnt = learnt_list(db, u->id);
    for (guint i = 0; i < learnt->len; i++) {
        const struct learnt *l = learnt->pdata[i];
        g_autofree char *text = text_printable(l->text);
        g_autofree char *last = instant_local(l->last_at);
        printf("记住的%s：%s（登记 %d 次，最近 %s）\n", l->what == LEARNT_NAME ? "叫法" : "邮箱",
               text, l->times, last);
    }
    if (u->retired_at != 0)
        puts("已退出");
}

static int show(struct cli *cli, struct db *db, GError **error)
{
    if (!cli_expect(cli, 1, 1, "unit show 单位", error))
        return FAULT_REFUSED;
    gint64 id = unit_of(cli, db, error);
    if (id == 0)
        return FAULT_REFUSED;
    struct unit *unit = unit_get(db, id);
    if (cli->json)
        print_json(unit_json(db, unit));
    else
        print_unit(db, unit);
    unit_free(unit);
    return EXIT_DONE;
}

static gboolean edit_contact(struct db *db, const struct unit *unit, GError **error)
{
    if (option_liaison == NULL && option_email == NULL && option_phone == NULL &&
        option_mobile == NULL)
        return TRUE;
    int role = option_role != NULL ? role_of(option_role) : ROLE_LIAISON;
    if (role < 0)
        return fault_set(error, FAULT_REFUSED, "角色“%s”应是 联络员、经办 或 签发", option_role);
    if (option_email != NULL && *option_email != '\0' && !text_is_address(option_email))
        return fault_set(error, FAULT_REFUSED, "邮箱“%s”不对", option_email);
    struct contact contact = { .role = (enum role)role,
                               .name = option_liaison,
                               .email = option_email,
                               .phone = option_phone,
                               .mobile = option_mobile,
                               .since = clock_now() };
    char **slots[] = { &contact.name, &contact.email, &contact.phone, &contact.mobile };
    for (guint i = 0; i < unit->contacts->len; i++) {
        const struct contact *old = unit->contacts->pdata[i];
        if (old->role != contact.role)
            continue;
        char *values[] = { old->name, old->email, old->phone, old->mobile };
        for (size_t k = 0; k < G_N_ELEMENTS(slots); k++)
            if (*slots[k] == NULL)
                *slots[k] = values[k];
        contact_end(db, old->id, clock_now());
    }
    for (size_t k = 0; k < G_N_ELEMENTS(slots); k++)
        if (*slots[k] == NULL)
            *slots[k] = (char *)"";
    contact_add(db, unit->id, &contact);
    return TRUE;
}

static int edit(struct cli *cli, struct db *db, GError **error)
{
    if (!cli_expect(cli, 1, 1, "unit edit 单位 [--name …] [--email …] …", error))
        return FAULT_REFUSED;
    gint64 id = unit_of(cli, db, error);
    if (id == 0)
        return FAULT_REFUSED;
    struct unit *unit = unit_get(db, id);
    db_begin(db);
    if (option_name != NULL || option_short != NULL)
        unit_rename(db, id, option_name != NULL ? option_name : unit->name,
                    option_short != NULL ? option_short : unit->short_name);
    if (option_alias != NULL)
        unit_add_alias(db, id, option_alias);
    if (option_drop_alias != NULL)
        unit_drop_alias(db, id, option_drop_alias);
    gboolean ok = edit_contact(db, unit, error);
    unit_free(unit);
    if (!ok) {
        db_rollback(db);
        return FAULT_REFUSED;
    }
    return db_commit(db, error) ? show(cli, db, error) : FAULT_WORLD;
}

static int retire(struct cli *cli, struct db *db, GError **error)
{
    if (!cli_expect(cli, 1, 1, "unit retire 单位", error))
        return FAULT_REFUSED;
    gint64 id = unit_of(cli, db, error);
    if (id == 0)
        return FAULT_REFUSED;
    g_autofree char *code = unit_code(db, id);
    if (g_strcmp0(code, UNIT_OFFICE) == 0) {
        fault_set(error, FAULT_REFUSED, "办公室自己不能退出");
        return FAULT_REFUSED;
    }
    db_begin(db);
    unit_set_retired(db, id, clock_now());
    if (!db_commit(db, error))
        return FAULT_WORLD;
    return show(cli, db, error);
}

static int forget(struct cli *cli, struct db *db, GError **error)
{
    if (!cli_expect(cli, 1, 1, "unit forget 叫法|邮箱", error))
        return FAULT_REFUSED;
    db_begin(db);
    if (!learnt_forget(db, cli->argv[0])) {
        db_rollback(db);
        fault_set(error, FAULT_REFUSED, "没有记过“%s”，请看 lianluo unit list", cli->argv[0]);
        return FAULT_REFUSED;
    }
    if (!db_commit(db, error))
        return FAULT_WORLD;
    if (!cli->json)
        puts("已忘记，以后不再凭它认单位；已登记的来信不变");
    return EXIT_DONE;
}

static int run(struct cli *cli, GError **error)
{
    static const char *const verbs[] = {
        "import", "list", "show", "edit", "retire", "forget", NULL
    };
    static int (*const acts[])(struct cli *, struct db *, GError **) = { import, list,   show,
                                                                         edit,   retire, forget };
    int verb = cli_verb(cli, verbs, error);
    struct db *db = verb >= 0 ? db_open(cli->dir, error) : NULL;
    int code = db != NULL ? acts[verb](cli, db, error) : FAULT_REFUSED;
    db_close(db);
    return code;
}

const struct command command_unit = {
    .name = "unit",
    .summary = "单位名册：导入、列出、查看、修改、退出",
    .help =
        "用法：lianluo unit import 名册.xlsx|名册.csv [--dry-run]\n"
        "      lianluo unit import --from 附件.docx [--dry-run]\n"
        "      lianluo unit list [--all] | show 单位 | retire 单位 | forget 叫法|邮箱\n"
        "      lianluo unit edit 单位 [--name 全称] [--short-name 简称] [--alias 别名]\n"
        "                   [--drop-alias 别名] [--liaison 姓名] [--email 邮箱] [--phone 电话]\n"
        "                   [--mobile 手机] [--role 联络员|经办|签发]\n\n"
        "名册的列按表头认：代码、单位、简称、别名、联络员、邮箱、电话、手机、角色；CSV 用 UTF-8 或 "
        "GBK。\n"
        "表头上面可以有标题；合并的单位格、一格几个邮箱、全角数字都认，没有导入的行逐一列出。\n"
        "--from "
        "从通知的附件里读出单位：成员单位或联络员名单（.docx、.xlsx、.txt、.pdf，表格或逐行）、"
        "\n各单位的职责；读出的和没有认出的都逐行列出，先用 --dry-run 看。\n"
        "forget 忘掉登记来信时记住的叫法或邮箱（unit show 里写作“记住的”）。\n"
        "只有单位名称必填；再次导入按代码、其次按全称更新，旧联系方式注明停用日期，不删除任何单位。"
        "\n"
        "角色为 经办 或 签发 的人属于办公室（office）。\n",
    .options = options,
    .writes = TRUE,
    .run = run,
};
