"""Several workers send one mailing: whatever ends, freezes or cuts off, nobody is lost or mailed twice.

Nobody helps: a mailing is sent once, and has to finish by itself.
"""

import json
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from ruhrmail.model.ledger import State
from tests.driver.accounts import count_taken, is_complete
from tests.driver.nursery import Child, Nursery
from tests.driver.yard import CONNECTIONS, Yard, yard
from tests.servers.delay import delayed
from tests.servers.links import Link, hub, linked
from tests.servers.postgresql import USER, Server, postgresql
from tests.servers.sink.acceptance import Acceptance, busiest

SLOW = ("--pipelining", "--delay", "0.03")
TO_THE_END = 120
UNHURRIED = "20s"
"""However busy the machine is, the receiver answers in this time, so that nobody is in doubt."""
sizes = pytest.mark.parametrize(("people", "kills"), [(1500, 4), pytest.param(20000, 40, marks=pytest.mark.soak)])


@dataclass(slots=True)
class Fleet:
    """Workers over one store."""

    place: Yard
    workers: list[Child] = field(default_factory=list)

    def hire(self, count: int = 1, relay: str = "", store: str = "", namespace: str = "") -> None:
        """Starts workers, and waits until each says that it is ready. Elsewhere relay and store have other names."""
        project = self.place.project
        if store:
            project = replace(project, environ={**project.environ, "RUHRMAIL_STORE": store})
        trouble = {"relay": relay or self.place.relay, "namespace": namespace}
        new = [self.place.nursery.start(project, "worker", **trouble) for _ in range(count)]
        self.workers += new
        until(lambda: all("is ready" in one.said for one in new), "ready", [one.said for one in new])

    def send(self) -> None:
        """Queues the mailing."""
        sending = self.place.start()
        assert 0 == sending.wait(), sending.said

    def sent(self) -> int:
        return count_taken(*self.place.logs)

    def standing(self) -> str:
        found = self.place.project.run("status", "kurz", "--format", "json")
        return str(json.loads(found.stdout)["state"])

    def finish(self) -> None:
        """Until the mailing is complete; then the books are compared."""
        seconds = TO_THE_END + self.place.patience
        until(lambda: is_complete(self.place.project), "complete", self, seconds, pause=0.5)
        assert "complete" == self.standing()
        self.place.accounts.check_end(self.place.people, self.place.bound)

    def dismiss(self) -> None:
        """Tells all to leave; they do."""
        for one in self.workers:
            one.send_signal(signal.SIGTERM)
        ends = [(one.wait(60), one.said) for one in self.workers]
        wrong = [f"{code}\n{said}" for code, said in ends if code > 0 or "Traceback" in said]
        assert not wrong, "\n\n".join(wrong)


def until(
    condition: Callable[[], bool], what: str, shown: object, seconds: float = TO_THE_END, pause: float = 0.1
) -> None:
    """Waits until something is so. Raises AssertionError when it takes longer."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not {what}: {shown}"
        time.sleep(pause)


@contextmanager
def fleet(
    children: Nursery,
    folder: Path,
    people: int,
    database: str,
    workers: int = 3,
    connections: int = CONNECTIONS,
    patience: str = "2s",
) -> Iterator[Fleet]:
    """A fleet that waits for a mailing. The receiver takes ten messages a second over each connection, and is waited
    for with `patience`: what it does not answer in time is in doubt."""
    with yard(children, folder, people, SLOW, connections=connections) as place:
        settings = place.project.folder / "ruhrmail.yaml"
        settings.write_text(settings.read_text("utf-8").replace(": 2s", f": {patience}"), "utf-8")
        place.project.environ["RUHRMAIL_STORE"] = database
        found = Fleet(place)
        place.project.run("status")
        found.hire(workers)
        yield found
        found.dismiss()


@sizes
def test_killed_and_frozen_workers_are_replaced_by_the_others(
    children: Nursery, tmp_path: Path, dice: random.Random, database: str, people: int, kills: int
) -> None:
    with fleet(children, tmp_path, people, database) as ours:
        ours.send()
        until(lambda: ours.sent() > 50, "begun", ours)
        zombie = ours.workers[0]
        zombie.send_signal(signal.SIGSTOP)
        ours.place.kills += 1
        for _ in range(kills):
            victim = dice.choice([one for one in ours.workers[1:] if one.running])
            victim.send_signal(signal.SIGKILL)
            victim.wait()
            ours.place.kills += 1
            assert {1} == set(ours.place.accounts.took.values())
            ours.hire()
        until(
            lambda: ours.sent() > people - 200 or "silent" in "".join(one.said for one in ours.workers), "buried", ours
        )
        zombie.send_signal(signal.SIGCONT)
        ours.finish()


@pytest.fixture(scope="module")
def durable() -> Iterator[Server]:
    """A server whose word is good: what it says is written is on the disk."""
    with postgresql() as server:
        yield server


def test_restarts_and_broken_sessions_of_the_database_stop_nobody(
    children: Nursery, tmp_path: Path, dice: random.Random, durable: Server
) -> None:
    database = durable.database()
    name = database.rpartition("/")[2]
    broken = (
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}' AND pid <> pg_backend_pid()"
    )
    troubles = [lambda: durable.execute(broken)] * 3
    troubles += [lambda: durable.restart(signal.SIGINT), lambda: durable.restart(signal.SIGQUIT)]
    with fleet(children, tmp_path, 800, database, patience=UNHURRIED) as ours:
        ours.send()
        for trouble in dice.sample(troubles, len(troubles)):
            seen = ours.sent()
            until(lambda seen=seen: ours.sent() > min(seen + 20, 790), "going on", ours)
            time.sleep(dice.uniform(0, 0.3))
            trouble()
        ours.finish()
        assert 800 == ours.place.accounts.count(State.SENT)


def test_who_joins_gets_a_share_and_who_leaves_hands_back(children: Nursery, tmp_path: Path, database: str) -> None:
    with fleet(children, tmp_path, 700, database, workers=1, patience=UNHURRIED) as ours:
        ours.send()
        until(lambda: ours.sent() > 20, "begun", ours)
        ours.hire()
        until(lambda: ours.sent() > 300, "shared", ours)
        ours.workers[0].send_signal(signal.SIGTERM)
        assert 0 == ours.workers[0].wait(60)
        ours.finish()
        assert 700 == ours.place.accounts.count(State.SENT)
        until(lambda: "kurz" in ours.workers[1].said, "told", ours.workers[1])


def port_of(address: str) -> int:
    """The port in the first address of a list."""
    return urlsplit(address.split(maxsplit=1)[0]).port or 0


def hire_behind(link: Link, ours: Fleet, database: str, stack: ExitStack) -> None:
    """A worker that reaches database and relay only through a link, with four milliseconds a round trip.

    The relay stands at its loopback, for elsewhere none is handed mail in the clear.
    """
    ports = [
        stack.enter_context(
            delayed(port_of(address), "--listen-in", link.middle, "--host", link.here, "--delay", "0.002")
        )
        for address in (ours.place.relay, database)
    ]
    port = stack.enter_context(delayed(ports[0], "--at", link.here, network=link.name))
    relay = f"smtp://127.0.0.1:{port}?connections=5"
    store = f"postgresql://{USER}@{link.here}:{ports[1]}/{database.rpartition('/')[2]}"
    ours.hire(relay=relay, store=store, namespace=link.name)


def test_a_worker_whose_link_is_cut_is_replaced_and_comes_back(
    children: Nursery, tmp_path: Path, database: str
) -> None:
    with ExitStack() as stack, fleet(children, tmp_path, 1200, database, workers=0) as ours:
        middle = stack.enter_context(hub())
        links = [stack.enter_context(linked(middle, number)) for number in range(3)]
        for link in links:
            hire_behind(link, ours, database, stack)
        ours.send()
        until(lambda: ours.sent() > 60, "begun", ours)
        links[0].cut()
        links[1].cut()
        time.sleep(3)
        links[1].mend()
        ours.place.kills += 2
        until(lambda: "silent" in "".join(one.said for one in ours.workers), "noticed", ours)
        links[0].mend()
        ours.finish()
        back = ours.workers[0]  # it finds that it was taken for dead, or that its session is gone, and signs on anew
        until(lambda: back.said.count("is ready") > 1, "back", back.said)


def test_all_workers_together_keep_to_the_rates_of_relay_and_domain_while_some_come_and_go(
    children: Nursery, tmp_path: Path, database: str
) -> None:
    with fleet(children, tmp_path, 700, database, workers=2, connections=12) as ours:
        settings = ours.place.project.folder / "ruhrmail.yaml"
        limits = "delivery: {domains: {liste1.example: {rate: 8/s}}, "
        settings.write_text(settings.read_text("utf-8").replace("delivery: {", limits), "utf-8")
        for one in ours.workers:  # they read their settings when they begin
            one.send_signal(signal.SIGTERM)
            assert 0 == one.wait(60)
        ours.place.relay += "&rate=50/s"
        ours.hire(2)
        ours.send()
        until(lambda: ours.sent() > 100, "begun", ours)
        ours.hire()
        until(lambda: ours.sent() > 250, "shared", ours)
        ours.workers[2].send_signal(signal.SIGTERM)
        until(lambda: ours.sent() > 450, "shared anew", ours)
        ours.finish()
        log = ours.place.logs[0].read_text(encoding="utf-8").splitlines()
        taken = [Acceptance(**json.loads(line)) for line in log]
        assert 50 * 4 * 0.9 <= busiest(taken, 4)
        assert busiest(taken, 10) <= 50 * 10 * 1.1
        assert busiest(taken, 10, "liste1.example") <= 8 * 10 * 1.1 + 1
