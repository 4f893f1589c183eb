/* delivery: what came of one parcel. */
#include "channels/private.h"

const char *outcome_text(enum outcome outcome)
{
    static const char *const texts[] = {
        [OUTCOME_SENT] = "sent",       [OUTCOME_DEFERRED] = "deferred",
        [OUTCOME_FAILED] = "failed",   [OUTCOME_UNCERTAIN] = "uncertain",
        [OUTCOME_STOPPED] = "stopped",
    };
    g_assert((guint)outcome < G_N_ELEMENTS(texts));
    return texts[outcome];
}

static void recipient_result_free(gpointer data)
{
    struct recipient_result *result = data;
    g_free(result->address);
    g_free(result->reply);
    g_free(result);
}

void delivery_init(struct delivery *delivery)
{
    *delivery = (struct delivery){ .outcome = OUTCOME_STOPPED, .reply = g_strdup("") };
    delivery->refused = g_ptr_array_new_with_free_func(recipient_result_free);
}

void delivery_set(struct delivery *delivery, enum outcome outcome, int code, int retry_after,
                  char *reply)
{
    g_free(delivery->reply);
    delivery->outcome = outcome;
    delivery->code = code;
    delivery->retry_after = retry_after;
    delivery->reply = reply;
}

void delivery_refuse(struct delivery *delivery, const char *address, int code, const char *reply)
{
    struct recipient_result *result = g_new0(struct recipient_result, 1);
    result->address = g_strdup(address);
    result->code = code;
    result->reply = g_strdup(reply);
    g_ptr_array_add(delivery->refused, result);
}

void delivery_clear(struct delivery *delivery)
{
    g_clear_pointer(&delivery->reply, g_free);
    g_clear_pointer(&delivery->refused, g_ptr_array_unref);
}
