/* winmail.dat (TNEF): the attachments that Outlook put into one. Every read is bounded by what is
 * left, so a wrong length ends the reading and takes nothing else with it; what was found before
 * counts. (libytnef trusts the lengths inside and keeps everything twice.) */
#include "mail/private.h"
#include <string.h>

#define SIGNATURE 0x223E9F78
#define MAX_INSIDE 1000
#define MAX_PROPERTIES 10000

enum attribute {
    BODY = 0x800C,
    ATTACH_DATA = 0x800F,
    ATTACH_TITLE = 0x8010,
    ATTACH_BEGINS = 0x9002,
    MESSAGE_PROPERTIES = 0x9003,
    ATTACH_PROPERTIES = 0x9005,
    CODE_PAGE = 0x9007,
};

enum property {
    PR_BODY = 0x1000,
    PR_RTF_COMPRESSED = 0x1009,
    PR_BODY_HTML = 0x1013,
    PR_ATTACH_DATA = 0x3701,
    PR_ATTACH_FILENAME = 0x3704,
    PR_ATTACH_LONG_FILENAME = 0x3707,
    PR_ATTACH_MIME = 0x370E,
};

struct cursor {
    const guint8 *p;
    gsize left;
    gboolean bad;
};

static const guint8 *take(struct cursor *c, gsize n)
{
    const guint8 *p = c->p;
    if (n > c->left) {
        c->bad = TRUE;
        c->left = 0;
        return NULL;
    }
    c->p += n;
    c->left -= n;
    return p;
}

static guint32 take_number(struct cursor *c, gsize n)
{
    const guint8 *p = take(c, n);
    guint32 value = 0;
    for (gsize i = 0; p != NULL && i < n; i++)
        value |= (guint32)p[i] << (8 * i);
    return value;
}

struct tnef {
    GBytes *whole;
    GPtrArray *found; /* struct inside */
    char label[16];   /* charset of its 8-bit strings */
};

void inside_free(struct inside *inside)
{
    g_free(inside->name);
    g_free(inside->type);
    g_clear_pointer(&inside->bytes, g_bytes_unref);
    g_free(inside);
}

static GBytes *slice(const struct tnef *tnef, const guint8 *p, gsize n)
{
    gsize size;
    const guint8 *start = g_bytes_get_data(tnef->whole, &size);
    return g_bytes_new_from_bytes(tnef->whole, (gsize)(p - start), n);
}

static struct inside *current(struct tnef *tnef)
{
    return tnef->found->len > 0 ? tnef->found->pdata[tnef->found->len - 1] : NULL;
}

static void set_text(char **field, const char *label, const guint8 *p, gsize n)
{
    g_free(*field);
    *field = charset_text(label, (const char *)p, n);
}

/* The attachment that a body is: named and typed so that body.c can show it. */
static void add_body(struct tnef *tnef, const char *type, const char *label, const guint8 *p,
                     gsize n)
{
    struct inside *inside = g_new0(struct inside, 1);
    g_autofree char *text = charset_text(label, (const char *)p, n);
    inside->type = g_strdup(type);
    inside->is_body = TRUE;
    inside->bytes = g_bytes_new(text, strlen(text));
    g_ptr_array_insert(tnef->found, 0, inside);
}

static void add_rtf(struct tnef *tnef, const guint8 *p, gsize n)
{
    GBytes *bytes = rtf_expand(p, n);
    if (bytes == NULL)
        return;
    struct inside *inside = g_new0(struct inside, 1);
    inside->name = g_strdup("正文.rtf");
    inside->type = g_strdup("application/rtf");
    inside->is_body = TRUE;
    inside->bytes = bytes;
    g_ptr_array_insert(tnef->found, 0, inside);
}

static void take_property(struct tnef *tnef, gboolean of_message, guint32 tag, const guint8 *p,
                          gsize n)
{
    gboolean wide = (tag & 0xFFFF) == 0x001F;
    const char *label = wide ? "UTF-16LE" : tnef->label;
    struct inside *inside = current(tnef);
    guint32 id = tag >> 16;
    if (of_message) {
        if (id == PR_BODY || id == PR_BODY_HTML)
            add_body(tnef, id == PR_BODY ? "text/plain" : "text/html", label, p, n);
        else if (id == PR_RTF_COMPRESSED)
            add_rtf(tnef, p, n);
    } else if (inside != NULL && id == PR_ATTACH_LONG_FILENAME) {
        set_text(&inside->name, label, p, n);
    } else if (inside != NULL && id == PR_ATTACH_FILENAME && inside->name == NULL) {
        set_text(&inside->name, label, p, n);
    } else if (inside != NULL && id == PR_ATTACH_MIME) {
        set_text(&inside->type, NULL, p, n);
    } else if (inside != NULL && id == PR_ATTACH_DATA && inside->bytes == NULL) {
        /* An object (an attached message) has its interface's name in front. */
        gsize skip = (tag & 0xFFFF) == 0x000D ? MIN(n, 16) : 0;
        inside->bytes = slice(tnef, p + skip, n - skip);
    }
}

/* Behind the name of a property that has one. */
static void skip_name(struct cursor *c)
{
    take(c, 16);
    if (take_number(c, 4) == 0) {
        take(c, 4);
        return;
    }
    guint32 n = take_number(c, 4);
    take(c, ((gsize)n + 3) & ~(gsize)3);
}

static gsize fixed_size(guint32 type)
{
    static const guint8 sizes[] = {
        [0x02] = 4, [0x03] = 4, [0x04] = 4, [0x05] = 8, [0x06] = 8, [0x07] = 8,
        [0x0A] = 4, [0x0B] = 4, [0x14] = 8, [0x40] = 8, [0x48] = 16
    };
    return type < G_N_ELEMENTS(sizes) ? sizes[type] : 0;
}

static gboolean is_variable(guint32 type)
{
    return type == 0x0D || type == 0x1E || type == 0x1F || type == 0x102;
}

static void read_properties(struct tnef *tnef, const guint8 *data, gsize n, gboolean of_message)
{
    struct cursor c = { data, n, FALSE };
    guint32 count = take_number(&c, 4);
    for (guint32 i = 0; i < MIN(count, MAX_PROPERTIES) && !c.bad; i++) {
        guint32 tag = take_number(&c, 4), type = tag & 0xFFFF;
        guint32 id = tag >> 16;
        if (id >= 0x8000)
            skip_name(&c);
        gboolean many = (type & 0x1000) != 0;
        type &= 0xFFF;
        if (!many && fixed_size(type) == 0 && !is_variable(type))
            return;
        guint32 values = many || is_variable(type) ? take_number(&c, 4) : 1;
        for (guint32 k = 0; k < values && !c.bad; k++) {
            gsize size = is_variable(type) ? take_number(&c, 4) : fixed_size(type);
            if (size == 0 && !is_variable(type))
                return;
            const guint8 *value = take(&c, size);
            take(&c, is_variable(type) ? (4 - size % 4) % 4 : 0);
            if (value != NULL && is_variable(type) && k == 0)
                take_property(tnef, of_message, tag, value, size);
        }
    }
}

static void take_attribute(struct tnef *tnef, guint32 id, const guint8 *data, gsize n)
{
    struct inside *inside = current(tnef);
    switch (id) {
    case CODE_PAGE: {
        struct cursor c = { data, n, FALSE };
        g_snprintf(tnef->label, sizeof tnef->label, "cp%u", take_number(&c, 4) % 100000);
        break;
    }
    case ATTACH_BEGINS:
        g_ptr_array_add(tnef->found, g_new0(struct inside, 1));
        break;
    case ATTACH_TITLE:
        if (inside != NULL && inside->name == NULL)
            set_text(&inside->name, tnef->label, data, n);
        break;
    case ATTACH_DATA:
        if (inside != NULL && inside->bytes == NULL)
            inside->bytes = slice(tnef, data, n);
        break;
    case BODY:
        add_body(tnef, "text/plain", tnef->label, data, n);
        break;
    case MESSAGE_PROPERTIES:
        read_properties(tnef, data, n, TRUE);
        break;
    case ATTACH_PROPERTIES:
        read_properties(tnef, data, n, FALSE);
        break;
    default:
        break;
    }
}

GPtrArray *tnef_read(GBytes *whole)
{
    struct tnef tnef = { .whole = whole, .label = "cp936" };
    tnef.found = g_ptr_array_new_with_free_func((GDestroyNotify)inside_free);
    struct cursor c = { NULL, 0, FALSE };
    c.p = g_bytes_get_data(whole, &c.left);
    if (take_number(&c, 4) != SIGNATURE)
        return tnef.found;
    take(&c, 2);
    while (c.left > 0 && tnef.found->len < MAX_INSIDE) {
        take(&c, 1);
        guint32 id = take_number(&c, 4) & 0xFFFF;
        gsize n = take_number(&c, 4);
        const guint8 *data = take(&c, n);
        take(&c, 2);
        if (data != NULL)
            take_attribute(&tnef, id, data, n);
    }
    return tnef.found;
}
