/* The entities of HTML that mail contains; what is not in the table stays as it was written. */
#include "mail/private.h"
#include <string.h>

static const struct {
    const char *name;
    gunichar character;
} entities[] = {
    { "amp", '&' },       { "lt", '<' },       { "gt", '>' },       { "quot", '"' },
    { "apos", '\'' },     { "nbsp", 0xA0 },    { "ensp", 0x2002 },  { "emsp", 0x2003 },
    { "thinsp", 0x2009 }, { "ldquo", 0x201C }, { "rdquo", 0x201D }, { "lsquo", 0x2018 },
    { "rsquo", 0x2019 },  { "sbquo", 0x201A }, { "bdquo", 0x201E }, { "laquo", 0xAB },
    { "raquo", 0xBB },    { "mdash", 0x2014 }, { "ndash", 0x2013 }, { "hellip", 0x2026 },
    { "middot", 0xB7 },   { "bull", 0x2022 },  { "copy", 0xA9 },    { "reg", 0xAE },
    { "trade", 0x2122 },  { "times", 0xD7 },   { "divide", 0xF7 },  { "plusmn", 0xB1 },
    { "deg", 0xB0 },      { "sect", 0xA7 },    { "para", 0xB6 },    { "yen", 0xA5 },
    { "cent", 0xA2 },     { "pound", 0xA3 },   { "euro", 0x20AC },  { "permil", 0x2030 },
    { "le", 0x2264 },     { "ge", 0x2265 },    { "ne", 0x2260 },    { "larr", 0x2190 },
    { "rarr", 0x2192 },   { "uarr", 0x2191 },  { "darr", 0x2193 },  { "frac12", 0xBD },
    { "sup2", 0xB2 },     { "sup3", 0xB3 },    { "shy", 0xAD },     { "zwnj", 0x200C },
    { "zwj", 0x200D },    { "iexcl", 0xA1 },   { "micro", 0xB5 },   { "radic", 0x221A },
    { "infin", 0x221E },  { "alpha", 0x3B1 },  { "beta", 0x3B2 },   { "pi", 0x3C0 },
};

static gunichar numeric(const char **p)
{
    const char *digits = *p + 2;
    gboolean hex = *digits == 'x' || *digits == 'X';
    digits += hex;
    char *end;
    guint64 value = g_ascii_strtoull(digits, &end, hex ? 16 : 10);
    if (end == digits || !g_ascii_isxdigit(*digits) || value == 0 || value > 0x10FFFF ||
        !g_unichar_validate((gunichar)value))
        return 0;
    *p = *end == ';' ? end + 1 : end;
    return value < 0x20 && value != '\t' && value != '\n' ? ' ' : (gunichar)value;
}

gunichar html_entity(const char **p)
{
    if ((*p)[1] == '#')
        return numeric(p);
    const char *name = *p + 1;
    for (gsize i = 0; i < G_N_ELEMENTS(entities); i++) {
        gsize n = strlen(entities[i].name);
        if (strncmp(name, entities[i].name, n) != 0 || g_ascii_isalnum(name[n]) || name[n] == '=')
            continue;
        *p = name + n + (name[n] == ';');
        return entities[i].character;
    }
    return 0;
}
