/* One-time codes that were sent to somebody. The code itself is never kept. */
#ifndef DB_CODE_H
#define DB_CODE_H

#include <glib.h>

struct code {
    gint64 id;
    char *address; /* to which it was sent, and from which alone it counts */
    char *purpose; /* "command" or "sign_off" */
    gint64 message, matter;
    char *commands; /* what it lets through, as the caller writes it */
    char *shown;    /* SHA-256 of what the receiver was shown */
};
void code_free(struct code *code);

/* Makes a code for 24 hours and keeps what it is compared with. The caller frees it, by
 * secret_free. */
char *code_issue(struct db *db, const struct code *code);

enum code_result { CODE_GOOD, CODE_WRONG, CODE_USED, CODE_CANCELLED, CODE_EXPIRED, CODE_SPENT };
/* Compares what came from an address (by onetime_read) with the codes that were sent to it; a good
 * one is used up, *code is what it was for (NULL else). A wrong one counts against every open code
 * of that address: after five it is spent. */
enum code_result code_redeem(struct db *db, const char *address, const char *typed,
                             struct code **code);
/* A code that came from an address, without using it up; *result: what code_redeem would say. NULL:
 * it is none. Free with code_free. */
struct code *code_find(struct db *db, const char *address, const char *typed,
                       enum code_result *result);
gboolean code_any_open(struct db *db, const char *address);
/* The open codes of an address (NULL: of any), for a purpose (NULL: any) and matter (0: any).
 * Returns how many. */
int code_cancel(struct db *db, const char *address, const char *purpose, gint64 matter);

#endif
