"""Numbers, shares and times read as people write them."""

from datetime import UTC, datetime, timedelta

import pytest

from ruhrmail.i18n import translator
from ruhrmail.model.phrase import phrase
from ruhrmail.report import Wording
from ruhrmail.report.wording import readable

GERMAN = Wording(translator("de"), "de", UTC)
ENGLISH = Wording(translator("en"), "en", UTC)
AT = datetime(2026, 11, 6, 9, 5, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        (1, 4, "25,0 %"),
        (1, 1000, "0,10 %"),
        (0, 5, "0 %"),
        (5, 5, "100 %"),
        (0, 0, "–"),
        (3841, 3843, "99,9 %"),
        (1, 1_000_000, "< 0,01 %"),
        (9999, 10_000, "> 99,9 %"),
        (1, 10_000, "0,01 %"),
        (1, 20_000, "< 0,01 %"),
        (1999, 2000, "> 99,9 %"),
        (999, 1000, "99,9 %"),
    ],
)
def test_small_shares_keep_two_digits(part, whole, expected):
    assert expected == GERMAN.share(part, whole)


def test_numbers_and_times_follow_the_language():
    assert ("12.345", "12,345") == (GERMAN.number(12345), ENGLISH.number(12345))
    assert ("6. November 2026, 09:05", "6 November 2026, 09:05") == (GERMAN.moment(AT), ENGLISH.moment(AT))
    assert ("06.11.2026", "2026-11-06") == (GERMAN.day(AT), ENGLISH.day(AT))


def test_numbers_inside_sentences_do_too():
    assert "weitere Domains: 1.234" == GERMAN.say(phrase("other domains: {count}", count=1234))


@pytest.mark.parametrize(
    ("domain", "expected"),
    [("xn--mller-kva.example", "müller.example"), ("post.example", "post.example"), ("xn--.example", "xn--.example"),
     ("under_score.example", "under_score.example"), ("", "")],
)  # fmt: skip
def test_a_domain_is_told_as_people_write_it(domain, expected):
    assert expected == readable(domain)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(0, "0 s"), (4, "4 s"), (60, "1 min"), (723, "12 min 3 s"), (3900, "1 h 5 min"), (183_600, "2 d 3 h")],
)
def test_a_length_of_time_has_its_two_largest_units(seconds, expected):
    assert expected == ENGLISH.lasting(timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("width", "expected"),
    [(timedelta(seconds=5), "09:05:03"), (timedelta(minutes=5), "09:05"), (timedelta(hours=3), "06.11. 09:05"),
     (timedelta(days=1), "06.11."), (timedelta(days=7), "06.11.2026")],
)  # fmt: skip
def test_an_axis_tells_as_much_of_the_time_as_its_spans_need(width, expected):
    assert expected == GERMAN.tick(AT, width)
