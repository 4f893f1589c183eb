/* Everything that `lianluo inspect` does with the bytes of one message. */
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
    mail_free(mail);
    return 0;
}
