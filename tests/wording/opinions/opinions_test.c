/* What units want changed, found in what they handed in (tests/data/opinions/NAME.json: what was
 * handed in as `lianluo read` prints it, and the opinions that a reader finds in it). */
#include "documents/documents.h"
#include "test.h"
#include "wording/opinions/opinions.h"
#include <stdio.h>
#include <string.h>

struct scene {
    json_t *json;
    struct read_file *sent, *papers;
    char **names;
    struct handed_in handed;
};

static json_t *docx_of(const char *path)
{
    gsize n;
    char *data = test_data(path, &n);
    g_autoptr(GBytes) bytes = g_bytes_new_take(data, n);
    test_programs();
    json_t *document = document_of_bytes(bytes, path, NULL);
    ck_assert(document != NULL && document_unreadable(document) == NULL);
    return document;
}

/* A document that is a string is the text of a file without changes; "story:NAME" one of the five
 * papers of the story; "docx:PATH" what is read of a file that LibreOffice made. */
static json_t *document_of(json_t *value)
{
    if (!json_is_string(value))
        return json_incref(value);
    const char *text = json_string_value(value);
    g_autofree char *story = NULL;
    if (g_str_has_prefix(text, "docx:"))
        return docx_of(text + strlen("docx:"));
    if (g_str_has_prefix(text, "story:")) {
        g_autofree char *path = g_strdup_printf("story/%s.txt", text + strlen("story:"));
        story = test_data(path, NULL);
        text = story;
    }
    return json_pack("{ss ss ss s[] s[] s[]}", "format", "txt", "text", text, "original_text", text,
                     "revisions", "comments", "tables");
}

static struct read_file *papers_of(json_t *list)
{
    struct read_file *papers = g_new0(struct read_file, json_array_size(list) + 1);
    for (size_t i = 0; i < json_array_size(list); i++) {
        json_t *one = json_array_get(list, i);
        papers[i].file = json_string_value(json_object_get(one, "file"));
        papers[i].document = document_of(json_object_get(one, "document"));
    }
    return papers;
}

static void scene_load(struct scene *s, const char *name)
{
    json_error_t error;
    g_autofree char *path = g_strdup_printf("opinions/%s.json", name);
    g_autofree char *text = test_data(path, NULL);
    s->json = json_loads(text, 0, &error);
    ck_assert_msg(s->json != NULL, "%s:%d: %s", name, error.line, error.text);
    json_t *sent = json_object_get(s->json, "sent"), *papers = json_object_get(s->json, "papers");
    json_t *names = json_object_get(s->json, "names");
    s->names = g_new0(char *, json_array_size(names) + 1);
    for (size_t i = 0; i < json_array_size(names); i++)
        s->names[i] = g_strdup(json_string_value(json_array_get(names, i)));
    s->sent = papers_of(sent);
    s->papers = papers_of(papers);
    s->handed = (struct handed_in){ json_string_value(json_object_get(s->json, "text")),
                                    s->papers,
                                    (guint)json_array_size(papers),
                                    s->sent,
                                    (guint)json_array_size(sent),
                                    (const char *const *)s->names };
}

static void scene_free(struct scene *s)
{
    for (guint i = 0; i < s->handed.n_papers; i++)
        json_decref(s->papers[i].document);
    for (guint i = 0; i < s->handed.n_sent; i++)
        json_decref(s->sent[i].document);
    g_free(s->papers);
    g_free(s->sent);
    g_strfreev(s->names);
    json_decref(s->json);
}

static void append_row(GString *out, const char *const *cells)
{
    for (; *cells != NULL; cells++)
        g_string_append_printf(out, "%s%s", *cells, cells[1] != NULL ? "｜" : "\n");
}

/* kind｜operation｜label｜original｜proposed｜reason｜place, "?" before a label that is doubtful.
 */
static char *rows_of(const GPtrArray *found)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < found->len; i++) {
        const struct opinion *o = found->pdata[i];
        g_autofree char *label = g_strconcat(o->certain ? "" : "?", o->label, NULL);
        const char *cells[] = { opinion_kind_text(o->kind),
                                operation_text(o->operation),
                                label,
                                o->original,
                                o->proposed,
                                o->reason,
                                o->file,
                                o->place,
                                NULL };
        append_row(out, cells);
    }
    return g_string_free(out, FALSE);
}

static void check(const char *name)
{
    struct scene s;
    scene_load(&s, name);
    g_autoptr(GPtrArray) found = opinions_find(&s.handed);
    g_autofree char *rows = rows_of(found);
    g_autoptr(GString) expected = g_string_new(NULL);
    size_t i;
    json_t *row;
    json_array_foreach (json_object_get(s.json, "opinions"), i, row)
        g_string_append_printf(expected, "%s\n", json_string_value(row));
    if (!g_str_equal(rows, expected->str))
        fprintf(stderr, "found\n%sexpected\n%s", rows, expected->str);
    ck_assert_msg(g_str_equal(rows, expected->str), "%s", name);
    scene_free(&s);
}

#define SCENE(name) \
    START_TEST(name) \
    { \
        check(#name); \
    } \
    END_TEST

SCENE(tracked_changes_of_one_sentence_are_one_opinion)
SCENE(a_filled_form_is_read_by_its_header)
SCENE(a_clean_copy_is_compared_with_what_was_sent)
SCENE(a_letter_is_read_item_by_item)
SCENE(what_is_said_twice_is_one_opinion)
SCENE(no_opinion_gives_none)
SCENE(a_form_on_a_page_is_told_not_guessed)
SCENE(the_stamped_copy_of_a_form_says_nothing_more)
SCENE(a_pdf_of_an_edited_copy_is_read_like_the_copy)
SCENE(a_paragraph_that_was_moved_is_one_opinion)
SCENE(an_opinion_beside_a_form_is_not_lost)
SCENE(one_sentence_may_ask_for_two_things)
SCENE(libreoffice_tracks_changes_and_hangs_comments)
SCENE(new_words_stand_in_their_item_and_a_new_item_behind_another)

TEST_MAIN("wording/opinions", tracked_changes_of_one_sentence_are_one_opinion,
          a_filled_form_is_read_by_its_header, a_clean_copy_is_compared_with_what_was_sent,
          a_letter_is_read_item_by_item, what_is_said_twice_is_one_opinion, no_opinion_gives_none,
          a_form_on_a_page_is_told_not_guessed, the_stamped_copy_of_a_form_says_nothing_more,
          a_pdf_of_an_edited_copy_is_read_like_the_copy, a_paragraph_that_was_moved_is_one_opinion,
          an_opinion_beside_a_form_is_not_lost, one_sentence_may_ask_for_two_things,
          libreoffice_tracks_changes_and_hangs_comments,
          new_words_stand_in_their_item_and_a_new_item_behind_another)
