"""lianluo inspect prints JSON whatever the mails hold, one object a file, in their order."""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAM = ROOT / os.environ.get("LIANLUO", "build/lianluo")
MAILS = sorted((ROOT / "tests/data/mail").glob("*.eml"))
# Under ThreadSanitizer, which must see GLib's locks, and no memory that GLib's slices hand on.
WATCHED = {"LD_PRELOAD": str(ROOT / "build/tests/locks.so"), "G_SLICE": "always-malloc",
           "TSAN_OPTIONS": "exitcode=99:history_size=4:suppressions=%s"
                           % (ROOT / "tests/faults/tsan.supp")}
HEAD = ("Subject: %s\nFrom: <a@unit.example>\nMIME-Version: 1.0\n"
        "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n")


def inspect(*names, given="", cores=None):
    watched = WATCHED if "thread" in str(PROGRAM) else {}
    done = subprocess.run([PROGRAM, "inspect", *names], input=given, capture_output=True,
                          encoding="utf-8", check=False, env={**os.environ, **watched},
                          preexec_fn=cores and (lambda: os.sched_setaffinity(0, cores)))
    lines = done.stdout.removesuffix("\n").split("\n") if done.stdout else []
    return done.returncode, list(map(json.loads, lines)), done.stderr


class Inspect(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.place = pathlib.Path(place.name)

    def mail(self, name, text="无意见。"):
        path = self.place / name
        path.write_bytes((HEAD % name + text).encode())
        return path

    def test_every_character_of_a_text_stands_in_the_json(self):
        controls = "".join(map(chr, range(1, 0x20))).replace("\r", "")
        text = "意见" * 200 + controls + '"\\/\x7f\x85 中文 \U0001F600'
        code, found, _ = inspect(self.mail("all", text))
        self.assertEqual((code, found[0]["text"]), (0, text))

    def test_many_files_are_printed_in_their_order(self):
        names = ["m%03d" % number for number in range(60)]
        paths = [str(self.mail(name)) for name in names]
        code, found, _ = inspect(*paths[:20], "-", *paths[40:], given="\n".join(paths[20:40]))
        self.assertEqual((code, [mail["subject"] for mail in found]), (0, names))

    def test_all_cores_say_what_one_says(self):
        cores = os.sched_getaffinity(0)
        alone = inspect(*MAILS, cores=set(list(cores)[:1]))
        self.assertEqual((alone[0], len(alone[1]), alone[2]), (0, len(MAILS), ""))
        self.assertEqual(inspect(*MAILS), alone)

    def test_a_file_that_is_not_there_ends_it_behind_those_before(self):
        paths = [self.mail("one"), self.mail("two"), self.place / "none", self.mail("three")]
        code, found, said = inspect(*paths)
        self.assertEqual((code, [mail["subject"] for mail in found]), (2, ["one", "two"]))
        self.assertIn("none", said)


if __name__ == "__main__":
    unittest.main(verbosity=2)
