"""Clocks that jump, a store that is taken away, a second sender: nobody lost, nobody twice, the next send goes on."""

import random
import signal
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ruhrmail.model.ledger import State
from ruhrmail.store import find_sender
from tests.driver.nursery import Nursery
from tests.driver.yard import Yard, yard
from tests.stories.test_killed import wait_until

PEOPLE = 150
DAY = 86400
LATER = "rcpt;451 4.3.0 later;1;leser1"
"""Everybody whose number begins with 1."""
HUNDREDTHS = "gaps: [100ms, 100ms, 100ms, 100ms], for: 20s"
HOURS = "gaps: [1h], for: 24h"


def retry(place: Yard, how: str) -> None:
    settings = place.project.folder / "ruhrmail.yaml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("gaps: [100ms], for: 20s", how), encoding="utf-8")


def is_waiting(place: Yard) -> bool:
    return place.accounts.count(State.DEFERRED) > 0 == place.accounts.count(State.PENDING, State.CLAIMED)


def test_a_clock_that_jumps_ahead_by_days_fails_nobody(children: Nursery, tmp_path: Path) -> None:
    clock = tmp_path / "clock"
    clock.write_text("0", encoding="utf-8")
    with yard(children, tmp_path, PEOPLE, ("--pipelining", "--fault", f"{LATER};122")) as place:
        retry(place, HUNDREDTHS)
        child = place.start(clock=str(clock))
        wait_until(lambda: place.accounts.count(State.DEFERRED) > 0)
        clock.write_text(str(3 * DAY), encoding="utf-8")
        child.wait()
        assert PEOPLE == place.finish().count(State.SENT)


def test_a_clock_put_back_by_days_makes_a_run_wait_and_the_next_send_does_not(
    children: Nursery, tmp_path: Path
) -> None:
    clock = tmp_path / "clock"
    clock.write_text("0", encoding="utf-8")
    with yard(children, tmp_path, PEOPLE, ("--pipelining", "--fault", f"{LATER};61")) as place:
        retry(place, "gaps: [2s], for: 20s")
        child = place.start(clock=str(clock))
        wait_until(lambda: is_waiting(place))
        clock.write_text(str(-3 * DAY), encoding="utf-8")
        time.sleep(2.5)
        assert child.running
        child.send_signal(signal.SIGTERM)
        assert 1 == child.wait()
        assert PEOPLE == place.finish(clock=str(clock)).count(State.SENT)


def test_kills_while_the_clock_jumps_to_and_fro(children: Nursery, tmp_path: Path, dice: random.Random) -> None:
    clock = tmp_path / "clock"
    clock.write_text("0", encoding="utf-8")
    with yard(children, tmp_path, 600, ("--pipelining", "--delay", "0.003", "--fault", f"{LATER};120")) as place:
        retry(place, HUNDREDTHS)
        for _ in range(6):
            child = place.start(clock=str(clock))
            for _ in range(4):
                time.sleep(dice.uniform(0, 0.12))
                clock.write_text(str(dice.uniform(-5, 5) * DAY), encoding="utf-8")
            child.send_signal(signal.SIGKILL)
            place.kills += child.wait() < 0
            place.accounts.check(place.people, place.bound)
        clock.write_text(str(6 * DAY), encoding="utf-8")
        place.finish(clock=str(clock))


def test_a_store_that_is_moved_away_ends_the_run_and_the_next_one_finds_it_back(
    children: Nursery, tmp_path: Path
) -> None:
    with yard(children, tmp_path, 600, ("--pipelining", "--delay", "0.005")) as place:
        file = place.project.folder / ".ruhrmail" / "state.db"
        child = place.start()
        wait_until(lambda: len(place.accounts.took) > 20)
        file.rename(file.with_name("away.db"))
        assert 1 == child.wait()
        place.kills += 1  # as a crash: what was answered meanwhile could not be written
        assert "was deleted or replaced while it was in use" in child.said
        assert "Traceback" not in child.said
        file.with_name("away.db").rename(file)
        assert 0 < place.accounts.count(State.PENDING)
        place.finish()


def test_a_sender_that_waits_for_a_retry_keeps_others_out_and_its_death_lets_them_in(
    children: Nursery, tmp_path: Path
) -> None:
    with yard(children, tmp_path, PEOPLE, ("--pipelining", "--fault", f"{LATER};61")) as place:
        retry(place, HOURS)
        began = datetime.now(UTC)
        first = place.start()
        wait_until(lambda: is_waiting(place))
        second = place.send()
        assert 1 == second.code
        days = {f"{one.astimezone():%Y-%m-%d}" for one in (began, datetime.now(UTC))}
        said = f"process {first.pid} has been sending from this store since "
        assert said in second.said and second.said.partition(said)[2][:10] in days
        first.send_signal(signal.SIGKILL)
        first.wait()
        third = place.start()
        wait_until(lambda: sender_of(place) == third.pid)
        third.send_signal(signal.SIGTERM)
        third.wait()
        assert PEOPLE == place.accounts.count(State.SENT, State.DEFERRED)


def sender_of(place: Yard) -> int | None:
    holder = find_sender(f"sqlite:///{place.project.folder}/.ruhrmail/state.db")
    return holder.pid if holder else None


@pytest.mark.parametrize("which", [signal.SIGTERM, signal.SIGINT])
def test_a_drained_run_leaves_no_doubt_whatever_the_moment(
    children: Nursery, tmp_path: Path, dice: random.Random, which: signal.Signals
) -> None:
    with yard(children, tmp_path, 600, ("--pipelining", "--delay", "0.003")) as place:
        for _ in range(6):
            child = place.start()
            time.sleep(dice.uniform(0.15, 0.35))
            child.send_signal(which)
            child.wait()
            assert 0 == place.accounts.count(State.CLAIMED, State.IN_FLIGHT, State.IN_DOUBT)
        assert 600 == place.finish().count(State.SENT)
