"""Makes the documents of this folder by hand, so that each holds exactly what its name says:
/usr/bin/python3 tests/data/documents/make.py. What is expected of each stands beside it, in .json.
Nothing here was made by an office program; those that were are told in README.md."""
import ctypes
import pathlib
import struct
import zipfile
import zlib

HERE = pathlib.Path(__file__).parent
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
W15 = "http://schemas.microsoft.com/office/word/2012/wordml"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
BY = 'w:id="1" w:author="联络员甲" w:date="2019-06-12T09:00:00Z"'
WHEN = (2019, 6, 12, 9, 0, 0)


def pack(name, members, keep=None):
    """The same bytes every time; keep: how much of them."""
    path = HERE / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for member, data in members.items():
            info = zipfile.ZipInfo(member, WHEN)
            info.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(info, data)
    if keep:
        path.write_bytes(path.read_bytes()[:keep])


def relations(**targets):
    rows = []
    for kind, target in targets.items():
        outside = ' TargetMode="External"' if "://" in target else ""
        rows.append('<Relationship Id="%s" Type="%s/%s" Target="%s"%s/>' % (
            kind, OFFICE, kind, target, outside))
    return '<Relationships xmlns="%srelationships">%s</Relationships>' % (PACKAGE, "".join(rows))


def types(part, kind):
    return ('<Types xmlns="%scontent-types"><Override PartName="/%s" ContentType="application/'
            'vnd.openxmlformats-officedocument.%s.main+xml"/></Types>' % (PACKAGE, part, kind))


def xml(root, inside, uri=WORD, more=""):
    return '<?xml version="1.0" encoding="UTF-8"?><w:%s xmlns:w="%s" %s>%s</w:%s>' % (
        root, uri, more, inside, root)


def docx(name, body, uri=WORD, keep=None, doctype="", **parts):
    members = {"[Content_Types].xml": types("word/document.xml",
                                            "wordprocessingml.document"),
               "_rels/.rels": relations(officeDocument="word/document.xml"),
               "word/document.xml": doctype + xml("document", "<w:body>%s</w:body>" % body, uri)}
    targets = {kind: kind + ".xml" for kind in parts if kind != "outside"}
    if "outside" in parts:
        targets["attachedTemplate"] = parts.pop("outside")
    for kind, data in parts.items():
        members["word/%s.xml" % kind] = data
    members["word/_rels/document.xml.rels"] = relations(**targets)
    pack(name, members, keep)


def run(text):
    return '<w:r><w:t xml:space="preserve">%s</w:t></w:r>' % text


def gone(text):
    return '<w:r><w:delText xml:space="preserve">%s</w:delText></w:r>' % text


def ins(inside, by=BY):
    return "<w:ins %s>%s</w:ins>" % (by, inside)


def dele(inside, by=BY):
    return "<w:del %s>%s</w:del>" % (by, inside)


def p(inside, properties=""):
    return "<w:p><w:pPr>%s</w:pPr>%s</w:p>" % (properties, inside)


def numbered(num, level, inside):
    return p(inside, '<w:numPr><w:ilvl w:val="%d"/><w:numId w:val="%d"/></w:numPr>' % (level, num))


def cell(*paragraphs, properties=""):
    return "<w:tc><w:tcPr>%s</w:tcPr>%s</w:tc>" % (properties, "".join(paragraphs))


def row(*cells, properties=""):
    return "<w:tr><w:trPr>%s</w:trPr>%s</w:tr>" % (properties, "".join(cells))


def table(*rows):
    return "<w:tbl>%s</w:tbl>" % "".join(rows)


def level(number, form, text, more=""):
    return ('<w:lvl w:ilvl="%d"><w:start w:val="1"/><w:numFmt w:val="%s"/>'
            '<w:lvlText w:val="%s"/>%s</w:lvl>' % (number, form, text, more))


def tracked():
    old = '<w:rPrChange %s><w:rPr><w:b/></w:rPr></w:rPrChange>' % BY
    return "".join((
        p(run("第三条　期限为") + dele(gone("三十")) + ins(run("十五")) + run("日。")),
        p(ins(run("增加的") + dele(gone("多余的"), BY.replace("甲", "乙")) + run("一句。"))),
        p(run("前半句，"), "<w:rPr><w:del %s/></w:rPr>" % BY),
        p(run("后半句。")),
        p(ins(run("新增的一段。")), "<w:rPr><w:ins %s/></w:rPr>" % BY),
        p(dele(gone("删去的一段。")), "<w:rPr><w:del %s/></w:rPr>" % BY),
        p("<w:moveFrom %s>%s</w:moveFrom>" % (BY, run("移走的话。")) + run("留下的话。")),
        p("<w:moveTo %s>%s</w:moveTo>" % (BY, run("移走的话。"))),
        p('<w:r><w:rPr><w:i/>%s</w:rPr><w:t>只改了格式。</w:t></w:r>' % old)))


def tables():
    inner = table(row(cell(p(run("内一"))), cell(p(run("内二")))))
    return "".join((
        table(row(cell(p(run("条款"))), cell(p(run("修改意见"))), cell(p(run("理由")))),
              row(cell(p(run("第一条"))), cell(p(run("第一句")), p(run("第二句"))),
                  cell(p(dele(gone("旧"))+ins(run("新"))))),
              row(cell(p(run("通栏")), properties='<w:gridSpan w:val="2"/>'), cell(p(""))),
              row(cell(p(run("整行"))), cell(p(run("新增"))), cell(p("")),
                  properties="<w:ins %s/>" % BY),
              row(cell(p(dele(gone("删行")))), cell(p("")), cell(p("")),
                  properties="<w:del %s/>" % BY)),
        p(run("表后。")),
        table(row(cell(inner, p(run("外")))))))


NUMBERING = xml("numbering", "".join((
    '<w:abstractNum w:abstractNumId="0">',
    level(0, "chineseCountingThousand", "第%1章"), level(1, "chineseCounting", "第%2条",
                                                       '<w:lvlRestart w:val="0"/>'),
    level(2, "chineseCounting", "（%3）", '<w:suff w:val="nothing"/>'),
    "</w:abstractNum>",
    '<w:abstractNum w:abstractNumId="1">', level(0, "decimal", "%1."),
    level(1, "decimal", "%1.%2"), level(2, "decimalEnclosedCircle", "%3"), "</w:abstractNum>",
    '<w:abstractNum w:abstractNumId="2">', level(0, "ideographDigital", "%1、"),
    "</w:abstractNum>",
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>',
    '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>',
    '<w:num w:numId="3"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0">'
    '<w:startOverride w:val="1"/></w:lvlOverride></w:num>',
    '<w:num w:numId="4"><w:abstractNumId w:val="2"/></w:num>')))
STYLES = xml("styles", '<w:style w:type="paragraph" w:styleId="a"><w:pPr><w:numPr>'
             '<w:numId w:val="4"/></w:numPr></w:pPr></w:style>'
             '<w:style w:type="paragraph" w:styleId="b"><w:basedOn w:val="a"/></w:style>')


def numbers():
    rows = [numbered(1, 0, run("总则")), numbered(1, 1, run("目的")), numbered(1, 1, run("范围")),
            numbered(1, 2, run("机关")), numbered(1, 2, run("学校")), numbered(1, 0, run("职责")),
            numbered(1, 1, run("分工")), numbered(1, 2, run("牵头")),
            p(dele(gone("删去的条")), '<w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr>'
              "<w:rPr><w:del %s/></w:rPr>" % BY),
            numbered(1, 1, run("保障")),
            numbered(2, 0, run("甲")), numbered(2, 1, run("乙")), numbered(2, 2, run("丙")),
            numbered(2, 0, run("丁")), numbered(3, 0, run("重新开始")),
            p(run("按样式编号"), '<w:pStyle w:val="b"/>'),
            p(run("又一段"), '<w:pStyle w:val="a"/>')]
    return "".join(rows)


def begin(number):
    return '<w:commentRangeStart w:id="%d"/>' % number


def end(number):
    return ('<w:commentRangeEnd w:id="%d"/><w:r><w:commentReference w:id="%d"/></w:r>'
            % (number, number))


COMMENTS = xml("comments", "".join(
    '<w:comment w:id="%d" w:author="%s" w:date="2019-06-1%dT08:00:00Z">'
    '<w:p w14:paraId="0000000%d"><w:r><w:t>%s</w:t></w:r></w:p></w:comment>' % (
        number, author, number, number, text)
    for number, author, text in ((1, "联络员甲", "建议改为十五日"), (2, "联络员乙", "同意"),
                                 (3, "联络员丙", "新增内容请说明依据"))),
    more='xmlns:w14="%s"' % W14)
EXTENDED = ('<w15:commentsEx xmlns:w15="%s"><w15:commentEx w15:paraId="00000001" w15:done="0"/>'
            '<w15:commentEx w15:paraId="00000002" w15:paraIdParent="00000001" w15:done="0"/>'
            '</w15:commentsEx>' % W15)


def commented():
    return (p(run("期限为") + begin(1) + begin(2) + run("三十日") + end(1) + end(2) + run("。")) +
            p(ins(run("另设") + begin(3) + run("专家组") + end(3) + run("。"))))


def around():
    box = ("<w:r><w:pict><v:shape xmlns:v='urn:schemas-microsoft-com:vml'><v:textbox>"
           "<w:txbxContent>%s</w:txbxContent></v:textbox></v:shape></w:pict></w:r>" % p(
               run("文本框里的话")))
    choice = ("<mc:AlternateContent xmlns:mc='http://schemas.openxmlformats.org/markup-"
              "compatibility/2006'><mc:Choice>%s</mc:Choice><mc:Fallback>%s</mc:Fallback>"
              "</mc:AlternateContent>" % (box, box))
    docx("around.docx", p(run("正文") + choice + '<w:r><w:footnoteReference w:id="2"/></w:r>') +
         p(run("机密★三年")),
         header=xml("hdr", p(run("页眉文字"))), footer=xml("ftr", p(run("页脚文字"))),
         footnotes=xml("footnotes", '<w:footnote w:type="separator" w:id="0">%s</w:footnote>'
                       '<w:footnote w:id="2">%s</w:footnote>' % (
                           p(run("分隔")), p(run("脚注文字")))))


def workbook(name, *sheets, **parts):
    """Sheets are (name, <worksheet>); parts the shared strings and styles, if any."""
    letters = "abcdef"[:len(sheets)]
    book = "<workbook xmlns='%s' xmlns:r='%s'><sheets>%s</sheets></workbook>" % (
        SHEET, OFFICE, "".join("<sheet name='%s' r:id='%s'/>" % (title, letter)
                               for letter, (title, _) in zip(letters, sheets)))
    rels = relations(**{part: part + ".xml" for part in parts}).replace(
        "</Relationships>", "".join(
            "<Relationship Id='%s' Type='%s/worksheet' Target='/xl/worksheets/%s.xml'/>" % (
                letter, OFFICE, letter) for letter in letters) + "</Relationships>")
    members = {"[Content_Types].xml": types("xl/workbook.xml", "spreadsheetml.sheet"),
               "_rels/.rels": relations(officeDocument="xl/workbook.xml"),
               "xl/workbook.xml": book, "xl/_rels/workbook.xml.rels": rels}
    members.update(("xl/%s.xml" % part, text) for part, text in parts.items())
    members.update(("xl/worksheets/%s.xml" % letter, sheet)
                   for letter, (_, sheet) in zip(letters, sheets))
    pack(name, members)


def roster():
    """As an office keeps it: a merged title, a unit's cell merged over two people."""
    rows = [["科普工作联络员名单"], ["序号", "单位", "联络员", "职务", "手机", "邮箱"],
            ["1", "市教育局", "联络员甲", "科长", "１３８００００００００", "a@jyj.example"],
            ["2", "", "联络员乙", "", "", "b@jyj.example；c@jyj.example"],
            ["3", "市气象局", "联络员丙", "", "", "无"]]
    cells = "".join("<row r='%d'>%s</row>" % (r, "".join(
        "<c r='%s%d' t='inlineStr'><is><t>%s</t></is></c>" % ("ABCDEF"[i], r, text)
        for i, text in enumerate(row) if text)) for r, row in enumerate(rows, 1))
    workbook("roster.xlsx", ("名单", "<worksheet xmlns='%s'><sheetData>%s</sheetData><mergeCells>"
                             "<mergeCell ref='A1:F1'/><mergeCell ref='B3:B4'/></mergeCells>"
                             "</worksheet>" % (SHEET, cells)))


def xlsx():
    shared = ("<sst xmlns='%s'><si><t>条款</t></si><si><r><t>修改</t></r><r><t>意见</t></r>"
              "<rPh sb='0' eb='1'><t>xiu</t></rPh></si></sst>" % SHEET)
    styles = ("<styleSheet xmlns='%s'><numFmts><numFmt numFmtId='176' formatCode='yyyy\"年\"m\"月\""
              "d\"日\"'/></numFmts><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/>"
              "<xf numFmtId='176'/><xf numFmtId='10'/></cellXfs></styleSheet>" % SHEET)
    first = ("<worksheet xmlns='%s'><sheetData><row r='1'><c r='A1' t='s'><v>0</v></c>"
             "<c r='C1' t='s'><v>1</v></c></row><row r='3'><c r='A3' t='inlineStr'><is><t>第三条"
             "</t></is></c><c r='B3' s='1'><v>43628</v></c><c r='C3' s='2'><v>43628</v></c>"
             "<c r='D3' s='3'><v>0.125</v></c><c r='E3'><v>0.1</v></c><c r='F3' t='str'><f>A3</f>"
             "<v>第三条</v></c><c r='G3' t='b'><v>1</v></c></row></sheetData>"
             "<mergeCells><mergeCell ref='A1:B1'/></mergeCells></worksheet>" % SHEET)
    second = ("<worksheet xmlns='%s'><sheetData><row><c t='inlineStr'><is><t>另一张表</t></is></c>"
              "</row></sheetData></worksheet>" % SHEET)
    workbook("cells.xlsx", ("反馈表", first), ("附表", second), sharedStrings=shared,
             styles=styles)


def ofd(name, *pages):
    space = "xmlns:ofd='http://www.ofdspec.org/2016'"
    members = {"OFD.xml": "<ofd:OFD %s><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>"
               "</ofd:DocBody></ofd:OFD>" % space,
               "Doc_0/Document.xml": "<ofd:Document %s><ofd:Pages>%s</ofd:Pages></ofd:Document>" % (
                   space, "".join("<ofd:Page ID='%d' BaseLoc='Pages/Page_%d/Content.xml'/>" % (
                       i + 1, len(pages) - i) for i in range(len(pages))))}
    for number, pieces in enumerate(pages):
        place = "Doc_0/Pages/Page_%d/Content.xml" % (len(pages) - number)
        members[place] = (
            "<ofd:Page %s><ofd:Content><ofd:Layer>%s</ofd:Layer></ofd:Content></ofd:Page>" % (
                space, "".join("<ofd:TextObject Boundary='%s'><ofd:TextCode X='0' Y='4'>%s"
                               "</ofd:TextCode></ofd:TextObject>" % piece for piece in pieces)))
    pack(name, members)


def ole(*entries):
    """A compound file of which only the header and the directory are there."""
    directory = b"".join(name.encode("utf-16-le").ljust(64, b"\0") +
                         (2 * len(name) + 2).to_bytes(2, "little") + bytes(62) for name in entries)
    return b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".ljust(512, b"\0") + directory.ljust(1024, b"\0")


def included():
    """Files that stand in it as they are: a web page, and a .rtf that a converter must read."""
    body = "".join((p(run("前一段")), '<w:altChunk r:id="page"/>', p(run("后一段")),
                    '<w:altChunk r:id="old"/>', '<w:altChunk r:id="nowhere"/>'))
    members = {"[Content_Types].xml": types("word/document.xml", "wordprocessingml.document"),
               "_rels/.rels": relations(officeDocument="word/document.xml"),
               "word/document.xml": xml("document", "<w:body>%s</w:body>" % body,
                                        more='xmlns:r="%s"' % OFFICE),
               "word/_rels/document.xml.rels": relations(page="page.html", old="old.rtf"),
               "word/page.html": "<html><body><p>建议将第三条删除。</p></body></html>",
               "word/old.rtf": "{\\rtf1\\ansi We agree.\\par}"}
    pack("included.docx", members)


def bad():
    deep = p(run("最里"))
    for _ in range(300):
        deep = table(row(cell(deep, p(""))))
    docx("nested_300.docx", deep)
    docx("truncated.docx", tracked(), keep=700)
    docx("outside.docx", p(run("正文")), outside="http://template.example/a.dotm")
    laughs = '<!ENTITY a "哈">' + "".join('<!ENTITY %s "%s">' % (
        chr(98 + i), ("&%s;" % chr(97 + i)) * 10) for i in range(9))
    docx("laughs.docx", p(run("&j;")), doctype="<!DOCTYPE d [%s]>" % laughs)
    pack("bomb.zip", {"零.txt": b"0" * (8 * 1024 * 1024)})
    (HERE / "empty.docx").write_bytes(b"")
    (HERE / "encrypted.docx").write_bytes(ole("Root Entry", "EncryptionInfo", "EncryptedPackage"))
    pack("password.zip", {"意见.txt": "无意见\n"})
    locked = bytearray((HERE / "password.zip").read_bytes())
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(mark) + flags] |= 1
    (HERE / "password.zip").write_bytes(locked)


def rar(name, members):
    """RAR 4, stored: there is no free packer. A block is its checksum, kind, flags and size."""
    def block(kind, flags, rest, data=b""):
        head = struct.pack("<BHH", kind, flags, 7 + len(rest)) + rest
        return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head + data
    blocks = [b"Rar!\x1a\x07\x00", block(0x73, 0, bytes(6))]
    for member, data in members.items():
        sizes = struct.pack("<IIBIIBBHI", len(data), len(data), 2, zlib.crc32(data), 0x4ECC4800,
                            20, 0x30, len(member), 0x20)
        blocks.append(block(0x74, 0x8000, sizes + member, data))
    (HERE / name).write_bytes(b"".join(blocks) + block(0x7B, 0x4000, b""))


def seven_zip(name, members):
    """By libarchive, stored."""
    library, room, used = ctypes.CDLL("libarchive.so.13"), ctypes.create_string_buffer(65536), \
        ctypes.c_size_t()
    for function in ("archive_write_new", "archive_entry_new"):
        getattr(library, function).restype = ctypes.c_void_p
    archive = ctypes.c_void_p(library.archive_write_new())
    library.archive_write_set_format_7zip(archive)
    library.archive_write_set_options(archive, b"7zip:compression=store")
    library.archive_write_open_memory(archive, room, ctypes.c_size_t(len(room)), ctypes.byref(used))
    for member, data in members.items():
        entry = ctypes.c_void_p(library.archive_entry_new())
        library.archive_entry_set_pathname(entry, member.encode())
        library.archive_entry_set_size(entry, ctypes.c_int64(len(data)))
        library.archive_entry_set_filetype(entry, 0o100000)
        library.archive_write_header(archive, entry)
        library.archive_write_data(archive, data, ctypes.c_size_t(len(data)))
        library.archive_entry_free(entry)
    library.archive_write_close(archive)
    library.archive_write_free(archive)
    (HERE / name).write_bytes(room.raw[:used.value])


def plain():
    (HERE / "gbk.txt").write_bytes("关于反馈意见的函\r\n　　我单位无意见。\r\n".encode("gbk"))
    (HERE / "big5.html").write_bytes(
        '<html><head><meta charset="big5"></head><body><p>意見如下：</p><p>無</p></body></html>'
        .encode("big5"))
    (HERE / "form.csv").write_bytes('条款,意见\r\n第一条,"改为""十日"""\r\n'.encode("gbk"))
    (HERE / "page.docx").write_text("<html><body><p>其实是网页</p></body></html>",
                                    encoding="utf-8")
    (HERE / "mail.eml").write_bytes(
        "From: a@unit.example\r\nMessage-ID: <a@unit.example>\r\nMIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n\r\n转来的意见\r\n".encode())
    (HERE / "stamp.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x03\x20\0\0\x02\x58")
    pack("pdf_inside.zip", {"意见.pdf": "%PDF-1.4\n1 0 obj<<>>endobj\n", "无.txt": "无意见\n"})
    inner = HERE / "inner.zip"
    pack("inner.zip", {"意见.txt": "里层的意见\n"})
    data = inner.read_bytes()
    inner.unlink()
    pack("gbk_names.zip", {"AAAA.txt": "无意见\n", "inner.zip": data})
    path = HERE / "gbk_names.zip"
    path.write_bytes(path.read_bytes().replace(b"AAAA.txt", "意见".encode("gbk") + b".txt"))
    said = "我单位无意见。\n".encode("gbk")
    rar("letter.rar", {"复函.txt".encode("gbk"): said})
    seven_zip("letter.7z", {"letter.txt": said, "stamp.png": (HERE / "stamp.png").read_bytes()})


def main():
    docx("tracked.docx", tracked())
    docx("tables.docx", tables())
    docx("numbers.docx", numbers(), numbering=NUMBERING, styles=STYLES)
    docx("comments.docx", commented(), comments=COMMENTS, commentsExtended=EXTENDED)
    docx("strict.docx", p(run("严格格式") + ins(run("新增"))), uri=STRICT)
    around()
    included()
    xlsx()
    roster()
    ofd("pages.ofd", (("10 10 50 5", "第一页"), ("60 10 50 5", "同一行"), ("10 20 50 5", "第二行")),
        (("10 10 50 5", "第二页"),))
    ofd("scan.ofd", ())
    plain()
    bad()


if __name__ == "__main__":
    main()
