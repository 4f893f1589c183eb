"""Who may include whom: the rooms of DESIGN.md, section 3, and the libraries each one keeps."""
import re
import subprocess
import sys
from pathlib import Path

ALLOWED = {
    "base": [],
    "mail": ["base"],
    "channels": ["base"],
    "templates": ["base"],
    "db": ["base"],
    "documents": ["mail", "base"],
    "wording": ["base"],
    "handlers": ["mail", "documents", "wording", "templates", "db", "base"],
    "bot": ["handlers", "documents", "wording", "mail", "channels", "templates", "db", "base"],
}
LIBRARIES = {"libetpan/": "channels", "curl/": "channels", "sqlite3.h": "db"}
INCLUDE = re.compile(r'^\s*#\s*include\s+(?:"([^"]+)"|<([^>]+)>)')


def files():
    command = ["git", "ls-files", "-coz", "--exclude-standard", "*.c", "*.h"]
    names = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [Path(name) for name in names.split("\0") if name and Path(name).is_file()]


def includes(path):
    """(line, name, is ours) of each include."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        match = INCLUDE.match(line)
        if match:
            yield number, match[1] or match[2], match[1] is not None


def room_of(name):
    room = Path(name).parts[0]
    return room if room in ALLOWED else None


def test_room(path):
    """The room that a test file is about: tests/mail/read_test.c may look inside mail. Fuzzers may
    look inside any: they call parsers that stand behind a process."""
    return path.parts[1] if path.parts[0] == "tests" and len(path.parts) > 2 else None


def check_room(path, name):
    """The reason why path must not include name of one of our rooms; None if it may."""
    own, other = room_of(str(path)), room_of(name)
    if own == other or test_room(path) in (other, "fuzz"):
        return None
    if own and other not in ALLOWED[own]:
        return f"{own} must not include {other}"
    if name != f"{other}/{other}.h":
        return f'include "{other}/{other}.h", not "{name}"'
    return None


def check_library(path, name):
    own = room_of(str(path))
    for prefix, room in LIBRARIES.items():
        if own and own != room and name.startswith(prefix):
            return f"only {room} knows {name}"
    return None


def check_includes(paths):
    for path in paths:
        for number, name, ours in includes(path):
            if ours and room_of(name):
                reason = check_room(path, name)
            elif ours and room_of(str(path)):
                reason = f'write "ROOM/{name}": includes start at the top'
            else:
                reason = check_library(path, name)
            if reason:
                yield f"{path}:{number}: {reason}"


def check_sqlite(paths):
    knowing = [
        str(path)
        for path in paths
        if path.parts[0] == "db" and any(name == "sqlite3.h" for _, name, _ in includes(path))
    ]
    if len(knowing) > 1:
        yield f"{', '.join(knowing)}: one file only includes sqlite3.h"
    if not knowing and any(path.parts[0] == "db" and path.suffix == ".c" for path in paths):
        yield "db/: one file includes sqlite3.h"


def check_circles(paths):
    """Each circle of headers that include each other, told once, by its first member."""
    graph = {str(p): [n for _, n, ours in includes(p) if ours] for p in paths if p.suffix == ".h"}

    def walk(header, trail):
        if header in trail:
            circle = trail[trail.index(header):]
            if header == min(circle):
                yield f"{header}: a circle: {' → '.join(circle + [header])}"
            return
        for name in graph.get(header, []):
            yield from walk(name, trail + [header])

    for header in sorted(graph):
        yield from walk(header, [])


def main():
    paths = files()
    found = [*check_includes(paths), *check_sqlite(paths), *dict.fromkeys(check_circles(paths))]
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
