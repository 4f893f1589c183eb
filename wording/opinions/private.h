/* What the files that find opinions share. */
#ifndef WORDING_OPINIONS_PRIVATE_H
#define WORDING_OPINIONS_PRIVATE_H

#include "wording/opinions/opinions.h"
#include "wording/outline/outline.h"
#include "wording/words.h"

/* ---- align: which pieces of two versions of a text belong together */
#define ALIKE 0.4F
struct texts {
    char **texts, **keys; /* verbatim, and what they are compared by */
    int *paragraphs;      /* of lines: where each stands in the text, from 1 */
    guint n;
    gboolean lines; /* numbers in front do not count */
};
/* Blank lines and rows of tables left out. */
struct texts *texts_lines(const char *text);
struct texts *texts_sentences(const char *text);
void texts_free(struct texts *texts);
/* For each piece of a the index of its counterpart in b, -1 if it has none; in rising order. */
int *words_align(const struct texts *a, const struct texts *b);
/* 0 to 1, by shared pairs of characters. */
double words_similarity(const char *a, const char *b);

/* ---- places: what we sent, so that opinions find their clause */
struct spot {
    const GPtrArray *outline;
    int node;
    char *key;    /* of the paragraph without its number */
    gboolean own; /* in the section of the unit that speaks */
};
struct sent {
    GPtrArray *outlines;
    GArray *spots;      /* struct spot, in the order of what was sent */
    struct texts lines; /* borrowed from spots: the same paragraphs */
};
struct sent *sent_new(const struct handed_in *handed);
void sent_free(struct sent *sent);
const struct node *spot_node(const struct sent *sent, int spot);
/* Anchors an opinion: by what it quotes, by what it cites (its text, then context, which may be
 * NULL), or not. */
void anchor_by_words(const struct sent *sent, struct opinion *opinion, const char *context);
/* Anchors it at a known place; after: what is added behind it. */
void anchor_at(const struct sent *sent, struct opinion *opinion, int spot, gboolean after);

/* ---- the finders: each appends to found */
struct opinion *opinion_new(GPtrArray *found, enum opinion_kind kind, const char *file);
void opinion_take(char **field, char *value);
/* Says what it wants done, from its words: operation, original, proposed, reason. */
void opinion_parse(struct opinion *opinion, const char *text);
/* TRUE if something is proposed in it. */
gboolean proposes(const char *text);
/* TRUE for “无”, “/”, “无意见”, “同意” and blanks: nothing is said. */
gboolean says_nothing(const char *text);
/* A returned paper: tracked changes, comments, differences. FALSE: it is none of ours. */
gboolean find_returned(const struct sent *sent, const struct read_file *paper, GPtrArray *found);
void find_rows(const struct sent *sent, const struct read_file *paper, GPtrArray *found);
/* TRUE: a form as it stands on a page, its columns run into each other; that it is there is told.
 */
gboolean find_form_on_page(const struct read_file *paper, GPtrArray *found);
/* A PDF or the like, whose lines end where the page does. */
gboolean is_page(json_t *document);
void find_prose(const struct sent *sent, const char *text, const char *file, GPtrArray *found);

#endif
