/* An office with one issued matter whose notices were accepted, and mail that comes in for it. */
#ifndef TEST_STORY_H
#define TEST_STORY_H

#include "office.h"

/* The server took a mail of ours. */
static inline void story_accept(struct fixture *f, gint64 row)
{
    fixture_begin(f);
    recipients_accept(f->db, row);
    outbox_set_result(f->db, row, OUT_SENT, 250, "OK", 0);
    fixture_commit(f);
}

static inline void story_accept_all(struct fixture *f)
{
    GArray *rows = outbox_list(f->db, OUT_QUEUED, 0);
    for (guint i = 0; i < rows->len; i++)
        story_accept(f, g_array_index(rows, gint64, i));
    g_array_unref(rows);
}

static inline gint64 story_issue(struct fixture *f, gboolean paper)
{
    g_autoptr(GError) error = NULL;
    fixture_begin(f);
    f->matter = fixture_draft(f, paper);
    ck_assert_msg(matter_issue(&f->office, f->matter, &error), "%s", error ? error->message : "?");
    fixture_commit(f);
    return f->matter;
}

/* A fixture on 2019-06-10 with an issued matter that every unit got. */
static inline struct fixture *story_new(gboolean paper)
{
    struct fixture *f = fixture_new();
    story_issue(f, paper);
    story_accept_all(f);
    return f;
}

static inline char *story_token(struct fixture *f, gint64 matter)
{
    struct matter *m = matter_get(f->db, matter);
    char *token = g_strdup(m->token);
    matter_free(m);
    return token;
}

/* A mail of its own Message-ID; headers are added as they are ("" or "Name: value\r\n"). */
static inline char *story_letter(struct fixture *f, const char *from, const char *subject,
                                 const char *headers, const char *body)
{
    return g_strdup_printf("From: <%s>\r\nTo: office@office.example\r\nSubject: %s\r\n"
                           "Message-ID: <%u@mail.example>\r\nMIME-Version: 1.0\r\n%s"
                           "Content-Type: text/plain; charset=utf-8\r\n"
                           "Content-Transfer-Encoding: 8bit\r\n\r\n%s\r\n",
                           from, subject, ++f->serial, headers, body);
}

/* Stores and handles it as the handle stage does; returns its number. */
static inline gint64 story_arrives(struct fixture *f, const char *bytes)
{
    g_autoptr(GError) error = NULL;
    gint64 id = fixture_store(f, bytes, ++f->serial);
    struct mail *mail = mail_read(bytes, strlen(bytes));
    fixture_begin(f);
    ck_assert_msg(handle_message(&f->office, id, mail, &error), "%s", error ? error->message : "?");
    fixture_commit(f);
    mail_free(mail);
    return id;
}

static inline const char *story_address(int unit)
{
    static const char *const addresses[] = { "liaison@jyj.example", "liaison@wtj.example",
                                             "liaison@qxj.example", "liaison@yj.example" };
    return addresses[unit];
}

/* A unit's liaison answers the notice with the token in the subject. */
static inline gint64 story_reply(struct fixture *f, int unit, const char *body)
{
    g_autofree char *token = story_token(f, f->matter);
    g_autofree char *subject = g_strdup_printf("回复：〔%s〕通知", token);
    g_autofree char *bytes = story_letter(f, story_address(unit), subject, "", body);
    return story_arrives(f, bytes);
}

static inline struct assignment *story_side(struct fixture *f, int unit)
{
    struct assignment *side = assignment_get(f->db, f->matter, f->units[unit]);
    ck_assert_ptr_nonnull(side);
    return side;
}

static inline void story_check(struct fixture *f, int unit, enum status status, gboolean late)
{
    struct assignment *side = story_side(f, unit);
    ck_assert_msg(side->status == status && side->late == late, "%s%s, not %s%s",
                  status_text(side->status), side->late ? " late" : "", status_text(status),
                  late ? " late" : "");
    assignment_free(side);
}

static inline guint story_versions(struct fixture *f, int unit)
{
    GPtrArray *list = submission_list(f->db, f->matter, f->units[unit]);
    guint n = list->len;
    g_ptr_array_unref(list);
    return n;
}

/* How many rows of the outbox have that kind and are not cancelled. */
static inline guint story_count_kind(struct fixture *f, const char *kind)
{
    guint n = 0;
    GArray *rows = outbox_list(f->db, -1, 0);
    for (guint i = 0; i < rows->len; i++) {
        struct outbox *row = outbox_get(f->db, g_array_index(rows, gint64, i));
        n += g_str_equal(row->kind, kind) && row->state != OUT_CANCELLED;
        outbox_free(row);
    }
    g_array_unref(rows);
    return n;
}

/* The folders were last read to their ends at these times. */
static inline void story_read(struct fixture *f, const char *inbox, const char *junk)
{
    fixture_begin(f);
    folder_set(f->db, "INBOX", &(struct folder){ 7, 1, 1, at(inbox), at(inbox) });
    folder_set(f->db, "Junk", &(struct folder){ 7, 1, 1, at(junk), at(junk) });
    fixture_commit(f);
}

/* Deadline Friday 06-21 and one working day of grace are over; everything was read since. */
static inline struct fixture *story_over(void)
{
    struct fixture *f = story_new(TRUE);
    clock_fix(at("2019-06-25 09:00"));
    story_read(f, "2019-06-25 08:50", "2019-06-25 08:51");
    return f;
}

#endif
