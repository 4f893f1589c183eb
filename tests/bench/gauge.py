"""What a process costs: memory while it runs, wake-ups of its threads, time of a command."""
import os
import pathlib
import resource
import signal
import sqlite3
import subprocess
import threading
import time

from servers import system
from servers.lab import ROOT

MB = 1024 * 1024


def status_of(pid, *keys, task=None):
    """Numbers from /proc/PID/status (kB and counts); None when the process is gone."""
    where = "/proc/%d/status" % pid if task is None else "/proc/%d/task/%s/status" % (pid, task)
    try:
        with open(where, encoding="ascii", errors="replace") as file:
            lines = dict(line.split(":", 1) for line in file if ":" in line)
        return [int(lines[key].split()[0]) for key in keys]
    except (OSError, KeyError):
        return None


class Peak(threading.Thread):
    """Samples private memory every few milliseconds: the kernel keeps no high mark of it."""

    def __init__(self, pid, pause=0.003):
        super().__init__(daemon=True)
        self.pid, self.pause = pid, pause
        self.private = self.samples = 0
        self.over = threading.Event()
        self.start()

    def run(self):
        while not self.over.is_set():
            numbers = status_of(self.pid, "RssAnon")
            if numbers is None:
                return
            self.private = max(self.private, numbers[0] * 1024)
            self.samples += 1
            time.sleep(self.pause)

    def stop(self):
        self.over.set()
        self.join()
        return self.private


class Daemon:
    """`lianluo run` in an office, with its peak."""

    def __init__(self, lab, office):
        self.office = office
        self.log = open(office / "run.log", "ab")
        self.began = time.monotonic()
        self.process = subprocess.Popen(lab.command("run", directory=office), cwd=ROOT,
                                        env=lab.environment(), stdout=self.log, stderr=self.log,
                                        preexec_fn=system.die_with_parent)
        self.pid = self.process.pid
        self.peak = Peak(self.pid)

    def wait_for(self, question, wanted, seconds, pause=0.01):
        """Until the database answers what is wanted; seconds since the start."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if ask(self.office, question) == wanted:
                return time.monotonic() - self.began
            if self.process.poll() is not None:
                raise RuntimeError("lianluo run ended: " + self.words())
            time.sleep(pause)
        raise RuntimeError("not %r within %d s: %r: %s" % (
            wanted, seconds, ask(self.office, question), self.words()))

    def words(self):
        return (self.office / "run.log").read_text(errors="replace")[-2000:]

    def memory(self):
        """(private, resident) now, in bytes."""
        return [number * 1024 for number in status_of(self.pid, "RssAnon", "VmRSS")]

    def wakeups(self):
        """Voluntary context switches of each thread so far."""
        return {task: status_of(self.pid, "voluntary_ctxt_switches", task=task)[0]
                for task in os.listdir("/proc/%d/task" % self.pid)}

    def cpu(self):
        with open("/proc/%d/stat" % self.pid, encoding="ascii") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self):
        self.peak.stop()
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(15)
        finally:
            self.process.kill()
            self.log.close()
        if code != 0:
            raise RuntimeError("lianluo run ended with %d: %s" % (code, self.words()))


def ask(office, question):
    """One row of the office's database, read beside the daemon."""
    path = pathlib.Path(office) / "lianluo.db"
    database = sqlite3.connect("file:%s?mode=ro" % path, uri=True, timeout=10)
    try:
        return database.execute(question).fetchone()
    finally:
        database.close()


class Watch:
    """The same question again and again on one connection, for times of milliseconds."""

    def __init__(self, office, question):
        path = pathlib.Path(office) / "lianluo.db"
        self.database = sqlite3.connect("file:%s?mode=ro" % path, uri=True, timeout=10)
        self.question = question

    def answer(self):
        return self.database.execute(self.question).fetchone()[0]

    def until(self, wanted, seconds=20):
        """The moment at which it is answered as wanted."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.answer() == wanted:
                return time.monotonic()
            time.sleep(0.0005)
        raise RuntimeError("%s is %r, not %r, after %d s" % (self.question, self.answer(), wanted,
                                                          seconds))


def run(command, env=None, sample=True, codes=(0, 3)):
    """Runs a command to its end: (seconds, cpu seconds, peak private bytes)."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    process = subprocess.Popen(list(map(str, command)), cwd=ROOT, env=env,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               preexec_fn=system.die_with_parent)
    peak = Peak(process.pid) if sample else None
    words = process.communicate(timeout=170)[0]
    seconds = time.monotonic() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode not in codes:
        raise RuntimeError("%s: %d: %s" % (command[0], process.returncode,
                                           words.decode(errors="replace")[-2000:]))
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, cpu, peak.stop() if peak else 0
