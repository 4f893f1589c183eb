/* The head and the foot of a notice: title, number, recipients; who signed it, and when. */
#include "wording/notice/private.h"

#include "base/base.h"
#include "wording/date.h"
#include "wording/words.h"
#include <string.h>

enum {
    HEAD_LINES = 16,
    FOOT_LINES = 8,
    ISSUER_MAX = 40,
    TITLE_LINES_MAX = 4,
    FOOT_MAX = 200 /* bytes */
};

#define OPEN "[〔\\[［(（【〈]"
#define CLOSE "[〕\\]］)）】〉]"
#define NUMBER \
    "(?<word>[\\p{Han}A-Za-z/·（）()]{1,24}?(?:\\s*TC\\s*\\d+)?)\\s*(?:" OPEN \
    "\\s*(?<y1>[0-9０-９]{4})\\s*" CLOSE "?|(?<y2>[0-9０-９]{4})\\s*" CLOSE \
    ")\\s*第?\\s*(?<n>[0-9０-９]{1,5})\\s*[号號]"
PATTERN(number_line, "^" NUMBER "\\s*(?:签发人.*)?$");
PATTERN(number_inside, "[（(]" NUMBER "[)）]\\s*$");
PATTERN(title_end, "(?:通知|函|公告|通报|意见|方案|公示|请示|报告|批复|决定|督办单|启事)"
                   "(?:[（(][^（()）]*[)）])?$");
PATTERN(about, "关\\s*于|转发|印发");
PATTERN(no_title, "文件$|^签发人|^[0-9０-９]+$|^(?:特急|加急|急件|平急)$|★");
PATTERN(addressed, "^[^。；！？]{2,300}[：:]$");
PATTERN(not_addressed, "^(?:附件|联系|说明|注|如下|具体)|(?:如下|以下|方式|意见)[：:]$|^(?:现将|为|"
                       "根据|经)|(?:职责|要求|事项|内容)[：:]$");
PATTERN(annex_line, "附\\s*件?\\s*[：:]\\s*\\S");
PATTERN(annex_mark, "附\\s*件\\s*[0-9０-９一二三四五六七八九十]{0,3}\\s*[：:]?$");
PATTERN(
    unit_name,
    "(?:办公室|委员会|领导小组|联席会议|委|局|厅|部|会|协|院|府|中心|处|站|所|馆|校|社"
    "|公司|大学|小组|室|集团|银行|办|科|团|组|队|署|党组|支部|总站|联)(?:[（(][^（()）]*[)）])?$");
PATTERN(seal_line, "^[（(][^（()）]*章[^（()）]*[)）]$");
PATTERN(seal_remark, "\\s*[（(][^（()）]*章[^（()）]*[)）]\\s*$");

static gboolean line_in(const struct notice *notice, guint line, struct pattern *pattern)
{
    g_autofree char *text = span_text(notice->text, notice_line(notice, line));
    return pattern_in(pattern, text, (struct span){ 0, strlen(text) });
}

static gboolean line_at(const struct notice *notice, guint line, struct pattern *pattern)
{
    g_autofree char *text = span_text(notice->text, notice_line(notice, line));
    return pattern_at(pattern, text, (struct span){ 0, strlen(text) });
}

/* ---- where the parts are */

static void find_title(struct notice *notice)
{
    guint last = MIN(notice->lines->len, HEAD_LINES);
    for (guint i = 0; i < last; i++) {
        if (line_in(notice, i, &no_title) || line_at(notice, i, &number_line) ||
            line_in(notice, i, &addressed))
            continue;
        gboolean begins = line_in(notice, i, &about);
        guint end = i;
        while (end < last && end < i + TITLE_LINES_MAX && !line_in(notice, end, &addressed) &&
               !line_in(notice, end, &title_end))
            end++;
        if (end == last || !line_in(notice, end, &title_end) || (end > i && !begins))
            continue;
        struct span line = notice_line(notice, i);
        if (g_utf8_strlen(notice->text + line.from, (gssize)(line.to - line.from)) > 120)
            continue;
        notice->title = i;
        notice->title_end = end + 1;
        return;
    }
}

static void find_parts(struct notice *notice)
{
    find_title(notice);
    notice->first = notice->title_end;
    notice->end = notice->annex_list = notice->lines->len;
    for (guint i = notice->title_end; i < MIN(notice->lines->len, notice->title_end + 3); i++) {
        if (!line_in(notice, i, &addressed) || line_in(notice, i, &not_addressed))
            continue;
        notice->first = i + 1;
        break;
    }
    for (guint i = notice->first; i < notice->lines->len; i++)
        if (i > notice->first && line_at(notice, i, &annex_mark)) {
            /* A lone 附件： over a list is no annex itself. */
            g_autofree char *text = span_text(notice->text, notice_line(notice, i));
            if (!words_ends(text, "：:") || notice->annex_list < i) {
                notice->end = i;
                break;
            }
            notice->annex_list = MIN(notice->annex_list, i);
        } else if (line_at(notice, i, &annex_line)) {
            notice->annex_list = MIN(notice->annex_list, i);
        }
    notice->annex_list = MIN(notice->annex_list, notice->end);
    notice->body_end = notice_line(notice, notice->end).from;
    notice->body = span_head(
        notice->text, (struct span){ notice_line(notice, notice->first).from, notice->body_end },
        BODY_MAX);
}

/* ---- fields */

static void read_title(struct notice *notice)
{
    if (notice->title == notice->title_end)
        return;
    GString *title = g_string_new(NULL);
    for (guint i = notice->title; i < notice->title_end; i++) {
        g_autofree char *line = span_text(notice->text, notice_line(notice, i));
        g_string_append(title, line);
    }
    json_object_set_new(notice->json, "title", json_string(title->str));
    notice_prove(notice, "title",
                 (struct span){ notice_line(notice, notice->title).from,
                                notice_line(notice, notice->title_end - 1).to });
    g_string_free(title, TRUE);
}

static gboolean take_number(struct notice *notice, guint line, struct pattern *pattern)
{
    g_autofree char *text = span_text(notice->text, notice_line(notice, line));
    g_autoptr(GMatchInfo) match = pattern_match(pattern, text, (struct span){ 0, strlen(text) });
    if (!g_match_info_matches(match))
        return FALSE;
    g_autofree char *word = match_word(match, "word");
    g_autofree char *compact = text_compact(word);
    g_autofree char *y1 = match_word(match, "y1");
    g_autofree char *y2 = match_word(match, "y2");
    g_autofree char *n = match_word(match, "n");
    int year = date_number(*y1 != '\0' ? y1 : y2);
    g_autofree char *number = g_strdup_printf("%s〔%d〕%d号", compact, year, date_number(n));
    json_object_set_new(notice->json, "number", json_string(number));
    notice_prove(notice, "number", notice_line(notice, line));
    notice->year = year;
    return TRUE;
}

static void read_number(struct notice *notice)
{
    guint last = MIN(notice->lines->len, MAX(notice->first, 1) + 1);
    for (guint i = 0; i < last; i++)
        if (line_at(notice, i, &number_line) && take_number(notice, i, &number_line))
            return;
    if (notice->title_end > notice->title)
        take_number(notice, notice->title_end - 1, &number_inside);
}

/* Pieces separated by 、 and ，, but not inside brackets, and not “各县、区科协”. */
static void read_recipients(struct notice *notice)
{
    if (notice->first <= notice->title_end)
        return;
    struct span line = notice_line(notice, notice->first - 1);
    g_autofree char *text = span_text(notice->text, line);
    json_t *list = json_object_get(notice->json, "recipients");
    g_autoptr(GString) piece = g_string_new(NULL);
    int depth = 0;
    for (const char *p = text;; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        gboolean end = c == 0 || c == ':' || c == 0xFF1A;
        depth += (c == '(' || c == 0xFF08) - (c == ')' || c == 0xFF09);
        gboolean cut = depth == 0 && (c == 0x3001 || c == 0xFF0C || c == ',');
        gboolean stub =
            c == 0x3001 && g_str_has_prefix(piece->str, "各") && g_utf8_strlen(piece->str, -1) <= 2;
        if (!end && (!cut || stub)) {
            g_string_append_unichar(piece, c);
            continue;
        }
        g_autofree char *trimmed = words_trim(piece->str);
        if (*trimmed != '\0')
            json_array_append_new(list, json_string(trimmed));
        g_string_truncate(piece, 0);
        if (end)
            break;
    }
    notice_prove(notice, "recipients", line);
}

/* The date that ends a line, with nothing behind it. */
static gboolean ends_with_date(const struct notice *notice, guint line, struct written_date *date)
{
    struct span in = notice_line(notice, line);
    if (in.to - in.from > FOOT_MAX)
        in.from = in.to - FOOT_MAX;
    while (((guchar)notice->text[in.from] & 0xC0) == 0x80)
        in.from++;
    while (date_find(notice->text, in, date)) {
        if (date->year > 0 && date->near == NEAR_NONE && !date->before && date->span.to == in.to &&
            date_day(date, 0, 0) != 0)
            return TRUE;
        in.from = date->end;
    }
    return FALSE;
}

gboolean notice_names_unit(const char *text)
{
    struct span all = { 0, strlen(text) };
    glong n = g_utf8_strlen(text, -1);
    return n >= 2 && n <= ISSUER_MAX && !words_has_any(text, "，。；：:！？《1234567890") &&
           pattern_in(&unit_name, text, all);
}

static gboolean may_sign(const struct notice *notice, struct span name)
{
    g_autofree char *text = span_text(notice->text, name);
    return notice_names_unit(text);
}

static void take_issuer(struct notice *notice, struct span name)
{
    struct span remark;
    notice_prove(notice, "issuer", name);
    if (pattern_find(&seal_remark, notice->text, name, 0, &remark))
        name.to = remark.from;
    json_object_set_new(notice->json, "issuer", span_json(notice->text, name));
}

static struct span trimmed(const char *text, struct span span)
{
    while (span.to > span.from) {
        const char *before = g_utf8_prev_char(text + span.to);
        if (!g_unichar_isspace(g_utf8_get_char(before)))
            break;
        span.to = (gsize)(before - text);
    }
    return span;
}

/* The 落款: a date below, or behind, the name of who signs. */
static void read_foot(struct notice *notice)
{
    guint from = MAX(notice->first, notice->end > FOOT_LINES ? notice->end - FOOT_LINES : 0);
    struct written_date date;
    notice->signature = notice->end;
    for (guint i = notice->end; i-- > from;) {
        if (!ends_with_date(notice, i, &date))
            continue;
        struct span line = notice_line(notice, i);
        struct span name = trimmed(notice->text, (struct span){ line.from, date.span.from });
        gboolean beside = name.to > name.from;
        if (beside && !may_sign(notice, name))
            continue;
        notice->date = date_day(&date, 0, 0);
        g_autofree char *day = day_text(notice->date);
        json_object_set_new(notice->json, "date", json_string(day));
        notice_prove(notice, "date", line);
        notice->signature = i;
        /* （市科协代章） stands between the name and the date. */
        guint above = i > from + 1 && line_in(notice, i - 1, &seal_line) ? i - 2 : i - 1;
        if (beside) {
            take_issuer(notice, name);
        } else if (i > from && may_sign(notice, notice_line(notice, above))) {
            take_issuer(notice, notice_line(notice, above));
            notice->signature = above;
        }
        return;
    }
    for (guint i = notice->end; i-- > from;)
        if (may_sign(notice, notice_line(notice, i))) {
            take_issuer(notice, notice_line(notice, i));
            notice->signature = i;
            return;
        }
}

/* Without a 落款 the head tells: “……文件”, or the title before 关于. */
static void read_letterhead(struct notice *notice)
{
    struct span about_at, line;
    if (!json_is_null(json_object_get(notice->json, "issuer")))
        return;
    for (guint i = 0; i < notice->title; i++) {
        line = notice_line(notice, i);
        g_autofree char *text = span_text(notice->text, line);
        gboolean marked = g_str_has_suffix(text, "文件");
        if (marked)
            line.to -= strlen("文件");
        if (marked || may_sign(notice, line)) {
            take_issuer(notice, trimmed(notice->text, line));
            return;
        }
    }
    if (notice->title_end == notice->title)
        return;
    line = notice_line(notice, notice->title);
    if (pattern_find(&about, notice->text, line, 0, &about_at) && about_at.from > line.from &&
        may_sign(notice, (struct span){ line.from, about_at.from }))
        take_issuer(notice, (struct span){ line.from, about_at.from });
}

void notice_read_head(struct notice *notice)
{
    find_parts(notice);
    read_title(notice);
    read_number(notice);
    read_recipients(notice);
    read_foot(notice);
    read_letterhead(notice);
    if (notice->date == 0)
        notice->date = notice->setting->date;
}
