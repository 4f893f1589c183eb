"""Makes the seeds of the fuzzers of packages from tests/data/documents: the parts of each file,
"NAME\\nCONTENT" with a NUL between two. /usr/bin/python3 tests/fuzz/seeds/make.py"""
import pathlib
import zipfile

HERE = pathlib.Path(__file__).parent
DOCUMENTS = HERE.parent.parent / "data" / "documents"


def main():
    for path in sorted(DOCUMENTS.iterdir()):
        if path.suffix not in (".docx", ".xlsx", ".ofd") or not zipfile.is_zipfile(path):
            continue
        with zipfile.ZipFile(path) as file:
            parts = [name.encode() + b"\n" + file.read(name) for name in file.namelist()]
        (HERE / path.suffix[1:] / path.stem).write_bytes(b"\0".join(parts))


if __name__ == "__main__":
    main()
