"""People, mailings and outcomes to try the store with."""

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from ruhrmail.model.ledger import Claim, Result, State
from ruhrmail.model.mail import Attempt, Outcome, PreparedMessage, Reply, Slot
from ruhrmail.model.merge import MergeField
from ruhrmail.model.people import Person
from ruhrmail.store import Ledger, NewMailing, figures

on_sqlite = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
"""For tests of what only a store in a file does."""
on_postgresql = pytest.mark.parametrize("url", ["postgresql"], indirect=True)
"""For tests of what only a store in PostgreSQL does."""
NOW = datetime(2026, 11, 6, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
MESSAGE = PreparedMessage(
    (b"To: ", Slot("to"), b"\r\nSubject: ", Slot("subject", ("Hallo ", MergeField("first_name", "Ä", "html"))), b"\r\n")
)


def counting() -> Callable[[int], bytes]:
    """Randomness that never repeats and is the same in every run."""
    numbers = itertools.count(1)

    def draw(size: int) -> bytes:
        return b"".join(next(numbers).to_bytes(8, "big") for _ in range(-(-size // 8)))[:size]

    return draw


def person(name: str, **columns: object) -> Person:
    return Person(email=f"{name}@example.org", key=f"{name}@example.org", **columns)


def crowd(count: int) -> list[Person]:
    return [person(f"p{number}") for number in range(count)]


def new_mailing(issue: str = "2026-11", **columns: object) -> NewMailing:
    plain = {"subject": "Licht", "sender": "Ruhrblick <r@n.example>", "domain": "n.example", "manifest": {"a": "b"}}
    return NewMailing(issue=issue, **(plain | columns))


REPLIES = {
    Outcome.SENT: Reply(250, "queued", "2.0.0"),
    Outcome.DEFERRED: Reply(451, "later", "4.7.1"),
    Outcome.FAILED: Reply(550, "no", "5.7.1"),
}


def result(claim: Claim, outcome: Outcome, at: datetime = NOW, reply: Reply | None = None) -> Result:
    """What a relay made of a claim; who is deferred may be tried again a minute later."""
    attempt = Attempt(outcome, "relay", reply or REPLIES.get(outcome), "" if outcome in REPLIES else "connection lost")
    return Result(claim, attempt, at, at + MINUTE if outcome is Outcome.DEFERRED else None)


def counts(ledger: Ledger) -> dict[str, int]:
    """The states that occur, by name."""
    found = figures(ledger.store, ledger.mailing.issue, ledger.mailing.destination, ledger.mailing.audience)
    assert found is not None
    assert found.recipients == sum(found.counts.values())
    return {state.value: found.counts[state] for state in State if found.counts[state]}
