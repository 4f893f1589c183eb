"""What attachments say: `lianluo read`, and what became of the same files in the mailbox."""
import io
import json
import os
import pathlib
import sqlite3
import subprocess
import unittest
import zipfile

import letters
from office_case import OfficeTest, address
from servers.lab import moment

DATA = pathlib.Path(__file__).resolve().parent.parent / "data" / "documents"
LATER = "2019-06-12 10:00"
SOFFICE = "/usr/lib/libreoffice/program/soffice.bin"


def pdf(text, pages=1):
    """Pages that say text (ASCII) each, or nothing."""
    stream = "BT /F1 12 Tf 72 700 Td (%s) Tj ET" % text
    objects = ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[%s]/Count %d>>" % (
                   " ".join("%d 0 R" % (4 + n) for n in range(pages)), pages),
               "<</Length %d>>stream\n%s\nendstream" % (len(stream), stream)]
    objects += ["<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 3 0 R/Resources"
                "<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>"] * pages
    body = "".join("%d 0 obj%sendobj\n" % (i + 1, text) for i, text in enumerate(objects))
    return ("%%PDF-1.4\n%strailer<</Root 1 0 R>>\n%%%%EOF\n" % body).encode()


def packed(**members):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in members.items():
            archive.writestr(name.replace("_", "."), data)
    return file.getvalue()


class Read(OfficeTest):
    def read(self, *names):
        result = self.lab.lianluo("read", *(DATA / name for name in names))
        return [json.loads(line) for line in result.stdout.splitlines()]

    def one(self, data, name):
        self.place.mkdir(exist_ok=True)
        return self.read(self.write(name, data))[0]

    # ---- the command

    def test_each_file_is_one_line_and_an_unreadable_one_is_no_failure(self):
        first, second = self.read("gbk.txt", "laughs.docx")
        self.assertEqual(first["text"], "关于反馈意见的函\n　　我单位无意见。\n")
        self.assertEqual((second["unreadable"], second["text"]), ("damaged", None))

    def test_a_missing_file_is_refused(self):
        result = self.run_("read", DATA / "nothing.docx", code=2)
        self.assertIn("nothing.docx", result.stderr)

    def test_the_text_of_a_pdf_is_read_and_a_scan_is_told(self):
        said = self.one(pdf("no objection"), "a.pdf")
        self.assertEqual((said["format"], said["text"].split()), ("pdf", ["no", "objection"]))
        self.assertEqual([w["tag"] for w in said["warnings"]], ["converted"])
        self.assertEqual(self.one(pdf(""), "a.pdf")["unreadable"], "scanned")
        self.assertEqual(self.one(b"%PDF-1.4\nnothing", "a.pdf")["unreadable"], "damaged")

    def test_old_formats_are_read_by_a_converter_that_is_named(self):
        said = self.one(b"{\\rtf1\\ansi We agree.\\par}", "a.doc")
        self.assertEqual((said["format"], said["text"].strip()), ("rtf", "We agree."))
        self.assertEqual([w["tag"] for w in said["warnings"]], ["converted"])

    def test_what_lies_in_an_archive_is_converted_like_one_outside(self):
        inner = packed(c_pdf=pdf("nested"), d_pdf=pdf(""))
        said = self.one(packed(a_pdf=pdf("no objection"), b_txt="无意见", in_zip=inner), "a.zip")
        first, second, third = said["members"]
        self.assertEqual((first["name"], first["format"], first["text"].split()),
                         ("a.pdf", "pdf", ["no", "objection"]))
        self.assertEqual([w["tag"] for w in first["warnings"]], ["converted"])
        self.assertEqual((second["name"], second["text"]), ("b.txt", "无意见\n"))
        self.assertEqual([(m["name"], m["unreadable"], (m["text"] or "").split())
                          for m in third["members"]],
                         [("c.pdf", None, ["nested"]), ("d.pdf", "scanned", [])])
        for member in said["members"] + third["members"]:
            self.assertFalse({"converter", "at", "size"} & set(member))

    def test_no_archive_has_a_hundred_files_converted(self):
        many = {"n%d_pdf" % i: pdf("page") for i in range(22)}
        members = self.one(packed(**many), "a.zip")["members"]
        self.assertEqual([m["unreadable"] for m in members], [None] * 20 + ["too_big"] * 2)

    # ---- what only an office program writes (tests/data/documents/office)

    def office_file(self, name, called=None):
        return self.one((DATA / "office" / name).read_bytes(), called or name)

    def test_what_lies_in_an_archive_is_together_no_longer_than_one_file(self):
        long = pdf(") Tj 0 -11 Td (".join(["x" * 90] * 70), 800)
        members = self.one(packed(a_pdf=long, b_pdf=long, c_pdf=pdf("short")), "a.zip")["members"]
        self.assertGreater(len(members[0]["text"]), 4 << 20)
        self.assertEqual([member["unreadable"] for member in members], [None, "too_big", None])
        self.assertEqual((members[1]["name"], members[1]["text"]), ("b.pdf", None))

    @unittest.skipUnless(os.path.exists(SOFFICE), "no LibreOffice")
    def test_changes_and_comments_of_old_formats_are_seen_by_libreoffice(self):
        for name, called, form in (("tracked.doc", "a.wps", "wps"),
                                   ("tracked.rtf", "a.doc", "rtf")):
            with self.subTest(called):
                said = self.office_file(name, called)
                self.assertEqual((said["format"], said["text"], said["original_text"]), (
                    form, "关于《办法》修改意见的函\n第三条　期限为十五日，逾期不候。\n",
                    "关于《办法》修改意见的函\n第三条　期限为三十日，逾期不候。\n"))
                self.assertEqual([(r["kind"], r["text"]) for r in said["revisions"]],
                                 [("deletion", "三十"), ("insertion", "十五")])
                self.assertEqual([(c["text"], c["anchor"]) for c in said["comments"]],
                                 [("语气欠妥", "逾期不候")])

    def test_the_rows_of_an_old_workbook_are_read(self):
        said = self.office_file("form.xls", "a.et")
        self.assertEqual(said["format"], "et")
        self.assertEqual([w["tag"] for w in said["warnings"]], ["converted"])
        if said["unreadable"] is None:  # xls2csv alone may end in rubbish, and then it is none
            self.assertEqual(said["tables"][0][1][0], "第三条")

    def test_what_has_a_password_is_said_to_have_one(self):
        for name in ("locked.pdf", "locked.doc"):
            said = self.office_file(name)
            self.assertEqual((said["format"], said["unreadable"], said["text"]),
                             (name.partition(".")[2], "encrypted", None))

    def convert(self, tool, name):
        """What a converter makes of it in its cage, whatever else is installed."""
        reader = pathlib.Path(os.environ["LIANLUO"]).with_name("lianluo-read")
        self.place.mkdir(exist_ok=True)
        with open(DATA / "office" / name, "rb") as file:
            return subprocess.run([reader, "--convert", tool, self.place], stdin=file, check=True,
                                  capture_output=True).stdout.decode()

    def test_without_libreoffice_catdoc_reads_the_text(self):
        self.assertIn("关于《办法》修改意见的函", self.convert("catdoc", "tracked.doc"))

    def test_a_workbook_is_a_roster(self):
        self.run_("init")
        result = self.run_("unit", "import", DATA / "roster.xlsx")
        for words in ("新增 2 个单位", "职务", "第 4 行没有写单位", "市教育局"):
            self.assertIn(words, result.stdout)
        jyj, qxj = (json.loads(self.run_("unit", "show", name, "--json").stdout)
                    for name in ("市教育局", "市气象局"))
        self.assertEqual([(c["name"], c["email"], c["mobile"]) for c in jyj["contacts"]],
                         [("联络员甲", "a@jyj.example", "13800000000"),
                          ("联络员乙", "b@jyj.example", ""), ("联络员乙", "c@jyj.example", "")])
        self.assertEqual([(c["name"], c["email"]) for c in qxj["contacts"]], [("联络员丙", "")])

    def test_the_program_itself_loads_none_of_the_parsers(self):
        program = os.environ["LIANLUO"]
        loaded = subprocess.run(["ldd", program], capture_output=True, text=True,
                                check=True).stdout
        for library in ("libxml2", "libarchive"):
            self.assertNotIn(library, loaded)

    # ---- the mailbox

    def answer(self, *files):
        self.ready()
        parts = [letters.attachment(name, (DATA / name).read_bytes(), "application/octet-stream")
                 for name in files]
        self.lab.imap.append("INBOX", letters.letter(
            address("jyj"), "意见见附件。", LATER, subject="意见", attachments=parts),
            moment(LATER))
        self.tick(LATER)
        return self.data("inbox", "list")["messages"][0]

    def documents(self):
        database = sqlite3.connect(self.place / "lianluo.db")
        rows = database.execute("SELECT json FROM document").fetchall()
        database.close()
        return [json.loads(row[0]) for row in rows]

    def test_what_an_attachment_says_is_kept_with_the_office(self):
        self.answer("tracked.docx")
        self.assertEqual([d["format"] for d in self.documents()], ["docx"])
        self.assertEqual(len(self.documents()[0]["revisions"]), 8)

    def test_what_cannot_be_read_is_put_before_a_person(self):
        for name, word in (("laughs.docx", "damaged"), ("bomb.zip", "too_big"),
                           ("stamp.png", "scanned")):
            with self.subTest(name):
                self.setUp()
                message = self.answer(name)
                self.assertEqual(message["verdict"], "review")
                self.assertEqual([d["unreadable"] for d in self.documents()], [word])

    def test_a_secret_paper_is_told_to_the_clerk(self):
        message = self.answer("around.docx")
        self.assertEqual(message["verdict"], "review")


if __name__ == "__main__":
    unittest.main()
