/* New text, quoted text and signature: every line of the text goes into exactly one of them, none
 * is dropped; only blank lines at the ends of each are not kept. */
#include "mail/private.h"
#include "mail/quoted.h"
#include <string.h>

#define MAX_SIGNATURE_LINES 15
#define WRAPPED_COLUMNS 60 /* a quoted line at least so wide may have been broken in two */

enum part { PART_NEW, PART_QUOTED, PART_SIGNATURE, N_PARTS };

struct text {
    char *source;   /* the whole text, cut into lines by NULs */
    char *arena;    /* what compact points into */
    char **lines;   /* NULL after the last */
    char **compact; /* without blanks, "*" of bold and "&nbsp;"; NULL after the last */
    guint8 *parts;  /* enum part */
    guint8 *marked; /* enum html_mark of the lines; NULL: none are */
    guint n;
};

/* Writes the line without blanks and decoration to to, and returns the end of what it wrote. */
static char *compact_line(const char *line, char *to)
{
    gsize n = text_compact_to(line, to);
    if (memchr(to, '*', n) == NULL && memchr(to, '&', n) == NULL)
        return to + n + 1;
    for (const char *p = to; *p != '\0';) {
        if (*p == '&' && g_str_has_prefix(p, "&nbsp;"))
            p += strlen("&nbsp;");
        else if (*p == '*')
            p++;
        else
            *to++ = *p++;
    }
    *to = '\0';
    return to + 1;
}

static guint count_lines(const char *text)
{
    guint n = 1;
    while ((text = strchr(text, '\n')) != NULL) {
        n++;
        text++;
    }
    return n;
}

/* Two copies of the text and three words a line, however many lines a stranger sends. */
static void text_open(struct text *text, const char *all)
{
    text->n = count_lines(all);
    text->source = g_strdup(all);
    text->arena = g_malloc(strlen(all) + text->n + 1);
    text->lines = g_new0(char *, text->n + 1);
    text->compact = g_new0(char *, text->n + 1);
    text->parts = g_new0(guint8, text->n);
    text->marked = NULL;
    char *line = text->source;
    char *to = text->arena;
    for (guint i = 0; i < text->n; i++) {
        char *end = strchrnul(line, '\n');
        *end = '\0';
        text->lines[i] = line;
        text->compact[i] = to;
        to = compact_line(line, to);
        line = end + 1;
    }
}

static void text_close(struct text *text)
{
    g_free(text->source);
    g_free(text->arena);
    g_free(text->lines);
    g_free(text->compact);
    g_free(text->parts);
    g_free(text->marked);
}

/* Lines that begin within a marked element. */
static void mark_lines(struct text *text, const GArray *spans)
{
    guint i = 0;
    text->marked = spans->len > 0 ? g_new0(guint8, text->n) : NULL;
    for (guint k = 0; k < spans->len; k++) {
        const struct html_span *span = &g_array_index(spans, struct html_span, k);
        while (i < text->n && (gsize)(text->lines[i] - text->source) < span->from)
            i++;
        for (; i < text->n && (gsize)(text->lines[i] - text->source) < span->to; i++)
            text->marked[i] = (guint8)span->mark;
    }
}

static enum html_mark mark_of_line(const struct text *text, guint i)
{
    return text->marked != NULL ? (enum html_mark)text->marked[i] : HTML_UNMARKED;
}

static gboolean is_quoted_line(const struct text *text, guint i)
{
    enum html_mark mark = mark_of_line(text, i);
    return *text->compact[i] == '>' || mark == HTML_QUOTED || mark == HTML_REST_QUOTED;
}

static void set_part(struct text *text, guint from, guint to, enum part part)
{
    for (guint i = from; i < to; i++)
        text->parts[i] = (guint8)part;
}

/* TRUE if the first line after a mark that is not blank is in ">" or marked. */
static gboolean quotes_by_line(const struct text *text, guint i)
{
    while (i < text->n && *text->compact[i] == '\0')
        i++;
    return i < text->n && is_quoted_line(text, i);
}

/* Behind the quoted lines that begin at i, with the blank lines between them and the tails of
 * quoted lines that some program broke in two. */
static guint angle_end(const struct text *text, guint i)
{
    guint end = i;
    for (; i < text->n; i++) {
        gboolean quoted = is_quoted_line(text, i);
        gboolean tail = !quoted && *text->compact[i] != '\0' && i > 0 && i == end &&
                        *text->compact[i - 1] == '>' &&
                        text_width(text->lines[i - 1]) >= WRAPPED_COLUMNS;
        if (quoted || tail)
            end = i + 1;
        else if (*text->compact[i] != '\0')
            break;
    }
    return end;
}

/* Lines in ">" or marked can have answers between and below them; after any other mark all is
 * quoted. */
static void find_quoted(struct text *text)
{
    for (guint i = 0; i < text->n;) {
        gboolean angle = FALSE;
        gboolean quoted = is_quoted_line(text, i);
        guint mark = quoted ? 1 : mark_at(text->compact, i, &angle);
        if (mark == 0) {
            i++;
            continue;
        }
        gboolean by_line = quoted || (angle && quotes_by_line(text, i + mark));
        guint end = by_line ? angle_end(text, quoted ? i : i + mark) : text->n;
        set_part(text, i, end, PART_QUOTED);
        i = MAX(end, i + mark);
    }
}

static void find_footers(struct text *text)
{
    guint rest = 0; /* the end of the new lines that i is among */
    for (guint i = 0; i < text->n;) {
        rest = MAX(rest, i);
        while (rest < text->n && text->parts[rest] == PART_NEW)
            rest++;
        guint n = i < rest ? footer_at(text->lines, text->compact, i, rest) : 0;
        set_part(text, i, i + n, PART_SIGNATURE);
        i += MAX(n, 1);
    }
}

/* A line of nothing but decoration is none: it must not be lost. */
static gboolean is_blank_line(const struct text *text, guint i)
{
    return *text->compact[i] == '\0' && strpbrk(text->lines[i], "*&") == NULL;
}

static char *collect(const struct text *text, enum part part)
{
    GString *all = g_string_new(NULL);
    guint blanks = 0;
    gboolean any = FALSE;
    for (guint i = 0; i < text->n; i++) {
        if (text->parts[i] != part)
            continue;
        if (is_blank_line(text, i)) {
            blanks++;
            continue;
        }
        for (; any && blanks > 0; blanks--)
            g_string_append_c(all, '\n');
        blanks = 0;
        if (any)
            g_string_append_c(all, '\n');
        g_string_append(all, text->lines[i]);
        any = TRUE;
    }
    return g_string_free(all, FALSE);
}

/* Footers that a program marked; after a rule only if it is short enough for a signature. */
static void find_marked_footers(struct text *text)
{
    guint filled = 0;
    for (guint i = 0; i < text->n; i++)
        filled += mark_of_line(text, i) == HTML_REST_FOOTER && *text->compact[i] != '\0' &&
                  text->parts[i] == PART_NEW;
    for (guint i = 0; i < text->n; i++) {
        enum html_mark mark = mark_of_line(text, i);
        if (text->parts[i] == PART_NEW &&
            (mark == HTML_FOOTER || (mark == HTML_REST_FOOTER && filled <= MAX_SIGNATURE_LINES)))
            set_part(text, i, i + 1, PART_SIGNATURE);
    }
}

void quote_split(struct reading *reading)
{
    struct mail *mail = reading->mail;
    struct text text;
    text_open(&text, mail->text);
    mark_lines(&text, reading->spans);
    find_quoted(&text);
    find_marked_footers(&text);
    find_footers(&text);
    g_free(mail->new_text);
    g_free(mail->quoted_text);
    g_free(mail->signature);
    mail->new_text = collect(&text, PART_NEW);
    mail->quoted_text = collect(&text, PART_QUOTED);
    mail->signature = collect(&text, PART_SIGNATURE);
    text_close(&text);
}

static void add_part(const struct text *text, guint from, guint to, GArray *parts)
{
    gsize length =
        (gsize)(text->lines[text->n - 1] - text->source) + strlen(text->lines[text->n - 1]);
    struct quote_part part = {
        from < text->n ? (gsize)(text->lines[from] - text->source) : length,
        to < text->n ? (gsize)(text->lines[to] - text->source) : length,
    };
    g_array_append_val(parts, part);
}

GArray *quote_parts(const char *all)
{
    GArray *parts = g_array_new(FALSE, FALSE, sizeof(struct quote_part));
    struct text text;
    text_open(&text, all);
    guint from = 0;
    for (guint i = 0; i < text.n;) {
        gboolean angle = FALSE;
        guint mark =
            *text.compact[i] != '>' ? mark_at(text.compact, i, &angle) : opener_at(text.compact, i);
        if (mark > 0) {
            add_part(&text, from, i, parts);
            mark += head_table_at(text.compact, i + mark);
        }
        i += MAX(mark, 1);
        from = mark > 0 ? i : from;
    }
    add_part(&text, from, text.n, parts);
    text_close(&text);
    return parts;
}
