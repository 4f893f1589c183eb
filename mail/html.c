/* HTML as text for people: one pass over the source, never more than linear, no tree. Scripts,
 * styles and heads vanish, blocks begin lines, cells are set apart by tabs. */
#include "mail/private.h"
#include <string.h>

#define MAX_TABLES 16 /* tables within tables; deeper ones count as the last */
#define MAX_SPANS 1000
#define MAX_QUOTED_TAG 2048 /* so far a quoted ">" inside a tag is understood */

struct page {
    GString *out;
    gsize line;              /* where the current line begins in out */
    gboolean blank;          /* a blank is due before the next word */
    guint preformatted;      /* depth of <pre> */
    gboolean due;            /* a block ended or begins: a new line before the next word */
    gsize cell;              /* where the open cell's text begins */
    guint depth;             /* of tables */
    guint cells[MAX_TABLES]; /* begun in the row of each */
    gboolean with_links;
    char *href;            /* of the open <a> */
    GArray *spans;         /* struct html_span, or NULL; the last may be open: */
    gboolean is_open;      /* it is */
    char opened[16];       /* the name of its element */
    guint inside;          /* elements of that name that are open */
    gboolean no_more_tags; /* no ">" follows any more */
    GHashTable *unclosed;  /* names whose closing tag does not follow any more */
};

static gboolean at_line_start(const struct page *page)
{
    return page->out->len == page->line;
}

static void break_now(struct page *page)
{
    while (page->out->len > page->line && page->out->str[page->out->len - 1] == ' ')
        g_string_truncate(page->out, page->out->len - 1);
    g_string_append_c(page->out, '\n');
    page->line = page->cell = page->out->len;
    page->blank = page->due = FALSE;
}

static void break_line(struct page *page)
{
    if (page->due)
        break_now(page);
    break_now(page);
}

/* The line is broken only when words follow: the end of a cell may come before, and a cell's first
 * paragraph stands beside the cell before it. */
static void begin_block(struct page *page)
{
    if (!at_line_start(page) && page->out->len > page->cell)
        page->due = TRUE;
    page->blank = FALSE;
}

static void begin_cell(struct page *page)
{
    guint *cells = &page->cells[MIN(page->depth, MAX_TABLES - 1)];
    if ((*cells)++ > 0) {
        page->due = page->blank = FALSE;
        g_string_append_c(page->out, '\t');
    } else {
        begin_block(page);
    }
    page->cell = page->out->len;
}

static void begin_row(struct page *page)
{
    if (!at_line_start(page))
        break_now(page);
    page->due = FALSE;
    page->cells[MIN(page->depth, MAX_TABLES - 1)] = 0;
}

static void count_table(struct page *page, gboolean closing)
{
    if (closing)
        page->depth -= page->depth > 0;
    else
        page->cells[MIN(++page->depth, MAX_TABLES - 1)] = 0;
}

static void put(struct page *page, const char *text, gsize n)
{
    if (page->due)
        break_now(page);
    if (page->blank && !at_line_start(page) && page->out->len > page->cell)
        g_string_append_c(page->out, ' ');
    page->blank = FALSE;
    g_string_append_len(page->out, text, (gssize)n);
}

/* Bytes that are put as they stand: all but markup, blanks and C2, which U+00A0 begins with. */
static gsize run_of(const char *p)
{
    gsize n = 0;
    while ((guchar)p[n] > ' ' && p[n] != '<' && p[n] != '&' && (guchar)p[n] != 0xC2)
        n++;
    return n;
}

static void put_character(struct page *page, const char **p)
{
    char c = **p;
    gunichar entity = c == '&' ? html_entity(p) : 0;
    if (entity != 0) {
        char utf8[6];
        int n = g_unichar_to_utf8(entity == 0xA0 ? ' ' : entity, utf8);
        put(page, utf8, (gsize)n);
        return;
    }
    gsize n = run_of(*p);
    if (n > 0) {
        put(page, *p, n);
        *p += n;
        return;
    }
    n = (gsize)(g_utf8_next_char(*p) - *p);
    if (c == '\n' && page->preformatted > 0)
        break_line(page);
    else if ((c == ' ' || c == '\t' || c == '\n') && page->preformatted == 0)
        page->blank = TRUE;
    else if ((guchar)c == 0xC2 && (guchar)(*p)[1] == 0xA0)
        put(page, " ", 1);
    else
        put(page, *p, n);
    *p += n;
}

/* Behind the tag that begins at p ("<…"); NULL if it is no tag but text. */
static const char *tag_end(struct page *page, const char *p)
{
    if (page->no_more_tags || !(g_ascii_isalpha(p[1]) || strchr("/!?", p[1]) != NULL || !p[1]))
        return NULL;
    char quote = '\0';
    for (const char *c = p + 1; *c != '\0' && c - p < MAX_QUOTED_TAG; c++) {
        if (quote != '\0' && *c == quote)
            quote = '\0';
        else if (quote == '\0' && (*c == '"' || *c == '\'') && c[-1] == '=')
            quote = *c;
        else if (quote == '\0' && *c == '>')
            return c + 1;
    }
    const char *end = strchr(p, '>');
    page->no_more_tags = end == NULL;
    return end != NULL ? end + 1 : NULL;
}

static char *attribute(const char *tag, const char *end, const char *name)
{
    g_autofree char *copy = g_strndup(tag, (gsize)(end - tag));
    g_autofree char *lower = g_ascii_strdown(copy, -1);
    const char *found = strstr(lower, name);
    if (found == NULL)
        return NULL;
    const char *value = copy + (found - lower) + strlen(name);
    value += strspn(value, " =");
    gboolean quoted = *value == '"' || *value == '\'';
    gsize n = quoted ? strcspn(value + 1, *value == '"' ? "\"" : "'") : strcspn(value, " >");
    GString *decoded = g_string_new(NULL);
    const char *stop = value + quoted + n;
    for (const char *p = value + quoted; p < stop;) {
        gunichar entity = *p == '&' ? html_entity(&p) : 0;
        if (entity != 0)
            g_string_append_unichar(decoded, entity);
        else
            g_string_append_c(decoded, *p++);
    }
    return g_string_free(decoded, FALSE);
}

static struct html_span *last_span(struct page *page)
{
    return &g_array_index(page->spans, struct html_span, page->spans->len - 1);
}

static void end_span(struct page *page)
{
    if (page->is_open)
        last_span(page)->to = page->out->len;
    page->is_open = FALSE;
}

static void begin_span(struct page *page, const char *name, enum html_mark mark)
{
    end_span(page);
    if (page->spans->len >= MAX_SPANS)
        return;
    struct html_span span = { mark, page->out->len, 0 };
    g_array_append_val(page->spans, span);
    page->is_open = TRUE;
    page->inside = 1;
    g_strlcpy(page->opened, name, sizeof page->opened);
}

/* An element within a marked one is part of it; only what is quoted ends a footer. */
static void watch_marks(struct page *page, const char *name, const char *attributes,
                        const char *end, gboolean closing)
{
    enum html_mark open = page->is_open ? last_span(page)->mark : HTML_UNMARKED;
    if (open == HTML_QUOTED || open == HTML_FOOTER) {
        if (strcmp(name, page->opened) == 0)
            page->inside = closing ? page->inside - 1 : page->inside + 1;
        if (page->inside == 0)
            end_span(page);
    } else if (!closing && open != HTML_REST_QUOTED) {
        enum html_mark mark = html_mark_of(attributes, end);
        if (mark != HTML_UNMARKED && mark != open)
            begin_span(page, name, mark);
    }
}

static void close_link(struct page *page)
{
    if (page->href != NULL) {
        page->blank = TRUE;
        put(page, page->href, strlen(page->href));
        page->blank = TRUE;
    }
    g_clear_pointer(&page->href, g_free);
}

static gboolean is_one_of(const char *name, const char *const *names)
{
    return g_strv_contains(names, name);
}

/* Behind "</name…>", or NULL if none follows. */
static const char *skip_to_close(struct page *page, const char *p, const char *name)
{
    if (g_hash_table_contains(page->unclosed, name))
        return NULL;
    gsize n = strlen(name);
    for (const char *c = p; (c = strstr(c, "</")) != NULL; c += 2) {
        if (g_ascii_strncasecmp(c + 2, name, n) == 0 && !g_ascii_isalnum(c[2 + n])) {
            const char *end = strchr(c, '>');
            return end != NULL ? end + 1 : c + strlen(c);
        }
    }
    g_hash_table_add(page->unclosed, g_strdup(name));
    return NULL;
}

static const char *const dropped[] = { "script", "style", "head", "title", "noscript", NULL };
static const char *const blocks[] = { "p",      "div",     "table",   "ul",      "ol",
                                      "li",     "h1",      "h2",      "h3",      "h4",
                                      "h5",     "h6",      "hr",      "pre",     "dl",
                                      "dt",     "dd",      "section", "article", "header",
                                      "footer", "center",  "form",    "address", "blockquote",
                                      "body",   "caption", NULL };

/* Acts on the tag in [p, end) and returns where to go on. */
static const char *take_tag(struct page *page, const char *p, const char *end)
{
    gboolean closing = p[1] == '/';
    const char *from = p + 1 + closing;
    gsize n = 0;
    while (n < 16 && g_ascii_isalnum(from[n]))
        n++;
    g_autofree char *name = g_ascii_strdown(from, (gssize)n);
    const char *behind = NULL;
    if (!closing && is_one_of(name, dropped))
        behind = skip_to_close(page, end, name);
    if (behind != NULL)
        return behind;
    if (strcmp(name, "br") == 0)
        break_line(page);
    else if (strcmp(name, "tr") == 0)
        begin_row(page);
    else if (is_one_of(name, blocks))
        begin_block(page);
    else if ((strcmp(name, "td") == 0 || strcmp(name, "th") == 0) && !closing)
        begin_cell(page);
    else if (strcmp(name, "a") == 0)
        close_link(page);
    if (page->spans != NULL)
        watch_marks(page, name, from + n, end - 1, closing);
    if (strcmp(name, "a") == 0 && !closing && page->with_links)
        page->href = attribute(p, end, "href");
    if (strcmp(name, "table") == 0)
        count_table(page, closing);
    if (strcmp(name, "pre") == 0)
        page->preformatted = closing ? 0 : 1;
    return end;
}

static const char *take_markup(struct page *page, const char *p)
{
    if (g_str_has_prefix(p, "<!--") && !g_hash_table_contains(page->unclosed, "!--")) {
        const char *end = strstr(p + 4, "-->");
        if (end != NULL)
            return end + 3;
        g_hash_table_add(page->unclosed, g_strdup("!--"));
    }
    const char *end = tag_end(page, p);
    if (end != NULL)
        return take_tag(page, p, end);
    put(page, p, 1);
    return p + 1;
}

char *html_read(const char *html, gboolean with_links, GArray *spans)
{
    struct page page = { .out = g_string_new(NULL), .with_links = with_links, .spans = spans };
    page.unclosed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (const char *p = html; *p != '\0';) {
        if (*p == '<')
            p = take_markup(&page, p);
        else
            put_character(&page, &p);
    }
    close_link(&page);
    if (page.due)
        break_now(&page);
    end_span(&page);
    g_hash_table_unref(page.unclosed);
    return g_string_free(page.out, FALSE);
}

char *html_text(const char *html, gboolean with_links)
{
    return html_read(html, with_links, NULL);
}
