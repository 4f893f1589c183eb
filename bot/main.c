/* lianluo: the table of commands, and the way into one. */
#include "bot/bot.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

extern const struct command command_init, command_check, command_unit, command_matter, command_tick,
    command_run, command_status, command_inbox, command_review, command_submission, command_paper,
    command_digest, command_outbox, command_log, command_inspect, command_read, command_notice,
    command_explain, command_render, command_help, command_collation, command_feedback;

const struct command *const commands[] = {
    &command_init,
    &command_check,
    &command_unit,
    &command_matter,
    &command_tick,
    &command_run,
    &command_status,
    &command_inbox,
    &command_review,
    &command_submission,
    &command_paper,
    &command_collation,
    &command_feedback,
    &command_digest,
    &command_outbox,
    &command_log,
    &command_inspect,
    &command_read,
    &command_notice,
    &command_explain,
    &command_render,
    &command_help,
    NULL,
};

static const struct command *find_command(const char *name, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (size_t i = 0; commands[i] != NULL; i++) {
        if (g_str_equal(commands[i]->name, name))
            return commands[i];
        g_ptr_array_add(names, (char *)commands[i]->name);
    }
    g_ptr_array_add(names, NULL);
    g_autofree char *near = text_nearest(name, (const char *const *)names->pdata);
    g_autofree char *hint = near != NULL ? g_strdup_printf("，是不是 %s？", near) : g_strdup("");
    fault_set(error, FAULT_REFUSED, "没有“%s”这个命令%s。lianluo help 列出全部命令", name, hint);
    return NULL;
}

static gboolean parse_options(struct cli *cli, const struct command *command, char ***argv,
                              GError **error)
{
    /* Static, so that what they point to is never lost: the commands' own options are, too. */
    static char *at, *dir;
    const GOptionEntry common[] = {
        { "dir", 'C', 0, G_OPTION_ARG_STRING, &dir, NULL, NULL },
        { "json", 0, 0, G_OPTION_ARG_NONE, &cli->json, NULL, NULL },
        { "at", 0, 0, G_OPTION_ARG_STRING, &at, NULL, NULL },
        { "help", 'h', 0, G_OPTION_ARG_NONE, &cli->help, NULL, NULL },
        { NULL },
    };
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_autoptr(GError) cause = NULL;
    gint64 instant;
    g_option_context_set_help_enabled(context, FALSE);
    g_option_context_add_main_entries(context, common, NULL);
    if (command->options != NULL)
        g_option_context_add_main_entries(context, command->options, NULL);
    if (!g_option_context_parse_strv(context, argv, &cause))
        return fault_set(error, FAULT_REFUSED, "%s。用法见 lianluo help %s", cause->message,
                         command->name);
    cli->dir = dir != NULL ? dir : ".";
    if (at != NULL && !instant_parse_local(at, &instant))
        return fault_set(error, FAULT_REFUSED, "--at 应写成 '2019-06-21 09:00'，现在是“%s”", at);
    if (at != NULL)
        clock_fix(instant);
    return TRUE;
}

/* The command is the first word that is no option; options may stand before it. */
static int command_word(char **argv)
{
    int i = 1;
    while (argv[i] != NULL && *argv[i] == '-')
        i += (g_str_equal(argv[i], "-C") || g_str_equal(argv[i], "--at") ||
              g_str_equal(argv[i], "--dir")) &&
                     argv[i + 1] != NULL
                 ? 2
                 : 1;
    return i;
}

static int run(char ***argv, GError **error)
{
    struct cli cli = { 0 };
    int word = command_word(*argv);
    const char *name = (*argv)[word] != NULL ? (*argv)[word] : "help";
    const struct command *command = find_command(name, error);
    if (command == NULL || !parse_options(&cli, command, argv, error))
        return FAULT_REFUSED;
    if (cli.help) {
        fputs(command->help, stdout);
        return EXIT_DONE;
    }
    /* What is left: the program, the command, its arguments; a "--" among them has served. */
    for (char **arg = *argv; *arg != NULL; arg++)
        cli.argc++;
    int skip = cli.argc > 1 ? 2 : 1;
    cli.argv = *argv + skip;
    cli.argc -= skip;
    if (cli.argc > 0 && g_str_equal(cli.argv[0], "--")) {
        cli.argv++;
        cli.argc--;
    }
    int code = command->run(&cli, error);
    if (command->writes)
        run_wake(cli.dir);
    return code;
}

int main(int argc, char **argv)
{
    /* UTF-8 in and out, whatever the caller's locale: GLib asks it when it reads options. */
    setlocale(LC_CTYPE, "C.UTF-8");
    g_auto(GStrv) arguments = g_new0(char *, argc + 1);
    for (int i = 0; i < argc; i++)
        arguments[i] = text_clean(argv[i], -1);
    mail_init();
    channels_init();
    g_autoptr(GError) error = NULL;
    int code = run(&arguments, &error);
    if (error != NULL) {
        g_autofree char *text = text_printable(error->message);
        fprintf(stderr, "lianluo: %s\n", text);
        code = fault_exit_code(error);
    }
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fputs("lianluo: 写标准输出失败\n", stderr);
        code = FAULT_WORLD;
    }
    return code;
}
