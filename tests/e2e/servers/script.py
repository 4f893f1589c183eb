"""Scripted misbehaviour, in the same words for the SMTP server and the WeCom stand-in."""
import dataclasses
import fnmatch

STALL = "stall"  # say nothing for a while, then close
CLOSE = "close"  # close without an answer


@dataclasses.dataclass
class Rule:
    """Answers with reply where all conditions that are given hold. Patterns are those of a shell
    (*@full.example); times counts down, None is for ever. keep: what came is kept all the same, as
    by a server whose answer got lost."""
    reply: object
    stage: str
    recipient: str = None
    sender: str = None
    subject: str = None
    times: int = None
    keep: bool = False
    seconds: float = 60

    def fits(self, stage, sender, recipients, subject):
        return (stage == self.stage and self.times != 0
                and _matches(self.sender, [sender])
                and _matches(self.recipient, recipients)
                and _matches(self.subject, [subject]))


def _matches(pattern, texts):
    if pattern is None:
        return True
    return any(fnmatch.fnmatchcase((text or "").lower(), pattern.lower()) for text in texts)


class Script:
    """Rules in the order they were given; the first that fits is used."""

    def __init__(self):
        self.rules = []

    def add(self, rule):
        self.rules.append(rule)
        return rule

    def clear(self):
        self.rules.clear()

    def take(self, stage, sender=None, recipients=(), subject=None):
        for rule in list(self.rules):
            if rule.fits(stage, sender, list(recipients), subject):
                if rule.times is not None:
                    rule.times -= 1
                return rule
        return None
