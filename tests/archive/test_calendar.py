"""The calendar of all dates, read by an independent library."""

from dataclasses import replace
from datetime import date

import icalendar
import vobject

from ruhrmail.archive.calendar import write_calendar
from ruhrmail.model.archive import About
from tests.archive.conftest import happening


def about(*happenings):
    return About(title="x", happenings=happenings)


def uids(content: bytes) -> list[str]:
    return [str(one["uid"]) for one in icalendar.Calendar.from_ical(content).walk("VEVENT")]


def test_all_dates_of_all_issues_are_in_it(masthead, leaf):
    one, two = happening("1@a", "Fest"), happening("2@a", "Markt", "2026-11-30")
    content = write_calendar(masthead, [leaf("a", about=about(one)), leaf("b", about=about(two))])["calendar.ics"]
    assert ["2@a", "1@a"] == uids(content)
    assert 2 == len(vobject.readOne(content.decode()).vevent_list)


def test_a_date_announced_twice_keeps_its_first_identity(masthead, leaf):
    first, again = (
        leaf("a", date(2026, 10, 1), about=about(happening("a/fest@x"))),
        leaf("b", about=about(happening("b/fest@x"))),
    )
    assert ["a/fest@x"] == uids(write_calendar(masthead, [again, first])["calendar.ics"])


def test_lines_are_folded_and_names_escaped(masthead, leaf):
    long = replace(masthead, name="Äußerst, lange; " * 12 + "Post")
    content = write_calendar(long, [leaf()])["calendar.ics"]
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    assert long.name == vobject.readOne(content.decode()).x_wr_calname.value.replace("\\", "")


def test_without_dates_there_is_no_calendar(masthead, leaf):
    assert {} == write_calendar(masthead, [leaf(about=About(title="x"))])
