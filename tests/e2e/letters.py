"""Mails as units' programs write them, byte by byte: charsets, quoted originals, attachments, and
what machines send (bounces, automatic replies)."""
import base64
import datetime
import email.utils
import hashlib
import io
import re
import zipfile

OFFICE = "kxsz@office.example"
CHINA = datetime.timezone(datetime.timedelta(hours=8))
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LABELS = {"utf-8": "utf-8", "gbk": "gb2312"}  # what programs write on GB18030 text


def word(text, charset="utf-8"):
    """RFC 2047, a few characters a word so that none is cut."""
    pieces = [text[i:i + 12] for i in range(0, len(text), 12)] or [""]
    words = ["=?%s?B?%s?=" % (LABELS[charset], base64.b64encode(bytes_of(piece, charset)).decode())
             for piece in pieces]
    return "\r\n ".join(words)


def bytes_of(text, charset):
    return text.encode("gb18030" if charset == "gbk" else charset)


def part(content_type, data, extra=()):
    lines = ["Content-Type: " + content_type, "Content-Transfer-Encoding: base64", *extra, "",
             base64.encodebytes(data).decode().replace("\n", "\r\n")]
    return "\r\n".join(lines)


def body(text, charset, html):
    if html:
        paragraphs = "".join("<p>%s</p>" % line for line in text.replace("<", "&lt;").split("\n"))
        text = "<html><body>%s</body></html>" % paragraphs
    kind = "html" if html else "plain"
    return part("text/%s; charset=%s" % (kind, LABELS[charset]), bytes_of(text, charset))


def docx(paragraphs):
    """A small Word document."""
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    texts = "".join("<w:p><w:r><w:t>%s</w:t></w:r></w:p>" % p for p in paragraphs)
    files = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        'content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-'
        'package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="'
        '%s.main+xml"/></Types>' % DOCX,
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
        'relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/'
        'officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>'
        '</Relationships>',
        "word/document.xml": '<w:document xmlns:w="%s"><w:body>%s</w:body></w:document>' % (w,
                                                                                           texts),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2019, 6, 10, 8, 0, 0)), text)
    return out.getvalue()


def scan():
    """A page without text, as a scanner makes it."""
    objects = ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
               "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"]
    numbered = "".join("%d 0 obj%sendobj\n" % (i + 1, text) for i, text in enumerate(objects))
    return ("%%PDF-1.4\n%strailer<</Root 1 0 R>>\n%%%%EOF\n" % numbered).encode()


def attachment(name, data, content_type, charset="utf-8"):
    """Named as QQ and Outlook do (RFC 2047 in quotes) for GBK, else by RFC 2231."""
    if charset == "gbk":
        disposition = 'attachment;\r\n filename="%s"' % word(name, charset)
    else:
        quoted = "".join("%%%02X" % byte for byte in name.encode())
        disposition = "attachment;\r\n filename*=UTF-8''" + quoted
    return part(content_type, data, ["Content-Disposition: " + disposition])


TYPES = {"docx": DOCX, "doc": "application/msword", "zip": "application/zip",
         "pdf": "application/pdf"}


def attach(name, text=None, paragraphs=None, file=None, charset="utf-8"):
    """An attachment of the kind that its content asks for; file: its bytes."""
    if file is not None:
        return attachment(name, file, TYPES[name.rpartition(".")[2]], charset)
    if paragraphs is not None:
        return attachment(name, docx(paragraphs), DOCX, charset)
    if text is not None:
        return attachment(name, bytes_of(text, charset), "text/plain", charset)
    return attachment(name, scan(), "application/pdf", charset)


def date(when):
    if isinstance(when, str):
        when = datetime.datetime.fromisoformat(when).replace(tzinfo=CHINA)
    return email.utils.format_datetime(when)


def new_id(*about):
    digest = hashlib.sha256("\n".join(map(str, about)).encode()).hexdigest()[:20]
    return "<%s@mail.example>" % digest


def headers(sender, subject, when, message_id, charset="utf-8", name="联络员", to=OFFICE):
    return ["From: %s <%s>" % (word(name, charset), sender), "To: <%s>" % to,
            "Subject: " + word(subject, charset), "Date: " + date(when),
            "Message-ID: " + message_id, "MIME-Version: 1.0"]


def join(lines, parts, kind="mixed"):
    """Header lines and parts as a whole mail, in bytes."""
    if len(parts) == 1:
        return ("\r\n".join(lines) + "\r\n" + parts[0]).encode()
    boundary = "=_lianluo_" + hashlib.sha256("".join(parts).encode()).hexdigest()[:16]
    lines = [*lines, 'Content-Type: multipart/%s;\r\n boundary="%s"' % (kind, boundary), ""]
    middle = "".join("--%s\r\n%s\r\n" % (boundary, text) for text in parts)
    return ("\r\n".join(lines) + "\r\n" + middle + "--%s--\r\n" % boundary).encode()


def quote(notice):
    """The original below an answer, as QQ mail sets it; its words are not the unit's."""
    original = re.sub(r"\r", "", notice.text)
    return ("\n\n------------------ 原始邮件 ------------------\n发件人: \"办公室\" <%s>\n"
            "发送时间: 2019年6月10日(星期一) 上午9:00\n主题: %s\n\n%s" % (OFFICE, notice.subject,
                                                                         original))


def letter(sender, text, when, *, subject="", charset="utf-8", html=False, attachments=(),
           message_id=None, extra=()):
    """A mail that answers nothing."""
    message_id = message_id or new_id(sender, text, when)
    lines = headers(sender, subject, when, message_id, charset) + list(extra)
    return join(lines, [body(text, charset, html), *attachments])


def reply(notice, sender, text, when, *, charset="utf-8", html=False, attachments=(),
          message_id=None, thread=True, subject="回复：", extra=()):
    """An answer to a mail of ours (a servers.smtp.Mail), which stands below it."""
    original = str(notice.message["Message-ID"])
    more = ["In-Reply-To: " + original, "References: " + original] if thread else []
    return letter(sender, text.strip() + quote(notice), when, subject=subject + notice.subject,
                  charset=charset, html=html, attachments=attachments, message_id=message_id,
                  extra=[*more, *extra])


def auto_reply(notice, sender, text, when):
    """As QQ mail's: no header tells, only subject and opening."""
    lines = headers(sender, "自动回复: " + notice.subject, when, new_id(sender, when))
    lines.append("In-Reply-To: " + str(notice.message["Message-ID"]))
    return join(lines, [body(text.strip(), "utf-8", True)])


def bounce(mail, address, diagnostic, when, sender="Postmaster@mail.example"):
    """A 系统退信 like NetEase's: GB text, and a delivery status that only has the recipient."""
    message_id = new_id(address, diagnostic, when)
    lines = headers(sender, "系统退信", when, message_id, "gbk", "Postmaster")
    status = ("Final-Recipient: rfc822; %s\r\nAction: failed\r\nStatus: 5.0.0\r\n"
              "Diagnostic-Code: SMTP; SMTP error, RCPT TO: %s\r\n" % (address, diagnostic))
    text = "抱歉，您的邮件被退回来了……\n原邮件信息：%s\n退信原因：%s\n" % (mail.subject, diagnostic)
    original = mail.data.split(b"\r\n\r\n")[0].decode("ascii") + "\r\n\r\n"
    parts = [body(text, "gbk", False),
             "Content-Type: message/delivery-status\r\n\r\n" + status,
             "Content-Type: message/rfc822\r\n\r\n" + original]
    return join(lines, parts, "report; report-type=delivery-status")
