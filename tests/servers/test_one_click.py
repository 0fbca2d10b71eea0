"""The one-click client does not take everything."""

import pytest

from tests.servers.one_click import NoOffer, read_offer, uris_of

POST = b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
GOOD = b"List-Unsubscribe: <mailto:u@a.example>,\r\n <https://a.example/u/x>\r\n" + POST


def test_a_right_message_offers_its_https_address():
    assert "https://a.example/u/x" == read_offer(GOOD + b"\r\nHi\r\n").url


@pytest.mark.parametrize(
    "head",
    [
        b"",
        GOOD.replace(POST, b""),
        GOOD + POST,
        GOOD.replace(b"One-Click", b"One-click"),
        GOOD.replace(b"https:", b"http:"),
        GOOD.replace(b"<https://a.example/u/x>", b"https://a.example/u/x"),
        GOOD.replace(b"/u/x", b"/u/\xc3\xa4"),
    ],
)
def test_a_wrong_one_offers_nothing(head):
    with pytest.raises(NoOffer):
        read_offer(head + b"\r\nHi\r\n")


def test_an_unsigned_one_offers_nothing_to_whoever_asks_for_signatures():
    with pytest.raises(NoOffer):
        read_offer(GOOD + b"\r\nHi\r\n", lambda name: None)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("<a:b>, (first) <c:d>", ["a:b", "c:d"]),
        ("<a: b> (x, y), c:d, <e:f>", ["a:b"]),
        ("a:b, <c:d>", []),
    ],
)
def test_list_headers_are_read_up_to_their_first_mistake(value, expected):
    assert expected == uris_of(value)
