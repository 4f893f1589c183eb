"""A stand-in for an IMAP server that tells of a new message the moment it has it (Dovecot waits
half a second before it does): just enough for one client to log in, EXAMINE, IDLE and FETCH."""
import re
import socket
import ssl
import threading
import time

from servers import system

FETCH = re.compile(r"UID FETCH (\d+)(?::(\*|\d+))? (.*)", re.I)


class StandIn:
    """announce() puts a message in the mailbox and returns the moment at which it was told."""

    def __init__(self, keys):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(*keys.certificate("good"))
        self.messages, self.commands = [], []
        self.idling = threading.Event()
        self.lock = threading.Lock()
        self.tag = self.connection = None
        self.listener = socket.create_server((system.LOOPBACK, 0))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def announce(self, data):
        if not self.idling.wait(20):
            raise RuntimeError("the client does not IDLE: %r" % self.commands[-5:])
        with self.lock:
            self.idling.clear()
            self.messages.append(data)
            self.connection.sendall(b"* %d EXISTS\r\n" % len(self.messages))
            return time.monotonic()

    def close(self):
        self.listener.close()

    def serve(self):
        while True:
            try:
                plain, _ = self.listener.accept()
            except OSError:
                return
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                with self.context.wrap_socket(plain, server_side=True) as self.connection:
                    self.talk(self.connection.makefile("rb"))
            except OSError:
                pass

    def talk(self, lines):
        self.say("* OK ready")
        for line in lines:
            words = line.decode("utf-8", "replace").rstrip("\r\n")
            self.commands.append(words)
            if words.upper() == "DONE":
                with self.lock:
                    self.idling.clear()
                self.say(self.tag + " OK done")
                continue
            self.tag, command = words.split(" ", 1)
            if command.upper() == "LOGOUT":
                self.say("* BYE", self.tag + " OK bye")
                return
            self.obey(command)

    def obey(self, command):
        name = command.upper()
        fetch = FETCH.match(command)
        if name == "IDLE":
            self.say("+ idling")
            self.idling.set()
            return
        if name == "CAPABILITY":
            self.say("* CAPABILITY IMAP4rev1 IDLE")
        elif name.startswith("EXAMINE"):
            self.say("* %d EXISTS" % len(self.messages), "* 0 RECENT", "* FLAGS (\\Seen)",
                     "* OK [UIDVALIDITY 7] ok", "* OK [UIDNEXT %d] ok" % (len(self.messages) + 1))
        elif fetch:
            self.fetch(fetch)
        self.say(self.tag + " OK done")

    def fetch(self, asked):
        count = len(self.messages)
        first, last = int(asked.group(1)), asked.group(2) or asked.group(1)
        last = count if last == "*" else min(int(last), count)
        for uid in range(min(first, last), last + 1):
            data = self.messages[uid - 1]
            when = b'INTERNALDATE "12-Jun-2019 09:00:00 +0800"'
            answer = b"* %d FETCH (UID %d RFC822.SIZE %d %s" % (uid, uid, len(data), when)
            if "BODY" in asked.group(3).upper():
                answer += b" BODY[] {%d}\r\n%s" % (len(data), data)
            self.connection.sendall(answer + b")\r\n")

    def say(self, *lines):
        self.connection.sendall("".join(line + "\r\n" for line in lines).encode())
