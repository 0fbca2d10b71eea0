"""Postfix takes a whole mailing over STARTTLS and a login: everybody once, byte for byte, whatever happens to it."""

import base64
import shutil
import smtplib
import ssl
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from tests.servers.postfix import PASSWORD, USER, Postfix, postfix
from tests.servers.postfix_settings import Rules
from tests.servers.smtp_sink import free_port
from tests.stories.project import Project, read_maildir, small_project
from tests.stories.test_killed import standing

READERS = 500
USUAL = Rules()
ADDED = (b"Return-Path:", b"X-Original-To:", b"Delivered-To:", b"Received:", b"\t")


@pytest.fixture(scope="module")
def running() -> Iterator[Postfix]:
    with postfix() as relay:
        yield relay


@pytest.fixture
def relay(running: Postfix) -> Postfix:
    """An empty box; each test says by which rules it is filled."""
    running.empty()
    return running


def project_for(folder: Path, people: int, relay: Postfix, connections: int = 10, rules: Rules = USUAL) -> Project:
    """A mailing, and the relay ready for it."""
    relay.obey(rules)
    project = small_project(folder, people)
    project.environ["SSL_CERT_FILE"] = str(relay.authority)
    project.environ["RUHRMAIL_RELAY"] = relay.url(connections)
    return project


def enrolled_twin(project: Project, folder: Path) -> Project:
    """Enrols everybody without mailing anybody, then copies the project: both will send the same messages."""
    nowhere = f"smtp://127.0.0.1:{free_port()}"
    assert 1 == project.run("send", "kurz", "--yes", RUHRMAIL_RELAY=nowhere).returncode
    shutil.copytree(project.folder, folder)
    return Project(folder, {**project.environ, "RUHRMAIL_RELAY": f"maildir:{folder}/maildir"})


def without_envelope(message: bytes) -> bytes:
    """As it was handed over: who delivers puts fields on top, and Maildirs keep LF."""
    lines = message.replace(b"\r\n", b"\n").split(b"\n")
    first = next(number for number, line in enumerate(lines) if not line.startswith(ADDED))
    return b"\n".join(lines[first:])


def test_five_hundred_get_it_once_and_byte_for_byte(tmp_path: Path, relay: Postfix) -> None:
    project = project_for(tmp_path / "project", READERS, relay)
    twin = enrolled_twin(project, tmp_path / "twin")
    done = project.run("send", "kurz", "--yes")
    assert 0 == done.returncode, done.stderr
    assert 0 == twin.run("send", "kurz", "--yes").returncode
    relay.settle()
    assert {1: READERS} == dict(Counter(relay.recipients().values()))
    ours = [path.read_bytes() for path in (twin.folder / "maildir" / "new").iterdir()]
    assert sorted(map(without_envelope, ours)) == sorted(map(without_envelope, relay.files()))
    assert "improper command pipelining" not in relay.log


def test_this_postfix_takes_lawful_groups_of_commands_and_refuses_others(relay: Postfix) -> None:
    """A body may travel with the next envelope (RFC 2920), after DATA nothing. So these stories prove our manners."""
    relay.obey(USUAL)
    envelope = b"MAIL FROM:<a@kurzbrief.example>\r\nRCPT TO:<b@liste.example>\r\nDATA\r\n"
    body = b"Subject: x\r\n\r\nGuten Tag\r\n.\r\n"
    with closing(smtplib.SMTP("localhost", relay.port, timeout=60)) as client:
        client.starttls(context=ssl.create_default_context(cafile=str(relay.authority)))
        client.ehlo()
        client.docmd("AUTH", "PLAIN " + base64.b64encode(f"\0{USER}\0{PASSWORD}".encode()).decode())
        found = []
        for segment, replies in ((envelope, 3), (body + envelope, 4), (body + b"RSET\r\n", 2), (envelope + body, 3)):
            client.sock.sendall(segment)
            found.append([client.getreply()[0] for _ in range(replies)])
    assert [[250, 250, 354], [250, 250, 250, 354], [250, 250], [250, 250, 503]] == found
    relay.settle()


def test_header_fields_that_let_readers_leave_arrive_intact(tmp_path: Path, relay: Postfix) -> None:
    project = project_for(tmp_path / "project", 3, relay)
    assert 0 == project.run("send", "kurz", "--yes").returncode
    relay.settle()
    letters = read_maildir(relay.folder / "mail" / "box")
    assert 3 == len(letters)
    for message in letters:
        assert "List-Unsubscribe=One-Click" == message["List-Unsubscribe-Post"]
        assert message["List-Unsubscribe"].startswith("<https://kurzbrief.example/")
        assert f"Hallo Leser{message['Delivered-To'][5:].split('@')[0]}," in message.get_body(("plain",)).get_content()


@pytest.mark.parametrize("methods", ["PLAIN", "LOGIN", "CRAM-MD5"])
def test_without_pipelining_and_with_each_login_everybody_gets_it(tmp_path: Path, relay: Postfix, methods: str) -> None:
    project = project_for(tmp_path / "project", 40, relay, rules=Rules(pipelining=False, methods=methods))
    done = project.run("send", "kurz", "--yes")
    assert 0 == done.returncode, done.stderr
    relay.settle()
    assert {1: 40} == dict(Counter(relay.recipients().values()))


def test_a_wrong_password_is_told_without_it_and_nobody_is_mailed(tmp_path: Path, relay: Postfix) -> None:
    project = project_for(tmp_path / "project", 3, relay)
    url = relay.url().replace("anna:", "anna:falsch")
    done = project.run("send", "kurz", "--yes", RUHRMAIL_RELAY=url)
    assert (1, 3) == (done.returncode, standing(project)["pending"])
    assert "refused the login of anna: 535 5.7.8" in done.stderr
    assert "falsch" not in done.stderr


@pytest.mark.parametrize(("readers", "restarts"), [(200, 2), pytest.param(5000, 20, marks=pytest.mark.soak)])
def test_postfix_restarted_in_the_middle_loses_nobody_and_mails_nobody_twice(
    tmp_path: Path, relay: Postfix, readers: int, restarts: int
) -> None:
    project = project_for(tmp_path / "project", readers, relay, 5)
    run = project.start("send", "kurz", "--yes")
    for part in range(1, restarts + 1):
        enough = part * readers // (restarts + 2)
        relay.wait_until(lambda: sum(relay.recipients().values()) + relay.queued() >= enough, 60)  # noqa: B023
        relay.restart()
    run.communicate(timeout=300)
    last = project.run("send", "kurz", "--yes")
    relay.settle()
    took, found = relay.recipients(), standing(project)
    assert readers == found["sent"] + found["in_doubt"], last.stderr
    assert {1} == set(took.values()), "mailed twice"
    assert [] == [one["email"] for one in found["deliveries"] if one["state"] == "sent" and not took[one["email"]]]
    assert found["in_doubt"] <= restarts * 5


def test_a_client_rate_is_waited_for(tmp_path: Path, relay: Postfix) -> None:
    """Postfix answers 450 4.7.1 to MAIL when a client brought too much mail; its time unit is four seconds here."""
    project = project_for(tmp_path / "project", 60, relay, connections=3, rules=Rules(rate=25, rate_seconds=4))
    done = project.run("send", "kurz", "--yes")
    assert "delivery request rate limit exceeded" in relay.log
    assert 0 == done.returncode, done.stderr
    relay.settle()
    assert {1: 60} == dict(Counter(relay.recipients().values()))


def test_a_limit_of_connections_is_kept_to(tmp_path: Path, relay: Postfix) -> None:
    """421 4.7.0 at the greeting of every connection beyond two."""
    project = project_for(tmp_path / "project", 60, relay, connections=4, rules=Rules(connections=2))
    done = project.run("send", "kurz", "--yes")
    assert 0 == done.returncode, done.stderr
    relay.settle()
    assert {1: 60} == dict(Counter(relay.recipients().values()))


def test_refused_recipients_fail_alone(tmp_path: Path, relay: Postfix) -> None:
    refused = {"leser3@liste3.example": "550 5.1.1 no such user", "leser4@liste4.example": "450 4.2.1 full"}
    project = project_for(tmp_path / "project", 60, relay, rules=Rules(refused=refused))
    config = project.folder / "ruhrmail.yaml"
    config.write_text(config.read_text(encoding="utf-8").replace("for: 20s", "for: 2s"), encoding="utf-8")
    done = project.run("send", "kurz", "--yes")
    relay.settle()
    assert 1 == done.returncode
    took = relay.recipients()
    assert (58, set()) == (len(took), set(took) & set(refused))
    failed = {one["email"]: one for one in standing(project)["deliveries"] if one["state"] == "failed"}
    assert {"leser3@liste3.example": 550, "leser4@liste4.example": 450} == {
        email: one["code"] for email, one in failed.items()
    }
    assert (1, "5.1.1") == (
        failed["leser3@liste3.example"]["attempts"],
        failed["leser3@liste3.example"]["enhanced_code"],
    )
    assert failed["leser4@liste4.example"]["attempts"] > 1


def test_a_full_queue_defers_everybody_and_the_next_send_goes_on(tmp_path: Path, relay: Postfix) -> None:
    """452 4.3.1 at MAIL: nobody fails for it."""
    project = project_for(tmp_path / "project", 20, relay, rules=Rules(full=True))
    run = project.start("send", "kurz", "--yes")
    relay.wait_until(lambda: "not enough free space" in relay.log)
    relay.obey(Rules())
    run.communicate(timeout=60)
    last = project.run("send", "kurz", "--yes")
    relay.settle()
    assert 0 == last.returncode, last.stderr
    assert {1: 20} == dict(Counter(relay.recipients().values()))


def test_a_message_beyond_the_size_limit_is_refused_before_it_leaves_and_blames_nobody(
    tmp_path: Path, relay: Postfix
) -> None:
    """SIZE at MAIL (RFC 1870): 552 5.3.4 is about the issue, so it fails no recipient."""
    project = project_for(tmp_path / "project", 5, relay, rules=Rules(size=2000))
    done = project.run("send", "kurz", "--yes")
    assert (1, 0) == (done.returncode, standing(project)["failed"])
    assert "552 5.3.4" in done.stderr
    assert Counter() == relay.recipients()


@pytest.mark.parametrize("kind", ["rsa", "ed25519"])
def test_signatures_verify_after_postfix(tmp_path: Path, relay: Postfix, kind: str) -> None:
    project = project_for(tmp_path / "project", 5, relay)
    record = write_key(project, kind)
    with (project.folder / "ruhrmail.yaml").open("a", encoding="utf-8") as file:
        file.write("dkim: [{domain: kurzbrief.example, selector: eins}]\n")
    done = project.run("send", "kurz", "--yes")
    assert 0 == done.returncode, done.stderr
    relay.settle()
    asked = []

    def look_up(name: bytes, timeout: int = 5) -> bytes:
        asked.append(name)
        return record

    assert [True] * 5 == [dkim.verify(to_crlf(file), dnsfunc=look_up) for file in relay.files()]
    assert {b"eins._domainkey.kurzbrief.example."} == set(asked)
    changed = to_crlf(relay.files()[0]).replace(b"List-Unsubscribe:", b"List-Unsubscribe: x")
    assert not dkim.verify(changed, dnsfunc=look_up), "the signature covers the way out"


def to_crlf(message: bytes) -> bytes:
    return message.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def write_key(project: Project, kind: str) -> bytes:
    """Puts a private key where the project looks for it; gives the public one as its DNS record."""
    private = rsa.generate_private_key(65537, 2048) if kind == "rsa" else ed25519.Ed25519PrivateKey.generate()
    file = project.folder / ".ruhrmail" / "dkim" / "eins.pem"
    file.parent.mkdir(parents=True)
    pem, nothing = serialization.Encoding.PEM, serialization.NoEncryption()
    file.write_bytes(private.private_bytes(pem, serialization.PrivateFormat.PKCS8, nothing))
    file.chmod(0o600)
    form = serialization.PublicFormat.SubjectPublicKeyInfo if kind == "rsa" else serialization.PublicFormat.Raw
    encoding = serialization.Encoding.DER if kind == "rsa" else serialization.Encoding.Raw
    public = private.public_key().public_bytes(encoding, form)
    return f"v=DKIM1; k={kind}; p={base64.b64encode(public).decode()}".encode()
