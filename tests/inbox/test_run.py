"""The inbox over SMTP."""

import mailbox
import signal
import smtplib
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("trial_inbox.py")
SENDER, READER = "redaktion@newsletter.example", "lea@newsletter.example"


def make_mail(subject="Grüße aus dem Revier", text="Glück auf!\n"):
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = SENDER, READER, subject
    mail.set_content(text)
    return mail


def test_a_message_is_kept_as_it_came(inbox):
    """On disk byte for byte behind the delivery headers, in `new`, nothing left in `tmp`; then one line says so."""
    sent = make_mail().as_bytes(policy=SMTP)
    with inbox.connect() as client:
        client.sendmail(SENDER, [READER], sent)
    [file] = inbox.files()
    head = f"Return-Path: <{SENDER}>\r\nDelivered-To: {READER}\r\nX-Original-To: {READER}\r\n".encode()
    assert head + sent == file.read_bytes()
    assert [] == inbox.files("tmp")
    expected = {"recipient": READER, "sender": SENDER, "subject": "Grüße aus dem Revier"}
    assert expected | {"size": file.stat().st_size, "file": str(file)} == inbox.said()


def test_other_programs_read_the_maildir(inbox):
    """Python's own reader finds the message and its headers."""
    with inbox.connect() as client:
        client.send_message(make_mail(), SENDER, [READER, "omar@newsletter.example"])
    [message] = mailbox.Maildir(inbox.folder)
    assert [READER, "omar@newsletter.example"] == message.get_all("Delivered-To")
    assert f"<{SENDER}>" == message["Return-Path"]


def test_addresses_and_headers_may_be_utf8(inbox):
    """SMTPUTF8 and 8BITMIME (RFC 6531, RFC 6152)."""
    mail = make_mail()
    with inbox.connect() as client:
        client.ehlo()
        assert client.has_extn("smtputf8")
        assert client.has_extn("8bitmime")
        client.sendmail(
            "jörg@newsletter.example", "käthe@newsletter.example", mail.as_bytes(policy=SMTPUTF8), ["SMTPUTF8"]
        )
    said = inbox.said()
    assert "käthe@newsletter.example" == said["recipient"]
    assert "jörg@newsletter.example" == said["sender"]
    assert "Grüße aus dem Revier" == said["subject"]


def test_a_return_path_may_be_empty(inbox):
    """A bounce has no sender (RFC 5321 section 4.5.5)."""
    with inbox.connect() as client:
        client.sendmail("", [READER], make_mail().as_bytes(policy=SMTP))
    assert "" == inbox.said()["sender"]
    assert inbox.files()[0].read_bytes().startswith(b"Return-Path: <>\r\n")


def test_big_mail_is_kept_and_bigger_is_refused(inbox):
    """20 MB go in; the limit of 50 MB is announced, and more is 552."""
    line = b"x" * 76 + b"\r\n"
    with inbox.connect() as client:
        client.ehlo()
        assert str(50 * 1024 * 1024) == client.esmtp_features["size"]
        client.sendmail(SENDER, [READER], b"Subject: big\r\n\r\n" + line * 270_000)
        code, _ = client.docmd(f"MAIL FROM:<{SENDER}> SIZE=60000000")
    assert 552 == code
    assert inbox.files()[0].stat().st_size > 20_000_000


def test_many_connections_deliver_at_once(inbox):
    """Eight senders with twenty messages each: all kept, all told, none twice."""

    def send(number):
        with inbox.connect() as client:
            for each in range(20):
                client.send_message(make_mail(f"Nr. {number}-{each}"), SENDER, [READER])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(send, range(8)))
    said = {inbox.said()["subject"] for _ in range(160)}
    assert {f"Nr. {number}-{each}" for number in range(8) for each in range(20)} == said
    assert 160 == len(inbox.files())


def test_a_full_disk_is_a_452_and_leaves_nothing(small_inbox):
    """The sender comes again later; smaller mail still goes in."""
    with small_inbox.connect() as client:
        with pytest.raises(smtplib.SMTPDataError) as caught:
            client.send_message(make_mail(text="x" * 70 + "\n" + "line\n" * 10_000), SENDER, [READER])
        client.send_message(make_mail(), SENDER, [READER])
    assert (452, b"4.3.1 the disk is full") == (caught.value.smtp_code, caught.value.smtp_error)
    assert 1 == len(small_inbox.files())
    assert [] == small_inbox.files("tmp")


def test_a_folder_that_went_away_is_a_451(inbox):
    """Nothing is lost: the sender keeps the message."""
    (inbox.folder / "tmp").rmdir()
    with inbox.connect() as client, pytest.raises(smtplib.SMTPDataError) as caught:
        client.send_message(make_mail(), SENDER, [READER])
    assert 451 == caught.value.smtp_code


def test_a_connection_that_breaks_leaves_no_message(inbox):
    """Without the final dot nothing was sent; the inbox goes on."""
    with inbox.connect() as client:
        client.ehlo()
        client.mail(SENDER)
        client.rcpt(READER)
        client.docmd("DATA")
        client.send(b"Subject: half\r\n\r\nhalf a")
        client.close()
    with inbox.connect() as client:
        client.send_message(make_mail(), SENDER, [READER])
    assert "Grüße aus dem Revier" == inbox.said()["subject"]
    assert 1 == len(inbox.files())


BROKEN = {
    "no headers": b"just text\r\n",
    "empty": b"\r\n",
    "binary": bytes(range(14, 256)) + b"\r\n",
    "bad word": b"Subject: =?utf-8?b?%%%?= =?nowhere?q?=FF?=\r\n\r\n.",
    "bad multipart": b"Content-Type: multipart/mixed; boundary=\r\n\r\n--\r\n",
    "latin-1": "Subject: Grüße\r\n\r\n".encode("latin-1"),
    "terminal": b"Subject: \x1b[2J\x1b]0;title\x07 red \xe2\x80\xae\r\n\r\n",
}


@pytest.mark.parametrize("kind", BROKEN)
def test_broken_mail_is_kept_and_told(inbox, kind):
    """Whatever it is, it lies in the Maildir, and its line can be printed."""
    with inbox.connect() as client:
        client.sendmail(SENDER, [READER], BROKEN[kind])
    said = inbox.said()
    assert READER == said["recipient"]
    assert said["subject"].isprintable()
    assert 1 == len(inbox.files())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_it_in_order(inbox, number):
    """Exit code 0 and no traceback, although somebody is still connected."""
    with inbox.connect() as client:
        client.ehlo()
        inbox.process.send_signal(number)
        _, errors = inbox.process.communicate(timeout=10)
        client.close()
    assert (0, "") == (inbox.process.returncode, errors)


def test_noise_of_clients_never_reaches_the_terminal(inbox):
    """Unknown commands and control characters are answered, not repeated on standard error."""
    host, port = inbox.address.split(":")
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        connection.sendall(b"\x1b[2JHACK\r\nEHLO \x1b[31m\r\nQUIT\r\n")
        while connection.recv(4096):
            pass
    inbox.process.terminate()
    output, errors = inbox.process.communicate(timeout=10)
    assert ("", "") == (output, errors)


@pytest.mark.parametrize(
    ("folder", "host", "expected"),
    [
        ("maildir", "0.0.0.0", "UsageError"),
        ("maildir", "192.0.2.1", "UsageError"),
        ("file/maildir", "::1", "RuhrmailError"),
    ],
)
def test_what_cannot_be_is_an_error_without_a_traceback(tmp_path, folder, host, expected):
    """Hosts that others reach are wrong usage; a folder that cannot be made is named."""
    (tmp_path / "file").write_text("in the way")
    command = [sys.executable, str(SCRIPT), str(tmp_path / folder), host]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert 1 == ended.returncode
    assert ended.stderr.startswith(expected + ": ")
    assert 1 == len(ended.stderr.splitlines())
