/* The commands that a clerk gives by mail: this table is their index, and 帮助 is printed from it.
 */
#include "handlers/clerk.h"

const struct clerk_command clerk_commands[] = {
    { .words = { "状态", "进展", "情况" },
      .needs = NEEDS_MATTER | ANY_STATE,
      .run = clerk_status,
      .usage = "状态",
      .help = "各单位反馈情况一览" },
    { .words = { "汇总" },
      .needs = NEEDS_MATTER | ANY_STATE,
      .run = clerk_summary,
      .usage = "汇总",
      .help = "份数、各种态度的单位名单、还缺什么" },
    { .words = { "待办" },
      .run = clerk_queue,
      .usage = "待办",
      .help = "等人处理的来信和事情，来信带 #编号" },
    { .words = { "催办", "催报" },
      .needs = NEEDS_MATTER | MAY_NAME_UNITS,
      .guard = GUARD_UNLESS_NAMED,
      .plan = clerk_remind_plan,
      .run = clerk_remind,
      .usage = "催办　或　催办 市教育局、市财政局",
      .help = "立即催还欠的单位；不写单位就催全部，要确认码；同一单位一天只催一次，点名的除外" },
    { .words = { "纸质已收", "纸质件已收", "纸质收到" },
      .needs = NEEDS_MATTER | NEEDS_UNITS | MAY_SAY_STANCE,
      .run = clerk_paper,
      .usage = "纸质已收 市教育局 市财政局　或　纸质已收 市气象局 无意见",
      .help = "登记收到的纸质件；末尾可写态度" },
    { .words = { "传真已收", "传真收到" },
      .needs = NEEDS_MATTER | NEEDS_UNITS | MAY_SAY_STANCE,
      .run = clerk_fax,
      .usage = "传真已收 市教育局",
      .help = "登记收到的传真" },
    { .words = { "登记" },
      .needs = NEEDS_MATTER | NEEDS_NUMBERS | NEEDS_UNITS | MAY_SAY_STANCE | ANY_STATE,
      .run = clerk_assign,
      .usage = "登记 #123 市教育局　或　登记 #123 市教育局 有意见",
      .help = "把待办里的来信登记到单位；末尾可写态度" },
    { .words = { "忽略" },
      .needs = NEEDS_NUMBERS,
      .run = clerk_ignore,
      .usage = "忽略 #124",
      .help = "待办里的来信与事项无关" },
    { .words = { "延期" },
      .needs = NEEDS_MATTER | NEEDS_DATE | MAY_NAME_UNITS,
      .run = clerk_prolong,
      .usage = "延期 至6月25日　或　延期 至6月25日 市教育局",
      .help = "改截止时间；写了单位就只改它们的" },
    { .words = { "免报" },
      .needs = NEEDS_MATTER | NEEDS_UNITS | MAY_SAY_WHY,
      .run = clerk_exempt,
      .usage = "免报 市气象局 理由：不涉及",
      .help = "该单位不必再报" },
    { .words = { "结束", "办结" },
      .needs = NEEDS_MATTER,
      .guard = GUARD_CODE,
      .plan = clerk_finish_plan,
      .run = clerk_finish,
      .usage = "结束",
      .help = "先列出视为无异议的名单，凭确认码认定并办结" },
    { .words = { "送签", "提交签发" },
      .needs = NEEDS_MATTER | A_DRAFT,
      .run = clerk_submit,
      .usage = "送签",
      .help = "把草稿送签发人签发；签发人同意后立即发出" },
    { .words = { "同意签发", "同意发出", "签发", "同意" },
      .needs = TO_SIGN_OFF,
      .is_confirmation = TRUE,
      .signs = TRUE,
      .usage = "同意签发 ABCD2345",
      .help = "签发人用，直接回复送签的邮件：同意发出" },
    { .words = { "退回", "退回修改", "不同意", "不同意签发", "修改意见" },
      .needs = NEEDS_MATTER | ANY_STATE | TAKES_REMARKS | TO_SIGN_OFF,
      .run = clerk_return,
      .usage = "退回 截止日期请改为6月25日",
      .help = "签发人用，直接回复送签的邮件：不同意，后面写修改意见" },
    { .words = { "确认", "确认码" },
      .is_confirmation = TRUE,
      .usage = "确认 ABCD2345",
      .help = "用收到的确认码执行刚才列出的事" },
    { .words = { "取消" }, .run = clerk_cancel, .usage = "取消", .help = "作废还没有用的确认码" },
    { .words = { "帮助" }, .run = clerk_help, .usage = "帮助", .help = "就是这张表" },
    { .words = { NULL } },
};

const struct order_word *clerk_words(void)
{
    static struct order_word
        words[G_N_ELEMENTS(clerk_commands) * G_N_ELEMENTS(clerk_commands->words) + 1];
    static gsize once;
    if (g_once_init_enter(&once)) {
        size_t n = 0;
        for (int row = 0; clerk_commands[row].words[0] != NULL; row++)
            for (const char *const *word = clerk_commands[row].words; *word != NULL; word++)
                words[n++] =
                    (struct order_word){ .text = *word,
                                         .id = row,
                                         .takes_rest = clerk_commands[row].needs & TAKES_REMARKS };
        g_once_init_leave(&once, 1);
    }
    return words;
}
