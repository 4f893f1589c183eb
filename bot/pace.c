/* Pacing: what the providers bear, by the real clock and across restarts. No official figures exist
 * for mail (channels.md §2.1): the defaults are low on purpose. WeCom's 20 a minute is official. */
#include "bot/bot.h"

/* A minute in whole seconds may be up to a second short. */
enum { MINUTE = 61, DAY = 24 * 60 * 60, WECOM_PER_MINUTE = 20 };

static const struct {
    const char *suffix; /* of the SMTP host; the first that fits */
    int per_minute, per_day;
} providers[] = {
    { "exmail.qq.com", 20, 800 }, { "qiye.163.com", 20, 800 }, { "163.com", 10, 200 },
    { "126.com", 10, 200 },       { "yeah.net", 10, 200 },     { "188.com", 10, 200 },
    { "qq.com", 10, 200 },        { "foxmail.com", 10, 200 },
};

static void mail_limits(const struct config *config, int *per_minute, int *per_day)
{
    for (size_t i = 0; i < G_N_ELEMENTS(providers); i++)
        if (g_str_has_suffix(config->smtp.host, providers[i].suffix)) {
            *per_minute = providers[i].per_minute;
            *per_day = providers[i].per_day;
            break;
        }
    if (config->per_minute > 0)
        *per_minute = config->per_minute;
    if (config->per_day > 0)
        *per_day = config->per_day;
}

/* When a window of so many seconds has room again; 0: now. */
static gint64 room_at(struct bot *bot, const char *lane, int window, int limit, gint64 now)
{
    if (limit == 0 || pace_count(bot->db, lane, now - window, now) < limit)
        return 0;
    return pace_nth(bot->db, lane, limit, now) + window;
}

gboolean pace_allows(struct bot *bot, const char *lane)
{
    gint64 now = g_get_real_time() / G_USEC_PER_SEC;
    int per_minute = 0, per_day = 0;
    if (g_str_equal(lane, "wecom"))
        per_minute = WECOM_PER_MINUTE;
    else
        mail_limits(bot->config, &per_minute, &per_day);
    gint64 minute = room_at(bot, lane, MINUTE, per_minute, now);
    gint64 day = room_at(bot, lane, DAY, per_day, now);
    gint64 at = MAX(minute, day);
    if (at > now && (bot->allowed_at == 0 || at < bot->allowed_at))
        bot->allowed_at = at;
    return at <= now;
}
