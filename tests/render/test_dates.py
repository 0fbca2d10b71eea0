"""Dates in words."""

from datetime import date, datetime

import pytest

from ruhrmail.render.dates import name_month, name_span, part_span

DAY = date(2026, 12, 10)


@pytest.mark.parametrize(
    ("start", "end", "german", "english"),
    [
        (DAY, None, "Donnerstag, 10.~Dezember 2026", "Thursday, 10~December 2026"),
        (DAY, DAY, "Donnerstag, 10.~Dezember 2026", "Thursday, 10~December 2026"),
        (DAY, date(2026, 12, 11), "10.–11.~Dezember 2026", "10–11~December 2026"),
        (date(2026, 11, 30), DAY, "30.~November – 10.~Dezember 2026", "30~November – 10~December 2026"),
        (DAY, date(2027, 1, 2), "10.~Dezember 2026 – 2.~Januar 2027", "10~December 2026 – 2~January 2027"),
        (
            datetime(2026, 11, 21, 10),
            datetime(2026, 11, 21, 17),
            "Samstag, 21.~November 2026, 10–17\u202fUhr",
            "Saturday, 21~November 2026, 10:00–17:00",
        ),
        (
            datetime(2026, 11, 21, 19, 30),
            None,
            "Samstag, 21.~November 2026, 19:30\u202fUhr",
            "Saturday, 21~November 2026, 19:30",
        ),
        (
            datetime(2026, 11, 21, 22),
            datetime(2026, 11, 22, 2),
            "Samstag, 21.~November 2026, 22\u202fUhr – Sonntag, 22.~November 2026, 2\u202fUhr",
            "Saturday, 21~November 2026, 22:00 – Sunday, 22~November 2026, 2:00",
        ),
    ],
)
def test_spans(start, end, german, english):
    spans = [name_span(start, end, language) for language in ("de", "en")]
    assert [german, english] == [span.replace("\u00a0", "~") for span in spans]


def test_months_on_badges_are_short():
    assert [name_month(date(2026, month, 1), "de") for month in (3, 9, 12)] == ["Mär", "Sep", "Dez"]


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        (datetime(2026, 11, 21, 10), datetime(2026, 11, 21, 17), "10–17\u202fUhr"),
        (datetime(2026, 11, 21, 18), datetime(2026, 11, 21, 20, 30), "18:00–20:30\u202fUhr"),
        (datetime(2026, 11, 21, 19, 30), None, "19:30\u202fUhr"),
        (datetime(2026, 11, 21, 22), datetime(2026, 11, 22, 2), ""),
        (DAY, date(2026, 12, 11), ""),
    ],
)
def test_the_hours_of_one_day_stand_apart_from_it(start, end, hours):
    days, found = part_span(start, end, "de")
    assert (hours, name_span(start, end, "de")) == (found, f"{days}, {found}" if hours else days)
