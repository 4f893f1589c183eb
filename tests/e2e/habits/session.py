"""One connection: reads commands, answers them as the server's manners and traps will have it."""
import asyncio
import re
import shlex

from .manners import BYE, DROP, HALF, NO, STALL, UNTAGGED, VANISH

ID = re.compile(r'\((?:"[^"]*" (?:"[^"]*"|NIL))(?: "[^"]*" (?:"[^"]*"|NIL))*\)|NIL')
FETCH = re.compile(r"UID FETCH ([0-9:*,]+) \(?([^()]*)\)?$", re.IGNORECASE)
FOR_EVER = 600


class Over(Exception):
    """The connection ends here."""


def numbers(text, highest):
    """The ranges of a set: "5:*" with 3 as the highest number is 3 to 5."""
    for piece in text.split(","):
        first, _, last = piece.partition(":")
        ends = [highest if end == "*" else int(end) for end in (first, last or first)]
        yield range(min(ends), max(ends) + 1)


class Session:
    def __init__(self, server, number, reader, writer):
        self.server, self.number, self.reader, self.writer = server, number, reader, writer
        self.known = self.introduced = False
        self.folder = self.idle = None  # the tag of the running IDLE
        self.told = 0  # how many messages the client knows of

    @property
    def manners(self):
        return self.server.manners

    def idles_in(self, folder):
        return self.idle is not None and self.folder == folder

    async def tell_exists(self):
        self.told = len(self.messages())
        await self.say("* %d EXISTS" % self.told)

    def abort(self):
        self.writer.transport.abort()

    async def say(self, line):
        await self.send(line.encode() + b"\r\n")

    async def send(self, data):
        self.writer.write(data)
        await self.writer.drain()

    async def run(self):
        try:
            await self.spring("GREETING", "")
            await self.say(self.manners.greeting)
            while True:
                line = (await self.reader.readuntil(b"\n")).decode(errors="replace").rstrip("\r\n")
                tag, _, command = line.partition(" ")
                name = command.split(" ")[0].upper()
                said = tag if self.idle is not None else "LOGIN" if name == "LOGIN" else command
                self.server.commands.append((self.number, said))
                await self.obey(tag, name, command)
        except Over:
            pass

    async def obey(self, tag, name, command):
        if self.idle is not None:
            return await self.do_done(tag)
        fetch = FETCH.match(command)
        if fetch is not None:
            name = "BODY" if "BODY" in fetch[2].upper() else "LIST"
        if await self.spring(name, tag):
            return
        if fetch is not None:
            await self.do_fetch(tag, fetch[1], name == "BODY")
        elif hasattr(self, "do_" + name.lower()) and name != "DONE":
            await getattr(self, "do_" + name.lower())(tag, command)
        elif self.manners.untagged_bad:
            await self.say("* BAD Command is not supported")
        else:
            await self.say(tag + " BAD unknown command")

    async def spring(self, name, tag, uid=None):
        """Does what a trap is set for; TRUE if that was all that the client hears."""
        trap = self.server.traps.take(name, uid)
        if trap is None:
            return False
        if trap.deed == BYE:
            await self.say("* BYE " + (trap.words or "server is going down"))
        if trap.deed in (BYE, DROP):
            raise Over
        if trap.deed == STALL:
            await asyncio.sleep(FOR_EVER)
        if trap.deed == UNTAGGED:
            await self.say("* BAD Command is not supported")
        if trap.deed == NO:
            await self.say("%s NO %s" % (tag, trap.words))
        return True

    # ---- commands

    async def do_capability(self, tag, command):
        await self.say("* CAPABILITY " + self.manners.capabilities)
        await self.say(tag + " OK CAPABILITY completed")

    async def do_noop(self, tag, command):
        await self.say(tag + " OK NOOP completed")

    async def do_logout(self, tag, command):
        await self.say("* BYE logging out")
        await self.say(tag + " OK LOGOUT completed")
        raise Over

    async def do_login(self, tag, command):
        words = shlex.split(command)
        self.known = words[1:] == [self.server.user, self.server.password]
        await self.say(tag + (" OK LOGIN completed" if self.known
                              else " NO LOGIN Login error password error"))

    async def do_id(self, tag, command):
        if ID.fullmatch(command[3:]) is None:
            return await self.say(tag + " BAD Parse command error")
        self.introduced = True
        await self.say('* ID ("name" "stand-in" "vendor" "lianluo")')
        await self.say(tag + " OK ID completed")

    async def do_examine(self, tag, command):
        manners, self.folder = self.manners, None
        name = command[len("EXAMINE "):].strip('"')
        if not self.known:
            return await self.say(tag + " BAD log in first")
        if manners.id_first and not self.introduced:
            return await self.say(tag + " NO EXAMINE Unsafe Login. Please contact "
                                  "kefu@188.com for help")
        if name not in self.server.folders:
            return await self.say(tag + " NO [NONEXISTENT] no such folder")
        self.folder = name
        await self.tell_exists()
        await self.say("* 0 RECENT")
        await self.say("* OK [UIDVALIDITY %d] ok" % manners.uidvalidity)
        if manners.uidnext:
            await self.say("* OK [UIDNEXT %d] ok" % self.server.next_uid[name])
        await self.say("* FLAGS (\\Answered \\Seen \\Deleted \\Draft \\Flagged)")
        await self.say("* OK [PERMANENTFLAGS ()] read-only")
        await self.say(tag + " OK [READ-ONLY] EXAMINE completed")

    async def do_status(self, tag, command):
        name = command.split(" ")[1]
        said = "" if self.manners.empty_status else "MESSAGES %d" % len(
            self.server.folders.get(name.strip('"'), []))
        await self.say("* STATUS %s (%s)" % (name, said))
        await self.say(tag + " OK STATUS completed")

    async def do_idle(self, tag, command):
        if self.folder is None or "IDLE" not in self.manners.capabilities.split():
            return await self.say(tag + " BAD no IDLE")
        self.idle = tag
        await self.say("+ idling")
        if self.told < len(self.messages()):  # what came since the last command
            await self.tell_exists()

    async def do_done(self, line):
        tag, self.idle = self.idle, None
        if line.upper() != "DONE":
            await self.say(tag + " BAD Expected DONE")
        elif not await self.spring("DONE", tag):
            await self.say(tag + " OK IDLE terminated")

    # ---- messages

    def messages(self):
        return self.server.folders[self.folder]

    async def do_fetch(self, tag, wanted, bodies):
        if self.folder is None:
            return await self.say(tag + " BAD no folder is open")
        messages = self.messages()
        ranges = list(numbers(wanted, messages[-1].uid if messages else 0))
        for number, message in list(enumerate(messages, 1)):
            if not any(message.uid in uids for uids in ranges):
                continue
            trap = self.server.traps.take("BODY", message.uid) if bodies else None
            if trap is not None and trap.deed == NO:
                return await self.say("%s NO %s" % (tag, trap.words))
            for _ in range(2 if self.manners.repeats else 1):
                await (self.body(number, message, trap) if bodies else self.line(number, message))
        await self.say(tag + " OK FETCH completed")

    async def line(self, number, message):
        date = message.date.strftime("%d-%b-%Y %H:%M:%S %z")
        await self.say('* %d FETCH (UID %d RFC822.SIZE %d INTERNALDATE "%s")'
                       % (number, message.uid, len(message.data), date))

    async def body(self, number, message, trap):
        if trap is not None and trap.deed == VANISH:
            return
        data = message.data
        await self.send(b"* %d FETCH (UID %d BODY[] {%d}\r\n" % (number, message.uid, len(data)))
        if trap is not None:  # BYE or HALF
            await self.send(data[:len(data) // 2])
            if trap.deed == BYE:
                await self.send(b"\r\n* BYE " + trap.words.encode() + b"\r\n")
            if trap.deed == HALF and trap.words == STALL:
                await asyncio.sleep(FOR_EVER)
            raise Over
        for i in range(len(data)) if self.manners.drip else ():
            await self.send(data[i:i + 1])
            await asyncio.sleep(self.manners.drip)
        await self.send((b"" if self.manners.drip else data) + b")\r\n")
