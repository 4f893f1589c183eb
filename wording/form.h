/* A form that came back (征求意见反馈表): filled in, filled in with 无, or blank. */
#ifndef WORDING_FORM_H
#define WORDING_FORM_H

#include <glib.h>
#include <jansson.h>

enum form { FORM_NONE_THERE, FORM_BLANK, FORM_NO_OPINION, FORM_OPINION };

/* tables: [[[cell]]]. The strongest that any cell for opinions says; *evidence: that cell, NULL for
 * the first two; the caller frees. */
enum form form_read(json_t *tables, char **evidence);

/* The text of a paper, a row of its tables a line, cells parted by tabs, without what form_read has
 * understood: what an answer to no question says stays. The caller frees. */
char *form_strip(json_t *tables, const char *text);

#endif
