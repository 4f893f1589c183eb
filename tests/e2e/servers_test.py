"""The servers of the tests answer as they promise; else no other test could be trusted."""
import datetime
import email.message
import http.client
import imaplib
import json
import os
import pathlib
import signal
import smtplib
import ssl
import subprocess
import sys
import time
import unittest
import urllib.error
import urllib.request

from servers import CLOSE, STALL, Lab, pki, system
from servers.dovecot import decode_folder, encode_folder
from servers.lab import ADDRESS, JUNK, PASSWORD, moment

HERE = pathlib.Path(__file__).resolve().parent
UNIT = "liaison@unit.example"
TEXT = b'{"msgtype":"text","text":{"content":"x"}}'


def trusting(lab):
    return ssl.create_default_context(cafile=str(lab.pki.ca_file))


def a_mail(subject="关于征求意见的函", to=UNIT):
    mail = email.message.EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = ADDRESS, to, subject
    mail.set_content("各单位：\n请于六月二十一日前反馈。\n")
    return mail


def processes():
    """(group, state) of every process."""
    for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, group = path.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue  # it has just gone
        yield int(group), state


def setUpModule():
    LabTest.lab = Lab().start()
    unittest.addModuleCleanup(LabTest.lab.close)


class LabTest(unittest.TestCase):
    """One lab for all; each test finds the servers up and their scripts empty."""
    lab = None

    def setUp(self):
        self.lab.smtp.script.clear()
        self.lab.wecom.script.clear()


class DovecotTest(LabTest):
    def login(self, password=PASSWORD, host="localhost"):
        connection = imaplib.IMAP4_SSL(host, self.lab.imap.imaps_port,
                                       ssl_context=trusting(self.lab), timeout=10)
        self.addCleanup(connection.shutdown)
        connection.login(ADDRESS, password)
        return connection

    def test_the_right_password_opens_the_mailbox(self):
        self.assertEqual(self.login().select("INBOX", True)[0], "OK")

    def test_a_wrong_password_is_refused(self):
        with self.assertRaisesRegex(imaplib.IMAP4.error, "AUTHENTICATIONFAILED"):
            self.login("wrong")

    def test_starttls_is_offered(self):
        connection = imaplib.IMAP4("localhost", self.lab.imap.imap_port, 10)
        self.addCleanup(connection.shutdown)
        self.assertEqual(connection.starttls(trusting(self.lab))[0], "OK")
        self.assertEqual(connection.login(ADDRESS, PASSWORD)[0], "OK")

    def test_a_message_keeps_its_bytes_and_its_internaldate(self):
        data = b"Subject: x\r\nX-Bare: \xb9\xd8\r\n\r\nbody\r\n"
        when = moment("2019-06-12 09:30") + datetime.timedelta(seconds=7)
        uid = self.lab.imap.append("INBOX", data, when)
        item = [item for item in self.lab.imap.list() if item.uid == uid][0]
        self.assertEqual(item.internaldate, when)
        self.assertEqual(item.size, len(data))
        self.assertEqual(self.lab.imap.fetch(uid), data)

    def test_looking_leaves_no_flag(self):
        uid = self.lab.receive(a_mail(), "2019-06-12 09:31")
        self.lab.imap.fetch(uid)
        flags = [item.flags for item in self.lab.imap.list() if item.uid == uid][0]
        self.assertNotIn("\\Seen", flags)

    def test_an_internaldate_without_a_zone_is_refused(self):
        with self.assertRaises(ValueError):
            self.lab.imap.append("INBOX", b"x", datetime.datetime(2019, 6, 12))

    def test_folders_have_chinese_names(self):
        self.assertIn(JUNK, self.lab.imap.folders())
        self.assertEqual(encode_folder(JUNK), "&V4NXPpCuTvY-")
        for name in ("INBOX", "a & b", "收件/二〇一九", "&", "已发送x"):
            self.assertEqual(decode_folder(encode_folder(name)), name)
        uid = self.lab.receive(a_mail(), "2019-06-12 09:32", JUNK)
        self.assertIn(uid, [item.uid for item in self.lab.imap.list(JUNK)])

    def test_expunged_messages_are_gone(self):
        self.lab.imap.create("Expunge")
        uids = [self.lab.receive(a_mail(), "2019-06-12 09:33", "Expunge") for _ in range(3)]
        self.lab.imap.expunge("Expunge", uids[1])
        self.assertEqual([item.uid for item in self.lab.imap.list("Expunge")], [uids[0], uids[2]])
        self.lab.imap.expunge("Expunge")
        self.assertEqual(self.lab.imap.list("Expunge"), [])

    def test_a_new_uidvalidity_keeps_the_mail(self):
        self.lab.imap.create("Moved")
        self.lab.receive(a_mail(), "2019-06-12 09:34", "Moved")
        before = self.lab.imap.uidvalidity("Moved")
        self.assertNotEqual(self.lab.imap.new_uidvalidity("Moved"), before)
        self.assertEqual([item.internaldate for item in self.lab.imap.list("Moved")],
                         [moment("2019-06-12 09:34")])

    def test_down_refuses_connections_and_up_has_the_same_mail(self):
        before = self.lab.imap.list()
        self.lab.imap.stop()
        self.assertFalse(system.accepts(self.lab.imap.imaps_port))
        self.lab.imap.start()
        self.assertEqual([item.uid for item in self.lab.imap.list()], [item.uid for item in before])

    def test_a_frozen_server_accepts_and_says_nothing(self):
        self.lab.imap.freeze()
        self.addCleanup(self.lab.imap.thaw)
        with self.assertRaises(TimeoutError):
            imaplib.IMAP4("127.0.0.1", self.lab.imap.imap_port, 0.3)

    def test_certificates_of_another_name_or_ca_do_not_verify(self):
        self.addCleanup(self.lab.imap.restart, pki.GOOD)
        for name, words in ((pki.WRONG_NAME, "Hostname mismatch"), (pki.STRANGER, "verify failed")):
            self.lab.imap.restart(name)
            with self.assertRaisesRegex(ssl.SSLCertVerificationError, words):
                self.login()

    def test_a_password_may_hold_any_character(self):
        self.addCleanup(self.lab.imap.restart, password=PASSWORD)
        self.lab.imap.restart(password='s3cret"\\ pw%')
        self.lab.imap.folders()


class SmtpTest(LabTest):
    def session(self, password=PASSWORD):
        session = smtplib.SMTP_SSL("localhost", self.lab.smtp.tls_port, timeout=10,
                                   context=trusting(self.lab))
        self.addCleanup(session.close)
        session.login(ADDRESS, password)
        return session

    def test_an_accepted_mail_is_kept_byte_for_byte(self):
        body = b"From: <%s>\r\nSubject: x\r\n\r\n.dot\r\n..\r\nend\r\n" % ADDRESS.encode()
        self.session().sendmail(ADDRESS, [UNIT, "b@unit.example"], body)
        mail = self.lab.smtp.mails[-1]
        self.assertEqual((mail.data, mail.sender, mail.recipients),
                         (body, ADDRESS, [UNIT, "b@unit.example"]))
        self.assertEqual(mail.path.read_bytes(), body)

    def test_a_mail_can_be_read_in_words(self):
        mail = a_mail(subject="催办", to="words@unit.example")
        mail.add_attachment(b"\x00\x01", maintype="application", subtype="pdf",
                            filename="附件一.pdf")
        self.session().send_message(mail)
        kept = self.lab.smtp.to("WORDS@unit.example")[0]
        self.assertEqual(kept.subject, "催办")
        self.assertIn("六月二十一日", kept.text)
        self.assertEqual(kept.attachments, {"附件一.pdf": b"\x00\x01"})

    def test_starttls_comes_before_auth(self):
        with smtplib.SMTP("localhost", self.lab.smtp.starttls_port, timeout=10) as session:
            session.ehlo()
            self.assertFalse(session.has_extn("auth"))
            session.starttls(context=trusting(self.lab))
            session.login(ADDRESS, PASSWORD)
            session.send_message(a_mail())

    def test_a_wrong_password_is_refused(self):
        with self.assertRaises(smtplib.SMTPAuthenticationError) as caught:
            self.session("wrong")
        self.assertEqual(caught.exception.smtp_code, 535)
        self.assertEqual(self.lab.smtp.logins[-1], (ADDRESS, False))

    def test_a_refused_login_can_be_scripted(self):
        self.lab.smtp.auth_reply = "550 User has no permission"
        self.addCleanup(setattr, self.lab.smtp, "auth_reply", None)
        with self.assertRaises(smtplib.SMTPAuthenticationError) as caught:
            self.session()
        self.assertEqual(caught.exception.smtp_code, 550)

    def test_nothing_is_taken_without_login(self):
        with smtplib.SMTP_SSL("localhost", self.lab.smtp.tls_port, timeout=10,
                              context=trusting(self.lab)) as session:
            with self.assertRaises(smtplib.SMTPSenderRefused) as caught:
                session.send_message(a_mail())
        self.assertEqual(caught.exception.smtp_code, 530)

    def test_sender_and_headers_are_held_to_the_providers_rules(self):
        session, n = self.session(), len(self.lab.smtp.mails)
        with self.assertRaises(smtplib.SMTPSenderRefused):
            session.sendmail("other@office.example", [UNIT], b"Subject: x\r\n\r\n")
        for header in ("From: <other@office.example>", "From: <%s>\r\nSubject: 中" % ADDRESS):
            with self.assertRaises(smtplib.SMTPDataError) as caught:
                session.sendmail(ADDRESS, [UNIT], header.encode() + b"\r\n\r\nx")
            self.assertEqual(caught.exception.smtp_code, 554)
        self.assertEqual(len(self.lab.smtp.mails), n)

    def test_replies_can_be_scripted(self):
        table = [({"recipient": "gone@*"}, "550 5.1.1 no such user", smtplib.SMTPRecipientsRefused),
                 ({"recipient": "*@later.example"}, "450 later", smtplib.SMTPRecipientsRefused),
                 ({"subject": "*"}, "554 DT:SPM", smtplib.SMTPDataError),
                 ({"stage": "mail"}, "451 RP:QRC", smtplib.SMTPSenderRefused),
                 ({"stage": "data"}, "421 HL:ICC", smtplib.SMTPDataError)]
        mail, n = a_mail(to="gone@later.example"), len(self.lab.smtp.mails)
        for conditions, reply, error in table:
            with self.subTest(reply):
                self.lab.smtp.script.clear()
                self.lab.smtp.answer(reply, **conditions)
                with self.assertRaises(error) as caught:
                    self.session().send_message(mail)
                self.assertIn(reply.split()[-1], str(caught.exception))
        self.assertEqual(len(self.lab.smtp.mails), n)

    def test_one_bad_recipient_does_not_harm_the_other(self):
        self.lab.smtp.answer("550 5.1.1 no such user", recipient="gone@unit.example")
        mail = a_mail(to="gone@unit.example, %s" % UNIT)
        self.assertEqual(list(self.session().send_message(mail)), ["gone@unit.example"])
        self.assertEqual(self.lab.smtp.mails[-1].recipients, [UNIT])

    def test_a_script_ends_after_its_times(self):
        self.lab.smtp.answer("450 later", recipient="*", times=1)
        session = self.session()
        self.assertRaises(smtplib.SMTPRecipientsRefused, session.send_message, a_mail())
        session.send_message(a_mail())

    def test_a_greeting_can_refuse(self):
        self.lab.smtp.answer("554 IP is rejected", stage="connect", times=1)
        with self.assertRaises(smtplib.SMTPConnectError) as caught:
            self.session()
        self.assertEqual(caught.exception.smtp_code, 554)
        self.session()

    def test_421_closes_the_connection(self):
        self.lab.smtp.answer("421 HL:REP", recipient="*", times=1)
        session = self.session()
        with self.assertRaises((smtplib.SMTPRecipientsRefused, smtplib.SMTPServerDisconnected)):
            session.send_message(a_mail())
        with self.assertRaises(smtplib.SMTPServerDisconnected):
            session.docmd("NOOP")
            session.docmd("NOOP")

    def test_a_server_can_take_a_mail_and_hang_up(self):
        self.lab.smtp.answer(CLOSE, recipient="lost@unit.example", keep=True)
        with self.assertRaises(smtplib.SMTPServerDisconnected):
            self.session().send_message(a_mail(to="lost@unit.example"))
        self.assertEqual(len(self.lab.smtp.to("lost@unit.example")), 1)

    def test_a_server_can_stall(self):
        self.lab.smtp.answer(STALL, subject="*", seconds=30)
        session = self.session()
        session.sock.settimeout(0.3)
        with self.assertRaises((TimeoutError, smtplib.SMTPServerDisconnected)):
            session.send_message(a_mail())

    def test_connections_are_counted(self):
        before, mails = self.lab.smtp.connections, len(self.lab.smtp.mails)
        session = self.session()
        for _ in range(3):
            session.send_message(a_mail())
        self.assertEqual(self.lab.smtp.connections, before + 1)
        self.assertEqual(len({mail.connection for mail in self.lab.smtp.mails[mails:]}), 1)

    def test_own_mail_comes_back(self):
        self.lab.now = moment("2019-06-13 08:30")
        self.session().send_message(a_mail(to=ADDRESS, subject="own"))
        item = self.lab.imap.list()[-1]
        self.assertEqual(item.internaldate, self.lab.now)
        self.assertIn(b"Subject: own", self.lab.imap.fetch(item.uid))

    def test_down_refuses_and_up_has_the_same_ports(self):
        ports = (self.lab.smtp.tls_port, self.lab.smtp.starttls_port)
        self.lab.smtp.stop()
        self.assertFalse(any(system.accepts(port) for port in ports))
        self.lab.smtp.start()
        self.assertEqual(ports, (self.lab.smtp.tls_port, self.lab.smtp.starttls_port))
        self.session().noop()

    def test_certificates_of_another_name_or_ca_do_not_verify(self):
        self.addCleanup(self.lab.smtp.restart, pki.GOOD)
        for name, words in ((pki.WRONG_NAME, "Hostname mismatch"), (pki.STRANGER, "verify failed")):
            self.lab.smtp.restart(name)
            with self.assertRaisesRegex(ssl.SSLCertVerificationError, words):
                self.session()

    @classmethod
    def tearDownClass(cls):
        if cls.lab.smtp.errors:
            raise AssertionError("the SMTP server failed: %r" % cls.lab.smtp.errors)


class WecomTest(LabTest):
    def setUp(self):
        super().setUp()
        self.minute = 0
        self.lab.wecom.clock = lambda: self.minute * 60.0
        self.lab.wecom._calls.clear()

    def post(self, body, url=None, kind="application/json", timeout=5):
        if not isinstance(body, bytes):
            body = json.dumps(body, ensure_ascii=False).encode()
        request = urllib.request.Request(url or self.lab.wecom.url, body, {"Content-Type": kind})
        with urllib.request.urlopen(request, timeout=timeout, context=trusting(self.lab)) as answer:
            return json.loads(answer.read())["errcode"]

    def markdown(self, text):
        return self.post({"msgtype": "markdown", "markdown": {"content": text}})

    def test_a_message_is_kept(self):
        self.assertEqual(self.markdown("# 今日\n> 已反馈 3 家"), 0)
        push = self.lab.wecom.pushes[-1]
        self.assertEqual((push.msgtype, push.content), ("markdown", "# 今日\n> 已反馈 3 家"))
        path = self.lab.wecom.directory / ("%04d.md" % push.number)
        self.assertEqual(path.read_text(encoding="utf-8"), push.content)

    def test_limits_count_bytes(self):
        self.assertEqual(self.markdown("中" * 1365 + "x"), 0)
        self.assertEqual(self.markdown("中" * 1365 + "xx"), 40058)
        for content, errcode in (("中" * 682 + "xx", 0), ("中" * 683, 40058)):
            self.assertEqual(self.post({"msgtype": "text", "text": {"content": content}}), errcode)

    def test_bad_requests_have_the_documented_codes(self):
        for body, errcode in ((b"{", 40008), (b"[]", 40008), (b'{"msgtype":"sms"}', 40008),
                              (b'{"msgtype":"text"}', 44004)):
            self.assertEqual(self.post(body), errcode)
        for content, errcode in ((b'"x"', 0), (b'""', 44004), (b"1", 40035), (b'"a\nb"', 40008),
                                 (b'"\x07"', 40008), (b'"\x7f"', 40033), (b'"\\u4e2d"', 40033),
                                 (b'"\xd6\xd0"', 40033), (b'"a\\nb\\\\u4e2d"', 0)):
            with self.subTest(content):
                self.assertEqual(self.post(TEXT.replace(b'"x"', content)), errcode)
        self.assertEqual(self.post(TEXT, kind="text/plain"), 40035)

    def upload(self, name, content, field="media"):
        form = ('--b\r\nContent-Disposition: form-data; name="%s"; filename="%s"\r\n\r\n'
                % (field, name)).encode() + content + b"\r\n--b--\r\n"
        return self.post(form, self.lab.wecom.url.replace("/send", "/upload_media"),
                         "multipart/form-data; boundary=b")

    def test_a_file_is_uploaded_and_then_pushed_by_its_media_id(self):
        for content, field, errcode in ((b"12345", "media", 40006), (b"123456", "file", 40035),
                                        (b"a\r\n\r\nb", "media", 0)):
            self.assertEqual(self.upload("一览.csv", content, field), errcode)
        media = list(self.lab.wecom.media)[-1]
        for name, errcode in (("x", 40007), (media, 0)):
            self.assertEqual(self.post({"msgtype": "file", "file": {"media_id": name}}), errcode)
        push = self.lab.wecom.pushes[-1]
        self.assertEqual((push.content, push.file), ("一览.csv", b"a\r\n\r\nb"))

    def test_an_unknown_key_is_refused(self):
        url = self.lab.wecom.url.replace("key=", "key=1")
        self.assertEqual(self.post(TEXT, url), 93000)

    def test_the_twenty_first_in_a_minute_is_refused(self):
        self.assertEqual([self.markdown("x") for _ in range(21)], [0] * 20 + [45009])
        self.minute = 1
        self.assertEqual(self.markdown("x"), 0)

    def test_failures_can_be_scripted(self):
        self.lab.wecom.answer(-1, times=2)
        self.lab.wecom.answer(93004, times=1)
        self.assertEqual([self.markdown("x") for _ in range(4)], [-1, -1, 93004, 0])
        self.lab.wecom.answer(502, times=1)
        with self.assertRaises(urllib.error.HTTPError) as caught:
            self.markdown("x")
        self.assertEqual(caught.exception.code, 502)
        self.lab.wecom.answer("no json", times=1)
        self.assertRaises(ValueError, self.markdown, "x")

    def test_an_answer_can_be_lost_after_the_push(self):
        n = len(self.lab.wecom.pushes)
        self.lab.wecom.answer(CLOSE, times=1, keep=True)
        with self.assertRaises((http.client.RemoteDisconnected, ConnectionError)):
            self.markdown("lost")
        self.lab.wecom.answer(STALL, times=1, keep=True, seconds=30)
        with self.assertRaises(TimeoutError):
            self.post(TEXT, timeout=0.3)
        self.assertEqual(len(self.lab.wecom.pushes), n + 2)

    def test_other_paths_are_not_found(self):
        with self.assertRaises(urllib.error.HTTPError) as caught:
            self.post({}, self.lab.wecom.url.replace("send", "sendd"))
        self.assertEqual(caught.exception.code, 404)

    def test_a_stranger_s_certificate_does_not_verify_and_plain_http_can_be_had(self):
        self.addCleanup(self.lab.wecom.restart, pki.GOOD, True)
        self.lab.wecom.restart(pki.STRANGER)
        with self.assertRaisesRegex(urllib.error.URLError, "verify failed"):
            self.markdown("x")
        self.lab.wecom.restart(tls=False)
        self.assertTrue(self.lab.wecom.url.startswith("http://"))
        self.assertEqual(self.markdown("x"), 0)

    def test_down_refuses(self):
        self.lab.wecom.stop()
        self.addCleanup(self.lab.wecom.start)
        self.assertFalse(system.accepts(self.lab.wecom.port))


class LabItselfTest(LabTest):
    def test_the_configuration_is_private_and_takes_overrides(self):
        path = self.lab.write_config(imap={"password": "x"}, deliver={"send": None},
                                     receive={"since": "2019-06-01 00:00"})
        self.assertEqual(path.stat().st_mode & 0o777, 0o600)
        text = path.read_text(encoding="utf-8")
        self.assertIn("\npassword = x\n", text)
        self.assertIn("since = 2019-06-01 00:00\n", text)
        self.assertNotIn("send =", text)

    def fake(self, script):
        path = self.lab.directory / "program"
        path.write_text("#!/bin/sh\n" + script)
        path.chmod(0o755)
        self.addCleanup(os.environ.update, LIANLUO=os.environ.get("LIANLUO", "build/lianluo"))
        os.environ["LIANLUO"] = str(path)

    def test_a_run_is_told_in_full(self):
        self.fake('echo "{\\"locale\\":\\"$LC_ALL\\",\\"args\\":\\"$*\\"}"; echo no >&2; exit 3')
        result = self.lab.lianluo("status", 1, at="2019-06-12 09:30", json=True, code=3)
        self.assertEqual(result.data["locale"], "C")
        self.assertIn("status 1 -C %s --json --at 2019-06-12 09:30" % self.lab.office,
                      result.data["args"])
        self.assertEqual((result.stderr, self.lab.now), ("no\n", moment("2019-06-12 09:30")))

    def test_a_wrong_exit_code_and_a_crash_fail(self):
        self.fake("exit 1")
        self.assertRaises(AssertionError, self.lab.lianluo, "tick")
        self.assertEqual(self.lab.lianluo("tick", check=False).code, 1)
        for script in ("kill -SEGV $$", "exit 99", "echo 'x.c:1: runtime error: y' >&2"):
            self.fake(script)
            self.assertRaises(AssertionError, self.lab.lianluo, "tick", check=False)

    def test_nothing_is_left_behind(self):
        """By a lab whose program ends well, by SIGTERM, by an exception, or is killed outright."""
        endings = ("", "os.kill(os.getpid(), 15); time.sleep(5)", "1 / 0",
                   "os.kill(os.getpid(), 9)")
        begun = [self.begin(ending) for ending in endings]
        for ending, program in zip(endings, begun):
            with self.subTest(ending):
                output, errors = program.communicate(timeout=60)
                pid, directory = output.split()
                self.assertTrue(self.gone(int(pid)), errors)
                if ending.endswith("9)"):
                    system.remove(directory)
                self.assertFalse(os.path.exists(directory), errors)

    @staticmethod
    def begin(ending):
        script = ("import os, sys, time; sys.path.insert(0, %r)\nfrom servers import Lab\n"
                  "lab = Lab().start()\n"
                  "print(lab.imap.pid, lab.directory, flush=True)\n%s" % (str(HERE), ending))
        return subprocess.Popen([sys.executable, "-c", script], text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    @staticmethod
    def gone(group):
        """No process of the group is left, but for those that only wait to be reaped."""
        for _ in range(100):
            if all(state == "Z" for pgid, state in processes() if pgid == group):
                return True
            time.sleep(0.05)
        os.killpg(group, signal.SIGKILL)
        return False

    def test_a_long_path_is_no_obstacle(self):
        deep = self.lab.directory / ("d" * 60) / ("e" * 60)
        with Lab(deep) as lab:
            lab.receive(a_mail(), "2019-06-12 09:30")
            self.assertTrue(lab.imap.place.is_symlink())
            short = lab.imap.directory
        self.assertFalse(short.exists())
        self.assertTrue((deep / "pki" / "ca.crt").exists())


if __name__ == "__main__":
    unittest.main()
