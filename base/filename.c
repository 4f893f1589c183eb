/* File names that strangers chose, made fit for a header and a folder. */
#include "base/private.h"
#include <string.h>

#define MAX_BYTES 255
/* A longer "extension" is a sentence with a dot in it. */
#define MAX_EXTENSION 32

static const char *last_part(const char *path)
{
    const char *part = path;
    for (const char *p = path; *p != '\0'; p++)
        if (*p == '/' || *p == '\\')
            part = p + 1;
    return part;
}

static gboolean is_hidden(gunichar c)
{
    return g_unichar_iscntrl(c) || g_unichar_type(c) == G_UNICODE_FORMAT || c == 0x2028 ||
           c == 0x2029;
}

/* Without hidden characters, and without dots and blanks where a system or a reader would not see
 * them: at the beginning, and blanks at the end. */
static char *visible(const char *part)
{
    GString *name = g_string_new(NULL);
    gsize end = 0;
    for (const char *p = part; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        gboolean blank = g_unichar_isspace(c);
        if (is_hidden(c) || (name->len == 0 && (blank || c == '.')))
            continue;
        g_string_append_unichar(name, c);
        if (!blank)
            end = name->len;
    }
    g_string_truncate(name, end);
    return g_string_free(name, FALSE);
}

static gsize bytes_up_to(const char *text, gsize limit)
{
    gsize n = 0;
    while (text[n] != '\0') {
        gsize next = (gsize)(g_utf8_next_char(text + n) - text);
        if (next > limit)
            break;
        n = next;
    }
    return n;
}

static char *shortened(const char *name)
{
    const char *dot = strrchr(name, '.');
    const char *extension = dot != NULL && strlen(dot) <= MAX_EXTENSION ? dot : "";
    gsize n = bytes_up_to(name, MAX_BYTES - strlen(extension));
    g_autofree char *stem = g_strndup(name, n);
    return g_strconcat(stem, extension, NULL);
}

char *text_filename(const char *name)
{
    g_autofree char *valid = g_utf8_make_valid(name, -1);
    g_autofree char *seen = visible(last_part(valid));
    g_autofree char *composed = g_utf8_normalize(seen, -1, G_NORMALIZE_NFC);
    if (*composed == '\0')
        return g_strdup("未命名");
    if (strlen(composed) > MAX_BYTES)
        return shortened(composed);
    return g_steal_pointer(&composed);
}
