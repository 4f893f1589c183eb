/* A rule is not tried on a text that lacks what its pattern cannot do without; it must never be
 * left out where it would fit. */
#include "test.h"
#include "wording/reply/private.h"

START_TEST(a_pattern_needs_what_stands_in_it_unconditionally)
{
    static const struct {
        const char *pattern, *text;
        gboolean met;
    } rows[] = {
        { "ab", "xbya", TRUE },
        { "ab", "xa", FALSE },
        { "a|b", "c", FALSE },
        { "ab|ca", "b", FALSE },
        { "ab|ca", "ac", TRUE },
        { "a|", "c", TRUE },
        { "(?:a|b)c", "c", FALSE },
        { "(?:a|b)c", "ab", FALSE },
        { "(?:a|bd)c", "bc", TRUE },
        { "(?:a|b?)c", "c", TRUE },
        { "(?:ab(?:c|d)){1,2}", "abd", TRUE },
        { "(?:ab(?:c|d)){1,2}", "ab", FALSE },
        { "(?:ab)?c", "c", TRUE },
        { "(?<=a)b(?=[cd])", "abd", TRUE },
        { "(?<=a)b(?=[cd])", "bd", FALSE },
        { "(?<=a)b(?=[cd])", "ab", FALSE },
        { "(?<!a)b(?!c)", "b", TRUE },
        { "[ab]c", "cb", TRUE },
        { "[ab]c", "c", FALSE },
        { "[^ab]c", "c", TRUE },
        { "a?b*c{0,3}d", "d", TRUE },
        { "a+b{1,3}", "a", FALSE },
        { "a+?b{2}c", "abc", TRUE },
        { "(?<![^/(:])x(?=[/d),.]|$)", "x", TRUE },
        { "(?<![^/(:])x(?=[/d),.]|$)", "d", FALSE },
        { "\\(L\\)", "(L", FALSE },
        { "\\(L\\)", "(L)", TRUE },
        { "[OI][^.]{0,4}[\\])]a", "O)a", TRUE },
        { "[OI][^.]{0,4}[\\])]a", "Oa", FALSE },
        { "[a-c]d", "bd", TRUE },
        { "^.$", "", TRUE },
        { "abcdefgh", "abcd", TRUE }, /* only the first few are kept */
        { "abcd", "abc", FALSE },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GArray) needs = needs_read(rows[i].pattern);
        struct kinds have = kinds_of(rows[i].text);
        ck_assert_msg(needs_met(needs, &have) == rows[i].met, "%s of “%s”", rows[i].pattern,
                      rows[i].text);
    }
}
END_TEST

TEST_MAIN("wording/reply/need", a_pattern_needs_what_stands_in_it_unconditionally)
