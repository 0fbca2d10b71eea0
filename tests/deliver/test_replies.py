"""Replies from bytes."""

import pytest

from ruhrmail.deliver.replies import MAX_REPLY, MAX_TEXT, Garbled, make_reply, read_reply
from ruhrmail.model.mail import Reply


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"250 ok\r\n", Reply(250, "ok")),
        (b"250\r\n", Reply(250, "")),
        (b"250 ok\n", Reply(250, "ok")),
        (b"550 5.1.1 no such user\r\n", Reply(550, "no such user", "5.1.1")),
        (b"550-5.1.1 no such\r\n550 5.1.1 user\r\n", Reply(550, "no such user", "5.1.1")),
        (b"421-4.7.28 slow\r\n421-\r\n421 down\r\n", Reply(421, "slow down", "4.7.28")),
        (b"250 2.0.0\r\n", Reply(250, "", "2.0.0")),
        (b"250 2.0.0beta\r\n", Reply(250, "2.0.0beta")),
        (b"450 a\x1b[31m\x00b\xe2\x80\xaec\tend\r\n", Reply(450, "a [31m b c end")),
        (b"450 \xff\xfe\r\n", Reply(450, "\ufffd\ufffd")),
    ],
)
def test_reply_is_code_enhanced_code_and_clean_text(data: bytes, expected: Reply) -> None:
    code, texts, end = read_reply(data) or (0, [], 0)
    assert (expected, len(data)) == (make_reply(code, texts), end)


@pytest.mark.parametrize("data", [b"", b"2", b"250 ok", b"250 ok\r", b"250-ok\r\n", b"250-ok\r\n250"])
def test_incomplete_reply_is_none(data: bytes) -> None:
    assert read_reply(data) is None


@pytest.mark.parametrize(
    "data", [b"hello\r\n", b"2500 x\r\n", b"199 x\r\n", b"250-a\r\n550 b\r\n", b"\r\n", b"25 x\r\n"]
)
def test_what_is_no_reply_breaks_the_wire(data: bytes) -> None:
    with pytest.raises(Garbled):
        read_reply(data)


def test_a_reply_that_never_ends_is_none() -> None:
    with pytest.raises(Garbled):
        read_reply(b"250-more\r\n" * (MAX_REPLY // 10 + 1))


def test_replies_are_read_one_after_the_other() -> None:
    data = b"250 one\r\n354 two\r\n25"
    assert (250, [b"one"], 9) == read_reply(data)
    assert (354, [b"two"], 18) == read_reply(data, 9)
    assert read_reply(data, 18) is None


def test_text_is_bounded() -> None:
    assert MAX_TEXT == len(make_reply(550, [b"x" * 5000]).text)
