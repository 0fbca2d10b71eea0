"""Deferred mail is given up when its time is over and it was really tried, whatever the clock does."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from ruhrmail.config.settings import Retry
from ruhrmail.deliver.policy import result_of
from ruhrmail.model.ledger import Claim, Result
from ruhrmail.model.mail import Attempt, Outcome, Reply
from tests.deliver.book import make_claim

START = datetime(2026, 11, 6, 9, 0, tzinfo=UTC)
LATER = Attempt(Outcome.DEFERRED, "relay", Reply(451, "later", "4.7.1"))
MINUTES = {"gaps": ["1m", "5m", "15m"], "for": "2h"}


def attempts(first: Claim, retry: Retry, jumps: dict[int, timedelta]) -> Iterator[tuple[datetime, Result]]:
    """Every attempt of a recipient who is always deferred; before the n-th (from 0) the clock may jump."""
    claim, now = first, START
    for number in range(100):
        now += jumps.get(number, timedelta())
        found = result_of(claim, LATER, now, retry)
        yield now, found
        if found.next_at is None:
            return
        claim = replace(claim, attempts=claim.attempts + 1, first_at=claim.first_at or now)
        now = max(now, found.next_at)
    raise AssertionError("never given up")


def offsets(retry: Retry, jumps: dict[int, timedelta] | None = None) -> list[int]:
    """The minutes after the first attempt at which the others were made."""
    return [(now - START) // timedelta(minutes=1) for now, _ in attempts(make_claim(1), retry, jumps or {})]


def retry(**settings: object) -> Retry:
    return Retry.model_validate(MINUTES | settings)


def test_the_gaps_are_waited_for_and_the_last_repeats_until_the_deadline():
    assert [0, 1, 6, 21, 36, 51, 66, 81, 96, 111, 120] == offsets(retry())


def test_gaps_that_do_not_fit_into_the_time_are_not_asked_for():
    assert [0, 1, 6, 10] == offsets(retry(**{"for": "10m"}))
    assert [0, 1] == offsets(retry(**{"for": "1m"}))


def test_only_the_last_attempt_fails():
    ends = [found.attempt.outcome for _, found in attempts(make_claim(1), retry(), {})]
    assert [Outcome.DEFERRED] * 10 + [Outcome.FAILED] == ends


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_clock_that_jumps_ahead_by_days_fails_nobody_before_every_gap_was_tried(number):
    """Also the laptop that was closed for a week after the first refusals."""
    week = timedelta(days=7)
    found = offsets(retry(), {number: week})
    assert 4 == len(found)
    waits = [later - earlier for earlier, later in pairwise(found)]
    assert [1, 5, 15] == [wait % (7 * 24 * 60) for wait in waits]


def test_a_clock_that_is_put_back_by_a_year_tries_nobody_for_a_year():
    found = offsets(retry(), {2: -timedelta(days=365)})
    assert len(offsets(retry())) == len(found)


def test_what_is_not_deferred_is_left_as_it_is():
    sent = Attempt(Outcome.SENT, "relay", Reply(250, "ok", "2.0.0"))
    assert Result(make_claim(1), sent, START) == result_of(make_claim(1), sent, START, retry())
