"""Servers to play with by hand: /usr/bin/python3 tests/e2e/servers/__main__.py DIR"""
import pathlib
import signal
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from servers import Lab  # noqa: E402


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: /usr/bin/python3 tests/e2e/servers/__main__.py DIR")
    with Lab(sys.argv[1]) as lab:
        path = lab.write_config()
        print("# %s (STARTTLS: imap %d, smtp %d)" % (path, lab.imap.imap_port,
                                                     lab.smtp.starttls_port))
        print(path.read_text(encoding="utf-8"))
        print("# Mails land in %s, pushes in %s." % (lab.smtp.directory, lab.wecom.directory))
        print("# Next: build/lianluo init -C %s; build/lianluo check -C %s" % (2 * (lab.office,)))
        print("# Ctrl-C stops the servers.", flush=True)
        try:
            signal.pause()
        except KeyboardInterrupt:
            pass


main()
