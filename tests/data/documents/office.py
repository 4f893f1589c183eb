"""Makes the files of office/ with LibreOffice (writer and calc): formats that only an office
program writes. Run by hand, `/usr/bin/python3 tests/data/documents/office.py`; what came of it is
committed, since LibreOffice never writes the same bytes twice."""
import json
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
OFFICE = HERE / "office"
sys.path.insert(0, str(HERE.parent / "story"))
from make import Deleted, Inserted, LibreOffice, Noted, Writer  # noqa: E402

LOCKED = {"EncryptFile": {"type": "boolean", "value": "true"},
          "DocumentOpenPassword": {"type": "string", "value": "secret"}}
FORM = "条款,修改意见,理由\n第三条,改为每半年公布一次,便于监督\n"


def letter():
    writer = Writer("联络员甲")
    writer.paragraph("关于《办法》修改意见的函", style="题")
    writer.paragraph("第三条　期限为", Deleted("三十"), Inserted("十五"), "日，",
                     Noted("逾期不候", "语气欠妥"), "。")
    return writer


def sheet(office, ending):
    """From a .csv in UTF-8, as calc does it."""
    source = office.place / "form.csv"
    source.write_text(FORM, encoding="utf-8")
    subprocess.run(["soffice", "-env:UserInstallation=file://%s/profile" % office.place,
                    "--headless", "--infilter=CSV:44,34,76", "--convert-to", ending, "--outdir",
                    OFFICE, source], check=True, capture_output=True)


def lock(path):
    """Sets the bit by which Word's header says that the rest is encrypted."""
    data = bytearray(path.read_bytes())
    data[data.index(b"\xEC\xA5", 512) + 11] |= 1
    (OFFICE / "locked.doc").write_bytes(data)


def make(office):
    OFFICE.mkdir(exist_ok=True)
    office.convert(letter(), OFFICE / "tracked.doc", "doc:MS Word 97")
    office.convert(letter(), OFFICE / "tracked.rtf", "rtf:Rich Text Format")
    office.convert(letter(), OFFICE / "locked.pdf", "pdf:writer_pdf_Export:" + json.dumps(LOCKED))
    lock(OFFICE / "tracked.doc")
    sheet(office, "xls:MS Excel 97")
    sheet(office, "xlsx")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        make(LibreOffice(folder))
