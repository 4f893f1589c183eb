/* lianluo-write: makes a file of what the JSON on standard input says. Exit code 0, or 1 with the
 * reason on standard error and nothing on standard output. */
#include "documents/write/write.h"

#include "base/base.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct format {
    const char *name;
    GBytes *(*write)(json_t *document, GError **error);
} formats[] = {
    { "docx", docx_write },
    { "xlsx", xlsx_write },
};

static GBytes *write_as(const char *name, json_t *document, GError **error)
{
    for (gsize i = 0; name != NULL && i < G_N_ELEMENTS(formats); i++)
        if (strcmp(formats[i].name, name) == 0)
            return formats[i].write(document, error);
    fault_set(error, FAULT_REFUSED, "不会写这种格式的文件：%s", name != NULL ? name : "没有写明");
    return NULL;
}

static GBytes *convert(GError **error)
{
    json_error_t cause;
    json_auto_t *document = json_loadf(stdin, 0, &cause);
    if (document == NULL) {
        fault_set(error, FAULT_REFUSED, "第 %d 行不是 JSON：%s", cause.line, cause.text);
        return NULL;
    }
    return write_as(json_string_value(json_object_get(document, "format")), document, error);
}

int main(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = convert(&error);
    gsize n = 0;
    const void *data = bytes != NULL ? g_bytes_get_data(bytes, &n) : NULL;
    if (data != NULL && !write_all(STDOUT_FILENO, data, n))
        fault_set(&error, FAULT_WORLD, "写不出去：%s", g_strerror(errno));
    if (error != NULL)
        fprintf(stderr, "lianluo-write: %s\n", error->message);
    return error != NULL;
}
