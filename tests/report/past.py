"""Mailings that were sent, in a real store: people at many providers, refusals, returned mail, people who left."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from ruhrmail.config import Config, load_config
from ruhrmail.model.bounce import Kind, Verdict
from ruhrmail.model.ledger import Claim, Result
from ruhrmail.model.mail import Attempt, Outcome, Reply
from ruhrmail.model.people import Person
from ruhrmail.store import (
    Departure,
    Ledger,
    Mailing,
    NewReturn,
    Store,
    begin_mailing,
    depart,
    enrol,
    find_sending_to,
    finish_if_done,
    open_store,
    record_return,
)
from tests.store.samples import MESSAGE, counting, new_mailing
from tests.stories.project import small_project

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
PROVIDERS = ("post.example", "halde.example", "zeche.example", "kanal.example", "stadtwerk.example", "uni.example")
REPLIES = {
    "gone": (Outcome.FAILED, Reply(550, "no such user here", "5.1.1")),
    "blocked": (Outcome.FAILED, Reply(554, "rejected for policy, see https://halde.example/why", "5.7.1")),
    "full": (Outcome.FAILED, Reply(552, "mailbox is full", "5.2.2")),
    "later": (Outcome.DEFERRED, Reply(451, "greylisted, come back", "4.7.1")),
    "doubt": (Outcome.IN_DOUBT, None),
    "sent": (Outcome.SENT, Reply(250, "queued", "2.0.0")),
}
Fate = Callable[[Claim], str]


@contextmanager
def project_with_past(folder: Path) -> Iterator[tuple[Config, Store]]:
    """A small newsletter and its open store."""
    project = small_project(folder)
    config = load_config(project.folder, {"RUHRMAIL_SECRET": "x" * 40})
    with open_store(config.store, now=NOW, randomness=counting()) as store:
        yield config, store


def people(count: int) -> list[Person]:
    """So many at providers of very different size, the last ones each at a domain of their own."""
    chosen = random.Random(7)
    found = []
    for number in range(count):
        domain = (
            chosen.choices(PROVIDERS, weights=(30, 12, 9, 6, 4, 3))[0] if number % 5 else f"firma{number % 90}.example"
        )
        address = f"leser{number}@{domain}"
        found.append(Person(address, address, first_name=f"Leser{number}"))
    return found


def send(store: Store, issue: str, at: datetime, fate: Fate, **columns: object) -> Mailing:
    """A whole mailing whose recipients meet these fates, some hundred a second, with a lull in the middle."""
    mailing = begin_mailing(store, new_mailing(issue, **columns), {"": MESSAGE}, at)
    enrol(store, mailing, at)
    ledger, now = Ledger(store, mailing), at
    for batch in range(10_000):
        claims = ledger.claim(100, now)
        if not claims:
            break
        now += SECOND * (4 if batch % 7 == 3 else 1)
        ledger.intend(claims, now)
        ledger.settle([outcome_of(claim, fate(claim), now) for claim in claims])
    finish_if_done(store, mailing, now + SECOND)
    return mailing


def outcome_of(claim: Claim, fate: str, at: datetime) -> Result:
    """What the ledger is told about one."""
    outcome, reply = REPLIES[fate]
    later = at + timedelta(days=2) if outcome is Outcome.DEFERRED else None
    return Result(claim, Attempt(outcome, "relay", reply, "" if reply else "connection lost"), at, later)


def come_back(store: Store, mailing: Mailing, subscriber: int, kind: Kind, at: datetime) -> None:
    """Something about one recipient comes back."""
    sending = find_sending_to(store, subscriber, mailing.id)
    assert sending is not None
    digest = sha256(f"{mailing.id} {subscriber} {kind}".encode()).hexdigest()
    record_return(store, NewReturn(digest, sending, kind, at, at), lambda past, history: Verdict.NOTED)


def leave(store: Store, mailing: Mailing, token_id: bytes, at: datetime) -> None:
    """One recipient uses the link in the mail."""
    depart(store, [Departure(token_id, mailing.id)], at)
