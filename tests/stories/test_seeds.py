"""`ruhrmail seeds`: mail sent over real SMTP into a real Dovecot is found where it arrived."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from tests.servers.dovecot import PLAIN_PASSWORD, Dovecot, dovecot
from tests.servers.smtp_sink import free_port
from tests.stories.project import Project, small_project

JUDGED = (
    b"Authentication-Results: mx.example; spf=%s smtp.mailfrom=kurzbrief.example;\r\n"
    b" dkim=pass header.d=kurzbrief.example\r\n"
)


class Provider:
    """Takes mail, writes down what it found out, and lays it where the address says."""

    def __init__(self, server: Dovecot) -> None:
        self.server = server
        self.senders: list[str] = []
        self.spf = b"pass"

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802 - aiosmtpd's name
        if address.startswith("weg"):
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - aiosmtpd's name
        self.senders.append(envelope.mail_from)
        local = envelope.rcpt_tos[0].partition("@")[0]
        folder = {"spam": ".Junk", "ablage": ".Briefe"}.get(local, "")
        if local != "still":
            self.server.put([JUDGED % self.spf + envelope.content], folder=folder)
        return "250 OK"


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot() as running:
        yield running


@contextmanager
def provider(server: Dovecot) -> Iterator[tuple[Provider, str]]:
    server.empty()
    found = Provider(server)
    controller = Controller(found, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield found, f"smtp://127.0.0.1:{controller.port}"
    finally:
        controller.stop()


def project(folder: Path, server: Dovecot, *names: str) -> Project:
    made = small_project(folder)
    imap = f"imaps://anna@localhost:{server.tls_port}"
    lines = "".join(f"  - {{name: {name}, address: {name}@provider.example, imap: '{imap}'}}\n" for name in names)
    with (folder / "ruhrmail.yaml").open("a", encoding="utf-8") as file:
        file.write("seeds:\n" + lines)
    made.environ |= {f"RUHRMAIL_SEEDS_{name.upper()}_PASSWORD": PLAIN_PASSWORD for name in names}
    made.environ["SSL_CERT_FILE"] = str(server.authority)
    return made


def test_every_seed_tells_where_its_mail_arrived(tmp_path, server):
    made = project(tmp_path / "project", server, "probe", "spam", "ablage", "still", "weg")
    with provider(server) as (found, relay):
        done = made.run("seeds", "kurz", "--wait", "8", "--format", "json", RUHRMAIL_RELAY=relay)
    rows = {row["name"]: row for row in json.loads(done.stdout)["seeds"]}
    expected = {
        "probe": ("inbox", "INBOX"),
        "spam": ("junk", "Junk"),
        "ablage": ("inbox", "Briefe"),
        "still": ("missing", ""),
        "weg": ("unsent", ""),
    }
    assert expected == {name: (row["state"], row["folder"]) for name, row in rows.items()}
    checks = [(one["method"], one["result"], one["domain"]) for one in rows["spam"]["authentication"]]
    assert [("spf", "pass", "kurzbrief.example"), ("dkim", "pass", "kurzbrief.example")] == checks
    assert (1, True) == (done.returncode, "no such user" in rows["weg"]["message"])
    assert all(sender.startswith("u+") and sender.endswith("@kurzbrief.example") for sender in found.senders)


def test_all_in_the_inbox_is_fine_and_a_failed_check_is_not(tmp_path, server):
    made = project(tmp_path / "project", server, "probe")
    with provider(server) as (found, relay):
        fine = made.run("seeds", "kurz", "--wait", "20", RUHRMAIL_RELAY=relay, RUHRMAIL_LANG="de")
        server.empty()
        found.spf = b"fail"
        failed = made.run("seeds", "kurz", "--wait", "20", RUHRMAIL_RELAY=relay)
    assert (0, 1) == (fine.returncode, failed.returncode)
    assert fine.stdout.startswith("probe  angekommen in INBOX nach ")
    assert fine.stdout.endswith("; spf=pass, dkim=pass\n")


def test_a_test_mail_is_no_mailing(tmp_path, server):
    made = project(tmp_path / "project", server, "probe")
    with provider(server) as (_, relay):
        made.run("seeds", "kurz", "--wait", "20", RUHRMAIL_RELAY=relay)
    (mail,) = server.files()
    assert "kurzbrief.example" in str(message_from_bytes(mail)["Message-ID"])
    assert "nothing was sent yet" in made.run("status").stdout


def test_a_mailbox_that_cannot_be_read_is_told_without_its_password(tmp_path, server):
    made = project(tmp_path / "project", server, "probe")
    with provider(server) as (_, relay):
        done = made.run("seeds", "kurz", "--wait", "5", RUHRMAIL_RELAY=relay, RUHRMAIL_SEEDS_PROBE_PASSWORD="fa1sch")
    assert (1, True, False) == (
        done.returncode, "cannot be read" in done.stdout, "fa1sch" in done.stdout + done.stderr,
    )  # fmt: skip


def test_without_seeds_it_says_what_to_do(tmp_path):
    done = small_project(tmp_path / "project").run("seeds", "kurz")
    assert (2, True) == (done.returncode, "ruhrmail.yaml" in done.stderr)


def test_names_of_folders_are_read_as_they_were_written():
    from ruhrmail.collect.imap_client import folder_name
    from ruhrmail.collect.search import read_folder

    for name in ("INBOX", "Rück & Läufer", "日本", 'a"b\\c', "[Gmail]/Spam"):
        folder = read_folder(b'(\\HasNoChildren) "/" ' + folder_name(name).encode())
        assert folder is not None
        assert (name, folder_name(name)) == (folder.name, folder.command)
    assert read_folder(b'(\\Noselect) "/" "[Gmail]"') is None
    assert (True, False) == tuple(
        one.junk for one in map(read_folder, [b'(\\Junk) "." Weg', (b'() "." {4}', b"Weg ")]) if one
    )
