"""What makes a calendar file unreadable, or its dates hard to tell apart; ruhrmail's own files never are."""

from dataclasses import replace

import pytest

from ruhrmail.check.calendars import find_loose_identities, identities, judge
from ruhrmail.config import load_config
from ruhrmail.flows.dossier import make_dossier
from ruhrmail.flows.edition import make_edition
from ruhrmail.model.edition import File
from tests.check.desk import write_project

WHOLE = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20261106T120000Z\r\n"
    "DTSTART;VALUE=DATE:20261121\r\nSUMMARY:Hallen\r\n fest\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


def dossier_of(folder, issue=""):
    """A dossier, and its edition."""
    config = load_config(write_project(folder, {"issue": issue}), {})
    made = make_edition(config, "one", None, marked=True)
    return make_dossier(config, made, (), (), lambda: made), made.editions[0]


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("UID:1\r\n", "", "VEVENT lacks UID"),
        ("END:VEVENT\r\n", "", "VCALENDAR ends where it did not begin"),
        ("\r\n", "\n", "lines must end in CRLF"),
        ("Hallen", "H" * 80, "a line is longer than 75 octets"),
        ("END:VCALENDAR\r\n", "", "VCALENDAR has no end"),
    ],
)
def test_a_fault_is_named(old, new, complaint):
    assert complaint in [str(one) for one in judge(WHOLE.replace(old, new).encode())]


def test_a_whole_file_has_none():
    assert [] == list(judge(WHOLE.encode()))


def test_each_file_has_the_identities_of_its_dates():
    files = [File("a.ics", WHOLE.encode(), "text/calendar"), File("b.html", b"UID:2\r\n", "text/html")]
    long = File("c.ics", WHOLE.replace("UID:1", "UID;X=1:halle-\r\n fest").encode(), "text/calendar")
    assert {"a.ics": ("1",), "c.ics": ("halle-fest",)} == identities([*files, long])


@pytest.mark.parametrize(
    ("files", "again", "found"),
    [
        ({"a": "1", "b": "2", "all": "12"}, {"a": "1", "b": "2", "all": "12"}, 0),
        ({"a": "1", "b": "1"}, {"a": "1", "b": "1"}, 1),
        ({"b": "1", "all": "1"}, {"b": "1", "all": "1"}, 1),
        ({"a": "1", "all": "1"}, {"a": "1", "all": "1"}, 0),
        ({"all": "11"}, {"all": "11"}, 1),
        ({"a": "1", "b": "2"}, {"a": "1", "b": "3"}, 1),
        ({"a": "1"}, {"a": "1", "b": "2"}, 1),
    ],
)
def test_identities_that_change_or_stand_twice_are_findings(files, again, found, tmp_path):
    def editions(uids):
        texts = {name: "".join(f"UID:{one}\r\n" for one in word) for name, word in uids.items()}
        made = (File(f"{name}.ics", f"{name[0]}\r\n{text}".encode(), "") for name, text in texts.items())
        return (replace(edition, files=tuple(made)),)

    dossier, edition = dossier_of(tmp_path)
    changed = replace(dossier, editions=editions(files), again=lambda: editions(again))
    assert ["ics/uid-stable"] * found == [one.rule for one in find_loose_identities(changed)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("start: 2026-11-21, place: Herne", "start: 2026-11-28, place: Herne am Kanal"),
        ("start: 2026-11-21T10:00", "start: 2026-11-21T11:00"),
        (
            "dates: [{start: 2026-11-21, place: Herne}, {start: 2026-11-22, place: Hamm}]",
            "dates: [{start: 2026-11-20, place: Unna}, {start: 2026-11-21, place: Herne}, "
            "{start: 2026-11-27, place: Hamm}]",
        ),
        ("dates: [{start: 2026-11-21}, {start: 2026-11-22}]", "dates: [{start: 2026-11-20}, {start: 2026-11-22}]"),
    ],
    ids=["a day", "an hour", "a tour", "two dates in one place"],
)
def test_a_date_that_moves_keeps_its_identity(before, after, tmp_path):
    def uids(name, event):
        folder = tmp_path / name
        folder.mkdir()
        issue = f"content:\n  - type: events\n    events: [{{title: Hallenfest, {event}}}]\n"
        found = identities(dossier_of(folder, issue)[0].editions[0].files)
        return {uid for uids in found.values() for uid in uids}

    kept = uids("before", before) & uids("after", after)
    assert (1 if "start: 2026-11-22}" in before else len(uids("again", before))) == len(kept)


def test_no_two_issues_of_a_project_can_share_an_identity(tmp_path):
    _, edition = dossier_of(tmp_path, "content:\n  - {type: events, events: [{title: Fest, start: 2026-11-21}]}\n")
    assert {"one/fest@letter.example"} == {uid for uids in identities(edition.files).values() for uid in uids}
