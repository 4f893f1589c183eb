/* .docx, as Word, WPS and LibreOffice open it. Lengths are twips, twenty to a point. */
#include "documents/write/docx_parts.h"
#include "documents/write/write.h"

#include "base/base.h"
#include <string.h>

/* A4 with the margins of GB/T 9704; a wide table gets more of the page. */
static const struct page {
    int width, height, top, right, bottom, left;
    const char *orient;
} portrait = { 11906, 16838, 2098, 1474, 1985, 1588, "" },
  landscape = { 16838, 11906, 1588, 1134, 1474, 1134, " w:orient=\"landscape\"" };

struct docx {
    GString *body;
    const struct page *page;
};

/* One way to write a paragraph; all but style may be 0. */
struct shape {
    const char *style, *align;
    gboolean indent, bold;
};

static void append_runs(GString *out, const char *text, gboolean bold)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_string_append_printf(out, "<w:r>%s", bold ? "<w:rPr><w:b/></w:rPr>" : "");
    for (char **line = lines; *line != NULL; line++) {
        g_string_append(out, line != lines ? "<w:br/>" : "");
        g_string_append(out, "<w:t xml:space=\"preserve\">");
        xml_text(out, *line);
        g_string_append(out, "</w:t>");
    }
    g_string_append(out, "</w:r>");
}

static void append_paragraph(GString *out, const struct shape *shape, const char *text)
{
    static const char *const known[] = { "left", "center", "right", "both", NULL };
    const char *align = g_strcmp0(shape->align, "justify") == 0 ? "both" : shape->align;
    g_string_append_printf(out, "<w:p><w:pPr><w:pStyle w:val=\"%s\"/>", shape->style);
    if (shape->indent)
        g_string_append(out, "<w:ind w:firstLineChars=\"200\" w:firstLine=\"640\"/>");
    if (align != NULL && g_strv_contains(known, align))
        g_string_append_printf(out, "<w:jc w:val=\"%s\"/>", align);
    g_string_append(out, "</w:pPr>");
    append_runs(out, text, shape->bold);
    g_string_append(out, "</w:p>");
}

static const char *text_of(json_t *value)
{
    const char *text = json_string_value(value);
    return text != NULL ? text : "";
}

static void add_title(struct docx *docx, json_t *block, json_t *value)
{
    append_paragraph(docx->body, &(struct shape){ .style = "Title" }, text_of(value));
}

static void add_heading(struct docx *docx, json_t *block, json_t *value)
{
    static const char *const styles[] = { "Heading1", "Heading2", "Heading3" };
    json_int_t level = json_integer_value(json_object_get(block, "level"));
    const char *style = styles[CLAMP(level, 1, 3) - 1];
    append_paragraph(docx->body, &(struct shape){ .style = style }, text_of(value));
}

static void add_paragraph(struct docx *docx, json_t *block, json_t *value)
{
    const char *align = json_string_value(json_object_get(block, "align"));
    json_t *indent = json_object_get(block, "indent");
    struct shape shape = { .style = "Text",
                           .align = align,
                           .indent = json_is_boolean(indent) ? json_is_true(indent) : !align,
                           .bold = json_is_true(json_object_get(block, "bold")) };
    append_paragraph(docx->body, &shape, text_of(value));
}

static void add_page_break(struct docx *docx, json_t *block, json_t *value)
{
    g_string_append(docx->body, "<w:p><w:r><w:br w:type=\"page\"/></w:r></w:p>");
}

/* ---- tables */

enum { MAX_COLUMNS = 63 };

struct table {
    struct docx *docx;
    json_t *rows;
    int columns, header_rows;
    int widths[MAX_COLUMNS];
    int below[MAX_COLUMNS]; /* rows that a cell above still spans */
    int span[MAX_COLUMNS];  /* and the columns it spans */
};

static int cell_number(json_t *cell, const char *key)
{
    json_int_t n = json_is_object(cell) ? json_integer_value(json_object_get(cell, key)) : 1;
    return (int)CLAMP(n, 1, 10000);
}

/* Cells left out below one that spans rows count too. */
static int count_columns(json_t *rows)
{
    int below[MAX_COLUMNS] = { 0 }, widest = 1;
    gsize i, k;
    json_t *row, *cell;
    json_array_foreach (rows, i, row) {
        int at = 0;
        json_array_foreach (row, k, cell) {
            while (at < MAX_COLUMNS && below[at] > 0)
                below[at++]--;
            for (int n = cell_number(cell, "columns"); n > 0 && at < MAX_COLUMNS; n--)
                below[at++] = cell_number(cell, "rows") - 1;
        }
        widest = MAX(widest, at);
        for (; at < MAX_COLUMNS; at++)
            if (below[at] > 0) {
                below[at]--;
                widest = MAX(widest, at + 1);
            }
    }
    return widest;
}

static void set_widths(struct table *t, json_t *wanted)
{
    const struct page *page = t->docx->page;
    int space = page->width - page->left - page->right;
    double parts[MAX_COLUMNS], sum = 0;
    for (int i = 0; i < t->columns; i++) {
        double part = json_number_value(json_array_get(wanted, (gsize)i));
        parts[i] = part > 0 && part < 1e6 ? part : 1;
        sum += parts[i];
    }
    for (int i = 0; i < t->columns; i++)
        t->widths[i] = (int)(space * parts[i] / sum);
}

static void open_cell(struct table *t, int at, int columns, const char *merge)
{
    int width = 0;
    for (int i = at; i < at + columns; i++)
        width += t->widths[i];
    g_string_append_printf(t->docx->body, "<w:tc><w:tcPr><w:tcW w:w=\"%d\" w:type=\"dxa\"/>",
                           width);
    if (columns > 1)
        g_string_append_printf(t->docx->body, "<w:gridSpan w:val=\"%d\"/>", columns);
    g_string_append_printf(t->docx->body, "%s<w:vAlign w:val=\"center\"/></w:tcPr>", merge);
}

static void add_cell_text(struct table *t, json_t *cell, gboolean header)
{
    json_t *text = json_is_object(cell) ? json_object_get(cell, "text") : cell;
    struct shape shape = { .style = header ? "CellHead" : "Cell",
                           .align = json_string_value(json_object_get(cell, "align")),
                           .bold = json_is_true(json_object_get(cell, "bold")) };
    append_paragraph(t->docx->body, &shape, text_of(text));
    g_string_append(t->docx->body, "</w:tc>");
}

/* Writes what a cell above spans down to column at; returns the next free column. */
static int fill_below(struct table *t, int at)
{
    while (at < t->columns && t->below[at] > 0) {
        int columns = t->span[at];
        open_cell(t, at, columns, "<w:vMerge/>");
        g_string_append(t->docx->body, "<w:p/></w:tc>");
        t->below[at]--;
        at += columns;
    }
    return at;
}

/* A cell may not reach over one that comes down from above. */
static int free_columns(const struct table *t, int at, int wanted)
{
    int n = 1;
    while (n < wanted && at + n < t->columns && t->below[at + n] == 0)
        n++;
    return n;
}

static void add_row(struct table *t, json_t *row, gboolean header)
{
    g_string_append_printf(t->docx->body, "<w:tr><w:trPr><w:cantSplit/>%s</w:trPr>",
                           header ? "<w:tblHeader/>" : "");
    gsize k = 0;
    for (int at = fill_below(t, 0); at < t->columns; at = fill_below(t, at), k++) {
        json_t *cell = json_array_get(row, k);
        int columns = free_columns(t, at, cell_number(cell, "columns"));
        int rows = cell_number(cell, "rows");
        open_cell(t, at, columns, rows > 1 ? "<w:vMerge w:val=\"restart\"/>" : "");
        add_cell_text(t, cell, header);
        t->below[at] = rows - 1;
        t->span[at] = columns;
        at += columns;
    }
    g_string_append(t->docx->body, "</w:tr>");
}

static void open_table(struct table *t, gboolean borders)
{
    static const char *const sides[] = { "top", "left", "bottom", "right", "insideH", "insideV" };
    GString *out = t->docx->body;
    g_string_append(out, "<w:tbl><w:tblPr><w:tblW w:w=\"5000\" w:type=\"pct\"/>"
                         "<w:jc w:val=\"center\"/>");
    g_string_append(out, borders ? "<w:tblBorders>" : "");
    for (gsize i = 0; borders && i < G_N_ELEMENTS(sides); i++)
        g_string_append_printf(out,
                               "<w:%s w:val=\"single\" w:sz=\"4\" w:space=\"0\" "
                               "w:color=\"000000\"/>",
                               sides[i]);
    g_string_append(out, borders ? "</w:tblBorders>" : "");
    g_string_append(out, "<w:tblLayout w:type=\"fixed\"/></w:tblPr><w:tblGrid>");
    for (int i = 0; i < t->columns; i++)
        g_string_append_printf(out, "<w:gridCol w:w=\"%d\"/>", t->widths[i]);
    g_string_append(out, "</w:tblGrid>");
}

static void add_table(struct docx *docx, json_t *block, json_t *value)
{
    struct table t = { .docx = docx, .rows = value, .columns = count_columns(value) };
    t.header_rows = (int)json_integer_value(json_object_get(block, "header_rows"));
    set_widths(&t, json_object_get(block, "widths"));
    open_table(&t, !json_is_false(json_object_get(block, "borders")));
    gsize i;
    json_t *row;
    json_array_foreach (value, i, row)
        add_row(&t, row, (int)i < t.header_rows);
    /* Word wants a paragraph between two tables and at the end of a page. */
    g_string_append(docx->body, "</w:tbl><w:p/>");
}

/* ---- the file */

static const struct block_kind {
    const char *key;
    void (*add)(struct docx *docx, json_t *block, json_t *value);
} kinds[] = {
    { "title", add_title }, { "heading", add_heading },       { "paragraph", add_paragraph },
    { "table", add_table }, { "page_break", add_page_break },
};

static gboolean add_blocks(struct docx *docx, json_t *blocks, GError **error)
{
    gsize i, k;
    json_t *block;
    json_array_foreach (blocks, i, block) {
        for (k = 0; k < G_N_ELEMENTS(kinds); k++) {
            json_t *value = json_object_get(block, kinds[k].key);
            if (value == NULL || json_is_null(value))
                continue;
            kinds[k].add(docx, block, value);
            break;
        }
        if (k == G_N_ELEMENTS(kinds))
            return fault_set(error, FAULT_REFUSED, "第 %d 块不是标题、段落、表格或分页",
                             (int)i + 1);
    }
    return TRUE;
}

static char *document_part(json_t *document, GError **error)
{
    gboolean wide = json_is_true(json_object_get(document, "landscape"));
    struct docx docx = { .body = g_string_new(XML_HEAD), .page = wide ? &landscape : &portrait };
    g_string_append(docx.body,
                    "<w:document xmlns:w=\"" NS_WORD "\" xmlns:r=\"" NS_LINKS "\"><w:body>");
    if (!add_blocks(&docx, json_object_get(document, "blocks"), error)) {
        g_string_free(docx.body, TRUE);
        return NULL;
    }
    const struct page *p = docx.page;
    g_string_append_printf(docx.body,
                           "<w:sectPr><w:footerReference w:type=\"default\" r:id=\"r2\"/>"
                           "<w:pgSz w:w=\"%d\" w:h=\"%d\"%s/><w:pgMar w:top=\"%d\" w:right=\"%d\" "
                           "w:bottom=\"%d\" w:left=\"%d\" w:header=\"851\" w:footer=\"1417\" "
                           "w:gutter=\"0\"/></w:sectPr></w:body></w:document>",
                           p->width, p->height, p->orient, p->top, p->right, p->bottom, p->left);
    return g_string_free(docx.body, FALSE);
}

static char *core_part(json_t *document)
{
    GString *out = g_string_new(XML_HEAD);
    g_string_append(out, "<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/"
                         "2006/metadata/core-properties\" "
                         "xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>");
    xml_text(out, text_of(json_object_get(document, "title")));
    g_string_append(out, "</dc:title></cp:coreProperties>");
    return g_string_free(out, FALSE);
}

static char *custom_part(json_t *document)
{
    GString *out = g_string_new(XML_HEAD);
    const char *name;
    json_t *value;
    int id = 2; /* 0 and 1 mean something else */
    g_string_append(out, "<Properties xmlns=\"http://schemas.openxmlformats.org/officeDocument/"
                         "2006/custom-properties\" xmlns:vt=\"http://schemas.openxmlformats.org/"
                         "officeDocument/2006/docPropsVTypes\">");
    json_object_foreach (json_object_get(document, "properties"), name, value) {
        g_string_append_printf(out,
                               "<property fmtid=\"{D5CDD505-2E9C-101B-9397-08002B2CF9AE}\" "
                               "pid=\"%d\" name=\"",
                               id++);
        xml_text(out, name);
        g_string_append(out, "\"><vt:lpwstr>");
        xml_text(out, text_of(value));
        g_string_append(out, "</vt:lpwstr></property>");
    }
    g_string_append(out, "</Properties>");
    return g_string_free(out, FALSE);
}

GBytes *docx_write(json_t *document, GError **error)
{
    g_autofree char *body = document_part(document, error);
    if (body == NULL)
        return NULL;
    g_autofree char *core = core_part(document);
    g_autofree char *custom = custom_part(document);
    struct zip *zip = zip_new();
    zip_add(zip, "[Content_Types].xml", docx_content_types);
    zip_add(zip, "_rels/.rels", docx_links);
    zip_add(zip, "word/document.xml", body);
    zip_add(zip, "word/_rels/document.xml.rels", docx_document_links);
    zip_add(zip, "word/styles.xml", docx_styles);
    zip_add(zip, "word/footer1.xml", docx_footer);
    zip_add(zip, "docProps/core.xml", core);
    zip_add(zip, "docProps/custom.xml", custom);
    return zip_end(zip, error);
}
