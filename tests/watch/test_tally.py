"""A run's events become numbers that tell the truth about now."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from ruhrmail.deliver import Progress, RelayTrouble, Slowed, Tried, Waiting, Working
from ruhrmail.errors import RelayError
from ruhrmail.flows.events import Following, Resting, Sending
from ruhrmail.model.fleet import Fleet
from ruhrmail.model.mail import Attempt, Outcome, Reply
from ruhrmail.model.phrase import phrase
from ruhrmail.watch.tally import Tally
from tests.deliver.book import make_claim

NOON = datetime(2026, 11, 6, 12, tzinfo=UTC)
LESS = Reply(421, "slow down", "4.7.0")


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def tally(clock):
    found = Tally(clock)
    found.begin(10_000, doubtful=2)
    return found


def go(tally, clock, seconds, per_second, *, since=0):
    """So many sent each second, told ten times a second."""
    for step in range(1, seconds * 10 + 1):
        clock.now += 0.1
        tally.on_event(Progress(sent=since + step * per_second // 10))
    return since + seconds * per_second


def test_the_rate_is_that_of_the_last_ten_seconds(tally, clock):
    done = go(tally, clock, 30, 100)
    go(tally, clock, 30, 20, since=done)
    assert 20 == pytest.approx(tally.rate(), rel=0.06)
    assert 60 == pytest.approx(tally.mean_rate(), rel=0.01)


def test_the_rate_falls_to_nothing_when_nothing_moves(tally, clock):
    go(tally, clock, 20, 100)
    clock.now += 120
    assert (0, None) == (tally.rate(), tally.remaining())


def test_the_remaining_time_follows_from_the_last_minute(tally, clock):
    go(tally, clock, 40, 50)
    assert 8000 == tally.open
    assert 160 == pytest.approx(tally.remaining(), rel=0.03)


def test_deferred_attempts_are_work_but_nobody_is_done(tally, clock):
    clock.now += 2
    tally.on_event(Progress(sent=10, deferred=30, failed=5, in_doubt=1, suppressed=4))
    assert (20, 9980, 23) == (tally.done, tally.open, tally.rate())


def test_attempts_are_counted_by_relay_and_outcome(tally):
    for outcome in (Outcome.SENT, Outcome.SENT, Outcome.FAILED):
        tally.on_event(Tried(make_claim(1), Attempt(outcome, "main"), NOON, 0.01))
    assert {("main", Outcome.SENT): 2, ("main", Outcome.FAILED): 1} == dict(tally.attempts)


def test_a_request_for_less_is_shown_until_all_connections_are_back(tally, clock):
    tally.on_event(Slowed("main", 3, 600, LESS, "mail.example", recovery=85))
    tally.on_event(Slowed("backup", 5, 0, LESS))
    assert [("backup", ""), ("main", "mail.example")] == [(one.relay, one.domain) for one in tally.limits()]
    clock.now += 31
    assert ["main"] == [one.relay for one in tally.limits()]
    clock.now += 655
    assert [] == tally.limits()


def test_a_relay_in_trouble_is_a_limit_without_connections(tally, clock):
    tally.on_event(RelayTrouble("main", RelayError(phrase("it is down")), 4))
    assert [("main", None, 1004)] == [(one.relay, one.connections, one.paused_until) for one in tally.limits()]
    clock.now += 4
    assert [] == tally.limits()


def test_waiting_ends_with_the_next_progress(tally):
    tally.on_event(Waiting(NOON))
    assert Waiting(NOON) == tally.waiting
    tally.on_event(Progress(sent=1))
    assert tally.waiting is None


def test_connections_and_the_name_of_the_mailing_are_kept(tally):
    tally.on_event(Sending("2026-11", lambda claim: ""))
    tally.on_event(Working({"main": 20}))
    assert ("2026-11", {"main": 20}) == (tally.mailing, tally.connections)


def test_hours_of_events_do_not_pile_up(tally, clock):
    go(tally, clock, 600, 10)
    assert 65 > len(tally._samples)


def seen(count, *workers):
    return Following("2026-11", Fleet(workers), count)


def test_where_workers_send_all_is_what_they_did_and_what_is_open(tally, clock):
    tally.on_event(Progress(sent=40, failed=2))
    tally.on_event(seen(958))
    assert (42, 958, 1000, "2026-11") == (tally.done, tally.open, tally.total, tally.mailing)
    tally.on_event(seen(1458))
    assert 1500 == tally.total


def test_who_waits_for_another_try_and_is_taken_up_makes_no_rate_below_nothing(tally, clock):
    tally.on_event(Progress(deferred=50))
    clock.now += 20
    tally.on_event(Progress(deferred=0))
    assert 0 == tally.rate()


def test_resting_until_a_time_is_waiting(tally):
    tally.on_event(Resting(NOON))
    assert NOON == tally.waiting.until
    tally.on_event(Progress(sent=1))
    assert tally.waiting is None


def test_figures_that_are_told_together_belong_together(tally):
    """The run goes on in its own thread while they are read."""
    claim = make_claim(1)

    class Eager(Counter):
        """Three messages more are sent while it is copied for the first time."""

        def keys(self):
            if tally.progress == Progress(sent=1):
                for sent in (2, 3, 4):
                    send(sent)
            return super().keys()

        def __iter__(self):
            return iter(list(super().__iter__()))

    def send(sent):
        tally.on_event(Progress(sent=sent))
        tally.on_event(Tried(claim, Attempt(Outcome.SENT, "main"), NOON, 0.1))

    tally.attempts = Eager()
    send(1)
    progress, attempts = tally.together()
    assert (4, {("main", Outcome.SENT): 4}) == (progress.sent, attempts)
    assert 9_996 == tally.open_after(progress)
