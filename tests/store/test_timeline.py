"""A database that has gone back in time: real servers, a real replica that lags, and a real promotion."""

import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from ruhrmail.model.ledger import Intent
from ruhrmail.model.mail import Outcome
from ruhrmail.store import Ledger, Store, begin_mailing, enrol, find_mailing, open_store, sync_roster
from tests.servers.postgresql import QUICK, Server, cut_off, postgresql, replicated_url, standby
from tests.store.samples import MESSAGE, counts, crowd, new_mailing, result


@dataclass(slots=True)
class Pair:
    primary: Server
    replica: Server
    url: str

    def fail_over(self) -> None:
        """The primary dies, and the replica takes over with what it has."""
        self.primary.stop(signal.SIGQUIT)
        self.replica.promote()

    def open(self) -> Store:
        return open_store(self.url, now=datetime.now(UTC), randomness=os.urandom)


@pytest.fixture
def pair() -> Iterator[Pair]:
    with postgresql(**QUICK) as primary:
        name = primary.database().rpartition("/")[2]
        with standby(primary) as replica:
            yield Pair(primary, replica, replicated_url(primary, replica, name=name))


@pytest.fixture
def sender(pair: Pair) -> Iterator[Ledger]:
    """One who has begun with ten recipients, and mailed two."""
    with pair.open() as store:
        now = datetime.now(UTC)
        sync_roster(store, crowd(10), "sha", now)
        mailing = begin_mailing(store, new_mailing(), {"": MESSAGE}, now)
        enrol(store, mailing, now)
        ledger = Ledger(store, mailing)
        mail(ledger, 2)
        yield ledger


def mail(ledger: Ledger, count: int) -> None:
    now = datetime.now(UTC)
    claims = ledger.claim(count, now)
    assert {Intent.GRANTED} == set(ledger.intend(claims, now).values())
    ledger.settle([result(one, Outcome.SENT, now) for one in claims])


def catch_up(pair: Pair) -> None:
    """Waits until the replica knows all, and cuts it off."""
    [(position,)] = pair.primary.execute("SELECT pg_current_wal_lsn()")
    wait = f"SELECT pg_last_wal_replay_lsn() >= '{position}'"
    while not pair.replica.execute(wait)[0][0]:
        pass
    cut_off(pair.replica)


def test_what_a_sender_remembers_is_put_right_and_the_mailing_stops(pair: Pair, sender: Ledger) -> None:
    catch_up(pair)
    mail(sender, 3)
    now = datetime.now(UTC)
    out = sender.claim(2, now)
    sender.intend(out, now)
    pair.fail_over()
    assert [] == sender.claim(5, now)
    assert {"sent": 5, "in_flight": 2, "pending": 3} == counts(sender)
    assert 1 == sender.settle([result(out[0], Outcome.SENT, now)])
    found = find_mailing(sender.store, "2026-11")
    assert ("stopped", 5) == (found.state, found.reason.values["count"])


def test_a_failover_that_lost_nothing_stops_nobody(pair: Pair, sender: Ledger) -> None:
    mail(sender, 3)
    now = datetime.now(UTC)
    out = sender.claim(2, now)
    sender.intend(out, now)
    catch_up(pair)
    pair.fail_over()
    assert 2 == sender.settle([result(one, Outcome.SENT, now) for one in out])
    mail(sender, 3)
    assert {"sent": 10} == counts(sender)
