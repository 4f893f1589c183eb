/* words: what a server said, made fit for people: one line of UTF-8, whatever bytes came. */
#include "channels/private.h"
#include <string.h>

#define LONGEST 500 /* bytes: a server's essay does not belong in a log line */

/* QQ and others answer in GBK. */
static char *decode(const char *bytes, gsize n)
{
    if (!g_utf8_validate(bytes, n, NULL)) {
        char *text = g_convert(bytes, n, "UTF-8", "GB18030", NULL, NULL, NULL);
        if (text != NULL)
            return text;
    }
    return text_clean(bytes, n);
}

char *server_words(const char *bytes, gssize n)
{
    if (bytes == NULL)
        return g_strdup("");
    gsize length = n < 0 ? strlen(bytes) : (gsize)n;
    const char *nul = memchr(bytes, '\0', length);
    if (nul != NULL)
        length = nul - bytes;
    g_autofree char *text = decode(bytes, MIN(length, LONGEST));
    char *line = text_printable(text);
    return g_strstrip(line);
}
