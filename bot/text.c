/* The text of a file that a person names on the command line. */
#include "bot/bot.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { TEXT_MAX = 16 * 1024 * 1024 };

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
    while (bytes->len <= TEXT_MAX && (n = fread(buffer, 1, sizeof buffer, file)) > 0)
        g_byte_array_append(bytes, (const guint8 *)buffer, (guint)n);
    gboolean failed = ferror(file) != 0;
    if (file != stdin)
        fclose(file);
    if (failed)
        fault_set(error, FAULT_REFUSED, "读不到 %s", path);
    else if (bytes->len > TEXT_MAX)
        fault_set(error, FAULT_REFUSED, "%s 太大，不像一份通知", path);
    else
        return g_byte_array_free_to_bytes(g_steal_pointer(&bytes));
    return NULL;
}

char *text_of_bytes(const char *data, gsize n)
{
    gsize converted;
    if (n >= strlen(CSV_MARK) && memcmp(data, CSV_MARK, strlen(CSV_MARK)) == 0) {
        data += strlen(CSV_MARK);
        n -= strlen(CSV_MARK);
    }
    if (g_utf8_validate(data, (gssize)n, NULL))
        return text_clean(data, (gssize)n);
    g_autofree char *utf8 = g_convert(data, (gssize)n, "UTF-8", "GB18030", NULL, &converted, NULL);
    return utf8 != NULL ? text_clean(utf8, (gssize)converted) : text_clean(data, (gssize)n);
}

char *text_file(const char *path, GError **error)
{
    g_autoptr(GBytes) bytes = read_all(path, error);
    if (bytes == NULL)
        return NULL;
    gsize n;
    const char *data = g_bytes_get_data(bytes, &n);
    return text_of_bytes(data, n);
}
