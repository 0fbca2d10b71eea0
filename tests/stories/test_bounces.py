"""`ruhrmail bounces` from the command line: every kind of mailbox, kills in the middle, what `-` tells a server."""

import json
import mailbox
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest

from ruhrmail.config import load_config
from ruhrmail.store import begin_mailing, count_suppressions, enrol, open_store, sync_roster
from tests.bounce.letters import dsn, return_path
from tests.servers.dovecot import PLAIN_PASSWORD, Dovecot, dovecot
from tests.store.samples import MESSAGE, NOW, counting, crowd, new_mailing
from tests.stories.project import Project, small_project

TEMPORARY = 75
LETTER = b"From: leser@halde.example\nSubject: Nachfrage\n\nFrom Bochum: wann erscheint die Ausgabe?\n"


@dataclass(frozen=True, slots=True)
class Mailed:
    """A project that mailed so many people, and the return address of each."""

    project: Project
    addresses: Sequence[str]

    def bounce(self, number: int, status: str = "5.1.1", name: str = "") -> bytes:
        return dsn(self.addresses[number], status, f"smtp; 550 {status} x", name=name or str(number))

    def suppressed(self) -> int:
        config = load_config(self.project.folder, {})
        with open_store(config.store, now=NOW, randomness=counting()) as store:
            return sum(count_suppressions(store).values())


def mail(folder: Path, count: int) -> Mailed:
    project = small_project(folder)
    config = load_config(folder, {})
    with open_store(config.store, now=NOW, randomness=os.urandom) as store:
        sync_roster(store, crowd(count), "sha", NOW)
        mailing = begin_mailing(store, new_mailing("2026-11"), {"": MESSAGE}, NOW)
        enrol(store, mailing, NOW)
        with store.reading() as connection:
            tokens = connection.exec_driver_sql("SELECT token_id FROM subscribers ORDER BY id").scalars().all()
        return Mailed(project, [return_path(store, token, mailing.id) for token in tokens])


@pytest.fixture
def mailed(tmp_path: Path) -> Mailed:
    return mail(tmp_path / "project", 5)


def lay(folder: Path, *messages: bytes) -> Path:
    box = mailbox.Maildir(folder)
    for message in messages:
        box.add(message)
    return folder


def test_a_maildir_is_read_and_read_again(mailed, tmp_path):
    box = lay(tmp_path / "box", mailed.bounce(0), mailed.bounce(1), mailed.bounce(2, "4.2.2"), LETTER)
    first = mailed.project.run("bounces", str(box))
    assert (0, "") == (first.returncode, first.stderr)
    assert f"{box}: read 4: 2 hard, 1 soft, 1 other mail, 2 newly suppressed" == first.stdout.splitlines()[-1]
    assert 4 == len(first.stdout.splitlines())
    again = mailed.project.run("bounces", str(box), "--format", "json")
    assert [{"source": str(box), "read": 4, "kinds": {"other": 1}, "suppressed": 0, "again": 3, "unknown": 0,
             "unreadable": 0, "deleted": 0}] == json.loads(again.stdout)  # fmt: skip
    assert 2 == mailed.suppressed()


def test_an_mbox_is_emptied_of_what_was_understood(mailed, tmp_path):
    box = mailbox.mbox(tmp_path / "box")
    for message in (mailed.bounce(0), LETTER, mailed.bounce(1)):
        box.add(message)
    box.close()
    done = mailed.project.run("bounces", str(tmp_path / "box"), "--delete", RUHRMAIL_LANG="de")
    assert (0, "") == (done.returncode, done.stderr)
    assert done.stdout.splitlines()[-1].endswith(
        "3 gelesen: 2 endgültig unzustellbar, 1 andere Mail, 2 neu gesperrt, 2 gelöscht"
    )
    assert (0, 1) == ((tmp_path / "box").stat().st_size, len(mailbox.mbox(tmp_path / "box.kept")))


def feed(mailed: Mailed, message: bytes, **environ: str) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        mailed.project.command("bounces", "-"), input=message, env={**mailed.project.environ, **environ},
        capture_output=True, timeout=60, check=False,
    )  # fmt: skip


def test_standard_input_takes_one_message(mailed):
    assert 0 == feed(mailed, mailed.bounce(0)).returncode
    assert 1 == mailed.suppressed()


def test_an_empty_message_is_unreadable(mailed):
    assert 1 == feed(mailed, b"").returncode


@pytest.mark.parametrize("trouble", ["settings", "store", "secret", "project"])
def test_what_is_not_the_messages_fault_is_temporary(mailed, trouble):
    folder = mailed.project.folder
    environ = {"RUHRMAIL_SECRET": "kurz"} if trouble == "secret" else {}
    if trouble == "settings":
        (folder / "ruhrmail.yaml").write_text("newsletter: [", encoding="utf-8")
    if trouble == "store":
        environ = {"RUHRMAIL_STORE": "sqlite:////dev/null/state.db"}
    if trouble == "project":
        (folder / "ruhrmail.yaml").unlink()
    done = feed(mailed, mailed.bounce(0), **environ)
    assert TEMPORARY == done.returncode
    assert done.stderr
    assert b"Traceback" not in done.stderr


def test_the_mailboxes_of_the_settings_are_read_without_a_word(mailed, tmp_path):
    box = lay(tmp_path / "project" / "rueck", mailed.bounce(0))
    with (mailed.project.folder / "ruhrmail.yaml").open("a") as file:
        file.write(
            "bounces: [{source: fehlt, name: erstes}, {source: rueck, name: zweites, delete: true}, {source: '-'}]\n"
        )
    done = mailed.project.run("bounces")
    assert (1, True) == (done.returncode, "fehlt" in done.stderr)
    assert done.stdout.splitlines()[-1].startswith("zweites: read 1: 1 hard")
    assert [] == list(mailbox.Maildir(box))


def test_without_a_mailbox_it_says_what_to_do(mailed):
    done = mailed.project.run("bounces")
    assert (2, True) == (done.returncode, "ruhrmail.yaml" in done.stderr)


def test_a_password_on_the_command_line_is_refused_and_not_shown(mailed):
    done = mailed.project.run("bounces", "imaps://anna:g3heim@mail.example/INBOX")
    assert (2, False) == (done.returncode, "g3heim" in done.stdout + done.stderr)


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot() as running:
        yield running


def wait_for(done: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.1)


def test_the_web_service_reads_the_mailboxes_by_itself(mailed, tmp_path):
    box = lay(mailed.project.folder / "rueck", mailed.bounce(0))
    with (mailed.project.folder / "ruhrmail.yaml").open("a") as file:
        file.write("bounces: [{source: rueck, every: 1s, delete: true}, {source: fehlt, every: 1s}, {source: '-'}]\n")
    process = mailed.project.start("serve", "--port", "0")
    try:
        assert process.stdout.readline(), "before it is ready a signal ends it like any program"
        wait_for(lambda: mailed.suppressed() == 1)
        lay(box, mailed.bounce(1))
        wait_for(lambda: mailed.suppressed() == 2)
        wait_for(lambda: not list(mailbox.Maildir(box)))
    finally:
        process.send_signal(signal.SIGTERM)
        _, told = process.communicate(timeout=60)
    assert (0, 2, 1) == (process.returncode, told.count("hard bounce 5.1.1"), told.count("fehlt"))


def test_following_ends_at_a_signal(mailed, tmp_path):
    box = lay(tmp_path / "box", mailed.bounce(0))
    process = mailed.project.start("bounces", str(box), "--follow")
    try:
        wait_for(lambda: mailed.suppressed() == 1)
    finally:
        process.send_signal(signal.SIGTERM)
        said, told = process.communicate(timeout=60)
    assert (0, True, 1) == (process.returncode, said.endswith(": 1\n"), told.count("hard bounce"))


@pytest.mark.parametrize("count", [1000, pytest.param(5000, marks=pytest.mark.soak)])
def test_many_messages_over_imap_survive_kills_and_only_they_are_expunged(tmp_path, server, count):
    server.empty()
    people = count // 50
    mailed = mail(tmp_path / "project", people)
    answer = LETTER.replace(b"Subject", b"Auto-Submitted: auto-replied\nSubject")
    server.put([mailed.bounce(number // 50) if number % 50 == 0 else answer for number in range(count)] + [LETTER])
    source = f"imaps://anna@localhost:{server.tls_port}/{quote('INBOX')}"
    environ = {"RUHRMAIL_BOUNCES_PASSWORD": PLAIN_PASSWORD, "SSL_CERT_FILE": str(server.authority)}
    for lines in (people // 5, people // 4):
        process = mailed.project.start("bounces", source, "--delete", **environ)
        assert process.stdout
        assert lines == len([process.stdout.readline() for _ in range(lines)])
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
    left = len(server.files())
    done = mailed.project.run("bounces", source, "--delete", **environ)
    assert (0, "") == (done.returncode, done.stderr)
    assert (True, people, [LETTER]) == (1 < left < count, mailed.suppressed(), server.files())
