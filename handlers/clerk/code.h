/* Confirming and signing by a one-time code. */
#ifndef HANDLERS_CLERK_CODE_H
#define HANDLERS_CLERK_CODE_H

#include "db/db.h"
#include <glib.h>
#include <jansson.h>

struct clerk;
struct order;

/* ---- code.c */
/* What a confirmation or a code alone asks for; a good code proves who wrote. */
void code_take(struct clerk *clerk, const struct order *order);
const char *code_refusal(enum code_result result);
/* Sets the code of the answer, if commands wait for one. The caller frees by secret_free. */
char *code_for_waiting(struct clerk *clerk);
/* ---- sign.c */
/* The same of a signer's consent, or of a code that came with something else; known: what code it
 * is, or NULL; good: it can be redeemed. */
void consent_take(struct clerk *clerk, const struct order *order, const char *typed,
                  const struct code *known, gboolean good);
/* How to sign and how not to. */
void part_explain_signing(json_t *part);
/* Why, beside a consent in a matter, he may want something else than he was shown; NULL: nothing
 * speaks for that. The caller frees. */
char *consent_reserved(struct clerk *clerk, const struct order *order, gint64 matter);

#endif
