/* What the files that read a .docx share. */
#ifndef DOCUMENTS_READ_DOCX_H
#define DOCUMENTS_READ_DOCX_H

#include "documents/read/read.h"

/* ---- one document being read */
/* Where finished paragraphs go: the body, a cell, a text box, a note. */
struct story {
    GString *out[SIDES];
    GString *line[SIDES]; /* of a paragraph whose mark is gone, still to go on */
};

struct paragraph {
    GString *line[SIDES], *boxes[SIDES];
    char *style;
    int num, level, number;
    gboolean mark_inserted, mark_deleted, in_properties;
};

struct table {
    json_t *rows, *row;
    GString *text[SIDES];
    gboolean in_properties; /* of the row at hand */
    gboolean hidden[SIDES]; /* the row at hand is in the other reading only */
    guint cells, span;
    const char *change; /* of the row: "insertion", "deletion" or NULL */
    char *author, *date;
    gsize revisions; /* how many there were before the row */
};

/* One insertion, deletion or move that is open. */
struct change {
    const char *kind, *direction;
    gboolean hides[SIDES];
    json_t *json;
    GString *text;
    guint depth;
};

struct docx {
    struct paper *paper;
    GHashTable *parts;          /* of the package */
    const GPtrArray *relations; /* of its main part */
    struct numbering *numbering;
    struct comments *comments;
    GPtrArray *stories, *paragraphs, *tables, *changes;
    int number;       /* of paragraphs so far */
    guint skip_depth; /* of the element that is left out with all it holds; 0: none */
    guint run;        /* runs that are open */
    gboolean in_text;
    const char *uri; /* of the last element, and whether it is Word's own */
    gboolean is_word;
    GHashTable *known; /* struct known, by the names of the part at hand */
};

/* What the name of an element means: its row among the elements, the kind of change; -1: none. */
struct known {
    int row, change;
};

/* ---- docx.c */
/* The top of a stack and the same taken off it; NULL: it is empty, or the place is. */
gpointer stack_last(const GPtrArray *stack);
gpointer stack_pop(GPtrArray *stack);
void story_push(struct docx *docx);
struct story *story_pop(struct docx *docx);
void story_free(gpointer story);
/* Text of the paragraph at hand, where the open changes let it be seen. */
void docx_hear(struct docx *docx, const char *text, gsize n);
/* Another file that stands whole in this place of the document. */
void docx_include(struct docx *docx, const char *id);
void paragraph_begin(struct docx *docx);
void paragraph_end(struct docx *docx);
void paragraph_free(gpointer paragraph);
/* Text of an XML attribute or of ours as JSON; null for NULL. */
json_t *clean_json(const char *text);

/* ---- docx_change.c */
/* Which kind of change an element opens; -1: none. */
int change_kind(const struct xml *element);
void change_begin(struct docx *docx, const struct xml *element, int kind);
void change_end(struct docx *docx);
/* The same element among the properties of a paragraph mark or of a row. */
void change_mark(struct docx *docx, const struct xml *element, int kind);
void change_free(gpointer change);
json_t *change_json(const struct docx *docx, const char *kind, const char *author,
                    const char *date);

/* ---- docx_table.c */
void table_begin(struct docx *docx);
void table_end(struct docx *docx);
void row_begin(struct docx *docx);
void row_end(struct docx *docx);
void cell_begin(struct docx *docx);
void cell_end(struct docx *docx);
void table_free(gpointer table);

/* ---- docx_element.c: what each element of WordprocessingML does */
extern const struct xml_events docx_events;

/* ---- docx_number.c: what stands before a paragraph by its numbering, though not in its text */
struct numbering;
/* From numbering.xml and styles.xml, either of which may be missing (NULL). */
struct numbering *numbering_read(struct paper *paper, GBytes *numbers, GBytes *styles);
void numbering_free(struct numbering *numbering);
/* The label of the next paragraph of one reading, "" if it has none: "第一条 ". num and level as
 * its properties say, -1: as its style (may be NULL) says. The caller frees. */
char *numbering_next(struct numbering *numbering, enum side side, const char *style, int num,
                     int level);
/* A number in one of OOXML's formats; the caller frees. */
char *number_text(const char *format, int number);

/* ---- docx_comment.c */
struct comments;
struct comments *comments_read(struct paper *paper, GBytes *comments, GBytes *extended);
void comments_free(struct comments *comments);
/* The text between the marks of a comment. */
void comment_begin(struct comments *comments, const char *id);
void comment_end(struct comments *comments, const char *id);
/* The mark itself, in that paragraph. */
void comment_refer(struct comments *comments, const char *id, int paragraph);
/* A piece of text of one reading that all open comments hang on. */
void comments_hear(struct comments *comments, enum side side, const char *text, gsize n);
/* Into paper->comments, in the order in which the text refers to them. */
void comments_tell(struct comments *comments, struct paper *paper);

#endif
