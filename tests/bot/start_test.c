/* An office is opened by many and started by one. */
#include "scene.h"
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

/* A process of ours that starts the office and then holds it. */
static pid_t holder_of(struct fixture *f)
{
    int ready[2];
    char byte;
    ck_assert_int_eq(pipe(ready), 0);
    pid_t pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        struct bot *bot = bot_open(f->dir, NULL);
        if (bot == NULL || !bot_start(bot, NULL) || write(ready[1], "x", 1) != 1)
            _exit(1);
        alarm(30);
        pause();
        _exit(0);
    }
    close(ready[1]);
    ck_assert_int_eq(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    return pid;
}

START_TEST(a_second_one_is_refused_and_told_who_holds_it)
{
    struct fixture *f = fixture_bare();
    struct bot *bot = scene_bot(f, "");
    pid_t pid = holder_of(f);
    g_autofree char *number = g_strdup_printf("%d", (int)pid);
    g_autoptr(GError) error = NULL;
    ck_assert(!bot_start(bot, &error));
    ck_assert(g_error_matches(error, FAULT, FAULT_WORLD));
    ck_assert_msg(strstr(error->message, number) != NULL, "%s", error->message);
    bot_close(bot);

    /* A dead holder holds nothing. */
    kill(pid, SIGKILL);
    ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
    bot = bot_open(f->dir, NULL);
    g_clear_error(&error);
    ck_assert_msg(bot_start(bot, &error), "%s", error ? error->message : "?");
    bot_close(bot);
    bot = bot_open(f->dir, NULL);
    ck_assert(bot_start(bot, NULL));
    bot_close(bot);
    fixture_free(f);
}
END_TEST

static gint64 add_mail(struct fixture *f, const char *key, enum outbox_state state)
{
    struct outbox *row = outbox_new();
    row->key = g_strdup(key);
    row->channel = g_strdup("mail");
    row->kind = g_strdup("notice");
    row->message_id = g_strdup(key);
    row->subject = g_strdup("通知");
    row->text = g_strdup("正文");
    g_ptr_array_add(row->recipients, g_strdup("a@jyj.example"));
    fixture_begin(f);
    gint64 id = outbox_add(f->db, row);
    outbox_set_state(f->db, id, state);
    fixture_commit(f);
    outbox_free(row);
    return id;
}

START_TEST(what_a_dead_predecessor_was_sending_is_uncertain_and_told_to_a_person)
{
    struct fixture *f = fixture_bare();
    gint64 lost = add_mail(f, "lost", OUT_SENDING), waiting = add_mail(f, "waiting", OUT_QUEUED);
    struct bot *bot = scene_bot(f, "[deliver]\nsend = live\n");
    ck_assert(bot_start(bot, NULL));
    struct outbox *row = outbox_get(f->db, lost), *other = outbox_get(f->db, waiting);
    ck_assert_int_eq(row->state, OUT_UNCERTAIN);
    ck_assert_int_eq(other->state, OUT_QUEUED);
    outbox_free(row);
    outbox_free(other);
    GPtrArray *list = review_list(f->db, 0);
    ck_assert_uint_eq(list->len, 1);
    ck_assert_int_eq(((struct review *)list->pdata[0])->outbox, lost);
    g_ptr_array_unref(list);
    bot_close(bot);
    fixture_free(f);
}
END_TEST

START_TEST(opening_alone_marks_nothing)
{
    struct fixture *f = fixture_bare();
    gint64 id = add_mail(f, "sending", OUT_SENDING);
    struct bot *bot = scene_bot(f, "");
    struct outbox *row = outbox_get(f->db, id);
    ck_assert_int_eq(row->state, OUT_SENDING);
    outbox_free(row);
    bot_close(bot);
    fixture_free(f);
}
END_TEST

START_TEST(an_office_without_configuration_or_database_is_refused)
{
    static const char *const names[] = { "lianluo.conf", "lianluo.db" };
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        struct fixture *f = fixture_bare();
        g_autofree char *path = g_build_filename(f->dir, names[i], NULL);
        g_autoptr(GError) error = NULL;
        bot_close(scene_bot(f, ""));
        ck_assert_int_eq(g_remove(path), 0);
        ck_assert_ptr_null(bot_open(f->dir, &error));
        ck_assert(g_error_matches(error, FAULT, FAULT_REFUSED));
        fixture_free(f);
    }
}
END_TEST

START_TEST(a_fault_is_remembered_and_logged_when_it_changes)
{
    struct fixture *f = fixture_bare();
    struct bot *bot = scene_bot(f, "");
    static const struct {
        const char *what;
        gint64 events;
    } table[] = {
        { "拒绝登录", 1 }, { "拒绝登录", 1 }, { "证书不对", 2 }, { NULL, 3 }, { NULL, 3 }
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        fault_remember(bot, "mail_fault", table[i].what);
        ck_assert_int_eq(event_count(f->db, "bot.*", 0, 1, clock_now() + 1), table[i].events);
    }
    bot_close(bot);
    fixture_free(f);
}
END_TEST

TEST_MAIN("bot/start", a_second_one_is_refused_and_told_who_holds_it,
          what_a_dead_predecessor_was_sending_is_uncertain_and_told_to_a_person,
          opening_alone_marks_nothing, an_office_without_configuration_or_database_is_refused,
          a_fault_is_remembered_and_logged_when_it_changes)
