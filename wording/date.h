/* Dates as people write them in papers. */
#ifndef WORDING_DATE_H
#define WORDING_DATE_H

#include "wording/pattern.h"

/* What only the day of the paper can resolve. */
enum near_date {
    NEAR_NONE,
    NEAR_DAY,      /* 今日, 明日, 后天: `day` days later */
    NEAR_WEEK,     /* 本周五, 下周一: weekday `day` (1 to 7), `month` weeks later */
    NEAR_MONTH,    /* 21日, 本月21日, 下月5日: day `day`, `month` months later */
    NEAR_END,      /* 月底 */
    NEAR_YEAR_END, /* 年底 */
    NEAR_VAGUE,    /* 中旬, 节前: no day at all */
};

struct written_date {
    struct span span;     /* the date, its weekday and its time of day; without 前 */
    int year, month, day; /* 0 where not said; day 32 the last of the month */
    enum near_date near;
    int weekday;       /* in brackets behind it: 1 to 7, else 0 */
    int minute;        /* of the day, 24:00 being 1440; -1 if not said */
    gboolean off_work; /* 下班 */
    gboolean before;   /* 前, 之前, 以前, 止 stands behind it */
    gsize end;         /* behind that */
};

/* The first date in text[from, to). */
gboolean date_find(const char *text, struct span in, struct written_date *date);
/* The day meant, if `from` is the day of the paper (0: unknown) and year the paper's (0: unknown);
 * 0 if it is no day or cannot be told. */
int date_day(const struct written_date *date, int from, int year);
/* A number in Chinese or Arabic digits, any width, 〇 in any spelling; -1 if it is none. */
int date_number(const char *text);

#endif
