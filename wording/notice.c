/* A notice, taken apart. */
#include "wording/notice_private.h"

#include "wording/private.h"
#include <string.h>

struct span paper_line(const struct paper *paper, guint line)
{
    if (line < paper->lines->len)
        return g_array_index(paper->lines, struct paper_line, line).span;
    gsize end = strlen(paper->text);
    return (struct span){ end, end };
}

static gboolean ends_sentence(gunichar c)
{
    return c == 0x3002 || c == 0xFF01 || c == 0xFF1F || c == 0xFF1B || c == ';' || c == '\n';
}

struct span paper_sentence(const struct paper *paper, struct span inside)
{
    const char *from = paper->text + inside.from, *to = paper->text + inside.to;
    while (from > paper->text) {
        const char *before = g_utf8_prev_char(from);
        if (ends_sentence(g_utf8_get_char(before)))
            break;
        from = before;
    }
    while (*to != '\0' && !ends_sentence(g_utf8_get_char(to)))
        to = g_utf8_next_char(to);
    if (*to != '\0' && *to != '\n')
        to = g_utf8_next_char(to);
    while (from < to && g_unichar_isspace(g_utf8_get_char(from)))
        from = g_utf8_next_char(from);
    while (to > from && g_unichar_isspace(g_utf8_get_char(g_utf8_prev_char(to))))
        to = g_utf8_prev_char(to);
    return (struct span){ (gsize)(from - paper->text), (gsize)(to - paper->text) };
}

json_t *span_json(const char *text, struct span span)
{
    return json_stringn(text + span.from, span.to - span.from);
}

void paper_prove(struct paper *paper, const char *path, struct span sentence)
{
    json_object_set_new(paper->evidence, path, span_json(paper->text, sentence));
}

void paper_warn(struct paper *paper, const char *tag, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    json_array_append_new(paper->warnings, json_pack("{ss ss}", "tag", tag, "text", text));
}

static GArray *split(const char *text)
{
    GArray *lines = g_array_new(FALSE, FALSE, sizeof(struct paper_line));
    gboolean blank = TRUE;
    for (const char *p = text; *p != '\0';) {
        const char *end = strchrnul(p, '\n'), *from = p, *to = end;
        p = *end != '\0' ? end + 1 : end;
        while (from < to && g_unichar_isspace(g_utf8_get_char(from)))
            from = g_utf8_next_char(from);
        while (to > from && g_unichar_isspace(g_utf8_get_char(g_utf8_prev_char(to))))
            to = g_utf8_prev_char(to);
        struct paper_line line = { { (gsize)(from - text), (gsize)(to - text) }, blank };
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
    struct paper paper = { .text = text, .setting = setting };
    paper.lines = split(text);
    paper.json = blank_form();
    paper.evidence = json_object();
    paper.warnings = json_array();
    paper_read_head(&paper);
    paper_read_kind(&paper);
    paper_read_deadlines(&paper);
    paper_read_terms(&paper);
    paper_read_contacts(&paper);
    paper_read_lists(&paper);
    paper_read_secrets(&paper);
    g_array_unref(paper.lines);
    json_object_set_new(paper.json, "evidence", paper.evidence);
    json_object_set_new(paper.json, "warnings", paper.warnings);
    return paper.json;
}
