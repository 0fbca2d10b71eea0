"""An issue written in YAML reaches thirty subscribers by SMTP; one leaves, and the next issue reaches twenty-nine."""

import json
import re
import urllib.request
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.stories.project import Project, read_maildir, sample_project

UNSUBSCRIBE = re.compile(r"<(http[^>]+/u/[A-Za-z0-9_-]{44})>")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return sample_project(tmp_path)


def send(project: Project, slug: str, inbox: Path) -> str:
    """Sends an issue through the real inbox; gives what `send` printed."""
    with project.service("inbox", "--port", "0", "--dir", str(inbox), ready=r"smtp://\S+") as relay:
        done = project.run("send", slug, "--yes", RUHRMAIL_RELAY=relay)
    assert 0 == done.returncode, done.stderr
    return done.stdout


def token_url(message: EmailMessage) -> str:
    match = UNSUBSCRIBE.search(str(message["List-Unsubscribe"]))
    assert match
    return match[1]


def test_build_send_read_leave_send_again(project: Project, tmp_path: Path) -> None:
    with project.service("serve", "--port", "0", ready=r"http://\S+") as web:
        project.environ["RUHRMAIL_URL"] = web
        assert 0 == project.run("build").returncode

        send(project, "2026-10", tmp_path / "first")
        received = read_maildir(tmp_path / "first")
        assert 30 == len(received)
        for message in received:
            check_message(message, web)
        assert 30 == len({token_url(message) for message in received})
        assert 30 == len({message["Message-ID"] for message in received})

        leaver = received[7]
        with urllib.request.urlopen(token_url(leaver), timeout=60) as looked:
            assert "<button" in looked.read().decode()
        assert not status(project, "2026-10")["suppressed"]
        form = urllib.request.Request(token_url(leaver), b"List-Unsubscribe=One-Click", method="POST")
        with urllib.request.urlopen(form, timeout=60) as left:
            assert 200 == left.status

        send(project, "2026-11", tmp_path / "second")
    after = read_maildir(tmp_path / "second")
    assert 29 == len(after)
    assert {address(one) for one in received} - {address(leaver)} == {address(one) for one in after}
    assert {"recipients": 29, "sent": 29} == {name: status(project, "2026-11")[name] for name in ("recipients", "sent")}


def address(message: EmailMessage) -> str:
    return message["To"].addresses[0].addr_spec


def status(project: Project, slug: str) -> dict[str, int]:
    return json.loads(project.run("status", slug, "--format", "json").stdout)


def check_message(message: EmailMessage, web: str) -> None:
    """Both parts, headers, and a way out in the header and in both parts."""
    assert ["multipart/alternative", "text/plain", "text/html"] == [part.get_content_type() for part in message.walk()]
    for name in ("From", "To", "Subject", "Date", "Message-ID", "List-Unsubscribe", "List-ID"):
        assert 1 == len(message.get_all(name, [])), name
    assert "List-Unsubscribe=One-Click" == message["List-Unsubscribe-Post"]
    assert [] == message.defects
    token = token_url(message)
    assert token.startswith(web)
    plain, html = (part.get_content() for part in message.iter_parts())
    for body in (plain, html):
        assert token in body
        assert "{{" not in body
        assert "Kohlenwaagenweg 7" in body
    assert re.match(r"u\+[a-z2-7]{53}@ruhrblick\.example", str(message["Return-Path"]).strip("<>"))


def test_a_second_send_mails_nobody(project: Project, tmp_path: Path) -> None:
    send(project, "2026-10", tmp_path / "inbox")
    assert "nobody is left to mail" in send(project, "2026-10", tmp_path / "inbox")
    assert 30 == len(read_maildir(tmp_path / "inbox"))


def test_every_name_arrives_as_it_was_written(project: Project, tmp_path: Path) -> None:
    send(project, "2026-11", tmp_path / "inbox")
    shown = {message["To"].addresses[0].display_name for message in read_maildir(tmp_path / "inbox")}
    rows = (project.folder / "subscribers.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert len(rows) == 30
    assert {"Selin Arıkan", "Konrad von und zu Ahlsberg", "Heinz-Günther Müßighoff-Lüdenbach"} <= shown


def test_a_link_scanner_changes_nothing(project: Project, tmp_path: Path) -> None:
    with project.service("serve", "--port", "0", ready=r"http://\S+") as web:
        project.environ["RUHRMAIL_URL"] = web
        send(project, "2026-10", tmp_path / "inbox")
        for message in read_maildir(tmp_path / "inbox")[:5]:
            html = message.get_body(("html",)).get_content()
            for url in re.findall(rf'(?:href|src)="({re.escape(web)}[^"]*)"', html):
                with urllib.request.urlopen(url, timeout=60) as answer:
                    assert 200 == answer.status, url
    plan = project.run("send", "2026-11", "--dry-run")
    assert "recipients: 30 " in plan.stderr


def test_test_mail_reaches_only_the_test_address(project: Project, tmp_path: Path) -> None:
    with project.service("inbox", "--port", "0", "--dir", str(tmp_path / "inbox"), ready=r"smtp://\S+") as relay:
        done = project.run("send", "2026-11", "--test", "ich@prüfung.example", RUHRMAIL_RELAY=relay)
    assert 0 == done.returncode, done.stderr
    (message,) = read_maildir(tmp_path / "inbox")
    assert "ich@xn--prfung-4ya.example" == address(message)
    assert 1 == project.run("status", "2026-11").returncode, "no ledger entry"


def test_without_a_relay_mail_goes_to_a_maildir_and_does_not_count(project: Project, tmp_path: Path) -> None:
    trial = project.run("send", "2026-10", "--yes")
    assert 0 == trial.returncode, trial.stderr
    assert "maildir/" in trial.stderr
    assert 30 == len(read_maildir(project.folder / "maildir"))
    send(project, "2026-10", tmp_path / "inbox")
    assert 30 == len(read_maildir(tmp_path / "inbox"))
