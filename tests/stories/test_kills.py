"""SIGKILL at any moment, again and again, whatever the servers do: the books agree after every single kill."""

import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ruhrmail.model.ledger import State
from tests.driver.accounts import Accounts, read_accounts
from tests.driver.nursery import Nursery
from tests.driver.yard import Yard, project_in, yard
from tests.servers.postfix import Postfix, postfix

DELAY = ("--delay", "0.002")
PIPELINING = ("--pipelining", "--glued", *DELAY)
IN_DOUBT = {
    "dot;drop": 4, "dot;drop-after": 4, "dot;garbage": 3, "dot;cut": 3, "dot;25O taken": 2, "body;drop": 3,
    "data;early": 3, "dot;250-one\\n251 two": 2,
}  # fmt: skip
"""What may break a connection while the answer for a body is awaited, and how often at most."""
SURE = (
    "rcpt;450 4.7.1 greylisted;0.05", "rcpt;550 5.2.1 closed;0.01", "mail;451 4.3.0 later;0.02", "mail;drop;0.02",
    "rcpt;drop;0.01", "rcpt;garbage;0.01", "data;451 4.3.0 later;0.01", "data;554 5.5.0 no;0.005", "data;drop;0.01",
    "dot;451 4.3.0 later;0.03", "dot;552 5.2.2 full;0.01", "mail;421 4.3.2 closing;0.01;;2",
    "dot;421 4.3.2 closing;0.01;;2", "idle;421 4.4.2 idle;0.01;;2", "connect;421 4.3.2 busy;0.05;;2",
    "connect;drop;0.02;;2",
)  # fmt: skip
"""What leaves no doubt."""
CRUEL = (
    "--split", "--multiline", *DELAY,
    *(word for fault in SURE for word in ("--fault", fault)),
    *(word for fault, times in IN_DOUBT.items() for word in ("--fault", f"{fault};0.02;;{times}")),
)  # fmt: skip
CRUEL_BREAKS = sum(IN_DOUBT.values())
SERVERS = {
    "one by one": ([DELAY], 0),
    "pipelined": ([PIPELINING], 0),
    "cruel, one by one": ([CRUEL], CRUEL_BREAKS),
    "cruel, pipelined": ([("--pipelining", *CRUEL)], CRUEL_BREAKS),
    "three relays": ([DELAY, PIPELINING, ("--pipelining", *CRUEL)], CRUEL_BREAKS),
}
sizes = pytest.mark.parametrize(("people", "kills"), [(1000, 10), pytest.param(20000, 250, marks=pytest.mark.soak)])


@sizes
@pytest.mark.parametrize("servers", SERVERS)
def test_kills_at_any_moment(
    children: Nursery, tmp_path: Path, dice: random.Random, servers: str, people: int, kills: int
) -> None:
    options, breaks = SERVERS[servers]
    seeded = [(*some, "--seed", str(dice.randrange(10**6))) for some in options]
    with yard(children, tmp_path, people, *seeded) as place:
        place.breaks = breaks
        while place.kills < kills and not is_over(place.accounts, people):
            kill_somewhen(place, dice)
        assert place.kills >= kills // 2, "the mailing must outlive the kills, or the test proves less than it says"
        found = place.finish(under=["hasty"])
    assert found.count(State.SENT) > people * 0.7
    assert breaks or people == found.count(State.SENT, State.IN_DOUBT)


def kill_somewhen(place: Yard, dice: random.Random) -> None:
    """A run that is killed at some moment, mostly while it sends."""
    child = place.start(under=["hasty"])
    time.sleep(dice.uniform(0, 0.1) if dice.random() < 0.2 else dice.uniform(0.08, 0.35))
    child.send_signal(signal.SIGKILL)
    place.kills += child.wait() < 0
    place.accounts.check(place.people, place.bound)


def is_over(accounts: Accounts, people: int) -> bool:
    return people == accounts.count(State.SENT, State.FAILED, State.IN_DOUBT)


@pytest.fixture(scope="module")
def relay() -> Iterator[Postfix]:
    with postfix() as found:
        yield found


@pytest.mark.parametrize(("people", "kills"), [(300, 8), pytest.param(4000, 100, marks=pytest.mark.soak)])
def test_kills_at_any_moment_before_postfix(
    children: Nursery, tmp_path: Path, relay: Postfix, dice: random.Random, people: int, kills: int
) -> None:
    """Over STARTTLS and a login. What Postfix took it delivers, so its Maildir is the other book."""
    relay.empty()
    project = project_in(tmp_path / "project", people)
    project.environ["SSL_CERT_FILE"] = str(relay.authority)
    place = Yard(children, project, people, relay.url(5), (), 5)
    while place.kills < kills and not is_over(read_accounts(project), people):
        child = place.start()
        time.sleep(dice.uniform(0.1, 0.4))
        child.send_signal(signal.SIGKILL)
        place.kills += child.wait() < 0
    last = place.start()
    last.wait(place.patience)
    relay.settle()
    assert place.kills >= kills // 2
    Accounts(relay.recipients(), read_accounts(project).states).check_end(people, place.bound)
