/* What an attachment says, by the SHA-256 of its bytes: what `lianluo read` prints of it. Each is
 * read once, however many messages bring the same file. */
#ifndef DB_DOCUMENT_H
#define DB_DOCUMENT_H

#include <glib.h>
#include <jansson.h>

/* NULL: never read. A new reference. */
json_t *document_get(struct db *db, const char *sha256);
/* Keeps it; a later reading (after an upgrade) replaces an earlier one. */
void document_set(struct db *db, const char *sha256, json_t *document);

#endif
