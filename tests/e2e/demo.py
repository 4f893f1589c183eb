"""Plays the story of one notice on real servers: demo.py PROGRAM DIR. Exits with 1, and says where,
if anything did not happen as the story says."""
import os
import pathlib
import shutil
import sys
import time

sys.dont_write_bytecode = True
from story import accounts  # noqa: E402
from story.days import DAYS  # noqa: E402
from story.play import Mismatch, Play, mark  # noqa: E402


def make_room(directory):
    """Removes what the last demo left, and nothing else."""
    if directory.exists():
        ours = (directory / "office" / "lianluo.conf").exists() or (directory / "pki").exists()
        if any(directory.iterdir()) and not ours:
            sys.exit("%s 里有别的东西，演示不动它：请换一个目录" % directory)
        shutil.rmtree(directory)
    directory.mkdir(parents=True)
    directory.chmod(0o711)


def keep(play, directory):
    """Copies what people want to open to the top of the directory."""
    notice = play.notice("jyj")
    digest = [mail for mail in play.lab.smtp.mails if mark(mail)[0] == "digest"][-1]
    (directory / "notice.eml").write_bytes(notice.data)
    (directory / "notice.html").write_text(notice.html, encoding="utf-8")
    (directory / "digest.html").write_text(digest.html, encoding="utf-8")
    line = "\n" + "-" * 60 + "\n"
    (directory / "wecom.txt").write_text(
        line.join(push.content for push in play.lab.wecom.pushes) + "\n", encoding="utf-8")


def tell(play, program, directory):
    print("\n" + play.lab.lianluo("status", 1, at=accounts.END).stdout)
    print("可以打开：\n"
          "  {0}/digest.html   最后一期简报\n"
          "  {0}/notice.html   市教育局收到的通知（原件 notice.eml）\n"
          "  {0}/wecom.txt     推送到企业微信群的全部消息\n"
          "  {0}/mails/        发出的每一封邮件\n"
          "留下的办公室可以随意查看，例如：\n"
          "  {1} status 1 -C {0}/office\n"
          "  {1} inbox list -C {0}/office\n"
          "  {1} help".format(directory, program))


def play_all(program, directory):
    play = Play(directory.absolute())
    with play.lab:
        for day in DAYS:
            day(play)
        accounts.all_accounts(play)
        keep(play, directory)
        tell(play, program, directory)


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: /usr/bin/python3 tests/e2e/demo.py PROGRAM DIR")
    program, directory = sys.argv[1], pathlib.Path(sys.argv[2])
    os.environ["LIANLUO"] = str(pathlib.Path(program).absolute())
    began = time.monotonic()
    make_room(directory)
    try:
        play_all(program, directory)
    except (Mismatch, AssertionError) as error:
        sys.exit("演示失败：%s" % error)
    print("用时 %.1f 秒" % (time.monotonic() - began))


main()
