/* OFD (GB/T 33190): the text of its pages, in their order. A page says where each piece of text
 * stands; pieces on one line are joined. */
#include "documents/read/read.h"

#include <string.h>

struct ofd {
    struct paper *paper;
    GHashTable *parts;
    GPtrArray *found; /* names of parts that the one at hand leads to */
    const char *part;
    GString *name; /* the text of a DocRoot */
    gboolean in_root, in_text;
    double top, height; /* of the line at hand; height 0: none yet */
};

static void on_root(void *context, const struct xml *element)
{
    struct ofd *ofd = context;
    ofd->in_root = xml_is(element, "DocRoot");
    if (ofd->in_root)
        g_string_truncate(ofd->name, 0);
}

static void on_root_text(void *context, const char *text, gsize n)
{
    struct ofd *ofd = context;
    if (ofd->in_root)
        g_string_append_len(ofd->name, text, (gssize)n);
}

static void off_root(void *context, const struct xml *element)
{
    struct ofd *ofd = context;
    if (ofd->in_root)
        g_ptr_array_add(ofd->found, part_beside(ofd->part, g_strstrip(ofd->name->str)));
    ofd->in_root = FALSE;
}

static void on_document(void *context, const struct xml *element)
{
    struct ofd *ofd = context;
    g_autofree char *place = xml_is(element, "Page") ? xml_attribute(element, "BaseLoc") : NULL;
    if (place != NULL)
        g_ptr_array_add(ofd->found, part_beside(ofd->part, place));
}

/* Boundary="x y width height", in millimetres from the page's upper left. */
static void begin_piece(struct ofd *ofd, const struct xml *element)
{
    g_autofree char *boundary = xml_attribute(element, "Boundary");
    g_auto(GStrv) numbers = g_strsplit(boundary != NULL ? boundary : "", " ", -1);
    gboolean placed = g_strv_length(numbers) >= 4;
    double top = placed ? g_ascii_strtod(numbers[1], NULL) : 0;
    double height = placed ? g_ascii_strtod(numbers[3], NULL) : 0;
    double off = top - ofd->top;
    GString *text = ofd->paper->text[NOW];
    if (ofd->height > 0 && (!placed || off > height / 2 || -off > height / 2))
        g_string_append_c(text, '\n');
    ofd->top = top;
    ofd->height = height > 0 ? height : 1;
}

static void on_page(void *context, const struct xml *element)
{
    struct ofd *ofd = context;
    if (xml_is(element, "TextObject"))
        begin_piece(ofd, element);
    ofd->in_text = xml_is(element, "TextCode");
}

static void on_page_text(void *context, const char *text, gsize n)
{
    struct ofd *ofd = context;
    if (ofd->in_text)
        g_string_append_len(ofd->paper->text[NOW], text, (gssize)n);
}

static void off_page(void *context, const struct xml *element)
{
    ((struct ofd *)context)->in_text = FALSE;
}

static const struct xml_events root = { on_root, off_root, on_root_text };
static const struct xml_events document = { .start = on_document };
static const struct xml_events page = { on_page, off_page, on_page_text };

/* The names that a part leads to; the caller unrefs. */
static GPtrArray *follow(struct ofd *ofd, const char *part, const struct xml_events *events)
{
    GBytes *bytes = g_hash_table_lookup(ofd->parts, part);
    GPtrArray *found = ofd->found = g_ptr_array_new_with_free_func(g_free);
    ofd->part = part;
    if (bytes != NULL)
        xml_parse(bytes, events, ofd, &ofd->paper->unreadable);
    else
        paper_refuse(ofd->paper, "damaged");
    return found;
}

static void read_page(struct ofd *ofd, const char *part)
{
    g_ptr_array_unref(follow(ofd, part, &page));
    if (ofd->height > 0)
        g_string_append_c(ofd->paper->text[NOW], '\n');
    ofd->height = 0;
}

void read_ofd(struct paper *paper, GHashTable *parts)
{
    struct ofd ofd = { .paper = paper, .parts = parts, .name = g_string_new(NULL) };
    g_autoptr(GPtrArray) documents = follow(&ofd, "OFD.xml", &root);
    for (guint i = 0; i < documents->len && paper->unreadable == NULL; i++) {
        g_autoptr(GPtrArray) pages = follow(&ofd, documents->pdata[i], &document);
        for (guint j = 0; j < pages->len && paper->unreadable == NULL; j++)
            read_page(&ofd, pages->pdata[j]);
    }
    g_autofree char *compact = text_compact(paper->text[NOW]->str);
    if (*compact == '\0')
        paper_refuse(paper, "scanned");
    g_string_append(paper->text[WAS], paper->text[NOW]->str);
    g_string_free(ofd.name, TRUE);
}
