/* Deadlines: which of the dates in a notice is one, of what, and what about it is doubtful. */
#include "wording/notice/private.h"

#include "base/base.h"
#include "wording/date.h"
#include <string.h>

enum { CLOSING = 18 * 60, DATES_MAX = 200 };

/* What a unit does by a deadline. */
#define HANDS \
    "报送|上报|填报|申报|呈报|报备|报名|报告|报回|报(?:市|我|至|到|送|领导|办公室|区|县|省|各|本)" \
    "|反馈" \
    "|回复|回函|复函|函复|答复|回执|返回|回传|送(?:至|到|交|达|我|市)|报送|提交|递交|上交|交(?:" \
    "至|到|回|我|市|教)" \
    "|发(?:送|至|到|回|我|给|往)|寄|上传|传(?:至|到|真)|填写|提出|提供|提报|完成|确认|告知|汇总|" \
    "登记|签收|办结" \
    "|落实|推荐|书面|电子版|纸质|总结|缴|报$"
PATTERN(hands, HANDS);
PATTERN(naked, "^[^，,。；]{0,24}?(?:" HANDS ")");
PATTERN(event, "^[^，,。；]{0,12}(?:召开|举行|举办|参加|参会|出席|报到|集中|开会|开幕|到场|莅临)");
PATTERN(asks, "(?:请|务必|须|需|应|望|要)[^。；]{0,24}[于在与]?\\s*$");
PATTERN(not_due, "^\\s*(?:起|施行|实施|印发|生效|执行|发布|公布|颁布|出台|成立|开始|以来|以后|之后|"
                 "后|至今|已|召开|举行|制定|颁发|修订|修正|修改|审议|通过|批准)");
PATTERN(in_title, "《[^《》]*$");
PATTERN(done_before, "(?:已|曾)(?:经)?(?:于|在)?\\s*$|原(?:定|来|计划)(?:于|在)?\\s*$");
PATTERN(goal, "(?:到|力争|争取|截至目前)\\s*$");
PATTERN(recurring, "每(?:月|季度?|年|周|半年)[^，。；]{0,6}$");
PATTERN(typo, "[与予干]\\s*$");
PATTERN(closes, "(?:截止|截至|截稿|限期|期限|时限|最迟|最晚|不迟于|不晚于)[^，,。；]{0,12}$");
PATTERN(came_in,
        "(?:收到|征集到|收集到)(?!本|该|此|通知|《|文|来|函|后|之日)[^，。；]{0,16}"
        "(?:意见|建议|反馈|回复|条|份|件)|征求了|征集了|截至目前|(?:已|均已)(?:完成|报送|反馈)");
PATTERN(range, "^\\s*(?:起)?\\s*(?:至|到|—+|－+|-+|~|～|–)\\s*$");
PATTERN(from_now, "即日起\\s*(?:至|到)\\s*$");
PATTERN(asked_time,
        "(?:意见|反馈|报名|报送|申报|提交|征集|征求|受理|填报|接收|公示)[^。；]{0,6}(?:时间|"
        "期限|日期|期|截止)"
        "|即日起|起[^。；]{0,20}止|期间[^。；]{0,24}(?:提出|反馈|提交|报送)");
PATTERN(within, "(?:(?<issue>(?:自|从)?[^，。；]{0,6}(?:印发|发布|公布|下发|发文|公示|发出)之?日)"
                "|(?<receipt>(?:自|从|在|于)?(?:收|接)到?[^，。；]{0,8}))"
                "[^，。；0-9]{0,6}?(?<n>[0-9０-９]{1,3}|[一二两三四五六七八九十]{1,3})\\s*个?\\s*"
                "(?<unit>工作日|自然日|日|天)\\s*(?:之|以)?(?:内|前)"
                "|在\\s*(?<m>[0-9０-９]{1,3}|[一二三四五六七八九十]{1,3})\\s*个?\\s*"
                "(?<span>工作日|自然日|日|天)\\s*(?:之|以)?内[^。；]{0,12}(?:" HANDS ")");
/* Whatever is in brackets belongs to it. */
#define THING(max) "(?:[^，,、：。；（(）)]|[（(][^（()）]*[)）]){2," max "}?"
/* Verbs, but not the nouns that begin with them: 报告, 回执, 反馈表. */
#define MOVES \
    "(?:报(?!告|名|表)|反馈(?!表|意见|单)|送(?!审)|交(?!流|通)|发(?!展|言|改)|寄|返|提(?!纲|案|" \
    "升)" \
    "|回(?!执|函)|填(?!报表)|上传|上报|传(?!真件|播))"
PATTERN(what_behind, "^[，,]?\\s*(?:将|把)(?<what>" THING("40") "(?:、" THING(
                         "20") "){0,3}?)\\s*"
                               "(?:以[^，。；（(]{2,12}(?:形式|方式)(?:[（(][^（()）]*[)）])?|书面|"
                               "一并|分别|统一|直接|加盖[^"
                               "，。；]{0,8})?" MOVES);
PATTERN(what_verb, "^[，,]?\\s*(?:报送|提交|上报|上交|填报|报|反馈|填写|提出|寄送|递交)"
                   "(?<what>[^，,。；、的]{2,24}?)(?=[，,。；、]|至|到|给|$)");
PATTERN(what_before,
        "(?:^|[，,、：])\\s*(?:请)?(?:并)?(?:将)?(?<what>(?!请|各|并|经|原|现|将)" THING(
            "24") ")(?:请|务必|须|应)?(?:务必)?于$");

struct deadline {
    struct span sentence, what;
    struct written_date date;
    int day, minute;
    gboolean excluded; /* day is the one before that which is named */
    const char *doubt;
};

static int closing_of(const struct notice *notice)
{
    return notice->setting->closing > 0 ? notice->setting->closing : CLOSING;
}

/* A 前 right behind a day; whole months and hours have none that could mean two days. */
static gboolean counts_before(const struct notice *notice, const struct deadline *d)
{
    gboolean whole = d->date.near == NEAR_END || d->date.near == NEAR_YEAR_END ||
                     d->date.near == NEAR_VAGUE || d->date.day == 32;
    return d->date.before && !whole && d->minute < 0 && !d->date.off_work &&
           g_str_has_prefix(notice->text + d->date.end - strlen("前"), "前");
}

static char *at_text(const struct notice *notice, const struct deadline *d)
{
    g_autofree char *day = d->day != 0 ? day_text(d->day) : NULL;
    int minute = d->date.off_work ? closing_of(notice) : d->minute;
    if (day == NULL || minute < 0 || minute == 24 * 60)
        return g_steal_pointer(&day);
    g_autofree char *text = g_strdup_printf("%s %02d:%02d", day, minute / 60, minute % 60);
    return deadline_normalize(text, NULL);
}

static void warn_of_day(struct notice *notice, const struct deadline *d)
{
    g_autofree char *words = span_text(notice->text, d->date.span);
    g_autofree char *day = d->day != 0 ? day_chinese(d->day) : NULL;
    g_autofree char *named = d->day != 0 ? day_chinese(d->day + d->excluded) : NULL;
    if (d->doubt != NULL)
        notice_warn(notice, "doubtful_date", "“%s”%s，请核对", words, d->doubt);
    if (d->day == 0)
        return;
    GDate date;
    g_date_clear(&date, 1);
    g_date_set_julian(&date, (guint32)(d->day + d->excluded));
    if (d->date.weekday != 0 && d->date.weekday != (int)g_date_get_weekday(&date))
        notice_warn(notice, "weekday_mismatch", "“%s”的星期与日期不符，这一天是%s", words, named);
    if (notice->date != 0 && d->day < notice->date)
        notice_warn(notice, "past_deadline", "截止日期 %s 在通知日期之前", day);
    if (!day_is_working(d->day))
        notice_warn(notice, "nonworking_day", "截止日期 %s 不是工作日", day);
}

static json_t *what_json(const struct notice *notice, struct span what)
{
    return what.to > what.from ? span_json(notice->text, what) : json_null();
}

/* In the order of the text. */
static void add_deadline(struct notice *notice, const struct deadline *d, const char *at,
                         const char *before, json_t *relative)
{
    json_t *list = json_object_get(notice->json, "deadlines");
    guint i = 0;
    while (i < notice->places->len && g_array_index(notice->places, gsize, i) <= d->date.span.from)
        i++;
    g_array_insert_val(notice->places, i, d->date.span.from);
    json_array_insert_new(list, i,
                          json_pack("{so ss? ss? so so}", "what", what_json(notice, d->what), "at",
                                    at, "before", before, "relative", relative, "text",
                                    span_json(notice->text, d->sentence)));
}

static void prove_deadlines(struct notice *notice)
{
    gsize i;
    json_t *one;
    json_array_foreach (json_object_get(notice->json, "deadlines"), i, one) {
        g_autofree char *path = g_strdup_printf("deadlines.%zu", i);
        json_object_set(notice->evidence, path, json_object_get(one, "text"));
        if (i == 0)
            json_object_set(notice->evidence, "deadlines", json_object_get(one, "text"));
    }
}

static gboolean known(const struct notice *notice, const char *at)
{
    gsize i;
    json_t *one;
    json_array_foreach (json_object_get(notice->json, "deadlines"), i, one) {
        const char *other = json_string_value(json_object_get(one, "at"));
        if (other != NULL && at != NULL && strncmp(other, at, strlen("2019-06-21")) == 0)
            return TRUE;
    }
    return FALSE;
}

static void find_what(const struct notice *notice, struct deadline *d)
{
    struct span behind = { d->date.end, d->sentence.to };
    struct span before = { d->sentence.from, d->date.span.from };
    if (!pattern_find(&what_behind, notice->text, behind, 1, &d->what) &&
        !pattern_find(&what_before, notice->text, before, 1, &d->what) &&
        !pattern_find(&what_verb, notice->text, behind, 1, &d->what))
        d->what = (struct span){ 0, 0 };
}

static void take_deadline(struct notice *notice, struct deadline *d)
{
    g_autofree char *at = at_text(notice, d);
    if (known(notice, at))
        return;
    if (d->day == 0 && d->doubt == NULL)
        d->doubt = "是哪一天不能确定";
    else if (d->doubt == NULL && d->date.year == 0 && notice->date == 0)
        d->doubt = "没有写年份，按文号的年份理解";
    find_what(notice, d);
    warn_of_day(notice, d);
    add_deadline(notice, d, at,
                 !counts_before(notice, d)    ? NULL
                 : notice->setting->exclusive ? "exclusive"
                                              : "inclusive",
                 json_null());
}

/* ---- which dates are deadlines */

enum role_of_date { NO_DEADLINE, DEADLINE, DOUBTFUL };

static enum role_of_date judge_before(const struct notice *notice, const struct deadline *d)
{
    struct span before = { d->sentence.from, d->date.span.from };
    struct span behind = { d->date.end, d->sentence.to };
    if (pattern_in(&recurring, notice->text, before) ||
        pattern_in(&done_before, notice->text, before) ||
        pattern_in(&not_due, notice->text, behind))
        return NO_DEADLINE;
    if (pattern_in(&goal, notice->text, before) && !pattern_in(&closes, notice->text, before))
        return NO_DEADLINE;
    if (!pattern_in(&hands, notice->text, d->sentence) &&
        !pattern_in(&closes, notice->text, before) && !pattern_in(&asks, notice->text, before))
        return NO_DEADLINE;
    return pattern_in(&typo, notice->text, before) ? DOUBTFUL : DEADLINE;
}

/* A date without 前. */
static enum role_of_date judge_naked(const struct notice *notice, const struct deadline *d)
{
    struct span before = { d->sentence.from, d->date.span.from };
    struct span behind = { d->date.end, d->sentence.to };
    if (pattern_in(&recurring, notice->text, before) ||
        pattern_in(&not_due, notice->text, behind) || pattern_in(&event, notice->text, behind))
        return NO_DEADLINE;
    if (pattern_in(&closes, notice->text, before))
        return DEADLINE;
    if (d->date.near == NEAR_YEAR_END || !pattern_in(&asks, notice->text, before))
        return NO_DEADLINE;
    gboolean gone = notice->date != 0 && d->day != 0 && d->day < notice->date;
    return !gone && pattern_in(&naked, notice->text, behind) ? DOUBTFUL : NO_DEADLINE;
}

static enum role_of_date judge_date(const struct notice *notice, const struct deadline *d,
                                    const struct written_date *start)
{
    struct span before = { d->sentence.from, d->date.span.from };
    if (pattern_in(&came_in, notice->text, d->sentence) ||
        pattern_in(&in_title, notice->text, before))
        return NO_DEADLINE;
    if (start != NULL || pattern_in(&from_now, notice->text, before))
        return pattern_in(&asked_time, notice->text, d->sentence) ? DEADLINE : NO_DEADLINE;
    return d->date.before ? judge_before(notice, d) : judge_naked(notice, d);
}

/* The end of a range says only what differs from its beginning. */
static void complete_range(const struct notice *notice, struct deadline *d,
                           const struct written_date *start)
{
    int from = date_day(start, notice->date, notice->year);
    if (from == 0)
        return;
    if (d->date.near == NEAR_MONTH || (d->date.near == NEAR_NONE && d->date.year == 0))
        d->day = date_day(&d->date, from, 0);
    if (d->day != 0 && d->day < from && d->date.year == 0 && d->date.near == NEAR_NONE)
        d->day = date_day(&d->date, from + 365, 0);
}

static gboolean is_range(const struct notice *notice, const struct written_date *start, gsize to)
{
    struct span between = { start->span.to, to };
    return between.from < between.to && pattern_in(&range, notice->text, between);
}

/* The day of a range's end, “至21日”, has nothing behind it that would tell a bare day. */
PATTERN(bare_end, "^\\s*(?:起)?\\s*(?:至|到|—+|－+|-+|~|～|–)\\s*(?<d>[0-9０-９]{1,2})\\s*日");

static gboolean find_bare_end(const struct notice *notice, const struct written_date *start,
                              struct written_date *date)
{
    struct span found, in = { start->span.to, notice->body.to };
    if (!pattern_at(&bare_end, notice->text, in) ||
        !pattern_find(&bare_end, notice->text, in, 1, &found))
        return FALSE;
    g_autofree char *digits = span_text(notice->text, found);
    *date = (struct written_date){ .near = NEAR_MONTH, .day = date_number(digits), .minute = -1 };
    date->span = (struct span){ found.from, found.to + strlen("日") };
    date->end = date->span.to;
    return TRUE;
}

static void judge_and_take(struct notice *notice, const struct written_date *date,
                           const struct written_date *start)
{
    struct deadline d = { .date = *date, .minute = date->minute };
    d.sentence = notice_sentence(notice, date->span);
    d.day = date_day(date, notice->date, notice->year);
    if (start != NULL)
        complete_range(notice, &d, start);
    enum role_of_date role = judge_date(notice, &d, start);
    if (role == NO_DEADLINE)
        return;
    d.excluded = d.day != 0 && counts_before(notice, &d) && notice->setting->exclusive;
    d.day -= d.excluded;
    if (role == DOUBTFUL)
        d.doubt = d.date.before ? "前面的“于”字有误" : "后面没有“前”字，按当日截止理解";
    take_deadline(notice, &d);
}

static void read_dates(struct notice *notice)
{
    struct span in = notice->body;
    in.to = MIN(in.to, notice_line(notice, notice->signature).from);
    struct written_date start = { .day = -1 }, date;
    for (int n = 0; n < DATES_MAX; n++) {
        gboolean bare = start.day >= 0 && find_bare_end(notice, &start, &date);
        if (!bare && !date_find(notice->text, in, &date))
            return;
        gboolean ranged = bare || (start.day >= 0 && is_range(notice, &start, date.span.from));
        struct written_date next;
        gboolean begins = find_bare_end(notice, &date, &next) ||
                          (date_find(notice->text, (struct span){ date.end, in.to }, &next) &&
                           is_range(notice, &date, next.span.from));
        if (!begins)
            judge_and_take(notice, &date, ranged ? &start : NULL);
        start = date;
        in.from = date.end;
    }
}

static void read_relative(struct notice *notice)
{
    g_autoptr(GMatchInfo) match = pattern_match(&within, notice->text, notice->body);
    for (int k = 0; k < DATES_MAX && g_match_info_matches(match); k++) {
        struct span found;
        match_span(match, notice->body, 0, &found);
        g_autofree char *issue = match_word(match, "issue");
        g_autofree char *receipt = match_word(match, "receipt");
        g_autofree char *n = match_word(match, "n");
        g_autofree char *m = match_word(match, "m");
        g_autofree char *unit = match_word(match, *n != '\0' ? "unit" : "span");
        struct span sentence = notice_sentence(notice, found);
        int days = date_number(*n != '\0' ? n : m);
        json_t *start = *issue != '\0'     ? json_string("issue")
                        : *receipt != '\0' ? json_string("receipt")
                                           : json_null();
        struct deadline d = { .sentence = sentence, .date.end = found.to };
        d.date.span = found;
        find_what(notice, &d);
        add_deadline(notice, &d, NULL, NULL,
                     json_pack("{si sb so}", "days", days, "working", g_str_equal(unit, "工作日"),
                               "from", start));
        g_autofree char *words = span_text(notice->text, d.date.span);
        notice_warn(notice, "relative_deadline", "“%s”按各单位收到通知的时间分别计算", words);
        g_match_info_next(match, NULL);
    }
}

void notice_read_deadlines(struct notice *notice)
{
    notice->places = g_array_new(FALSE, FALSE, sizeof(gsize));
    read_dates(notice);
    read_relative(notice);
    prove_deadlines(notice);
    g_array_unref(notice->places);
    json_t *list = json_object_get(notice->json, "deadlines");
    json_t *only = json_array_get(list, 0);
    if (json_array_size(list) > 1)
        notice_warn(notice, "two_deadlines", "通知里有 %zu 个截止时间，请分清各是什么的截止时间",
                    json_array_size(list));
    if (json_array_size(list) != 1 || json_is_null(json_object_get(only, "at")))
        return;
    json_object_set(notice->json, "deadline", json_object_get(only, "at"));
    json_object_set(notice->evidence, "deadline", json_object_get(only, "text"));
}
