/* format=flowed (RFC 3676): lines that end in a blank go on in the next one of the same depth. */
#include "mail/private.h"
#include <string.h>

struct flow {
    GString *out;
    gboolean open;   /* the last line goes on */
    gsize depth;     /* of the last line */
    gboolean delete; /* DelSp: the blank at the end was added, too */
};

static void add_line(struct flow *flow, const char *line, gsize n)
{
    gsize depth = 0;
    while (depth < n && line[depth] == '>')
        depth++;
    const char *words = line + depth;
    n -= depth;
    if (n > 0 && *words == ' ') {
        words++;
        n--;
    }
    gboolean signature = n == 3 && memcmp(words, "-- ", 3) == 0;
    gboolean joins = flow->open && depth == flow->depth && !signature;
    if (!joins && flow->out->len > 0)
        g_string_append_c(flow->out, '\n');
    for (gsize i = 0; !joins && i < depth; i++)
        g_string_append_c(flow->out, '>');
    if (!joins && depth > 0 && n > 0)
        g_string_append_c(flow->out, ' ');
    flow->open = n > 0 && words[n - 1] == ' ' && !signature;
    flow->depth = depth;
    g_string_append_len(flow->out, words, (gssize)(n - (flow->open && flow->delete)));
}

char *flowed_text(const char *text, gboolean delete_blank)
{
    struct flow flow = { .out = g_string_sized_new(strlen(text)), .delete = delete_blank };
    for (const char *line = text; *line != '\0';) {
        gsize n = strcspn(line, "\n");
        add_line(&flow, line, n);
        line += n + (line[n] == '\n');
        if (*line == '\0' && line > text && line[-1] == '\n')
            g_string_append_c(flow.out, '\n');
    }
    return g_string_free(flow.out, FALSE);
}
