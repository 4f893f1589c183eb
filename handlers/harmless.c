/* The last check before a reply counts as 无意见: every clause of it must be one that is known to
 * say nothing more. Whatever is not known may be an opinion, and then the reply is `unclear`. */
#include "handlers/private.h"
#include "wording/wording.h"

#include <string.h>

enum { CLAUSE_MAX = 300 }; /* bytes: what is longer says more */

#define HAN "[\\p{Han}（）()·]"
/* The expressions are together larger than PCRE takes: each is written once and called. */
#define NAME "(?&name)"
#define A_UNIT "(?&body)"
#define OUR "(?&our)"
#define OF_THE_PAPER "(?&of)"
#define PAPER "(?&paper)"
#define NONE "(?&none)"
#define WITH_CARE "(?&care)"
#define CONSIDERED "(?&considered)"
#define REPLIED "(?&replied)"
#define AGREEING "(?&agreeing)"
#define ADDRESSED "(?&addressed)"
#define STUDIED "(?&studied)"
#define OBJECT "(?&object)"

/* Characters of a name: none that would make a sentence or a condition of it. */
#define NAME_IS \
    "(?:(?!的|意见|在|还|等|后|再|说|请|是|有|研|若|如|待|经|可|以|时|费|须|要|则|由|把|将|都|均|" \
    "我|本|贵|各|无|没|报|领导|其他|其它|下属|所属|基层|市直|县|某|部分|多数|科室)" HAN ")"
#define A_UNIT_IS \
    "(?:局|委|联|委员会|办|办公室|会|部|厅|院|校|学院|中心|协会|科协|妇联|工会|团委|联合会|" \
    "公司|台|站|队|馆|所|处|社|单位|政府|方)"
#define OUR_IS \
    "(?:我们?(?:这边|这里|单位)?|这边|我方|本人|(?:我|本|贵)" NAME "{0,4}" A_UNIT "|" NAME \
    "{0,14}" A_UNIT ")"
/* The whole paper, never a part of it: a closed vocabulary. */
#define OF_THE_PAPER_IS \
    "(?:贵|你|我|本|市|该|此|上述|以上|所附|附件|来|发来|印发|下发|送来|转来|重新|新|※|[" \
    "一二三四五六七八九十两0-9]+" \
    "|个|份|项|修订|修改|拟定|起草|制定|征求|意见|征求意见|的|等|和|及|、|关于|全民|科学|素质|" \
    "工作|领导小组|此次|本次|这次|年度|行动|要点|报告|（征求意见稿）|（修订稿）|文件|稿|所提|" \
    "办公室|办|全部|所有|这|几)*"
#define PAPER_IS \
    "(?:※|征求意见稿|意见稿|讨论稿|稿|文件|通知|来文|来函|函|规则|办法|方案|职责|材料|内容|以上|" \
    "上述|此|该|其|要点|报告|全文)(?:[（(][^）)]{0,8}稿[）)])?"
#define OBJECT_IS \
    "(?:(?:对|就|针对|关于)" OF_THE_PAPER PAPER "(?:等)?(?:全部|所有)?(?:内容)?(?:的)?)"
#define BY_WHOM \
    "(?:(?:已?经|已)(?:(?!还|正|待|仍|拟|在|后)" HAN "){0,10}|" \
    "(?:我|本)" A_UNIT "?(?:组织(?:相关|有关)?(?:科室|处室|部门|人员))?)"
#define STUDIED_IS \
    BY_WHOM "?(?:进行了?)?(?:认真|仔细|集体|党组|党委)*(?:的)?" \
            "(?:研究|讨论|研读|审阅|学习|会商|核实|审核|审议|研判|梳理)(?:讨论|研究|审阅|决定|" \
            "认为)?(?:后|了)?"
#define OBJECT_BARE "(?:" OF_THE_PAPER PAPER ")?"
#define NONE_IS \
    "(?:(?:暂|均|都|也|确|表示|认为|是)*(?:暂时)?(?:无|没有|没)" \
    "(?:任何|不同|补充|修改|反馈|原则性|其他|其它|别的|什么|啥|进一步|具体|需要?(?:修改|补充))*(?" \
    ":的)?" \
    "(?:意见|异议|建议|问题)(?:反馈)?(?:(?:和|及|与|、|或)?(?:其他)?(?:建议|意见|异议))?(?:了|的)" \
    "?|" \
    "(?:无需|不需要?|不用|不必|不作)(?:再)?(?:修改|改动|调整|补充)|" \
    "(?:不提|未提|没有提|不再提|没提)(?:出)?(?:任何|修改|不同|补充|反馈)*(?:的)?(?:意见|异议|" \
    "建议)|" \
    "不持异议|(?:没有|无)(?:什么)?(?:要|需要)?(?:补充|修改|改动)(?:的)?(?:了)?|(?:没有|无)" \
    "不同看法|" \
    "未发现需要?(?:修改|补充)的(?:内容|地方|问题)?)"
#define ANSWERED "(?:函复|回复|反馈|答复)"
#define AGREED "(?:原则上?|总体|完全|一致)?同意"
#define THE_PAPER \
    "(?:该|此|上述|以上|印发|发文|※)*(?:贵办)?(?:拟定|起草|修订|制定)?(?:的)?" \
    "(?:[一二三四五六七八九十]个)?(?:文件|稿|规则|办法|征求意见稿)?"
#define ON_PAPER "(?:纸质|书面|盖章|红头|原)(?:文件|材料|版|件|回函|文档|函)?"
#define ON_ITS_WAY \
    "(?:已|稍后|随后|另行?|明天|后天|同时|下午)*" \
    "(?:送达|寄出|寄送|送到|报送|送|寄|传真|邮寄|快递)(?:过去|贵办|你处|你办|至贵办|给你们)?"
#define DIGITS "[0-9一二三四五六七八九十]{1,3}"

/* Who and how: what may stand between 经 and 研究. */
#define WITH_CARE_IS \
    "(?:我局|我委|我办|我会|我部|我单位|本单位|我们|局|委|办|会|单位|党组|党委|党委会|主要领导|" \
    "分管领导|" \
    "领导班子|领导|班子|办公会|会议|科室|处室|部门|人员|干部|二层机构|机关|全体|各|相关|有关|" \
    "业务|内部|集体|" \
    "认真|仔细|全面|充分|深入|组织|立即|及时|高度重视|开展|进行|讨论|学习|研究|了|的|其|此|并|和|" \
    "及)"
#define CONSIDERED_IS \
    "(?:(?:现|已经|已|业|均|都)?(?:经过|经|由)?" WITH_CARE "{0,8}" \
    "(?:学习|研究|讨论|研读|审阅|审核|审议|研判|会商|核实|梳理|阅研|阅示|传阅|审定|看)" \
    "(?:过|了){0,2}(?:后)?(?:一致)?(?:认为|决定)?)"
#define COMPARED \
    "(?:(?:认真)?(?:对照|结合)(?:我|本)?(?:局|委|办|会|单位|部门)?(?:工作)?(?:职责|职能|实际)(?:" \
    "情况)?)"
#define AS_ASKED \
    "(?:(?:按照|按|根据|依据)(?:贵办|你办|贵局|市|领导小组办公室)?(?:的)?(?:《通知》|通知|来函|" \
    "来文|文件|※)?(?:的)?" \
    "(?:要求|精神|安排)?)"
#define REPLIED_IS \
    "(?:(?:现|兹)?(?:将|就)?(?:我|本)?(?:局|委|办|会|部|单位)?(?:的)?(?:有关|相关|书面)*(?:修改)?" \
    "(?:意见|情况|事项)?" \
    "(?:予以|予)?(?:函复|回复|反馈|答复|函告|报告|函达)(?:意见)?(?:如下)?[:：]?)"
#define AGREEING_IS \
    "(?:(?:对此|表示|完全|一致|均|也|都|总体)*(?:同意|赞同|赞成|认可|支持)(?:印发|发文|实施|下发|" \
    "出台|执行|上报|发布|通过)?" OF_THE_PAPER "(?:" PAPER "(?:的?修订)?(?:的?内容)?)?)"
#define LABELLED \
    "(?:(?:反馈|修改|回复|征求|具体|我局|我单位|单位)*意见(?:建议)?(?:情况)?(?:为|是)?[:：])"
#define ADDRESSED_IS "(?:(?:尊敬的)?" NAME "{0,20}(?:" A_UNIT "|领导|同志|老师|好)[:：])"

static const char definitions[] = "(?(DEFINE)"
                                  "(?<name>" NAME_IS ")"
                                  "(?<body>" A_UNIT_IS ")"
                                  "(?<our>" OUR_IS ")"
                                  "(?<of>" OF_THE_PAPER_IS ")"
                                  "(?<paper>" PAPER_IS ")"
                                  "(?<none>" NONE_IS ")"
                                  "(?<care>" WITH_CARE_IS ")"
                                  "(?<considered>" CONSIDERED_IS ")"
                                  "(?<replied>" REPLIED_IS ")"
                                  "(?<agreeing>" AGREEING_IS ")"
                                  "(?<addressed>" ADDRESSED_IS ")"
                                  "(?<studied>" STUDIED_IS ")"
                                  "(?<object>" OBJECT_IS ")"
                                  ")";

static const char *const harmless[] = {
    /* the statement itself */
    "(?:" ADDRESSED "|" AS_ASKED "|" COMPARED "|" REPLIED "|" CONSIDERED "|" LABELLED "|" AGREEING
    "|" OUR "|" OBJECT
    "(?:的?修订)?(?:的?(?:内容|文件))?|此次征求意见|关于征求意见一事|" OBJECT_BARE
    "|局里|单位里|谨|先行|电子版|(?:我局|我单位|我委)?的?意见是|(?:答复|回复)意见|"
    "(?:经|报|已)?(?:请示|征得|与)?(?:相关|有关|主要|分管)?(?:科室|部门|领导)?(?:沟通|请示|同意|"
    "审定|阅示)(?:领导)?(?:后)?){0,6}" NONE "(?:的|哈|哦|啦|～|~|噢)*"
    "(?:[（(](?:详)?见附件(?:盖章)?(?:回函|复函)?[）)])?",
    /* the same steps without it */
    "(?:" ADDRESSED "|" AS_ASKED "|" COMPARED "|" REPLIED "|" CONSIDERED "|" AGREEING "|" OUR
    "(?!的?意见)|(?:组织|安排)(?:相关|有关)?(?:科室|处室|部门|人员|业务|干部)*|此次征求意见|"
    "关于征求意见一事|对?" OBJECT_BARE "){1,6}",
    "关于[^，。；]{0,40}的?(?:复函|回复|反馈|回函|函|报告|反馈意见|情况)",
    "(?:反馈|填报|填表)?单位(?:名称)?(?:[（(][^）)]{0,6}[）)])?[:：]?(?:" OUR ")?",
    "(?:填表|填报|反馈|报送)?(?:日期|时间)[:：].{0,20}",
    "(?:各位)?(?:尊敬的)?(?:领导|老师|同志|主任|科长)+(?:们)?(?:您)?好",
    "(?:已|将|现)?(?:加盖公章|盖章)?(?:后)?(?:报送|寄送|邮寄|寄出|送达|送)(?:了)?(?:纸质|盖章|书面)"
    "(?:件|材料|回函|版|文件)",
    "(?:我局|我单位)?(?:的)?(?:附件|回函|复函|盖章件)(?:请|敬请)(?:注意|予以)?查收",
    "(?:征求意见稿|文件|稿子?|内容)*(?:均|都)?(?:符合(?:实际|要求|我市实际)|可行|切合实际)",
    "(?:同意)?(?:请)?(?:按|按照)(?:此|这个|该稿|此稿|程序)?(?:来|印发|实施|执行|报批|下发|发布)*(?:"
    "就行|即可|就可以|实施)?",
    "如有(?:疑问|问题|需要)(?:请|可)?(?:随时)?(?:与我们?)?联系(?:[:：]?" NAME
    "{0,5}[0-9 -]{0,16})?",
    "(?:我局|我单位|我们)?(?:已|现)?(?:将|另|并)?(?:加盖公章|盖章|盖公章|纸质|书面|红头|原|扫描)*(?"
    ":的)?"
    "(?:纸质|书面|盖章|扫描|原|电子|回函|复函|文件|材料|件|版|档|文档)+(?:我局|我们|我单位)?(?:已|"
    "将|会|现|另|也)*"
    "(?:稍后|随后|同时|一并|明天|今天|今日|下午|上午|近日)*(?:通过)?(?:快递|邮政|挂号信|邮寄|传真|"
    "机要)?"
    "(?:寄出|寄送|寄|送达|送到|送去|送上|送|报送|发送|发出|发|传真|邮寄|报|附后|附上|附)(?:至|到|"
    "给)?(?:贵办|你办|你处|你们)?",
    "(?:请|敬请)(?:注意|予以|领导)?(?:查收|查阅|审阅|知悉|悉知|收阅|惠存|指正)(?:为盼)?",
    "(?:公开方式|信息公开)[:：].{0,8}",
    "(?:此|专|特)(?:函|复|此函复|此报告|此函告|此回复|此反馈)",
    "(?:已)?转(?:呈)?(?:局|委|办|单位)?(?:主要|分管)?领导(?:阅示|审阅|阅)?",
    "(?:" OUR ")?(?:已)?收到(?:了)?(?:贵办|你办|贵单位)?(?:发来)?(?:的)?(?:关于)?" OBJECT_BARE
    "(?:后)?",
    "(?:立即|及时)?(?:" WITH_CARE ")*(?:学习|研究|讨论)+",
    "(?:" HAN "{0,16}(?:好|同志|领导|办公室|办)[:：])?"
    "(?:(?:现|兹)?" ANSWERED "(?:如下)?[:：]?)?(?:" STUDIED ")?" OUR "?(?:" STUDIED ")?" OBJECT
    "?" OUR "?(?:" AGREED ")?" NONE,
    OUR "(?:回复|反馈)?[“\"]?" NONE "[”\"]?",
    NONE "(?:[（(](?:" ON_PAPER ")?" ON_ITS_WAY "[）)])?",
    "(?:我|本)?" HAN "{0,6}" AGREED THE_PAPER,
    "(?:请|同意)?(?:贵办)?按程序(?:印发|办理|报批|执行)",
    STUDIED,
    OUR "?" OBJECT "?" STUDIED,
    "(?:现|兹)?(?:将)?" HAN "{0,10}" ANSWERED "(?:意见)?如下[:：]?",
    "(?:经)?征求" HAN "{0,10}意见(?:后)?",
    "(?:不涉及|与)(?:我|本)" HAN "{0,12}(?:职责|职能|业务|无关)",
    "(?:贵|你)办[^，。；]{0,30}" STUDIED,
    /* what came before it */
    "(?:尊敬的)?" HAN "{0,24}[:：]",
    "(?:(?:尊敬的)?" HAN "{0,14}[:：])?" HAN "{0,14}(?:您|你|大家|上午|下午)好[!！]?",
    OBJECT_BARE "(?:均)?" OUR "?(?:经)?(?:" STUDIED ")?" NONE,
    "各位(?:领导|老师|同志)",
    "(?:您|贵|你|来|我|该)?[^，。；]{0,60}(?:已)?(?:收到|收悉|阅悉|知悉|阅)(?:了)?",
    "(?:根据|按照|按)[^，。；]{0,60}(?:要求|通知|安排)(?:精神)?",
    "※",
    "[一1][、.．]?",
    "关于※?的?(?:复函|回复|反馈|回函)",
    "关于" HAN "{0,30}(?:复函|回复|反馈|回函)",
    /* how it ends */
    "(?:特)?此(?:致|复|函|函复|复函|函告|回复|反馈|函达|报告|说明)",
    "敬礼[!！]?",
    "(?:非常)?(?:谢谢|感谢)" HAN "{0,8}[!！]?",
    "(?:顺)?祝(?:您|你)?" HAN "{0,8}[!！]?",
    "(?:按|按照|根据)(?:贵办|通知|来函|文件)?要求(?:(?:现|兹)?" ANSWERED "(?:如下)?)?[:：]?",
    "(?:按|按照|根据)?(?:贵办|通知|来函|文件)?要求(?:现|兹)?" ANSWERED "(?:如下)?[:：]?" NONE,
    "(?:经)?" OUR "?(?:认真|仔细|集体|组织)*(?:学习|研究|讨论|审阅|研读)+(?:了)?" OBJECT_BARE
    "(?:的)?(?:修订稿|征求意见稿|稿)?",
    "(?:完全|一致)?同意",
    "(?:已)?(?:加盖公章|盖章)(?:的)?(?:扫描件|回函|复函)?(?:已)?(?:随附|附后)",
    /* papers: what they are called, and forms */
    "(?:反馈|修改|回复|征求|具体|有关)*(?:意见|建议)(?:(?:和|及|与|、)?(?:建议|意见|理由))?(?:反馈|"
    "征集|汇总)?"
    "(?:表|单|内容|情况)?(?:[:：|]?(?:" NONE "|无))?",
    "(?:序号|条款|章节|条文|页码|原文|修改后|理由|依据|备注|签名|签字|日期|时间|填表人|填报人|"
    "负责人|文件名称|附件|反馈|提出|填报|单位|部门|名称|联系人|联系电话|电话|无|[0-9]|[/"
    "／—-])+[:：]?",
    HAN "{1,8}[〔\\[［（(]?20[0-9]{2}[〕\\]］）)]?(?:第)?[0-9]+号",
    NAME "{1,30}" A_UNIT "?(?:办公室)?(?:文件|函|便函)?(?:关于" HAN
         "{0,40}(?:的)?)?(?:复函|回复|反馈|回函|函)",
    "(?:我|本)?" A_UNIT "?(?:的)?(?:复函|回函|反馈|反馈意见|回复)?(?:详)?(?:见|在)附件",
    "附件(?:是|为)" OUR "?(?:的)?(?:复函|回函|反馈|反馈意见|回复)",
    "(?:请)?(?:查收|知悉|审阅)",
    "(?:已|加)?盖(?:章|公章)(?:件)?",
    "请(?:领导)?知悉",
    "(?:加盖公章的)?" ON_PAPER "(?:我局|我们|将|会)?" ON_ITS_WAY,
    /* who signs */
    "(?:(?:反馈|填报|报送|回复|提出|提交)?单位(?:名称)?|联络员|联系人(?:及|和|、)?(?:联系)?(?:电话|"
    "方式)?|反馈人|填表人|经办人|"
    "联系电话|电话|手机|传真|邮箱|地址)"
    "(?:[:：](?:(?!意见|同意|待|暂)[^，。；]){0,40}|" NAME "{0,4}|[0-9 -]{6,20})",
    NAME "{1,30}" A_UNIT "(?:" NAME "{0,8}(?:科|室|股))?" NAME "{0,4}"
         "(?:[（(](?:盖章|公章|代章)[）)])?",
    NAME "{0,12}联络员" NAME "{0,4}",
    "(?:二[〇○零0O]" HAN "{2}|[0-9]{4})[年./-]" HAN "?" DIGITS "[月./-]" DIGITS "(?:日|号)?",
    "(?:[（(](?:盖章|公章)[）)])",
    "[-—_*=~.…]+",
    "[0-9 -]{6,20}",
};

static GRegex **harmless_regexes(void)
{
    static GRegex *regexes[G_N_ELEMENTS(harmless)];
    static gsize once;
    if (g_once_init_enter(&once)) {
        for (size_t i = 0; i < G_N_ELEMENTS(harmless); i++) {
            g_autofree char *whole = g_strdup_printf("%s^(?:%s)$", definitions, harmless[i]);
            regexes[i] = g_regex_new(whole, G_REGEX_OPTIMIZE, 0, NULL);
            g_assert(regexes[i] != NULL);
        }
        g_once_init_leave(&once, 1);
    }
    return regexes;
}

/* Without the brackets that stand around the whole of it. */
static char *bare_clause(const char *clause)
{
    static GRegex *around;
    static gsize once;
    if (g_once_init_enter(&once)) {
        around = g_regex_new("^[【\\[（(“\"]|[】\\]）)”\"]$", G_REGEX_OPTIMIZE, 0, NULL);
        g_once_init_leave(&once, 1);
    }
    return g_regex_replace_literal(around, clause, -1, 0, "", 0, NULL);
}

/* Single expressions, by what they tell. */
enum sign {
    SIGN_PENDING, /* the answer is still to come */
    SIGN_SEVERAL, /* a title of several papers */
    SIGN_ONE,     /* nothing is said against one paper */
    SIGN_ALL,     /* against all of them */
    SIGNS
};

static gboolean shows(enum sign sign, const char *text)
{
    static const char *const patterns[SIGNS] = {
        [SIGN_PENDING] =
            "后[^如，。；]{0,4}(?:回复|反馈|函复|答复|报送|上报|再报)(?!(?:意见)?如下)|"
            "[送呈报](?:请)?[^，。；]{0,6}(?:领导|审阅|审定|审批|签批)",
        [SIGN_SEVERAL] = "等[^》，。；]{0,4}文件",
        [SIGN_ONE] =
            "(?:对|就|关于|针对)[^，。；]{0,30}(?:规则|职责|办法|方案|》)[^，。；]{0,12}(?:无|没)",
        [SIGN_ALL] = "等|均|都|[二三四五六七八九十0-9](?:个|份|项)|全部|所有|上述|以上|文件|通知|"
                     "来函|来文|征求意见稿|、|》[^，。；]*《",
    };
    static GRegex *regexes[SIGNS];
    static gsize once;
    if (g_once_init_enter(&once)) {
        for (int i = 0; i < SIGNS; i++)
            regexes[i] = g_regex_new(patterns[i], G_REGEX_OPTIMIZE, 0, NULL);
        g_once_init_leave(&once, 1);
    }
    return g_regex_match(regexes[sign], text, 0, NULL);
}

/* Of several papers only one is spoken of: the others may be another matter. */
static gboolean is_partial(const char *text, const char *title)
{
    if (title == NULL || !shows(SIGN_SEVERAL, title))
        return FALSE;
    g_auto(GStrv) clauses = g_regex_split_simple("[。；，！？,;!?]", text, 0, 0);
    for (char **clause = clauses; *clause != NULL; clause++)
        if (shows(SIGN_ONE, *clause) && !shows(SIGN_ALL, *clause))
            return TRUE;
    return FALSE;
}

static gboolean fits_one(const char *words)
{
    GRegex **regexes = harmless_regexes();
    for (size_t i = 0; i < G_N_ELEMENTS(harmless); i++)
        if (g_regex_match(regexes[i], words, 0, NULL))
            return TRUE;
    return *words == '\0';
}

static gboolean is_harmless(const char *clause)
{
    g_autofree char *words = text_compact(clause);
    if (strlen(words) > CLAUSE_MAX || shows(SIGN_PENDING, words))
        return FALSE;
    if (fits_one(words) || clause_is_bland(words))
        return TRUE;
    g_autofree char *bare = bare_clause(words);
    return fits_one(bare);
}

static GRegex *papers_regex(void)
{
    static GRegex *regex;
    static gsize once;
    if (g_once_init_enter(&once)) {
        regex = g_regex_new(
            "[（(]?\\p{Han}{1,10}[〔\\[［（(]20[0-9]{2}[〕\\]］）)](?:第)?[0-9]+号[）)]?|"
            "《[^》]{1,120}》(?:等[^，。；]{0,8}文件)?",
            G_REGEX_OPTIMIZE, 0, NULL);
        g_once_init_leave(&once, 1);
    }
    return regex;
}

static char *without_titles(const char *text, const char *title)
{
    g_autoptr(GString) plain = g_string_new(text);
    if (title != NULL && *title != '\0')
        g_string_replace(plain, title, "※", 0);
    return g_regex_replace_literal(papers_regex(), plain->str, -1, 0, "※", 0, NULL);
}

/* What a line end cut in two is tried together with its neighbours. */
static gboolean lines_are_harmless(const char *clause)
{
    g_auto(GStrv) lines = g_regex_split_simple("\\n", clause, 0, 0);
    const char *before = "";
    if (is_harmless(clause))
        return TRUE;
    for (char **line = lines; *line != NULL; line++) {
        const char *after = line[1] != NULL ? line[1] : "";
        g_autofree char *with_before = g_strconcat(before, *line, NULL);
        g_autofree char *with_after = g_strconcat(*line, after, NULL);
        before = *line;
        if (is_harmless(*line) || is_harmless(with_before))
            continue;
        if (!is_harmless(with_after))
            return FALSE;
        before = "";
        if (line[1] != NULL)
            line++;
    }
    return TRUE;
}

gboolean says_nothing_else(const char *text, const char *title)
{
    if (is_partial(text, title))
        return FALSE;
    g_autofree char *plain = without_titles(text, title);
    g_auto(GStrv) clauses = g_regex_split_simple("[。；，！？,;!?\\t]| {2,}|　{2,}", plain, 0, 0);
    for (char **clause = clauses; *clause != NULL; clause++)
        if (!lines_are_harmless(*clause)) {
            return FALSE;
        }
    return TRUE;
}
