/* lianluo collation: the table of what all units want changed. */
#include "bot/bot.h"
#include "documents/documents.h"

#include <stdio.h>
#include <string.h>

static char *option_output;
static gboolean option_yes;
static const GOptionEntry options[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &option_output, NULL, NULL },
    { "yes", 0, 0, G_OPTION_ARG_NONE, &option_yes, NULL, NULL },
    { NULL },
};

static GBytes *take(char *text)
{
    return text != NULL ? g_bytes_new_take(text, strlen(text)) : NULL;
}

static GBytes *as_csv(struct bot *bot, json_t *collation, GError **error)
{
    return take(collation_csv(collation));
}

static GBytes *as_html(struct bot *bot, json_t *collation, GError **error)
{
    return take(collation_html(&bot->office, collation, error));
}

static GBytes *as_json(struct bot *bot, json_t *collation, GError **error)
{
    char *text = json_dumps(collation, JSON_INDENT(1));
    return g_bytes_new_with_free_func(text, strlen(text), free, text);
}

static GBytes *as_docx(struct bot *bot, json_t *collation, GError **error)
{
    json_auto_t *document = collation_docx(collation);
    return document_write(document, error);
}

static GBytes *as_xlsx(struct bot *bot, json_t *collation, GError **error)
{
    json_auto_t *document = collation_xlsx(collation);
    return document_write(document, error);
}

static const struct format {
    const char *extension;
    GBytes *(*make)(struct bot *bot, json_t *collation, GError **error);
} formats[] = {
    { ".xlsx", as_xlsx }, { ".docx", as_docx }, { ".html", as_html },
    { ".csv", as_csv },   { ".json", as_json },
};

static const struct format *format_of(const char *path, GError **error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(formats); i++)
        if (g_str_has_suffix(path, formats[i].extension))
            return &formats[i];
    g_autoptr(GString) known = g_string_new(NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(formats); i++)
        g_string_append_printf(known, "%s %s", i > 0 ? "、" : "", formats[i].extension);
    fault_set(error, FAULT_REFUSED, "不知道“%s”要写成哪种文件：文件名应以%s 结尾", path,
              known->str);
    return NULL;
}

static int write_file(struct bot *bot, json_t *collation, GError **error)
{
    const struct format *format = format_of(option_output, error);
    if (format == NULL)
        return FAULT_REFUSED;
    g_autoptr(GBytes) bytes = format->make(bot, collation, error);
    g_autoptr(GError) cause = NULL;
    gsize n = 0;
    if (bytes == NULL)
        return FAULT_WORLD;
    const char *data = g_bytes_get_data(bytes, &n);
    if (!g_file_set_contents(option_output, data, (gssize)n, &cause)) {
        fault_set(error, FAULT_WORLD, "写不了 %s：%s", option_output, cause->message);
        return FAULT_WORLD;
    }
    printf("%d 条意见已写入 %s\n", (int)json_array_size(json_object_get(collation, "rows")),
           option_output);
    return EXIT_DONE;
}

static void print_row(json_t *row)
{
    g_autoptr(GString) units = g_string_new(NULL);
    size_t i;
    json_t *unit;
    json_array_foreach (json_object_get(row, "units"), i, unit)
        g_string_append_printf(units, "%s%s", i > 0 ? "、" : "", json_string_value(unit));
    const char *clause = row_text(row, "clause"), *note = row_text(row, "note");
    gboolean certain = json_is_true(json_object_get(row, "certain"));
    g_autofree char *text = text_printable(row_text(row, "text"));
    printf("%3d  %s%s\n     %s（%s）%s%s%s%s\n",
           (int)json_integer_value(json_object_get(row, "number")),
           *clause != '\0' ? clause : "未能对应到条款",
           certain || *clause == '\0' ? "" : "（待核）", text, units->str,
           row_text(row, "disposition_text"), *note != '\0' ? "【" : "", note,
           *note != '\0' ? "】" : "");
}

static int show(struct bot *bot, struct cli *cli, GError **error)
{
    gint64 matter = cli_matter(bot->db, cli->argv[0], error);
    if (matter == 0)
        return FAULT_REFUSED;
    json_auto_t *collation = collation_json(&bot->office, matter);
    if (!db_ok(bot->db, error))
        return FAULT_WORLD;
    if (option_output != NULL)
        return write_file(bot, collation, error);
    if (cli->json) {
        print_json(json_incref(collation));
        return EXIT_DONE;
    }
    size_t i;
    json_t *row;
    json_array_foreach (json_object_get(collation, "rows"), i, row)
        print_row(row);
    printf("共 %d 条意见。写成文件：lianluo collation %s -o 意见汇总表.xlsx\n", (int)i,
           cli->argv[0]);
    return EXIT_DONE;
}

/* ---- import */

static json_t *read_table(const char *path, GError **error)
{
    json_t *document = document_of_file(path, error);
    if (document == NULL)
        return NULL;
    const char *unreadable = document_unreadable(document);
    if (unreadable == NULL)
        return document;
    fault_set(error, FAULT_REFUSED, "读不懂 %s：%s", path, unreadable_chinese(unreadable));
    json_decref(document);
    return NULL;
}

static void print_import(json_t *result)
{
    size_t i;
    json_t *one;
    json_t *changes = json_object_get(result, "changes");
    json_array_foreach (json_object_get(result, "problems"), i, one)
        printf("【请看】%s\n", json_string_value(one));
    json_array_foreach (changes, i, one) {
        g_autofree char *text = text_printable(row_text(one, "text"));
        printf("%s　%s\n  %s：%s → %s　%s\n", row_text(one, "clause"), text, row_text(one, "unit"),
               row_text(one, "from"), row_text(one, "to"), row_text(one, "reason"));
    }
    printf(option_yes ? "已登记 %d 处采纳情况。\n"
                      : "将改动 %d 处采纳情况；确认无误后加 --yes 登记。\n",
           (int)json_array_size(changes));
}

static int import(struct bot *bot, struct cli *cli, GError **error)
{
    gint64 matter = cli_matter(bot->db, cli->argv[0], error);
    json_auto_t *document = matter != 0 ? read_table(cli->argv[1], error) : NULL;
    if (document == NULL)
        return FAULT_REFUSED;
    db_begin(bot->db);
    json_auto_t *result =
        collation_import(&bot->office, matter, json_object_get(document, "tables"), option_yes);
    if (!db_commit(bot->db, error))
        return FAULT_WORLD;
    if (cli->json)
        print_json(json_incref(result));
    else
        print_import(result);
    return EXIT_DONE;
}

static int run(struct cli *cli, GError **error)
{
    struct bot *bot = NULL;
    int code = FAULT_REFUSED;
    gboolean importing = cli->argc > 0 && g_str_equal(cli->argv[0], "import");
    if (importing) {
        cli->argv++;
        cli->argc--;
    }
    if (cli_expect(cli, importing ? 2 : 1, importing ? 2 : 1,
                   importing ? "collation import 事项 文件.xlsx [--yes]"
                             : "collation 事项 [-o 文件]",
                   error) &&
        (bot = bot_open(cli->dir, error)) != NULL)
        code = importing ? import(bot, cli, error) : show(bot, cli, error);
    bot_close(bot);
    return code;
}

const struct command command_collation = {
    .name = "collation",
    .summary = "把各单位的修改意见汇总成表，登记采纳情况",
    .help = "用法：lianluo collation 事项 [-o 文件.xlsx|.docx|.html|.csv|.json] [--json]\n"
            "　　　lianluo collation import 事项 文件.xlsx [--yes]\n\n"
            "按文件、条款的先后排列；几个单位提出的同一条意见合为一行；互相矛盾的注明。\n"
            "条款后写“待核”的，是不能确定对应哪一条，请看来源核对。\n"
            "在 .xlsx 里填好采纳情况后用 import 读回：先列出改动，加 --yes 才登记；\n"
            "行可以移动、重新排序，也可以拆开（按“提出单位”一栏区分）。\n",
    .options = options,
    .writes = TRUE,
    .run = run,
};
