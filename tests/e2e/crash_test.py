"""Killed after any stage and run again: nothing is lost, nothing is sent twice."""
import collections
import os
import pathlib
import signal
import subprocess
import unittest

from servers import STALL, system
from servers.lab import ROOT
from office_case import JUNK, OfficeTest, address, kind
import letters

STAGES = ("nothing", "receive", "handle", "schedule", "deliver")
AT = "2019-06-18 09:00"  # three working days before the deadline: answers, reminders and a digest
AGREED = "经研究，我局无意见。"


class Crash(OfficeTest):
    wanted = None

    def stages(self, count, at=AT):
        """The first stages of a tick, and then kill -9."""
        program = pathlib.Path(self.lab.command("tick")[0])
        tool = program.parent / "tests" / "e2e" / "stages"
        done = subprocess.run([str(tool), str(self.place), at, str(count)], capture_output=True,
                              env=self.lab.environment(), cwd=ROOT, check=False, timeout=60,
                              preexec_fn=system.die_with_parent)
        self.assertEqual(done.returncode, -signal.SIGKILL, done.stderr.decode())

    def mailbox(self):
        """What came since: an answer, an opinion in Junk, a duplicate, a stranger, a bounce."""
        for folder in ("INBOX", JUNK):
            if self.lab.imap.list(folder):
                self.lab.imap.expunge(folder)
        at = "2019-06-17 10:00"
        self.answer("jyj", AGREED, at)
        data = self.answer("kjj", "建议删除第三条。", at, JUNK)
        self.lab.receive(data, at)
        self.answer("czj", AGREED, at, sender="wang@elsewhere.example")
        self.lab.receive(letters.bounce(self.notice("czj"), address("czj"), "550 User not found",
                                        at), at)

    def outcome(self):
        """What came of it all, without the numbers that differ from office to office."""
        status = self.data("status", 1, at=AT)
        units = {row["code"]: {key: row[key] for key in (
            "status", "late", "paper", "electronic_at", "submissions", "last_reminder")}
            for row in status["units"]}
        inbox = sorted((row["sha256"], row["verdict"], row["unit"] or "", row["reason"])
                       for row in self.inbox())
        outbox = sorted((row["key"], row["state"], row["attempts"]) for row in self.outbox())
        mails = collections.Counter(map(kind, self.lab.smtp.mails))
        pushes = sorted(push.content for push in self.lab.wecom.pushes)
        arrivals = self.sql("SELECT folder, outcome, count(*) FROM arrival GROUP BY 1, 2")
        integrity = self.sql("PRAGMA integrity_check")
        return {"counts": status["counts"], "units": units, "inbox": inbox, "outbox": outbox,
                "mails": mails, "pushes": pushes, "arrivals": arrivals, "integrity": integrity,
                "review": self.review(),
                "events": collections.Counter(
                    what for what, in self.sql("SELECT what FROM event"))}

    def undisturbed(self):
        """The same, of an office that nobody killed; found out once."""
        cls = type(self)
        if cls.wanted is None:
            cls.wanted = self.find_undisturbed()
            self.setUp()
        return cls.wanted

    def find_undisturbed(self):
        self.ready()
        self.mailbox()
        self.run_("tick", at=AT)
        outcome = self.outcome()
        self.assertEqual(outcome["units"]["kjj"]["status"], "commented")
        self.assertEqual(outcome["mails"][("receipt", "jyj")], 1)
        self.assertEqual(outcome["mails"][("reminder", "jyj")], 1)
        return outcome

    def killed_after(self, count):
        wanted = self.undisturbed()
        self.ready()
        self.mailbox()
        self.stages(count)
        self.run_("tick", at=AT)
        self.run_("tick", at=AT)
        got = self.outcome()
        for what in wanted:
            self.assertEqual(got[what], wanted[what], "%s, after %s" % (what, STAGES[count]))

    def test_killed_before_anything_was_done(self):
        self.killed_after(0)

    def test_killed_after_receive(self):
        self.killed_after(1)

    def test_killed_after_handle(self):
        self.killed_after(2)

    def test_killed_after_schedule(self):
        self.killed_after(3)

    def test_killed_after_deliver(self):
        self.killed_after(4)

    def test_killed_after_every_stage_in_turn(self):
        wanted = self.undisturbed()
        self.ready()
        self.mailbox()
        for count in range(5):
            self.stages(count)
        self.run_("tick", at=AT)
        got = self.outcome()
        for what in wanted:
            self.assertEqual(got[what], wanted[what], what)

    def test_killed_while_sending_is_uncertain_and_never_sent_again_by_itself(self):
        self.office()
        self.issued(tick=False)
        self.kill_while_sending()
        states = collections.Counter(row["state"] for row in self.outbox(kind="notice"))
        self.assertEqual(states, {"sending": 1, "queued": 2})
        self.run_("tick", at=AT)
        mails = collections.Counter(map(kind, self.lab.smtp.mails))
        notices = [mails[("notice", code)] for code in ("czj", "jyj", "kjj")]
        self.assertEqual(sorted(notices), [0, 1, 1])
        states = collections.Counter(row["state"] for row in self.outbox(kind="notice"))
        self.assertEqual(states, {"uncertain": 1, "sent": 2})
        self.assertIn("uncertain", [reason for reason, _ in self.review()])

    def kill_while_sending(self):
        """The server stalls on the first mail; the program is killed meanwhile."""
        self.lab.smtp.answer(STALL, stage="rcpt")
        process = subprocess.Popen(self.lab.command("tick", at="2019-06-10 09:00"),
                                   stderr=subprocess.PIPE, env=self.lab.environment(), cwd=ROOT)
        try:
            deadline = 400
            while not self.outbox(state="sending"):
                deadline -= 1
                self.assertGreater(deadline, 0, "nothing was being sent")
        finally:
            os.kill(process.pid, signal.SIGKILL)
            process.communicate()
        self.lab.smtp.script.clear()


if __name__ == "__main__":
    unittest.main()
