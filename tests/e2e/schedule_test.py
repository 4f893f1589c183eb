"""What falls due: reminders, the digest, settlement."""
import unittest

from office_case import JUNK, OfficeTest, address
import letters

AGREED = "经研究，我局无意见。"
ALL = ["czj", "jyj", "kjj"]
REMINDED = [("reminder", code) for code in ALL]


class Reminders(OfficeTest):
    def test_each_step_reminds_once(self):
        self.ready()
        self.assertEqual(self.sent("2019-06-17 09:00"), [])
        for day in ("18", "20", "21", "24"):
            self.assertEqual(self.sent("2019-06-%s 09:00" % day), REMINDED, day)
            self.assertEqual(self.sent("2019-06-%s 16:00" % day), [], day)
        self.assertEqual(self.sent("2019-06-25 09:00"), [])

    def test_after_downtime_there_is_one_catch_up(self):
        self.ready()
        mails = [mail for mail in self.tick("2019-06-20 15:00") if "unit=" in str(
            mail.message["X-Lianluo"])]
        self.assertEqual(len(mails), 3)
        self.assertTrue(all("还有 1 天" in mail.text for mail in mails))
        self.assertEqual(self.sent("2019-06-20 15:30"), [])

    def test_nobody_is_reminded_outside_office_hours(self):
        self.ready()
        self.assertEqual(self.sent("2019-06-18 07:59"), [])
        self.assertEqual(self.sent("2019-06-18 18:00"), [])
        self.assertEqual(self.sent("2019-06-19 08:00"), REMINDED)

    def test_nobody_is_reminded_on_a_day_off_and_the_festival_does_not_count(self):
        self.office(at="2019-06-03 08:00")
        self.issued(at="2019-06-03 09:00", deadline="2019-06-12")
        self.assertEqual(self.sent("2019-06-05 09:00"), [])
        self.assertEqual(self.sent("2019-06-06 09:00"), REMINDED)  # 端午 on 06-07: 06, 10, 11
        self.assertEqual(self.sent("2019-06-07 09:00"), [])
        self.assertEqual(self.sent("2019-06-08 09:00"), [])

    def test_a_catch_up_waits_for_the_next_working_day(self):
        self.ready()
        self.assertEqual(self.sent("2019-06-22 10:00"), [])
        self.assertEqual(self.sent("2019-06-24 08:00"), REMINDED)

    def test_only_who_still_owes_is_reminded_and_told_what(self):
        self.ready()
        for code in ("jyj", "kjj"):
            self.answer(code, AGREED, "2019-06-12 09:00")
        self.tick("2019-06-12 09:30")
        self.run_("paper", "received", 1, "jyj", at="2019-06-13 09:00")
        mails = {mail.recipients[0]: mail.text for mail in self.tick("2019-06-18 09:00")}
        self.assertNotIn(address("jyj"), mails)
        owed = {code: ("反馈（电子件）" in mails[address(code)], "纸质件" in mails[address(code)])
                for code in ("kjj", "czj")}
        self.assertEqual(owed, {"kjj": (False, True), "czj": (True, True)})

    def test_an_answer_cancels_a_reminder_that_has_not_left(self):
        self.ready(deliver={"send": "hold"})
        self.tick("2019-06-18 09:00")
        self.assertEqual(len(self.outbox(kind="reminder", state="held")), 3)
        self.run_("submission", "add", 1, "jyj", "--stance", "no_comment", "--how", "fax", "--file",
                  self.write("fax.txt", AGREED), at="2019-06-18 10:00")
        self.assertEqual([row["unit"] for row in self.outbox(kind="reminder", state="cancelled")],
                         ["jyj"])

    def test_an_extension_makes_a_new_due_version(self):
        self.ready()
        self.assertEqual(self.sent("2019-06-18 09:00"), REMINDED)
        self.run_("matter", "extend", 1, "jyj", "--deadline", "2019-06-25", at="2019-06-18 10:00")
        self.assertEqual(self.sent("2019-06-20 09:00"), REMINDED)  # jyj's is T-3 of 06-25
        self.assertEqual(self.sent("2019-06-21 09:00"), [("reminder", "czj"), ("reminder", "kjj")])
        self.assertEqual(self.sent("2019-06-24 09:00"), REMINDED)
        self.assertEqual(self.sent("2019-06-25 09:00"), [("reminder", "jyj")])
        keys = [row["key"] for row in self.outbox(kind="reminder", unit="jyj")]
        self.assertEqual(keys, ["reminder/1/jyj/t-3/due-1", "reminder/1/jyj/t-3/due-2",
                                "reminder/1/jyj/t-1/due-2", "reminder/1/jyj/t0/due-2"])

    def test_exempt_units_are_not_reminded(self):
        self.ready()
        self.run_("matter", "exempt", 1, "市财政局", "--why", "不涉及", at="2019-06-17 09:00")
        self.assertEqual(self.sent("2019-06-18 09:00"), [("reminder", "jyj"), ("reminder", "kjj")])
        self.assertEqual(self.unit("czj")["status"], "exempt")

    def test_a_closed_or_cancelled_matter_reminds_nobody(self):
        for act in ("close", "cancel"):
            with self.subTest(act):
                self.setUp()
                self.ready()
                self.run_("matter", act, 1, at="2019-06-17 09:00")
                self.assertEqual(self.sent("2019-06-18 09:00"), [])

    def test_whoever_may_have_answered_is_looked_at_before_being_chased(self):
        self.ready()
        self.answer("jyj", "请问纸质件要几份？", "2019-06-17 09:00")
        self.assertEqual(self.sent("2019-06-18 09:00"), [("reminder", "czj"), ("reminder", "kjj")])


class Digest(OfficeTest):
    def digests(self, at):
        return [mail for mail in self.tick(at) if mail.message["X-Lianluo"] == "digest"]

    def test_the_digest_leaves_once_a_working_day_even_when_nothing_happened(self):
        self.ready()
        self.assertEqual(len(self.digests("2019-06-11 08:29")), 0)
        self.assertEqual(len(self.digests("2019-06-11 08:30")), 1)
        self.assertEqual(len(self.digests("2019-06-11 15:00")), 0)
        self.assertEqual(len(self.digests("2019-06-15 09:00")), 0)  # Saturday
        self.assertEqual(len(self.digests("2019-06-17 09:00")), 1)

    def test_the_digest_names_who_is_missing_and_what_waits(self):
        self.ready()
        self.answer("jyj", AGREED, "2019-06-10 10:00")
        self.answer("kjj", "请问要几份？", "2019-06-10 10:00")
        self.tick("2019-06-10 10:30")
        digest, = self.digests("2019-06-11 09:00")
        for text in (digest.text, digest.html):
            self.assertIn("市财政局", text)
            self.assertIn("来信提问", text)
        self.assertIn("无意见 1", digest.text)
        self.assertEqual(digest.recipients, ["jingban@office.example"])

    def test_the_bots_own_trouble_stands_first(self):
        self.ready()
        self.lab.smtp.answer("554 DT:SPM", recipient=address("jyj"))
        self.answer("jyj", AGREED, "2019-06-10 10:00")
        self.tick("2019-06-10 10:30")
        digest, = self.digests("2019-06-11 09:00")
        self.assertIn("故障", digest.subject)
        self.assertLess(digest.text.index("发送失败"), digest.text.index("【待办】"))


class Settlement(OfficeTest):
    END = "2019-06-25 09:00"  # the deadline, one working day of grace, and a night

    def settle(self, at=END, code=0):
        return self.run_("matter", "settle", 1, at=at, code=code).stdout

    def statuses(self):
        return {code: self.unit(code)["status"] for code in ALL}

    def test_silence_is_consent_only_after_deadline_and_grace(self):
        self.ready()
        for at in ("2019-06-21 17:00", "2019-06-22 00:00", "2019-06-24 23:59"):
            self.tick(at)
            self.settle(at, code=2)
        self.tick(self.END)
        self.assertEqual(self.review(), [("settlement", "")])
        self.assertEqual(set(self.statuses().values()), {"waiting"})
        self.assertIn("3 个单位记为视为无异议", self.settle())
        self.assertEqual(set(self.statuses().values()), {"deemed"})
        self.assertEqual(self.review(), [])
        quoted = self.sql("SELECT DISTINCT text FROM event WHERE what = 'status.deemed'")
        self.assertIn("逾期将视为无异议", quoted[0][0])

    def test_auto_settles_by_itself_and_says_so(self):
        self.ready(schedule={"settle": "auto"})
        self.tick("2019-06-24 23:59")
        self.assertEqual(set(self.statuses().values()), {"waiting"})
        self.tick(self.END)
        self.assertEqual(set(self.statuses().values()), {"deemed"})
        self.assertIn("视为无异议", "".join(push.content for push in self.lab.wecom.pushes))

    def test_an_acknowledgement_is_still_silence(self):
        self.ready(schedule={"settle": "auto"})
        self.answer("jyj", "收到。", "2019-06-12 09:00")
        self.tick(self.END)
        self.assertEqual(self.unit("jyj")["status"], "deemed")

    def test_without_the_sentence_silence_is_overdue_and_never_consent(self):
        self.office()
        self.issued(silence="none")
        self.tick(self.END)
        self.assertEqual(set(self.statuses().values()), {"overdue"})
        self.settle(code=2)

    def blocked(self, code, why):
        """All but one unit may be deemed, and it is said why not."""
        text = self.data("review", "list")["review"]
        proposal = next(row["text"] for row in text if row["reason"] == "settlement")
        self.assertIn(why, proposal)
        self.settle()
        self.assertEqual(self.statuses(), {**dict.fromkeys(ALL, "deemed"), code: "waiting"})
        self.assertIn(("settlement", ""), self.review())

    def test_it_waits_for_a_review_item_that_may_be_the_answer(self):
        self.ready()
        self.answer("jyj", AGREED, "2019-06-20 09:00", sender="wang@elsewhere.example")
        self.tick(self.END)
        self.blocked("jyj", "待办里有可能是它的反馈")

    def test_it_waits_for_a_notice_that_bounced(self):
        self.ready()
        data = letters.bounce(self.notice("kjj"), address("kjj"), "550 User not found",
                              "2019-06-10 10:00")
        self.lab.receive(data, "2019-06-10 10:00")
        self.tick("2019-06-10 10:30")
        self.assertEqual(self.review(), [("bounce", "kjj")])
        self.tick(self.END)
        self.blocked("kjj", "通知被退回")

    def test_it_waits_for_paper_that_nobody_has_read(self):
        self.ready()
        self.run_("paper", "received", 1, "czj", at="2019-06-20 09:00")
        self.tick(self.END)
        self.blocked("czj", "市财政局（")

    def test_it_waits_until_every_folder_was_read_to_the_end(self):
        self.ready(schedule={"settle": "auto"})
        self.tick("2019-06-24 17:00")
        self.configure(schedule={"settle": "auto"}, imap={"folders": "INBOX;%s;没有的" % JUNK})
        self.tick(self.END, code=1)
        self.assertEqual(set(self.statuses().values()), {"waiting"})
        self.assertIn("还没有完整收过邮件", str(self.data("review", "list")))
        self.configure(schedule={"settle": "auto"})
        self.tick("2019-06-25 09:10")
        self.assertEqual(set(self.statuses().values()), {"deemed"})
        self.assertEqual(self.review(), [])

    def test_it_waits_for_a_notice_that_was_never_accepted(self):
        self.office()
        self.issued(tick=False)
        self.lab.smtp.answer("550 Invalid User", recipient=address("kjj"))
        self.tick("2019-06-10 09:00")
        self.tick(self.END)
        self.blocked("kjj", "通知没有发到")

    def test_an_extended_unit_has_its_own_end(self):
        self.ready(schedule={"settle": "auto"})
        self.run_("matter", "extend", 1, "jyj", "--deadline", "2019-06-27", at="2019-06-18 10:00")
        self.tick("2019-06-28 17:00")
        self.assertEqual(self.unit("jyj")["status"], "waiting")
        self.tick("2019-07-01 09:00")
        self.assertEqual(set(self.statuses().values()), {"deemed"})

    def test_a_late_answer_reopens_in_plain_sight(self):
        self.ready(schedule={"settle": "auto"})
        self.tick(self.END)
        self.answer("jyj", "建议删除第三条。", "2019-06-26 09:00")
        self.assertEqual(self.sent("2019-06-26 09:30"), [("receipt", "jyj")])
        row = self.unit("jyj")
        self.assertEqual((row["status"], row["late"]), ("commented", True))
        self.assertEqual(self.review(), [("late_answer", "jyj")])


CLOUD = ("意见见超大附件。\n从QQ邮箱发来的超大附件\n\n"
         "意见汇总.zip (128.03M, 2019年6月28日 21:59 到期)进入下载页面："
         "http://mail.qq.com/cgi-bin/ftnExs_download?t=exs_ftn_download&code=c1\n")


class CloudAttachments(OfficeTest):
    def warnings(self, at):
        return [mail for mail in self.tick(at)
                if "超大附件快要失效" in str(mail.message["Subject"])]

    def test_the_clerk_is_told_at_once_and_again_before_the_link_expires(self):
        self.ready()
        self.answer("jyj", CLOUD, "2019-06-12 09:00")
        self.assertEqual(self.warnings("2019-06-12 09:30"), [])
        items = [item for item in self.data("review", "list", at="2019-06-12 09:30")["review"]
                 if item["due"] is not None]
        self.assertEqual([item["due"] for item in items], ["2019-06-28"])
        self.assertIn("超大附件“意见汇总.zip”须人工下载，06-28 失效", items[0]["text"])
        self.assertIn("06-28 失效", self.run_("digest", at="2019-06-13 09:00").stdout)
        warning, = self.warnings("2019-06-25 09:00")
        self.assertIn("ftnExs_download", warning.text)
        self.assertEqual(self.warnings("2019-06-26 09:00"), [])
        self.assertIn("，还有 2 天", self.run_("digest", at="2019-06-26 09:00").stdout)
        self.run_("review", "settle", items[0]["id"], at="2019-06-26 10:00")
        self.assertNotIn("06-28 失效", self.run_("digest", at="2019-06-26 10:00").stdout)


if __name__ == "__main__":
    unittest.main()
