/* lianluo inspect: what mails say, without any office. Each core looks at mails of its own; what
 * they say is printed in the order in which the mails were named. */
#include "bot/bot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    MAX_WORKERS = 4,               /* since each mail may be large */
    MAX_AHEAD = 256,               /* so many mails beyond one that takes long, */
    MAX_WAITING = 4 * 1024 * 1024, /* but no more once they have so many bytes to print */
};

/* What came of a mail: its line, or why its file cannot be read. */
struct said {
    GString *line;
    GError *fault;
};

struct inspection {
    GMutex naming; /* of the next mail, by whoever is free */
    char **paths;
    int n_paths;
    guint64 named;

    GMutex printing;
    GCond room;                  /* printed has grown, or there is a fault */
    struct said said[MAX_AHEAD]; /* by mail n at n % MAX_AHEAD; both NULL: not yet */
    guint64 printed;
    gsize waiting; /* bytes in said */
    GError *fault; /* nothing behind it is printed */
};

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

static struct said listen(const char *path)
{
    struct said said = { NULL, NULL };
    struct mail *mail = mail_with_papers(path, &said.fault);
    if (mail != NULL)
        said.line = json_line(inspect(mail));
    mail_free(mail);
    return said;
}

/* The next line of standard input that is not empty; NULL: there is none. The caller frees. */
static char *next_line(void)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t n;
    while ((n = getline(&line, &room, stdin)) > 0) {
        line[n - (line[n - 1] == '\n')] = '\0';
        if (*line != '\0')
            return line;
    }
    free(line);
    return NULL;
}

/* From the arguments, and for "-" from standard input: a Maildir may have more mails than a command
 * line holds. NULL: there is none. The caller frees. */
static char *next_path(struct inspection *all)
{
    while (all->n_paths > 0) {
        gboolean listed = strcmp(*all->paths, "-") == 0;
        char *path = listed ? next_line() : g_strdup(*all->paths);
        if (path == NULL || !listed) {
            all->paths++;
            all->n_paths--;
        }
        if (path != NULL)
            return path;
    }
    return NULL;
}

/* Waits until what mail n says has a place. FALSE: it shall not be read. */
static gboolean has_room(struct inspection *all, guint64 n)
{
    g_mutex_lock(&all->printing);
    while (all->fault == NULL && n > all->printed &&
           (n - all->printed >= MAX_AHEAD || all->waiting > MAX_WAITING))
        g_cond_wait(&all->room, &all->printing);
    gboolean room = all->fault == NULL;
    g_mutex_unlock(&all->printing);
    return room;
}

static char *take_path(struct inspection *all, guint64 *n)
{
    g_mutex_lock(&all->naming);
    char *path = has_room(all, all->named) ? next_path(all) : NULL;
    *n = all->named++;
    g_mutex_unlock(&all->naming);
    return path;
}

/* FALSE: what the next mail says is not there yet, or nobody could read it. */
static gboolean print_next(struct inspection *all)
{
    struct said *next = &all->said[all->printed % MAX_AHEAD];
    if (all->fault == NULL)
        all->fault = g_steal_pointer(&next->fault);
    if (all->fault != NULL || next->line == NULL)
        return FALSE;
    fwrite(next->line->str, 1, next->line->len, stdout);
    all->waiting -= next->line->len;
    g_string_free(g_steal_pointer(&next->line), TRUE);
    all->printed++;
    return TRUE;
}

/* Prints what mail n says once its turn has come, and then what waited for it. */
static void give(struct inspection *all, guint64 n, struct said said)
{
    g_mutex_lock(&all->printing);
    all->said[n % MAX_AHEAD] = said;
    all->waiting += said.line != NULL ? said.line->len : 0;
    while (print_next(all))
        ;
    g_cond_signal(&all->room);
    g_mutex_unlock(&all->printing);
}

static gpointer work(gpointer data)
{
    struct inspection *all = data;
    guint64 n;
    char *path;
    while ((path = take_path(all, &n)) != NULL) {
        give(all, n, listen(path));
        g_free(path);
    }
    return NULL;
}

static void work_together(struct inspection *all)
{
    gboolean many = all->n_paths > 1 || strcmp(*all->paths, "-") == 0;
    guint others = many ? MIN(g_get_num_processors(), MAX_WORKERS) - 1 : 0;
    GThread *threads[MAX_WORKERS];
    for (guint i = 0; i < others; i++)
        threads[i] = g_thread_new("inspect", work, all);
    work(all);
    for (guint i = 0; i < others; i++)
        g_thread_join(threads[i]);
}

static void said_clear(struct said *said)
{
    if (said->line != NULL)
        g_string_free(said->line, TRUE);
    g_clear_error(&said->fault);
}

static int run(struct cli *cli, GError **error)
{
    if (!cli_expect(cli, 1, 1000000, "inspect 文件.eml…", error))
        return FAULT_REFUSED;
    struct inspection all = { .paths = cli->argv, .n_paths = cli->argc };
    work_together(&all);
    for (gsize i = 0; i < MAX_AHEAD; i++)
        said_clear(&all.said[i]);
    if (all.fault == NULL)
        return EXIT_DONE;
    fault_set(error, FAULT_REFUSED, "%s", all.fault->message);
    g_error_free(all.fault);
    return FAULT_REFUSED;
}

const struct command command_inspect = {
    .name = "inspect",
    .summary = "看一封邮件说了什么（不需要办公室目录）",
    .help = "用法：lianluo inspect 文件.eml…\n\n每封邮件输出一行 JSON。"
            "文件名写 - 时从标准输入读文件名，一行一个。\n",
    .run = run,
};
