/* A stored mail with what its attachments are known to say. */
#include "handlers/handlers.h"

gboolean attachment_is_paper(const struct attachment *a)
{
    return a->size > 0 && !(a->is_inline && g_str_has_prefix(a->content_type, "image/"));
}

struct mail *mail_stored(struct db *db, const char *sha256, GError **error)
{
    g_autoptr(GBytes) bytes = raw_get(db, sha256, error);
    if (bytes == NULL)
        return NULL;
    struct mail *mail = mail_read(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    for (guint i = 0; mail->kind == MAIL_PERSON && i < mail->attachments->len; i++) {
        struct attachment *a = mail->attachments->pdata[i];
        if (attachment_is_paper(a))
            a->document = document_get(db, a->sha256);
    }
    return mail;
}
