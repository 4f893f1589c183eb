/* Everything that `lianluo inspect` does with the bytes of one message, and what the daemon does
 * besides: answers within the quoted text, and an attachment taken out again. */
#include "mail/mail.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static gsize once;
    if (g_once_init_enter(&once)) {
        mail_init();
        g_once_init_leave(&once, 1);
    }
    struct mail *mail = mail_read(bytes, n);
    json_t *json = mail_json(mail);
    g_assert(json != NULL);
    json_decref(json);
    g_autofree char *against = mail_new_against(mail, mail->quoted_text);
    g_assert(g_utf8_validate(against, -1, NULL));
    if (mail->attachments->len > 0) {
        guint at = mail->attachments->len - 1;
        const struct attachment *last = mail->attachments->pdata[at];
        g_autoptr(GBytes) taken = mail_attachment_bytes(bytes, n, at);
        g_assert(taken != NULL && (gint64)g_bytes_get_size(taken) == last->size);
    }
    mail_free(mail);
    return 0;
}
