/* Tables of a .docx, nested ones too: rows of cells as they stand now, and both texts. */
#include "documents/read/docx.h"

#include <string.h>

void table_begin(struct docx *docx)
{
    struct table *table = g_new0(struct table, 1);
    table->rows = json_array();
    for (int side = 0; side < SIDES; side++)
        table->text[side] = g_string_new(NULL);
    g_ptr_array_add(docx->tables, table);
    g_ptr_array_add(docx->paragraphs, NULL);
}

void row_begin(struct docx *docx)
{
    struct table *table = stack_last(docx->tables);
    if (table == NULL)
        return;
    json_decref(table->row);
    table->row = json_array();
    table->cells = 0;
    table->change = NULL;
    table->hidden[NOW] = table->hidden[WAS] = FALSE;
    table->revisions = json_array_size(docx->paper->revisions);
    for (int side = 0; side < SIDES; side++)
        g_string_truncate(table->text[side], 0);
}

void cell_begin(struct docx *docx)
{
    struct table *table = stack_last(docx->tables);
    if (table != NULL)
        table->span = 1;
    story_push(docx);
}

void cell_end(struct docx *docx)
{
    struct table *table = stack_last(docx->tables);
    struct story *story = story_pop(docx);
    for (int side = 0; side < SIDES && table != NULL && table->row != NULL; side++) {
        GString *text = story->out[side];
        if (text->len > 0 && text->str[text->len - 1] == '\n')
            g_string_truncate(text, text->len - 1);
        if (table->cells > 0)
            g_string_append_c(table->text[side], '\t');
        g_string_append_len(table->text[side], text->str, (gssize)text->len);
    }
    if (table != NULL && table->row != NULL) {
        json_array_append_new(table->row, clean_json(story->out[NOW]->str));
        /* The columns below a cell that spans several keep their places. */
        for (guint i = 1; i < MIN(table->span, 63); i++)
            json_array_append_new(table->row, json_string(""));
        table->cells++;
    }
    story_free(story);
}

/* A row that came or went as a whole, without its text being marked, is one change. */
static void tell_row(struct docx *docx, const struct table *table)
{
    json_t *list = docx->paper->revisions;
    if (table->change == NULL || json_array_size(list) > table->revisions)
        return;
    json_t *json = change_json(docx, table->change, table->author, table->date);
    const GString *text = table->text[table->hidden[NOW] ? WAS : NOW];
    json_object_set_new(json, "text", clean_json(text->str));
    json_array_append_new(list, json);
}

void row_end(struct docx *docx)
{
    struct table *table = stack_last(docx->tables);
    struct story *story = stack_last(docx->stories);
    if (table == NULL || table->row == NULL || story == NULL)
        return;
    for (int side = 0; side < SIDES; side++)
        if (!table->hidden[side]) {
            g_string_append_len(story->out[side], table->text[side]->str,
                                (gssize)table->text[side]->len);
            g_string_append_c(story->out[side], '\n');
        }
    if (!table->hidden[NOW])
        json_array_append(table->rows, table->row);
    tell_row(docx, table);
    json_decref(table->row);
    table->row = NULL;
}

void table_free(gpointer data)
{
    struct table *table = data;
    json_decref(table->rows);
    json_decref(table->row);
    for (int side = 0; side < SIDES; side++)
        g_string_free(table->text[side], TRUE);
    g_free(table->author);
    g_free(table->date);
    g_free(table);
}

void table_end(struct docx *docx)
{
    struct table *table = stack_pop(docx->tables);
    if (table == NULL)
        return;
    stack_pop(docx->paragraphs);
    json_array_append_new(docx->paper->tables, table->rows);
    table->rows = NULL;
    table_free(table);
}
