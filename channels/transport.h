/* transport: what both users of libcurl want from it. */
#ifndef CHANNELS_TRANSPORT_H
#define CHANNELS_TRANSPORT_H

#include "channels/private.h"

/* A handle that verifies, times out, sends no signal and keeps libcurl's own words in words
 * (CURL_ERROR_SIZE bytes). */
CURL *transport_new(const char *ca_file, int timeout, char *words);
/* Ends a transfer within a second or so when *stop is not 0 and may_stop still holds. */
struct transport_stop {
    const gint *stop; /* may be NULL */
    gboolean (*may_stop)(const void *context);
    const void *context;
};
void transport_watch(CURL *curl, const struct transport_stop *stop);
/* "证书不可信：…": the failure in Chinese with libcurl's words behind; the caller frees. */
char *transport_cause(CURL *curl, CURLcode result, const char *words);
/* TRUE if the failure is one of reaching the server: nothing can have been sent. */
gboolean transport_never_began(CURLcode result);
/* TRUE for localhost and loopback addresses, with or without []. */
gboolean host_is_loopback(const char *host);

#endif
