/* Attachments as they were read, by their hash. */
#include "office.h"

static void keep(struct fixture *f, const char *text)
{
    json_auto_t *document = json_pack("{ss}", "text", text);
    fixture_begin(f);
    document_set(f->db, "aa", document);
    fixture_commit(f);
}

static void expect(struct fixture *f, const char *text)
{
    json_auto_t *document = document_get(f->db, "aa");
    ck_assert_str_eq(json_string_value(json_object_get(document, "text")), text);
}

START_TEST(a_file_never_read_has_no_document)
{
    struct fixture *f = fixture_new();
    keep(f, "第一次");
    ck_assert_ptr_null(document_get(f->db, "bb"));
    fixture_free(f);
}
END_TEST

START_TEST(a_later_reading_replaces_an_earlier_one)
{
    struct fixture *f = fixture_new();
    keep(f, "第一次");
    expect(f, "第一次");
    keep(f, "第二次");
    expect(f, "第二次");
    fixture_free(f);
}
END_TEST

TEST_MAIN("db/document", a_file_never_read_has_no_document, a_later_reading_replaces_an_earlier_one)
