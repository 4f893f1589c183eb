/* The schema: a fresh database, an older one that is brought up, a newer one that is left alone. */
#include "db/sql.h"
#include "office.h"
#include <sqlite3.h>

static char *database_of(const char *dir)
{
    return g_build_filename(dir, "lianluo.db", NULL);
}

/* A directory whose database is made by running a file of tests/data/db, or a text. */
static char *office_of(const char *sql)
{
    char *dir = g_dir_make_tmp("lianluo-schema-XXXXXX", NULL);
    g_autofree char *path = database_of(dir);
    sqlite3 *raw = NULL;
    char *why = NULL;
    ck_assert_int_eq(sqlite3_open(path, &raw), SQLITE_OK);
    ck_assert_msg(sqlite3_exec(raw, sql, NULL, NULL, &why) == SQLITE_OK, "%s", why);
    sqlite3_close(raw);
    return dir;
}

static int newest(void)
{
    int n = 0;
    while (schema_migrations[n] != NULL)
        n++;
    return n;
}

static char *hash_of_file(const char *path)
{
    char *bytes;
    gsize n;
    ck_assert(g_file_get_contents(path, &bytes, &n, NULL));
    char *sha256 = text_sha256(bytes, n);
    g_free(bytes);
    return sha256;
}

static void check_refused(const char *dir, enum fault code)
{
    g_autoptr(GError) error = NULL;
    struct db *db = db_open(dir, &error);
    ck_assert_ptr_null(db);
    ck_assert_msg(g_error_matches(error, FAULT, code), "%s", error ? error->message : "none");
}

START_TEST(a_fresh_database_has_every_table_and_each_is_strict)
{
    static const char *const tables[] = { "office",     "unit",       "alias",      "contact",
                                          "raw",        "matter",     "annex",      "folder",
                                          "assignment", "message",    "attachment", "evidence",
                                          "arrival",    "submission", "review",     "outbox",
                                          "event",      "recipient",  "enclosure" };
    struct fixture *f = fixture_bare();
    for (gsize i = 0; i < G_N_ELEMENTS(tables); i++)
        ck_assert_msg(sql_one(f->db, "SELECT strict FROM pragma_table_list WHERE name = ?",
                              TXT(tables[i])) == 1,
                      "%s", tables[i]);
    ck_assert_int_eq(sql_one(f->db, "SELECT count(*) FROM pragma_table_list WHERE schema = 'main'"
                                    " AND name NOT LIKE 'sqlite_%' AND NOT strict"),
                     0);
    ck_assert_int_eq(db_version(f->db), newest());
    ck_assert_str_eq(db_dir(f->db), f->dir);
    fixture_free(f);
}
END_TEST

START_TEST(a_connection_is_durable_and_keeps_its_references)
{
    struct fixture *f = fixture_bare();
    g_autofree char *journal = sql_one_text(f->db, "PRAGMA journal_mode");
    ck_assert_str_eq(journal, "wal");
    ck_assert_int_eq(sql_one(f->db, "PRAGMA synchronous"), 2);
    ck_assert_int_eq(sql_one(f->db, "PRAGMA foreign_keys"), 1);
    fixture_begin(f);
    annex_add(f->db, 99, "a.doc", "application/msword", "no such bytes");
    ck_assert(!db_commit(f->db, NULL));
    fixture_free(f);
}
END_TEST

START_TEST(an_office_is_made_once)
{
    struct fixture *f = fixture_new();
    g_autoptr(GError) error = NULL;
    g_autofree char *files = g_build_filename(f->dir, "files", NULL);
    ck_assert(g_file_test(files, G_FILE_TEST_IS_DIR));
    ck_assert(!db_create(f->dir, &error));
    ck_assert(g_error_matches(error, FAULT, FAULT_REFUSED));
    ck_assert_int_eq(unit_by_code(f->db, "jyj"), f->units[JYJ]);
    fixture_free(f);
}
END_TEST

START_TEST(a_directory_without_an_office_is_refused_and_stays_empty)
{
    char *dir = g_dir_make_tmp("lianluo-schema-XXXXXX", NULL);
    g_autofree char *path = database_of(dir);
    check_refused(dir, FAULT_REFUSED);
    ck_assert(!g_file_test(path, G_FILE_TEST_EXISTS));
    fixture_remove(dir);
    g_free(dir);
}
END_TEST

START_TEST(an_empty_database_is_brought_up_from_version_0)
{
    char *dir = office_of("PRAGMA user_version = 0; CREATE TABLE t (x); DROP TABLE t;");
    struct db *db = db_open(dir, NULL);
    ck_assert_ptr_nonnull(db);
    ck_assert_int_eq(db_version(db), newest());
    ck_assert_int_eq(unit_add(db, "jyj", "市教育局", ""), 1);
    db_close(db);
    fixture_remove(dir);
    g_free(dir);
}
END_TEST

START_TEST(a_database_of_version_1_keeps_its_data)
{
    g_autofree char *sql = test_data("db/version_1.sql", NULL);
    char *dir = office_of(sql);
    g_autoptr(GError) error = NULL;
    struct db *db = db_open(dir, &error);
    ck_assert_msg(db != NULL, "%s", error ? error->message : "?");
    ck_assert_int_eq(db_version(db), newest());

    gint64 unit = unit_by_code(db, "jyj");
    struct matter *matter = matter_get(db, 1);
    struct assignment *assignment = assignment_get(db, 1, unit);
    struct submission *submission = submission_current(db, 1, unit);
    ck_assert_str_eq(matter->title, "关于征求意见的通知");
    ck_assert_str_eq(matter->deadline, "2019-06-21");
    ck_assert_int_eq(assignment->status, STATUS_COMMENTED);
    ck_assert_str_eq(submission->text, "建议将第三条修改为“每年两次”。");
    ck_assert_int_eq(submission->received_at, at("2019-06-18 10:00"));
    struct message *message = message_get(db, 1);
    ck_assert_str_eq(message->sender, "liaison@jyj.example");
    ck_assert_int_eq(outbox_count(db, OUT_SENT, 1), 1);
    ck_assert_int_eq(review_count(db, 0), 1);
    ck_assert(db_ok(db, NULL));
    matter_free(matter);
    assignment_free(assignment);
    submission_free(submission);
    message_free(message);
    db_close(db);
    fixture_remove(dir);
    g_free(dir);
}
END_TEST

START_TEST(an_address_that_was_learnt_before_names_were_stays_learnt)
{
    enum { WITH_NAMES = 13 };
    g_autoptr(GString) sql = g_string_new(NULL);
    for (int i = 0; i < WITH_NAMES - 1; i++)
        g_string_append(sql, schema_migrations[i]);
    g_string_append(sql,
                    "INSERT INTO unit (id, code, name) VALUES (7, 'jyj', '市教育局');"
                    "INSERT INTO learnt VALUES ('a@163.example', 7, 2, '2019-06-18T02:00:00Z');"
                    "PRAGMA user_version = 12;");
    char *dir = office_of(sql->str);
    struct db *db = db_open(dir, NULL);
    g_autoptr(GPtrArray) learnt = learnt_of(db, LEARNT_ADDRESS, "A@163.example");
    ck_assert_uint_eq(learnt->len, 1);
    const struct learnt *l = learnt->pdata[0];
    ck_assert_int_eq(l->unit, 7);
    ck_assert_int_eq(l->times, 2);
    ck_assert_int_eq(l->last_at, at("2019-06-18 10:00"));
    db_close(db);
    fixture_remove(dir);
    g_free(dir);
}
END_TEST

START_TEST(a_database_of_version_1_ends_as_a_fresh_one)
{
    static const char layout[] = "SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_master"
                                 " WHERE sql IS NOT NULL ORDER BY type, name)";
    g_autofree char *sql = test_data("db/version_1.sql", NULL);
    char *dir = office_of(sql);
    struct db *db = db_open(dir, NULL);
    struct fixture *f = fixture_bare();
    g_autofree char *upgraded = sql_one_text(db, layout);
    g_autofree char *fresh = sql_one_text(f->db, layout);
    ck_assert_str_eq(upgraded, fresh);
    db_close(db);
    fixture_remove(dir);
    g_free(dir);
    fixture_free(f);
}
END_TEST

START_TEST(a_newer_database_is_refused_and_not_touched)
{
    g_autofree char *sql = test_data("db/version_1.sql", NULL);
    g_autofree char *newer = g_strconcat(sql, "\nPRAGMA user_version = 1000;", NULL);
    char *dir = office_of(newer);
    g_autofree char *path = database_of(dir);
    g_autofree char *before = hash_of_file(path);
    check_refused(dir, FAULT_REFUSED);
    g_autofree char *after = hash_of_file(path);
    ck_assert_str_eq(before, after);
    fixture_remove(dir);
    g_free(dir);
}
END_TEST

START_TEST(a_damaged_database_is_a_fault_of_the_world)
{
    char *dir = g_dir_make_tmp("lianluo-schema-XXXXXX", NULL);
    g_autofree char *path = database_of(dir);
    g_autofree char *noise = g_strnfill(8192, '?');
    ck_assert(g_file_set_contents(path, noise, 8192, NULL));
    check_refused(dir, FAULT_WORLD);
    fixture_remove(dir);
    g_free(dir);
}
END_TEST

TEST_MAIN("db/schema", a_fresh_database_has_every_table_and_each_is_strict,
          a_connection_is_durable_and_keeps_its_references, an_office_is_made_once,
          a_directory_without_an_office_is_refused_and_stays_empty,
          an_empty_database_is_brought_up_from_version_0, a_database_of_version_1_keeps_its_data,
          a_database_of_version_1_ends_as_a_fresh_one,
          an_address_that_was_learnt_before_names_were_stays_learnt,
          a_newer_database_is_refused_and_not_touched, a_damaged_database_is_a_fault_of_the_world)
