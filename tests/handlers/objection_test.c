/* What keeps silence from being taken for consent (law 7). */
#include "handlers/private.h"
#include "story.h"

static gboolean settle(struct fixture *f, int *deemed, int *blocked, GError **error)
{
    *deemed = *blocked = 0;
    fixture_begin(f);
    gboolean ok = matter_settle(&f->office, f->matter, deemed, blocked, error);
    fixture_commit(f);
    return ok;
}

static void run(struct fixture *f, const char *when)
{
    g_autoptr(GError) error = NULL;
    clock_fix(at(when));
    fixture_begin(f);
    ck_assert_msg(settlement_run(&f->office, &error), "%s", error ? error->message : "?");
    fixture_commit(f);
}

static guint count_items(struct fixture *f, const char *reason)
{
    guint n = 0;
    GPtrArray *list = review_list(f->db, f->matter);
    for (guint i = 0; i < list->len; i++)
        n += g_str_equal(((struct review *)list->pdata[i])->reason, reason);
    g_ptr_array_unref(list);
    return n;
}

/* ---- what speaks against it, each made for JYJ */
static void notice_uncertain(struct fixture *f)
{
    outbox_set_state(f->db, outbox_newest(f->db, "notice", f->matter, f->units[JYJ]),
                     OUT_UNCERTAIN);
}

static void notice_failed(struct fixture *f)
{
    outbox_set_state(f->db, outbox_newest(f->db, "notice", f->matter, f->units[JYJ]), OUT_FAILED);
}

static void notice_bounced(struct fixture *f)
{
    recipient_set(f->db, outbox_newest(f->db, "notice", f->matter, f->units[JYJ]),
                  story_address(JYJ), "bounced", "550");
}

static void inbox_unread(struct fixture *f)
{
    folder_set(f->db, "INBOX", &(struct folder){ 7, 1, 1, at("2019-06-24 23:59"), 0 });
}

static void junk_unread(struct fixture *f)
{
    folder_set(f->db, "Junk", &(struct folder){ 7, 1, 1, at("2019-06-24 23:59"), 0 });
}

static void doubtful_mail(struct fixture *f)
{
    review_open(f->db, &(struct review){ .reason = "unclear",
                                         .text = "?",
                                         .message = 1,
                                         .matter = f->matter,
                                         .unit = f->units[JYJ] });
}

static void stranger_mail(struct fixture *f)
{
    review_open(f->db, &(struct review){ .reason = "unknown_sender", .text = "?", .message = 1 });
}

static void unread_paper(struct fixture *f)
{
    ck_assert(ledger_paper(&f->office, f->matter, f->units[JYJ], HOW_FAX, -1, NULL));
}

static void unread_message(struct fixture *f)
{
    gint64 id;
    g_autofree char *sha256 = raw_file(f->db, "x", 1, NULL);
    raw_row(f->db, sha256, "x", 1);
    message_store(f->db, &(struct arrival){ "INBOX", 7, 70 }, sha256, 1, FALSE, &id);
}

START_TEST(each_objection_keeps_a_unit_from_being_deemed)
{
    static const struct {
        void (*object)(struct fixture *f);
        const char *name;
        int deemed;
    } table[] = { { notice_uncertain, "the notice may not have arrived", 3 },
                  { notice_failed, "the notice failed", 3 },
                  { notice_bounced, "the notice bounced", 3 },
                  { inbox_unread, "the inbox was not read after the grace", 0 },
                  { junk_unread, "the junk folder was not read after the grace", 0 },
                  { doubtful_mail, "its mail is in the review queue", 3 },
                  { stranger_mail, "a stranger's mail is in the review queue", 0 },
                  { unread_paper, "its paper has no stance", 3 },
                  { unread_message, "a message is not handled", 0 } };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        struct fixture *f = story_over();
        int deemed, blocked;
        fixture_store(f, "Subject: a\r\n\r\n", 60);
        struct message *m = message_get(f->db, 1);
        m->state = MESSAGE_HANDLED;
        m->verdict = g_strdup("noted");
        fixture_begin(f);
        message_set_verdict(f->db, m);
        table[i].object(f);
        fixture_commit(f);
        message_free(m);
        settle(f, &deemed, &blocked, NULL);
        ck_assert_msg(deemed == table[i].deemed, "%s: %d", table[i].name, deemed);
        ck_assert_int_eq(blocked, FIXTURE_UNITS - deemed);
        struct assignment *side = story_side(f, JYJ);
        ck_assert_msg(side->status == STATUS_WAITING, "%s", table[i].name);
        assignment_free(side);
        ck_assert_msg(count_items(f, "settlement") == 1, "%s", table[i].name);
        f->policy.settle_auto = TRUE;
        run(f, "2019-06-25 10:00");
        story_check(f, JYJ, STATUS_WAITING, FALSE);
        fixture_free(f);
    }
}
END_TEST

START_TEST(a_reading_after_the_grace_lifts_the_objection)
{
    struct fixture *f = story_over();
    int deemed, blocked;
    fixture_begin(f);
    inbox_unread(f);
    fixture_commit(f);
    ck_assert(settle(f, &deemed, &blocked, NULL));
    ck_assert_int_eq(deemed, 0);
    story_read(f, "2019-06-25 00:00", "2019-06-25 00:00");
    ck_assert(settle(f, &deemed, &blocked, NULL));
    ck_assert_int_eq(deemed, FIXTURE_UNITS);
    ck_assert_uint_eq(count_items(f, "settlement"), 0);
    fixture_free(f);
}
END_TEST

TEST_MAIN("handlers/objection", each_objection_keeps_a_unit_from_being_deemed,
          a_reading_after_the_grace_lifts_the_objection)
