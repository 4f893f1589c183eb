"""Who wrote, about what, and what the unit and the clerk hear of it, end to end."""
import unittest

from office_case import CLERK, ISSUED, OfficeTest, address, kind
import letters

DAY = "2019-06-12 "
PRIVATE = "yangguang@163.example"


def papers(**named):
    """Attached letters: name of the file and its paragraphs."""
    return [letters.attach(name + ".docx", paragraphs=lines) for name, lines in named.items()]


# From the mailbox of jyj: body, attachments, and the units that are proposed; one: it is filed.
LETTERS = [
    ("见附件。", papers(联合复函=["柳州市教育局　柳州市科技局", "关于征求工作规则修改意见的复函",
                              "经研究，无意见。", "柳州市教育局　　柳州市科技局", "2019年6月11日"]),
     ["jyj", "kjj"]),
    ("见附件", papers(市教育局反馈=["无意见。"], 市科技局反馈=["无意见。"]), ["jyj", "kjj"]),
    ("市教育局：无意见\n市科技局：无意见\n市财政局：建议删除第三条", [], ["jyj", "kjj", "czj"]),
    ("您好，代市科技局李四转发他们的意见：建议删除第三条。", [], ["kjj", "jyj"]),
    ("我局无意见，见附件。",
     papers(教育局复函=["柳州市教育局", "关于征求工作规则修改意见的复函", "经研究，我局无意见。",
                     "柳州市教育局", "2019年6月11日", "抄送：市科技局、市财政局"]), ["jyj"]),
    ("建议第五条改为：市科技局、市财政局负责经费保障，市教育局配合。", [], ["jyj"]),
    ("我局已征求市财政局意见，建议删除第六条。\n市教育局", [], ["jyj"]),
    ("建议删除第七条。\n\n附：成员单位名单\n市教育局\n市科技局\n市财政局", [], ["jyj"]),
]


class Judged(OfficeTest):
    def second(self):
        """Another matter, with a title of its own, issued to all."""
        self.new(at=ISSUED, title="关于征求《年度科普工作要点》意见的通知")
        self.run_("matter", "issue", 2, at=ISSUED)
        return {kind(mail)[1]: mail for mail in self.tick("2019-06-10 09:10")}

    def verdict(self):
        return self.inbox()[-1]["verdict"]

    def test_two_machines_that_answer_each_other_stop_after_one_mail_each(self):
        self.ready()
        self.answer("jyj", "贵办来信收悉。我局无意见。", DAY + "09:00")
        mails = self.tick(DAY + "09:10")
        self.assertEqual([kind(m) for m in mails if kind(m)[1]], [("receipt", "jyj")])
        for minute in range(11, 19):
            text = "贵办第%d封来信收悉。我局无意见。" % minute
            data = letters.reply(mails[0], address("jyj"), text, DAY + "09:%d" % minute)
            self.lab.receive(data, DAY + "09:%d" % minute)
            self.assertEqual(self.sent(DAY + "09:%d" % (minute + 1)), [])

    def test_a_correction_of_what_a_receipt_says_is_confirmed(self):
        self.ready()
        self.answer("jyj", "我局无意见。", DAY + "09:00")
        receipt = self.tick(DAY + "09:10")[0]
        self.assertIn("识别为：无意见", receipt.text)
        self.assertIn("尚缺：加盖公章的纸质件", receipt.text)
        self.assertIn("“我局无意见。”", receipt.text)
        self.lab.receive(letters.reply(receipt, address("jyj"), "更正：建议删除第三条。",
                                       DAY + "10:00"), DAY + "10:00")
        self.assertEqual(self.sent(DAY + "10:10"), [("receipt", "jyj")])
        self.assertEqual(self.standing("jyj"), ("commented", 2))

    def test_a_receipt_counts_the_opinions(self):
        self.ready()
        self.answer("jyj", "建议将第一条修改为“总则”。\n建议删除第三条。", DAY + "09:00")
        receipt = [m for m in self.tick(DAY + "09:10") if kind(m)[0] == "receipt"][0]
        self.assertRegex(receipt.text, "识别为：修改意见 [12] 条")

    def test_a_letter_about_another_matter_in_the_wrong_thread_goes_to_a_person(self):
        self.ready()
        self.second()
        self.answer("jyj", "关于《年度科普工作要点》，建议删除第三条。", DAY + "09:00")
        self.assertEqual(self.sent(DAY + "09:30"), [])
        self.assertEqual(self.review(), [("conflict", "jyj")])
        for matter in (1, 2):
            rows = self.data("status", matter)["units"]
            self.assertEqual({row["status"] for row in rows}, {"waiting"})

    def test_a_letter_for_several_units_waits_and_one_that_mentions_them_is_filed(self):
        self.ready()
        for minute, (text, attachments, units) in enumerate(LETTERS, 10):
            at = DAY + "09:%d" % minute
            self.answer("jyj", text, at, attachments=attachments)
            self.tick(at)
            row = self.inbox()[-1]
            proposed = [row["proposal"], *row["proposal"]["also"]]
            self.assertEqual(([side["unit"] for side in proposed], row["verdict"]),
                             (units, "filed" if len(units) == 1 else "review"), text)
        self.assertEqual([self.standing(c) for c in ("kjj", "czj")], [("waiting", 0)] * 2)

    def test_a_letter_for_two_units_is_explained_and_filed_for_both(self):
        self.ready()
        self.answer("jyj", "我局无意见。市科技局也没有意见。", DAY + "09:00")
        self.assertEqual(self.sent(DAY + "09:10"), [])
        told = self.data("explain", self.inbox()[0]["id"])
        self.assertEqual(told["verdict"], "review")
        self.assertEqual(told["proposal"], {"matter": 1, "unit": "jyj",
                                            "also": [{"matter": 1, "unit": "kjj"}]})
        self.run_("inbox", "assign", self.inbox()[0]["id"], 1, "市教育局", "市科技局",
                  at=DAY + "09:20")
        self.assertEqual([self.standing(c) for c in ("jyj", "kjj")], [("no_comment", 1)] * 2)
        receipts = [m for m in self.tick(DAY + "09:30") if kind(m)[0] == "receipt"]
        self.assertEqual(len(receipts), 1)
        self.assertIn("同时登记为：市科技局", receipts[0].text)

    def test_a_private_mailbox_that_signs_is_filed_and_its_evidence_told(self):
        self.ready()
        self.answer("jyj", "经研究，我局无意见。\n\n市教育局\n2019年6月12日", DAY + "09:00",
                    sender=PRIVATE)
        self.assertEqual(self.sent(DAY + "09:30"), [("receipt", "jyj")])
        told = self.data("explain", self.inbox()[-1]["id"])
        self.assertEqual({proof["rule"] for proof in told["evidence"]},
                         {"token", "reply", "title", "thread", "signed"})
        tried = {row["rule"]: row["found"] for row in told["rules"]}
        self.assertEqual((tried["signed"], tried["letterhead"]), (1, 0))

    def test_what_a_person_settled_for_an_address_is_learnt(self):
        self.ready()
        self.answer("jyj", "我局无意见。", DAY + "09:00", sender=PRIVATE)
        self.tick(DAY + "09:10")
        self.assertEqual(self.review(), [("unknown_sender", "jyj")])
        self.run_("inbox", "assign", self.inbox()[0]["id"], 1, "jyj", at=DAY + "09:20")
        self.lab.receive(letters.letter(PRIVATE, "更正：建议删除第三条。", DAY + "10:00"),
                         DAY + "10:00")
        self.tick(DAY + "10:10")
        self.assertEqual(self.standing("jyj"), ("commented", 2))

    def test_the_message_id_that_qq_mail_put_in_place_of_ours_finds_the_matter(self):
        self.ready(imap={"folders": "INBOX;Sent Messages"})
        self.lab.imap.create("Sent Messages")
        notices = self.second()
        ours = notices["jyj"]
        mapped = "<tencent_0123456789ABCDEF@qq.com>"
        header, body = ours.data.split(b"\r\n\r\n", 1)
        original = str(ours.message["Message-ID"]).encode()
        header = header.replace(original, mapped.encode()) + b"\r\nX-OQ-MSGID: " + original
        self.lab.receive(header + b"\r\n\r\n" + body, ISSUED, "Sent Messages")
        self.tick("2019-06-10 09:20")
        data = letters.letter(address("jyj"), "我局无意见。", DAY + "09:00", subject="回复",
                              extra=["In-Reply-To: " + mapped])
        self.lab.receive(data, DAY + "09:00")
        self.tick(DAY + "09:30")
        rows = self.data("status", 2)["units"]
        self.assertEqual({row["code"]: row["status"] for row in rows}["jyj"], "no_comment")
        self.assertEqual(self.review(), [])

    def test_a_question_reaches_the_clerk_at_once_and_gets_no_receipt(self):
        self.ready()
        self.answer("jyj", "请问纸质件需要几份？", DAY + "09:00")
        mails = [m for m in self.tick(DAY + "09:10") if kind(m)[0] != "digest"]
        self.assertEqual([(kind(m)[0], m.recipients) for m in mails], [("alarm", [CLERK])])
        self.assertIn("请问纸质件需要几份？", mails[0].text)
        self.assertEqual(self.review(), [("question", "jyj")])

    def test_an_extension_that_is_granted_moves_the_units_own_deadline_and_reminders(self):
        self.ready()
        self.answer("jyj", "因负责同志外出，申请延期至6月26日反馈。", DAY + "09:00")
        asked = [m for m in self.tick(DAY + "09:10") if kind(m)[0] == "alarm"]
        self.assertIn("申请延期至6月26日", asked[0].text)
        self.run_("matter", "extend", 1, "市教育局", "--deadline", "2019-06-26", at=DAY + "10:00")
        self.assertEqual(self.review(), [])
        self.assertNotIn(("reminder", "jyj"), self.sent("2019-06-18 09:30"))
        self.assertIn(("reminder", "jyj"), self.sent("2019-06-21 09:30"))

    def test_a_paper_with_a_secrecy_mark_is_told_and_not_quoted(self):
        self.ready()
        paper = letters.attach("意见.txt", text="机密★1年\n建议删除第三条。")
        self.answer("jyj", "见附件。", DAY + "09:00", attachments=[paper])
        mails = self.tick(DAY + "09:10")
        self.assertIn("alarm", {kind(m)[0] for m in mails})
        self.assertFalse(any("建议删除第三条" in m.text for m in mails))
        self.assertIn(("secret_marking", "jyj"), self.review())

    def test_a_stamped_scan_after_the_answer_is_put_before_a_person(self):
        self.ready()
        self.answer("jyj", "建议删除第三条。", DAY + "09:00")
        self.answer("jyj", "更正：建议删除第四条。", DAY + "10:00")
        self.answer("jyj", "盖章扫描件见附件。", DAY + "11:00",
                    attachments=[letters.attach("盖章件.pdf")])
        self.tick(DAY + "11:30")
        self.assertEqual(self.standing("jyj"), ("commented", 2))
        self.assertEqual(self.review(), [("scan", "jyj")])


if __name__ == "__main__":
    unittest.main()
