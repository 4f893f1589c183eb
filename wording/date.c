/* Dates as people write them: digits of any kind, years lost or shortened, weekdays, hours. */
#include "wording/date.h"

#include "base/base.h"
#include <string.h>

#define N "[0-9０-９〇○ＯOo零一二三四五六七八九十廿卅]"
#define YEAR "(?:" N "\\s*){2,4}"
#define NUM "(?:" N "\\s*){1,3}"

PATTERN(written, "(?:(?<year>" YEAR ")年\\s*)?(?<month>" NUM ")月\\s*(?:份\\s*)?"
                 "(?:(?<day>" NUM ")[日号]|(?<end>[底末])|(?<vague>[上中下]旬))"
                 "|(?<ynum>(?<![0-9])[0-9]{4})\\s*[-./．]\\s*(?<mnum>[0-9]{1,2})\\s*[-./．]\\s*"
                 "(?<dnum>[0-9]{1,2})(?![0-9])(?:\\s*日)?"
                 "|(?<![0-9.])(?<mdot>[0-9]{1,2})[.．](?<ddot>[0-9]{1,2})(?:\\s*日|(?=[（(前之以]))"
                 "|(?<now>今日|今天|明日|明天|后天)"
                 "|(?<week>本周|这周|下周)(?<wday>[一二三四五六日天末])"
                 "|(?<shift>本月|当月|下月)\\s*(?<dshift>" NUM ")[日号]"
                 "|(?<mend>本?月[底末])"
                 "|(?:(?<yend>" YEAR ")年|今年|本年度?|年)[底末]"
                 "|(?<feast>(?:春|国庆|中秋|端午|清明|劳动|元旦)?节(?=前))"
                 "|(?<![0-9月])(?<alone>" NUM ")日(?=\\s*[（(前之以]|下班|下午|上午)");
PATTERN(day_of_week,
        "\\s*(?:[（(]\\s*(?:本|这|下)?(?:星期|周|礼拜)\\s*(?<a>[一二三四五六日天])\\s*[)）]"
        "|(?:星期|礼拜)(?<b>[一二三四五六日天]))");
PATTERN(hour, "[\\s，,]*(?<half>上午|早上|中午|下午|晚上|晚)?\\s*(?:(?<off>下班(?:时间)?)"
              "|(?<h>[0-9０-９一二三四五六七八九十]{1,3})\\s*[:：时点]\\s*"
              "(?:(?<m>[0-9０-９一二三四五六七八九十]{1,3})\\s*分?|(?<mid>半)|整)?)");
PATTERN(noon, "\\s*(?<half>中午|上午|下午)(?=\\s*(?:之前|以前|前))");
PATTERN(before, "\\s*(?:之\\s*前|以\\s*前|前|截止|为止|止)(?!往|来|后|者|提下)");

static int digit_of(gunichar c)
{
    static const char *const digits[] = { "〇○ＯOo零", "一", "二", "三", "四",
                                          "五",        "六", "七", "八", "九" };
    for (int i = 0; i < 10; i++)
        if (g_utf8_strchr(digits[i], -1, c) != NULL)
            return i;
    return g_unichar_digit_value(c);
}

int date_number(const char *text)
{
    int number = 0, digits = 0;
    gboolean tens = FALSE;
    for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        int ten = c == 0x5341 ? 1 : c == 0x5EFF ? 2 : c == 0x5345 ? 3 : 0; /* 十廿卅 */
        if (g_unichar_isspace(c))
            continue;
        if (ten > 0) {
            number = (digits > 0 && ten == 1 ? number : ten) * 10;
            tens = TRUE;
        } else {
            int digit = digit_of(c);
            if (digit < 0 || digits > 8)
                return -1;
            number = tens ? number + digit : number * 10 + digit;
        }
        digits++;
    }
    return digits > 0 ? number : -1;
}

static int word_number(const GMatchInfo *match, const char *name)
{
    g_autofree char *word = match_word(match, name);
    return MAX(date_number(word), 0);
}

static int full_year(int year)
{
    return year > 0 && year < 100 ? 2000 + year : year;
}

static gboolean has(const GMatchInfo *match, const char *name)
{
    g_autofree char *word = match_word(match, name);
    return *word != '\0';
}

static int weekday_number(const char *word)
{
    static const char *const names[] = { "一", "二", "三", "四", "五", "六", "日" };
    for (int i = 0; i < 7; i++)
        if (g_str_has_prefix(word, names[i]))
            return i + 1;
    return *word != '\0' ? 7 : 0;
}

/* The alternatives that only the paper's day resolves. */
static void take_near(const GMatchInfo *match, struct written_date *date)
{
    g_autofree char *now = match_word(match, "now");
    g_autofree char *week = match_word(match, "week");
    g_autofree char *wday = match_word(match, "wday");
    g_autofree char *shift = match_word(match, "shift");
    if (*now != '\0') {
        date->near = NEAR_DAY;
        date->day = g_str_has_prefix(now, "今") ? 0 : g_str_has_prefix(now, "明") ? 1 : 2;
    } else if (*week != '\0') {
        date->near = NEAR_WEEK;
        date->day = g_str_equal(wday, "末") ? 5 : weekday_number(wday);
        date->month = g_str_equal(week, "下周");
    } else if (*shift != '\0' || has(match, "alone")) {
        date->near = NEAR_MONTH;
        date->day = word_number(match, *shift != '\0' ? "dshift" : "alone");
        date->month = g_str_equal(shift, "下月");
    } else if (has(match, "mend")) {
        date->near = NEAR_END;
    } else if (has(match, "feast")) {
        date->near = NEAR_VAGUE;
    } else {
        date->near = NEAR_YEAR_END;
        date->year = full_year(word_number(match, "yend"));
    }
}

static void take_date(const GMatchInfo *match, struct written_date *date)
{
    static const char *const forms[][3] = { { "year", "month", "day" },
                                            { "ynum", "mnum", "dnum" },
                                            { "", "mdot", "ddot" } };
    for (gsize i = 0; i < G_N_ELEMENTS(forms); i++) {
        if (!has(match, forms[i][1]))
            continue;
        date->year = *forms[i][0] != '\0' ? full_year(word_number(match, forms[i][0])) : 0;
        date->month = word_number(match, forms[i][1]);
        date->day = has(match, "end") ? 32 : word_number(match, forms[i][2]);
        if (has(match, "vague"))
            date->near = NEAR_VAGUE;
        return;
    }
    take_near(match, date);
}

/* Minutes after midnight of what the pattern `hour` found. */
static int minute_of(const GMatchInfo *match)
{
    g_autofree char *half = match_word(match, "half");
    g_autofree char *hours = match_word(match, "h");
    g_autofree char *minutes = match_word(match, "m");
    int h = date_number(hours), m = MAX(date_number(minutes), 0);
    gboolean later = g_str_equal(half, "下午") || g_str_has_prefix(half, "晚");
    if (later && h < 12)
        h += 12;
    if (has(match, "mid"))
        m = 30;
    return h >= 0 && h * 60 + m <= 24 * 60 && m < 60 ? h * 60 + m : -1;
}

static GMatchInfo *next(struct pattern *pattern, const char *text, struct span in)
{
    return pattern_at(pattern, text, in) ? pattern_match(pattern, text, in) : NULL;
}

/* A tail begins where the date has ended so far. */
static void move_behind(const GMatchInfo *match, struct written_date *date)
{
    struct span found, in = { date->span.to, date->span.to };
    if (match_span(match, in, 0, &found))
        date->span.to = found.to;
}

static void take_tail(const char *text, gsize to, struct written_date *date)
{
    g_autoptr(GMatchInfo) day = next(&day_of_week, text, (struct span){ date->span.to, to });
    if (day != NULL) {
        g_autofree char *a = match_word(day, "a");
        g_autofree char *b = match_word(day, "b");
        date->weekday = weekday_number(*a != '\0' ? a : b);
        move_behind(day, date);
    }
    g_autoptr(GMatchInfo) time = next(&hour, text, (struct span){ date->span.to, to });
    g_autoptr(GMatchInfo) bare = next(&noon, text, (struct span){ date->span.to, to });
    if (time != NULL) {
        g_autofree char *half = match_word(time, "half");
        date->off_work = has(time, "off") && !g_str_equal(half, "上午");
        date->minute = has(time, "off") ? 12 * 60 : minute_of(time);
        if (date->off_work)
            date->minute = -1;
        move_behind(time, date);
    } else if (bare != NULL) {
        date->minute =
            has(bare, "half") && strstr(text + date->span.to, "下午") == text + date->span.to
                ? -1
                : 12 * 60;
        move_behind(bare, date);
    }
    struct span closer;
    date->end = date->span.to;
    date->before = pattern_at(&before, text, (struct span){ date->end, to }) &&
                   pattern_find(&before, text, (struct span){ date->end, to }, 0, &closer);
    if (date->before)
        date->end = closer.to;
}

gboolean date_find(const char *text, struct span in, struct written_date *date)
{
    g_autoptr(GMatchInfo) match = pattern_match(&written, text, in);
    struct span found;
    if (!match_span(match, in, 0, &found))
        return FALSE;
    *date = (struct written_date){ .span = found, .minute = -1 };
    take_date(match, date);
    take_tail(text, in.to, date);
    return TRUE;
}

static int julian(int year, int month, int day)
{
    if (year < 1900 || year > 2200 || month < 1 || month > 12)
        return 0;
    if (day == 32)
        day = g_date_get_days_in_month((GDateMonth)month, (GDateYear)year);
    if (day < 1 || day > 31 || !g_date_valid_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)year))
        return 0;
    GDate date;
    g_date_clear(&date, 1);
    g_date_set_dmy(&date, (GDateDay)day, (GDateMonth)month, (GDateYear)year);
    return (int)g_date_get_julian(&date);
}

/* A month that is long over in the last months of a year is one of the next. */
static int without_year(const struct written_date *date, const GDate *paper)
{
    int year = g_date_get_year(paper);
    if (g_date_get_month(paper) >= G_DATE_OCTOBER && date->month <= 3)
        year++;
    return julian(year, date->month, date->day);
}

static int near_day(const struct written_date *date, int from, const GDate *paper)
{
    int year = g_date_get_year(paper), month = (int)g_date_get_month(paper);
    int weekday = (int)g_date_get_weekday(paper);
    switch (date->near) {
    case NEAR_DAY:
        return from + date->day;
    case NEAR_WEEK:
        return from - weekday + date->day + 7 * date->month;
    case NEAR_MONTH:
        month += date->month;
        return julian(year + (month > 12), month > 12 ? 1 : month, date->day);
    case NEAR_END:
        return julian(year, month, 32);
    case NEAR_YEAR_END:
        return julian(year, 12, 31);
    default:
        return 0;
    }
}

int date_day(const struct written_date *date, int from, int year)
{
    GDate paper;
    if (date->near == NEAR_VAGUE)
        return 0;
    if (date->near == NEAR_YEAR_END && date->year > 0)
        return julian(date->year, 12, 31);
    if (date->near == NEAR_NONE && date->year > 0)
        return julian(date->year, date->month, date->day);
    if (from == 0)
        return date->near == NEAR_NONE ? julian(year, date->month, date->day) : 0;
    g_date_clear(&paper, 1);
    g_date_set_julian(&paper, (guint32)from);
    return date->near == NEAR_NONE ? without_year(date, &paper) : near_day(date, from, &paper);
}
