"""kill -9 anywhere: a short story is told again and again, and in each of its ticks the program
dies at another write, fsync, rename, send or recv. After one more tick, and a clerk's word where it
is uncertain whether a mail left, everything must be as if nothing had happened."""
import collections
import concurrent.futures
import itertools
import multiprocessing
import os
import pathlib
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest

sys.dont_write_bytecode = True
import letters  # noqa: E402
from servers import Lab  # noqa: E402
from servers.lab import JUNK, ROOT, moment  # noqa: E402

FAULTS = ROOT / "build/tests/faults.so"
SEED, STORIES, WORKERS = 20190621, 9, 2
UNITS = {"jyj": "市教育局", "kjj": "市科技局", "czj": "市财政局", "rsj": "市人社局",
         "tjj": "市统计局"}
NOTICE = "请于2019年6月21日前将修改意见报送我办，逾期将视为无异议。\n"
KINDS = ("write", "fsync", "rename", "send", "recv")
HOW = {"write": ("before", "torn", "after"), "fsync": ("before", "after"),
       "rename": ("before", "after"), "send": ("before", "torn", "after"),
       "recv": ("before", "after")}


class Wrong(Exception):
    """Something is not as in the undisturbed story."""


# ---- the story: what happens before each tick, and when the tick is

def first_day(story):
    pass


def answers(story):
    scan = letters.attachment("附表.txt", "附表\n".encode() * 30_000, "text/plain")
    large = letters.attachment("附表二.txt", "附表\n".encode() * 200_000, "text/plain")
    story.answer("jyj", "经研究，我局无意见。", "2019-06-12 09:00")
    story.answer("kjj", "建议删除第三条。", "2019-06-12 09:01", attachments=[scan])
    story.answer("czj", "建议将第一条删去。", "2019-06-12 09:02", attachments=[large])


def more_mail(story):
    story.answer("jyj", "经研究，我局无意见。", "2019-06-12 09:00", folder=JUNK)
    story.answer("tjj", "收到，谢谢。", "2019-06-13 09:00")
    story.answer("kjj", "更正前件：建议将第三条改为“第三条 总则”。", "2019-06-13 09:10")
    story.answer("rsj", "我局无意见。", "2019-06-13 09:20", sender="wang@elsewhere.example")


def a_week_later(story):
    story.lianluo("inbox", "ignore", story.in_review()["id"], at="2019-06-13 11:00")


def after_grace(story):
    story.answer("tjj", "请问可以延期到7月吗？", "2019-06-20 09:00")


def settled(story):
    story.lianluo("inbox", "ignore", story.in_review()["id"], at="2019-06-25 09:30")
    story.lianluo("matter", "settle", 1, at="2019-06-25 10:00")


TICKS = ((first_day, "2019-06-10 09:00"), (answers, "2019-06-12 09:30"),
         (more_mail, "2019-06-13 10:00"), (a_week_later, "2019-06-18 09:00"),
         (after_grace, "2019-06-25 09:00"), (settled, "2019-06-25 10:05"))


LEDGER = {
    "integrity": "PRAGMA integrity_check",
    "orphans": "PRAGMA foreign_key_check",
    "assignments": "SELECT unit, status, late, electronic_at, remark FROM assignment ORDER BY 1",
    "messages": "SELECT id, sha256, received_at, state, kind, verdict, reason, duplicate_of,"
                " matter, unit, stance FROM message ORDER BY 1",
    "arrivals": "SELECT folder, outcome, message FROM arrival ORDER BY 1, 3",
    "raw": "SELECT sha256, size FROM raw ORDER BY 1",
    "attachments": "SELECT * FROM attachment ORDER BY 1, 2",
    "submissions": "SELECT * FROM submission ORDER BY 1",
    "matter": "SELECT state, settled_at FROM matter",
    "review": "SELECT reason, text, message, unit FROM review WHERE reason <> 'uncertain'"
              " AND settled_at IS NULL ORDER BY 3, 1",
    "outbox": "SELECT key, kind, channel, unit, message FROM outbox WHERE key NOT LIKE '%alarm/%'"
              " ORDER BY 1",
    "not sent": "SELECT key, state FROM outbox WHERE state NOT IN ('sent', 'cancelled')",
    "recipients": "SELECT key, address, recipient.state FROM recipient JOIN outbox"
                  " ON outbox.id = outbox WHERE key NOT LIKE 'alarm/%' ORDER BY 1, 2",
}
ALARM = ("联络故障", "联络恢复")  # told of what is uncertain, and only then


class Story:
    """One office on one Lab, told as often as wanted."""

    def __init__(self, lab, template):
        self.lab, self.template, self.told, self.place = lab, template, 0, None
        lab.wecom.clock = itertools.count(0, 4).__next__  # its limit has tests of its own

    def prepare(self):
        """The office whose copies all stories begin with: a matter issued, its notices due."""
        self.place = self.template
        self.lab.write_config(self.place)
        rows = ["%s,%s,%s@%s.example," % (code, name, code, code) for code, name in UNITS.items()]
        (self.place / "roster.csv").write_text(
            "\n".join(["代码,单位,邮箱,角色", *rows,
                       "office,办公室,jingban@office.example,经办\n"]))
        (self.place / "notice.txt").write_text(NOTICE)
        self.lianluo("init", at="2019-06-10 08:00")
        self.lianluo("unit", "import", self.place / "roster.csv", at="2019-06-10 08:00")
        self.lianluo("matter", "new", "--title", "关于征求修改意见的通知", "--notice",
                     self.place / "notice.txt", "--deadline", "2019-06-21", "--require",
                     "electronic", "--silence", "deemed", at="2019-06-10 08:00")
        self.lianluo("matter", "issue", 1, at="2019-06-10 08:30")

    def begin(self):
        """An empty mailbox and a fresh copy of the office."""
        for folder in ("INBOX", JUNK):
            if self.lab.imap.list(folder):
                self.lab.imap.expunge(folder)
        self.lab.smtp.mails.clear()
        self.lab.wecom.pushes.clear()
        if self.told > 0:
            shutil.rmtree(self.place)
        self.told += 1
        self.place = self.lab.directory / ("office-%d" % self.told)
        shutil.copytree(self.template, self.place)
        self.lab.write_config(self.place)

    # ---- hands

    def lianluo(self, *args, at, **more):
        return self.lab.lianluo(*args, at=at, directory=self.place, **more)

    def ask(self, *args):
        result = self.lab.lianluo(*args, at=self.lab.now, json=True, check=False,
                                  directory=self.place)
        if result.code not in (0, 3):
            raise Wrong(str(result))
        return result.data

    def answer(self, unit, text, at, folder="INBOX", sender=None, **options):
        notice = next(mail for mail in self.lab.smtp.mails if mark(mail) == ("notice", unit))
        sender = sender or "%s@%s.example" % (unit, unit)
        data = letters.reply(notice, sender, text, at, thread=False, **options)  # no Message-ID of
        self.lab.receive(data, at, folder)  # ours in it: the same bytes in every story

    def in_review(self):
        """The one message that waits for a person."""
        row, = self.ask("inbox", "list", "--review")["messages"]
        return row

    # ---- ticks

    def tick(self, at, fault=None):
        """Runs a tick under the faults library; ({kind: calls}, was it killed)."""
        log = self.lab.directory / "faults.log"
        log.unlink(missing_ok=True)
        command = self.lab.command("tick", at=at, directory=self.place)
        environment = self.lab.environment(LD_PRELOAD=str(FAULTS), LIANLUO_FAULT=fault or "count",
                                           LIANLUO_FAULT_LOG=str(log))
        done = subprocess.run(command, capture_output=True, env=environment, cwd=ROOT, timeout=60)
        if done.returncode not in (0, -9) or (fault is None and done.returncode != 0):
            raise Wrong("tick %s ended with %d: %s" % (at, done.returncode, done.stderr.decode()))
        self.settle_down()
        counts = dict(word.split("=") for word in log.read_text().split("\n")[0].split()[:-1])
        return {kind: int(n) for kind, n in counts.items()}, done.returncode == -9

    def settle_down(self):
        """Until the servers have noticed that their client is gone."""
        until = time.monotonic() + 5
        while (self.lab.smtp.open or self.lab.wecom.open) and time.monotonic() < until:
            time.sleep(0.002)

    def landed(self, row):
        """Did it arrive, as a clerk would find out by asking?"""
        if row["channel"] == "mail":
            return any(str(mail.message["Message-ID"]).strip("<>") == row["message_id"]
                       for mail in self.lab.smtp.mails)
        text = self.ask("outbox", "show", row["id"])["text"]
        return any(push.content == text for push in self.lab.wecom.pushes)

    def clerk(self, at):
        """Whatever is uncertain must be shown; a clerk settles it. How many there were."""
        if not self.read("SELECT 1 FROM outbox WHERE state = 'uncertain'"):
            return 0
        rows = self.ask("outbox", "list", "--state", "uncertain")["outbox"]
        head = self.lab.lianluo("status", at=at, check=False,
                                directory=self.place).stdout.split("\n")[0]
        if "不确定" not in head:
            raise Wrong("status does not begin with what is uncertain: " + head)
        asked = [item["outbox"] for item in self.ask("review", "list")["review"]
                 if item["reason"] == "uncertain"]
        if sorted(asked) != sorted(row["id"] for row in rows):
            raise Wrong("uncertain: %s; in the review queue: %s" % (rows, asked))
        for row in rows:
            self.lianluo("outbox", "sent" if self.landed(row) else "retry", row["id"], at=at)
        self.tick(at)
        return len(rows)

    # ---- what came of it

    def read(self, query):
        database = sqlite3.connect("file:%s?mode=ro" % (self.place / "lianluo.db"), uri=True)
        try:
            return [list(row) for row in database.execute(query)]
        finally:
            database.close()

    def files(self):
        return sorted(path.name for path in (self.place / "files").iterdir())

    def ledger(self):
        """Everything that must not depend on where the program was killed."""
        mails = [[*mark(mail), mail.subject, mail.recipients] for mail in self.lab.smtp.mails
                 if mark(mail)[0] != "alarm"]
        heads = [push.content.split("\n")[0] for push in self.lab.wecom.pushes]
        ids = collections.Counter(str(mail.message["Message-ID"]) for mail in self.lab.smtp.mails)
        return {**{name: self.read(query) for name, query in LEDGER.items()},
                "files": [name for name in self.files() if not name.startswith("incoming-")],
                "mails": sorted(mails), "twice": [key for key, n in ids.items() if n > 1],
                "pushes": sorted(head for head in heads if not any(w in head for w in ALARM))}


def mark(mail):
    words = str(mail.message["X-Lianluo"]).split("; ")
    return words[0], words[-1][5:] if words[-1].startswith("unit=") else ""


def undisturbed(lab, template):
    """(calls of each tick, ledger after each tick)"""
    story = Story(lab, template)
    story.prepare()
    story.begin()
    counts, ledgers = [], []
    for before, at in TICKS:
        lab.now = moment(at)
        before(story)
        counts.append(story.tick(at)[0])
        ledgers.append(story.ledger())
    return counts, ledgers


def points(counts):
    """For each story the fault of each tick, spread over kinds and calls."""
    dice = random.Random(SEED)
    columns = []
    for calls in counts:
        column = []
        for place in range(STORIES):
            kinds = [kind for kind in KINDS if calls[kind] > 0]
            few = [kind for kind in kinds if calls[kind] < 4]  # renames: each of them, twice
            kind = few[0] if few and place < 2 * calls[few[0]] else kinds[place % len(kinds)]
            number = (1 + place // 2 if kind in few else
                      1 + int((place + dice.random()) / STORIES * calls[kind]))
            how = HOW[kind][place % 2] if kind in few else dice.choice(HOW[kind])
            column.append("%s:%d:%s" % (kind, min(number, calls[kind]), how))
        dice.shuffle(column)
        columns.append(column)
    return list(zip(*columns))


def differences(got, wanted):
    return "\n".join("%s:\n  got    %s\n  wanted %s" % (key, got[key], wanted[key])
                     for key in wanted if got[key] != wanted[key])


def disturbed(template, plans, ledgers):
    """Tells stories with these faults; ([fault that struck], uncertain, [what went wrong], [files
    that nobody knows])."""
    struck, uncertain, wrong, strays = [], 0, [], []
    with Lab() as lab:
        story = Story(lab, template)
        for plan in plans:
            story.begin()
            done = []
            try:
                for (before, at), fault, wanted in zip(TICKS, plan, ledgers):
                    lab.now = moment(at)
                    before(story)
                    done.append("%s %s" % (at, fault))
                    killed = story.tick(at, fault)[1]
                    struck += [fault] * killed
                    story.tick(at)
                    uncertain += story.clerk(at)
                    found = differences(story.ledger(), wanted)
                    if found:
                        raise Wrong(found)
                strays += set(story.files()) - set(ledgers[-1]["files"])
            except (Wrong, AssertionError, StopIteration) as error:
                wrong.append("after %s\n%s: %s" % ("; ".join(done), type(error).__name__, error))
    return struck, uncertain, wrong, strays


@unittest.skipIf("sanitize" in os.environ.get("LIANLUO", ""), "a sanitizer's own calls would count")
class Kill(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="lianluo-kill-") as place:
            template = pathlib.Path(place) / "template"
            with Lab() as lab:
                counts, cls.ledgers = undisturbed(lab, template)
            plans = points(counts)
            spawn = multiprocessing.get_context("spawn")
            with concurrent.futures.ProcessPoolExecutor(WORKERS, spawn) as pool:
                parts = [pool.submit(disturbed, template, plans[i::WORKERS], cls.ledgers)
                         for i in range(WORKERS)]
                results = [part.result() for part in parts]
        cls.struck = collections.Counter(fault.split(":")[0] for part in results
                                         for fault in part[0])
        cls.uncertain = sum(part[1] for part in results)
        cls.wrong = [text for part in results for text in part[2]]
        cls.strays = [name for part in results for name in part[3]]
        print("killed at %d points (%s); %d uncertain outcomes; %.1f s" % (
            cls.struck.total(), ", ".join("%s %d" % pair for pair in sorted(cls.struck.items())),
            cls.uncertain, time.monotonic() - began), flush=True)

    def test_the_story_is_told_to_its_end(self):
        kinds = collections.Counter(mail[0] for mail in self.ledgers[-1]["mails"])
        self.assertEqual((kinds["notice"], kinds["receipt"], kinds["digest"]), (5, 4, 5))
        self.assertGreaterEqual(kinds["reminder"], 2)
        self.assertEqual((self.ledgers[-1]["not sent"], self.ledgers[-1]["review"]), ([], []))
        self.assertEqual(len(self.ledgers[-1]["files"]), 2)
        self.assertEqual([row[1] for row in self.ledgers[-1]["assignments"]],
                         ["no_comment", "commented", "commented", "deemed", "deemed"])

    def test_killed_anywhere_nothing_is_lost_and_nothing_is_done_twice(self):
        self.assertFalse(self.wrong, "%d stories went wrong:\n%s" % (len(self.wrong),
                                                                     "\n".join(self.wrong)))
        self.assertGreaterEqual(self.struck.total(), 50)
        self.assertEqual(set(self.struck), set(KINDS))
        self.assertGreater(self.uncertain, 0)  # else no point lay between a mail and its answer

    def test_no_half_file_is_left_behind(self):
        self.assertEqual(self.strays, [])


if __name__ == "__main__":
    unittest.main()
