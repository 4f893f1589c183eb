/* Attachments: name, size, hash, and the text of small text files. */
#include "mail/private.h"
#include <string.h>

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

/* What stands in the list for a part that its sender did not name. */
static char *invent_name(const struct leaf *leaf, const GByteArray *head)
{
    if (strcmp(leaf->type, "message/rfc822") != 0)
        return text_filename("");
    g_autofree char *subject = first_field(head, "Subject");
    g_autofree char *name =
        g_strconcat(subject != NULL && *subject != '\0' ? subject : "邮件", ".eml", NULL);
    g_strdelimit(name, "/\\:", '_');
    return text_filename(name);
}

static struct attachment *attachment_read(const struct reading *reading, const struct leaf *leaf,
                                          GHashTable *cids)
{
    struct attachment *attachment = g_new0(struct attachment, 1);
    struct content content;
    content_read(reading, leaf, MAX_ATTACHED_TEXT, &content);
    g_autofree char *given = leaf_filename(leaf);
    attachment->filename = given != NULL ? text_filename(given) : invent_name(leaf, content.kept);
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
    for (guint i = 0; i < reading->leaves->len; i++) {
        const struct leaf *leaf = reading->leaves->pdata[i];
        if (leaf->role == LEAF_ATTACHED)
            g_ptr_array_add(reading->mail->attachments, attachment_read(reading, leaf, cids));
    }
}
