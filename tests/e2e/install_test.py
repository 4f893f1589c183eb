"""make install: what a service needs lies where the unit and the manual say."""
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
from servers.lab import ROOT  # noqa: E402


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
        unit = self.read("/usr/lib/systemd/system/lianluo@.service")
        program, = re.findall("^ExecStart=(\\S+) run", unit, re.M)
        done = subprocess.run([self.root / program.lstrip("/"), "help"], capture_output=True,
                              check=True)
        self.assertIn("status", done.stdout.decode())

    def test_the_helpers_and_the_manual_are_there(self):
        for helper in (self.root / "usr/libexec/lianluo").iterdir():
            self.assertTrue(os.access(helper, os.X_OK), helper)
        self.assertIn(".TH LIANLUO 1", self.read("/usr/share/man/man1/lianluo.1"))
        self.assertIn("[imap]", self.read("/usr/share/doc/lianluo/config.example"))

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
