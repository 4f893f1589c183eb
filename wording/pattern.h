/* Patterns over text, compiled once per process. All may be used from any thread. */
#ifndef WORDING_PATTERN_H
#define WORDING_PATTERN_H

#include <glib.h>

/* A row of a table of patterns. */
struct pattern {
    const char *text;
    GRegex *regex; /* made when first asked for */
};
#define PATTERN(name, words) static struct pattern name = { words, NULL }
/* In front of a pattern whose texts are ASCII: they need not be checked to be UTF-8 each time. */
#define PATTERN_ASCII "(?#ascii)"

/* Where it was found: bytes of the whole text. */
struct span {
    gsize from, to;
};

/* A pattern sees text[from, to) alone: ^ and $ are its ends. The first match in it: the span of the
 * whole, or of its group where that is > 0 and took part. FALSE: none. */
gboolean pattern_find(struct pattern *pattern, const char *text, struct span in, int group,
                      struct span *found);
gboolean pattern_in(struct pattern *pattern, const char *text, struct span in);
/* The same of a whole text. */
gboolean pattern_fits(struct pattern *pattern, const char *text);
/* The same, but the match must begin where the span does. */
gboolean pattern_at(struct pattern *pattern, const char *text, struct span in);
/* For all that pattern_find does not answer. Free with g_match_info_free. */
GMatchInfo *pattern_match(struct pattern *pattern, const char *text, struct span in);
/* Where a group of that match is in the whole text. FALSE: it took no part. */
gboolean match_span(const GMatchInfo *match, struct span in, int group, struct span *found);
/* The named group, "" if it took no part; the caller frees. */
char *match_word(const GMatchInfo *match, const char *name);

char *span_text(const char *text, struct span span);

#endif
