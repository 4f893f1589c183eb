/* What stands under comment, what is annexed, and each unit's own section. */
#include "wording/notice/private.h"

#include "base/base.h"
#include "wording/date.h"
#include "wording/outline/outline.h"
#include "wording/words.h"
#include <string.h>

PATTERN(quoted, "《((?:[^《》]|《[^《》]*》)+)》");
PATTERN(cites, "^\\s*(?:根据|按照|依据|依照|遵照|为[^，。；]{0,12}(?:贯彻|落实|做好|推进|深入)|"
               "为了|贯彻|落实|结合|参照|深入)");
PATTERN(offers, "现将|起草|制定|修订|草拟|形成|拟定|编制|拟订|征求|印发给|发给|印送|送审|研提|对");
PATTERN(asked_title,
        "征求(?:对)?(.{4,80}?)(?:的)?(?:修改|反馈)?(?:意见|建议)(?:建议)?的?(?:通知|函)");
PATTERN(annex_head, "^附\\s*件?\\s*[：:]?\\s*");
PATTERN(item_mark, "(?:^|\\s)[0-9０-９]{1,2}\\s*[.．、](?![0-9])\\s*");
PATTERN(annex_mark, "^附\\s*件\\s*([0-9０-９一二三四五六七八九十]{0,3})\\s*[：:]?$");

static gboolean is_consultation(const struct notice *notice)
{
    const char *kind = json_string_value(json_object_get(notice->json, "kind"));
    return g_strcmp0(kind, "consultation") == 0;
}

static void add_item(struct notice *notice, const char *list_name, const char *text,
                     struct span proof)
{
    json_t *list = json_object_get(notice->json, list_name), *one;
    gsize i;
    json_array_foreach (list, i, one)
        if (strcmp(json_string_value(one), text) == 0)
            return;
    g_autofree char *path = g_strdup_printf("%s.%zu", list_name, json_array_size(list));
    if (json_array_size(list) == 0)
        notice_prove(notice, list_name, proof);
    notice_prove(notice, path, proof);
    json_array_append_new(list, json_string(text));
}

/* ---- documents under comment */

/* The piece between commas that a title stands in. */
static struct span clause_of(const char *text, struct span sentence, gsize at)
{
    gsize from = sentence.from;
    for (gsize i = sentence.from; i < at; i++)
        if (g_str_has_prefix(text + i, "，") || text[i] == ',')
            from = i + (text[i] == ',' ? 1 : strlen("，"));
    return (struct span){ from, at };
}

static void take_titles(struct notice *notice, struct span in, struct span proof)
{
    g_autoptr(GMatchInfo) match = pattern_match(&quoted, notice->text, in);
    for (; g_match_info_matches(match); g_match_info_next(match, NULL)) {
        struct span found;
        match_span(match, in, 0, &found);
        struct span clause = clause_of(notice->text, in, found.from);
        if (pattern_at(&cites, notice->text, clause))
            continue;
        g_autofree char *title = g_match_info_fetch(match, 1);
        if (!g_str_has_suffix(title, "表"))
            add_item(notice, "documents", title, proof);
    }
}

/* The body names it short where the title has it whole: 《办法》 for 《办法（送审稿）》. */
static void complete_titles(struct notice *notice, const char *title, struct span proof)
{
    gsize i;
    json_t *one, *list = json_object_get(notice->json, "documents");
    json_array_foreach (list, i, one) {
        g_autofree char *open = g_strdup_printf("《%s（", json_string_value(one));
        const char *at = strstr(title, open);
        const char *end = at != NULL ? strstr(at, "稿）》") : NULL;
        at = at != NULL ? at + strlen("《") : NULL;
        if (end == NULL || end - at > 300 || strstr(at, "》") < end)
            continue;
        g_autofree char *path = g_strdup_printf("documents.%zu", i);
        json_array_set_new(list, i, json_stringn(at, (size_t)(end - at) + strlen("稿）")));
        notice_prove(notice, path, proof);
        if (i == 0)
            notice_prove(notice, "documents", proof);
    }
}

static void read_documents(struct notice *notice)
{
    if (!is_consultation(notice))
        return;
    struct span found, in = notice->body;
    in.to = MIN(in.to, notice_line(notice, notice->annex_list).from);
    while (pattern_find(&quoted, notice->text, in, 0, &found)) {
        struct span sentence = notice_sentence(notice, found);
        if (pattern_in(&offers, notice->text, sentence))
            take_titles(notice, sentence, sentence);
        in.from = MAX(sentence.to, found.to);
    }
    if (notice->title == notice->title_end)
        return;
    struct span title = { notice_line(notice, notice->title).from,
                          notice_line(notice, notice->title_end - 1).to };
    complete_titles(notice, json_string_value(json_object_get(notice->json, "title")), title);
    if (json_array_size(json_object_get(notice->json, "documents")) == 0)
        take_titles(notice, title, title);
    if (json_array_size(json_object_get(notice->json, "documents")) == 0 &&
        pattern_find(&asked_title, notice->text, title, 1, &found)) {
        g_autofree char *name = span_text(notice->text, found);
        add_item(notice, "documents", name, title);
    }
}

/* ---- annexes */

static char *bare_annex(const char *words)
{
    g_autofree char *trimmed = words_trim(words);
    g_autofree char *text = words_chop(trimmed, "。；;，");
    char *end = g_strrstr(text, "》");
    gboolean whole = g_str_has_prefix(text, "《") && end != NULL && end[strlen("》")] == '\0' &&
                     strstr(text + strlen("《"), "《") == NULL && strstr(text, "》") == end;
    return whole ? g_strndup(text + strlen("《"), strlen(text) - 2 * strlen("《"))
                 : g_steal_pointer(&text);
}

static void take_annex(struct notice *notice, struct span words, struct span proof)
{
    g_autofree char *text = span_text(notice->text, words);
    g_autofree char *title = bare_annex(text);
    if (*title != '\0')
        add_item(notice, "annexes", title, proof);
}

/* The annexes named in a line: behind each number, or all of it. FALSE: there is no number. */
static gboolean take_numbered(struct notice *notice, struct span line, struct span in)
{
    struct span mark;
    gboolean any = FALSE;
    while (pattern_find(&item_mark, notice->text, in, 0, &mark)) {
        struct span next, rest = { mark.to, in.to };
        struct span item = rest;
        if (pattern_find(&item_mark, notice->text, rest, 0, &next))
            item.to = next.from;
        take_annex(notice, item, line);
        in.from = item.to;
        any = TRUE;
    }
    return any;
}

static void read_annexes(struct notice *notice)
{
    for (guint i = notice->annex_list; i < MIN(notice->end, notice->signature); i++) {
        struct span line = notice_line(notice, i), head, in = line;
        gboolean first = i == notice->annex_list;
        if (line.from >= notice->body.to)
            return;
        in.to = MIN(in.to, notice->body.to);
        if (first && pattern_find(&annex_head, notice->text, line, 0, &head))
            in.from = head.to;
        else if (!first && g_array_index(notice->lines, struct notice_line, i).after_blank)
            return;
        if (!take_numbered(notice, line, in) && first && in.from < in.to)
            take_annex(notice, in, line);
    }
}

/* ---- what is missing */

gboolean notice_annex_is(const char *title, const char *name)
{
    g_autofree char *bare = words_file_title(name);
    g_autofree char *a = text_compact(bare);
    g_autofree char *b = text_compact(title);
    g_autoptr(GString) plain = g_string_new(b);
    g_string_replace(plain, "《", "", 0);
    g_string_replace(plain, "》", "", 0);
    g_autoptr(GString) file = g_string_new(a);
    g_string_replace(file, "《", "", 0);
    g_string_replace(file, "》", "", 0);
    return file->len > 0 &&
           (strstr(plain->str, file->str) != NULL || strstr(file->str, plain->str) != NULL);
}

static gboolean is_given(const struct notice *notice, const char *title)
{
    for (const char *const *name = notice->setting->given; name != NULL && *name != NULL; name++)
        if (notice_annex_is(title, *name))
            return TRUE;
    return FALSE;
}

/* The numbers of the annexes that stand in the same text, each under its mark; 0: one without. */
static GHashTable *annexes_inside(const struct notice *notice)
{
    GHashTable *numbers = g_hash_table_new(g_direct_hash, g_direct_equal);
    for (guint i = notice->end; i < notice->lines->len; i++) {
        struct span line = notice_line(notice, i), number;
        if (!pattern_find(&annex_mark, notice->text, line, 1, &number))
            continue;
        g_autofree char *digits = span_text(notice->text, number);
        g_hash_table_add(numbers, GINT_TO_POINTER(MAX(date_number(digits), 0)));
    }
    return numbers;
}

static void check_annexes(struct notice *notice)
{
    gsize i;
    json_t *one, *list = json_object_get(notice->json, "annexes");
    g_autoptr(GHashTable) inside = annexes_inside(notice);
    gboolean lone = json_array_size(list) == 1 && g_hash_table_contains(inside, GINT_TO_POINTER(0));
    json_array_foreach (list, i, one) {
        const char *title = json_string_value(one);
        if (!lone && !g_hash_table_contains(inside, GINT_TO_POINTER((int)i + 1)) &&
            !is_given(notice, title))
            notice_warn(notice, "missing_annex", "附件 %zu“%s”没有随通知一起给出", i + 1, title);
    }
}

/* ---- the units' sections */

static json_t *duties_of(const GPtrArray *nodes, int section)
{
    json_t *duties = json_array();
    for (guint i = (guint)section + 1; i < nodes->len; i++) {
        const struct node *node = nodes->pdata[i];
        if (outline_above(nodes, (int)i, NODE_SECTION) != section)
            break; /* what belongs to it stands together */
        json_array_append_new(duties, json_string(node->body));
    }
    return duties;
}

static void read_units(struct notice *notice)
{
    g_autofree char *annexes = g_strdup(notice->text + notice_line(notice, notice->end).from);
    g_autoptr(GPtrArray) nodes = outline_read(annexes, NULL);
    json_t *units = json_object_get(notice->json, "units");
    const char *behind = annexes;
    for (guint i = 0; i < nodes->len; i++) {
        const struct node *node = nodes->pdata[i];
        if (node->kind != NODE_SECTION || node->name == NULL)
            continue;
        gsize n = json_array_size(units);
        const char *at = strstr(behind, node->text);
        behind = at != NULL ? at : behind;
        gsize from = notice_line(notice, notice->end).from + (gsize)(at != NULL ? at - annexes : 0);
        struct span line = { from, from + (at != NULL ? strlen(node->text) : 0) };
        g_autofree char *path = g_strdup_printf("units.%zu", n);
        if (n == 0)
            notice_prove(notice, "units", line);
        notice_prove(notice, path, line);
        json_array_append_new(
            units, json_pack("{ss so}", "name", node->name, "duties", duties_of(nodes, (int)i)));
    }
}

json_t *notice_sections(const char *text)
{
    g_autoptr(GPtrArray) nodes = outline_read(text, NULL);
    json_t *sections = json_array();
    for (guint i = 0; i < nodes->len; i++) {
        const struct node *node = nodes->pdata[i];
        if (node->kind == NODE_SECTION && node->name != NULL)
            json_array_append_new(sections, json_pack("{ss so}", "name", node->name, "duties",
                                                      duties_of(nodes, (int)i)));
    }
    return sections;
}

void notice_read_lists(struct notice *notice)
{
    read_documents(notice);
    read_annexes(notice);
    check_annexes(notice);
    read_units(notice);
}
