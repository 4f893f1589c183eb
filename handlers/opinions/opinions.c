/* The opinions of a submission: found when it is filed, kept with it, and what of them stands. */
#include "handlers/private.h"

#include "base/base.h"
#include "documents/documents.h"
#include "wording/wording.h"
#include <string.h>

/* A document as `lianluo read` prints it, of a text that we have. */
static json_t *text_document(const char *text)
{
    return json_pack("{ss ss ss s[] s[] s[]}", "format", "txt", "text", text, "original_text", text,
                     "comments", "tables", "members");
}

struct read_files {
    GArray *list;    /* struct read_file */
    GPtrArray *kept; /* json_t that the list borrows */
};

static void keep(struct read_files *papers, const char *file, json_t *document)
{
    struct read_file paper = { file, document };
    if (document == NULL)
        return;
    g_ptr_array_add(papers->kept, document);
    g_array_append_val(papers->list, paper);
}

static struct read_files papers_new(void)
{
    return (struct read_files){ g_array_new(FALSE, FALSE, sizeof(struct read_file)),
                                g_ptr_array_new_with_free_func((GDestroyNotify)json_decref) };
}

static void papers_clear(struct read_files *papers)
{
    g_array_unref(papers->list);
    g_ptr_array_unref(papers->kept);
}

/* What was sent, as it was read; a text file needs no reader. */
static json_t *annex_document(struct office *office, const struct annex *annex)
{
    json_t *document = document_get(office->db, annex->sha256);
    if (document != NULL || !g_str_has_prefix(annex->content_type, "text/"))
        return document;
    g_autoptr(GBytes) bytes = raw_get(office->db, annex->sha256, NULL);
    if (bytes == NULL)
        return NULL;
    gsize n;
    const char *data = g_bytes_get_data(bytes, &n);
    g_autofree char *converted = g_utf8_validate(data, (gssize)n, NULL)
                                     ? NULL
                                     : g_convert(data, (gssize)n, "UTF-8", "GB18030", 0, 0, NULL);
    g_autofree char *text =
        converted != NULL ? text_clean(converted, -1) : text_clean(data, (gssize)n);
    return text_document(text);
}

static void keep_annexes(struct office *office, gint64 matter, struct read_files *sent,
                         GPtrArray *annexes)
{
    for (guint i = 0; i < annexes->len; i++) {
        const struct annex *annex = annexes->pdata[i];
        keep(sent, annex->filename, annex_document(office, annex));
    }
}

/* Our form without the words that we put into it; what was written while changes were tracked is
 * written into it like the rest. */
static json_t *form_document(const struct ours *ours, json_t *document)
{
    g_autofree char *theirs =
        ours_without(ours, json_string_value(json_object_get(document, "text")));
    json_t *form = text_document(theirs != NULL ? theirs : "");
    json_object_set(form, "comments", json_object_get(document, "comments"));
    json_object_set(form, "tables", json_object_get(document, "tables"));
    return form;
}

static void keep_paper(struct read_files *handed, const struct ours *ours, const char *file,
                       json_t *document)
{
    if (ours_is_form(ours, document))
        keep(handed, file, form_document(ours, document));
    else
        keep(handed, file, json_incref(document));
}

static void keep_attachments(const struct mail *mail, const struct ours *ours,
                             struct read_files *handed)
{
    for (guint i = 0; i < mail->attachments->len; i++) {
        const struct attachment *a = mail->attachments->pdata[i];
        if (a->document != NULL)
            keep_paper(handed, ours, a->filename, a->document);
        else if (a->text != NULL)
            keep(handed, a->filename, text_document(a->text));
    }
}

static char **names_of(struct office *office, gint64 id)
{
    struct unit *unit = id != 0 ? unit_get(office->db, id) : NULL;
    GPtrArray *names = g_ptr_array_new();
    if (unit != NULL) {
        g_ptr_array_add(names, g_strdup(unit->name));
        if (*unit->short_name != '\0')
            g_ptr_array_add(names, g_strdup(unit->short_name));
        for (guint i = 0; i < unit->aliases->len; i++)
            g_ptr_array_add(names, g_strdup(unit->aliases->pdata[i]));
    }
    g_ptr_array_add(names, NULL);
    unit_free(unit);
    return (char **)g_ptr_array_free(names, FALSE);
}

static json_t *opinion_json(const struct opinion *o)
{
    json_t *candidates = json_array();
    for (guint i = 0; i < o->candidates->len; i++)
        json_array_append_new(candidates, json_string(o->candidates->pdata[i]));
    return json_pack("{ss ss ss ss ss ss ss ss ss ss ss si si sb so ss ss}", "kind",
                     opinion_kind_text(o->kind), "operation", operation_text(o->operation), "text",
                     o->text, "original", o->original, "proposed", o->proposed, "reason", o->reason,
                     "file", o->file, "place", o->place, "document", o->document, "label", o->label,
                     "sentence", o->sentence, "paragraph", o->paragraph, "order", o->order,
                     "certain", o->certain, "candidates", candidates, "result", o->result, "key",
                     o->key);
}

/* What text and papers ask for, against what was sent. */
static json_t *opinions_in(struct office *office, gint64 matter, gint64 unit, const char *text,
                           const struct read_files *handed)
{
    struct read_files sent = papers_new();
    GPtrArray *annexes = office != NULL && matter != 0 ? annex_list(office->db, matter) : NULL;
    char **names = office != NULL ? names_of(office, unit) : NULL;
    if (annexes != NULL)
        keep_annexes(office, matter, &sent, annexes);
    struct handed_in all = { .text = text,
                             .papers = (struct read_file *)handed->list->data,
                             .n_papers = handed->list->len,
                             .sent = (struct read_file *)sent.list->data,
                             .n_sent = sent.list->len,
                             .names = (const char *const *)names };
    g_autoptr(GPtrArray) found = opinions_find(&all);
    json_t *list = json_array();
    for (guint i = 0; i < found->len; i++)
        json_array_append_new(list, opinion_json(found->pdata[i]));
    papers_clear(&sent);
    if (annexes != NULL)
        g_ptr_array_unref(annexes);
    g_strfreev(names);
    return list;
}

json_t *opinions_of_mail(struct office *office, gint64 matter, gint64 unit, const struct mail *mail)
{
    if (mail_is_book(mail))
        return json_array();
    struct read_files handed = papers_new();
    struct ours *ours = office != NULL ? ours_load(office, matter, unit, mail) : NULL;
    keep_attachments(mail, ours, &handed);
    json_t *list = opinions_in(office, matter, unit, mail->new_text, &handed);
    papers_clear(&handed);
    ours_free(ours);
    return list;
}

guint opinions_count(const struct mail *mail)
{
    if (mail_is_book(mail))
        return 0;
    struct read_files handed = papers_new();
    keep_attachments(mail, NULL, &handed);
    struct handed_in all = { .text = mail->new_text,
                             .papers = (struct read_file *)handed.list->data,
                             .n_papers = handed.list->len };
    g_autoptr(GPtrArray) found = opinions_find(&all);
    papers_clear(&handed);
    return found->len;
}

/* ---- versions */

static gboolean brings_opinions(const struct submission *s)
{
    return s->voided_at == 0 && (s->stance == STANCE_COMMENTS || s->stance == STANCE_CONDITIONAL);
}

gint64 opinions_standing(struct office *office, gint64 matter, gint64 unit)
{
    g_autoptr(GPtrArray) all = submission_list(office->db, matter, unit);
    for (guint i = all->len; i-- > 0;) {
        const struct submission *s = all->pdata[i];
        if (s->voided_at == 0 && stance_is_answer(s->stance))
            return brings_opinions(s) ? s->id : 0;
    }
    return 0;
}

/* What adds to an earlier version, or is only its stamped scan, takes nothing back. */
static gboolean adds_only(const char *subject, const char *text, json_t *found)
{
    static const char *const words[] = { "补充意见", "补充反馈", "补充如下",
                                         "补充提出", "另补充",   "补充建议" };
    if (json_array_size(found) == 0)
        return TRUE;
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (strstr(text, words[i]) != NULL || strstr(subject, words[i]) != NULL)
            return TRUE;
    return FALSE;
}

static gboolean has_key(json_t *list, const char *key)
{
    size_t i;
    json_t *opinion;
    json_array_foreach (list, i, opinion)
        if (g_strcmp0(json_string_value(json_object_get(opinion, "key")), key) == 0)
            return TRUE;
    return FALSE;
}

/* Keeps what was found, with what it only adds to. */
static void keep_found(struct office *office, const struct submission *s, const char *subject,
                       const char *text, json_t *found)
{
    g_autoptr(GPtrArray) all = submission_list(office->db, s->matter, s->unit);
    const struct submission *before = NULL;
    for (guint i = 0; i < all->len; i++) {
        const struct submission *other = all->pdata[i];
        if (other->version < s->version && other->voided_at == 0 && stance_is_answer(other->stance))
            before = other;
    }
    if (before != NULL && brings_opinions(before) && adds_only(subject, text, found)) {
        json_auto_t *earlier = opinions_get(office->db, before->id);
        size_t i;
        json_t *opinion;
        json_array_foreach (earlier, i, opinion)
            if (!has_key(found, json_string_value(json_object_get(opinion, "key"))))
                json_array_append(found, opinion);
    }
    opinions_set(office->db, s->id, found);
}

void opinions_file(struct office *office, gint64 submission, const struct mail *mail)
{
    struct submission *s = submission_get(office->db, submission);
    if (s != NULL && brings_opinions(s)) {
        json_auto_t *found = opinions_of_mail(office, s->matter, s->unit, mail);
        keep_found(office, s, mail->subject, mail->new_text, found);
    }
    submission_free(s);
}

static void file_own(struct office *office, const struct submission *s)
{
    struct read_files handed = papers_new();
    json_auto_t *document = s->sha256 != NULL ? document_get(office->db, s->sha256) : NULL;
    struct ours *ours = ours_load(office, s->matter, s->unit, NULL);
    gboolean secret = document_warns(document, "secret_marking");
    keep_paper(&handed, ours, s->filename, document);
    ours_free(ours);
    json_auto_t *found =
        secret ? json_array() : opinions_in(office, s->matter, s->unit, s->text, &handed);
    keep_found(office, s, "", s->text, found);
    papers_clear(&handed);
}

void opinions_file_stored(struct office *office, gint64 submission)
{
    struct submission *s = submission_get(office->db, submission);
    struct message *m = s != NULL && s->message != 0 ? message_get(office->db, s->message) : NULL;
    struct mail *mail = m != NULL ? mail_stored(office->db, m->sha256, NULL) : NULL;
    if (mail != NULL && !mail_is_secret(mail))
        opinions_file(office, submission, mail);
    else if (s != NULL && s->message == 0 && brings_opinions(s))
        file_own(office, s);
    mail_free(mail);
    message_free(m);
    submission_free(s);
}
