"""A sender that stands still for longer than its claims last, while another takes over, and then wakes up.

On the embedded store the sender's lock keeps the second one out for as long as the first lives. These stories take the
lock away and let every lease lapse, as on a database that several senders share. What the ledger promises there: who
was in flight when the first froze is in doubt, and left alone; the frozen one may still send to those, for it was
granted, and its word that it did counts; to everybody else it sends nothing more and settles nothing. It freezes
between its commits: SQLite lets nobody write while a frozen process holds the pen.
"""

import signal
import time
from pathlib import Path

import pytest

from ruhrmail.model.ledger import OPEN_STATES, State
from tests.driver.nursery import Child, Nursery
from tests.driver.yard import Yard, yard
from tests.stories.test_killed import wait_until

PEOPLE = 120
SHARED = {"under": ["beside another"]}
OPTIONS = ("--pipelining", "--delay", "0.003")
POINTS = ["claimed:1", "claimed:2", "intended:1", "intended:6", "envelope-left:4", "dot-left:1", "dot-left:5"]
POINTS += ["answered:1", "answered:7", "recorded:5"]


def frozen(place: Yard, point: str, **trouble: object) -> Child:
    """A sender that has stopped in its tracks; whoever takes over counts it among the dead."""
    child = place.start(freeze=point, **SHARED, **trouble)
    wait_until(lambda: child.frozen)
    place.kills += 1
    return child


@pytest.mark.parametrize("point", POINTS)
def test_a_zombie_sends_only_what_it_was_granted_and_its_word_settles_the_doubt(
    children: Nursery, tmp_path: Path, point: str
) -> None:
    with yard(children, tmp_path, PEOPLE, OPTIONS) as place:
        zombie = frozen(place, point)
        granted = in_state(place, State.IN_FLIGHT)
        place.send(**SHARED)
        before = place.accounts
        assert granted == in_state(place, State.IN_DOUBT), "left alone by the second"
        assert PEOPLE - len(granted) == before.count(State.SENT)
        zombie.send_signal(signal.SIGCONT)
        zombie.wait()
        after = place.accounts
        after.check_end(PEOPLE, place.bound)
    assert set(after.took) - set(before.took) <= granted, "nothing leaves of what it had only claimed"
    assert PEOPLE == after.count(State.SENT), "a granted message of the zombie that was taken is proven by its word"


def test_what_came_while_a_zombie_slept_past_its_deadlines_is_read_when_it_wakes(
    children: Nursery, tmp_path: Path
) -> None:
    with yard(children, tmp_path, PEOPLE, OPTIONS) as place:
        zombie = frozen(place, "dot-left:5")
        granted = in_state(place, State.IN_FLIGHT)
        assert granted
        time.sleep(2.5)
        zombie.send_signal(signal.SIGCONT)
        zombie.wait()
        assert PEOPLE == place.accounts.count(State.SENT)
        place.accounts.check_end(PEOPLE, place.bound)


@pytest.mark.parametrize("point", POINTS[::3])
def test_a_zombie_that_wakes_up_while_the_other_works_shares_the_rest_with_it(
    children: Nursery, tmp_path: Path, point: str
) -> None:
    with yard(children, tmp_path, PEOPLE, OPTIONS) as place:
        zombie = frozen(place, point)
        taken = len(place.accounts.took)
        other = place.start(**SHARED)
        wait_until(lambda: len(place.accounts.took) > taken + 20 or not other.running)
        zombie.send_signal(signal.SIGCONT)
        assert (other.wait(), zombie.wait()) in ((0, 0), (1, 0), (0, 1), (1, 1))
        place.accounts.check_end(PEOPLE, place.bound)


def test_a_zombie_that_is_killed_leaves_its_granted_ones_in_doubt(children: Nursery, tmp_path: Path) -> None:
    with yard(children, tmp_path, PEOPLE, OPTIONS) as place:
        zombie = frozen(place, "intended:4")
        granted = in_state(place, State.IN_FLIGHT)
        assert granted
        place.send(**SHARED)
        zombie.send_signal(signal.SIGKILL)
        zombie.wait()
        assert granted >= in_state(place, State.IN_DOUBT)
        place.finish()


def test_without_the_fence_a_zombie_mails_twice(children: Nursery, tmp_path: Path) -> None:
    """The negative control."""
    with yard(children, tmp_path, PEOPLE, OPTIONS) as place:
        zombie = frozen(place, "claimed:1", sabotage=["drop the fence"])
        place.send(**SHARED)
        zombie.send_signal(signal.SIGCONT)
        zombie.wait()
        with pytest.raises(AssertionError, match="mailed twice"):
            place.accounts.check(PEOPLE, place.bound)


def test_on_the_embedded_store_a_frozen_sender_keeps_others_out_until_it_is_dead(
    children: Nursery, tmp_path: Path
) -> None:
    with yard(children, tmp_path, PEOPLE, OPTIONS) as place:
        first = place.start(freeze="intended:5")
        wait_until(lambda: first.frozen)
        second = place.start()
        assert 1 == second.wait()
        assert f"process {first.pid} has been sending from this store since " in second.said
        assert 0 < place.accounts.count(*OPEN_STATES), "it has touched nothing"
        first.send_signal(signal.SIGKILL)
        place.kills += first.wait() < 0
        place.finish()


def in_state(place: Yard, state: State) -> set[str]:
    return {one for one, found in place.accounts.states.items() if found is state}
