"""A message of 60 MB is read from its file with at most 24 MB of private memory, whatever it is
made of."""
import base64
import os
import pathlib
import subprocess
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAM = ROOT / os.environ.get("LIANLUO", "build/lianluo")
SIZE = 60 * 1024 * 1024
LIMIT = 24 * 1024  # kB
HEAD = b"Subject: x\nFrom: <a@unit.example>\nMIME-Version: 1.0\n"
MIXED = HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nhello\n--b\n"
PART = MIXED + b"Content-Transfer-Encoding: base64\nContent-Type: "
LINE = base64.b64encode(os.urandom(57)) + b"\n"

SHAPES = {
    "an attachment": (PART + b"application/pdf; name=a.pdf\n\n", LINE),
    "a text attachment": (PART + b"text/plain; name=a.txt\n\n", LINE),
    "a winmail.dat": (PART + b"application/ms-tnef\n\n", LINE),
    "an attached message": (MIXED + b"Content-Type: message/rfc822\n\nSubject: y\n\n", LINE),
    "a text": (HEAD + b"Content-Type: text/plain; charset=utf-8\n\n", "意见建议\n".encode()),
    "a text in one line": (HEAD + b"Content-Type: text/plain; charset=gbk\n\n",
                           "意见".encode("gbk")),
    "a page": (HEAD + b"Content-Type: text/html\n\n", b"<p>a<br>"),
    "no mail at all": (b"", b"\x00\xff\x80\n"),
}


def peak_of(path):
    """The most private memory seen, in kB; the kernel keeps no high mark of it."""
    process = subprocess.Popen([PROGRAM, "inspect", path], stdout=subprocess.DEVNULL)
    peak = 0
    while process.poll() is None:
        try:
            with open("/proc/%d/status" % process.pid, encoding="ascii", errors="replace") as file:
                numbers = [line.split()[1] for line in file if line.startswith("RssAnon:")]
        except OSError:
            break
        peak = max([peak, *map(int, numbers)])
        time.sleep(0.001)
    return process.wait(), peak


@unittest.skipIf("sanitize" in str(PROGRAM), "the sanitizers keep what is freed")
class InspectMemory(unittest.TestCase):
    def test_sixty_megabytes_take_twenty_four_at_most(self):
        with tempfile.TemporaryDirectory() as place:
            path = pathlib.Path(place) / "mail.eml"
            for name, (head, piece) in SHAPES.items():
                with self.subTest(name):
                    path.write_bytes(head + piece * (SIZE // len(piece)))
                    code, peak = peak_of(path)
                    self.assertEqual(code, 0)
                    self.assertGreater(peak, 0)
                    self.assertLessEqual(peak, LIMIT)
                    print("%s: %.1f MB" % (name, peak / 1024))


if __name__ == "__main__":
    unittest.main(verbosity=2)
