"""Whatever habits a mail provider has: every message is stored exactly once, nothing is lost,
status tells the truth, and no server holds us longer than its deadline."""
import collections
import dataclasses
import datetime
import hashlib
import itertools
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import unittest

sys.dont_write_bytecode = True
import letters  # noqa: E402
from habits import (BYE, DROP, HALF, NETEASE, NO, PLAIN, QQ, STALL, UNTAGGED,  # noqa: E402
                    VANISH, Imap)
from servers import Lab, system  # noqa: E402
from servers.lab import ADDRESS, PASSWORD, ROOT  # noqa: E402

DAY = "2019-06-12 "
AT = DAY + "09:00"
LOGIN_ANSWERS = "请核对用户名和密码"
SLACK = 5  # seconds for the program itself, also when it is sanitized and the machine busy


def moment(minutes):
    start = datetime.datetime(2019, 6, 11, 2, 0, tzinfo=datetime.timezone.utc)
    return start + datetime.timedelta(minutes=minutes)


class Habits(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.lab = Lab(deliver_back=False)
        cls.addClassCleanup(cls.lab.close)
        cls.lab.smtp.start()
        cls.lab.wecom.start()
        cls.lab.wecom.clock = itertools.count(0, 4).__next__  # its limit is for wecom's own tests
        cls.numbers = itertools.count(1)
        cls.template = cls.lab.directory / "template"
        cls.lab.imap.imaps_port = 1  # nobody listens there; init does not ask
        cls.lab.write_config(cls.template)
        cls.lab.lianluo("init", at="2019-06-10 08:00")

    def server(self, manners=PLAIN, messages=0, timeout=1, **config):
        """A server with so many messages, and an office that reads it."""
        self.imap = Imap(self.lab.pki, ADDRESS, PASSWORD, manners).start()
        self.addCleanup(self.imap.stop)
        self.lab.imap.imaps_port = self.imap.port
        office = self.lab.directory / ("office-%d" % next(self.numbers))
        shutil.copytree(self.template, office)
        self.addCleanup(shutil.rmtree, office, ignore_errors=True)
        self.lab.write_config(office, imap={"folders": "INBOX", "timeout": timeout, **config})
        self.sent = collections.Counter()
        return [self.arrive() for _ in range(messages)]

    def arrive(self, size=0, **more):
        """A new message; its UID."""
        number = sum(self.sent.values()) + 1
        data = letters.letter("lly%d@jyj.example" % number, "第%d封来信。\n" % number + "x" * 70,
                              DAY + "08:00", subject="来信%d" % number)
        data += b"".join(b"%076d\r\n" % i for i in range(size // 78))
        self.sent[hashlib.sha256(data).hexdigest()] += 1
        return self.imap.append(data, moment(number), **more)

    # ---- the program

    def tick(self, code=0, within=SLACK, at=AT):
        start = time.monotonic()
        result = self.lab.lianluo("tick", at=at, code=code)
        self.assertLess(time.monotonic() - start, within)
        return result

    def health(self, at=AT):
        status = self.lab.lianluo("status", at=at, check=False, json=True).data
        return "\n".join(line["text"] for line in status["health"])

    def stored(self):
        """How often each message is in the office's inbox, by its hash."""
        return collections.Counter(sha256 for sha256, in self.sql("SELECT sha256 FROM message"))

    def sql(self, query):
        database = sqlite3.connect("file:%s?mode=ro" % (self.lab.office / "lianluo.db"), uri=True)
        try:
            return database.execute(query).fetchall()
        finally:
            database.close()

    # ---- what must hold

    def assert_all_stored(self):
        self.assertEqual(self.stored(), self.sent)
        uids = [uid for uid, in self.sql("SELECT uid FROM arrival ORDER BY uid")]
        self.assertEqual(uids, sorted(set(uids)))
        self.assertEqual(self.health(), "")

    def assert_fails(self, *words, within=SLACK):
        """One tick fails in time, status says why; then the server has mended its ways."""
        result, health = self.tick(code=1, within=within), self.health()
        for word in words:
            self.assertIn(word, health)
            self.assertIn(word, result.stderr)
        self.assertNotIn(PASSWORD, health + result.stderr)

    def assert_recovers(self):
        """Once mended, one tick brings everything, and the next nothing twice."""
        self.tick()
        self.assertEqual(self.stored(), self.sent)
        self.tick()
        self.assert_all_stored()


class Providers(Habits):
    def test_netease_is_told_who_we_are_before_a_folder_is_opened(self):
        self.server(NETEASE, messages=12)
        self.assert_recovers()
        words = [line.split()[0] for line in self.imap.heard("")]
        self.assertLess(words.index("ID"), words.index("EXAMINE"))
        self.assertEqual(set(words) - {"LOGIN", "CAPABILITY", "ID", "EXAMINE", "UID", "LOGOUT"},
                         set())

    def test_netease_without_uidnext_brings_each_new_message_once(self):
        self.server(NETEASE, messages=3)
        self.tick()
        for _ in range(3):
            self.arrive()
            self.tick()
            self.tick()
        self.assert_all_stored()
        self.assertEqual(len(self.imap.heard("BODY.PEEK[]")), 4)

    def test_an_unsafe_login_is_answered_with_id_and_tried_once_more(self):
        plain = dataclasses.replace(NETEASE, capabilities="IMAP4rev1 UIDPLUS")
        self.server(plain, messages=3)
        self.assert_recovers()

    def test_a_login_that_stays_unsafe_is_told_and_nothing_is_lost(self):
        self.server(NETEASE, messages=3)
        for _ in range(2):
            self.imap.trap("EXAMINE", NO, "EXAMINE Unsafe Login. Please contact kefu@188.com")
        self.assert_fails("Unsafe Login", "收信失败")
        self.assertEqual(len(self.imap.heard("EXAMINE")), 2)
        self.assert_recovers()

    def test_qq_says_everything_twice_and_we_store_it_once(self):
        self.server(QQ, messages=12)
        self.assert_recovers()
        self.arrive()
        self.assert_recovers()

    def test_qq_answers_without_a_tag_and_we_do_not_wait_for_ever(self):
        self.server(QQ, messages=3)
        for command in ("CAPABILITY", "BODY"):
            with self.subTest(command):
                self.imap.trap(command, UNTAGGED)
                self.assert_fails("超时", "收信失败", within=SLACK + 1.5)
                self.arrive()
        self.assert_recovers()

    def test_a_server_that_answers_n_star_with_the_last_message_brings_nothing_twice(self):
        for manners in (PLAIN, NETEASE, QQ):
            with self.subTest(manners.greeting):
                self.server(manners, messages=2)
                self.tick()
                self.tick()
                self.assert_all_stored()
                self.assertEqual(self.sql("SELECT outcome, count(*) FROM arrival GROUP BY 1"),
                                 [("stored", 2)])

    def test_a_renumbered_mailbox_is_read_again_without_duplicates(self):
        self.server(NETEASE, messages=5)
        self.tick()
        self.imap.renumber(2)
        self.tick()
        self.arrive()
        self.tick()
        self.assertEqual(self.stored(), self.sent)
        self.assertEqual(self.health(), "")


class Messages(Habits):
    def test_a_message_that_vanishes_between_list_and_fetch_is_accounted_for(self):
        uids = self.server(messages=5)
        self.imap.trap("BODY", VANISH, uid=uids[2])
        self.tick()
        stored = self.stored()
        self.assertEqual((sum(stored.values()), stored - self.sent), (4, collections.Counter()))
        self.assertEqual(self.sql("SELECT uid FROM arrival WHERE outcome NOT IN "
                                  "('stored', 'duplicate')"), [(uids[2],)])
        self.assertEqual(self.health(), "")

    def test_a_no_in_the_middle_of_a_batch_loses_none_of_the_others(self):
        uids = self.server(messages=9)
        self.imap.trap("BODY", NO, "[SERVERBUG] internal error", uid=uids[4])
        self.assert_fails("internal error")
        self.assertEqual(sum(self.stored().values()), 4)
        self.assert_recovers()

    def test_a_message_that_is_always_refused_holds_up_the_rest_for_a_few_polls_only(self):
        uids = self.server(messages=9)
        self.imap.trap("BODY", NO, "[SERVERBUG] internal error", uid=uids[4], times=None)
        for ticks in range(1, 9):
            if self.lab.lianluo("tick", at=AT, check=False).code == 0:
                break
            self.assertIn("internal error", self.health())
        self.assertLess(ticks, 8)
        stored = self.stored()
        self.assertEqual((sum(stored.values()), stored - self.sent), (8, collections.Counter()))
        waiting = self.lab.lianluo("review", "list", at=AT, check=False, json=True).data["review"]
        self.assertEqual([row["reason"] for row in waiting].count("refused"), 1)

    def test_a_line_that_breaks_in_a_message_keeps_what_came_before(self):
        for deed, words, seconds in ((HALF, DROP, 0), (HALF, STALL, 1), (BYE, "overloaded", 0)):
            with self.subTest(words):
                uids = self.server(messages=6)
                self.imap.trap("BODY", deed, words, uid=uids[3])
                self.assert_fails("收信失败", within=SLACK + seconds)
                self.assertEqual(sum(self.stored().values()), 3)
                self.assert_recovers()

    def test_a_large_message_whose_line_breaks_comes_whole_the_next_time(self):
        self.server()
        self.arrive()
        large = self.arrive(size=3 << 20)
        self.arrive()
        self.imap.trap("BODY", HALF, DROP, uid=large)
        self.assert_fails("断开")
        self.assertEqual(sum(self.stored().values()), 1)
        self.assert_recovers()
        self.assertEqual([path.name for path in self.lab.office.glob("files/**/*.part")], [])

    def test_a_message_that_finds_no_room_on_the_disk_waits_for_as_long_as_it_takes(self):
        self.server()
        self.arrive(size=3 << 20)
        small = ["sh", "-c", "trap '' XFSZ; ulimit -f 4096; exec \"$@\"", "sh"]
        for _ in range(7):
            done = subprocess.run([*small, *self.lab.command("tick", at=AT)], cwd=ROOT,
                                  env=self.lab.environment(), capture_output=True, check=False)
            self.assertEqual(done.returncode, 1, done.stderr.decode())
            self.assertIn("写不进文件", self.health())
        self.assert_recovers()

    def test_a_server_that_drips_but_comes_to_an_end_is_borne(self):
        self.server(dataclasses.replace(PLAIN, drip=0.001), messages=2)
        self.tick(within=SLACK + 3)
        self.assert_all_stored()

    def test_a_server_that_drips_for_ever_is_left_at_its_deadline(self):
        self.server(dataclasses.replace(PLAIN, drip=0.2), messages=2)
        self.assert_fails("太慢", within=SLACK + 4)
        self.imap.manners = PLAIN
        self.assert_recovers()


class Connections(Habits):
    def test_a_goodbye_at_any_time_is_told_and_loses_nothing(self):
        self.server(messages=2)
        for command in ("GREETING", "LOGIN", "CAPABILITY", "ID", "EXAMINE", "LIST", "BODY"):
            with self.subTest(command):
                self.imap.trap(command, BYE, "try later")
                self.assert_fails("try later", "收信失败")
                self.arrive()
        self.assert_recovers()

    def test_a_line_that_breaks_at_any_time_is_told_and_loses_nothing(self):
        self.server(messages=2)
        for command in ("GREETING", "LOGIN", "EXAMINE", "BODY"):
            with self.subTest(command):
                self.imap.trap(command, DROP)
                self.assert_fails("断开", "收信失败")
                self.arrive()
        self.assert_recovers()

    def test_a_silent_server_is_left_at_its_deadline(self):
        self.server(messages=2)
        for command in ("GREETING", "LIST"):
            with self.subTest(command):
                self.imap.trap(command, STALL)
                self.assert_fails("超时", within=SLACK + 1.5)
        self.assert_recovers()

    def test_a_refused_login_is_told_with_advice(self):
        self.server(messages=2)
        self.imap.password = "another"
        self.assert_fails(LOGIN_ANSWERS, "password error")
        self.imap.password = PASSWORD
        self.assert_recovers()

    def test_too_many_connections_are_no_wrong_password(self):
        self.server(messages=2)
        self.imap.trap("LOGIN", NO, "[UNAVAILABLE] Too many connections for this account")
        self.assert_fails("Too many connections")
        self.imap.trap("LOGIN", NO, "[UNAVAILABLE] Too many connections for this account")
        self.tick(code=1)
        self.assertNotIn(LOGIN_ANSWERS, self.health())
        self.assert_recovers()

    def test_a_server_that_is_down_is_told_and_mail_waits_for_us(self):
        self.server(messages=2)
        self.imap.stop()
        self.assert_fails("连接被拒绝")
        self.imap.start()
        self.assert_recovers()


class Daemon(Habits):
    """lianluo run, in IDLE most of the time."""

    def run_office(self, **more):
        self.server(messages=2, **more)
        self.start()
        self.wait_for_idle()

    def start(self):
        log = open(self.lab.office / "run.log", "w")
        self.addCleanup(log.close)
        self.process = subprocess.Popen(
            self.lab.command("run"), stderr=log, stdin=subprocess.DEVNULL, cwd=ROOT,
            env=self.lab.environment(), preexec_fn=system.die_with_parent)
        self.addCleanup(self.end)

    def end(self, within=SLACK):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.assertEqual(self.process.wait(within), 0)

    def until(self, what, seconds=SLACK):
        end = time.monotonic() + seconds
        while not what():
            self.assertLess(time.monotonic(), end, (self.lab.office / "run.log").read_text())
            time.sleep(0.02)

    def wait_for_idle(self):
        self.until(lambda: self.imap.idling() == 1 and self.stored() == self.sent)

    def test_news_in_an_idle_are_stored_at_once_and_nothing_is_asked_meanwhile(self):
        self.run_office()
        for _ in range(3):
            self.arrive()
            self.wait_for_idle()
        self.assertEqual(self.imap.connections, 1)
        heard = len(self.imap.commands)
        self.assertEqual(self.imap.push_exists(), 1)  # says again what we know
        time.sleep(0.5)
        self.assertEqual(self.imap.commands[heard:], [])

    def test_news_that_no_idle_told_are_found_when_it_is_begun_again(self):
        self.run_office()
        self.arrive(tell=False)
        self.imap.cut()
        self.wait_for_idle()
        self.assertEqual(self.imap.connections, 2)

    def test_an_expunge_in_an_idle_loses_nothing(self):
        self.run_office()
        first = self.imap.folders["INBOX"][0].uid
        self.imap.expunge(first)
        self.arrive()
        self.wait_for_idle()

    def test_a_server_whose_idle_never_holds_is_not_hammered(self):
        for deed, words in ((NO, "not today"), (DROP, ""), (BYE, "no")):
            with self.subTest(deed):
                self.run_office()
                before = self.imap.connections
                self.imap.trap("IDLE", deed, words, times=None)
                self.imap.cut()
                time.sleep(1)
                self.assertLessEqual(self.imap.connections - before, 2)
                self.end()

    def test_a_stop_in_an_idle_is_obeyed_at_once_and_says_goodbye(self):
        self.run_office()
        start = time.monotonic()
        self.end()
        self.assertLess(time.monotonic() - start, 2)
        self.assertEqual(self.imap.commands[-2:], [(1, "DONE"), (1, "LOGOUT")])

    def test_a_stop_in_the_middle_of_a_message_is_no_fault_of_the_message(self):
        """However often: it is not passed over, and comes whole in the end."""
        self.run_office(timeout=20)
        self.end()
        large = self.arrive(size=3 << 20)
        for _ in range(7):
            self.imap.trap("BODY", HALF, STALL, uid=large)
            heard = len(self.imap.commands)
            self.start()
            self.until(lambda: any("BODY" in line for _, line in self.imap.commands[heard:]))
            self.end()
        self.start()
        self.wait_for_idle()
        self.assertEqual(self.sql("SELECT count(*) FROM review WHERE reason = 'refused'"), [(0,)])

    def test_a_stop_does_not_wait_for_a_server_that_stalls(self):
        self.run_office(timeout=2)
        self.imap.trap("DONE", STALL)
        self.end(within=SLACK + 2)


if __name__ == "__main__":
    unittest.main()
