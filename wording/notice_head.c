/* The head and the foot of a notice: title, number, recipients; who signed it, and when. */
#include "wording/notice_private.h"

#include "base/base.h"
#include "wording/date.h"
#include "wording/private.h"
#include <string.h>

enum { HEAD_LINES = 16, FOOT_LINES = 8, ISSUER_MAX = 40, TITLE_LINES_MAX = 4 };

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
PATTERN(not_addressed, "^(?:附件|联系|说明|注|如下|具体)|如下[：:]$|(?:职责|要求|事项|内容)[：:]$");
PATTERN(annex_line, "附\\s*件?\\s*[：:]\\s*\\S");
PATTERN(annex_mark, "附\\s*件\\s*[0-9０-９一二三四五六七八九十]{0,3}\\s*[：:]?$");
PATTERN(unit_name,
        "(?:办公室|委员会|领导小组|联席会议|委|局|厅|部|会|协|院|府|中心|处|站|所|馆|校|社"
        "|公司|大学|小组|办|科|团|组|队|署|党组|支部|总站|联)(?:[（(][^（()）]*[)）])?$");
PATTERN(seal_remark, "\\s*[（(][^（()）]*章[^（()）]*[)）]\\s*$");

static gboolean line_in(const struct paper *paper, guint line, struct pattern *pattern)
{
    g_autofree char *text = span_text(paper->text, paper_line(paper, line));
    return pattern_in(pattern, text, (struct span){ 0, strlen(text) });
}

static gboolean line_at(const struct paper *paper, guint line, struct pattern *pattern)
{
    g_autofree char *text = span_text(paper->text, paper_line(paper, line));
    return pattern_at(pattern, text, (struct span){ 0, strlen(text) });
}

/* ---- where the parts are */

static void find_title(struct paper *paper)
{
    guint last = MIN(paper->lines->len, HEAD_LINES);
    for (guint i = 0; i < last; i++) {
        if (line_in(paper, i, &no_title) || line_at(paper, i, &number_line) ||
            line_in(paper, i, &addressed))
            continue;
        gboolean begins = line_in(paper, i, &about);
        guint end = i;
        while (end < last && end < i + TITLE_LINES_MAX && !line_in(paper, end, &addressed) &&
               !line_in(paper, end, &title_end))
            end++;
        if (end == last || !line_in(paper, end, &title_end) || (end > i && !begins))
            continue;
        struct span line = paper_line(paper, i);
        if (g_utf8_strlen(paper->text + line.from, (gssize)(line.to - line.from)) > 120)
            continue;
        paper->title = i;
        paper->title_end = end + 1;
        return;
    }
}

static void find_parts(struct paper *paper)
{
    find_title(paper);
    paper->first = paper->title_end;
    paper->end = paper->annex_list = paper->lines->len;
    for (guint i = paper->title_end; i < MIN(paper->lines->len, paper->title_end + 3); i++) {
        if (!line_in(paper, i, &addressed) || line_in(paper, i, &not_addressed))
            continue;
        paper->first = i + 1;
        break;
    }
    for (guint i = paper->first; i < paper->lines->len; i++)
        if (i > paper->first && line_at(paper, i, &annex_mark)) {
            /* A lone 附件： over a list is no annex itself. */
            g_autofree char *text = span_text(paper->text, paper_line(paper, i));
            if (!words_ends(text, "：:") || paper->annex_list < i) {
                paper->end = i;
                break;
            }
            paper->annex_list = MIN(paper->annex_list, i);
        } else if (line_at(paper, i, &annex_line)) {
            paper->annex_list = MIN(paper->annex_list, i);
        }
    paper->annex_list = MIN(paper->annex_list, paper->end);
    paper->body =
        (struct span){ paper_line(paper, paper->first).from, paper_line(paper, paper->end).from };
}

/* ---- fields */

static void read_title(struct paper *paper)
{
    if (paper->title == paper->title_end)
        return;
    GString *title = g_string_new(NULL);
    for (guint i = paper->title; i < paper->title_end; i++) {
        g_autofree char *line = span_text(paper->text, paper_line(paper, i));
        g_string_append(title, line);
    }
    json_object_set_new(paper->json, "title", json_string(title->str));
    paper_prove(paper, "title",
                (struct span){ paper_line(paper, paper->title).from,
                               paper_line(paper, paper->title_end - 1).to });
    g_string_free(title, TRUE);
}

static gboolean take_number(struct paper *paper, guint line, struct pattern *pattern)
{
    g_autofree char *text = span_text(paper->text, paper_line(paper, line));
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
    json_object_set_new(paper->json, "number", json_string(number));
    paper_prove(paper, "number", paper_line(paper, line));
    paper->year = year;
    return TRUE;
}

static void read_number(struct paper *paper)
{
    guint last = MIN(paper->lines->len, MAX(paper->first, 1) + 1);
    for (guint i = 0; i < last; i++)
        if (line_at(paper, i, &number_line) && take_number(paper, i, &number_line))
            return;
    if (paper->title_end > paper->title)
        take_number(paper, paper->title_end - 1, &number_inside);
}

/* Pieces separated by 、 and ，, but not inside brackets, and not “各县、区科协”. */
static void read_recipients(struct paper *paper)
{
    if (paper->first <= paper->title_end)
        return;
    struct span line = paper_line(paper, paper->first - 1);
    g_autofree char *text = span_text(paper->text, line);
    json_t *list = json_object_get(paper->json, "recipients");
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
    paper_prove(paper, "recipients", line);
}

/* The date that ends a line, with nothing behind it. */
static gboolean ends_with_date(const struct paper *paper, guint line, struct written_date *date)
{
    struct span in = paper_line(paper, line);
    while (date_find(paper->text, in, date)) {
        if (date->year > 0 && date->near == NEAR_NONE && !date->before && date->span.to == in.to &&
            date_day(date, 0, 0) != 0)
            return TRUE;
        in.from = date->end;
    }
    return FALSE;
}

static gboolean may_sign(const struct paper *paper, struct span name)
{
    g_autofree char *text = span_text(paper->text, name);
    struct span all = { 0, strlen(text) };
    return g_utf8_strlen(text, -1) <= ISSUER_MAX &&
           !words_has_any(text, "，。；：:！？《1234567890") && pattern_in(&unit_name, text, all);
}

static void take_issuer(struct paper *paper, struct span name)
{
    struct span remark;
    paper_prove(paper, "issuer", name);
    if (pattern_find(&seal_remark, paper->text, name, 0, &remark))
        name.to = remark.from;
    json_object_set_new(paper->json, "issuer", span_json(paper->text, name));
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
static void read_foot(struct paper *paper)
{
    guint from = MAX(paper->first, paper->end > FOOT_LINES ? paper->end - FOOT_LINES : 0);
    struct written_date date;
    paper->signature = paper->end;
    for (guint i = paper->end; i-- > from;) {
        if (!ends_with_date(paper, i, &date))
            continue;
        struct span line = paper_line(paper, i);
        struct span name = trimmed(paper->text, (struct span){ line.from, date.span.from });
        gboolean beside = name.to > name.from;
        if (beside && !may_sign(paper, name))
            continue;
        paper->date = date_day(&date, 0, 0);
        g_autofree char *day = day_text(paper->date);
        json_object_set_new(paper->json, "date", json_string(day));
        paper_prove(paper, "date", line);
        paper->signature = i;
        if (beside) {
            take_issuer(paper, name);
        } else if (i > from && may_sign(paper, paper_line(paper, i - 1))) {
            take_issuer(paper, paper_line(paper, i - 1));
            paper->signature = i - 1;
        }
        return;
    }
    for (guint i = paper->end; i-- > from;)
        if (may_sign(paper, paper_line(paper, i))) {
            take_issuer(paper, paper_line(paper, i));
            paper->signature = i;
            return;
        }
}

/* Without a 落款 the head tells: “……文件”, or the title before 关于. */
static void read_letterhead(struct paper *paper)
{
    struct span about_at, line;
    if (!json_is_null(json_object_get(paper->json, "issuer")))
        return;
    for (guint i = 0; i < paper->title; i++) {
        line = paper_line(paper, i);
        g_autofree char *text = span_text(paper->text, line);
        gboolean marked = g_str_has_suffix(text, "文件");
        if (marked)
            line.to -= strlen("文件");
        if (marked || may_sign(paper, line)) {
            take_issuer(paper, trimmed(paper->text, line));
            return;
        }
    }
    if (paper->title_end == paper->title)
        return;
    line = paper_line(paper, paper->title);
    if (pattern_find(&about, paper->text, line, 0, &about_at) && about_at.from > line.from &&
        may_sign(paper, (struct span){ line.from, about_at.from }))
        take_issuer(paper, (struct span){ line.from, about_at.from });
}

void paper_read_head(struct paper *paper)
{
    find_parts(paper);
    read_title(paper);
    read_number(paper);
    read_recipients(paper);
    read_foot(paper);
    read_letterhead(paper);
    if (paper->date == 0)
        paper->date = paper->setting->date;
}
