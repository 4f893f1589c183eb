/* Which matter an order is about: named in it, or by the message that it is about, or by the
 * conversation, or the only one; else asked, by number. */
#include "handlers/clerk/clerk.h"

#include <string.h>

enum { OFFERED = 9 };

char *cut_out(GString *text, const char *pattern)
{
    g_autoptr(GRegex) regex = g_regex_new(pattern, 0, 0, NULL);
    g_autoptr(GMatchInfo) match = NULL;
    int from, to;
    if (!g_regex_match(regex, text->str, 0, &match) ||
        !g_match_info_fetch_pos(match, 0, &from, &to))
        return NULL;
    char *found = g_match_info_fetch(match, 1);
    g_string_erase(text, from, to - from);
    g_string_insert_c(text, from, ' ');
    return g_strstrip(found);
}

static json_t *ask_for_matter(struct clerk *clerk, const struct call *call, const GArray *matters)
{
    json_t *part = part_add(clerk, call->line);
    part_refuse(part, "还没有执行：是哪个事项？请回复数字：");
    for (guint i = 0; i < MIN(matters->len, OFFERED); i++) {
        struct matter *m = matter_get(clerk->office->db, g_array_index(matters, gint64, i));
        g_autofree char *title = g_strdup_printf("《%s》%s", m->title, m->number ? m->number : "");
        part_offer(clerk, part, title, call->line, m->id);
        matter_free(m);
    }
    return part;
}

/* Cuts a matter that is named out of the text. *named: a copy of how; NULL: none is. */
static gint64 cut_matter(struct clerk *clerk, GString *text, char **named)
{
    gint64 token = matter_in_text(clerk->office->db, text->str);
    if (token > 0) {
        *named = cut_out(text, "\\[?((?i)LL[0-9]+-[0-9A-Z]{5})\\]?");
        return token;
    }
    *named = cut_out(text, "《((?:[^《》]|《[^》]*》)+)》");
    if (*named == NULL)
        *named = cut_out(text, "事项\\s*([0-9]+)");
    return *named != NULL ? matter_find(clerk->office->db, *named) : 0;
}

gboolean call_find_matter(struct clerk *clerk, struct call *call, GString *text)
{
    g_autofree char *named = NULL;
    gint64 found = cut_matter(clerk, text, &named);
    while (named != NULL && found > 0) {
        call->matter = call->matters->len == 0 ? found : call->matter;
        g_array_append_val(call->matters, found);
        if (!(call->row->needs & MAY_NAME_MATTERS))
            return TRUE;
        g_clear_pointer(&named, g_free);
        found = cut_matter(clerk, text, &named);
    }
    if (named == NULL)
        return TRUE;
    part_refuse(part_add(clerk, call->line),
                found < 0 ? "“%s”对应几个事项，没有执行：请写全标题，或写“事项”加编号"
                          : "没有“%s”这个事项，没有执行：不写事项，就列出来请您选",
                named);
    return FALSE;
}

/* What a message was proposed for says more than the conversation. */
static gint64 matter_of_message(struct clerk *clerk, const struct call *call)
{
    if (call->numbers->len == 0)
        return 0;
    struct message *m = message_get(clerk->office->db, g_array_index(call->numbers, gint64, 0));
    gint64 matter = m == NULL ? 0 : m->matter != 0 ? m->matter : m->proposed_matter;
    message_free(m);
    return matter;
}

/* No matter is in a state for that: what there is instead, and how to go on. */
static void say_no_matter(struct clerk *clerk, const struct call *call)
{
    json_t *part = part_add(clerk, call->line);
    g_autoptr(GArray) submitted = matter_list(clerk->office->db, STATE_SUBMITTED);
    if (!(call->row->needs & (A_DRAFT | TO_SIGN_OFF))) {
        part_refuse(part, "没有执行：现在没有进行中的事项");
        return;
    }
    part_refuse(part, call->row->needs & A_DRAFT
                          ? "没有执行：现在没有草稿。新发一件，写“发起”并附上通知；"
                            "已发出的要撤销，写“撤销”加事项编号，例如：撤销 事项1"
                          : "没有执行：现在没有待签发的事项");
    for (guint i = 0; call->row->needs & A_DRAFT && i < submitted->len; i++) {
        struct matter *m = matter_get(clerk->office->db, g_array_index(submitted, gint64, i));
        part_say(part, "事项 %" G_GINT64_FORMAT "《%s》已送签，正在等签发人。", m->id, m->title);
        matter_free(m);
    }
}

/* Those in a state that the command is for. */
static GArray *matters_for(struct clerk *clerk, const struct call *call)
{
    struct db *db = clerk->office->db;
    int needs = call->row->needs;
    GArray *found = matter_list(db, needs & A_DRAFT       ? STATE_DRAFT
                                    : needs & TO_SIGN_OFF ? STATE_SUBMITTED
                                                          : STATE_ISSUED);
    g_autoptr(GArray) signed_ones = matter_list(db, STATE_SIGNED);
    if (needs & (A_DRAFT | TO_SIGN_OFF))
        g_array_append_vals(found, signed_ones->data, signed_ones->len);
    return found;
}

/* The matters of a letter that seems to be about several: which one, or all, is asked. */
static gboolean ask_for_matters(struct clerk *clerk, const struct call *call)
{
    struct db *db = clerk->office->db;
    gint64 id = call->numbers->len > 0 ? g_array_index(call->numbers, gint64, 0) : 0;
    g_autoptr(GArray) sides = side_list(db, id, FALSE);
    g_autoptr(GArray) matters = g_array_new(FALSE, FALSE, sizeof(gint64));
    g_autoptr(GString) all = g_string_new(call->line);
    gint64 last = matter_of_message(clerk, call);
    g_array_append_val(matters, last);
    g_string_append_printf(all, " 事项%" G_GINT64_FORMAT, last);
    for (guint i = 0; i < sides->len; i++) {
        const struct side *side = &g_array_index(sides, struct side, i);
        if (side->matter == 0 || side->matter == last ||
            side->matter == g_array_index(matters, gint64, 0))
            continue;
        last = side->matter;
        g_array_append_val(matters, last);
        g_string_append_printf(all, " 事项%" G_GINT64_FORMAT, last);
    }
    if (matters->len < 2)
        return FALSE;
    json_t *part = ask_for_matter(clerk, call, matters);
    part_offer(clerk, part, "这几个事项都算", all->str, 0);
    return TRUE;
}

gboolean call_choose_matter(struct clerk *clerk, struct call *call)
{
    if (call->matter == 0 && call->row->needs & MAY_NAME_MATTERS && ask_for_matters(clerk, call))
        return FALSE;
    if (call->matter == 0)
        call->matter = matter_of_message(clerk, call);
    if (call->matter == 0 && clerk->matter > 0)
        call->matter = clerk->matter;
    if (call->matter != 0)
        return TRUE;
    g_autoptr(GArray) open = matters_for(clerk, call);
    if (open->len == 1)
        call->matter = g_array_index(open, gint64, 0);
    else if (open->len == 0)
        say_no_matter(clerk, call);
    else
        ask_for_matter(clerk, call, open);
    return open->len == 1;
}
