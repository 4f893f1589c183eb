"""Delivering: every mail and push that we owe leaves once, or is seen not to."""
import re
import unittest

from servers import STALL
from office_case import CLERK, ISSUED, UNITS, OfficeTest, address, kind

LATER = "2019-06-10 10:00"
HASTY = {"smtp": {"timeout": "3"}}


class Mail(OfficeTest):
    def states(self, **wanted):
        return [row["state"] for row in self.outbox(channel="mail", **wanted)]

    def drafted(self, **config):
        """An office that is about to send its notices."""
        self.office(**config)
        self.issued(tick=False)

    def test_27_mails_go_over_one_connection(self):
        self.office(units={"u%02d" % i: "第%d单位" % i for i in range(27)})
        before = self.lab.smtp.connections
        self.issued()
        self.assertEqual(len(self.lab.smtp.mails), 28)
        self.assertEqual(self.lab.smtp.connections - before, 1)
        self.assertEqual(len(self.lab.smtp.logins), 1)

    def test_a_mail_deferred_by_450_is_sent_later_and_not_sooner(self):
        self.drafted()
        self.lab.smtp.answer("450 MI:DMC", recipient=address("kjj"), times=1)
        self.assertEqual(self.sent(ISSUED), [("notice", "czj"), ("notice", "jyj")])
        row = self.outbox(unit="kjj", kind="notice")[0]
        self.assertEqual((row["state"], row["attempts"], row["code"]), ("deferred", 1, 450))
        self.assertGreater(row["next"], "2019-06-10T01:00:00Z")
        self.assertEqual(self.sent(ISSUED), [])
        self.assertEqual(self.sent(LATER), [("notice", "kjj")])
        self.assertEqual(self.review(), [])

    def test_a_mail_judged_spam_fails_is_shown_and_never_sent_again(self):
        self.drafted()
        self.lab.smtp.answer("554 DT:SPM", recipient=address("kjj"))
        self.lab.smtp.answer("554 DT:SPM", subject="*", recipient=address("czj"))
        self.tick(ISSUED)
        self.assertEqual(self.states(unit="kjj") + self.states(unit="czj"), ["failed", "failed"])
        self.assertIn("发送失败", self.overview(ISSUED))
        self.assertLessEqual({("failed", "kjj"), ("failed", "czj")}, set(self.review()))
        self.lab.smtp.script.clear()
        self.assertEqual(self.sent(LATER), [])

    def test_an_answer_that_never_came_is_uncertain_and_not_resent(self):
        self.drafted(**HASTY)
        self.lab.smtp.answer(STALL, recipient=address("kjj"), keep=True)
        self.assertEqual(self.sent(ISSUED),
                         [("notice", "czj"), ("notice", "jyj"), ("notice", "kjj")])
        self.assertEqual(self.states(unit="kjj"), ["uncertain"])
        self.assertEqual(self.review(), [("uncertain", "kjj")])
        self.lab.smtp.script.clear()
        self.assertEqual(self.sent(LATER), [])

    def test_a_person_may_resend_what_is_uncertain_under_the_same_message_id(self):
        self.drafted(**HASTY)
        self.lab.smtp.answer(STALL, recipient=address("kjj"), stage="data", times=1)
        self.tick(ISSUED)
        row = self.outbox(unit="kjj", kind="notice")[0]
        self.assertEqual(row["state"], "uncertain")
        self.run_("outbox", "retry", row["id"], at=LATER)
        mail, = [mail for mail in self.tick(LATER) if kind(mail) == ("notice", "kjj")]
        self.assertEqual(mail.message["Message-ID"].strip("<>"), row["message_id"])
        self.assertEqual(self.review(), [])

    def test_our_own_mail_coming_back_settles_what_was_uncertain(self):
        self.office(**HASTY)
        self.run_("unit", "edit", "office", "--role", "经办", "--email", self.lab.address)
        self.lab.smtp.answer(STALL, recipient=self.lab.address, keep=True)
        self.tick(ISSUED)
        self.assertEqual((self.states(), self.review()), (["uncertain"], [("uncertain", "")]))
        self.tick("2019-06-10 09:05")
        self.assertEqual((self.states(kind="digest"), self.review()), (["sent"], []))
        own, = [row for row in self.inbox() if row["subject"] and "简报" in row["subject"]]
        self.assertEqual((own["kind"], own["verdict"]), ("own", "noted"))

    def test_our_own_mail_is_never_a_units_answer(self):
        self.ready()
        self.lab.receive(self.notice("jyj").data, "2019-06-10 09:10")
        self.tick("2019-06-10 09:20")
        own = self.inbox()[0]
        self.assertEqual((own["kind"], own["verdict"]), ("own", "noted"))
        self.run_("inbox", "assign", own["id"], 1, "jyj", at="2019-06-10 09:30", code=2)
        self.assertEqual(self.standing("jyj"), ("waiting", 0))

    def test_one_refused_recipient_does_not_keep_the_mail_from_the_other(self):
        self.office(units={})
        self.run_("unit", "import", self.write("two.csv", "代码,单位,邮箱\njyj,市教育局,"
                                               "jyj@jyj.example;old@jyj.example\n"))
        self.lab.smtp.answer("550 Invalid User", recipient="old@jyj.example")
        self.issued()
        self.assertEqual(self.notice("jyj").recipients, ["jyj@jyj.example"])
        self.assertEqual((self.states(kind="notice"), self.review()),
                         (["sent"], [("refused_recipient", "jyj")]))

    def test_mail_waits_while_the_server_is_down(self):
        self.drafted()
        self.lab.smtp.stop()
        try:
            self.run_("tick", at=ISSUED, code=1)
            self.assertIn("发信失败", self.overview(ISSUED))
            self.assertEqual(set(self.states(kind="notice")), {"queued"})
        finally:
            self.lab.smtp.start()
        self.assertEqual(len(self.sent(LATER)), 3)
        self.assertNotIn("发信失败", self.overview(LATER))

    def test_a_refused_login_is_tried_once_and_told(self):
        self.drafted()
        self.lab.smtp.auth_reply = "535 Error: authentication failed"
        self.run_("tick", at=ISSUED, code=1)
        self.assertEqual(len(self.lab.smtp.logins), 1)
        self.assertEqual(set(self.states(kind="notice")), {"queued"})
        self.assertIn("535", self.overview(ISSUED))
        self.lab.smtp.auth_reply = None
        self.assertEqual(len(self.sent(LATER)), 3)

    def test_a_cancelled_mail_never_leaves(self):
        self.drafted()
        self.run_("outbox", "cancel", self.outbox(unit="kjj")[0]["id"], at=ISSUED)
        self.assertEqual(self.sent(ISSUED), [("notice", "czj"), ("notice", "jyj")])

    def test_a_unit_without_an_address_is_told_to_a_person(self):
        self.office(units={})
        self.run_("unit", "import", self.write("two.csv", "代码,单位,邮箱\nggw,市关工委,\n"))
        self.issued()
        self.assertEqual(self.review(), [("no_address", "ggw")])


class Wecom(OfficeTest):
    def pushed(self, at, code=0):
        before = len(self.lab.wecom.pushes)
        self.run_("tick", at=at, code=code)
        return [push.content for push in self.lab.wecom.pushes[before:]]

    def test_a_push_over_the_limit_is_sent_after_the_minute(self):
        self.office()
        self.issued(tick=False)
        self.lab.wecom.answer(45009, times=1)
        refused = self.pushed(ISSUED)
        self.assertEqual(self.pushed(ISSUED), [])
        self.assertEqual(len(refused) + len(self.pushed(LATER)), 2)
        self.assertEqual(len(self.lab.smtp.mails), 4)

    def test_a_removed_robot_is_shown_and_mail_goes_on(self):
        self.office()
        self.issued(tick=False)
        self.lab.wecom.answer(93000)
        self.run_("tick", at=ISSUED, code=1)
        self.assertEqual(len(self.lab.smtp.mails), 4)
        self.assertIn("企业微信", self.overview(ISSUED))

    def test_long_news_is_split_below_the_limit_and_loses_nothing(self):
        self.office(units={})
        names = ["第%03d号很长很长的单位名称办公室" % i for i in range(120)]
        rows = ["代码,单位"] + ["u%s,%s" % (name[1:4], name) for name in names]
        self.run_("unit", "import", self.write("many.csv", "\n".join(rows) + "\n"))
        self.issued()
        parts = [push.content for push in self.lab.wecom.pushes]
        self.assertGreater(len(parts), 2)
        self.assertEqual(self.lab.wecom.refused, [])
        self.assertTrue(all(len(part.encode()) <= 4096 for part in parts))
        together = re.sub(r"\n?\(\d/\d\)", "", "".join(parts))
        for name in names:
            self.assertIn(name, together)

    def test_the_group_gets_names_and_counts_never_what_was_written(self):
        self.ready()
        self.answer("jyj", "建议删除第三条，措辞保密。", "2019-06-12 09:00")
        self.answer("kjj", "请问可以邮寄吗？", "2019-06-12 09:00")
        self.tick("2019-06-12 09:30")
        self.tick("2019-06-13 09:30")
        together = "".join(push.content for push in self.lab.wecom.pushes)
        self.assertIn("有意见 1", together)
        self.assertIn(UNITS["kjj"], together)
        for secret in ("措辞保密", "邮寄", "jyj.example", CLERK):
            self.assertNotIn(secret, together)

    def test_the_table_of_units_comes_with_the_digest_as_a_file(self):
        self.office(wecom={"table": "yes"})
        self.issued()
        self.answer("jyj", "建议删除第三条，措辞保密。", "2019-06-12 09:00")
        self.tick("2019-06-12 09:30")
        push = [push for push in self.lab.wecom.pushes if push.msgtype == "file"][-1]
        self.assertEqual(push.content, "关于征求工作规则修改意见的通知-各单位一览.csv")
        rows = push.file.decode("utf-8-sig").splitlines()
        self.assertEqual(rows[0], "代码,单位,状态,纸质件,期限")
        self.assertIn("jyj,市教育局,有意见,未收到,2019-06-21", rows)
        self.assertEqual(len(rows), 1 + len(UNITS))

    def test_a_file_that_could_not_be_uploaded_is_pushed_later_and_once(self):
        self.office(wecom={"table": "yes"})
        self.issued(tick=False)
        self.lab.wecom.answer(502, times=1, stage="upload")
        self.run_("tick", at=ISSUED)
        self.assertEqual([push for push in self.lab.wecom.pushes if push.file], [])
        self.run_("tick", at=LATER)
        self.run_("tick", at=LATER)
        self.assertEqual(len([push for push in self.lab.wecom.pushes if push.file]), 1)

    def test_an_alarm_calls_those_who_are_to_be_mentioned(self):
        self.office(wecom={"mention": "10000000000;zhang"})
        self.issued(tick=False)
        self.lab.smtp.auth_reply = "535 Error: authentication failed"
        self.run_("tick", at=ISSUED, code=1)
        self.run_("tick", at="2019-06-10 09:10", code=1)
        calls = [push for push in self.lab.wecom.pushes if push.mentioned]
        self.assertEqual([(push.msgtype, sorted(push.mentioned)) for push in calls],
                         [("text", ["10000000000", "zhang"])])
        self.assertIn("发不出邮件", calls[0].content)

    def test_words_of_strangers_cannot_command_the_group(self):
        self.office(units={"jyj": "市<@all>教育局"})
        self.issued(title="关于`征求`<@all>[点这里](http://x.example)意见的通知")
        together = "".join(push.content for push in self.lab.wecom.pushes)
        self.assertNotIn("<@all>", together)
        self.assertNotIn("](http", together)


if __name__ == "__main__":
    unittest.main()
