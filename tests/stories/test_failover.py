"""The database's server dies in the middle of a mailing, and its replica takes over with what it has."""

import random
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ruhrmail.model.ledger import State
from tests.driver.nursery import Child, Nursery
from tests.driver.yard import Yard, yard
from tests.servers.postgresql import QUICK, Server, cut_off, postgresql, replicated_url, standby
from tests.stories.test_killed import standing, wait_until

SLOW = ("--pipelining", "--delay", "0.02")
sizes = pytest.mark.parametrize("people", [600, pytest.param(8000, marks=pytest.mark.soak)])


@dataclass(slots=True)
class Pair:
    """A primary and its replica, and how both together are reached."""

    primary: Server
    replica: Server
    url: str

    def fail_over(self) -> None:
        self.primary.stop(signal.SIGQUIT)
        self.replica.promote()


@pytest.fixture
def pair() -> Iterator[Pair]:
    with postgresql(**QUICK) as primary:
        name = primary.database().rpartition("/")[2]
        with standby(primary, "second") as replica:
            yield Pair(primary, replica, replicated_url(primary, replica, name=name))


def begin(place: Yard, pair: Pair) -> Child:
    """A run that has mailed some."""
    place.project.environ["RUHRMAIL_STORE"] = pair.url
    child = place.start(under=["hasty"])
    wait_for_mails(place, child, place.people // 6)
    return child


def wait_for_mails(place: Yard, child: Child, more: int) -> None:
    """Until the relay has taken so many more."""
    before = len(place.accounts.took)
    wait_until(lambda: len(place.accounts.took) >= before + more or not child.running, 60)
    assert child.running, "the mailing must outlive this, or the test proves less than it says"


@sizes
def test_what_a_lagging_replica_forgot_is_remembered_and_the_mailing_stops(
    children: Nursery, tmp_path: Path, pair: Pair, people: int
) -> None:
    with yard(children, tmp_path, people, SLOW) as place:
        child = begin(place, pair)
        cut_off(pair.replica)
        wait_for_mails(place, child, people // 6)
        pair.fail_over()
        assert 1 == child.wait(), child.said
        taken = place.accounts.took
        place.accounts.check(people, 0)
        assert "the database went back in time" in child.said
        assert people // 3 <= place.accounts.count(State.SENT) == taken.total() < people
        assert ("stopped", 0) == (standing(place.project)["state"], standing(place.project)["in_doubt"])
        refused = place.start()
        assert (2, taken) == (refused.wait(), place.accounts.took), refused.said
        assert 0 == place.send("--anyway").code
        place.accounts.check_end(people, 0)


@sizes
def test_with_synchronous_replication_a_failover_stops_nobody(
    children: Nursery, tmp_path: Path, pair: Pair, people: int
) -> None:
    pair.primary.execute("ALTER SYSTEM SET synchronous_standby_names = 'second'")
    pair.primary.execute("SELECT pg_reload_conf()")
    with yard(children, tmp_path, people, SLOW) as place:
        child = begin(place, pair)
        pair.fail_over()
        assert 0 == child.wait(), child.said
        place.accounts.check_end(people, 0)
        assert people == place.accounts.count(State.SENT)


@pytest.mark.soak
def test_of_a_sender_that_died_with_the_primary_nothing_is_sent_twice(
    children: Nursery, tmp_path: Path, pair: Pair, dice: random.Random
) -> None:
    people = 3000
    with yard(children, tmp_path, people, SLOW) as place:
        child = begin(place, pair)
        cut_off(pair.replica)
        wait_for_mails(place, child, dice.randrange(20, people // 6))
        child.send_signal(signal.SIGKILL)
        child.wait()
        pair.fail_over()
        stopped = place.start()
        assert 2 == stopped.wait(90), stopped.said
        assert "stopped" == standing(place.project)["state"]
        again = place.start("--anyway")
        assert 1 == again.wait(90), again.said
        assert [] == [one for one, times in place.accounts.took.items() if times > 1]
        assert people == place.accounts.count(State.SENT, State.IN_DOUBT)
        assert place.accounts.took.keys() <= {
            one for one, state in place.accounts.states.items() if state in (State.SENT, State.IN_DOUBT)
        }
