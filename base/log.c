/* The log: one line an event on standard error, written whole, so that lines of several threads
 * and processes never mix. */
#include "base/base.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static gint enabled = TRUE;

void log_enable(gboolean on)
{
    g_atomic_int_set(&enabled, on);
}

/* Control characters could forge a line or drive a terminal; U+2028 and 2029 end lines in some
 * viewers, bidi marks turn them around. */
static gboolean needs_escape(gunichar c)
{
    return g_unichar_iscntrl(c) || g_unichar_type(c) == G_UNICODE_FORMAT || c == 0x2028 ||
           c == 0x2029;
}

static void append_escaped(GString *line, gunichar c)
{
    if (c == '"' || c == '\\')
        g_string_append_printf(line, "\\%c", (char)c);
    else if (c == '\n')
        g_string_append(line, "\\n");
    else if (c == '\r')
        g_string_append(line, "\\r");
    else if (c == '\t')
        g_string_append(line, "\\t");
    else if (needs_escape(c))
        g_string_append_printf(line, "\\u%04x", c);
    else
        g_string_append_unichar(line, c);
}

static gboolean needs_quotes(const char *value)
{
    if (*value == '\0')
        return TRUE;
    for (const char *p = value; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (c == '"' || g_unichar_isspace(c) || needs_escape(c))
            return TRUE;
    }
    return FALSE;
}

static void append_value(GString *line, const char *bytes)
{
    g_autofree char *value = g_utf8_make_valid(bytes, -1);
    if (!needs_quotes(value)) {
        g_string_append(line, value);
        return;
    }
    g_string_append_c(line, '"');
    for (const char *p = value; *p != '\0'; p = g_utf8_next_char(p))
        append_escaped(line, g_utf8_get_char(p));
    g_string_append_c(line, '"');
}

/* The journal stamps its lines itself; elsewhere the real clock does, for a log read years later
 * must not tell the time of --at. */
static void append_time(GString *line)
{
    if (getenv("JOURNAL_STREAM") != NULL)
        return;
    g_autofree char *now = instant_text(g_get_real_time() / G_USEC_PER_SEC);
    g_string_append_printf(line, "%s ", now);
}

void log_event(const char *event, ...)
{
    if (!g_atomic_int_get(&enabled))
        return;
    g_autoptr(GString) line = g_string_new(NULL);
    append_time(line);
    g_string_append(line, "event=");
    append_value(line, event);
    va_list args;
    va_start(args, event);
    const char *key;
    while ((key = va_arg(args, const char *)) != NULL) {
        const char *value = va_arg(args, const char *);
        if (value == NULL)
            continue;
        g_string_append_printf(line, " %s=", key);
        append_value(line, value);
    }
    va_end(args);
    g_string_append_c(line, '\n');
    /* A log that cannot be written is nothing to fail for. */
    if (write(STDERR_FILENO, line->str, line->len) < 0)
        return;
}
