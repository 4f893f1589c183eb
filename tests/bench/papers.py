"""How long it takes to read a .docx of two hundred pages with two thousand tracked changes, beside
pandoc and LibreOffice, on the same file."""
import os
import pathlib
import random
import shutil
import subprocess
import time
import zipfile

from gauge import MB, status_of

PAGES, CHANGES, PARAGRAPHS_A_PAGE = 200, 2000, 10
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
BY = 'w:id="%d" w:author="联络员甲" w:date="2019-06-12T09:00:00Z"'
CLAUSE = "各成员单位应当按照职责分工落实本条规定的任务，并于每季度末向领导小组办公室报送进展情况。"
RUN = ('<w:r w:rsidR="00A77B3E"><w:rPr><w:rFonts w:ascii="仿宋_GB2312" w:eastAsia="仿宋_GB2312" '
       'w:hint="eastAsia"/><w:sz w:val="32"/><w:szCs w:val="32"/></w:rPr>'
       '<w:%s xml:space="preserve">%s</w:%s></w:r>')
ROUNDS = 4


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


def measured(words):
    """Seconds on the wall and on the processors, children included, of a program that ends well."""
    began = time.monotonic()
    process = subprocess.Popen(list(map(str, words)), stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError("%s: exit code %d" % (words[0], process.returncode))
    return time.monotonic() - began, usage.ru_utime + usage.ru_stime


def peak_of_children(words):
    """The high mark of resident memory of what a program starts: read until it is gone, since what
    wait4 tells begins with the memory of this very process."""
    process = subprocess.Popen(list(map(str, words)), stdout=subprocess.DEVNULL)
    children = "/proc/%d/task/%d/children" % (process.pid, process.pid)
    peak = 0
    while process.poll() is None:
        with open(children, encoding="ascii") as file:
            for child in file.read().split():
                peak = max([peak] + (status_of(int(child), "VmHWM") or []))
    return peak * 1024


def reading(place, table):
    path = place / "pages.docx"
    make(path)
    ours = [pathlib.Path(os.environ["LIANLUO"]), "read", path]
    others = {
        "pandoc": ["pandoc", "--track-changes=all", "-f", "docx", "-t", "plain", path],
        "soffice": ["soffice", "-env:UserInstallation=file://%s/profile" % place, "--headless",
                    "--convert-to", "txt:Text (encoded):UTF8", "--outdir", place, path]}
    others = {name: words for name, words in others.items() if shutil.which(name)}
    times = {}
    for _ in range(ROUNDS):  # in turns, so that a busy moment of the machine is everybody's
        for name, words in [("", ours)] * 3 + list(others.items()):
            times.setdefault(name, []).append(measured(words))
    best = {name: [min(values) for values in zip(*took)] for name, took in times.items()}
    wall, processor = best.pop("")
    table.add("read: %d pages, %s tracked changes" % (PAGES, format(CHANGES, ",")), "",
              "%.0f ms" % (wall * 1000), None, "processor %.0f ms" % (processor * 1000))
    table.at_most("    peak resident memory of lianluo-read", 64,
                  max(peak_of_children(ours) for _ in range(ROUNDS)) / MB, " MB")
    for name, (other, its_processor) in best.items():
        note = "%.2f s; processor %.2f s, %.1f times" % (other, its_processor,
                                                         its_processor / processor)
        figure = "    times as fast as " + " ".join(map(str, others[name][:2])).split(" -env")[0]
        if name == "pandoc":
            table.at_least(figure, 20, other / wall, "", note)
        else:
            table.add(figure, "", "%.0f" % (other / wall), None, note)
