"""make install: what a service needs lies where the unit and the manual say."""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
from servers.lab import ROOT  # noqa: E402


UNIT = "/usr/lib/systemd/system/lianluo@.service"
ALLOWING = ROOT / "build/tests/e2e/allowing"


def groups():
    """systemd's named groups of system calls, each with its members."""
    said = subprocess.run(["systemd-analyze", "syscall-filter"], capture_output=True, check=True)
    found, members = {}, None
    for line in said.stdout.decode().split("\n"):
        if line.startswith("@"):
            members = found.setdefault(line.strip(), [])
        elif line.startswith("    ") and not line.strip().startswith("#"):
            members.append(line.strip())
    return found


def allowed(unit):
    """The system calls that a unit file's SystemCallFilter= lets through."""
    known = groups()

    def members(name):
        if not name.startswith("@"):
            return {name}
        return set().union(*map(members, known[name]))
    calls = members("@default")
    for words in re.findall("^SystemCallFilter=(.*)$", unit, re.M):
        listed = set().union(*map(members, words.lstrip("~").split()))
        calls = calls - listed if words.startswith("~") else calls | listed
    return calls | members("@default")


@unittest.skipIf("sanitize" in os.environ.get("LIANLUO", ""), "the plain build is installed")
class Install(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        place = tempfile.TemporaryDirectory(prefix="lianluo-install-")
        cls.addClassCleanup(place.cleanup)
        cls.root = pathlib.Path(place.name)
        subprocess.run(["make", "-s", "install", "DESTDIR=%s" % cls.root], cwd=ROOT, check=True,
                       stdout=subprocess.DEVNULL)

    def read(self, path):
        return (self.root / path.lstrip("/")).read_text()

    def test_the_unit_starts_the_installed_program(self):
        unit = self.read(UNIT)
        program, = re.findall("^ExecStart=(\\S+) run", unit, re.M)
        done = subprocess.run([self.root / program.lstrip("/"), "help"], capture_output=True,
                              check=True)
        self.assertIn("status", done.stdout.decode())

    def test_the_helpers_and_the_manual_are_there(self):
        for helper in (self.root / "usr/libexec/lianluo").iterdir():
            self.assertTrue(os.access(helper, os.X_OK), helper)
        self.assertIn(".TH LIANLUO 1", self.read("/usr/share/man/man1/lianluo.1"))
        self.assertIn("[imap]", self.read("/usr/share/doc/lianluo/config.example"))

    def test_the_units_filter_lets_documents_be_read(self):
        names = self.root / "calls"
        names.write_text("\n".join(sorted(allowed(self.read(UNIT)))) + "\n")
        letter = ROOT / "tests/data/documents/around.docx"
        done = subprocess.run([ALLOWING, names, ROOT / "build/lianluo", "read", letter],
                              capture_output=True, check=True)
        answer = json.loads(done.stdout)
        self.assertEqual((answer["format"], answer["unreadable"]), ("docx", None), answer)

    @unittest.skipIf(os.geteuid() != 0, "only root makes accounts")
    def test_the_account_and_the_folder_are_made_as_readme_says(self):
        (self.root / "etc").mkdir(exist_ok=True)
        for command in (["systemd-sysusers"], ["systemd-tmpfiles", "--create"]):
            self.assertIn(" ".join([*command, "lianluo.conf"]), (ROOT / "README.md").read_text())
            subprocess.run([*command, "--root=%s" % self.root, "lianluo.conf"], check=True,
                           capture_output=True)
        account, = [line for line in self.read("/etc/passwd").split("\n")
                    if line.startswith("lianluo:")]
        folder = (self.root / "var/lib/lianluo").stat()
        self.assertEqual((folder.st_uid, folder.st_mode & 0o777),
                         (int(account.split(":")[2]), 0o750))


if __name__ == "__main__":
    unittest.main()
