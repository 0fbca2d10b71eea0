"""The mark of a form: genuine, of its time, and for its wording."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ruhrmail.web.forms import Age, judge, stamp

KEYS = st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=3, unique=True)
TIMES = st.datetimes(datetime(2026, 1, 1), datetime(2080, 1, 1)).map(lambda one: one.replace(tzinfo=UTC))
AGES = {0: Age.QUICK, 2.998: Age.QUICK, 3.002: Age.GOOD, 86_399: Age.GOOD, 86_401: Age.STALE}


@given(KEYS, st.text(), TIMES, st.sampled_from(sorted(AGES)))
def test_a_mark_counts_from_three_seconds_to_a_day(keys, wording, now, seconds):
    assert AGES[seconds] is judge(keys, wording, stamp(keys, wording, now), now + timedelta(seconds=seconds))


@given(KEYS, TIMES, st.binary(min_size=32, max_size=32))
def test_a_mark_of_an_older_key_counts_and_one_of_a_foreign_key_does_not(keys, now, newest):
    mark, later = stamp(keys, "ja", now), now + timedelta(seconds=10)
    assert Age.GOOD is judge([newest, *keys], "ja", mark, later)
    assert newest in keys or Age.STALE is judge([newest], "ja", mark, later)


@given(TIMES, st.text(), st.integers(0, 30), st.integers(0, 30))
def test_a_mark_that_was_changed_is_none(now, put_in, start, length):
    keys, later = [b"x" * 32], now + timedelta(seconds=10)
    mark = stamp(keys, "ja", now)
    changed = mark[:start] + put_in + mark[start + length :]
    assert (Age.GOOD if changed == mark else Age.STALE) is judge(keys, "ja", changed, later)


@given(st.text())
def test_whatever_stands_in_its_place_is_none(text):
    assert Age.STALE is judge([b"x" * 32], "ja", text, datetime(2026, 11, 22, tzinfo=UTC))
