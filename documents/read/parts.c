/* The parts of an OOXML package and what leads from one to another. A target outside is told, never
 * followed. */
#include "documents/read/read.h"

#include <string.h>

static void relation_free(gpointer data)
{
    struct relation *relation = data;
    g_free(relation->id);
    g_free(relation->type);
    g_free(relation->target);
    g_free(relation);
}

char *part_beside(const char *part, const char *target)
{
    if (*target == '/')
        return g_strdup(target + 1);
    g_autofree char *folder = g_path_get_dirname(part);
    g_autofree char *path = g_build_filename("/", folder, target, NULL);
    g_autofree char *plain = g_canonicalize_filename(path, "/");
    return g_strdup(plain + 1);
}

struct relations {
    const char *part;
    GPtrArray *found;
};

static void on_relation(void *context, const struct xml *element)
{
    struct relations *relations = context;
    if (!xml_is(element, "Relationship"))
        return;
    struct relation *relation = g_new0(struct relation, 1);
    g_autofree char *type = xml_attribute(element, "Type");
    g_autofree char *target = xml_attribute(element, "Target");
    g_autofree char *mode = xml_attribute(element, "TargetMode");
    const char *slash = type != NULL ? strrchr(type, '/') : NULL;
    relation->id = xml_attribute(element, "Id");
    relation->type = g_strdup(slash != NULL ? slash + 1 : "");
    relation->outside = g_strcmp0(mode, "External") == 0;
    relation->target = relation->outside ? g_strdup(target != NULL ? target : "")
                                         : part_beside(relations->part, target ? target : "");
    g_ptr_array_add(relations->found, relation);
}

static char *relations_part(const char *part)
{
    if (*part == '\0')
        return g_strdup("_rels/.rels");
    g_autofree char *folder = g_path_get_dirname(part);
    g_autofree char *name = g_path_get_basename(part);
    if (strcmp(folder, ".") == 0)
        return g_strdup_printf("_rels/%s.rels", name);
    return g_strdup_printf("%s/_rels/%s.rels", folder, name);
}

GPtrArray *relations_of(struct paper *paper, GHashTable *parts, const char *part)
{
    static const struct xml_events events = { .start = on_relation };
    struct relations relations = { part, g_ptr_array_new_with_free_func(relation_free) };
    g_autofree char *name = relations_part(part);
    GBytes *bytes = g_hash_table_lookup(parts, name);
    if (bytes != NULL)
        xml_parse(bytes, &events, &relations, &paper->unreadable);
    for (guint i = 0; i < relations.found->len; i++) {
        const struct relation *relation = relations.found->pdata[i];
        if (relation->outside && strcmp(relation->type, "hyperlink") != 0)
            paper_warn(paper, "external_reference", "文件引用了外部地址，没有打开：%s",
                       relation->target);
    }
    return relations.found;
}

const char *relation_typed(const GPtrArray *relations, const char *type)
{
    for (guint i = 0; i < relations->len; i++) {
        const struct relation *relation = relations->pdata[i];
        if (!relation->outside && strcmp(relation->type, type) == 0)
            return relation->target;
    }
    return NULL;
}

const char *relation_target(const GPtrArray *relations, const char *id)
{
    for (guint i = 0; i < relations->len; i++) {
        const struct relation *relation = relations->pdata[i];
        if (!relation->outside && g_strcmp0(relation->id, id) == 0)
            return relation->target;
    }
    return NULL;
}
