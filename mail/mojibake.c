/* Text that some program on the way read in the wrong charset and sent on as UTF-8: 涓枃 was 中文
 * in UTF-8 read as GBK, ÕâÊÇ was 这是 in GB2312 read as Latin-1. Real text never looks so: the
 * bytes that were read wrongly are whole characters of the right charset from end to end. The
 * message itself keeps what was sent. */
#include "mail/private.h"
#include <string.h>

#define SAMPLE 90     /* bytes of the first foreign characters, looked at before all the rest */
#define MIN_CHINESE 3 /* characters; two can be chance (联通) */
#define MAX_BROKEN 4  /* one broken byte for so many characters: pairs swallow odd bytes */

/* The byte that Windows-1252, or Latin-1 where it has none, shows as c; -1: none. */
static int latin_byte(gunichar c)
{
    static const gunichar windows[32] = {
        0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
        0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
        0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178,
    };
    if (c < 0x100)
        return (int)c;
    for (int i = 0; i < 32; i++) {
        if (windows[i] == c)
            return 0x80 + i;
    }
    return -1;
}

/* The bytes that were read as Latin-1; NULL: the text holds something else. */
static GString *latin_bytes(const char *text)
{
    GString *bytes = g_string_sized_new(strlen(text));
    for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
        int byte = latin_byte(g_utf8_get_char(p));
        if (byte < 0) {
            g_string_free(bytes, TRUE);
            return NULL;
        }
        g_string_append_c(bytes, (char)byte);
    }
    return bytes;
}

static char *repair_latin(const char *text)
{
    GString *bytes = latin_bytes(text);
    char *repaired = NULL;
    if (bytes != NULL && charset_is_utf8(bytes->str, bytes->len))
        repaired = g_utf8_make_valid(bytes->str, (gssize)bytes->len);
    else if (bytes != NULL && charset_is_gb2312(bytes->str, bytes->len))
        repaired = charset_convert("GB18030", bytes->str, bytes->len);
    if (bytes != NULL)
        g_string_free(bytes, TRUE);
    return repaired;
}

/* TRUE if the bytes are Chinese in UTF-8 but for a few broken ones. */
static gboolean is_nearly_utf8(const char *bytes, gsize n)
{
    gsize chinese = 0, broken = 0;
    for (gsize i = 0; i < n;) {
        const guchar *c = (const guchar *)bytes + i;
        if (*c < 0x80) {
            i++;
        } else if ((*c & 0xF0) == 0xE0 && n - i > 2 && (c[1] & 0xC0) == 0x80 &&
                   (c[2] & 0xC0) == 0x80) {
            chinese++;
            i += 3;
        } else {
            broken++;
            i++;
        }
    }
    return chinese >= MIN_CHINESE && broken * MAX_BROKEN <= chinese;
}

/* The characters from the first foreign one on, at most SAMPLE bytes of foreign ones. */
static char *sample_of(const char *text)
{
    GString *sample = g_string_new(NULL);
    for (const char *p = text; *p != '\0' && sample->len < SAMPLE; p = g_utf8_next_char(p)) {
        if ((guchar)*p >= 0x80)
            g_string_append_len(sample, p, g_utf8_next_char(p) - p);
    }
    return g_string_free(sample, FALSE);
}

static GString *gbk_bytes(const char *all)
{
    /* What could not be read at all then is lost; its neighbours are not. */
    if (strstr(all, "\xEF\xBF\xBD") == NULL)
        return charset_bytes("GB18030", all);
    g_auto(GStrv) pieces = g_strsplit(all, "\xEF\xBF\xBD", -1);
    g_autofree char *text = g_strjoinv("", pieces);
    return charset_bytes("GB18030", text);
}

static gboolean was_read_as_gbk(const char *text)
{
    g_autofree char *sample = sample_of(text);
    g_autoptr(GString) bytes = gbk_bytes(sample);
    return is_nearly_utf8(bytes->str, bytes->len);
}

static char *repair_gbk(const char *text)
{
    g_autoptr(GString) bytes = gbk_bytes(text);
    if (!is_nearly_utf8(bytes->str, bytes->len))
        return NULL;
    return g_utf8_make_valid(bytes->str, (gssize)bytes->len);
}

char *mojibake_repaired(const char *text)
{
    const char *foreign = text;
    while (*foreign != '\0' && (guchar)*foreign < 0x80)
        foreign++;
    if (*foreign == '\0')
        return NULL;
    if (latin_byte(g_utf8_get_char(foreign)) >= 0) {
        char *repaired = repair_latin(text);
        if (repaired != NULL)
            return repaired;
    }
    /* The first byte of UTF-8 Chinese, read as GBK, gives a character of these ranges. */
    return was_read_as_gbk(foreign) ? repair_gbk(text) : NULL;
}
