/* outline: the tree of a Chinese paper, or of several in one file. Each paragraph that is not blank
 * becomes a node, in the order of the text; a node's parent always stands before it. */
#ifndef WORDING_OUTLINE_H
#define WORDING_OUTLINE_H

#include <glib.h>

/* How a paragraph is numbered. The order is the usual rank, but a paper may nest as it likes: what
 * is met first inside something else is below it. */
enum numbering {
    NUMBERING_NONE,
    NUMBERING_PART,         /* 第一编 */
    NUMBERING_CHAPTER,      /* 第一章 */
    NUMBERING_DIVISION,     /* 第一节 */
    NUMBERING_ARTICLE,      /* 第一条 */
    NUMBERING_HAN,          /* 一、 */
    NUMBERING_HAN_PAREN,    /* （一） */
    NUMBERING_ARABIC,       /* 1. 1、 1） */
    NUMBERING_ARABIC_PAREN, /* （1） */
    NUMBERING_CIRCLED,      /* ① */
};

/* The number in front of a paragraph: its length in bytes, blanks in front and behind included, 0
 * if there is none. style and number may be NULL. */
gsize outline_mark(const char *line, enum numbering *style, int *number);
/* A number as papers write it, in Han or Arabic digits (full-width too), at the start of text: its
 * length in bytes, 0 if there is none or it is beyond 9999. */
gsize han_number(const char *text, int *number);

enum node_kind {
    NODE_DOCUMENT, /* a title: the paper begins here */
    NODE_SECTION,  /* “市教育局……具体职责：”: the part of one unit */
    NODE_CLAUSE,   /* numbered */
    NODE_PLAIN,    /* belongs to what stands above it */
};

struct node {
    enum node_kind kind;
    enum numbering style; /* of a clause */
    int number;    /* of a clause; of a plain paragraph: the how manyeth of its parent, 款 */
    int parent;    /* index; -1 for none */
    int paragraph; /* the line of the text, from 1 */
    char *name; /* a document's title without 《》 and （…稿）, a section's unit; else NULL */
    char *text;       /* the paragraph, without blanks around it */
    const char *body; /* the same without its number: points into text */
    char *label; /* “《……具体职责》市教育局第3项”, “《……办法》第五条第二款” */
};

/* The nodes (struct node) of a text. name (a file's, or NULL) stands for a title where the text has
 * none. Never NULL; g_ptr_array_unref. */
GPtrArray *outline_read(const char *text, const char *name);
/* The document or section that a node belongs to (itself, if it is one): index, -1 if none. */
int outline_above(const GPtrArray *outline, int node, enum node_kind kind);

#endif
