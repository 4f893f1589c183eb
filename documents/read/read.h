/* What the files of documents/read/ share: a file that strangers sent becomes one JSON object. All
 * of it runs in the cage of lianluo-read (and in the fuzzers); memory may be used up and the clock
 * may run out at any point, so nothing here owns anything beyond the process. */
#ifndef DOCUMENTS_READ_H
#define DOCUMENTS_READ_H

#include "base/base.h"
#include <glib.h>
#include <jansson.h>

enum {
    MAX_ENTRIES = 10000,
    MAX_UNPACKED = 256 * 1024 * 1024,
    MAX_RATIO = 200,
    MAX_OUTPUT = 16 * 1024 * 1024,
    MAX_XML_DEPTH = 256,
    MAX_NESTING = 1,          /* archives inside an archive */
    RATIO_FROM = 1024 * 1024, /* bytes unpacked, below which no ratio is held against anybody */
};

/* What one whole reading may still use, however deep it nests. */
struct budget {
    gsize unpacked, entries;
    int spill; /* where what lies inside goes out to a converter, -1: nowhere */
    gsize spilled;
};

/* The two readings of a text with tracked changes. */
enum side { NOW, WAS, SIDES };

struct paper {
    const char *bytes;
    gsize n;
    const char *name; /* what it was called, a hint for charsets and tables; "" if unknown */
    guint depth;      /* archives around it */
    struct budget *budget;
    const char *format;     /* static */
    const char *unreadable; /* static; NULL: it was read */
    const char *converter;  /* the text must first be made by "word", "sheet" or "pdf"; or NULL */
    gsize at;               /* for which it went out there */
    GString *text[SIDES];
    json_t *revisions, *comments, *tables, *members, *warnings, *sheets;
    json_t *properties; /* {name: text}; NULL: none */
};

/* ---- paper.c */
/* Once per process, before anything else; cage_enter does it. */
void paper_init(void);
/* Reads bytes into the object of DESIGN §6. Where "converter" is set, a converter of that kind must
 * make the text: of the file itself, or of "size" bytes from "at" on that were written to spill
 * (-1: what lies inside and needs one is unsupported). A new reference, never NULL. */
json_t *paper_read(const char *name, const void *bytes, gsize n, int spill);
/* The same of a file found inside another one; it shares the budget. */
json_t *paper_read_inside(const struct paper *outer, const char *name, const void *bytes, gsize n);
/* The object as one line of JSON, with its \n; the caller frees. */
GString *paper_line(json_t *paper);
void paper_warn(struct paper *paper, const char *tag, const char *format, ...) G_GNUC_PRINTF(3, 4);
/* Says once why it cannot be read; the first reason stands. Returns FALSE. */
gboolean paper_refuse(struct paper *paper, const char *unreadable);
/* The object in which nothing could be read, for want of time, memory or room. */
json_t *paper_unread(const char *unreadable);

/* ---- sniff.c: the row of the table of formats whose marks the bytes bear */
struct format {
    const char *name;
    gboolean (*is)(const struct paper *paper);
    void (*read)(struct paper *paper);
};
const struct format *format_of(const struct paper *paper);
gboolean name_ends(const struct paper *paper, const char *ending);

/* ---- the readers */
void read_text(struct paper *paper);
void read_csv(struct paper *paper);
void read_html(struct paper *paper);
void read_ole(struct paper *paper);
void read_zip(struct paper *paper); /* and what zips are: docx, xlsx, ofd */
void read_archive(struct paper *paper);
void read_mail(struct paper *paper);
void read_image(struct paper *paper);
void read_docx(struct paper *paper, GHashTable *parts, const char *main);
void read_xlsx(struct paper *paper, GHashTable *parts, const char *main);
void read_ofd(struct paper *paper, GHashTable *parts);
/* A row into a table; steals the row. Also what stands in the text for it. */
void table_text(GString *text, json_t *row);

/* ---- pack.c: archives */
/* The XML parts (name without a leading / → GBytes) of a zip; names are all its names. NULL: it is
 * damaged, encrypted or too big, which the paper then says. */
GHashTable *pack_parts(struct paper *paper, GPtrArray *names);

/* ---- xml.c */
struct xml {
    const char *name, *uri;  /* of the element at hand: its local name */
    const char **attributes; /* libxml2's five pointers each */
    int n_attributes;
    guint depth;
};
struct xml_events {
    void (*start)(void *context, const struct xml *element);
    void (*end)(void *context, const struct xml *element);
    void (*text)(void *context, const char *text, gsize n);
};
/* FALSE: it is no well-formed XML, has a document type, or nests too deep: see *unreadable. */
gboolean xml_parse(GBytes *bytes, const struct xml_events *events, void *context,
                   const char **unreadable);
/* The value of the attribute with that local name; NULL: none. The caller frees. */
char *xml_attribute(const struct xml *element, const char *name);
/* A whole number ≥ 0; otherwise if there is none. */
int xml_number(const struct xml *element, const char *name, int otherwise);
gboolean xml_is(const struct xml *element, const char *name);

/* ---- parts.c: the relationships of an OOXML package */
struct relation {
    char *id, *type, *target; /* type: what follows the last / */
    gboolean outside;
};
/* Those of a part ("" for the package): struct relation, targets resolved to names of parts. */
GPtrArray *relations_of(struct paper *paper, GHashTable *parts, const char *part);
/* A name relative to the folder of a part, as a part's name. */
char *part_beside(const char *part, const char *target);
/* {name: text} of docProps/custom.xml; NULL: none. A new reference. */
json_t *properties_of(GBytes *part);
/* The target of the first relation of that type or that id; NULL: none. */
const char *relation_typed(const GPtrArray *relations, const char *type);
const char *relation_target(const GPtrArray *relations, const char *id);

/* ---- cage.c */
/* Opens what reading these bytes may need, then shuts the door for good. Dies if the kernel cannot.
 */
void cage_enter(const void *bytes, gsize n);
/* For a converter: no network, its own limits; then it may be executed. */
void cage_converter(gsize memory, guint seconds);

/* ---- convert.c */
/* Runs the converter KIND in place of this process, from descriptor 0 to 1; returns only if it
 * cannot. */
int convert(const char *tool, const char *folder);

#endif
