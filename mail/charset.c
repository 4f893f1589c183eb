/* Charsets of bodies and header words. The label is a hint, not a fact: gb2312 means GB18030 (glibc
 * does not know 镕 in gb2312), and what the label cannot decode is tried as UTF-8, then GB18030.
 * One converter per charset is kept open in each thread: glibc loads the module anew for every
 * iconv_open otherwise, which costs two thirds of the time of a mailbox in GBK. */
#include "mail/private.h"
#include <errno.h>
#include <string.h>

#define MAX_LABEL 40
#define MAX_CONVERTERS 32
#define HZ "HZ"
#define MIN_BIG5 8 /* characters; in fewer the two cannot be told apart */
#define REPLACEMENT "\xEF\xBF\xBD"

static void table_free(gpointer data)
{
    g_hash_table_unref(data);
}

static void converter_close(gpointer data)
{
    if (data != (gpointer)-1)
        g_iconv_close(data);
}

static GPrivate converters_of_thread = G_PRIVATE_INIT(table_free);

/* From the charset to UTF-8 or back; (GIConv)-1 if it is unknown; the table keeps it. */
static GIConv converter_for(const char *charset, gboolean back)
{
    g_autofree char *key = g_strconcat(back ? ">" : "", charset, NULL);
    if (g_private_get(&converters_of_thread) == NULL)
        g_private_set(&converters_of_thread,
                      g_hash_table_new_full(g_str_hash, g_str_equal, g_free, converter_close));
    GHashTable *table = g_private_get(&converters_of_thread);
    gpointer found;
    if (g_hash_table_lookup_extended(table, key, NULL, &found)) {
        if (found != (gpointer)-1)
            g_iconv(found, NULL, NULL, NULL, NULL);
        return found;
    }
    if (g_hash_table_size(table) >= MAX_CONVERTERS)
        g_hash_table_remove_all(table);
    GIConv opened = back ? g_iconv_open(charset, "UTF-8") : g_iconv_open("UTF-8", charset);
    g_hash_table_insert(table, g_steal_pointer(&key), opened);
    return opened;
}

/* Up to the end: 0; or to bytes that cannot be converted: why, as in errno. */
static int convert_on(GIConv converter, char **in, gsize *left, GString *out)
{
    char buffer[4096];
    while (*left > 0) {
        char *to = buffer;
        gsize room = sizeof buffer;
        gsize result = g_iconv(converter, in, left, &to, &room);
        int why = errno;
        g_string_append_len(out, buffer, to - buffer);
        if (result == (gsize)-1 && why != E2BIG)
            return why;
    }
    return 0;
}

/* The UTF-8 of bytes; every byte that cannot be decoded becomes U+FFFD and is counted, but the
 * count never goes above limit: then NULL. */
static char *convert(const char *charset, const char *bytes, gsize n, gsize limit)
{
    if (strcmp(charset, "UTF-8") == 0 && g_utf8_validate(bytes, (gssize)n, NULL))
        return g_strndup(bytes, n);
    GIConv converter = converter_for(charset, FALSE);
    if (converter == (GIConv)-1)
        return NULL;
    GString *out = g_string_sized_new(n + n / 2 + 16);
    char *in = (char *)bytes;
    gsize left = n, errors = 0;
    int why;
    while ((why = convert_on(converter, &in, &left, out)) != 0) {
        if (++errors > limit) {
            g_string_free(out, TRUE);
            return NULL;
        }
        g_string_append(out, REPLACEMENT);
        if (why == EINVAL)
            break;
        in++;
        left--;
    }
    return g_string_free(out, FALSE);
}

static const struct {
    const char *label, *charset;
} aliases[] = {
    { "gb2312", "GB18030" },
    { "gbk", "GB18030" },
    { "cp936", "GB18030" },
    { "x-gbk", "GB18030" },
    { "gb_2312-80", "GB18030" },
    { "gb2312-80", "GB18030" },
    { "euc-cn", "GB18030" },
    { "ms936", "GB18030" },
    { "windows-936", "GB18030" },
    { "gb18030", "GB18030" },
    { "chinese", "GB18030" },
    { "csgb2312", "GB18030" },
    { "gb", "GB18030" },
    { "utf8", "UTF-8" },
    { "utf-8", "UTF-8" },
    { "unicode-1-1-utf-8", "UTF-8" },
    { "hz-gb-2312", HZ },
    { "hz", HZ },
    { "iso-2022-cn-ext", "ISO-2022-CN-EXT" },
    { "us-ascii", NULL },
    { "ascii", NULL },
    { "ansi_x3.4-1968", NULL },
    { "7bit", NULL },
    { "8bit", NULL },
    { "default", NULL },
    { "unknown", NULL },
    { "unknown-8bit", NULL },
    { "x-unknown", NULL },
    { "x-user-defined", NULL },
    { "binary", NULL },
};

/* The charset that the label means, into name; FALSE: it says nothing. */
static gboolean charset_meant(const char *label, char name[MAX_LABEL])
{
    g_autofree char *lower = g_strstrip(g_ascii_strdown(label, -1));
    for (gsize i = 0; i < G_N_ELEMENTS(aliases); i++) {
        if (strcmp(lower, aliases[i].label) == 0) {
            g_strlcpy(name, aliases[i].charset != NULL ? aliases[i].charset : "", MAX_LABEL);
            return aliases[i].charset != NULL;
        }
    }
    for (const char *p = lower; *p != '\0'; p++) {
        if (!g_ascii_isalnum(*p) && strchr("-_.:+", *p) == NULL)
            return FALSE;
    }
    return *lower != '\0' && g_strlcpy(name, lower, MAX_LABEL) < MAX_LABEL;
}

static gboolean is_ascii(const char *bytes, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        if ((guchar)bytes[i] >= 0x80)
            return FALSE;
    }
    return TRUE;
}

/* Three or more characters of three bytes and none of another length: no text in GBK looks so. */
gboolean charset_is_utf8(const char *bytes, gsize n)
{
    guint count = 0;
    for (gsize i = 0; i < n;) {
        guchar c = (guchar)bytes[i];
        if (c < 0x80) {
            i++;
            continue;
        }
        if ((c & 0xF0) != 0xE0 || i + 3 > n || (bytes[i + 1] & 0xC0) != 0x80 ||
            (bytes[i + 2] & 0xC0) != 0x80)
            return FALSE;
        count++;
        i += 3;
    }
    return count >= 3;
}

/* Two or more high bytes in pairs as GB2312 has them and none alone: no text in Latin-1. */
gboolean charset_is_gb2312(const char *bytes, gsize n)
{
    guint count = 0;
    for (gsize i = 0; i < n;) {
        if ((guchar)bytes[i] < 0x80) {
            i++;
            continue;
        }
        if ((guchar)bytes[i] < 0xA1 || (guchar)bytes[i] > 0xF7 || i + 2 > n ||
            (guchar)bytes[i + 1] < 0xA1)
            return FALSE;
        count++;
        i += 2;
    }
    return count >= 2;
}

static gboolean is_latin(const char *charset)
{
    return g_ascii_strcasecmp(charset, "iso-8859-1") == 0 ||
           g_ascii_strcasecmp(charset, "latin1") == 0 ||
           g_ascii_strcasecmp(charset, "windows-1252") == 0;
}

GString *charset_bytes(const char *charset, const char *text)
{
    GIConv converter = converter_for(charset, TRUE);
    GString *out = g_string_sized_new(strlen(text) + 16);
    char *in = (char *)text;
    gsize left = converter != (GIConv)-1 ? strlen(text) : 0;
    while (convert_on(converter, &in, &left, out) != 0) {
        gsize skip = MIN(left, (gsize)(g_utf8_next_char(in) - in));
        g_string_append_c(out, '?');
        in += skip;
        left -= skip;
    }
    return out;
}

char *charset_convert(const char *charset, const char *bytes, gsize n)
{
    return convert(charset, bytes, n, n);
}

static gsize count_high(const char *bytes, gsize n)
{
    gsize count = 0;
    for (gsize i = 0; i < n; i++)
        count += (guchar)bytes[i] >= 0x80;
    return count;
}

/* The charset whose escape sequences stand in the bytes, NULL if none do. */
static const char *shifted_charset(const char *bytes, gsize n)
{
    static const struct {
        const char *escape, *charset;
    } shifts[] = {
        { "\x1B$)A", "ISO-2022-CN" }, { "\x1B$)G", "ISO-2022-CN" }, { "\x1B$B", "ISO-2022-JP" },
        { "\x1B$@", "ISO-2022-JP" },  { "\x1B$)C", "ISO-2022-KR" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(shifts) && memchr(bytes, 0x1B, n) != NULL; i++) {
        const char *escape = shifts[i].escape;
        if (memmem(bytes, n, escape, strlen(escape)) != NULL)
            return shifts[i].charset;
    }
    return NULL;
}

/* Big5 has second bytes below 0x80 in every third character, GB2312 has none; GBK does, in rare
 * characters, but then its first bytes are not all Big5's. */
static gboolean is_big5(const char *bytes, gsize n)
{
    gsize pairs = 0, low = 0;
    for (gsize i = 0; i < n; i++) {
        guchar c = (guchar)bytes[i];
        if (c < 0x80)
            continue;
        if (c < 0xA1 || c > 0xF9 || i + 1 == n || (guchar)bytes[i + 1] < 0x40)
            return FALSE;
        pairs++;
        low += (guchar)bytes[++i] < 0x80;
    }
    return pairs >= MIN_BIG5 && low * 6 >= pairs;
}

/* HZ (RFC 1843), which glibc does not know: GB2312 without the high bits between ~{ and ~}. */
static char *decode_hz(const char *bytes, gsize n)
{
    g_autoptr(GString) plain = g_string_sized_new(n);
    gboolean chinese = FALSE;
    for (gsize i = 0; i < n; i++) {
        char next = i + 1 < n ? bytes[i + 1] : '\0';
        if (bytes[i] == '\n')
            chinese = FALSE;
        if (bytes[i] == '~' && (next == '{' || next == '}' || next == '~' || next == '\n')) {
            chinese = next == '{';
            if (next == '~')
                g_string_append_c(plain, '~');
            i++;
        } else if (chinese && next >= 0x21 && (guchar)bytes[i] >= 0x21 && next < 0x7F) {
            g_string_append_c(plain, (char)(bytes[i] | 0x80));
            g_string_append_c(plain, (char)(next | 0x80));
            i++;
        } else {
            g_string_append_c(plain, bytes[i]);
        }
    }
    return convert("GB18030", plain->str, plain->len, plain->len);
}

/* UTF-16 without its mark: the zeros of ASCII and line ends stand in every second byte. */
static gboolean has_low_zeros(const char *bytes, gsize n)
{
    gsize even = 0, odd = 0;
    for (gsize i = 0; i < MIN(n, 4096); i++) {
        if (bytes[i] == '\0')
            i % 2 == 0 ? even++ : odd++;
    }
    return odd >= even;
}

/* No label, or one that failed: strictly, then with a few bad bytes, at last as Latin-1. UTF-8 with
 * a bad byte is tried early, because GB18030 finds some character in nearly all of it. */
static char *guess(const char *bytes, gsize n)
{
    gsize few = count_high(bytes, n) / 20;
    const char *shifted = shifted_charset(bytes, n);
    char *text = shifted != NULL ? convert(shifted, bytes, n, 0) : NULL;
    if (text == NULL)
        text = convert("UTF-8", bytes, n, few);
    if (text == NULL && is_big5(bytes, n))
        text = convert("BIG5", bytes, n, 0);
    if (text == NULL)
        text = convert("GB18030", bytes, n, few);
    return text != NULL ? text : convert("ISO-8859-1", bytes, n, n);
}

static char *decode(const char *label, const char *bytes, gsize n)
{
    char charset[MAX_LABEL] = "";
    gboolean labelled = label != NULL && charset_meant(label, charset);
    if (n >= 2 && (memcmp(bytes, "\xFF\xFE", 2) == 0 || memcmp(bytes, "\xFE\xFF", 2) == 0))
        return convert("UTF-16", bytes, n, n);
    if (!labelled)
        return guess(bytes, n);
    if (strcmp(charset, HZ) == 0)
        return decode_hz(bytes, n);
    if (strcmp(charset, "utf-16") == 0 || strcmp(charset, "ucs-2") == 0)
        return convert(has_low_zeros(bytes, n) ? "UTF-16LE" : "UTF-16BE", bytes, n, n);
    if (strcmp(charset, "GB18030") == 0 && charset_is_utf8(bytes, n))
        g_strlcpy(charset, "UTF-8", sizeof charset);
    else if (is_latin(charset) && (charset_is_utf8(bytes, n) || charset_is_gb2312(bytes, n)))
        return guess(bytes, n);
    /* Text in another charset gives a bad byte for every second one, a cut or damaged one few. */
    char *text = convert(charset, bytes, n, count_high(bytes, n) / 6);
    return text != NULL ? text : guess(bytes, n);
}

char *charset_text(const char *label, const char *bytes, gsize n)
{
    if (n == 0)
        return g_strdup("");
    /* Stateful charsets (ISO-2022-JP, HZ, UTF-7) are ASCII bytes too, so a label counts. */
    if (label == NULL && is_ascii(bytes, n) && shifted_charset(bytes, n) == NULL)
        return text_clean(bytes, (gssize)n);
    g_autofree char *decoded = decode(label, bytes, n);
    const char *start = g_str_has_prefix(decoded, "\xEF\xBB\xBF") ? decoded + 3 : decoded;
    g_autofree char *repaired = mojibake_repaired(start);
    return text_clean(repaired != NULL ? repaired : start, -1);
}
