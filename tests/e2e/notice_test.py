"""A matter from the notice itself: what is read, shown, checked and refused."""
import json
import os
import pathlib
import subprocess
import unittest

from office_case import START, OfficeTest, kind

SEED = pathlib.Path(__file__).parents[1] / "data" / "notices" / "seed.txt"
SHORT = """关于报送半年总结的通知

市教育局、市财政局、市民政局：
请于2019年6月21日（星期四）前将半年总结报送我办，邮箱kp@other.example。
联系人：张三，电话：2000001。

附件：1.总结提纲
2.统计表

市素质办
2019年6月10日
"""


RELATIVE = """关于征求《管理办法》意见的函

各成员单位：
现就《管理办法》征求意见，请于收到本通知后3个工作日内将意见发至邮箱office@office.example，
逾期视为无异议。
联系人：张三，电话：2000001。

市素质办
2019年6月10日
"""


def docx(text):
    """What lianluo-write makes of its lines."""
    blocks = [{"paragraph": line} for line in text.splitlines()]
    program = pathlib.Path(os.environ["LIANLUO"]).resolve().with_name("lianluo-write")
    document = json.dumps({"format": "docx", "blocks": blocks}).encode()
    return subprocess.run([program], input=document, capture_output=True, check=True).stdout


class Notice(OfficeTest):
    def from_(self, notice, *annexes, at=START, code=0, more=()):
        return self.run_("matter", "new", *more, "--from", notice, *annexes, at=at, code=code)

    def test_the_seed_becomes_a_draft_with_all_that_it_says(self):
        self.office()
        out = self.from_(SEED).stdout
        self.assertIn("原句：请各成员单位于2019年6月21日前将修改意见纸质文档（加盖公章）", out)
        self.assertIn("附件写到“市民宗委”，名册里没有这个单位", out)
        self.assertIn("附件 2“关于印发《自治区", out)
        matter = self.data("matter", "show", 1)
        self.assertEqual(matter["matter"]["deadline"], "2019-06-21")
        self.assertEqual(matter["matter"]["silence"], "deemed_no_objection")
        self.assertEqual(matter["matter"]["state"], "draft")
        self.assertEqual(matter["requires"], {"electronic": True, "paper": True})
        self.assertEqual(matter["counts"]["units"], 3)
        self.assertIn("逾期将视为无异议", matter["silence_text"])

    def test_a_draft_from_a_notice_can_be_issued(self):
        self.office()
        self.from_(SEED)
        self.run_("matter", "issue", 1, at="2019-06-10 09:00")
        mails = [m for m in self.tick("2019-06-10 09:00") if kind(m) == ("notice", "czj")]
        text = mails[0].message.get_body(("plain",)).get_content()
        self.assertIn("附：贵单位具体职责（市财政局）", text)
        self.assertIn("研究制定我市全民科学素质建设投入政策。", text)
        self.assertNotIn("为公务员提高科学素质营造良好氛围", text)
        names = [part.get_filename() for part in mails[0].message.iter_attachments()]
        self.assertEqual([name[:13] for name in names], ["seed.txt", "征求意见反馈表（市财政局）"])

    def test_a_relative_deadline_is_each_units_own(self):
        self.office(deliver={"send": "hold"})
        self.from_(self.write("n.txt", RELATIVE))
        self.assertIn("收到通知后 3 个工作日内", self.run_("matter", "show", 1).stdout)
        shown = self.data("matter", "show", 1)
        self.assertEqual(shown["relative"], {"days": 3, "working": True, "from": "receipt"})
        self.assertEqual(shown["matter"]["silence"], "deemed_no_objection")
        self.run_("matter", "issue", 1, at="2019-06-10 09:00")
        rows = {row["unit"]: row["id"] for row in self.outbox(kind="notice")}
        shown = self.run_("outbox", "show", rows["jyj"], at="2019-06-10 09:00").stdout
        self.assertIn("6月13日", shown)
        self.run_("outbox", "release", rows["jyj"], at="2019-06-10 09:00")
        first = self.tick("2019-06-10 09:00")[0].message.get_body(("plain",)).get_content()
        self.assertIn("截止：6月13日（星期四）（收到通知后 3 个工作日内）", first)
        self.run_("outbox", "release", at="2019-06-12 09:00")
        later = next(mail for mail in self.tick("2019-06-12 09:00") if kind(mail)[0] == "notice")
        self.assertIn("6月17日（星期一）", later.message.get_body(("plain",)).get_content())
        self.assertIn("6月17日（星期一）", later.html)
        units = {row["code"]: row["deadline"] for row in self.data("status", 1)["units"]}
        self.assertEqual((units["jyj"], units["czj"]), ("2019-06-13", "2019-06-17"))
        self.configure(deliver={"send": "live"})
        self.assertEqual(self.sent("2019-06-14 09:00"), [
            ("reminder", "czj"), ("reminder", "jyj"), ("reminder", "kjj")])
        self.run_("matter", "extend", 1, "--deadline", "2019-06-28", at="2019-06-14 10:00")
        self.assertEqual({row["deadline"] for row in self.data("status", 1)["units"]},
                         {"2019-06-28"})

    def test_silence_is_judged_by_each_units_own_day(self):
        self.office()
        self.from_(self.write("n.txt", RELATIVE))
        self.run_("matter", "issue", 1, at="2019-06-10 09:00")
        self.tick("2019-06-10 09:00")
        self.tick("2019-06-14 17:00")
        self.assertEqual(self.review(), [])
        self.tick("2019-06-17 09:00")
        self.assertEqual(self.review(), [("settlement", "")])

    def test_a_word_file_is_read_too(self):
        self.office()
        notice = self.write("通知.docx", docx(SHORT))
        result = self.data("matter", "new", "--from", notice, at=START)
        self.assertEqual(result["notice"]["title"], "关于报送半年总结的通知")
        self.assertEqual(result["units"], 2)

    def test_what_does_not_fit_is_said_before_it_goes(self):
        self.office()
        annex = self.write("会议室照片.txt", "x")
        result = self.data("matter", "new", "--from", self.write("n.txt", SHORT), annex, at=START)
        tags = {check["tag"] for check in result["checks"]}
        self.assertEqual(tags, {"weekday_mismatch", "missing_annex", "foreign_mailbox",
                                "unknown_unit", "unnamed_annex"})
        self.assertEqual((result["units"], result["annexes"]), (2, 1))
        self.assertEqual(self.data("matter", "show", 1)["matter"]["kind"], "report")

    def test_annexes_that_are_given_are_not_missed(self):
        self.office()
        files = [self.write("附件1：总结提纲.txt", "甲"), self.write("2.统计表.txt", "乙")]
        result = self.data("matter", "new", "--from", self.write("n.txt", SHORT), *files, at=START)
        tags = {check["tag"] for check in result["checks"]}
        self.assertFalse(tags & {"missing_annex", "unnamed_annex"})
        self.assertEqual(len(self.data("matter", "show", 1)["annexes"]), 2)

    def test_what_is_said_beside_it_wins(self):
        self.office()
        notice = self.write("n.txt", SHORT)
        told = ("--deadline", "2019-06-24", "--title", "半年总结", "--units", "jyj")
        self.from_(notice, more=told)
        matter = self.data("matter", "show", 1)
        self.assertEqual((matter["matter"]["title"], matter["matter"]["deadline"]),
                         ("半年总结", "2019-06-24"))
        self.assertEqual(matter["counts"]["units"], 1)

    def test_two_deadlines_leave_it_to_the_clerk(self):
        self.office()
        text = SHORT.replace("前将半年总结", "前将电子版、6月24日前将纸质件")
        self.from_(self.write("n.txt", text))
        self.assertIsNone(self.data("matter", "show", 1)["matter"]["deadline"])

    def test_a_secret_paper_makes_no_matter(self):
        self.office()
        marked = self.from_(self.write("n.txt", "机密★10年\n" + SHORT), code=2)
        self.assertIn("涉密", marked.stderr)
        annex = self.write("总结提纲.txt", "秘 密\n提纲")
        self.assertIn("涉密", self.from_(self.write("n.txt", SHORT), annex, code=2).stderr)
        header = self.write("提纲.docx", docx("总结提纲\n机密★5年"))
        told = self.new("--annex", str(header), code=2)
        self.assertIn("涉密", told.stderr)
        self.assertEqual(self.data("matter", "list")["matters"], [])

    def test_an_empty_or_missing_notice_is_refused(self):
        self.office()
        self.from_(self.write("n.txt", " \n"), code=2)
        self.from_(self.place / "nowhere.txt", code=2)
        self.assertIn("标题", self.from_(self.write("n.txt", "请于6月21日前反馈。"), code=2).stderr)

    def test_gbk_is_read_too(self):
        self.office()
        self.from_(self.write("n.txt", SHORT.encode("gb18030")))
        matter = self.data("matter", "show", 1)["matter"]
        self.assertEqual(matter["title"], "关于报送半年总结的通知")


if __name__ == "__main__":
    unittest.main()
