"""The form that goes with a notice: what stands in it, and how it is understood when it comes back,
blank, filled in by hand in its XML as Word would, saved anew, renamed."""
import io
import re
import unittest
import zipfile

import letters
from office_case import OfficeTest, address, kind

AT = "2019-06-12 10:00"
ANNEX = """市直部门全民科学素质具体职责
市教育局具体职责：
1．推进中小学科学教育，完善校外科学教育制度。
2．建议学校开展科技活动并修改课程。
市财政局具体职责：
1．研究制定投入政策。
"""
EMPTY = re.compile("<w:r></w:r>")


def form_of(mail):
    """The enclosed form: its name and bytes."""
    return next((part.get_filename(), part.get_content())
                for part in mail.message.iter_attachments()
                if part.get_filename().endswith(".docx"))


def changed(form, change):
    """The file with its document.xml changed, and zipped anew."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(form)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "word/document.xml":
                data = change(data.decode()).encode()
            new.writestr(name, data)
    return out.getvalue()


def fill(form, **cells):
    """With texts in empty cells, which are counted row by row: a row of the unit's own section has
    two (opinion, reason), the rows below it have four."""
    texts = {int(name[1:]): text for name, text in cells.items()}
    places = iter(range(1000))

    def put(match):
        text = texts.get(next(places), "")
        return "<w:r><w:t>%s</w:t></w:r>" % text

    return changed(form, lambda xml: EMPTY.sub(put, xml))


def attached(form, name="反馈表.docx"):
    return [letters.attachment(name, form, letters.DOCX)]


class ReplyForm(OfficeTest):
    def issued_(self, annex=ANNEX, name="职责.txt", more=(), **config):
        self.office()
        self.configure(**config)
        self.write(name, annex)
        self.issued(new=("--annex", self.place / name), **dict(more))
        return {kind(mail)[1]: mail for mail in self.lab.smtp.mails if kind(mail)[0] == "notice"}

    def judged(self, code, text, form=None, name="反馈表.docx", **options):
        """The unit's row after it answered so."""
        files = attached(form, name) if form is not None else []
        self.answer(code, text, AT, attachments=files, **options)
        self.tick(AT)
        return self.unit(code)

    def opinions(self):
        return [(row["clause"], row["original"], row["text"], row["reason"], row["units"])
                for row in self.data("collation", 1)["rows"]]

    def test_each_unit_gets_its_own(self):
        mails = self.issued_()
        name, form = form_of(mails["jyj"])
        token = re.search(r"\[(LL.*)\]", mails["jyj"].subject)[1]
        self.assertEqual(name, "征求意见反馈表（市教育局）%s.docx" % token)
        said = self.data("read", self.write("form.docx", form))
        head, rows = said["tables"]
        self.assertEqual(head, [["征求意见的文件", "关于征求工作规则修改意见的通知"],
                                ["反馈单位", "市教育局"],
                                ["反馈截止", "2019年6月21日（星期五）"], ["事项编号", token]])
        self.assertEqual(rows[0], ["条款", "原文", "修改意见", "理由"])
        self.assertEqual(rows[1][1], "推进中小学科学教育，完善校外科学教育制度。")
        self.assertEqual([row[1] for row in rows[3:]], [""] * 6)
        self.assertEqual(said["properties"], {"lianluo": token})
        text = mails["jyj"].message.get_body(("plain",)).get_content()
        self.assertIn("《%s》" % name, text)
        self.assertNotIn("中小学", str(self.data("read", self.write("f.docx",
                                                               form_of(mails["czj"])[1]))))

    def test_a_blank_form_says_nothing(self):
        mails = self.issued_()
        form = form_of(mails["jyj"])[1]
        again = changed(form, lambda xml: xml.replace("<w:body>", "<w:body ><!-- saved -->"))
        row = self.judged("jyj", "无意见。", again)
        self.assertEqual(row["status"], "no_comment")
        row = self.judged("kjj", "请查收。", form_of(mails["kjj"])[1])
        self.assertEqual(row["status"], "waiting")
        self.assertIn(("unclear", "kjj"), self.review())
        row = self.judged("czj", "无意见，见附件。", form_of(mails["czj"])[1])
        self.assertEqual(row["status"], "no_comment")

    def test_none_in_the_form_is_none(self):
        mails = self.issued_()
        row = self.judged("jyj", "反馈表已填好，请查收。", fill(form_of(mails["jyj"])[1], c0="无"))
        self.assertEqual(row["status"], "no_comment")
        row = self.judged("czj", "请查收附件。", fill(form_of(mails["czj"])[1], c0="无", c1="无"))
        self.assertEqual(row["status"], "no_comment")
        row = self.judged("kjj", "见附件。", fill(form_of(mails["kjj"])[1], c2="无修改意见"))
        self.assertEqual(row["status"], "no_comment")

    def test_what_is_filled_in_becomes_opinions(self):
        mails = self.issued_()
        form = fill(form_of(mails["jyj"])[1], c0="将“中小学”改为“大中小学”",
                    c1="与上级文件一致", c4="《市直部门全民科学素质具体职责》市财政局第1项",
                    c6="建议增加“保障经费”", c7="便于落实")
        row = self.judged("jyj", "反馈意见见附件。", form)
        self.assertEqual((row["status"], row["opinions"]), ("commented", 2))
        first, second = self.opinions()
        self.assertEqual(first[1:], ("推进中小学科学教育，完善校外科学教育制度。",
                                     "将“中小学”修改为“大中小学”", "与上级文件一致", ["市教育局"]))
        self.assertIn("市教育局 第1项", first[0])
        self.assertIn("市财政局 第1项", second[0])
        self.assertEqual(second[2:4], ("增加：保障经费", "便于落实"))

    def test_an_opinion_beside_none_is_an_opinion(self):
        mails = self.issued_()
        form = fill(form_of(mails["jyj"])[1], c0="无", c2="删去“并修改课程”")
        row = self.judged("jyj", "我局无意见，见附件。", form)
        self.assertEqual((row["status"], row["opinions"]), ("commented", 1))

    def test_a_clause_that_is_changed_in_its_own_cell_is_seen(self):
        mails = self.issued_()
        form = changed(form_of(mails["jyj"])[1], lambda xml: xml.replace("推进中小学", "大力推进"))
        row = self.judged("jyj", "无意见。", form)
        self.assertEqual((row["status"], row["opinions"]), ("commented", 1))
        self.assertEqual(self.opinions()[0][2], "大力推进科学教育，完善校外科学教育制度。")

    def test_a_reason_alone_is_for_a_person(self):
        mails = self.issued_()
        row = self.judged("jyj", "无意见。", fill(form_of(mails["jyj"])[1], c1="与章程不符"))
        self.assertNotEqual(row["status"], "no_comment")

    def test_cells_filled_in_while_changes_are_tracked_count_as_filled_in(self):
        mails = self.issued_()
        inserted = ('<w:ins w:id="1" w:author="甲" w:date="2019-06-12T09:00:00Z"><w:r><w:t>%s</w:t>'
                    '</w:r></w:ins>')

        def put(text):
            return lambda xml: EMPTY.sub(inserted % text, xml, count=1)

        row = self.judged("jyj", "请查收。", changed(form_of(mails["jyj"])[1], put("无")))
        self.assertEqual(row["status"], "no_comment")
        row = self.judged("czj", "请查收。",
                          changed(form_of(mails["czj"])[1], put("建议细化投入政策")))
        self.assertEqual((row["status"], row["opinions"]), ("commented", 1))

    def test_a_clause_struck_out_while_changes_are_tracked_is_not_none(self):
        mails = self.issued_()
        struck = ('<w:del w:id="1" w:author="甲" w:date="2019-06-12T09:00:00Z"><w:r><w:delText>'
                  '%s</w:delText></w:r></w:del>')
        text = "建议学校开展科技活动并修改课程。"
        run = re.compile("<w:r>(?:<w:rPr>(?:(?!</w:rPr>).)*</w:rPr>)?<w:t[^>]*>" + text +
                         "</w:t></w:r>")
        form = changed(form_of(mails["jyj"])[1], lambda xml: run.sub(struck % text, xml))
        self.assertEqual(self.judged("jyj", "无意见。", form)["status"], "waiting")
        self.assertIn(("unclear", "jyj"), self.review())

    def test_the_form_tells_the_matter_and_helps_to_find_the_unit(self):
        mails = self.issued_()
        self.new(title="关于征求另一文件意见的通知", at=AT)
        self.run_("matter", "issue", 2, at=AT)
        name, form = form_of(mails["jyj"])
        form = fill(form, c0="将“中小学”改为“大中小学”")
        path = self.write("letter.eml", letters.letter(
            address("jyj"), "请查收。", AT, subject="反馈", attachments=attached(form)))
        said = self.data("explain", path, at=AT)
        self.assertEqual((said["matter"], said["unit"], said["verdict"]), (1, "jyj", "filed"))
        self.assertEqual((said["stance"], said["opinions"]), ("comments", 1))
        path = self.write("private.eml", letters.letter(
            "geren@mail.example", "请查收。", AT, subject="反馈", attachments=attached(form, name)))
        said = self.data("explain", path, at=AT)
        self.assertEqual(said["matter"] or said["proposal"]["matter"], 1)
        self.assertEqual(said["unit"] or said["proposal"]["unit"], "jyj")

    def test_no_second_form_goes_out(self):
        for more in ({"name": "征求意见反馈表.txt"}, {"more": {"kind": "report"}},
                     {"notice": {"reply_form": "no"}}):
            mails = self.issued_(**more)
            names = [part.get_filename() for part in mails["jyj"].message.iter_attachments()]
            self.assertEqual(names, [more.get("name", "职责.txt")])
            self.setUp()

    def test_the_form_is_shown_before_it_goes(self):
        self.office(deliver={"send": "hold"})
        self.issued(tick=False)
        row = self.outbox(kind="notice")[0]["id"]
        self.assertIn("附件：征求意见反馈表（", self.run_("outbox", "show", row).stdout)
        self.assertIn("wordprocessingml", self.run_("outbox", "show", row, "--eml").stdout)


if __name__ == "__main__":
    unittest.main()
