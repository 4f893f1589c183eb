/* The second look at a clause: what is no known phrase may still be nobody's opinion, if no word of
 * it changes, limits, doubts, asks or puts off anything. */
#include "wording/bland.h"

#include "base/base.h"

enum { UNKNOWN_MAX = 24 }; /* characters of unknown words in one clause: more says something */

enum pattern { PATTERN_SAFE, PATTERN_WEIGHTY, PATTERNS };

static const char *const patterns[PATTERNS] = {
    /* Known phrases that hold a weighty word and are harmless as they stand here. */
    [PATTERN_SAFE] =
        "领导小组|成员单位|要求|有关|相关|年度工作要点|工作要点|主要领导|分管领导|"
        "各(?:有关|相关|业务)?(?:科室|处室|部门)|各位|大家|"
        "(?:征求|征集|反馈)(?:有关|相关|各方|各科室|科室)?(?:的)?(?:修改)?意见(?:建议)?(?:的)?(?:"
        "稿|表|函|通知|单|情况)?|"
        "意见(?:反馈|征集|征求)?(?:表|单|稿)|(?:修改|反馈)?意见(?:反馈|回复|函复)?如下|如下|"
        "(?:研究|讨论|审阅|学习|收到|阅读|核对|会商|审核|审议|商议|沟通|传阅|阅|看)(?:过|了)?(?:之)"
        "?后|"
        "逐(?:条|项|句|字)|不好意思|(?:回复|反馈)(?:得)?(?:晚|迟)了?|迟复|"
        "(?:结构|职责|内容|表述|分工|条理|思路|依据|措施|任务|重点)(?:合理|清晰|明确|全面|完整|"
        "完善|具体|可行|充分|得当)|"
        "(?:修订|修改|起草|写)得(?:很|非常|比较)?好|(?:明天|后天|下午|今天|上午)(?:送|寄|发|送达|"
        "寄出)(?:过去|达|到)?|"
        "先行(?:反馈|报送|发送)|加盖|增强|不同|应急|处(?:室|理)|现将|"
        "[二三四五六七八九十两几0-9]+(?:个|份|项)(?:文件|稿|材料)?|附件(?![0-9一二三四五六七八九十]"
        ")|"
        "(?:请|敬请)(?:予以|注意|领导|你办|贵办)?(?:查收|查阅|审阅|知悉|悉知|收阅|惠存)|"
        "[（(]?\\p{Han}{1,10}[〔\\[［（(]20[0-9]{2}[〕\\]］）)](?:第)?[0-9]+号[）)]?|"
        "20[0-9]{2}年[0-9]{1,2}月[0-9]{1,2}日|[0-9]{1,2}月[0-9]{1,2}日|[0-9-]{7,}",
    /* Words without which nobody changes, limits, doubts, asks or puts off anything. */
    [PATTERN_WEIGHTY] =
        "[改删增加减调补须需要宜望太偏较更换变列错误缺漏另但却而除仅只未不非若如待"
        "拟尚还再暂前后第条款章节页项"
        "段句字词处附把将让使应该得可能会请问吗呢么否有点些其初基原总框方草代样转说"
        "称听估预]|部分|其他|其余|等候|暂缓|"
        "建议|意见|异议|问题|希望|主要|大部|大体|多数|少数|各|个人|本人|科|股|下属|下周|"
        "下午|明天|下步|县|区|"
        "目前|截至|随后|稍后|以后|正在|正式|口头|矛盾|重复|明确|完善|核实|核对|"
        "数据|经费|编制|职责|牵头|"
        "[“”\"‘’？?]|[0-9一二三四五六七八九十]条",
};

static GRegex *regex_of(enum pattern pattern)
{
    static GRegex *regexes[PATTERNS];
    static gsize once;
    if (g_once_init_enter(&once)) {
        for (int i = 0; i < PATTERNS; i++) {
            regexes[i] = g_regex_new(patterns[i], G_REGEX_OPTIMIZE, 0, NULL);
            g_assert(regexes[i] != NULL);
        }
        g_once_init_leave(&once, 1);
    }
    return regexes[pattern];
}

gboolean clause_is_bland(const char *clause)
{
    g_autofree char *words = text_compact(clause);
    g_autofree char *unknown =
        g_regex_replace_literal(regex_of(PATTERN_SAFE), words, -1, 0, "", 0, NULL);
    return g_utf8_strlen(unknown, -1) <= UNKNOWN_MAX &&
           !g_regex_match(regex_of(PATTERN_WEIGHTY), unknown, 0, NULL);
}
