/* The leaves of a message: which are its body text, which are attachments. Bodies that say the same
 * in two forms (multipart/alternative) share a group. What GMime did not take apart, or what must
 * stay whole (an attached message, nesting that is too deep), is a range of raw bytes. */
#include "mail/private.h"
#include <string.h>

#define MAX_TNEF (8 * 1024 * 1024) /* a larger winmail.dat is not unpacked */

struct walk {
    struct reading *reading;
    GPtrArray *boundaries; /* char*, of the multiparts around */
    guint groups;
};

static void leaf_free(struct leaf *leaf)
{
    g_free(leaf->type);
    g_free(leaf->name);
    g_clear_pointer(&leaf->bytes, g_bytes_unref);
    g_free(leaf);
}

static GMimeHeader *find_header(GMimeObject *object, const char *name)
{
    return g_mime_header_list_get_header(g_mime_object_get_header_list(object), name);
}

const char *leaf_header(const struct leaf *leaf, const char *name)
{
    GMimeHeader *header = leaf->object != NULL ? find_header(leaf->object, name) : NULL;
    return header != NULL ? g_mime_header_get_raw_value(header) : NULL;
}

char *leaf_filename(const struct leaf *leaf)
{
    static const struct {
        const char *header, *param;
    } places[] = { { "Content-Disposition", "filename" }, { "Content-Type", "name" } };
    if (leaf->name != NULL)
        return g_strdup(leaf->name);
    for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
        const char *raw = leaf_header(leaf, places[i].header);
        g_autofree char *unfolded = raw != NULL ? g_strdelimit(g_strdup(raw), "\r\n", ' ') : NULL;
        char *name = raw != NULL ? param_get(unfolded, places[i].param) : NULL;
        if (name != NULL && *g_strstrip(name) != '\0')
            return name;
        g_free(name);
    }
    return NULL;
}

/* GMime takes a broken Content-Type ("", "text") for application/octet-stream; it is text. */
static char *type_of(GMimeObject *object)
{
    GMimeHeader *header = find_header(object, "Content-Type");
    const char *raw = header != NULL ? g_mime_header_get_raw_value(header) : NULL;
    g_autofree char *value = raw != NULL ? g_strndup(raw, strcspn(raw, ";")) : NULL;
    if (value != NULL && strchr(value, '/') == NULL) {
        g_autofree char *word = g_ascii_strdown(g_strstrip(value), -1);
        if (*word == '\0' || g_str_has_prefix(word, "text") || strcmp(word, "plain") == 0)
            return g_strdup("text/plain");
        if (strcmp(word, "html") == 0)
            return g_strdup("text/html");
    }
    GMimeContentType *type = g_mime_object_get_content_type(object);
    g_autofree char *name = g_mime_content_type_get_mime_type(type);
    g_autofree char *clean = text_clean(name, -1);
    return g_ascii_strdown(clean, -1);
}

/* Where the bytes after the object's own header begin; the message's end if it has no header. */
static gsize content_start(const struct reading *reading, GMimeObject *object)
{
    GMimeHeaderList *headers = g_mime_object_get_header_list(object);
    if (g_mime_header_list_get_count(headers) == 0)
        return reading->n;
    gint64 offset = g_mime_header_get_offset(g_mime_header_list_get_header_at(headers, 0));
    if (offset < 0 || (gsize)offset >= reading->n)
        return reading->n;
    const char *end = reading->bytes + reading->n;
    const char *p = reading->bytes + offset;
    while (p < end && *p != '\n' && !(*p == '\r' && p + 1 < end && p[1] == '\n')) {
        p = memchr(p, '\n', (gsize)(end - p));
        p = p != NULL ? p + 1 : end;
    }
    if (p < end)
        p += *p == '\r' ? 2 : 1;
    return (gsize)(p - reading->bytes);
}

static gboolean is_boundary(const struct walk *walk, const char *line, const char *end)
{
    for (guint i = 0; i < walk->boundaries->len; i++) {
        const char *boundary = walk->boundaries->pdata[i];
        gsize n = strlen(boundary);
        if ((gsize)(end - line) < n + 2 || memcmp(line + 2, boundary, n) != 0)
            continue;
        const char *after = line + 2 + n;
        if (after == end || *after == '\r' || *after == '\n' || *after == ' ' || *after == '\t' ||
            *after == '-')
            return TRUE;
    }
    return FALSE;
}

/* The end of raw bytes that begin at from: before the next boundary of a multipart around. */
static gsize content_end(const struct walk *walk, gsize from)
{
    const char *bytes = walk->reading->bytes;
    const char *end = bytes + walk->reading->n;
    for (const char *p = bytes + from; p != NULL && p < end;) {
        if (end - p > 2 && p[0] == '-' && p[1] == '-' && is_boundary(walk, p, end)) {
            gsize at = (gsize)(p - bytes);
            if (at > from && bytes[at - 1] == '\n')
                at--;
            if (at > from && bytes[at - 1] == '\r')
                at--;
            return at;
        }
        p = memchr(p, '\n', (gsize)(end - p));
        p = p != NULL ? p + 1 : NULL;
    }
    return walk->reading->n;
}

static struct leaf *add_leaf(struct walk *walk, GMimeObject *object, enum leaf_role role)
{
    struct leaf *leaf = g_new0(struct leaf, 1);
    leaf->object = object;
    leaf->role = role;
    leaf->type = object != NULL ? type_of(object) : g_strdup("text/plain");
    g_ptr_array_add(walk->reading->leaves, leaf);
    return leaf;
}

static void add_raw(struct walk *walk, GMimeObject *object, enum leaf_role role)
{
    struct leaf *leaf = add_leaf(walk, object, role);
    leaf->is_raw = TRUE;
    leaf->from = content_start(walk->reading, object);
    leaf->to = content_end(walk, leaf->from);
}

static gboolean is_disposed_as(GMimeObject *object, const char *how)
{
    const char *disposition = g_mime_object_get_disposition(object);
    return disposition != NULL && g_ascii_strcasecmp(disposition, how) == 0;
}

/* The only part of a message may carry a name and still be its body. */
static void decide_role(struct leaf *leaf, gboolean is_only)
{
    gboolean is_html = strcmp(leaf->type, "text/html") == 0;
    if ((!is_html && strcmp(leaf->type, "text/plain") != 0) ||
        is_disposed_as(leaf->object, "attachment"))
        return;
    g_autofree char *name = is_only ? NULL : leaf_filename(leaf);
    if (name == NULL)
        leaf->role = is_html ? LEAF_HTML : LEAF_PLAIN;
}

static void walk_part(struct walk *walk, GMimeObject *object, guint depth, guint group);

static void walk_multipart(struct walk *walk, GMimeMultipart *multipart, guint depth, guint group)
{
    GMimeObject *object = GMIME_OBJECT(multipart);
    int count = g_mime_multipart_get_count(multipart);
    if (count == 0 || depth >= MAX_DEPTH) {
        add_raw(walk, object, count == 0 ? LEAF_PLAIN : LEAF_ATTACHED);
        return;
    }
    GMimeContentType *type = g_mime_object_get_content_type(object);
    if (group == 0 && g_mime_content_type_is_type(type, "multipart", "alternative"))
        group = ++walk->groups;
    const char *boundary = g_mime_multipart_get_boundary(multipart);
    g_ptr_array_add(walk->boundaries, g_strdup(boundary != NULL ? boundary : ""));
    for (int i = 0; i < count && walk->reading->leaves->len <= MAX_PARTS; i++)
        walk_part(walk, g_mime_multipart_get_part(multipart, i), depth + 1, group);
    g_ptr_array_set_size(walk->boundaries, (int)walk->boundaries->len - 1);
}

static void walk_part(struct walk *walk, GMimeObject *object, guint depth, guint group)
{
    if (GMIME_IS_MULTIPART(object)) {
        walk_multipart(walk, GMIME_MULTIPART(object), depth, group);
    } else if (GMIME_IS_MESSAGE_PART(object)) {
        add_raw(walk, object, LEAF_ATTACHED);
    } else {
        struct leaf *leaf = add_leaf(walk, object, LEAF_ATTACHED);
        leaf->group = group;
        decide_role(leaf, depth == 0);
    }
}

static gboolean is_rtf(const struct inside *inside)
{
    return inside->is_body && strcmp(inside->type, "application/rtf") == 0;
}

/* RTF says the same as the text or HTML beside it; alone, it is a file that says all. */
static gboolean has_words(const GPtrArray *found)
{
    for (guint i = 0; i < found->len; i++) {
        const struct inside *inside = found->pdata[i];
        if (inside->is_body && !is_rtf(inside))
            return TRUE;
    }
    return FALSE;
}

/* A leaf for what was taken out of a winmail.dat, which takes over what it needs. */
static struct leaf *leaf_inside(struct inside *inside)
{
    struct leaf *leaf = g_new0(struct leaf, 1);
    leaf->name = g_steal_pointer(&inside->name);
    leaf->bytes = g_steal_pointer(&inside->bytes);
    gboolean typed = inside->type != NULL && strchr(inside->type, '/') != NULL;
    leaf->type = g_ascii_strdown(typed ? inside->type : type_by_name(leaf->name), -1);
    leaf->role = LEAF_ATTACHED;
    if (inside->is_body && !is_rtf(inside))
        leaf->role = strcmp(leaf->type, "text/html") == 0 ? LEAF_HTML : LEAF_PLAIN;
    return leaf;
}

static gboolean is_tnef(const struct leaf *leaf)
{
    if (leaf->role != LEAF_ATTACHED || leaf->is_raw)
        return FALSE;
    if (strcmp(leaf->type, "application/ms-tnef") == 0 ||
        strcmp(leaf->type, "application/vnd.ms-tnef") == 0)
        return TRUE;
    g_autofree char *name = leaf_filename(leaf);
    return name != NULL && g_ascii_strcasecmp(name, "winmail.dat") == 0;
}

static gboolean has_body(const GPtrArray *leaves)
{
    for (guint i = 0; i < leaves->len; i++) {
        if (((const struct leaf *)leaves->pdata[i])->role != LEAF_ATTACHED)
            return TRUE;
    }
    return FALSE;
}

/* Puts what a winmail.dat holds in its place; its body only if the mail has none. One that holds
 * nothing that we can read stays as it came. */
static void unpack_tnef(struct reading *reading, guint at)
{
    const struct leaf *leaf = reading->leaves->pdata[at];
    g_autoptr(GBytes) whole = g_byte_array_free_to_bytes(content_head(reading, leaf, MAX_TNEF + 1));
    if (g_bytes_get_size(whole) > MAX_TNEF)
        return;
    g_autoptr(GPtrArray) found = tnef_read(whole);
    gboolean with_body = !has_body(reading->leaves), with_rtf = !has_words(found);
    guint to = at, group = G_MAXUINT - at;
    for (guint i = 0; i < found->len; i++) {
        struct inside *inside = found->pdata[i];
        if (inside->bytes == NULL || (inside->is_body && !with_body) ||
            (is_rtf(inside) && !with_rtf))
            continue;
        struct leaf *unpacked = leaf_inside(inside);
        unpacked->group = group;
        g_ptr_array_insert(reading->leaves, (gint)++to, unpacked);
    }
    if (to > at)
        g_ptr_array_remove_index(reading->leaves, at);
}

/* A "text" of zeros and control characters is a file whose type is wrong. */
static gboolean is_no_text(const struct reading *reading, const struct leaf *leaf)
{
    g_autoptr(GByteArray) head = content_head(reading, leaf, 512);
    if (head->len > 3 &&
        (memcmp(head->data, "%PDF", 4) == 0 || memcmp(head->data, "PK\3\4", 4) == 0 ||
         memcmp(head->data, "\xD0\xCF\x11\xE0", 4) == 0))
        return TRUE;
    guint controls = 0;
    for (guint i = 0; i < head->len; i++) {
        guint8 c = head->data[i];
        controls += c < 0x20 && c != 0 && !strchr("\t\n\r\f\v\b\x1A\x1B", c);
    }
    return controls * 8 > head->len;
}

/* Second thoughts about leaves, which need their content. */
static void look_inside(struct reading *reading)
{
    for (guint i = 0; i < reading->leaves->len && i <= MAX_PARTS; i++) {
        struct leaf *leaf = reading->leaves->pdata[i];
        if (leaf->role == LEAF_PLAIN && !leaf->is_raw && is_no_text(reading, leaf))
            leaf->role = LEAF_ATTACHED;
        else if (is_tnef(leaf))
            unpack_tnef(reading, i);
    }
}

gboolean leaves_find(struct reading *reading)
{
    reading->leaves = g_ptr_array_new_with_free_func((GDestroyNotify)leaf_free);
    struct walk walk = { .reading = reading };
    walk.boundaries = g_ptr_array_new_with_free_func(g_free);
    GMimeObject *root =
        reading->message != NULL ? g_mime_message_get_mime_part(reading->message) : NULL;
    if (root != NULL) {
        walk_part(&walk, root, 0, 0);
    } else {
        struct leaf *leaf = add_leaf(&walk, NULL, LEAF_PLAIN);
        leaf->is_raw = TRUE;
        leaf->from = reading->body;
        leaf->to = reading->n;
    }
    g_ptr_array_unref(walk.boundaries);
    look_inside(reading);
    return reading->leaves->len <= MAX_PARTS;
}
