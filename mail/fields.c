/* Header fields as they were sent. GMime decodes some of them with loss (adjacent encoded words,
 * characters split between two words), drops what stands behind a NUL and gives up on a garbage
 * line at the top; so the raw fields are kept here and decoded by words.c. */
#include "mail/private.h"
#include <string.h>

#define MAX_GARBAGE 20 /* lines that may stand before the first field */

static gboolean is_name_char(char c)
{
    return c > ' ' && c < 127 && c != ':';
}

gboolean line_is_field(const char *line, gsize n)
{
    gsize i = 0;
    while (i < n && (line[i] == ' ' || line[i] == '\t'))
        i++;
    gsize start = i;
    while (i < n && is_name_char(line[i]))
        i++;
    gboolean named = i > start;
    while (i < n && (line[i] == ' ' || line[i] == '\t'))
        i++;
    return named && i < n && line[i] == ':';
}

static gsize next_line(const char *bytes, gsize n, gsize at)
{
    const char *newline = memchr(bytes + at, '\n', n - at);
    return newline != NULL ? (gsize)(newline - bytes) + 1 : n;
}

static gboolean is_empty_line(const char *line, gsize n)
{
    return n == 0 || line[0] == '\n' || (n >= 2 && line[0] == '\r' && line[1] == '\n') ||
           (n == 1 && line[0] == '\r');
}

static gboolean begins_field(const char *line, gsize n)
{
    return n > 0 && is_name_char(line[0]) && line_is_field(line, n);
}

static gboolean is_well_known(const char *line, gsize n)
{
    static const char *const names[] = {
        "Return-Path:",  "Received:",   "From:",     "To:",           "Subject:",
        "Date:",         "Message-ID:", "Cc:",       "Content-Type:", "MIME-Version:",
        "Delivered-To:", "X-QQ-mid:",   "Reply-To:", "Sender:",       "DKIM-Signature:",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        gsize length = strlen(names[i]);
        if (n >= length && g_ascii_strncasecmp(line, names[i], length) == 0)
            return TRUE;
    }
    return FALSE;
}

/* Garbage is stepped over only where two fields that every mail has follow in the same block: else
 * the file is no mail, and its first lines are text. */
static gsize start_after_garbage(const char *bytes, gsize n, gsize at)
{
    gsize start = n;
    guint known = 0;
    for (int lines = 0; lines < 2 * MAX_GARBAGE && at < n; lines++) {
        gsize next = next_line(bytes, n, at);
        if (is_empty_line(bytes + at, next - at))
            break;
        if (is_well_known(bytes + at, next - at) && (start != n || lines < MAX_GARBAGE)) {
            start = MIN(start, at);
            known++;
        }
        at = next;
    }
    return known >= 2 ? start : n;
}

static gboolean starts_with(const char *bytes, gsize n, const char *start)
{
    return n >= strlen(start) && memcmp(bytes, start, strlen(start)) == 0;
}

gsize fields_start(const char *bytes, gsize n)
{
    gsize at = starts_with(bytes, n, "\xEF\xBB\xBF") ? 3 : 0;
    gboolean had_blank = FALSE;
    for (int i = 0; i < MAX_GARBAGE && at < n && is_empty_line(bytes + at, n - at); i++) {
        at = next_line(bytes, n, at);
        had_blank = TRUE;
    }
    while (starts_with(bytes + at, n - at, "From ") || starts_with(bytes + at, n - at, ">From "))
        at = next_line(bytes, n, at);
    if (at >= n)
        return n;
    gsize next = next_line(bytes, n, at);
    gboolean fits =
        had_blank ? is_well_known(bytes + at, next - at) : begins_field(bytes + at, next - at);
    return fits ? at : start_after_garbage(bytes, n, at);
}

static void field_free(struct field *field)
{
    g_free(field->name);
    g_free(field->value);
    g_free(field);
}

/* Appends bytes without line ends and NULs. */
static void append_raw(GString *value, const char *bytes, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        if (bytes[i] != '\r' && bytes[i] != '\n' && bytes[i] != '\0')
            g_string_append_c(value, bytes[i]);
    }
}

static void add_field(GPtrArray *fields, const char *line, gsize n)
{
    const char *colon = memchr(line, ':', n);
    struct field *field = g_new0(struct field, 1);
    field->name = g_strstrip(g_strndup(line, (gsize)(colon - line)));
    GString *value = g_string_new(NULL);
    append_raw(value, colon + 1, n - (gsize)(colon + 1 - line));
    field->value = g_strstrip(g_string_free(value, FALSE));
    g_ptr_array_add(fields, field);
}

GPtrArray *fields_read(const char *bytes, gsize n, gsize *body)
{
    GPtrArray *fields = g_ptr_array_new_with_free_func((GDestroyNotify)field_free);
    gsize at = 0;
    while (at < n) {
        gsize next = next_line(bytes, n, at);
        if (is_empty_line(bytes + at, next - at)) {
            at = next;
            break;
        }
        gsize end = next;
        while (end < n && (bytes[end] == ' ' || bytes[end] == '\t'))
            end = next_line(bytes, n, end);
        if (begins_field(bytes + at, next - at))
            add_field(fields, bytes + at, end - at);
        at = end;
    }
    if (body != NULL)
        *body = at;
    return fields;
}

const char *fields_get(const GPtrArray *fields, const char *name)
{
    const char *empty = NULL;
    for (guint i = 0; i < fields->len; i++) {
        const struct field *field = fields->pdata[i];
        if (g_ascii_strcasecmp(field->name, name) != 0)
            continue;
        if (*field->value != '\0')
            return field->value;
        empty = field->value;
    }
    return empty;
}
