/* lianluo inspect: what a mail says, without any office. */
#include "bot/bot.h"

#include <stdio.h>

static json_t *inspect(const struct mail *mail)
{
    json_t *json = mail_json(mail);
    g_autofree char *evidence = NULL;
    enum stance content;
    json_t *stance = json_null();
    if (mail->kind == MAIL_PERSON)
        stance = json_string(stance_text(stance_of_mail(mail, NULL, &content, &evidence)));
    json_object_set_new(json, "stance", stance);
    json_object_set_new(json, "stance_evidence", json_text(evidence));
    json_object_set_new(json, "opinions", json_null());
    return json;
}

static int run(struct cli *cli, GError **error)
{
    if (!cli_expect(cli, 1, 1000000, "inspect 文件.eml…", error))
        return FAULT_REFUSED;
    for (int i = 0; i < cli->argc; i++) {
        g_autoptr(GError) fault = NULL;
        struct mail *mail = mail_read_file(cli->argv[i], &fault);
        if (mail == NULL) {
            fault_set(error, FAULT_REFUSED, "%s", fault->message);
            return FAULT_REFUSED;
        }
        print_json(inspect(mail));
        mail_free(mail);
    }
    return EXIT_DONE;
}

const struct command command_inspect = {
    .name = "inspect",
    .summary = "看一封邮件说了什么（不需要办公室目录）",
    .help = "用法：lianluo inspect 文件.eml…\n\n每封邮件输出一行 JSON。\n",
    .run = run,
};
