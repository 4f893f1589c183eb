/* null: the sender that takes everything and sends nothing. */
#include "channels/private.h"

static void null_send(struct sender *sender, const struct parcel *parcel, struct delivery *out)
{
    delivery_init(out);
    delivery_set(out, OUTCOME_SENT, 0, 0, g_strdup("空通道：未真正发出"));
}

static gboolean null_probe(struct sender *sender, GError **error)
{
    return TRUE;
}

static void null_close(struct sender *sender)
{
    g_free(sender);
}

struct sender *null_sender(void)
{
    struct sender *sender = g_new0(struct sender, 1);
    *sender = (struct sender){ "null", null_send, null_probe, null_close };
    return sender;
}
