/* Sentences that speak for somebody, or about a paper. Each name becomes one sign, so that the
 * patterns see sentences and not names. */
#include "wording/names.h"

#include "base/base.h"
#include "wording/pattern.h"
#include "wording/wrap.h"

#include <string.h>

#define SIGN "\xEE\x80\x80" /* U+E000, which nobody writes */

#define NAME "\\x{E000}(?:办公室|办)?"
#define OWN "(?:[我本](?:局|委|办|部|会|院|校|中心|单位)|我们(?:局|委|办|部|会|院|校|中心|单位)?)"
#define ANY "(?:" NAME "|" OWN ")"
#define JOINT "(?:[、，,/]|以及|会同|连同|[和与及同])"
#define SEVERAL ANY "(?:" JOINT ANY "){1,30}"
#define ONE_OR_MORE ANY "(?:" JOINT ANY "){0,30}"
/* A clause begins. */
#define BEGIN "(?<![^。；;：:，,！!？、（(])"
#define OPINION "(?:意见|异议|建议|看法)"
#define NOTHING "(?:无|没有?|未提出?|不提)"

/* The group "who", or the whole of it, names those who speak; it may be 我局 and its like. */
static struct pattern speakers[] = {
    { .text = BEGIN "(?<who>" SEVERAL
                    ")等?(?:(?:[两二三四五六七八九十]|[2-9]|1[0-9])(?:家|个|方)?(?:单位|部门)?)?"
                    "(?:[都均皆俱]|一致)[^，。；]{0,12}(?:" OPINION "|同意|赞成)" },
    { .text = BEGIN "(?<who>" SEVERAL
                    ")等?(?:(?:[两二三四五六七八九十]|[2-9]|1[0-9])(?:家|个|方)?(?:单位|部门)?)?"
                    "(?:一起|共同|联合|统一|合并|一并|商量|研究)"
                    "(?!牵头|负责|发文|印发|开展|组织|推进|实施|举办|承担|制定|落实|参与|主办|"
                    "承办)"
                    "[^。；]{0,16}(?:" OPINION "|回复|反馈|复函|答复|同意|认为)" },
    { .text = "(?:受|代表|(?<![替取现时年当后近古交])代|替|帮)(?<who>" ONE_OR_MORE
              ")的?(?:委托|嘱托|之托|托付)" },
    { .text = "(?:(?<![人大政协党员])代表|(?<![替取现时年当后近古交])代|(?<!代)替|帮)"
              "(?<who>" ONE_OR_MORE ")"
              "[^，。；]{0,6}(?:回复|反馈|报送|填报|填写|提交|答复|回函|表态|填|回|报|转)" },
    { .text = "(?:我|本人|我们)[^，。；]{0,6}(?:负责|担任|代表|代管|兼任?)着?"
              "(?<who>" ONE_OR_MORE ")" },
    { .text =
          BEGIN "(?<who>" ANY ")(?:这边|那边|方面|也|同样|来电|口头)?"
                "(?:对[^，。；]{0,24}|看过了|[^，。；]{0,6})?，?[也都均暂明确表示另]{0,4}" NOTHING
                "(?:任何|其他|其它|不同|修改|补充|什么|的|具体|需要?|要|调整)*"
                "(?:" OPINION "|修改|补充|需要|调整)" },
    { .text = BEGIN "(?<who>" OWN ")[^。；]{0,12}(?:建议|提出|认为|同意)" },
};

/* The same, where it must be a name. */
static struct pattern named_speakers[] = {
    { .text = "(?<who>" NAME ")[^。；]{0,20}(?:委托|托|让|叫|请)(?:我|本人|" OWN ")[^。；，]{0,4}"
              "(?:代|帮|转|回|发|统一|反馈|提交)" },
    { .text = "我(?![局委部会办院校单中])[^，。；]{0,4}(?:从" ANY ")?[^，。；]{0,3}"
              "(?:调|转|借调|挂职)(?:到|至|往|任)(?<who>" NAME ")" },
    { .text = "(?<=[。；;])(?<who>" NAME ")(?:建议|提出|认为)" },
    { .text = BEGIN "(?<who>" NAME ")的?(?:修改|反馈|具体)?意见(?:为|是|如下)?[:：]" },
    { .text = "(?<who>" NAME
              ")[^。；]{0,24}[两三](?:家|个)(?:局|单位|部门)?[都均][^，。；]{0,6}" OPINION },
};

/* After a clause has begun, also behind who writes: 我局对…, 科协就…. */
#define WRITER "(?:经[^，。；]{0,10}，)?(?:[我本](?:局|委|办|部|会|院|校|中心|单位)|\\p{Han}{2,8})?"

#define PAPERS "\\x{E000}(?:[^，。；\\x{E000}]{0,12}[、和与及]《?\\x{E000}){0,9}"

static struct pattern subjects[] = {
    { .text = BEGIN WRITER "(?:对|就|关于|针对)[^，。；]{0,40}?(?<who>" PAPERS
                           ")(?!收悉|收到|已收)(?=[^。；]{0,60}?"
                           "(?:" NOTHING "|意见|建议|同意|[修删改增]))" },
    { .text = BEGIN "《?(?<who>" PAPERS ")(?![^，。；]{0,6}(?:收悉|收到))(?=[^。；]{0,40}?" NOTHING
                    "[^。；]{0,6}" OPINION ")" },
    { .text = BEGIN "《?(?<who>" PAPERS
                    ")(?=[^，。；]{0,12}?第[0-9一二三四五六七八九十百]+[条项款点部章节页])" },
};

struct marked {
    GString *text;
    GArray *owners; /* of its signs */
    GPtrArray *pieces;
};

static void marked_clear(struct marked *m)
{
    g_string_free(m->text, TRUE);
    g_array_unref(m->owners);
    g_ptr_array_unref(m->pieces);
}

static void append_compact(GString *text, const char *from, gsize n)
{
    g_autofree char *piece = g_strndup(from, n);
    g_autofree char *compact = text_compact(piece);
    g_string_append(text, compact);
}

/* 〔2016〕6号文 is not 6号文. */
static gboolean is_end_of_number(const char *line, const struct name_hit *hit)
{
    if (hit->start == 0 || !g_ascii_isdigit(line[hit->start]))
        return FALSE;
    gunichar before = g_utf8_get_char(g_utf8_prev_char(line + hit->start));
    return g_unichar_isdigit(before) || g_utf8_strchr("〕]）)第月年", -1, before) != NULL;
}

/* Pieces of one name that stand together are one: 年度工作, 工作要点. */
static struct marked mark_names(const struct names *names, const char *line)
{
    struct marked m = { g_string_new(NULL), g_array_new(FALSE, FALSE, sizeof(gint64)),
                        g_ptr_array_new_with_free_func(g_free) };
    g_autoptr(GArray) hits = names_find(names, line);
    gsize end = 0;
    for (guint i = 0; i < hits->len; i++) {
        const struct name_hit *hit = &g_array_index(hits, struct name_hit, i);
        if (is_end_of_number(line, hit))
            continue;
        gint64 last = m.owners->len > 0 ? g_array_index(m.owners, gint64, m.owners->len - 1) : 0;
        append_compact(m.text, line + end, hit->start - end);
        end = hit->end;
        if (last == hit->owner && g_str_has_suffix(m.text->str, SIGN))
            continue;
        g_string_append(m.text, SIGN);
        g_array_append_val(m.owners, hit->owner);
        g_ptr_array_add(m.pieces, g_strstrip(g_strndup(line + hit->start, hit->end - hit->start)));
    }
    append_compact(m.text, line + end, strlen(line + end));
    return m;
}

static guint count_signs(const char *text, gsize from, gsize to)
{
    guint n = 0;
    const char *p = text + from;
    while ((p = strstr(p, SIGN)) != NULL && p < text + to) {
        n++;
        p += strlen(SIGN);
    }
    return n;
}

static void add_owner(struct spoken *spoken, gint64 owner, const char *piece)
{
    for (guint i = 0; i < spoken->owners->len; i++)
        if (g_array_index(spoken->owners, gint64, i) == owner)
            return;
    g_array_append_val(spoken->owners, owner);
    g_ptr_array_add(spoken->pieces, g_strdup(piece));
}

static void add_who(struct spoken *spoken, const struct marked *m, gsize from, gsize to)
{
    guint first = count_signs(m->text->str, 0, from);
    guint n = count_signs(m->text->str, from, to);
    g_autofree char *who = g_strndup(m->text->str + from, to - from);
    if (g_utf8_strchr(who, -1, 0x6211) != NULL || g_utf8_strchr(who, -1, 0x672C) != NULL) /* 我本 */
        add_owner(spoken, 0, "");
    for (guint i = first; i < first + n; i++)
        add_owner(spoken, g_array_index(m->owners, gint64, i), m->pieces->pdata[i]);
}

static void find_in(struct spoken *spoken, const struct marked *m, struct pattern *patterns,
                    gsize n)
{
    struct span all = { 0, m->text->len };
    for (gsize i = 0; i < n; i++) {
        g_autoptr(GMatchInfo) match = pattern_match(&patterns[i], m->text->str, all);
        for (; g_match_info_matches(match); g_match_info_next(match, NULL)) {
            int from, to;
            if (g_match_info_fetch_named_pos(match, "who", &from, &to) && from >= 0)
                add_who(spoken, m, (gsize)from, (gsize)to);
        }
    }
}

static void find_speakers(struct spoken *spoken, const struct marked *m)
{
    if (m->owners->len == 0)
        return;
    find_in(spoken, m, speakers, G_N_ELEMENTS(speakers));
    find_in(spoken, m, named_speakers, G_N_ELEMENTS(named_speakers));
}

/* Most lines hold neither a name nor 我局, 本办 …. */
static void find_us(struct spoken *spoken, const struct marked *m)
{
    if (strstr(m->text->str, "我") != NULL || strstr(m->text->str, "本") != NULL)
        find_in(spoken, m, speakers, G_N_ELEMENTS(speakers));
}

static void find_subjects(struct spoken *spoken, const struct marked *m)
{
    if (m->owners->len > 0)
        find_in(spoken, m, subjects, G_N_ELEMENTS(subjects));
}

enum { PROSE_MAX = 8 * 1024 }; /* bytes: a longer paragraph is no letter's */

typedef void find_fn(struct spoken *spoken, const struct marked *m);

static void find_all(const struct names *names, const char *text, struct spoken *spoken,
                     find_fn *find)
{
    g_autofree char *joined = lines_rejoined(text);
    g_auto(GStrv) lines = g_strsplit(joined, "\n", -1);
    spoken->owners = g_array_new(FALSE, FALSE, sizeof(gint64));
    spoken->pieces = g_ptr_array_new_with_free_func(g_free);
    for (char **line = lines; *line != NULL; line++) {
        if (strlen(*line) > PROSE_MAX)
            continue;
        struct marked m = mark_names(names, *line);
        find(spoken, &m);
        marked_clear(&m);
    }
}

void spoken_clear(struct spoken *spoken)
{
    g_array_unref(spoken->owners);
    g_ptr_array_unref(spoken->pieces);
}

void spoken_for(const struct names *units, const char *text, struct spoken *spoken)
{
    find_all(units, text, spoken, find_speakers);
}

gboolean spoken_for_us(const struct names *units, const char *text)
{
    struct spoken spoken;
    find_all(units, text, &spoken, find_us);
    gboolean us = FALSE;
    for (guint i = 0; i < spoken.owners->len; i++)
        us |= g_array_index(spoken.owners, gint64, i) == 0;
    spoken_clear(&spoken);
    return us;
}

void spoken_about(const struct names *papers, const char *text, struct spoken *spoken)
{
    find_all(papers, text, spoken, find_subjects);
}
