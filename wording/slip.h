/* A slip on which an office decides (签批单, 处理笺, 签报): who drafts, who is asked, what the
 * leader says. */
#ifndef WORDING_SLIP_H
#define WORDING_SLIP_H

/* The text of a paper, once the leader has approved (批示：同意): without the lines that pass it on
 * (拟办意见：请宣教科研提意见), and 无意见 for those that propose it
 * (科室意见：拟回复无意见，妥否). Whatever else is proposed or said stays. The caller frees. */
char *slip_read(const char *text);

#endif
