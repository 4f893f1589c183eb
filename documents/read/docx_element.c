/* What each element of WordprocessingML does to the document at hand. */
#include "documents/read/docx.h"

#include <string.h>

/* A tab in a cell would look like the next cell. */
static void hear_tab(struct docx *docx)
{
    docx_hear(docx, docx->tables->len > 0 ? " " : "\t", 1);
}

/* Fonts of signs that forms use for boxes to tick. */
static void hear_symbol(struct docx *docx, const struct xml *element)
{
    static const struct {
        const char *code, *text;
    } signs[] = { { "F0FE", "☑" }, { "F052", "☑" }, { "F053", "☒" }, { "F0FD", "☒" },
                  { "F0A8", "☐" }, { "F06F", "☐" }, { "F0A3", "☐" }, { "F0FC", "√" },
                  { "F0D6", "√" }, { "F050", "√" } };
    g_autofree char *code = xml_attribute(element, "char");
    for (gsize i = 0; i < G_N_ELEMENTS(signs) && code != NULL; i++)
        if (g_ascii_strcasecmp(code, signs[i].code) == 0)
            docx_hear(docx, signs[i].text, strlen(signs[i].text));
}

/* ---- text boxes: their paragraphs follow the one that they hang on */

static void end_box(struct docx *docx)
{
    struct story *story = story_pop(docx);
    struct paragraph *host = stack_last(docx->paragraphs);
    for (int side = 0; side < SIDES && host != NULL; side++)
        g_string_append_len(host->boxes[side], story->out[side]->str,
                            (gssize)story->out[side]->len);
    story_free(story);
}

/* ---- elements */

static void properties(struct docx *docx, const struct xml *element)
{
    struct paragraph *p = stack_last(docx->paragraphs);
    if (p == NULL || !p->in_properties)
        return;
    if (xml_is(element, "pStyle")) {
        g_free(p->style);
        p->style = xml_attribute(element, "val");
    } else if (xml_is(element, "numId")) {
        p->num = xml_number(element, "val", -1);
    } else if (xml_is(element, "ilvl")) {
        p->level = xml_number(element, "val", -1);
    }
}

static void on_p(struct docx *docx, const struct xml *element)
{
    paragraph_begin(docx);
}

static void on_ppr(struct docx *docx, const struct xml *element)
{
    struct paragraph *p = stack_last(docx->paragraphs);
    if (p != NULL)
        p->in_properties = TRUE;
}

static void off_ppr(struct docx *docx)
{
    struct paragraph *p = stack_last(docx->paragraphs);
    if (p != NULL)
        p->in_properties = FALSE;
}

static void on_r(struct docx *docx, const struct xml *element)
{
    docx->run++;
}

static void off_r(struct docx *docx)
{
    docx->run -= docx->run > 0;
}

static void on_t(struct docx *docx, const struct xml *element)
{
    docx->in_text = TRUE;
}

static void off_text(struct docx *docx)
{
    docx->in_text = FALSE;
}

static void on_tab(struct docx *docx, const struct xml *element)
{
    if (docx->run > 0)
        hear_tab(docx);
}

static void on_br(struct docx *docx, const struct xml *element)
{
    g_autofree char *type = xml_attribute(element, "type");
    if (docx->run > 0 && (type == NULL || strcmp(type, "textWrapping") == 0))
        docx_hear(docx, "\n", 1);
}

static void on_hyphen(struct docx *docx, const struct xml *element)
{
    docx_hear(docx, "-", 1);
}

static void on_sym(struct docx *docx, const struct xml *element)
{
    hear_symbol(docx, element);
}

static void on_tbl(struct docx *docx, const struct xml *element)
{
    table_begin(docx);
}

static void on_tr(struct docx *docx, const struct xml *element)
{
    row_begin(docx);
}

static void on_trpr(struct docx *docx, const struct xml *element)
{
    struct table *table = stack_last(docx->tables);
    if (table != NULL)
        table->in_properties = TRUE;
}

static void off_trpr(struct docx *docx)
{
    struct table *table = stack_last(docx->tables);
    if (table != NULL)
        table->in_properties = FALSE;
}

static void on_tc(struct docx *docx, const struct xml *element)
{
    cell_begin(docx);
}

static void on_span(struct docx *docx, const struct xml *element)
{
    struct table *table = stack_last(docx->tables);
    if (table != NULL)
        table->span = (guint)xml_number(element, "val", 1);
}

static void on_story(struct docx *docx, const struct xml *element)
{
    story_push(docx);
    g_ptr_array_add(docx->paragraphs, NULL);
}

static void off_box(struct docx *docx)
{
    stack_pop(docx->paragraphs);
    end_box(docx);
}

static void on_comment_begin(struct docx *docx, const struct xml *element)
{
    g_autofree char *id = xml_attribute(element, "id");
    comment_begin(docx->comments, id);
}

static void on_comment_end(struct docx *docx, const struct xml *element)
{
    g_autofree char *id = xml_attribute(element, "id");
    comment_end(docx->comments, id);
}

static void on_comment_refer(struct docx *docx, const struct xml *element)
{
    g_autofree char *id = xml_attribute(element, "id");
    comment_refer(docx->comments, id, docx->number);
}

static void on_chunk(struct docx *docx, const struct xml *element)
{
    g_autofree char *id = xml_attribute(element, "id");
    docx_include(docx, id);
}

/* What a note separator or its number holds is no text, nor is what a property was before. */
static void on_skip(struct docx *docx, const struct xml *element)
{
    docx->skip_depth = element->depth;
}

static void on_note(struct docx *docx, const struct xml *element)
{
    g_autofree char *type = xml_attribute(element, "type");
    if (type != NULL && strcmp(type, "normal") != 0)
        on_skip(docx, element);
}

static const struct {
    const char *name;
    void (*start)(struct docx *docx, const struct xml *element);
    void (*end)(struct docx *docx);
} elements[] = {
    { "t", on_t, off_text },
    { "r", on_r, off_r },
    { "p", on_p, paragraph_end },
    { "delText", on_t, off_text },
    { "pPr", on_ppr, off_ppr },
    { "tab", on_tab, NULL },
    { "br", on_br, NULL },
    { "cr", on_br, NULL },
    { "noBreakHyphen", on_hyphen, NULL },
    { "sym", on_sym, NULL },
    { "tbl", on_tbl, table_end },
    { "tr", on_tr, row_end },
    { "trPr", on_trpr, off_trpr },
    { "tc", on_tc, cell_end },
    { "gridSpan", on_span, NULL },
    { "txbxContent", on_story, off_box },
    { "commentRangeStart", on_comment_begin, NULL },
    { "commentRangeEnd", on_comment_end, NULL },
    { "commentReference", on_comment_refer, NULL },
    { "altChunk", on_chunk, NULL },
    { "footnote", on_note, NULL },
    { "endnote", on_note, NULL },
    { "pPrChange", on_skip, NULL },
    { "rPrChange", on_skip, NULL },
    { "tblPrChange", on_skip, NULL },
    { "trPrChange", on_skip, NULL },
    { "tcPrChange", on_skip, NULL },
    { "tblGridChange", on_skip, NULL },
    { "tblPrExChange", on_skip, NULL },
    { "sectPrChange", on_skip, NULL },
    { "numberingChange", on_skip, NULL },
    { "Fallback", on_skip, NULL },
    { "rt", on_skip, NULL },
};

static gboolean is_word_uri(const char *uri)
{
    return strstr(uri, "wordprocessingml") != NULL ||
           strstr(uri, "officeDocument/2006/math") != NULL ||
           strstr(uri, "officeDocument/math") != NULL;
}

/* Nearly all elements are of one vocabulary, whose name the parser keeps in one place. */
static gboolean is_word(struct docx *docx, const struct xml *element)
{
    if (element->uri != docx->uri) {
        docx->uri = element->uri;
        docx->is_word = is_word_uri(element->uri);
    }
    return docx->is_word ||
           (xml_is(element, "Fallback") && strstr(element->uri, "markup-compatibility") != NULL);
}

/* The row of an element's name; -1: none. */
static int find_row(const char *name)
{
    for (int i = 0; i < (int)G_N_ELEMENTS(elements); i++)
        if (strcmp(elements[i].name, name) == 0)
            return i;
    return -1;
}

/* What an element is, by the place at which the parser keeps its name. */
static const struct known *known_element(struct docx *docx, const struct xml *element)
{
    struct known *known = g_hash_table_lookup(docx->known, element->name);
    if (known == NULL) {
        known = g_new(struct known, 1);
        known->row = find_row(element->name);
        known->change = change_kind(element);
        g_hash_table_insert(docx->known, (char *)element->name, known);
    }
    return known;
}

static gboolean in_properties(const struct docx *docx)
{
    const struct paragraph *p = stack_last(docx->paragraphs);
    const struct table *table = stack_last(docx->tables);
    return p != NULL ? p->in_properties : table != NULL && table->in_properties;
}

static void on_element(void *context, const struct xml *element)
{
    struct docx *docx = context;
    if (docx->skip_depth > 0 || !is_word(docx, element))
        return;
    const struct known *known = known_element(docx, element);
    if (known->change >= 0) {
        /* Around whole rows or paragraphs stands the same element as around runs. */
        if (in_properties(docx))
            change_mark(docx, element, known->change);
        else
            change_begin(docx, element, known->change);
        return;
    }
    if (known->row >= 0)
        elements[known->row].start(docx, element);
    else
        properties(docx, element);
}

static void off_element(void *context, const struct xml *element)
{
    struct docx *docx = context;
    if (docx->skip_depth > 0) {
        if (element->depth == docx->skip_depth)
            docx->skip_depth = 0;
        return;
    }
    const struct change *change = stack_last(docx->changes);
    if (change != NULL && change->depth == element->depth && change_kind(element) >= 0) {
        change_end(docx);
        return;
    }
    if (!is_word(docx, element))
        return;
    int row = known_element(docx, element)->row;
    if (row >= 0 && elements[row].end != NULL)
        elements[row].end(docx);
}

static void on_text(void *context, const char *text, gsize n)
{
    struct docx *docx = context;
    if (docx->in_text && docx->skip_depth == 0)
        docx_hear(docx, text, n);
}

const struct xml_events docx_events = { on_element, off_element, on_text };
