"""A stand-in for the webhook of a WeCom group robot, strict about the limits that are documented
(bytes, messages a minute, JSON, sizes of files). It keeps what it accepts, and misbehaves on
demand."""
import collections
import datetime
import http.server
import json
import pathlib
import re
import ssl
import threading
import time
import urllib.parse

from . import pki, script, system

KEY = "00000000-1111-4222-8333-444444444444"
PATH = "/cgi-bin/webhook/send"
UPLOAD = "/cgi-bin/webhook/upload_media"
PER_MINUTE = 20
SHORTEST_FILE, LONGEST_FILE = 6, 20 * 1024 * 1024  # bytes
LIMITS = {"text": 2048, "markdown": 4096, "markdown_v2": 4096}  # bytes of UTF-8
WORDS = {
    0: "ok", -1: "system busy", 40006: "invalid file size", 40007: "invalid media_id",
    40008: "invalid message type", 40033: "invalid charset", 40035: "invalid parameter",
    40058: "invalid parameter", 43002: "require POST method", 44004: "empty content",
    45009: "api freq out of limit", 45033: "api concurrent out of limit",
    93000: "invalid webhook url", 93004: "robot disabled", 93008: "robot not in group",
}
ESCAPE = re.compile(rb"(?<!\\)(?:\\\\)*\\u[0-9A-Fa-f]{4}")
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# content of a file is its name; mentioned: user ids and mobile numbers; file: bytes or None
Push = collections.namedtuple("Push", "number key msgtype content time mentioned file")


class Refused(Exception):
    def __init__(self, errcode, hint=None):
        super().__init__(errcode)
        self.errcode, self.hint = errcode, hint


def read_upload(content_type, body):
    """(name, bytes) of the one file in a form, or Refused."""
    boundary = re.fullmatch(r'multipart/form-data; boundary="?([^"]+)"?', content_type)
    pieces = body.split(b"--" + boundary[1].encode()) if boundary else []
    if len(pieces) != 3 or b"\r\n\r\n" not in pieces[1]:  # before, the one part, after
        raise Refused(40035, "no form with one part")
    head, content = pieces[1][2:-2].split(b"\r\n\r\n", 1)
    named = re.search(rb'form-data; name="media"; filename="([^"]+)"', head)  # raw UTF-8
    if not named:
        raise Refused(40035, "no media with a name")
    if not SHORTEST_FILE <= len(content) <= LONGEST_FILE:
        raise Refused(40006, "file of %d bytes" % len(content))
    return named[1].decode(), content


def read_message(body):
    """The message in a request's body, or Refused."""
    if ESCAPE.search(body):
        raise Refused(40033, "request parameter includes \\uxxxx characters")
    try:
        message = json.loads(body.decode())
    except UnicodeDecodeError:
        raise Refused(40033, "not UTF-8") from None
    except ValueError:
        raise Refused(40008, "wrong json format") from None
    kind = message.get("msgtype") if isinstance(message, dict) else None
    if kind not in LIMITS and kind != "file":
        raise Refused(40008)
    part = message.get(kind)
    if kind == "file" and isinstance(part, dict) and isinstance(part.get("media_id"), str):
        return kind, part["media_id"], []
    content = part.get("content") if isinstance(part, dict) else None
    if content is None or content == "":
        raise Refused(44004)
    if not isinstance(content, str):
        raise Refused(40035)
    if CONTROL.search(content):
        raise Refused(40033)
    if len(content.encode()) > LIMITS[kind]:
        raise Refused(40058, "%s.content exceed max length %d" % (kind, LIMITS[kind]))
    for name in ("mentioned_list", "mentioned_mobile_list"):
        if not all(isinstance(text, str) for text in part.get(name, [])):
            raise Refused(40035)
    return kind, content, part.get("mentioned_list", []) + part.get("mentioned_mobile_list", [])


class Request(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self):
        if isinstance(self.request, ssl.SSLSocket):
            self.request.do_handshake()
        super().setup()

    def do_GET(self):
        self.say(404 if self.url().path != PATH else 200, 43002)

    def do_POST(self):
        owner = self.server.owner
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.url().path not in (PATH, UPLOAD):
            return self.say(404, 0)
        rule = owner.script.take("push" if self.url().path == PATH else "upload")
        try:
            if rule is not None and not rule.keep:
                return self.perform(rule)
            kind = self.headers.get("Content-Type", "")
            more = {}
            if self.url().path == PATH:
                owner.accept(self.key(), kind, body)
            else:
                more = {"type": "file", "media_id": owner.store(self.key(), kind, body)}
            if rule is not None:
                return self.perform(rule)
            return self.say(200, 0, **more)
        except Refused as refusal:
            owner.refused.append(refusal.errcode)
            return self.say(200, refusal.errcode, refusal.hint)

    def url(self):
        return urllib.parse.urlsplit(self.path)

    def key(self):
        return urllib.parse.parse_qs(self.url().query).get("key", [""])[0]

    def perform(self, rule):
        """An int from 100 to 599 is a status of HTTP, another an errcode; a str is a body."""
        if rule.reply == script.STALL:
            self.server.owner.stopping.wait(rule.seconds)
        if rule.reply in (script.STALL, script.CLOSE):
            self.close_connection = True
        elif isinstance(rule.reply, str):
            self.send(200, rule.reply.encode())
        elif 100 <= rule.reply <= 599:
            self.send(rule.reply, b"<html>gateway</html>")
        else:
            self.say(200, rule.reply)

    def say(self, status, errcode, hint=None, **more):
        words = WORDS.get(errcode, "error") + (", hint: [%s]" % hint if hint else "")
        if errcode > 0:
            words += ", more info at https://open.work.weixin.qq.com/devtool/query?e=%d" % errcode
        self.send(status, json.dumps({"errcode": errcode, "errmsg": words, **more}).encode())

    def send(self, status, body):
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=UTF-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    owner = None

    def get_request(self):
        connection, address = super().get_request()
        connection.settimeout(30)
        self.owner.connections += 1
        if self.owner.context is not None:  # the handshake is done in the connection's own thread
            connection = self.owner.context.wrap_socket(connection, server_side=True,
                                                        do_handshake_on_connect=False)
        self.owner.open.add(connection)
        return connection, address

    def shutdown_request(self, request):
        self.owner.open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request, client_address):
        pass  # a client that hung up or did not like our certificate


class Wecom:
    """Accepted pushes are in `pushes` (and as files), the errcodes of refused ones in `refused`."""

    def __init__(self, work, keys, certificate=pki.GOOD, tls=True, key=KEY):
        self.directory = pathlib.Path(work) / "wecom"
        self.directory.mkdir(parents=True, exist_ok=True)
        self.keys, self.certificate, self.tls, self.key = keys, certificate, tls, key
        self.clock = time.monotonic  # what a minute is measured by
        self.script = script.Script()
        self.pushes, self.refused, self.open, self.media = [], [], set(), {}
        self.connections = 0
        self.port = self.context = self._server = self._thread = None
        self.stopping = threading.Event()
        self._lock = threading.Lock()
        self._calls = collections.deque()
        system.at_exit(self.stop)

    @property
    def url(self):
        return "%s://localhost:%d%s?key=%s" % ("https" if self.tls else "http", self.port, PATH,
                                               self.key)

    def answer(self, reply, times=None, keep=False, seconds=60, stage="push"):
        """From now on (or for the next `times` pushes), answers an errcode (45009), a status of
        HTTP (502), a body ("no json"), STALL or CLOSE. keep: what was pushed reached the group.
        stage: push or upload."""
        return self.script.add(script.Rule(reply, stage, times=times, keep=keep, seconds=seconds))

    def store(self, key, content_type, body):
        """Takes an uploaded file and gives its media_id."""
        if key != self.key:
            raise Refused(93000)
        with self._lock:
            self._count()
            media = "3a%06d" % (len(self.media) + 1)
            self.media[media] = read_upload(content_type, body)
            return media

    def accept(self, key, content_type, body):
        if key != self.key:
            raise Refused(93000)
        with self._lock:
            self._count()
            if not content_type.lower().startswith("application/json"):
                raise Refused(40035, "Content-Type")
            kind, content, mentioned = read_message(body)
            file = None
            if kind == "file":
                if content not in self.media:
                    raise Refused(40007)
                content, file = self.media[content]
            push = Push(len(self.pushes) + 1, key, kind, content,
                        datetime.datetime.now(datetime.timezone.utc), mentioned, file)
            (self.directory / ("%04d.md" % push.number)).write_text(content, encoding="utf-8")
            self.pushes.append(push)

    def _count(self):
        """Refused calls count, too."""
        now = self.clock()
        while self._calls and self._calls[0] <= now - 60:
            self._calls.popleft()
        if len(self._calls) >= PER_MINUTE:
            raise Refused(45009)
        self._calls.append(now)

    def start(self):
        if self._server is not None:
            return self
        self.context = None
        if self.tls:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(*self.keys.certificate(self.certificate))
        first = self.port is None
        for attempt in range(5):
            port = system.free_port() if first else self.port
            try:
                self._server = Server((system.LOOPBACK, port), Request)
                break
            except OSError:
                if attempt == 4:
                    raise
        self.port = port
        self._server.owner = self
        self.stopping.clear()
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,),
                                        daemon=True)
        self._thread.start()
        return self

    def stop(self):
        server, self._server = self._server, None
        if server is None:
            return
        self.stopping.set()
        server.shutdown()
        server.server_close()
        self._thread.join(10)
        for connection in list(self.open):
            try:
                connection.shutdown(2)
            except OSError:
                pass

    def restart(self, certificate=None, tls=None):
        self.stop()
        self.certificate = certificate or self.certificate
        self.tls = self.tls if tls is None else tls
        return self.start()
