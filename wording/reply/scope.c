/* Of what 无意见 was said: of all that was asked, of some of the papers, or of another one. */
#include "wording/reply/reply.h"

#include "base/base.h"
#include "wording/date.h"

#include <string.h>

#define NOTHING "(?:无|没|未提|同意|赞成|赞同)"
#define PAPERS "(?:规则|职责|办法|方案|名单|条例|纪要|要点|提纲|细则|预案)"

#define WE "(?:(?:我|本)(?:局|委|会|办|部|院|校|馆|台|社|处|中心|单位|公司|们)*)"

/* 对 … 无意见; the name of a paper, or a list of names, in front of 无意见. */
PATTERN(about, "(?:(?<![核比校])对(?![照比应口接得过了完])|(?<!成)就(?![业近是行可这按])|关于|针对)"
               "(?<it>[^，,。；：:]{1,60}?)(?:[，,][^，,。；：:]{0,12})?" NOTHING);
PATTERN(before, "(?:^|[，,])(?<it>[^，,。；：:对就]{0,40}(?:" PAPERS "|》))[，,：:]?" WE
                "?(?:看过了[，,]|均|都|亦|也)?" NOTHING);
/* A name ends with what it is a name of. */
PATTERN(named, "^(?<it>.{1,40}" PAPERS ")");
PATTERN(speaker, "(?:" WE "|均|都|亦|也|表示)+$");
/* What is said of these is said of all. */
PATTERN(whole,
        "等|全部|所有|全文|上述|以上|来文|来函|征求意见稿|通知|所附|附件|材料|文稿|稿|此|本次|"
        "[二三四五六七八九十]个|号|整体|内容|各项|文件|涉及|承担|所列|我(?!市)|本");
/* What else is about the papers that were sent; anything else is another matter: 会议室 */
PATTERN(
    related,
    "职责|分工|表述|条款|规定|要求|安排|设置|划分|修订|征求|意见|贵|你办|你们|函|规则|办法|方案|"
    "要点|报告|计划|章|条|修改|这|其|建议");
PATTERN(others, "(?:其他|其它|其余|另外)[^，。；]{0,8}(?:也|亦|均|都|无|没)");
PATTERN(count,
        "(?<n>[一二两三四五六七八九十]|[0-9]{1,2})(?:个|份|项|件|篇)?(?:文件|材料|文稿|附件|稿子)");
PATTERN(part, "(?:前|这|那|收到的?|其中|看了)(?:前)?(?<n>[一二两三四五六七八九十]|[0-9]{1,2})"
              "(?:个|份|项|件|篇)");
PATTERN(nothing, NOTHING "[^，。；]{0,8}(?:意见|异议|修改|补充|问题|不妥)|无异议");

struct scope {
    const char *title, *notice;
    int asked;    /* papers; 0: not known */
    int named;    /* of them 无意见 was said by name */
    gboolean all; /* or of all */
    gboolean other;
};

/* The number that a pattern finds; 0: none. */
static int number_in(struct pattern *pattern, const char *text)
{
    struct span whole_text = { 0, strlen(text) };
    g_autoptr(GMatchInfo) match = pattern_match(pattern, text, whole_text);
    g_autofree char *word = g_match_info_matches(match) ? match_word(match, "n") : g_strdup("");
    return g_str_equal(word, "两") ? 2 : MAX(date_number(word), 0);
}

enum { TAIL = 4 }; /* characters of a name that tell it from others */

/* A name is of ours if its end stands in what we sent: 工作规则 in 《…领导小组工作规则》. */
static gboolean is_ours(const struct scope *scope, const char *name)
{
    glong n = g_utf8_strlen(name, -1);
    const char *tail = n > TAIL ? g_utf8_offset_to_pointer(name, n - TAIL) : name;
    return strstr(scope->title, tail) != NULL ||
           (scope->notice != NULL && strstr(scope->notice, tail) != NULL);
}

/* The name that a piece begins with; NULL: none, or too short for one. */
static char *name_of(const char *piece)
{
    struct span in = { 0, strlen(piece) };
    g_autoptr(GMatchInfo) match = pattern_match(&named, piece, in);
    char *word = g_match_info_matches(match) ? match_word(match, "it") : NULL;
    if (word != NULL && g_utf8_strlen(word, -1) < TAIL)
        g_clear_pointer(&word, g_free);
    return word;
}

/* 《工作规则》《办公室职责》, 工作规则、办公室职责 */
static void count_names(struct scope *scope, const char *object)
{
    g_auto(GStrv) pieces = g_regex_split_simple("[《》、]|和|及|与|（.*?）", object, 0, 0);
    int names = 0, ours = 0;
    for (char **piece = pieces; *piece != NULL; piece++) {
        g_autofree char *word = name_of(*piece);
        if (word == NULL)
            continue;
        names++;
        ours += scope->notice == NULL || is_ours(scope, word);
    }
    scope->named += names;
    scope->other |= names > 0 && ours == 0;
    if (names > 0)
        return;
    scope->all = TRUE;
    scope->other |= scope->notice != NULL && !pattern_fits(&related, object);
}

static void read_object(struct scope *scope, const char *object)
{
    struct span in = { 0, strlen(object) }, end;
    g_autofree char *bare =
        g_strndup(object, pattern_find(&speaker, object, in, 0, &end) ? end.from : in.to);
    if (pattern_fits(&whole, bare))
        scope->all = TRUE;
    else
        count_names(scope, bare);
}

static gboolean find_object(struct scope *scope, struct pattern *pattern, const char *sentence)
{
    struct span in = { 0, strlen(sentence) };
    g_autoptr(GMatchInfo) match = pattern_match(pattern, sentence, in);
    if (!g_match_info_matches(match))
        return FALSE;
    g_autofree char *object = match_word(match, "it");
    read_object(scope, object);
    return TRUE;
}

static void read_sentence(struct scope *scope, const char *sentence)
{
    if (!pattern_fits(&nothing, sentence))
        return;
    int n = number_in(&part, sentence);
    if (n > 0 && scope->asked > 0 && n < scope->asked)
        scope->other |= !pattern_fits(&others, sentence);
    else if (!find_object(scope, &before, sentence) && !find_object(scope, &about, sentence))
        scope->all = TRUE;
}

/* With the mark or the line's end behind it. */
static gsize sentence_length(const char *text)
{
    const char *p = text;
    while (*p != '\0') {
        gunichar c = g_utf8_get_char(p);
        p = g_utf8_next_char(p);
        if (g_utf8_strchr("。；！？;!?\n", -1, c) != NULL)
            break;
    }
    return (gsize)(p - text);
}

gboolean reply_is_partial(const char *text, const char *title, const char *notice)
{
    if (title == NULL || pattern_fits(&others, text))
        return FALSE;
    struct scope scope = { title, notice, number_in(&count, title), 0, FALSE, FALSE };
    for (const char *p = text; *p != '\0';) {
        gsize n = sentence_length(p);
        g_autofree char *sentence = g_strndup(p, n);
        g_autofree char *compact = text_compact(sentence);
        read_sentence(&scope, compact);
        p += n;
    }
    return scope.other || (!scope.all && scope.named > 0 && scope.named < scope.asked);
}
