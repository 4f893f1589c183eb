"""All servers of one office together, its lianluo.conf, and the program itself."""
import dataclasses
import datetime
import json as json_module
import os
import pathlib
import subprocess

from . import pki, system
from .dovecot import Dovecot
from .smtp import Smtp
from .wecom import Wecom

ROOT = pathlib.Path(__file__).resolve().parents[3]
CHINA = datetime.timezone(datetime.timedelta(hours=8))
ADDRESS = "kxsz@office.example"
PASSWORD = "lab-code"
JUNK = "垃圾邮件"
SANITIZER_EXIT = 99
SANITIZERS = {
    "ASAN_OPTIONS": "detect_leaks=1:exitcode=%d" % SANITIZER_EXIT,
    "LSAN_OPTIONS": "exitcode=%d" % SANITIZER_EXIT,
    "UBSAN_OPTIONS": "print_stacktrace=1:exitcode=%d" % SANITIZER_EXIT,
}
FINDINGS = ("Sanitizer:", "runtime error:")


@dataclasses.dataclass
class Result:
    """What one run of the program left."""
    args: list
    code: int
    stdout: str
    stderr: str

    @property
    def data(self):
        """Standard output as JSON; a list of objects where there are several lines."""
        lines = [json_module.loads(line) for line in self.stdout.splitlines()]
        return lines[0] if len(lines) == 1 else lines

    def __str__(self):
        return "%s\nexit code %d\n--- stdout\n%s--- stderr\n%s" % (
            " ".join(map(str, self.args)), self.code, self.stdout, self.stderr)


def moment(text):
    """'2019-06-12 09:30' in the office's zone."""
    return datetime.datetime.fromisoformat(text).replace(tzinfo=CHINA)


class Lab:
    """`with Lab() as lab:` runs Dovecot (lab.imap), an SMTP server (lab.smtp) and a stand-in for
    WeCom (lab.wecom). All files are below the given directory, else below one that goes away."""

    def __init__(self, directory=None, address=ADDRESS, password=PASSWORD, deliver_back=True,
                 wecom_tls=True):
        self._own = directory is None
        self.directory = system.new_directory() if self._own else pathlib.Path(directory)
        self.directory = self.directory.absolute()
        if self._own:
            self.directory.chmod(0o711)  # Dovecot runs as another user
        self.address, self.password = address, password
        self.office = self.directory / "office"
        self.now = None  # the last --at
        self.pki = pki.Pki(self.directory / "pki")
        self.imap = Dovecot(self.directory, self.pki, address, password)
        self.smtp = Smtp(self.directory, self.pki, address, password)
        self.wecom = Wecom(self.directory, self.pki, tls=wecom_tls)
        if deliver_back:
            self.smtp.on_mail = self._deliver_back
        system.at_exit(self.close)

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.close()

    def start(self):
        try:
            for server in (self.imap, self.smtp, self.wecom):
                server.start()
            self.imap.create(JUNK)
        except BaseException:
            self.close()
            raise
        return self

    def close(self):
        """Stops everything; a directory of our own goes away."""
        self.wecom.stop()
        self.smtp.stop()
        self.imap.close()
        if self._own:
            system.remove(self.directory)

    # ---- mail

    def receive(self, data, when, folder="INBOX"):
        """A mail (bytes, or an email.message) arrives at a moment ('2019-06-12 09:30'); its UID."""
        if not isinstance(data, bytes):
            data = data.as_bytes(policy=data.policy.clone(linesep="\r\n"))
        when = moment(when) if isinstance(when, str) else when
        return self.imap.append(folder, data, when)

    def _deliver_back(self, mail):
        """What the office sends to itself lies in its INBOX, as at every provider."""
        if mail in self.smtp.to(self.address):
            trace = "Return-Path: <%s>\r\nDelivered-To: %s\r\n" % (mail.sender, self.address)
            now = self.now or datetime.datetime.now(CHINA)
            self.imap.append("INBOX", trace.encode() + mail.data, now)

    # ---- the office

    def settings(self):
        """{group: {key: value}} of an office that uses these servers."""
        login = {"host": "localhost", "user": self.address, "password": self.password,
                 "ca_file": str(self.pki.ca_file), "security": "tls", "timeout": "10"}
        return {
            "office": {"name": "柳州市全民科学素质工作领导小组办公室", "address": self.address,
                       "hours": "08:00-18:00", "timezone": "Asia/Shanghai"},
            "imap": {**login, "port": str(self.imap.imaps_port), "folders": "INBOX;" + JUNK},
            "smtp": {**login, "port": str(self.smtp.tls_port)},
            "wecom": {"url": self.wecom.url, "ca_file": str(self.pki.ca_file)},
            "receive": {},
            "deliver": {"send": "live"},
            "schedule": {"reminders": "-3;-1;0;1", "grace": "1", "settle": "propose",
                         "digest": "08:30"},
        }

    def config(self, **overrides):
        """The text of lianluo.conf. Overrides are groups of keys, imap={"password": "x"}; None
        leaves a key out."""
        groups = self.settings()
        for group, keys in overrides.items():
            groups.setdefault(group, {}).update(keys)
        lines = []
        for group, keys in groups.items():
            lines.append("[%s]" % group)
            lines += ["%s = %s" % (key, value) for key, value in keys.items() if value is not None]
            lines.append("")
        return "\n".join(lines)

    def write_config(self, directory=None, **overrides):
        """Writes lianluo.conf, mode 0600, into an office's directory, which becomes the one that
        lianluo() uses."""
        self.office = pathlib.Path(directory or self.office).absolute()
        self.office.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self.office / "lianluo.conf"
        path.touch(0o600)
        path.chmod(0o600)
        path.write_text(self.config(**overrides), encoding="utf-8")
        return path

    def environment(self, **more):
        """As bare as cron's: no locale, no proxy; what the sanitizers find has an exit code of its
        own."""
        kept = {name: value for name, value in os.environ.items()
                if not name.lower().endswith("_proxy") and not name.startswith(("LC_", "LANG"))}
        return {**kept, **SANITIZERS, "LC_ALL": "C", **more}

    def command(self, *args, at=None, json=False, directory=None):
        binary = os.environ.get("LIANLUO", "build/lianluo")
        command = [str(ROOT / binary), *map(str, args), "-C", str(directory or self.office)]
        if json:
            command.append("--json")
        if at is not None:
            self.now = moment(at) if isinstance(at, str) else at
            command += ["--at", self.now.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")]
        return command

    def lianluo(self, *args, at=None, check=True, code=0, json=False, directory=None, input=None,
                env=None, timeout=120):
        """Runs the program in the office. With check the exit code must be `code`; a crash or a
        finding of a sanitizer is never right."""
        command = self.command(*args, at=at, json=json, directory=directory)
        # No preexec_fn here: with one Python forks all of itself for each of a thousand runs.
        done = subprocess.run(command, capture_output=True, input=input, timeout=timeout,
                              env=self.environment(**(env or {})), cwd=ROOT)
        result = Result(command, done.returncode, done.stdout.decode(), done.stderr.decode())
        crashed = result.code < 0 or result.code == SANITIZER_EXIT
        if crashed or any(word in result.stderr for word in FINDINGS):
            raise AssertionError("the program broke: %s" % result)
        if check and result.code != code:
            raise AssertionError("exit code %d was expected: %s" % (code, result))
        return result
