"""Mailboxes: effects before deletion, positions that last, one reader at a time, and the rest goes on."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest

from ruhrmail.bounce import Reading as What
from ruhrmail.bounce import read_returned
from ruhrmail.collect import Found
from ruhrmail.collect.maildir import Maildir
from ruhrmail.config import Mailbox, load_config
from ruhrmail.errors import StoreError, StoreLocked, UsageError
from ruhrmail.flows.intake import Intake, Tally, Word, read_found, read_one
from ruhrmail.flows.machine import this_machine
from ruhrmail.flows.mailboxes import EACH, finish, is_gone, mailbox_of, mailboxes_of, read_mailbox
from ruhrmail.model.bounce import Kind, Taken, Verdict
from ruhrmail.model.phrase import phrase
from ruhrmail.store import Store, free_source, keep_position, open_store, take_source
from tests.store.samples import NOW, counting
from tests.stories.project import small_project

MEANINGS = {
    b"hard": Taken(Kind.HARD, True, Verdict.SUPPRESSED, phrase("gone for good")),
    b"soft": Taken(Kind.SOFT, True, Verdict.COUNTED, phrase("full")),
    b"nobody": Taken(Kind.HARD, False, Verdict.UNKNOWN, phrase("forged")),
    b"holiday": Taken(Kind.AUTOMATIC, False, Verdict.UNKNOWN, phrase("out of office")),
    b"person": Taken(Kind.OTHER, False, Verdict.UNKNOWN, phrase("a letter")),
    b"alarm": Taken(Kind.COMPLAINT, True, Verdict.SUPPRESSED, phrase("spam"), phrase("the mailing was stopped")),
}


@dataclass
class Reading:
    """A store and a folder; what was taken is known from then on, as digests are."""

    store: Store
    folder: Path
    known: dict[str, bytes] = field(default_factory=dict)
    taken: list[bytes] = field(default_factory=list)
    told: list[Word] = field(default_factory=list)
    before: Callable[[bytes], None] = lambda _: None
    stop_after: int = 10**9
    asked: int = 0

    @property
    def intake(self) -> Intake:
        machine = replace(this_machine(), now=lambda: NOW)
        return Intake(self.store, machine, self.take, self.told.append, self.stopping)

    def stopping(self) -> bool:
        self.asked += 1
        return self.asked >= self.stop_after

    def take(self, readings: Sequence[What], source: str) -> list[Taken | Exception]:
        messages = [self.known[one.digest] for one in readings]
        for message in messages:
            self.before(message)
        return [self.meaning(message) for message in messages]

    def meaning(self, message: bytes) -> Taken | Exception:
        if message.split()[1] == b"mistake":
            return LookupError("a word that names somebody")
        meaning = MEANINGS[message.split()[1]]
        again = message in self.taken and meaning.known
        self.taken.append(message)
        return replace(meaning, verdict=Verdict.AGAIN) if again else meaning

    def put(self, *names: str) -> None:
        for folder in ("new", "cur"):
            (self.folder / folder).mkdir(parents=True, exist_ok=True)
        for name in names:
            number = len(list((self.folder / "new").iterdir()))
            message = b"Subject: %s %06d\n\n" % (name.encode(), number)
            (self.folder / "new" / f"{number:06}").write_bytes(message)
            self.learn(message)

    def learn(self, message: bytes) -> None:
        self.known[read_returned(message).digest] = message

    def mailbox(self, *, delete: bool = False) -> Mailbox:
        return Mailbox("box", self.folder, delete=delete)

    def left(self) -> list[str]:
        return [path.read_text().split()[1] for path in sorted((self.folder / "new").iterdir())]


@pytest.fixture
def reading(tmp_path: Path) -> Iterator[Reading]:
    with open_store(f"sqlite:///{tmp_path}/state/state.db", now=NOW, randomness=counting()) as store:
        yield Reading(store, tmp_path / "box")


def test_what_means_something_is_told_and_everything_counted(reading):
    reading.put("hard", "soft", "holiday", "person", "nobody")
    tally = read_mailbox(reading.intake, reading.mailbox())
    assert (5, 1, 1, 0) == (tally.read, tally.suppressed, tally.unknown, tally.unreadable)
    assert Counter({Kind.HARD: 2, Kind.SOFT: 1, Kind.AUTOMATIC: 1, Kind.OTHER: 1}) == tally.kinds
    assert ["gone for good", "full", "forged"] == [str(word.text) for word in reading.told]


def test_an_alarm_is_told_as_one(reading):
    reading.put("alarm")
    read_mailbox(reading.intake, reading.mailbox())
    assert [("spam", False), ("the mailing was stopped", True)] == [(str(one.text), one.alarm) for one in reading.told]


def test_read_again_nothing_counts_twice(reading):
    reading.put("hard", "soft")
    read_mailbox(reading.intake, reading.mailbox())
    again = read_mailbox(reading.intake, reading.mailbox())
    assert (2, Counter(), 0) == (again.again, again.kinds, again.suppressed)


def test_what_was_done_is_deleted_and_what_nobody_understood_stays(reading):
    reading.put("hard", "person", "holiday", "nobody", "soft")
    tally = read_mailbox(reading.intake, reading.mailbox(delete=True))
    assert (3, ["person", "nobody"]) == (tally.done, reading.left())


def test_nothing_is_deleted_whose_effect_is_not_durable(reading):
    def fail(message: bytes) -> None:
        if b"000060" in message:
            raise StoreError(phrase("the disk is full"))

    reading.before = fail
    reading.put(*["hard"] * 70)
    with pytest.raises(StoreError):
        read_mailbox(reading.intake, reading.mailbox(delete=True))
    assert ["hard"] * 20 == reading.left()
    reading.before = lambda _: None
    read_mailbox(reading.intake, reading.mailbox(delete=True))
    assert [] == reading.left()


def test_a_message_that_cannot_be_read_is_named_and_stays(reading):
    reading.put("hard")
    tally, reader = Tally("box"), Maildir(reading.folder, delete=True)
    found = Found("new/000000", {}, None, phrase("no permission"), "new/000000")
    finish(reading.intake, reader, tally, [read_found(found)])
    assert (0, 1, ["hard"]) == (tally.read, tally.unreadable, reading.left())
    assert [("new/000000", "no permission", True)] == [(one.place, str(one.text), one.bad) for one in reading.told]


def test_one_message_that_ruhrmail_trips_over_takes_no_other_down(reading):
    reading.put("hard", "mistake", "soft")
    tally = read_mailbox(reading.intake, reading.mailbox(delete=True))
    assert (2, 1, ["mistake"]) == (tally.read, tally.unreadable, reading.left())
    words = [str(one.text) for one in reading.told if one.bad]
    assert ["ruhrmail trips over it (LookupError); please report that"] == words


def test_a_reading_that_is_stopped_goes_on_where_it_was(reading):
    reading.put(*["hard"] * (2 * EACH + 50))
    reading.stop_after = EACH + 20
    assert EACH + 20 == read_mailbox(reading.intake, reading.mailbox()).read
    position = take_source(reading.store, reading.mailbox().key, "me", NOW, lambda _: False)
    last = sorted((reading.folder / "new").iterdir())[EACH + 19]
    assert {"changed": last.stat().st_ctime_ns} == position


def test_while_one_reads_another_is_refused(reading):
    reading.put("hard")
    take_source(reading.store, reading.mailbox().key, "elsewhere process 7", NOW, lambda _: False)
    with pytest.raises(StoreLocked) as caught:
        read_mailbox(reading.intake, reading.mailbox())
    assert "elsewhere process 7" in str(caught.value)


def test_a_claim_runs_out(reading):
    key = reading.mailbox().key
    take_source(reading.store, key, "elsewhere process 7", NOW - timedelta(minutes=6), lambda _: False)
    reading.put("hard")
    assert 1 == read_mailbox(reading.intake, reading.mailbox()).read
    assert not keep_position(reading.store, key, "elsewhere process 7", {"changed": 1}, NOW)


def test_the_claim_of_a_dead_process_of_this_machine_counts_no_more(reading):
    process = subprocess.Popen([sys.executable, "-c", "pass"])
    process.wait(60)
    host = this_machine().hostname
    assert is_gone(host, f"{host} process {process.pid} ab")
    assert not is_gone(host, f"{host} process {os.getpid()} ab")
    assert not is_gone(host, f"elsewhere process {process.pid} ab")
    assert not is_gone(host, "something else")


def test_a_claim_is_given_back_even_after_an_error(reading):
    reading.put("hard")
    reading.before = lambda _: (_ for _ in ()).throw(StoreError(phrase("no")))
    with pytest.raises(StoreError):
        read_mailbox(reading.intake, reading.mailbox())
    assert {} == take_source(reading.store, reading.mailbox().key, "next", NOW, lambda _: False)
    free_source(reading.store, reading.mailbox().key, "next")


def test_of_standard_input_the_whole_is_read_and_an_empty_one_is_unreadable(reading):
    stream = BytesIO(b"Subject: hard\n\n" + b"x" * 3_000_000)
    reading.learn(stream.getvalue()[:1_048_576])
    assert (1, 0) == ((tally := read_one(reading.intake, stream, "-")).read, tally.unreadable)
    assert (b"", 1) == (stream.read(), len(reading.taken))
    assert 1 == read_one(reading.intake, BytesIO(b"\n"), "-").unreadable


def test_a_mailbox_named_by_its_place_has_the_login_of_the_settings(tmp_path):
    folder = small_project(tmp_path / "project").folder
    with (folder / "ruhrmail.yaml").open("a") as file:
        file.write("bounces:\n  - {source: 'imaps://u@mail.example', name: rueck, delete: true}\n  - {source: '-'}\n")
    environ = {"RUHRMAIL_BOUNCES_RUECK_PASSWORD": "geheim", "RUHRMAIL_BOUNCES_PASSWORD": "anderes"}
    config = load_config(folder, environ)
    found = mailbox_of(config, "imaps://u@mail.example/INBOX", tmp_path, environ)
    other = mailbox_of(config, "imaps://v@mail.example/INBOX", tmp_path, environ)
    assert ("geheim", True, "anderes", False) == (found.imap.password, found.delete, other.imap.password, other.delete)
    assert ["rueck"] == [one.name for one in mailboxes_of(config)]
    with pytest.raises(UsageError) as caught:
        mailbox_of(config, "imaps://u:geheim@mail.example", tmp_path, environ)
    assert "geheim" not in f"{caught.value} {caught.value.hint}"
