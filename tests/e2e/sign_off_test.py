"""签发: a matter goes out only after its signer consented, by mail with the code, to exactly what
will be sent."""
import re
import unittest

from office_case import CLERK, UNITS, OfficeTest, address, kind
import letters

SIGNER, OTHER = "zhuren@office.example", "fuzhuren@office.example"
DAY = "2019-06-10 "
CODE = re.compile(r"^同意签发 ([2-9A-Z]{8})\s*$", re.M)
ROSTER = "代码,单位,邮箱,角色\n" + "".join(
    "%s,%s,%s,\n" % (code, name, address(code)) for code, name in UNITS.items())
ROSTER += "".join("office,办公室,%s,%s\n" % (who, role) for who, role in (
    (CLERK, "经办"), (SIGNER, "签发")))
NAMES = "代码,单位,联络员,邮箱,角色\noffice,办公室,经办甲,%s,经办\n" % CLERK
NAMES += "office,办公室,主任甲,%s,签发\n" % SIGNER
HEAD = "\n\n------------------ 原始邮件 ------------------\n发件人: x\n发送时间: 2019年6月10日\n" \
    "收件人: y\n主题: z\n\n"
ANNEX = "第一条 总则。\n第二条 经费。\n"


def wide(code):
    """As an input method for Chinese writes it."""
    return "".join(chr(ord(letter) + 0xFEE0) for letter in code)


class SigningTest(OfficeTest):
    def draft(self, roster=ROSTER, **config):
        self.lab.write_config(self.place, **config)
        self.run_("init", at=DAY + "08:00")
        self.run_("unit", "import", self.write("roster.csv", roster), at=DAY + "08:00")
        self.new("--annex", str(self.write("附件.txt", ANNEX)), at=DAY + "08:10")

    def submitted(self, at=DAY + "09:00", **options):
        """The mails to the signers of a draft that was submitted."""
        if options or at != DAY + "09:00":
            self.submit(at, **options)
        else:
            self.once(self.submit)
            self.configure()
        return [mail for mail in self.lab.smtp.mails if kind(mail)[0] == "sign_off"]

    def submit(self, at=DAY + "09:00", **options):
        self.draft(**options)
        self.run_("matter", "submit", 1, at=at)
        self.tick(at)

    def reply(self, mail, text, at, sender=SIGNER, **options):
        """The mails that a reply brings."""
        self.lab.receive(letters.reply(mail, sender, text, at, **options), at)
        return self.tick(at)

    def code(self, mail):
        found = CODE.search(mail.text)
        self.assertIsNotNone(found, mail.text)
        return found[1]

    def state(self):
        return self.data("status", 1)["matter"]["state"]

    def told(self, mails, who=CLERK):
        found = [mail for mail in mails if mail.recipients == [who] and kind(mail)[0] == "answer"]
        self.assertEqual(len(found), 1, [(kind(mail), mail.recipients) for mail in mails])
        return found[0]

    def enclosed(self, mail, name):
        part, = [p for p in mail.message.iter_attachments() if p.get_filename() == name]
        return part.get_payload(decode=True).decode()

    def notices(self, mails):
        return sorted(kind(mail)[1] for mail in mails if kind(mail)[0] == "notice")

    def quoting(self, mail, top, quoted):
        """A reply with the text that it quotes."""
        original = str(mail.message["Message-ID"])
        return letters.letter(SIGNER, top + quoted, DAY + "09:20", subject="Re: " + mail.subject,
                              message_id=letters.new_id(top, quoted),
                              extra=["In-Reply-To: " + original, "References: " + original])

    def page(self, mail, html):
        """The same as HTML."""
        data = self.quoting(mail, html, "")
        part = letters.part("text/html; charset=utf-8", html.encode())
        return data[:data.index(b"Content-Type")] + part.encode()


class SignOff(SigningTest):
    def test_the_signer_is_shown_what_will_be_sent_to_whom_with_the_annexes(self):
        mail, = self.submitted()
        self.assertEqual(mail.recipients, [SIGNER])
        for text in ("请于2019年6月21日前将修改意见报送我办", "市教育局　" + address("jyj"),
                     "市财政局　" + address("czj"), "1. 附件.txt", "[LL1-"):
            self.assertIn(text, mail.text)
        self.assertIn("第二条 经费。", self.enclosed(mail, "附件.txt"))
        names = [part.get_filename() for part in mail.message.iter_attachments()]
        self.assertEqual([("市教育局" in name) for name in names if "反馈表" in name], [True])
        self.assertIn("反馈表（随本邮件附上给市教育局的一份）", mail.text)
        every = self.enclosed(mail, "将发出的全部邮件.txt")
        self.assertEqual(every.count("收件人："), 3)
        self.assertIn("致市财政局：", every)
        self.assertEqual(self.state(), "submitted")

    def test_consent_with_the_code_sends_exactly_that_and_the_clerk_is_told(self):
        mail, = self.submitted()
        mails = self.reply(mail, "同意签发 " + self.code(mail), DAY + "10:00")
        self.assertEqual(self.notices(mails), ["czj", "jyj", "kjj"])
        self.assertEqual(self.state(), "issued")
        self.assertIn("【已签发】", self.told(mails).subject)
        self.assertIn("正在发出", self.told(mails, SIGNER).text)
        every = self.enclosed(mail, "将发出的全部邮件.txt")
        for notice in mails:
            if kind(notice)[0] == "notice":
                self.assertIn(notice.text.replace("\r\n", "\n").strip(), every)
        signed = self.data("matter", "show", 1)["matter"]["sign_off"]
        self.assertEqual((signed["outcome"], signed["signer"]), ("signed", SIGNER))

    def test_nothing_goes_out_before_the_signer_consented(self):
        mail, = self.submitted()
        self.assertIn("同意签发", self.run_("matter", "issue", 1, at=DAY + "09:10", code=2).stderr)
        for text in ("收到。", "同意签发", "同意", "确认 " + self.code(mail), self.code(mail),
                     "好的，同意签发 " + self.code(mail)):
            self.assertEqual(self.notices(self.reply(mail, text, DAY + "09:20")), [], text)
        self.assertEqual(self.state(), "submitted")
        mails = self.reply(mail, "同意签发：" + self.code(mail).lower() + "，谢谢。", DAY + "09:30")
        self.assertEqual(len(self.notices(mails)), 3)

    def test_a_consent_with_a_change_a_condition_or_a_file_signs_nothing_and_says_so(self):
        mail, = self.submitted()
        code = "同意签发 " + self.code(mail)
        marked = letters.attach("通知（修改）.docx", paragraphs=["请于6月25日前报送"])
        for text, files in ((code + "，但请把期限改为6月25日", ()),
                            (code + "\n\n附件第二条请调整后再发。", ()),
                            ("延期 至6月25日\n" + code, ()), (code + "\n退回 期限太紧", ()),
                            (code, [marked]), (code, [letters.part(
                                "image/jpeg", b"\xff\xd8\xff" + bytes(70000),
                                ["Content-Disposition: inline"])])):
            mails = self.reply(mail, text, DAY + "09:10", attachments=files,
                               message_id=letters.new_id(text, files))
            self.assertEqual((self.notices(mails), self.state()), ([], "submitted"), text)
            told = self.told(mails, SIGNER)
            self.assertIn("【答复】", told.subject)
            self.assertIn("要修改或者不同意的：请回复“退回”", told.text)
        mails = self.reply(mail, code + "\n请尽快发出，谢谢\n\n市发改委　王主任", DAY + "09:30")
        self.assertEqual(len(self.notices(mails)), 3)

    def test_words_changed_in_the_quoted_mail_sign_nothing_and_it_is_said_where(self):
        mail, = self.submitted()
        code = "同意签发 " + self.code(mail)
        text = mail.text.replace("\r\n", "\n")
        angle = "\n\n在 2019-06-10 09:00，办公室 <%s> 写道：\n" % letters.OFFICE
        for name, quoted in (
                ("a day", HEAD + text.replace("6月21日前", "6月25日前")),
                ("a unit less", HEAD + text.replace("  市财政局　" + address("czj") + "\n", "")),
                ("words above", HEAD + "出席人员为各局局长\n" + text),
                ("between", angle + "> " + text.replace("\n", "\n> ").replace(
                    "> 请于2019", "市发改委\n> 请于2019")),
                ("alone", HEAD + "请于2019年6月25日前报送\n")):
            self.lab.receive(self.quoting(mail, code, quoted), DAY + "09:20")
            mails = self.tick(DAY + "09:20")
            self.assertEqual((self.notices(mails), self.state()), ([], "submitted"), name)
            self.assertIn("您在引用的原文里作了改动", self.told(mails, SIGNER).text, name)
        page = mail.html.replace("修改意见报送我办", "<s>修改意见</s>报送我办")
        self.lab.receive(self.page(mail, "<p>%s</p><blockquote type=cite>%s</blockquote>" % (
            code, page)), DAY + "09:20")
        self.assertIn("划去", self.told(self.tick(DAY + "09:20"), SIGNER).text)
        self.lab.receive(self.quoting(mail, code, ""), DAY + "09:30")
        self.assertEqual(len(self.notices(self.tick(DAY + "09:30"))), 3)

    def test_what_programs_do_to_a_quote_is_no_change(self):
        def wrapped(text):
            return "\n\n在 2019-06-10 09:00，办公室 <a@b.example> 写道：\n" + "".join(
                "> %s\n" % line[i:i + 30] for line in text.split("\n")
                for i in range(0, max(len(line), 1), 30))

        outlook = "\n\n-----Original Message-----\nFrom: a\nSent: Monday\nTo: b\nSubject: c\n\n"
        for number, quote in enumerate((
                lambda text: HEAD + text, wrapped, lambda text: wrapped(text[:200]), None,
                lambda text: outlook + text.replace("　", " ").replace("\n\n", "\n"))):
            with self.subTest(number):
                self.setUp()
                mail, = self.submitted()
                consent = "同意签发 " + self.code(mail)
                if quote is not None:
                    data = self.quoting(mail, consent, quote(mail.text.replace("\r\n", "\n")))
                else:
                    data = self.page(mail, "<div>%s</div><blockquote type=cite>%s</blockquote>" % (
                        consent, mail.html.replace("<pre ", "<div ").replace("\n", " ")))
                self.lab.receive(data, DAY + "09:20")
                self.assertEqual(len(self.notices(self.tick(DAY + "09:20"))), 3)

    def test_who_forgot_the_code_signs_by_an_answer_to_the_answer(self):
        mail, = self.submitted()
        told = self.told(self.reply(mail, "同意签发", DAY + "09:10"), SIGNER)
        self.assertEqual(self.state(), "submitted")
        thread = HEAD.join(["同意签发 %s\n\n王主任" % self.code(mail), told.text, "同意签发",
                            mail.text])
        mails = self.reply(told, thread, DAY + "09:20")
        self.assertEqual(len(self.notices(mails)), 3, self.told(mails, SIGNER).text)

    def test_a_code_in_a_subject_is_neither_logged_nor_repeated(self):
        mail, = self.submitted()
        code = self.code(mail)
        for number, typed in enumerate((code, wide(code), code[:4] + " " + code[4:])):
            when = DAY + "09:1%d" % number
            self.lab.receive(letters.letter(SIGNER, "确认 " + typed, when,
                                            subject="确认 " + typed), when)
            told = self.told(self.tick(when), SIGNER)
            for shown in (self.run_("log").stdout, told.text):
                self.assertIn("确认 ［确认码］", shown)
                self.assertNotIn(typed[-4:], shown)

    def test_a_code_counts_in_any_width_with_blanks_and_with_words_behind_it(self):
        for number, write in enumerate((wide, lambda c: " ".join(c), lambda c: c[:4] + "　" + c[4:],
                                        lambda c: c.lower() + "，请尽快发出。")):
            with self.subTest(number):
                self.setUp()
                mail, = self.submitted()
                consent = "同意签发" + write(self.code(mail))
                self.assertEqual(len(self.notices(self.reply(mail, consent, DAY + "09:20"))), 3)

    def test_a_draft_that_was_not_submitted_cannot_be_issued(self):
        self.draft()
        self.assertIn("matter submit 1",
                      self.run_("matter", "issue", 1, at=DAY + "09:10", code=2).stderr)

    def test_a_change_in_between_voids_it_and_the_clerk_is_told(self):
        changes = {
            "deadline": lambda: self.run_("matter", "extend", 1, "--deadline", "2019-06-25",
                                          at=DAY + "09:10"),
            "deadline of one": lambda: self.run_("matter", "extend", 1, "jyj", "--deadline",
                                                 "2019-06-25", at=DAY + "09:10"),
            "recipient": lambda: self.run_("unit", "edit", "jyj", "--email", "new@jyj.example",
                                           at=DAY + "09:10"),
            "wording": lambda: (
                (self.place / "templates").mkdir(),
                self.write("templates/automatic.txt.mustache", "另一种写法\n")),
        }
        for name, change in changes.items():
            with self.subTest(name):
                self.setUp()
                mail, = self.submitted()
                change()
                mails = self.reply(mail, "同意签发 " + self.code(mail), DAY + "10:00")
                self.assertEqual(self.notices(mails), [])
                self.assertEqual(self.state(), "draft")
                self.assertIn("【已作废】", self.told(mails).subject)
                self.assertEqual(self.review(), [("sign_off", "")])
                self.run_("matter", "submit", 1, at=DAY + "10:10")
                again, = [m for m in self.tick(DAY + "10:10") if kind(m)[0] == "sign_off"]
                self.assertEqual(self.review(), [])
                mails = self.reply(again, "同意签发 " + self.code(again), DAY + "10:20")
                self.assertEqual(len(self.notices(mails)), 3)

    def test_a_change_after_the_signature_voids_it_too(self):
        self.submitted()
        self.run_("matter", "sign", 1, at=DAY + "09:10")
        self.assertEqual(self.state(), "signed")
        self.run_("unit", "edit", "jyj", "--email", "new@jyj.example", at=DAY + "09:20")
        self.assertIn("内容有变",
                      self.run_("matter", "issue", 1, at=DAY + "09:30", code=2).stderr)
        self.assertIn("【已作废】", self.told(self.tick(DAY + "09:40")[-1:]).subject)
        self.assertEqual(self.state(), "draft")

    def test_signing_by_command_lets_it_be_issued(self):
        self.submitted()
        self.run_("matter", "sign", 1, at=DAY + "09:10")
        self.run_("matter", "issue", 1, at=DAY + "09:20")
        self.assertEqual(len(self.notices(self.tick(DAY + "09:20"))), 3)
        self.run_("matter", "sign", 1, at=DAY + "09:30", code=2)

    def test_it_comes_back_with_remarks_and_may_be_submitted_again_by_mail(self):
        mail, = self.submitted()
        remarks = "退回：\n1. 截止日期请改为6月25日。\n\n延期 至6月25日\n2. 附件缺落款。"
        mails = self.reply(mail, remarks, DAY + "09:30")
        told = self.told(mails)
        self.assertIn("1. 截止日期请改为6月25日。", told.text)
        answer = self.told(mails, SIGNER)
        self.assertIn("【答复】退回 [LL1-", answer.subject)
        self.assertNotIn("截止日期", answer.text)
        self.assertIn("2. 附件缺落款。", told.text)
        self.assertEqual(self.state(), "draft")
        self.assertEqual(self.data("status", 1)["matter"]["deadline"], "2019-06-21")
        late = self.reply(mail, "同意签发 " + self.code(mail), DAY + "09:40")
        self.assertIn("已经作废", self.told(late, SIGNER).text)
        self.run_("matter", "extend", 1, "--deadline", "2019-06-25", at=DAY + "09:50")
        self.configure(clerk={"authserv_id": "mx.office.example"})
        order = letters.reply(told, CLERK, "送签", DAY + "10:00")
        passed = b"Authentication-Results: mx.office.example; dkim=pass header.d=office.example\r\n"
        self.lab.receive(passed + order, DAY + "10:00")
        again, = [m for m in self.tick(DAY + "10:00") if kind(m)[0] == "sign_off"]
        self.assertIn("您上次的修改意见", again.text)
        self.assertIn("6月25日（星期二）", again.text)
        self.assertEqual(len(self.notices(self.reply(
            again, "同意签发 " + self.code(again), DAY + "10:10"))), 3)

    def test_people_are_called_by_their_names(self):
        self.draft()
        self.run_("unit", "import", self.write("names.csv", NAMES), at=DAY + "08:30")
        self.run_("matter", "submit", 1, at=DAY + "09:00")
        mail, = [m for m in self.tick(DAY + "09:00") if kind(m)[0] == "sign_off"]
        mails = self.reply(mail, "退回 日期不对", DAY + "09:30")
        self.assertIn("主任甲（%s） 退回了" % SIGNER, self.told(mails).text)

    def test_it_may_be_returned_by_command(self):
        self.submitted()
        self.run_("matter", "return", 1, at=DAY + "09:10", code=2)
        self.run_("matter", "return", 1, "--why", "附件缺落款", at=DAY + "09:10")
        self.assertIn("附件缺落款", self.told(self.tick(DAY + "09:10")).text)
        self.assertIn("附件缺落款", self.run_("matter", "show", 1).stdout)

    def test_a_forged_signer_and_a_wrong_code_sign_nothing(self):
        mail, = self.submitted()
        code = self.code(mail)
        wrong = "".join("2" if letter != "2" else "3" for letter in code)
        self.reply(mail, "同意签发 " + code, DAY + "09:10", sender="x@evil.example")
        self.reply(mail, "同意签发 " + code, DAY + "09:20", sender=CLERK)
        told = self.told(self.reply(mail, "同意签发 " + wrong, DAY + "09:30"), SIGNER)
        self.assertIn("确认码不对", told.text)
        self.assertEqual(self.state(), "submitted")
        self.assertEqual(len(self.notices(self.reply(mail, "同意签发 " + code, DAY + "09:40"))), 3)

    def test_a_replayed_consent_is_refused(self):
        mail, = self.submitted()
        consent = "同意签发 " + self.code(mail)
        self.reply(mail, consent, DAY + "09:10")
        again = self.reply(mail, consent, DAY + "09:20", message_id="<again@office.example>")
        self.assertIn("已经用过", self.told(again, SIGNER).text)
        self.assertEqual(self.notices(again), [])

    def test_whoever_is_no_signer_any_more_signs_nothing(self):
        mail, = self.submitted()
        changed = ROSTER.replace(SIGNER + ",签发",
                                 OTHER + ",签发\noffice,办公室," + SIGNER + ",经办")
        self.run_("unit", "import", self.write("roster.csv", changed), at=DAY + "09:05")
        mails = self.reply(mail, "同意签发 " + self.code(mail), DAY + "09:10")
        self.assertEqual((self.notices(mails), self.state()), ([], "submitted"))

    def test_what_was_submitted_waits_even_if_no_signer_is_left(self):
        self.submitted()
        alone = ROSTER.replace("office,办公室,%s,签发\n" % SIGNER, "")
        self.run_("unit", "import", self.write("roster.csv", alone), at=DAY + "09:05")
        refused = self.run_("matter", "issue", 1, at=DAY + "09:10", code=2).stderr
        self.assertIn("要等签发人", refused)
        self.configure(deliver={"sign_off": "no"})
        self.run_("matter", "issue", 1, at=DAY + "09:20")

    def test_while_one_signer_is_away_another_signs(self):
        mails = self.submitted(roster=ROSTER + "office,办公室,%s,签发\n" % OTHER)
        self.assertEqual(sorted(mail.recipients for mail in mails), [[OTHER], [SIGNER]])
        mine = {mail.recipients[0]: mail for mail in mails}
        away = letters.auto_reply(mine[SIGNER], SIGNER, "本人外出学习。", DAY + "09:10")
        self.lab.receive(away, DAY + "09:10")
        self.assertEqual(self.notices(self.tick(DAY + "09:10")), [])
        self.assertEqual((self.state(), self.review()), ("submitted", [("sign_off", "")]))
        swapped = self.reply(mine[OTHER], "同意签发 " + self.code(mine[SIGNER]), DAY + "09:20",
                             sender=OTHER)
        self.assertEqual(self.notices(swapped), [])
        signed = self.reply(mine[OTHER], "同意签发 " + self.code(mine[OTHER]), DAY + "09:30",
                            sender=OTHER)
        self.assertEqual(len(self.notices(signed)), 3)
        self.assertEqual(self.review(), [])
        late = self.reply(mine[SIGNER], "同意签发 " + self.code(mine[SIGNER]), DAY + "09:40")
        self.assertIn("已经作废", self.told(late, SIGNER).text)

    def test_a_code_that_is_too_old_brings_the_mail_once_more(self):
        mail, = self.submitted()
        mails = self.reply(mail, "同意签发 " + self.code(mail), "2019-06-12 10:00")
        again, = [m for m in mails if kind(m)[0] == "sign_off"]
        self.assertEqual(self.notices(mails), [])
        mails = self.reply(again, "同意签发 " + self.code(again), "2019-06-12 10:10")
        self.assertEqual(len(self.notices(mails)), 3)

    def test_what_changed_is_not_put_before_a_signer_whose_code_is_too_old(self):
        mail, = self.submitted()
        self.run_("unit", "edit", "jyj", "--email", "new@jyj.example", at="2019-06-12 09:50")
        mails = self.reply(mail, "同意签发 " + self.code(mail), "2019-06-12 10:00")
        self.assertEqual([m for m in mails if kind(m)[0] in ("sign_off", "notice")], [])
        self.assertEqual(self.state(), "draft")
        self.assertIn("要发出的内容有变", self.told(mails, SIGNER).text)
        self.assertIn("【已作废】", self.told(mails).subject)

    def test_a_new_year_changes_nothing_that_was_submitted(self):
        self.draft()
        self.run_("matter", "extend", 1, "--deadline", "2020-01-10", at="2019-12-31 09:00")
        self.run_("matter", "submit", 1, at="2019-12-31 16:00")
        mail, = [m for m in self.tick("2019-12-31 16:00") if kind(m)[0] == "sign_off"]
        self.assertIn("截止：2020年1月10日（星期五）", self.enclosed(mail, "将发出的全部邮件.txt"))
        self.tick("2020-01-01 09:00")
        mails = self.reply(mail, "同意签发 " + self.code(mail), "2020-01-01 10:00")
        self.assertEqual(len(self.notices(mails)), 3)

    def test_the_digest_tells_what_waits_for_a_signer(self):
        self.submitted()
        digest, = [m for m in self.tick("2019-06-11 09:00") if kind(m)[0] == "digest"]
        self.assertIn("待签发：关于征求工作规则修改意见的通知（2019-06-10 09:00", digest.text)

    def test_while_everything_is_held_status_and_digest_say_what_waits_and_it_can_be_tried(self):
        self.draft(deliver={"send": "hold"})
        said = self.run_("matter", "submit", 1, at=DAY + "09:00").stdout
        self.assertIn("签发人还没有收到", said)
        self.tick(DAY + "09:00")
        self.run_("digest", at=DAY + "09:00")
        for shown in (self.overview(DAY + "09:10"),
                      self.run_("outbox", "show", self.outbox(kind="digest")[-1]["id"]).stdout):
            self.assertIn("封暂存在发件箱，没有发出（试用：send = hold）：送签 1", shown)
            self.assertIn("《关于征求工作规则修改意见的通知》（事项 1）的签发人还没有收到", shown)
        self.run_("matter", "sign", 1, at=DAY + "09:20")
        self.run_("matter", "issue", 1, at=DAY + "09:20")
        self.assertEqual(self.tick(DAY + "09:20"), [])
        shown = self.overview(DAY + "09:30")
        self.assertIn("通知 3", shown)
        self.assertNotIn("签发人还没有收到", shown)
        self.run_("outbox", "release", at=DAY + "09:40")
        self.assertEqual(len(self.notices(self.tick(DAY + "09:40"))), 3)
        self.assertNotIn("暂存在发件箱", self.overview(DAY + "09:50"))

    def test_a_reply_that_is_neither_is_answered_and_put_before_the_clerks(self):
        mail, = self.submitted()
        for number, text in enumerate(("收到。", "可以，发吧", "已阅，无误。\n同意签发 "
                                       + self.code(mail))):
            told = self.told(self.reply(mail, text, DAY + "09:1%d" % number), SIGNER)
            self.assertIn("看不出是哪一样", told.text)
            self.assertIn("只写一行“同意签发”", told.text)
        self.assertEqual(self.review(), [("sign_off", "")] * 3)
        self.assertEqual(self.state(), "submitted")
        mails = self.reply(mail, "同意签发 " + self.code(mail), DAY + "09:20")
        self.assertEqual((len(self.notices(mails)), self.review()), (3, []))

    def test_a_subject_that_says_the_same_without_the_code_is_no_refusal(self):
        mail, = self.submitted()
        self.lab.receive(letters.letter(SIGNER, "同意签发 " + self.code(mail), DAY + "09:20",
                                        subject="同意签发"), DAY + "09:20")
        mails = self.tick(DAY + "09:20")
        self.assertEqual(len(self.notices(mails)), 3)
        self.assertNotIn("没有签发", self.told(mails, SIGNER).text)

    def test_a_subject_with_a_change_signs_nothing(self):
        mail, = self.submitted()
        self.lab.receive(letters.letter(SIGNER, "同意签发 " + self.code(mail), DAY + "09:20",
                                        subject="通知落款请改为局名"), DAY + "09:20")
        mails = self.tick(DAY + "09:20")
        self.assertEqual((self.notices(mails), self.state()), ([], "submitted"))
        self.assertIn("您还写了别的话", self.told(mails, SIGNER).text)

    def test_a_signer_who_writes_a_new_mail_is_told_how(self):
        mail, = self.submitted()
        for text, said in (("同意签发", "8 位确认码"), ("退回 期限太紧", "等您确认的事")):
            self.lab.receive(letters.letter(SIGNER, text, DAY + "09:10"), DAY + "09:10")
            self.assertIn(said, self.told(self.tick(DAY + "09:10"), SIGNER).text)
        self.lab.receive(letters.letter(SIGNER, "同意签发 " + self.code(mail), DAY + "09:20"),
                         DAY + "09:20")
        self.assertEqual(len(self.notices(self.tick(DAY + "09:20"))), 3)

    def test_what_cannot_go_out_when_it_is_signed_is_told(self):
        mail, = self.submitted()
        mails = self.reply(mail, "同意签发 " + self.code(mail), "2019-06-11 08:30")
        self.assertEqual(len(self.notices(mails)), 3)
        self.setUp()
        mail, = self.submitted(at="2019-06-21 20:00")
        mails = self.reply(mail, "同意签发 " + self.code(mail), "2019-06-22 08:30")
        self.assertEqual((self.notices(mails), self.state()), ([], "signed"))
        self.assertIn("截止时间 2019年6月21日（星期五）已过", self.told(mails).text)

    def test_an_office_that_wants_none_needs_none(self):
        self.draft(deliver={"sign_off": "no"})
        self.run_("matter", "submit", 1, at=DAY + "09:00", code=2)
        self.run_("matter", "issue", 1, at=DAY + "09:00")
        self.assertEqual(len(self.notices(self.tick(DAY + "09:00"))), 3)

    def test_without_a_signer_it_is_refused_only_where_it_is_asked_for(self):
        alone = ROSTER.replace("office,办公室,%s,签发\n" % SIGNER, "")
        self.draft(roster=alone, deliver={"sign_off": "yes"})
        self.assertIn("没有签发人",
                      self.run_("matter", "submit", 1, at=DAY + "09:00", code=2).stderr)
        self.run_("matter", "issue", 1, at=DAY + "09:00", code=2)
        self.configure()
        self.run_("matter", "issue", 1, at=DAY + "09:00")
        self.assertEqual(len(self.notices(self.tick(DAY + "09:00"))), 3)


if __name__ == "__main__":
    unittest.main()
