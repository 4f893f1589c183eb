/* Text without white space, and where each of its bytes came from: a phrase broken by a line end or
 * by blanks inside a word is found, and still quoted verbatim. */
#ifndef WORDING_SQUEEZE_H
#define WORDING_SQUEEZE_H

#include <glib.h>

struct squeezed {
    const char *source; /* the caller's, and must outlive this */
    GString *text;
    GArray *origin; /* gsize per byte of text: where in source its character begins */
};

void squeeze(struct squeezed *squeezed, const char *source);
void unsqueeze(struct squeezed *squeezed);
/* Offsets [from, to) of the squeezed text as a piece of the source; the caller frees. */
char *squeezed_piece(const struct squeezed *squeezed, gsize from, gsize to);
/* The whole sentence of the source around them; the caller frees. */
char *squeezed_sentence(const struct squeezed *squeezed, gsize from, gsize to);

#endif
