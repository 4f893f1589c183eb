/* The text of a file that a person names on the command line, of whatever format. */
#include "bot/bot.h"

#include "documents/documents.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { FILE_MAX = 64 * 1024 * 1024 };

static GBytes *read_all(const char *path, GError **error)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    char buffer[65536];
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    if (file == NULL) {
        fault_set(error, FAULT_REFUSED, "读不到 %s：%s", path, g_strerror(errno));
        return NULL;
    }
    gsize n;
    while (bytes->len <= FILE_MAX && (n = fread(buffer, 1, sizeof buffer, file)) > 0)
        g_byte_array_append(bytes, (const guint8 *)buffer, (guint)n);
    gboolean failed = ferror(file) != 0;
    if (file != stdin)
        fclose(file);
    if (failed)
        fault_set(error, FAULT_REFUSED, "读不到 %s", path);
    else if (bytes->len > FILE_MAX)
        fault_set(error, FAULT_REFUSED, "%s 太大，不像一份通知", path);
    else
        return g_byte_array_free_to_bytes(g_steal_pointer(&bytes));
    return NULL;
}

/* UTF-8 with or without its mark, else GB18030; NULL: no text, but a file of some format. */
static char *plain_text(const char *data, gsize n)
{
    static const char *const formats[] = { "PK\x03\x04", "\xD0\xCF\x11\xE0", "%PDF", "{\\rtf",
                                           "<" };
    gsize converted;
    for (gsize i = 0; i < G_N_ELEMENTS(formats); i++)
        if (n >= strlen(formats[i]) && memcmp(data, formats[i], strlen(formats[i])) == 0)
            return NULL;
    if (n >= strlen(CSV_MARK) && memcmp(data, CSV_MARK, strlen(CSV_MARK)) == 0) {
        data += strlen(CSV_MARK);
        n -= strlen(CSV_MARK);
    }
    if (g_utf8_validate(data, (gssize)n, NULL))
        return text_clean(data, (gssize)n);
    g_autofree char *utf8 = g_convert(data, (gssize)n, "UTF-8", "GB18030", NULL, &converted, NULL);
    return utf8 != NULL ? text_clean(utf8, (gssize)converted) : NULL;
}

static char *read_document(GBytes *bytes, const char *path, GError **error)
{
    g_autofree char *name = g_path_get_basename(path);
    json_auto_t *document = document_of_bytes(bytes, name, error);
    const char *text = json_string_value(json_object_get(document, "text"));
    if (document != NULL && text == NULL)
        fault_set(error, FAULT_REFUSED, "%s 读不出文字：%s", path,
                  unreadable_chinese(document_unreadable(document)));
    return g_strdup(text);
}

char *text_file(const char *path, GError **error)
{
    gsize n;
    g_autoptr(GBytes) bytes = read_all(path, error);
    if (bytes == NULL)
        return NULL;
    const char *data = g_bytes_get_data(bytes, &n);
    char *text = plain_text(data, n);
    return text != NULL ? text : read_document(bytes, path, error);
}
