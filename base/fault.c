/* Faults: the GError domain whose codes are exit codes. */
#include "base/base.h"

G_DEFINE_QUARK(lianluo_fault, fault)

gboolean fault_set(GError **error, enum fault code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    /* g_error_new_valist, not g_set_error: the message is built even where nobody wants it, so
     * that a wrong format shows in every test. */
    GError *fault = g_error_new_valist(FAULT, code, format, args);
    va_end(args);
    g_propagate_error(error, fault);
    return FALSE;
}

int fault_exit_code(const GError *error)
{
    return error->domain == FAULT ? error->code : FAULT_WORLD;
}
