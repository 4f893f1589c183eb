"""Functions, files and lines stay small enough to be read (DESIGN.md, section 3)."""
import subprocess
import sys
import unicodedata
from pathlib import Path

FUNCTION, SOURCE, HEADER, COLUMNS = 60, 500, 150, 100


def files():
    command = ["git", "ls-files", "-coz", "--exclude-standard", "*.c", "*.h", "*.sh", "*.py"]
    names = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [Path(name) for name in names.split("\0") if name and Path(name).is_file()]


def columns(line):
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in line)
    combining = sum(unicodedata.combining(c) != 0 for c in line)
    return len(line.expandtabs(8)) + wide - combining


def functions(lines):
    """(first line, name, length) of each function: braces in the first column are its body."""
    start = None
    for number, line in enumerate(lines):
        if line == "{":
            start = number
            while start > 0 and continues(lines[start - 1]):
                start -= 1
        elif line == "}" and start is not None:
            yield start + 1, lines[start].strip(), number - start + 1
            start = None


def continues(line):
    """True if a line can belong to the signature of the function below it."""
    ends = (";", "}", "*/")
    return bool(line.strip()) and not line.startswith("#") and not line.rstrip().endswith(ends)


def findings(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, 1):
        if columns(line) > COLUMNS:
            yield f"{path}:{number}: {columns(line)} columns, at most {COLUMNS}"
    limit = {".c": SOURCE, ".h": HEADER}.get(path.suffix)
    if not limit:
        return
    if len(lines) > limit:
        yield f"{path}:{len(lines)}: {len(lines)} lines, at most {limit}"
    for number, name, length in functions(lines):
        if length > FUNCTION:
            yield f"{path}:{number}: {length} lines, at most {FUNCTION}: {name}"


def main():
    found = [finding for path in files() for finding in findings(path)]
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
