/* A name that an office goes by and the roster does not know. */
#include "wording/names.h"

#include "base/base.h"
#include "wording/pattern.h"

#include <string.h>

enum { NAME_MIN = 4 }; /* characters, with the city before it */

/* A line that is nothing but a name, with what stands beside one that signs. */
PATTERN(line_of_name,
        "^(?:(?:反馈|填报|填表|报送|回复|来文)?(?:单位|部门)(?:名称)?[:：]|落款[:：])?"
        "(?<name>\\p{Han}{2,20}?(?:局|委|委员会|厅|院|会|中心|馆|站|所|校|学院|大学|集团|公司|"
        "队|团|署|园|办|部|处|社|台|联|场))"
        "(?:[（(][^）)]{0,8}[）)])?(?:文件|函|便函)?"
        "(?:[-_—·|/]\\p{Han}{2,4})?(?:[0-9二〇○零一十年月日./-]{0,16})?$");
/* No name of an office has these. */
PATTERN(no_name, "[的了我你们您请是对将把及给见阅收谢此贵该各]|"
                 "建议|同意|增加|修改|删除|意见|研究|抄送|主送|"
                 "^(?:市|县|区)?(?:委|府|政府)办$|(?:领导小组|委员会)办$|党组|党委$|机关$");
/* The city or its level stands before it: else it may be anybody's. */
PATTERN(of_place, "^(?:\\p{Han}{1,4})?[市县州盟区]");

char *names_unknown(const struct names *names, const char *line)
{
    g_autofree char *compact = text_compact(line);
    g_autoptr(GMatchInfo) match =
        pattern_match(&line_of_name, compact, (struct span){ 0, strlen(compact) });
    if (!g_match_info_matches(match))
        return NULL;
    g_autofree char *name = g_match_info_fetch_named(match, "name");
    if (g_utf8_strlen(name, -1) < NAME_MIN || pattern_fits(&no_name, name) ||
        !pattern_fits(&of_place, name) || names_has_part(names, name))
        return NULL;
    return g_steal_pointer(&name);
}
