/* account: what every channel needs to log in. */
#ifndef CHANNELS_ACCOUNT_H
#define CHANNELS_ACCOUNT_H

#include <glib.h>

enum security { SECURITY_TLS, SECURITY_STARTTLS, SECURITY_NONE };

/* Strings are borrowed and must outlive the channel. */
struct account {
    const char *host; /* a name or an IP address */
    int port;
    enum security security;
    const char *user, *password;
    const char *ca_file; /* PEM; NULL or "": the system's trust store */
    int timeout;         /* seconds: connect, and any silence of the server */
};

#endif
