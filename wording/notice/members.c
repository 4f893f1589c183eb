/* Lists of units as annexes have them: 成员单位名单, 联络员名单, one unit a line or several between
 * commas. Every line is understood or named as unclear. */
#include "wording/notice/private.h"

#include "base/base.h"
#include "wording/outline/outline.h"
#include "wording/words.h"
#include <string.h>

enum {
    PROSE = 60,    /* characters: a longer line that names no unit is no row of a list */
    ROW_MAX = 600, /* bytes of one unit's line */
};

#define GAP "[\\s：:，,；;|/]"
PATTERN(headed, "(?:名单|通讯录|一览表|联络员|成员单位|联系方式)(?:[（(][^（()）]*[)）])?[：:]?$");
PATTERN(list_label,
        "^(?:领导小组)?(?:成员单位|单位|名单|包括|主送|抄送|发送范围)[^：:]{0,6}[：:]\\s*");
PATTERN(mail, "[A-Za-z0-9][A-Za-z0-9._+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\\.[A-Za-z0-9-]{1,63}){1,4}");
PATTERN(mobile, "(?<![0-9])1[3-9][0-9]{9}(?![0-9])");
PATTERN(phone, "(?<![0-9-])(?:0[0-9]{2,3}[-— ]?)?[2-8][0-9]{6,7}(?:[-—转][0-9]{1,5})?(?![0-9])");
PATTERN(person, "(?:^|" GAP "|（|\\()(?:联络员|联系人|姓名)?[：: ]*"
                "([\\x{4E00}-\\x{9FFF}·]{2,4}|[\\x{4E00}-\\x{9FFF}]\\s[\\x{4E00}-\\x{9FFF}])"
                "(?=$|" GAP "|[（()）])");
PATTERN(no_person,
        "^(?:电话|手机|邮箱|传真|联络员|联系人|姓名|职务|办公室|科长|主任|局长|副局长|处长|"
        "科员|股长|部长|书记|主席|备注|单位|序号|性别|无)$");

static void set_text(json_t *member, const char *key, const char *text)
{
    json_object_set_new(member, key, json_string(text));
}

/* Takes the first match of a pattern out of rest, as that field. */
static void take(json_t *member, const char *key, struct pattern *pattern, GString *rest)
{
    struct span found, all = { 0, rest->len };
    if (!pattern_find(pattern, rest->str, all, 0, &found)) {
        set_text(member, key, "");
        return;
    }
    g_autofree char *text = span_text(rest->str, found);
    set_text(member, key, text);
    g_string_erase(rest, (gssize)found.from, (gssize)(found.to - found.from));
    g_string_insert_c(rest, (gssize)found.from, ' ');
}

static void take_person(json_t *member, GString *rest)
{
    struct span found, in = { 0, rest->len };
    while (pattern_find(&person, rest->str, in, 1, &found)) {
        g_autofree char *name = span_text(rest->str, found);
        if (!pattern_in(&no_person, name, (struct span){ 0, strlen(name) }) &&
            !notice_names_unit(name)) {
            g_autofree char *close = text_compact(name);
            set_text(member, "person", close);
            return;
        }
        in.from = found.to;
    }
    set_text(member, "person", "");
}

/* “市教育局  联络员甲  科长  13800000000”: the name comes first. NULL: it is no unit's line. */
static json_t *member_of(const char *line, int number)
{
    g_autofree char *narrow = g_utf8_normalize(line, -1, G_NORMALIZE_NFKC);
    const char *end = narrow + strcspn(narrow, " \t:,;|/(");
    for (const char *p = narrow; p < end; p = g_utf8_next_char(p))
        if (g_utf8_get_char(p) == 0x3001)
            return NULL;
    g_autofree char *name = g_strndup(narrow, (gsize)(end - narrow));
    if (!notice_names_unit(name))
        return NULL;
    g_autoptr(GString) rest = g_string_new(end);
    json_t *member = json_pack("{si ss}", "line", number, "name", name);
    take(member, "email", &mail, rest);
    take(member, "mobile", &mobile, rest);
    take(member, "phone", &phone, rest);
    take_person(member, rest);
    return member;
}

/* “市教育局、市科技局，市财政局。”: all of it must be names. */
static gboolean take_names(const char *line, int number, json_t *members)
{
    struct span label;
    if (pattern_find(&list_label, line, (struct span){ 0, strlen(line) }, 0, &label))
        line += label.to;
    g_autofree char *bare = words_chop(line, "。；;，,、 ");
    g_auto(GStrv) names = g_regex_split_simple("[、，,；;\\s]+", bare, 0, 0);
    for (char **name = names; *name != NULL; name++)
        if (!notice_names_unit(*name))
            return FALSE;
    for (char **name = names; *name != NULL; name++)
        json_array_append_new(members,
                              json_pack("{si ss ss ss ss ss}", "line", number, "name", *name,
                                        "person", "", "email", "", "mobile", "", "phone", ""));
    return TRUE;
}

static gboolean is_head(const char *line)
{
    return pattern_in(&headed, line, (struct span){ 0, strlen(line) });
}

/* The first line below the last heading of a list; 0: there is none. */
static guint list_begins(char **lines)
{
    guint begin = 0;
    for (guint i = 0; lines[i] != NULL; i++) {
        g_autofree char *line = words_trim(lines[i]);
        if (begin == 0 && g_utf8_strlen(line, -1) <= PROSE && is_head(line))
            begin = i + 1;
    }
    return begin;
}

static void take_line(const char *whole, int number, json_t *members, json_t *unclear)
{
    g_autofree char *trimmed = words_trim(whole);
    const char *line = trimmed + outline_mark(trimmed, NULL, NULL);
    if (outline_mark(trimmed, NULL, NULL) == 0)
        line = words_skip(trimmed, "0123456789０１２３４５６７８９ \t　");
    if (*line == '\0' || is_head(line))
        return;
    if (take_names(line, number, members))
        return;
    json_t *member = strlen(line) <= ROW_MAX ? member_of(line, number) : NULL;
    if (member != NULL)
        json_array_append_new(members, member);
    else if (g_utf8_strlen(line, -1) <= PROSE)
        json_array_append_new(unclear, json_pack("{si ss}", "line", number, "text", trimmed));
}

json_t *notice_members(const char *text)
{
    json_t *members = json_array(), *unclear = json_array();
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = list_begins(lines); lines[i] != NULL; i++)
        take_line(lines[i], (int)i + 1, members, unclear);
    return json_pack("{so so}", "members", members, "unclear", unclear);
}
