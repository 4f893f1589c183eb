/* Tracked changes of a .docx: who inserted, deleted or moved what, and in which reading it shows.
 */
#include "documents/read/docx.h"

#include <string.h>

json_t *change_json(const struct docx *docx, const char *kind, const char *author, const char *date)
{
    return json_pack("{ss so so so si}", "kind", kind, "author", clean_json(author), "date",
                     clean_json(date), "text", json_string(""), "paragraph", docx->number);
}

static const struct {
    const char *element, *kind, *direction;
    gboolean hides[SIDES];
} change_kinds[] = {
    { "ins", "insertion", NULL, { [WAS] = TRUE } },
    { "del", "deletion", NULL, { [NOW] = TRUE } },
    { "moveTo", "move", "to", { [WAS] = TRUE } },
    { "moveFrom", "move", "from", { [NOW] = TRUE } },
};

int change_kind(const struct xml *element)
{
    for (int i = 0; i < (int)G_N_ELEMENTS(change_kinds); i++)
        if (xml_is(element, change_kinds[i].element))
            return i;
    return -1;
}

void change_begin(struct docx *docx, const struct xml *element, int kind)
{
    struct change *change = g_new0(struct change, 1);
    g_autofree char *author = xml_attribute(element, "author");
    g_autofree char *date = xml_attribute(element, "date");
    change->kind = change_kinds[kind].kind;
    memcpy(change->hides, change_kinds[kind].hides, sizeof change->hides);
    change->text = g_string_new(NULL);
    change->depth = element->depth;
    change->json = change_json(docx, change->kind, author, date);
    if (change_kinds[kind].direction != NULL)
        json_object_set_new(change->json, "direction", json_string(change_kinds[kind].direction));
    json_array_append(docx->paper->revisions, change->json);
    g_ptr_array_add(docx->changes, change);
}

void change_free(gpointer data)
{
    struct change *change = data;
    g_string_free(change->text, TRUE);
    json_decref(change->json);
    g_free(change);
}

/* A change without any text (a mark, a picture) is none that a reader could quote. */
void change_end(struct docx *docx)
{
    struct change *change = stack_pop(docx->changes);
    json_t *list = docx->paper->revisions;
    if (change->text->len > 0)
        json_object_set_new(change->json, "text", clean_json(change->text->str));
    for (size_t i = json_array_size(list); change->text->len == 0 && i-- > 0;)
        if (json_array_get(list, i) == change->json) {
            json_array_remove(list, i);
            break;
        }
    change_free(change);
}

/* <w:ins/> among the properties of a paragraph mark or of a row. */
void change_mark(struct docx *docx, const struct xml *element, int kind)
{
    struct paragraph *p = stack_last(docx->paragraphs);
    struct table *table = stack_last(docx->tables);
    gboolean inserted = change_kinds[kind].hides[WAS];
    if (p != NULL && p->in_properties) {
        p->mark_inserted |= inserted;
        p->mark_deleted |= !inserted;
    } else if (table != NULL && table->in_properties) {
        table->change = change_kinds[kind].kind;
        table->hidden[WAS] |= inserted;
        table->hidden[NOW] |= !inserted;
        g_free(table->author);
        g_free(table->date);
        table->author = xml_attribute(element, "author");
        table->date = xml_attribute(element, "date");
    }
}
