"""The daemon, end to end: always on, never silent. Its clocks are the test's own (by
tests/faults/clock.c), so that ten minutes pass when a test says so, and on a day it names."""
import contextlib
import datetime
import itertools
import mmap
import os
import pathlib
import signal
import socket
import struct
import subprocess
import threading
import time
import unittest

from servers import STALL
from servers.lab import FINDINGS, JUNK, ROOT, moment
from servers import system
from office_case import CLERK, OfficeTest, address, kind

CLOCK = ROOT / "build/tests/clock.so"
SUPPRESSIONS = ROOT / "tests/faults/tsan.supp"
SLOW = 4 if "build/" in os.environ.get("LIANLUO", "").replace("build/lianluo", "") else 1
SOON = 8 * SLOW  # seconds within which what must happen at once has happened
ISSUED, NOW = "2019-06-10 09:00", "2019-06-10 09:10"
AGREED = "我局无意见。"


class Clock:
    """What the programs of a test take for the time: ours, ahead by what stands in a file."""

    def __init__(self, path):
        self.path = path
        path.write_bytes(bytes(16))
        with open(path, "r+b") as file:
            self.numbers = mmap.mmap(file.fileno(), 16)
        self.ahead = [0, 0]

    def set(self, text):
        self.ahead[0] = int((moment(text).timestamp() - time.time()) * 1e9)
        self.numbers[:] = struct.pack("qq", *self.ahead)

    def advance(self, seconds):
        self.ahead = [ahead + int(seconds * 1e9) for ahead in self.ahead]
        self.numbers[:] = struct.pack("qq", *self.ahead)

    def reach(self, text):
        self.advance((moment(text) - self.now()).total_seconds())

    def now(self):
        at = time.time() + self.ahead[0] / 1e9
        return datetime.datetime.fromtimestamp(at, datetime.timezone.utc)

    def environment(self):
        # A sanitizer wants to be the first library, but bears this one before it.
        return {"LD_PRELOAD": str(CLOCK), "LIANLUO_CLOCK": str(self.path),
                "ASAN_OPTIONS": "detect_leaks=1:exitcode=99:verify_asan_link_order=0",
                "TSAN_OPTIONS": "exitcode=99:history_size=4:suppressions=%s" % SUPPRESSIONS}


class Daemon:
    """One `lianluo run`, with the socket to which it tells systemd how it is."""

    def __init__(self, test, **environment):
        self.log_path = test.place / "daemon.log"
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(test.place / ("notify-%d" % next(test.sockets))))
        self.told = []
        threading.Thread(target=self.listen, daemon=True).start()
        environment = {**test.clock.environment(), **environment,
                       "NOTIFY_SOCKET": self.socket.getsockname()}
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(
                test.lab.command("run"), stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=ROOT,
                env=test.lab.environment(**environment), preexec_fn=system.die_with_parent)

    def listen(self):
        """Keeps the lines that it sends to systemd, which always listens, too."""
        with contextlib.suppress(OSError):
            while True:
                lines = self.socket.recv(65536).decode().split("\n")
                if lines == [""]:
                    return
                self.told += lines

    def log(self):
        return self.log_path.read_text(errors="replace")

    def signal(self, number):
        self.process.send_signal(number)

    def wait(self, seconds):
        """(exit code, seconds it took)"""
        began = time.monotonic()
        return self.process.wait(seconds), time.monotonic() - began

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ours:
            ours.sendto(b"", self.socket.getsockname())  # the thread goes home
        self.socket.close()


class Listener:
    """Stands where a server stood: takes connections, hangs up, and keeps count."""

    def __init__(self, port):
        self.count = 0
        self.server = socket.create_server((system.LOOPBACK, port))
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        with contextlib.suppress(OSError):
            while True:
                self.server.accept()[0].close()
                self.count += 1

    def close(self):
        self.server.shutdown(socket.SHUT_RDWR)
        self.server.close()
        self.thread.join()


class DaemonTest(OfficeTest):
    hours = itertools.count(1)

    def setUp(self):
        super().setUp()
        self.place.mkdir()
        self.sockets = itertools.count(1)
        self.clock = Clock(self.place.with_name(self.place.name + ".clock"))
        self.clock.set(ISSUED)
        # Its minutes are ours; each test is long after the one before.
        later = next(self.hours) * 1e7
        self.lab.wecom.clock = lambda: later + self.clock.now().timestamp()
        self.place.rmdir()
        self.addCleanup(self.servers_up)

    def servers_up(self):
        for server in (self.lab.imap, self.lab.smtp, self.lab.wecom):
            server.start()
        if self.lab.imap.password != self.lab.password:
            self.lab.imap.restart(password=self.lab.password)

    def run_(self, *args, at=None, code=0, **more):
        return self.lab.lianluo(*args, at=at, code=code, env=self.clock.environment(), **more)

    def data(self, *args, at=None, codes=(0, 3)):
        result = self.lab.lianluo(*args, at=at, check=False, json=True,
                                  env=self.clock.environment())
        self.assertIn(result.code, codes, str(result))
        return result.data

    def configure(self, **config):
        """With patient servers' clients: a jump of the clock must not break off what is in hand."""
        for group in ("imap", "smtp"):
            config[group] = {"timeout": "600", **config.get(group, {})}
        super().configure(**config)

    def start(self, now=NOW, **environment):
        """The daemon, ready, at a moment."""
        if now is not None:
            self.clock.set(now)
        self.daemon = Daemon(self, **environment)
        self.addCleanup(self.daemon.close)
        self.until(lambda: "READY=1" in self.daemon.told, "READY=1")
        return self.daemon

    def stop(self):
        """The usual end; what a sanitizer found fails the test."""
        self.daemon.signal(signal.SIGTERM)
        try:
            code, took = self.daemon.wait(SOON + 10)
        except subprocess.TimeoutExpired:
            self.fail("SIGTERM does not end it\n" + self.daemon.log())
        log = self.daemon.log()
        self.assertFalse(any(word in log for word in FINDINGS), log)
        self.assertEqual(code, 0, log)
        return took

    def running(self, now=NOW, **config):
        """An office whose notices are out, with its daemon at rest."""
        self.ready(**config)
        self.start(now)
        self.addCleanup(self.end)
        self.until(self.was_read, "the first reading")

    def end(self):
        if self.daemon.process.poll() is None:
            self.stop()

    def was_read(self):
        """The first folder is read last."""
        query = "SELECT read_at > '2019-06-10T01:05' FROM folder WHERE name = 'INBOX'"
        return self.sql(query) == [(1,)]

    def until(self, holds, what, seconds=SOON):
        """Waits until something holds; how long it took."""
        began = time.monotonic()
        while not holds():
            if time.monotonic() - began > seconds:
                self.fail("%s: not within %g s\n%s" % (what, seconds, self.daemon.log()))
            time.sleep(0.02)
        return time.monotonic() - began

    def never(self, happens, what, seconds=0.5):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if happens():
                self.fail("%s\n%s" % (what, self.daemon.log()))
            time.sleep(0.01)

    def pass_time(self, seconds, step=5):
        """Time passes bit by bit, as it does for whoever waits again and again."""
        while seconds > 0:
            self.clock.advance(min(step, seconds))
            seconds -= step
            time.sleep(0.025 * SLOW)

    # ---- what there is

    def arrive(self, unit, text=AGREED, folder="INBOX", **more):
        when = self.clock.now().astimezone(moment(NOW).tzinfo).strftime("%Y-%m-%d %H:%M:%S")
        return self.answer(unit, text, when, folder, **more)

    def receipts(self):
        return sorted(unit for what, unit in map(kind, self.lab.smtp.mails) if what == "receipt")

    def alarms(self):
        return [mail for mail in self.lab.smtp.mails if kind(mail)[0] == "alarm"]

    def pushed(self, word):
        return [push.content for push in self.lab.wecom.pushes if word in push.content]

    def stored(self):
        return self.sql("SELECT count(*) FROM message")[0][0]

    def first_line(self):
        return self.lab.lianluo("status", check=False, env=self.clock.environment()).stdout.split(
            "\n")[0]


class Mailbox(DaemonTest):
    def test_an_answer_is_filed_and_acknowledged_as_soon_as_it_arrives(self):
        self.running()
        took = []
        for unit in ("jyj", "kjj", "czj"):
            self.arrive(unit)
            took.append(self.until(lambda: unit in self.receipts(), "the receipt"))
        self.assertLess(min(took), 1 * SLOW)
        self.assertEqual(self.standing("jyj"), ("no_comment", 1))

    def test_the_other_folders_are_looked_at_each_poll(self):
        self.running()
        self.arrive("jyj", folder=JUNK)
        self.never(self.receipts, "nobody waits for news of the other folder")
        self.clock.advance(140)
        self.until(lambda: self.receipts() == ["jyj"], "the receipt")

    def test_a_server_that_comes_back_is_found_again(self):
        self.running()
        self.lab.imap.stop()
        self.until(lambda: "收信" in self.first_line(), "status to say so")
        self.lab.imap.start()
        self.arrive("jyj")
        self.clock.advance(400)
        self.until(lambda: self.receipts() == ["jyj"], "the receipt")
        self.until(lambda: "收信" not in self.first_line(), "status to be well again")
        self.arrive("kjj")  # by IDLE again
        self.until(lambda: self.receipts() == ["jyj", "kjj"], "the receipt")

    def test_a_server_that_is_down_is_tried_less_and_less_often(self):
        self.running()
        self.lab.imap.stop()
        listener = Listener(self.lab.imap.imaps_port)
        try:
            self.until(lambda: listener.count >= 1, "the first try")
            self.pass_time(600)
            self.assertGreaterEqual(listener.count, 5)
            self.assertLessEqual(listener.count, 12)
        finally:
            listener.close()

    def test_a_line_that_breaks_now_and_then_is_taken_up_at_once_each_time(self):
        self.running()
        for number in range(5):
            self.clock.advance(100)
            self.lab.imap.restart()
            before = self.clock.ahead[0]
            answer = "我局无意见。第%d次。" % number
            self.arrive("jyj", answer)
            self.pass_time(3, 1)
            self.until(lambda: self.stored() == number + 1, "the mail after break %d" % number)
            self.assertLess((self.clock.ahead[0] - before) / 1e9, 4)

    def test_a_folder_that_is_not_there_does_not_make_it_knock_without_pause(self):
        self.running(imap={"folders": "INBOX"})
        self.stop()
        self.configure(imap={"folders": "没有的文件夹;INBOX"})
        before = self.logins()
        self.start(None)
        self.until(lambda: "没有的文件夹" in self.first_line(), "status to say so")
        time.sleep(1)
        self.assertLessEqual(self.logins() - before, 2)
        self.arrive("jyj")
        self.clock.advance(400)
        self.until(lambda: self.receipts() == ["jyj"], "the receipt")

    def logins(self):
        return self.lab.imap.log().count("imap-login: Info: Login")

    def refusals(self):
        return self.lab.imap.log().count("auth failed")

    def refused(self):
        """The daemon starts with a wrong password."""
        self.ready()
        self.configure(imap={"password": "wrong"})
        before = self.refusals()
        self.start()
        self.addCleanup(self.end)
        self.until(lambda: self.refusals() == before + 1, "the first try")
        return before

    def test_a_refused_login_is_not_tried_again_for_ten_minutes_and_told(self):
        before = self.refused()
        self.until(lambda: "收信失败" in self.first_line(), "status to say so")
        self.pass_time(580, 20)
        self.assertEqual(self.refusals(), before + 1)
        self.until(lambda: len(self.alarms()) == 1, "an alarm by mail")
        self.until(lambda: self.pushed("收不到信"), "an alarm by WeCom")
        self.pass_time(100, 20)
        self.until(lambda: self.refusals() == before + 2, "the second try")
        self.assertEqual(self.alarms()[0].recipients, [CLERK])
        self.assertEqual(len(self.alarms()), 1)  # told once

    def test_a_right_password_and_sighup_help_at_once_and_that_is_told(self):
        self.refused()
        self.until(lambda: len(self.alarms()) == 1, "an alarm by mail")
        self.configure()
        self.daemon.signal(signal.SIGHUP)
        self.until(lambda: len(self.alarms()) == 2, "the all-clear by mail")
        self.until(lambda: len(self.pushed("收不到信")) == 2, "the all-clear by WeCom")
        self.assertNotIn("收信", self.first_line())

    def test_half_an_hour_without_a_reading_is_told_in_office_hours(self):
        self.running()
        self.lab.imap.stop()
        self.until(lambda: "收信" in self.first_line(), "status to say so")
        self.pass_time(25 * 60, 60)
        self.assertEqual(self.alarms(), [])
        self.pass_time(8 * 60, 60)
        self.until(lambda: len(self.alarms()) == 1, "an alarm by mail")
        self.until(lambda: self.pushed("收不到信"), "an alarm by WeCom")

    def test_a_silent_night_is_told_in_the_morning_and_heads_the_digest(self):
        self.running()
        self.clock.reach("2019-06-10 19:00")
        self.until(lambda: self.sql("SELECT max(read_at) > '2019-06-10T11' FROM folder") == [(1,)],
                   "a reading in the evening")
        self.lab.imap.stop()
        self.until(lambda: "收信" in self.first_line(), "status to say so")
        self.pass_time(3600, 300)
        self.assertEqual(self.alarms(), [])
        before = len(self.lab.smtp.mails)
        self.clock.reach("2019-06-11 08:31")
        self.until(lambda: len(self.lab.smtp.mails) >= before + 2, "alarm and digest")
        new = {kind(mail)[0]: mail for mail in self.lab.smtp.mails[before:]}
        self.assertEqual(set(new), {"alarm", "digest"})
        first = next(line for line in new["digest"].text.split("\n")[1:] if line.strip())
        self.assertTrue("收信" in first or "注意" in first, new["digest"].text)

    def test_a_start_after_a_pause_is_no_alarm(self):
        self.ready()
        self.start("2019-06-11 10:00")
        self.addCleanup(self.end)
        self.until(lambda: self.sql("SELECT max(read_at) > '2019-06-11' FROM folder") == [(1,)],
                   "the first reading")
        self.never(self.alarms, "nothing was wrong: the first reading was still to come")

    def test_the_digest_goes_out_though_nothing_happened(self):
        self.running()
        before = len(self.lab.smtp.mails)
        self.clock.reach("2019-06-11 08:31")
        self.until(lambda: ("digest", "") in map(kind, self.lab.smtp.mails[before:]), "the digest")


    def test_status_tells_that_it_runs_and_when_the_mailbox_was_last_looked_at(self):
        def line():
            words = self.lab.lianluo("status", check=False, env=self.clock.environment()).stdout
            return next(line for line in words.split("\n") if line.startswith("机器人："))

        self.running()
        self.until(lambda: "运行中（进程 %d）" % self.daemon.process.pid in line(), "the process")
        first = line()
        self.clock.advance(300)
        self.until(lambda: line() != first, "a later look at the mailbox")
        self.stop()
        self.assertNotIn("运行中", line())


class Sending(DaemonTest):
    def test_a_command_wakes_the_daemon(self):
        self.running(deliver={"send": "hold"})
        self.arrive("jyj")
        self.until(lambda: self.outbox(kind="receipt", state="held"), "the receipt, held")
        self.never(self.receipts, "what is held stays")
        self.run_("outbox", "release")
        self.assertLess(self.until(lambda: self.receipts() == ["jyj"], "the receipt"), 1 * SLOW)

    def test_mail_waits_while_its_server_is_down_and_wecom_is_told(self):
        self.running()
        self.lab.smtp.stop()
        self.arrive("jyj")
        self.until(lambda: "发信失败" in self.first_line(), "status to say so")
        self.assertEqual([row["state"] for row in self.outbox(kind="receipt")], ["queued"])
        self.pass_time(60)
        self.until(lambda: self.pushed("发不出邮件"), "an alarm by WeCom")
        pushes = len(self.lab.wecom.pushes)
        self.lab.smtp.start()
        self.pass_time(660, 60)
        self.until(lambda: self.receipts() == ["jyj"], "the receipt")
        self.until(lambda: len(self.lab.wecom.pushes) == pushes + 1, "the all-clear by WeCom")
        self.assertNotIn("发信失败", self.first_line())

    def test_mail_goes_on_while_wecom_is_down_and_tells_of_it(self):
        self.running()
        self.lab.wecom.stop()
        self.run_("digest", "--send")
        self.until(lambda: "企业微信" in self.first_line(), "status to say so")
        self.arrive("jyj")
        self.until(lambda: self.receipts() == ["jyj"], "the receipt")
        self.until(lambda: len(self.alarms()) == 1, "an alarm by mail")

    def test_a_refused_login_for_sending_is_not_tried_again_for_ten_minutes(self):
        self.running()
        self.lab.smtp.restart()  # the open connection is logged in
        self.lab.smtp.auth_reply = "535 Error: authentication failed"
        before = len(self.lab.smtp.logins)
        self.arrive("jyj")
        self.until(lambda: len(self.lab.smtp.logins) == before + 1, "the first try")
        self.pass_time(580, 20)
        self.assertEqual(len(self.lab.smtp.logins), before + 1)
        self.until(lambda: self.pushed("发不出邮件"), "an alarm by WeCom")
        self.lab.smtp.auth_reply = None
        self.pass_time(700, 60)
        self.until(lambda: self.receipts() == ["jyj"], "the receipt")

    def test_a_stalled_server_does_not_delay_receiving(self):
        self.running()
        self.lab.smtp.answer(STALL, stage="data", seconds=30)
        self.arrive("jyj")
        self.until(lambda: self.outbox(kind="receipt", state="sending"), "a mail in hand")
        for unit in ("kjj", "czj"):
            self.arrive(unit)
        took = self.until(lambda: self.stored() == 3 and not self.sql(
            "SELECT 1 FROM message WHERE state = 'stored'"), "both to be handled")
        self.assertLess(took, 2 * SLOW)
        self.daemon.process.kill()
        self.daemon.process.wait()

    def test_a_mail_that_failed_for_good_is_told_by_wecom(self):
        self.running()
        self.lab.smtp.answer("554 DT:SPM", recipient=address("jyj"))
        self.arrive("jyj")
        self.until(lambda: self.outbox(state="failed"), "the failure")
        self.until(lambda: self.pushed("没有送达"), "an alarm by WeCom")
        self.until(lambda: "失败" in self.first_line(), "status to say so")

    def test_the_sixth_mail_of_a_minute_waits_and_a_restart_does_not_help(self):
        pace = {"smtp": {"per_minute": "5"}}
        self.office(units={"u%d" % i: "第%d单位" % i for i in range(7)}, at=ISSUED, **pace)
        self.start(ISSUED)
        self.until(lambda: len(self.lab.smtp.mails) == 1, "the digest")
        self.new(at=None)
        self.run_("matter", "issue", 1)
        self.until(lambda: len(self.lab.smtp.mails) == 5, "five mails")
        self.never(lambda: len(self.lab.smtp.mails) > 5, "a sixth mail")
        self.stop()
        self.start(None)
        self.never(lambda: len(self.lab.smtp.mails) > 5, "a sixth mail after a restart")
        self.clock.advance(50)
        self.never(lambda: len(self.lab.smtp.mails) > 5, "a sixth mail within the minute", 0.2)
        self.clock.advance(12)
        self.until(lambda: len(self.lab.smtp.mails) == 8, "the rest")
        self.stop()

    def test_wecom_gets_twenty_a_minute(self):
        self.office(at=ISSUED, units={})
        self.start(ISSUED)
        self.until(lambda: len(self.lab.wecom.pushes) == 1, "the morning's digest")
        for number in range(2, 21):
            self.clock.advance(1)
            self.run_("digest", "--send")
            self.until(lambda: len(self.lab.wecom.pushes) == number, "push %d" % number)
        self.clock.advance(1)
        self.run_("digest", "--send")
        self.until(lambda: len(self.lab.smtp.mails) == 21, "its mail")
        self.never(lambda: len(self.lab.wecom.pushes) > 20, "a 21st push")
        self.assertEqual(self.lab.wecom.refused, [])
        self.stop()
        self.start(None)
        self.never(lambda: len(self.lab.wecom.pushes) > 20, "a 21st push after a restart")
        self.clock.advance(62)
        self.until(lambda: len(self.lab.wecom.pushes) == 21, "the 21st push")
        self.assertEqual(self.lab.wecom.refused, [])
        self.stop()


class Process(DaemonTest):
    def test_sigterm_ends_it_at_once_when_nothing_is_in_hand(self):
        self.running()
        self.assertLess(self.stop(), 2 * SLOW)
        self.assertIn("STOPPING=1", self.daemon.told)
        self.run_("tick")  # the lock is free again

    def in_hand(self, stage="data", unit="jyj", **more):
        """The daemon has a mail in hand and its server, come to that stage, is silent."""
        rule = self.lab.smtp.answer(STALL, stage=stage, times=1, **{"seconds": 20, **more})
        self.arrive(unit)
        self.until(lambda: rule.times == 0, "a mail in hand")
        self.assertEqual(len(self.outbox(unit=unit, state="sending")), 1)

    def check_uncertain(self):
        self.lab.smtp.script.clear()
        self.run_("tick")
        self.assertEqual([row["state"] for row in self.outbox(kind="receipt")], ["uncertain"])
        self.assertEqual(self.review(), [("uncertain", "jyj")])
        self.assertIn("不确定", self.first_line())
        self.assertEqual(self.receipts(), [])

    def test_a_second_sigterm_ends_it_whatever_is_in_hand(self):
        self.running()
        self.in_hand()
        self.daemon.signal(signal.SIGTERM)
        self.never(lambda: self.daemon.process.poll() is not None, "it did not wait")
        self.daemon.signal(signal.SIGTERM)
        code, took = self.daemon.wait(SOON)
        self.assertEqual((code, took < 1 * SLOW), (1, True))
        self.check_uncertain()

    def test_ten_seconds_after_sigterm_it_ends_whatever_is_in_hand(self):
        self.running()
        self.in_hand()
        self.daemon.signal(signal.SIGTERM)
        self.never(lambda: self.daemon.process.poll() is not None, "it did not wait")
        self.clock.advance(8)
        self.never(lambda: self.daemon.process.poll() is not None, "it did not wait", 0.2)
        self.clock.advance(3)
        self.assertEqual(self.daemon.wait(SOON)[0], 1)
        self.assertIn("result=forced", self.daemon.log())
        self.check_uncertain()

    def test_the_item_in_hand_is_finished_after_sigterm(self):
        self.running()
        self.in_hand(seconds=0.5, keep=True)
        self.daemon.signal(signal.SIGTERM)
        self.assertEqual(self.daemon.wait(SOON + 5)[0], 0)
        self.assertEqual([row["state"] for row in self.outbox(kind="receipt")], ["uncertain"],
                         self.daemon.log())

    def test_sigterm_calls_off_a_mail_of_which_nothing_has_left(self):
        self.running()
        for stage, unit in (("mail", "jyj"), ("rcpt", "kjj")):
            with self.subTest(stage):
                self.in_hand(stage, unit)
                self.assertLess(self.stop(), 3 * SLOW)
                self.assertEqual(len(self.outbox(unit=unit, state="queued")), 1)
                self.assertEqual(self.review(), [])
                self.assertNotIn("发信", self.first_line())
                self.lab.smtp.script.clear()
                self.start(None)
                self.until(lambda: unit in self.receipts(), "the receipt")

    def test_killed_it_starts_again_and_goes_on(self):
        self.running()
        self.arrive("jyj")
        self.daemon.process.kill()
        self.daemon.process.wait()
        self.start(None)
        self.until(lambda: self.standing("jyj") == ("no_comment", 1), "the answer")

    def test_a_second_run_or_tick_names_the_holder(self):
        self.running()
        for command in ("run", "tick"):
            done = self.run_(command, code=1)
            self.assertIn(str(self.daemon.process.pid), done.stderr)

    def test_a_bad_configuration_is_refused_and_the_old_one_stays(self):
        self.running()
        path = self.place / "lianluo.conf"
        good = path.read_text()
        path.write_text(good.replace("[smtp]", "[smtp]\nper_minute = viel\n"))
        self.daemon.signal(signal.SIGHUP)
        self.until(lambda: "refused" in self.daemon.log(), "the refusal")
        refused = self.lab.lianluo("status", check=False)
        self.assertEqual(refused.code, 2)
        self.assertIn("per_minute", refused.stderr)
        self.arrive("jyj")
        self.until(lambda: self.receipts() == ["jyj"], "the receipt")
        path.write_text(good)
        self.until(lambda: "per_minute" in self.first_line(), "status to say so")
        self.daemon.signal(signal.SIGHUP)
        self.until(lambda: "per_minute" not in self.first_line(), "status to be well again")

    def test_a_good_configuration_is_taken_over(self):
        self.running()
        self.configure(office={"name": "换了名称的办公室"}, imap={"folders": "INBOX"})
        self.daemon.signal(signal.SIGHUP)
        self.until(lambda: "result=done" in self.daemon.log(), "the reload")
        self.arrive("jyj")
        self.until(lambda: self.receipts() == ["jyj"], "the receipt")
        self.assertIn("换了名称的办公室", str(self.lab.smtp.mails[-1].message["From"]))
        for number in range(5):  # nothing breaks if it comes again and again
            self.daemon.signal(signal.SIGHUP)
            time.sleep(0.02)
        self.arrive("kjj")
        self.until(lambda: self.receipts() == ["jyj", "kjj"], "the receipt")

    def test_going_live_lets_go_what_was_held(self):
        self.ready(deliver={"send": "hold"})
        self.start()
        self.addCleanup(self.end)
        self.arrive("jyj")
        self.until(lambda: self.outbox(state="held"), "the receipt, held")
        self.configure(deliver={"send": "live"})
        self.daemon.signal(signal.SIGHUP)
        self.until(lambda: self.receipts() == ["jyj"], "the receipt")

    def test_sighup_during_a_stop_does_no_harm(self):
        self.running()
        for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGHUP):
            self.daemon.signal(number)
        self.assertEqual(self.daemon.wait(SOON)[0], 0, self.daemon.log())

    def test_systemd_is_told_that_it_is_ready_and_alive(self):
        self.ready()
        self.start(WATCHDOG_USEC="1000000")
        self.addCleanup(self.end)
        first = self.daemon.told.count("WATCHDOG=1")
        self.until(lambda: self.daemon.told.count("WATCHDOG=1") >= first + 3, "signs of life")
        self.assertTrue(any(line.startswith("STATUS=") for line in self.daemon.told))
        self.assertEqual(self.daemon.told.count("READY=1"), 1)

    def test_a_start_that_fails_says_why_and_is_not_ready(self):
        self.ready()
        self.configure(imap={"password": "file:missing"})
        done = self.run_("run", code=2)
        self.assertIn("missing", done.stderr)

    def test_at_rest_it_does_not_wake_up(self):
        self.running()
        time.sleep(0.3)
        before = self.context_switches()
        time.sleep(1)
        # tests/faults/clock.c wakes each of the three waits a hundred times a second; a loop that
        # never rests makes many thousands of them.
        self.assertLess(self.context_switches() - before, 600)

    def context_switches(self):
        tasks = pathlib.Path("/proc/%d/task" % self.daemon.process.pid)
        lines = [line for task in tasks.iterdir()
                 for line in (task / "status").read_text().splitlines()]
        return sum(int(line.split()[1]) for line in lines if "ctxt_switches" in line)


if __name__ == "__main__":
    unittest.main()
