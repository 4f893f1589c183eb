/* Whether a clause beside 无意见 could hold an opinion, a condition or a doubt at all. */
#ifndef WORDING_BLAND_H
#define WORDING_BLAND_H

#include <glib.h>

/* TRUE if, besides known harmless phrases, it has no word that changes, limits, doubts, asks or
 * puts off anything, and is short. */
gboolean clause_is_bland(const char *clause);

#endif
