/* Deadlines: a local day, or a local day and time, as a notice means them. */
#include "base/private.h"
#include <string.h>

static gboolean ends_here(const char *rest)
{
    static const char *const before[] = { "", "前", "之前", "以前" };
    for (gsize i = 0; i < G_N_ELEMENTS(before); i++)
        if (strcmp(rest, before[i]) == 0)
            return TRUE;
    return FALSE;
}

static char *canonical(const struct moment *moment)
{
    gint64 instant = moment_instant(moment);
    int offset = zone_offset(instant);
    gint64 seconds = instant + offset;
    g_autofree char *day = day_text(day_of(instant));
    int second = (int)(((seconds % SECONDS_A_DAY) + SECONDS_A_DAY) % SECONDS_A_DAY);
    return g_strdup_printf("%sT%02d:%02d:%02d%c%02d:%02d", day, second / 3600, second / 60 % 60,
                           second % 60, offset < 0 ? '-' : '+', ABS(offset) / 3600,
                           ABS(offset) / 60 % 60);
}

char *deadline_normalize(const char *text, GError **error)
{
    /* NFKC makes full-width digits, colons and blanks plain. */
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    g_autofree char *plain = g_utf8_normalize(valid, -1, G_NORMALIZE_NFKC);
    g_strchomp(plain);
    struct moment moment;
    const char *rest = plain;
    if (!moment_scan(&rest, &moment) || !ends_here(rest)) {
        g_autofree char *shown = text_printable(valid);
        fault_set(error, FAULT_REFUSED,
                  "“%s”不是有效的日期，请写成 2019-06-21、2019年6月21日 或 2019-06-21 17:00",
                  shown);
        return NULL;
    }
    /* 24:00 is how people say "that whole day". */
    if (!moment.has_time || (moment.hour == 24 && !moment.has_offset))
        return day_text(moment.day);
    return canonical(&moment);
}

/* Only what deadline_normalize wrote is stored: anything else is a bug. */
static struct moment scan_or_abort(const char *deadline)
{
    struct moment moment;
    const char *rest = deadline;
    if (deadline == NULL || !moment_scan(&rest, &moment) || *rest != '\0' ||
        moment.has_time != moment.has_offset)
        g_error("%s: not a deadline", deadline != NULL ? deadline : "NULL");
    return moment;
}

int deadline_day(const char *deadline)
{
    return scan_or_abort(deadline).day;
}

gint64 deadline_end(const char *deadline)
{
    struct moment moment = scan_or_abort(deadline);
    if (!moment.has_time)
        return instant_at(moment.day + 1, 0, 0);
    return moment_instant(&moment) + 1;
}

char *deadline_chinese(const char *deadline, int this_year)
{
    struct moment moment = scan_or_abort(deadline);
    g_autofree char *day = day_chinese(moment.day);
    int year = (int)g_ascii_strtoll(deadline, NULL, 10);
    g_autofree char *in_year = year != this_year ? g_strdup_printf("%d年", year) : g_strdup("");
    if (!moment.has_time)
        return g_strconcat(in_year, day, NULL);
    return g_strdup_printf("%s%s%02d:%02d", in_year, day, moment.hour, moment.minute);
}
