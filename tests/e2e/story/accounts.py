"""The accounts of the whole story: units, mails that left, messages that came."""
import collections
import csv
import hashlib

from .play import HERE, Mismatch, mark, same

END = "2019-06-27 17:00"


def units(play):
    """The final table, unit by unit, against expected.csv."""
    status = play.ask("status", 1, at=END, codes=(0,))
    same("单位数", len(status["units"]), 27)
    got = {unit["code"]: unit for unit in status["units"]}
    with open(HERE / "expected.csv", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            unit = got[row["code"]]
            same(unit["name"], {
                "status": unit["status"], "late": "late" if unit["late"] else "",
                "paper": unit["paper"], "electronic": "yes" if unit["electronic_at"] else "",
                "submissions": str(unit["submissions"]), "code": unit["code"]}, row)
    counts = status["counts"]
    same("状态合计", sum(counts[key] for key in (
        "waiting", "acknowledged", "no_comment", "commented", "submitted", "deemed", "overdue",
        "exempt")), counts["units"])
    same("待办", counts["review"], 0)
    same("机器人自己的毛病", [line["text"] for line in status["health"]], [])


def outbox(play):
    """Every row of the outbox that is sent is one mail or push, and the other way round."""
    rows = play.ask("outbox", "list", at=END)["outbox"]
    states = collections.Counter((row["channel"], row["state"]) for row in rows)
    same("发件箱", states, collections.Counter({
        ("mail", "sent"): len(play.lab.smtp.mails), ("mail", "cancelled"): 1,
        ("wecom", "sent"): len(play.lab.wecom.pushes)}))
    kinds = collections.Counter(mark(mail)[0] for mail in play.lab.smtp.mails)
    same("外发邮件", kinds, collections.Counter(notice=25, reminder=57, receipt=19, digest=15,
                                                alarm=3))
    ids = collections.Counter(str(mail.message["Message-ID"]).strip("<>")
                              for mail in play.lab.smtp.mails)
    sent = collections.Counter(row["message_id"] for row in rows
                               if (row["channel"], row["state"]) == ("mail", "sent"))
    same("每封邮件只发了一次", ids == sent and set(ids.values()) == {1}, True)
    same("被 SMTP 服务器拒绝的登录", [user for user, good in play.lab.smtp.logins if not good], [])
    return kinds


def mailbox(play, own):
    """Every message of the mailbox is in the inbox once, with the verdict of the story."""
    rows = {row["sha256"]: row for row in play.ask("inbox", "list", at=END)["messages"]}
    imap, there = play.lab.imap, collections.Counter()
    for folder in imap.folders():
        for item in imap.list(folder):
            there[hashlib.sha256(imap.fetch(item.uid, folder)).hexdigest()] += 1
            same("%s 里 %d 号的标志" % (folder, item.uid), item.flags - {"\\Recent"}, set())
    same("收件箱的行与邮箱里的邮件", set(rows), set(there))
    same("邮箱里的邮件数", sum(there.values()), len(play.letters) + own)
    same("本系统自己的来信", sum(row["kind"] == "own" and row["verdict"] == "noted"
                                for row in rows.values()), own)
    for name, letter in play.letters.items():
        row = rows[hashlib.sha256(play.arrived[name][0]).hexdigest()]
        unit = letter.get("unit", "" if letter["verdict"] == "noted" else letter["from"])
        same("来信 " + name, (row["verdict"], row["unit"] or "", row["kind"]),
             (letter["verdict"], unit, {"copy": "person", "again": "person"}.get(
                 letter.get("kind", "person"), letter.get("kind", "person"))))
        if "stance" in letter:
            same("来信 %s 的态度" % name, row["stance"], letter["stance"])
    return sum(there.values()), len(rows)


def collation(play):
    """Row by row as somebody found them who read the papers (collation.csv): which clause, what is
    asked for and why, by whom, in which paper. No row contradicts another."""
    got = play.ask("collation", 1, at=END)
    with open(HERE / "collation.csv", encoding="utf-8") as file:
        wanted = list(csv.DictReader(file))
    for number, (row, want) in enumerate(zip(got["rows"], wanted), 1):
        title = "《柳州市全民科学素质工作领导小组%s》" % want["文件"]
        same("意见汇总表第 %d 行" % number, {
            "文件": "《%s》" % row["document"], "条款": row["clause"], "修改意见": row["text"],
            "理由": row["reason"], "提出单位": "、".join(row["units"]), "备注": row["note"],
            "来源": "、".join(text.partition("：")[2].rpartition(" ")[0]
                              for text in row["sources"])},
            {**want, "文件": title, "条款": title + want["条款"], "备注": ""})
        same("意见汇总表第 %d 行是确定的" % number, row["certain"], True)
    same("意见汇总表的行数", len(got["rows"]), len(wanted))
    same("意见汇总表的表头", got["head"], {"sent": 27, "replied": 22, "commented": 9,
                                           "no_comment": 13, "deemed": 4, "waiting": 0})
    return len(wanted)


def digests_and_news(play):
    """WeCom got names and counts, never what somebody wrote."""
    for push in play.lab.wecom.pushes:
        same("推送的类型", push.msgtype, "markdown")
        if len(push.content.encode()) > 4096:
            raise Mismatch("一条推送超过 4096 字节")
        for words in ("科普进校园", "旅游融合", "我没有意见", "elsewhere.example"):
            if words in push.content:
                raise Mismatch("推送里有来信的内容：" + words)
    same("被企业微信拒绝的推送", play.lab.wecom.refused, [])


def all_accounts(play):
    units(play)
    kinds = outbox(play)
    messages, rows = mailbox(play, kinds["digest"] + kinds["alarm"])
    digests_and_news(play)
    opinions = collation(play)
    print("核对  外发邮件 %d 封（通知 %d、催办 %d、回执 %d、简报 %d、故障和提问 %d），"
          "企业微信 %d 条；邮箱里 %d 封，收件箱 %d 行；意见汇总表 %d 行：全部对得上"
          % (sum(kinds.values()), kinds["notice"], kinds["reminder"], kinds["receipt"],
             kinds["digest"], kinds["alarm"], len(play.lab.wecom.pushes), messages, rows, opinions))
