"""What the end-to-end tests share: one Lab a class, a fresh office and empty mailbox a test."""
import itertools
import pathlib
import shutil
import sqlite3
import sys
import unittest

sys.dont_write_bytecode = True
import letters  # noqa: E402
from servers import Lab  # noqa: E402
from servers.lab import JUNK  # noqa: E402

NOTICE = """市全民科学素质工作领导小组各成员单位：
现将重新修订的工作规则印发给你们，请结合本单位实际，提出修改意见。
请于2019年6月21日前将修改意见报送我办，逾期将视为无异议。
"""
CLERK = "jingban@office.example"  # digests do not come back to the office's own mailbox
UNITS = {"jyj": "市教育局", "kjj": "市科技局", "czj": "市财政局"}
START = "2019-06-10 08:00"
ISSUED = "2019-06-10 09:00"


def address(code):
    return "%s@%s.example" % (code, code)


def kind(mail):
    """(kind, unit's code) of a mail of ours."""
    words = str(mail.message["X-Lianluo"]).split("; ")
    return words[0], words[-1][5:] if words[-1].startswith("unit=") else ""


class OfficeTest(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.lab = Lab().start()
        cls.addClassCleanup(cls.lab.close)
        cls.lab.wecom.clock = itertools.count(0, 4).__next__  # its limit is for wecom's own tests
        cls.numbers = itertools.count(1)
        cls.template = None  # (directory, mails, pushes) of an office whose notices are out

    def setUp(self):
        lab = self.lab
        for folder in lab.imap.folders():
            if lab.imap.list(folder):
                lab.imap.expunge(folder)
        lab.smtp.script.clear()
        lab.wecom.script.clear()
        lab.smtp.auth_reply = None
        for seen in (lab.smtp.mails, lab.smtp.logins, lab.wecom.pushes, lab.wecom.refused):
            seen.clear()
        self.place = lab.directory / ("office-%d" % next(self.numbers))
        self.addCleanup(shutil.rmtree, self.place, ignore_errors=True)

    def tearDown(self):
        self.assertEqual(self.lab.smtp.errors, [])

    # ---- an office

    def office(self, at=START, units=None, **config):
        """A new office with its roster."""
        self.lab.write_config(self.place, **config)
        self.run_(*"init".split(), at=at)
        self.import_(UNITS if units is None else units, at)

    def import_(self, units, at=START, code=0):
        lines = ["代码,单位,邮箱,角色"]
        lines += ["%s,%s,%s," % (code, name, address(code)) for code, name in units.items()]
        lines.append("office,办公室,%s,经办" % CLERK)
        path = self.write("roster.csv", "\n".join(lines) + "\n")
        return self.run_("unit", "import", path, at=at, code=code)

    def write(self, name, content):
        path = self.place / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def new(self, *more, at=START, code=0, **options):
        """matter new, as everybody does it; an option of None is left out."""
        notice = self.write("notice.txt", NOTICE)
        options = {"title": "关于征求工作规则修改意见的通知", "notice": notice,
                   "deadline": "2019-06-21", "require": "electronic,paper", "silence": "deemed",
                   **options}
        words = [word for name, value in options.items() if value is not None
                 for word in ("--" + name, value)]
        return self.run_("matter", "new", *words, *more, at=at, code=code)

    def issued(self, at=ISSUED, tick=True, new=(), **options):
        """An issued matter whose notices are out."""
        start = at[:10] + " 08:00"
        self.new(*new, at=start, **options)
        self.run_("matter", "issue", 1, at=at)
        if tick:
            self.tick(at)

    def ready(self, **config):
        """The office with three units whose notices are out, as most tests need it: made once a
        class and copied, with the mails that left."""
        self.once(self.make_ready)
        self.configure(**config)

    def make_ready(self):
        self.office()
        self.issued()

    def once(self, make):
        """What make makes of an office, made once a class and copied, with the mails that left; to
        be configured."""
        cls = type(self)
        if cls.template is None:
            make()
            cls.template = self.place.with_name("template")
            shutil.copytree(self.place, cls.template)
            cls.issued_mails, cls.issued_pushes = [*self.lab.smtp.mails], [*self.lab.wecom.pushes]
        else:
            shutil.copytree(cls.template, self.place)
            self.lab.smtp.mails[:] = cls.issued_mails
            self.lab.wecom.pushes[:] = cls.issued_pushes

    def configure(self, **config):
        self.lab.write_config(self.place, **config)

    # ---- the program

    def run_(self, *args, at=None, code=0, **more):
        return self.lab.lianluo(*args, at=at, code=code, **more)

    def data(self, *args, at=None, codes=(0, 3)):
        result = self.lab.lianluo(*args, at=at, check=False, json=True)
        self.assertIn(result.code, codes, str(result))
        return result.data

    def tick(self, at, code=0):
        """Runs a tick; the mails that left in it."""
        before = len(self.lab.smtp.mails)
        self.run_("tick", at=at, code=code)
        return self.lab.smtp.mails[before:]

    def sent(self, at, code=0):
        """What left for units in a tick, as (kind, unit)."""
        return sorted(what for what in map(kind, self.tick(at, code)) if what[1] != "")

    def unit(self, code, at=None):
        rows = self.data("status", 1, at=at)["units"]
        return next(row for row in rows if row["code"] == code)

    def standing(self, code):
        row = self.unit(code)
        return row["status"], row["submissions"]

    def overview(self, at):
        """What `status` tells of the whole office."""
        result = self.lab.lianluo("status", at=at, check=False)
        self.assertIn(result.code, (0, 3), str(result))
        return result.stdout

    def inbox(self):
        return self.data("inbox", "list")["messages"]

    def review(self):
        """What waits for a person: (reason, unit)."""
        rows = self.data("review", "list")["review"]
        return sorted((row["reason"], row["unit"] or "") for row in rows)

    def outbox(self, **wanted):
        rows = self.data("outbox", "list")["outbox"]
        return [row for row in rows if all(row[key] == value for key, value in wanted.items())]

    def sql(self, query, *values):
        """Reads the database itself, where no command tells."""
        path = pathlib.Path(self.place) / "lianluo.db"
        database = sqlite3.connect("file:%s?mode=ro" % path, uri=True)
        try:
            return database.execute(query, values).fetchall()
        finally:
            database.close()

    def dump(self):
        """All rows of all tables."""
        tables = [name for name, in self.sql(
            "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        return {name: self.sql("SELECT * FROM %s ORDER BY 1, 2" % name) for name in tables}

    # ---- the units

    def notice(self, code):
        return next(mail for mail in self.lab.smtp.mails if kind(mail) == ("notice", code))

    def answer(self, code, text, at, folder="INBOX", sender=None, **options):
        """A unit's reply to its notice reaches the mailbox; its bytes."""
        data = letters.reply(self.notice(code), sender or address(code), text, at, **options)
        self.lab.receive(data, at, folder)
        return data


__all__ = ["CLERK", "ISSUED", "JUNK", "NOTICE", "START", "UNITS", "OfficeTest", "address", "kind"]
