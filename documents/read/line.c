/* The object as the line that is handed out. Jansson looks at every character by itself, which for
 * the text of a whole paper takes longer than finding it; the long texts are written in runs. */
#include "documents/read/read.h"

#include <stdlib.h>
#include <string.h>

static gboolean is_plain(guchar c)
{
    return c >= 0x20 && c != '"' && c != '\\';
}

static void put_escaped(GString *line, guchar c)
{
    static const char letters[0x20] = {
        ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'
    };
    g_string_append_c(line, '\\');
    if (c >= 0x20)
        g_string_append_c(line, (char)c);
    else if (letters[c] != '\0')
        g_string_append_c(line, letters[c]);
    else
        g_string_append_printf(line, "u%04X", c);
}

static void put_text(GString *line, const char *text)
{
    g_string_append_c(line, '"');
    while (*text != '\0') {
        const char *run = text;
        while (is_plain((guchar)*text))
            text++;
        g_string_append_len(line, run, text - run);
        if (*text != '\0')
            put_escaped(line, (guchar)*text++);
    }
    g_string_append_c(line, '"');
}

static void put_value(GString *line, json_t *value)
{
    if (json_is_string(value)) {
        put_text(line, json_string_value(value));
        return;
    }
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    g_string_append(line, text != NULL ? text : "null");
    free(text);
}

GString *paper_line(json_t *paper)
{
    GString *line = g_string_new("{");
    const char *key;
    json_t *value;
    json_object_foreach (paper, key, value) {
        if (line->len > 1)
            g_string_append_c(line, ',');
        put_text(line, key);
        g_string_append_c(line, ':');
        put_value(line, value);
    }
    return g_string_append(line, "}\n");
}
