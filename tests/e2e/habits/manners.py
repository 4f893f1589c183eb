"""What a server is like all the time (Manners), and what it does on demand (Trap)."""
import dataclasses

BYE = "bye"            # says BYE and hangs up
DROP = "drop"          # hangs up
STALL = "stall"        # says nothing more, keeps the connection
NO = "no"              # a tagged NO, with the words of the trap
UNTAGGED = "untagged"  # "* BAD", and no tagged line ever
VANISH = "vanish"      # of one message: it is not there any more
HALF = "half"          # of one message: half of its literal, then hangs up, or STALLs (words)


@dataclasses.dataclass(frozen=True)
class Manners:
    greeting: str = "* OK ready"
    capabilities: str = "IMAP4rev1 ID IDLE UIDPLUS"
    uidnext: bool = True
    uidvalidity: int = 1700000000
    first_uid: int = 1
    id_first: bool = False    # EXAMINE before ID is an "Unsafe Login"
    empty_status: bool = False
    untagged_bad: bool = False  # an unknown command is answered by an untagged BAD
    repeats: bool = False     # each answer to FETCH comes twice
    drip: float = 0           # seconds between single bytes of a message


# Greeting, capabilities and refusals as these servers have been seen to send them.
PLAIN = Manners()
NETEASE = Manners(
    greeting="* OK IMAP4 ready",
    capabilities="IMAP4rev1 XLIST SPECIAL-USE LITERAL+ STARTTLS APPENDLIMIT=71680000 "
                 "XAPPLEPUSHSERVICE UIDPLUS X-CM-EXT-1 SASL-IR AUTH=PLAIN AUTH=LOGIN "
                 "AUTH=XOAUTH2 ID",
    uidnext=False, uidvalidity=1, first_uid=1390000001, id_first=True, empty_status=True)
QQ = Manners(
    greeting="* OK [CAPABILITY IMAP4 IMAP4rev1 ID AUTH=PLAIN AUTH=LOGIN NAMESPACE] "
             "XMail IMAP4Server ready",
    capabilities="IMAP4rev1 XLIST MOVE IDLE XAPPLEPUSHSERVICE NAMESPACE CHILDREN ID UIDPLUS",
    untagged_bad=True, repeats=True)


@dataclasses.dataclass
class Trap:
    """What happens to the next `times` commands of that name (None: always), with a UID: to the
    next `times` fetches of that message's body."""
    command: str
    deed: str
    words: str = ""
    uid: int | None = None
    times: int | None = 1


class Traps:
    """Those that are set; taking one uses it up."""

    def __init__(self):
        self._traps = []

    def set(self, trap):
        self._traps.append(trap)
        return trap

    def clear(self):
        self._traps.clear()

    def take(self, command, uid=None):
        for trap in self._traps:
            if trap.command == command and trap.uid == uid and trap.times != 0:
                if trap.times is not None:
                    trap.times -= 1
                return trap
        return None
