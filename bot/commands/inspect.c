/* lianluo inspect: what a mail says, without any office. */
#include "bot/bot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json_t *inspect(const struct mail *mail)
{
    g_autofree char *evidence = NULL;
    enum stance content;
    json_t *stance = json_null(), *opinions = json_null();
    if (mail->kind == MAIL_PERSON) {
        stance = json_string(stance_text(stance_of_mail(mail, NULL, &content, &evidence)));
        opinions = json_integer(opinions_count(mail));
    }
    /* Last, so that its copies do not stand beside the judge's. */
    json_t *json = mail_json(mail);
    json_object_set_new(json, "stance", stance);
    json_object_set_new(json, "stance_evidence", json_text(evidence));
    json_object_set_new(json, "opinions", opinions);
    return json;
}

/* Mails are read by a thread of their own, so that one is parsed, and its attachments looked at,
 * while the one before it is judged and printed. */
enum { AHEAD = 4 }; /* so many at most, since each may be large */

struct reader {
    char **paths;
    int n_paths;
    GAsyncQueue *mails; /* struct read, in order; one without a mail is the last */
    GAsyncQueue *room;  /* a token for each that may be read ahead */
};

struct read {
    struct mail *mail;
    GError *fault;
};

static void hand_over(struct reader *reader, struct mail *mail, GError *fault)
{
    const struct read read = { mail, fault };
    g_async_queue_pop(reader->room);
    g_async_queue_push(reader->mails, g_memdup2(&read, sizeof read));
}

/* FALSE: the file cannot be read, and what comes after it is not tried. */
static gboolean read_mail(struct reader *reader, const char *path)
{
    GError *fault = NULL;
    struct mail *mail = mail_with_papers(path, &fault);
    hand_over(reader, mail, fault);
    return mail != NULL;
}

/* The paths on standard input, one a line: a Maildir may have more than a command line holds. */
static gboolean read_listed(struct reader *reader)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t n;
    gboolean ok = TRUE;
    while (ok && (n = getline(&line, &room, stdin)) > 0) {
        line[n - (line[n - 1] == '\n')] = '\0';
        ok = *line == '\0' || read_mail(reader, line);
    }
    free(line);
    return ok;
}

static gpointer read_all(gpointer data)
{
    struct reader *reader = data;
    gboolean ok = TRUE;
    for (int i = 0; ok && i < reader->n_paths; i++) {
        const char *path = reader->paths[i];
        ok = strcmp(path, "-") == 0 ? read_listed(reader) : read_mail(reader, path);
    }
    if (ok)
        hand_over(reader, NULL, NULL);
    return NULL;
}

static gboolean take_next(struct reader *reader, GError **error)
{
    struct read *read = g_async_queue_pop(reader->mails);
    gboolean more = read->mail != NULL;
    if (more)
        print_json(inspect(read->mail));
    else if (read->fault != NULL)
        fault_set(error, FAULT_REFUSED, "%s", read->fault->message);
    mail_free(read->mail);
    g_clear_error(&read->fault);
    g_free(read);
    g_async_queue_push(reader->room, reader);
    return more;
}

static int run(struct cli *cli, GError **error)
{
    if (!cli_expect(cli, 1, 1000000, "inspect 文件.eml…", error))
        return FAULT_REFUSED;
    struct reader reader = { cli->argv, cli->argc, g_async_queue_new(), g_async_queue_new() };
    GError *fault = NULL;
    for (int i = 0; i < AHEAD; i++)
        g_async_queue_push(reader.room, &reader);
    GThread *thread = g_thread_new("read", read_all, &reader);
    while (take_next(&reader, &fault))
        ;
    g_thread_join(thread);
    g_async_queue_unref(reader.mails);
    g_async_queue_unref(reader.room);
    if (fault == NULL)
        return EXIT_DONE;
    g_propagate_error(error, fault);
    return FAULT_REFUSED;
}

const struct command command_inspect = {
    .name = "inspect",
    .summary = "看一封邮件说了什么（不需要办公室目录）",
    .help = "用法：lianluo inspect 文件.eml…\n\n每封邮件输出一行 JSON。"
            "文件名写 - 时从标准输入读文件名，一行一个。\n",
    .run = run,
};
