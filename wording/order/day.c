/* The day that an order begins with. wording/date.h finds days anywhere in a paper, gone ones too;
 * an order's day is still to come, and what stands behind it is the rest of the order. */
#include "wording/order/order.h"

#include "base/base.h"
#include "wording/pattern.h"

#include <stdlib.h>
#include <string.h>

PATTERN(named, "^(?:延期|推迟|延长|改|放宽)?(?:至|到|为)?[:\\s]*"
               "(?:(?<near>今天|明天|后天)|(?:(?<year>[0-9]{4})[年./-])?"
               "(?<month>[0-9]{1,2})[月./-](?<day>[0-9]{1,2})(?:日|号)?)"
               "(?:前|之前)?\\s*"
               "(?:(?<half>上午|下午|晚上)?\\s*(?<hour>[0-9]{1,2})(?::(?<minute>[0-9]{2})|[点时](?:"
               "(?<some>[0-9]{1,2})分?|(?<mid>半))?))?(?:前|之前)?");

enum { LATELY = 100 }; /* days */

static int number(GMatchInfo *match, const char *name, int missing)
{
    g_autofree char *text = g_match_info_fetch_named(match, name);
    return text != NULL && *text != '\0' ? atoi(text) : missing;
}

static gboolean has(GMatchInfo *match, const char *name)
{
    g_autofree char *text = g_match_info_fetch_named(match, name);
    return text != NULL && *text != '\0';
}

static char *near_day(GMatchInfo *match, int today)
{
    static const char *const words[] = { "今天", "明天", "后天" };
    g_autofree char *word = g_match_info_fetch_named(match, "near");
    for (int i = 0; i < (int)G_N_ELEMENTS(words); i++)
        if (strcmp(words[i], word) == 0)
            return day_text(today + i);
    return NULL;
}

/* Without a year: this year's, or next year's if that is long gone; who writes 5月1日 in June did
 * not mean that, and is told that the day is gone. */
static char *named_day(GMatchInfo *match, int today)
{
    g_autofree char *now = day_text(today);
    int year = number(match, "year", 0);
    char *day = g_strdup_printf("%04d-%02d-%02d", year != 0 ? year : atoi(now),
                                number(match, "month", 0), number(match, "day", 0));
    int parsed;
    if (year != 0 || !day_parse(day, &parsed) || parsed >= today - LATELY)
        return day;
    g_free(day);
    return g_strdup_printf("%04d-%02d-%02d", atoi(now) + 1, number(match, "month", 0),
                           number(match, "day", 0));
}

char *order_deadline(const char *text, int today, const char **rest)
{
    g_autoptr(GMatchInfo) match = pattern_match(&named, text, (struct span){ 0, strlen(text) });
    if (!g_match_info_matches(match))
        return NULL;
    g_autofree char *day = has(match, "near") ? near_day(match, today) : named_day(match, today);
    int hour = number(match, "hour", -1);
    int minute = number(match, "minute", number(match, "some", has(match, "mid") ? 30 : 0));
    g_autofree char *half = g_match_info_fetch_named(match, "half");
    if (hour >= 1 && hour < 12 && half != NULL && *half != '\0' && strcmp(half, "上午") != 0)
        hour += 12;
    g_autofree char *typed =
        hour >= 0 ? g_strdup_printf("%s %02d:%02d", day, hour, minute) : g_strdup(day);
    int end = 0;
    g_match_info_fetch_pos(match, 0, NULL, &end);
    *rest = text + end;
    return deadline_normalize(typed, NULL);
}
