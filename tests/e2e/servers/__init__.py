"""Real servers on loopback for the tests and the demo: Dovecot, an SMTP server and a stand-in for
WeCom, behind a throw-away CA. A test needs only `from servers import Lab`."""
from .lab import Lab, Result
from .script import CLOSE, STALL

__all__ = ["Lab", "Result", "CLOSE", "STALL"]
