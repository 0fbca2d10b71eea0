"""What makes a message's headers wrong; ruhrmail's own never are."""

from email import message_from_bytes

import pytest

from ruhrmail.check.message import judge

RIGHT = (
    b"From: Ruhrblick <post@letter.example>\nTo: a@leser.example\nSubject: Halle\nMessage-ID: <a@letter.example>\n"
    b"Date: Fri, 06 Nov 2026 12:00:00 +0000\nMIME-Version: 1.0\nContent-Type: text/plain\n"
    b"List-ID: <a.letter.example>\nList-Unsubscribe: <https://letter.example/u/a>\n\nx\n"
)


def complaints(raw):
    return [str(one) for one in judge(message_from_bytes(raw))]


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        (b"Subject: Halle\n", b"Subject: Halle\nSubject: Kanal\n", "the header Subject stands 2 times in the message"),
        (b"Date: Fri, 06 Nov 2026 12:00:00 +0000\n", b"", "the header Date stands 0 times in the message"),
        (
            b"\n\nx",
            b"\nReply-To: a@b.example\nreply-to: c@d.example\n\nx",
            "the header Reply-To stands 2 times in the message",
        ),
        (b"<post@letter.example>", b"<post@letter.example>, B <b@c.example>", "the message has several senders"),
    ],
)
def test_a_fault_is_named(old, new, complaint):
    assert [complaint] == complaints(RIGHT.replace(old, new, 1))


def test_right_headers_have_none():
    assert [] == complaints(RIGHT)
