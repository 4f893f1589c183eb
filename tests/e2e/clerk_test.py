"""The office's own people run it by mail: every command, and nobody else."""
import json
import os
import pathlib
import re
import subprocess
import unittest

from office_case import CLERK, START, OfficeTest, address, kind
import letters

SERVER = "mx.office.example"
DAY = "2019-06-12 "
AFTER = "2019-06-25 "  # deadline and grace are over
PASSED = "Authentication-Results: %s;\r\n dkim=pass (2048-bit key) header.d=office.example;\r\n" \
    " spf=pass smtp.mailfrom=%s\r\n" % (SERVER, CLERK)
CODE = re.compile(r"^确认 ([2-9A-Z]{8})\s*$", re.M)


class ClerkTest(OfficeTest):
    def setUp(self):
        super().setUp()
        self.config = {"clerk": {"authserv_id": SERVER}}

    def ready(self, **config):
        super().ready(**{**self.config, **config})

    def write_mail(self, text, at, *, subject="", answers=None, auth=PASSED, sender=CLERK,
                   extra=(), message_id=None, attachments=()):
        """A mail of the clerk reaches the mailbox, below what the provider wrote."""
        if answers is not None:
            data = letters.reply(answers, sender, text, at, extra=extra, message_id=message_id,
                                 attachments=attachments)
        else:
            data = letters.letter(sender, text, at, subject=subject, extra=extra,
                                  message_id=message_id, attachments=attachments)
        self.lab.receive(auth.encode() + data, at)

    def order(self, text, at, **options):
        """The mails to the clerk that a command brings."""
        self.write_mail(text, at, **options)
        return [mail for mail in self.tick(at) if kind(mail)[0] == "answer"]

    def answer_to(self, text, at, **options):
        mails = self.order(text, at, **options)
        self.assertEqual(len(mails), 1, [mail.text for mail in mails])
        self.assertEqual(mails[0].recipients, [options.get("sender", CLERK)])
        return mails[0]

    def code(self, mail):
        found = CODE.search(mail.text)
        self.assertIsNotNone(found, mail.text)
        return found[1]

    def state(self):
        return self.data("status", 1)["matter"]["state"]

    def paper(self, code):
        return self.unit(code)["paper"]


class Commands(ClerkTest):
    def test_status_is_a_table_of_the_units(self):
        self.ready()
        self.answer("jyj", "我局无意见。", DAY + "09:00")
        self.tick(DAY + "09:10")
        mail = self.answer_to("", DAY + "09:30", subject="状态")
        self.assertIn("无意见 1", mail.text)
        self.assertRegex(mail.text, r"市教育局 +无意见 +未收到 +2019-06-12 09:00")
        self.assertRegex(mail.text, r"市科技局 +待反馈")
        self.assertTrue(mail.message["In-Reply-To"])
        self.assertIn("[LL1-", mail.subject)

    def test_summary_names_the_units_of_every_status(self):
        self.ready()
        self.answer("jyj", "建议删除第三条。", DAY + "09:00")
        self.tick(DAY + "09:10")
        mail = self.answer_to("汇总", DAY + "09:30")
        self.assertIn("有意见 1：市教育局", mail.text)
        self.assertIn("缺纸质件 3：", mail.text)

    def test_letters_of_the_queue_are_filed_and_ignored_by_their_numbers(self):
        self.ready()
        for name in ("wang", "li"):
            self.answer("jyj", "我局无意见。", DAY + "09:00", sender=name + "@elsewhere.example")
        self.tick(DAY + "09:10")
        one, two = [row["id"] for row in self.inbox()]
        mail = self.answer_to("待办", DAY + "09:30")
        self.assertIn("登记 #%d 市教育局" % one, mail.text)
        self.answer_to("登记 #%d 市教育局\n忽略＃%d" % (one, two), DAY + "09:40", answers=mail)
        self.assertEqual(self.standing("jyj"), ("no_comment", 1))
        self.assertEqual(self.review(), [])

    def test_a_letter_for_two_units_is_filed_for_both_in_one_line(self):
        self.ready()
        self.answer("jyj", "市教育局和市科技局都没有意见，一并回复。", DAY + "09:00")
        self.tick(DAY + "09:10")
        self.assertEqual(self.review(), [("several_units", "jyj")])
        self.assertEqual([self.standing(c) for c in ("jyj", "kjj")], [("waiting", 0)] * 2)
        self.assertNotIn(("reminder", "kjj"), self.sent("2019-06-18 09:30"))
        number = self.inbox()[0]["id"]
        mail = self.answer_to("待办", "2019-06-18 09:40")
        self.assertIn("市教育局、市科技局", mail.text)
        self.assertIn("登记 #%d 市教育局 市科技局" % number, mail.text)
        mail = self.answer_to("登记 #%d 市教育局 市科技局" % number, "2019-06-18 09:50",
                              answers=mail)
        self.assertRegex(mail.text, "市教育局：无意见[^市]*市科技局：无意见")
        self.assertEqual([self.standing(c) for c in ("jyj", "kjj")], [("no_comment", 1)] * 2)
        self.assertEqual(self.review(), [])
        row = self.inbox()[0]
        self.assertEqual((row["unit"], row["also"]), ("jyj", [{"matter": 1, "unit": "kjj"}]))

    def test_a_letter_about_two_matters_is_filed_in_the_one_or_in_both(self):
        self.ready()
        self.new("--title", "关于征求《年度科普工作要点》意见的通知", at=DAY + "08:00")
        self.run_("matter", "issue", 2, at=DAY + "08:10")
        self.tick(DAY + "08:20")
        self.answer("jyj", "我局对本通知无意见；对《年度科普工作要点》也没有意见。", DAY + "09:00")
        self.tick(DAY + "09:10")
        row = self.inbox()[-1]
        self.assertEqual(row["verdict"], "review")
        self.assertEqual(sorted([row["proposal"]["matter"]] +
                                [side["matter"] for side in row["proposal"]["also"]]), [1, 2])
        asked = self.answer_to("登记 #%d 市教育局 无意见" % row["id"], DAY + "09:30")
        self.assertIn("3　这几个事项都算", asked.text)
        self.answer_to("3", DAY + "09:40", answers=asked)
        for matter in (1, 2):
            rows = self.data("status", matter)["units"]
            self.assertEqual({r["code"]: r["status"] for r in rows}["jyj"], "no_comment")

    def test_a_cloud_attachment_waits_until_the_clerk_says_that_it_is_downloaded(self):
        self.ready()
        link = ("从QQ邮箱发来的超大附件\n意见.zip (52.3M, 2019年7月10日 09:00 到期)\n进入下载页面："
                "http://mail.qq.com/cgi-bin/ftnExs_download?k=abc&t=exs_ftn_download&code=12\n")
        self.answer("jyj", "见超大附件。\n\n" + link, DAY + "09:00")
        self.tick(DAY + "09:10")
        self.answer("jyj", "再发一次，见超大附件。\n\n" + link, DAY + "09:20")
        self.tick(DAY + "09:30")
        one, two = [row["id"] for row in self.inbox()]
        mail = self.answer_to("待办", DAY + "09:40")
        self.assertEqual(mail.text.count("超大附件“意见.zip”"), 1)
        self.answer_to("登记 #%d 市教育局 有意见\n忽略 #%d" % (one, two), DAY + "09:50")
        self.assertEqual(self.review(), [("cloud_attachment", "jyj")])
        self.answer_to("已下载 #%d" % one, DAY + "10:00")
        self.assertEqual(self.review(), [])
        self.assertIn("没有等着下载的超大附件",
                      self.answer_to("已下载 #%d" % one, DAY + "10:10").text)

    def test_what_a_clerk_settles_is_learnt_told_and_can_be_forgotten(self):
        self.ready()
        text = "经研究，无意见。\n\n市科学馆\n2019年6月12日"
        self.answer("kjj", text, DAY + "09:00", sender="wang@elsewhere.example")
        self.tick(DAY + "09:10")
        number = self.inbox()[0]["id"]
        mail = self.answer_to("登记 #%d 市科技局" % number, DAY + "09:30")
        self.assertIn("记住了：“市科学馆”是市科技局的叫法。记错了，请回复：忘记 市科学馆",
                      mail.text)
        self.assertIn("忘记 wang@elsewhere.example", mail.text)
        self.assertIn("记住的：市科学馆、wang@elsewhere.example", self.run_("unit", "list").stdout)
        mail = self.answer_to("忘记 市科学馆", DAY + "09:40", answers=mail)
        self.assertIn("已忘记“市科学馆”", mail.text)
        units = {unit["code"]: unit for unit in self.data("unit", "list")["units"]}
        self.assertEqual([row["text"] for row in units["kjj"]["learnt"]],
                         ["wang@elsewhere.example"])
        self.run_("unit", "forget", "wang@elsewhere.example")
        self.assertIn("没有记过", self.answer_to("忘记 市科学馆", DAY + "09:50").text)
        self.assertEqual(self.order("忘记附上附件了，补发如下", DAY + "10:00"), [])

    def test_a_stance_may_stand_behind_the_unit(self):
        self.ready()
        self.answer("jyj", "意见见附件。", DAY + "09:00", sender="wang@elsewhere.example")
        self.tick(DAY + "09:10")
        number = self.inbox()[0]["id"]
        self.answer_to("登记#%d市教育局，有意见" % number, DAY + "09:30")
        self.assertEqual(self.standing("jyj"), ("commented", 1))

    def test_what_is_filed_brings_the_opinions_of_its_attachments(self):
        self.ready()
        paper = letters.attach("反馈.docx", paragraphs=["一、建议删除第三条。",
                                                       "二、建议在第五条后增加“并公布”。"])
        self.answer("jyj", "见附件。", DAY + "09:00", sender="wang@elsewhere.example",
                    attachments=[paper])
        self.tick(DAY + "09:10")
        self.answer_to("登记 #%d 教育局" % self.inbox()[0]["id"], DAY + "09:30")
        self.assertEqual(self.standing("jyj"), ("commented", 1))
        self.assertEqual(self.unit("jyj")["opinions"], 2)

    def test_a_paper_with_a_secrecy_mark_is_not_quoted_to_the_clerk(self):
        self.ready()
        self.answer("jyj", "建议删除第三条。", DAY + "09:00", subject="秘密★甲方案 回复：")
        self.tick(DAY + "09:10")
        number = self.inbox()[0]["id"]
        mails = [self.answer_to("待办", DAY + "09:30")]
        mails += self.order("登记 #%d 市教育局 有意见" % number, DAY + "09:40")
        mails += self.tick("2019-06-13 09:00")
        self.assertIn("简报", "".join(mail.subject for mail in mails))
        for mail in mails:
            self.assertNotIn("甲方案", mail.text + mail.html)

    def test_units_are_known_by_every_form_of_their_names(self):
        self.ready()
        self.answer_to("纸质已收 教育局、市财政局办公室", DAY + "09:30")
        self.assertEqual([self.paper(c) for c in ("jyj", "czj", "kjj")],
                         ["received", "received", "waiting"])

    def test_paper_and_fax_are_entered_for_several_units(self):
        self.ready()
        self.answer_to("纸质已收：市教育局、市财政局", DAY + "09:30")
        self.assertEqual([self.paper(c) for c in ("jyj", "czj", "kjj")],
                         ["received", "received", "waiting"])
        self.answer_to("传真已收 市科技局 无意见", DAY + "09:40")
        self.assertEqual(self.unit("kjj")["status"], "no_comment")

    def test_units_may_stand_on_lines_of_their_own(self):
        self.ready()
        self.answer_to("您好：\n纸质已收\n市教育局\n市财政局\n\n谢谢！\n张三", DAY + "09:30")
        self.assertEqual([self.paper(c) for c in ("jyj", "czj", "kjj")],
                         ["received", "received", "waiting"])

    def test_named_units_are_reminded_at_once_and_all_only_with_a_code(self):
        self.ready()
        self.answer("jyj", "我局无意见。", DAY + "09:00")
        self.run_("paper", "received", 1, "jyj", at=DAY + "09:05")
        self.tick(DAY + "09:10")
        self.write_mail("催办 市科技局", DAY + "09:30")
        self.assertEqual(self.sent(DAY + "09:30"), [("reminder", "kjj")])
        mail = self.answer_to("催办", DAY + "09:40")
        self.assertIn("给 1 个单位各发一封催办邮件：市财政局", mail.text)
        self.write_mail("确认 " + self.code(mail), DAY + "09:50", answers=mail)
        self.assertEqual(self.sent(DAY + "09:50"), [("reminder", "czj")])

    def test_a_deadline_is_moved_for_all_or_for_one(self):
        self.ready()
        self.answer_to("延期至6月25日 市教育局", DAY + "09:30")
        self.assertEqual(self.unit("jyj")["deadline"], "2019-06-25")
        self.answer_to("延期 至 6月28日", DAY + "09:40")
        self.assertEqual(self.data("status", 1)["matter"]["deadline"], "2019-06-28")

    def test_what_a_unit_asks_for_is_granted_by_an_answer_to_the_mail_that_tells_it(self):
        self.ready()
        self.answer("jyj", "因负责同志外出，申请延期至6月26日反馈。", DAY + "09:00")
        self.answer("czj", "请问纸质件需要几份？", DAY + "09:00")
        told = [mail for mail in self.tick(DAY + "09:10") if kind(mail)[0] == "alarm"]
        asked, question = sorted(told, key=lambda mail: "来信提问" in mail.subject)
        self.answer_to("延期 至6月26日 市教育局", DAY + "09:30", answers=asked)
        self.assertEqual(self.unit("jyj")["deadline"], "2019-06-26")
        ignore = re.search("忽略 #[0-9]+", question.text)[0]
        self.answer_to(ignore, DAY + "09:40", answers=question)
        self.assertEqual(self.review(), [])

    def test_a_unit_is_exempted_with_its_reason(self):
        self.ready()
        self.answer_to("免报 市财政局 理由：不涉及", DAY + "09:30")
        self.assertEqual(self.unit("czj")["status"], "exempt")

    def test_the_end_shows_who_is_deemed_and_takes_a_code(self):
        self.ready()
        self.answer("jyj", "我局无意见。", DAY + "09:00")
        self.tick(AFTER + "08:00")
        mail = self.answer_to("结束", AFTER + "09:30")
        self.assertIn("以下单位记为视为无异议：市科技局、市财政局", mail.text)
        told = self.answer_to("确认结束，谢谢", AFTER + "09:35", answers=mail)
        self.assertIn("请连同邮件里的 8 位确认码一起写", told.text)
        self.assertEqual(self.state(), "issued")
        self.answer_to("确认 " + self.code(mail), AFTER + "09:40", answers=mail)
        self.assertEqual(self.state(), "closed")
        self.assertEqual([self.unit(c)["status"] for c in ("jyj", "kjj", "czj")],
                         ["no_comment", "deemed", "deemed"])

    def test_what_changed_since_it_was_shown_is_shown_again(self):
        self.ready()
        self.tick(AFTER + "08:00")
        mail = self.answer_to("结束", AFTER + "09:30")
        self.answer("jyj", "建议删除第三条。", AFTER + "09:35")
        self.tick(AFTER + "09:36")
        again = self.answer_to("确认 " + self.code(mail), AFTER + "09:40", answers=mail)
        self.assertIn("情况有了变化", again.text)
        self.assertEqual(self.state(), "issued")
        self.answer_to("确认 " + self.code(again), AFTER + "09:50", answers=again)
        self.assertEqual(self.state(), "closed")
        self.assertEqual(self.unit("jyj")["status"], "commented")

    def test_a_matter_is_withdrawn_with_a_code(self):
        self.ready()
        self.new(title="关于报送年度总结的通知", silence=None, at=DAY + "08:00")
        mail = self.answer_to("撤销", DAY + "09:30")
        self.assertIn("撤销《关于报送年度总结的通知》（草稿）", mail.text)
        self.answer_to("确认 " + self.code(mail), DAY + "09:40", answers=mail)
        self.assertEqual(self.data("status", 2)["matter"]["state"], "cancelled")
        self.assertEqual(self.state(), "issued")
        mail = self.answer_to("撤销 事项1", DAY + "09:50")
        self.assertIn("已经发出的收不回来", mail.text)

    def test_cancel_ends_the_code(self):
        self.ready()
        mail = self.answer_to("结束", DAY + "09:30")
        self.answer_to("取消", DAY + "09:40", answers=mail)
        told = self.answer_to("确认 " + self.code(mail), DAY + "09:50", answers=mail)
        self.assertIn("已经作废", told.text)
        self.assertEqual(self.state(), "issued")

    def test_help_lists_every_command(self):
        self.ready()
        text = self.answer_to("帮助", DAY + "09:30").text
        words = "状态 汇总 待办 催办 纸质已收 传真已收 登记 忽略 延期 免报 发起 发出 送签 " \
            "同意签发 退回 结束 撤销 确认 取消"
        for word in words.split():
            self.assertIn(word, text)

    def test_several_commands_get_one_answer_line_by_line(self):
        self.ready()
        text = self.answer_to("纸质已收 市教育局\n免报 市财政局\n状态", DAY + "09:30").text
        self.assertEqual(re.findall("▶ (.*)\r", text),
                         ["纸质已收 市教育局", "免报 市财政局", "状态"])
        self.assertEqual((self.paper("jyj"), self.unit("czj")["status"]), ("received", "exempt"))

    def test_a_misspelt_unit_gets_the_nearest_names_and_a_number_chooses(self):
        self.ready()
        mail = self.answer_to("纸质已收 市教育居、市财政局", DAY + "09:30")
        self.assertIn("1　市教育局", mail.text)
        self.assertEqual(self.paper("czj"), "waiting")
        self.answer_to("1", DAY + "09:40", answers=mail)
        self.assertEqual([self.paper(c) for c in ("jyj", "czj")], ["received", "received"])
        again = self.answer_to("1", DAY + "09:50", answers=mail)
        self.assertIn("已经选过", again.text)

    def test_two_open_matters_are_asked_by_number_and_a_thread_needs_no_question(self):
        self.ready()
        self.new(title="关于报送年度总结的通知", silence=None, at=DAY + "08:00")
        self.run_("matter", "issue", 2, at=DAY + "08:10")
        self.tick(DAY + "08:20")
        mail = self.answer_to("纸质已收 市教育局", DAY + "09:30")
        self.assertIn("是哪个事项", mail.text)
        self.answer_to("2", DAY + "09:40", answers=mail)
        rows = {row["code"]: row["paper"] for row in self.data("status", 2)["units"]}
        self.assertEqual((self.paper("jyj"), rows["jyj"]), ("waiting", "received"))
        shown = self.answer_to("状态 事项1", DAY + "10:00")
        self.answer_to("纸质已收 市科技局", DAY + "10:10", answers=shown)
        self.assertEqual(self.paper("kjj"), "received")

    def test_ordinary_mail_of_a_clerk_and_what_he_passes_on_is_no_command(self):
        self.ready()
        for subject, text in (("", "状态良好，请放心。"), ("", "催办通知已阅。"),
                              ("转发：状态", "状态"), ("Fwd: 关于工作规则", "登记 #1 市教育局"),
                              ("工作", "请问\n状态")):
            self.assertEqual(self.order(text, DAY + "09:30", subject=subject), [], text)
        self.assertEqual({row["verdict"] for row in self.inbox()}, {"review"})

    def test_quoted_text_never_commands(self):
        self.ready()
        mail = self.answer_to("状态", DAY + "09:30")
        self.write_mail("收到，谢谢。\n\n------------------ 原始邮件 ------------------\n"
                        "发件人: x\n\n免报 市财政局\n", DAY + "09:40", answers=mail)
        self.tick(DAY + "09:40")
        self.assertEqual(self.unit("czj")["status"], "waiting")

    def test_commands_are_understood_as_people_write_them(self):
        self.ready()
        self.answer("czj", "我局无意见。", DAY + "09:00", sender="wang@elsewhere.example")
        self.tick(DAY + "09:10")
        number = self.inbox()[0]["id"]
        rows = (("【状态】", "待反馈"), ("您好，请查询一下状态，谢谢！", "待反馈"),
                ("狀態？", "待反馈"), ("1. 状态\n2. 待办", "待办："), ("状态、汇总", "缺纸质件"),
                ("怎么用", "退回"),
                ("请帮忙催办一下市科技局，辛苦了", "已催办：市科技局"),
                ("催辦（市科技局）", "已催办：市科技局"),
                ("纸质件已收到 科技局、教育局，均无意见", "市教育局：无意见，纸质件已收到"),
                ("登记 第%d封 市财政局（没有意见）" % number, "市财政局：无意见"),
                ("延期 市科技局 至6月25日", "市科技局 的截止时间改为 6月25日"),
                ("延期至6月26日（市科技局）", "市科技局 的截止时间改为 6月26日"),
                ("延期至下周五", "看不出延到哪一天"), ("延期 至5月1日", "已经过去"),
                ("将市科技局、市教育局延期至6月27日", "市教育局 的截止时间改为 6月27日"),
                ("市教育局纸质件已收到", "市教育局：无意见，纸质件已收到"),
                ("对市科技局催办", "已催办：市科技局"),
                ("免报 市科技局，不涉及", "市科技局：免报"), ("教育局免报", "市教育局：免报"))
        for minute, (text, said) in enumerate(rows):
            self.assertIn(said, self.answer_to(text, DAY + "10:%02d" % minute).text, text)
        self.assertEqual(self.data("status", 1)["matter"]["deadline"], "2019-06-21")
        for text in ("市教育局来电说催办的事已知道", "教育局的王科长免报名费"):
            self.assertEqual(self.order(text, DAY + "11:00"), [], text)

    def test_what_stands_in_subject_and_body_is_one_command(self):
        self.ready()
        mail = self.answer_to("催办 市科技局\n结束", DAY + "09:30", subject="催办 市科技局")
        self.assertEqual(re.findall("▶ (.*)\r", mail.text), ["催办 市科技局"])
        code = "确认 " + self.code(mail)
        done = self.answer_to(code, DAY + "09:40", subject=code)
        self.assertIn("已办结", done.text)
        self.assertNotIn("用过", done.text)

    def test_a_command_that_cannot_be_done_says_why(self):
        self.ready()
        mail = self.answer_to("忽略 #99\n延期 市教育局\n结束语", DAY + "09:30")
        self.assertIn("没有 #99 号来信", mail.text)
        self.assertIn("延到哪一天", mail.text)
        self.assertNotIn("▶ 结束", mail.text)


SEED = """关于征求《工作规则》修改意见的通知

市教育局、市财政局、市科技局：
现将《工作规则》印发给你们，请结合实际提出修改意见，于2019年6月21日前书面反馈我办，逾期视为无异议。
联系人：联络员甲，电话：2000001。

附件：1.工作规则
2.分工

市素质办
2019年6月10日
"""
RULES = "第一条 总则。\n第二条 请于2019年12月31日前报送总结。\n"


class Collation(ClerkTest):
    """汇总 brings the table, and comes back filled in."""

    def collation(self, at=DAY + "09:30", **options):
        """The clerk's answer with the table, after two units commented."""
        self.ready(**options)
        self.answer("jyj", "建议将第三条修改为“每年两次”。\n建议删除第五条。", DAY + "09:00")
        self.answer("czj", "建议删除第五条。", DAY + "09:00")
        self.tick(DAY + "09:10")
        return self.answer_to("汇总", at)

    def table(self, mail):
        """What lianluo-read says of the attached table."""
        part, = mail.message.iter_attachments()
        self.assertTrue(part.get_filename().endswith("意见汇总表.xlsx"))
        path = self.write("table.xlsx", part.get_payload(decode=True))
        return self.data("read", path)

    def filled(self, document, decisions):
        """The table with {words: (disposition, reason)}, as an attachment."""
        table, = document["tables"]
        head = next(row for row in table if "采纳情况" in row)
        decision, reason = head.index("采纳情况"), head.index("采纳说明")
        for row in table:
            for words, said in decisions.items():
                if any(words in cell for cell in row):
                    row[decision], row[reason] = said
        document = {"format": "xlsx", "sheet": "意见汇总表", "table": table}
        program = pathlib.Path(os.environ["LIANLUO"]).resolve().with_name("lianluo-write")
        data = subprocess.run([program], input=json.dumps(document).encode(), check=True,
                              capture_output=True).stdout
        return letters.attachment("意见汇总表.xlsx", data, "application/octet-stream")

    def decided(self):
        rows = self.data("collation", 1)["rows"]
        return {row["text"]: (row["disposition"], row["disposition_reason"]) for row in rows}

    def test_it_comes_with_the_table_in_the_text_and_as_a_file(self):
        mail = self.collation()
        self.assertRegex(mail.text, r"提出单位 +采纳情况")
        self.assertRegex(mail.text, "建议删除第五条。 +市教育局、市财政局")
        document = self.table(mail)
        texts = [cell for table in document["tables"] for row in table for cell in row]
        self.assertIn("市教育局、市财政局", texts)
        self.assertTrue(any(text.startswith("LL1-") for text in texts))

    def test_without_opinions_there_is_no_file(self):
        self.ready()
        mail = self.answer_to("汇总", DAY + "09:30")
        self.assertIn("还没有修改意见", mail.text)
        self.assertEqual(list(mail.message.iter_attachments()), [])

    def test_dispositions_are_shown_and_taken_when_they_are_confirmed(self):
        mail = self.collation()
        paper = self.filled(self.table(mail), {"每年两次": ("不采纳", "与上位法不一致"),
                                               "删除": ("采纳", "")})
        shown = self.answer_to("", DAY + "10:00", subject="采纳情况表", attachments=[paper])
        self.assertIn("采纳情况变更 3 处", shown.text)
        self.assertIn("待定 → 不采纳　与上位法不一致", shown.text)
        self.assertEqual({d for d, _ in self.decided().values()}, {"pending"})
        done = self.answer_to("确认 " + self.code(shown), DAY + "10:10", answers=shown)
        self.assertIn("已登记 3 处", done.text)
        self.assertEqual(sorted(self.decided().values()),
                         [("adopted", ""), ("not_adopted", "与上位法不一致")])
        again = self.answer_to("请登记", DAY + "10:20", answers=mail, attachments=[paper])
        self.assertIn("没有变更", again.text)

    def test_what_is_wrong_in_the_table_is_said(self):
        mail = self.collation()
        paper = self.filled(self.table(mail), {"删除": ("考虑", "")})
        told = self.answer_to("", DAY + "10:00", answers=mail, attachments=[paper])
        self.assertIn("采纳情况应是", told.text)

    def test_a_table_from_anybody_else_changes_nothing(self):
        mail = self.collation()
        paper = self.filled(self.table(mail), {"删除": ("采纳", "")})
        told = self.order("", DAY + "10:00", subject="表", attachments=[paper], auth="")
        self.assertIn("请核实", told[0].subject)
        self.assertEqual(self.order("", DAY + "10:10", subject="表", attachments=[paper],
                                    sender="x@evil.example"), [])
        self.assertEqual({d for d, _ in self.decided().values()}, {"pending"})


class FromNotice(ClerkTest):
    """发起: a matter from a notice that the clerk mails."""

    def papers(self, notice=SEED):
        return [letters.attach("附件1：工作规则.docx", paragraphs=RULES.splitlines()),
                letters.attach("征求意见.docx", paragraphs=notice.splitlines()),
                letters.attach("附件2：分工.txt", text="市教育局：\n1. 组织学校。\n")]

    def opened(self, **config):
        """An office where nothing was issued yet."""
        self.once(self.office)
        self.configure(**{**self.config, **config})

    def notices(self, mails):
        return {kind(mail)[1]: mail for mail in mails if kind(mail)[0] == "notice"}

    def confirm(self, mail, at, **options):
        self.write_mail("确认 " + self.code(mail), at, answers=mail, **options)
        return self.tick(at)

    def test_it_is_read_shown_and_sent_with_its_annexes_when_it_is_confirmed(self):
        self.opened()
        mail = self.answer_to("发起", "2019-06-10 08:30", attachments=self.papers())
        for text in ("标题：关于征求《工作规则》修改意见的通知", "逾期不反馈：视为无异议",
                     "原句：", "通知正文取自：征求意见.docx", "单位：市教育局、市财政局、市科技局",
                     "附件1：工作规则.docx；附件2：分工.txt", "立即发给 3 个单位"):
            self.assertIn(text, mail.text)
        self.assertEqual(self.data("matter", "list")["matters"], [])
        sent = self.notices(self.confirm(mail, "2019-06-10 08:40"))
        self.assertEqual(sorted(sent), ["czj", "jyj", "kjj"])
        names = [p.get_filename() for p in sent["jyj"].message.iter_attachments()]
        self.assertEqual(names[:2], ["附件1：工作规则.docx", "附件2：分工.txt"])
        self.assertIn("组织学校", sent["jyj"].text)
        matter = self.data("matter", "show", 1)
        self.assertEqual((matter["matter"]["state"], matter["matter"]["deadline"],
                          matter["matter"]["silence"]),
                         ("issued", "2019-06-21", "deemed_no_objection"))

    def test_what_was_read_wrongly_is_written_beside_it(self):
        self.opened()
        two = SEED.replace("书面反馈", "反馈电子版、6月24日前反馈纸质件")
        mail = self.answer_to("发起\n截止：6月25日\n发给：教育局、市财政局", "2019-06-10 08:30",
                              attachments=self.papers(two))
        self.assertIn("单位：市教育局、市财政局", mail.text)
        number = re.search("发起 (#[0-9]+)，下面", mail.text)[1]
        wrong = self.answer_to("发起 %s 发给：市教育居" % number, "2019-06-10 08:35")
        self.assertIn("没有“市教育居”这个单位，是不是 市教育局", wrong.text)
        text = "发起 %s\n截止：6月26日\n标题：关于反馈意见的通知\n发给：教育局" % number
        again = self.answer_to(text, "2019-06-10 08:36", answers=mail)
        self.assertEqual(sorted(self.notices(self.confirm(again, "2019-06-10 08:40"))), ["jyj"])
        matter = self.data("matter", "show", 1)["matter"]
        self.assertEqual((matter["deadline"], matter["silence"], matter["title"]),
                         ("2019-06-26", "deemed_no_objection", "关于反馈意见的通知"))

    def test_a_notice_may_stand_in_the_mail_itself(self):
        self.opened()
        mail = self.answer_to("发起\n\n" + SEED, "2019-06-10 08:30")
        self.assertIn("通知正文取自：邮件正文", mail.text)
        sent = self.notices(self.confirm(mail, "2019-06-10 08:40"))
        self.assertIn("书面反馈我办", sent["czj"].text)
        self.assertNotIn("发起", sent["czj"].text)

    def test_it_is_dropped_by_cancelling(self):
        self.opened()
        mail = self.answer_to("发起", "2019-06-10 08:30", attachments=self.papers())
        self.answer_to("取消", "2019-06-10 08:40", answers=mail)
        self.assertEqual(self.notices(self.confirm(mail, "2019-06-10 08:50")), {})
        self.assertEqual(self.data("matter", "list")["matters"], [])

    def test_where_no_server_proves_the_clerk_the_code_does(self):
        self.opened(clerk={"authserv_id": ""})
        mail = self.answer_to("发起", "2019-06-10 08:30", attachments=self.papers(), auth="")
        self.assertIn("请核实", mail.subject)
        sent = self.confirm(mail, "2019-06-10 08:40", auth="")
        self.assertEqual(len(self.notices(sent)), 3)

    def test_a_change_of_the_roster_in_between_is_shown_again(self):
        self.opened()
        mail = self.answer_to("发起", "2019-06-10 08:30", attachments=self.papers())
        self.run_("unit", "retire", "市科技局", at="2019-06-10 08:35")
        mails = self.confirm(mail, "2019-06-10 08:40")
        self.assertEqual(self.notices(mails), {})
        self.assertIn("情况有了变化", mails[0].text)
        self.assertEqual(sorted(self.notices(self.confirm(mails[0], "2019-06-10 08:50"))),
                         ["czj", "jyj"])

    def test_a_secret_paper_is_refused_and_not_quoted(self):
        self.opened()
        for number, papers in enumerate((self.papers("机密★10年\n" + SEED), [
                *self.papers(), letters.attach("名单.txt", text="秘 密\n甲乙丙")])):
            mail = self.answer_to("发起", "2019-06-10 08:3%d" % number, attachments=papers)
            self.assertIn("涉密文件不得通过公共邮件发送", mail.text)
            self.assertNotIn("工作规则", mail.text)
        self.assertEqual(self.data("matter", "list")["matters"], [])

    def test_a_notice_without_what_it_needs_says_what_to_write(self):
        self.opened()
        old = SEED.replace("2019年6月21日前", "2019年5月21日前")
        self.assertIn("截止时间 2019年5月21日（星期二）已过",
                      self.answer_to("发起", "2019-06-10 08:30",
                                     attachments=self.papers(old)).text)
        self.assertIn("没有找到能读出文字的通知",
                      self.answer_to("发起", "2019-06-10 08:40",
                                     attachments=[letters.attach("通知.pdf")]).text)

    def test_with_a_signer_it_goes_to_him_instead(self):
        self.opened()
        roster = self.write("more.csv", "代码,单位,邮箱,角色\noffice,办公室,%s,经办\n"
                            "office,办公室,zhuren@office.example,签发\n" % CLERK)
        self.run_("unit", "import", roster, at=START)
        mail = self.answer_to("发起", "2019-06-10 08:30", attachments=self.papers())
        self.assertIn("送签发人签发", mail.text)
        mails = self.confirm(mail, "2019-06-10 08:40")
        self.assertEqual(self.notices(mails), {})
        asked, = [m for m in mails if kind(m)[0] == "sign_off"]
        consent = re.search("^(同意签发 [2-9A-Z]{8})", asked.text, re.M)[1]
        self.write_mail(consent, "2019-06-10 08:50", answers=asked, auth="",
                        sender="zhuren@office.example")
        self.assertEqual(len(self.notices(self.tick("2019-06-10 08:50"))), 3)

    def test_a_draft_made_by_command_is_issued_by_mail(self):
        self.opened()
        self.new()
        mail = self.answer_to("发出", "2019-06-10 08:30")
        self.assertIn("立即发给 3 个单位", mail.text)
        self.assertEqual(len(self.notices(self.confirm(mail, "2019-06-10 08:40"))), 3)
        self.assertIn("现在没有草稿", self.answer_to("发出", "2019-06-10 08:50").text)

    def test_what_is_no_order_stays_ordinary_mail(self):
        self.opened()
        for text in ("发起会议讨论一下", "发出通知了吗", "同意", "退回去吧"):
            self.assertEqual(self.order(text, "2019-06-10 08:30"), [], text)


class Identity(ClerkTest):
    """A command takes effect only if it is proven who gave it."""

    def refused(self, **options):
        """It changed nothing, and only the clerk was told, by a mail of its own."""
        mails = self.order("免报 市财政局", DAY + "09:30", **options)
        self.assertEqual(self.unit("czj")["status"], "waiting")
        self.assertEqual([mail.recipients for mail in mails], [[CLERK]])
        self.assertIsNone(mails[0].message["In-Reply-To"])
        self.assertIn("请核实", mails[0].subject)
        return mails[0]

    def results(self, text, server=SERVER):
        return "Authentication-Results: %s; %s\r\n" % (server, text)

    def test_a_forged_clerk_is_told_to_the_clerk_alone(self):
        forged = {
            "none": "",
            "failed": self.results("dkim=fail header.d=office.example; spf=softfail"),
            "foreign domain": self.results("dkim=pass header.d=evil.example;"
                                           " spf=pass smtp.mailfrom=x@evil.example"),
            "foreign server": self.results("dkim=pass header.d=office.example",
                                           "mx.evil.example"),
            "below a hop": "Received: from evil.example by mx\r\n" + PASSED,
            "below the real one": self.results("dkim=none; spf=fail smtp.mailfrom=" + CLERK)
            + PASSED,
            "in a comment": self.results("spf=fail (dkim=pass header.d=office.example)"),
            "in quotes": self.results('spf=fail smtp.mailfrom="; dkim=pass header.d='
                                      'office.example"@evil.example'),
        }
        for name, auth in forged.items():
            with self.subTest(name):
                self.place = self.place.with_name(self.place.name + "x")
                self.lab.smtp.mails.clear()
                self.ready()
                self.refused(auth=auth)

    def test_two_from_fields_prove_nothing(self):
        self.ready()
        self.refused(extra=["From: <wang@evil.example>"])

    def test_a_stranger_gets_no_answer_and_no_effect(self):
        self.ready()
        self.assertEqual(self.order("免报 市财政局", DAY + "09:30", sender="x@evil.example",
                                    auth=PASSED), [])
        self.assertEqual(self.unit("czj")["status"], "waiting")

    def test_the_code_proves_it_executes_what_was_shown_and_opens_the_conversation(self):
        self.ready(clerk={"authserv_id": ""})
        mail = self.refused(auth="")
        self.assertIn("免报 市财政局", mail.text)
        self.answer_to("确认 " + self.code(mail), DAY + "09:40", answers=mail, auth="")
        self.assertEqual(self.unit("czj")["status"], "exempt")
        shown = self.answer_to("状态", DAY + "10:00", answers=mail, auth="")
        self.assertIn("【答复】", shown.subject)
        asked = self.answer_to("结束", DAY + "10:10", answers=shown, auth="")
        self.code(asked)  # closing takes its own all the same
        self.assertEqual(self.state(), "issued")
        told = self.answer_to("状态", DAY + "10:20", auth="")  # another conversation
        self.assertIn("请核实", told.subject)
        late = self.answer_to("状态", DAY + "18:10", answers=mail, auth="")
        self.assertIn("请核实", late.subject)

    def test_a_code_is_taken_back_by_an_answer_to_the_mail_that_brought_it(self):
        self.ready(clerk={"authserv_id": ""})
        mail = self.refused(auth="")
        done = self.answer_to("取消", DAY + "09:40", answers=mail, auth="")
        self.assertIn("已作废 1 个", done.text)
        told = self.answer_to("确认 " + self.code(mail), DAY + "09:50", answers=mail, auth="")
        self.assertIn("已经作废", told.text)
        self.assertEqual(self.unit("czj")["status"], "waiting")

    def test_a_unit_that_names_its_own_mail_takes_nothing_back(self):
        self.ready(clerk={"authserv_id": ""})
        mail = self.refused(auth="")
        told = self.answer_to("取消", DAY + "09:40", answers=self.notice("jyj"), auth="")
        self.assertIn("请核实", told.subject)
        self.answer_to("确认 " + self.code(mail), DAY + "09:50", answers=mail, auth="")
        self.assertEqual(self.unit("czj")["status"], "exempt")

    def test_a_replayed_code_is_refused(self):
        self.ready(clerk={"authserv_id": ""})
        mail = self.refused(auth="")
        code = self.code(mail)
        self.answer_to("确认 " + code, DAY + "09:40", answers=mail, auth="")
        self.run_("matter", "extend", 1, "czj", "--deadline", "2019-06-26", at=DAY + "09:45")
        again = self.answer_to("确认 " + code, DAY + "09:50", auth="")
        self.assertIn("已经用过", again.text)

    def test_the_same_mail_once_more_is_not_executed_again(self):
        self.ready()
        self.write_mail("催办 市科技局", DAY + "09:30", message_id="<a@office.example>")
        self.assertEqual(self.sent(DAY + "09:30"), [("reminder", "kjj")])
        again = "X-Again: 1\r\n" + PASSED
        self.write_mail("催办 市科技局", DAY + "09:30", message_id="<a@office.example>", auth=again)
        self.assertEqual(self.sent(DAY + "09:40"), [])

    def test_the_code_of_another_address_is_refused(self):
        self.ready(clerk={"authserv_id": ""})
        roster = self.write("more.csv", "代码,单位,邮箱,角色\noffice,办公室,%s,经办\n"
                            "office,办公室,lisi@office.example,经办\n" % CLERK)
        self.run_("unit", "import", roster, at=DAY + "09:00")
        mail = self.refused(auth="")
        told = self.answer_to("确认 " + self.code(mail), DAY + "09:40", auth="",
                              sender="lisi@office.example")
        self.assertIn("确认码不对", told.text)
        self.assertEqual(self.unit("czj")["status"], "waiting")

    def test_a_code_is_good_for_24_hours(self):
        self.ready(clerk={"authserv_id": ""})
        mail = self.refused(auth="")
        told = self.answer_to("确认 " + self.code(mail), "2019-06-13 09:31", answers=mail, auth="")
        self.assertIn("已经过期", told.text)
        self.assertEqual(self.unit("czj")["status"], "waiting")

    def test_five_wrong_tries_spend_the_code(self):
        self.ready(clerk={"authserv_id": ""})
        mail = self.refused(auth="")
        code = self.code(mail)
        for minute in range(5):
            wrong = "".join("2" if letter != "2" else "3" for letter in code)
            self.order("确认 " + wrong, DAY + "09:4%d" % minute, answers=mail, auth="",
                       message_id="<%d@office.example>" % minute)
        self.order("确认 " + code, DAY + "09:50", answers=mail, auth="")
        self.assertEqual(self.unit("czj")["status"], "waiting")

    def test_the_clerk_is_not_flooded_by_who_forges_him(self):
        self.ready()
        told = []
        for minute in range(10, 30):
            told += self.order("免报 市财政局", DAY + "09:%d" % minute, auth="")
        self.assertEqual(len(told), 6)
        self.assertEqual(self.review(), [("clerk_forged", "")])

    def test_a_machine_at_the_address_of_the_clerk_is_not_obeyed(self):
        self.ready()
        mail = self.answer_to("状态", DAY + "09:30")
        for extra in ("X-Lianluo: answer; matter=1", "Auto-Submitted: auto-replied",
                      "Precedence: bulk"):
            self.assertEqual(self.order("催办 市财政局", DAY + "09:40", answers=mail, extra=[extra],
                                        message_id="<%s@x.example>" % extra[:3]), [])
        self.assertEqual(self.sent(DAY + "09:50"), [])

    def test_the_code_itself_is_kept_nowhere_but_in_the_mail(self):
        self.ready()
        code = self.code(self.answer_to("结束", DAY + "09:30"))
        tables = {name: rows for name, rows in self.dump().items() if code in repr(rows)}
        self.assertEqual(list(tables), [])


if __name__ == "__main__":
    unittest.main()
