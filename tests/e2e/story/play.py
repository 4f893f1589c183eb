"""The stage on which the days are played: the servers, the office, and what each tick must send."""
import collections
import csv
import hashlib
import pathlib
import re
import tomllib

import letters
from servers import lab as lab_module
from servers import Lab

HERE = pathlib.Path(__file__).resolve().parent
DATA = HERE.parents[1] / "data" / "story"
MARK = re.compile(r"^(\w+)(?:; matter=(\d+))?(?:; unit=(\w+))?$")


class Mismatch(Exception):
    """Something did not happen as the story says."""


def same(what, got, wanted):
    if got != wanted:
        raise Mismatch("%s：应为 %s，实为 %s" % (what, show(wanted), show(got)))


def show(value):
    if isinstance(value, collections.Counter):
        return "、".join("%s×%d" % (" ".join(map(str, key)) if isinstance(key, tuple) else key, n)
                        for key, n in sorted(value.items(), key=str)) or "无"
    return repr(value)


def mark(mail):
    """(kind, unit) of a mail of ours; the unit is "" where none is concerned."""
    found = MARK.match(str(mail.message["X-Lianluo"] or ""))
    if found is None:
        raise Mismatch("第 %d 封外发邮件没有可认的 X-Lianluo" % mail.number)
    return found.group(1), found.group(3) or ""


class Play:
    def __init__(self, directory):
        self.lab = Lab(directory)
        # A minute of WeCom's limit is a minute of the story.
        self.lab.wecom.clock = lambda: self.lab.now.timestamp()
        self.letters = tomllib.loads((HERE / "letters.toml").read_text(encoding="utf-8"))
        with open(DATA / "roster.csv", encoding="utf-8") as file:
            rows = [row for row in csv.DictReader(file) if row["角色"] == ""]
        self.units = {row["代码"]: row for row in rows}
        self.arrived = {}  # letter → (bytes, folder)

    # ---- the office's hands

    def run(self, *args, at, code=0):
        return self.lab.lianluo(*args, at=at, code=code)

    def ask(self, *args, at, codes=(0, 3)):
        """A command's JSON."""
        result = self.lab.lianluo(*args, at=at, check=False, json=True)
        if result.code not in codes:
            raise Mismatch("退出码 %d 不对：%s" % (result.code, result))
        return result.data

    def review(self, at):
        return self.ask("review", "list", at=at)["review"]

    def waiting(self, at, *wanted):
        """What waits for a person must be just that: (reason, unit) each. A mail that failed
        because its only recipient was refused may be told in two lines."""
        got = {(r["reason"].replace("refused_recipient", "failed"), r["unit"] or "")
               for r in self.review(at)}
        same(at + " 的待办", sorted(got), sorted(wanted))

    def settle(self, at, unit, why):
        """The clerk has done what waited for him about a unit."""
        items = [item for item in self.review(at) if item["unit"] == unit]
        if not items:
            raise Mismatch("%s 没有 %s 的待办" % (at, unit))
        for item in items:
            self.run("review", "settle", item["id"], "--why", why, at=at)

    def message(self, name, at):
        """The row of the inbox that a letter became."""
        sha256 = hashlib.sha256(self.arrived[name][0]).hexdigest()
        rows = self.ask("inbox", "list", at=at)["messages"]
        found = [row for row in rows if row["sha256"] == sha256]
        same("来信 %s 在收件箱里的行数" % name, len(found), 1)
        return found[0]

    # ---- time

    def tick(self, at, notices=(), receipts=(), reminders=(), digests=0, alarms=0, pushes=()):
        """The mails that came until then arrive; what leaves must be just what is given."""
        self.deliver_letters(at)
        mails, news = len(self.lab.smtp.mails), len(self.lab.wecom.pushes)
        self.run("tick", at=at)
        wanted = collections.Counter([("notice", unit) for unit in notices])
        wanted.update([("receipt", unit) for unit in receipts])
        wanted.update([("reminder", unit) for unit in reminders])
        wanted.update({("digest", ""): digests, ("alarm", ""): alarms})
        sent = self.lab.smtp.mails[mails:]
        same(at + " 发出的邮件", collections.Counter(map(mark, sent)), +wanted)
        for mail in sent:
            self.check_address(mail)
        heads = [push.content.split("\n")[0] for push in self.lab.wecom.pushes[news:]]
        same(at + " 的企业微信推送条数", len(heads), len(pushes))
        for head, word in zip(heads, pushes):
            if word not in head:
                raise Mismatch("企业微信推送“%s”里没有“%s”" % (head, word))
        return sent

    def check_address(self, mail):
        kind, unit = mark(mail)
        known = self.units[unit]["邮箱"].split(";") if unit else [
            "jingban@office.example", lab_module.ADDRESS]
        same("%s %s 的收件人" % (kind, unit), sorted(mail.recipients), sorted(known))

    # ---- the units' mail

    def deliver_letters(self, at):
        for name, row in self.letters.items():
            if name not in self.arrived and row["at"] <= at:
                folder = lab_module.JUNK if row.get("folder") == "junk" else "INBOX"
                data = self.compose(row)
                self.lab.receive(data, row["at"], folder)
                self.arrived[name] = (data, folder)

    def notice(self, unit):
        for mail in self.lab.smtp.mails:
            if mark(mail) == ("notice", unit):
                return mail
        raise Mismatch("没有发给 %s 的通知" % unit)

    @staticmethod
    def attach(charset, name, paper=None, **content):
        if paper is not None:
            content["file"] = (DATA / "papers" / paper).read_bytes()
        return letters.attach(name, charset=charset, **content)

    def compose(self, row):
        kind, sender, when = row.get("kind", "person"), row["from"], row["at"]
        address = sender if "@" in sender else self.units[sender]["邮箱"]
        if kind == "copy":
            return self.arrived[row["of"]][0]
        if kind == "again":
            return self.compose({**self.letters[row["of"]], "message_id": letters.new_id(when)})
        if kind == "bounce":
            unit = row["of"]
            return letters.bounce(self.notice(unit), self.units[unit]["邮箱"], row["text"], when,
                                  address)
        if kind == "auto_reply":
            return letters.auto_reply(self.notice(sender), address, row["text"], when)
        charset = row.get("charset", "utf-8")
        files = [self.attach(charset, **file) for file in row.get("attach", ())]
        alone = row.get("token") == "alone"
        return letters.reply(self.notice("zzb" if alone else sender), address, row["text"], when,
                             charset=charset, html=row.get("html", False), attachments=files,
                             thread=not alone, subject="" if alone else "回复：",
                             message_id=row.get("message_id"))
