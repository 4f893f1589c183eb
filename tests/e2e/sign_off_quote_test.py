"""同意签发 above the quoted mail, as many mail programs quote it: untouched it signs, changed it
does not."""
import re
import textwrap
import unittest

from office_case import address
import letters
import sign_off_test
from sign_off_test import DAY

NAMES = ("办公室 &lt;%s&gt;" % letters.OFFICE, "zhuren@office.example")
BLOCK = ("<div><b>发件人:</b>&nbsp;%s</div><div><b>发送时间:</b>&nbsp;2019年6月10日 9:00</div>"
         "<div><b>收件人:</b>&nbsp;%s</div><div><b>主题:</b>&nbsp;请签发</div>" % NAMES)
ENGLISH = "<div><b>From: </b>&nbsp;%s;</div><div><b>Date: </b>&nbsp;Mon, Jun 10, 2019</div>" \
    "<div><b>To: </b>&nbsp;%s; </div><div><b>Subject: </b>&nbsp;x</div>" % NAMES
WROTE = "在 2019年6月10日，上午9:00，%s 写道：" % NAMES[0]
TABLE = "".join("<tr><td>%s</td><td>%s</td></tr>" % row for row in (
    ("发件人", NAMES[0]), ("发送日期", "2019年6月10日"), ("收件人", NAMES[1]), ("主题", "x")))


def page(mail):
    return re.search("<body[^>]*>(.*)</body>", mail.html, re.S)[1]


def paragraphs(mail):
    return re.sub("<pre[^>]*>(.*?)</pre>", lambda found: "".join(
        "<p class=MsoNormal>%s</p>" % (line or "&nbsp;") for line in found[1].split("\n")),
        page(mail), flags=re.S)


PAGES = {
    "QQ": lambda m: "<div>------------------&nbsp;原始邮件&nbsp;------------------</div>"
    "<div>%s</div><div><br></div>%s" % (BLOCK, page(m)),
    "163": lambda m: "<div id=isReplyContent><p>%s</p><blockquote id=isReplyContent>%s</blockquote>"
    "</div>" % (WROTE, page(m)),
    "Foxmail": lambda m: "<hr style='width:210px' color='#b5c4df'><div>王主任</div><blockquote>"
    "<div>%s</div><div>%s</div></blockquote>" % (BLOCK, page(m)),
    "Outlook": lambda m: "<div>%s</div>%s" % (BLOCK, paragraphs(m)),
    "Gmail": lambda m: "<div class=gmail_quote><div class=gmail_attr>%s<br></div><blockquote "
    "class=gmail_quote>%s</blockquote></div>" % (WROTE, page(m)),
    "iPhone": lambda m: "<br>发自我的 iPhone<br><blockquote type=cite>%s<br><br></blockquote>"
    "<blockquote type=cite><div>%s</div></blockquote>" % (WROTE, page(m)),
    "WeCom": lambda m: "<div>------------------&nbsp;Original&nbsp;------------------</div>"
    + ENGLISH + "<div><br></div>" + page(m),
    "Mail Master": lambda m: "<div class=ntes-mailmaster-quote><div>---- 回复的原邮件 ----</div>"
    "<table>%s</table><div>%s</div></div>" % (TABLE, page(m)),
    "Coremail": lambda m: "<blockquote name=replyContent><span>-----原始邮件-----<br></span>%s%s"
    "</blockquote>" % (BLOCK, page(m)),
}


def angled(lines, opener="办公室 <%s> 于2019年6月10日周一 上午9:00写道：" % letters.OFFICE):
    return "\n\n%s\n\n%s" % (opener, "\n".join("> " + line for line in lines))


def headed(text, mark="\n", colon="："):
    fields = (("发件人", "办公室 <%s>" % letters.OFFICE), ("发送时间", "2019-06-10 09:00"),
              ("收件人", "zhuren"), ("主题", "x"))
    return "\n\n" + mark + "".join("%s%s%s\n" % (name, colon, value) for name, value in fields) \
        + "\n" + text


TEXTS = {
    "Gmail": lambda text: angled(text.split("\n")),
    "Thunderbird": lambda text: angled(text.split("\n"), "在 2019/6/10 9:00, 办公室 写道:"),
    "re-wrapped": lambda text: angled(piece for line in text.split("\n") for piece in (
        textwrap.wrap(line, 36) or [""])),
    "Outlook": lambda text: headed(re.sub(r"([\w.]+@[\w.]+)", r"\1<mailto:\1>", text), colon=": "),
    "Foxmail": lambda text: "\n\n王主任" + headed(text),
    "139": lambda text: headed(text, "----邮件原文----\n"),
    "only its beginning": lambda text: headed(text[:500], "----- 原始邮件 -----\n"),
}


class Quotes(sign_off_test.SigningTest):
    def each(self, change):
        """(program, notices that left, answer to the signer) of a consent above each quote."""
        for kind, programs in (("html", PAGES), ("text", TEXTS)):
            for name, quote in programs.items():
                self.setUp()
                mail, = self.submitted()
                consent = "同意签发 " + self.code(mail)
                if kind == "html":
                    quoted = "<div>%s</div><div><br></div>%s" % (consent, change(quote(mail)))
                    data = self.page(mail, quoted)
                else:
                    quoted = change(quote(mail.text.replace("\r\n", "\n")))
                    data = self.quoting(mail, consent, quoted)
                self.lab.receive(data, DAY + "09:20")
                mails = self.tick(DAY + "09:20")
                told = self.told(mails, sign_off_test.SIGNER).text
                yield "%s %s" % (name, kind), len(self.notices(mails)), told

    def test_untouched_they_sign(self):
        for name, notices, told in self.each(lambda quoted: quoted):
            self.assertEqual(notices, 3, name + ": " + told)

    def test_with_another_day_they_do_not(self):
        for name, notices, told in self.each(lambda q: q.replace("6月21日前", "6月25日前")):
            self.assertEqual(notices, 0, name)
            self.assertIn("您在引用的原文里作了改动", told, name)

    def test_with_one_unit_less_they_do_not(self):
        less = re.compile("市财政局　%s(<mailto:[^>]*>)?" % address("czj"))
        for name, notices, _ in self.each(lambda quoted: less.sub("", quoted)):
            self.assertEqual(notices, 0, name)


if __name__ == "__main__":
    unittest.main()
