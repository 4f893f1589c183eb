"""The figures of the daemon, on private servers and loopback:
/usr/bin/python3 bench.py PROGRAM DIR [PART...]
Ends with a table of what was wanted and what was measured; exit code 1 if something missed."""
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "e2e")]
import gauge  # noqa: E402
import mailbox  # noqa: E402
import maildir  # noqa: E402
import papers  # noqa: E402
from gauge import MB, Daemon, Watch  # noqa: E402
from servers import Lab, system  # noqa: E402
from servers.dovecot import Dovecot  # noqa: E402
from servers.lab import moment  # noqa: E402
from standin import StandIn  # noqa: E402

SMALL, LARGE, MANY = 5000, 200, 100_000
ENORMOUS = 60 * MB
UNITS, MATTERS = 30, 10
PARTS = ("reading", "enormous", "idle", "many", "papers", "maildir")
QUIET = 10  # seconds of doing nothing
LETTERS = 21  # for the median from APPEND to filed
POLLS = 3
ENOUGH = 20  # seconds for mbsync, then it is told to stop
ROUNDS, PATIENCE = 3, 8  # the median of three rounds, or of what fits in so many seconds
TRUST = pathlib.Path("/etc/ssl/certs/ca-certificates.crt")
FILED = ("SELECT (SELECT count(*) FROM message WHERE state = 'stored'),"
         " (SELECT count(*) FROM arrival)")


class Table:
    """Figure, target, measured, ok or MISSED."""

    def __init__(self):
        self.rows, self.missed, self.began = [], 0, time.monotonic()

    def add(self, figure, target, measured, good=None, note=""):
        verdict = "" if good is None else "ok" if good else "MISSED"
        self.missed += good is False
        self.rows.append((figure, target, measured, verdict, note))
        print("%4.0f s  %-58s %-14s %-16s %-7s %s" % (
            time.monotonic() - self.began, *self.rows[-1]), flush=True)

    def at_least(self, figure, target, measured, unit="", note=""):
        self.add(figure, ">= %s%s" % (format(target, ","), unit),
                 "%s%s" % (format(round(measured), ","), unit), measured >= target, note)

    def at_most(self, figure, target, measured, unit="", digits=1, note=""):
        self.add(figure, "<= %g%s" % (target, unit), "%.*f%s" % (digits, measured, unit),
                 measured <= target, note)

    def say(self):
        print("\n%-60s %-14s %-16s" % ("figure", "target", "measured"))
        for row in self.rows:
            print(("%-60s %-14s %-16s %-7s %s" % row).rstrip())


class BenchDovecot(Dovecot):
    """Dovecot that can be told to hide IDLE, and that logs what clients say where a folder for it
    exists."""
    hidden = False

    def _write_config(self):
        super()._write_config()
        with open(self.directory / "dovecot.conf", "a", encoding="ascii") as file:
            file.write("imap_idle_notify_interval = 29 mins  # no word without cause\n")
            file.write("protocol imap {\n  rawlog_dir = %s/mail/%s/rawlog\n}\n" % (
                self.directory, self.user))
            if self.hidden:
                file.write("imap_capability = IMAP4rev1 LITERAL+ ID UIDPLUS\n")


class Bench:
    def __init__(self, lab):
        self.lab, self.table = lab, Table()
        self.trust = lab.directory / "trust.pem"
        system_trust = TRUST.read_text() if TRUST.exists() else ""
        self.trust.write_text(system_trust + lab.pki.ca_file.read_text())
        self.template = lab.directory / "template"

    # ---- offices

    def configure(self, office, folders, **more):
        """As in service, with the whole trust store of the system to hold."""
        ca = {"ca_file": str(self.trust)}
        given = {"imap": {**ca, "folders": folders, **more.pop("imap", {})}, "smtp": ca,
                 "wecom": {"url": None, "ca_file": None}, "deliver": {"send": "hold"},
                 "receive": {"since": "2000-01-01 00:00", "poll": "300"}}
        for group, keys in more.items():
            given.setdefault(group, {}).update(keys)
        self.lab.write_config(office, **given)

    def make_template(self):
        """An office of thirty units with ten matters whose notices are out (held)."""
        self.configure(self.template, "Live")
        self.lab.lianluo("init", directory=self.template)
        lines = ["代码,单位,邮箱,角色"]
        lines += ["u%02d,市第%d成员单位,llr@u%02d.example," % (i, i, i) for i in range(UNITS)]
        roster = self.template / "roster.csv"
        roster.write_text("\n".join(lines) + "\n", encoding="utf-8")
        self.lab.lianluo("unit", "import", roster, directory=self.template)
        notice = self.template / "notice.txt"
        notice.write_text("各成员单位：请研究并于期限前反馈修改意见，逾期将视为无异议。\n",
                          encoding="utf-8")
        deadline = time.strftime("%Y-%m-%d", time.localtime(time.time() + 20 * 86400))
        for number in range(1, MATTERS + 1):
            self.lab.lianluo("matter", "new", "--title", "关于征求第%d号文件意见的通知" % number,
                             "--notice", notice, "--deadline", deadline, "--require", "electronic",
                             "--silence", "deemed", directory=self.template)
            self.lab.lianluo("matter", "issue", number, directory=self.template)
        self.lab.lianluo("tick", directory=self.template)

    def notices(self):
        rows = []
        database = gauge.sqlite3.connect(self.template / "lianluo.db")
        for code, subject, message_id in database.execute(
                "SELECT unit.code, subject, message_id FROM outbox JOIN unit ON unit.id = unit"
                " WHERE kind = 'notice' ORDER BY outbox.id"):
            rows.append({"subject": subject, "message_id": message_id,
                         "address": "llr@%s.example" % code})
        database.close()
        assert len(rows) == UNITS * MATTERS, len(rows)
        return rows

    def office(self, name, folders, **more):
        place = self.lab.directory / name
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(self.template, place)
        self.configure(place, folders, **more)
        return place

    # ---- the figures

    def first_reading(self):
        """5,200 messages: received, durable, parsed and filed; the daemon stays for idle()."""
        total, times, peaks = SMALL + LARGE, [], []
        while True:
            daemon = Daemon(self.lab, self.office("work", "INBOX"))
            times.append(daemon.wait_for(FILED, (0, total), 60))
            peaks.append(daemon.peak.private)
            cpu = daemon.cpu()
            if len(times) == ROUNDS or sum(times) > PATIENCE:
                break
            daemon.stop()
        seconds = statistics.median(times)
        self.table.at_least("run: 5,200 messages received, durable, parsed, filed", 2000,
                            total / seconds, "/s", "%.2f s (%s), cpu %.2f s" % (
                                seconds, ", ".join("%.2f" % t for t in times), cpu))
        self.table.at_most("    peak private memory", 24, max(peaks) / MB, " MB")
        verdicts = gauge.ask(daemon.office, "SELECT group_concat(v) FROM (SELECT verdict || ' ' ||"
                             " count(*) AS v FROM message GROUP BY verdict)")[0]
        self.table.add("    verdicts", "", verdicts)
        office = self.office("tick", "INBOX")
        seconds, cpu, peak = gauge.run(self.lab.command("tick", directory=office),
                                       self.lab.environment())
        assert gauge.ask(office, FILED) == (0, total), gauge.ask(office, FILED)
        self.table.at_least("tick: the same in one thread", 2000, total / seconds, "/s",
                            "%.2f s, cpu %.2f s, peak %.1f MB" % (seconds, cpu, peak / MB))
        return daemon, statistics.median(times)

    def mbsync(self, ours):
        """The same mailbox, copied only."""
        if shutil.which("mbsync") is None:
            self.table.add("mbsync", "", "not installed", None, "apt install isync")
            return
        for fsync in ("no", "yes"):
            times = []
            while len(times) < ROUNDS and sum(times) < PATIENCE:
                place = self.lab.directory / "mbsync"
                shutil.rmtree(place, ignore_errors=True)
                place.mkdir()
                config = place / "mbsyncrc"
                config.write_text(MBSYNC.format(
                    fsync=fsync, port=self.lab.imap.imaps_port, user=self.lab.address,
                    password=self.lab.password, ca=self.lab.pki.ca_file, place=place))
                seconds, _, _ = gauge.run(["timeout", ENOUGH, "mbsync", "-q", "-c", config,
                                              "all"], codes=(0, 124))
                copied = sum(len(os.listdir(place / "INBOX" / part)) for part in ("new", "cur"))
                assert copied == SMALL + LARGE or seconds >= ENOUGH, copied
                times.append(seconds * (SMALL + LARGE) / copied)
            seconds = statistics.median(times)
            self.table.add("mbsync, FSync %s: the same mailbox, copied only" % fsync, "",
                           "%s/s" % format(round((SMALL + LARGE) / seconds), ","), None,
                           "%.2f s%s; run takes %.2f of it" % (
                               seconds, "" if copied == SMALL + LARGE else
                               " (reckoned from %d in %d s)" % (copied, ENOUGH), ours / seconds))
        shutil.rmtree(place)

    def enormous(self):
        daemon = Daemon(self.lab, self.office("sixty", "Sixty"))
        seconds = daemon.wait_for(FILED, (0, 1), 60)
        daemon.stop()
        self.table.at_most("a message of 60 MB: peak private memory", 24,
                           daemon.peak.private / MB, " MB", note="%.2f s" % seconds)

    def idle(self, used):
        """Two daemons at once: one that has just read 5,200 messages, one that has just sent its
        notices. No thread may wake up."""
        fresh = Daemon(self.lab, self.office("live", "Live", deliver={"send": "live"}))
        fresh.wait_for("SELECT count(*) FROM outbox WHERE state = 'sent' AND kind = 'notice'",
                       (UNITS * MATTERS,), 60, 0.05)
        time.sleep(2)
        daemons = [("after its notices", fresh)]
        if used is not None:
            daemons.append(("after 5,200 messages", used))
        before = [(daemon.wakeups(), daemon.cpu()) for _, daemon in daemons]
        time.sleep(QUIET)
        for (name, daemon), (wakeups, cpu) in zip(daemons, before):
            private, resident = daemon.memory()
            woken = {task: n - wakeups.get(task, 0) for task, n in daemon.wakeups().items()}
            self.table.at_most("idle %s: private" % name, 12, private / MB, " MB")
            self.table.at_most("    resident", 24, resident / MB, " MB")
            self.table.at_most("    wake-ups in %d s, %d threads" % (QUIET, len(woken)), 0,
                               sum(woken.values()), "", 0, "cpu %.2f s" % (daemon.cpu() - cpu))
        if used is not None:
            used.stop()
        return fresh

    def one_by_one(self, daemon, send):
        """Seconds from what send() returns to filed, for a few letters, one after the other."""
        watch = Watch(daemon.office, "SELECT count(*) FROM message WHERE state <> 'stored'")
        have, times = watch.answer(), []
        texts = mailbox.answers(self.notices(), LETTERS, 1)
        for number, data in zip(range(LETTERS), texts):
            began = send(data.replace(b"bench-", b"live-"))
            times.append(watch.until(have + number + 1) - began)
            time.sleep(0.1)  # back to IDLE
        return times

    def append_to_filed(self, daemon):
        def append(data):
            began = time.monotonic()
            self.lab.imap.append("Live", data, moment("2019-06-12 09:00"))
            return began

        times = self.one_by_one(daemon, append)
        daemon.stop()
        self.say_times("from APPEND on Dovecot to filed, median", times, None,
                       "; Dovecot itself waits 500 ms before it tells")
        server = StandIn(self.lab.pki)
        office = self.office("told", "Live", imap={"port": str(server.port)})
        daemon = Daemon(self.lab, office)
        times = self.one_by_one(daemon, server.announce)
        daemon.stop()
        server.close()
        self.say_times("from EXISTS (told at once) to filed, median", times, 200, "")

    def say_times(self, figure, times, target, note):
        note = "%.0f to %.0f ms%s" % (min(times) * 1000, max(times) * 1000, note)
        median = statistics.median(times) * 1000
        if target is None:
            self.table.add(figure, "(<= 700 ms)", "%.0f ms" % median, median <= 700, note)
        else:
            self.table.at_most(figure, target, median, " ms", 0, note)

    def nothing_new(self):
        """100,000 messages, read once; then only what it costs to see that there is nothing."""
        mailbox.fill(self.lab.imap, "Many", mailbox.tiny(MANY))
        self.lab.imap.hidden = True
        self.lab.imap.restart()
        self.lab.imap.list("Many")
        daemon = Daemon(self.lab, self.office("many", "Many", receive={"poll": "5"}))
        seconds = daemon.wait_for(FILED, (0, MANY), 240, 0.2)
        self.table.add("100,000 tiny messages: first reading", "", "%.1f s" % seconds, None,
                       "%s/s, peak private %.1f MB" % (format(round(MANY / seconds), ","),
                                                       daemon.peak.private / MB))
        time.sleep(1)
        daemon.stop()
        lines = self.polls(daemon.office)
        commands = [words for _, words in lines]
        polls = [i for i, words in enumerate(commands) if words.startswith("EXAMINE")][1:]
        between = commands[polls[0]:]
        self.table.at_most("    then nothing new: commands on the kept connection per poll", 1,
                           len(between) / len(polls), "", 2, "%d polls: %s" % (
                               len(polls), sorted(set(w.split()[0] for w in between))))
        self.table.add("    one poll, all told", "", "%.1f ms" % (
            statistics.median(self.trips) * 1000), None, "server's answer; daemon's cpu %.1f ms" % (
                self.poll_cpu * 1000))

    def polls(self, office):
        """A second start, logged by the server: the commands of its session with their moments."""
        rawlog = self.lab.imap.directory / "mail" / self.lab.address / "rawlog"
        rawlog.mkdir()
        rawlog.chmod(0o777)
        daemon = Daemon(self.lab, office)
        daemon.wait_for("SELECT count(*) FROM folder WHERE name = 'Many' AND read_at IS NOT NULL",
                        (1,), 30)
        time.sleep(2)
        cpu = daemon.cpu()
        time.sleep(POLLS * 6)
        self.poll_cpu = (daemon.cpu() - cpu) / POLLS
        sent, told = (self.session(rawlog, end) for end in ("in", "out"))
        daemon.stop()
        asked, answered = {}, {}
        for at, line in sent:
            asked.setdefault(line.split(" ", 1)[0], (at, line.split(" ", 1)[-1]))
        for at, line in told:
            answered.setdefault(line.split(" ", 1)[0], at)
        self.trips = [answered[tag] - at for tag, (at, words) in asked.items()
                      if words.startswith("EXAMINE") and tag in answered][1:]
        return [asked[tag] for tag in asked]

    @staticmethod
    def session(rawlog, end):
        """The lines of the one session: (moment, words)."""
        lines = []
        for path in sorted(rawlog.glob("*." + end)):
            for line in path.read_text(errors="replace").splitlines():
                at, _, words = line.partition(" ")
                lines.append((float(at), words))
        return lines

    def small_commands(self):
        """What a tick with nothing to do and a look at a matter cost, in the office that holds
        5,200 messages."""
        for name, words, which in (("tick with nothing to do: cpu", ("tick",), 1),
                                   ("status: wall", ("status", "1"), 0)):
            command = self.lab.command(*words, directory=self.lab.directory / "tick")
            runs = [gauge.run(command, self.lab.environment(), False) for _ in range(5)]
            mine = statistics.median(run[which] for run in runs) * 1000
            other = statistics.median(run[1 - which] for run in runs) * 1000
            self.table.add(name, "", "%.0f ms" % mine, None, "%s %.0f ms" % (
                ("wall", "cpu")[1 - which], other))

    # ---- inspect, which needs no office

    def one_process(self, name, command, names):
        """Reads all the mails in one process: (seconds, those of the processor, private bytes)."""
        with open(names, "rb") as given, open(os.devnull, "wb") as away:
            began = time.monotonic()
            process = subprocess.Popen(list(map(str, command)), stdin=given, stdout=away,
                                       preexec_fn=system.die_with_parent)
            peak = gauge.Peak(process.pid)
            _, status, used = os.wait4(process.pid, 0)
            seconds = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0, (name, process.returncode)
        return seconds, used.ru_utime + used.ru_stime, peak.stop()

    def maildir(self):
        """20,000 mixed mails: inspect beside Python's email and beside GMime, which only parses
        and decodes; notmuch, which indexes, for orientation. Inspect also judges and reads the PDFs
        in programs of their own, and does so on every core."""
        place = self.lab.directory / "maildir"
        count, size = maildir.generate(place / "cur", mailbox.answers)
        names = self.lab.directory / "names"
        names.write_text("".join("%s\n" % path for path in sorted((place / "cur").iterdir())))
        alone = self.lab.directory / "gmime_alone"
        flags = subprocess.check_output(["pkg-config", "--cflags", "--libs", "gmime-3.0"])
        subprocess.run(["gcc", "-O2", "-o", alone, HERE / "gmime_alone.c",
                        *flags.decode().split()], check=True)
        commands = {"lianluo inspect": [os.environ["LIANLUO"], "inspect", "-"],
                    "GMime alone": [alone],
                    "Python's email": ["/usr/bin/python3", HERE / "maildir.py", place / "cur"]}
        rounds = {name: [] for name in commands}
        for number in range(ROUNDS):  # in turn, so that a busy minute is everybody's
            for name, command in commands.items():
                if number == 0 or not name.startswith("Python"):
                    rounds[name].append(self.one_process(name, command, names))
        taken = {}
        for name, runs in rounds.items():
            taken[name], cpu, _ = map(statistics.median, zip(*runs))
            self.table.add("%s: %s mails, %.0f MB" % (name, format(count, ","), size / 1e6), "",
                           "%s/s" % format(round(count / taken[name]), ","), None,
                           "%.2f s, cpu %.2f s, peak private %.1f MB" % (
                               taken[name], cpu, max(peak for *_, peak in runs) / MB))
        ours = taken["lianluo inspect"]
        self.table.at_least("    inspect beside Python's email", 5,
                            taken["Python's email"] / ours, " x")
        self.table.add("    inspect beside GMime alone", ">= 0.5 x", "%.2f x" % (
            taken["GMime alone"] / ours), taken["GMime alone"] / ours >= 0.5)
        self.notmuch(place, count)
        shutil.rmtree(place)

    def notmuch(self, place, count):
        if shutil.which("notmuch") is None:
            self.table.add("notmuch new: the same mails", "", "not installed", None,
                           "apt install notmuch")
            return
        config = self.lab.directory / "notmuch-config"
        config.write_text("[database]\npath=%s\n[user]\nname=x\nprimary_email=x@office.example\n"
                          % place)
        seconds, _, peak = gauge.run(["notmuch", "--config=%s" % config, "new", "--quiet"])
        self.table.add("notmuch new: the same mails, indexed", "", "%s/s" % format(
            round(count / seconds), ","), None, "%.2f s, peak private %.1f MB" % (
                seconds, peak / MB))

    def run(self, parts):
        imap = self.lab.imap
        imap.create("Live")
        self.make_template()
        used = None
        if "reading" in parts:
            size = mailbox.fill(imap, "INBOX", mailbox.answers(self.notices(), SMALL, LARGE))
            print("  mailbox: %s messages, %.1f MB" % (format(SMALL + LARGE, ","), size / 1e6))
            imap.list("INBOX")  # warms the server's index
            used, seconds = self.first_reading()
            self.mbsync(seconds)
            self.small_commands()
        if "enormous" in parts:
            mailbox.fill(imap, "Sixty", mailbox.enormous(ENORMOUS))
            imap.list("Sixty")
            self.enormous()
        if "idle" in parts:
            self.append_to_filed(self.idle(used))
        if "many" in parts:
            self.nothing_new()
        if "papers" in parts:
            papers.reading(self.lab.directory, self.table)
        if "maildir" in parts:
            self.maildir()


MBSYNC = """\
FSync {fsync}
IMAPAccount bench
Host localhost
Port {port}
User {user}
Pass {password}
SSLType IMAPS
CertificateFile {ca}

IMAPStore far
Account bench

MaildirStore near
Path {place}/
Inbox {place}/INBOX

Channel all
Far :far:
Near :near:
Sync Pull
Create Near
SyncState {place}/state
Patterns INBOX
"""


def main():
    parts = sys.argv[3:] or PARTS
    if len(sys.argv) < 3 or not set(parts) <= set(PARTS):
        sys.exit("usage: /usr/bin/python3 tests/bench/bench.py PROGRAM DIR [%s]" % "|".join(PARTS))
    began = time.monotonic()
    os.environ["LIANLUO"] = str(pathlib.Path(sys.argv[1]).absolute())
    place = pathlib.Path(sys.argv[2]).absolute()
    if place.exists():
        system.remove(place / "dovecot")
        shutil.rmtree(place)
    place.mkdir(parents=True)
    lab = Lab(place)
    lab.imap = BenchDovecot(place, lab.pki, lab.address, lab.password)
    with lab:
        bench = Bench(lab)
        bench.run(parts)
    bench.table.say()
    print("\n%d missed; %.0f s in all; load of the machine %.1f on %d cores" % (
        bench.table.missed, time.monotonic() - began, os.getloadavg()[0], os.cpu_count()))
    shutil.rmtree(place, ignore_errors=True)
    sys.exit(bench.table.missed > 0)


if __name__ == "__main__":
    main()
