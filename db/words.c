/* The words of the domain: one row each, the enum's order is the table's. */
#include "db/words.h"

#include <glib.h>

struct word {
    const char *text, *chinese;
};

static int word_of(const struct word *words, size_t n, const char *text)
{
    for (size_t i = 0; text != NULL && i < n; i++)
        if (g_str_equal(words[i].text, text) || g_str_equal(words[i].chinese, text))
            return (int)i;
    return -1;
}

#define WORDS(type, table) \
    const char *type##_text(enum type value) \
    { \
        return table[value].text; \
    } \
    const char *type##_chinese(enum type value) \
    { \
        return table[value].chinese; \
    } \
    int type##_of(const char *text) \
    { \
        return word_of(table, G_N_ELEMENTS(table), text); \
    }

static const struct word kinds[] = {
    [KIND_CONSULTATION] = { "consultation", "征求意见" },
    [KIND_REPORT] = { "report", "材料报送" },
    [KIND_MEETING] = { "meeting", "会议" },
    [KIND_AGENDA] = { "agenda", "议题征集" },
    [KIND_NOTICE] = { "notice", "通知" },
    [KIND_FOLLOW_UP] = { "follow_up", "督办" },
};
WORDS(matter_kind, kinds)

static const struct word states[] = {
    [STATE_DRAFT] = { "draft", "草稿" },     [STATE_SUBMITTED] = { "submitted", "待签发" },
    [STATE_SIGNED] = { "signed", "已签发" }, [STATE_ISSUED] = { "issued", "已发出" },
    [STATE_CLOSED] = { "closed", "已办结" }, [STATE_CANCELLED] = { "cancelled", "已撤销" },
};
WORDS(matter_state, states)

static const struct word statuses[] = {
    [STATUS_WAITING] = { "waiting", "待反馈" },
    [STATUS_ACKNOWLEDGED] = { "acknowledged", "签收" },
    [STATUS_NO_COMMENT] = { "no_comment", "无意见" },
    [STATUS_COMMENTED] = { "commented", "有意见" },
    [STATUS_SUBMITTED] = { "submitted", "已报送" },
    [STATUS_DEEMED] = { "deemed", "视为无异议" },
    [STATUS_OVERDUE] = { "overdue", "逾期" },
    [STATUS_EXEMPT] = { "exempt", "免报" },
};
WORDS(status, statuses)

static const struct word papers[] = {
    [PAPER_WAITING] = { "waiting", "未收到" },
    [PAPER_RECEIVED] = { "received", "已收到" },
    [PAPER_NOT_REQUIRED] = { "not_required", "不需要" },
};
WORDS(paper, papers)

static const struct word stances[] = {
    [STANCE_COMMENTS] = { "comments", "有意见" },
    [STANCE_NO_COMMENT] = { "no_comment", "无意见" },
    [STANCE_CONDITIONAL] = { "conditional", "原则同意附条件" },
    [STANCE_ACKNOWLEDGED] = { "acknowledged", "签收" },
    [STANCE_EXTENSION] = { "extension", "申请延期" },
    [STANCE_CORRECTION] = { "correction", "更正前件" },
    [STANCE_WITHDRAWAL] = { "withdrawal", "撤回" },
    [STANCE_NOT_CONCERNED] = { "not_concerned", "不涉及本单位" },
    [STANCE_QUESTION] = { "question", "询问" },
    [STANCE_UNCLEAR] = { "unclear", "不能判定" },
};
WORDS(stance, stances)

int stance_is_answer(enum stance stance)
{
    return stance == STANCE_COMMENTS || stance == STANCE_NO_COMMENT ||
           stance == STANCE_CONDITIONAL || stance == STANCE_NOT_CONCERNED;
}

static const struct word roles[] = {
    [ROLE_LIAISON] = { "liaison", "联络员" },
    [ROLE_CLERK] = { "clerk", "经办" },
    [ROLE_SIGNER] = { "signer", "签发" },
};
WORDS(role, roles)

static const struct word hows[] = {
    [HOW_MAIL] = { "mail", "邮件" },       [HOW_FAX] = { "fax", "传真" },
    [HOW_PAPER] = { "paper", "纸质" },     [HOW_PHONE] = { "phone", "电话" },
    [HOW_WECOM] = { "wecom", "企业微信" }, [HOW_VISIT] = { "visit", "当面" },
    [HOW_SCAN] = { "scan", "扫描件" },
};
WORDS(how, hows)

static const struct word outbox_states[] = {
    [OUT_QUEUED] = { "queued", "待发" },
    [OUT_HELD] = { "held", "暂存待放行" },
    [OUT_SENDING] = { "sending", "发送中" },
    [OUT_SENT] = { "sent", "已发出" },
    [OUT_DEFERRED] = { "deferred", "稍后再发" },
    [OUT_FAILED] = { "failed", "发送失败" },
    [OUT_UNCERTAIN] = { "uncertain", "不确定是否送达" },
    [OUT_CANCELLED] = { "cancelled", "已取消" },
};
WORDS(outbox_state, outbox_states)
