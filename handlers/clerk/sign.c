/* Signing by mail: 送签, 同意签发, 退回. */
#include "handlers/clerk/clerk.h"

#include <string.h>

gboolean clerk_submit(struct clerk *clerk, const struct call *call, json_t *part, GError **error)
{
    if (!matter_submit(clerk->office, call->matter, clerk->address, error))
        return FALSE;
    struct matter *m = matter_get(clerk->office->db, call->matter);
    part_say(part,
             clerk->office->policy->hold
                 ? "《%s》已送签；送签的邮件备好，管理员放行后签发人才收到（send = hold）"
                 : "《%s》已送签；签发人同意后立即发出，退回的会把修改意见告诉您",
             m->title);
    matter_free(m);
    return TRUE;
}

/* A signer may write the code that he got before his remarks. */
static const char *without_code(const char *remarks)
{
    const char *rest;
    g_autofree char *code = onetime_begin(remarks, &rest);
    return code != NULL ? rest : remarks;
}

gboolean clerk_return(struct clerk *clerk, const struct call *call, json_t *part, GError **error)
{
    g_autofree char *remarks = g_strstrip(g_strdup(without_code(call->why)));
    if (!clerk->signs)
        return fault_set(error, FAULT_REFUSED, "只有签发人能退回");
    if (!matter_return(clerk->office, call->matter, clerk->address,
                       *remarks != '\0' ? remarks : "（没有写修改意见）", error))
        return FALSE;
    part_say(part, "已退回经办人，没有发出。%s",
             *remarks != '\0' ? "修改意见已一并转告" : "您没有写修改意见，请直接告诉经办人");
    return TRUE;
}

static void sign(struct clerk *clerk, const struct order *order, gint64 matter)
{
    json_t *part = part_add(clerk, order->line);
    g_autoptr(GError) error = NULL;
    g_autofree char *hindrance = NULL;
    gboolean ok = matter_sign(clerk->office, matter, clerk->address, TRUE, &hindrance, &error);
    if (!ok)
        sign_off_check(clerk->office, matter, NULL);
    struct matter *m = matter_get(clerk->office->db, matter);
    if (!ok && m->state == STATE_DRAFT)
        part_refuse(part, "没有签发：送签以后要发出的内容有变。已告诉经办人，会重新送签");
    else if (!ok)
        part_refuse(part, "没有签发：%s", error->message);
    else if (hindrance != NULL)
        part_say(part, "《%s》已签发，但还没有发出：%s", m->title, hindrance);
    else if (clerk->office->policy->hold)
        part_say(part, "《%s》已签发，全部邮件已备好，等管理员放行（send = hold）", m->title);
    else
        part_say(part, "《%s》已签发，正在发出", m->title);
    matter_free(m);
}

static const char *refusal(enum code_result result)
{
    switch (result) {
    case CODE_USED:
        return "这个确认码已经用过了，那一件已经签发，不会再发一次";
    case CODE_CANCELLED:
        return "这封送签的邮件已经作废（已签发、已退回，或者重新送签过），请看最近的一封";
    case CODE_EXPIRED:
        return "确认码已过 24 小时";
    case CODE_SPENT:
        return "确认码错了五次，已经作废";
    default:
        return "确认码不对，请照送签的邮件重写一遍，用收到它的邮箱回复（错五次就作废）";
    }
}

/* A code that is too old is no reason to keep a signer waiting: the mail comes once more. */
static void refuse_code(struct clerk *clerk, const struct order *order, enum code_result result)
{
    json_t *part = part_add(clerk, order->line);
    gboolean again = FALSE;
    gboolean tried = clerk->signing && clerk->matter > 0 &&
                     (result == CODE_EXPIRED || result == CODE_SPENT) &&
                     sign_off_repeat(clerk->office, clerk->matter, clerk->address, &again, NULL);
    part_refuse(part, "没有签发：%s%s", refusal(result),
                again ? "。送签的邮件已重新寄来一封，请用其中的确认码"
                : tried ? "；而且送签以后要发出的内容有变。已告诉经办人，会重新送签"
                        : "");
}

void part_explain_signing(json_t *part)
{
    part_say(part,
             "同意原样发出的：请再回复一次，只写一行“同意签发”加送签邮件里的确认码（仍然有效），"
             "删去下面引用的原文，不附文件。");
    part_say(part, "要修改或者不同意的：请回复“退回”，后面写修改意见。");
}

/* TRUE if he may consent to something else than he was shown; it is said. */
static gboolean is_reserved(struct clerk *clerk, const struct order *order, gint64 matter)
{
    g_autofree char *why = consent_reserved(clerk, order, matter);
    if (why == NULL)
        return FALSE;
    json_t *part = part_add(clerk, order->line);
    part_refuse(part, "没有签发：%s，看不出是否同意原样发出。", why);
    part_explain_signing(part);
    return TRUE;
}

void consent_take(struct clerk *clerk, const struct order *order, const char *typed,
                  const struct code *known, gboolean good)
{
    struct db *db = clerk->office->db;
    gboolean consents = order->word >= 0 && clerk_commands[order->word].signs;
    struct code *code = NULL;
    if (known != NULL && (!consents || g_str_equal(known->purpose, "command"))) {
        part_refuse(
            part_add(clerk, order->line),
            consents
                ? "没有签发：这个确认码不是签发用的。要执行那封邮件里列的事，请写“确认”加确认码"
                : "没有签发：这是签发用的确认码。同意，请写“同意签发”加确认码；"
                  "不同意，请写“退回”，后面写修改意见");
        return;
    }
    if (good && is_reserved(clerk, order, known->matter))
        return;
    enum code_result result = code_redeem(db, clerk->address, typed, &code);
    if (result != CODE_GOOD) {
        refuse_code(clerk, order, result);
        return;
    }
    clerk->proven = TRUE;
    clerk->doubt = NULL;
    clerk->matter = code->matter;
    if (clerk->signs)
        sign(clerk, order, code->matter);
    else
        part_refuse(part_add(clerk, order->line), "没有签发：名册里您已不是签发人");
    code_free(code);
}
