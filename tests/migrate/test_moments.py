"""Times as exports write them."""

import pytest

from ruhrmail.migrate.moments import read_moment, read_or_none


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-05-01 10:00:00", "2024-05-01T10:00:00"),
        ("2024-05-01T10:00:00Z", "2024-05-01T10:00:00+00:00"),
        ("2023-02-10T23:07:16.199433+01:00", "2023-02-10T22:07:16+00:00"),
        ("2024-03-01 10:00:00.123456 +0100 CET", "2024-03-01T09:00:00+00:00"),
        ("2024-03-01 10:00:00 +0000 UTC", "2024-03-01T10:00:00+00:00"),
        ("1357047000", "2013-01-01T13:30:00+00:00"),
        ("01.05.2024 10:00", "2024-05-01T10:00:00"),
        ("1.5.2024, 10:00:30 Uhr", "2024-05-01T10:00:30"),
        ("01.05.2024", "2024-05-01T00:00:00"),
        ("2024-05-01", "2024-05-01T00:00:00"),
    ],
)
def test_times_are_read_in_every_form(text, expected):
    assert expected == read_moment(text).text


@pytest.mark.parametrize("text", ["", "0", " ", "0000-00-00 00:00:00", "0001-01-01 00:00:00 +0000 UTC", "null"])
def test_words_for_never_are_none(text):
    assert read_moment(text) is None


@pytest.mark.parametrize("text", ["gestern", "31.02.2024", "05/01/2024", "99999999999999", "0010-13-01"])
def test_what_is_no_time_is_said_to_be_none(text):
    with pytest.raises(ValueError, match=r".*"):
        read_moment(text)
    assert read_or_none(text) is None
