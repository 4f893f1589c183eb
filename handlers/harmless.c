/* The last check before a reply counts as 无意见: every clause of it must be one that is known to
 * say nothing more. Whatever is not known may be an opinion, and then the reply is `unclear`. */
#include "handlers/private.h"

#define HAN "[\\p{Han}（）()·]"
/* Characters of a name: none that would make a sentence or a condition of it. */
#define NAME \
    "(?:(?!的|意见|在|还|等|后|再|说|请|是|有|研|若|如|待|经|可|以|时|费|须|要|则|由|把|将|都|均|" \
    "我|本|贵|各|无|没|报|领导|其他|其它)" HAN ")"
#define A_UNIT \
    "(?:局|委|委员会|办|办公室|会|部|厅|院|校|学院|中心|协会|科协|妇联|工会|团委|联合会|" \
    "公司|台|站|队|馆|所|处|社|单位|政府|方)"
#define OUR "(?:我们?|我方|本人|(?:我|本|贵)" NAME "{0,4}" A_UNIT "|" NAME "{0,14}" A_UNIT ")"
/* The whole paper, never a part of it: a closed vocabulary. */
#define OF_THE_PAPER \
    "(?:贵|你|我|本|市|该|此|上述|以上|所附|附件|来|发来|印发|下发|送来|转来|重新|新|※|[" \
    "一二三四五六七八九十两0-9]+" \
    "|个|份|项|修订|修改|拟定|起草|制定|征求|意见|征求意见|的|等|和|及|、|关于|全民|科学|素质|" \
    "工作|领导小组|" \
    "办公室|办|全部|所有|这|几)*"
#define PAPER \
    "(?:※|征求意见稿|意见稿|讨论稿|稿|文件|通知|来文|来函|函|规则|办法|方案|职责|材料|内容|以上|" \
    "上述|此|该|其)"
#define OBJECT "(?:(?:对|就|针对|关于)" OF_THE_PAPER PAPER "(?:等)?(?:全部|所有)?(?:内容)?(?:的)?)"
#define BY_WHOM \
    "(?:(?:已?经|已)(?:(?!还|正|待|仍|拟|在|后)" HAN "){0,10}|" \
    "(?:我|本)" A_UNIT "?(?:组织(?:相关|有关)?(?:科室|处室|部门|人员))?)"
#define STUDIED \
    BY_WHOM "?(?:进行了?)?(?:认真|仔细|集体|党组|党委)*(?:的)?" \
            "(?:研究|讨论|研读|审阅|学习|会商|核实|审核|审议|研判|梳理)(?:讨论|研究|审阅|决定|" \
            "认为)?(?:后|了)?"
#define OBJECT_BARE "(?:" OF_THE_PAPER PAPER ")?"
#define NONE \
    "(?:暂|均|也|确|表示|认为)*(?:暂时)?(?:无|没有|没)" \
    "(?:任何|不同|补充|修改|反馈|原则性)*(?:的)?" \
    "(?:意见|异议|建议|问题)(?:(?:和|及|与|、|或)?(?:建议|意见|异议))?(?:了|的)?"
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

static const char *const harmless[] = {
    /* the statement itself */
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
    "(?:(?:反馈|填报|报送|回复|提出|提交)?单位(?:名称)?|联络员|联系人|反馈人|填表人|经办人|"
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

/* One expression each: together they are larger than PCRE takes. */
static GRegex **harmless_regexes(void)
{
    static GRegex *regexes[G_N_ELEMENTS(harmless)];
    static gsize once;
    if (g_once_init_enter(&once)) {
        for (size_t i = 0; i < G_N_ELEMENTS(harmless); i++) {
            g_autofree char *whole = g_strdup_printf("^(?:%s)$", harmless[i]);
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
    if (fits_one(words))
        return TRUE;
    g_autofree char *bare = bare_clause(words);
    return fits_one(bare);
}

static GRegex *papers_regex(void)
{
    static GRegex *regex;
    static gsize once;
    if (g_once_init_enter(&once)) {
        regex = g_regex_new("《[^》]{1,120}》(?:等[^，。；]{0,8}文件)?", G_REGEX_OPTIMIZE, 0, NULL);
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

/* A clause that a line end cut in two is tried together with its neighbours. */
gboolean says_nothing_else(const char *text, const char *title)
{
    g_autofree char *plain = without_titles(text, title);
    g_auto(GStrv) clauses = g_regex_split_simple("[。；，！？,;!?\\n\\t]| {2,}|　", plain, 0, 0);
    const char *before = "";
    for (char **clause = clauses; *clause != NULL; clause++) {
        const char *after = clause[1] != NULL ? clause[1] : "";
        g_autofree char *with_before = g_strconcat(before, *clause, NULL);
        g_autofree char *with_after = g_strconcat(*clause, after, NULL);
        before = *clause;
        if (is_harmless(*clause) || is_harmless(with_before))
            continue;
        if (!is_harmless(with_after))
            return FALSE;
        before = "";
        if (clause[1] != NULL)
            clause++;
    }
    return TRUE;
}
