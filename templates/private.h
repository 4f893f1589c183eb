/* templates, inside: the token list between parsing and rendering, and escaping. */
#ifndef TEMPLATES_PRIVATE_H
#define TEMPLATES_PRIVATE_H

#include "templates/templates.h"

enum token_kind {
    TOKEN_TEXT,
    TOKEN_VALUE, /* escaped */
    TOKEN_RAW,
    TOKEN_SECTION,
    TOKEN_INVERTED,
    TOKEN_CLOSE,
    TOKEN_PARTIAL,
};

struct token {
    enum token_kind kind;
    const char *text; /* TEXT: n bytes of the template's source */
    gsize n;
    char *name;   /* of all others */
    char *indent; /* PARTIAL: what stood before it if it had the line to itself, else "" */
    guint end;    /* SECTION, INVERTED: the index of the CLOSE */
    guint line;
};

struct parsed {
    char *source;
    GArray *tokens; /* struct token; sections are balanced */
};

/* Parses a text, of which it keeps a copy. NULL with FAULT_REFUSED: the line and name are told. */
struct parsed *template_parse(const char *text, GError **error);
void parsed_free(struct parsed *parsed);

/* Appends text as it must read in its place; NUL bytes are dropped. */
void escape_append(GString *out, enum escape escape, const char *text, gsize n);

#endif
