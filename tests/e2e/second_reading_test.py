"""Every mail of tests/data/mail read a second time, by Python's email package. Where the two
differ, tests/data/mail/differences.tsv names the mail, the field and the reason; a difference that
is not in it fails, and so does a row that names none."""
import datetime
import email
import email.policy
import email.utils
import hashlib
import html
import json
import os
import pathlib
import re
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
MAILS = ROOT / "tests/data/mail"
TABLE = MAILS / "differences.tsv"
PROGRAM = ROOT / os.environ.get("LIANLUO", "build/lianluo")
FIELDS = ("subject", "message_id", "date", "from", "to", "cc", "text", "attachments")


def squeezed(text):
    return re.sub(r"\s+", " ", text or "").strip()


def people(message, name):
    values = [str(value) for value in message.get_all(name, [])[:1]]
    return [(squeezed(who), address) for who, address in email.utils.getaddresses(values)]


def instant(message):
    try:
        date = email.utils.parsedate_to_datetime(str(message["Date"]))
        return int(date.timestamp())
    except (TypeError, ValueError, IndexError, AttributeError):
        return None


def leaves(part):
    """The leaves as inspect counts them: an attached message or status is one."""
    if part.get_content_maintype() == "message" or not part.is_multipart():
        return [part]
    return [leaf for inner in part.iter_parts() for leaf in leaves(inner)]


def identity(leaf):
    """Its name, "" if it has none, and hash; a message is none of bytes any more here."""
    if leaf.get_content_maintype() == "message":
        return leaf.get_filename() or "", "message"
    data = leaf.get_payload(decode=True) or b""
    return leaf.get_filename() or "", hashlib.sha256(data).hexdigest()


def body_of(message):
    """What iter_attachments would leave: the text that a program shows."""
    body = message.get_body(preferencelist=("plain", "html"))
    return body if body is None or not body.is_attachment() else None


def read_second(path):
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    body = body_of(message)
    text = None
    if body is not None:
        try:
            text = body.get_content()
        except LookupError:
            text = "unknown charset"
        if body.get_content_type() == "text/html":
            text = html.unescape(re.sub("<[^>]*>", " ", text))
    shown = set()
    if body is not None:
        shown = {id(leaf) for leaf in leaves(message) if leaf is body}
        for part in message.walk():
            if part.get_content_type() == "multipart/alternative":
                shown |= {id(leaf) for leaf in leaves(part)
                          if leaf.get_content_maintype() == "text"}
    attached = [leaf for leaf in leaves(message) if id(leaf) not in shown]
    return {
        "subject": squeezed(str(message["Subject"] or "")),
        "message_id": (str(message["Message-ID"] or "").strip().strip("<>")) or None,
        "date": instant(message),
        "from": people(message, "From"), "to": people(message, "To"), "cc": people(message, "Cc"),
        "text": squeezed(text),
        "attachments": [identity(leaf) for leaf in attached],
    }


def read_first(paths):
    names = "".join("%s\n" % path for path in paths)
    out = subprocess.run([PROGRAM, "inspect", "-"], input=names.encode(), capture_output=True,
                         check=True, timeout=120).stdout.decode()
    for line in out.splitlines():
        mail = json.loads(line)
        date = mail["date"]
        yield {
            "subject": squeezed(mail["subject"]), "message_id": mail["message_id"],
            "date": date and int(datetime.datetime.fromisoformat(
                date.replace("Z", "+00:00")).timestamp()),
            **{key: [(squeezed(one["name"]), one["address"]) for one in mail[key]]
               for key in ("from", "to", "cc")},
            "text": squeezed(mail["text"]),
            "attachments": [
                (one["filename"],
                 "message" if one["content_type"].startswith("message/") else one["sha256"])
                for one in mail["attachments"]],
        }


def agree(field, first, second):
    """Where Python has no name for an attachment, ours was made up."""
    if field != "attachments" or len(first) != len(second):
        return first == second
    return all(ours[1] == other[1] and other[0] in ("", ours[0])
               for ours, other in zip(first, second))


def differences():
    paths = sorted(MAILS.glob("*.eml"))
    for path, first in zip(paths, read_first(paths)):
        second = read_second(path)
        for field in FIELDS:
            if not agree(field, first[field], second[field]):
                yield path.stem, field, first[field], second[field]


class SecondReading(unittest.TestCase):
    def test_every_difference_from_pythons_reading_has_its_reason(self):
        rows = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines()
                if line and not line.startswith("#")]
        self.assertEqual({len(row) for row in rows}, {3})
        known = {(name, field) for name, field, _ in rows}
        found = {(name, field): pair for name, field, *pair in differences()}
        unknown = {key: found[key] for key in sorted(set(found) - known)}
        self.assertEqual(unknown, {}, "differences without a reason")
        self.assertEqual(sorted(known - set(found)), [], "reasons without a difference")


if __name__ == "__main__":
    unittest.main(verbosity=2)
