/* Who wrote a mail, as far as others vouch for it. */
#ifndef MAIL_AUTH_H
#define MAIL_AUTH_H

#include <glib.h>

struct mail;

/* An Authentication-Results field as it came, and how many Received fields stand above it. */
struct authentication {
    char *value;
    guint hops;
};

/* TRUE if one of these servers (authserv-id, RFC 8601) says that DKIM or SPF passed for the one
 * From address or its domain, in a field above which at most hops Received fields stand: so many
 * the provider puts there. *why: static, for people, NULL if TRUE. */
gboolean mail_authentic(const struct mail *mail, const char *const *servers, guint hops,
                        const char **why);

/* TRUE if the subject says that the mail is passed on (转发：, Fwd:), however deep, or the original
 * stands below a mark of forwarding, or is attached. */
gboolean mail_is_forwarded(const struct mail *mail);

#endif
