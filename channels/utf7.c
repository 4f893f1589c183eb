/* utf7: the names of folders, in the modified UTF-7 of RFC 3501 5.1.3: 已发送 is &XfJT0ZAB-. */
#include "channels/private.h"

static void encode_units(GString *out, const gunichar2 *units, glong n)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";
    guint32 bits = 0;
    int held = 0;
    for (glong i = 0; i < n; i++) {
        bits = bits << 16 | units[i];
        for (held += 16; held >= 6; held -= 6)
            g_string_append_c(out, alphabet[bits >> (held - 6) & 63]);
    }
    if (held > 0)
        g_string_append_c(out, alphabet[bits << (6 - held) & 63]);
}

static gboolean is_direct(gunichar c)
{
    return c >= 0x20 && c <= 0x7e;
}

char *utf7_folder(const char *name)
{
    if (!g_utf8_validate(name, -1, NULL))
        return NULL;
    GString *out = g_string_new(NULL);
    while (*name != '\0') {
        gunichar c = g_utf8_get_char(name);
        if (is_direct(c)) {
            g_string_append(out, c == '&' ? "&-" : (char[]){ (char)c, '\0' });
            name++;
            continue;
        }
        const char *end = name;
        while (*end != '\0' && !is_direct(g_utf8_get_char(end)))
            end = g_utf8_next_char(end);
        glong n = 0;
        g_autofree gunichar2 *units = g_utf8_to_utf16(name, end - name, NULL, &n, NULL);
        g_string_append_c(out, '&');
        encode_units(out, units, n);
        g_string_append_c(out, '-');
        name = end;
    }
    return g_string_free(out, FALSE);
}
