"""SIGKILL at every step of a run: the books agree at once, and afterwards the same command goes on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ruhrmail.model.ledger import State
from tests.driver.nursery import Nursery
from tests.driver.points import POINTS
from tests.driver.yard import CONNECTIONS, Yard, project_in, sinks, yard

PEOPLE = 60
KILLED = -9
NOTHING_LEFT = (
    "prepared", "beginning", "begun", "enrolling", "enrolled", "connected", "claiming", "claimed", "intending"
)  # fmt: skip
"""Points at which, the first time they are passed, nobody can have got anything: nobody is in doubt for them."""
IN_OTHER_TESTS = ("recovering", "resending")
ROUNDS = dict.fromkeys((*NOTHING_LEFT[:5], "finishing", "finished"), (1,)) | dict.fromkeys(
    ("claiming", "claimed"), (1, 2)
)
ROUNDS |= {"body-half": (1, 1, 1), "connected": (1, 1)}
"""Which passages of a point are struck where they are fewer than elsewhere."""
PIPELINING = ("--pipelining",)


@pytest.fixture(scope="module", params=[(), PIPELINING], ids=["one by one", "pipelined"])
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, list[Path]]]:
    with sinks(tmp_path_factory.mktemp("sink"), request.param) as found:
        yield found


@pytest.fixture
def place(server: tuple[str, list[Path]], children: Nursery, tmp_path: Path) -> Yard:
    """Every test has to end with all accepted: the server is the next one's too."""
    relay, logs = server
    for log in logs:
        log.write_text("", encoding="utf-8")
    return Yard(children, project_in(tmp_path / "project", PEOPLE), PEOPLE, relay, logs, CONNECTIONS)


@pytest.mark.parametrize("point", [point for point in POINTS if point not in IN_OTHER_TESTS])
def test_a_kill_at_any_step_loses_nobody_and_mails_nobody_twice(place: Yard, point: str) -> None:
    for number, count in enumerate(ROUNDS.get(point, (1, 2, 4))):
        assert KILLED == place.send(kill=f"{point}:{count}").code, "the point must be passed, or nothing is proven"
        if not number and point in NOTHING_LEFT:
            assert 0 == place.accounts.count(State.IN_FLIGHT, State.IN_DOUBT), "nothing had left"
    found = place.finish()
    assert point not in NOTHING_LEFT[:5] or PEOPLE == found.count(State.SENT)


def test_a_kill_after_the_answers_were_written_leaves_no_doubt_about_them(place: Yard) -> None:
    """Accepted and not yet written down are at most two for each connection; everybody else is known as sent."""
    place.send(kill="recorded:6")
    found = place.accounts
    assert 0 < found.count(State.SENT) <= len(found.took) <= found.count(State.SENT, State.IN_FLIGHT)
    place.finish()


def test_a_kill_while_a_crash_is_cleared_up_clears_it_up_the_next_time(place: Yard) -> None:
    place.send(kill="answered:3")
    hanging = place.accounts.count(State.IN_FLIGHT)
    assert 0 < hanging
    for _ in range(2):
        assert KILLED == place.send(kill="recovering").code
        assert hanging == place.accounts.count(State.IN_FLIGHT), "all of it or nothing"
    place.finish()


def test_a_kill_while_a_person_has_the_doubtful_mailed_again_leaves_them_in_doubt_or_mails_them(place: Yard) -> None:
    place.send(kill="intended")
    doubtful = place.accounts.count(State.IN_FLIGHT)
    assert KILLED == place.send("--in-doubt", "resend", kill="resending").code
    assert doubtful == place.accounts.count(State.IN_DOUBT)
    assert 0 == place.send("--in-doubt", "resend").code
    assert (PEOPLE, 0) == (place.accounts.count(State.SENT), place.accounts.count(State.IN_DOUBT))


CONTROLS = [
    ("requeue in flight", "answered:6", "mailed twice"),
    ("intend late", "answered:2", "mailed twice"),
    ("believe early", "intended:3", "lost"),
    ("forget results", "recorded:12", "in doubt beyond the bound"),
]


@pytest.mark.parametrize(("sabotage", "kill", "finding"), CONTROLS)
def test_the_books_show_every_rule_that_is_broken(
    children: Nursery, tmp_path: Path, sabotage: str, kill: str, finding: str
) -> None:
    """The negative control: with one rule of the ledger broken on purpose, the same test fails, and says why."""
    with yard(children, tmp_path, PEOPLE, PIPELINING) as place, pytest.raises(AssertionError, match=finding):
        for _ in range(4):
            place.send(sabotage=[sabotage], kill=kill)
        place.send(sabotage=[sabotage])
