/* Letters: from templates and data to a row of the outbox. */
#include "handlers/private.h"

#include <string.h>

char *office_templates(struct office *office)
{
    return g_build_filename(db_dir(office->db), "templates", NULL);
}

enum outbox_state outbox_first_state(struct office *office)
{
    return office->policy->hold ? OUT_HELD : OUT_QUEUED;
}

char *office_render(struct office *office, const char *kind, const char *suffix, json_t *data,
                    GError **error)
{
    g_autofree char *folder = office_templates(office);
    g_autofree char *name = g_strdup_printf("%s.%s.mustache", kind, suffix);
    g_autoptr(GError) fault = NULL;
    char *text = template_file(folder, name, data, &fault);
    if (text != NULL)
        return text;
    /* An office that broke its own text still gets its mail out, in ours, and is told. */
    g_autofree char *told =
        g_strdup_printf("模板 templates/%s 有错，已改用内置的文字：%s", name, fault->message);
    review_open(office->db, &(struct review){ .reason = "template", .text = told });
    return template_file(NULL, name, data, error);
}

/* The first line of a text template is the subject; a blank line follows it. */
static void take_subject(struct outbox *row, const char *text, const char *token)
{
    const char *end = strchrnul(text, '\n');
    g_autofree char *subject = g_strndup(text, (gsize)(end - text));
    g_strstrip(subject);
    while (*end == '\n')
        end++;
    row->text = g_strdup(end);
    if (token != NULL)
        row->subject = g_strdup_printf("%s [%s]", subject, token);
    else
        row->subject = g_strdup(subject);
}

static void enclose_annexes(struct office *office, struct outbox *row)
{
    g_autoptr(GPtrArray) annexes = annex_list(office->db, row->matter);
    for (guint i = 0; i < annexes->len; i++) {
        const struct annex *annex = annexes->pdata[i];
        outbox_enclose(row, annex->filename, annex->content_type, annex->sha256);
    }
}

static const char *type_of(json_t *document)
{
    return g_str_equal(row_text(document, "format"), "xlsx")
               ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
               : "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
}

static gboolean enclose_made(struct office *office, struct outbox *row, json_t *made,
                             GError **error)
{
    gsize i;
    json_t *one;
    json_array_foreach (made, i, one) {
        json_t *document = json_object_get(one, "document");
        char *recipe = json_dumps(document, JSON_COMPACT);
        gsize n = strlen(recipe);
        g_autofree char *sha256 = raw_file(office->db, recipe, n, error);
        if (sha256 != NULL) {
            raw_row(office->db, sha256, recipe, n);
            outbox_enclose(row, row_text(one, "name"), type_of(document), sha256)->recipe = TRUE;
        }
        free(recipe);
        if (sha256 == NULL)
            return FALSE;
    }
    return TRUE;
}

static gboolean fill_row(struct office *office, struct outbox *row, const struct letter *letter,
                         GError **error)
{
    row->key = g_strdup(letter->key);
    row->channel = g_strdup("mail");
    row->kind = g_strdup(letter->kind);
    row->matter = letter->matter;
    row->unit = letter->unit;
    row->message = letter->message;
    row->message_id = mail_new_id(office->policy->address);
    row->secret = g_strdup(letter->secret);
    row->in_reply_to = g_strdup(letter->in_reply_to);
    row->references =
        g_strdup(letter->references != NULL ? letter->references : letter->in_reply_to);
    row->state = letter->held ? OUT_HELD : outbox_first_state(office);
    for (const char *const *to = letter->to; *to != NULL; to++)
        g_ptr_array_add(row->recipients, g_strdup(*to));
    if (letter->annexes)
        enclose_annexes(office, row);
    if (letter->file != NULL)
        outbox_enclose(row, letter->file->filename, letter->file->content_type,
                       letter->file->sha256);
    return enclose_made(office, row, letter->made, error);
}

struct outbox *letter_row(struct office *office, const struct letter *letter, GError **error)
{
    const char *template = letter->template != NULL ? letter->template : letter->kind;
    g_autofree char *text = office_render(office, template, "txt", letter->data, error);
    if (text == NULL)
        return NULL;
    g_autofree char *html = office_render(office, template, "html", letter->data, error);
    if (html == NULL)
        return NULL;
    struct matter *m = letter->matter != 0 ? matter_get(office->db, letter->matter) : NULL;
    struct outbox *row = outbox_new();
    take_subject(row, text, m != NULL ? m->token : NULL);
    row->html = g_steal_pointer(&html);
    if (!fill_row(office, row, letter, error))
        g_clear_pointer(&row, outbox_free);
    matter_free(m);
    return row;
}

gboolean letter_queue(struct office *office, const struct letter *letter, GError **error)
{
    if (outbox_has(office->db, letter->key))
        return TRUE;
    struct outbox *row = letter_row(office, letter, error);
    if (row == NULL)
        return FALSE;
    outbox_add(office->db, row);
    outbox_free(row);
    return TRUE;
}
