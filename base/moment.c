/* Moments: days and times of day as people and programs write them. */
#include "base/private.h"
#include <string.h>

gboolean digits_scan(const char **text, int min, int max, int *value)
{
    const char *p = *text;
    int number = 0, n = 0;
    for (; n < max && g_ascii_isdigit(p[n]); n++)
        number = number * 10 + (p[n] - '0');
    if (n < min || g_ascii_isdigit(p[n]))
        return FALSE;
    *text = p + n;
    *value = number;
    return TRUE;
}

static gboolean word_scan(const char **text, const char *word)
{
    gsize n = strlen(word);
    if (strncmp(*text, word, n) != 0)
        return FALSE;
    *text += n;
    return TRUE;
}

/* The ideographic and the unbreakable blank are typed, or pasted, as often as the plain one. */
static void blanks_skip(const char **text)
{
    while (word_scan(text, " ") || word_scan(text, "\t") || word_scan(text, "\u3000") ||
           word_scan(text, "\u00a0"))
        ;
}

/* What stands between and behind the numbers of a day. */
static const struct {
    const char *after_year, *after_month, *after_day;
} day_forms[] = {
    { "-", "-", "" },
    { "/", "/", "" },
    { "年", "月", "日" },
};

static gboolean day_scan(const char **text, int *day)
{
    int y, m, d;
    const char *p = *text;
    if (!digits_scan(&p, 4, 4, &y))
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(day_forms); i++) {
        const char *q = p;
        if (!word_scan(&q, day_forms[i].after_year))
            continue;
        if (!digits_scan(&q, 1, 2, &m) || !word_scan(&q, day_forms[i].after_month) ||
            !digits_scan(&q, 1, 2, &d) || !word_scan(&q, day_forms[i].after_day) ||
            !g_date_valid_dmy((GDateDay)d, (GDateMonth)m, (GDateYear)y))
            return FALSE;
        GDate date;
        g_date_clear(&date, 1);
        g_date_set_dmy(&date, (GDateDay)d, (GDateMonth)m, (GDateYear)y);
        *day = (int)g_date_get_julian(&date);
        *text = q;
        return TRUE;
    }
    return FALSE;
}

gboolean day_parse(const char *text, int *day)
{
    int found;
    blanks_skip(&text);
    if (!day_scan(&text, &found))
        return FALSE;
    blanks_skip(&text);
    if (*text != '\0')
        return FALSE;
    *day = found;
    return TRUE;
}

static gboolean colon_scan(const char **text)
{
    return word_scan(text, ":") || word_scan(text, "：");
}

/* "Z", "+08:00" or "-03:30"; no offset is fine too. FALSE: the beginning of one that is none. */
static gboolean offset_scan(const char **text, struct moment *moment)
{
    int sign, hours, minutes;
    if (word_scan(text, "Z")) {
        moment->has_offset = TRUE;
        return TRUE;
    }
    if (word_scan(text, "+"))
        sign = 1;
    else if (word_scan(text, "-"))
        sign = -1;
    else
        return TRUE;
    if (!digits_scan(text, 2, 2, &hours) || !colon_scan(text) ||
        !digits_scan(text, 2, 2, &minutes) || hours > 14 || minutes > 59)
        return FALSE;
    moment->has_offset = TRUE;
    moment->offset = sign * (hours * 3600 + minutes * 60);
    return TRUE;
}

static gboolean time_scan(const char **text, struct moment *moment)
{
    if (!digits_scan(text, 1, 2, &moment->hour) || !colon_scan(text) ||
        !digits_scan(text, 2, 2, &moment->minute))
        return FALSE;
    if (colon_scan(text) && !digits_scan(text, 2, 2, &moment->second))
        return FALSE;
    moment->has_time = TRUE;
    if (moment->hour == 24)
        return moment->minute == 0 && moment->second == 0 && offset_scan(text, moment);
    return moment->hour < 24 && moment->minute < 60 && moment->second < 60 &&
           offset_scan(text, moment);
}

gboolean moment_scan(const char **text, struct moment *moment)
{
    struct moment found = { 0 };
    const char *p = *text;
    blanks_skip(&p);
    if (!day_scan(&p, &found.day))
        return FALSE;
    if (!word_scan(&p, "T"))
        blanks_skip(&p);
    else if (!g_ascii_isdigit(*p))
        return FALSE;
    if (g_ascii_isdigit(*p) && !time_scan(&p, &found))
        return FALSE;
    blanks_skip(&p);
    *text = p;
    *moment = found;
    return TRUE;
}

gint64 moment_instant(const struct moment *moment)
{
    if (!moment->has_offset)
        return instant_at(moment->day, moment->hour, moment->minute) + moment->second;
    return (gint64)(moment->day - DAY_OF_EPOCH) * SECONDS_A_DAY + moment->hour * 3600 +
           moment->minute * 60 + moment->second - moment->offset;
}
