/* lianluo inspect: what a mail says, without any office. */
#include "bot/bot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json_t *inspect(const struct mail *mail)
{
    g_autofree char *evidence = NULL;
    enum stance content;
    json_t *stance = json_null();
    if (mail->kind == MAIL_PERSON)
        stance = json_string(stance_text(stance_of_mail(mail, NULL, &content, &evidence)));
    json_auto_t *opinions = opinions_of_mail(NULL, 0, 0, mail);
    /* Last, so that its copies do not stand beside the judge's. */
    json_t *json = mail_json(mail);
    json_object_set_new(json, "stance", stance);
    json_object_set_new(json, "stance_evidence", json_text(evidence));
    json_object_set_new(json, "opinions",
                        mail->kind == MAIL_PERSON
                            ? json_integer((json_int_t)json_array_size(opinions))
                            : json_null());
    return json;
}

/* FALSE: the file cannot be read. */
static gboolean inspect_file(const char *path, GError **error)
{
    g_autoptr(GError) fault = NULL;
    struct mail *mail = mail_with_papers(path, &fault);
    if (mail == NULL)
        return fault_set(error, FAULT_REFUSED, "%s", fault->message);
    print_json(inspect(mail));
    mail_free(mail);
    return TRUE;
}

/* The paths on standard input, one a line: a Maildir may have more than a command line holds. */
static gboolean inspect_listed(GError **error)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t n;
    gboolean ok = TRUE;
    while (ok && (n = getline(&line, &room, stdin)) > 0) {
        line[n - (line[n - 1] == '\n')] = '\0';
        ok = *line == '\0' || inspect_file(line, error);
    }
    free(line);
    return ok;
}

static int run(struct cli *cli, GError **error)
{
    if (!cli_expect(cli, 1, 1000000, "inspect 文件.eml…", error))
        return FAULT_REFUSED;
    for (int i = 0; i < cli->argc; i++) {
        gboolean listed = strcmp(cli->argv[i], "-") == 0;
        if (!(listed ? inspect_listed(error) : inspect_file(cli->argv[i], error)))
            return FAULT_REFUSED;
    }
    return EXIT_DONE;
}

const struct command command_inspect = {
    .name = "inspect",
    .summary = "看一封邮件说了什么（不需要办公室目录）",
    .help = "用法：lianluo inspect 文件.eml…\n\n每封邮件输出一行 JSON。"
            "文件名写 - 时从标准输入读文件名，一行一个。\n",
    .run = run,
};
