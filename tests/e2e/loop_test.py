"""The loop, end to end: what the office sends, what an answer becomes, what commands tell."""
import datetime
import unittest

from office_case import ISSUED, UNITS, OfficeTest, address, kind
import letters

TEXT, NUMBER, TRUTH, NOTHING = str, int, bool, type(None)
DAY = "2019-06-12 "


class Loop(OfficeTest):
    def test_hold_keeps_everything_until_it_is_released(self):
        self.office(deliver={"send": "hold"})
        self.issued()
        self.assertEqual((self.lab.smtp.mails, self.lab.wecom.pushes), ([], []))
        self.assertEqual({row["state"] for row in self.outbox()}, {"held"})
        self.run_("outbox", "release", at=ISSUED)
        self.assertEqual(self.sent("2019-06-10 09:05"),
                         [("notice", code) for code in sorted(UNITS)])
        self.assertEqual(len(self.lab.wecom.pushes), 2)  # issued, digest

    def test_what_was_held_leaves_once_the_office_goes_live(self):
        self.office(deliver={"send": "hold"})
        self.issued()
        self.configure(deliver={"send": "live"})
        self.assertEqual(len(self.sent("2019-06-10 09:05")), 3)

    def test_release_may_name_single_mails(self):
        self.office(deliver={"send": "hold"})
        self.issued()
        first = self.outbox(kind="notice", unit="kjj")[0]
        self.run_("outbox", "release", first["id"], at=ISSUED)
        self.assertEqual(self.sent("2019-06-10 09:05"), [("notice", "kjj")])

    def test_nothing_is_sent_twice_on_a_second_tick_at_the_same_time(self):
        self.ready()
        self.answer("jyj", "我局无意见。", DAY + "09:00")
        self.assertEqual(self.sent(DAY + "09:30"), [("receipt", "jyj")])
        pushes = len(self.lab.wecom.pushes)
        self.assertEqual(self.tick(DAY + "09:30"), [])
        self.assertEqual(len(self.lab.wecom.pushes), pushes)

    def test_a_mail_of_ours_carries_the_headers_that_keep_machines_silent(self):
        self.ready()
        mail = self.notice("jyj")
        row = self.outbox(kind="notice", unit="jyj")[0]
        self.assertEqual(mail.message["Message-ID"].strip("<>"), row["message_id"])
        self.assertEqual(mail.message["Auto-Submitted"], "auto-generated")
        self.assertEqual(mail.message["X-Auto-Response-Suppress"], "All")
        self.assertEqual(mail.message["X-Lianluo"], "notice; matter=1; unit=jyj")
        self.answer("jyj", "我局无意见。", DAY + "09:00")
        receipt = [m for m in self.tick(DAY + "09:30") if kind(m)[0] == "receipt"][0]
        self.assertEqual(receipt.message["Auto-Submitted"], "auto-replied")
        self.assertTrue(receipt.message["In-Reply-To"])
        sent = datetime.datetime.fromisoformat(DAY + "09:30+08:00")
        self.assertEqual(receipt.message["Date"].datetime, sent)

    def test_names_of_annexes_are_written_for_old_and_new_programs(self):
        self.office()
        annex = self.write("附件1：工作规则（修订稿）.txt", "第一条\n")
        self.issued(new=["--annex", annex])
        raw = self.notice("jyj").data
        self.assertRegex(raw, rb"filename\*(0\*)?=")
        self.assertIn(b"=?utf-8?b?", raw.lower().split(b"text/plain;\r\n\tname=")[-1])
        self.assertEqual(self.notice("jyj").attachments[annex.name], annex.read_bytes())

    def test_a_second_version_supersedes_the_first(self):
        self.ready()
        self.answer("jyj", "我局无意见。", DAY + "09:00")
        self.tick(DAY + "09:30")
        self.answer("jyj", "更正前件：建议将第一条修改为“第一条 总则”。", DAY + "10:00")
        self.assertEqual(self.sent(DAY + "10:30"), [("receipt", "jyj")])
        self.assertEqual(self.standing("jyj"), ("commented", 2))
        rows = self.data("submission", "list", 1, "jyj")["submissions"]
        self.assertEqual([row["stance"] for row in rows], ["no_comment", "comments"])

    def test_a_stranger_with_the_token_is_not_filed(self):
        self.ready()
        self.answer("jyj", "我局无意见。", DAY + "09:00", sender="wang@elsewhere.example")
        self.assertEqual(self.sent(DAY + "09:30"), [])
        self.assertEqual(self.standing("jyj"), ("waiting", 0))
        self.assertEqual(self.review(), [("unknown_sender", "jyj")])

    def test_what_a_person_assigned_counts_as_the_units_answer(self):
        self.ready()
        self.answer("jyj", "我局无意见。", DAY + "09:00", sender="wang@elsewhere.example")
        self.tick(DAY + "09:30")
        self.run_("inbox", "assign", self.inbox()[0]["id"], 1, "市教育局", at=DAY + "09:40")
        self.assertEqual(self.standing("jyj"), ("no_comment", 1))
        self.assertEqual(self.review(), [])

    def test_an_answer_to_another_units_notice_goes_to_a_person(self):
        self.ready()
        self.answer("jyj", "我局无意见。", DAY + "09:00", sender=address("kjj"))
        self.assertEqual(self.sent(DAY + "09:30"), [])
        self.assertEqual([self.standing(code) for code in ("jyj", "kjj")], [("waiting", 0)] * 2)
        self.assertEqual(self.review(), [("conflict", "kjj")])

    def test_a_mail_without_any_mark_is_filed_by_its_address_where_one_matter_is_open(self):
        self.ready()
        data = letters.letter(address("czj"), "关于工作规则，我局无意见。", DAY + "09:00",
                              subject="市财政局的回复")
        self.lab.receive(data, DAY + "09:00")
        self.tick(DAY + "09:30")
        self.assertEqual(self.standing("czj"), ("no_comment", 1))
        rules = [proof["rule"] for proof in self.unit("czj")["evidence"]]
        self.assertIn("only_open_matter", rules)

    def test_an_acknowledgement_counts_only_before_an_answer(self):
        self.ready()
        self.answer("jyj", "收到，谢谢。", DAY + "09:00")
        self.assertEqual(self.sent(DAY + "09:30"), [])
        self.assertEqual(self.standing("jyj"), ("acknowledged", 0))
        self.answer("jyj", "建议删除第三条。", DAY + "10:00")
        self.tick(DAY + "10:30")
        self.answer("jyj", "已收到回执，谢谢！", DAY + "11:00")
        self.tick(DAY + "11:30")
        self.assertEqual(self.standing("jyj"), ("commented", 1))

    def test_a_withdrawal_makes_the_unit_wait_again_and_asks_a_person(self):
        self.ready()
        self.answer("jyj", "建议删除第三条。", DAY + "09:00")
        self.tick(DAY + "09:30")
        self.answer("jyj", "因内部意见有变，撤回我局已报送的材料。", DAY + "10:00")
        self.tick(DAY + "10:30")
        self.assertEqual(self.standing("jyj"), ("waiting", 1))
        self.assertEqual(self.review(), [("withdrawal", "jyj")])

    def test_no_machine_gets_an_answer(self):
        self.ready()
        text, at = "我局无意见。", DAY + "09:00"
        machines = {"auto": ["Auto-Submitted: auto-replied"], "list": ["List-Id: <l.jyj.example>"],
                    "bulk": ["Precedence: bulk"]}
        for name, extra in machines.items():
            self.answer("jyj", text + name, at, extra=extra)
        self.lab.receive(letters.auto_reply(self.notice("kjj"), address("kjj"),
                                            "这是来自QQ邮箱的假期自动回复邮件。", at), at)
        self.answer("czj", text, at, extra=["Return-Path: <>"])
        self.assertEqual(self.sent(DAY + "09:30"), [])
        self.assertEqual(self.standing("jyj")[0], "waiting")

    def test_a_sender_gets_no_more_than_a_few_receipts_a_day(self):
        self.ready()
        for hour in range(9, 17):
            self.answer("jyj", "建议删除第%d条。" % hour, DAY + "%02d:00" % hour)
        self.assertEqual(len(self.sent(DAY + "17:30")), 5)
        self.assertEqual(self.standing("jyj"), ("commented", 8))

    def test_an_offices_own_text_replaces_ours(self):
        self.office()
        (self.place / "templates").mkdir()
        self.write("templates/notice.txt.mustache",
                   "{{matter.title}}\n\n致{{unit.name}}的自编文字\n")
        self.issued()
        self.assertIn("致市教育局的自编文字", self.notice("jyj").text)

    def test_a_broken_text_of_the_office_does_not_stop_its_mail(self):
        self.office()
        (self.place / "templates").mkdir()
        self.write("templates/notice.txt.mustache", "{{#matter.title}}\n\n没有结束\n")
        self.issued()
        self.assertIn("逾期将视为无异议", self.notice("jyj").text)
        self.assertEqual(self.review(), [("template", "")])

    def test_every_act_leaves_an_event(self):
        self.ready()
        self.answer("jyj", "我局无意见。", DAY + "09:00")
        self.tick(DAY + "09:30")
        self.run_("matter", "close", 1, at=DAY + "10:00")
        events = [what for what, in self.sql("SELECT what FROM event")]
        for what in ("office.init", "status.no_comment", "electronic.received", "outbox.sent"):
            self.assertIn(what, events)
        self.assertTrue(self.run_("log").stdout.strip())


class Told(OfficeTest):
    """DESIGN §6: the fields that others rely on, with their types."""

    def assert_shape(self, value, shape, where="$"):
        if isinstance(shape, dict):
            self.assertIsInstance(value, dict, where)
            for key, inner in shape.items():
                self.assertIn(key, value, where)
                self.assert_shape(value[key], inner, where + "." + key)
        elif isinstance(shape, list):
            self.assertIsInstance(value, list, where)
            for number, item in enumerate(value):
                self.assert_shape(item, shape[0], "%s[%d]" % (where, number))
        else:
            self.assertIsInstance(value, shape, where)
            self.assertFalse(isinstance(value, bool) and shape is NUMBER, where)

    def setUp(self):
        super().setUp()
        self.office()
        self.issued(number="柳科素办〔2019〕1号")
        self.answer("jyj", "建议删除第三条。", DAY + "09:00")
        self.answer("kjj", "请问要几份？", DAY + "09:00")
        self.lab.receive(letters.letter("wang@elsewhere.example", "您好", DAY + "09:00"),
                         DAY + "09:00")
        self.tick(DAY + "09:30")

    def test_status_tells_matter_counts_and_units(self):
        status = self.data("status", 1)
        self.assert_shape(status, {
            "matter": {"id": NUMBER, "number": TEXT, "title": TEXT, "kind": TEXT, "state": TEXT,
                       "deadline": TEXT, "silence": TEXT},
            "counts": {key: NUMBER for key in (
                "units", "waiting", "acknowledged", "no_comment", "commented", "submitted",
                "deemed", "overdue", "exempt", "late", "paper_waiting", "review")},
            "units": [{"code": TEXT, "name": TEXT, "status": TEXT, "late": TRUTH, "paper": TEXT,
                       "electronic_at": (TEXT, NOTHING), "submissions": NUMBER,
                       "opinions": (NUMBER, NOTHING), "last_reminder": (TEXT, NOTHING),
                       "evidence": [{"message": NUMBER, "rule": TEXT, "text": TEXT}]}]})
        self.assertEqual((status["matter"]["deadline"], status["matter"]["silence"]),
                         ("2019-06-21", "deemed_no_objection"))
        self.assertEqual(self.unit("jyj")["electronic_at"], "2019-06-12T01:00:00Z")
        self.assertEqual(status["counts"]["units"], 3)

    def test_a_matter_is_found_by_number_and_by_a_piece_of_its_title(self):
        for name in ("1", "柳科素办〔2019〕1号", "工作规则"):
            self.assertEqual(self.data("status", name)["matter"]["id"], 1)

    def test_inbox_list_tells_what_waits(self):
        messages = self.data("inbox", "list", "--review", codes=(3,))["messages"]
        self.assert_shape(messages, [{
            "id": NUMBER, "message_id": TEXT, "sha256": TEXT, "received": TEXT, "from": TEXT,
            "subject": TEXT, "kind": TEXT, "verdict": TEXT, "matter": (NUMBER, NOTHING),
            "unit": (TEXT, NOTHING), "reason": TEXT,
            "proposal": {"matter": (NUMBER, NOTHING), "unit": (TEXT, NOTHING)}}])
        self.assertEqual({row["from"] for row in messages},
                         {address("kjj"), "wang@elsewhere.example"})
        self.assertEqual({row["verdict"] for row in messages}, {"review"})
        self.assertFalse(any("<" in row["message_id"] for row in messages))
        everything = self.inbox()
        self.assertEqual({row["sha256"] for row in everything if row["verdict"] == "review"},
                         {row["sha256"] for row in messages})

    def test_explain_judges_a_mail_and_stores_nothing(self):
        path = self.write("new.eml", letters.reply(self.notice("czj"), address("czj"),
                                                   "我局无意见。", DAY + "10:00"))
        before = self.dump()
        told = self.data("explain", path, codes=(0,))
        self.assert_shape(told, {
            "kind": TEXT, "verdict": TEXT, "matter": NUMBER, "unit": TEXT,
            "proposal": {"matter": (NUMBER, NOTHING), "unit": (TEXT, NOTHING)}, "stance": TEXT,
            "stance_evidence": TEXT, "opinions": (NUMBER, NOTHING),
            "evidence": [{"rule": TEXT, "weight": NUMBER, "text": TEXT}]})
        self.assertEqual((told["kind"], told["verdict"], told["unit"], told["stance"]),
                         ("person", "filed", "czj", "no_comment"))
        self.assertEqual(self.dump(), before)

    def test_explain_of_a_doubtful_mail_proposes_and_exits_with_3(self):
        path = self.write("new.eml", letters.reply(self.notice("czj"), "li@elsewhere.example",
                                                   "我局无意见。", DAY + "10:00"))
        told = self.data("explain", path, codes=(3,))
        self.assertEqual((told["verdict"], told["unit"], told["proposal"]["unit"]),
                         ("review", None, "czj"))

    def test_import_and_new_tell_what_they_made(self):
        path = self.write("more.csv", "单位,邮箱\n市统计局,tjj@tjj.example\n")
        counts = self.data("unit", "import", path)
        self.assert_shape(counts, {"added": NUMBER, "changed": NUMBER, "dry_run": TRUTH})
        self.assertEqual(counts["added"], 1)
        made = self.data("matter", "new", "--title", "第二件", "--notice",
                         self.write("n.txt", "请报送。"), at=DAY + "10:00")
        self.assert_shape(made, {"matter": NUMBER})
        self.assertEqual(made["matter"], 2)

    def test_a_dry_run_of_an_import_changes_nothing(self):
        path = self.write("more.csv", "单位,邮箱\n市统计局,tjj@tjj.example\n")
        before = self.dump()
        self.assertTrue(self.data("unit", "import", path, "--dry-run")["dry_run"])
        self.assertEqual(self.dump(), before)

    def test_outbox_events_and_review_are_told_as_json(self):
        self.assert_shape(self.data("outbox", "list")["outbox"], [{
            "id": NUMBER, "key": TEXT, "kind": TEXT, "state": TEXT, "to": [TEXT],
            "subject": TEXT}])
        self.assert_shape(self.data("review", "list")["review"], [{
            "id": NUMBER, "reason": TEXT, "text": TEXT}])
        self.assert_shape(self.data("matter", "list")["matters"], [{"matter": {"id": NUMBER}}])
        self.assert_shape(self.data("unit", "list")["units"], [{"code": TEXT, "name": TEXT}])


class ByHand(OfficeTest):
    """What a person enters by commands."""

    def test_units_are_known_by_every_form_of_their_names(self):
        self.ready()
        self.run_("matter", "extend", 1, "教育局", "市财政局办公室", "--deadline", "2019-06-26",
                  at=ISSUED)
        self.assertEqual([self.unit(c)["deadline"] for c in ("jyj", "czj", "kjj")],
                         ["2019-06-26", "2019-06-26", "2019-06-21"])
        self.assertIn("市教育局", self.run_("unit", "show", "教育局").stdout)
        refused = self.run_("paper", "received", 1, "市教育居", at=ISSUED, code=2)
        self.assertIn("您是不是指：市教育局", refused.stderr)

    def test_the_opinions_of_a_fax_are_found_and_outlive_a_correction(self):
        self.ready()
        paper = self.write("复函.docx", letters.docx(["一、建议删除第三条。",
                                                     "二、建议在第五条后增加“并公布”。"]))
        done = self.data("submission", "add", 1, "jyj", "--how", "fax", "--stance", "comments",
                         "--file", paper, at=ISSUED)
        self.assertEqual(self.unit("jyj")["opinions"], 2)
        self.run_("submission", "correct", done["submission"], "--stance", "conditional", at=ISSUED)
        self.assertEqual(self.unit("jyj")["opinions"], 2)
        self.run_("submission", "add", 1, "czj", "--stance", "comments", "--text",
                  "建议删除第四条。", at=ISSUED)
        rows = self.data("collation", 1)["rows"]
        self.assertEqual(len(rows), 3)


if __name__ == "__main__":
    unittest.main()
