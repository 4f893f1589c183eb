"""The server: one loop in a thread of ours, TLS from the first byte, folders in memory."""
import asyncio
import dataclasses
import datetime
import ssl
import threading

from servers import pki, system
from .manners import PLAIN, Trap, Traps
from .session import Session


@dataclasses.dataclass
class Message:
    uid: int
    data: bytes
    date: datetime.datetime


class Imap:
    """`manners` may be changed at any time; connections, commands and logins tell what was heard.
    A mailbox is never changed by a client: there is only EXAMINE and FETCH."""

    def __init__(self, keys, user, password, manners=PLAIN):
        self.keys, self.user, self.password, self.manners = keys, user, password, manners
        self.traps = Traps()
        self.folders = {"INBOX": []}
        self.next_uid = {"INBOX": manners.first_uid}
        self.sessions = set()
        self.connections = 0
        self.commands = []  # (number of the connection, line), passwords left out
        self.port = self.loop = self._server = self._thread = None
        system.at_exit(self.stop)

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def start(self):
        """Up; again on the same port."""
        if self.loop is not None:
            return self
        self.loop = asyncio.new_event_loop()
        self._server = self.loop.run_until_complete(self._listen())
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

    # ---- what a test does

    def trap(self, command, deed, words="", uid=None, times=1):
        """See Trap. command: "GREETING", "LOGIN", "EXAMINE", "LIST" (a fetch of no bodies), "BODY"
        (one of bodies; with uid, that message of it), "IDLE", "DONE" …"""
        return self.traps.set(Trap(command, deed, words, uid, times))

    def append(self, data, date=None, folder="INBOX", tell=True):
        """A message arrives; its UID. tell: whoever is in IDLE hears of it."""
        date = date or datetime.datetime.now(datetime.timezone.utc)
        return self._call(self._append(data, date, folder, tell))

    def expunge(self, uid, folder="INBOX", tell=True):
        self._call(self._expunge(uid, folder, tell))

    def push_exists(self, folder="INBOX"):
        """Tells every IDLE of that folder how many messages there are; how many heard it."""
        return self._call(self._tell_exists(folder))

    def renumber(self, uidvalidity, folder="INBOX"):
        """New UIDs for all, as after a restored backup."""
        self.manners = dataclasses.replace(self.manners, uidvalidity=uidvalidity)
        for number, message in enumerate(self.folders[folder], 1):
            message.uid = number
        self.next_uid[folder] = len(self.folders[folder]) + 1

    def idling(self, folder="INBOX"):
        """How many connections are in IDLE there."""
        return sum(session.idles_in(folder) for session in list(self.sessions))

    def cut(self):
        """Hangs up on everybody, without a word."""
        self._call(self._cut())

    def heard(self, word):
        """The lines that hold a word."""
        return [line for _, line in self.commands if word in line]

    # ---- inside the loop

    def _call(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(10)

    async def _append(self, data, date, folder, tell):
        uid = self.next_uid.setdefault(folder, self.manners.first_uid)
        self.next_uid[folder] = uid + 1
        self.folders.setdefault(folder, []).append(Message(uid, data, date))
        if tell:
            await self._tell_exists(folder)
        return uid

    async def _expunge(self, uid, folder, tell):
        messages = self.folders[folder]
        number = next(i for i, message in enumerate(messages, 1) if message.uid == uid)
        del messages[number - 1]
        for session in list(self.sessions):
            if tell and session.idles_in(folder):
                session.told -= 1
                await session.say("* %d EXPUNGE" % number)

    async def _tell_exists(self, folder):
        idle = [session for session in list(self.sessions) if session.idles_in(folder)]
        for session in idle:
            await session.tell_exists()
        return len(idle)

    async def _cut(self):
        for session in list(self.sessions):
            session.abort()

    async def _serve(self, reader, writer):
        self.connections += 1
        session = Session(self, self.connections, reader, writer)
        self.sessions.add(session)
        try:
            await session.run()
        except (OSError, asyncio.IncompleteReadError):
            pass  # the client has gone
        finally:
            self.sessions.discard(session)
            session.abort()

    async def _listen(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.keys.certificate(pki.GOOD))
        self.loop.set_exception_handler(lambda *_: None)  # a client that hangs up in a handshake
        first = self.port is None
        for attempt in range(5):
            self.port = system.free_port() if first else self.port
            try:
                return await asyncio.start_server(self._serve, system.LOOPBACK, self.port,
                                                  ssl=context, limit=1 << 20)
            except OSError:
                if attempt == 4:
                    raise

    async def _shut(self):
        self._server.close()
        await self._cut()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
