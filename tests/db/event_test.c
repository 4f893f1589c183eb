/* Events: every change leaves a row, and what changed nothing leaves none. */
#include "office.h"

static const gint64 FOREVER = 4102444800;

static struct fixture *f;
static gint64 matter, unit, message, row, item, contact, given;

static gint64 events(void)
{
    return event_count(f->db, "*", 0, 1, FOREVER);
}

static gint64 add_row(const char *key, enum outbox_state state)
{
    struct outbox *o = outbox_new();
    o->key = g_strdup(key);
    o->channel = g_strdup("mail");
    o->kind = g_strdup("notice");
    o->message_id = g_strdup(key);
    o->subject = g_strdup("");
    o->text = g_strdup("");
    o->state = state;
    gint64 id = outbox_add(f->db, o);
    outbox_free(o);
    return id;
}

static void set_up(void)
{
    f = fixture_new();
    message = fixture_store(f, "Subject: a\r\n\r\n", 1);
    unit = f->units[JYJ];
    struct contact one = { .name = (char *)"乙",
                           .email = (char *)"",
                           .phone = (char *)"",
                           .mobile = (char *)"",
                           .since = 1 };
    fixture_begin(f);
    matter = fixture_draft(f, TRUE);
    unit_add_alias(f->db, unit, "教委");
    contact = contact_add(f->db, unit, &one);
    row = add_row("row", OUT_QUEUED);
    add_row("held", OUT_HELD);
    outbox_set_state(f->db, add_row("sending", OUT_QUEUED), OUT_SENDING);
    review_open(f->db, &(struct review){ .reason = "a", .text = "", .matter = matter });
    review_open(f->db, &(struct review){ .reason = "b", .text = "", .matter = matter });
    GPtrArray *list = review_list(f->db, matter);
    item = ((struct review *)list->pdata[0])->id;
    g_ptr_array_unref(list);
    struct submission submission = { .matter = matter, .unit = unit, .text = (char *)"一" };
    submission.received_at = clock_now();
    given = submission_add(f->db, &submission);
    fixture_commit(f);
}

static void nobody(void *context, gint64 id)
{
}

static void store_again(const char *bytes, guint32 uid)
{
    g_autofree char *sha256 = raw_file(f->db, bytes, strlen(bytes), NULL);
    gint64 id;
    raw_row(f->db, sha256, bytes, strlen(bytes));
    message_store(f->db, &(struct arrival){ "INBOX", 7, uid }, sha256, 1, FALSE, &id);
}

static void give_verdict(void)
{
    struct message *m = message_get(f->db, message);
    m->state = MESSAGE_HANDLED;
    m->verdict = g_strdup("noted");
    message_set_verdict(f->db, m);
    message_free(m);
}

static void hand_in(void)
{
    struct submission submission = { .matter = matter, .unit = unit, .text = (char *)"二" };
    submission.received_at = 1;
    submission_add(f->db, &submission);
}

static void add_contact(void)
{
    struct contact one = { .name = (char *)"丙",
                           .email = (char *)"c@jyj.example",
                           .phone = (char *)"",
                           .mobile = (char *)"",
                           .since = 1 };
    contact_add(f->db, unit, &one);
}

#define CHANGE(name, call) \
    static void name(void) \
    { \
        struct db *db = f->db; \
        call; \
    }
CHANGE(add_unit, unit_add(db, "n", "新单位", ""))
CHANGE(rename_unit, unit_rename(db, unit, "市教育体育局", ""))
CHANGE(add_alias, unit_add_alias(db, unit, "招办"))
CHANGE(drop_alias, unit_drop_alias(db, unit, "教委"))
CHANGE(retire, unit_set_retired(db, unit, 1))
CHANGE(end_contact, contact_end(db, contact, clock_now()))
CHANGE(new_matter, fixture_draft(f, FALSE); (void)db)
CHANGE(issue, matter_set_state(db, matter, STATE_ISSUED))
CHANGE(settle_matter, matter_set_settled(db, matter, 1))
CHANGE(extend, matter_extend(db, matter, "2019-06-28"))
CHANGE(status, assignment_set_status(db, matter, unit, STATUS_COMMENTED, "有"))
CHANGE(late, assignment_set_late(db, matter, unit, TRUE))
CHANGE(electronic, assignment_set_electronic(db, matter, unit, 1))
CHANGE(paper, assignment_set_paper(db, matter, unit, 1, HOW_FAX, -1))
CHANGE(own_extension, assignment_extend(db, matter, unit, "2019-06-28"))
CHANGE(store, store_again("Subject: b\r\n\r\n", 2); (void)db)
CHANGE(duplicate, store_again("Subject: a\r\n\r\n", 3); (void)db)
CHANGE(refuse, arrival_refused(db, &(struct arrival){ "INBOX", 7, 9 }, "大"))
CHANGE(verdict, give_verdict(); (void)db)
CHANGE(submit, hand_in(); (void)db)
CHANGE(void_it, submission_void(db, given, "误"))
CHANGE(review, review_open(db, &(struct review){ .reason = "c", .text = "" }))
CHANGE(settle, review_settle(db, "a", &(struct review){ .matter = matter }, "好"))
CHANGE(settle_one, review_settle_one(db, item, "好"))
CHANGE(owe, add_row("new", OUT_QUEUED); (void)db)
CHANGE(send, outbox_set_state(db, row, OUT_SENDING))
CHANGE(result, outbox_set_result(db, row, OUT_SENT, 250, "OK", 0))
CHANGE(recover, outbox_recover(db, nobody, NULL))
CHANGE(release, outbox_release_held(db))
CHANGE(cancel, outbox_cancel(db, NULL, 0, 0, "不发了"))
CHANGE(contact_new, add_contact(); (void)db)
/* What is there already. */
CHANGE(same_alias, unit_add_alias(db, unit, "教委"))
CHANGE(same_status, assignment_set_status(db, matter, unit, STATUS_WAITING, NULL))
CHANGE(same_late, assignment_set_late(db, matter, unit, FALSE))
CHANGE(same_key, add_row("row", OUT_QUEUED); (void)db)
CHANGE(same_item, review_open(db, &(struct review){ .reason = "a", .text = "", .matter = matter }))
CHANGE(no_item, review_settle(db, "z", &(struct review){ .matter = matter }, "好"))
CHANGE(no_alias, unit_drop_alias(db, unit, "没有的"))

#define ROW(name) \
    { \
        name, #name \
    }
struct change {
    void (*make)(void);
    const char *name;
};

static void check_events(const struct change *change, gboolean expected)
{
    fixture_begin(f);
    gint64 before = events();
    change->make();
    gint64 after = events();
    g_autoptr(GError) error = NULL;
    ck_assert_msg(db_ok(f->db, &error), "%s: %s", change->name, error ? error->message : "?");
    db_rollback(f->db);
    ck_assert_msg((after > before) == expected, "%s: %d events", change->name,
                  (int)(after - before));
}

START_TEST(every_change_leaves_an_event)
{
    static const struct change changes[] = {
        ROW(add_unit),      ROW(rename_unit), ROW(add_alias),  ROW(drop_alias), ROW(retire),
        ROW(end_contact),   ROW(contact_new), ROW(new_matter), ROW(issue),      ROW(settle_matter),
        ROW(extend),        ROW(status),      ROW(late),       ROW(electronic), ROW(paper),
        ROW(own_extension), ROW(store),       ROW(duplicate),  ROW(refuse),     ROW(verdict),
        ROW(submit),        ROW(void_it),     ROW(review),     ROW(settle),     ROW(settle_one),
        ROW(owe),           ROW(send),        ROW(result),     ROW(recover),    ROW(release),
        ROW(cancel)
    };
    set_up();
    for (gsize i = 0; i < G_N_ELEMENTS(changes); i++)
        check_events(&changes[i], TRUE);
    fixture_free(f);
}
END_TEST

START_TEST(what_changes_nothing_leaves_none)
{
    static const struct change changes[] = { ROW(same_alias), ROW(same_status), ROW(same_late),
                                             ROW(same_key),   ROW(same_item),   ROW(no_item),
                                             ROW(no_alias) };
    set_up();
    for (gsize i = 0; i < G_N_ELEMENTS(changes); i++)
        check_events(&changes[i], FALSE);
    fixture_free(f);
}
END_TEST

static void collect(void *context, const struct event *event)
{
    g_string_append_printf(context, "%s;", event->text);
}

START_TEST(the_newest_events_are_told_oldest_first_and_counted_by_pattern)
{
    f = fixture_bare();
    gint64 now = clock_now();
    g_autoptr(GString) text = g_string_new(NULL);
    fixture_begin(f);
    for (int i = 1; i <= 4; i++) {
        g_autofree char *number = g_strdup_printf("%d", i);
        clock_fix(now + i);
        event_add(f->db, &(struct event){ .what = i < 3 ? "test.a" : "test.b", .text = number });
    }
    fixture_commit(f);
    event_each(f->db, 0, 3, collect, text);
    ck_assert_str_eq(text->str, "2;3;4;");
    ck_assert_int_eq(event_count(f->db, "test.*", 0, now + 1, now + 4), 3);
    ck_assert_int_eq(event_count(f->db, "test.a", 0, now, now + 99), 2);
    ck_assert_int_eq(event_count(f->db, "test.a", 5, now, now + 99), 0);
    fixture_free(f);
}
END_TEST

START_TEST(counting_from_the_beginning_counts_all)
{
    f = fixture_new();
    fixture_store(f, "Subject: a\r\n\r\n", 1);
    ck_assert_int_gt(event_count(f->db, "unit.*", 0, 1, FOREVER), 0);
    ck_assert_int_eq(event_count(f->db, "unit.*", 0, 0, FOREVER),
                     event_count(f->db, "unit.*", 0, 1, FOREVER));
    ck_assert_int_eq(arrival_count(f->db, "stored", 0, FOREVER), 1);
    fixture_free(f);
}
END_TEST

TEST_MAIN("db/event", every_change_leaves_an_event, what_changes_nothing_leaves_none,
          the_newest_events_are_told_oldest_first_and_counted_by_pattern,
          counting_from_the_beginning_counts_all)
