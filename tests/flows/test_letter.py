"""Messages as they lie in the local inbox: whatever is broken in them, something is shown, and soon."""

import re

import pytest

from ruhrmail.flows.letter import read_letter
from ruhrmail.flows.proof_mail import letter_frame

HTML = b"Content-Type: text/html; charset=utf-8\r\n\r\n"
DEEP = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (one, one) for one in range(2000))


def frame(html):
    return letter_frame(read_letter(HTML + html), "https://newsletter.example")


@pytest.mark.parametrize(
    "content",
    [
        b"Subject: Licht\r\n" + DEEP + b"Content-Type: text/plain\r\n\r\nEnde",
        b"Subject: Licht\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * 2000 + b"Ende",
        b"Subject: Licht\r\nContent-Type: text/html; charset*\rx''%ff\r\n\r\nEnde",
    ],
)
def test_what_cannot_be_taken_apart_is_shown_as_text(content):
    letter = read_letter(content)
    assert "Licht" == letter.subject
    assert letter.text.endswith("Ende")


def test_headers_that_cannot_be_parsed_stand_as_they_are():
    letter = read_letter(b"From: " + b"(" * 5000 + b"\r\nSubject: Licht\r\n\r\nEnde")
    assert [("From", "(" * 5000), ("Subject", "Licht")] == list(letter.headers)


def test_a_charset_that_is_no_name_is_passed_over():
    letter = read_letter(b"Content-Type: text(html; charset*=x''%ff\r\n\r\nEnde")
    assert "Ende" == letter.text


@pytest.mark.parametrize("piece", [b"<style>", b"<style ", b"<head ", b'<a "', b"<style></style x", b"<a style='"])
def test_tags_without_an_end_do_not_keep_the_preview_busy(piece):
    html = piece * (1_000_000 // len(piece))
    assert html.decode() in frame(html)


def test_a_way_out_that_never_ends_is_none():
    assert read_letter(b"List-Unsubscribe: " + b"<https://" * 100_000 + b"\r\n\r\n").unsubscribe is None


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (b"<p>Licht", '<base target="_blank"><style>'),
        (b"<!DOCTYPE html>\n<p>Licht", '<!DOCTYPE html><base target="_blank"><style>'),
        (b"<head><title>x</title></head>", '<head><base target="_blank"><title>x</title>'),
    ],
)
def test_links_open_outside_also_in_mail_without_a_head(html, expected):
    assert frame(html).startswith(expected)


def test_nothing_in_a_mail_tells_the_browser_to_connect_to_a_host():
    html = frame(
        b'<head><LINK rel="preconnect" href="https://fremd.example"><link title="<" rel="dns-prefetch" href="//x">'
        b'<iframe src="https://fremd.example"></iframe><FRAME src="//x">'
    )
    assert not re.search("<(link|iframe|frame)", html, re.IGNORECASE)


def test_a_mail_does_not_say_where_its_links_open():
    html = frame(b'<p>target=_self</p><a target="_self" href="https://fremd.example">fort</a>')
    assert '<p>target=_self</p><a data-target="_self" href="https://fremd.example">' in html
