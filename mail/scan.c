/* The scan before parsing. GMime 3.2 dies of a header with tens of thousands of address groups
 * ("g:g:g:…"), wherever it stands, an attached message too; so colons are counted over the whole
 * message before any parser sees it. The scan jumps from colon to colon: 50 MB take some 10 ms. */
#include "mail/private.h"
#include <string.h>

#define MAX_COLONS 1000
#define MAX_FIELD (2 * 1024 * 1024)
#define MAX_HEADER (4 * 1024 * 1024)

static gboolean is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static const char *line_end(const char *p, const char *end)
{
    const char *newline = memchr(p, '\n', (gsize)(end - p));
    return newline != NULL ? newline + 1 : end;
}

static guint count_colons(const char *p, const char *end)
{
    guint count = 0;
    while (p < end && (p = memchr(p, ':', (gsize)(end - p))) != NULL) {
        count++;
        p++;
    }
    return count;
}

/* TRUE if all lines in [from, to) are folded on, so that a field before them still goes on. */
static gboolean all_folded(const char *from, const char *to)
{
    for (const char *p = from; p < to; p = line_end(p, to)) {
        if (!is_blank(*p))
            return FALSE;
    }
    return TRUE;
}

static gboolean after_empty_line(const char *bytes, const char *line)
{
    gsize before = (gsize)(line - bytes);
    return before == 0 || (before == 1 && line[-1] == '\n') ||
           (before >= 2 && line[-1] == '\n' && line[-2] == '\n') ||
           (before >= 3 && memcmp(line - 3, "\n\r\n", 3) == 0);
}

char *scan_flood(const char *bytes, gsize n)
{
    const char *end = bytes + n;
    const char *done = bytes; /* all lines before it are counted */
    guint count = 0;
    gboolean in_field = FALSE; /* the line before done belongs to something like a field */
    const char *colon;
    while (done < end && (colon = memchr(done, ':', (gsize)(end - done))) != NULL) {
        const char *line = memrchr(done, '\n', (gsize)(colon - done));
        line = line != NULL ? line + 1 : done;
        const char *next = line_end(colon, end);
        guint colons = count_colons(colon, next);
        if (is_blank(*line) && !after_empty_line(bytes, line)) {
            in_field = in_field && all_folded(done, line);
            count = in_field ? count + colons : colons;
        } else {
            in_field = line_is_field(line, (gsize)(next - line));
            count = colons;
        }
        if (count > MAX_COLONS)
            return g_strdup_printf("一个邮件头里有超过 %d 个冒号，可能是攻击，没有解析",
                                   MAX_COLONS);
        done = next;
    }
    return NULL;
}

/* GMime takes every line of a boundary for a part, and builds it. */
char *scan_parts(const char *bytes, gsize n)
{
    const char *end = bytes + n;
    guint parts = 0;
    for (const char *p = bytes; (p = memchr(p, '-', (gsize)(end - p))) != NULL;) {
        gboolean boundary = p > bytes && p[-1] == '\n' && p + 1 < end && p[1] == '-';
        p = boundary ? line_end(p, end) : p + 1;
        parts += boundary && p < end &&
                 (*p == '\n' || *p == '\r' || line_is_field(p, (gsize)(line_end(p, end) - p)));
        if (parts > 2 * MAX_PARTS)
            break;
    }
    if (parts <= 2 * MAX_PARTS || memmem(bytes, n, "oundary", 7) == NULL)
        return NULL;
    return g_strdup_printf("邮件有超过 %d 个部分，没有解析", MAX_PARTS);
}

char *scan_header(const char *bytes, gsize n)
{
    const char *end = bytes + n;
    const char *field = bytes;
    for (const char *p = bytes; p < end; p = line_end(p, end)) {
        gboolean last = *p == '\n' || (*p == '\r' && p + 1 < end && p[1] == '\n');
        if (!is_blank(*p))
            field = p;
        if (last)
            return NULL;
        if (line_end(p, end) - field > MAX_FIELD)
            return g_strdup_printf("一个邮件头超过 %d KiB，没有解析", MAX_FIELD / 1024);
        if (line_end(p, end) - bytes > MAX_HEADER)
            return g_strdup_printf("邮件头部超过 %d KiB，没有解析", MAX_HEADER / 1024);
    }
    return NULL;
}
