"""The Maildir and what its list says."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruhrmail.errors import RuhrmailError
from ruhrmail.inbox import list_inbox
from ruhrmail.inbox.keep import file_name, keep, make_maildir, trace
from ruhrmail.inbox.summary import summarize


def test_the_list_is_in_the_order_of_arrival(tmp_path):
    """Names sort by time; read messages (`cur`) are listed too."""
    make_maildir(tmp_path)
    days = [datetime(2026, 11, day, tzinfo=UTC) for day in (6, 4, 5)]
    files = [keep(tmp_path, file_name(day, "a"), [f"Subject: {day.day}\n\n".encode()]) for day in days]
    files[0].rename(tmp_path / "cur" / (files[0].name + ":2,S"))
    assert ["4", "5", "6"] == [summary.subject for summary in list_inbox(tmp_path)]


def test_a_message_that_another_program_takes_away_meanwhile_keeps_no_other_from_the_list(tmp_path):
    class Fleeting(type(tmp_path)):
        def is_file(self):
            there = super().is_file()
            if self.name.startswith("1"):
                self.unlink()
            return there

    make_maildir(tmp_path)
    for name in ("1", "2"):
        keep(tmp_path, name, [f"Subject: {name}\n\n".encode()])
    assert ["2"] == [summary.subject for summary in list_inbox(Fleeting(tmp_path))]


def test_an_inbox_that_never_ran_is_empty(tmp_path):
    """Nothing was kept yet."""
    assert [] == list_inbox(tmp_path / "nowhere")


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path):
    """A file in its place is named."""
    (tmp_path / "x").write_text("in the way")
    with pytest.raises(RuhrmailError) as caught:
        make_maildir(tmp_path / "x")
    assert str(tmp_path / "x") in str(caught.value)


def test_a_name_is_never_taken_twice(tmp_path):
    """What lies in the Maildir is not written over."""
    make_maildir(tmp_path)
    (tmp_path / "tmp" / "a").write_text("someone's draft")
    with pytest.raises(FileExistsError):
        keep(tmp_path, "a", [b"x"])


def test_addresses_add_no_headers():
    """Control characters in an address end no line."""
    assert 3 == trace("a\r\nX: y@newsletter.example", ["b\rZ: z"]).count(b"\r\n")


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("=?utf-8?q?Gr=C3=BC=C3=9Fe?= =?utf-8?q?_an_alle?=", "Grüße an alle"),
        ("Licht =?iso-8859-1?q?f=FCr?= alle", "Licht für alle"),
        ("Preis € =?utf-8?q?=C3=BC?=", "Preis € ü"),
        ("=?klingon?q?abc?=", "abc"),
        ("=?utf-8?b?A?=", "=?utf-8?b?A?="),
        ("a\r\n\tb", "a b"),
        ("\x1b[31mred\x07\u202e", "[31mred"),
    ],
)
def test_subjects_are_readable(subject, expected):
    """Encoded words are decoded, the broken stay, and nothing steers the terminal."""
    assert expected == summarize(f"Subject: {subject}\r\n\r\nText".encode(), 1, Path("x")).subject


@given(st.binary(max_size=400))
def test_no_mail_is_too_broken(noise):
    """Any bytes make a printable line."""
    for head in (noise, b"Subject: " + noise, b"Subject: =?" + noise, b"Delivered-To: " + noise):
        summary = summarize(head, len(head), Path("x"))
        assert f"{summary.recipient}{summary.sender}{summary.subject}".isprintable()
