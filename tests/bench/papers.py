"""How long it takes to read a .docx of two hundred pages with two thousand tracked changes, beside
pandoc and LibreOffice, on the same file."""
import os
import pathlib
import random
import shutil
import statistics
import subprocess
import time
import zipfile

from gauge import MB

PAGES, CHANGES, PARAGRAPHS_A_PAGE = 200, 2000, 10
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
BY = 'w:id="%d" w:author="联络员甲" w:date="2019-06-12T09:00:00Z"'
CLAUSE = "各成员单位应当按照职责分工落实本条规定的任务，并于每季度末向领导小组办公室报送进展情况。"
RUN = ('<w:r w:rsidR="00A77B3E"><w:rPr><w:rFonts w:ascii="仿宋_GB2312" w:eastAsia="仿宋_GB2312" '
       'w:hint="eastAsia"/><w:sz w:val="32"/><w:szCs w:val="32"/></w:rPr>'
       '<w:%s xml:space="preserve">%s</w:%s></w:r>')
ROUNDS = 3


def run(text, tag="t"):
    """As Word and WPS write it: a new run at every change of script or session."""
    return "".join(RUN % (tag, text[i:i + 16], tag) for i in range(0, len(text), 16))


def paragraph(number, changed, chance):
    words = "第%d条　%s" % (number, CLAUSE * 2)
    if not changed:
        return "<w:p>%s</w:p>" % run(words)
    at = chance.randrange(8, len(words) - 8)
    gone, new = words[at:at + 4], "改为第%d种写法" % number
    return "<w:p>%s<w:del %s>%s</w:del><w:ins %s>%s</w:ins>%s</w:p>" % (
        run(words[:at]), BY % (2 * number), run(gone, "delText"), BY % (2 * number + 1), run(new),
        run(words[at + 4:]))


def make(path):
    chance = random.Random(20190612)
    total = PAGES * PARAGRAPHS_A_PAGE
    every = total // (CHANGES // 2)  # a change is a deletion or an insertion
    body = "".join(paragraph(i, i % every == 0, chance) for i in range(total))
    files = {
        "[Content_Types].xml": '<Types xmlns="%scontent-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override '
        'PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'wordprocessingml.document.main+xml"/></Types>' % PACKAGE,
        "_rels/.rels": '<Relationships xmlns="%srelationships"><Relationship Id="r1" Type="%s/'
        'officeDocument" Target="word/document.xml"/></Relationships>' % (PACKAGE, OFFICE),
        "word/document.xml": '<w:document xmlns:w="%s"><w:body>%s</w:body></w:document>' % (
            WORD, body)}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in files.items():
            file.writestr(name, text)


def measured(words, given=None):
    """Seconds and the most resident bytes of a program that ends well."""
    began = time.monotonic()
    process = subprocess.Popen(list(map(str, words)), stdin=given, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError("%s: exit code %d" % (words[0], process.returncode))
    return time.monotonic() - began, usage.ru_maxrss * 1024


def time_of(words, rounds=ROUNDS):
    return statistics.median(measured(words)[0] for _ in range(rounds))


def reading(place, table):
    path = place / "pages.docx"
    make(path)
    program = pathlib.Path(os.environ["LIANLUO"])
    ours = time_of([program, "read", path], 3 * ROUNDS)
    with open(path, "rb") as file:
        _, peak = measured([program.with_name("lianluo-read")], file)
    table.add("read: %d pages, %s tracked changes" % (PAGES, format(CHANGES, ",")), "",
              "%.0f ms" % (ours * 1000))
    table.at_most("    peak resident memory of lianluo-read", 64, peak / MB, " MB")
    if shutil.which("pandoc"):
        other = time_of(["pandoc", "--track-changes=all", "-f", "docx", "-t", "plain", path])
        table.at_least("    times as fast as pandoc --track-changes=all", 20, other / ours, "",
                       "pandoc %.2f s" % other)
    if shutil.which("soffice"):
        other = time_of(["soffice", "-env:UserInstallation=file://%s/profile" % place, "--headless",
                         "--convert-to", "txt:Text (encoded):UTF8", "--outdir", place, path])
        table.add("    times as fast as soffice --convert-to txt", "", "%.0f" % (other / ours),
                  None, "soffice %.2f s" % other)
