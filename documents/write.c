/* The starter of lianluo-write. */
#include "documents/private.h"

#include "base/base.h"
#include <string.h>

enum { SECONDS = 60, MAX_BYTES = 64 * 1024 * 1024 };

GBytes *document_write(json_t *document, GError **error)
{
    char *text = json_dumps(document, JSON_COMPACT);
    if (text == NULL) {
        fault_set(error, FAULT_REFUSED, "文件的内容不是有效的 UTF-8");
        return NULL;
    }
    g_autoptr(GBytes) input = g_bytes_new_with_free_func(text, strlen(text), free, text);
    return program_run("write", input, SECONDS, MAX_BYTES, error);
}
