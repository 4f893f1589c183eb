"""A private Dovecot: the same configuration as root (it runs as nobody) and as an ordinary user."""
import base64
import collections
import datetime
import grp
import imaplib
import os
import pathlib
import pwd
import re
import signal
import subprocess
import time

from . import pki, system

BINARY = "/usr/sbin/dovecot"
Item = collections.namedtuple("Item", "uid flags size internaldate")

CONFIG = """\
base_dir = {dir}/run
state_dir = {dir}/run/state
instance_name = {dir}
log_path = {dir}/log/dovecot.log
info_log_path = {dir}/log/info.log
protocols = imap
listen = 127.0.0.1
default_login_user = {user}
default_internal_user = {user}
default_internal_group = {group}
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {dir}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={dir}/mail/%u
}}
first_valid_uid = {uid}
first_valid_gid = {gid}
mail_location = maildir:~/Maildir
mail_fsync = never
mail_max_userip_connections = 50
postmaster_address = postmaster@office.example
namespace inbox {{
  inbox = yes
  separator = /
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
"""
OWN_USER = "service {service} {{\n  user = {user}\n}}\n"


def encode_folder(name):
    """Modified UTF-7 (RFC 3501 §5.1.3)."""
    def packed(run):
        text = base64.b64encode(run.group().encode("utf-16-be")).decode().rstrip("=")
        return "&" + text.replace("/", ",") + "-"
    return re.sub(r"[^\x20-\x7e]+", packed, name.replace("&", "&-"))


def decode_folder(name):
    def plain(run):
        text = run.group(1).replace(",", "/")
        return base64.b64decode(text + "=" * (-len(text) % 4)).decode("utf-16-be") or "&"
    return re.sub(r"&([^-]*)-", plain, name)


def quoted(folder):
    return '"%s"' % encode_folder(folder).replace("\\", "\\\\").replace('"', '\\"')


def owner():
    """Who runs the server: (user, group, uid, gid)."""
    user = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
    return user.pw_name, grp.getgrgid(user.pw_gid).gr_name, user.pw_uid, user.pw_gid


class Dovecot:
    """One instance with its mailboxes. imaps_port has TLS from the start, imap_port STARTTLS (and
    plain text). Only stop() and start() lie between "down" and "up": ports and mail stay."""

    def __init__(self, work, keys, user, password, certificate=pki.GOOD):
        self.place = pathlib.Path(work) / "dovecot"
        self.directory = system.short_directory(self.place)
        self.keys, self.certificate = keys, certificate
        self.user, self.password = user, password
        self.imap_port = self.imaps_port = None
        self._process = self._connection = None
        for name in ("run", "log", "mail"):
            (self.directory / name).mkdir(exist_ok=True)
        if os.getuid() == 0:
            _, _, uid, gid = owner()
            os.chown(self.directory / "mail", uid, gid)
        system.at_exit(self.close)

    # ---- the process

    @property
    def pid(self):
        return self._process.pid

    def start(self):
        if self._process is not None:
            return self
        first = self.imap_port is None
        for _ in range(5):
            if first:
                self.imap_port, self.imaps_port = system.free_port(), system.free_port()
            self._write_config()
            if self._launch():
                return self
        raise RuntimeError("Dovecot does not start: " + self.log())

    def stop(self):
        """Down: connections are refused until start()."""
        self._disconnect()
        process, self._process = self._process, None
        if process is None:
            return
        self._signal(process, signal.SIGCONT)
        process.terminate()
        try:
            process.wait(0.3)  # an idle master would take a second
        except subprocess.TimeoutExpired:
            pass
        self._signal(process, signal.SIGKILL)
        process.wait()
        self._await(lambda: not self._any_port())  # its children take a moment to die

    def freeze(self):
        """The server stalls: the kernel still accepts connections, nobody answers."""
        self._disconnect()
        self._signal(self._process, signal.SIGSTOP)

    def thaw(self):
        self._signal(self._process, signal.SIGCONT)

    def restart(self, certificate=None, password=None):
        """Again with another certificate (a name of pki) or another password."""
        self.stop()
        self.certificate = certificate or self.certificate
        self.password = password if password is not None else self.password
        return self.start()

    def close(self):
        """Stops for good, and removes what lay outside the work directory."""
        self.stop()
        if self.place.is_symlink():
            system.remove(self.place)

    def log(self):
        logs = [self.directory / "log" / name for name in ("dovecot.log", "info.log")]
        return "".join(path.read_text(errors="replace") for path in logs if path.exists())

    def _launch(self):
        config = str(self.directory / "dovecot.conf")
        with open(self.directory / "log" / "start.log", "ab") as log:
            process = subprocess.Popen([BINARY, "-F", "-c", config], stdin=subprocess.DEVNULL,
                                       stdout=log, stderr=log, start_new_session=True,
                                       preexec_fn=system.die_with_parent)
        self._process = process
        if self._await(lambda: process.poll() is not None or self._both_ports()):
            if process.poll() is None:
                return True
        self.stop()
        return False

    def _any_port(self):
        return system.accepts(self.imap_port) or system.accepts(self.imaps_port)

    def _both_ports(self):
        return system.accepts(self.imap_port) and system.accepts(self.imaps_port)

    @staticmethod
    def _await(condition, seconds=10):
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return True

    @staticmethod
    def _signal(process, number):
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            pass

    def _write_config(self):
        user, group, uid, gid = owner()
        certificate, key = self.keys.certificate(self.certificate)
        text = CONFIG.format(dir=self.directory, user=user, group=group, uid=uid, gid=gid,
                             certificate=certificate, key=key, port=self.imap_port,
                             tls_port=self.imaps_port)
        if os.getuid() != 0:
            for service in ("imap", "auth", "auth-worker", "indexer-worker"):
                text += OWN_USER.format(service=service, user=user)
        (self.directory / "dovecot.conf").write_text(text)
        users = self.directory / "users"
        users.write_text("%s:{PLAIN}%s\n" % (self.user, self.password))
        if os.getuid() == 0:
            os.chown(users, uid, gid)
        users.chmod(0o600)

    # ---- the mailbox, as its owner sees it

    def connection(self):
        if self._connection is None:
            self._connection = imaplib.IMAP4(system.LOOPBACK, self.imap_port, 30)
            self._connection.login(self.user, self.password)
        return self._connection

    def append(self, folder, data, when):
        """Puts a message (bytes) in a folder with an exact INTERNALDATE (an aware datetime) and
        returns its UID. The bytes go as they are: lines should end in CRLF."""
        if when.tzinfo is None:
            raise ValueError("an INTERNALDATE needs a time zone")
        connection = self.connection()
        connection.literal = data  # imaplib's own append would rewrite the line ends
        date = imaplib.Time2Internaldate(when)
        answer = self._must(connection._simple_command("APPEND", quoted(folder), "()", date))
        return int(re.search(rb"APPENDUID \d+ (\d+)", answer[-1]).group(1))

    def create(self, folder):
        if folder not in self.folders():
            self._must(self.connection().create(quoted(folder)))

    def folders(self):
        lines = self._must(self.connection().list())
        names = [re.search(r' "?/"? (?:"(.*)"|(\S+))$', line.decode()) for line in lines if line]
        return [decode_folder(found.group(1) or found.group(2)) for found in names]

    def list(self, folder="INBOX"):
        """All messages of a folder as Item(uid, flags, size, internaldate), reading none."""
        connection = self._select(folder, True)
        lines = self._must(connection.uid("FETCH", "1:*", "(FLAGS RFC822.SIZE INTERNALDATE)"))
        self._must(connection.unselect())
        return [_item(line) for line in lines if line]

    def fetch(self, uid, folder="INBOX"):
        connection = self._select(folder, True)
        lines = self._must(connection.uid("FETCH", str(uid), "(BODY.PEEK[])"))
        self._must(connection.unselect())
        return next((line[1] for line in lines if isinstance(line, tuple)), None)

    def expunge(self, folder, *uids):
        """Removes messages for good; without UIDs all of them."""
        connection = self._select(folder, False)
        which = ",".join(map(str, uids)) or "1:*"
        self._must(connection.uid("STORE", which, "+FLAGS.SILENT", r"(\Deleted)"))
        self._must(connection.expunge())
        self._must(connection.unselect())

    def uidvalidity(self, folder="INBOX"):
        answer = self._must(self.connection().status(quoted(folder), "(UIDVALIDITY)"))
        return int(re.search(rb"UIDVALIDITY (\d+)", answer[0]).group(1))

    def new_uidvalidity(self, folder="INBOX"):
        """As after a move to another server: the same mail, other UIDs, another UIDVALIDITY."""
        before = self.uidvalidity(folder)
        self._disconnect()
        maildir = self.directory / "mail" / self.user / "Maildir"
        if folder != "INBOX":
            maildir /= "." + encode_folder(folder).replace("/", ".")
        for path in [maildir / "dovecot-uidlist", *maildir.glob("dovecot.index*")]:
            if path.exists():
                path.unlink()
        after = self.uidvalidity(folder)
        if after == before:
            raise RuntimeError("UIDVALIDITY did not change")
        return after

    def _select(self, folder, readonly):
        connection = self.connection()
        self._must(connection.select(quoted(folder), readonly))
        return connection

    @staticmethod
    def _must(answer):
        status, data = answer
        if status != "OK":
            raise RuntimeError("Dovecot says %s %r" % (status, data))
        return data

    def _disconnect(self):
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.shutdown()


def _item(line):
    number = {key: int(re.search(rb"%s (\d+)" % key, line).group(1))
              for key in (b"UID", b"RFC822.SIZE")}
    flags = set(re.search(rb"FLAGS \((.*?)\)", line).group(1).decode().split())
    date = re.search(rb'INTERNALDATE "(.*?)"', line).group(1).decode().strip()
    when = datetime.datetime.strptime(date, "%d-%b-%Y %H:%M:%S %z")
    return Item(number[b"UID"], flags, number[b"RFC822.SIZE"], when)
