"""Tests and their data name no real host: addresses and links end in reserved names, but for the
mail providers whose ways are tested and the mailbox that the seed notice itself prints."""
import re
import subprocess
import sys
from pathlib import Path

RESERVED = re.compile(r"(^|\.)(example|test|invalid|localhost|example\.(com|org|net))$")
PROVIDERS = re.compile(
    r"(^|\.)(163\.com|126\.com|yeah\.net|188\.com|139\.com|qq\.com|foxmail\.com|sina\.com|sohu\.com"
    r"|aliyun\.com|outlook\.com|gmail\.com|weixin\.qq\.com)$"
)
NAMED = re.compile(r"(?:[A-Za-z0-9._+-]@|https?://)((?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,})\b")
# Names of XML vocabularies look like links, but nobody follows them.
VOCABULARIES = re.compile(r"(^|\.)(w3\.org|openxmlformats\.org|purl(\.oclc)?\.org"
                          r"|ofdspec\.org|microsoft\.com)$")
TEXTS = {".c", ".h", ".py", ".sh", ".json", ".csv", ".txt", ".eml", ".conf", ".md", ".mustache"}


def files():
    command = ["git", "ls-files", "-coz", "--exclude-standard", "tests"]
    names = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    paths = [Path(name) for name in names.split("\0") if name]
    return [path for path in paths if path.suffix in TEXTS and path.is_file()]


def is_real(host):
    host = host.lower()
    return not any(known.search(host) for known in (RESERVED, PROVIDERS, VOCABULARIES))


def main():
    found = []
    for path in files():
        text = path.read_bytes().decode("utf-8", "replace")
        for number, line in enumerate(text.splitlines(), 1):
            found += [f"{path}:{number}: {h}" for h in NAMED.findall(line) if is_real(h)]
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
