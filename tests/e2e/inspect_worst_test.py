"""lianluo inspect takes at most a second for a mail, however it is made to stall: a megabyte of
what is worst for the reader of mail, and as long a letter as there may be of what is worst for the
judge."""
import json
import os
import pathlib
import resource
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAM = ROOT / os.environ.get("LIANLUO", "build/lianluo")
SANITIZED = "sanitize" in str(PROGRAM)
CEILING = 8 if SANITIZED else 1  # seconds of the processor
MEGABYTE = 1024 * 1024
LETTER = 127 * 1024  # what is longer is not judged
HEAD = b"Subject: x\nFrom: <a@unit.example>\nContent-Type: text/plain; charset=utf-8\n\n"
LETTERS = (
    "无意见", "无意见。\n", "如无意见，", "√有意见□无意见\n", "同意", "但", "无", "請", "x", "王",
    "a王", "“", "《", "建议", "建议将“甲”修改为“乙”，", "，并将甲修改为", "如下：1.删除；",
    "1.建议删除第二条；\n", "一、\n", "附件1\n", "甲\t乙\n", "〔2019〕", "1", "12:30\n",
    "a@b.example\n", "http://a/\n")


def worst():
    """(what it is, the mail); tests/mail/hostile_test.c reads the rows under the sanitizers."""
    rows = json.loads((ROOT / "tests/data/worst.json").read_text(encoding="utf-8"))
    for row in [] if SANITIZED else rows:
        before, piece = (row[key].encode("latin-1") for key in ("before", "piece"))
        yield row, before + piece * (MEGABYTE // len(piece)) + b"\n"
    for words in LETTERS:
        piece = words.encode()
        yield words, HEAD + piece * (LETTER // len(piece))


def seconds():
    """Of the processor, by what has been waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class InspectWorst(unittest.TestCase):
    def test_the_worst_mails_take_a_second_at_most(self):
        taken = []
        with tempfile.TemporaryDirectory() as place:
            path = pathlib.Path(place) / "mail.eml"
            for what, mail in worst():
                with self.subTest(what):
                    path.write_bytes(mail)
                    began = seconds()
                    done = subprocess.run([PROGRAM, "inspect", path], capture_output=True,
                                          check=False, timeout=60)
                    taken.append((seconds() - began, what))
                    self.assertEqual((done.returncode, done.stderr), (0, b""))
                    self.assertIn("stance", json.loads(done.stdout))
                    self.assertLess(taken[-1][0], CEILING)
        print("%d mails, the worst %.2f s: %s" % (len(taken), *max(taken, key=lambda t: t[0])))


if __name__ == "__main__":
    unittest.main(verbosity=2)
