/* Whether a message is signed or encrypted, by S/MIME or PGP. What is encrypted cannot be read
 * here, and must not pass for a mail that says nothing. */
#include "mail/private.h"
#include <string.h>

gboolean type_is_smime(const char *type)
{
    return strcmp(type, "application/pkcs7-mime") == 0 ||
           strcmp(type, "application/x-pkcs7-mime") == 0;
}

static gboolean is_encrypted_leaf(const struct leaf *leaf)
{
    if (strcmp(leaf->type, "application/pgp-encrypted") == 0)
        return TRUE;
    if (!type_is_smime(leaf->type) || leaf->object == NULL)
        return FALSE;
    const char *kind = g_mime_object_get_content_type_parameter(leaf->object, "smime-type");
    return kind == NULL || g_ascii_strcasecmp(kind, "signed-data") != 0;
}

static gboolean is_signature_leaf(const struct leaf *leaf)
{
    static const char *const types[] = { "application/pkcs7-signature",
                                         "application/x-pkcs7-signature",
                                         "application/pgp-signature", NULL };
    return g_strv_contains(types, leaf->type) || type_is_smime(leaf->type);
}

void protection_find(struct reading *reading)
{
    struct mail *mail = reading->mail;
    if (strstr(mail->new_text, "-----BEGIN PGP MESSAGE-----") != NULL)
        mail->protection = "encrypted";
    else if (strstr(mail->new_text, "-----BEGIN PGP SIGNED MESSAGE-----") != NULL)
        mail->protection = "signed";
    else if (reading->opaque)
        mail->protection = "signed";
    for (guint i = 0; i < reading->leaves->len; i++) {
        const struct leaf *leaf = reading->leaves->pdata[i];
        if (is_encrypted_leaf(leaf))
            mail->protection = "encrypted";
        else if (mail->protection == NULL && is_signature_leaf(leaf))
            mail->protection = "signed";
    }
}
