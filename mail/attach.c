/* Attachments: name, size, hash, and the text of small text files. */
#include "mail/private.h"
#include <string.h>

#define MAX_STEM 200 /* bytes of a name to which a number is added */
#define MAX_ENDING 20

/* The ids that HTML shows as <img src="cid:ID">. */
static GHashTable *cids_in(const char *html)
{
    GHashTable *cids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (const char *p = html; (p = strstr(p, "cid:")) != NULL;) {
        p += strlen("cid:");
        g_hash_table_add(cids, g_strndup(p, strcspn(p, "\"'>)( \t\r\n")));
    }
    return cids;
}

static gboolean is_inline(const struct leaf *leaf, GHashTable *cids)
{
    const char *disposition =
        leaf->object != NULL ? g_mime_object_get_disposition(leaf->object) : NULL;
    if (disposition != NULL && g_ascii_strcasecmp(disposition, "inline") == 0)
        return TRUE;
    const char *raw = leaf_header(leaf, "Content-ID");
    g_autoptr(GPtrArray) ids = ids_read(raw);
    return ids->len > 0 && g_hash_table_contains(cids, ids->pdata[0]);
}

static char *first_field(const GByteArray *head, const char *name)
{
    g_autoptr(GPtrArray) fields = fields_read((const char *)head->data, head->len, NULL);
    const char *value = fields_get(fields, name);
    return value != NULL ? words_line(value) : NULL;
}

/* What stands in the list for a part that its sender did not name: a subject (an attached message
 * has its own) and what its type's names end in. */
static char *invent_name(const struct reading *reading, const struct leaf *leaf,
                         const GByteArray *head)
{
    gboolean is_message = strcmp(leaf->type, "message/rfc822") == 0;
    g_autofree char *own = is_message ? first_field(head, "Subject") : NULL;
    const char *subject = is_message ? own : mail_subject_bare(reading->mail->subject);
    const char *ending = type_ending(leaf->type);
    if (subject == NULL || *subject == '\0')
        subject = is_message ? "邮件" : "未命名";
    g_autofree char *name =
        g_strconcat(subject, ending != NULL ? "." : "", ending != NULL ? ending : "", NULL);
    g_strdelimit(name, "/\\:", '_');
    return text_filename(name);
}

/* The bytes of the name before its ending, few enough that a number has room behind them. */
static gsize stem_of(const char *name, const char **ending)
{
    const char *dot = strrchr(name, '.');
    *ending = dot != NULL && dot > name && strlen(dot) <= MAX_ENDING ? dot : "";
    gsize stem = MIN(strlen(name) - strlen(*ending), MAX_STEM);
    while (stem > 0 && ((guchar)name[stem] & 0xC0) == 0x80)
        stem--;
    return stem;
}

/* "表.xls" → "表(2).xls", as long as the name is taken. */
static void make_distinct(struct attachment *attachment, GHashTable *taken)
{
    g_autofree char *given = g_strdup(attachment->filename);
    const char *ending;
    gsize stem = stem_of(given, &ending);
    gpointer count = g_hash_table_lookup(taken, given);
    for (guint n = MAX(GPOINTER_TO_UINT(count), 1) + 1;
         g_hash_table_contains(taken, attachment->filename); n++) {
        g_autofree char *numbered = g_strdup_printf("%.*s(%u)%s", (int)stem, given, n, ending);
        g_free(attachment->filename);
        attachment->filename = text_filename(numbered);
        g_hash_table_insert(taken, g_strdup(given), GUINT_TO_POINTER(n));
    }
    if (!g_hash_table_contains(taken, attachment->filename))
        g_hash_table_insert(taken, g_strdup(attachment->filename), GUINT_TO_POINTER(1));
}

static struct attachment *attachment_read(const struct reading *reading, const struct leaf *leaf,
                                          GHashTable *cids)
{
    struct attachment *attachment = g_new0(struct attachment, 1);
    struct content content;
    content_read(reading, leaf, MAX_ATTACHED_TEXT, &content);
    g_autofree char *given = leaf_filename(leaf);
    attachment->filename =
        given != NULL ? text_filename(given) : invent_name(reading, leaf, content.kept);
    attachment->content_type = g_strdup(leaf->type);
    attachment->size = content.size;
    attachment->sha256 = g_steal_pointer(&content.sha256);
    attachment->is_inline = is_inline(leaf, cids);
    if (strcmp(leaf->type, "text/plain") == 0 && content.size <= MAX_ATTACHED_TEXT) {
        const char *label = leaf->object != NULL
                                ? g_mime_object_get_content_type_parameter(leaf->object, "charset")
                                : NULL;
        attachment->text = charset_text(label, (const char *)content.kept->data, content.kept->len);
    }
    content_clear(&content);
    return attachment;
}

void attachments_read(struct reading *reading)
{
    g_autoptr(GHashTable) cids = cids_in(reading->html->str);
    g_autoptr(GHashTable) taken = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < reading->leaves->len; i++) {
        const struct leaf *leaf = reading->leaves->pdata[i];
        if (leaf->role != LEAF_ATTACHED)
            continue;
        struct attachment *attachment = attachment_read(reading, leaf, cids);
        make_distinct(attachment, taken);
        g_ptr_array_add(reading->mail->attachments, attachment);
    }
}
