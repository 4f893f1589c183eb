/* What GMime costs by itself: parses each mail named on standard input and decodes every part, text
 * to UTF-8, anything else into nothing. Built and run by bench.py; prints how many bytes came
 * out. */
#include <gmime/gmime.h>
#include <stdio.h>
#include <string.h>

static guint64 decoded;

static void decode(GMimeObject *parent, GMimeObject *part, gpointer data)
{
    if (GMIME_IS_TEXT_PART(part)) {
        char *text = g_mime_text_part_get_text(GMIME_TEXT_PART(part));
        decoded += text != NULL ? strlen(text) : 0;
        g_free(text);
    } else if (GMIME_IS_PART(part)) {
        GMimeDataWrapper *content = g_mime_part_get_content(GMIME_PART(part));
        GMimeStream *null = g_mime_stream_null_new();
        if (content != NULL)
            decoded += (guint64)g_mime_data_wrapper_write_to_stream(content, null);
        g_object_unref(null);
    }
}

static void read_mail(const char *path)
{
    GMimeStream *stream = g_mime_stream_file_open(path, "r", NULL);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
    if (message != NULL) {
        decoded += strlen(g_mime_message_get_subject(message));
        g_mime_message_foreach(message, decode, NULL);
        g_object_unref(message);
    }
    g_object_unref(parser);
    g_object_unref(stream);
}

int main(void)
{
    char path[4096];
    g_mime_init();
    while (fgets(path, sizeof path, stdin) != NULL) {
        path[strcspn(path, "\n")] = '\0';
        read_mail(path);
    }
    printf("%" G_GUINT64_FORMAT "\n", decoded);
    return 0;
}
