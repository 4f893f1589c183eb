/* A notice, taken apart. */
#include "wording/notice/private.h"

#include "wording/words.h"
#include <string.h>

/* Bytes on either side: no office writes longer ones. */
enum { SENTENCE_MAX = 3000 };

struct span span_head(const char *text, struct span span, gsize max)
{
    if (span.to > span.from && span.to - span.from > max) {
        span.to = span.from + max;
        while (span.to > span.from && ((guchar)text[span.to] & 0xC0) == 0x80)
            span.to--;
    }
    return span;
}

struct span notice_line(const struct notice *notice, guint line)
{
    if (line < notice->lines->len)
        return g_array_index(notice->lines, struct notice_line, line).span;
    gsize end = strlen(notice->text);
    return (struct span){ end, end };
}

static gboolean ends_sentence(gunichar c)
{
    return c == 0x3002 || c == 0xFF01 || c == 0xFF1F || c == 0xFF1B || c == ';' || c == '\n';
}

struct span notice_sentence(const struct notice *notice, struct span inside)
{
    const char *from = notice->text + inside.from, *to = notice->text + inside.to;
    while (from > notice->text && notice->text + inside.from - from < SENTENCE_MAX) {
        const char *before = g_utf8_prev_char(from);
        if (ends_sentence(g_utf8_get_char(before)))
            break;
        from = before;
    }
    while (*to != '\0' && !ends_sentence(g_utf8_get_char(to)) &&
           to - (notice->text + inside.to) < SENTENCE_MAX)
        to = g_utf8_next_char(to);
    if (*to != '\0' && *to != '\n')
        to = g_utf8_next_char(to);
    while (from < to && g_unichar_isspace(g_utf8_get_char(from)))
        from = g_utf8_next_char(from);
    while (to > from && g_unichar_isspace(g_utf8_get_char(g_utf8_prev_char(to))))
        to = g_utf8_prev_char(to);
    return (struct span){ (gsize)(from - notice->text), (gsize)(to - notice->text) };
}

json_t *span_json(const char *text, struct span span)
{
    return json_stringn(text + span.from, span.to - span.from);
}

void notice_prove(struct notice *notice, const char *path, struct span sentence)
{
    json_object_set_new(notice->evidence, path, span_json(notice->text, sentence));
}

void notice_warn(struct notice *notice, const char *tag, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    json_array_append_new(notice->warnings, json_pack("{ss ss}", "tag", tag, "text", text));
}

static GArray *split(const char *text)
{
    GArray *lines = g_array_new(FALSE, FALSE, sizeof(struct notice_line));
    gboolean blank = TRUE;
    for (const char *p = text; *p != '\0';) {
        const char *end = strchrnul(p, '\n'), *from = p, *to = end;
        p = *end != '\0' ? end + 1 : end;
        while (from < to && g_unichar_isspace(g_utf8_get_char(from)))
            from = g_utf8_next_char(from);
        while (to > from && g_unichar_isspace(g_utf8_get_char(g_utf8_prev_char(to))))
            to = g_utf8_prev_char(to);
        struct notice_line line = { { (gsize)(from - text), (gsize)(to - text) }, blank };
        blank = from == to;
        if (!blank)
            g_array_append_val(lines, line);
    }
    return lines;
}

static json_t *blank_form(void)
{
    return json_pack("{sn sn sn sn sn sn s[] s{sn sn sn sn sn sn} sn sn s[] s[] s[] s[] s[]}",
                     "title", "number", "kind", "issuer", "date", "deadline", "deadlines",
                     "requires", "electronic", "paper", "seal", "fax_accepted", "copies", "form",
                     "silence", "mailbox", "contacts", "documents", "annexes", "recipients",
                     "units");
}

json_t *notice_read(const char *text, const struct notice_setting *setting)
{
    struct notice notice = { .text = text, .setting = setting };
    notice.lines = split(text);
    notice.json = blank_form();
    notice.evidence = json_object();
    notice.warnings = json_array();
    notice_read_head(&notice);
    notice_read_kind(&notice);
    notice_read_deadlines(&notice);
    notice_read_terms(&notice);
    notice_read_contacts(&notice);
    notice_read_lists(&notice);
    notice_read_secrets(&notice);
    json_object_set_new(notice.json, "body", span_json(text, (struct span){ 0, notice.body_end }));
    g_array_unref(notice.lines);
    json_object_set_new(notice.json, "evidence", notice.evidence);
    json_object_set_new(notice.json, "warnings", notice.warnings);
    return notice.json;
}
