/* A calendar invitation in words, for a mail that says nothing else: what, when, where, who. */
#include "mail/private.h"
#include <string.h>

static const struct {
    const char *name, *title;
} rows[] = {
    { "SUMMARY", "会议" },     { "DTSTART", "开始" },     { "DTEND", "结束" },
    { "LOCATION", "地点" },    { "ORGANIZER", "组织者" }, { "STATUS", "状态" },
    { "DESCRIPTION", "说明" },
};

/* Folded lines joined; a fold may stand inside a character, so this comes before decoding. */
static char *unfold(const char *text)
{
    GString *out = g_string_new(NULL);
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '\n' && (p[1] == ' ' || p[1] == '\t'))
            p++;
        else
            g_string_append_c(out, *p);
    }
    return g_string_free(out, FALSE);
}

/* 20190621T100000Z → 2019-06-21 10:00 UTC; anything else stays. */
static void append_time(GString *out, const char *value)
{
    gsize digits = strspn(value, "0123456789");
    if (digits != 8) {
        g_string_append(out, value);
        return;
    }
    g_string_append_printf(out, "%.4s-%.2s-%.2s", value, value + 4, value + 6);
    if (value[8] == 'T' && strspn(value + 9, "0123456789") >= 4)
        g_string_append_printf(out, " %.2s:%.2s%s", value + 9, value + 11,
                               g_str_has_suffix(value, "Z") ? " UTC" : "");
}

static void append_value(GString *out, const char *name, const char *value)
{
    if (g_str_has_prefix(name, "DT")) {
        append_time(out, value);
        return;
    }
    for (const char *p = value; *p != '\0'; p++) {
        if (*p != '\\' || p[1] == '\0')
            g_string_append_c(out, *p);
        else if (*++p == 'n' || *p == 'N')
            g_string_append_c(out, '\n');
        else
            g_string_append_c(out, *p);
    }
}

/* The value of the line, if it is of that name ("DTSTART;TZID=China Standard Time:2019…"). */
static const char *value_of(const char *line, const char *name)
{
    gsize n = strlen(name);
    if (g_ascii_strncasecmp(line, name, n) != 0 || (line[n] != ':' && line[n] != ';'))
        return NULL;
    gboolean quoted = FALSE;
    for (const char *p = line + n; *p != '\0'; p++) {
        if (*p == '"')
            quoted = !quoted;
        else if (*p == ':' && !quoted)
            return p + 1;
    }
    return NULL;
}

char *calendar_text(const char *source)
{
    g_autofree char *unfolded = unfold(source);
    const char *event = strstr(unfolded, "BEGIN:VEVENT");
    g_auto(GStrv) lines = g_strsplit(event != NULL ? event : unfolded, "\n", 2000);
    GString *out = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        for (char **line = lines; *line != NULL && strcmp(*line, "END:VEVENT") != 0; line++) {
            const char *value = value_of(*line, rows[i].name);
            if (value == NULL || *value == '\0')
                continue;
            g_string_append_printf(out, "%s：", rows[i].title);
            append_value(out, rows[i].name, value);
            g_string_append_c(out, '\n');
            break;
        }
    }
    return g_string_free(out, FALSE);
}
