/* XML as a stream of events. No document type is accepted, so there are no entities to expand and
 * nothing to fetch; nesting is bounded; the parser's own "huge" mode stays off. */
#include "documents/read/read.h"

#include <libxml/parser.h>
#include <string.h>

struct walk {
    const struct xml_events *events;
    void *context;
    xmlParserCtxtPtr parser;
    guint depth;
    const char *refused;
};

static void refuse(struct walk *walk, const char *why)
{
    if (walk->refused == NULL)
        walk->refused = why;
    xmlStopParser(walk->parser);
}

static void on_start(void *data, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                     int n_namespaces, const xmlChar **namespaces, int n_attributes,
                     int n_defaulted, const xmlChar **attributes)
{
    struct walk *walk = data;
    struct xml element = { (const char *)name, uri != NULL ? (const char *)uri : "",
                           (const char **)attributes, n_attributes, ++walk->depth };
    if (walk->depth > MAX_XML_DEPTH)
        refuse(walk, "too_big");
    else if (walk->refused == NULL && walk->events->start != NULL)
        walk->events->start(walk->context, &element);
}

static void on_end(void *data, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    struct walk *walk = data;
    struct xml element = { (const char *)name, uri != NULL ? (const char *)uri : "", NULL, 0,
                           walk->depth-- };
    if (walk->refused == NULL && walk->events->end != NULL)
        walk->events->end(walk->context, &element);
}

static void on_text(void *data, const xmlChar *text, int n)
{
    struct walk *walk = data;
    if (walk->refused == NULL && walk->events->text != NULL)
        walk->events->text(walk->context, (const char *)text, (gsize)n);
}

static void on_doctype(void *data, const xmlChar *name, const xmlChar *public_id,
                       const xmlChar *system_id)
{
    refuse(data, "damaged");
}

static void on_complaint(void *data, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void on_complaint(void *data, const char *format, ...)
{
}

gboolean xml_parse(GBytes *bytes, const struct xml_events *events, void *context,
                   const char **unreadable)
{
    xmlSAXHandler sax = { .initialized = XML_SAX2_MAGIC,
                          .startElementNs = on_start,
                          .endElementNs = on_end,
                          .characters = on_text,
                          .ignorableWhitespace = on_text,
                          .cdataBlock = on_text,
                          .internalSubset = on_doctype,
                          .warning = on_complaint,
                          .error = on_complaint };
    struct walk walk = { .events = events, .context = context };
    gsize n;
    const char *data = g_bytes_get_data(bytes, &n);
    walk.parser = n > 0 ? xmlCreatePushParserCtxt(&sax, &walk, NULL, 0, NULL) : NULL;
    if (walk.parser == NULL) {
        *unreadable = "damaged";
        return FALSE;
    }
    xmlCtxtUseOptions(walk.parser, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                                       XML_PARSE_NOCDATA);
    for (gsize at = 0; at < n && walk.refused == NULL;) {
        int piece = (int)MIN(n - at, 65536);
        if (xmlParseChunk(walk.parser, data + at, piece, at + (gsize)piece == n) != 0)
            break;
        at += (gsize)piece;
    }
    gboolean good = walk.parser->wellFormed && walk.refused == NULL;
    xmlFreeParserCtxt(walk.parser);
    if (!good)
        *unreadable = walk.refused != NULL ? walk.refused : "damaged";
    return good;
}

char *xml_attribute(const struct xml *element, const char *name)
{
    for (int i = 0; i < element->n_attributes; i++) {
        const char **a = element->attributes + 5 * i;
        if (strcmp(a[0], name) == 0)
            return g_strndup(a[3], (gsize)(a[4] - a[3]));
    }
    return NULL;
}

int xml_number(const struct xml *element, const char *name, int otherwise)
{
    g_autofree char *text = xml_attribute(element, name);
    guint64 value;
    if (text == NULL || !g_ascii_string_to_unsigned(text, 10, 0, G_MAXINT32, &value, NULL))
        return otherwise;
    return (int)value;
}

gboolean xml_is(const struct xml *element, const char *name)
{
    return strcmp(element->name, name) == 0;
}
