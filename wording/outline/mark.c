/* The numbers in front of paragraphs, as papers write them. */
#include "wording/outline/outline.h"

#include <string.h>

/* 0 to 9 for a digit of any kind, 10, 100 or 1000 for a Han unit, -1 for anything else. */
static int digit_value(gunichar c)
{
    static const char digits[] = "零一二三四五六七八九";
    if (c == 0x3007 || c == 0x25CB) /* 〇 and what is typed for it */
        return 0;
    if (c >= 0xFF10 && c <= 0xFF19)
        return (int)(c - 0xFF10);
    if (g_unichar_isdigit(c))
        return c < 0x80 ? (int)(c - '0') : -1;
    if (c == 0x5341)
        return 10;
    if (c == 0x767E)
        return 100;
    if (c == 0x5343)
        return 1000;
    const char *hit = c >= 0x4E00 ? g_utf8_strchr(digits, -1, c) : NULL;
    return hit != NULL ? (int)g_utf8_pointer_to_offset(digits, hit) : -1;
}

gsize han_number(const char *text, int *number)
{
    int total = 0, pending = -1, value;
    const char *p = text;
    for (; (value = digit_value(g_utf8_get_char(p))) >= 0; p = g_utf8_next_char(p)) {
        if (value < 10) {
            pending = (pending < 0 ? 0 : pending * 10) + value;
        } else {
            total += (pending < 0 ? 1 : pending) * value;
            pending = -1;
        }
        if (total > 9999 || pending > 9999)
            return 0;
    }
    *number = total + MAX(pending, 0);
    return (gsize)(p - text);
}

static const char *skip_blanks(const char *p)
{
    for (gunichar c; (c = g_utf8_get_char(p)) != 0; p = g_utf8_next_char(p))
        if (!g_unichar_isspace(c) && !g_unichar_iszerowidth(c))
            break;
    return p;
}

static gboolean one_of(const char *p, const char *characters)
{
    return *p != '\0' && g_utf8_strchr(characters, -1, g_utf8_get_char(p)) != NULL;
}

/* 第三条: a title or a blank follows, or the text itself, but no “第三条的”. */
static const char *ordinal(const char *p, enum numbering *style, int *number)
{
    static const struct {
        const char *word;
        enum numbering style;
    } words[] = { { "编", NUMBERING_PART },
                  { "章", NUMBERING_CHAPTER },
                  { "节", NUMBERING_DIVISION },
                  { "条", NUMBERING_ARTICLE } };
    p = skip_blanks(p + strlen("第"));
    gsize n = han_number(p, number);
    if (n == 0)
        return NULL;
    p = skip_blanks(p + n);
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (g_str_has_prefix(p, words[i].word)) {
            *style = words[i].style;
            p += strlen(words[i].word);
            return one_of(p, "的中第之、和与及至“”\"。，,；;（(") ? NULL : p;
        }
    return NULL;
}

static const char *parenthesis(const char *p, enum numbering *style, int *number)
{
    p = skip_blanks(g_utf8_next_char(p));
    gsize n = han_number(p, number);
    gboolean arabic = n > 0 && (g_ascii_isdigit(*p) || g_utf8_get_char(p) >= 0xFF10);
    p = skip_blanks(p + n);
    if (n == 0 || *number > 99 || !one_of(p, "）)"))
        return NULL;
    *style = arabic ? NUMBERING_ARABIC_PAREN : NUMBERING_HAN_PAREN;
    return g_utf8_next_char(p);
}

/* 1. 1、 1） and 一、; not 1.5 nor 2019.6. */
static const char *plain(const char *p, enum numbering *style, int *number)
{
    gboolean arabic = g_ascii_isdigit(*p) || g_utf8_get_char(p) >= 0xFF10;
    gsize n = han_number(p, number);
    p = skip_blanks(p + n);
    if (n == 0 || *number > 199 || !one_of(p, arabic ? "、.．，)）" : "、.．，"))
        return NULL;
    gboolean comma = one_of(p, "，");
    p = g_utf8_next_char(p);
    if ((arabic && g_ascii_isdigit(*p)) || (comma && !arabic))
        return NULL;
    *style = arabic ? NUMBERING_ARABIC : NUMBERING_HAN;
    return p;
}

gsize outline_mark(const char *line, enum numbering *style, int *number)
{
    enum numbering found = NUMBERING_NONE;
    int value = 0;
    const char *p = skip_blanks(line), *end;
    gunichar c = g_utf8_get_char(p);
    if (c >= 0x2460 && c <= 0x2473) { /* ① to ⑳ */
        found = NUMBERING_CIRCLED;
        value = (int)(c - 0x2460) + 1;
        end = g_utf8_next_char(p);
    } else if (g_str_has_prefix(p, "第")) {
        end = ordinal(p, &found, &value);
    } else if (one_of(p, "（(")) {
        end = parenthesis(p, &found, &value);
    } else {
        end = plain(p, &found, &value);
    }
    if (end == NULL || value == 0)
        return 0;
    if (style != NULL)
        *style = found;
    if (number != NULL)
        *number = value;
    return (gsize)(skip_blanks(end) - line);
}
