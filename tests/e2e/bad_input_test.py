"""Bad input gets a clear error and changes nothing: 1 where the world failed, 2 where the input is
refused, and in Chinese what is wrong."""
import fcntl
import os
import pathlib
import shutil
import sqlite3
import subprocess
import unittest

from servers import pki
from office_case import ISSUED, OfficeTest

LATER = "2019-06-10 10:00"
DOCUMENTS = pathlib.Path(__file__).resolve().parent.parent / "data" / "documents"
WRONG_CERTIFICATES = {pki.STRANGER: "证书", pki.WRONG_NAME: "证书"}


class BadInput(OfficeTest):
    def setUp(self):
        super().setUp()
        self.ready()

    def told(self, result, *words):
        said = result.stdout + result.stderr
        for word in words:
            self.assertIn(word, said)
        self.assertNotIn(self.lab.password, said)

    def refuses(self, args, *words, code=2, at=LATER, **more):
        """The command fails with code, says the words, and the database is as before."""
        before = self.dump()
        result = self.run_(*args, at=at, code=code, **more)
        self.told(result, *words)
        self.assertTrue(result.stderr.strip() or "[错]" in result.stdout, str(result))
        self.assertEqual(self.dump(), before)

    # ---- the configuration

    def test_a_missing_setting_is_named(self):
        self.configure(imap={"host": None})
        self.refuses(["tick"], "lianluo.conf", "imap", "host")

    def test_an_unknown_setting_is_named_with_its_line_and_the_nearest(self):
        path = self.place / "lianluo.conf"
        path.write_text(path.read_text().replace("folders =", "foldres ="))
        line = path.read_text().split("\n").index("[imap]") + 1
        while "foldres" not in path.read_text().split("\n")[line]:
            line += 1
        self.refuses(["status"], "第 %d 行" % (line + 1), "foldres", "folders")

    def test_an_unknown_group_is_named_with_the_nearest(self):
        path = self.place / "lianluo.conf"
        path.write_text(path.read_text().replace("[smtp]", "[smpt]"))
        self.refuses(["check"], "smpt", "smtp")

    def test_a_value_that_cannot_be_is_named(self):
        for group, key, value in (("imap", "port", "99999"), ("imap", "security", "ssl"),
                                  ("schedule", "digest", "25:00"), ("office", "hours", "8点"),
                                  ("deliver", "send", "maybe"), ("office", "address", "kxsz")):
            with self.subTest(key):
                self.configure(**{group: {key: value}})
                self.refuses(["tick"], group, key, value)

    def test_a_configuration_with_a_password_that_others_can_read_is_refused(self):
        (self.place / "lianluo.conf").chmod(0o644)
        self.refuses(["tick"], "lianluo.conf", "chmod 600")

    def test_a_password_file_that_is_not_there_is_named(self):
        self.configure(imap={"password": "file:no-such-file"})
        self.refuses(["tick"], "no-such-file", code=self.code_of("tick"))

    def code_of(self, *args):
        return self.lab.lianluo(*args, at=LATER, check=False).code

    # ---- the servers: they fail, and what is known stays known

    def world(self, *words):
        """check tells it and changes nothing; a tick fails, tells it, and loses nothing."""
        self.refuses(["check"], *words, code=1)
        tables = ("message", "assignment", "submission", "matter", "unit", "contact")
        before = self.dump()
        self.told(self.run_("tick", at=LATER, code=1), *words)
        after = self.dump()
        for table in tables:
            self.assertEqual(after[table], before[table], table)
        self.assertLessEqual({row[1] for row in before["outbox"]},
                             {row[1] for row in after["outbox"]})

    def owe(self):
        """Something to send."""
        self.run_("digest", "--send", at=LATER)

    def test_a_wrong_password_for_imap(self):
        self.configure(imap={"password": "wrong-code"})
        self.world("收信")

    def test_a_wrong_password_for_smtp(self):
        self.configure(smtp={"password": "wrong-code"})
        self.owe()
        self.world("发信", "535")

    def test_certificates_of_a_stranger_or_for_another_host_at_imap(self):
        for certificate, word in WRONG_CERTIFICATES.items():
            with self.subTest(certificate):
                self.lab.imap.restart(certificate=certificate)
                try:
                    self.world("收信", word)
                finally:
                    self.lab.imap.restart(certificate=pki.GOOD)

    def test_certificates_of_a_stranger_or_for_another_host_at_smtp(self):
        self.owe()
        for certificate, word in WRONG_CERTIFICATES.items():
            with self.subTest(certificate):
                logins = len(self.lab.smtp.logins)
                self.lab.smtp.restart(certificate=certificate)
                try:
                    self.world("发信", word)
                finally:
                    self.lab.smtp.restart(certificate=pki.GOOD)
                self.assertEqual(len(self.lab.smtp.logins), logins)

    def test_a_ca_file_that_is_not_there_is_named(self):
        self.configure(imap={"ca_file": "no-such-ca.crt"})
        self.assertIn(self.code_of("check"), (1, 2))
        self.refuses(["check"], "no-such-ca.crt", code=self.code_of("check"))

    def test_imap_down(self):
        self.lab.imap.stop()
        try:
            self.world("收信", "localhost")
        finally:
            self.lab.imap.start()

    def test_smtp_down(self):
        self.owe()
        self.lab.smtp.stop()
        try:
            self.world("发信", "localhost")
        finally:
            self.lab.smtp.start()

    # ---- the roster

    def roster(self, text, *words):
        self.refuses(["unit", "import", self.write("bad.csv", text)], "bad.csv", *words)

    def test_a_roster_with_a_duplicate_code(self):
        self.roster("代码,单位\ntjj,市统计局\ntjj,市体育局\n", "第 3 行", "第 1 列", "tjj",
                    "市统计局")

    def test_a_roster_with_a_broken_address(self):
        self.roster("代码,单位,邮箱\ntjj,市统计局,tjj(at)tjj.example\n", "第 2 行", "第 3 列",
                    "tjj(at)tjj.example")

    def test_a_roster_with_a_missing_name(self):
        self.roster("代码,单位\ntyj,市体育局\ntjj,\n", "第 3 行", "第 2 列")

    def test_a_roster_without_the_column_of_names(self):
        self.roster("代码,邮箱\ntjj,tjj@tjj.example\n", "第 1 行", "单位")

    def test_a_roster_that_cannot_be_opened_is_told_in_words(self):
        self.refuses(["unit", "import", DOCUMENTS / "truncated.docx"], "truncated.docx", "损坏")
        self.refuses(["unit", "import", DOCUMENTS / "cells.xlsx"], "cells.xlsx", "单位")

    def test_a_roster_that_is_not_there(self):
        self.refuses(["unit", "import", "no-such-roster.csv"], "no-such-roster.csv")

    # ---- the matter

    def new_fails(self, *words, **options):
        before = self.dump()
        self.told(self.new(code=2, at=LATER, **options), *words)
        self.assertEqual(self.dump(), before)

    def test_a_deadline_that_is_no_date(self):
        for text in ("月底前", "2019-06-31", "21/06/2019"):
            with self.subTest(text):
                self.new_fails(text, deadline=text)

    def test_a_deadline_that_is_past(self):
        self.new_fails("2019-06-09", "过去", deadline="2019-06-09")

    def test_an_extension_into_the_past(self):
        self.refuses(["matter", "extend", 1, "--deadline", "2019-06-09"], "2019年6月9日", "过去")

    def test_silence_as_consent_needs_a_sentence(self):
        plain = self.write("plain.txt", "请于6月21日前报送意见。\n")
        self.new_fails("--silence-text", notice=plain)
        self.new_fails("截止", deadline=None)

    def test_an_annex_that_is_not_there(self):
        self.new_fails("no-such-annex.docx", annex="no-such-annex.docx")

    def test_an_annex_of_more_than_20_mb(self):
        path = self.place / "big.pdf"
        with open(path, "wb") as file:
            file.truncate(20 * 1024 * 1024 + 1)
        self.new_fails("big.pdf", "20 MB", annex=path)

    def test_a_notice_that_is_not_there(self):
        self.new_fails("no-such-notice.txt", notice="no-such-notice.txt")

    def test_an_unknown_unit_is_told_with_the_nearest(self):
        self.refuses(["paper", "received", 1, "市教育厅"], "市教育厅", "市教育局")
        self.new_fails("jyjj", "jyj", units="jyjj")
        self.refuses(["submission", "add", 1, "市科计局", "--stance", "no_comment"], "市科技局")

    def test_an_unknown_matter_is_told_with_the_nearest(self):
        self.refuses(["matter", "show", "关于征求工作规则修改意见的通报"],
                     "关于征求工作规则修改意见的通知")
        self.refuses(["status", "99"], "99")

    def test_a_matter_issued_twice(self):
        mails = len(self.lab.smtp.mails)
        self.refuses(["matter", "issue", 1], "已于 2019-06-10 09:00 发出")
        self.tick(ISSUED)
        self.assertEqual(len(self.lab.smtp.mails), mails)

    def test_an_unknown_stance_way_or_number(self):
        self.refuses(["submission", "add", 1, "jyj", "--stance", "maybe"], "maybe", "no_comment")
        self.refuses(["submission", "add", 1, "jyj", "--stance", "no_comment", "--how", "owl"],
                     "--how")
        self.refuses(["inbox", "show", "99"], "99")
        self.refuses(["outbox", "release", "99"], "99")
        self.refuses(["review", "settle", "99"], "99")

    def test_an_unknown_command_or_option_is_told_with_help(self):
        self.refuses(["statsu"], "statsu", "status")
        self.refuses(["status", "--jsno"], "help")
        self.refuses(["matter"], "issue")

    def test_a_time_that_is_none(self):
        before = self.dump()
        done = subprocess.run([*self.lab.command("tick"), "--at", "yesterday"], capture_output=True,
                              env=self.lab.environment(), check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("yesterday", done.stderr.decode())
        self.assertEqual(self.dump(), before)

    # ---- the office

    def test_a_second_init_of_the_same_office(self):
        self.refuses(["init"], str(self.place.name), code=self.code_of("init"))
        self.assertIn(self.code_of("init"), (1, 2))

    def test_an_office_that_is_not_there(self):
        for args in (["status"], ["tick"], ["unit", "list"]):
            with self.subTest(args):
                result = self.lab.lianluo(*args, directory=self.place / "none", check=False)
                self.assertIn(result.code, (1, 2))
                self.assertIn("none", result.stderr)
        self.assertFalse((self.place / "none").exists())

    def test_a_database_of_a_newer_version(self):
        database = sqlite3.connect(self.place / "lianluo.db")
        database.execute("PRAGMA user_version = 9999")
        database.commit()
        database.close()
        for args in (["status"], ["tick"], ["unit", "list"]):
            self.refuses(args, "9999")

    def test_a_second_process_on_the_same_office(self):
        lock = open(self.place / "lianluo.lock", "r+")
        self.addCleanup(lock.close)
        fcntl.lockf(lock, fcntl.LOCK_EX)
        lock.truncate(0)
        lock.write("12345\n")
        lock.flush()
        self.refuses(["tick"], "12345", code=1)
        self.assertIn(self.code_of("status"), (0, 3))

    def test_a_read_only_directory(self):
        if os.geteuid() != 0:
            self.place.chmod(0o500)
            self.addCleanup(self.place.chmod, 0o700)
            self.refuses(["tick"], str(self.place.name), code=1)
        else:
            self.refuses_as_nobody()

    def refuses_as_nobody(self):
        """Root may write everywhere: an ordinary user finds an office that he may only read."""
        binary = pathlib.Path(self.place / "lianluo")
        shutil.copy(self.lab.command("tick")[0], binary)
        self.lab.pki.directory.chmod(0o755)
        for path in [self.place, *self.place.rglob("*")]:
            path.chmod(0o555 if path.is_dir() or path == binary else 0o444)
        config = self.place / "lianluo.conf"
        os.chown(config, 65534, 65534)
        config.chmod(0o400)
        before = {path: path.read_bytes() for path in self.place.rglob("*") if path.is_file()}
        done = subprocess.run([str(binary), "tick", "-C", str(self.place), "--at", LATER],
                              capture_output=True, user=65534, group=65534, extra_groups=[],
                              env=self.lab.environment(), check=False, timeout=60)
        self.assertEqual(done.returncode, 1, done.stderr.decode())
        self.assertIn(self.place.name, done.stderr.decode())
        after = {path: path.read_bytes() for path in self.place.rglob("*") if path.is_file()}
        self.assertEqual(after, before)


if __name__ == "__main__":
    unittest.main()
