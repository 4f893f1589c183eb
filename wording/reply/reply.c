/* The phrases of replies, as patterns over the kinds of their words (private.h has the letters).
 * Rule after rule replaces what it understands: what has lost its weight becomes harmless. At the
 * end, whatever is not harmless is a doubt. */
#include "wording/reply/reply.h"

#include "wording/pattern.h"
#include "wording/reply/likeness.h"
#include "wording/reply/private.h"

#include <string.h>

struct rule {
    struct pattern pattern;
    char becomes; /* each word of the match; 0: as it was */
    int mark;     /* found thereby; -1: none */
    GArray *needs;
};
#define TELLS(text, becomes, mark) \
    { \
        { text, NULL }, becomes, mark, NULL \
    }
#define RULE(text, becomes) TELLS(text, becomes, -1)

/* 意见、建议 after a 无, with what may stand between. */
#define INSIDE "[AaZgMmIJ]/?"
#define OPINIONS "[OIB](?:[J/]?[AaMmZg]{0,6}[OIB]){0,6}"
#define END "(?=g?h{0,6}(?:[.,:/)\"?]|$))"
#define BEGIN "(?:^|(?<=[/.]))"
/* A clause that tells only how it was considered, received, sent … may hold words that nobody
 * knows, and those that are weighty by a single character: what wishes has words of its own. */
#define LOOSE "xhdu=perofgAJ2\"134567vyGi(@s"
#define ANYTHING "[" LOOSE "]{0,30}"
#define CLAUSE "(?:^|(?<=[/.,:(]))"
#define CLAUSE_END "(?=[.,/:)]|$)"
#define BEFORE "(?=.{0,200}[NnTG~])" /* what they say in the end */

static struct rule rules[] = {
    /* ---- names, which may be of any characters: of offices, people, papers' numbers */
    RULE("[xeouhpJM]{0,8}9", 'p'),
    RULE("x(?:/?[xo]){0,8}/?e", 'u'),
    RULE("r:x{1,3}(?=[.,/)(d]|$)", 'u'),
    RULE("rx{1,3}(?=[.,:/)(dreulg]|$)", 'u'),
    RULE("r[xVgd](?=[.,:/)]|$)", 'u'),
    RULE("(?<![^/.,:)])x{1,2}(?=r)", 'u'),
    RULE("(?<=e/)x{1,3}(?=/|$)", 'u'),
    RULE("(?<=/u/)x{1,3}(?=/|$)", 'u'),
    RULE("(?<=/)x{1,3}(?=/?[dl]|$)", 'u'),
    RULE("^/?[xeuro2]{1,8}[ru]?h?:(?=/)", 'h'),
    RULE("x[xd]{0,12}(?=:)", 'V'),
    RULE("l[:J/]?[xduerogLp2]{0,12}", 'h'),
    RULE("(?<=[puedA\"])i(?=[gdpuehAo])", 'h'),
    RULE("\\(L\\)", 'h'),
    RULE("p\\([eu][eu2x6dgp]{0,6}\\)", 'p'),

    /* ---- what is on its way: 纸质件随后送达; why it comes late */
    RULE("s(?=[^.,/]{0,12}v)", 'h'),
    RULE("v[hgu]{0,4}s", 'h'),
    RULE(BEGIN "[xdhupeorgAfv,\"Jk2sY]{0,60}Y[xdhupeorgAfv,\"Jk2s]*(?=[./]|$)", 'h'),

    /* ---- clauses by what they are about: considered, received; sent; thanks; praise; promises */
    TELLS(CLAUSE ANYTHING "f" ANYTHING CLAUSE_END, 'h', MARK_RECEIVED),
    RULE(CLAUSE ANYTHING "1" ANYTHING CLAUSE_END BEFORE, 'h'),
    RULE(CLAUSE ANYTHING "v" ANYTHING CLAUSE_END, 'h'),
    RULE(CLAUSE ANYTHING "4" ANYTHING CLAUSE_END BEFORE, 'h'),
    RULE(CLAUSE ANYTHING "5[^.,/:WLMmBOIHnNQ?bV]*", 'h'),
    RULE(CLAUSE "[uhpe]{0,6}(?:3|bh)[xhdu=peorgfAJ34vyG8b]{0,30}" CLAUSE_END, 'h'),
    RULE("Tv[phx]{0,4}" CLAUSE_END, 'h'),
    RULE("w[uhpe]{0,6}[ykvf]{1,3}[hugp]{0,4}" CLAUSE_END, 'h'),
    RULE("a(?=y)", 'h'),
    RULE("4g?O", 'h'),
    RULE("(?:P,?[hu]{0,3})?![AauhpgeJ]{0,10}[OI]", 'h'),
    RULE("\"R\"", 'V'),
    RULE("[OI]g?h?:/?[^.n/N]{0,4}L", 'W'),
    RULE("6[pgueo]{0,12}JZ|(?<=[pu])JZ", 'p'),

    /* ---- nothing to say */
    RULE("6?[OIB]g?h?:?/?(?:N|n)(?=[.,/)(\"]|$)", 'n'),
    RULE("N/?(?:" INSIDE "){0,12}?" OPINIONS, 'n'),
    RULE("N/?[AaZgJ]{0,8}[Mm](?:J?[Mm]){0,4}(?:gO|" END ")", 'n'),
    RULE("N[JpuohAe]{0,6}[WV]gO(?=[.,/]|$)", 'n'),
    RULE("6?[OI][hg]{0,4}N(?=[.,/]|$)", 'n'),
    RULE("(?<=n[,.])[hup]{0,4}Z[hpug]{0,3}(?=n)", 'h'),
    RULE("^[h.,/]{0,4}N(?=\\.?/?$)", 'n'),
    RULE("(?:^|/)N(?=/|$)", 'h'),
    RULE("T/?[aAZgpuhd]{0,8}[Mm](?:J?[Mm]){0,4}" END, 'n'),

    /* ---- boxes, ticked before or behind what they ask, and blanks */
    RULE("c/?(?:G,)?n{1,8}[/J]{0,4}t/?[HW],?[AaZzh]{0,6}(?:\\([^)]{0,20}\\))?:?(?:/?S+)?(?=[/"
         ".]|$)|t/"
         "?H(?:\\([^)]{0,20}\\))?:?[/"
         "J]{0,4}c/?n{1,8}",
         'n'),
    RULE("n{1,8}/?c[/J]{0,4}H/?t|H/?t[/J]{0,4}n{1,8}/?c|n{1,8}\\(c\\)[/J]{0,4}H\\(/?\\)|H\\(/?\\)[/"
         "J]{0,4}n{1,8}\\(c\\)",
         'n'),
    RULE("c/?[G~][/J]{0,4}t/?W|t/?W[/J]{0,4}c/?[G~]|[G~]/?c[/J]{0,4}W/?t|W/?t[/J]{0,4}[G~]/?c",
         'n'),
    RULE("t/?n{1,8}[/J]{0,4}c/?H|c/?H[^.:]{0,6}:?[/J]{0,4}t/?n{1,8}|n{1,8}/?t[/J]{0,4}H/?c|H/?c[/"
         "J]{0,4}n{1,8}/?t",
         'W'),
    RULE("n{1,8}\\(/?\\)[/J]{0,4}H\\(c\\)|H\\(c\\)[/J]{0,4}n{1,8}\\(/?\\)", 'W'),
    RULE("t/?G[/J]{0,4}t/?W|G/?t[/J]{0,4}W/?t|t/?W[/J]{0,4}t/?G|W/?t[/J]{0,4}G/?t", 'S'),
    RULE("[nG][J/().xt,]{0,5}H|H[J/().xt,]{0,5}n|t/?n|n/?t|G\\(/?\\)|\\(/?\\)[nHG]|Gt|tG", 'S'),
    RULE("c/?(?=n)", 'h'),

    /* ---- said of others, or of no paper at all; the notice's own sentence, quoted */
    RULE("\"[^\".WLm]{0,10}C[^\".WLm]{0,20}\"", 'h'),
    RULE("C[^.;/?nWLMmN]{0,16}k[hudrpeglxo:\"k]*", 'h'),
    TELLS("C[^.,/?:W]{0,12}(?:n{1,8}|[HOIB])", 'C', MARK_HYPOTHESIS),
    TELLS("n(?=gu|gw|ga|[?Q])", 'C', MARK_HYPOTHESIS),
    RULE("=h{0,3}n{1,8}", 'V'),
    RULE("n(?=g(?!h{0,6}(?:[.,:/)\"]|$)))", 'V'),
    RULE("n(?=[xt])", 'V'),
    RULE("x(?=[^.,/:]{0,40}n)", 'V'),

    /* ---- opinions that are only named */
    TELLS("@[^.,/nNW]{0,8}[OI]", 'p', MARK_HANDED_IN),
    TELLS("[OI][^./nNW]{0,8}@", 'p', MARK_HANDED_IN),
    RULE("7[:,]?\"[^\"]{0,80}\"", 'h'),
    RULE("q[^.,/:nNW]{0,16}[OI]", 'p'),
    RULE("q[uhegJAop]{0,8}(?=[:,./]|$)", 'h'),
    RULE("[OI]g?[hyAvuf]{0,3}(?:z|:|p)", 'p'),
    RULE("z[OI](?=[:/])", 'p'),
    RULE("pg?h?O(?=/|$)", 'p'),
    RULE("(?:^|(?<=/))[OI](?=/)", 'p'),
    RULE(BEGIN "[^.,:/nNWB]{0,60}I(?=/)", 'p'),
    RULE("j[:,./]{0,4}(?=n|[hu]{1,12}n)", 'p'),

    /* ---- agreement with a paper, or that it be issued */
    RULE("~" CLAUSE_END, 'n'),
    RULE("~", 'G'),
    RULE("G,[wh]{0,6}y" CLAUSE_END, 'n'),
    RULE("Gu{0,2}g?O" CLAUSE_END, 'n'),
    RULE("(?:^|(?<=[/.,:]))[uhe]{0,6}G[hg]{0,3}(?=[.,/)]|$)", 'n'),
    RULE("G[gAhu]{0,12}[py][pygAhe]{0,30}(?=[.,:/)\"JnG]|$)", 'n'),

    /* ---- wishes */
    RULE("[bw][^.,/]{0,60}?[Mm]", 'W'),
    RULE("\"h?M\"", 'W'),
    RULE("L[^.,/nNT]{0,40}M(?![^.,/]{0,40}[nN])", 'W'),
    RULE("b(?=[hpuegofyvdkrAJ124]{0,60}(?:[.,/:]|$))", 'h'),

    /* ---- 同意 and 无意见 under a condition */
    TELLS("[CF][^.QNS/]{0,60}[,][^.QNS/]{0,8}[Gn]", 0, MARK_CONDITION),
    TELLS("G[,.]?F", 0, MARK_CONDITION),
    TELLS("R[^.]{0,80}?[WBmH]", 0, MARK_CONDITION),
    TELLS("R.{0,60}?[UFCPaw]", 0, MARK_CONDITION),
    RULE("R(?=[pgu\"()A]{0,20},[uh]{0,20}n{1,8}(?:[./]|$))", 'h'),
};

#define DOUBTS "VULCFPRWHBMmNTaZbwOjIQXKDSstciq?268!~x"
/* What the words that are left stand for. */
static const struct {
    const char *kinds;
    enum mark mark;
} meanings[] = {
    { "n", MARK_NONE },       { "WHBmj8", MARK_OPINION }, { "R", MARK_AGREEMENT },
    { "K", MARK_CORRECTION }, { "D", MARK_WITHDRAWAL },   { "E", MARK_NOT_CONCERNED },
    { "X", MARK_EXTENSION },  { "?Q", MARK_QUESTION },    { "S", MARK_BLANK },
    { "I", MARK_HANDED_IN },  { "f", MARK_RECEIVED },     { DOUBTS, MARK_DOUBT },
};

void reply_find(struct reply *reply, enum mark mark, const char *evidence)
{
    if (!reply->found[mark])
        reply->evidence[mark] = g_strdup(evidence);
    reply->found[mark] = TRUE;
}

static void find_words(struct reply *reply, enum mark mark, const struct lexemes *l, gsize first,
                       gsize last)
{
    if (reply->found[mark])
        return;
    gsize from = g_array_index(l->list, struct lexeme, first).from;
    gsize to = g_array_index(l->list, struct lexeme, last).to;
    reply->found[mark] = TRUE;
    reply->evidence[mark] = squeezed_sentence(&l->squeezed, from, MAX(to, from + 1));
}

static void read_needs(void)
{
    static gsize once;
    if (!g_once_init_enter(&once))
        return;
    for (gsize i = 0; i < G_N_ELEMENTS(rules); i++)
        rules[i].needs = needs_read(rules[i].pattern.text);
    g_once_init_leave(&once, 1);
}

static void apply(struct reply *reply, struct lexemes *l, struct rule *rule, struct kinds *have)
{
    if (!needs_met(rule->needs, have))
        return;
    struct span in = { 0, l->kinds->len };
    g_autofree char *kinds = g_strdup(l->kinds->str);
    gboolean changed = FALSE;
    g_autoptr(GMatchInfo) match = pattern_match(&rule->pattern, kinds, in);
    for (; g_match_info_matches(match); g_match_info_next(match, NULL)) {
        struct span found;
        if (!match_span(match, in, 0, &found) || found.from == found.to)
            continue;
        if (rule->mark >= 0)
            find_words(reply, rule->mark, l, found.from, found.to - 1);
        if (rule->becomes == 0)
            continue;
        memset(l->kinds->str + found.from, rule->becomes, found.to - found.from);
        changed = TRUE;
    }
    if (changed)
        *have = kinds_of(l->kinds->str);
}

PATTERN(signs, PATTERN_ASCII "(?<![^/eurdh(:])x[xh2o]{1,2}(?=[/d),.]|$)");

/* 王小明 in a line of its own, or beside an office or a date, is who signs. */
static void believe_names(struct lexemes *l)
{
    static const char surnames[] =
        "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕"
        "丁沈卢姜崔钟谭陆汪范金石廖贾夏韦付邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴"
        "莫孔汤蒙甘蓝农温庞樊兰殷施欧";
    struct span in = { 0, l->kinds->len };
    g_autoptr(GMatchInfo) match = pattern_match(&signs, l->kinds->str, in);
    for (; g_match_info_matches(match); g_match_info_next(match, NULL)) {
        struct span found;
        match_span(match, in, 0, &found);
        gsize at = g_array_index(l->list, struct lexeme, found.from).from;
        gunichar first = g_utf8_get_char(l->squeezed.text->str + at);
        if (g_utf8_strchr(surnames, -1, first) != NULL)
            memset(l->kinds->str + found.from, 'u', found.to - found.from);
    }
}

PATTERN(footer, "本(?:电子)?邮件[^\\n]{0,60}(?:仅供|仅限|机密|保密|收件人)[^\\n]*");

/* A text without what mail servers put below it: 本邮件仅供收件人使用，如误收请删除 …; NULL: there
 * is none. */
static char *without_footer(const char *text)
{
    struct span in = { 0, strlen(text) }, found;
    if (strstr(text, "邮件") == NULL || !pattern_find(&footer, text, in, 0, &found))
        return NULL;
    return g_strdup_printf("%.*s%s", (int)found.from, text, text + found.to);
}

static void understand(struct lexemes *l, struct reply *reply, const char *text, const char *title)
{
    lexemes_read(l, text, title);
    believe_names(l);
    read_needs();
    struct kinds have = kinds_of(l->kinds->str);
    for (gsize i = 0; i < G_N_ELEMENTS(rules); i++)
        apply(reply, l, &rules[i], &have);
}

/* ---- clauses */

static gboolean ends_at(const struct lexemes *l, gsize i)
{
    return i >= l->kinds->len || strchr(".,/:", l->before[i]) != NULL;
}

GArray *clauses_of(const struct lexemes *l)
{
    GArray *clauses = g_array_new(FALSE, FALSE, sizeof(struct clause));
    gboolean behind = FALSE;
    for (gsize i = 0; i < l->kinds->len; i++) {
        struct clause clause = { .first = i, .behind = behind };
        for (; !ends_at(l, i); i++) {
            clause.none |= l->kinds->str[i] == 'n';
            clause.doubtful |= strchr(DOUBTS, l->kinds->str[i]) != NULL;
        }
        clause.last = i;
        behind |= clause.none;
        if (clause.last > clause.first)
            g_array_append_val(clauses, clause);
    }
    return clauses;
}

void reply_clauses(const char *text, const char *title, clause_fn *tell, void *user)
{
    struct reply reply = { 0 };
    struct lexemes l;
    g_autofree char *letter = without_footer(text);
    understand(&l, &reply, letter != NULL ? letter : text, title);
    g_autoptr(GArray) pieces = g_array_new(FALSE, FALSE, sizeof(guint32));
    g_autoptr(GArray) clauses = clauses_of(&l);
    for (guint i = 0; i < clauses->len; i++) {
        const struct clause *clause = &g_array_index(clauses, struct clause, i);
        gsize from = g_array_index(l.list, struct lexeme, clause->first).from;
        gsize to = g_array_index(l.list, struct lexeme, clause->last - 1).to;
        g_autofree char *words = g_strndup(l.squeezed.text->str + from, to - from);
        clause_pieces(pieces, &l, clauses, i);
        tell(words, pieces, user);
    }
    lexemes_clear(&l);
    reply_clear(&reply);
}

/* ---- what it all means */

/* But, if, not before … need more of it. */
#define HARD "UCFRPHDXKS?Q~"
static const double forgiven = 0.4; /* likeness that a doubt needs, … */
static const double hard = 0.65;    /* … that a hard one needs in addition, … */
static const double harmless = 0.5; /* … and what wishes something, beside 无意见 */

static double clause_likeness(const struct lexemes *l, const GArray *clauses, guint i,
                              GArray *pieces)
{
    const struct clause *clause = &g_array_index(clauses, struct clause, i);
    if (!clause->doubtful)
        return 1;
    double less = 0;
    for (gsize k = clause->first; k < clause->last; k++)
        if (strchr(HARD, l->kinds->str[k]) != NULL)
            less = hard;
    clause_pieces(pieces, l, clauses, i);
    return likeness(pieces) - less;
}

static gboolean is_forgiven(enum mark mark, double like, gboolean none)
{
    return (mark == MARK_DOUBT && like > forgiven) ||
           (mark == MARK_OPINION && none && like > harmless);
}

/* Whether it may still change anything: what was found stays found. */
static gboolean is_weighed(const struct reply *reply, gboolean none)
{
    return !reply->found[MARK_DOUBT] || (none && !reply->found[MARK_OPINION]);
}

static void read_clause(struct reply *reply, const struct lexemes *l, const struct clause *clause,
                        double like, gboolean none)
{
    for (gsize k = 0; k < G_N_ELEMENTS(meanings); k++) {
        gsize i = clause->first;
        if (is_forgiven(meanings[k].mark, like, none))
            continue;
        while (i < clause->last && strchr(meanings[k].kinds, l->kinds->str[i]) == NULL)
            i++;
        if (i < clause->last)
            find_words(reply, meanings[k].mark, l, i, i);
    }
}

/* What a word says counts less in a clause that is like those of letters that say no more than
 * 无意见. */
static void read_meanings(struct reply *reply, const struct lexemes *l)
{
    g_autoptr(GArray) pieces = g_array_new(FALSE, FALSE, sizeof(guint32));
    g_autoptr(GArray) clauses = clauses_of(l);
    gboolean none = strchr(l->kinds->str, 'n') != NULL;
    for (guint i = 0; i < clauses->len; i++) {
        const struct clause *clause = &g_array_index(clauses, struct clause, i);
        double like = is_weighed(reply, none) ? clause_likeness(l, clauses, i, pieces) : -1;
        read_clause(reply, l, clause, like, none);
    }
}

void reply_read(struct reply *reply, const char *text, const char *title)
{
    struct lexemes l;
    g_autofree char *letter = without_footer(text);
    understand(&l, reply, letter != NULL ? letter : text, title);
    read_meanings(reply, &l);
    lexemes_clear(&l);
}

void reply_clear(struct reply *reply)
{
    for (int i = 0; i < MARKS; i++)
        g_clear_pointer(&reply->evidence[i], g_free);
}
