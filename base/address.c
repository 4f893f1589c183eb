/* Mail addresses, as far as a typing error or an injection must be seen. */
#include "base/private.h"
#include <string.h>

#define MAX_ADDRESS 254
#define MAX_LOCAL 64

/* Dots stand between other characters only; beyond ASCII only letters and digits pass, so that a
 * full-width comma or stop, an invisible mark or a blank is seen for what it is. */
static gboolean is_dotted(const char *text, const char *also)
{
    gboolean after_dot = TRUE;
    for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (c == '.' && after_dot)
            return FALSE;
        if (c != '.' && !g_unichar_isalnum(c) && (c >= 0x80 || strchr(also, (int)c) == NULL))
            return FALSE;
        after_dot = c == '.';
    }
    return !after_dot;
}

gboolean text_is_address(const char *text)
{
    if (text == NULL || strlen(text) > MAX_ADDRESS || !g_utf8_validate(text, -1, NULL))
        return FALSE;
    const char *at = strchr(text, '@');
    if (at == NULL || at - text > MAX_LOCAL)
        return FALSE;
    g_autofree char *local = g_strndup(text, (gsize)(at - text));
    const char *domain = at + 1;
    if (*domain == '-' || g_str_has_suffix(domain, "-"))
        return FALSE;
    return is_dotted(local, "!#$%&'*+-/=?^_`{|}~") && is_dotted(domain, "-");
}
