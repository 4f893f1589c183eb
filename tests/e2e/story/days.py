"""The days of the story. Each plays what happened, checks it, and tells it in a line or two."""
import pathlib

from .play import DATA, Mismatch, mark, same

TITLE = "关于征求《柳州市全民科学素质工作领导小组工作规则》等五个文件修改意见的通知"
DIGEST = "联络简报"


def say(day, *lines):
    print("%s  %s" % (day, ("\n" + " " * 9).join(lines)), flush=True)


def prepare(play):
    """Monday 06-10, early: the office, its roster and the notice."""
    at = "2019-06-10 08:00"
    play.lab.write_config()
    play.run("init", at=at)
    play.run("check", at=at)
    imported = play.ask("unit", "import", DATA / "roster.csv", at=at)
    same("导入的单位", imported["added"], 27)
    annexes = sorted(DATA.glob("[1-5]-*.docx"))
    new = play.ask("matter", "new", "--title", TITLE, "--number", "柳科素办〔2019〕1号",
                   "--notice", DATA / "notice.txt", "--deadline", "2019-06-21",
                   "--require", "electronic,paper", "--silence", "deemed",
                   *[word for path in annexes for word in ("--annex", path)], at=at)
    same("matter new", new, {"matter": 1, "units": 27, "annexes": 5})
    shown = play.ask("matter", "show", 1, at=at)
    if "逾期将视为无异议" not in shown["silence_text"]:
        raise Mismatch("没有在通知里找到“逾期将视为无异议”这句话")
    say("准备", "建立办公室，导入 27 个单位（市关工委没有邮箱），拟好通知和 5 个附件")


def june_10(play):
    refused = "550 Invalid User"
    play.lab.smtp.answer(refused, recipient=play.units["qxj"]["邮箱"])
    play.run("matter", "issue", 1, at="2019-06-10 09:00")
    play.run("matter", "exempt", 1, "市科协", "--why", "办公室设在该单位", at="2019-06-10 09:00")
    accepted = [unit for unit in play.units if unit not in ("ggw", "qxj")]
    sent = play.tick("2019-06-10 09:00", notices=accepted, digests=1, pushes=["已发通知", DIGEST])
    check_notice(play, sent[0])
    same("发通知的连接不超过 2 个（被拒收一次会换一个）",
         len({mail.connection for mail in sent}) <= 2, True)
    play.waiting("2019-06-10 09:01", ("no_address", "ggw"), ("failed", "qxj"))
    play.tick("2019-06-10 11:00", alarms=1, pushes=["联络故障"])
    play.waiting("2019-06-10 11:01", ("no_address", "ggw"), ("failed", "qxj"), ("bounce", "lyj"))
    say("6月10日", "发通知给 27 个单位：25 封送达；市关工委没有邮箱，市气象局拒收（550），进待办",
        "市财政局回“收到”，记为签收；市统计局自动回复，不算；市林业和园林局的退信进了待办")


def check_notice(play, mail):
    """As the unit got it: every annex, byte for byte, and a form of its own; text and HTML; the
    token in the subject."""
    annexes = {path.name: path.read_bytes() for path in DATA.glob("[1-5]-*.docx")}
    came = {name: data for name, data in mail.attachments.items() if name in annexes}
    forms = [name.split("）")[0] for name in mail.attachments if name not in came]
    same("通知的附件", {name: len(data) for name, data in came.items()},
         {name: len(data) for name, data in annexes.items()})
    same("附件内容不变", came == annexes, True)
    same("反馈表", forms, ["征求意见反馈表（" + play.units["zzb"]["单位"]])
    for text in (mail.text, mail.html):
        if "逾期将视为无异议" not in text or play.units["zzb"]["单位"] not in text:
            raise Mismatch("通知正文缺少单位名称或“逾期将视为无异议”")
    if "[LL1-" not in mail.subject or TITLE not in mail.subject:
        raise Mismatch("通知的主题不对：" + mail.subject)


def june_11(play):
    play.tick("2019-06-11 09:00", digests=1, pushes=[DIGEST])
    for unit in ("ggw", "lyj"):
        play.settle("2019-06-11 09:30", unit, "已电话通知")
    failed = play.ask("outbox", "list", "--state", "failed", at="2019-06-11 09:40")["outbox"]
    play.run("outbox", "cancel", failed[0]["id"], at="2019-06-11 09:40")
    play.waiting("2019-06-11 09:41")
    sent = play.tick("2019-06-11 17:00", receipts=["jyj", "kjj"], alarms=1,
                     pushes=["联络恢复"])
    receipts = [mail for mail in sent if mark(mail)[0] == "receipt"]
    for mail, stance in zip(receipts, ("识别为：修改意见 3 条", "识别为：无意见")):
        if stance not in mail.text or "纸质件" not in mail.text:
            raise Mismatch("回执没有写明识别结果和尚缺的纸质件：" + mail.text)
    say("6月11日", "经办员电话通知了没收到通知的 3 个单位",
        "市教育局来件（附件 .docx），市科技局回“无修改意见”（GBK）：各发回执，注明尚缺纸质件")


def june_12(play):
    play.tick("2019-06-12 09:00", digests=1, pushes=[DIGEST])
    play.tick("2019-06-12 17:00", receipts=["fgw", "gxj", "wlj"])
    play.waiting("2019-06-12 17:01", ("unknown_sender", ""))
    say("6月12日", "市发展改革委（GBK 附件）、市工业和信息化局（原则同意附条件）、"
        "市文化广电和旅游局（反馈表）有意见",
        "垃圾箱里又见科技局那封，是同一封，不重复登记；陌生人引用标记来信，不归任何单位，进待办")


def june_13(play):
    play.tick("2019-06-13 09:00", digests=1, pushes=[DIGEST])
    play.run("inbox", "ignore", play.message("stranger", "2019-06-13 09:10")["id"],
             at="2019-06-13 09:10")
    play.tick("2019-06-13 17:00", receipts=["hjj"], alarms=1)  # a question
    play.run("paper", "received", 1, "市气象局", "--how", "fax", "--stance", "no_comment",
             at="2019-06-13 17:10")
    fax = pathlib.Path(play.lab.directory) / "lyj-fax.txt"
    fax.write_text("市林业和园林局：经研究，我局无意见。\n", encoding="utf-8")
    play.run("submission", "add", 1, "lyj", "--stance", "no_comment", "--how", "fax",
             "--file", fax, at="2019-06-13 17:12")
    fax.unlink()
    play.waiting("2019-06-13 17:13", ("question", "rsj"))
    say("6月13日", "科技局又发一遍同样的内容，不作新版本；市生态环境局的回复在垃圾箱里，照样登记",
        "市人社局来信询问，进待办；市气象局、市林业和园林局来传真（无意见）")


def june_14(play):
    play.tick("2019-06-14 09:00", digests=1, pushes=[DIGEST])
    play.run("inbox", "ignore", play.message("rsj-question", "2019-06-14 09:05")["id"],
             at="2019-06-14 09:05")
    play.tick("2019-06-14 15:00", receipts=["fgw", "nyj"])
    play.waiting("2019-06-14 15:01", ("unclear", "wjw"))
    play.run("inbox", "assign", play.message("wjw", "2019-06-14 15:05")["id"], 1, "wjw",
             "--stance", "no_comment", at="2019-06-14 15:05")
    play.tick("2019-06-14 15:10", receipts=["wjw"])
    say("6月14日", "发展改革委更正（.doc），第 2 版取代第 1 版；市农业农村局无意见（HTML）",
        "市卫生健康委只有一份扫描件，机器人不猜：经办员看过，登记为无意见")


def june_15(play):
    play.tick("2019-06-15 10:00", receipts=["mzw"])
    say("6月15日", "周六：市民宗委无意见（昨晚 GBK 来信），发回执；不催办，不发简报")


def june_17(play):
    play.tick("2019-06-17 09:00", digests=1, pushes=[DIGEST])
    play.run("paper", "received", 1, "kjj", "jyj", "fgw", at="2019-06-17 10:00")
    play.run("paper", "received", 1, "市场监管局", at="2019-06-17 10:02")
    play.tick("2019-06-17 17:00", receipts=["yjj"])
    play.waiting("2019-06-17 17:01", ("paper_without_stance", "scj"))
    say("6月17日", "收到 4 份纸质件；市市场监管局的还没有人看过，进待办",
        "市应急管理局：不涉及本单位")


def check_reminders(sent, electronic, paper, word):
    """Each says what is owed, and only that."""
    for mail in sent:
        unit = str(mail.message["X-Lianluo"]).rpartition("unit=")[2]
        if "reminder" not in str(mail.message["X-Lianluo"]):
            continue
        same("%s 的催办提到电子件" % unit, "反馈（电子件）" in mail.text, unit in electronic)
        same("%s 的催办提到纸质件" % unit, "纸质件（加盖公章）" in mail.text, unit in paper)
        if not mail.subject.startswith(word):
            raise Mismatch("催办的主题应以%s开头：%s" % (word, mail.subject))


def june_18(play):
    answered = {"gxj", "mzw", "hjj", "nyj", "wlj", "wjw", "yjj"}
    silent = {"zzb", "xcb", "mzj", "czj", "rsj", "zrj", "tyj", "tjj", "zgh", "tsw", "fl", "skl"}
    sent = play.tick("2019-06-18 09:00", reminders=answered | silent | {"scj"}, digests=1,
                     pushes=[DIGEST])
    check_reminders(sent, silent | {"scj"}, answered | silent, "【提醒】")
    play.run("paper", "received", 1, "scj", "--stance", "comments", at="2019-06-18 10:00")
    play.run("paper", "received", 1, "gxj", "wlj", "hjj", "nyj", at="2019-06-18 16:00")
    play.tick("2019-06-18 17:00")
    play.waiting("2019-06-18 17:01")
    say("6月18日", "截止前 3 个工作日，提醒 20 个单位：各写明缺电子件还是缺纸质件，齐全的不打扰",
        "又到 4 份纸质件；市场监管局的纸质件有意见，登记")


def june_19(play):
    play.tick("2019-06-19 09:00", receipts=["zzb"], digests=1, pushes=[DIGEST])
    play.run("paper", "received", 1, "zzb", at="2019-06-19 15:30")
    play.tick("2019-06-19 17:00", receipts=["zgh", "zrj", "tsw"])
    say("6月19日", "市委组织部、市总工会无意见，市自然资源和规划局、团市委有意见")


def june_20(play):
    silent = {"xcb", "mzj", "czj", "rsj", "tyj", "tjj", "fl", "skl"}
    paper = {"mzw", "zrj", "wjw", "yjj", "zgh", "tsw"}
    sent = play.tick("2019-06-20 09:00", reminders=silent | paper | {"scj"}, digests=1,
                     pushes=[DIGEST])
    check_reminders(sent, silent | {"scj"}, silent | paper, "【提醒】")
    play.tick("2019-06-20 11:00", receipts=["rsj"])
    play.run("paper", "received", 1, "rsj", "wjw", "zrj", at="2019-06-20 16:00")
    say("6月20日", "截止前 1 个工作日，提醒 15 个单位；市人社局无意见，又到 3 份纸质件")


def june_21(play):
    silent, paper = {"xcb", "mzj", "czj", "tyj", "tjj", "fl", "skl"}, {"mzw", "yjj", "zgh", "tsw"}
    sent = play.tick("2019-06-21 09:00", reminders=silent | paper | {"scj"}, digests=1,
                     pushes=[DIGEST])
    check_reminders(sent, silent | {"scj"}, silent | paper, "【提醒】")
    play.tick("2019-06-21 09:30")  # a second tick reminds nobody twice
    play.tick("2019-06-21 17:30", receipts=["xcb"])
    play.run("paper", "received", 1, "xcb", "tsw", at="2019-06-21 17:40")
    say("6月21日", "截止日，提醒 12 个单位；市委宣传部赶在下班前报来意见")


def june_22(play):
    sent = play.tick("2019-06-22 10:00", receipts=["tyj"])
    if "已超过截止时间" not in sent[0].text:
        raise Mismatch("超期的回执没有注明：" + sent[0].text)
    say("6月22日", "周六：市体育局迟复，登记为超期")


def june_24(play):
    silent, paper = {"mzj", "czj", "tjj", "fl", "skl"}, {"mzw", "yjj", "zgh", "tyj"}
    sent = play.tick("2019-06-24 09:00", reminders=silent | paper | {"scj"}, digests=1,
                     pushes=[DIGEST])
    check_reminders(sent, silent | {"scj"}, silent | paper, "【催办】")
    play.lab.lianluo("matter", "settle", 1, at="2019-06-24 10:00", code=2)  # grace is not over
    say("6月24日", "截止后 1 个工作日，催办 10 个单位；宽限期未满，不能认定视为无异议")


def june_25(play):
    play.tick("2019-06-25 09:00", digests=1, pushes=[DIGEST])
    play.waiting("2019-06-25 09:01", ("settlement", ""))
    proposal = play.review("2019-06-25 09:01")[0]["text"]
    for words in ("5 个单位未反馈", "逾期将视为无异议", "关工委（通知没有发到）"):
        if words not in proposal:
            raise Mismatch("认定的建议里没有“%s”：%s" % (words, proposal))
    done = play.run("matter", "settle", 1, at="2019-06-25 10:00")
    if not done.stdout.startswith("5 个单位记为视为无异议；"):
        raise Mismatch("认定的结果不对：" + done.stdout)
    play.run("submission", "add", 1, "市关工委", "--stance", "no_comment", "--how", "visit",
             "--text", "当面征求，没有意见", at="2019-06-25 15:00")
    play.run("matter", "settle", 1, at="2019-06-25 15:05")
    play.tick("2019-06-25 15:10", pushes=["视为无异议"])
    play.waiting("2019-06-25 15:11")
    say("6月25日", "宽限期满：经办员确认 5 个单位视为无异议；市关工委没收到过通知，不能这样认定",
        "经办员上门征求市关工委意见：没有意见")


def june_26(play):
    play.tick("2019-06-26 09:00", digests=1, pushes=[DIGEST])
    play.tick("2019-06-26 15:00", receipts=["skl"])
    play.waiting("2019-06-26 15:01", ("late_answer", "skl"))
    play.settle("2019-06-26 15:30", "skl", "迟报，意见一并研究")
    say("6月26日", "市社科联迟报意见：不再是视为无异议，改记有意见（超期），提请经办员确认")


def june_27(play):
    play.tick("2019-06-27 09:00", digests=1, pushes=[DIGEST])
    play.tick("2019-06-27 15:55")  # so that the last digest has no silence to complain of
    play.run("matter", "close", 1, at="2019-06-27 16:00")
    play.run("digest", "--send", at="2019-06-27 16:01")
    sent = play.tick("2019-06-27 16:05", digests=1, pushes=["已办结", DIGEST])
    if "【已办结】" not in sent[0].text or "视为无异议 4" not in sent[0].text:
        raise Mismatch("办结的简报不对：" + sent[0].text)
    play.tick("2019-06-27 16:30")  # the office's own copy of it comes back
    say("6月27日", "办结，发出最后一期简报")


DAYS = (prepare, june_10, june_11, june_12, june_13, june_14, june_15, june_17, june_18, june_19,
        june_20, june_21, june_22, june_24, june_25, june_26, june_27)
