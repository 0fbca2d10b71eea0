"""A time means what the clock on this machine's wall would show."""

import time as system_time
from datetime import UTC, datetime

import pytest

from ruhrmail.config.quiet import QuietHours
from ruhrmail.errors import UsageError
from ruhrmail.flows.moment import quiet_until, read_moment

NOW = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)  # a Friday, 10:30 in Essen


@pytest.fixture(autouse=True)
def in_essen(monkeypatch):
    monkeypatch.setenv("TZ", "Europe/Berlin")
    system_time.tzset()
    yield
    monkeypatch.undo()
    system_time.tzset()


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-30T08:00", "2026-11-30T07:00"),
        ("2026-11-30 08:00:30", "2026-11-30T07:00:30"),
        ("2026-06-30T08:00", "2026-06-30T06:00"),
        ("2026-11-30T08:00+00:00", "2026-11-30T08:00"),
        ("2026-11-30T08:00Z", "2026-11-30T08:00"),
        ("2026-11-30T08:00 -0500", "2026-11-30T13:00"),
        ("30.11.2026 08:00", "2026-11-30T07:00"),
        ("30.11.2026, 8:00 Uhr", "2026-11-30T07:00"),
        ("1. 12. 2026 08:00", "2026-12-01T07:00"),
        ("11:00", "2026-11-27T10:00"),
        ("08:00", "2026-11-28T07:00"),
        ("10:30", "2026-11-28T09:30"),
        ("8:00 Uhr", "2026-11-28T07:00"),
        ("2026-10-25T02:30", "2026-10-25T00:30"),
    ],
)
def test_a_time_is_read_as_people_write_it(text, expected):
    assert utc(expected) == read_moment(text, NOW)


@pytest.mark.parametrize(
    "text", ["", "morgen", "2026-11-30", "8", "25:00", "2026-02-30T08:00", "30.13.2026 08:00", "2026-03-29T02:30",
             "2026-11-30T08:00+99:00", "9999-12-31T23:59-23:00", "9999-12-31T23:59", "2062-11-30T08:00"],
)  # fmt: skip
def test_what_is_no_time_is_refused_with_the_forms_that_are(text):
    with pytest.raises(UsageError) as caught:
        read_moment(text, NOW)
    assert "30.11.2026 08:00" in str(caught.value.hint)


NIGHT = QuietHours.model_validate({"from": "20:00", "to": "07:00", "weekends": True})
NOON = QuietHours.model_validate({"from": "12:00", "to": "14:00"})
WEEKENDS = QuietHours.model_validate({"weekends": True})


@pytest.mark.parametrize(
    ("hours", "at", "expected"),
    [
        (None, "2026-11-26T02:00", None),
        (NIGHT, "2026-11-26T18:59", None),
        (NIGHT, "2026-11-26T19:00", "2026-11-27T06:00"),
        (NIGHT, "2026-11-27T02:00", "2026-11-27T06:00"),
        (NIGHT, "2026-11-27T06:00", None),
        (NIGHT, "2026-11-27T19:00", "2026-11-30T06:00"),
        (NIGHT, "2026-11-29T12:00", "2026-11-30T06:00"),
        (NOON, "2026-11-26T11:30", "2026-11-26T13:00"),
        (NOON, "2026-11-26T10:30", None),
        (WEEKENDS, "2026-11-28T12:00", "2026-11-29T23:00"),
        (WEEKENDS, "2026-11-27T12:00", None),
    ],
)
def test_quiet_lasts_until_mail_may_leave_again(hours, at, expected):
    assert (utc(expected) if expected else None) == quiet_until(hours, utc(at))


@pytest.mark.parametrize(
    "form", [{}, {"from": "20:00"}, {"from": "20:00", "to": "20:00"}, {"from": "24:00", "to": "1:00"}]
)
def test_quiet_hours_that_mean_nothing_are_refused(form):
    with pytest.raises(ValueError, match="config/quiet-hours"):
        QuietHours.model_validate(form)
