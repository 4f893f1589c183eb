/* The body of a .docx, read once from end to end for both readings: NOW, as if every tracked change
 * were accepted, and WAS, as if every one were rejected. A paragraph whose mark was inserted or
 * deleted runs on into the next one in one of them. */
#include "documents/read/docx.h"

#include <string.h>

gpointer stack_last(const GPtrArray *stack)
{
    return stack->len > 0 ? stack->pdata[stack->len - 1] : NULL;
}

gpointer stack_pop(GPtrArray *stack)
{
    return stack->len > 0 ? g_ptr_array_steal_index(stack, stack->len - 1) : NULL;
}

void story_push(struct docx *docx)
{
    struct story *story = g_new0(struct story, 1);
    for (int side = 0; side < SIDES; side++) {
        story->out[side] = g_string_new(NULL);
        story->line[side] = g_string_new(NULL);
    }
    g_ptr_array_add(docx->stories, story);
}

void story_free(gpointer data)
{
    struct story *story = data;
    for (int side = 0; side < SIDES && story != NULL; side++) {
        g_string_free(story->out[side], TRUE);
        g_string_free(story->line[side], TRUE);
    }
    g_free(story);
}

/* What a deleted last mark left hanging ends here. */
struct story *story_pop(struct docx *docx)
{
    struct story *story = stack_pop(docx->stories);
    for (int side = 0; side < SIDES; side++)
        if (story->line[side]->len > 0) {
            g_string_append_len(story->out[side], story->line[side]->str,
                                (gssize)story->line[side]->len);
            g_string_append_c(story->out[side], '\n');
        }
    return story;
}

json_t *clean_json(const char *text)
{
    g_autofree char *clean = text != NULL ? text_clean(text, -1) : NULL;
    return clean != NULL ? json_string_nocheck(clean) : json_null();
}

/* ---- text */

static gboolean is_hidden(const struct docx *docx, enum side side)
{
    for (guint i = 0; i < docx->changes->len; i++)
        if (((struct change *)docx->changes->pdata[i])->hides[side])
            return TRUE;
    return FALSE;
}

void docx_hear(struct docx *docx, const char *text, gsize n)
{
    struct paragraph *paragraph = stack_last(docx->paragraphs);
    if (paragraph == NULL)
        return;
    for (guint i = 0; i < docx->changes->len; i++) {
        struct change *change = docx->changes->pdata[i];
        /* What was deleted again inside an insertion is still what was inserted. */
        g_string_append_len(change->text, text, (gssize)n);
    }
    for (int side = 0; side < SIDES; side++)
        if (!is_hidden(docx, side)) {
            g_string_append_len(paragraph->line[side], text, (gssize)n);
            comments_hear(docx->comments, side, text, n);
        }
}

/* ---- paragraphs */

void paragraph_begin(struct docx *docx)
{
    struct paragraph *p = g_new0(struct paragraph, 1);
    for (int side = 0; side < SIDES; side++) {
        p->line[side] = g_string_new(NULL);
        p->boxes[side] = g_string_new(NULL);
    }
    p->num = p->level = -1;
    p->number = ++docx->number;
    g_ptr_array_add(docx->paragraphs, p);
}

static void finish_line(struct docx *docx, struct paragraph *p, enum side side)
{
    struct story *story = stack_last(docx->stories);
    GString *line = story->line[side], *out = story->out[side];
    gboolean joins = side == NOW ? p->mark_deleted : p->mark_inserted;
    if (joins) {
        g_string_append_len(line, p->line[side]->str, (gssize)p->line[side]->len);
    } else {
        /* An empty paragraph is not seen to have a number, but Word counts it. */
        g_autofree char *label = numbering_next(docx->numbering, side, p->style, p->num, p->level);
        g_string_append(out, label);
        g_string_append_len(out, line->str, (gssize)line->len);
        g_string_append_len(out, p->line[side]->str, (gssize)p->line[side]->len);
        g_string_append_c(out, '\n');
        g_string_truncate(line, 0);
    }
    g_string_append_len(out, p->boxes[side]->str, (gssize)p->boxes[side]->len);
}

void paragraph_free(gpointer data)
{
    struct paragraph *p = data;
    for (int side = 0; side < SIDES && p != NULL; side++) {
        g_string_free(p->line[side], TRUE);
        g_string_free(p->boxes[side], TRUE);
    }
    if (p != NULL)
        g_free(p->style);
    g_free(p);
}

void paragraph_end(struct docx *docx)
{
    struct paragraph *p = stack_pop(docx->paragraphs);
    for (int side = 0; side < SIDES && p != NULL && docx->stories->len > 0; side++)
        finish_line(docx, p, side);
    paragraph_free(p);
    const struct story *story = stack_last(docx->stories);
    if (story != NULL && story->out[NOW]->len + story->out[WAS]->len > MAX_OUTPUT)
        paper_refuse(docx->paper, "too_big");
}

/* ---- files within: Word shows them as part of the text when it opens the document */

static void include_text(struct story *story, json_t *chunk)
{
    static const char *const keys[SIDES] = { [NOW] = "text", [WAS] = "original_text" };
    for (int side = 0; side < SIDES; side++) {
        const char *text = json_string_value(json_object_get(chunk, keys[side]));
        g_string_append(story->out[side], text);
        if (*text != '\0' && !g_str_has_suffix(text, "\n"))
            g_string_append_c(story->out[side], '\n');
    }
}

void docx_include(struct docx *docx, const char *id)
{
    struct paper *paper = docx->paper;
    struct story *story = stack_last(docx->stories);
    const char *target = relation_target(docx->relations, id);
    GBytes *bytes = target != NULL ? g_hash_table_lookup(docx->parts, target) : NULL;
    if (story == NULL || bytes == NULL)
        return;
    json_t *chunk = paper->depth > MAX_NESTING
                        ? paper_unread("unsupported")
                        : paper_read_inside(paper, target, g_bytes_get_data(bytes, NULL),
                                            g_bytes_get_size(bytes));
    if (json_is_string(json_object_get(chunk, "text")) &&
        json_object_get(chunk, "converter") == NULL) {
        include_text(story, chunk);
        json_array_extend(paper->revisions, json_object_get(chunk, "revisions"));
        json_array_extend(paper->comments, json_object_get(chunk, "comments"));
        json_array_extend(paper->tables, json_object_get(chunk, "tables"));
        json_decref(chunk);
        return;
    }
    json_object_set_new(chunk, "name", clean_json(target));
    json_array_append_new(paper->members, chunk);
}

/* ---- the document */

static struct docx docx_new(struct paper *paper)
{
    return (struct docx){
        .paper = paper,
        .stories = g_ptr_array_new_with_free_func(story_free),
        .paragraphs = g_ptr_array_new_with_free_func(paragraph_free),
        .tables = g_ptr_array_new_with_free_func(table_free),
        .changes = g_ptr_array_new_with_free_func(change_free),
        .known = g_hash_table_new_full(NULL, NULL, NULL, g_free),
    };
}

static void docx_clear(struct docx *docx)
{
    g_ptr_array_unref(docx->stories);
    g_ptr_array_unref(docx->paragraphs);
    g_ptr_array_unref(docx->tables);
    g_ptr_array_unref(docx->changes);
    g_hash_table_unref(docx->known);
    numbering_free(docx->numbering);
    comments_free(docx->comments);
}

/* Pages and sections repeat the same header. */
static gboolean is_news(GHashTable *heard, const GString *text)
{
    g_autofree char *compact = text_compact(text->str);
    return *compact != '\0' && g_hash_table_add(heard, g_steal_pointer(&compact));
}

/* heard: what is not to be heard twice; or NULL. */
static void read_part(struct docx *docx, GBytes *part, GHashTable *heard)
{
    if (part == NULL)
        return;
    story_push(docx);
    docx->uri = NULL;
    g_hash_table_remove_all(docx->known);
    if (!xml_parse(part, &docx_events, docx, &docx->paper->unreadable))
        return;
    struct story *story = story_pop(docx);
    gboolean news =
        heard == NULL || is_news(heard, story->out[NOW]) || is_news(heard, story->out[WAS]);
    for (int side = 0; side < SIDES && news; side++)
        g_string_append_len(docx->paper->text[side], story->out[side]->str,
                            (gssize)story->out[side]->len);
    story_free(story);
}

static GBytes *part_typed(GHashTable *parts, const GPtrArray *relations, const char *type)
{
    const char *target = relation_typed(relations, type);
    return target != NULL ? g_hash_table_lookup(parts, target) : NULL;
}

static void read_stories(struct docx *docx, GHashTable *parts, const GPtrArray *relations)
{
    static const char *const types[] = { "header", "footer", "footnotes", "endnotes" };
    g_autoptr(GHashTable) heard = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(types); i++)
        for (guint j = 0; j < relations->len && docx->paper->unreadable == NULL; j++) {
            const struct relation *relation = relations->pdata[j];
            if (!relation->outside && strcmp(relation->type, types[i]) == 0)
                read_part(docx, g_hash_table_lookup(parts, relation->target), heard);
        }
}

/* The body first, then what stands around it: headers, footers, notes. */
void read_docx(struct paper *paper, GHashTable *parts, const char *main)
{
    g_autoptr(GPtrArray) relations = relations_of(paper, parts, main);
    struct docx docx = docx_new(paper);
    docx.parts = parts;
    docx.relations = relations;
    docx.numbering = numbering_read(paper, part_typed(parts, relations, "numbering"),
                                    part_typed(parts, relations, "styles"));
    docx.comments = comments_read(paper, part_typed(parts, relations, "comments"),
                                  part_typed(parts, relations, "commentsExtended"));
    if (paper->unreadable == NULL)
        read_part(&docx, g_hash_table_lookup(parts, main), NULL);
    read_stories(&docx, parts, relations);
    comments_tell(docx.comments, paper);
    if (paper->text[NOW]->len == 0 && paper->text[WAS]->len == 0 &&
        relation_typed(relations, "image") != NULL)
        paper_refuse(paper, "scanned");
    docx_clear(&docx);
}
