"""A Maildir of mixed mails on disk, and Python's reading of it beside which `lianluo inspect` is
measured: maildir.py DIR prints one JSON object a mail, as inspect does."""
import email
import email.policy
import email.utils
import hashlib
import html
import json
import os
import pathlib
import re
import sys

UNITS = 30
SMALL, LARGE = 19_800, 200


def notices():
    return [{"subject": "[联络-%d] 关于征求意见的函" % number,
             "message_id": "n%d@office.example" % number,
             "address": "llr@u%02d.example" % number} for number in range(UNITS)]


def generate(place, answers):
    """Writes the mails; returns (how many, bytes)."""
    place.mkdir(parents=True)
    count = total = 0
    for data in answers(notices(), SMALL, LARGE):
        (place / ("%06d.eml" % count)).write_bytes(data)
        count += 1
        total += len(data)
    return count, total


def text_of(part):
    try:
        text = part.get_content()
    except (LookupError, UnicodeError):
        text = (part.get_payload(decode=True) or b"").decode("gb18030", "replace")
    if part.get_content_type() == "text/html":
        text = html.unescape(re.sub("<[^>]*>", " ", text))
    return text


def people(message, name):
    return [{"name": who, "address": address}
            for who, address in email.utils.getaddresses([str(message[name] or "")])]


def attachment(part):
    data = part.get_payload(decode=True) or b""
    return {"filename": part.get_filename() or "", "content_type": part.get_content_type(),
            "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def read(data):
    message = email.message_from_bytes(data, policy=email.policy.default)
    body = message.get_body(preferencelist=("plain", "html"))
    text = text_of(body) if body is not None else ""
    new, _, quoted = text.partition("------------------ 原始邮件")
    date = message["Date"]
    return {"message_id": str(message["Message-ID"] or ""),
            "subject": str(message["Subject"] or ""), "date": str(date.datetime) if date else None,
            "from": people(message, "From"),
            "to": people(message, "To"), "cc": people(message, "Cc"), "text": text,
            "new_text": new, "quoted_text": quoted,
            "attachments": [attachment(part) for part in message.iter_attachments()]}


def main():
    place = pathlib.Path(sys.argv[1])
    for name in sorted(os.listdir(place)):
        print(json.dumps(read((place / name).read_bytes()), ensure_ascii=False))


if __name__ == "__main__":
    main()
