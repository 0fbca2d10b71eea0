"""What makes a calendar file unreadable; ruhrmail's own files never are."""

import pytest

from ruhrmail.check.calendars import judge

WHOLE = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20261106T120000Z\r\n"
    "DTSTART;VALUE=DATE:20261121\r\nSUMMARY:Hallen\r\n fest\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


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
