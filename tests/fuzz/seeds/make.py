"""Makes the seeds of the fuzzers of packages from tests/data/documents: the parts of each file,
"NAME\\nCONTENT" with a NUL between two; and those of the notices from the tables of their tests:
each notice, and ten sentences together, for a large text is slow.
/usr/bin/python3 tests/fuzz/seeds/make.py"""
import json
import pathlib
import zipfile

HERE = pathlib.Path(__file__).parent
DATA = HERE.parent.parent / "data"
DOCUMENTS = DATA / "documents"


def notices():
    texts = [row["text"] for row in json.loads((DATA / "notices" / "notices.json").read_text())]
    rows = json.loads((DATA / "notices" / "sentences.json").read_text())
    texts += ["\n".join(row["text"] for row in rows[i:i + 10]) for i in range(0, len(rows), 10)]
    for i, text in enumerate(texts):
        (HERE / "notice" / ("%02d" % i)).write_text(text)


def main():
    notices()
    for path in sorted(DOCUMENTS.iterdir()):
        if path.suffix not in (".docx", ".xlsx", ".ofd") or not zipfile.is_zipfile(path):
            continue
        with zipfile.ZipFile(path) as file:
            parts = [name.encode() + b"\n" + file.read(name) for name in file.namelist()]
        (HERE / path.suffix[1:] / path.stem).write_bytes(b"\0".join(parts))


if __name__ == "__main__":
    main()
