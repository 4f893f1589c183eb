/* Numbers as Word's numbering formats write them. */
#include "documents/read/docx.h"

#include <string.h>

#define DIGITS "〇一二三四五六七八九"
#define CAPITALS "零壹贰叁肆伍陆柒捌玖"
#define PLACES "个十百千"
#define CAPITAL_PLACES "个拾佰仟"

static void add_nth(GString *out, const char *letters, int n)
{
    g_string_append_unichar(out, g_utf8_get_char(g_utf8_offset_to_pointer(letters, n)));
}

/* 一百零五: up to 9999, beyond that digit by digit. */
static void chinese(GString *out, int number, const char *digits, const char *places,
                    const char *zero, gboolean drop_one)
{
    gboolean gap = FALSE;
    if (number == 0)
        g_string_append(out, zero);
    int divisor = 1000;
    for (int place = 3; place >= 0; place--, divisor /= 10) {
        int digit = number / divisor % 10;
        if (digit == 0) {
            gap = out->len > 0;
            continue;
        }
        if (gap)
            g_string_append(out, zero);
        gap = FALSE;
        if (!(drop_one && digit == 1 && place == 1 && out->len == 0))
            add_nth(out, digits, digit);
        if (place > 0)
            add_nth(out, places, place);
    }
}

static void by_digit(GString *out, int number, const char *digits)
{
    g_autofree char *plain = g_strdup_printf("%d", number);
    for (const char *p = plain; *p != '\0'; p++)
        add_nth(out, digits, *p - '0');
}

static void put_decimal(GString *out, int n)
{
    g_string_append_printf(out, "%d", n);
}

static void put_padded(GString *out, int n)
{
    g_string_append_printf(out, "%02d", n);
}

static void put_chinese(GString *out, int n)
{
    if (n < 100)
        chinese(out, n, DIGITS, PLACES, "〇", TRUE);
    else
        by_digit(out, n, DIGITS);
}

static void put_thousand(GString *out, int n)
{
    if (n < 10000)
        chinese(out, n, DIGITS, PLACES, "零", TRUE);
    else
        by_digit(out, n, DIGITS);
}

static void put_legal(GString *out, int n)
{
    if (n < 10000)
        chinese(out, n, CAPITALS, CAPITAL_PLACES, "零", FALSE);
    else
        by_digit(out, n, CAPITALS);
}

static void put_digits(GString *out, int n)
{
    by_digit(out, n, DIGITS);
}

static void put_wide(GString *out, int n)
{
    by_digit(out, n, "０１２３４５６７８９");
}

/* A sign for each number up to most; digits beyond. */
static void sign(GString *out, int n, gunichar first, int most)
{
    if (n >= 1 && n <= most)
        g_string_append_unichar(out, first + (gunichar)(n - 1));
    else
        put_decimal(out, n);
}

static void put_circle(GString *out, int n)
{
    if (n <= 20)
        sign(out, n, 0x2460, 20);
    else if (n <= 35)
        sign(out, n - 20, 0x3251, 15);
    else
        sign(out, n - 35, 0x32B1, 15);
}

static void put_paren(GString *out, int n)
{
    sign(out, n, 0x2474, 20);
}

static void put_fullstop(GString *out, int n)
{
    sign(out, n, 0x2488, 20);
}

static void put_stem(GString *out, int n)
{
    add_nth(out, "甲乙丙丁戊己庚辛壬癸", (MAX(n, 1) - 1) % 10);
}

static void put_branch(GString *out, int n)
{
    add_nth(out, "子丑寅卯辰巳午未申酉戌亥", (MAX(n, 1) - 1) % 12);
}

/* a … z, aa, bb …, as Word does */
static void letter(GString *out, int n, char first)
{
    int index = (MAX(n, 1) - 1) % 26, times = MIN((MAX(n, 1) - 1) / 26 + 1, 30);
    for (int i = 0; i < times; i++)
        g_string_append_c(out, (char)(first + index));
}

static void put_upper(GString *out, int n)
{
    letter(out, n, 'A');
}

static void put_lower(GString *out, int n)
{
    letter(out, n, 'a');
}

static void put_roman(GString *out, int n)
{
    static const struct {
        int value;
        const char *text;
    } steps[] = { { 1000, "M" }, { 900, "CM" }, { 500, "D" }, { 400, "CD" }, { 100, "C" },
                  { 90, "XC" },  { 50, "L" },   { 40, "XL" }, { 10, "X" },   { 9, "IX" },
                  { 5, "V" },    { 4, "IV" },   { 1, "I" } };
    n = MIN(n, 32767);
    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++)
        for (; n >= steps[i].value; n -= steps[i].value)
            g_string_append(out, steps[i].text);
}

static void put_lower_roman(GString *out, int n)
{
    put_roman(out, n);
    g_string_ascii_down(out);
}

static void put_nothing(GString *out, int n)
{
}

static const struct {
    const char *format;
    void (*put)(GString *out, int number);
} formats[] = {
    { "decimal", put_decimal },
    { "decimalZero", put_padded },
    { "decimalHalfWidth", put_decimal },
    { "decimalFullWidth", put_wide },
    { "decimalFullWidth2", put_wide },
    { "chineseCounting", put_chinese },
    { "chineseCountingThousand", put_thousand },
    { "taiwaneseCounting", put_chinese },
    { "taiwaneseCountingThousand", put_thousand },
    { "japaneseCounting", put_thousand },
    { "chineseLegalSimplified", put_legal },
    { "ideographDigital", put_digits },
    { "japaneseDigitalTenThousand", put_digits },
    { "taiwaneseDigital", put_digits },
    { "ideographTraditional", put_stem },
    { "ideographZodiac", put_branch },
    { "decimalEnclosedCircle", put_circle },
    { "decimalEnclosedCircleChinese", put_circle },
    { "decimalEnclosedParen", put_paren },
    { "decimalEnclosedFullstop", put_fullstop },
    { "upperLetter", put_upper },
    { "lowerLetter", put_lower },
    { "upperRoman", put_roman },
    { "lowerRoman", put_lower_roman },
    { "none", put_nothing },
    { "bullet", put_nothing },
};

char *number_text(const char *format, int number)
{
    GString *out = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(formats); i++)
        if (g_strcmp0(formats[i].format, format) == 0) {
            formats[i].put(out, number);
            return g_string_free(out, FALSE);
        }
    put_decimal(out, number);
    return g_string_free(out, FALSE);
}
