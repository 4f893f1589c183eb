/* Comments of a .docx: their text stands in one part, what they hang on in the document, and who
 * replied to whom in a third. */
#include "documents/read/docx.h"

#include <string.h>

enum { ANCHOR_MAX = 4096 };

struct comment {
    char *id, *author, *date;
    char *para;   /* the id of its last paragraph, by which replies name it */
    char *parent; /* the para of the one it replies to, or NULL */
    GString *text, *anchor[SIDES];
    gboolean open, referred;
    int paragraph;
};

struct comments {
    GPtrArray *all;   /* struct comment, as the part has them */
    GPtrArray *order; /* the same as the document refers to them */
    GHashTable *by_id;
    guint open;
    struct comment *current;
    gboolean in_text;
};

static void comment_free(gpointer data)
{
    struct comment *comment = data;
    g_free(comment->id);
    g_free(comment->author);
    g_free(comment->date);
    g_free(comment->para);
    g_free(comment->parent);
    g_string_free(comment->text, TRUE);
    for (int side = 0; side < SIDES; side++)
        g_string_free(comment->anchor[side], TRUE);
    g_free(comment);
}

static void begin_comment(struct comments *comments, const struct xml *element)
{
    struct comment *comment = g_new0(struct comment, 1);
    comment->id = xml_attribute(element, "id");
    comment->author = xml_attribute(element, "author");
    comment->date = xml_attribute(element, "date");
    comment->text = g_string_new(NULL);
    for (int side = 0; side < SIDES; side++)
        comment->anchor[side] = g_string_new(NULL);
    g_ptr_array_add(comments->all, comment);
    if (comment->id != NULL)
        g_hash_table_replace(comments->by_id, comment->id, comment);
    comments->current = comment;
}

static void on_start(void *context, const struct xml *element)
{
    struct comments *comments = context;
    struct comment *comment = comments->current;
    if (xml_is(element, "comment")) {
        begin_comment(comments, element);
    } else if (comment == NULL) {
        return;
    } else if (xml_is(element, "p")) {
        g_free(comment->para);
        comment->para = xml_attribute(element, "paraId");
        if (comment->text->len > 0)
            g_string_append_c(comment->text, '\n');
    } else if (xml_is(element, "t")) {
        comments->in_text = TRUE;
    } else if (xml_is(element, "br") || xml_is(element, "cr")) {
        g_string_append_c(comment->text, '\n');
    }
}

static void on_end(void *context, const struct xml *element)
{
    struct comments *comments = context;
    comments->in_text = FALSE;
    if (xml_is(element, "comment"))
        comments->current = NULL;
}

static void on_text(void *context, const char *text, gsize n)
{
    struct comments *comments = context;
    if (comments->in_text && comments->current != NULL)
        g_string_append_len(comments->current->text, text, (gssize)n);
}

static void on_extended(void *context, const struct xml *element)
{
    struct comments *comments = context;
    if (!xml_is(element, "commentEx"))
        return;
    g_autofree char *para = xml_attribute(element, "paraId");
    g_autofree char *parent = xml_attribute(element, "paraIdParent");
    for (guint i = 0; i < comments->all->len && para != NULL; i++) {
        struct comment *comment = comments->all->pdata[i];
        if (g_strcmp0(comment->para, para) == 0) {
            g_free(comment->parent);
            comment->parent = g_steal_pointer(&parent);
            return;
        }
    }
}

struct comments *comments_read(struct paper *paper, GBytes *bytes, GBytes *extended)
{
    static const struct xml_events plain = { on_start, on_end, on_text };
    static const struct xml_events more = { .start = on_extended };
    struct comments *comments = g_new0(struct comments, 1);
    comments->all = g_ptr_array_new_with_free_func(comment_free);
    comments->order = g_ptr_array_new();
    comments->by_id = g_hash_table_new(g_str_hash, g_str_equal);
    if (bytes != NULL)
        xml_parse(bytes, &plain, comments, &paper->unreadable);
    if (extended != NULL)
        xml_parse(extended, &more, comments, &paper->unreadable);
    return comments;
}

void comments_free(struct comments *comments)
{
    g_hash_table_unref(comments->by_id);
    g_ptr_array_unref(comments->order);
    g_ptr_array_unref(comments->all);
    g_free(comments);
}

static struct comment *find(struct comments *comments, const char *id)
{
    return id != NULL ? g_hash_table_lookup(comments->by_id, id) : NULL;
}

void comment_begin(struct comments *comments, const char *id)
{
    struct comment *comment = find(comments, id);
    if (comment == NULL || comment->open)
        return;
    comment->open = TRUE;
    comments->open++;
}

void comment_end(struct comments *comments, const char *id)
{
    struct comment *comment = find(comments, id);
    if (comment == NULL || !comment->open)
        return;
    comment->open = FALSE;
    comments->open--;
}

void comment_refer(struct comments *comments, const char *id, int paragraph)
{
    struct comment *comment = find(comments, id);
    if (comment == NULL || comment->referred)
        return;
    comment->referred = TRUE;
    comment->paragraph = paragraph;
    g_ptr_array_add(comments->order, comment);
}

void comments_hear(struct comments *comments, enum side side, const char *text, gsize n)
{
    guint left = comments->open;
    for (guint i = 0; i < comments->all->len && left > 0; i++) {
        struct comment *comment = comments->all->pdata[i];
        if (!comment->open)
            continue;
        left--;
        if (comment->anchor[side]->len + n <= ANCHOR_MAX)
            g_string_append_len(comment->anchor[side], text, (gssize)n);
    }
}

/* The place in the list of the one it replies to; null if it replies to none. */
static json_t *reply_json(const struct comments *comments, const struct comment *reply)
{
    for (guint i = 0; i < comments->order->len && reply->parent != NULL; i++) {
        const struct comment *comment = comments->order->pdata[i];
        if (comment != reply && g_strcmp0(comment->para, reply->parent) == 0)
            return json_integer(i);
    }
    return json_null();
}

void comments_tell(struct comments *comments, struct paper *paper)
{
    for (guint i = 0; i < comments->all->len; i++) {
        struct comment *comment = comments->all->pdata[i];
        if (!comment->referred)
            g_ptr_array_add(comments->order, comment);
    }
    for (guint i = 0; i < comments->order->len; i++) {
        const struct comment *c = comments->order->pdata[i];
        const GString *anchor = c->anchor[NOW]->len > 0 ? c->anchor[NOW] : c->anchor[WAS];
        json_array_append_new(paper->comments,
                              json_pack("{so so so so so so}", "author", clean_json(c->author),
                                        "date", clean_json(c->date), "text",
                                        clean_json(c->text->str), "anchor", clean_json(anchor->str),
                                        "paragraph",
                                        c->paragraph > 0 ? json_integer(c->paragraph) : json_null(),
                                        "reply_to", reply_json(comments, c)));
    }
}
