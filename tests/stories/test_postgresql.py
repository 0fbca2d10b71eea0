"""A mailing whose store is in PostgreSQL: whatever ends, sender, session or server, nobody is lost or mailed twice."""

import random
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ruhrmail.model.ledger import State
from tests.driver.nursery import Nursery
from tests.driver.yard import Yard, yard
from tests.servers.postgresql import Server, postgresql
from tests.stories.project import small_project
from tests.stories.test_killed import accepted, sink, standing, wait_until
from tests.stories.test_kills import is_over

PIPELINING = ("--pipelining", "--glued", "--delay", "0.002")
sizes = pytest.mark.parametrize(("people", "kills"), [(800, 8), pytest.param(20000, 150, marks=pytest.mark.soak)])


@sizes
def test_kills_at_any_moment(
    children: Nursery, tmp_path: Path, dice: random.Random, database: str, people: int, kills: int
) -> None:
    with yard(children, tmp_path, people, PIPELINING) as place:
        place.project.environ["RUHRMAIL_STORE"] = database
        while place.kills < kills and not is_over(place.accounts, people):
            child = place.start(under=["hasty"])
            time.sleep(dice.uniform(0.3, 0.9))
            child.send_signal(signal.SIGKILL)
            place.kills += child.wait() < 0
            place.accounts.check(place.people, place.bound)
        assert place.kills >= kills // 2
        assert people == place.finish().count(State.SENT, State.IN_DOUBT)


def disturb(place: Yard, database: str, trouble: Callable[[], object], times: int, dice: random.Random) -> None:
    """One run, with something going wrong now and then; it must end by itself with everybody mailed."""
    place.project.environ["RUHRMAIL_STORE"] = database
    child = place.start(under=["hasty"])
    for _ in range(times):
        taken = len(place.accounts.took)
        wait_until(lambda taken=taken: len(place.accounts.took) > taken + 20 or not child.running, 60)
        time.sleep(dice.uniform(0, 0.2))
        trouble()
    assert 0 == child.wait(), child.said
    assert "Traceback" not in child.said
    place.finish()


@pytest.fixture(scope="module")
def durable() -> Iterator[Server]:
    """A server whose word is good: what it says is written is on the disk."""
    with postgresql() as server:
        yield server


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT], ids=["restart", "crash"])
def test_a_server_that_goes_away_and_comes_back_stops_nobody(
    children: Nursery, tmp_path: Path, dice: random.Random, durable: Server, how: signal.Signals
) -> None:
    with yard(children, tmp_path, 600, PIPELINING) as place:
        disturb(place, durable.database(), lambda: durable.restart(how), 3, dice)
        assert 600 == place.accounts.count(State.SENT)


def test_sessions_that_are_broken_off_stop_nobody(
    children: Nursery, tmp_path: Path, dice: random.Random, cluster: Server, database: str
) -> None:
    ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}' AND pid <> pg_backend_pid()"

    def trouble() -> None:
        cluster.execute(ended.format(database.rpartition("/")[2]))

    with yard(children, tmp_path, 600, PIPELINING) as place:
        disturb(place, database, trouble, 8, dice)
        assert 600 == place.accounts.count(State.SENT)


def test_a_newsletter_moves_into_a_database_and_goes_on(tmp_path: Path, database: str) -> None:
    project = small_project(tmp_path / "project", 5)
    log = tmp_path / "accepted.jsonl"
    log.touch()
    with sink(log) as relay:
        project.environ["RUHRMAIL_RELAY"] = relay
        assert 0 == project.run("send", "kurz", "--yes").returncode
        copied = project.run("store", "copy", "sqlite:///.ruhrmail/state.db", database)
        assert (0, True) == (copied.returncode, "5 deliveries\n" in copied.stdout), copied.stderr
        project.environ["RUHRMAIL_STORE"] = database
        assert 0 == project.run("send", "kurz", "--yes").returncode
        project.write_list(7)
        assert "new: 2" in project.run("send", "kurz", "--dry-run").stderr
        assert 0 == project.run("send", "kurz", "--yes").returncode
    assert ("complete", 7) == (standing(project)["state"], standing(project)["sent"])
    assert {1} == set(accepted(log).values())
    refused = project.run("store", "copy", "sqlite:///.ruhrmail/state.db", database)
    assert (1, True) == (refused.returncode, "something already" in refused.stderr)


def test_a_backup_of_a_database_is_restored_into_it(tmp_path: Path, database: str) -> None:
    project = small_project(tmp_path / "project", 3)
    project.environ["RUHRMAIL_STORE"] = database
    assert 0 == project.run("subscribers", "suppress", "leser1@liste1.example", "--reason", "x").returncode
    saved = project.run("store", "backup", "backup.db")
    assert 0 == saved.returncode, saved.stderr
    assert 2 == project.run("store", "restore", "backup.db").returncode
    restored = project.run("store", "restore", "backup.db", "--yes")
    assert (0, True) == (restored.returncode, "kept from the store before" in restored.stdout), restored.stderr


def test_a_server_that_is_not_there_is_said_without_a_password(tmp_path: Path) -> None:
    project = small_project(tmp_path / "project", 3)
    project.environ["RUHRMAIL_STORE"] = "postgresql://ruhr:streng-geheim@127.0.0.1:1/none"
    for command in (("status", "kurz"), ("send", "kurz", "--yes"), ("subscribers", "stats")):
        done = project.run(*command)
        assert (1, "") == (done.returncode, done.stdout)
        assert "PostgreSQL does not answer" in done.stderr
        assert "geheim" not in done.stderr and "Traceback" not in done.stderr
