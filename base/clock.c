/* The clock: the one source of "now", the office's zone, and instants in text. */
#include "base/private.h"
#include <string.h>

#define DEFAULT_ZONE "Asia/Shanghai"
/* GDateTime knows the years 1 to 9999; a day is left at either end for the zone. */
#define FIRST_INSTANT (-62135596800 + SECONDS_A_DAY)
#define LAST_INSTANT (253402300799 - SECONDS_A_DAY)

/* Set before any thread starts, only read after. */
static gboolean fixed;
static gint64 fixed_instant;
static GTimeZone *zone;

gint64 clock_now(void)
{
    return fixed ? fixed_instant : g_get_real_time() / G_USEC_PER_SEC;
}

void clock_fix(gint64 instant)
{
    fixed = TRUE;
    fixed_instant = instant;
}

/* A machine without tzdata still knows the office's time: China has kept UTC+8 since 1991. */
static GTimeZone *zone_open(const char *name)
{
    GTimeZone *opened = g_time_zone_new_identifier(name);
    if (opened == NULL && strcmp(name, DEFAULT_ZONE) == 0)
        opened = g_time_zone_new_offset(8 * 3600);
    return opened;
}

gboolean clock_set_zone(const char *name, GError **error)
{
    GTimeZone *opened = name != NULL && *name != '\0' ? zone_open(name) : NULL;
    if (opened == NULL) {
        g_autofree char *shown = text_printable(name != NULL ? name : "");
        return fault_set(error, FAULT_REFUSED, "不认识的时区“%s”，请写成 Asia/Shanghai 这样的名称",
                         shown);
    }
    if (zone != NULL)
        g_time_zone_unref(zone);
    zone = opened;
    return TRUE;
}

GTimeZone *clock_zone(void)
{
    static GTimeZone *fallback;
    if (zone != NULL)
        return zone;
    if (g_once_init_enter(&fallback))
        g_once_init_leave(&fallback, zone_open(DEFAULT_ZONE));
    return fallback;
}

int zone_offset(gint64 instant)
{
    int interval = g_time_zone_find_interval(clock_zone(), G_TIME_TYPE_UNIVERSAL, instant);
    return g_time_zone_get_offset(clock_zone(), interval);
}

/* An instant shifted by its zone's offset, so that the shifted "UTC" shows the local time. */
static GDateTime *shifted(gint64 instant, int offset)
{
    return g_date_time_new_from_unix_utc(CLAMP(instant, FIRST_INSTANT, LAST_INSTANT) + offset);
}

/* Not g_date_time_format: %Y does not pad years before 1000. */
static char *format(GDateTime *when, const char *between, const char *after, gboolean seconds)
{
    int year, month, day;
    g_date_time_get_ymd(when, &year, &month, &day);
    g_autofree char *second = g_strdup_printf(":%02d", g_date_time_get_second(when));
    return g_strdup_printf("%04d-%02d-%02d%s%02d:%02d%s%s", year, month, day, between,
                           g_date_time_get_hour(when), g_date_time_get_minute(when),
                           seconds ? second : "", after);
}

char *instant_text(gint64 instant)
{
    g_autoptr(GDateTime) when = shifted(instant, 0);
    return format(when, "T", "Z", TRUE);
}

char *instant_local(gint64 instant)
{
    g_autoptr(GDateTime) when = shifted(instant, zone_offset(instant));
    return format(when, " ", "", FALSE);
}

gboolean instant_parse(const char *text, gint64 *instant)
{
    static const char form[] = "dddd-dd-ddTdd:dd:ddZ";
    for (gsize i = 0; i < sizeof form; i++)
        if (form[i] == 'd' ? !g_ascii_isdigit(text[i]) : text[i] != form[i])
            return FALSE;
    struct moment moment;
    if (!moment_scan(&text, &moment) || moment.hour == 24)
        return FALSE;
    *instant = moment_instant(&moment);
    return TRUE;
}

gboolean instant_parse_local(const char *text, gint64 *instant)
{
    struct moment moment;
    if (!moment_scan(&text, &moment) || *text != '\0' || moment.has_offset)
        return FALSE;
    *instant = moment_instant(&moment);
    return TRUE;
}

gint64 instant_at(int day, int hour, int minute)
{
    gint64 local = (gint64)(day - DAY_OF_EPOCH) * SECONDS_A_DAY + hour * 3600 + (gint64)minute * 60;
    int interval = g_time_zone_adjust_time(clock_zone(), G_TIME_TYPE_STANDARD, &local);
    return local - g_time_zone_get_offset(clock_zone(), interval);
}

int day_of(gint64 instant)
{
    gint64 local = CLAMP(instant, FIRST_INSTANT, LAST_INSTANT) + zone_offset(instant);
    gint64 days = local / SECONDS_A_DAY - (local % SECONDS_A_DAY < 0);
    return (int)days + DAY_OF_EPOCH;
}
