"""Authentication-Results: only the receiving server's own, in whatever writing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruhrmail.collect.authentication import Authentication, authentications_in

GMX = b"""\
Authentication-Results: gmx.example; dkim=pass (2048-bit key; unprotected) header.d=kurzbrief.example
 header.i=@kurzbrief.example header.b="a;b/c"; spf=Pass (mailserver (mx) says so) smtp.mailfrom=u+x@rueck.example
Authentication-Results: GMX.example; dmarc=fail (p=none dis=none) header.from=kurzbrief.example
Received: from elsewhere
Authentication-Results: evil.example; dmarc=pass header.from=kurzbrief.example
Subject: Licht

"""


def test_the_results_of_the_receiving_server_are_read():
    assert (
        Authentication("dkim", "pass", "kurzbrief.example"),
        Authentication("spf", "pass", "rueck.example"),
        Authentication("dmarc", "fail", "kurzbrief.example"),
    ) == authentications_in(GMX)


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (b"example.org 1; none", ()),
        (b"example.org", ()),
        (b"example.org; auth=pass (cram-md5) smtp.auth=x@example.net", (Authentication("auth", "pass"),)),
        (b"example.org; dkim/1 = pass; junk; =; spf=", (Authentication("dkim", "pass"),)),
        (b"", ()),
    ],
)
def test_odd_fields_are_understood_or_passed_over(field, expected):
    assert expected == authentications_in(b"Authentication-Results: " + field + b"\n\n")


@given(st.binary(max_size=200))
def test_whatever_stands_there_is_no_trouble(field):
    assert authentications_in(b"Authentication-Results: x; " + field + b"\n\n") is not None
