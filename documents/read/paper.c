/* One file becomes one object: its format is found, its reader runs, the object is made. */
#include "documents/read/read.h"

#include "mail/mail.h"
#include <libxml/parser.h>
#include <locale.h>
#include <string.h>

void paper_init(void)
{
    /* Else libarchive could not tell the names that a zip has in UTF-8. */
    setlocale(LC_CTYPE, "C.UTF-8");
    mail_init();
    xmlInitParser();
}

void paper_warn(struct paper *paper, const char *tag, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *given = g_strdup_vprintf(format, arguments);
    g_autofree char *text = text_clean(given, -1);
    va_end(arguments);
    json_array_append_new(paper->warnings, json_pack("{ss ss}", "tag", tag, "text", text));
}

gboolean paper_refuse(struct paper *paper, const char *unreadable)
{
    if (paper->unreadable == NULL)
        paper->unreadable = unreadable;
    return FALSE;
}

static void paper_begin(struct paper *paper)
{
    for (int side = 0; side < SIDES; side++)
        paper->text[side] = g_string_new(NULL);
    paper->revisions = json_array();
    paper->comments = json_array();
    paper->tables = json_array();
    paper->members = json_array();
    paper->warnings = json_array();
}

static json_t *text_json(const struct paper *paper, enum side side)
{
    if (paper->unreadable != NULL)
        return json_null();
    g_autofree char *text = text_clean(paper->text[side]->str, (gssize)paper->text[side]->len);
    return json_string_nocheck(text);
}

/* 秘密★1年 or 机密 alone on a line: law 10. */
static void look_for_secret(struct paper *paper)
{
    static const char mark[] = "^(?:绝密|机密|秘密)(?:级|件)?(?:★.{0,12})?$";
    g_autoptr(GRegex) regex = g_regex_new(mark, 0, 0, NULL);
    for (int side = 0; side < SIDES; side++) {
        const char *end;
        for (const char *p = paper->text[side]->str; *p != '\0'; p = *end != '\0' ? end + 1 : end) {
            end = p + strcspn(p, "\n\t");
            if (end - p > 64)
                continue;
            g_autofree char *line = g_strndup(p, (gsize)(end - p));
            g_autofree char *compact = text_compact(line);
            if (g_regex_match(regex, compact, 0, NULL)) {
                paper_warn(paper, "secret_marking", "%s", g_strstrip(line));
                return;
            }
        }
    }
}

/* Takes over what the paper holds. */
static json_t *paper_json(struct paper *paper)
{
    if (paper->text[NOW]->len + paper->text[WAS]->len > MAX_OUTPUT)
        paper_refuse(paper, "too_big");
    if (paper->unreadable == NULL)
        look_for_secret(paper);
    json_t *json =
        json_pack("{ss ss? so so so so so so so}", "format", paper->format, "unreadable",
                  paper->unreadable, "text", text_json(paper, NOW), "original_text",
                  text_json(paper, WAS), "revisions", paper->revisions, "comments", paper->comments,
                  "tables", paper->tables, "members", paper->members, "warnings", paper->warnings);
    if (paper->converter != NULL)
        json_object_set_new(json, "converter", json_string(paper->converter));
    if (paper->converter != NULL && paper->depth > 0) {
        json_object_set_new(json, "at", json_integer((json_int_t)paper->at));
        json_object_set_new(json, "size", json_integer((json_int_t)paper->n));
    }
    if (paper->sheets != NULL)
        json_object_set_new(json, "sheets", paper->sheets);
    if (paper->properties != NULL)
        json_object_set_new(json, "properties", paper->properties);
    for (int side = 0; side < SIDES; side++)
        g_string_free(paper->text[side], TRUE);
    return json;
}

json_t *paper_unread(const char *unreadable)
{
    struct paper paper = { .name = "", .format = "unknown", .unreadable = unreadable };
    paper_begin(&paper);
    return paper_json(&paper);
}

/* FALSE: it cannot go out. */
static gboolean spill(struct paper *paper)
{
    struct budget *budget = paper->budget;
    if (budget->spill < 0 || !write_all(budget->spill, paper->bytes, paper->n)) {
        budget->spill = -1;
        return FALSE;
    }
    paper->at = budget->spilled;
    budget->spilled += paper->n;
    return TRUE;
}

static json_t *read_paper(struct paper *paper)
{
    paper_begin(paper);
    const struct format *format = format_of(paper);
    paper->format = format->name;
    format->read(paper);
    /* An empty text would look like no comment. */
    if (paper->converter != NULL && paper->depth > 0 && !spill(paper)) {
        paper->converter = NULL;
        paper_refuse(paper, "unsupported");
        paper_warn(paper, "converter", "压缩包或邮件里的旧格式文件和 PDF 没有打开，请取出后单独读");
    }
    return paper_json(paper);
}

json_t *paper_read(const char *name, const void *bytes, gsize n, int spill_to)
{
    struct budget budget = { MAX_UNPACKED, MAX_ENTRIES, spill_to, 0 };
    struct paper paper = { .bytes = bytes, .n = n, .name = name, .budget = &budget };
    return read_paper(&paper);
}

json_t *paper_read_inside(const struct paper *outer, const char *name, const void *bytes, gsize n)
{
    struct paper paper = {
        .bytes = bytes, .n = n, .name = name, .budget = outer->budget, .depth = outer->depth + 1
    };
    return read_paper(&paper);
}
