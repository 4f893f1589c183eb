/* What we sent in a matter: its words and papers prove nothing when they come back. */
#include "handlers/evidence.h"
#include "handlers/private.h"

#include <string.h>

enum { LINE_MIN = 8 }; /* characters: a shorter line may be anybody's */

struct ours {
    char *title, *office;
    char *answered;    /* the text of the mail that is answered, or NULL */
    GHashTable *files; /* SHA-256 of annexes */
    GHashTable *lines; /* of the notice and the annexes, without blanks */
};

static void add_lines(struct ours *ours, const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text != NULL ? text : "", "\n", -1);
    for (char **line = lines; *line != NULL; line++) {
        g_autofree char *compact = text_compact(*line);
        if (g_utf8_strlen(compact, -1) >= LINE_MIN)
            g_hash_table_add(ours->lines, g_steal_pointer(&compact));
    }
}

struct ours *ours_new(const char *title)
{
    struct ours *ours = g_new0(struct ours, 1);
    ours->title = g_strdup(title);
    ours->files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    ours->lines = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return ours;
}

/* The mail of ours that is answered, or that is most likely quoted. */
static char *answered_text(struct office *office, gint64 matter, gint64 unit,
                           const struct mail *mail)
{
    gint64 id = 0;
    for (guint i = 0; i < mail->references->len && id == 0; i++)
        id = outbox_by_message_id(office->db, mail->references->pdata[i]);
    if (id == 0 && unit != 0)
        id = outbox_newest(office->db, "notice", matter, unit);
    struct outbox *row = id != 0 && *mail->quoted_text != '\0' ? outbox_get(office->db, id) : NULL;
    char *text = row != NULL ? g_strdup(row->text) : NULL;
    outbox_free(row);
    return text;
}

struct ours *ours_load(struct office *office, gint64 matter, gint64 unit, const struct mail *mail)
{
    struct matter *m = matter != 0 ? matter_get(office->db, matter) : NULL;
    if (m == NULL)
        return NULL;
    struct ours *ours = ours_new(m->title);
    ours->office = g_strdup(office->policy->address);
    ours->answered = answered_text(office, matter, unit, mail);
    add_lines(ours, m->notice);
    g_autoptr(GPtrArray) annexes = annex_list(office->db, matter);
    for (guint i = 0; i < annexes->len; i++) {
        const struct annex *annex = annexes->pdata[i];
        json_auto_t *document = document_get(office->db, annex->sha256);
        g_hash_table_add(ours->files, g_strdup(annex->sha256));
        add_lines(ours, json_string_value(json_object_get(document, "text")));
    }
    matter_free(m);
    return ours;
}

void ours_free(struct ours *ours)
{
    if (ours == NULL)
        return;
    g_free(ours->title);
    g_free(ours->office);
    g_free(ours->answered);
    g_hash_table_unref(ours->files);
    g_hash_table_unref(ours->lines);
    g_free(ours);
}

const char *ours_title(const struct ours *ours)
{
    return ours != NULL ? ours->title : NULL;
}

gboolean ours_has_file(const struct ours *ours, const char *sha256)
{
    return ours != NULL && g_hash_table_contains(ours->files, sha256);
}

char *ours_without(const struct ours *ours, const char *text)
{
    if (ours == NULL || text == NULL)
        return g_strdup(text);
    GString *rest = g_string_new(NULL);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line != NULL; line++) {
        g_autofree char *compact = text_compact(*line);
        if (!g_hash_table_contains(ours->lines, compact))
            g_string_append_printf(rest, "%s%s", rest->len > 0 ? "\n" : "", *line);
    }
    return g_string_free(rest, FALSE);
}

/* A forwarded letter without the lines that say who wrote it when. */
static void append_forwarded(GString *text, const char *quoted)
{
    static GRegex *headers;
    static gsize once;
    if (g_once_init_enter(&once)) {
        headers =
            g_regex_new("^[ \\t>]*(?:(?:发件人|发送时间|收件人|抄送|主题|日期|时间|From|Sent|To|Cc|"
                        "Date|Subject)[ \\t]*[:：].*|-{2,}.*-{2,})$",
                        G_REGEX_MULTILINE | G_REGEX_CASELESS | G_REGEX_OPTIMIZE, 0, NULL);
        g_once_init_leave(&once, 1);
    }
    g_autofree char *plain = g_regex_replace_literal(headers, quoted, -1, 0, "", 0, NULL);
    g_string_append_printf(text, "\n%s", plain);
}

char *ours_answer(const struct ours *ours, const struct mail *mail)
{
    g_autofree char *said = mail_new_against(mail, ours != NULL ? ours->answered : NULL);
    GString *text = g_string_new(said);
    gboolean of_ours =
        ours != NULL && ours->office != NULL && strstr(mail->quoted_text, ours->office) != NULL;
    if (mail_is_forward(mail) && !of_ours)
        append_forwarded(text, mail->quoted_text);
    g_autofree char *whole = g_string_free(text, FALSE);
    return ours_without(ours, whole);
}
