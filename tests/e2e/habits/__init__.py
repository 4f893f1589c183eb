"""A stand-in for the IMAP servers of real providers, with the habits that real servers have and
Dovecot has not. `from habits import Imap, NETEASE`."""
from .imap import Imap
from .manners import BYE, DROP, HALF, NO, PLAIN, NETEASE, QQ, STALL, UNTAGGED, VANISH, Manners

__all__ = ["BYE", "DROP", "HALF", "NO", "PLAIN", "NETEASE", "QQ", "STALL", "UNTAGGED", "VANISH",
           "Imap", "Manners"]
