"""Whatever somebody sends to the return address is read in bounded time, and never ends the reading."""

import random
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ruhrmail.bounce import read_returned
from ruhrmail.bounce.parsing import MOST_BYTES, own_parts, parse
from ruhrmail.bounce.read import MOST_TEXT
from ruhrmail.model.bounce import Kind
from tests.bounce.letters import complaint, dsn

TO = f"u+{'a' * 53}@kurzbrief.example"
DAEMON = b"From: mailer-daemon\nSubject: Undelivered mail\n"


def nested(depth: int) -> bytes:
    """Parts within parts."""
    within = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(depth))
    return f"{DAEMON.decode()}{within}Content-Type: text/plain\n\nuser unknown".encode()


def many_parts(count: int) -> bytes:
    """Parts beside parts."""
    one = "--b\nContent-Type: text/plain\n\nuser unknown\n"
    return f'{DAEMON.decode()}Content-Type: multipart/mixed; boundary="b"\n\n{one * count}--b--\n'.encode()


def reported(fields: bytes) -> bytes:
    return (
        DAEMON
        + b'Content-Type: multipart/report; boundary="b"\n\n--b\nContent-Type: message/delivery-status\n\n'
        + fields
        + b"\n--b--\n"
    )


BOMBS: dict[str, Callable[[], bytes]] = {
    "ten thousand parts": lambda: many_parts(10_000),
    "a thousand levels": lambda: nested(1000),
    "thirty thousand levels": lambda: nested(30_000),
    "a thousand messages in messages": lambda: DAEMON + b"Content-Type: message/rfc822\n\n" * 1000,
    "fifty megabytes": lambda: DAEMON + b"\nuser unknown\n" + b"A" * 50_000_000,
    "a header of fifty megabytes": lambda: b"Subject: " + b"A" * 50_000_000,
    "half a million headers": lambda: b"To: a\n" * 500_000 + b"\nx",
    "a folded header": lambda: b"Subject: a\n" + b" a\n" * 300_000 + b"\nx",
    "encoded words": lambda: b"Subject: " + b"=?utf-8?q?a?= " * 9000 + b"\n\nx",
    "semicolons": lambda: b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/mixed"
    + b";" * 900_000,
    "folded semicolons": lambda: b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/mixed"
    + b"\n ;" * 300_000,
    "pieces of a parameter": lambda: b"Content-Type: multipart/report; " + b"a*0=b; " * 15_000 + b"\n\nx",
    "angles": lambda: DAEMON + b"\n" + b"<" * 900_000,
    "tags": lambda: DAEMON + b"Content-Type: text/html\n\n" + b"<style" * 150_000,
    "blank lines": lambda: DAEMON + b"\n" * 900_000,
    "lines of dashes": lambda: DAEMON + b"\n" + b"-- \n" * 200_000,
    "addresses": lambda: DAEMON + b"\n" + b"a@" * 400_000,
    "words of addresses": lambda: DAEMON + b"\n" + b"address address recipient " * 40_000,
    "host names": lambda: DAEMON + b"\nat a" + b".a-a" * 200_000,
    "groups of a report": lambda: reported(b"Final-Recipient: x\nAction: failed\nStatus: 5.1.1\n\n" * 18_000),
    "null bytes": lambda: b"\0" * 1_000_000,
    "noise": lambda: random.Random(1).randbytes(1_000_000),
    "brackets in a date": lambda: b"Date: " + b"(" * 50_000 + b"\n\nx",
    "brackets in a complaint": lambda: complaint("To: " + "<(" * 50_000),
    "a letter that never ends": lambda: b"Content-Transfer-Encoding: x-uuencode\n\nbegin 644 a\n" + b"M" * 900_000,
}  # fmt: skip


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_bombs_are_read_like_any_other_message(bomb):
    found = read_returned(bomb())
    assert len(found.bounce.text) <= MOST_TEXT


def test_parts_are_told_apart_up_to_a_bound_and_the_rest_is_one_text():
    assert 51 == len(list(own_parts(parse(many_parts(50)))))
    assert 1 == len(list(own_parts(parse(many_parts(10_000)))))
    assert 1 == len(list(own_parts(parse(nested(1000)))))


def test_what_comes_after_a_megabyte_is_not_read():
    assert read_returned(dsn(TO)).bounce == read_returned(dsn(TO, original="Subject: x\n\n" + "A" * 9_000_000)).bounce
    hidden = b"To: x\n\n" + b"\n" * MOST_BYTES + dsn(TO)
    assert Kind.OTHER is read_returned(hidden).bounce.kind


@pytest.mark.parametrize(
    "charset", ["utf-7", "punycode", "idna", "zlib", "rot13", "undefined", "unicode_escape", "x", "\0", "a" * 900, "''"]
)
def test_charsets_that_are_none_hide_nothing(charset):
    message = DAEMON + f'Content-Type: text/plain; charset="{charset}"\n\nNo such user here\n'.encode()
    assert Kind.HARD is read_returned(message).bounce.kind


def test_control_characters_and_line_ends_stay_out_of_texts():
    found = read_returned(dsn(TO, diagnostic="smtp; 550 5.1.1 a\x1b[2Jb\x00c\u202ed\r\n für x")).bounce
    assert "550 5.1.1 a [2Jb c d für x" == found.text


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
def test_the_same_message_has_the_same_digest_out_of_every_mailbox(line_end):
    message = dsn(TO, notice="From here it failed.\n>From there too.")
    first = read_returned(message.replace(b"\n", line_end)).digest
    in_mbox = b"From MAILER-DAEMON Fri Nov  6 2026\nX-Status: RO\n" + message.replace(b"\nFrom here", b"\n>From here")
    in_maildir = b"Return-Path: <>\nDelivered-To: x\n" + message + b"\n\n"
    assert {first} == {read_returned(one).digest for one in (message, in_mbox, in_maildir)}
    assert first != read_returned(dsn(TO, name="2")).digest


texts = st.text(max_size=200)
lines = st.sampled_from([
    "To: ", "Delivered-To: ", "Content-Type: multipart/report; boundary=b\n", "\n--b\n", "--b--\n", "\n\n",
    "Content-Type: message/delivery-status\n\n", "Content-Type: message/feedback-report\n\n",
    "Content-Type: message/rfc822\n\n", "Content-Type: text/plain; charset=", "Content-Transfer-Encoding: base64\n",
    "Content-Transfer-Encoding: quoted-printable\n", "Action: failed\n", "Status: 5.1.1\n", "Feedback-Type: abuse\n",
    "Final-Recipient: rfc822; ", "Diagnostic-Code: smtp; 550 ", f"{TO}\n", "user unknown\n", "=?utf-8?b?////?=\n",
    "Date: Mon, 99 Foo 0 25:61:61 +9999\n", "\0", "\r", " folded\n", "From: mailer-daemon\n", "Subject: Undelivered\n",
])  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(lines | texts, max_size=40).map("".join))
@example("Content-Type: multipart/report; a*0=b; a*=c\n\n")
@example("Subject: =?utf-8(\xfc?q?a?=\n\n")
@example("Content-Type: text/plain; charset=\0\n\n\x80")
@example("Date: Mon, 1 Jan 99999 00:00:00 +0000\n\n")
def test_any_text_is_read(text):
    found = read_returned(text.encode("utf-8", "surrogatepass"))
    assert found.bounce.text.isprintable()
    assert found == read_returned(text.encode("utf-8", "surrogatepass"))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=2000))
def test_any_bytes_are_read(data):
    assert len(read_returned(data).clues) <= 20


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_report_with_bytes_cut_out_or_changed_is_never_hard_unless_it_says_so(data):
    message = bytearray(dsn(TO, "4.2.2", "smtp; 452 4.2.2 Mailbox full"))
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(message) - 1))
        message[at : at + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=4))
    found = read_returned(bytes(message)).bounce
    assert found.kind is not Kind.HARD
