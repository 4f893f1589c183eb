/* One-time codes: sent to the address of the roster, each for exactly what was shown with it. */
#include "handlers/clerk/clerk.h"

#include <string.h>

const char *code_refusal(enum code_result result)
{
    switch (result) {
    case CODE_USED:
        return "这个确认码已经用过了，那件事已经办了，不会再办一次";
    case CODE_CANCELLED:
        return "这个确认码已经作废，什么也没有执行；还要办的，请重新发一次命令";
    case CODE_EXPIRED:
        return "这个确认码已经过期（24 小时内有效），什么也没有执行；请重新发一次命令";
    case CODE_SPENT:
        return "确认码错了五次，已全部作废，什么也没有执行；请重新发一次命令";
    default:
        return "确认码不对，什么也没有执行：请照带确认码的那封邮件重写一遍，用收到它的邮箱发来（错"
               "五次就作废）";
    }
}

static void add_shown(GString *all, json_t *command, const char *shown)
{
    g_string_append_printf(all, "%s\n%" JSON_INTEGER_FORMAT "\n%s\n",
                           json_string_value(json_object_get(command, "line")),
                           json_integer_value(json_object_get(command, "matter")), shown);
}

/* The same again: NULL if it can no longer be done. The caller frees the call. */
static char *plan_again(struct clerk *clerk, json_t *command, struct call **call)
{
    const char *line = json_string_value(json_object_get(command, "line"));
    gint64 matter = json_integer_value(json_object_get(command, "matter"));
    g_autoptr(GPtrArray) orders = orders_read(line, "", clerk_words());
    if (orders->len == 0 || call_resolve(clerk, orders->pdata[0], matter, call) != RESOLVED)
        return NULL;
    g_autoptr(GError) error = NULL;
    char *shown = (*call)->row->plan != NULL ? (*call)->row->plan(clerk, *call, &error)
                                             : g_strdup((*call)->line);
    if (shown == NULL)
        part_refuse(part_add(clerk, line), "不能执行：%s", error->message);
    return shown;
}

/* Executes what was shown, and nothing else: if it would now do something else, it is shown again,
 * with a new code. */
static void execute(struct clerk *clerk, const struct code *code)
{
    json_auto_t *commands = json_loads(code->commands, 0, NULL);
    g_autoptr(GPtrArray) calls = g_ptr_array_new_with_free_func((GDestroyNotify)call_free);
    g_autoptr(GString) all = g_string_new(NULL);
    size_t i;
    json_t *command;
    json_array_foreach (commands, i, command) {
        struct call *call = NULL;
        g_autofree char *shown = plan_again(clerk, command, &call);
        if (call != NULL)
            g_ptr_array_add(calls, call);
        if (shown == NULL)
            return;
        add_shown(all, command, shown);
    }
    g_autofree char *hash = text_sha256(all->str, all->len);
    gboolean same = g_str_equal(hash, code->shown);
    if (!same)
        part_refuse(part_add(clerk, NULL), "情况有了变化，没有执行；现在是下面这样，请重新确认");
    for (guint k = 0; k < calls->len; k++)
        if (same)
            call_run(clerk, calls->pdata[k]);
        else
            call_follow(clerk, calls->pdata[k]);
}

static gboolean asks_consent(const struct order *order)
{
    return order->word >= 0 && clerk_commands[order->word].signs;
}

void code_take(struct clerk *clerk, const struct order *order)
{
    struct db *db = clerk->office->db;
    struct code *code = NULL;
    const char *rest;
    g_autofree char *typed = onetime_begin(order->rest, &rest);
    if (typed == NULL) {
        json_t *part = part_add(clerk, order->line);
        part_refuse(part, "没有%s：请连同邮件里的 8 位确认码一起写，例如：%s ABCD2345",
                    asks_consent(order) ? "签发" : "执行",
                    asks_consent(order) ? "同意签发" : "确认");
        return;
    }
    enum code_result result;
    struct code *known = code_find(db, clerk->address, typed, &result);
    clerk->himself = clerk->himself || result == CODE_GOOD || (known != NULL && clerk->was_his);
    gboolean signs =
        asks_consent(order) || (known != NULL && g_str_equal(known->purpose, "sign_off"));
    if (signs)
        consent_take(clerk, order, typed, known, result == CODE_GOOD);
    code_free(known);
    if (signs)
        return;
    result = code_redeem(db, clerk->address, typed, &code);
    if (result != CODE_GOOD) {
        part_refuse(part_add(clerk, NULL), "%s", code_refusal(result));
        return;
    }
    clerk->proven = TRUE;
    clerk->doubt = NULL;
    session_open(db, clerk->address, clerk->root,
                 clock_now() + clerk->office->policy->session * 60 * 60);
    if (clerk->matter == 0)
        clerk->matter = code->matter;
    execute(clerk, code);
    code_free(code);
}

char *code_for_waiting(struct clerk *clerk)
{
    if (json_array_size(clerk->waiting) == 0)
        return NULL;
    g_autoptr(GString) all = g_string_new(NULL);
    json_auto_t *commands = json_array();
    size_t i;
    json_t *command;
    json_array_foreach (clerk->waiting, i, command) {
        add_shown(all, command, json_string_value(json_object_get(command, "shown")));
        json_array_append_new(commands,
                              json_pack("{sO sO}", "line", json_object_get(command, "line"),
                                        "matter", json_object_get(command, "matter")));
    }
    g_autofree char *hash = text_sha256(all->str, all->len);
    g_autofree char *kept = json_dumps(commands, JSON_COMPACT);
    return code_issue(clerk->office->db, &(struct code){ .address = clerk->address,
                                                         .purpose = (char *)"command",
                                                         .message = clerk->message->id,
                                                         .matter = MAX(clerk->matter, 0),
                                                         .commands = kept,
                                                         .shown = hash });
}
