/* Slips are lines of a label and what is said. */
#include "wording/slip.h"

#include "wording/pattern.h"

PATTERN(approved,
        "(?m)^\\s*(?:局|委|部|会|院|分管)?(?:领导|局长|主任)?(?:批示|意见|签批|审批)[:：]\\s*"
        "(?:同意|可|照办|照此|无意见|拟同意)");
PATTERN(draft, "^\\s*(?:拟办|承办|经办|科室|处室|部门|办理|办公室|事由|内容)[^:：\\n]{0,6}[:：]");
PATTERN(proposal, "(?:无|没有)(?:修改|不同|补充|任何)?(?:意见|异议)[^，。；]{0,4}[。，；]?"
                  "(?:\\s*(?:妥否|请)[^。]{0,16}[。]?)*[^。，；]{0,16}$");
PATTERN(wish, "建议(?!回复|答复|反馈|按|以)|希望|应|改为|增加|删|但|除|不妥|有误");
PATTERN(
    routing,
    "[:：]\\s*(?:呈[^，。]{0,12}[，。])?请[^，。]{1,12}(?:提意见|研究|研提意见|阅|办理|提出意见)"
    "[^，。]{0,6}[。]?[^。，；]{0,12}$");

/* What a drafted line comes to; NULL: it stays as it is. */
static const char *settled(const char *line)
{
    if (!pattern_fits(&draft, line) || pattern_fits(&wish, line))
        return NULL;
    if (pattern_fits(&proposal, line))
        return "无意见";
    return pattern_fits(&routing, line) ? "" : NULL;
}

char *slip_read(const char *text)
{
    if (!pattern_fits(&approved, text))
        return g_strdup(text);
    GString *rest = g_string_new(NULL);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line != NULL; line++) {
        const char *short_of_it = settled(*line);
        g_string_append_printf(rest, "%s%s", line == lines ? "" : "\n",
                               short_of_it != NULL ? short_of_it : *line);
    }
    return g_string_free(rest, FALSE);
}
