/* From a line to a call: its matter, units, numbers, date; what is missing or misspelt is asked
 * back, by number. */
#include "handlers/clerk/clerk.h"

#include <string.h>

void call_free(struct call *call)
{
    if (call == NULL)
        return;
    g_free(call->line);
    g_array_unref(call->units);
    g_array_unref(call->numbers);
    g_array_unref(call->matters);
    g_free(call->deadline);
    g_free(call->why);
    g_free(call->also);
    g_free(call);
}

/* A unit that answers to the office, not the office itself. */
static gint64 member_named(struct office *office, const char *name)
{
    gint64 unit = unit_named(office, name);
    return unit != unit_by_code(office->db, UNIT_OFFICE) ? unit : 0;
}

static gboolean is_unit(void *context, const char *name)
{
    return member_named(context, name) != 0;
}

/* ---- questions */

static void ask_for_unit(struct clerk *clerk, const struct call *call, const char *name)
{
    json_t *part = part_add(clerk, call->line);
    g_auto(GStrv) names = unit_all_names(clerk->office->db);
    g_autofree char *near = text_nearest(name, (const char *const *)names);
    if (near == NULL) {
        part_refuse(part, "没有执行：没有“%s”这个单位。单位的叫法见“状态”的答复", name);
        return;
    }
    part_refuse(
        part,
        "没有执行：没有“%s”这个单位。是不是下面的一个？是的请回复数字，都不是的请重写这一行：",
        name);
    g_auto(GStrv) nearest = g_strsplit(near, "、", -1);
    g_autoptr(GArray) offered = g_array_new(FALSE, FALSE, sizeof(gint64));
    for (char **one = nearest; *one != NULL; one++) {
        gint64 unit = member_named(clerk->office, *one);
        gboolean twice = unit == 0;
        for (guint i = 0; i < offered->len; i++)
            twice = twice || g_array_index(offered, gint64, i) == unit;
        if (twice)
            continue;
        g_array_append_val(offered, unit);
        struct unit *u = unit_get(clerk->office->db, unit);
        g_autoptr(GString) line = g_string_new(call->line);
        g_string_replace(line, name, u->name, 1);
        part_offer(clerk, part, u->name, line->str, call->matter);
        unit_free(u);
    }
}

/* ---- the pieces of a line */

/* #123, 123号, 第123封 */
#define NUMBER \
    "^[\\s、,，和]*(?:#|第|No\\.?)?\\s*([0-9]{1,9})(?![0-9])\\s*(?:号|封)?(?:来信|来件|信|邮件)?"

static void take_numbers(struct call *call, GString *text, const char *pattern)
{
    for (char *number; (number = cut_out(text, pattern));) {
        gint64 id = g_ascii_strtoll(number, NULL, 10);
        g_array_append_val(call->numbers, id);
        g_free(number);
    }
}

/* What people write for a stance besides its own name. */
static const struct {
    const char *words;
    enum stance stance;
} stances[] = {
    { "没意见", STANCE_NO_COMMENT },
    { "没有意见", STANCE_NO_COMMENT },
    { "无修改意见", STANCE_NO_COMMENT },
    { "有修改意见", STANCE_COMMENTS },
};

/* Cuts the words off the end, perhaps in brackets or behind 均; FALSE: it ends otherwise. */
static gboolean cut_end(GString *text, const char *words)
{
    g_autofree char *pattern =
        g_strdup_printf("[\\s,，、]*[（(]?\\s*(?:均|都|皆|为|：|:)?\\s*%s\\s*[）)]?\\s*$", words);
    g_autoptr(GRegex) regex = g_regex_new(pattern, 0, 0, NULL);
    g_autoptr(GMatchInfo) match = NULL;
    int from;
    if (!g_regex_match(regex, text->str, 0, &match) ||
        !g_match_info_fetch_pos(match, 0, &from, NULL))
        return FALSE;
    g_string_truncate(text, (gsize)from);
    return TRUE;
}

static void take_stance(struct call *call, GString *text)
{
    for (gsize i = 0; i < G_N_ELEMENTS(stances) && call->stance < 0; i++)
        if (cut_end(text, stances[i].words))
            call->stance = (int)stances[i].stance;
    for (int s = 0; s <= STANCE_UNCLEAR && call->stance < 0; s++)
        if (cut_end(text, stance_chinese((enum stance)s)))
            call->stance = s;
}

static gboolean take_date(struct clerk *clerk, struct call *call, GString *text)
{
    const char *rest = "", *from = text->str;
    int today = day_of(clock_now());
    call->deadline = order_deadline(from, today, &rest);
    if (call->deadline == NULL && (from = strstr(text->str, "至")) != NULL)
        call->deadline = order_deadline(from, today, &rest);
    if (call->deadline != NULL) {
        g_string_erase(text, from - text->str, rest - from);
        return TRUE;
    }
    part_refuse(part_add(clerk, call->line),
                "没有执行：看不出延到哪一天。请写成：延期 至6月25日（后面可写单位）");
    return FALSE;
}

static gboolean add_unit(struct clerk *clerk, struct call *call, const char *name)
{
    gint64 unit = member_named(clerk->office, name);
    for (guint i = 0; i < call->units->len; i++)
        if (g_array_index(call->units, gint64, i) == unit)
            return TRUE;
    struct assignment *a = assignment_get(clerk->office->db, call->matter, unit);
    gboolean asked = a != NULL;
    assignment_free(a);
    if (asked)
        g_array_append_val(call->units, unit);
    else
        part_refuse(part_add(clerk, call->line), "没有执行：该事项没有发给%s", name);
    return asked;
}

static gboolean means_all(const char *text)
{
    g_autofree char *words = text_compact(text);
    static const char *const all[] = { "", "全部", "全体", "所有单位", "各单位", "全部单位" };
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
        if (g_str_equal(words, all[i]))
            return TRUE;
    return FALSE;
}

/* 延期 至6月25日（市科技局） */
static char *without_brackets(const char *text)
{
    char *plain = g_strstrip(g_strdup(text));
    gsize n = strlen(plain), wide = strlen("（");
    if (n < 2 * wide || !g_str_has_prefix(plain, "（") || strstr(plain, "）") != plain + n - wide)
        return plain;
    char *inside = g_strndup(plain + wide, n - 2 * wide);
    g_free(plain);
    return inside;
}

static gboolean take_units(struct clerk *clerk, struct call *call, const char *text)
{
    g_autofree char *plain = without_brackets(text);
    g_autoptr(GPtrArray) names = names_split(plain, is_unit, clerk->office);
    if (call->row->needs & MAY_NAME_UNITS && means_all(plain))
        return TRUE;
    for (guint i = 0; i < names->len; i++)
        if (!is_unit(clerk->office, names->pdata[i])) {
            ask_for_unit(clerk, call, names->pdata[i]);
            return FALSE;
        }
    for (guint i = 0; i < names->len; i++)
        if (!add_unit(clerk, call, names->pdata[i]))
            return FALSE;
    if (names->len == 0)
        part_refuse(part_add(clerk, call->line), "没有执行：请写明单位，例如：%s",
                    call->row->usage);
    return names->len > 0;
}

/* The lines below belong to it if they are all names, or if it has none of its own. */
static void take_more(struct clerk *clerk, const struct order *order, GString *line)
{
    gboolean bare = *order->rest == '\0';
    for (guint i = 0; i < order->more->len; i++) {
        const char *more = order->more->pdata[i];
        g_autoptr(GPtrArray) names = names_split(more, is_unit, clerk->office);
        gboolean known = names->len > 0;
        for (guint k = 0; k < names->len; k++)
            known = known && is_unit(clerk->office, names->pdata[k]);
        if (!known && !(bare && i == 0))
            return;
        g_string_append_printf(line, "%s%s", i == 0 && bare ? " " : "、", more);
    }
}

GArray *units_named(struct clerk *clerk, const char *text, GError **error)
{
    struct office *office = clerk->office;
    g_autoptr(GArray) units = g_array_new(FALSE, FALSE, sizeof(gint64));
    g_autoptr(GPtrArray) names = names_split(text, is_unit, office);
    g_autoptr(GPtrArray) all = means_all(text) ? unit_list(office->db, FALSE) : NULL;
    for (guint i = 0; all != NULL && i < all->len; i++) {
        const struct unit *u = all->pdata[i];
        if (!g_str_equal(u->code, UNIT_OFFICE))
            g_array_append_val(units, u->id);
    }
    for (guint i = 0; all == NULL && i < names->len; i++) {
        gint64 unit = member_named(office, names->pdata[i]);
        if (unit == 0) {
            g_auto(GStrv) known = unit_all_names(office->db);
            g_autofree char *near = text_nearest(names->pdata[i], (const char *const *)known);
            fault_set(error, FAULT_REFUSED, "没有“%s”这个单位%s%s", (char *)names->pdata[i],
                      near != NULL ? "，是不是 " : "", near != NULL ? near : "");
            return NULL;
        }
        g_array_append_val(units, unit);
    }
    return g_steal_pointer(&units);
}

/* ---- is it a command at all? */

static gboolean knows_any_unit(struct clerk *clerk, const char *text)
{
    g_autoptr(GPtrArray) names = names_split(text, is_unit, clerk->office);
    for (guint i = 0; i < names->len; i++)
        if (is_unit(clerk->office, names->pdata[i]))
            return TRUE;
    return FALSE;
}

/* A day that is not understood, but meant: 三天, 一周, 到下周五, 市科技局至6月25日. */
#define LATER \
    "^(?:到|至|[0-9一二三四五六七八九十两半]+个?(?:天|日|周|月|工作日)|下周|下个?月|月底|.*至[0-" \
    "9])"

/* 状态良好 is no command, 状态一下 is; 催办市教育局 is, 催办通知已阅 is not. */
static gboolean is_another_word(struct clerk *clerk, const struct clerk_command *row,
                                const struct order *order)
{
    const char *rest = NULL;
    if (!order->glued || row->needs & TAKES_REMARKS)
        return FALSE;
    if (row->needs & TAKES_WORD)
        return TRUE;
    if (row->needs & TAKES_NOTICE)
        return !g_regex_match_simple("^(?:[（(#]|通知|事项|征求)", order->rest, 0, 0);
    if (row->needs & NEEDS_NUMBERS)
        return !g_regex_match_simple(NUMBER, order->rest, 0, 0);
    if (row->needs & NEEDS_DATE) {
        g_autofree char *deadline = order_deadline(order->rest, day_of(clock_now()), &rest);
        return deadline == NULL && !g_regex_match_simple(LATER, order->rest, 0, 0);
    }
    if (row->needs & (NEEDS_UNITS | MAY_NAME_UNITS))
        return !knows_any_unit(clerk, order->rest) && !means_all(order->rest);
    return !g_regex_match_simple(
        "^(?:一下|情况|如何|怎么样|查询|一览|表|吧|《.*》|事项[0-9]+)+[?？]?$", order->rest, 0, 0);
}

/* 状态、汇总: two orders in a line. */
static gboolean is_order(const char *text)
{
    g_autoptr(GPtrArray) orders = orders_read(text, "", clerk_words());
    const struct order *order = orders->len > 0 ? orders->pdata[0] : NULL;
    return order != NULL && !order->glued && !clerk_commands[order->word].is_confirmation;
}

/* Something behind a command that takes nothing: the title of the matter, perhaps. */
static gboolean take_title(struct clerk *clerk, struct call *call, const char *text)
{
    g_autofree char *title = g_strdup(text);
    g_strstrip(title);
    if (*title == '\0' ||
        g_regex_match_simple("^(?:一下|情况|如何|怎么样|查询|一览|表|吧)+[?？]?$", title, 0, 0))
        return TRUE;
    if (is_order(title)) {
        call->also = g_steal_pointer(&title);
        g_free(call->line);
        call->line = g_strdup(call->row->words[0]);
        return TRUE;
    }
    gint64 found = call->row->needs & NEEDS_MATTER ? matter_find(clerk->office->db, title) : 0;
    if (found > 0)
        call->matter = found;
    else
        part_refuse(part_add(clerk, call->line), "没有执行：没有看懂“%s”。这个命令写作：%s", title,
                    call->row->usage);
    return found > 0;
}

/* The line names the message, so that it alone does the same again. */
static void take_notice(struct clerk *clerk, struct call *call, const char *text)
{
    g_autofree char *plain = order_fold(text);
    g_autoptr(GString) rest = g_string_new(plain);
    g_autofree char *number = cut_out(rest, "^#\\s*([0-9]{1,9})(?![0-9])");
    gint64 id = number != NULL ? g_ascii_strtoll(number, NULL, 10) : clerk->message->id;
    g_array_append_val(call->numbers, id);
    call->why = g_strstrip(g_strdup(rest->str));
    g_free(call->line);
    call->line = g_strdup_printf("%s #%" G_GINT64_FORMAT " %s", call->row->words[0], id, call->why);
    g_strchomp(call->line);
}

static gboolean take_pieces(struct clerk *clerk, struct call *call, GString *text)
{
    int needs = call->row->needs;
    if (needs & TAKES_REMARKS) {
        call->why = g_strstrip(g_strdup(text->str));
        g_free(call->line);
        call->line = g_strdup(call->row->words[0]); /* the remarks are told to others */
        return call_choose_matter(clerk, call);
    }
    if (needs & TAKES_WORD) {
        call->why = g_strstrip(g_strdup(text->str));
        return TRUE;
    }
    if (needs & NEEDS_NUMBERS)
        take_numbers(call, text, NUMBER);
    if (needs & NEEDS_NUMBERS && call->numbers->len == 0)
        take_numbers(call, text, "#\\s*([0-9]{1,9})(?![0-9])");
    if (needs & TAKES_NOTICE) {
        take_notice(clerk, call, text->str);
        return TRUE;
    }
    if (needs & NEEDS_NUMBERS && call->numbers->len == 0) {
        part_refuse(part_add(clerk, call->line), "没有执行：请写明来信的编号（见“待办”），例如：%s",
                    call->row->usage);
        return FALSE;
    }
    if (!call_find_matter(clerk, call, text))
        return FALSE;
    if (needs & NEEDS_DATE && !take_date(clerk, call, text))
        return FALSE;
    if (needs & MAY_SAY_WHY)
        call->why = cut_out(text, "(?:理由|原因|因为|[,，、\\s（(]+(?=不涉及|不属于|与.{0,12}无关))"
                                  "[:：\\s]*(.+?)[）)]?$");
    if (needs & MAY_SAY_STANCE)
        take_stance(call, text);
    if (!(needs & (NEEDS_UNITS | MAY_NAME_UNITS)) && !take_title(clerk, call, text->str))
        return FALSE;
    if (needs & NEEDS_MATTER && !call_choose_matter(clerk, call))
        return FALSE;
    return !(needs & (NEEDS_UNITS | MAY_NAME_UNITS)) || take_units(clerk, call, text->str);
}

enum resolved call_resolve(struct clerk *clerk, const struct order *order, gint64 matter,
                           struct call **call)
{
    const struct clerk_command *row = &clerk_commands[order->word];
    if (is_another_word(clerk, row, order))
        return RESOLVED_NONE;
    g_autoptr(GString) line = g_string_new(order->line);
    if (row->needs & (NEEDS_UNITS | MAY_NAME_UNITS))
        take_more(clerk, order, line);
    if (row->needs & TAKES_NOTICE)
        draft_take_lines(order, line);
    for (guint i = 0; row->needs & TAKES_REMARKS && i < order->more->len; i++)
        g_string_append_printf(line, "\n%s", (char *)order->more->pdata[i]);
    struct call *c = g_new0(struct call, 1);
    c->row = row;
    c->line = g_strdup(line->str);
    c->matter = matter;
    c->stance = -1;
    c->units = g_array_new(FALSE, FALSE, sizeof(gint64));
    c->numbers = g_array_new(FALSE, FALSE, sizeof(gint64));
    c->matters = g_array_new(FALSE, FALSE, sizeof(gint64));
    g_autoptr(GString) text = g_string_new(order->rest);
    g_string_append(text, line->str + strlen(order->line));
    if (take_pieces(clerk, c, text)) {
        *call = c;
        return RESOLVED;
    }
    call_free(c);
    return RESOLVED_NOT;
}

/* ---- running */

void call_run(struct clerk *clerk, const struct call *call)
{
    json_t *part = part_add(clerk, call->line);
    g_autoptr(GError) error = NULL;
    db_savepoint(clerk->office->db);
    gboolean done = call->row->run(clerk, call, part, &error);
    if (done)
        done = db_release(clerk->office->db, &error);
    else
        db_undo(clerk->office->db);
    if (!done) { /* all of it or nothing */
        json_array_clear(json_object_get(part, "lines"));
        part_refuse(part, "没有执行：%s", error != NULL ? error->message : "数据库出错");
    }
    if (call->matter != 0 && clerk->matter == 0)
        clerk->matter = call->matter;
}

static gboolean needs_code(const struct clerk *clerk, const struct call *call)
{
    return !clerk->proven || call->row->guard == GUARD_CODE ||
           (call->row->guard == GUARD_UNLESS_NAMED && call->units->len == 0);
}

void call_follow(struct clerk *clerk, const struct call *call)
{
    if (!clerk->proven && call->row->run == clerk_cancel) {
        part_refuse(part_add(clerk, call->line),
                    "没有执行：请在带确认码的那封邮件上直接回复“取消”；不理会也行，24 小时后作废");
        return;
    }
    if (!needs_code(clerk, call)) {
        call_run(clerk, call);
        return;
    }
    g_autoptr(GError) error = NULL;
    g_autofree char *shown =
        call->row->plan != NULL ? call->row->plan(clerk, call, &error) : g_strdup(call->line);
    if (shown == NULL) {
        part_refuse(part_add(clerk, call->line), "不能执行：%s", error->message);
        return;
    }
    json_array_append_new(clerk->waiting, json_pack("{ss sI ss}", "line", call->line, "matter",
                                                    (json_int_t)call->matter, "shown", shown));
    if (call->matter != 0 && clerk->matter == 0)
        clerk->matter = call->matter;
}

void line_follow(struct clerk *clerk, const char *line, gint64 matter)
{
    g_autoptr(GPtrArray) orders = orders_read(line, "", clerk_words());
    struct call *call = NULL;
    if (orders->len > 0 && call_resolve(clerk, orders->pdata[0], matter, &call) == RESOLVED)
        call_follow(clerk, call);
    if (call != NULL && call->also != NULL)
        line_follow(clerk, call->also, 0);
    call_free(call);
}
