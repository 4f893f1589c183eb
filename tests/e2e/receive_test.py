"""Receiving: every message that reached the mailbox is accounted for, once."""
import hashlib
import unittest

from office_case import JUNK, START, OfficeTest, address
import letters

DAY = "2019-06-12 "
AGREED = "经研究，我局无意见。"


class Receive(OfficeTest):
    def accounts(self):
        """(rows of arrivals by outcome, messages in the mailbox)."""
        outcomes = dict(self.sql("SELECT outcome, count(*) FROM arrival GROUP BY outcome"))
        there = sum(len(self.lab.imap.list(folder)) for folder in ("INBOX", JUNK))
        return outcomes, there

    def test_a_duplicate_in_junk_is_not_a_second_submission(self):
        self.ready()
        data = self.answer("jyj", AGREED, DAY + "09:00")
        self.lab.receive(data, DAY + "09:01", JUNK)
        self.assertEqual(self.sent(DAY + "09:30"), [("receipt", "jyj")])
        self.assertEqual(self.standing("jyj"), ("no_comment", 1))
        self.assertEqual(self.accounts(), ({"stored": 1, "duplicate": 1}, 2))

    def test_the_same_answer_under_a_new_message_id_is_a_repetition(self):
        self.ready()
        for number in (1, 2):
            self.answer("jyj", AGREED, DAY + "09:00", message_id="<%d@jyj.example>" % number)
        self.assertEqual(self.sent(DAY + "09:30"), [("receipt", "jyj")])
        self.assertEqual(self.standing("jyj"), ("no_comment", 1))
        self.assertEqual(len(self.inbox()), 2)

    def test_the_same_mail_by_another_way_is_noted_as_a_duplicate(self):
        self.ready()
        data = self.answer("jyj", AGREED, DAY + "09:00")
        self.lab.receive(b"Received: from relay.jyj.example\r\n" + data, DAY + "09:01")
        self.assertEqual(self.sent(DAY + "09:30"), [("receipt", "jyj")])
        self.assertEqual([row["verdict"] for row in self.inbox()], ["filed", "noted"])

    def test_two_mails_with_one_message_id_are_both_kept(self):
        self.ready()
        for text in (AGREED, "建议删除第三条。"):
            self.answer("jyj", text, DAY + "09:00", message_id="<same@jyj.example>")
        self.tick(DAY + "09:30")
        self.assertEqual(self.standing("jyj"), ("commented", 2))

    def test_a_reply_in_junk_is_read(self):
        self.ready()
        self.answer("kjj", AGREED, DAY + "09:00", JUNK)
        self.assertEqual(self.sent(DAY + "09:30"), [("receipt", "kjj")])

    def test_any_folder_with_a_chinese_name_can_be_read(self):
        self.lab.imap.create("订阅邮件")
        self.ready(imap={"folders": "INBOX;垃圾邮件;订阅邮件"})
        self.answer("czj", AGREED, DAY + "09:00", "订阅邮件")
        self.assertEqual(self.sent(DAY + "09:30"), [("receipt", "czj")])

    def test_a_folder_that_is_not_there_does_not_keep_the_others_from_being_read(self):
        self.ready(imap={"folders": "没有的文件夹;INBOX"})
        self.answer("jyj", AGREED, DAY + "09:00")
        self.assertEqual(self.sent(DAY + "09:30", code=1), [("receipt", "jyj")])
        self.assertIn("没有的文件夹", self.overview(DAY + "09:31"))

    def test_the_mailbox_is_left_as_it_was(self):
        self.ready()
        self.answer("jyj", AGREED, DAY + "09:00")
        before = self.lab.imap.list()
        self.tick(DAY + "09:30")
        self.assertEqual([(item.uid, item.flags - {"\\Recent"}) for item in self.lab.imap.list()],
                         [(item.uid, set()) for item in before])

    def test_a_mail_that_a_person_has_read_is_received_all_the_same(self):
        self.ready()
        self.answer("jyj", AGREED, DAY + "09:00")
        connection = self.lab.imap.connection()
        connection.select("INBOX")
        connection.uid("STORE", "1:*", "+FLAGS", r"(\Seen)")
        connection.unselect()
        self.assertEqual(self.sent(DAY + "09:30"), [("receipt", "jyj")])

    def test_a_new_uidvalidity_reads_again_without_duplicates(self):
        self.ready()
        self.answer("jyj", AGREED, DAY + "09:00")
        self.tick(DAY + "09:30")
        self.lab.imap.new_uidvalidity()
        self.answer("kjj", AGREED, DAY + "10:00")
        self.assertEqual(self.sent(DAY + "10:30"), [("receipt", "kjj")])
        self.assertEqual(self.standing("jyj"), ("no_comment", 1))
        self.assertEqual(len(self.inbox()), 2)

    def test_a_message_deleted_from_the_mailbox_does_no_harm(self):
        self.ready()
        self.answer("jyj", AGREED, DAY + "09:00")
        self.tick(DAY + "09:30")
        self.lab.imap.expunge("INBOX")
        self.answer("kjj", AGREED, DAY + "10:00")
        self.assertEqual(self.sent(DAY + "10:30"), [("receipt", "kjj")])
        self.assertEqual(self.standing("jyj"), ("no_comment", 1))
        self.assertEqual(len(self.inbox()), 2)
        self.run_("inbox", "show", 1)

    def test_a_mail_moved_back_below_the_cursor_is_found_by_the_daily_sweep(self):
        self.ready()
        first = self.answer("jyj", AGREED, DAY + "09:00")
        self.tick(DAY + "09:30")
        self.assertEqual(self.sql("SELECT count(*) FROM folder WHERE swept_at IS NOT NULL"), [(2,)])
        self.lab.receive(first, DAY + "09:40", JUNK)
        self.assertEqual(self.sent("2019-06-13 09:30"), [])
        self.assertEqual(self.accounts(), ({"stored": 1, "duplicate": 1}, 2))

    def test_mail_from_before_the_office_began_is_history(self):
        self.office()
        data = letters.letter(address("jyj"), "旧信，有什么意见？", "2019-06-05 09:00")
        self.lab.receive(data, "2019-06-05 09:00")
        self.issued()
        self.assertEqual([(row["verdict"], row["history"]) for row in self.inbox()],
                         [("noted", True)])
        self.assertEqual(self.review(), [])

    def test_the_setting_since_moves_the_line_of_history(self):
        self.office(receive={"since": "2019-06-06 00:00"})
        for day in ("2019-06-05", "2019-06-07"):
            self.lab.receive(letters.letter(address("jyj"), "旧信 " + day, day + " 09:00"),
                             day + " 09:00")
        self.tick(START)
        self.assertEqual([row["history"] for row in self.inbox()], [True, False])

    def test_a_large_message_goes_to_a_file_byte_for_byte(self):
        self.ready()
        scan = letters.attachment("扫描件.pdf", bytes(range(256)) * 15000, "application/pdf")
        data = self.answer("jyj", "我局有修改意见，见附件。", DAY + "09:00", attachments=[scan])
        self.assertGreater(len(data), 5000000)
        self.assertEqual(self.sent(DAY + "09:30"), [("receipt", "jyj")])
        sha256 = hashlib.sha256(data).hexdigest()
        self.assertEqual(self.inbox()[0]["sha256"], sha256)
        files = [path for path in (self.place / "files").rglob("*") if path.is_file()]
        self.assertEqual([path.read_bytes() == data for path in files], [True])
        self.assertEqual(self.sql("SELECT count(*) FROM raw WHERE bytes IS NOT NULL AND sha256 = ?",
                                  sha256), [(0,)])

    def test_lateness_goes_by_the_servers_clock_not_by_the_date_header(self):
        self.ready()
        data = letters.reply(self.notice("jyj"), address("jyj"), AGREED, "2019-06-12 09:00")
        self.lab.receive(data, "2019-06-22 00:01")
        self.tick("2019-06-22 09:30")
        self.assertTrue(self.unit("jyj")["late"])

    def test_the_last_minute_of_the_deadlines_day_is_in_time(self):
        self.ready()
        self.answer("jyj", AGREED, "2019-06-21 23:59")
        self.tick("2019-06-22 09:30")
        self.assertFalse(self.unit("jyj")["late"])

    def test_a_broken_message_goes_to_a_person_and_holds_up_nothing(self):
        self.ready()
        hostile = b"From: <jyj@jyj.example>\r\nTo: " + b"g:" * 60000 + b"\r\n\r\nx\r\n"
        for data in (hostile, b"\r\n", b"\x00\xff\x00 no mail at all"):
            self.lab.receive(data, DAY + "09:00")
        self.answer("kjj", AGREED, DAY + "09:01")
        self.assertEqual(self.sent(DAY + "09:30"), [("receipt", "kjj")])
        self.assertEqual([row["verdict"] for row in self.inbox()], ["review"] * 3 + ["filed"])

    def test_mail_while_the_server_was_down_is_received_when_it_is_back(self):
        self.ready()
        self.answer("jyj", AGREED, DAY + "09:00")
        self.lab.imap.stop()
        try:
            self.run_("tick", at=DAY + "09:30", code=1)
            self.assertIn("收信失败", self.overview(DAY + "09:31"))
        finally:
            self.lab.imap.start()
        self.assertEqual(self.sent(DAY + "09:40"), [("receipt", "jyj")])
        self.assertNotIn("收信失败", self.overview(DAY + "09:41"))


if __name__ == "__main__":
    unittest.main()
