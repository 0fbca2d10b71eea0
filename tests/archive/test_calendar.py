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


def test_dates_that_look_alike_in_one_issue_are_several(masthead, leaf):
    """Two groups that are led through the same hall at the same time; the next issue announces both again."""
    first = leaf("a", date(2026, 10, 1), about=about(happening("a/1@x"), happening("a/2@x")))
    again = leaf("b", about=about(happening("b/1@x"), happening("b/2@x")))
    assert ["a/1@x", "a/2@x"] == uids(write_calendar(masthead, [again, first])["calendar.ics"])


def test_what_a_later_issue_corrects_about_a_date_is_taken_over(masthead, leaf):
    """A calendar that knows it already finds the same identity with the new end."""
    first, again = happening(f"a/{'lang-' * 20}@x"), happening(f"b/{'lang-' * 20}@x")
    again = replace(again, entry=again.entry.replace("END:VEVENT", "DTEND;VALUE=DATE:20261206\r\nEND:VEVENT"))
    again = replace(again, entry=again.entry.replace("lang-" * 15, "lang-" * 9 + "\r\n " + "lang-" * 6))
    leaves = [leaf("b", about=about(again)), leaf("a", date(2026, 10, 1), about=about(first))]
    (event,) = icalendar.Calendar.from_ical(write_calendar(masthead, leaves)["calendar.ics"]).walk("VEVENT")
    assert (first.uid, date(2026, 12, 6)) == (str(event["uid"]), event["dtend"].dt)


def test_lines_are_folded_and_names_escaped(masthead, leaf):
    long = replace(masthead, name="Äußerst, lange; " * 12 + "Post")
    content = write_calendar(long, [leaf()])["calendar.ics"]
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    assert long.name == vobject.readOne(content.decode()).x_wr_calname.value.replace("\\", "")


def test_nothing_in_it_asks_for_an_organiser(masthead, leaf):
    """RFC 5546 section 3.2.1: with a METHOD every VEVENT has an ORGANIZER."""
    assert b"METHOD" not in write_calendar(masthead, [leaf()])["calendar.ics"]


def test_without_dates_there_is_no_calendar(masthead, leaf):
    assert {} == write_calendar(masthead, [leaf(about=About(title="x"))])
