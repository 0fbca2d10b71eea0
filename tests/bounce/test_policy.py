"""What follows from what came back, decided without a store."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruhrmail.bounce.policy import Standing, judge, rate_complaints
from ruhrmail.model.bounce import RETURNED, History, Kind, Past, Verdict

NOW = datetime(2026, 11, 6, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def softs(*days: float) -> tuple[Past, ...]:
    """Soft bounces of mailings 1, 2, 3 … so many days ago."""
    return tuple(Past(Kind.SOFT, number, NOW - day * DAY) for number, day in enumerate(days, 1))


NEXT = Past(Kind.SOFT, 99, NOW)


@pytest.mark.parametrize(
    ("past", "verdict"),
    [
        (softs(14, 10, 8, 4), Verdict.SUPPRESSED),
        (softs(13.9, 10, 8, 4), Verdict.COUNTED),
        (softs(20, 10, 8), Verdict.COUNTED),
        (tuple(Past(Kind.SOFT, 1, one.at) for one in softs(20, 15, 10, 5)), Verdict.COUNTED),
        (tuple(Past(Kind.SOFT, 1 + number % 2, one.at) for number, one in enumerate(softs(20, 15, 10, 5))),
         Verdict.SUPPRESSED),
        (tuple(Past(Kind.POLICY, one.mailing, one.at) for one in softs(20, 15, 10, 5)), Verdict.COUNTED),
    ],
    ids=["enough", "not long enough", "too few", "two mailings", "three mailings", "refusals for policy do not count"],
)  # fmt: skip
def test_soft_bounces_give_up_after_five_over_fourteen_days_of_three_mailings(past, verdict):
    assert verdict is judge(NEXT, History(past=past))


@pytest.mark.parametrize(
    ("delivered", "verdict"),
    [
        ((5, NOW - 9 * DAY), Verdict.COUNTED),
        ((5, NOW - 6 * DAY), Verdict.SUPPRESSED),
        ((5, NOW - 30 * DAY), Verdict.SUPPRESSED),
        ((2, NOW - 9 * DAY), Verdict.SUPPRESSED),
    ],
    ids=["one arrived", "too young to know", "it was before", "it came back itself"],
)
def test_only_a_mail_that_stayed_away_for_a_week_begins_the_count_anew(delivered, verdict):
    assert verdict is judge(NEXT, History(past=softs(20, 15, 12, 10), delivered=[delivered]))


def test_whoever_agreed_anew_is_not_judged_by_what_was_before():
    old = History(mailed_at=NOW - 3 * DAY, welcomed_at=NOW - DAY)
    found = [judge(Past(kind, 1, NOW), old) for kind in (Kind.HARD, Kind.COMPLAINT, Kind.SOFT)]
    assert [Verdict.NOTED] * 3 == found


moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1)).map(lambda at: at.replace(tzinfo=UTC))
pasts = st.builds(Past, st.sampled_from(Kind), st.none() | st.integers(1, 5), moments)


@given(st.lists(pasts, max_size=12), st.builds(Past, st.sampled_from(Kind), st.none() | st.integers(1, 5), moments))
def test_nothing_but_hard_and_soft_bounces_and_complaints_ever_suppresses(past, now):
    verdict = judge(now, History(past=past))
    assert verdict is not Verdict.SUPPRESSED or now.kind in (Kind.HARD, Kind.SOFT, Kind.COMPLAINT)
    assert now.kind is not Kind.HARD or now.mailing is None or verdict is Verdict.SUPPRESSED
    assert Kind.POLICY not in RETURNED[:2]


@pytest.mark.parametrize(
    ("complaints", "sent", "standing"),
    [
        (0, 0, Standing.FINE),
        (1, 50, Standing.FINE),
        (1, 1000, Standing.FINE),
        (2, 1000, Standing.WARN),
        (2, 2001, Standing.FINE),
        (4, 100, Standing.WARN),
        (5, 1666, Standing.STOP),
        (5, 1667, Standing.WARN),
        (299, 100_000, Standing.WARN),
        (300, 100_000, Standing.STOP),
        (99, 100_000, Standing.FINE),
        (5, 0, Standing.FINE),
    ],
)
def test_complaints_warn_at_one_and_stop_at_three_of_a_thousand(complaints, sent, standing):
    assert standing is rate_complaints(complaints, sent)
