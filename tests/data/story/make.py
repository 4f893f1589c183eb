"""Makes the papers of the story with LibreOffice, as an office and its units would: the annexes as
.docx from the plain texts beside this file, and in papers/ what the units return of them. Run by
hand (`/usr/bin/python3 tests/data/story/make.py`); what came of it is committed, since LibreOffice
never writes the same bytes twice. Changes and comments are described as flat ODF, by the words
around them; LibreOffice makes of it what it makes of its own."""
import base64
import pathlib
import shutil
import subprocess
import sys
import tempfile
import zipfile
from xml.sax.saxutils import escape

HERE = pathlib.Path(__file__).resolve().parent
PAPERS = HERE / "papers"
WHEN = "2019-06-12T09:00:00"
SPACES = "".join(' xmlns:%s="urn:oasis:names:tc:opendocument:xmlns:%s:1.0"' % pair for pair in (
    ("office", "office"), ("text", "text"), ("style", "style"), ("table", "table"),
    ("draw", "drawing"), ("fo", "xsl-fo-compatible"), ("svg", "svg-compatible"))) + \
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'
STYLES = """<office:font-face-decls>
<style:font-face style:name="仿宋" svg:font-family="仿宋_GB2312"/>
<style:font-face style:name="黑体" svg:font-family="黑体"/></office:font-face-decls>
<office:styles><style:style style:name="Standard" style:family="paragraph">
<style:paragraph-properties fo:text-indent="0.4in"/><style:text-properties
style:font-name-asian="仿宋" fo:font-size="16pt" style:font-size-asian="16pt"/></style:style>
<style:style style:name="题" style:family="paragraph"><style:paragraph-properties
fo:text-align="center"/><style:text-properties style:font-name-asian="黑体"
style:font-size-asian="22pt"/></style:style>
<style:style style:name="号" style:family="paragraph" style:parent-style-name="Standard"/>
<text:list-style style:name="一"><text:list-level-style-number text:level="1"
style:num-format="一, 二, 三, ..." style:num-suffix="、"/></text:list-style></office:styles>"""


class Deleted(str):
    """Text that a tracked change takes away."""


class Inserted(str):
    """Text that a tracked change puts in."""


class Noted(str):
    """Text that a comment hangs on."""

    def __new__(cls, text, comment):
        self = super().__new__(cls, text)
        self.comment = comment
        return self


class Writer:
    """Paragraphs as flat ODF. author: whose the changes are."""

    def __init__(self, author="联络员"):
        self.author, self.regions, self.body = author, [], []

    def _who(self):
        return "<dc:creator>%s</dc:creator><dc:date>%s</dc:date>" % (self.author, WHEN)

    def _region(self, kind, inside=""):
        name = "ct%d" % (len(self.regions) + 1)
        self.regions.append(
            '<text:changed-region text:id="%s"><text:%s><office:change-info>%s'
            "</office:change-info>%s</text:%s></text:changed-region>" % (
                name, kind, self._who(), inside, kind))
        return name

    def _piece(self, piece):
        text = escape(piece)
        if isinstance(piece, Deleted):
            return '<text:change text:change-id="%s"/>' % self._region(
                "deletion", "<text:p>%s</text:p>" % text)
        if isinstance(piece, Inserted):
            name = self._region("insertion")
            return ('<text:change-start text:change-id="%s"/>%s<text:change-end '
                    'text:change-id="%s"/>' % (name, text, name))
        if isinstance(piece, Noted):
            name = "note%d" % len(self.body)
            return ('<office:annotation office:name="%s">%s<text:p>%s</text:p></office:annotation>'
                    '%s<office:annotation-end office:name="%s"/>' % (
                        name, self._who(), escape(piece.comment), text, name))
        return text

    def paragraph(self, *pieces, style="Standard"):
        self.body.append('<text:p text:style-name="%s">%s</text:p>' % (
            style, "".join(map(self._piece, pieces))))

    def numbered(self, *pieces):
        """一、 by automatic numbering: the number is not in the text."""
        self.body.append('<text:list text:style-name="一" text:continue-numbering="true">'
                         '<text:list-item><text:p text:style-name="号">%s</text:p>'
                         "</text:list-item></text:list>" % "".join(map(self._piece, pieces)))

    def open_paragraph(self, *pieces):
        """What gone_paragraph left open."""
        self.body.append("".join(map(self._piece, pieces)) + "</text:p>")

    def gone_paragraph(self, text):
        """A whole paragraph that was taken away; the next one stands in its place."""
        name = self._region("deletion", "<text:p>%s</text:p><text:p/>" % escape(text))
        self.body.append('<text:p text:style-name="Standard"><text:change text:change-id="%s"/>' %
                         name)

    def table(self, rows):
        cells = "".join("<table:table-row>%s</table:table-row>" % "".join(
            '<table:table-cell office:value-type="string"><text:p>%s</text:p></table:table-cell>' %
            escape(cell) for cell in row) for row in rows)
        self.body.append('<table:table><table:table-column table:number-columns-repeated="%d"/>'
                         "%s</table:table>" % (len(rows[0]), cells))

    def picture(self, png):
        self.body.append(
            '<text:p><draw:frame text:anchor-type="as-char" svg:width="6in" svg:height="8.4in">'
            "<draw:image><office:binary-data>%s</office:binary-data></draw:image></draw:frame>"
            "</text:p>" % base64.b64encode(png).decode())

    def flat(self):
        tracked = "<text:tracked-changes>%s</text:tracked-changes>" % "".join(self.regions)
        return ('<?xml version="1.0" encoding="UTF-8"?><office:document%s office:version="1.2" '
                'office:mimetype="application/vnd.oasis.opendocument.text">%s<office:body>'
                "<office:text>%s%s</office:text></office:body></office:document>" % (
                    SPACES, STYLES, tracked if self.regions else "", "".join(self.body)))


class LibreOffice:
    def __init__(self, place):
        self.place = pathlib.Path(place)

    def convert(self, writer, name, to):
        """Writes it as to: an ending, or an ending and a filter."""
        source = self.place / "paper.fodt"
        source.write_text(writer.flat(), encoding="utf-8")
        subprocess.run(["soffice", "-env:UserInstallation=file://%s/profile" % self.place,
                        "--headless", "--convert-to", to, "--outdir", self.place, source],
                       check=True, capture_output=True)
        name.parent.mkdir(exist_ok=True)
        shutil.move(self.place / ("paper." + to.split(":")[0]), name)
        print(name.name, name.stat().st_size)


def annex_lines(number):
    return next(HERE.glob("%d-*.txt" % number)).read_text(encoding="utf-8").splitlines()


def annex(number, edits=(), author="联络员"):
    """An annex, edited: for a line that begins with a key, the pieces that stand in its place, a
    function of the writer that writes it, or None. Keys of one section only: "section/line"."""
    edits, used, section = dict(edits), set(), ""
    writer = Writer(author)
    head = True
    for line in annex_lines(number):
        if line.endswith("具体职责：") and "：" in line:
            section = line.split("全民科学素质工作")[0]
        key = next((key for key in edits if line.startswith(key.rpartition("/")[2]) and
                    key.rpartition("/")[0] in ("", section)), None)
        head = head and line != ""
        if key is None:
            writer.paragraph(line, style="题" if head else "Standard")
            continue
        used.add(key)
        if callable(edits[key]):
            edits[key](writer, line)
        elif edits[key] is not None:
            writer.paragraph(*edits[key])
    unused = set(edits) - used
    if unused:
        sys.exit("no such line in annex %d: %s" % (number, unused))
    return writer


def letter(title, to, *paragraphs, numbered=(), end="特此函复。", sender="", day="2019年6月18日"):
    writer = Writer()
    writer.paragraph(title, style="题")
    writer.paragraph("")
    writer.paragraph(to)
    for text in paragraphs:
        writer.paragraph(text)
    for text in numbered:
        writer.numbered(text)
    for text in (end, "", sender, day):
        writer.paragraph(text)
    return writer


OFFICE = "市全民科学素质工作领导小组办公室："
REPLY = "关于《柳州市全民科学素质工作领导小组工作规则》等五个文件修改意见的复函"
FORM = ("序号", "文件", "条款", "原文", "修改意见", "理由")


def gone(writer, line):
    writer.gone_paragraph(line)


def jyj():
    """Tracked: one sentence changed twice, a word put in, the last item taken away."""
    return annex(5, {
        "市教育局/2.": ("2.制定青少年科技教育", Deleted("规划"), Inserted("五年规划"), "，",
                        Deleted("均衡"), Inserted("优化"), "配置科技教育资源。"),
        "市教育局/3.": ("3.牵头抓好科普进校园", Inserted("、进课堂"),
                        "活动，整合利用书报刊等科普资源，开展各类青少年科技教育活动。"),
        "市教育局/5.": gone,
        "市科技局全民": lambda writer, line: writer.open_paragraph(line)}, "教育局联络员丁")


def gxj():
    """Comments only."""
    return annex(5, {
        "市工业和信息化局/1.": (
            "1.将提高全民科学素质工作纳入全市",
            Noted("工业和信息化发展规划", "建议改为“工业和信息化高质量发展规划”。"), "。"),
        "市工业和信息化局/3.": (
            "3.推动科技创新成果向科普产品转化，探索科技创新和科普产业结合的有效机制。"
            "推动科普信息产品的开发与柳州市重点产业的发展相结合，",
            Noted("服务柳州市重点产业发展", "与前半句重复，建议删去。"), "。")},
                 "工信局联络员己")


def zrj():
    """A clean copy: edited, nothing tracked."""
    return annex(5, {
        "市自然资源和规划局/1.": (
            "1.大力推进自然资源科普工作，开展世界地球日、全国土地日等系列科普宣传活动。",),
        "市自然资源和规划局/3.": (
            "3.大力加强自然资源科普作品创作，提高自然资源科普创作传播能力。"
            "支持地质博物馆面向公众开放。",)})


def wlj():
    """A form, filled."""
    writer = Writer()
    writer.paragraph("征求意见反馈表", style="题")
    writer.paragraph("单位（盖章）：市文化广电和旅游局")
    writer.table((FORM,
                  ("1", "工作规则", "二、（一）", "全体会议一般每年召开一次",
                   "修改为“全体会议原则上每年召开一次”", "与自治区的规则一致"),
                  ("2", "各成员单位具体职责", "市文化广电和旅游局第6条", "推动旅游+科普活动。",
                   "修改为“推动科普旅游融合发展。”", "表述更规范"),
                  ("3", "", "", "", "", "")))
    return writer


def tsw():
    """A letter whose items are numbered by the program."""
    return letter(
        REPLY, OFFICE, "来文收悉。经研究，现将有关意见函复如下：", numbered=(
            "建议在《成员单位共同职责》第九条后增加一条：“发挥青年志愿者在科普工作中的作用。”",
            "建议将《工作规则》中“全体会议一般每年召开一次”修改为“全体会议原则上每年召开一次”。",
            "建议将《成员单位联络员职责》第四条中“按时报送”修改为“定期报送”。"
            "理由：时间由年度计划确定。"),
        sender="共青团柳州市委员会", day="2019年6月19日")


def xcb():
    """Tracked, in two annexes, sent in a .zip."""
    yield "具体职责（宣传部修改）.docx", annex(5, {
        "市委宣传部/2.": (
            "2.指导我市主要媒体加强科普公益宣传，在广播电视、报刊杂志开展科普知识宣传，"
            "所属新媒体开设科普", Deleted("知识"), "专栏。")}, "宣传部联络员乙")
    yield "共同职责（宣传部修改）.docx", annex(4, {
        "六、": ("六、总结推广本系统本单位全民科学素质工作成功做法和典型经验，"
                 "做好全民科学素质工作宣传", Inserted("和舆论引导"), "。"),
        "九、": ("九、", Deleted("大力"),
                 "开展全民科学素质工作宣传，为提高全民科学素质营造良好氛围。")},
        "宣传部联络员乙")


def skl():
    """Both at once: a change, and a comment on another sentence."""
    return annex(5, {
        "市社科联/2.": ("2.以推动柳州市社会科学普及为重点，大力开展", Deleted("科普"),
                        Inserted("社会科学普及"), "活动。"),
        "市社科联/4.": ("4.牵头抓好",
                        Noted("社会科学科普志愿者队伍", "请明确由哪个单位建队。"), "建设。")},
        "社科联联络员甲丁")


def fgw():
    """A letter in the old format."""
    return letter(
        REPLY, OFFICE, "前件有误，请以此件为准。经研究，我委意见如下：",
        "一、建议将市发展改革委具体职责第1条中“列入”修改为“纳入”。",
        "二、建议在市发展改革委具体职责第2条后增加一条：“协调重大科普基础设施项目建设。”",
        sender="市发展改革委", day="2019年6月14日")


def agrees(unit, said):
    return letter(REPLY, OFFICE, said, sender=unit)


def hjj():
    """The form, with nothing to say."""
    writer = Writer()
    writer.paragraph("征求意见反馈表", style="题")
    writer.table((FORM, ("1", "工作规则等五个文件", "", "", "无", ""), ("2", "", "", "", "", "")))
    writer.paragraph("市生态环境局　2019年6月13日")
    return writer


def zipped(files, path):
    """Names in GBK without the flag of UTF-8, as WinRAR and older systems write them."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        names = {}
        for number, (name, data) in enumerate(files):
            stand_in = ("%02d" % number).ljust(len(name.encode("gbk")), "x")
            names[stand_in.encode()] = name.encode("gbk")
            archive.writestr(zipfile.ZipInfo(stand_in, (2019, 6, 21, 16, 0, 0)), data)
    data = path.read_bytes()
    for stand_in, name in names.items():
        data = data.replace(stand_in, name)
    path.write_bytes(data)


def make(office):
    word = "docx:MS Word 2007 XML"
    for number in range(1, 6):
        path = next(HERE.glob("%d-*.txt" % number)).with_suffix(".docx")
        office.convert(annex(number), path, word)
    for name, writer in (
            ("教育局修改稿.docx", jyj()), ("工信局批注.docx", gxj()),
            ("自然资源局修改稿.docx", zrj()), ("文旅局反馈表.docx", wlj()),
            ("团市委复函.docx", tsw()), ("社科联修改稿.docx", skl()),
            ("生态环境局反馈表.docx", hjj()),
            ("组织部复函.docx",
             agrees("中共柳州市委组织部", "来文收悉。经研究，我部无意见。")),
            ("民宗委复函.docx", agrees("市民宗委", "来文收悉。我委对五个文件没有意见。")),
            ("总工会复函.docx", agrees("市总工会", "来文收悉。经研究，我会无修改意见。")),
            ("人社局复函.docx",
             agrees("市人力资源和社会保障局", "来文收悉。我局无不同意见。"))):
        office.convert(writer, PAPERS / name, word)
    office.convert(fgw(), PAPERS / "发改委复函.doc", "doc:MS Word 97")
    office.convert(annex(5), PAPERS / "农业农村局盖章件.pdf", "pdf")
    files = []
    for name, writer in xcb():
        office.convert(writer, PAPERS / "one.docx", word)
        files.append((name, (PAPERS / "one.docx").read_bytes()))
    (PAPERS / "one.docx").unlink()
    files.append(("说明.txt", "修改稿两份，请查收。\r\n".encode("gbk")))
    zipped(files, PAPERS / "宣传部意见.zip")
    page = PAPERS / "page.pdf"
    office.convert(agrees("市卫生健康委", "来文收悉。经研究，我委无意见。"), page, "pdf")
    scan = Writer()
    scan.picture(subprocess.run(["pdftoppm", "-png", "-gray", "-r", "60", page], check=True,
                                capture_output=True).stdout)
    page.unlink()
    office.convert(scan, PAPERS / "卫生健康委复函（扫描件）.pdf", "pdf")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        make(LibreOffice(folder))
