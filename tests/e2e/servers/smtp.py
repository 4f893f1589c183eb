"""An SMTP server (aiosmtpd) with TLS, AUTH and the manners of NetEase's, in a thread of ours. It
keeps what it accepts, and misbehaves on demand: see answer()."""
import asyncio
import dataclasses
import datetime
import email
import email.policy
import email.utils
import functools
import logging
import pathlib
import ssl
import threading

from aiosmtpd.smtp import SMTP, AuthResult

from . import pki, script, system

SIZE_LIMIT = 71680000
logging.getLogger("mail.log").setLevel(logging.CRITICAL + 1)


@dataclasses.dataclass
class Mail:
    """One accepted mail."""
    number: int
    sender: str
    recipients: list
    data: bytes
    time: datetime.datetime
    connection: int
    path: pathlib.Path = None

    @functools.cached_property
    def message(self):
        return email.message_from_bytes(self.data, policy=email.policy.default)

    @property
    def subject(self):
        return str(self.message["Subject"] or "")

    @property
    def text(self):
        return self._body("plain")

    @property
    def html(self):
        return self._body("html")

    @property
    def attachments(self):
        """{filename: bytes}"""
        return {part.get_filename(): part.get_payload(decode=True)
                for part in self.message.iter_attachments()}

    def _body(self, kind):
        part = self.message.get_body((kind,))
        return part.get_content() if part is not None else ""


class Protocol(SMTP):
    """aiosmtpd's, with connections counted, a scripted greeting, and 421 meaning it."""

    def __init__(self, owner, tls_context, implicit):
        super().__init__(owner.handler, hostname="smtp.office.example", ident="lab",
                         data_size_limit=SIZE_LIMIT, loop=owner.loop, timeout=120,
                         tls_context=None if implicit else tls_context,
                         auth_required=True, authenticator=owner.authenticate)
        self.owner = owner
        self.number = None
        if implicit:
            self._auth_require_tls = False  # this port has nothing but TLS

    def connection_made(self, transport):
        if self.number is None:
            self.number = self.owner.opened(self)
        super().connection_made(transport)

    def connection_lost(self, error):
        self.owner.open.discard(self)
        super().connection_lost(error)

    def eof_received(self):
        super().eof_received()
        return False

    async def _handle_client(self):
        rule = self.owner.script.take("connect")
        if rule is not None:
            await self.push(await self.perform(rule))
            self.transport.close()
            return
        await super()._handle_client()

    async def push(self, status):
        await super().push(status)
        if status[:3] in ("421", b"421") and self.transport is not None:
            self.transport.close()

    async def perform(self, rule):
        """The reply of a rule; does not return where the rule closes the connection."""
        if rule.reply == script.STALL:
            await asyncio.sleep(rule.seconds)
        if rule.reply in (script.STALL, script.CLOSE):
            self.transport.abort()
            await asyncio.sleep(60)  # cancelled as soon as the connection is gone
        return rule.reply


class Handler:
    """What aiosmtpd calls for MAIL, RCPT and DATA."""

    def __init__(self, owner):
        self.owner = owner

    async def handle_exception(self, error):
        self.owner.errors.append(error)
        return "451 4.3.0 the test server failed: %s" % type(error).__name__

    async def handle_MAIL(self, server, session, envelope, address, options):
        rule = self.owner.script.take("mail", address)
        if rule is not None:
            return await server.perform(rule)
        if address.lower() != self.owner.user.lower():
            return "553 Mail from must equal authorized user"
        envelope.mail_from = address
        return "250 Mail OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        rule = self.owner.script.take("rcpt", envelope.mail_from, [address])
        if rule is not None:
            return await server.perform(rule)
        envelope.rcpt_tos.append(address)
        return "250 Mail OK"

    async def handle_DATA(self, server, session, envelope):
        mail = Mail(0, envelope.mail_from, list(envelope.rcpt_tos), envelope.content,
                    datetime.datetime.now(datetime.timezone.utc), server.number)
        rule = self.owner.script.take("data", mail.sender, mail.recipients, mail.subject)
        if rule is not None and not rule.keep:
            return await server.perform(rule)
        fault = self._fault(mail)
        if fault is not None:
            return fault
        await self.owner.loop.run_in_executor(None, self.owner.keep, mail)
        if rule is not None:
            return await server.perform(rule)
        return "250 Mail OK queued as lab,%d" % mail.number

    @staticmethod
    def _fault(mail):
        """What a Chinese provider refuses, and what no mail may be like."""
        header = mail.data.split(b"\r\n\r\n", 1)[0]
        if any(byte > 126 for byte in header):
            return "554 5.6.7 raw 8-bit header and no SMTPUTF8 here"
        addresses = email.utils.getaddresses([str(mail.message["From"] or "")])
        if [address.lower() for _, address in addresses] != [mail.sender.lower()]:
            return "554 DT:SUM envelope from and header from mismatched"
        return None


class Smtp:
    """tls_port has TLS from the start, starttls_port offers STARTTLS. Logins and mails are kept in
    `logins` [(user, good)] and `mails`; `connections` counts."""

    def __init__(self, work, keys, user, password, certificate=pki.GOOD):
        self.directory = pathlib.Path(work) / "mails"
        self.directory.mkdir(parents=True, exist_ok=True)
        self.keys, self.certificate = keys, certificate
        self.user, self.password = user, password
        self.auth_reply = None  # a reply to every login, such as "550 User has no permission"
        self.on_mail = None  # called with each Mail before it is acknowledged
        self.script = script.Script()
        self.handler = Handler(self)
        self.mails, self.logins, self.errors = [], [], []
        self.connections = 0
        self.open = set()
        self.tls_port = self.starttls_port = None
        self.loop = self._thread = None
        self._servers = []
        system.at_exit(self.stop)

    def answer(self, reply, *, stage=None, recipient=None, sender=None, subject=None, times=None,
               keep=False, seconds=60):
        """From now on, answers reply ("550 5.1.1 no such user", STALL or CLOSE) where the given
        patterns fit; at stage connect, mail, rcpt or data (by default data if a subject is given,
        else rcpt). keep: the mail is accepted and kept although the answer is lost or wrong."""
        stage = stage or ("data" if subject is not None or keep else "rcpt")
        return self.script.add(script.Rule(reply, stage, recipient, sender, subject, times, keep,
                                           seconds))

    def to(self, address):
        """The mails that this address got."""
        return [mail for mail in self.mails
                if address.lower() in [recipient.lower() for recipient in mail.recipients]]

    def start(self):
        if self.loop is not None:
            return self
        first = self.tls_port is None
        self.loop = asyncio.new_event_loop()
        self.loop.set_exception_handler(lambda loop, context: None)  # clients that hang up
        try:
            for attempt in range(5):
                if first:
                    self.tls_port, self.starttls_port = system.free_port(), system.free_port()
                try:
                    self._servers = self.loop.run_until_complete(self._listen())
                    break
                except OSError:
                    if attempt == 4:
                        raise
        except BaseException:
            self.loop.close()
            self.loop = None
            raise
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()
        return self

    def stop(self):
        """Down: connections are refused until start(), open ones are cut."""
        loop, self.loop = self.loop, None
        if loop is None:
            return
        asyncio.run_coroutine_threadsafe(self._shut(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        self._thread.join(10)
        loop.close()

    def restart(self, certificate=None):
        self.stop()
        self.certificate = certificate or self.certificate
        return self.start()

    # ---- called by the protocol

    def opened(self, protocol):
        self.open.add(protocol)
        self.connections += 1
        return self.connections

    def authenticate(self, server, session, envelope, mechanism, data):
        good = (data.login == self.user.encode() and data.password == self.password.encode()
                and self.auth_reply is None)
        self.logins.append((data.login.decode(errors="replace"), good))
        refusal = self.auth_reply or "535 Error: authentication failed"
        return AuthResult(success=good, handled=False, message=None if good else refusal)

    def keep(self, mail):
        mail.number = len(self.mails) + 1
        mail.path = self.directory / ("%04d.eml" % mail.number)
        mail.path.write_bytes(mail.data)
        self.mails.append(mail)
        if self.on_mail is not None:
            self.on_mail(mail)

    async def _listen(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.keys.certificate(self.certificate))
        tls = await self.loop.create_server(lambda: Protocol(self, context, True),
                                            system.LOOPBACK, self.tls_port, ssl=context)
        try:
            plain = await self.loop.create_server(lambda: Protocol(self, context, False),
                                                  system.LOOPBACK, self.starttls_port)
        except OSError:
            tls.close()
            raise
        return [tls, plain]

    async def _shut(self):
        for server in self._servers:
            server.close()
        for protocol in list(self.open):
            if protocol.transport is not None:
                protocol.transport.abort()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.get_running_loop().shutdown_default_executor()
