/* lianluo render: a template with data, as it comes out. */
#include "bot/bot.h"

#include <stdio.h>
#include <string.h>

static char *option_partials;
static const GOptionEntry options[] = {
    { "partials", 0, 0, G_OPTION_ARG_STRING, &option_partials, NULL, NULL },
    { NULL },
};

struct partials {
    const char *dir, *suffix; /* ".txt.mustache" of the template; "" if it has none */
};

/* NAME + the template's own suffix, then NAME.mustache, then NAME as it is. */
static char *partial(void *context, const char *name)
{
    const struct partials *p = context;
    const char *suffixes[] = { p->suffix, ".mustache", "" };
    if (p->dir == NULL || strstr(name, "..") != NULL)
        return NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(suffixes); i++) {
        g_autofree char *file = g_strconcat(name, suffixes[i], NULL);
        g_autofree char *path = g_build_filename(p->dir, file, NULL);
        char *text;
        if (g_file_get_contents(path, &text, NULL, NULL))
            return text;
    }
    return NULL;
}

static int render(const char *name, const char *data_name, GError **error)
{
    g_autofree char *text = NULL;
    g_autoptr(GError) cause = NULL;
    if (!g_file_get_contents(name, &text, NULL, &cause)) {
        fault_set(error, FAULT_REFUSED, "读不到模板 %s：%s", name, cause->message);
        return FAULT_REFUSED;
    }
    json_error_t where;
    json_auto_t *data = json_load_file(data_name, JSON_DECODE_ANY, &where);
    if (data == NULL) {
        fault_set(error, FAULT_REFUSED, "数据 %s 第 %d 行不是 JSON：%s", data_name, where.line,
                  where.text);
        return FAULT_REFUSED;
    }
    g_autofree char *base = g_path_get_basename(name);
    const char *dot = strchr(base, '.');
    struct partials partials = { option_partials, dot != NULL ? dot : "" };
    g_autofree char *out = template_render(text, escape_for(base), data, partial, &partials, error);
    if (out == NULL) {
        g_prefix_error(error, "%s：", name);
        return FAULT_REFUSED;
    }
    fputs(out, stdout);
    return EXIT_DONE;
}

static int run(struct cli *cli, GError **error)
{
    if (!cli_expect(cli, 2, 2, "render 模板 数据.json [--partials 目录]", error))
        return FAULT_REFUSED;
    return render(cli->argv[0], cli->argv[1], error);
}

const struct command command_render = {
    .name = "render",
    .summary = "用数据填一个模板（不需要办公室目录）",
    .help = "用法：lianluo render 模板 数据.json [--partials 目录]\n\n"
            "转义按模板的名字：*.html.mustache 按 HTML，*.txt.mustache 不转义，*.wecom.mustache "
            "按企业微信；\n"
            "其余按 HTML。\n",
    .options = options,
    .run = run,
};
