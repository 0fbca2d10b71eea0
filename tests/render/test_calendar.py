"""Calendars: what two programs that are not ours read in them, and that every date is linked."""

import json
from datetime import UTC, date, datetime, timedelta
from email.message import Message
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from ruhrmail.model.merge import fill

BERLIN = ZoneInfo("Europe/Berlin")
TOUR = """\
  - type: events
    title: Termine
    events:
      - title: Radtour, die „große“; mit Ä 🚲
        place: Unna
        text: "Zwei *Tage*, kommen Sie: [Anmeldung](https://a.example/x?a=1&b=2), {{ first_name or \\"Sie\\" }}."
        link: {url: "https://a.example/tour?an={{ email }}", label: Mehr}
        dates:
          - {start: 2026-11-19, place: "Duisburg, Innenhafen; Tor 2"}
          - {start: 2026-11-27T19:30, end: 2026-11-28T00:00}
      - {title: Kongress, start: 2026-12-10, end: 2026-12-11}
"""


def files_of(edition):
    return {file.name: file.content for file in edition.files}


def one_event(render, **event):
    block = {"type": "events", "events": [{"title": "Tag", **event}]}
    return render(f"  - {json.dumps(block, ensure_ascii=False)}\n").files[0].content


def read(content):
    """The events of a calendar as icalendar reads them."""
    return icalendar.Calendar.from_ical(content).walk("VEVENT")


def read_otherwise(content):
    """The same as vobject reads them."""
    return vobject.readOne(content.decode()).vevent_list


def test_every_date_is_a_file_and_all_are_one(render):
    files = files_of(render(TOUR))
    stem = "radtour-die-grosse-mit-ae"
    assert [f"{stem}.ics", f"{stem}-2.ics", "kongress.ics", "termine.ics"] == list(files)
    assert [1, 1, 1, 3] == [len(read(content)) for content in files.values()]
    single = [str(read(content)[0]["UID"]) for name, content in files.items() if name != "termine.ics"]
    assert single == [str(one["UID"]) for one in read(files["termine.ics"])]
    assert f"one/{stem}/duisburg-innenhafen-tor-2@letter.example" == single[0]
    assert {"text/calendar; charset=utf-8"} == {file.media_type for file in render(TOUR).files}


def test_days_end_with_the_day_after_and_hours_are_local(render):
    first, second, congress = read(files_of(render(TOUR))["termine.ics"])
    assert (date(2026, 11, 19), date(2026, 11, 20)) == (first.decoded("DTSTART"), first.decoded("DTEND"))
    assert "DATE" == first["DTSTART"].params["VALUE"]
    assert (date(2026, 12, 10), date(2026, 12, 12)) == (congress.decoded("DTSTART"), congress.decoded("DTEND"))
    assert datetime(2026, 11, 27, 19, 30, tzinfo=BERLIN) == second.decoded("DTSTART")
    assert datetime(2026, 11, 28, tzinfo=BERLIN) == second.decoded("DTEND")
    assert "Europe/Berlin" == second["DTSTART"].params["TZID"]


def test_the_texts_are_those_for_everybody(render):
    first, second, congress = read(files_of(render(TOUR))["termine.ics"])
    assert "Radtour, die „große“; mit Ä 🚲" == str(first["SUMMARY"])
    assert ("Duisburg, Innenhafen; Tor 2", "Unna") == (str(first["LOCATION"]), str(second["LOCATION"]))
    told = str(first["DESCRIPTION"])
    assert told.startswith("Zwei Tage, kommen Sie:") and "https://a.example/x?a=1&b=2" in told and "Sie." in told
    assert told.endswith("Mehr: https://a.example/tour?an=")
    assert "https://a.example/tour?an=" == str(first["URL"])
    assert "https://letter.example/archive/one/" == str(congress["URL"])
    assert datetime(2026, 11, 6, tzinfo=UTC) == first.decoded("DTSTAMP")
    assert not {"ORGANIZER", "ATTENDEE"} & set(first)


def test_another_program_reads_the_same(render):
    for content in files_of(render(TOUR)).values():
        ours, theirs = read(content), read_otherwise(content)
        assert len(ours) == len(theirs)
        for one, other in zip(ours, theirs, strict=True):
            for name in ("uid", "summary", "location", "description", "url"):
                expected = str(one.get(name.upper(), ""))
                assert expected == (getattr(other, name).value if hasattr(other, name) else "")
            assert instant(one.decoded("DTSTART")) == instant(other.dtstart.value)
            assert instant(one.decoded("DTEND")) == instant(other.dtend.value)


def instant(value):
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def test_files_have_the_form_of_the_standard_and_are_the_same_every_time(render):
    long = one_event(render, title="Ä🚲," * 60, start="2026-11-21", text="Zeile eins\n\nZeile zwei " + "ü" * 300)
    lines = long.split(b"\r\n")
    assert b"" == lines[-1] and b"\n" not in b"".join(lines)
    assert max(len(line) for line in lines) <= 75
    [event] = read(long)
    assert ("Ä🚲," * 60, "Zeile eins\n\nZeile zwei " + "ü" * 300) == (event["SUMMARY"], event["DESCRIPTION"])
    assert "Ä🚲," * 60 == read_otherwise(long)[0].summary.value
    assert files_of(render(TOUR)) == files_of(render(TOUR))


def test_days_alone_need_no_time_zone(render):
    assert b"VTIMEZONE" not in one_event(render, start="2026-11-21")


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-03-29T01:30", "2026-03-29T03:30", 1),  # the clocks go forward
        ("2026-10-25T01:30", "2026-10-25T03:30", 3),  # and back
        ("2026-07-01T10:00", "2026-07-01T12:00", 2),
        ("2026-12-31T23:00", "2027-01-01T01:00", 2),
    ],
)
def test_hours_are_right_where_the_clocks_change(render, start, end, hours):
    content = one_event(render, start=start, end=end)
    [ours], [theirs] = read(content), read_otherwise(content)
    span = instant(ours.decoded("DTEND")) - instant(ours.decoded("DTSTART"))
    assert timedelta(hours=hours) == span == instant(theirs.dtend.value) - instant(theirs.dtstart.value)


@pytest.mark.parametrize(("month", "offset"), [(1, 1), (2, 1), (4, 2), (7, 2), (9, 2), (11, 1), (12, 1)])
def test_the_time_zone_says_what_the_clocks_in_essen_say(render, month, offset):
    content = one_event(render, start=f"2027-{month:02}-15T12:00")
    zone = vobject.readOne(content.decode()).vtimezone.tzinfo
    assert timedelta(hours=offset) == zone.utcoffset(datetime(2027, month, 15, 12))
    parsed = icalendar.Calendar.from_ical(content).walk("VTIMEZONE")[0].to_tz(lookup_tzid=False)
    assert timedelta(hours=offset) == parsed.utcoffset(datetime(2027, month, 15, 12))


@pytest.mark.parametrize(
    "when",
    [
        {"start": "2026-11-21T10:00"},
        {"start": "2026-11-21T10:00", "end": "2026-11-21T10:00"},
        {"start": "2026-03-29T02:45", "end": "2026-03-29T03:15"},  # an hour that does not exist
    ],
)
def test_no_end_is_made_up(render, when):
    [event] = read(one_event(render, **when))
    assert "DTEND" not in event and "DURATION" not in event


def test_midnight_is_a_time_and_no_day(render):
    [event] = read(one_event(render, start="2026-11-21T00:00", end="2026-11-22T00:00"))
    assert timedelta(days=1) == event.decoded("DTEND") - event.decoded("DTSTART")
    assert isinstance(event.decoded("DTSTART"), datetime)


def test_names_and_identities_are_unique(render):
    content = (
        "  - type: events\n    events:\n"
        "      - {title: Termine, start: 2026-11-21}\n"
        "      - {title: '🎉', start: 2026-11-21}\n"
        "      - {title: Lauf, start: 2026-11-21}\n"
        "      - {title: Lauf!, start: 2026-11-21, place: Hamm}\n"
    )
    edition = render(content)
    assert ["termine-2.ics", "termin.ics", "lauf.ics", "lauf-2.ics", "termine.ics"] == list(files_of(edition))
    assert 4 == len({str(one["UID"]) for one in read(files_of(edition)["termine.ics"])})


def test_an_english_issue_has_english_names(render):
    head = "date: 2026-11-06\nlanguage: en\nsubject: S\n"
    edition = render("  - type: events\n    events: [{title: '!', start: 2026-11-21}]\n", head)
    assert ["event.ics", "events.ics"] == list(files_of(edition))
    assert "Add to calendar: https://letter.example/archive/one/event.ics" in fill(edition.text, str)


def test_an_issue_without_dates_has_no_calendar(render):
    assert () == render("  - {type: text, text: Hallo}\n").files


def test_every_date_is_linked_from_mail_page_and_text(render):
    edition = render(TOUR)
    names = [file.name for file in edition.files]
    mail = links(fill(edition.html, str))
    page = links(edition.web)
    assert [f"https://letter.example/archive/one/{name}" for name in names] == list(mail)
    assert names == list(page)
    for name in names:
        assert f"https://letter.example/archive/one/{name}\n" in fill(edition.text, str)
    assert 4 == len(set(mail.values())), "each link has a name of its own"
    assert list(mail.values()) == list(page.values())


def links(source):
    """The links to calendars with what a screen reader says."""
    found = [one for one in lxml_html.document_fromstring(source).iter("a") if one.get("href").endswith(".ics")]
    return {one.get("href"): " ".join(one.text_content().split()) for one in found}


def test_the_media_type_is_one_that_python_knows(render):
    message = Message()
    message["Content-Type"] = render(TOUR).files[0].media_type
    assert ("text/calendar", "utf-8") == (message.get_content_type(), message.get_content_charset())


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    title=st.text(st.characters(categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=200),
    place=st.text(st.one_of(st.sampled_from(",;\\:\"'ä🎉 "), st.characters(categories=("L", "P"))), min_size=1),
)
def test_any_title_and_place_come_back(render, title, place):
    if not title.strip() or not place.strip() or any(pair in title + place for pair in ("{{", "}}", "{%", "%}")):
        return
    content = one_event(render, title=title, place=place, start="2026-11-21T10:00")
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    [event], [other] = read(content), read_otherwise(content)
    expected = (" ".join(title.split()), " ".join(place.split()))
    assert expected == (str(event["SUMMARY"]), str(event["LOCATION"]))
    assert expected == (other.summary.value, other.location.value)


def test_where_a_word_may_be_broken_is_no_sign_in_a_calendar(render):
    event = read(one_event(render, title="Standort\\-tag", start="2026-11-21", place="Kongress\\-zentrum"))[0]
    assert ("Standorttag", "Kongresszentrum") == (event["summary"], event["location"])
