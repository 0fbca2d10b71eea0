"""Returned mail acts upon the list and the ledger: only with a genuine token, only once."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from ruhrmail.config import Config, load_config
from ruhrmail.flows.machine import Machine, this_machine
from ruhrmail.flows.returns import take_in
from ruhrmail.model.bounce import Kind, Taken, Verdict
from ruhrmail.model.consent import Reason
from ruhrmail.model.mail import Outcome
from ruhrmail.store import (
    Ledger,
    Mailing,
    Store,
    begin_mailing,
    enrol,
    open_store,
    read_record,
    suppression,
    sync_roster,
)
from tests.bounce.letters import KEYRING, NOW, dsn, return_path
from tests.store.samples import MESSAGE, counting, new_mailing, person, result
from tests.stories.project import SECRET, small_project

DAY = timedelta(days=1)


@dataclass
class Desk:
    """A list of five people, and what comes back from them; `at` is what time it is."""

    config: Config
    store: Store
    at: datetime = NOW
    sent: dict[str, Mailing] = field(default_factory=dict)

    @property
    def machine(self) -> Machine:
        return replace(this_machine(), now=lambda: self.at)

    def send(self, issue: str, outcome: Outcome = Outcome.SENT) -> Mailing:
        """An issue to everybody."""
        mailing = begin_mailing(self.store, new_mailing(issue), {"": MESSAGE}, self.at)
        enrol(self.store, mailing, self.at)
        ledger = Ledger(self.store, mailing)
        claims = ledger.claim(100, self.at)
        ledger.record((), claims, self.at)
        ledger.record([result(claim, outcome, self.at) for claim in claims], (), self.at)
        self.sent[issue] = mailing
        return mailing

    def address(self, name: str, mailing: Mailing) -> str:
        return return_path(self.store, self.token_id(name), mailing.id)

    def token_id(self, name: str) -> bytes:
        with self.store.reading() as connection:
            found = connection.exec_driver_sql(
                "SELECT token_id FROM subscribers WHERE key = ?", (f"{name}@example.org",)
            )
            return found.scalar_one()

    def take(self, message: bytes) -> Taken:
        return take_in(self.config, self.store, KEYRING, self.machine, message, "test")

    def reason(self, name: str) -> Reason | None:
        found = suppression(self.store, f"{name}@example.org")
        return found.reason if found else None


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    folder = small_project(tmp_path / "project").folder
    config = load_config(folder, {"RUHRMAIL_SECRET": SECRET})
    with open_store(config.store, now=NOW, randomness=counting()) as store:
        sync_roster(store, [person(name) for name in ("ada", "ben", "cem", "dana", "eva")], "sha", NOW)
        yield Desk(config, store)


def test_a_hard_bounce_suppresses_at_once_with_its_evidence(desk):
    mailing = desk.send("2026-11")
    taken = desk.take(dsn(desk.address("ada", mailing)))
    assert (Kind.HARD, True, Verdict.SUPPRESSED) == (taken.kind, taken.known, taken.verdict)
    found = suppression(desk.store, "ada@example.org")
    assert (Reason.BOUNCED, "hard, 5.1.1, 550 5.1.1 User unknown, 2026-11") == (found.reason, found.evidence)
    assert None is desk.reason("ben")


def test_read_again_nothing_counts_twice(desk):
    message = dsn(desk.address("ada", desk.send("2026-11")))
    desk.take(message)
    again = desk.take(b"Received: by elsewhere\r\n" + message.replace(b"\n", b"\r\n"))
    assert Verdict.AGAIN is again.verdict
    assert 1 == len(read_record(desk.store, "ada@example.org").bounces)
