/* channels: how bytes come and go. Knows no matter, no unit and no database. Each object belongs to
 * one thread. TLS always verifies chain and name; there is no switch for that. This is the header
 * for other rooms; what it includes is one concept each. */
#ifndef CHANNELS_H
#define CHANNELS_H

#include "channels/account.h"
#include "channels/imap.h"
#include "channels/senders.h"

/* Once per process, before any thread: initialises libcurl, ignores SIGPIPE. */
void channels_init(void);

#endif
