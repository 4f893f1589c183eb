/* What may take back some of a consent that it stands beside. */
#include "wording/order/order.h"

#include "base/base.h"
#include "wording/pattern.h"

#include <string.h>

/* Words that change, limit, doubt, forbid or put off something, or name a part of the letter; not
 * where they are part of a name (发改委, 退役军人, 不动产). */
PATTERN(reserving,
        "(?<![发医房体深综整])改(?!革)|删|撤|补(?:充|上|发|报|正|齐|一)|增(?:加|补|发|列|设)|"
        "减(?:少|去)|去掉|加(?:上|发|一|个)|调整|更(?:正|换)|换成|重(?:新|写|拟|做|印)|抄送|另|"
        "但|不过|然而|除(?:外|了|非|去)|只(?:发|给|限|同意)|仅(?:发|给|限|同意)|部分|"
        "不(?!动产|断|忘)|未(?!来|成年)|别(?:发|急)|勿|取消|退(?!役|休)|免报|催办|"
        "延(?:期|后|长|迟|至|到)|推迟|暂|稍|先(?:发|不|把|将|别|报|请|征|与|和|向|给)|再|缓|"
        "(?:待|等).{1,20}(?:后|才)|之后|以后|下周|明天|后天|"
        "建议|修改意见|几点意见|以下意见|问题|错|漏|缺|如(?:果|有|无|能|需)|若(?:有|无|能|需)|"
        "须|需|应(?:当|该|为|写|是|加)|注意|吗|[?？]|"
        "落款|标题|题目|文号|期限|附件|正文|名单|主送|收件人|字样|措辞|表述|格式|"
        "第[一二三四五六七八九十0-9]{1,3}(?:条|款|项|段|句|页|行|个)");

gboolean consent_is_reserved(const char *words)
{
    g_autofree char *plain = order_fold(words);
    g_autofree char *compact = text_compact(plain);
    return pattern_in(&reserving, compact, (struct span){ 0, strlen(compact) });
}
