/* The body text: all parts that a mail program would show, plain text before HTML where the two
 * say the same. */
#include "mail/private.h"
#include <string.h>

#define MAX_TEXT (4 * MAX_BODY) /* of all bodies; what comes after is not added any more */

static gboolean has_param(const struct leaf *leaf, const char *name, const char *wanted)
{
    const char *value =
        leaf->object != NULL ? g_mime_object_get_content_type_parameter(leaf->object, name) : NULL;
    return value != NULL && g_ascii_strcasecmp(value, wanted) == 0;
}

static char *leaf_text(const struct reading *reading, const struct leaf *leaf)
{
    g_autoptr(GByteArray) bytes = content_head(reading, leaf, MAX_BODY);
    const char *label = leaf->object != NULL
                            ? g_mime_object_get_content_type_parameter(leaf->object, "charset")
                            : NULL;
    g_autofree char *text = charset_text(label, (const char *)bytes->data, bytes->len);
    if (leaf->role != LEAF_PLAIN || !has_param(leaf, "format", "flowed"))
        return g_steal_pointer(&text);
    return flowed_text(text, has_param(leaf, "delsp", "yes"));
}

/* Returns where it begins. */
static gsize append(GString *text, const char *more)
{
    if (text->len > 0 && text->str[text->len - 1] != '\n')
        g_string_append_c(text, '\n');
    gsize from = text->len;
    g_string_append(text, more);
    return from;
}

static void move_spans(GArray *spans, guint first, gsize by)
{
    for (guint i = first; i < spans->len; i++) {
        struct html_span *span = &g_array_index(spans, struct html_span, i);
        span->from += by;
        span->to += by;
    }
}

/* The texts of one group from its first leaf on: the plain ones, or the HTML ones if those are
 * empty. The HTML source is kept either way, for links and pictures. */
static void append_group(struct reading *reading, guint first, GString *text)
{
    const struct leaf *leaf = reading->leaves->pdata[first];
    g_autoptr(GString) plain = g_string_new(NULL);
    g_autoptr(GString) html = g_string_new(NULL);
    guint had = reading->spans->len;
    guint group = leaf->group;
    for (guint i = first; i < reading->leaves->len && html->len + plain->len < MAX_TEXT; i++) {
        leaf = reading->leaves->pdata[i];
        if (leaf->role == LEAF_ATTACHED || (i > first && (group == 0 || leaf->group != group)))
            continue;
        g_autofree char *source = leaf_text(reading, leaf);
        if (leaf->role == LEAF_PLAIN) {
            append(plain, source);
        } else {
            append(reading->html, source);
            guint before = reading->spans->len;
            g_autofree char *shown = html_read(source, FALSE, reading->spans);
            move_spans(reading->spans, before, append(html, shown));
        }
    }
    if (!text_is_blank(plain->str) || html->len == 0) {
        g_array_set_size(reading->spans, had);
        append(text, plain->str);
    } else {
        move_spans(reading->spans, had, append(text, html->str));
    }
}

static gboolean is_first_of_group(const GPtrArray *leaves, guint i)
{
    const struct leaf *leaf = leaves->pdata[i];
    for (guint before = 0; leaf->group != 0 && before < i; before++) {
        const struct leaf *other = leaves->pdata[before];
        if (other->group == leaf->group && other->role != LEAF_ATTACHED)
            return FALSE;
    }
    return TRUE;
}

/* An invitation that comes without words is said in ours. */
static void append_calendar(const struct reading *reading, GString *text)
{
    for (guint i = 0; i < reading->leaves->len; i++) {
        const struct leaf *leaf = reading->leaves->pdata[i];
        if (strcmp(leaf->type, "text/calendar") != 0)
            continue;
        g_autofree char *source = leaf_text(reading, leaf);
        g_autofree char *words = calendar_text(source);
        append(text, words);
        return;
    }
}

void body_read(struct reading *reading)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < reading->leaves->len && text->len < MAX_TEXT; i++) {
        const struct leaf *leaf = reading->leaves->pdata[i];
        if (leaf->role != LEAF_ATTACHED && is_first_of_group(reading->leaves, i))
            append_group(reading, i, text);
    }
    if (text_is_blank(text->str))
        append_calendar(reading, text);
    g_free(reading->mail->text);
    reading->mail->text = g_string_free(text, FALSE);
}
