/* An office for tests: a directory of its own with a database, a policy and a roster of four. What
 * writes is between fixture_begin and fixture_commit. The clock: Monday 2019-06-10 09:00. */
#ifndef TEST_OFFICE_H
#define TEST_OFFICE_H

#include "db/db.h"
#include "handlers/handlers.h"
#include "test.h"
#include <glib/gstdio.h>
#include <string.h>

enum { JYJ, WTJ, QXJ, YJ, FIXTURE_UNITS };

struct fixture {
    char *dir;
    struct db *db;
    struct policy policy;
    struct office office;
    gint64 units[FIXTURE_UNITS];
    gint64 matter; /* this and the next two: for the helpers of a test */
    const char *kind;
    guint32 serial;
};

static inline gint64 at(const char *local)
{
    gint64 instant = 0;
    ck_assert_msg(instant_parse_local(local, &instant), "“%s” is no time", local);
    return instant;
}

static inline void fixture_begin(struct fixture *f)
{
    db_begin(f->db);
}

static inline void fixture_commit(struct fixture *f)
{
    g_autoptr(GError) error = NULL;
    ck_assert_msg(db_commit(f->db, &error), "%s", error ? error->message : "?");
}

static inline gint64 fixture_unit(struct fixture *f, const char *code, const char *name,
                                  const char *short_name, const char *email)
{
    gint64 unit = unit_add(f->db, code, name, short_name);
    char *none = (char *)"", *who = (char *)"联络员甲";
    struct contact contact = { 0, ROLE_LIAISON, who, (char *)email, none, none, clock_now(), 0 };
    contact_add(f->db, unit, &contact);
    return unit;
}

static inline struct policy fixture_policy(void)
{
    static const char *const hours[] = { "08:30-12:00", "14:30-17:30", NULL };
    static const char *const folders[] = { "INBOX", "Junk", NULL };
    static const char *const steps[] = { "-3", "-1", "0", "1", NULL };
    return (struct policy){ .name = (char *)"柳州市纲要办",
                            .address = (char *)"office@office.example",
                            .hours = (char **)hours,
                            .folders = (char **)folders,
                            .reminders = (char **)steps,
                            .grace = 1,
                            .digest = 9 * 60 };
}

/* An empty directory with a fresh database, without units. */
static inline struct fixture *fixture_bare(void)
{
    g_autoptr(GError) error = NULL;
    struct fixture *f = g_new0(struct fixture, 1);
    mail_init();
    clock_fix(at("2019-06-10 09:00"));
    f->dir = g_dir_make_tmp("lianluo-office-XXXXXX", NULL);
    ck_assert_msg(db_create(f->dir, &error), "%s", error ? error->message : "?");
    f->db = db_open(f->dir, &error);
    ck_assert_msg(f->db != NULL, "%s", error ? error->message : "?");
    f->policy = fixture_policy();
    f->office = (struct office){ .db = f->db, .policy = &f->policy };
    return f;
}

static inline struct fixture *fixture_new(void)
{
    struct fixture *f = fixture_bare();
    fixture_begin(f);
    f->units[JYJ] = fixture_unit(f, "jyj", "市教育局", "教育局", "liaison@jyj.example");
    f->units[WTJ] = fixture_unit(f, "wtj", "市文化和体育局", "文体局", "liaison@wtj.example");
    f->units[QXJ] = fixture_unit(f, "qxj", "市气象局", "气象局", "liaison@qxj.example");
    f->units[YJ] = fixture_unit(f, "yj", "市应急<b>&\"x\"局", "", "liaison@yj.example");
    fixture_unit(f, UNIT_OFFICE, "柳州市纲要办", "纲要办", "clerk@office.example");
    fixture_commit(f);
    return f;
}

static inline void fixture_remove(const char *path)
{
    GDir *files = g_dir_open(path, 0, NULL);
    for (const char *name; files && (name = g_dir_read_name(files));) {
        g_autofree char *child = g_build_filename(path, name, NULL);
        fixture_remove(child);
    }
    if (files)
        g_dir_close(files);
    g_remove(path);
}

static inline void fixture_free(struct fixture *f)
{
    office_relax(&f->office);
    db_close(f->db);
    fixture_remove(f->dir);
    g_free(f->dir);
    g_free(f);
}

/* A consultation of all four, due 2019-06-21, where silence is no objection; still a draft. */
static inline gint64 fixture_draft(struct fixture *f, gboolean paper)
{
    struct matter matter = { .number = (char *)"柳纲要办〔2019〕3号",
                             .title = (char *)"关于征求五个文件意见的通知",
                             .kind = KIND_CONSULTATION,
                             .state = STATE_DRAFT,
                             .deadline = (char *)"2019-06-21",
                             .due = 1,
                             .deemed = TRUE,
                             .silence_text = (char *)"逾期未反馈的，视为无异议。",
                             .electronic = TRUE,
                             .paper = paper,
                             .notice = (char *)"请研究。逾期未反馈的，视为无异议。" };
    gint64 id = matter_add(f->db, &matter);
    for (int i = 0; i < FIXTURE_UNITS; i++)
        assignment_add(f->db, id, f->units[i], paper ? PAPER_WAITING : PAPER_NOT_REQUIRED);
    return id;
}

static inline gint64 fixture_store(struct fixture *f, const char *bytes, guint32 uid)
{
    gsize n = strlen(bytes);
    gint64 id = 0;
    g_autofree char *sha256 = raw_file(f->db, bytes, n, NULL);
    struct arrival arrival = { "INBOX", 7, uid };
    fixture_begin(f);
    raw_row(f->db, sha256, bytes, n);
    message_store(f->db, &arrival, sha256, clock_now(), FALSE, &id);
    fixture_commit(f);
    return id;
}

#endif
