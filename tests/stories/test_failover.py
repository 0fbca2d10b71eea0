"""The database's server dies in the middle of a mailing, and its replica takes over with what it has."""

import random
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ruhrmail.model.ledger import State
from tests.driver.nursery import Nursery
from tests.servers.postgresql import QUICK, Server, cut_off, postgresql, replicated_url, standby
from tests.stories.test_fleet import Fleet, fleet, until
from tests.stories.test_killed import standing

PATIENCE = "20s"
"""However busy the machine is, the receiver answers in this time: nothing but the failover can leave doubt."""
sizes = pytest.mark.parametrize("people", [350, pytest.param(8000, marks=pytest.mark.soak)])


@dataclass(slots=True)
class Pair:
    """A primary and its replica, with the database `name`; `url` reaches whichever takes writes."""

    primary: Server
    replica: Server
    name: str

    @property
    def url(self) -> str:
        return replicated_url(self.primary, self.replica, name=self.name)

    def is_stopped(self) -> bool:
        """Whether the mailing is, by the replica; a `status` for each look would cost more than the mailing."""
        return [("stopped",)] == self.replica.execute("SELECT state FROM mailings", database=self.name)

    def fail_over(self) -> None:
        self.primary.stop(signal.SIGQUIT)
        self.replica.promote()


@pytest.fixture
def pair() -> Iterator[Pair]:
    with postgresql(**QUICK) as primary:
        name = primary.database().rpartition("/")[2]
        with standby(primary, "second") as replica:
            yield Pair(primary, replica, name)


def wait_for_mails(ours: Fleet, more: int) -> None:
    """Until the relay has taken so many more, and the mailing goes on."""
    before = ours.sent()
    until(lambda: ours.sent() >= before + more, "sending", ours)
    assert ours.sent() < ours.place.people, "the mailing must outlive this, or the test proves less than it says"


@sizes
def test_what_a_lagging_replica_forgot_is_remembered_and_the_mailing_stops(
    children: Nursery, tmp_path: Path, pair: Pair, people: int
) -> None:
    with fleet(children, tmp_path, people, pair.url, workers=2, patience=PATIENCE) as ours:
        ours.send()
        wait_for_mails(ours, people // 7)
        cut_off(pair.replica)
        wait_for_mails(ours, people // 7)
        pair.fail_over()
        until(pair.is_stopped, "stopped", ours)
        until(lambda: 0 == ours.place.accounts.count(State.IN_FLIGHT), "drained", ours)
        taken = ours.place.accounts.took
        ours.place.accounts.check(people, 0)
        assert people // 4 < ours.place.accounts.count(State.SENT) == taken.total() < people
        assert "the database went back in time" in ours.place.project.run("status", "kurz").stdout
        refused = ours.place.start()
        assert (2, taken) == (refused.wait(), ours.place.accounts.took), refused.said
        assert 0 == ours.place.start("--anyway").wait()
        ours.finish()
        assert people == ours.place.accounts.count(State.SENT) == ours.sent()


@sizes
def test_with_synchronous_replication_a_failover_stops_nobody(
    children: Nursery, tmp_path: Path, pair: Pair, people: int
) -> None:
    pair.primary.execute("ALTER SYSTEM SET synchronous_standby_names = 'second'")
    pair.primary.execute("SELECT pg_reload_conf()")
    with fleet(children, tmp_path, people, pair.url, workers=2, patience=PATIENCE) as ours:
        ours.send()
        wait_for_mails(ours, people // 7)
        pair.fail_over()
        ours.finish()
        assert people == ours.place.accounts.count(State.SENT) == ours.sent()


@pytest.mark.soak
def test_of_workers_that_died_with_the_primary_nothing_is_sent_twice(
    children: Nursery, tmp_path: Path, pair: Pair, dice: random.Random
) -> None:
    people = 4000
    with fleet(children, tmp_path, people, pair.url, workers=2, patience=PATIENCE) as ours:
        ours.send()
        wait_for_mails(ours, people // 7)
        cut_off(pair.replica)
        wait_for_mails(ours, dice.randrange(20, people // 7))
        for one in ours.workers:
            one.send_signal(signal.SIGKILL)
            one.wait()
        pair.fail_over()
        ours.hire(2)
        until(pair.is_stopped, "stopped", ours)
        doubtful = standing(ours.place.project)["in_doubt"]
        assert 0 < doubtful < people
        assert 0 == ours.place.start("--anyway").wait()
        until(lambda: ours.standing() == "complete", "complete", ours)
        assert [] == [one for one, times in ours.place.accounts.took.items() if times > 1]
        assert (doubtful, people - doubtful) == tuple(
            ours.place.accounts.count(state) for state in (State.IN_DOUBT, State.SENT)
        )
