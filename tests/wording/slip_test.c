/* Slips: what is only passed on or proposed is settled by who approves. */
#include "test.h"
#include "wording/slip.h"

static const struct {
    const char *text, *read;
} slips[] = {
    { "拟办意见：请宣教科研提意见。 办公室 6.11\n科室意见：经研究，建议回复无意见。 宣教科 6.13\n"
      "领导批示：同意科室意见。 6.14",
      "\n无意见\n领导批示：同意科室意见。 6.14" },
    { "内容：职责核对无误，拟答复无意见。妥否，请批示。\n批示：可。 6月13日",
      "无意见\n批示：可。 6月13日" },
    { "拟办意见：拟回复无意见，请领导审定。 联络员乙\n领导批示：同意回复无意见。",
      "无意见\n领导批示：同意回复无意见。" },
    { "科室意见：建议将第三条改为每半年一次，其余无意见。\n领导批示：同意。",
      "科室意见：建议将第三条改为每半年一次，其余无意见。\n领导批示：同意。" },
    { "科室意见：拟回复无意见。\n领导批示：请再研究。",
      "科室意见：拟回复无意见。\n领导批示：请再研究。" },
    { "科室意见：拟回复无意见。", "科室意见：拟回复无意见。" },
};

START_TEST(a_proposal_of_none_counts_once_it_is_approved_and_no_other_line_is_lost)
{
    for (gsize i = 0; i < G_N_ELEMENTS(slips); i++) {
        g_autofree char *read = slip_read(slips[i].text);
        ck_assert_str_eq(read, slips[i].read);
    }
}
END_TEST

TEST_MAIN("wording/slip", a_proposal_of_none_counts_once_it_is_approved_and_no_other_line_is_lost)
