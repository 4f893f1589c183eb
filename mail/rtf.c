/* The compressed RTF of Outlook (MS-OXRTFCP): eight tokens under each control byte, a literal or a
 * place in a dictionary of 4096 bytes that begins with what most RTF begins with. */
#include "mail/private.h"
#include <string.h>

#define DICTIONARY 4096
#define HEADER 16 /* two sizes, the form, a checksum that some writers leave 0 */
#define MAX_RTF (4 * 1024 * 1024)
#define COMPRESSED 0x75465A4C
#define PLAIN 0x414C454D

static const char beginning[] =
    "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern "
    "\\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0"
    "\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

static guint32 number_at(const guint8 *p)
{
    return (guint32)p[0] | (guint32)p[1] << 8 | (guint32)p[2] << 16 | (guint32)p[3] << 24;
}

struct expansion {
    guint8 dictionary[DICTIONARY];
    guint at; /* where the next byte goes */
    GByteArray *out;
    gsize limit;
};

static void put(struct expansion *e, guint8 c)
{
    e->dictionary[e->at] = c;
    e->at = (e->at + 1) % DICTIONARY;
    if (e->out->len < e->limit)
        g_byte_array_append(e->out, &c, 1);
}

/* Copies what a reference names; FALSE: it is the one that ends the text. */
static gboolean put_reference(struct expansion *e, guint reference)
{
    guint from = reference >> 4, length = (reference & 15) + 2;
    if (from == e->at)
        return FALSE;
    for (guint i = 0; i < length; i++)
        put(e, e->dictionary[(from + i) % DICTIONARY]);
    return TRUE;
}

static void expand(struct expansion *e, const guint8 *p, const guint8 *end)
{
    while (p < end && e->out->len < e->limit) {
        guint control = *p++;
        for (int bit = 0; bit < 8 && p < end; bit++, control >>= 1) {
            if ((control & 1) == 0) {
                put(e, *p++);
            } else if (end - p < 2 || !put_reference(e, (guint)p[0] << 8 | p[1])) {
                return;
            } else {
                p += 2;
            }
        }
    }
}

GBytes *rtf_expand(const guint8 *p, gsize n)
{
    if (n < HEADER)
        return NULL;
    gsize raw = number_at(p + 4), form = number_at(p + 8);
    if (raw > MAX_RTF || (form != COMPRESSED && form != PLAIN))
        return NULL;
    if (form == PLAIN)
        return g_bytes_new(p + HEADER, MIN(raw, n - HEADER));
    g_autofree struct expansion *e = g_new0(struct expansion, 1);
    memcpy(e->dictionary, beginning, strlen(beginning));
    e->at = (guint)strlen(beginning);
    e->limit = raw;
    e->out = g_byte_array_new();
    expand(e, p + HEADER, p + n);
    return g_byte_array_free_to_bytes(e->out);
}
