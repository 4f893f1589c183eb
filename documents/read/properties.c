/* The properties that an Office file was given beside its text (docProps/custom.xml). They outlive
 * a renamed file and a changed text. */
#include "documents/read/read.h"

#include <string.h>

enum { MOST = 100, LONGEST = 1000 /* bytes of a value */ };

struct properties {
    json_t *all;
    char *name;
    GString *value;
};

static void start(void *context, const struct xml *element)
{
    struct properties *p = context;
    if (!xml_is(element, "property"))
        return;
    g_free(p->name);
    p->name = xml_attribute(element, "name");
    g_string_truncate(p->value, 0);
}

static void hear(void *context, const char *text, gsize n)
{
    struct properties *p = context;
    if (p->name != NULL && p->value->len + n <= LONGEST)
        g_string_append_len(p->value, text, (gssize)n);
}

static void end(void *context, const struct xml *element)
{
    struct properties *p = context;
    if (!xml_is(element, "property") || p->name == NULL || json_object_size(p->all) >= MOST)
        return;
    g_autofree char *name = text_clean(p->name, -1), *value = text_clean(p->value->str, -1);
    json_object_set_new(p->all, name, json_string(g_strstrip(value)));
    g_clear_pointer(&p->name, g_free);
}

json_t *properties_of(GBytes *part)
{
    static const struct xml_events events = { start, end, hear };
    if (part == NULL)
        return NULL;
    struct properties p = { .all = json_object(), .value = g_string_new(NULL) };
    const char *unreadable = NULL; /* a file is not damaged for what nobody sees of it */
    xml_parse(part, &events, &p, &unreadable);
    g_free(p.name);
    g_string_free(p.value, TRUE);
    if (json_object_size(p.all) > 0)
        return p.all;
    json_decref(p.all);
    return NULL;
}
