"""The mailboxes of the bench: answers as units write them, the same bytes for the same seed,
written
straight into the Maildir of the private Dovecot."""
import os
import random
import time

import letters
from servers.dovecot import encode_folder, owner

SEED = 20190610
CLAUSES = "总则 职责 任务 分工 保障 考核 附则 经费 宣传 培训".split()
WORDS = """科学素质 青少年 农民 城镇劳动者 领导干部 公务员 社区居民 科普基础设施 科普资源 科普信息化
 监测评估 联络员 成员单位 年度工作要点 实施方案 科普示范基地 流动科技馆 科技教师
 志愿服务 经费预算""".split()
OPINIONS = ("第%(n)d条“%(a)s”一节，建议将“%(b)s”修改为“%(c)s”，并补充%(d)s的内容。",
            "第%(n)d条中%(b)s的责任单位建议增加我单位，%(c)s由%(a)s牵头部门统一安排。",
            "建议删除第%(n)d条第二款关于%(b)s的表述，与%(c)s重复。",
            "第%(n)d条%(a)s部分，建议明确%(b)s和%(d)s的完成时限，以便%(c)s工作衔接。")
PLAIN = ("经研究，我单位对上述文件无意见。", "我单位无修改意见。", "收到，已转有关科室研究。")
STRANGERS = ("caigou", "xinxi", "huiwu", "wangbangongshi", "tuiguang")


def opinion(chance):
    words = {key: chance.choice(WORDS) for key in "bcd"}
    return chance.choice(OPINIONS) % {"n": chance.randint(1, 48), "a": chance.choice(CLAUSES),
                                      **words}


def text_of(chance, number):
    """One in four has no opinion; the number keeps two answers of a unit from being one."""
    if chance.random() < 0.25:
        return chance.choice(PLAIN)
    lines = ["%d. %s" % (i + 1, opinion(chance)) for i in range(chance.randint(2, 6))]
    return "贵办第%d号来件收悉。经研究，提出修改意见如下：\n%s" % (number, "\n".join(lines))


def quoted(chance, notice):
    """The original below the answer, as long as notices are."""
    lines = ["", "", "------------------ 原始邮件 ------------------", "发件人: \"办公室\" <%s>"
             % letters.OFFICE, "主题: " + notice["subject"], ""]
    lines += ["　　%s：%s" % (chance.choice(CLAUSES), "，".join(chance.sample(WORDS, 8)))
              for _ in range(14)]
    return "\n".join(lines)


def attachment(chance, number):
    """A scanned answer: bytes that do not compress, as a scanner's JPEG in a PDF."""
    data = b"%PDF-1.4\n" + chance.randbytes(200_000) + b"\n%%EOF\n"
    return letters.attachment("修改意见（盖章）%d.pdf" % number, data, "application/pdf",
                              chance.choice(("gbk", "utf-8")))


def answer(chance, notices, number, large):
    """Three in five answer a notice from the unit's own address, others have the token but an
    unknown address, and some are strangers about something else."""
    notice = chance.choice(notices)
    when = "2019-06-%02d %02d:%02d" % (chance.randint(11, 20), chance.randint(8, 17), number % 60)
    kind = chance.random()
    stranger = "%s%d@elsewhere.example" % (chance.choice(STRANGERS), number % 97)
    text = text_of(chance, number) + quoted(chance, notice)
    options = {"charset": chance.choice(("gbk", "utf-8")), "html": chance.random() < 0.3,
               "message_id": "<bench-%d-%d@mail.example>" % (SEED, number),
               "attachments": [attachment(chance, number)] if large else []}
    if kind < 0.85:
        sender = notice["address"] if kind < 0.6 else stranger
        thread = ["In-Reply-To: <%s>" % notice["message_id"],
                  "References: <%s>" % notice["message_id"]]
        return letters.letter(sender, text, when, subject="回复：" + notice["subject"],
                              extra=thread if chance.random() < 0.7 else [], **options)
    return letters.letter(stranger, text, when, subject="关于%s的函" % chance.choice(WORDS),
                          **options)


def answers(notices, small, large):
    """Yields the mails in bytes, the large ones spread among the small."""
    chance = random.Random(SEED)
    every = (small + large) // large
    for number in range(small + large):
        yield answer(chance, notices, number, number % every == 0 and number // every < large)


def tiny(count):
    for number in range(count):
        yield (b"From: =?utf-8?B?6IGU57uc5ZGY?= <t%d@elsewhere.example>\r\nSubject: t%d\r\n"
               b"Message-ID: <tiny-%d@mail.example>\r\nDate: Mon, 10 Jun 2019 09:00:00 +0800\r\n"
               b"\r\nn %d\r\n" % (number, number, number, number))


def enormous(size):
    """One message with an attachment of that many bytes on the wire."""
    chance = random.Random(SEED)
    data = chance.randbytes(size * 3 // 4 * 76 // 78)
    part = letters.attachment("图片.zip", data, "application/zip")
    yield letters.letter("pic@elsewhere.example", "图片见附件。", "2019-06-12 09:00",
                         subject="图片", attachments=[part])


def fill(dovecot, folder, mails):
    """Writes mails into a folder; returns how many bytes. Names carry the sizes, so that the server
    need not read every file to tell them."""
    maildir = dovecot.directory / "mail" / dovecot.user / "Maildir"
    if folder != "INBOX":
        maildir /= "." + encode_folder(folder)
    _, _, uid, gid = owner()
    for name in ("cur", "new", "tmp"):
        (maildir / name).mkdir(parents=True, exist_ok=True)
    total, now = 0, int(time.time())
    place = str(maildir / "cur")
    for number, data in enumerate(mails):
        path = "%s/%d.M%dP1.bench,S=%d,W=%d:2," % (place, now, number, len(data), len(data))
        with open(path, "wb") as file:
            file.write(data)
        total += len(data)
    if os.getuid() == 0:
        top = dovecot.directory / "mail" / dovecot.user
        for path in (top, top / "Maildir", maildir, *(maildir / n for n in ("cur", "new", "tmp"))):
            os.chown(path, uid, gid)
    return total
